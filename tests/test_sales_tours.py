from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..redemption.sale_redemption import SaleRedemption
from .register_common import RegisterToursCommon


@tagged("post_install", "-at_install")
class TestSalesTours(RegisterToursCommon):
    """What salespeople do in a browser, with no rights on points."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            "points_seller",
            "sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _quote(self, account, **values):
        """Return a quotation of two machines, 200.00, of the salesperson."""
        line = {"product_id": self.machine.id, "product_uom_qty": 2, "price_unit": 100}
        orders = self.env["sale.order"].sudo()
        return orders.create(
            {
                "partner_id": account.partner_id.id,
                "user_id": self.seller.id,
                "order_line": [Command.create({**line, "tax_ids": [Command.clear()]})],
                **values,
            }
        )

    def _open(self, order, tour):
        self.start_tour(f"/odoo/sale.order/{order.id}", tour, login=self.seller.login)

    def test_l10_a_salesperson_redeems_on_a_quotation(self):
        account = self._make_account("Bea Kline", 200)
        self._make_reward("Thousand Off", points_cost=500, value=1000)
        order = self._quote(account)

        self._open(order, "points_redeem_on_quotation")

        account.invalidate_recordset()
        self.assertEqual((order.state, order.amount_total), ("sale", 185))
        self.assertEqual(account.balance, 50)

    def test_two_quotations_with_the_same_points_are_not_confirmed_at_once(self):
        account = self._make_account("Bea Kline", 200)
        self.env["ir.actions.server"].sudo().create(
            {
                "name": "Confirm Quotations",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "binding_model_id": self.env["ir.model"]._get_id("sale.order"),
                "binding_view_types": "list",
                "state": "code",
                "code": "records.action_confirm()",
            }
        )
        orders = self.env["sale.order"]
        for name in ("QUO-1", "QUO-2"):
            orders += self._quote(account, name=name)
            SaleRedemption(orders[-1]).redeem(account.id, self.five_off.id, 3)
            # The points are free again, as some days later.
            self.env["points.hold"].sudo().search([]).expires_at = "2020-01-01"
            self.env.flush_all()
            self.env.invalidate_all()

        # A refused request is in the log.
        with mute_logger("odoo.http"):
            self.start_tour(
                "/odoo/action-sale.action_quotations",
                "points_confirm_quotations",
                login=self.seller.login,
            )

        account.invalidate_recordset()
        self.assertEqual(orders.mapped("state"), ["draft", "sale"])
        self.assertEqual(account.balance, 50)

    # === INVOICES AND PRINTS === #

    def _without_wkhtmltopdf(self):
        """Let prints open as a preview, which a tour can read."""
        Report = self.env.registry["ir.actions.report"]
        return patch.object(Report, "get_wkhtmltopdf_state", lambda self: "install")

    def test_a_quotation_is_printed_with_its_points(self):
        order = self._quote(self._make_account("Bea Kline", 0))
        with self._without_wkhtmltopdf():
            self._open(order, "points_print_quotation")

    def test_an_order_is_invoiced_printed_and_half_of_it_credited(self):
        self.seller.group_ids |= self.env.ref("account.group_account_invoice")
        account = self._make_account("Bea Kline", 0)
        order = self._quote(account)
        order.action_confirm()

        # Odoo writes on an invoice that it prints: its read-only request begins again.
        retried = mute_logger("odoo.http", "odoo.sql_db")
        with self._without_wkhtmltopdf(), retried:
            self._open(order, "points_invoice_and_credit")

        account.invalidate_recordset()
        kinds = order.invoice_ids.sorted("id").mapped("move_type")
        self.assertEqual(kinds, ["out_invoice", "out_refund"])
        self.assertEqual(account.balance, 100)
