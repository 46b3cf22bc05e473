import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsRule(CustomerPointsCommon):
    """What a rule may be, and which one counts in a real sale."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)
        cls.line = cls.env["product.category"].create({"name": "Line"})
        cls.branch = cls.env["product.category"].create(
            {"name": "Branch", "parent_id": cls.line.id}
        )

    def _rule(self, **values):
        owner = (
            {}
            if {"account_id", "product_tmpl_id"} & set(values)
            else {"program_id": self.program.id}
        )
        return self.env["points.rule"].create({"name": "New rule", **owner, **values})

    def assertRefused(self, text, **values):
        """Assert that a rule is refused with words that help, and not stored."""
        before = self.env["points.rule"].search_count([])
        self.assertRegex(self._refusal(lambda: self._rule(**values)), text)
        self.assertEqual(self.env["points.rule"].search_count([]), before)

    def _refusal(self, act):
        """Return the words a user gets; what the database refuses has words too."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                act()
        except psycopg2.IntegrityError as error:
            model = error.diag.table_name.replace("_", ".", 1)
            return self.env[model]._sql_error_to_message(error)
        except UserError as error:
            return str(error)
        return "accepted"

    def _sold(self, *lines):
        """Invoice products; return the points of this invoice."""
        invoice = self._invoice(*((product, qty, 10) for product, qty in lines))
        return sum(invoice.points_document_ids.entry_ids.mapped("points"))

    # === WRONG INPUT === #

    def test_an_unknown_product_is_refused(self):
        self.assertRefused(".", applies_to="product", product_id=999999)

    def test_a_number_that_is_too_large_is_refused_by_name(self):
        self.assertRefused("Rate: enter a number", rate_stock=1e9)

    def test_negative_block_amount_is_refused(self):
        for amount in (-100, 0):
            self.assertRefused(
                "Per Amount: enter an amount greater than zero",
                method="block",
                block_amount=amount,
                date_from="2027-01-01",
            )

    def test_negative_rate_is_refused(self):
        self.assertRefused("Rate: enter a number", rate_stock=-1, bonus=True)

    def test_c39_percentage_must_be_whole(self):
        self.assertRefused(
            "a percentage must be a whole number",
            method="percent",
            rate_stock=20.5,
            bonus=True,
        )

    def test_c37_multiplier_has_one_decimal(self):
        self.assertRefused("can have one decimal", rate_stock=1.25, bonus=True)
        self.assertEqual(self._rule(rate_stock=1.5, bonus=True).rate_stock, 1.5)

    def test_c35_same_scope_and_date_is_refused_naming_the_other(self):
        self.assertRefused("New rule and Rule 0 apply to the same products")
        self._rule(date_from="2026-01-01")
        self.assertRefused("from the same day", date_from="2026-01-01")

    def test_c35_other_customer_groups_may_share_the_date(self):
        tags = self.env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])
        self._rule(
            date_from="2026-01-01", customer_group_ids=[Command.set(tags[0].ids)]
        )

        self._rule(
            date_from="2026-01-01", customer_group_ids=[Command.set(tags[1].ids)]
        )

    def test_x34_rules_that_add_up_may_share_scope_and_date(self):
        program = self._make_program({}, {}, combination="add_up")
        account = self._admit(self.other_customer, program)

        self._invoice((self.cake, 1, 10), customer=self.other_customer)
        self.assertPoints(account, 20)

        with self.assertRaisesRegex(ValidationError, "from the same day"):
            program.combination = "most_specific"

    def test_what_a_program_gives_up_is_checked_for_all_its_rules(self):
        """Those of the program, of its templates and of its customers alike."""
        program = self._make_program(combination="add_up")
        template = self.env["points.template"].create(
            {"name": "T", "program_id": program.id}
        )
        account = self._admit(self.other_customer, program)
        loy = self._make_product("LOY", 5, points_type="loy")
        for owner in (template, account):
            with self.subTest(owner._name):
                program.write(
                    {
                        "loy_product_id": loy.id,
                        "minimum_target": 100,
                        "qualifying_target": 50,
                    }
                )
                owner.rule_ids = [
                    Command.create({"name": "A", "method": "loy"}),
                    Command.create({"name": "B", "qualifying": True}),
                ]
                for values, refusal in (
                    ({"loy_product_id": False}, "select one first"),
                    ({"qualifying_target": 0}, "Qualifying: set"),
                    ({"combination": "most_specific"}, "from the same day"),
                    ({"preset": "punctuation"}, "single-type point table"),
                ):
                    self.assertRegex(
                        self._refusal(lambda v=values: program.write(v)), refusal
                    )
                owner.rule_ids.unlink()

    def test_a_template_moves_only_where_its_rules_fit(self):
        loy = self._make_product("LOY", 5, points_type="loy")
        program = self._make_program(loy_product_id=loy.id)
        template = self.env["points.template"].create(
            {
                "name": "T",
                "program_id": program.id,
                "rule_ids": [Command.create({"name": "A", "method": "loy"})],
            }
        )

        refusal = self._refusal(lambda: template.write({"program_id": self.program.id}))

        self.assertRegex(refusal, "select the points product")

    def test_c26_c27_qualifying_needs_both_targets(self):
        self.assertRefused("set the minimum target", qualifying=True, bonus=True)
        refusal = self._refusal(lambda: self.program.write({"qualifying_target": 10}))
        self.assertRegex(refusal, "targets?: set a minimum target first")

    def test_c27_targets_of_the_program_serve_the_customers_own_rule(self):
        self.program.write({"minimum_target": 100, "qualifying_target": 50})

        rule = self._rule(account_id=self.account.id, qualifying=True)

        self.assertEqual(rule.level, "account")

    def test_rule_has_exactly_one_owner(self):
        self.assertRefused(
            "exactly one program",
            account_id=self.account.id,
            program_id=self.program.id,
        )
        self.assertRefused(
            "exactly one program", program_id=False, date_from="2027-01-01"
        )

    def test_scope_needs_its_products(self):
        for scope, name in (
            ("product", "Product"),
            ("price_line", "Product Category"),
            ("sell_group", "Product Group"),
        ):
            self.assertRefused(
                f"{name}: select one for rule New rule", applies_to=scope
            )

    def test_rule_on_top_needs_a_rate(self):
        self.assertRefused("needs a rate or an amount", method="none", bonus=True)

    def test_t07_items_are_numbered(self):
        program = self._make_program({}, {"bonus": True}, {"bonus": True})

        first = program.rule_ids[:1].code
        self.assertEqual(program.rule_ids.mapped("code"), [first, first + 1, first + 2])

    # === WHICH RULE COUNTS, IN REAL SALES === #

    def test_c29_product_beats_price_line_beats_sell_group_beats_all(self):
        products = [
            self._make_product(name, 10, categ_id=categ.id)
            for name, categ in (
                ("P", self.branch),
                ("PL", self.branch),
                ("SG", self.line),
                ("other", self.categ_basic),
            )
        ]
        group = self.env["points.sell.group"].create(
            {"name": "G", "categ_ids": [Command.set(self.line.ids)]}
        )
        self._rule(rate_stock=2, applies_to="sell_group", sell_group_id=group.id)
        self._rule(rate_stock=3, applies_to="price_line", categ_id=self.branch.id)
        self._rule(rate_stock=4, applies_to="product", product_id=products[0].id)

        points = [self._sold((product, 1)) for product in products]

        self.assertEqual(points, [40, 30, 20, 10])

    def test_c31_sell_group_holds_tags_and_products_too(self):
        tag = self.env["product.tag"].create({"name": "Bio"})
        group = self.env["points.sell.group"].create(
            {
                "name": "G",
                "tag_ids": [Command.set(tag.ids)],
                "product_tmpl_ids": [Command.set(self.coffee.product_tmpl_id.ids)],
            }
        )
        self._rule(rate_stock=2, applies_to="sell_group", sell_group_id=group.id)
        self.cake.product_tag_ids = tag

        self.assertEqual(self._sold((self.coffee, 1)), 20)
        self.assertEqual(self._sold((self.cake, 1)), 20)
        self.assertEqual(self._sold((self.tool, 0)), 0)

    def test_c10_c12_product_then_price_line_then_customer(self):
        cases = [(3, 2, 30), (None, 2, 20), (None, None, 10)]
        for of_product, of_line, points in cases:
            with self.subTest(product=of_product, line=of_line):
                product = self._make_product("P", 10, categ_id=self.branch.id)
                self.branch.points_rule_ids.unlink()
                if of_product:
                    self._rule(
                        product_tmpl_id=product.product_tmpl_id.id,
                        rate_stock=of_product,
                    )
                if of_line:
                    self._rule(
                        program_id=False, categ_id=self.branch.id, rate_stock=of_line
                    )
                self.assertEqual(self._sold((product, 1)), points)

    def test_c12_without_customer_rule_the_products_own_do_not_count(self):
        self._rule(product_tmpl_id=self.coffee.product_tmpl_id.id, rate_stock=3)
        self.program.rule_ids.active = False
        self.assertEqual(self._sold((self.coffee, 1)), 0)

        self._rule(method="none")

        self.assertEqual(self._sold((self.coffee, 1)), 30)

    def test_c41_override_goes_before_what_products_say(self):
        self._rule(product_tmpl_id=self.coffee.product_tmpl_id.id, rate_stock=3)
        self.program.rule_ids.override = True

        self.assertEqual(self._sold((self.coffee, 1)), 10)

    def test_c49_criterion_of_one_program_is_not_for_another(self):
        other = self._make_program()
        self._admit(self.customer, other)
        self._rule(
            product_tmpl_id=self.coffee.product_tmpl_id.id,
            rate_stock=3,
            criterion_program_id=other.id,
        )

        invoice = self._invoice((self.coffee, 1, 10))

        entries = invoice.points_document_ids.entry_ids.sorted("program_id")
        self.assertEqual(entries.mapped("points"), [10, 30])

    def test_e09_e12_fixed_points_go_first_zero_excludes_empty_falls_back(self):
        self.program.rule_ids.write({"method": "proportional", "block_amount": 5})
        for policy, per_unit, quantity, points in (
            ("fixed", 10, 1, 10),
            ("fixed", 10, 2, 20),
            ("fixed", 0, 2, 0),
            ("program", 0, 2, 4),
            ("excluded", 0, 2, 0),
        ):
            with self.subTest(policy=policy, per_unit=per_unit):
                self.coffee.write(
                    {"points_policy": policy, "points_per_unit": per_unit}
                )
                self.assertEqual(self._sold((self.coffee, quantity)), points)

    def test_e16_discount_percentage_excludes_a_typed_price_does_not(self):
        self.program.exclude_discounted = True
        discounted = self._invoice((self.cake, 1, 100), post=False)
        discounted.invoice_line_ids.discount = 10
        discounted.action_post()
        self.assertPoints(self.account, 0)

        self._invoice((self.cake, 1, 90))

        self.assertPoints(self.account, 90)

    def test_e41_points_products_never_earn(self):
        loy = self._make_product("LOY", 50, points_type="loy")

        self.assertEqual(self._sold((loy, 3)), 0)
        self.assertEqual(self._sold((loy, 3), (self.coffee, 1)), 10)

    def test_own_rules_of_a_customer_replace_the_programs(self):
        self._rule(account_id=self.account.id, rate_stock=5)

        self.assertEqual(self._sold((self.coffee, 1)), 50)

    def test_c13_c50_returns_count_against_both_targets(self):
        self.program.write({"minimum_target": 100, "qualifying_target": 50})
        self._rule(
            applies_to="product",
            product_id=self.coffee.id,
            qualifying=True,
            rate_stock=1,
        )
        invoice = self._invoice((self.coffee, 5, 10), (self.cake, 1, 50))
        self.account.invalidate_recordset()
        self.assertEqual((self.account.accrued, self.account.qualifying), (100, 50))
        self.assertTrue(self.account.target_reached)

        self._credit(invoice, {self.coffee: 1})

        self.account.invalidate_recordset()
        self.assertEqual((self.account.accrued, self.account.qualifying), (90, 40))
        self.assertFalse(self.account.target_reached)

    def test_changed_rule_counts_from_the_next_sale(self):
        self.assertEqual(self._sold((self.coffee, 1)), 10)

        self.program.rule_ids.rate_stock = 2

        self.assertEqual(self._sold((self.coffee, 1)), 20)

    def test_rule_says_in_words_what_it_does(self):
        rule = self._rule(
            method="block",
            block_points=10,
            block_amount=100,
            applies_to="product",
            product_id=self.coffee.id,
        )

        self.assertIn("10 points per full", rule.sentence)
        self.assertEqual(rule.applies_to_text, "Coffee")
