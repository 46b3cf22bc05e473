import { _t } from "@web/core/l10n/translation";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { SelectionPopup } from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import { holdKey, prepareSale } from "./open_order";

const NOTHING = { refused: "" };

/**
 * Lets the customer of an order join a program: one tap, if only one can be joined.
 */
export class Joining {
    constructor(register) {
        this.register = register;
    }

    /**
     * @param {Object} order
     * @param {{id: number, name: string}[]} programs that the customer may join
     * @returns {Promise<{refused: string}>}
     */
    async ask(order, programs) {
        const program =
            programs.length > 1
                ? await makeAwaitable(this.register.pos.dialog, SelectionPopup, {
                      title: _t("Join program"),
                      list: programs.map((program) => ({
                          id: program.id,
                          label: program.name,
                          item: program,
                      })),
                  })
                : programs[0];
        return program ? this.join(order, program) : NOTHING;
    }

    /** The server decides; who is a member already stays one. */
    async join(order, program) {
        const partnerId = order.getPartner().id;
        const args = [[partnerId], program.id, holdKey(order), prepareSale(order)];
        const answer = await this.register.server.act("res.partner", "points_join", args);
        if (!answer.refused) {
            this.register.customer.take(partnerId, answer.summary);
            this.register.preview.refresh();
            this.register.notify(_t("Joined %s.", program.name), "success");
        }
        return answer;
    }
}
