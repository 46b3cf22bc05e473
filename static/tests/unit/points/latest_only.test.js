import { describe, expect, test } from "@odoo/hoot";
import { Deferred, tick } from "@odoo/hoot-mock";
import { LatestOnly } from "@customer_points/app/points/latest_only";

describe.current.tags("headless");

test("what changes meanwhile is asked once, when the answer is back", async () => {
    const answers = [new Deferred(), new Deferred()];
    let asked = 0;
    const latest = new LatestOnly(() => answers[asked++]);

    const done = latest.run();
    latest.run();
    latest.run();
    expect(asked).toBe(1);

    answers[0].resolve();
    await tick();
    expect(asked).toBe(2);

    answers[1].resolve();
    await done;
    expect(asked).toBe(2);
    expect(latest.running).toBe(null);
});

test("an error ends the run, and not the next one", async () => {
    let asked = 0;
    const latest = new LatestOnly(async () => {
        asked += 1;
        if (asked === 1) {
            throw new Error("once");
        }
    });
    await expect(latest.run()).rejects.toThrow("once");
    await latest.run();
    expect(asked).toBe(2);
});
