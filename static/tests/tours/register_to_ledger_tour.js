/* global posmodel */

import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/**
 * Send each order to the server three times, as a register with a bad line does.
 */
function sendOrdersThreeTimes() {
    return {
        content: "from now on each order is sent three times",
        trigger: "body",
        run() {
            const call = posmodel.data.call.bind(posmodel.data);
            posmodel.data.call = async (model, method, ...rest) => {
                if (method === "sync_from_ui") {
                    const again = JSON.parse(JSON.stringify(rest));
                    await call(model, method, ...again);
                    await call(model, method, ...JSON.parse(JSON.stringify(rest)));
                    document.body.dataset.sentThreeTimes = "yes";
                }
                return call(model, method, ...rest);
            };
        },
    };
}

registry.category("web_tour.tours").add("points_sell_at_the_register", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.clickDisplayedProduct("Espresso Machine"),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Anna Lindqvist"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            sendOrdersThreeTimes(),
            PaymentScreen.clickValidate(),
            ReceiptScreen.isShown(),
            {
                content: "the order was sent three times",
                trigger: "body[data-sent-three-times=yes]",
            },
            ReceiptScreen.clickNextOrder(),
            ProductScreen.isShown(),
        ].flat(),
});

registry.category("web_tour.tours").add("points_find_in_the_ledger", {
    steps: () => [
        ...stepUtils.goToAppSteps(
            "customer_points.customer_points_menu_root",
            "open Customer Points"
        ),
        {
            content: "open the menu of customers",
            trigger:
                ".o_menu_sections [data-menu-xmlid='customer_points.customer_points_menu_customers']",
            run: "click",
        },
        {
            content: "open the ledger",
            trigger: ".o-dropdown-item[data-menu-xmlid='customer_points.points_entry_menu']",
            run: "click",
        },
        {
            content: "one row: the points of this sale; open it",
            trigger:
                ".o_list_view .o_data_row:only-of-type:contains('Anna Lindqvist') [name=points]:contains(/^20$/)",
            run: "click",
        },
        {
            content: "the document says why",
            trigger:
                ".o_form_view [name=explanation_table]:contains('Espresso Machine'):contains('10 points per full')",
        },
    ],
});
