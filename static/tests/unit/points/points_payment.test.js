import { expect, test } from "@odoo/hoot";
import { advanceTime } from "@odoo/hoot-mock";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { settled, setupOrder } from "../utils";

definePosModels();

async function setupPayment(answers) {
    const register = await setupOrder(answers);
    const { store, order, points } = register;
    const screen = await mountWithCleanup(PaymentScreen, { props: { orderUuid: order.uuid } });
    const said = [];
    points.say = (sentence) => said.push(sentence);
    points.notify = (sentence) => said.push(sentence);
    const method = store.models["pos.payment.method"].get(9);
    return { ...register, screen, said, method };
}

test("points pay what they may, and are set aside at once", async () => {
    const register = await setupPayment();
    const { order, screen, method, take } = register;
    await screen.addNewPaymentLine(method);
    expect(order.payment_ids.map((line) => line.amount)).toEqual([10]);
    expect(take("points_reserve")).toEqual([[[77], `pos:${order.uuid}`, false, 10, 17.85]]);

    await advanceTime(400);
    await settled(register);
    expect(take("points_reserve")).toEqual([]);
});

test("nobody, or off line: one sentence, no payment", async () => {
    const { store, order, screen, method, said } = await setupPayment();
    store.data.network.offline = true;
    await screen.addNewPaymentLine(method);
    order.setPartner(false);
    await screen.addNewPaymentLine(method);
    expect(order.payment_ids).toHaveLength(0);
    expect(said[0]).toMatch(/offline/);
    expect(said[1]).toMatch(/Select a customer/);
});

test("another amount is set aside a moment later, a deleted one is given back", async () => {
    const register = await setupPayment();
    const { order, screen, method, take } = register;
    await screen.addNewPaymentLine(method);
    await settled(register);
    take();

    screen.updateSelectedPaymentline(4);
    await settled(register);
    await advanceTime(400);
    expect(take("points_reserve").map((call) => call[3])).toEqual([4]);

    screen.deletePaymentLine(order.payment_ids[0].uuid);
    await settled(register);
    await advanceTime(400);
    expect(take("points_reserve").map((call) => call[3])).toEqual([0]);
});

test("more than the customer has is cut down, with a sentence", async () => {
    const { order, screen, method, said } = await setupPayment();
    await screen.addNewPaymentLine(method);
    screen.updateSelectedPaymentline(12);
    expect(order.payment_ids[0].amount).toBe(10);
    expect(said[0]).toMatch(/up to/);
});

test("points give no change, and take no money out of a sale", async () => {
    const { order, screen, method, store } = await setupPayment();
    await screen.addNewPaymentLine(store.models["pos.payment.method"].get(2));
    screen.updateSelectedPaymentline(15);
    await screen.addNewPaymentLine(method);
    expect(order.payment_ids[1].amount).toBe(2.85);
    screen.updateSelectedPaymentline(9);
    expect(order.payment_ids[1].amount).toBe(2.85);
    screen.updateSelectedPaymentline(-5);
    expect(order.payment_ids[1].amount).toBe(0);
});

test("a return pays back with points what was paid with points, and no more", async () => {
    const { order, screen, method, store, points, take, said } = await setupPayment();
    await screen.addNewPaymentLine(method);
    await screen.addNewPaymentLine(store.models["pos.payment.method"].get(2));
    order.state = "paid";
    const back = store.addNewOrder({ is_refund: true });
    for (const line of order.lines) {
        store.models["pos.order.line"].create({
            order_id: back,
            product_id: line.product_id,
            qty: -line.qty,
            price_unit: line.price_unit,
            tax_ids: line.tax_ids.map((tax) => ["link", tax]),
            refunded_orderline_id: line,
        });
    }
    take();
    expect(await points.payment.refuseWhole(back, method)).toMatch(
        /Up to .*10\.00 can be refunded/
    );
    const { amount } = await points.payment.prepare(back, method);
    expect(amount).toBe(-10);
    expect(take("points_reserve")).toEqual([]);

    back.addPaymentline(method);
    expect(back.payment_ids[0].amount).toBe(-17.85);
    expect(points.payment.limit(back, back.payment_ids[0])).toBe(-10);
    expect(said.at(-1)).toMatch(/refunded in points/);
});

test("a key that pays a whole order with points says when they are not enough", async () => {
    const { order, points, store, method } = await setupPayment();
    const { payment } = points;
    const bank = store.models["pos.payment.method"].get(2);
    expect(await payment.refuseWhole(order, bank)).toBe("");
    expect(await payment.refuseWhole(order, method)).toMatch(/up to .*10\.00 of this order/);
    order.setPartner(false);
    expect(await payment.refuseWhole(order, method)).toMatch(/Select a customer/);
});

test("another customer: the payment is taken off", async () => {
    const register = await setupPayment();
    await register.screen.addNewPaymentLine(register.method);
    await settled(register);
    register.order.setPartner(register.store.models["res.partner"].get(4));
    await settled(register);
    expect(register.order.payment_ids).toHaveLength(0);
    expect(register.take("points_release")).toHaveLength(1);
});
