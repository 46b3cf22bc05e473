"""Rules that hold for the whole add-on, checked by walking through it."""

import ast
import pathlib

from odoo.tests import TransactionCase, tagged

from .common import ROOMS

_ROOT = pathlib.Path(__file__).resolve().parent.parent
#: The only places that may act with all rights: the door, settling, reading
#: what customers promised to everybody, checking references, telling a salesman
#: and a till what the customer may be told, taking rewards for them, and
#: explaining a sale that one may read.
_SUDO = {
    "account_move.py",
    "base_partner_merge.py",
    "odoo_cards.py",
    "points_account.py",
    "points_account_spending.py",
    "points_balance.py",
    # What the order gave that points were redeemed on.
    "points_document_explanation.py",
    "points_hold.py",
    "points_reward.py",
    "points_till_names.py",
    "points_till_spending.py",
    "points_voucher_trade.py",
    "pos_payment.py",
    "pos_payment_method.py",
    "till_bill.py",
    "points_document.py",
    "points_formula.py",
    "points_origin.py",
    "points_program.py",
    "points_program_checks.py",
    "points_program_spending.py",
    "points_recalculate.py",
    "points_review.py",
    "points_rule.py",
    "points_sell_group.py",
    "points_voucher.py",
    "points_account_adjust.py",
    "points_rule_preview.py",
    "points_check.py",
    "settlement_members.py",
    "setup_checker.py",
    "pos_order.py",
    "pos_order_line.py",
    "product_template.py",
    "res_company.py",
    "res_partner.py",
    "sale_order.py",
    "sale_order_line.py",
    "why_checker.py",
}
_FORBIDDEN = ("csrf=False", 'auth="public"', "t-raw", "Markup(", "cr.commit(")


@tagged("post_install", "-at_install")
class TestConformance(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = [
            path for room in ROOMS for path in sorted((_ROOT / room).rglob("*.py"))
        ]
        cls.models = [
            model
            for name, model in cls.env.items()
            if name.startswith("points.") and not model._abstract
        ]

    def test_there_is_something_to_check(self):
        self.assertGreater(len(self.files), 30)
        self.assertGreater(len(self.models), 8)

    def test_files_have_at_most_600_lines(self):
        """A longer one is a sign of a second concept; a model is never cut in two."""
        for path in self.files:
            with self.subTest(path.name):
                self.assertLessEqual(len(path.read_text().splitlines()), 600)

    def test_methods_have_at_most_60_lines(self):
        for path in self.files:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef):
                    with self.subTest(f"{path.name}:{node.name}"):
                        self.assertLessEqual(node.end_lineno - node.lineno, 60)

    def test_public_methods_are_buttons_or_overrides(self):
        """A method without underscore can be called by any user."""
        allowed = {
            "create",
            "copy",
            "write",
            "unlink",
            "init",
            "button_draft",
            "button_cancel",
            "default_get",
            "formula_check",
            "formula_help",
            "name_search",
            # What a till may call (design 2.4), and what it is sent.
            "points_summary",
            "points_preview",
            "points_receipt",
            "points_reward_options",
            "points_reserve",
            "points_release",
            "points_take",
            "points_give_back",
            "read_pos_data",
        }
        for path in self.files:
            if path.is_relative_to(_ROOT / "engine"):
                continue
            for node in ast.parse(path.read_text()).body:
                if not isinstance(node, ast.ClassDef) or not self._is_model(node):
                    continue
                for method in node.body:
                    if isinstance(method, ast.FunctionDef):
                        name = method.name
                        with self.subTest(f"{path.name}:{name}"):
                            self.assertTrue(
                                name.startswith(("_", "action_")) or name in allowed
                            )

    @staticmethod
    def _is_model(node):
        return any(
            isinstance(base, ast.Attribute) and base.attr.endswith("Model")
            for base in node.bases
        )

    def test_views_of_rules_do_not_ask_the_context(self):
        """A rule's own field ``context`` hides it: the browser stops there."""
        views = self.env["ir.ui.view"].search([("model", "=", "points.rule")])
        self.assertTrue(views)
        for view in views:
            with self.subTest(view.name):
                self.assertNotIn("context.get", view.arch)

    def test_sudo_stands_in_reviewed_files_only(self):
        for path in self.files:
            text = path.read_text()
            with self.subTest(path.name):
                if ".sudo(" in text:
                    self.assertIn(path.name, _SUDO)
                for word in _FORBIDDEN:
                    self.assertNotIn(word, text)

    def test_the_day_is_the_shops_and_never_the_readers(self):
        """Who looks may live elsewhere, and nightly jobs live nowhere."""
        for path in self.files:
            text = path.read_text()
            with self.subTest(path.name):
                for word in ("context_today", "Date.today", "date.today"):
                    self.assertNotIn(word, text)

    def test_every_model_has_description_and_rights_for_groups_only(self):
        for model in self.models:
            with self.subTest(model._name):
                self.assertNotEqual(model._description, model._name)
                access = self.env["ir.model.access"].search(
                    [("model_id.model", "=", model._name)]
                )
                self.assertTrue(access)
                self.assertTrue(all(access.mapped("group_id")))

    def test_every_stored_model_has_a_company_rule(self):
        for model in self.models:
            if model._transient:
                continue
            with self.subTest(model._name):
                rules = self.env["ir.rule"].search(
                    [("model_id.model", "=", model._name), ("groups", "=", False)]
                )
                self.assertIn("company_ids", "".join(rules.mapped("domain_force")))

    def test_numbers_of_points_are_exact_columns(self):
        for model in self.models:
            for name, field in model._fields.items():
                if field.type == "float" and field.store and field.column_type:
                    with self.subTest(f"{model._name}.{name}"):
                        self.assertEqual(field.column_type[0], "numeric")
