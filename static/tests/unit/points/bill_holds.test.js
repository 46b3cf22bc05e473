import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { BLOCK, GIFT, loypayLines, settled, setupBill, VOUCHER } from "../utils";

definePosModels();

async function setupSpending(reward = BLOCK, quantity = 1) {
    const till = await setupBill();
    const { order, account, points, calls } = till;
    await points.redemption.take(order, account, reward, quantity);
    await settled(till);
    calls.splice(0);
    return till;
}

test("a deleted line gives its points back", async () => {
    const till = await setupSpending();
    till.order.removeOrderline(loypayLines(till.order)[0]);
    await settled(till);
    expect(till.take("points_reserve")).toEqual([[[77], `pos:${till.order.uuid}`, 1, 0, 17.85]]);
});

test("nothing changed: nothing is asked", async () => {
    const till = await setupSpending();
    till.order.lines[0].setQuantity(4);
    await settled(till);
    expect(till.take("points_reserve")).toHaveLength(0);
});

test("another customer: the points are taken off, and given back", async () => {
    const till = await setupSpending();
    const { order, store } = till;
    await till.points.vouchers.take(order, "12AB-34CD-56EF");
    order.setPartner(store.models["res.partner"].get(4));
    await settled(till);

    expect(loypayLines(order).map((line) => line.points_voucher_code)).toEqual(["12AB-34CD-56EF"]);
    expect(till.take("points_release")).toEqual([[[], `pos:${order.uuid}`]]);
});

test("another device has changed the customer and taken a reward: it stays", async () => {
    const till = await setupSpending();
    const { order, store } = till;
    const [{ product_id, points_reward_id }] = loypayLines(order);
    loypayLines(order)[0].delete();
    order.setPartner(store.models["res.partner"].get(4));
    const values = { order_id: order, product_id, qty: 1, price_unit: -5, points_reward_id };
    const line = store.models["pos.order.line"].create(values);
    await settled(till);

    expect(loypayLines(order)).toEqual([line]);
    expect(till.calls.filter(([method]) => /release|reserve/.test(method))).toEqual([]);
});

test("no customer any more: the points are taken off", async () => {
    const till = await setupSpending(VOUCHER);
    till.order.setPartner(false);
    await settled(till);
    expect(loypayLines(till.order)).toHaveLength(0);
    expect(till.take("points_release")).toHaveLength(1);
});

test("a bill that is deleted gives everything back", async () => {
    const till = await setupSpending();
    const { order, store } = till;
    await till.points.vouchers.take(order, "12AB-34CD-56EF");
    await settled(till);
    const key = `pos:${order.uuid}`;
    store.removeOrder(order, false);
    await settled(till);
    expect(till.calls.filter(([method]) => method === "points_release")).toEqual([
        ["points_release", [], key],
    ]);
    expect(till.take("points_give_back")).toEqual([[[], "12AB-34CD-56EF", key]]);
});

test("a bill that is paid gives nothing back", async () => {
    const till = await setupSpending();
    till.order.state = "paid";
    await settled(till);
    till.store.data.localDeleteCascade(till.order);
    await settled(till);
    expect(till.calls.filter(([method]) => method !== "points_summary")).toEqual([]);
});

test("without its gift a gift line is taken off", async () => {
    const till = await setupSpending(GIFT);
    const { order } = till;
    for (const line of order.lines.filter((line) => line.product_id.id === 5)) {
        order.removeOrderline(line);
    }
    await settled(till);
    expect(loypayLines(order)).toHaveLength(0);
    expect(till.take("points_reserve").map((call) => call[3])).toEqual([0]);
});

test("a bill that joins another leaves its points behind", async () => {
    const till = await setupSpending();
    const { order, points } = till;
    await points.vouchers.take(order, "12AB-34CD-56EF");
    await settled(till);
    till.calls.splice(0);
    points.holds.takeOff(order);
    await settled(till);

    expect(loypayLines(order)).toHaveLength(0);
    const given = till.calls.filter(([method]) => method !== "points_summary");
    expect(given.map(([method]) => method).sort()).toEqual(["points_give_back", "points_reserve"]);
});
