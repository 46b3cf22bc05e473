import { describe, expect, test } from "@odoo/hoot";
import { planPointsBack } from "@customer_points/app/points/refund_plan";

describe.current.tags("headless");

/** A line in the words of the plan: how much of it came back before, and comes back now. */
function line({ unitPrice, before = 0, now = 0, qty = 1, ...values }) {
    return {
        qty,
        money: qty * unitPrice,
        qtyBefore: before,
        moneyBefore: before * unitPrice,
        qtyNow: now,
        moneyNow: now * unitPrice,
        giftProductId: false,
        ...values,
    };
}

function product(values) {
    return line({ id: "product", productId: 1, isPoints: false, ...values });
}

/** Its unit price is written as on the order: it takes money off. */
function loypay({ unitPrice, ...values }) {
    return line({
        id: "points",
        productId: 9,
        isPoints: true,
        unitPrice: -unitPrice,
        ...values,
    });
}

function plan(...lines) {
    return Object.fromEntries(planPointsBack(lines));
}

test("half the products are paid back with money, while there is money", () => {
    const points = loypay({ unitPrice: -20 });
    expect(plan(product({ qty: 2, unitPrice: 50, now: 1 }), points)).toEqual({});
});

test("points come back for what the money does not reach", () => {
    const points = loypay({ unitPrice: -20 });
    expect(plan(product({ qty: 2, unitPrice: 50, before: 1, now: 1 }), points)).toEqual({
        points: 20,
    });
});

test("a fraction of a block comes back", () => {
    const points = loypay({ unitPrice: -60 });
    expect(plan(product({ qty: 2, unitPrice: 50, now: 1 }), points)).toEqual({
        points: 10,
    });
});

test("the rest comes back with the last product", () => {
    const points = loypay({ unitPrice: -60, before: 10 / 60 });
    const sold = product({ qty: 2, unitPrice: 50, before: 1, now: 1 });
    expect(plan(sold, points).points).toBeCloseTo(50);
});

test("everything at once brings everything back", () => {
    const points = loypay({ qty: 30, unitPrice: -0.5 });
    const block = loypay({ id: "block", unitPrice: -20 });
    const sold = product({ qty: 1, unitPrice: 100, now: 1 });
    expect(plan(sold, points, block)).toEqual({ points: 15, block: 20 });
});

test("an order without points brings nothing back", () => {
    expect(plan(product({ unitPrice: 10, now: 1 }))).toEqual({});
});

test("a gift brings back its own line, and no other", () => {
    const sold = product({ unitPrice: 100 });
    const gift = product({ id: "gift", productId: 2, unitPrice: 4, now: 1 });
    const giftLine = loypay({ id: "gift line", unitPrice: -4, giftProductId: 2 });
    const block = loypay({ unitPrice: -20 });
    expect(plan(sold, gift, giftLine, block)).toEqual({ "gift line": 4 });
});

test("products that are no gift leave the gift alone", () => {
    const sold = product({ unitPrice: 100, now: 1 });
    const gift = product({ id: "gift", productId: 2, unitPrice: 4 });
    const giftLine = loypay({ id: "gift line", unitPrice: -4, giftProductId: 2 });
    expect(plan(sold, gift, giftLine)).toEqual({});
});

test("the same product, bought, is not the gift", () => {
    const bought = product({
        id: "bought",
        productId: 2,
        qty: 3,
        unitPrice: 4,
        now: 1,
    });
    const gift = product({ id: "gift", productId: 2, unitPrice: 4 });
    const giftLine = loypay({ id: "gift line", unitPrice: -4, giftProductId: 2 });
    expect(plan(bought, gift, giftLine)).toEqual({});
});

test("one of two gifts brings back half of their line", () => {
    const gift = product({
        id: "gift",
        productId: 2,
        qty: 2,
        unitPrice: 4,
        now: 1,
    });
    const giftLine = loypay({
        id: "gift line",
        qty: 2,
        unitPrice: -4,
        giftProductId: 2,
    });
    expect(plan(gift, giftLine)).toEqual({ "gift line": 4 });
});

test("gift and block together: all is returned", () => {
    const sold = product({ unitPrice: 100, now: 1 });
    const gift = product({ id: "gift", productId: 2, unitPrice: 4, now: 1 });
    const giftLine = loypay({ id: "gift line", unitPrice: -4, giftProductId: 2 });
    const block = loypay({ unitPrice: -20 });
    expect(plan(sold, gift, giftLine, block)).toEqual({
        "gift line": 4,
        points: 20,
    });
});

test("a special price: the gift's money comes back, its discount does not", () => {
    const gift = product({ id: "gift", productId: 2, unitPrice: 10, now: 1 });
    const giftLine = loypay({ id: "gift line", unitPrice: -7, giftProductId: 2 });
    expect(plan(gift, giftLine)).toEqual({ "gift line": 7 });
});
