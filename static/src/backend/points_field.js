import { FloatField, floatField } from "@web/views/fields/float/float_field";
import { formatFloat } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";

const DIGITS = [16, 4];

/**
 * Format points with the decimals they have: 15 and 4.6, not 15.0000.
 *
 * Totals of lists use this formatter too.
 *
 * @param {Number|false} value
 * @param {Object} [options]
 * @returns {String}
 */
export function formatPoints(value, options = {}) {
    return formatFloat(value, { digits: DIGITS, ...options, trailingZeros: false });
}
formatPoints.extractOptions = formatFloat.extractOptions;

export const pointsField = {
    ...floatField,
    component: FloatField,
    supportedTypes: ["float"],
    extractProps: (...args) => ({
        ...floatField.extractProps(...args),
        trailingZeros: false,
    }),
};

registry.category("fields").add("points", pointsField);
registry.category("formatters").add("points", formatPoints);
