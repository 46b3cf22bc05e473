import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { BLOCK, loypayLines, settled, setupOrder, VOUCHER } from "../utils";

definePosModels();

async function setupSold(reward) {
    const register = await setupOrder();
    const { order, account, points, store } = register;
    await points.redemption.take(order, account, reward, 1);
    order.state = "paid";
    const back = store.addNewOrder({ is_refund: true });
    return { ...register, back };
}

function giveBack(store, back, line, qty) {
    return store.models["pos.order.line"].create({
        order_id: back,
        product_id: line.product_id,
        qty: -qty,
        price_unit: line.price_unit,
        tax_ids: line.tax_ids.map((tax) => ["link", tax]),
        refunded_orderline_id: line,
    });
}

test("money first, then points; and the return is kept right", async () => {
    const register = await setupSold(BLOCK);
    const { store, order, back, points } = register;
    const first = giveBack(store, back, order.lines[0], 3);
    points.refund.place(back);
    expect(loypayLines(back)).toHaveLength(0);

    giveBack(store, back, order.lines[1], 2);
    points.refund.place(back);
    const [line] = loypayLines(back);
    expect(line.qty).toBe(-1);
    expect(line.price_unit).toBe(-5);
    expect(line.full_product_name).toBe("Reward block");
    expect(line.refunded_orderline_id.uuid).toBe(loypayLines(order)[0].uuid);
    expect(back.priceIncl).toBe(-12.85);

    back.removeOrderline(first);
    await settled(register);
    expect(loypayLines(back)).toHaveLength(0);
});

test("a part comes back as one piece with its exact price, the last takes what is left", async () => {
    const { store, order, back, points } = await setupSold(BLOCK);
    const [loypay] = loypayLines(order);
    loypay.update({ qty: 3, price_unit: -5.61 });
    // Products for 17.85, 16.83 of them paid with points.
    giveBack(store, back, order.lines[0], 3);
    points.refund.place(back);
    const [part] = loypayLines(back);
    expect(part.qty).toBe(-1);
    expect(part.price_unit).toBeCloseTo(-9.33);
    expect(back.priceIncl).toBe(-1.02);

    back.state = "paid";
    const last = store.addNewOrder({ is_refund: true });
    giveBack(store, last, order.lines[1], 2);
    points.refund.place(last);
    expect(loypayLines(last)[0].price_unit).toBeCloseTo(-7.5);
    expect(last.priceIncl).toBe(0);
});

test("a voucher that was bought is returned as a product", async () => {
    const { order, points, store } = await setupSold(VOUCHER);
    expect(points.refund.isAutomatic(loypayLines(order)[0])).toBe(false);
    expect(points.refund.isAutomatic(order.lines[0])).toBe(false);
    const back = giveBack(store, store.addNewOrder(), loypayLines(order)[0], 1);
    expect(back.full_product_name).toBe("Reward voucher");
});
