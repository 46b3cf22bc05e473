import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { BLOCK, GIFT, loypayLines, settled, setupOrder, VOUCHER } from "../utils";

definePosModels();

async function setupSpending(reward = BLOCK, quantity = 1) {
    const register = await setupOrder();
    const { order, account, points, calls } = register;
    await points.redemption.take(order, account, reward, quantity);
    await settled(register);
    calls.splice(0);
    return register;
}

test("a deleted line gives its points back", async () => {
    const register = await setupSpending();
    register.order.removeOrderline(loypayLines(register.order)[0]);
    await settled(register);
    expect(register.take("points_reserve")).toEqual([
        [[77], `pos:${register.order.uuid}`, 1, 0, 17.85],
    ]);
});

test("nothing changed: nothing is asked", async () => {
    const register = await setupSpending();
    register.order.lines[0].setQuantity(4);
    await settled(register);
    expect(register.take("points_reserve")).toHaveLength(0);
});

test("another customer: the points are taken off, and given back", async () => {
    const register = await setupSpending();
    const { order, store } = register;
    await register.points.vouchers.take(order, "12AB-34CD-56EF");
    order.setPartner(store.models["res.partner"].get(4));
    await settled(register);

    expect(loypayLines(order).map((line) => line.points_voucher_code)).toEqual(["12AB-34CD-56EF"]);
    expect(register.take("points_release")).toEqual([[[], `pos:${order.uuid}`]]);
});

test("another device has changed the customer and taken a reward: it stays", async () => {
    const register = await setupSpending();
    const { order, store } = register;
    const [{ product_id, points_reward_id }] = loypayLines(order);
    loypayLines(order)[0].delete();
    order.setPartner(store.models["res.partner"].get(4));
    const values = { order_id: order, product_id, qty: 1, price_unit: -5, points_reward_id };
    const line = store.models["pos.order.line"].create(values);
    await settled(register);

    expect(loypayLines(order)).toEqual([line]);
    expect(register.calls.filter(([method]) => /release|reserve/.test(method))).toEqual([]);
});

test("no customer any more: the points are taken off", async () => {
    const register = await setupSpending(VOUCHER);
    register.order.setPartner(false);
    await settled(register);
    expect(loypayLines(register.order)).toHaveLength(0);
    expect(register.take("points_release")).toHaveLength(1);
});

test("an order that is deleted gives everything back", async () => {
    const register = await setupSpending();
    const { order, store } = register;
    await register.points.vouchers.take(order, "12AB-34CD-56EF");
    await settled(register);
    const key = `pos:${order.uuid}`;
    store.removeOrder(order, false);
    await settled(register);
    expect(register.calls.filter(([method]) => method === "points_release")).toEqual([
        ["points_release", [], key],
    ]);
    expect(register.take("points_give_back")).toEqual([[[], "12AB-34CD-56EF", key]]);
});

test("an order that is paid gives nothing back", async () => {
    const register = await setupSpending();
    register.order.state = "paid";
    await settled(register);
    register.store.data.localDeleteCascade(register.order);
    await settled(register);
    expect(register.calls.filter(([method]) => method !== "points_summary")).toEqual([]);
});

test("without its gift a gift line is taken off", async () => {
    const register = await setupSpending(GIFT);
    const { order } = register;
    for (const line of order.lines.filter((line) => line.product_id.id === 5)) {
        order.removeOrderline(line);
    }
    await settled(register);
    expect(loypayLines(order)).toHaveLength(0);
    expect(register.take("points_reserve").map((call) => call[3])).toEqual([0]);
});

test("an order that joins another leaves its points behind", async () => {
    const register = await setupSpending();
    const { order, points } = register;
    await points.vouchers.take(order, "12AB-34CD-56EF");
    await settled(register);
    register.calls.splice(0);
    points.holds.takeOff(order);
    await settled(register);

    expect(loypayLines(order)).toHaveLength(0);
    const given = register.calls.filter(([method]) => method !== "points_summary");
    expect(given.map(([method]) => method).sort()).toEqual(["points_give_back", "points_reserve"]);
});
