import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {
    BLOCK,
    GIFT,
    loypayLines,
    PER_POINT,
    settled,
    setupOrder,
    SPECIAL,
    VOUCHER,
} from "../utils";

definePosModels();

test("a block is set aside, then it is a line", async () => {
    const { order, account, points, take } = await setupOrder();
    const answer = await points.redemption.take(order, account, BLOCK, 1);

    expect(answer.refused).toBe("");
    expect(take("points_reserve")).toEqual([[[77], `pos:${order.uuid}`, 1, 1, 17.85]]);
    const [line] = loypayLines(order);
    expect(line.qty).toBe(1);
    expect(line.price_unit).toBe(-5);
    expect(line.points_reward_id.id).toBe(1);
    expect(line.tax_ids).toHaveLength(0);
    expect(order.priceIncl).toBe(12.85);
});

test("the same reward again raises the line", async () => {
    const { order, account, points, take } = await setupOrder();
    await points.redemption.take(order, account, PER_POINT, 3);
    await points.redemption.take(order, account, PER_POINT, 2);

    expect(take("points_reserve").map((call) => call[3])).toEqual([3, 5]);
    expect(loypayLines(order).map((line) => line.qty)).toEqual([5]);
    expect(order.priceIncl).toBe(12.85);
});

test("two rewards of one LOYPAY have their own names, on screen and receipt", async () => {
    const { order, account, points } = await setupOrder();
    await points.redemption.take(order, account, BLOCK, 1);
    await points.redemption.take(order, account, PER_POINT, 2);

    const names = ["Reward block", "Reward per_point"];
    const lines = loypayLines(order);
    expect(lines.map((line) => line.product_id.name)).toEqual(["LOYPAY", "LOYPAY"]);
    expect(lines.map((line) => line.full_product_name)).toEqual(names);
    expect(lines.map((line) => line.orderDisplayProductName.name)).toEqual(names);
});

test("a reprint says what was stored, in the customer's language", async () => {
    const { order, account, points } = await setupOrder();
    await points.redemption.take(order, account, BLOCK, 1);
    const [line] = loypayLines(order);
    line.full_product_name = "5 Euro Rabatt";
    line.setFullProductName();

    expect(line.full_product_name).toBe("5 Euro Rabatt");
    const product = order.lines.find((other) => !other.isPointsLine());
    product.full_product_name = "Anything";
    product.setFullProductName();
    expect(product.full_product_name).toBe(product.product_id.name);
});

test("a voucher's line names its code", async () => {
    const { order, points } = await setupOrder();
    await points.vouchers.take(order, "12AB-34CD-56EF");

    expect(loypayLines(order)[0].full_product_name).toBe("Voucher 12AB-34CD-56EF");
});

test("two devices have taken the same reward: once more adds one", async () => {
    const { order, account, points, take } = await setupOrder();
    await points.redemption.take(order, account, BLOCK, 1);
    const [{ product_id, points_reward_id }] = loypayLines(order);
    await points.addPointsLine(order, {
        product_id: product_id.id,
        qty: 1,
        price_unit: -5,
        points_reward_id,
    });
    await points.redemption.take(order, account, BLOCK, 1);

    expect(take("points_reserve").map((call) => call[3])).toEqual([1, 3]);
    expect(loypayLines(order).map((line) => line.qty)).toEqual([2, 1]);
});

test("the server is told of an order that it knows as another customer", async () => {
    const { order, account, points, store } = await setupOrder();
    const told = [];
    store.syncAllOrders = ({ orders }) => told.push(...orders);
    await points.redemption.take(order, account, BLOCK, 1);
    expect(told).toEqual([]);
    await points.tellServer({ isSynced: true, isDirty: () => false });
    expect(told).toEqual([]);
    const known = { isSynced: true, isDirty: () => true };
    await points.tellServer(known);
    expect(told).toEqual([known]);
});

test("refused: a sentence, and no line", async () => {
    const refused = "The customer has 3 points.";
    const { order, account, points } = await setupOrder({ points_reserve: () => ({ refused }) });
    expect(await points.redemption.take(order, account, BLOCK, 1)).toEqual({ refused });
    expect(loypayLines(order)).toHaveLength(0);
});

