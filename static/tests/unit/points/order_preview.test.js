import { animationFrame, expect, test } from "@odoo/hoot";
import { advanceTime, Deferred } from "@odoo/hoot-mock";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { prepareOrder, prepareSale } from "@customer_points/app/points/open_order";
import { BLOCK, makeAccount, setupOrder } from "../utils";

definePosModels();

test("the order is described as the server wants it", async () => {
    const { order, partner } = await setupOrder();
    const sale = prepareOrder(order);
    expect(sale.uuid).toBe(order.uuid);
    expect(sale.partner_id).toBe(partner.id);
    expect(sale.amount_total).toBe(17.85);
    expect(sale.lines[0]).toEqual({
        uuid: order.lines[0].uuid,
        product_id: 5,
        qty: 3,
        price_unit: 3,
        discount: 0,
        tax_ids: [1],
        price_subtotal: 9,
        price_subtotal_incl: 10.35,
        points_reward_id: false,
        points_voucher_code: false,
        refunded_orderline_id: false,
        sale_order_line_id: false,
        combo_parent_uuid: false,
        coupon_id: false,
    });
    expect(sale.payments).toEqual([]);
});

test("what may be spent is counted from the total before points", async () => {
    const { order, account, points, partner } = await setupOrder();
    await points.redemption.take(order, account, BLOCK, 1);
    const sale = prepareSale(order);
    expect(sale.amount_total).toBe(17.85);
    expect(sale.partner_id).toBe(partner.id);
    expect(sale.lines).toHaveLength(3);
    order.setPartner(false);
    const session_id = order.session_id.id;
    expect(prepareSale(order)).toEqual({ uuid: order.uuid, session_id, amount_total: 17.85 });
});

test("nobody, or nothing, has nothing to ask", async () => {
    const { order, store } = await setupOrder();
    order.setPartner(false);
    expect(prepareOrder(order)).toBe(null);
    expect(prepareOrder(store.addNewOrder())).toBe(null);
});

test("one question at a time, a moment after the last change", async () => {
    const answers = [new Deferred(), new Deferred()];
    let asked = 0;
    const { order, points } = await setupOrder({ points_preview: () => answers[asked++] });
    await advanceTime(400);
    expect(asked).toBe(1);

    order.lines[0].setQuantity(4);
    await advanceTime(400);
    order.lines[0].setQuantity(5);
    await advanceTime(400);
    expect(asked).toBe(1);

    answers[0].resolve({ text: "Shop Card: 4 points", accounts: [] });
    await animationFrame();
    expect(asked).toBe(2);
    answers[1].resolve({ text: "Shop Card: 5 points", accounts: [] });
    await animationFrame();
    expect(points.preview.text).toBe("Shop Card: 5 points");
});

test("a customer is chosen by one call, which tells what the order earns too", async () => {
    const earns = { text: "Shop Card: 24 points", accounts: [] };
    const { points, take, calls } = await setupOrder({
        points_summary: () => ({ accounts: [makeAccount()], earns }),
    });
    expect(points.preview.text).toBe("Shop Card: 24 points");
    await advanceTime(400);
    expect(calls.map(([method]) => method)).toEqual(["points_summary"]);
    take();

    points.refresh();
    await advanceTime(400);
    expect(take("points_preview")).toHaveLength(0);
});

test("the same order is not asked about twice", async () => {
    const { order, take } = await setupOrder();
    await advanceTime(400);
    expect(take("points_preview")).toHaveLength(1);
    order.setScreenData({ name: "PaymentScreen" });
    order.general_customer_note = "Hello";
    await advanceTime(400);
    expect(take("points_preview")).toHaveLength(0);
});
