import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { RefundWords } from "@customer_points/app/points/refund_words";
import { makeChange, setupPointsRegister } from "../utils";

definePosModels();

async function say(changes, priceIncl = -41.08) {
    const { points } = await setupPointsRegister();
    const order = { isRefund: true, lines: [{}], priceIncl };
    const made = changes.map((values) => makeChange({ earned_text: "", ...values }));
    return new RefundWords(points, order, made);
}

test("money and points that come back, and points that are taken back", async () => {
    const words = await say([{ restored_text: "49 points", returned_text: "4 points" }]);
    expect(words.sentences).toEqual([
        "Back to customer: $\u00a041.08 and 49 points.",
        "Points taken back: 4 points.",
    ]);
});

test("of several programs with their names, and what was redeemed already", async () => {
    const words = await say([
        { returned_text: "4 points" },
        { name: "Club", returned_text: "9 points", missing_text: "3 points already redeemed" },
    ]);
    expect(words.sentences).toEqual([
        "Back to customer: $\u00a041.08.",
        "Points taken back: Shop Card: 4 points, Club: 9 points.",
        "3 points already redeemed.",
    ]);
});

test("an exchange that costs more says what is to pay, and what it earns", async () => {
    const change = { restored_text: "5 points", earned_text: "7 points" };
    const words = await say([change], 12);
    expect(words.sentences).toEqual([
        "To pay: $\u00a012.00. Back to customer: 5 points.",
        "New points: 7 points.",
    ]);
    words.changes[0].restored_text = "";
    expect(words.back).toBe("To pay: $\u00a012.00.");
});

test("nothing is said before the server has answered", async () => {
    expect((await say([])).isKnown).toBe(false);
});