test("an error of the server ends in a sentence", async () => {
    const { order, account, points } = await setupOrder({
        points_reserve: () => {
            throw new Error("serialization failure");
        },
    });
    const { refused } = await points.redemption.take(order, account, BLOCK, 1);
    expect(refused).toMatch(/could not process/);
});

test("off line nothing is taken", async () => {
    const { store, order, account, points, take } = await setupOrder();
    store.data.network.offline = true;
    const { refused } = await points.redemption.take(order, account, BLOCK, 1);
    expect(refused).toMatch(/offline/);
    expect(take("points_reserve")).toHaveLength(0);
});

test("a gift is a line of its product, and its price taken off", async () => {
    const { order, account, points, take } = await setupOrder();
    await points.redemption.take(order, account, GIFT, 1);

    expect(take("points_reserve")[0][4]).toBeCloseTo(17.85 + 3.45);
    const coffees = order.lines.filter((line) => line.product_id.id === 5);
    expect(coffees.map((line) => line.qty)).toEqual([3, 1]);
    expect(loypayLines(order)[0].price_unit).toBe(-3.45);
    expect(order.priceIncl).toBe(17.85);

    await points.redemption.take(order, account, GIFT, 1);
    expect(coffees.map((line) => line.qty)).toEqual([3, 2]);
    expect(loypayLines(order).map((line) => line.qty)).toEqual([2]);
    expect(order.priceIncl).toBe(17.85);
});

test("a special price leaves that price to pay", async () => {
    const { order, account, points } = await setupOrder();
    await points.redemption.take(order, account, SPECIAL, 1);
    expect(loypayLines(order)[0].price_unit).toBe(-2.45);
    expect(order.priceIncl).toBe(18.85);
});

test("a voucher is bought for points alone", async () => {
    const { order, account, points } = await setupOrder();
    await points.redemption.take(order, account, VOUCHER, 1);
    expect(loypayLines(order)[0].price_unit).toBe(0);
    expect(order.priceIncl).toBe(17.85);
});

test("a reward that this session does not know yet", async () => {
    const { order, account, points, take } = await setupOrder();
    const reward = { ...BLOCK, id: 99 };
    const { refused } = await points.redemption.take(order, account, reward, 1);
    expect(refused).toMatch(/reload the register/);
    expect(take("points_reserve")).toHaveLength(0);
});

test("a LOYPAY line cannot be edited, merged or given another price", async () => {
    const { order, account, points, store } = await setupOrder();
    await points.redemption.take(order, account, BLOCK, 1);
    const [line] = loypayLines(order);

    expect(line.setQuantity(5).body).toMatch(/cannot be changed/);
    line.setDiscount(50);
    line.setUnitPrice(-100);
    order.setPricelist(store.models["product.pricelist"].getFirst());

    expect(line.qty).toBe(1);
    expect(line.getDiscount()).toBe(0);
    expect(line.price_unit).toBe(-5);
    expect(line.canBeMergedWith(line)).toBe(false);
});

test("LOY is no line: it opens the rewards", async () => {
    const { order, store, points } = await setupOrder();
    let opened = 0;
    points.open = () => (opened += 1);
    const loy = store.models["product.template"].get(902);
    await store.addLineToOrder({ product_tmpl_id: loy }, order);
    expect(opened).toBe(1);
    expect(order.lines).toHaveLength(2);
});

test("a voucher's code pays, for anybody, once", async () => {
    const register = await setupOrder();
    const { order, points, take } = register;
    order.setPartner(false);
    await points.vouchers.take(order, " 12ab-34cd-56ef ");

    const key = `pos:${order.uuid}`;
    expect(take("points_take")).toEqual([[[], "12AB-34CD-56EF", key, 17.85]]);
    expect(loypayLines(order)[0].points_voucher_code).toBe("12AB-34CD-56EF");
    expect(order.priceIncl).toBe(13.85);
    expect((await points.vouchers.take(order, "12AB-34CD-56EF")).refused).toMatch(/already/);
    expect((await points.vouchers.take(order, "HELLO")).refused).toMatch(/looks like/);

    await settled(register);
    order.removeOrderline(loypayLines(order)[0]);
    await settled(register);
    expect(take("points_give_back")).toEqual([[[], "12AB-34CD-56EF", `pos:${order.uuid}`]]);
});
