import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { TypedPoints } from "@customer_points/app/points/typed_points";

describe.current.tags("headless");

definePosModels();
// Numbers are written as the language wants.
beforeEach(() => setupPosEnv());

const REWARD = {
    points_per_unit: 1,
    value_per_unit: 0.5,
    step: 5,
    min_quantity: 10,
    max_quantity: 100,
};

function type(quantity, { taken = 0, ...values } = {}) {
    const reward = { ...REWARD, ...values };
    return new TypedPoints({ quantity, reward, left: 120, taken });
}

test("worth and what remains are known while typing", () => {
    const typed = type(20);
    expect(typed.value).toBe(10);
    expect(typed.remaining).toBe(100);
    expect(typed.canBeTaken).toBe(true);
});

test("what the order has already counts", () => {
    const typed = type(20, { taken: 30 });
    expect(typed.canBeTaken).toBe(true);
    expect(type(75, { taken: 30 }).refusal).toMatch(/Up to 70 points/);
});

test("nothing typed: nothing to take, nothing to complain about", () => {
    const typed = type(null);
    expect(typed.canBeTaken).toBe(false);
    expect(typed.refusal).toBe("");
});

test("too many, too few, no whole step, nothing at all", () => {
    expect(type(105).refusal).toMatch(/Up to 100 points/);
    expect(type(5).refusal).toMatch(/At least 10 points/);
    expect(type(12).refusal).toMatch(/steps of 5/);
    expect(type(0).refusal).toMatch(/Enter how many/);
    expect(type(-10).refusal).toMatch(/Enter how many/);
});

test("steps of a cent are no trap of binary numbers", () => {
    expect(type(10.07, { step: 0.01 }).canBeTaken).toBe(true);
});
