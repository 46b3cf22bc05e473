import { _t } from "@web/core/l10n/translation";
import { holdKey, prepareSale, spendingLines } from "./open_order";

const CODE = /^[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}$/i;

/** @returns {boolean} whether this looks like the code of a voucher */
export function isVoucherCode(text) {
    return CODE.test((text || "").trim());
}

/**
 * Vouchers that a customer brings along: the code is enough, no customer is needed.
 */
export class VoucherUse {
    constructor(register) {
        this.register = register;
    }

    /**
     * @returns {Promise<{refused: string}>}
     */
    async take(order, text) {
        const code = text.trim().toUpperCase();
        const refused = this.obstacle(order, code);
        if (refused) {
            return { refused };
        }
        const answer = await this.keep(order, code);
        if (!answer.refused) {
            const values = { ...answer.line, points_voucher_code: answer.code || code };
            if (!(await this.register.addPointsLine(order, values))) {
                await this.giveBack(order, code);
                return { refused: _t("The line could not be added to this order.") };
            }
        }
        return answer;
    }

    obstacle(order, code) {
        if (!isVoucherCode(code)) {
            return _t("A voucher code looks like 12AB-34CD-56EF.");
        }
        if (order.isRefund) {
            return _t("Vouchers cannot be used on a return.");
        }
        if (spendingLines(order).some((line) => line.points_voucher_code === code)) {
            return _t("This voucher is already on the order.");
        }
        return "";
    }

    /** Keep a voucher for an order; asking again keeps it longer. */
    async keep(order, code) {
        const args = [[], code, holdKey(order), prepareSale(order)];
        const answer = await this.register.server.act("points.voucher", "points_take", args);
        if (!answer.refused) {
            this.register.holds.fresh.note(`${holdKey(order)} ${code}`, "");
        }
        return answer;
    }

    giveBack(order, code) {
        this.register.holds.fresh.forget(`${holdKey(order)} ${code}`);
        const args = [[], code, holdKey(order)];
        return this.register.server.act("points.voucher", "points_give_back", args);
    }
}
