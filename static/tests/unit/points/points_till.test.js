import { expect, test } from "@odoo/hoot";
import { advanceTime, Deferred } from "@odoo/hoot-mock";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { getFilledOrder } from "@point_of_sale/../tests/unit/utils";
import { PointsTill } from "@customer_points/app/points/points_till";
import { isCountedLater, receiptOf } from "@customer_points/app/points/points_receipts";
import { makeAccount, settled, setupBill, setupPointsTill } from "../utils";

definePosModels();

test("a customer is asked about once, when chosen", async () => {
    const till = await setupPointsTill();
    const order = await getFilledOrder(till.store);
    await settled(till);
    expect(till.take("points_summary")).toEqual([]);
    order.setPartner(till.store.models["res.partner"].get(3));
    await settled(till);
    order.lines[0].setQuantity(7);
    await settled(till);
    expect(till.take("points_summary")).toEqual([[[3], `pos:${order.uuid}`, 17.85]]);
});

test("an answer that comes late is not shown for another customer", async () => {
    const answers = { 3: new Deferred(), 4: new Deferred() };
    const till = await setupPointsTill({ points_summary: ([[partnerId]]) => answers[partnerId] });
    const shown = () => till.points.customer.accounts.map((account) => account.name);
    const order = await getFilledOrder(till.store);
    order.setPartner(till.store.models["res.partner"].get(3));
    await advanceTime(10);
    order.setPartner(till.store.models["res.partner"].get(4));
    await advanceTime(10);
    answers[3].resolve({ accounts: [makeAccount({ name: "First" })] });
    await advanceTime(10);
    expect(shown()).toEqual([]);
    answers[4].resolve({ accounts: [makeAccount({ name: "Second" })] });
    await settled(till);
    expect(shown()).toEqual(["Second"]);
});

test("points on a contact's own account are named, for that customer only", async () => {
    const stray = "Club: 70 points";
    const points_summary = ([[partnerId]]) => ({
        accounts: [],
        ...(partnerId === 3 ? { stray } : {}),
    });
    const till = await setupBill({ points_summary });
    expect(till.points.customer.stray).toBe(stray);
    till.order.setPartner(till.store.models["res.partner"].get(4));
    await settled(till);
    expect(till.points.customer.stray).toBe("");
});

test("another bill on the screen is another customer", async () => {
    const till = await setupBill();
    till.store.addNewOrder();
    await settled(till);
    expect(till.points.customer.accounts).toEqual([]);
    till.store.setOrder(till.order);
    await settled(till);
    expect(till.points.customer.accounts).toHaveLength(1);
});

test("points that changed elsewhere are asked again, of the customer that is shown", async () => {
    const till = await setupBill();
    till.take();
    const [account] = till.points.customer.accounts;
    till.points.customer.refreshIfShown({ partner_ids: [4, 5], account_ids: [account.id + 1] });
    await settled(till);
    expect(till.take("points_summary")).toHaveLength(0);
    till.points.customer.refreshIfShown({ partner_ids: [4, 3] });
    await settled(till);
    expect(till.take("points_summary")).toHaveLength(1);
    // A colleague of the customer bought: it is the account of their company.
    till.points.customer.refreshIfShown({ partner_ids: [4], account_ids: [account.id] });
    await settled(till);
    expect(till.take("points_summary")).toHaveLength(1);
});

test("a session that is older than the add-on sells as ever", async () => {
    patchWithCleanup(PointsTill.prototype, {
        get isActive() {
            return false;
        },
    });
    const { store, calls } = await setupPointsTill();
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
    const { points, take } = await setupPointsTill({ points_receipt: () => receipt });
    const order = { id: 5, finalized: true, isSynced: true, uiState: {}, raw: {} };
    await points.receipts.complete({ ...order, isSynced: false });
    await points.receipts.complete(order);
    await points.receipts.complete(order);
    expect(take("points_receipt")).toEqual([[[5]]]);
    expect(receiptOf(order)).toEqual(receipt);
});

test("a receipt promises points only where there is a customer to get them", async () => {
    const { order } = await setupBill();
    expect(isCountedLater(order)).toBe(false);
    order.state = "paid";
    expect(isCountedLater(order)).toBe(true);
    order.partner_id = undefined;
    expect(isCountedLater(order)).toBe(false);
});
