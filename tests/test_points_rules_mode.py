from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsRulesMode(CustomerPointsCommon):
    """Own rules replace those of the program, or come on top of them (X-06, X-34)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program(
            {"name": "Each", "method": "block", "block_points": 3, "block_amount": 70}
        )
        cls.own = [
            Command.create({"name": "Own", "rate_stock": 0.5}),
            Command.create(
                {
                    "name": "Cakes",
                    "applies_to": "product",
                    "product_id": cls.cake.id,
                    "method": "quantity",
                    "block_points": 4,
                    "block_quantity": 2,
                }
            ),
        ]
        cls.account = cls._admit(cls.customer, cls.program, rule_ids=cls.own)

    def _sold(self, price=80):
        """Return what two cakes of a price, by invoice, give; it is undone again."""
        before = self._points(self.account)
        invoice = self._invoice((self.cake, 2, price))
        points = self._points(self.account) - before
        self._credit(invoice)
        self.assertPoints(self.account, before)
        return points

    def test_own_rules_replace_those_of_the_program_to_begin_with(self):
        self.assertEqual(self._sold(), 4)

    def test_x34_own_rules_come_on_top_when_the_account_says_so(self):
        self.account.rules_mode = "add"

        self.assertEqual(self._sold(), 6 + 80 + 4)

        self.account.rules_mode = "replace"
        self.assertEqual(self._sold(), 4)

    def test_rules_of_a_template_come_on_top_when_it_says_so(self):
        template = self.env["points.template"].create(
            {
                "name": "ROOFERS",
                "program_id": self.program.id,
                "rule_ids": self.own[:1],
                "rules_mode": "add",
            }
        )
        self.account.rule_ids.unlink()
        self.account.template_id = template
        self.assertEqual(self._sold(), 6 + 80)

        template.rules_mode = "replace"
        self.assertEqual(self._sold(), 80)

        template.rules_mode = "add"
        self.account.action_detach()
        self.assertEqual(self.account.rules_mode, "add")
        self.assertEqual(self._sold(), 6 + 80)

    def test_what_counts_is_shown_with_the_program_and_explained(self):
        self.account.rules_mode = "add"

        self.assertEqual(
            set(self.account.effective_rule_ids.mapped("name")),
            {"Own", "Cakes", "Each"},
        )
        self.assertIn("in addition to the program", self.account.rules_origin)
        invoice = self._invoice((self.cake, 2, 80))
        said = invoice.points_document_ids.explanation
        for part in ("6 points", "80 points", "4 points"):
            self.assertIn(part, said)

    def test_simulating_counts_both(self):
        self.account.rules_mode = "add"
        preview = self.env["points.program.preview"].create(
            {
                "program_id": self.program.id,
                "partner_id": self.customer.id,
                "line_ids": [
                    Command.create(
                        {"product_id": self.cake.id, "quantity": 2, "price_unit": 80}
                    )
                ],
            }
        )

        self.assertEqual(preview.points, 90)

    def test_a_rule_that_has_no_points_of_its_own_cannot_come_on_top(self):
        self.account.rule_ids[0].method = "none"

        with self.assertRaisesRegex(ValidationError, "adds its own points"):
            self.account.rules_mode = "add"

    def test_rules_on_top_may_be_for_the_same_products(self):
        self.account.rules_mode = "add"
        self.account.rule_ids = [Command.create({"name": "More", "rate_stock": 0.1})]
        self.assertEqual(self._sold(), 6 + 80 + 16 + 4)

        with self.assertRaises(ValidationError):
            self.account.rules_mode = "replace"

    def test_a_saved_template_counts_as_its_account_did(self):
        self.account.rules_mode = "add"
        wizard = self.env["points.account.save.template"].create(
            {"account_id": self.account.id, "name": "SAVED"}
        )
        action = wizard.action_save()
        template = self.env["points.template"].browse(action["res_id"])

        self.assertEqual(template.rules_mode, "add")
        self.assertEqual(len(template.rule_ids), 2)

    def test_only_managers_decide_how_own_rules_count(self):
        clerk = new_test_user(
            self.env, "mode_clerk", "customer_points.group_points_user"
        )
        with self.assertRaises(AccessError):
            self.account.with_user(clerk).rules_mode = "add"
        account = self.env["points.account"].with_user(clerk)
        values = {"partner_id": self.other_customer.id, "program_id": self.program.id}
        self.assertEqual(account.create(values).rules_mode, "replace")

    # === THE LIST OF ALL RULES === #

    def test_x38_rules_have_a_list_where_one_is_made_and_attached(self):
        self.assertTrue(self.env.ref("customer_points.points_rule_menu").action)
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        action = self.env.ref("customer_points.points_rule_action")
        Rule = self.env["points.rule"].with_context(default_applies_to="all")
        form = self.env.ref("customer_points.points_rule_view_form_all")
        self.assertIn(form, action.view_ids.view_id)
        for values, where in (
            ({"program_id": self.program.id}, self.program.display_name),
            ({"account_id": self.account.id}, self.account.display_name),
        ):
            rule = Rule.create(
                {"name": "Made", "bonus": True, "rate_stock": 2, **values}
            )
            self.assertEqual(rule.owner_name, where)
            self.assertEqual(rule.applies_to, "all")
        vip = Rule.create(
            {
                "name": "VIP",
                "bonus": True,
                "program_id": self.program.id,
                "customer_group_ids": [Command.set(tag.ids)],
            }
        )
        self.assertIn("VIP", vip.owner_name)
