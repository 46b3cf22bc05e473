"""Rules that hold for the whole add-on, checked by walking through it."""

import ast
import pathlib

from odoo.tests import TransactionCase, tagged

from .common import ROOMS

_ROOT = pathlib.Path(__file__).resolve().parent.parent
#: The only places that may act with all rights: the door, settling, reading
#: what customers promised to everybody, checking references, telling a salesman
#: and a register what the customer may be told, taking rewards for them, and
#: explaining a sale that one may read.
_SUDO = {
    "checks/deferral_checker.py",
    "checks/setup_checker.py",
    "checks/why_checker.py",
    "models/account_journal.py",
    "models/account_move.py",
    "models/account_payment.py",
    "models/account_tax.py",
    "models/points_account.py",
    "models/points_adjustment.py",
    "models/points_category_total.py",
    "models/points_deferral.py",
    "models/points_deferral_line.py",
    "models/points_hold.py",
    "models/points_origin.py",
    "models/points_payer.py",
    "models/points_program.py",
    "models/points_review.py",
    "models/points_reward.py",
    "models/points_rule.py",
    "models/points_redeemed_line.py",
    "models/points_register_names.py",
    "models/points_voucher.py",
    "models/pos_order.py",
    "models/pos_order_line.py",
    "models/pos_payment.py",
    "models/pos_payment_method.py",
    "models/product_template.py",
    "models/res_company.py",
    "models/sale_order.py",
    "models/sale_order_line.py",
    "redemption/invoice_payment.py",
    "redemption/invoice_refund.py",
    "redemption/members.py",
    "redemption/open_order.py",
    "redemption/open_sale.py",
    "redemption/redemption.py",
    "redemption/repayment.py",
    "redemption/sale_redemption.py",
    "report/category_points.py",
    "report/category_tables.py",
    "report/customer_ledger.py",
    "report/customer_rewards.py",
    "report/deferral_sheets.py",
    "report/outstanding_points.py",
    "report/outstanding_tables.py",
    "report/overview_figures.py",
    "report/overview_screen.py",
    "report/report_values.py",
    "report/rewards_tables.py",
    "report/sheets.py",
    "report/yearly_tables.py",
    "settlement/context.py",
    "settlement/everyone.py",
    "settlement/odoo_cards.py",
    "settlement/posting.py",
    "wizards/account_payment_register.py",
    "wizards/base_partner_merge.py",
    "wizards/points_account_print.py",
    "wizards/points_check.py",
    "wizards/points_program_start.py",
    "wizards/points_recalculate.py",
    "wizards/points_redeem.py",
    "wizards/points_report_asked.py",
    "wizards/points_rule_preview.py",
    "wizards/points_settings.py",
    "wording/award_table.py",
    "wording/entry_explanation.py",
    "wording/explanation.py",
}
#: From top to bottom.
_FLOORS = ("controllers", "wizards", "report", "models", "checks", "redemption")
_FLOORS += ("settlement", "wording", "engine")
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

    def test_methods_have_at_most_60_lines(self):
        for path in self.files:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef):
                    with self.subTest(f"{path.name}:{node.name}"):
                        self.assertLessEqual(node.end_lineno - node.lineno, 60)

    def test_a_room_imports_only_what_stands_below_it(self):
        for path in self.files:
            parts = path.relative_to(_ROOT).parts
            below = _FLOORS[_FLOORS.index(parts[0]) :] if parts[0] in _FLOORS else ()
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and node.level:
                    names = [*parts[: -node.level], *(node.module or "").split(".")]
                    if names[0] in _FLOORS:
                        with self.subTest(f"{path.name}: {names[0]}"):
                            self.assertIn(names[0], below)

    def test_models_hold_one_model_each(self):
        """A file of models is named after its model, and holds nothing else."""
        for path in sorted((_ROOT / "models").glob("[!_]*.py")):
            tree = ast.parse(path.read_text())
            classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
            names = [
                ast.literal_eval(line.value)
                for line in classes[0].body
                if isinstance(line, ast.Assign)
                and line.targets[0].id in ("_name", "_inherit")
            ]
            with self.subTest(path.name):
                self.assertEqual(len(classes), 1)
                self.assertEqual(names[0].replace(".", "_"), path.stem)

    def test_abstract_models_have_two_heirs(self):
        """A mixin of one heir is a file split in disguise."""
        for name, model in self.env.items():
            if name.startswith("points.") and model._abstract:
                with self.subTest(name):
                    self.assertGreater(len(model._inherit_children), 1)

    def test_public_methods_are_buttons_or_overrides(self):
        """A method without underscore can be called by any user."""
        allowed = {
            "create",
            "copy",
            "copy_data",
            "write",
            "unlink",
            "init",
            "button_draft",
            "button_cancel",
            "default_get",
            "get_paperformat",
            "formula_check",
            "formula_help",
            "name_search",
            "reverse_moves",
            # What a register may call (design 2.4), and what it is sent.
            "points_summary",
            "points_balances",
            "points_join",
            "points_preview",
            "points_receipt",
            "points_reserve",
            "points_release",
            "points_take",
            "points_give_back",
            "read_pos_data",
            # What the overview reads.
            "points_overview",
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
                if ".sudo(" in text or "su=True" in text:
                    self.assertIn(str(path.relative_to(_ROOT)), _SUDO)
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
