import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

const USER_ERRORS = ["AccessError", "UserError", "ValidationError"].map(
    (name) => `odoo.exceptions.${name}`
);

/**
 * The server as this register sees it: a question may stay without answer, an action ends in
 * a result or in a sentence for the cashier. Neither stops a sale.
 */
export class PointsServer {
    constructor(pos) {
        this.pos = pos;
    }

    get isOffline() {
        return Boolean(this.pos.data.network.offline);
    }

    get offlineSentence() {
        return _t("The register is offline: points cannot be used now.");
    }

    /**
     * @returns {Promise<any>} undefined when there is no answer
     */
    async read(model, method, args) {
        if (this.isOffline) {
            return undefined;
        }
        try {
            return await this.pos.data.call(model, method, args);
        } catch (error) {
            this.sentenceFor(error);
            return undefined;
        }
    }

    /**
     * @returns {Promise<{refused: string, isOffline?: boolean}>} the server's result
     */
    async act(model, method, args) {
        if (this.isOffline) {
            return { refused: this.offlineSentence, isOffline: true };
        }
        try {
            return await this.pos.data.call(model, method, args);
        } catch (error) {
            return {
                refused: this.sentenceFor(error),
                isOffline: error instanceof ConnectionLostError,
            };
        }
    }

    /**
     * Say in words what went wrong; what is no failure of the server is a bug: let it out.
     */
    sentenceFor(error) {
        if (error instanceof ConnectionLostError) {
            // It never rejects; the register learns that it is off line, and when it is back.
            this.pos.data.checkConnectivity();
            return this.offlineSentence;
        }
        if (!(error instanceof RPCError)) {
            throw error;
        }
        return USER_ERRORS.includes(error.exceptionName) && error.data?.message
            ? error.data.message
            : _t("The server could not process this. Try again.");
    }
}
