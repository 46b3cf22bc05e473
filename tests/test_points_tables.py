from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsTables(CustomerPointsCommon):
    """The tables of the requirements, through invoices and orders of the register."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Category = cls.env["product.category"]
        cls.line = Category.create({"name": "ABC Line"})
        cls.other_line = Category.create({"name": "Other Line"})
        cls.sold = cls._make_product("Goods", 10, categ_id=cls.line.id)
        cls.group = cls.env["points.sell.group"].create(
            {"name": "G", "categ_ids": [Command.set([cls.line.id])]}
        )

    def _both(self, *lines, day=date(2026, 3, 15)):
        """Sell by an order and an invoice of a day; return the points of both."""
        order = self._sell(*lines, date_order=f"{day} 12:00:00")
        invoice = self._invoice(
            *((product, quantity, product.list_price) for product, quantity in lines),
            day=day,
        )
        return tuple(
            sum(sale.points_document_ids.entry_ids.mapped("points"))
            for sale in (order, invoice)
        )

    def _member(self, *rules, **values):
        program = self._make_program(*rules, **values)
        return self._admit(self.customer, program)

    def _criterion(self, rate, program=None, **owner):
        return self.env["points.rule"].create(
            {
                "name": "Criterion",
                "rate_stock": rate,
                "criterion_program_id": program and program.id,
                **owner,
            }
        )

    # === WHO WINS === #

    def test_c29_c30_exactly_one_line_the_most_specific(self):
        rest_of_line = self._make_product("PL", 10, categ_id=self.line.id)
        rest_of_group = self._make_product("SG", 10, categ_id=self.other_line.id)
        self.group.product_tmpl_ids = rest_of_group.product_tmpl_id
        self._member(
            {"rate_stock": 1},
            {
                "rate_stock": 2,
                "applies_to": "sell_group",
                "sell_group_id": self.group.id,
            },
            {"rate_stock": 3, "applies_to": "price_line", "categ_id": self.line.id},
            {
                "rate_stock": 4,
                "applies_to": "product",
                "product_id": self.sold.id,
            },
        )
        for product, points in (
            (self.sold, 40),
            (rest_of_line, 30),
            (rest_of_group, 20),
            (self.coffee, 10),
        ):
            with self.subTest(product.name):
                self.assertEqual(self._both((product, 1)), (points, points))

    def test_c32_c33_the_line_closest_to_the_date_that_has_begun(self):
        rules = (
            {"rate_stock": 1, "date_from": "2026-01-01"},
            {"rate_stock": 2, "date_from": "2026-03-01", "date_to": "2026-03-31"},
            {"rate_stock": 3, "date_from": "2026-04-01"},
        )
        account = self._member(*rules)
        for day, points in (
            (date(2026, 3, 15), 200),
            (date(2026, 3, 31), 200),
            (date(2026, 4, 1), 300),
        ):
            with self.subTest(day=day):
                self.assertEqual(self._both((self.cake, 1), day=day), (points, points))
        account.program_id.rule_ids[2].active = False

        self.assertEqual(self._both((self.cake, 1), day=date(2026, 4, 1)), (100, 100))

    def test_c34_specificity_goes_before_the_date(self):
        self._member(
            {
                "rate_stock": 4,
                "applies_to": "product",
                "product_id": self.sold.id,
                "date_from": "2020-01-01",
            },
            {
                "rate_stock": 3,
                "applies_to": "price_line",
                "categ_id": self.line.id,
                "date_from": "2026-03-01",
            },
        )

        self.assertEqual(self._both((self.sold, 1)), (40, 40))

    def test_c43_c44_first_and_last_day_count_the_days_around_do_not(self):
        self._member({"date_from": "2026-03-10", "date_to": "2026-03-20"})
        for day, points in ((9, 0), (10, 100), (20, 100), (21, 0)):
            with self.subTest(day=day):
                self.assertEqual(
                    self._both((self.cake, 1), day=date(2026, 3, day)), (points,) * 2
                )

    def test_c01_c11_products_that_are_not_listed_give_nothing(self):
        self._member({"applies_to": "price_line", "categ_id": self.line.id})

        self.assertEqual(self._both((self.coffee, 1)), (0, 0))
        self.assertEqual(self._both((self.coffee, 1), (self.sold, 1)), (10, 10))

    def test_c51_a_line_with_rate_0_excludes_its_scope(self):
        self._member(
            {},
            {
                "rate_stock": 0,
                "applies_to": "product",
                "product_id": self.sold.id,
            },
        )

        self.assertEqual(self._both((self.sold, 1), (self.coffee, 1)), (10, 10))

    # === WHAT PRODUCTS SAY === #

    def test_c10_c42_product_then_price_line_then_customer_then_nothing(self):
        program = self._member({"rate_stock": 1}).program_id
        of_product = self._criterion(3, product_tmpl_id=self.sold.product_tmpl_id.id)
        of_line = self._criterion(2, categ_id=self.line.id)

        self.assertEqual(self._both((self.sold, 1)), (30, 30))
        of_product.active = False
        self.assertEqual(self._both((self.sold, 1)), (20, 20))
        of_line.active = False
        self.assertEqual(self._both((self.sold, 1)), (10, 10))
        program.rule_ids.method = "none"
        self.assertEqual(self._both((self.sold, 1)), (0, 0))

    def test_c07_one_edit_on_the_products_changes_all_programs(self):
        accounts = [self._member({"method": "none"}) for _place in range(2)]
        criterion = self._criterion(2, categ_id=self.line.id)
        self._sell((self.sold, 1))

        criterion.rate_stock = 5
        self._sell((self.sold, 1))

        for account in accounts:
            self.assertPoints(account, 70)

    def test_c49_a_criterion_of_one_program_has_no_effect_in_another(self):
        one, other = self._member({}), self._member({})
        self._criterion(3, one.program_id, product_tmpl_id=self.sold.product_tmpl_id.id)

        self._sell((self.sold, 1))

        self.assertPoints(one, 30)
        self.assertPoints(other, 10)

    def test_c09_a_program_works_without_any_criteria(self):
        self._member({})

        self.assertEqual(self._both((self.sold, 1)), (10, 10))

    def test_e10_e11_e17_fixed_points_are_per_unit_and_0_excludes(self):
        self._member({"method": "proportional", "block_amount": 5})
        self.sold.write({"points_policy": "fixed", "points_per_unit": 10})
        self.assertEqual(self._both((self.sold, 2)), (20, 20))

        self.sold.points_per_unit = 0

        self.assertEqual(self._both((self.sold, 2)), (0, 0))
        self.assertEqual(self._both((self.sold, 2), (self.coffee, 1)), (2, 2))

    # === RATES === #

    def test_c36_c38_multiplier_and_percentage(self):
        for method, rate, quantity, points in (
            ("multiplier", 1, 2, 20),
            ("multiplier", 0.5, 1, 5),
            ("percent", 20, 2, 4),
        ):
            with self.subTest(method=method, rate=rate):
                account = self._member({"method": method, "rate_stock": rate})
                self.assertEqual(self._both((self.coffee, quantity)), (points,) * 2)
                account._block("Test")

    def test_c40_stock_and_direct_rates(self):
        account = self._member(
            {"rate_stock": 1, "has_rate_direct": True, "rate_direct": 0.5}
        )
        tried = self.env["points.program.preview"].create(
            {
                "program_id": account.program_id.id,
                "line_ids": [
                    Command.create({"product_id": self.cake.id, "is_direct": direct})
                    for direct in (False, True)
                ],
            }
        )

        self.assertEqual(self._both((self.cake, 1)), (100, 100))
        self.assertEqual(tried.points, 150)

    def test_c47_the_remainder_is_kept_or_rounded_as_the_program_says(self):
        product = self._make_product("Odd", 10.55)
        for rounding, points in (("none", 10.55), ("down", 10), ("half_up", 11)):
            with self.subTest(rounding):
                account = self._member({}, rounding=rounding)
                self.assertEqual(self._both((product, 1)), (points,) * 2)
                account._block("Test")

    # === THE SCREENS' LISTS === #

    def test_l01_every_program_is_listed_before_anybody_is_allocated(self):
        program = self._make_program(name="Festive Occasion")

        listed = self.env["points.account"].search_panel_select_range(
            "program_id", enable_counters=True, expand=True
        )["values"]

        counts = {value["id"]: value["__count"] for value in listed}
        self.assertEqual(counts[program.id], 0)

    def test_c02_a_program_sets_a_target_and_points_per_amount(self):
        account = self._member({"rate_stock": 1}, minimum_target=1000)

        self._sell((self.cake, 10))

        account.invalidate_recordset()
        self.assertTrue(account.target_reached)

    def test_c04_only_listed_programs_can_be_assigned(self):
        with self.assertRaisesRegex(UserError, "does not exist"):
            self.env["points.account"].create(
                {"partner_id": self.customer.id, "program_id": 999999}
            )

    def test_c14_qualifying_and_other_lines_may_be_mixed(self):
        account = self._member(
            {},
            {
                "applies_to": "product",
                "product_id": self.sold.id,
                "qualifying": True,
            },
            minimum_target=100,
            qualifying_target=50,
        )

        self._sell((self.sold, 1), (self.coffee, 1))

        account.invalidate_recordset()
        self.assertEqual((account.accrued, account.qualifying), (20, 10))

    def test_c19_the_maintenance_opens_from_the_customer_and_shows_its_name(self):
        account = self._member({})

        action = self.customer.action_view_points()

        self.assertEqual(self.env["points.account"].search(action["domain"]), account)
        self.assertIn(self.customer.name, account.display_name)
        self.assertEqual(self.customer.points_shown_account_ids, account)

    def test_c28_scopes_are_found_by_part_of_their_name_or_number(self):
        self.sold.write({"default_code": "P-77", "barcode": "4006381333931"})
        for model, text, found in (
            ("product.product", "Good", self.sold),
            ("product.product", "P-77", self.sold),
            ("product.product", "4006381333931", self.sold),
            ("product.category", "ABC", self.line),
            ("points.sell.group", "G", self.group),
        ):
            with self.subTest(text):
                names = self.env[model].name_search(text)
                self.assertIn(found.id, [record_id for record_id, _name in names])
