"""What a paid order counts for: what was paid, when, by whom; whatever it says."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CustomerPointsCommon

_OURS = "odoo.addons.customer_points.models.points_origin"


class PaidOrdersCommon(CustomerPointsCommon):
    """A shop with 1 point per 1.00, and a cashier who may only sell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)
        cls.other = cls._admit(cls.other_customer, cls.program)
        cls.cashier = new_test_user(
            cls.env,
            "only_sells",
            "base.group_user,point_of_sale.group_pos_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _send(self, lines=None, customer=None, changes=(), **values):
        """Send an order as the cashier; ``changes`` are written to its first line."""
        data = self._order_data(lines or [(self.cake, 1)], customer or self.customer)
        data["lines"][0][2].update(changes)
        data.update(values)
        self.env["pos.order"].with_user(self.cashier).sync_from_ui([data])
        return self.env["pos.order"].search([("uuid", "=", data["uuid"])])

    def _reasons(self, order, state="to_check"):
        reviews = self.env["points.review"].search(
            [("root", "=", order._points_root()), ("state", "=", state)]
        )
        return " ".join(reviews.mapped("reason"))

    def _extra_line(self, product, quantity, price, told=None, **values):
        """Return a line whose amounts are as they should be, or as ``told``."""
        amount = quantity * price if told is None else told
        return Command.create(
            {
                "product_id": product.id,
                "qty": quantity,
                "price_unit": price,
                "price_subtotal": amount,
                "price_subtotal_incl": amount,
                "tax_ids": [Command.clear()],
                **values,
            }
        )

    def _send_with(self, *extra, lines=None, total, **values):
        """Send an order with more lines than its products; it is paid by ``total``."""
        data = self._order_data(lines or [(self.cake, 1)], self.customer, **values)
        data["lines"] += extra
        data.update(amount_total=total, amount_paid=total)
        data["payment_ids"][0][2]["amount"] = total
        self.env["pos.order"].with_user(self.cashier).sync_from_ui([data])
        return self.env["pos.order"].search([("uuid", "=", data["uuid"])])


@tagged("post_install", "-at_install")
class TestPaidAmounts(PaidOrdersCommon):
    """Points count what was paid, however the lines of an order are told."""

    def test_a_price_that_was_not_paid_earns_what_was_paid(self):
        for changes in (
            {"price_unit": 2e6, "price_subtotal": 2e6, "price_subtotal_incl": 2e6},
            {"qty": 700, "price_subtotal": 7e4, "price_subtotal_incl": 7e4},
            {"discount": -5e4},
            {"price_unit": 3e5},
        ):
            with self.subTest(changes):
                before = self._points(self.account)
                order = self._send(changes=changes)
                self.assertPoints(self.account, before + 100)
                self.assertIn("only", self._reasons(order))
                order._points_settle()
                self.assertPoints(self.account, before + 100)

    def test_amounts_that_are_only_told_count_for_nothing(self):
        order = self._send(changes={"price_subtotal": 9e4, "price_subtotal_incl": 9e4})
        self.assertPoints(self.account, 100)
        self.assertFalse(self._reasons(order))

    def test_a_line_of_nothing_that_takes_much_off_gives_nothing(self):
        order = self._send_with(
            self._extra_line(self.coffee, 0, 10, told=-49_900),
            lines=[(self.cake, 500)],
            total=100,
        )
        self.assertPoints(self.account, 100)
        self.assertIn("50,000.00", self._reasons(order))

    def test_nothing_paid_earns_nothing(self):
        data = self._order_data([(self.cake, 3)], self.customer)
        data.update(amount_total=0, amount_paid=0, payment_ids=[])
        order = self._sync(data)
        self.assertEqual(order.state, "paid")
        self.assertPoints(self.account, 0)
        self.assertTrue(self._reasons(order))

    def test_points_of_a_unit_count_for_the_paid_part(self):
        self.cake.write({"points_policy": "fixed", "points_per_unit": 30})
        self._send(changes={"qty": 400})
        self.assertPoints(self.account, 30)

    def test_a_refund_credits_no_more_than_was_sold(self):
        sold = self._send([(self.coffee, 2)])
        line = sold.lines
        order = self._send_with(
            self._extra_line(self.coffee, -1, 19_900, refunded_orderline_id=line.id),
            lines=[(self.cake, 200)],
            total=100,
        )
        # The coffee of 10 came back, and 100 was paid.
        self.assertPoints(self.account, 20 - 20 + 120)
        self.assertIn("only", self._reasons(order))

    def test_products_that_come_back_unnamed_take_what_they_credit(self):
        self._send_with(
            self._extra_line(self.coffee, -1, 19_900),
            lines=[(self.cake, 200)],
            total=100,
        )
        self.assertPoints(self.account, 100)

    def test_an_exchange_that_adds_up_is_not_looked_at(self):
        sold = self._send([(self.cake, 2)])
        order = self._send_with(
            self._extra_line(self.cake, -1, 100, refunded_orderline_id=sold.lines.id),
            lines=[(self.tool, 1)],
            total=24,
        )
        self.assertPoints(self.account, 100 + 124)
        self.assertFalse(self._reasons(order))

    def test_a_discount_of_more_than_everything_is_a_discount(self):
        order = self._send_with(
            self._extra_line(self.coffee, 1, 40, discount=200, told=-40),
            lines=[(self.cake, 1)],
            total=60,
        )
        self.assertPoints(self.account, 60)
        self.assertFalse(self._reasons(order))

    def test_products_of_an_order_that_did_not_add_up_come_back_in_full(self):
        order = self._send(changes={"qty": 50})
        self.assertPoints(self.account, 100)
        self._refund(order, {self.cake: 25})
        self.assertPoints(self.account, 50)
        self._refund(order, {self.cake: 25})
        self.assertPoints(self.account, 0)

    def test_a_review_is_not_made_again_when_a_manager_has_looked(self):
        order = self._send(changes={"qty": 50})
        self.env["points.review"].search(
            [("root", "=", order._points_root())]
        ).action_done()
        order._points_settle()
        self._refund(order, {self.cake: 10})
        self.assertFalse(self._reasons(order))

    def test_taxes_that_are_rounded_globally_add_up_to_what_was_paid(self):
        self.env.company.tax_calculation_rounding_method = "round_globally"
        self.program.rule_ids.write(
            {"method": "block", "block_amount": 100, "block_points": 1}
        )
        data = self._order_data(
            [(self.tool, 1)], self.customer, amount_total=100.01, amount_paid=100.01
        )
        data["payment_ids"][0][2]["amount"] = 100.01
        line = data["lines"][0][2]
        data["lines"] = [
            Command.create({**line, "price_unit": price, "uuid": False})
            for price in [8.06] * 10 + [0.05]
        ]
        for command in data["lines"]:
            price = command[2]["price_unit"]
            command[2].update(
                price_subtotal=price, price_subtotal_incl=round(price * 1.24, 2)
            )
        self._sync(data)
        self.assertPoints(self.account, 1)


@tagged("post_install", "-at_install")
class TestPaidAndWritten(PaidOrdersCommon):
    """Whatever is written to a paid order, it earns no more than when it was paid."""

    def _raise(self, order):
        order.lines.with_user(self.cashier).write(
            {"qty": 900, "price_subtotal": 9e4, "price_subtotal_incl": 9e4}
        )

    def test_raised_lines_earn_nothing_more_whoever_the_customer_is(self):
        order = self._send()
        self._raise(order)
        order.partner_id = self.other_customer
        self.assertPoints(self.account, 0)
        self.assertPoints(self.other, 100)
        order._points_settle()
        self.assertPoints(self.other, 100)

    def test_lines_whose_product_is_changed_keep_what_they_earned(self):
        self.coffee.points_policy = "excluded"
        order = self._send([(self.coffee, 4)])
        order.lines.with_user(self.cashier).product_id = self.cake
        order.write({"partner_id": self.customer.id})
        self.assertPoints(self.account, 0)

    def test_a_walk_in_order_that_is_raised_earns_what_was_paid(self):
        order = self._sell((self.cake, 1), customer=self.customer, partner_id=False)
        self.assertPoints(self.account, 0)
        self._raise(order)
        order.partner_id = self.customer
        self.assertPoints(self.account, 100)

    def test_a_payment_added_afterwards_earns_nothing(self):
        order = self._send()
        self._raise(order)
        method = order.payment_ids.payment_method_id
        self.env["pos.payment"].with_user(self.cashier).create(
            {"pos_order_id": order.id, "amount": 8e4, "payment_method_id": method.id}
        )
        order.amount_total = 9e4
        order.partner_id = self.other_customer
        self.assertPoints(self.other, 100)

    def test_an_order_created_as_paid_earns_what_was_registered(self):
        self._order_data([(self.cake, 1)])
        values = {
            "session_id": self.pos_session.id,
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "state": "paid",
            "amount_total": 6e4,
            "amount_paid": 6e4,
            "amount_tax": 0,
            "amount_return": 0,
            "lines": [self._extra_line(self.cake, 600, 100)],
        }
        order = self.env["pos.order"].with_user(self.cashier).create(values)
        order.partner_id = self.customer
        self.assertPoints(self.account, 0)

        draft = self.env["pos.order"].with_user(self.cashier)
        draft = draft.create({**values, "state": "draft"})
        draft.action_pos_order_paid()
        self.assertPoints(self.account, 0)
        self.assertTrue(self._reasons(draft))

    def test_a_refund_that_is_written_to_gives_no_points_back(self):
        order = self._send([(self.cake, 5)])
        refund = self._refund(order)
        self.assertPoints(self.account, 0)
        refund.lines.with_user(self.cashier).write({"qty": -0.01})
        refund._points_settle()
        order._points_settle()
        self.assertPoints(self.account, 0)

    def test_a_later_date_moves_no_points(self):
        self.program.rule_ids.date_to = fields.Date.today() - timedelta(days=40)
        order = self._send()
        order.with_user(self.cashier).date_order -= timedelta(days=60)
        order.write({"partner_id": self.customer.id})
        self.assertPoints(self.account, 0)
        self.assertIn("outside its session", self._reasons(order))


@tagged("post_install", "-at_install")
class TestPaidByAnother(PaidOrdersCommon):
    """The customer of a paid order: a manager of the register moves its points."""

    def test_a_cashier_changes_the_customer_and_the_points_stay(self):
        order = self._send()
        order.with_user(self.cashier).partner_id = self.other_customer
        self.assertPoints(self.account, 100)
        self.assertPoints(self.other, 0)
        self.assertIn(self.other_customer.name, self._reasons(order))
        self._refund(order)
        self.assertPoints(self.account, 0)
        self.assertPoints(self.other, 0)

    def test_a_customer_given_afterwards_by_a_cashier_earns_nothing_yet(self):
        order = self._sell((self.cake, 1), partner_id=False)
        order.with_user(self.cashier).partner_id = self.customer
        self.assertPoints(self.account, 0)
        review = self.env["points.review"].search(
            [("root", "=", order._points_root()), ("state", "=", "to_check")]
        )
        self.assertIn(self.customer.name, review.reason)

        review.action_move_points()

        self.assertPoints(self.account, 100)
        self.assertEqual(review.state, "done")
        self.assertIn("moved", order.message_ids[:1].body)

    def test_a_manager_of_the_register_moves_points_and_leaves_a_trace(self):
        manager = new_test_user(
            self.env,
            "register_manager",
            "base.group_user,point_of_sale.group_pos_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        order = self._send()
        order.with_user(manager).partner_id = self.other_customer
        self.assertPoints(self.account, 0)
        self.assertPoints(self.other, 100)
        self.assertIn(self.other_customer.name, order.message_ids[:1].body)
        self.assertFalse(self._reasons(order))

    def test_a_receipt_link_moves_no_points(self):
        visitor = new_test_user(self.env, "visitor_points", "base.group_portal")
        order = self._send()
        order.with_user(visitor).sudo().partner_id = self.other_customer
        self.assertPoints(self.account, 100)
        self.assertPoints(self.other, 0)

    def test_nobody_writes_what_was_kept_of_a_payment(self):
        order = self._send().with_user(self.cashier)
        for values in (
            {"points_paid": 1e6},
            {"points_customer_id": self.other_customer.id},
            {"points_sold_at": "2026-01-01 10:00:00"},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                order.write(values)


@tagged("post_install", "-at_install")
class TestPaidWhen(PaidOrdersCommon):
    """The date of an order is believed within its session and now."""

    def _campaign(self):
        today = fields.Date.today()
        self.program.rule_ids.write(
            {"date_from": today - timedelta(50), "date_to": today - timedelta(30)}
        )

    def test_a_date_in_a_campaign_that_is_over_is_not_believed(self):
        self._campaign()
        order = self._send(date_order=fields.Datetime.now() - timedelta(40))
        self.assertPoints(self.account, 0)
        self.assertIn("outside its session", self._reasons(order))

    def test_dates_that_cannot_be_are_dated_now(self):
        self.program.write({"expiry": "rolling", "expiry_months": 12})
        for date in ("1900-02-03 10:00:00", "9999-12-30 23:00:00"):
            with self.subTest(date):
                order = self._send(date_order=date)
                document = order.points_document_ids
                self.assertEqual(document.date, fields.Date.today())
                self.assertIn("outside its session", self._reasons(order))

    def test_an_order_without_a_date_is_dated_now(self):
        order = self._send(date_order=False)
        self.assertEqual(order.points_document_ids.date, fields.Date.today())
        self.assertPoints(self.account, 100)

    def test_what_fails_when_it_is_kept_does_not_lose_the_order(self):
        def fail(order):
            raise ValueError("provoked")

        self.patch(self.env.registry["pos.order"], "_points_believed_date", fail)
        with self.assertLogs("odoo.addons.customer_points", "WARNING"):
            order = self._send()
        self.assertEqual(order.state, "paid")
        self.assertPoints(self.account, 100)

    def test_an_order_of_the_session_keeps_its_date(self):
        self._order_data([(self.cake, 1)])
        day = fields.Datetime.now() - timedelta(days=20)
        self.pos_session.start_at = day - timedelta(hours=2)
        order = self._send(date_order=day)
        self.assertEqual(order.points_document_ids.date, day.date())
        self.assertFalse(self._reasons(order))

    def test_an_order_that_was_off_line_belongs_to_the_session_before(self):
        self._order_data([(self.cake, 1)])
        now = fields.Datetime.now()
        before = self.pos_session
        before.start_at = now - timedelta(days=30)
        self.config.current_session_id.action_pos_session_closing_control()
        self.open_new_session()
        for days, is_believed in ((5, True), (9, False)):
            with self.subTest(days):
                sold_at = now - timedelta(days=days)
                order = self._send(date_order=sold_at)
                self.assertEqual(
                    order.points_document_ids.date == sold_at.date(), is_believed
                )


@tagged("post_install", "-at_install")
class TestPaidWithDownPayment(PaidOrdersCommon):
    """Only a down payment that was made takes money off without lowering points."""

    def setUp(self):
        super().setUp()
        self.deposit = self._make_product("Deposit", 0, type="service")
        self.config.down_payment_product_id = self.deposit

    def test_a_down_payment_without_sales_order_lowers_what_counts(self):
        order = self._send_with(
            self._extra_line(self.deposit, -1, 2900), lines=[(self.cake, 30)], total=100
        )
        self.assertPoints(self.account, 100)
        self.assertIn("Deposit", self._reasons(order))

    def test_a_down_payment_that_was_made_counts_once(self):
        sale = self._make_sale_order()
        paid = self._send_with(
            self._extra_line(self.deposit, 1, 40, sale_order_origin_id=sale.id),
            lines=[(self.coffee, 1)],
            total=50,
        )
        deposit_line = sale.order_line.filtered("is_downpayment")
        deposit_line = deposit_line.filtered(lambda line: not line.display_type)
        self.assertEqual(deposit_line.pos_order_line_ids.order_id, paid)
        self.assertPoints(self.account, 10)
        line = self._extra_line(
            self.deposit,
            -1,
            40,
            sale_order_origin_id=sale.id,
            sale_order_line_id=deposit_line.id,
        )

        first = self._send_with(line, lines=[(self.cake, 1)], total=60)
        self.assertPoints(self.account, 110)
        self.assertFalse(self._reasons(first))
        second = self._send_with(line, lines=[(self.cake, 1)], total=60)
        self.assertPoints(self.account, 170)
        self.assertIn("Deposit", self._reasons(second))
        first._points_settle()
        self.assertPoints(self.account, 170)

    def test_a_clerk_cannot_invent_a_down_payment(self):
        invoice = self._invoice(
            (self.cake, 30, 100), (self.coffee, -1, 2900), post=False
        )
        invoice.invoice_line_ids[-1:].is_downpayment = True
        invoice.action_post()
        self.assertPoints(self.account, 100)
        self.assertIn("Coffee", self._reasons(invoice))


@tagged("post_install", "-at_install")
class TestHostileLinks(PaidOrdersCommon):
    """Lines that name each other in ways that no register makes."""

    def test_lines_that_refund_each_other_end(self):
        first, second = self._send(), self._send()
        # As an import or another module may have left them.
        self.env.flush_all()
        for line, other in ((first, second), (second, first)):
            self.env.cr.execute(
                "UPDATE pos_order_line SET refunded_orderline_id = %s WHERE id = %s",
                [other.lines.id, line.lines.id],
            )
        self.env.invalidate_all()
        with mute_logger(_OURS):
            first._points_settle()
            second._points_settle()
        self.assertPoints(self.account, 200)

    def test_what_a_paid_line_takes_back_cannot_be_changed(self):
        sold, other = self._send([(self.cake, 5)]), self._send()
        refund = self._refund(sold)
        refund.lines.with_user(self.cashier).refunded_orderline_id = other.lines
        self.assertEqual(refund.lines.refunded_orderline_id, sold.lines)
        other._points_settle()
        self.assertPoints(self.account, 100)
