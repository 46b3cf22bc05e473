from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .register_common import RegisterToursCommon


@tagged("post_install", "-at_install")
class TestSalesTours(RegisterToursCommon):
    """What a salesperson does in a browser, with no rights on points."""

    def test_l10_a_salesperson_redeems_on_a_quotation(self):
        seller = new_test_user(
            self.env,
            "points_seller",
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        account = self._make_account("Bea Kline", 200)
        self._make_reward("Thousand Off", points_cost=500, value=1000)
        order = (
            self.env["sale.order"]
            .sudo()
            .create(
                {
                    "partner_id": account.partner_id.id,
                    "user_id": seller.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.machine.id,
                                "product_uom_qty": 2,
                                "price_unit": 100,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        page = f"/odoo/sale.order/{order.id}"
        self.start_tour(page, "points_redeem_on_quotation", login="points_seller")

        account.invalidate_recordset()
        self.assertEqual((order.state, order.amount_total), ("sale", 185))
        self.assertEqual(account.balance, 50)
