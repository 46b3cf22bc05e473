import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { AccountOnBill } from "@customer_points/app/points/account_on_bill";
import { BLOCK, PER_POINT, setupBill } from "../utils";

definePosModels();

test("whatever the bill takes is no longer there for more", async () => {
    const { order, account, points, store } = await setupBill();
    await points.redemption.take(order, account, BLOCK, 1);
    await points.redemption.take(order, account, PER_POINT, 3);
    order.addPaymentline(store.models["pos.payment.method"].get(9));
    order.payment_ids[0].setAmount(2);

    const onBill = new AccountOnBill(account, order);
    expect(onBill.spent).toBe(6);
    expect(onBill.remaining).toBe(4);
});

test("a reward that is used up says so", async () => {
    const { order, account, points } = await setupBill();
    const reward = { ...BLOCK, max_quantity: 1 };
    expect(new AccountOnBill(account, order).refusal(reward)).toBe("");
    await points.redemption.take(order, account, reward, 1);
    expect(new AccountOnBill(account, order).refusal(reward)).toMatch(/No more of it/);
    expect(new AccountOnBill(account, order).refusal({ ...reward, refusal: "No." })).toBe("No.");
});

test("what the bill may not use is told apart", async () => {
    const { order, account } = await setupBill();
    expect(new AccountOnBill(account, order).elsewhere).toBe(0);
    expect(new AccountOnBill({ ...account, available: 4 }, order).elsewhere).toBe(6);
    // Points of this very bill, where a program lets them be spent at once.
    expect(new AccountOnBill({ ...account, available: 12 }, order).elsewhere).toBe(0);
});
