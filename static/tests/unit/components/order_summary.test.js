import { animationFrame, expect, queryAllTexts, test } from "@odoo/hoot";
import { advanceTime } from "@odoo/hoot-mock";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { OrderReceipt } from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import { OrderSummary } from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";
import { LOYPAY } from "../data/points.data";
import { BLOCK, loypayLines, makeAccount, PER_POINT, settled, setupOrder } from "../utils";

definePosModels();

test("balance, worth, progress, reminder and what the order earns", async () => {
    const reminder_text = "Free coffee for 10 points";
    await setupOrder({
        points_summary: () => ({ accounts: [makeAccount({ reminder_text })] }),
    });
    await mountWithCleanup(OrderSummary, {});
    await advanceTime(400);
    await animationFrame();

    expect(".o_points_name").toHaveText("Shop Card");
    expect(".o_points_balance").toHaveText("10 points ($ 10.00)");
    expect(".o_points_summary [role=progressbar]").toHaveAttribute("aria-valuenow", "40");
    expect(".o_points_reminder").toHaveText("Free coffee for 10 points");
    expect(".o_points_earning").toHaveText("This order earns Shop Card: 24 points");
});

test("points that this order may not use are not worth anything to it", async () => {
    const some = { available: 4, available_text: "4 points", worth_text: "$ 4.00" };
    const register = await setupOrder({
        points_summary: () => ({ accounts: [makeAccount(some)] }),
    });
    await mountWithCleanup(OrderSummary, {});
    await animationFrame();
    expect(".o_points_balance").toHaveText("10 points (4 points available: $ 4.00)");
    register.account.worth_text = "";
    await animationFrame();
    expect(".o_points_balance").toHaveText("10 points (4 points available)");
});

test("what this order takes and leaves is said, and a reward that is used up reminds no more", async () => {
    const rewards = [{ ...BLOCK, points_per_unit: 10 }, PER_POINT];
    const account = makeAccount({ rewards, reminder_text: "5 off for 10 points" });
    const register = await setupOrder({
        points_summary: () => ({ accounts: [account] }),
        points_reserve: () => ({
            refused: "",
            line: { product_id: LOYPAY, qty: 3, price_unit: -1, tax_ids: [] },
            summary: { accounts: [account] },
        }),
    });
    await mountWithCleanup(OrderSummary, {});
    await animationFrame();
    expect(".o_points_spent").toHaveCount(0);
    expect(".o_points_reminder").toHaveCount(1);

    await register.points.redemption.take(register.order, register.account, PER_POINT, 3);
    await animationFrame();
    expect(".o_points_spent").toHaveText("3 points on this order, 7 points left");
    expect(".o_points_reminder").toHaveCount(0);
});

test("off line: what was known stays, and points come later", async () => {
    const register = await setupOrder();
    await mountWithCleanup(OrderSummary, {});
    register.store.data.network.offline = true;
    await register.points.customer.refresh();
    await animationFrame();
    expect(".o_points_balance").toHaveCount(1);
    expect(".o_points_old").toHaveCount(1);
    expect(".o_points_earning").toHaveText(
        "Points will be added when the register is online again."
    );
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
                expiring_text: "until 12/31/2026",
            },
        ],
    };
    await mountWithCleanup(OrderReceipt, { props: { order } });
    expect(".o_points_earned").toHaveText("Earned\n+24 points");
    expect(".o_points_redeemed").toHaveText("Redeemed\n-150 points");
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
