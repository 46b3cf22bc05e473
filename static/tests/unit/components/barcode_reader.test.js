import { expect, test } from "@odoo/hoot";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { BarcodeReader } from "@point_of_sale/app/services/barcode_reader_service";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import { loypayLines, setupOrder } from "../utils";

definePosModels();

function makeReader(callbacks) {
    const parser = { parse_barcode: (code) => ({ type: "discount", code, base_code: code }) };
    const reader = new BarcodeReader(parser, {});
    reader.register(callbacks);
    return reader;
}

test("a voucher is taken for no discount, whatever its first digits are", async () => {
    const scanned = [];
    const reader = makeReader({
        product: (code) => scanned.push(["product", code.base_code]),
        discount: (code) => scanned.push(["discount", code.base_code]),
    });
    await reader.scan("2245-00CD-56EF");
    await reader.scan("2245");
    expect(scanned).toEqual([
        ["product", "2245-00CD-56EF"],
        ["discount", "2245"],
    ]);
});

test("scanned on the product screen it pays", async () => {
    const { order } = await setupOrder();
    const screen = await mountWithCleanup(ProductScreen, { props: { orderUuid: order.uuid } });
    await screen._barcodeProductAction({ base_code: "2245-00CD-56EF" });
    expect(loypayLines(order)[0].points_voucher_code).toBe("2245-00CD-56EF");
});
