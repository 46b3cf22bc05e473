/* global posmodel */

import { serializeDateTime } from "@web/core/l10n/dates";

const { DateTime } = luxon;

/** The order of another register, which is open while a tour runs at this one. */
const OTHER_KEY = "pos:0000-other-register";

function step(content, run) {
    return { content: `another register: ${content}`, trigger: "body", run };
}

function customerAccount() {
    const [account] = posmodel.points.customer.accounts;
    return account;
}

async function reserve(rewardName, quantity) {
    const account = customerAccount();
    const reward = account.rewards.find(({ name }) => name === rewardName);
    const args = [[account.id], OTHER_KEY, reward.id, quantity, 250];
    const { refused } = await posmodel.data.call("points.account", "points_reserve", args);
    if (refused) {
        throw new Error(`The other register was refused: ${refused}`);
    }
}

async function release(key) {
    await posmodel.data.call("points.account", "points_release", [[], key]);
}

export function takes(rewardName, quantity) {
    return step(`takes ${quantity} of ${rewardName}`, () => reserve(rewardName, quantity));
}

export function givesBack() {
    return step("gives its points back", () => release(OTHER_KEY));
}

/** The points that the order on this screen had set aside long ago are lost. */
export function releases() {
    return step("this order's hold is gone", () => {
        const key = `pos:${posmodel.getOrder().uuid}`;
        posmodel.points.holds.fresh.forget(key);
        return release(key);
    });
}

/** Sell something to the customer of this order in the session of another register. */
export function sells(amount) {
    return step(`sells for ${amount}`, async () => {
        const [session] = await posmodel.data.call("pos.session", "search_read", [
            [
                ["state", "=", "opened"],
                ["config_id", "!=", posmodel.config.id],
            ],
            ["id"],
        ]);
        await sync({
            uuid: "11111111-2222-4333-8444-555555555555",
            name: "Other register",
            session_id: session.id,
            partner_id: posmodel.getOrder().getPartner().id,
            date_order: serializeDateTime(DateTime.now()),
            lines: [[0, 0, prepareLine("Coffee Machine", amount)]],
            ...prepareMoney(amount),
        });
    });
}

/** Pay the order of this screen, on another device. */
export function pays(order) {
    return sync({
        uuid: order.uuid,
        access_token: order.access_token,
        session_id: posmodel.session.id,
        partner_id: order.getPartner().id,
        lines: [],
        ...prepareMoney(order.priceIncl),
    });
}

function sync(values) {
    const order = { company_id: posmodel.company.id, state: "paid", to_invoice: false, ...values };
    return posmodel.data.call("pos.order", "sync_from_ui", [[order]]);
}

function prepareMoney(amount) {
    const name = serializeDateTime(DateTime.now());
    const payment_method_id = posmodel.models["pos.payment.method"].find(
        ({ type }) => type === "bank"
    ).id;
    return {
        amount_total: amount,
        amount_paid: amount,
        amount_tax: 0,
        amount_return: 0,
        payment_ids: [[0, 0, { amount, payment_method_id, name }]],
    };
}

export function prepareReward(name, price) {
    const reward = posmodel.models["points.reward"].find((record) => record.name === name);
    return { ...prepareLine(name, price), points_reward_id: reward.id };
}

function prepareLine(name, amount) {
    const product = posmodel.models["product.product"].find(
        ({ display_name }) => display_name === name
    );
    return {
        product_id: product.id,
        name,
        qty: 1,
        discount: 0,
        price_unit: amount,
        price_subtotal: amount,
        price_subtotal_incl: amount,
        tax_ids: [],
    };
}
