"""Quotations that redeem points, signed and paid by their customers in the portal."""

from datetime import timedelta
from unittest.mock import patch

from lxml import html

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..redemption.sale_redemption import SaleRedemption
from .spending_common import SpendingCommon

_GONE = "The points that this quotation redeems are no longer available. "
_GONE += "Your salesperson has been told."
_NO_FIT = "The points that this quotation redeems no longer fit its products. "
_NO_FIT += "Your salesperson has been told."
#: A signature of one pixel.
_INK = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9Q"
_INK += "DwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
class TestOnlinePayments(SpendingCommon, HttpCase):
    """Points are worth 1.00 each; the visitor is not logged in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.value_per_point = 1
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        cls.ten = cls._make_reward(points=10, value=10)
        cls.seller = new_test_user(
            cls.env,
            "seller",
            "sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.provider = cls._make_provider()

    @classmethod
    def _make_provider(cls):
        """Return a provider of payments that sends to another page."""
        method = cls.env.ref("payment.payment_method_unknown")
        form = cls.env["ir.ui.view"].create(
            {"name": "Pay", "type": "qweb", "arch": "<form action='pay'/>"}
        )
        provider = cls.env["payment.provider"].create(
            {
                "name": "Bank",
                "code": "none",
                "state": "test",
                "is_published": True,
                "company_id": cls.company.id,
                "payment_method_ids": [Command.set(method.ids)],
                "redirect_form_view_id": form.id,
            }
        )
        method.active = True
        bank = cls.company_data["default_journal_bank"]
        cls._create_dummy_payment_method_for_provider(provider, bank)
        lines = bank.inbound_payment_method_line_ids
        line = lines.filtered(lambda each: each.payment_provider_id == provider)
        line.payment_account_id = cls.inbound_payment_method_line.payment_account_id
        return provider

    def setUp(self):
        super().setUp()
        self._adjust(100)

    # === SHORT WAYS === #

    def _quotation(self, quantity=9, **values):
        """Return a quotation of 200.00 that waits for its payment."""
        line = {"product_id": self.cake.id, "product_uom_qty": 2, "price_unit": 100}
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.seller.id,
                "require_signature": False,
                "require_payment": True,
                "prepayment_percent": 1.0,
                "state": "sent",
                "order_line": [Command.create({**line, "tax_ids": [Command.clear()]})],
                **values,
            }
        )
        SaleRedemption(order).redeem(self.account.id, self.ten.id, quantity)
        order._portal_ensure_token()
        return order

    def _holds(self):
        self.env.invalidate_all()
        return self.env["points.hold"].sudo().search([])

    def _lapse(self):
        self._holds().expires_at = "2020-01-01"
        self.env.flush_all()

    def _lose(self):
        """Let points lapse, and be gone."""
        self._lapse()
        self._adjust(-40)

    def _ask(self, order, route, **values):
        """Send what the page of an order sends; return the sentence that refuses it.

        In tests, what is refused takes back the activity as well.
        """
        values["access_token"] = order.access_token
        self.env.flush_all()
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/my/orders/{order.id}/{route}", json={"params": values}
            )
        self.env.invalidate_all()
        return answer.json().get("error", {}).get("data", {}).get("message", "")

    def _choose(self, order, amount=None):
        """Choose a provider on the page of an order; return why that is refused."""
        return self._ask(
            order,
            "transaction",
            provider_id=self.provider.id,
            payment_method_id=self.provider.payment_method_ids.id,
            token_id=None,
            amount=amount or order.amount_total,
            flow="redirect",
            tokenization_requested=False,
            landing_route=order.get_portal_url(),
        )

    def _refuse(self, order, method, said=_GONE):
        """Assert that a visitor's order is refused; leave what is left of that."""
        try:
            getattr(order.with_user(SUPERUSER_ID), method)()
        except UserError as error:
            self.assertEqual(str(error), said)
        else:
            self.fail("It was not refused.")
        self.env.invalidate_all()

    def _begin(self, order, amount=None):
        """Begin the payment of an order; return its transactions."""
        self.assertEqual(self._choose(order, amount), "")
        return order.transaction_ids

    def _pay(self, transaction):
        """Let the payment of a visitor arrive, who comes back from the provider."""
        transaction._set_done()
        self.env.flush_all()
        answer = self.make_jsonrpc_request("/payment/status/poll", {})
        self.env.invalidate_all()
        self.assertTrue(transaction.is_post_processed)
        return answer

    def _activities(self, order):
        return order.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id.name == "Points No Longer Available"
            )
        )

    def _said(self, order):
        """Return what the page of an order says of points that are gone."""
        self.env.flush_all()
        response = self.url_open(order.get_portal_url())
        self.assertEqual(response.status_code, 200)
        page = html.fromstring(response.text)
        return [
            each.text_content().strip()
            for each in page.xpath("//div[@name='points_waiting']")
        ]

    # === BEFORE THE PAYMENT === #

    def test_l11_a_paid_quotation_takes_its_points(self):
        order = self._quotation()
        transaction = self._begin(order)
        self.assertEqual(transaction.amount, 110)
        self._pay(transaction)
        self.assertEqual(order.state, "sale")
        self.assertTrue(transaction.payment_id)
        self.assertPoints(self.account, 10)
        self.assertFalse(self._activities(order))

    def test_l11_points_are_kept_for_as_long_again_when_a_payment_begins(self):
        order = self._quotation()
        hold = self._holds()
        hold.expires_at = fields.Datetime.now() + timedelta(minutes=1)
        self._begin(order)
        hold.invalidate_recordset()
        days = timedelta(days=self.company.points_hold_days - 1)
        self.assertGreater(hold.expires_at, fields.Datetime.now() + days)

    def test_l11_points_that_lapsed_are_set_aside_anew_when_a_payment_begins(self):
        order = self._quotation()
        self._lapse()
        self.assertFalse(self.env["points.hold"]._get_of_order(order._points_root()))
        self._begin(order)
        self.account.invalidate_recordset()
        self.assertEqual(self.account.available, 10)

    def test_who_pays_for_points_that_are_gone_reads_a_sentence(self):
        order = self._quotation()
        self._lose()
        self.assertEqual(self._said(order), [], "nobody has tried")
        self.assertEqual(self._choose(order), _GONE)
        self.assertFalse(order.transaction_ids)
        for _click in range(2):
            self._refuse(order, "_points_check_paying")
        activity = self._activities(order)
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.seller)
        self.assertIn("Only 60 points available", activity.note)
        self.assertNotIn("has paid", activity.note)
        self.assertEqual(self._said(order), [_GONE])

    def test_who_pays_an_order_that_costs_less_than_its_points_reads_why(self):
        order = self._quotation(quantity=9)
        order.order_line[0].price_unit = 20
        self.assertLess(order.amount_total, 0)
        self.assertEqual(self._choose(order, 1), _NO_FIT)
        self._refuse(order, "_points_check_paying", _NO_FIT)
        activity = self._activities(order)
        self.assertIn("40.00 remains to be paid", activity.note)
        self.assertEqual(self._said(order), [_NO_FIT])

    def test_the_activity_ends_when_the_points_are_back(self):
        order = self._quotation()
        self._lose()
        self._refuse(order, "_points_check_paying")
        self._adjust(40)
        self._pay(self._begin(order))
        self.assertEqual(order.state, "sale")
        self.assertFalse(self._activities(order))
        self.assertEqual(self._said(order), [])

    def test_a_part_needs_the_points_too_and_a_confirmed_order_none(self):
        order = self._quotation(prepayment_percent=0.5)
        self._pay(self._begin(order, amount=55))
        self.assertEqual(order.state, "sale")
        self._adjust(-10)
        self._begin(order, amount=55)
        self.assertEqual(len(order.transaction_ids), 2)

    def test_a_visitor_of_another_company_pays_with_points_that_lapsed(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.ref("base.public_user").sudo().write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        order = self._quotation()
        self._lapse()
        self._pay(self._begin(order))
        self.assertEqual(order.state, "sale")
        self.assertPoints(self.account, 10)

    def test_the_salesperson_reads_it_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"]._load_module_terms(["customer_points"], ["de_DE"])
        self.seller.lang = "de_DE"
        order = self._quotation()
        self._lose()
        self._refuse(order, "_points_check_paying")
        self.assertIn("löst Punkte ein", self._activities(order).note)

    # === POINTS THAT GO DURING THE PAYMENT === #

    def test_a_payment_is_kept_and_the_order_waits_when_its_points_are_gone(self):
        order = self._quotation()
        transaction = self._begin(order)
        self._lose()
        self._pay(transaction)
        self.assertEqual((order.state, order.amount_paid), ("sent", 110))
        self.assertEqual(transaction.payment_id.state, "in_process")
        activity = self._activities(order)
        self.assertEqual(activity.user_id, self.seller)
        self.assertIn("Only 60 points available", activity.note)
        self.assertIn("The customer has paid $&nbsp;110.00", activity.note)
        self.assertEqual(self._said(order), [_GONE])
        self.assertPoints(self.account, 60)

    def test_the_order_that_waits_is_confirmed_once_its_points_are_back(self):
        order = self._quotation()
        transaction = self._begin(order)
        self._lose()
        self._pay(transaction)
        with self.assertRaisesRegex(UserError, "Only 60 points available"):
            order.with_user(self.seller).action_confirm()
        self._adjust(40)
        order.with_user(self.seller).action_confirm()
        self.assertFalse(self._activities(order))
        self.assertEqual(self._said(order), [])
        self.assertPoints(self.account, 10)

    def test_the_order_that_waits_is_confirmed_without_the_reward(self):
        order = self._quotation()
        transaction = self._begin(order)
        self._lose()
        self._pay(transaction)
        SaleRedemption(order.with_user(self.seller)).redeem(
            self.account.id, self.ten.id, 6
        )
        self.assertEqual(self._said(order), [], "it redeems what is there")
        order._points_redeemed_lines().with_user(self.seller).unlink()
        self.assertEqual(self._said(order), [])
        order.with_user(self.seller).action_confirm()
        self.assertEqual((order.state, order.amount_total), ("sale", 200))
        self.assertPoints(self.account, 60)

    def test_nothing_is_tried_for_ever(self):
        """The scheduled job does what follows a payment when nobody comes back."""
        order = self._quotation()
        transaction = self._begin(order)
        self._lose()
        transaction._set_done()
        with patch.object(self.env.cr, "commit"):
            for _run in range(2):
                transaction._cron_post_process()
        self.assertTrue(transaction.is_post_processed)
        self.assertEqual(order.state, "sent")
        self.assertEqual(len(self._activities(order)), 1)

    def test_an_authorized_payment_waits_as_well(self):
        order = self._quotation()
        transaction = self._begin(order)
        self._lose()
        self.provider.support_manual_capture = "full_only"
        transaction._set_authorized()
        transaction._post_process()
        self.assertEqual(order.state, "sent")
        self.assertIn("has paid", self._activities(order).note)

    def test_points_restored_at_that_moment_are_looked_at_again(self):
        order = self._quotation()
        transaction = self._begin(order)
        transaction._set_done()
        back = ConcurrencyError("Points have just been restored.")
        with (
            patch.object(SaleRedemption, "hold_again", side_effect=back),
            patch.object(self.env.cr, "rollback"),
            self.assertNoLogs("odoo.addons.payment", "WARNING"),
        ):
            transaction._cron_post_process()
        self.assertFalse(transaction.is_post_processed)
        transaction._post_process()
        self.assertEqual(order.state, "sale")

    # === INVOICED AT ONCE === #

    def test_an_automatic_invoice_is_paid_with_points_and_money(self):
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
        order = self._quotation()
        transaction = self._begin(order)
        self._pay(transaction)
        invoice = order.invoice_ids
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 110))
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(transaction.invoice_ids, invoice)
        self.assertPoints(self.account, 100 - 90 + 110)

    def test_no_automatic_invoice_of_an_order_that_waits(self):
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
        order = self._quotation()
        transaction = self._begin(order)
        self._lose()
        self._pay(transaction)
        self.assertFalse(order.invoice_ids)
        self.assertTrue(transaction.payment_id)

    # === SIGNING === #

    def test_l11_a_signed_quotation_takes_its_points(self):
        order = self._quotation(require_signature=True, require_payment=False)
        self._lapse()
        self.assertEqual(self._ask(order, "accept", name="A", signature=_INK), "")
        self.assertEqual((order.state, order.signed_by), ("sale", "A"))
        self.assertPoints(self.account, 10)

    def test_who_signs_for_points_that_are_gone_reads_a_sentence(self):
        order = self._quotation(require_signature=True, require_payment=False)
        self._lose()
        self.assertEqual(self._ask(order, "accept", name="A", signature=_INK), _GONE)
        self.assertFalse(order.signature)
        for _click in range(2):
            self._refuse(order, "_validate_order")
        self.assertEqual(len(self._activities(order)), 1)
        self.assertEqual(self._said(order), [_GONE])
