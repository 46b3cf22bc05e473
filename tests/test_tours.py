from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.point_of_sale.tests import test_frontend

#: Odoo lists this file in its assets; copies of Odoo without it log an error.
_MISSING_ASSET = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@tagged("post_install", "-at_install")
class TestTours(test_frontend.TestPointOfSaleHttpCommon):
    """What a shop does on a day, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("customer_points.group_points_manager")
        cls.points_user = new_test_user(
            cls.env,
            "points_user",
            "customer_points.group_points_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.env["product.product"].create(
            {
                "name": "Espresso Machine",
                "list_price": 250,
                "taxes_id": [Command.clear()],
                "available_in_pos": True,
            }
        )
        program = cls.env["points.program"].create(
            {
                "name": "Festive Occasion",
                "code": "FESTIVE",
                "rule_ids": [
                    Command.create(
                        {"name": "10 for each 100", "block_points": 10}
                        | {"method": "block", "block_amount": 100}
                    )
                ],
            }
        )
        cls.account = cls.env["points.account"].create(
            {
                "program_id": program.id,
                "partner_id": cls.env["res.partner"]
                .create({"name": "Anna Lindqvist"})
                .id,
            }
        )
        cls.env["ir.asset"].sudo().create(
            {
                "name": "A file that some copies of Odoo lack",
                "bundle": "web.assets_backend",
                "directive": "remove",
                "path": _MISSING_ASSET,
            }
        )

    def test_sale_at_the_till_is_found_in_the_ledger(self):
        """R-09: sent three times, one document; the points user finds its points."""
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour("points_sell_at_the_till")

        documents = self.env["points.document"].search(
            [("partner_id", "=", self.account.partner_id.id)]
        )
        self.assertEqual(documents.mapped("kind"), ["sale"])
        self.assertEqual(documents.entry_ids.mapped("points"), [20])
        self.assertEqual(documents.pos_order_id.state, "paid")
        self.account.invalidate_recordset()
        self.assertEqual(self.account.balance, 20)

        self.start_tour("/odoo", "points_find_in_the_ledger", login="points_user")
