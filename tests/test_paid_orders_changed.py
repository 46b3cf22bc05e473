"""What happens to paid orders afterwards: honest corrections, and the other kind."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .spending_common import SpendingCommon
from .test_paid_orders import PaidOrdersCommon


class ChangedCommon(PaidOrdersCommon):
    def _reviews(self):
        return self.env["points.review"].search([]).mapped("reason")

    def _bank(self):
        methods = self.config.payment_method_ids
        return methods.filtered(lambda method: method.type == "bank")[:1]

    def _send_alone(self, *lines, total):
        """Send an order of these lines alone, paid by ``total`` or not at all."""
        data = self._order_data([(self.coffee, 1)], self.customer)
        data.update(lines=list(lines), amount_total=total, amount_paid=total)
        if total:
            data["payment_ids"][0][2]["amount"] = total
        else:
            data["payment_ids"] = []
        self.env["pos.order"].with_user(self.cashier).sync_from_ui([data])
        return self.env["pos.order"].search([("uuid", "=", data["uuid"])])

    def _deposit_of(self, sale):
        lines = sale.order_line.filtered("is_downpayment")
        return lines.filtered(lambda line: not line.display_type)


@tagged("post_install", "-at_install")
class TestCorrected(ChangedCommon):
    """An order that is corrected honestly keeps its points, and is not looked at."""

    def test_payments_that_change_together_are_settled_together(self):
        order = self._send()
        documents = order.points_document_ids
        payment = order.payment_ids
        other = {"amount": 35, "payment_method_id": self._bank().id}

        order.write(
            {
                "payment_ids": [
                    Command.update(payment.id, {"amount": 65}),
                    Command.create(other),
                ]
            }
        )

        self.assertPoints(self.account, 100)
        self.assertEqual(order.points_document_ids, documents)
        self.assertFalse(self._reviews())

    def test_a_payment_that_is_mended_in_steps_gives_the_points_again(self):
        order = self._send()
        order.payment_ids.amount = 20
        self.assertPoints(self.account, 20)
        order.payment_ids.amount = 100
        self.assertPoints(self.account, 100)
        order.payment_ids.amount = 900
        self.assertPoints(self.account, 100)

    def test_taxes_that_are_archived_later_stay_in_what_was_paid(self):
        order = self._send([(self.tool, 2), (self.coffee, 1)])
        self.tax24.active = False
        self.env.invalidate_all()
        self._refund(order, {self.coffee: 1})
        self.assertPoints(self.account, 248)
        order.partner_id = self.other_customer
        self.assertPoints(self.other, 248)
        self.assertFalse(self._reviews())

    def test_a_final_invoice_that_is_made_again_uses_its_down_payment_again(self):
        sale = self._make_sale_order(tax_ids=False)
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_ids=sale.ids, active_model="sale.order"
        )
        wizard.create(
            {"advance_payment_method": "fixed", "fixed_amount": 30}
        ).create_invoices()
        sale.invoice_ids.action_post()
        final = sale._create_invoices(final=True)
        final.action_post()
        self.assertPoints(self.account, 100)
        self._credit(final)
        self.assertPoints(self.account, 0)

        again = sale._create_invoices(final=True)
        again.action_post()

        self.assertPoints(self.account, 100)
        self.assertFalse(self._reviews())

    def test_a_preview_maps_taxes_as_the_order_will(self):
        position = self.env["account.fiscal.position"].create({"name": "Export"})
        self.env["account.tax"].create(
            {
                "name": "VAT 6",
                "amount": 6,
                "amount_type": "percent",
                "fiscal_position_ids": [Command.set(position.ids)],
                "original_tax_ids": [Command.set(self.tax24.ids)],
            }
        )
        self._order_data([(self.tool, 1)])
        sale = {
            "partner_id": self.customer.id,
            "session_id": self.pos_session.id,
            "lines": [
                {
                    "product_id": self.tool.id,
                    "qty": 1,
                    "price_unit": 100,
                    "tax_ids": self.tax24.ids,
                }
            ],
        }
        Order = self.env["pos.order"]
        self.assertIn("124 points", Order.points_preview(sale)["text"])
        sale["fiscal_position_id"] = position.id
        self.assertIn("106 points", Order.points_preview(sale)["text"])

    def test_taxes_are_previewed_as_they_are_booked(self):
        self._order_data([(self.tool, 1)])
        line = {"product_id": self.tool.id, "qty": 2, "price_unit": 100}
        sale = {
            "partner_id": self.customer.id,
            "session_id": self.pos_session.id,
            "amount_total": 248,
            "lines": [{**line, "price_subtotal": 200, "price_subtotal_incl": 248}],
        }
        for basis, points in (("gross", 248), ("net", 200)):
            with self.subTest(basis):
                self.program.amount_basis = basis
                before = self._points(self.account)
                said = self.env["pos.order"].points_preview(sale)["text"]
                self._sell((self.tool, 2))
                self.assertPoints(self.account, before + points)
                self.assertIn(f"{points} points", said)

    def test_an_old_order_keeps_its_date_when_its_customer_changes(self):
        order = self._send()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pos_order SET points_sold_at = NULL, points_paid_lines = NULL, "
            "date_order = date_order - interval '90 days' WHERE id = %s",
            [order.id],
        )
        self.env.invalidate_all()
        order.partner_id = self.other_customer
        self.assertPoints(self.other, 100)
        document = order.points_document_ids.sorted("id")[-1:]
        self.assertEqual(document.date, order.date_order.date())
        self.assertFalse(self._reviews())


@tagged("post_install", "-at_install")
class TestTamperedWith(ChangedCommon):
    """What is done to paid orders, or with them, makes no points from nothing."""

    def test_a_refund_credits_what_was_paid_for_its_line(self):
        first = self._send(
            [(self.coffee, 1)], changes={"price_unit": 7e3, "price_subtotal_incl": 7e3}
        )
        self.assertPoints(self.account, 10)
        self._send_with(
            self._extra_line(
                self.coffee, -1, 7e3, refunded_orderline_id=first.lines.id
            ),
            lines=[(self.cake, 70)],
            total=0,
        )
        self.assertLessEqual(self._points(self.account), 10)

    def test_what_came_back_is_credited_once(self):
        self.coffee.points_policy = "excluded"
        first = self._send([(self.coffee, 60)])
        for _time in range(3):
            self._send_with(
                self._extra_line(
                    self.coffee, -60, 10, refunded_orderline_id=first.lines.id
                ),
                lines=[(self.cake, 6)],
                total=0,
            )
        self.assertPoints(self.account, 600)

    def test_what_came_back_in_another_currency_is_credited_at_its_rate(self):
        sold = self._send([(self.cake, 10)])
        self.config = self.other_currency_config
        self._send_with(
            self._extra_line(self.cake, -10, 100, refunded_orderline_id=sold.lines.id),
            lines=[(self.cake, 20)],
            total=0,
        )
        self.assertLessEqual(self._points(self.account), 1000)

    def test_what_is_bought_again_must_be_paid_again(self):
        order = self._send([(self.cake, 8)])
        refund = self._refund(order)
        again = self._extra_line(
            self.cake, 8, 100, refunded_orderline_id=refund.lines.id
        )
        unpaid = self._send_alone(again, total=0)
        self.assertPoints(self.account, 0)
        self.assertIn("only", self._reasons(unpaid))

    def test_what_is_bought_and_paid_again_earns_again(self):
        order = self._send([(self.cake, 8)])
        refund = self._refund(order)
        again = self._extra_line(
            self.cake, 8, 100, refunded_orderline_id=refund.lines.id
        )
        self._send_alone(again, total=800)
        self.assertPoints(self.account, 800)
        self.assertFalse(self._reviews())

    def test_payments_that_are_added_or_taken_off_are_settled(self):
        order = self._send([(self.cake, 300)])
        method = order.payment_ids.payment_method_id
        Payment = self.env["pos.payment"].with_user(self.cashier)
        back = Payment.create(
            {
                "pos_order_id": order.id,
                "amount": -29_000,
                "payment_method_id": method.id,
            }
        )
        self.assertPoints(self.account, 1000)
        back.unlink()
        self.assertPoints(self.account, 30_000)
        order.payment_ids.with_user(self.cashier).unlink()
        self.assertPoints(self.account, 0)

    def test_a_browser_cannot_keep_payments_from_being_settled(self):
        order = self._send([(self.cake, 5)])
        payments = order.payment_ids.with_user(self.cashier)
        payments.with_context(points_payments=True).write({"amount": 40})
        self.assertPoints(self.account, 40)

    def test_an_exchange_that_is_written_down_stays_one(self):
        order = self._send([(self.cake, 10)])
        exchange = self._send_with(
            self._extra_line(self.cake, -10, 100, refunded_orderline_id=order.lines.id),
            lines=[(self.coffee, 100)],
            total=0,
        )
        self.assertPoints(self.account, 1000)
        back = exchange.lines.filtered(lambda line: line.qty < 0)
        back.with_user(self.cashier).write({"qty": -0.01, "product_id": self.tool.id})
        exchange._points_settle()
        order._points_settle()
        self.assertPoints(self.account, 1000)

    def test_a_down_payment_that_was_given_back_pays_nothing(self):
        deposit = self._make_product("Deposit", 0, type="service")
        self.config.down_payment_product_id = deposit
        sale = self._make_sale_order()
        self._send_with(
            self._extra_line(deposit, 1, 1900, sale_order_origin_id=sale.id),
            lines=[(self.coffee, 1)],
            total=1910,
        )
        sale_line = self._deposit_of(sale)
        sold = sale_line.pos_order_line_ids
        self._send_alone(
            self._extra_line(deposit, -1, 1900, refunded_orderline_id=sold.id),
            total=-1900,
        )
        before = self._points(self.account)

        order = self._send_with(
            self._extra_line(
                deposit,
                -1,
                1900,
                sale_order_origin_id=sale.id,
                sale_order_line_id=sale_line.id,
            ),
            lines=[(self.cake, 20)],
            total=100,
        )

        self.assertPoints(self.account, before + 100)
        self.assertIn("Deposit", self._reasons(order))

    def test_defaults_of_a_cashier_say_nothing_of_what_was_paid(self):
        sold_at = fields.Datetime.now() - timedelta(days=40)
        today = fields.Date.today()
        self.program.rule_ids.write(
            {"date_from": today - timedelta(50), "date_to": today - timedelta(30)}
        )
        Default = self.env["ir.default"].with_user(self.cashier)
        for name, value in (
            ("points_sold_at", fields.Datetime.to_string(sold_at)),
            ("points_paid", 1e6),
            ("points_customer_id", self.other_customer.id),
        ):
            Default.set("pos.order", name, value, user_id=True)
        order = self._send()
        self.assertPoints(self.account, 0)
        self.assertPoints(self.other, 0)
        self.assertEqual(order.sudo().points_paid, 100)

    def test_before_the_cash_is_counted_no_old_date_is_believed(self):
        self._order_data([(self.cake, 1)])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pos_session SET start_at = NULL WHERE id = %s",
            [self.pos_session.id],
        )
        self.env.invalidate_all()
        order = self._send(date_order=fields.Datetime.now() - timedelta(days=40))
        self.assertEqual(order.points_document_ids.date, fields.Date.today())

    def test_amounts_of_taxes_that_a_browser_tells_are_not_read(self):
        told = {
            "manual_tax_amounts": {"1": {}},
            "currency_id": self.config.currency_id.id,
            "price_unit": 10,
            "discount": 0,
            "quantity": 1,
            "manual_total_excluded_currency": 8e3,
        }
        for strange in (told, ["x"], "x", {"manual_tax_amounts": "x"}):
            with self.subTest(strange):
                order = self._send(
                    [(self.coffee, 1)], changes={"extra_tax_data": strange}
                )
                self.assertEqual(order.lines.points_gross, 10)

    def test_what_no_number_can_be_counts_for_nothing(self):
        order = self._send(changes={"price_unit": 1e30})
        self.assertFalse(self._reasons(order, "to_settle"))
        self.assertLessEqual(self._points(self.account), 100)


@tagged("post_install", "-at_install")
class TestRewardsAfterwards(SpendingCommon):
    """Rewards on orders that come back, or were taken off line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.value_per_point = 1
        cls._adjust(cls, 500)

    def _reviews(self):
        return self.env["points.review"].search([]).mapped("reason")

    def test_a_reward_that_is_given_back_must_be_paid(self):
        block = self._make_reward(points=50, value=50)
        order = self._buy([(self.cake, 1)], (block, 1, -50))
        before = self._points(self.account)
        line = order.lines.filtered(lambda line: line.product_id == block.product_id)
        data = self._order_data([(self.coffee, 1)], self.customer)
        data["lines"] = [
            self._reward_line(block, -1, -50, refunded_orderline_id=line.id)
        ]
        data.update(amount_total=0, amount_paid=0, payment_ids=[])
        self._sync(data)
        self.assertPoints(self.account, before)

    def test_a_taxed_reward_of_a_value_program_is_not_odd(self):
        taxed = self._make_loypay("Taxed LOYPAY")
        taxed.taxes_id = self.tax24
        program = self._make_program(mode="value")
        account = self._admit(self.customer, program)
        self._adjust(100, account)
        reward = self._make_reward(
            kind="per_point", points=1, value=0, product=taxed, program=program
        )
        identity, key = self._new_order()
        taken = self._reserve(reward, 7, key, 100, account)
        line = taken["line"]
        self._buy(
            [(self.cake, 1)],
            (
                reward,
                7,
                -1,
                {
                    "price_unit": line["price_unit"],
                    "tax_ids": [Command.set(line["tax_ids"])],
                    "price_subtotal": 7 * line["price_unit"],
                    "price_subtotal_incl": -7,
                },
            ),
            uuid=identity,
        )
        self.assertFalse(self._reviews())

    def test_limits_see_the_whole_order_off_line(self):
        second = self._make_program(name="Two", value_per_point=1)
        self._adjust(500, self._admit(self.customer, second))
        mine = self._make_reward(points=40, value=40)
        theirs = self._make_reward(points=60, value=60, program=second)
        self.program.max_redeem_percent = 40
        self._buy([(self.cake, 1)], (mine, 1, -40), (theirs, 1, -60))
        self.assertFalse(self._reviews())
