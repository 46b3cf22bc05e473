from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsSettings(CustomerPointsCommon):
    """What a company decides once: on or off, which documents earn (E-01, E-27)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)
        cls.other_journal = cls.env["account.journal"].create(
            {"name": "Exports", "code": "EXP", "type": "sale"}
        )

    def _count(self, *journals):
        self.env.company.points_journal_ids = [
            Command.set([journal.id for journal in journals])
        ]

    def test_e01_the_switch_is_a_setting(self):
        settings = self.env["res.config.settings"].sudo().create({})
        settings.points_active = False
        settings.execute()

        self._sell((self.cake, 1))

        self.assertFalse(self.env.company.points_active)
        self.assertPoints(self.account, 0)

    def test_e27_quotations_and_orders_earn_nothing(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.cake.id})],
            }
        )
        self.assertPoints(self.account, 0)
        order.action_confirm()

        self.assertPoints(self.account, 0)

    def test_e27_invoices_of_every_sales_journal_count_unless_some_are_named(self):
        self._invoice((self.cake, 1, 100), journal_id=self.other_journal.id)
        self.assertPoints(self.account, 100)

        self._count(self.company_data["default_journal_sale"])
        self._invoice((self.cake, 1, 100), journal_id=self.other_journal.id)
        self.assertPoints(self.account, 100)
        self._invoice((self.cake, 1, 100))

        self.assertPoints(self.account, 200)

    def test_e27_the_register_earns_whatever_the_journals_are(self):
        self._count(self.other_journal)

        self._sell((self.cake, 1))

        self.assertPoints(self.account, 100)

    def test_e27_a_credit_note_takes_back_whatever_its_journal(self):
        self._count(self.company_data["default_journal_sale"])
        invoice = self._invoice((self.cake, 2, 100))
        credit = self._credit(invoice, {self.cake: 1}, post=False)
        credit.journal_id = self.other_journal
        credit.action_post()

        self.assertPoints(self.account, 100)

    def test_e27_what_was_earned_before_the_setting_is_taken_back_after_it(self):
        invoice = self._invoice((self.cake, 1, 100), journal_id=self.other_journal.id)
        self._count(self.company_data["default_journal_sale"])

        invoice.button_draft()

        self.assertPoints(self.account, 0)

    def test_e27_products_returned_in_a_journal_that_does_not_count_take_nothing(self):
        self._invoice((self.cake, 1, 100))
        self._count(self.company_data["default_journal_sale"])

        self._invoice(
            (self.cake, 1, 100),
            move_type="out_refund",
            journal_id=self.other_journal.id,
        )
        self.assertPoints(self.account, 100)
        self._invoice((self.cake, 1, 100), move_type="out_refund")

        self.assertPoints(self.account, 0)

    def test_e27_a_clerk_without_rights_on_points_posts_in_any_journal(self):
        self._count(self.company_data["default_journal_sale"])
        self.env.user.group_ids -= self.env.ref("customer_points.group_points_manager")
        self.env.user.group_ids -= self.env.ref("customer_points.group_points_user")

        invoice = self._invoice((self.cake, 1, 100), journal_id=self.other_journal.id)
        invoice.button_draft()

        self.assertEqual(invoice.state, "draft")

    def test_only_sales_journals_of_the_company_can_be_named(self):
        with self.assertRaisesRegex(ValidationError, "select sales journals"):
            self._count(self.company_data["default_journal_purchase"])


@tagged("post_install", "-at_install")
class TestPointsSettingsOfManagers(CustomerPointsCommon):
    """Who may change what: managers of points, and administrators."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        groups = {
            "keeper": "customer_points.group_points_manager",
            "accountant": "customer_points.group_points_manager,"
            "account.group_account_invoice",
            "reader": "customer_points.group_points_user",
            "seller": "sales_team.group_sale_salesman",
            "admin": "customer_points.group_points_manager,base.group_system",
        }
        cls.users = {
            name: new_test_user(
                cls.env,
                f"settings_{name}",
                names,
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name, names in groups.items()
        }

    def _settings(self, name):
        return self.env["points.settings"].with_user(self.users[name])

    def test_a_manager_of_points_changes_the_settings_of_points(self):
        with Form(self._settings("keeper")) as form:
            self.assertTrue(form.points_active)
            form.points_single_program = form.points_offer_rewards = True
            form.points_hold_days = 3
            form.points_functions_off = "stackeddiscount"

        self.assertRecordValues(
            self.company,
            [
                {
                    "points_active": True,
                    "points_single_program": True,
                    "points_offer_rewards": True,
                    "points_hold_days": 3,
                    "points_functions_off": "stackeddiscount",
                }
            ],
        )

    def test_who_may_open_and_change_them(self):
        cases = {
            "keeper": True,
            "accountant": True,
            "admin": True,
            "reader": False,
            "seller": False,
        }
        for name, is_allowed in cases.items():
            with self.subTest(name):
                settings = self._settings(name)
                if is_allowed:
                    settings.create({"points_hold_days": 9})
                    self.assertEqual(self.company.points_hold_days, 9)
                    self.company.points_hold_days = 7
                    continue
                with self.assertRaises(AccessError):
                    settings.create({"points_hold_days": 9})
                self.assertEqual(self.company.points_hold_days, 7)

    def test_journals_are_for_who_may_see_journals(self):
        journal = self.company_data["default_journal_sale"]
        values = {"points_journal_ids": [Command.set(journal.ids)]}
        with self.assertRaises(AccessError):
            self._settings("keeper").create(values)
        self.assertFalse(self.company.points_journal_ids)

        self._settings("accountant").create(values)
        self.assertEqual(self.company.points_journal_ids, journal)

        # What is not sent stays as it is.
        for name in ("keeper", "accountant"):
            self._settings(name).create({"points_hold_days": 5})
            self.assertEqual(self.company.points_journal_ids, journal)
        with Form(self._settings("accountant")) as form:
            self.assertEqual(form.points_journal_ids[:], journal)
            form.points_hold_days = 6
        self.assertEqual(self.company.points_journal_ids, journal)

    def test_managers_cannot_switch_off_what_controls_them(self):
        """A second manager approves large adjustments: no manager decides that."""
        names = set(self.env["points.settings"]._fields)
        kept = {name for name in self.company._fields if name.startswith("points_")}

        self.assertEqual(
            kept - names,
            {
                "points_approval_limit",
                "points_deferral_account_id",
                "points_deferral_journal_id",
                "points_deferral_posted",
                "points_revenue_account_id",
            },
        )
        with self.assertRaises(AccessError):
            self.company.with_user(self.users["keeper"]).points_approval_limit = 0

    def test_only_the_own_company_is_changed(self):
        with self.assertRaises(AccessError):
            self._settings("keeper").create(
                {"company_id": self.elsewhere.id, "points_hold_days": 9}
            )

        settings = self._settings("keeper").create({})
        with self.assertRaises(AccessError):
            settings.write({"company_id": self.elsewhere.id})
            settings.points_hold_days = 9
            self.env.flush_all()
        self.assertNotEqual(self.elsewhere.points_hold_days, 9)

    def test_a_company_that_is_named_in_the_same_call_is_not_changed(self):
        before = self.elsewhere.points_hold_days
        settings = self._settings("keeper").create({})
        with self.assertRaises(AccessError):
            settings.write({"company_id": self.elsewhere.id, "points_hold_days": 9})
        self.assertEqual(self.elsewhere.points_hold_days, before)

    def test_settings_of_another_company_are_not_shown_while_it_is_typed(self):
        values, spec = {"company_id": self.elsewhere.id}, {"points_hold_days": {}}
        with self.assertRaises(AccessError):
            self._settings("keeper").onchange(values, ["company_id"], spec)

    def test_who_may_see_journals_makes_none(self):
        new = {"name": "Mine", "type": "sale", "code": "MINE"}
        settings = self._settings("accountant")
        settings.create({"points_journal_ids": [Command.create(new)]})
        journals = self.env["account.journal"].search([("code", "=", "MINE")])
        self.assertFalse(journals)

    def test_nothing_else_of_the_company_is_written(self):
        with self.assertRaises(ValueError):
            self._settings("keeper").create({"name": "Mine"})
        with self.assertRaises(AccessError):
            self.company.with_user(self.users["keeper"]).name = "Mine"

    def test_what_the_company_refuses_is_refused_here(self):
        with self.assertRaisesRegex(ValidationError, "does not exist"):
            self._settings("keeper").create({"points_functions_off": "nonsense"})

    def test_the_menu_opens_the_screen_that_is_open_to_who_asks(self):
        for name, model in (
            ("keeper", "points.settings"),
            ("admin", "res.config.settings"),
        ):
            with self.subTest(name):
                action = self._settings(name).action_open()
                self.assertEqual(action["res_model"], model)
                self.env[model].with_user(self.users[name]).get_view(view_type="form")
