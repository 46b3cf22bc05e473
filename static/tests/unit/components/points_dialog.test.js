import { animationFrame, expect, queryAll, queryAllTexts, queryOne, test } from "@odoo/hoot";
import { click, edit, press, waitFor } from "@odoo/hoot-dom";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { BLOCK, loypayLines, makeAccount, PER_POINT, settled, setupOrder } from "../utils";

definePosModels();

async function openDialog(answers) {
    const register = await setupOrder(answers);
    await mountWithCleanup(MainComponentsContainer);
    register.points.open(register.order);
    await waitFor(".o_points_dialog");
    await settled(register);
    return register;
}

test("rewards are keys, in their order; one is taken after a confirmation", async () => {
    const { order } = await openDialog();
    expect(queryAllTexts(".o_points_reward b")).toEqual([
        "5 off",
        "Any number",
        "A gift",
        "At a special price",
        "A voucher",
    ]);
    await click(".o_points_reward:first");
    await waitFor(".modal:contains('Redeem 1 point for $ 1.00 off?')");
    await click(".modal footer button:contains(Redeem)");
    await animationFrame();
    await animationFrame();
    expect(loypayLines(order)).toHaveLength(1);
});

test("a reward that cannot be paid says why", async () => {
    const rewards = [{ ...BLOCK, refusal: "The customer has 3 points to use, this takes 5." }];
    await openDialog({ points_summary: () => ({ accounts: [makeAccount({ rewards })] }) });
    expect(".o_points_reward").toHaveAttribute("aria-disabled", "true");
    expect(queryAllTexts(".o_points_refusal")).toEqual([rewards[0].refusal]);
    // It can be reached and read, but does nothing.
    await click(".o_points_reward");
    await animationFrame();
    expect(".modal").toHaveCount(1);
});

test("what points cannot pay for is said before anything is typed", async () => {
    const payable_text = "Points can pay for $ 4.00 of this order.";
    await openDialog({ points_summary: () => ({ accounts: [makeAccount({ payable_text })] }) });
    expect(queryAllTexts(".o_points_payable")).toEqual([payable_text]);
});

async function typeNumber() {
    const rewards = [PER_POINT];
    const register = await openDialog({
        points_summary: () => ({ accounts: [makeAccount({ rewards })] }),
    });
    await click(".o_points_reward");
    await waitFor(".o_points_number");
    return register;
}

test("a typed number shows its worth, what remains, and why not", async () => {
    const { order } = await typeNumber();
    expect("#o_points_number_input").toBeFocused();
    await edit("11");
    await animationFrame();
    expect(queryAllTexts(".o_points_refusal")).toEqual([
        "Up to 10 points can be used on this order.",
    ]);
    expect(queryOne(".o_points_take").disabled).toBe(true);

    await edit("4");
    await animationFrame();
    expect(".o_points_value").toHaveText("Redeem 4 points for $ 4.00 off?");
    expect(".o_points_remaining").toHaveText("6 points left");
    await click(".o_points_take");
    await animationFrame();
    await animationFrame();
    expect(loypayLines(order).map((line) => line.qty)).toEqual([4]);
    expect(".modal").toHaveCount(0);
});

test("keys type a number, delete it, and fill in the most", async () => {
    const { order } = await typeNumber();
    for (const key of ["1", ".", "5", ".", "Backspace"]) {
        const text = key === "Backspace" ? "⌫" : key;
        await click(`.o_points_number .numpad-button[value='${text}']`);
        await animationFrame();
    }
    expect("#o_points_number_input").toHaveValue("1.");
    expect(".o_points_most").toHaveText("Use maximum (10)");
    await click(".o_points_most");
    await animationFrame();
    expect("#o_points_number_input").toHaveValue("10");
    await press("Enter");
    await animationFrame();
    await animationFrame();
    expect(loypayLines(order)).toHaveLength(0);
    await click("#o_points_number_input");
    await press("Enter");
    await animationFrame();
    await animationFrame();
    expect(loypayLines(order).map((line) => line.qty)).toEqual([10]);
});

test("asked at payment, Enter goes on", async () => {
    const register = await setupOrder();
    await mountWithCleanup(MainComponentsContainer);
    const answer = register.points.askAtPayment(register.order);
    await waitFor(".o_points_go_on");
    expect(".o_points_go_on").toBeFocused();
    await press("Enter");
    expect(await answer).toBe(true);
});

test("off line the keys are not active, and say why", async () => {
    const { store } = await openDialog();
    store.data.network.offline = true;
    await animationFrame();
    expect(queryAll(".o_points_reward").every((key) => key.ariaDisabled === "true")).toBe(true);
    expect(".o_points_dialog .alert-warning").toHaveText(/offline/);
});
