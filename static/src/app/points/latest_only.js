/**
 * Asks one thing at a time: what changes while an answer is on its way is asked once,
 * when that answer is back.
 */
export class LatestOnly {
    /**
     * @param {() => Promise<void>} ask reads by itself what is to be asked now
     */
    constructor(ask) {
        this.ask = ask;
        this.isWanted = false;
        this.running = null;
    }

    /**
     * @returns {Promise<void>} resolved when nothing is left to ask
     */
    run() {
        this.isWanted = true;
        this.running ||= this.work();
        return this.running;
    }

    async work() {
        try {
            while (this.isWanted) {
                this.isWanted = false;
                await this.ask();
            }
        } finally {
            this.running = null;
        }
    }
}
