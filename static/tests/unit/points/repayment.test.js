import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupOrder, settled } from "../utils";
import { REPAY } from "../data/points.data";

definePosModels();

const repay = (price_unit) => ({
    product_id: REPAY,
    name: "12 points already redeemed",
    price_unit,
    tax_ids: [],
});

/** A return of the first line of an order; the server says what it charges. */
async function setupReturn(answer) {
    const register = await setupOrder({
        points_preview: () => ({
            text: "",
            accounts: [{ name: "Shop Card", text: "", why: "", repay: answer.repay }],
        }),
    });
    const { order, partner, points, store } = register;
    order.state = "paid";
    const back = store.addNewOrder({ is_refund: true });
    back.setPartner(partner);
    const line = store.models["pos.order.line"].create({
        order_id: back,
        product_id: order.lines[0].product_id,
        qty: -1,
        price_unit: 3,
        tax_ids: [],
        refunded_orderline_id: order.lines[0],
    });
    await settled(register);
    await points.charge(back);
    return { ...register, back, line };
}

const charged = (back) => back.lines.filter((line) => line.isRepayLine());

test("a return charges for points redeemed already, once, and follows the server", async () => {
    const answer = { repay: repay(1.2) };
    const { back, line, points } = await setupReturn(answer);
    expect(charged(back).map((each) => each.price_unit)).toEqual([1.2]);
    expect(charged(back)[0].getFullProductName()).toBe("12 points already redeemed");
    expect(back.priceIncl).toBe(-1.8);
    expect(await points.charge(back)).toBe(false);

    answer.repay = repay(2.4);
    line.setUnitPrice(6);
    expect(await points.charge(back)).toBe(true);
    expect(charged(back).map((each) => each.price_unit)).toEqual([2.4]);

    answer.repay = null;
    line.setUnitPrice(1);
    expect(await points.charge(back)).toBe(true);
    expect(charged(back)).toHaveLength(0);
});

test("what is told of another order is not charged on this one", async () => {
    const { back, points } = await setupReturn({ repay: repay(1.2) });
    points.preview.sale = { uuid: "another" };
    points.preview.answer({ text: "", accounts: [{ repay: repay(9) }] });
    expect(charged(back).map((each) => each.price_unit)).toEqual([1.2]);
});

test("nobody changes the line by hand, and it joins no other", async () => {
    const { back } = await setupReturn({ repay: repay(1.2) });
    const [line] = charged(back);
    expect(line.setQuantity(5).body).toMatch("redeemed already");
    line.setUnitPrice(0);
    line.setDiscount(100);
    expect([line.price_unit, line.getDiscount()]).toEqual([1.2, 0]);
    expect(line.canBeMergedWith(line)).toBe(false);
    expect(line.isPointsLine()).toBe(false);
});

test("an order that returns nothing is charged nothing", async () => {
    const { order, points } = await setupOrder();
    points.repayment.place(order, [{ repay: repay(1.2) }]);
    expect(charged(order)).toHaveLength(0);
    expect(await points.charge(order)).toBe(false);
});
