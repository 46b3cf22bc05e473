import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { AccountOnOrder } from "@customer_points/app/points/account_on_order";
import { BLOCK, PER_POINT, setupOrder } from "../utils";

definePosModels();

test("whatever the order takes is no longer there for more", async () => {
    const { order, account, points, store } = await setupOrder();
    await points.redemption.take(order, account, BLOCK, 1);
    await points.redemption.take(order, account, PER_POINT, 3);
    order.addPaymentline(store.models["pos.payment.method"].get(9));
    order.payment_ids[0].setAmount(2);

    const onOrder = new AccountOnOrder(account, order);
    expect(onOrder.spent).toBe(6);
    expect(onOrder.remaining).toBe(4);
});

test("a reward that is used up says so", async () => {
    const { order, account, points } = await setupOrder();
    const reward = { ...BLOCK, max_quantity: 1 };
    expect(new AccountOnOrder(account, order).refusal(reward)).toBe("");
    await points.redemption.take(order, account, reward, 1);
    expect(new AccountOnOrder(account, order).refusal(reward)).toMatch(/No more of it/);
    expect(new AccountOnOrder(account, order).refusal({ ...reward, refusal: "No." })).toBe("No.");
});

test("what the order may not use is told apart", async () => {
    const { order, account } = await setupOrder();
    expect(new AccountOnOrder(account, order).elsewhere).toBe(0);
    expect(new AccountOnOrder({ ...account, available: 4 }, order).elsewhere).toBe(6);
    // Points of this very order, where a program lets them be spent at once.
    expect(new AccountOnOrder({ ...account, available: 12 }, order).elsewhere).toBe(0);
});
