import { animationFrame, expect, queryAllTexts, test } from "@odoo/hoot";
import { advanceTime } from "@odoo/hoot-mock";
import { click, waitFor } from "@odoo/hoot-dom";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { OrderReceipt } from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import { OrderSummary } from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";
import { LOYPAY } from "../data/points.data";
import {
    BLOCK,
    loypayLines,
    makeAccount,
    makeChange,
    PER_POINT,
    settled,
    setupOrder,
} from "../utils";

definePosModels();

const REMINDER = { reminder_id: BLOCK.id, reminder_text: "Use 1 point for $ 1.00 off" };

async function mountSummary(answers) {
    const register = await setupOrder(answers);
    await mountWithCleanup(MainComponentsContainer);
    await mountWithCleanup(OrderSummary, {});
    await advanceTime(400);
    await animationFrame();
    return register;
}

test("one line: name, balance, worth, what this order changes; more on tap", async () => {
    const expiring_text = "3 points expire on 01/05/2027";
    await mountSummary({
        points_summary: () => ({ accounts: [makeAccount({ expiring_text })] }),
    });
    expect(".o_points_name").toHaveText("Shop Card");
    expect(".o_points_balance").toHaveText("10 points ($ 10.00)");
    expect(".o_points_change bdi").toHaveText("+24");
    expect(".o_points_earns").toHaveText("This order earns Shop Card: 24 points");
    expect("button.o_points_row").toHaveAttribute("aria-expanded", "false");
    expect(".o_points_detail").toHaveCount(0);

    await click("button.o_points_row");
    await animationFrame();
    expect("button.o_points_row").toHaveAttribute("aria-expanded", "true");
    expect(".o_points_summary [role=progressbar]").toHaveAttribute("aria-valuenow", "40");
    expect(".o_points_detail").toHaveText(expiring_text);
});

test("a program that this order opens an account in has a line, too", async () => {
    const change = makeChange({ program_id: 9, name: "Everyone", change: 2.4, is_value: true });
    await mountSummary({ points_preview: () => ({ text: "", accounts: [change] }) });
    expect(queryAllTexts(".o_points_name")).toEqual(["Shop Card", "Everyone"]);
    expect(".o_points_change bdi").toHaveText("+$ 2.40");
});

test("the reminder is one key: it asks, and takes", async () => {
    const account = makeAccount(REMINDER);
    const { order } = await mountSummary({ points_summary: () => ({ accounts: [account] }) });
    expect(".o_points_reminder").toHaveText("Use 1 point for $ 1.00 off");
    await click(".o_points_reminder");
    await waitFor(".modal:contains('Redeem 1 point for $ 1.00 off?')");
    expect(queryAllTexts(".modal footer button")).toEqual(["Redeem", "Cancel"]);
    await click(".modal footer button:contains(Redeem)");
    await animationFrame();
    await animationFrame();
    expect(loypayLines(order)).toHaveLength(1);
});

test("the reminder of an order that is too small says so", async () => {
    const reward = { ...BLOCK, value_per_unit: 20 };
    const account = makeAccount({ ...REMINDER, rewards: [reward] });
    const { points } = await mountSummary({ points_summary: () => ({ accounts: [account] }) });
    expect(".o_points_reminder").toHaveAttribute("aria-disabled", "true");
    expect(points.isRedeemable).toBe(false);
    await click(".o_points_reminder");
    await waitFor(".o_notification:contains('too small')");
});

test("what cannot be used at all is not ready", async () => {
    const rewards = [{ ...BLOCK, is_affordable: false }];
    const { points, account } = await mountSummary();
    expect(points.isRedeemable).toBe(true);
    account.rewards = rewards;
    expect(points.isRedeemable).toBe(false);
});

test("points that this order may not use are not worth anything to it", async () => {
    const some = { available: 4, available_text: "4 points", worth_text: "$ 4.00" };
    const register = await mountSummary({
        points_summary: () => ({ accounts: [makeAccount(some)] }),
    });
    expect(".o_points_balance").toHaveText("10 points (4 available)");
    await click("button.o_points_row");
    await animationFrame();
    expect(".o_points_detail").toHaveText("4 points available: $ 4.00");
    register.account.worth_text = "";
    await animationFrame();
    expect(".o_points_detail").toHaveCount(0);
});

