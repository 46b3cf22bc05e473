import * as Order from "@point_of_sale/../tests/generic_helpers/order_widget_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import { waitUntil } from "@odoo/hoot-dom";
import * as Register from "./register_utils";

const SHARE = 0.3;
const TARGET = 44;

function fail(sentence) {
    throw new Error(sentence);
}

/** Count what is pressed from now on, until so many keys at most were. */
function countClicks() {
    return {
        content: "count what is pressed from now on",
        trigger: "body",
        run() {
            document.body.dataset.clicks = "0";
            const count = () => {
                document.body.dataset.clicks = Number(document.body.dataset.clicks) + 1;
            };
            document.body.addEventListener("click", count, { capture: true });
        },
    };
}

function clicksAre(most) {
    return {
        content: `at most ${most} keys were pressed`,
        trigger: "body",
        run() {
            const { clicks } = document.body.dataset;
            if (Number(clicks) > most || clicks === "0") {
                fail(`${clicks} keys were pressed, not ${most}`);
            }
        },
    };
}

function measure(content, trigger, check) {
    return { content, trigger, run: ({ anchor }) => check(anchor) };
}

/** Of 768, the height of the smallest screen; nothing of it is out of sight. */
function panelIsLow(content) {
    return measure(content, ".o_points_summary", (panel) => {
        const { height } = panel.getBoundingClientRect();
        if (height > SHARE * innerHeight) {
            fail(`The panel is ${height} of ${innerHeight} high`);
        }
        if (panel.scrollHeight > panel.clientHeight + 1) {
            fail("A part of the panel is out of sight");
        }
    });
}

function keysAreLarge(selector) {
    return measure(`keys are large: ${selector}`, selector, () => {
        for (const key of document.querySelectorAll(selector)) {
            const { height, width } = key.getBoundingClientRect();
            if (Math.min(height, width) < TARGET) {
                fail(`${key.textContent} is ${width} x ${height}`);
            }
        }
    });
}

function chooseCustomer(name = Register.CUSTOMER) {
    return [ProductScreen.clickPartnerButton(), ProductScreen.clickCustomer(name)].flat();
}

Register.addTour(
    "points_register_two_taps",
    Register.enter(["Espresso Machine"]),
    Register.see("something can be redeemed", ".more-btn.active"),
    countClicks(),
    Register.press(
        "1: the reminder",
        ".o_points_reminder:contains('Use 50 points for $ 5.00 off')"
    ),
    keysAreLarge(".modal-footer button"),
    Register.see("the question", ".modal-body:contains('Redeem 50 points for $ 5.00 off?')"),
    Register.see("the other key", ".modal-footer .btn-secondary:contains('Cancel')"),
    Register.press("2: redeem", ".modal-footer .btn-primary:contains('Redeem')"),
    Register.lineIs("Five Off", "-5.00"),
    clicksAre(2),
    Register.totalIs("245.00"),
    Register.payWith("Cash"),
    Register.receiptSays("redeemed", "50")
);

// Nothing but a keyboard, from the reminder to the line on the order.
Register.addTour(
    "points_register_by_keyboard",
    Register.enter(["Espresso Machine"]),
    {
        content: "the reminder is reached, and pressed",
        trigger: ".o_points_reminder[aria-disabled=false]",
        run({ anchor, press }) {
            anchor.focus();
            return press("Enter");
        },
    },
    {
        content: "the main key has the focus",
        trigger: ".modal-footer .btn-primary:contains('Redeem')",
        async run({ anchor, press }) {
            await waitUntil(() => document.activeElement.closest(".modal"));
            anchor.focus();
            await press("Enter");
        },
    },
    Register.lineIs("Five Off", "-5.00"),
    {
        content: "a line says that it opens",
        trigger: "button.o_points_row[aria-expanded=false]",
        run({ anchor, press }) {
            anchor.focus();
            return press("Enter");
        },
    },
    Register.see("it is open", "button.o_points_row[aria-expanded=true]"),
    Register.see("what is left", ".o_points_detail:contains('350 points left')")
);

