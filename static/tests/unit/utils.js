import { animationFrame } from "@odoo/hoot-dom";
import { onRpc } from "@web/../tests/web_test_helpers";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { LOYPAY, PROGRAM } from "./data/points.data";

const REWARD = {
    product_id: LOYPAY,
    gift_product_id: false,
    points_per_unit: 1,
    value_per_unit: 1,
    price_unit: -1,
    tax_ids: [],
    step: 1,
    min_quantity: 1,
    max_quantity: 10,
    deal_text: "1 point for $ 1.00 off",
    is_affordable: true,
    refusal: "",
};
export const BLOCK = { ...REWARD, id: 1, name: "5 off", kind: "block", price_unit: -5 };
export const PER_POINT = { ...REWARD, id: 2, name: "Any number", kind: "per_point" };
export const GIFT = { ...REWARD, id: 3, name: "A gift", kind: "gift", gift_product_id: 5 };
export const SPECIAL = {
    ...REWARD,
    id: 4,
    name: "At a special price",
    kind: "self_liquidating",
    gift_product_id: 5,
    value_per_unit: 1,
};
export const VOUCHER = { ...REWARD, id: 5, name: "A voucher", kind: "voucher", price_unit: 0 };
export const REWARDS = [BLOCK, PER_POINT, GIFT, SPECIAL, VOUCHER];

/** What the server answers: the LOYPAY line of one reward. */
export const LINE = { product_id: LOYPAY, qty: 1, price_unit: -1, tax_ids: [] };

export function makeAccount(values = {}) {
    return {
        id: 77,
        program_id: PROGRAM,
        name: "Shop Card",
        is_value: false,
        balance: 10,
        available: 10,
        balance_text: "10 points",
        available_text: "10 points",
        worth_text: "$ 10.00",
        payable_text: "",
        target_text: "40 of 100",
        target_percent: 40,
        expiring_text: "",
        reminder_id: false,
        reminder_text: "",
        pay: { program_id: PROGRAM, value_per_point: 1, max_amount: 10, refusal: "" },
        rewards: REWARDS,
        ...values,
    };
}

/** What the server says an order changes in one program. */
export function makeChange(values = {}) {
    return {
        program_id: PROGRAM,
        name: "Shop Card",
        is_value: false,
        change: 24,
        text: "24 points",
        earned_text: "24 points",
        returned_text: "",
        restored_text: "",
        missing_text: "",
        why: "",
        repay: null,
        ...values,
    };
}

/**
 * A register with a server of points that notes what it is asked, and agrees to everything.
 *
 * @param {Object} answers what else it says, by method; a function gets the arguments
 */
export async function setupPointsRegister(answers = {}) {
    const calls = [];
    const server = {
        points_summary: () => ({ accounts: [makeAccount()] }),
        points_preview: () => ({ text: "Shop Card: 24 points", accounts: [makeChange()] }),
        points_reserve: ([, , rewardId, quantity]) => {
            const reward = REWARDS.find((reward) => reward.id === rewardId);
            return {
                refused: "",
                quantity,
                points: quantity,
                line: reward && {
                    product_id: reward.product_id,
                    qty: quantity,
                    price_unit: reward.price_unit,
                    tax_ids: [],
                },
                summary: { accounts: [makeAccount()] },
            };
        },
        points_release: () => true,
        points_take: ([, code]) => ({
            refused: "",
            code,
            line: { product_id: LOYPAY, qty: 1, price_unit: -4, tax_ids: [] },
        }),
        points_give_back: () => true,
        ...answers,
    };
    for (const [method, answer] of Object.entries(server)) {
        onRpc("*", method, ({ args }) => {
            // Of the order that comes along, its total is enough to look at.
            calls.push([method, ...args.map((arg) => arg?.amount_total ?? arg)]);
            return answer(args);
        });
    }
    const store = await setupPosEnv();
    const take = (method) =>
        calls
            .splice(0)
            .filter((call) => call[0] === method)
            .map((call) => call.slice(1));
    return { store, calls, take, points: store.points };
}

/** A register with an order of 17.85 for a customer, whose points it knows. */
export async function setupOrder(answers) {
    const register = await setupPointsRegister(answers);
    const order = await getFilledOrder(register.store);
    const partner = register.store.models["res.partner"].get(3);
    order.setPartner(partner);
    await settled(register);
    return { ...register, order, partner, account: register.points.customer.accounts[0] };
}

/** Wait until the register has looked at its orders, and the server has answered. */
export async function settled({ points }) {
    await animationFrame();
    await points.customer.latest.running;
    await animationFrame();
}

export function loypayLines(order) {
    return order.lines.filter((line) => line.isPointsLine());
}
