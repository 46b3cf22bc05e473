import { expect, test } from "@odoo/hoot";
import { advanceTime, Deferred } from "@odoo/hoot-mock";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { getFilledOrder } from "@point_of_sale/../tests/unit/utils";
import { PointsRegister } from "@customer_points/app/points/points_register";
import { isCountedLater, receiptOf } from "@customer_points/app/points/points_receipts";
import { makeAccount, settled, setupOrder, setupPointsRegister } from "../utils";

definePosModels();

test("a customer is asked about once, when chosen", async () => {
    const register = await setupPointsRegister();
    const order = await getFilledOrder(register.store);
    await settled(register);
    expect(register.take("points_summary")).toEqual([]);
    order.setPartner(register.store.models["res.partner"].get(3));
    await settled(register);
    order.lines[0].setQuantity(7);
    await settled(register);
    expect(register.take("points_summary")).toEqual([[[3], `pos:${order.uuid}`, 17.85]]);
});

test("an answer that comes late is not shown for another customer", async () => {
    const answers = { 3: new Deferred(), 4: new Deferred() };
    const register = await setupPointsRegister({
        points_summary: ([[partnerId]]) => answers[partnerId],
    });
    const shown = () => register.points.customer.accounts.map((account) => account.name);
    const order = await getFilledOrder(register.store);
    order.setPartner(register.store.models["res.partner"].get(3));
    await advanceTime(10);
    order.setPartner(register.store.models["res.partner"].get(4));
    await advanceTime(10);
    answers[3].resolve({ accounts: [makeAccount({ name: "First" })] });
    await advanceTime(10);
    expect(shown()).toEqual([]);
    answers[4].resolve({ accounts: [makeAccount({ name: "Second" })] });
    await settled(register);
    expect(shown()).toEqual(["Second"]);
});

test("points on a contact's own account are named, for that customer only", async () => {
    const stray = "Club: 70 points";
    const points_summary = ([[partnerId]]) => ({
        accounts: [],
        ...(partnerId === 3 ? { stray } : {}),
    });
    const register = await setupOrder({ points_summary });
    expect(register.points.customer.stray).toBe(stray);
    register.order.setPartner(register.store.models["res.partner"].get(4));
    await settled(register);
    expect(register.points.customer.stray).toBe("");
});

test("another order on the screen is another customer", async () => {
    const register = await setupOrder();
    register.store.addNewOrder();
    await settled(register);
    expect(register.points.customer.accounts).toEqual([]);
    register.store.setOrder(register.order);
    await settled(register);
    expect(register.points.customer.accounts).toHaveLength(1);
});

test("points that changed elsewhere are asked again, of the customer that is shown", async () => {
    const register = await setupOrder();
    register.take();
    const [account] = register.points.customer.accounts;
    register.points.customer.refreshIfShown({ partner_ids: [4, 5], account_ids: [account.id + 1] });
    await settled(register);
    expect(register.take("points_summary")).toHaveLength(0);
    register.points.customer.refreshIfShown({ partner_ids: [4, 3] });
    await settled(register);
    expect(register.take("points_summary")).toHaveLength(1);
    // A colleague of the customer bought: it is the account of their company.
    register.points.customer.refreshIfShown({ partner_ids: [4], account_ids: [account.id] });
    await settled(register);
    expect(register.take("points_summary")).toHaveLength(1);
});

test("a session that is older than the add-on sells as ever", async () => {
    patchWithCleanup(PointsRegister.prototype, {
        get isActive() {
            return false;
        },
    });
    const { store, calls } = await setupPointsRegister();
    const order = await getFilledOrder(store);
    order.setPartner(store.models["res.partner"].get(3));
    const loy = store.models["product.template"].get(902);
    await store.addLineToOrder({ product_tmpl_id: loy }, order);
    await advanceTime(400);
    expect(order.lines).toHaveLength(3);
    expect(calls).toEqual([]);
});

test("a receipt that is printed again is completed, once", async () => {
    const receipt = { accounts: [{ name: "Shop Card" }], vouchers: [] };
    const { points, take } = await setupPointsRegister({ points_receipt: () => receipt });
    const order = { id: 5, finalized: true, isSynced: true, uiState: {}, raw: {} };
    await points.receipts.complete({ ...order, isSynced: false });
    await points.receipts.complete(order);
    await points.receipts.complete(order);
    expect(take("points_receipt")).toEqual([[[5]]]);
    expect(receiptOf(order)).toEqual(receipt);
});

test("a receipt promises points only where there is a customer to get them", async () => {
    const { order } = await setupOrder();
    expect(isCountedLater(order)).toBe(false);
    order.state = "paid";
    expect(isCountedLater(order)).toBe(true);
    order.partner_id = undefined;
    expect(isCountedLater(order)).toBe(false);
});