test("what this order takes and leaves is said, and a reward that is used up reminds no more", async () => {
    const rewards = [{ ...BLOCK, points_per_unit: 10 }, PER_POINT];
    const account = makeAccount({ ...REMINDER, rewards });
    const register = await mountSummary({
        points_summary: () => ({ accounts: [account] }),
        points_reserve: () => ({
            refused: "",
            line: { product_id: LOYPAY, qty: 3, price_unit: -1, tax_ids: [] },
            summary: { accounts: [account] },
        }),
    });
    expect(".o_points_reminder").toHaveCount(1);

    await register.points.redemption.take(register.order, register.account, PER_POINT, 3);
    await animationFrame();
    expect(".o_points_change bdi").toHaveText("+21");
    await click("button.o_points_row");
    await animationFrame();
    expect(".o_points_detail").toHaveText("3 points on this order, 7 points left");
    expect(".o_points_reminder").toHaveCount(0);
});

test("one tap joins the only program; the server says why not", async () => {
    let refused = "This customer is blocked.";
    const joinable = [{ id: 9, name: "Coffee Club" }];
    const register = await mountSummary({
        points_summary: () => ({ accounts: [], joinable }),
        points_join: () => ({ refused, summary: { accounts: [makeAccount()] } }),
    });
    expect(".o_points_join").toHaveText("Join Coffee Club");
    await click(".o_points_join");
    await waitFor(".modal:contains('is blocked')");
    await click(".modal footer button");
    await animationFrame();

    refused = "";
    register.calls.splice(0);
    await click(".o_points_join");
    await animationFrame();
    await animationFrame();
    expect(register.take("points_join")).toEqual([[[3], 9, `pos:${register.order.uuid}`, 17.85]]);
    expect(".o_points_name").toHaveText("Shop Card");
    expect(".o_points_join").toHaveCount(0);
});

test("of several programs one is chosen", async () => {
    const joinable = [
        { id: 8, name: "Tea Club" },
        { id: 9, name: "Coffee Club" },
    ];
    const register = await mountSummary({
        points_summary: () => ({ accounts: [], joinable }),
        points_join: () => ({ refused: "", summary: { accounts: [] } }),
    });
    expect(".o_points_join").toHaveText("Join program");
    register.calls.splice(0);
    await click(".o_points_join");
    await waitFor(".modal:contains('Coffee Club')");
    await click(".modal .selection-item:contains('Coffee Club')");
    await animationFrame();
    await animationFrame();
    expect(register.take("points_join")[0][1]).toBe(9);
});

test("off line: what was known stays, and points come later", async () => {
    const register = await setupOrder();
    await mountWithCleanup(OrderSummary, {});
    register.store.data.network.offline = true;
    await register.points.customer.refresh();
    await animationFrame();
    expect(".o_points_balance").toHaveCount(1);
    expect(".o_points_old").toHaveCount(1);
    expect(".o_points_later").toHaveText("Points will be added when the register is online again.");
});

test("the numpad deletes a LOYPAY line and does nothing else; its quantity is not shown", async () => {
    const register = await setupOrder();
    const { order, account, points } = register;
    await points.redemption.take(order, account, PER_POINT, 3);
    const summary = await mountWithCleanup(OrderSummary, {});
    expect(queryAllTexts(".o_points_line .qty")).toEqual([""]);
    const [line] = loypayLines(order);
    order.selectOrderline(line);

    await summary.updateSelectedOrderline({ buffer: "9", key: "9" });
    expect(line.qty).toBe(3);
    await summary.updateSelectedOrderline({ buffer: null, key: "Backspace" });
    expect(loypayLines(order)).toHaveLength(0);
});

test("the receipt says what was earned and redeemed, and shows vouchers", async () => {
    const register = await setupOrder();
    const { order } = register;
    order.state = "paid";
    order.uiState.pointsReceipt = {
        accounts: [
            {
                name: "Shop Card",
                earned_text: "+24 points",
                redeemed_text: "-150 points",
                balance_text: "74 points",
                expiring_text: "",
                why: "1 point per full 1.00",
            },
        ],
        vouchers: [
            {
                code: "ABCD-EF01-2345",
                name: "Voucher 10",
                worth_text: "$ 10.00",
                expiring_text: "Valid until 12/31/2026",
            },
        ],
    };
    await mountWithCleanup(OrderReceipt, { props: { order } });
    expect(".o_points_earned").toHaveText("Earned\n+24 points");
    expect(".o_points_redeemed").toHaveText("Used\n-150 points");
    expect(".o_points_why").toHaveText("1 point per full 1.00");
    expect(".o_points_voucher").toHaveText(/ABCD-EF01-2345/);
    expect(".o_points_barcode").toHaveAttribute("data-src", /Code128.ABCD-EF01-2345/);
    await settled(register);
});

test("printed off line: points come later", async () => {
    const { order } = await setupOrder();
    order.state = "paid";
    await mountWithCleanup(OrderReceipt, { props: { order } });
    expect(".o_points_receipt").toHaveText(
        "Points will be added when the register is online again."
    );
});
