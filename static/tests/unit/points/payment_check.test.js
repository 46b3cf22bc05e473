import { expect, test } from "@odoo/hoot";
import { mockDate } from "@odoo/hoot-mock";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { BLOCK, LINE, makeAccount, setupOrder } from "../utils";

definePosModels();

function validation(store, order) {
    return new OrderPaymentValidation({ pos: store, orderUuid: order.uuid });
}

/** Note the sentences instead of showing them. */
function listen(points) {
    const said = [];
    points.say = (sentence) => said.push(sentence);
    points.notify = (sentence) => said.push(sentence);
    return said;
}

test("an order without points makes no call", async () => {
    const { store, order, calls } = await setupOrder();
    calls.splice(0);
    expect(await validation(store, order).askBeforeValidation()).toBe(true);
    expect(calls).toEqual([]);
});

test("points set aside long ago are set aside again before the order is paid", async () => {
    const { store, order, account, points, take } = await setupOrder();
    await points.redemption.take(order, account, BLOCK, 1);
    take();
    expect(await validation(store, order).askBeforeValidation()).toBe(true);
    expect(take("points_reserve")).toEqual([]);
    mockDate("2030-01-01 12:00:00");
    expect(await validation(store, order).askBeforeValidation()).toBe(true);
    expect(take("points_reserve")).toEqual([[[77], `pos:${order.uuid}`, 1, 1, 17.85]]);
});

test("points that the order itself earns are asked about again when it is paid", async () => {
    const { order, account, points, take } = await setupOrder({
        points_reserve: () => ({ refused: "", ask_again: true, line: LINE }),
    });
    await points.redemption.take(order, account, BLOCK, 1);
    take();

    expect(await points.check.beforeValidation(order)).toBe(true);
    expect(take("points_reserve")).toHaveLength(1);
});

test("a voucher is kept again too, for whoever brought it", async () => {
    const { store, order, points, take } = await setupOrder();
    order.setPartner(false);
    await points.vouchers.take(order, "12AB-34CD-56EF");
    take();
    expect(await validation(store, order).askBeforeValidation()).toBe(true);
    expect(take("points_take")).toEqual([]);
    mockDate("2030-01-01 12:00:00");
    expect(await validation(store, order).askBeforeValidation()).toBe(true);
    const key = `pos:${order.uuid}`;
    expect(take("points_take")).toEqual([[[], "12AB-34CD-56EF", key, 17.85]]);
});

test("refused at the last moment: a sentence, and the order stays open", async () => {
    let refused = "";
    const line = { product_id: 901, qty: 1, price_unit: -5, tax_ids: [] };
    const { store, order, account, points } = await setupOrder({
        points_reserve: () => ({ refused, line }),
    });
    await points.redemption.take(order, account, BLOCK, 1);
    const said = listen(points);
    refused = "The points are gone.";
    mockDate("2030-01-01 12:00:00");
    expect(await validation(store, order).askBeforeValidation()).toBe(false);
    expect(said).toEqual([
        "Reward block: The points are gone. Try again, or delete it from the order to continue.",
    ]);
});

test("a payment by a key, refused at the last moment, does not stay unseen", async () => {
    let refused = "";
    const line = { product_id: 901, qty: 1, price_unit: -5, tax_ids: [] };
    const { store, order, account, points } = await setupOrder({
        points_reserve: () => ({ refused, line }),
    });
    await points.redemption.take(order, account, BLOCK, 1);
    listen(points);
    refused = "The points are gone.";
    mockDate("2030-01-01 12:00:00");
    await store.validateOrderFast(store.models["pos.payment.method"].get(2));
    expect(order.payment_ids).toHaveLength(0);
    expect(order.finalized).toBe(false);
});

test("off line the sale goes on", async () => {
    const { store, order, account, points } = await setupOrder();
    await points.redemption.take(order, account, BLOCK, 1);
    store.data.network.offline = true;
    expect(await validation(store, order).askBeforeValidation()).toBe(true);
});

test("points worth more than the products are refused", async () => {
    const { store, order, account, points } = await setupOrder();
    await points.redemption.take(order, account, BLOCK, 1);
    order.lines.slice(0, 2).forEach((line) => order.removeOrderline(line));
    const said = listen(points);
    expect(await points.check.beforePayment(order)).toBe(false);
    expect(await validation(store, order).askBeforeValidation()).toBe(false);
    expect(said[0]).toMatch(/exceed its value/);
});

test("the question is asked when it is wanted, due, and not answered yet", async () => {
    const { store, order, account, points } = await setupOrder();
    let asked = 0;
    points.askAtPayment = () => {
        asked += 1;
        return true;
    };
    await points.check.beforePayment(order);
    expect(asked).toBe(0);
    store.config.points_ask_at_payment = true;
    await points.check.beforePayment(order);
    expect(asked).toBe(1);
    await points.redemption.take(order, account, BLOCK, 1);
    await points.check.beforePayment(order);
    expect(asked).toBe(1);
});

test("no reward can be paid: no question", async () => {
    const rewards = [{ ...BLOCK, refusal: "Not enough points." }];
    const { store, order, points } = await setupOrder({
        points_summary: () => ({ accounts: [makeAccount({ rewards })] }),
    });
    store.config.points_ask_at_payment = true;
    points.askAtPayment = () => {
        throw new Error("asked");
    };
    expect(await points.check.beforePayment(order)).toBe(true);
});
