import { animationFrame, expect, queryAll, queryAllTexts, queryOne, test } from "@odoo/hoot";
import { click, edit, waitFor } from "@odoo/hoot-dom";
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
        "A gift",
        "At a special price",
        "A voucher",
    ]);
    await click(".o_points_reward:first");
    await waitFor(".modal:contains('Redeem 1 point for $ 1.00?')");
    await click(".modal footer button:contains(Redeem)");
    await animationFrame();
    await animationFrame();
    expect(loypayLines(order)).toHaveLength(1);
});

test("a reward that cannot be paid says why", async () => {
    const rewards = [{ ...BLOCK, refusal: "The customer has 3 points to use, this takes 5." }];
    await openDialog({ points_summary: () => ({ accounts: [makeAccount({ rewards })] }) });
    expect(queryOne(".o_points_reward").disabled).toBe(true);
    expect(queryAllTexts(".o_points_refusal")).toEqual([rewards[0].refusal]);
});

test("what points cannot pay for is said before anything is typed", async () => {
    const payable_text = "Points can pay for $ 4.00 of this order.";
    await openDialog({ points_summary: () => ({ accounts: [makeAccount({ payable_text })] }) });
    expect(queryAllTexts(".o_points_payable")).toEqual([payable_text]);
});

test("a typed number shows its worth, what remains, and why not", async () => {
    const rewards = [PER_POINT];
    const { order } = await openDialog({
        points_summary: () => ({ accounts: [makeAccount({ rewards })] }),
    });
    await click(".o_points_amount input");
    await edit("11");
    await animationFrame();
    expect(queryAllTexts(".o_points_refusal")).toEqual([
        "Up to 10 points can be used on this order.",
    ]);
    expect(queryOne(".o_points_take").disabled).toBe(true);

    await edit("4");
    await animationFrame();
    expect(queryOne(".o_points_value").textContent).toBe("$\u00a04.00");
    expect(queryOne(".o_points_remaining").textContent).toBe("6 points left");
    await click(".o_points_take");
    await waitFor(".modal:contains('Redeem 4 points for $ 4.00?')");
    await click(".modal footer button:contains(Redeem)");
    await animationFrame();
    await animationFrame();
    expect(loypayLines(order).map((line) => line.qty)).toEqual([4]);
});

test("off line the keys are not active, and say why", async () => {
    const { store } = await openDialog();
    store.data.network.offline = true;
    await animationFrame();
    expect(queryAll(".o_points_reward").every((key) => key.disabled)).toBe(true);
    expect(".o_points_dialog .alert-warning").toHaveText(/offline/);
});
