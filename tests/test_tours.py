from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.point_of_sale.tests import test_frontend

from ..wizards import points_account_allocate

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

    def test_sale_at_the_register_is_found_in_the_ledger(self):
        """R-09: sent three times, one document; the points user finds its points."""
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour("points_sell_at_the_register")

        documents = self.env["points.document"].search(
            [("partner_id", "=", self.account.partner_id.id)]
        )
        self.assertEqual(documents.mapped("kind"), ["sale"])
        self.assertEqual(documents.entry_ids.mapped("points"), [20])
        self.assertEqual(documents.pos_order_id.state, "paid")
        self.account.invalidate_recordset()
        self.assertEqual(self.account.balance, 20)

        self.start_tour("/odoo", "points_find_in_the_ledger", login="points_user")

    # === SCREENS OF POINTS USERS === #

    def _open(self, record, tour, login="points_manager"):
        """Run a tour on the form of a record."""
        action = f"/odoo/{record._name}/{record.id}"
        self.start_tour(action, tour, login=login)

    def _make_manager(self, login="points_manager"):
        return new_test_user(
            self.env,
            login,
            "customer_points.group_points_manager,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_recalculating_asks_before_it_books(self):
        manager = self._make_manager()
        manager.group_ids |= self.env.ref("account.group_account_invoice")
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.account.partner_id.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.env["product.product"]
                            .search([("name", "=", "Espresso Machine")])
                            .id,
                            "price_unit": 250,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        self.account.program_id.rule_ids.block_points = 30

        self._open(invoice, "points_recalculate")

        self.account.invalidate_recordset()
        self.assertEqual(self.account.balance, 60)

    # === BY HAND === #

    def _balance(self):
        self.account.invalidate_recordset()
        return self.account.balance

    def test_a_second_manager_approves_what_the_first_one_requests(self):
        self._make_manager()
        self._make_manager("other_manager")
        self.company.points_approval_limit = 100

        self._open(self.account, "points_request_adjustment")
        self.assertEqual(self._balance(), 0)

        requests = "/odoo/action-customer_points.points_adjustment_action"
        self.start_tour(requests, "points_approve_adjustment", login="other_manager")
        self.assertEqual(self._balance(), 150)

    def test_points_are_transferred_to_another_customer(self):
        self._make_manager()
        self.account._adjust(Decimal(200), "Opening")
        partner = self.env["res.partner"].create({"name": "Bo Berg"})
        other = self.account.create(
            {"partner_id": partner.id, "program_id": self.account.program_id.id}
        )

        self._open(self.account, "points_transfer")

        self.assertEqual((self._balance(), other.balance), (80, 120))

    def test_a_points_user_reads_an_account_month_by_month(self):
        last_year = self.company._get_points_today().year - 1
        with freeze_time(f"{last_year}-06-10 12:00:00"):
            self.account._adjust(Decimal(200), "Opening")

        self._open(self.account, "points_by_month", "points_user")

    def test_a_program_is_opened_from_a_row_of_what_is_outstanding(self):
        self._make_manager()
        self.account._adjust(Decimal(50), "Opening")

        self.start_tour(
            "/odoo/action-customer_points.points_program_print_action",
            "points_outstanding_opens_program",
            login="points_manager",
        )

    # === PROGRAMS AND RULES === #

    def _make_contractor_club(self, **values):
        """Return a program with targets, and a template in it."""
        program = self.env["points.program"].create(
            {
                "name": "Contractor Club",
                "code": "CLUB",
                "minimum_target": 100,
                "rule_ids": [Command.create({"name": "Everything"})],
                **values,
            }
        )
        template = self.env["points.template"].create(
            {"name": "ROOFERS", "program_id": program.id}
        )
        return program, template

    def _make_regulars(self):
        tag = self.env["res.partner.category"].create({"name": "Regulars"})
        return self.env["res.partner"].create(
            [
                {"name": f"Regular {place}", "category_id": [Command.link(tag.id)]}
                for place in range(1, 4)
            ]
        )

    def test_l05_l07_allocate_by_tag_twice_and_remove(self):
        self._make_regulars()
        program = self.account.program_id
        self.account.unlink()

        self.start_tour("/odoo", "points_allocate_customers", login="points_user")

        accounts = program.account_ids
        self.assertEqual(
            sorted(accounts.mapped("partner_id.name")),
            ["Regular 1", "Regular 2", "Regular 3"],
        )
        self.assertEqual(
            accounts.filtered(lambda a: a.state == "blocked").partner_id.name,
            "Regular 2",
        )

    def test_an_unfinished_run_is_resumed(self):
        run = self.env["points.account.allocate"].with_user(self.points_user)
        run = run.create(
            {
                "program_id": self.account.program_id.id,
                "partner_ids": [Command.set(self._make_regulars().ids)],
            }
        )
        run.action_allocate()
        with patch.object(points_account_allocate, "_BATCH", 1):
            run.action_allocate_batch()
        action = "/odoo/action-customer_points.points_account_action_allocation"

        self.start_tour(action, "points_resume_allocation", login="points_user")

        self.assertEqual(run.result, "3 added")

    def test_c19_c20_c21_c24_customer_tab_from_program_to_template_and_back(self):
        self._make_manager()
        program, _template = self._make_contractor_club()
        partner = self.env["res.partner"].create({"name": "Nina Brandt"})

        self._open(partner, "points_customer_tab")

        account = program.account_ids
        self.assertEqual(account.partner_id, partner)
        self.assertEqual(account.rule_ids.mapped("rate_stock"), [2, 3, 4])
        templates = program.template_ids.sorted("name")
        self.assertEqual(templates.mapped("name"), ["PLUMBERS", "ROOFERS"])

    def test_c25_a_template_asks_before_it_changes_its_followers(self):
        self._make_manager()
        _program, template = self._make_contractor_club()
        self.env["points.account"].create(
            {"partner_id": self.partner_a.id, "template_id": template.id}
        )

        self._open(template, "points_change_template")

        self.assertEqual(template.minimum_target, 250)

    def test_c46_leaving_the_screen_loses_nothing(self):
        self._make_manager()

        self._open(self.account, "points_leave_account")

        self.assertEqual(self.account.rule_ids.name, "Left in a hurry")

    def _make_campaign(self, *rules):
        return self.env["points.program"].create(
            {
                "name": "Spring Campaign",
                "code": "SPRING",
                "rule_ids": [Command.create(rule) for rule in rules],
            }
        )

    def test_x15_x20_x31_a_formula_is_checked_while_it_is_written(self):
        self._make_manager()
        program = self._make_campaign({"name": "Campaign"})

        self._open(program, "points_write_formula")

        self.assertRecordValues(
            program.rule_ids,
            [
                {
                    "method": "formula",
                    "context": "transaction",
                    "formula": "floor(grossamount/100)",
                }
            ],
        )

    def test_x13_x32_a_formula_in_the_list_of_rules(self):
        self._make_manager()
        template = self.env["points.template"].create(
            {"name": "Spring Campaign", "program_id": self._make_campaign().id}
        )

        self._open(template, "points_formula_in_list")

        self.assertEqual(template.rule_ids.formula, "grossamount * 0.01")

    def test_a_manager_reads_arabic_from_right_to_left(self):
        manager = self._make_manager()
        self.env["res.lang"]._activate_lang("ar_001")
        module = self.env.ref("base.module_customer_points")
        module._update_translations(["ar_001"])
        manager.lang = "ar_001"
        action = self.env.ref("customer_points.points_program_action")

        self.start_tour(
            f"/odoo/action-{action.id}", "points_right_to_left", login=manager.login
        )
