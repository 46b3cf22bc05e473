import { _t } from "@web/core/l10n/translation";
import { billKey, spendingLines } from "./bill";

const CODE = /^[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}$/i;

/**
 * Vouchers that a customer brings along: the code is enough, no customer is needed.
 */
export class VoucherUse {
    constructor(till) {
        this.till = till;
    }

    isCode(text) {
        return CODE.test((text || "").trim());
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
        const args = [[], code, billKey(order)];
        const answer = await this.till.server.act("points.voucher", "points_take", args);
        if (!answer.refused) {
            const values = { ...answer.line, points_voucher_code: answer.code || code };
            if (!(await this.till.addPointsLine(order, values))) {
                await this.giveBack(order, code);
                return { refused: _t("The line could not be added to this bill.") };
            }
        }
        return answer;
    }

    obstacle(order, code) {
        if (!this.isCode(code)) {
            return _t("A voucher's code looks like 12AB-34CD-56EF.");
        }
        if (order.isRefund) {
            return _t("Vouchers cannot be used on a return.");
        }
        if (spendingLines(order).some((line) => line.points_voucher_code === code)) {
            return _t("This voucher is on the bill already.");
        }
        return "";
    }

    giveBack(order, code) {
        const args = [[], code, billKey(order)];
        return this.till.server.act("points.voucher", "points_give_back", args);
    }
}
