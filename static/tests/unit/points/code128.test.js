import { describe, expect, test } from "@odoo/hoot";
import { code128Image, code128Widths } from "@customer_points/app/points/code128";

describe.current.tags("headless");

test("a voucher's code has start, check and stop symbols, and the width it must have", () => {
    const widths = code128Widths("12AB-34CD-56EF");
    // 14 characters, start and check of 11 modules each; 13 for the stop.
    expect(widths.reduce((sum, width) => sum + width, 0)).toBe(16 * 11 + 13);
    expect(widths.slice(0, 6).join("")).toBe("211214");
    // The check symbol of this code is 69.
    expect(widths.slice(-13, -7).join("")).toBe("112214");
    expect(widths.slice(-7).join("")).toBe("2331112");
});

test("it is drawn without a server", () => {
    expect(code128Image("12AB-34CD-56EF")).toMatch(/^data:image.svg/);
});
