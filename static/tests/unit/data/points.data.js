import { patch } from "@web/core/utils/patch";
import { fields, models } from "@web/../tests/web_test_helpers";
import { hootPosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { PosConfig } from "@point_of_sale/../tests/unit/data/pos_config.data";
import { PosOrderLine } from "@point_of_sale/../tests/unit/data/pos_order_line.data";
import { PosPaymentMethod } from "@point_of_sale/../tests/unit/data/pos_payment_method.data";
import { PosSession } from "@point_of_sale/../tests/unit/data/pos_session.data";
import { ProductProduct } from "@point_of_sale/../tests/unit/data/product_product.data";
import { ProductTemplate } from "@point_of_sale/../tests/unit/data/product_template.data";

export const LOYPAY = 901;
export const LOY = 902;
export const REPAY = 903;
export const PROGRAM = 1;

class PointsProgram extends models.Model {
    _name = "points.program";

    name = fields.Char();

    _load_pos_data_fields() {
        return ["name"];
    }

    _records = [{ id: PROGRAM, name: "Shop Card" }];
}

class PointsReward extends models.Model {
    _name = "points.reward";

    name = fields.Char();
    kind = fields.Char();
    product_id = fields.Many2one({ relation: "product.product" });
    gift_product_id = fields.Many2one({ relation: "product.product" });
    program_id = fields.Many2one({ relation: "points.program" });

    _load_pos_data_fields() {
        return ["name", "kind", "product_id", "gift_product_id", "program_id"];
    }

    _records = ["block", "per_point", "gift", "self_liquidating", "voucher"].map((kind, place) => ({
        id: place + 1,
        name: `Reward ${kind}`,
        kind,
        product_id: LOYPAY,
        gift_product_id: ["gift", "self_liquidating"].includes(kind) ? 5 : false,
        program_id: PROGRAM,
    }));
}

hootPosModels.push(PointsProgram, PointsReward);

patch(PosSession.prototype, {
    _load_pos_data_models() {
        return [...super._load_pos_data_models(), "points.program", "points.reward"];
    },
});

patch(PosOrderLine.prototype, {
    _load_pos_data_fields() {
        return [...super._load_pos_data_fields(), "points_reward_id", "points_voucher_code"];
    },
});
PosOrderLine._fields.points_reward_id = fields.Many2one({ relation: "points.reward" });
PosOrderLine._fields.points_voucher_code = fields.Char();

patch(PosPaymentMethod.prototype, {
    _load_pos_data_fields() {
        return [...super._load_pos_data_fields(), "points_program_id"];
    },
});
PosPaymentMethod._fields.points_program_id = fields.Many2one({ relation: "points.program" });
PosPaymentMethod._records = [
    ...PosPaymentMethod._records,
    {
        id: 9,
        name: "Points",
        is_cash_count: false,
        use_payment_terminal: false,
        split_transactions: false,
        type: "bank",
        image: false,
        sequence: 9,
        payment_method_type: "none",
        default_qr: false,
        points_program_id: PROGRAM,
    },
];

patch(PosConfig.prototype, {
    _load_pos_data_read(data) {
        const records = super._load_pos_data_read(data);
        Object.assign(records[0], {
            _points_is_active: true,
            _points_loy_product_ids: [LOY],
            _points_loypay_product_ids: [LOYPAY],
            _points_repay_product_ids: [REPAY],
            _pos_special_products_ids: [LOYPAY, REPAY],
        });
        return records;
    },
});

ProductTemplate._records = [
    ...ProductTemplate._records,
    ...[
        [LOYPAY, "LOYPAY"],
        [LOY, "LOY"],
        [REPAY, "Redeemed points"],
    ].map(([id, name]) => ({
        id,
        name,
        display_name: name,
        list_price: 0,
        type: "service",
        service_tracking: "no",
        tracking: "none",
        pos_categ_ids: [],
        taxes_id: [],
        uom_id: 1,
        available_in_pos: true,
        active: true,
        attribute_line_ids: [],
        combo_ids: [],
        product_variant_ids: [id],
        pos_optional_product_ids: [],
        product_tag_ids: [],
    })),
];
ProductProduct._records = [
    ...ProductProduct._records,
    ...[
        [LOYPAY, "LOYPAY"],
        [LOY, "LOY"],
        [REPAY, "Redeemed points"],
    ].map(([id, name]) => ({
        id,
        product_tmpl_id: id,
        lst_price: 0,
        standard_price: 0,
        display_name: name,
        product_tag_ids: [],
        barcode: false,
        default_code: false,
        pos_categ_ids: [],
        product_template_attribute_value_ids: [],
        product_template_variant_value_ids: [],
    })),
];
