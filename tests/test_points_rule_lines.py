from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CustomerPointsCommon
from .test_points_numbers import migrate


@tagged("post_install", "-at_install")
class TestPointsRuleLines(CustomerPointsCommon):
    """Codes of rules, and finding what a rule is for by a sign before it."""

    # === X-13: CODES === #

    def test_x13_codes_are_given_on_through_the_company(self):
        first = self._make_program({}, {"bonus": True}).rule_ids
        second = self._make_program({}).rule_ids
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= other
        elsewhere = self._make_program(company_id=other.id).rule_ids

        start = first[0].code
        self.assertGreater(start, 0)
        self.assertEqual((first | second).mapped("code"), [start, start + 1, start + 2])
        self.assertEqual(elsewhere.code, 1)

    def test_x13_a_code_may_be_chosen_and_is_not_emptied_or_used_twice(self):
        rules = self._make_program({"code": 712}, {"bonus": True}).rule_ids
        self.assertEqual(rules.mapped("code"), [712, 713])

        for code in (0, -4, 712):
            with (
                self.subTest(code),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                rules[1].code = code

    def test_x13_an_update_gives_codes_to_rules_without_one_of_their_own(self):
        rules = self._make_program({}, *[{"bonus": True}] * 4).rule_ids
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE points_rule DROP CONSTRAINT points_rule_check_code"
        )
        self.env.cr.execute("DROP INDEX points_rule_code_uniq")
        codes = zip(rules.ids, (50, 0, 50, 7, None), strict=True)
        for rule_id, code in codes:
            self.env.cr.execute(
                "UPDATE points_rule SET code = %s WHERE id = %s", (code, rule_id)
            )

        migrate(self.env.cr, "19.0.1.6.0/pre-codes_of_rules.py")

        self.env.invalidate_all()
        self.assertEqual(rules.mapped("code"), [50, 51, 52, 7, 53])

    # === C-28: SIGNS === #

    def _found(self, model, name):
        records = self.env[model].with_context(points_prefix=True)
        return records.browse(found for found, _name in records.name_search(name))

    def test_c28_signs_find_price_lines_sell_groups_and_products(self):
        categories = self.env["product.category"].create(
            [{"name": "ABrasives"}, {"name": "Labels"}]
        )
        groups = self.env["points.sell.group"].create(
            [{"name": "SG winter"}, {"name": "Old SG"}]
        )
        self.coffee.default_code = "P-77x"
        self.cake.default_code = "XP-77"

        self.assertEqual(self._found("product.category", "/ab"), categories[0])
        self.assertEqual(self._found("points.sell.group", "!SG"), groups[0])
        self.assertEqual(self._found("product.product", ".P-77"), self.coffee)
        self.assertIn(self.tool, self._found("product.product", f".{self.tool.id}"))
        self.assertFalse(self._found("product.product", ".P_77"))

    def test_c28_names_and_other_screens_search_as_ever(self):
        category = self.env["product.category"].create({"name": "Slash /AB here"})
        self.assertEqual(self._found("product.category", "Slash"), category)
        found = self.env["product.category"].name_search("/AB")
        self.assertEqual([record_id for record_id, _name in found], category.ids)
        self.coffee.default_code = "Z.9"
        found = self.env["product.product"].name_search(".9")
        self.assertEqual([record_id for record_id, _name in found], self.coffee.ids)

    def test_c28_where_a_rule_is_typed_signs_are_known(self):
        for view in ("form", "list_editable"):
            arch = self.env.ref(f"customer_points.points_rule_view_{view}").arch
            with self.subTest(view):
                self.assertEqual(arch.count("points_prefix"), 3)

    # === X-16: THE TESTER === #

    def test_x16_the_tester_takes_sales_orders(self):
        rule = self._make_program(
            {
                "method": "formula",
                "context": "transaction",
                "formula": "qty * 100 + percentdisc",
            }
        ).rule_ids
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._make_sale_order(
            confirm=False, product_uom_qty=2, product_uom_id=dozen.id, discount=15
        )
        order.order_line = [
            Command.create({"product_id": self.tool.id, "product_uom_qty": 0}),
            Command.create({"display_type": "line_note", "name": "Thank you"}),
        ]
        action = rule.action_try_formula()
        preview = self.env["points.rule.preview"].browse(action["res_id"])
        preview.sale_order_id = order

        self.assertIn("2,415", preview.result)
