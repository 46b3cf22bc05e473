/* global posmodel */

import { serializeDateTime } from "@web/core/l10n/dates";

const { DateTime } = luxon;

/** The bill of another till, which is open while a tour runs at this one. */
const OTHER_BILL = "pos:0000-other-till";

function step(content, run) {
    return { content: `another till: ${content}`, trigger: "body", run };
}

function customerAccount() {
    const [account] = posmodel.points.customer.accounts;
    return account;
}

async function reserve(rewardName, quantity) {
    const account = customerAccount();
    const reward = account.rewards.find(({ name }) => name === rewardName);
    const args = [[account.id], OTHER_BILL, reward.id, quantity, 250];
    const { refused } = await posmodel.data.call("points.account", "points_reserve", args);
    if (refused) {
        throw new Error(`The other till was refused: ${refused}`);
    }
}

async function release(bill) {
    await posmodel.data.call("points.account", "points_release", [[], bill]);
}

export function takes(rewardName, quantity) {
    return step(`takes ${quantity} of ${rewardName}`, () => reserve(rewardName, quantity));
}

export function givesBack() {
    return step("gives its points back", () => release(OTHER_BILL));
}

/** The points that the bill on this screen has set aside are lost. */
export function releases() {
    return step("this bill's hold is gone", () => release(`pos:${posmodel.getOrder().uuid}`));
}

/** Sell goods to the customer of this bill in the session of another till. */
export function sells(amount) {
    return step(`sells for ${amount}`, async () => {
        const [session] = await posmodel.data.call("pos.session", "search_read", [
            [
                ["state", "=", "opened"],
                ["config_id", "!=", posmodel.config.id],
            ],
            ["id"],
        ]);
        const now = serializeDateTime(DateTime.now());
        const payment_method_id = posmodel.models["pos.payment.method"].find(
            ({ type }) => type === "bank"
        ).id;
        await posmodel.data.call("pos.order", "sync_from_ui", [
            [
                {
                    uuid: "11111111-2222-4333-8444-555555555555",
                    name: "Other till",
                    session_id: session.id,
                    company_id: posmodel.company.id,
                    partner_id: posmodel.getOrder().getPartner().id,
                    state: "paid",
                    date_order: now,
                    amount_total: amount,
                    amount_paid: amount,
                    amount_tax: 0,
                    amount_return: 0,
                    to_invoice: false,
                    lines: [[0, 0, prepareLine(amount)]],
                    payment_ids: [[0, 0, { amount, payment_method_id, name: now }]],
                },
            ],
        ]);
    });
}

function prepareLine(amount) {
    const product = posmodel.models["product.product"].find(
        ({ display_name }) => display_name === "Coffee Machine"
    );
    return {
        product_id: product.id,
        name: product.display_name,
        qty: 1,
        discount: 0,
        price_unit: amount,
        price_subtotal: amount,
        price_subtotal_incl: amount,
        tax_ids: [],
    };
}
