const SMALL = 1e-6;

/**
 * Writes on a return the lines that charge the customer for points that are taken back and
 * have been redeemed already, as the server computes them.
 */
export class Repayment {
    constructor(register) {
        this.register = register;
    }

    /**
     * @param {Object} order
     * @param {Object[]} accounts what the server says of the return, by program
     */
    place(order, accounts) {
        if (!order.isRefund) {
            return;
        }
        const wanted = accounts.map((account) => account.repay).filter(Boolean);
        const lines = order.lines.filter((line) => line.isRepayLine());
        for (const line of lines) {
            if (!wanted.some((values) => values.product_id === line.product_id.id)) {
                line.delete();
            }
        }
        for (const values of wanted) {
            const placed = lines.find((line) => line.product_id.id === values.product_id);
            this.write(order, values, placed);
        }
    }

    write(order, { product_id, name, price_unit, tax_ids }, placed) {
        const { models } = this.register.pos;
        const product = models["product.product"].get(product_id);
        if (!placed && product) {
            models["pos.order.line"].create({
                order_id: order,
                product_id: product,
                full_product_name: name,
                qty: 1,
                price_unit,
                price_type: "manual",
                tax_ids: tax_ids.map((id) => ["link", models["account.tax"].get(id)]),
            });
        } else if (placed && Math.abs(placed.price_unit - price_unit) > SMALL) {
            placed.update({ price_unit, full_product_name: name });
        }
    }
}
