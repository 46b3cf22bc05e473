import { describe, expect, test } from "@odoo/hoot";
import { planPointsBack } from "@customer_points/app/points/refund_plan";

describe.current.tags("headless");

function goods(values) {
    return { id: "goods", productId: 1, qty: 1, before: 0, now: 0, isPoints: false, ...values };
}

function loypay(values) {
    return {
        id: "points",
        productId: 9,
        qty: 1,
        before: 0,
        now: 0,
        isPoints: true,
        giftProductId: false,
        ...values,
    };
}

function plan(...lines) {
    return Object.fromEntries(planPointsBack(lines));
}

test("half the goods are paid back with money, while there is money", () => {
    const line = loypay({ unitPrice: -20 });
    expect(plan(goods({ qty: 2, unitPrice: 50, now: 1 }), line)).toEqual({});
});

test("points come back for what the money does not reach", () => {
    const line = loypay({ unitPrice: -20 });
    expect(plan(goods({ qty: 2, unitPrice: 50, before: 1, now: 1 }), line)).toEqual({ points: 1 });
});

test("a fraction of a block comes back", () => {
    const line = loypay({ unitPrice: -60 });
    expect(plan(goods({ qty: 2, unitPrice: 50, now: 1 }), line)).toEqual({ points: 10 / 60 });
});

test("the rest comes back with the last goods", () => {
    const line = loypay({ unitPrice: -60, before: 10 / 60 });
    const sold = goods({ qty: 2, unitPrice: 50, before: 1, now: 1 });
    expect(plan(sold, line).points).toBeCloseTo(50 / 60);
});

test("everything at once brings everything back", () => {
    const points = loypay({ qty: 30, unitPrice: -0.5 });
    const block = loypay({ id: "block", unitPrice: -20 });
    const sold = goods({ qty: 1, unitPrice: 100, now: 1 });
    expect(plan(sold, points, block)).toEqual({ points: 30, block: 1 });
});

test("a bill without points brings nothing back", () => {
    expect(plan(goods({ unitPrice: 10, now: 1 }))).toEqual({});
});

test("a gift brings back its own line, and no other", () => {
    const sold = goods({ unitPrice: 100 });
    const gift = goods({ id: "gift", productId: 2, unitPrice: 4, now: 1 });
    const giftLine = loypay({ id: "gift line", unitPrice: -4, giftProductId: 2 });
    const block = loypay({ unitPrice: -20 });
    expect(plan(sold, gift, giftLine, block)).toEqual({ "gift line": 1 });
});

test("goods that are no gift leave the gift alone", () => {
    const sold = goods({ unitPrice: 100, now: 1 });
    const gift = goods({ id: "gift", productId: 2, unitPrice: 4 });
    const giftLine = loypay({ id: "gift line", unitPrice: -4, giftProductId: 2 });
    expect(plan(sold, gift, giftLine)).toEqual({});
});

test("the same product, bought, is not the gift", () => {
    const bought = goods({ id: "bought", productId: 2, qty: 3, unitPrice: 4, now: 1 });
    const gift = goods({ id: "gift", productId: 2, unitPrice: 4 });
    const giftLine = loypay({ id: "gift line", unitPrice: -4, giftProductId: 2 });
    expect(plan(bought, gift, giftLine)).toEqual({});
});

test("one of two gifts brings back half of their line", () => {
    const gift = goods({ id: "gift", productId: 2, qty: 2, unitPrice: 4, now: 1 });
    const giftLine = loypay({ id: "gift line", qty: 2, unitPrice: -4, giftProductId: 2 });
    expect(plan(gift, giftLine)).toEqual({ "gift line": 1 });
});

test("gift and block together: all is returned", () => {
    const sold = goods({ unitPrice: 100, now: 1 });
    const gift = goods({ id: "gift", productId: 2, unitPrice: 4, now: 1 });
    const giftLine = loypay({ id: "gift line", unitPrice: -4, giftProductId: 2 });
    const block = loypay({ unitPrice: -20 });
    expect(plan(sold, gift, giftLine, block)).toEqual({ "gift line": 1, points: 1 });
});

test("a special price: the gift's money comes back, its discount does not", () => {
    const gift = goods({ id: "gift", productId: 2, unitPrice: 10, now: 1 });
    const giftLine = loypay({ id: "gift line", unitPrice: -7, giftProductId: 2 });
    expect(plan(gift, giftLine)).toEqual({ "gift line": 1 });
});