Register.addTour(
    "points_register_five_programs",
    Register.enter(["Espresso Machine", "Coffee Cup"]),
    Register.see("five lines", ".o_points_summary:has(button.o_points_row:eq(4))"),
    Register.see("what they get", ".o_points_change:contains('+254')"),
    panelIsLow("five programs are at most 30 % of the height"),
    Register.openPoints(),
    keysAreLarge(".o_points_reward, .o_points_dialog .modal-footer button, .o_points_use"),
    Register.see("what is missing", ".o_points_refusal:contains('26 points missing')"),
    Register.pressReward("Any Number"),
    keysAreLarge(".o_points_number button:not(.btn-close)"),
    Register.press("the most", ".o_points_most:contains('Use maximum (400)')"),
    Register.takeTyped("Redeem 400 points for $ 40.00 off?"),
    Register.lineIs("Any Number", "-40.00"),
    ProductScreen.clickPayButton(),
    PaymentScreen.totalIs("214.00"),
    measure("all methods are in sight", ".paymentmethods", (methods) => {
        const bottom = methods.closest(".overflow-auto").getBoundingClientRect().bottom;
        for (const method of methods.querySelectorAll(".paymentmethod")) {
            if (method.getBoundingClientRect().bottom > bottom + 1) {
                fail(`${method.textContent} is out of sight`);
            }
        }
    })
);

Register.addTour(
    "points_register_join",
    ProductScreen.clickDisplayedProduct("Espresso Machine"),
    ProductScreen.clickPartnerButton(),
    Register.see(
        "a member",
        ".partner-line:contains('Anna Lindqvist') .o_points_member:contains('Shop Card: 400 points')"
    ),
    Register.see(
        "no member",
        ".partner-line:contains('Nora New') .o_points_no_member:contains('Not a member')"
    ),
    ProductScreen.clickCustomer("Nora New"),
    countClicks(),
    Register.press("join", ".o_points_join:contains('Join Shop Card')"),
    Register.see("it says so", ".o_notification:contains('Joined Shop Card.')"),
    Register.balanceIs("0 points"),
    clicksAre(1),
    Register.see("once", ".o_points_summary:not(:has(.o_points_join))"),
    Register.orderEarns("250"),
    Register.payWith("Cash"),
    Register.receiptSays("balance", "250")
);

// The same numbers are booked: see the test.
Register.addTour(
    "points_register_refund_says",
    Register.enter(["Coffee Machine", "Coffee Machine"]),
    Register.openPoints(),
    Register.takeReward("Sixty Off", "Redeem 60 points for"),
    Register.totalIs("140.00"),
    Register.payWith("Cash"),
    Register.nextOrder(),
    Register.returnProduct("Coffee Machine", "2"),
    PaymentScreen.totalIs("-140.00"),
    Register.see(
        "what comes back",
        ".o_points_refund:contains('Back to customer: $ 140.00 and 60 points.')"
    ),
    Register.see(
        "what is taken back",
        ".o_points_refund:contains('Points taken back: 140 points.')"
    ),
    Register.see("nothing is offered", ".o_points_summary:not(:has(.o_points_reminder))"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Register.validate(),
    Register.nextOrder(),
    Order.doesNotHaveLine(),
    chooseCustomer(),
    Register.balanceIs("400")
);

Register.addTour(
    "points_register_question_by_keyboard",
    Register.enter(["Espresso Machine"]),
    ProductScreen.clickPayButton(false),
    {
        content: "the main key has the focus: Enter goes on",
        trigger: ".o_points_go_on",
        async run({ anchor, press }) {
            await waitUntil(() => document.activeElement === anchor);
            await press("Enter");
        },
    },
    PaymentScreen.isShown()
);
