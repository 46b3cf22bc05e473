"""Points by product category: figures by hand, and always those of the ledger."""

from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models import points_category_total
from ..settlement.settlement import Settlement
from .common import migrate
from .reports_common import ReportsCommon


class CategoryTotalsCommon(ReportsCommon):
    """Hot drinks earn 2 points per 1.00, food 1 point, tools 10 per block of 100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Category = cls.env["product.category"]
        cls.drinks, cls.food, cls.tools = Category.create(
            [{"name": name} for name in ("Drinks", "Food", "Tools")]
        )
        cls.coffee.categ_id, cls.cake.categ_id = cls.drinks, cls.food
        cls.tool.categ_id = cls.tools
        cls.tea = cls._make_product("Tea", 5, categ_id=cls.drinks.id)
        cls.by_category = cls._make_program(
            cls._rule_of(cls.drinks, method="multiplier", rate_stock=2),
            cls._rule_of(cls.food, method="multiplier", rate_stock=1),
            name="By Category",
        )
        cls.by_category_account = cls._admit(cls.customer, cls.by_category)
        cls.by_block = cls._make_program(
            {"method": "block", "block_points": 10, "block_amount": 100},
            name="By Block",
        )
        cls.by_block_account = cls._admit(cls.customer, cls.by_block)
        cls.both = cls.by_category | cls.by_block
        cls.total_model = cls.env["points.category.total"]

    @staticmethod
    def _rule_of(category, **values):
        return {"applies_to": "price_line", "categ_id": category.id, **values}

    def _add_up(self, programs=None):
        programs = programs or self.env["points.program"].search([])
        self.env.cr.precommit.run()
        self.total_model._add_up(programs, date(1900, 1, 1), date(9998, 12, 31))

    def _totals(self, program=None, **days):
        """Return (points, purchases) by category's name, once they are added up."""
        self._add_up()
        domain = [("program_id", "=", (program or self.by_category).id)]
        domain += [("date", "=", day) for day in days.values()]
        rows = self.total_model._read_group(
            domain, ["category_id"], ["points:sum", "amount:sum"]
        )
        return {
            category.name or "": (round(points, 4), round(amount, 4))
            for category, points, amount in rows
            if points or amount
        }


@tagged("post_install", "-at_install")
class TestCategoryTotals(CategoryTotalsCommon):
    # === BY HAND === #

    def test_each_category_has_the_points_of_its_own_rule(self):
        self._sell((self.coffee, 3), (self.cake, 1), (self.tea, 2))

        self.assertEqual(self._totals(), {"Drinks": (2 * 40, 40), "Food": (100, 100)})

    def test_a_block_over_two_categories_is_shared_by_their_money(self):
        self._sell((self.coffee, 6), (self.cake, 1))

        # 160 are one block: 10 points, 60 and 100 of 160.
        self.assertEqual(
            self._totals(self.by_block), {"Drinks": (3.75, 60), "Food": (6.25, 100)}
        )

    def test_a_discount_of_the_sale_lowers_all_categories(self):
        discount = self._make_product("Discount", 0, type="service")
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": self._untaxed_lines(
                    (self.coffee, 10, 10), (self.cake, 1, 100), (discount, 1, -20)
                ),
            }
        )
        order.action_confirm()
        order._create_invoices().action_post()

        self.assertEqual(self._totals(), {"Drinks": (180, 90), "Food": (90, 90)})

    def test_r03_what_comes_back_is_taken_off_its_category(self):
        order = self._sell((self.coffee, 3), (self.cake, 2))
        self._refund(order, {self.coffee: 1, self.cake: 1})

        self.assertEqual(self._totals(), {"Drinks": (40, 20), "Food": (100, 100)})
        # 230 were two blocks, 120 are one: 10 points went, of both.
        self.assertEqual(
            self._totals(self.by_block),
            {"Drinks": (1.6667, 20), "Food": (8.3333, 100)},
        )

    def test_r04_nothing_is_left_of_what_came_back_part_by_part(self):
        order = self._sell((self.coffee, 3), (self.cake, 2))
        for product in (self.cake, self.coffee, self.cake):
            self._refund(order, {product: 1})
        self._refund(order, {self.coffee: 2})

        for program in self.both:
            self.assertEqual(self._totals(program), {}, program.name)

    def test_a_return_counts_on_its_own_day(self):
        with freeze_time("2026-03-10 12:00:00"):
            order = self._sell((self.coffee, 3), (self.cake, 2))
        with freeze_time("2026-04-02 12:00:00"):
            self._refund(order, {self.cake: 1})

        self.assertEqual(
            self._totals(day="2026-03-10"), {"Drinks": (60, 30), "Food": (200, 200)}
        )
        self.assertEqual(self._totals(day="2026-04-02"), {"Food": (-100, -100)})

    def test_an_invoice_that_is_a_draft_again_counts_no_more_until_it_is_posted(self):
        invoice = self._invoice((self.coffee, 2, 10), (self.cake, 1, 80))
        before = self._totals()
        invoice.button_draft()
        self.assertEqual(self._totals(), {})

        invoice.action_post()

        self.assertEqual(before, {"Drinks": (40, 20), "Food": (80, 80)})
        self.assertEqual(self._totals(), before)

    def test_an_invoice_that_is_changed_counts_as_it_is_now(self):
        invoice = self._invoice((self.coffee, 2, 10), (self.cake, 1, 80))
        invoice.button_draft()
        invoice.invoice_line_ids[1].product_id = self.tool
        invoice.invoice_line_ids[0].price_unit = 30
        invoice.action_post()

        # A product without a rule counts, and earns nothing.
        self.assertEqual(self._totals(), {"Drinks": (120, 60), "Tools": (0, 124)})

    def test_credit_notes_take_off_what_they_name(self):
        invoice = self._invoice((self.coffee, 2, 10), (self.cake, 1, 80))
        self._credit(invoice, {self.cake: 1})

        self.assertEqual(self._totals(), {"Drinks": (40, 20)})

    def test_what_comes_back_without_its_sale_is_taken_off_its_category(self):
        self._sell((self.coffee, 10))
        order = self._order_data([(self.coffee, -2)], self.customer)
        self._sync(order)

        self.assertEqual(self._totals(), {"Drinks": (160, 80)})

    def test_a_sale_that_is_recalculated_counts_what_is_left_of_it(self):
        order = self._sell((self.coffee, 3), (self.cake, 2))
        self._refund(order, {self.cake: 1})
        self.by_category.rule_ids[0].rate_stock = 4
        self._recalculate(order)

        self.assertEqual(self._totals(), {"Drinks": (120, 30), "Food": (100, 100)})

    def test_another_customer_of_a_sale_changes_no_category(self):
        self._admit(self.other_customer, self.by_category)
        order = self._sell((self.coffee, 3), (self.cake, 2))
        order.partner_id = self.other_customer
        order._points_settle()

        self.assertEqual(self._totals(), {"Drinks": (60, 30), "Food": (200, 200)})

    def test_what_comes_back_after_a_merge_is_taken_off_its_category(self):
        self._admit(self.other_customer, self.by_category)
        sold = ((self.coffee, 6), (self.cake, 1))
        order = self._sell(*sold, customer=self.other_customer)
        whole = self._sell(*sold, customer=self.other_customer)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.other_customer | self.customer).ids, self.customer
        )
        self._add_up()
        of_program = [("program_id", "=", self.by_category.id)]
        before = self.total_model.search(of_program)
        with freeze_time(date.today() + timedelta(days=3)):
            self._refund(whole)
            self._refund(order, {self.coffee: 1})

        right = {"Drinks": (100, 50), "Food": (100, 100)}
        self.assertEqual(self._totals(), right)
        # What an earlier version added up is forgotten, and added up again.
        wrong = self.total_model.search(of_program) - before
        self.env.flush_all()
        migrate(self.env.cr, "19.0.1.12.0/post-category_totals.py")
        self.env.invalidate_all()
        self.assertEqual(self.total_model.search(of_program), before)
        self.assertTrue(wrong)
        self.assertFalse(wrong.exists())
        self.assertEqual(self._totals(), right)

    def test_an_invoice_of_a_merged_customer_that_is_changed_counts_as_it_is_now(self):
        self._admit(self.other_customer, self.by_category)
        invoice = self._invoice(
            (self.coffee, 2, 10), (self.cake, 1, 80), customer=self.other_customer
        )
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.other_customer | self.customer).ids, self.customer
        )
        invoice.button_draft()
        self.assertEqual(self._totals(), {})
        invoice.action_post()
        self.assertEqual(self._totals(), {"Drinks": (40, 20), "Food": (80, 80)})

    def test_purchases_in_another_currency_are_the_programs_money(self):
        self.env["res.currency.rate"].create(
            {"name": "2026-03-01", "currency_id": self.other_currency.id, "rate": 4}
        )
        invoice = self._invoice(
            (self.coffee, 4, 10),
            (self.cake, 1, 80),
            currency_id=self.other_currency.id,
        )
        self.assertEqual(self._totals(), {"Drinks": (20, 10), "Food": (20, 20)})

        self._credit(invoice, {self.coffee: 2})

        self.assertEqual(self._totals(), {"Drinks": (10, 5), "Food": (20, 20)})

    def test_choices_of_combos_count_for_their_own_categories(self):
        combos = self.env["product.combo"].create(
            [
                {
                    "name": choice.name,
                    "company_id": self.company.id,
                    "combo_item_ids": [Command.create({"product_id": choice.id})],
                }
                for choice in (self.coffee, self.cake)
            ]
        )
        menu = self._make_product("Menu", 60)
        menu.product_tmpl_id.write(
            {"combo_ids": [Command.set(combos.ids)], "type": "combo"}
        )
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        Line = self.env["sale.order.line"]
        top = Line.create(
            {"order_id": order.id, "product_id": menu.id, "product_uom_qty": 2}
        )
        for choice in (self.coffee, self.cake):
            Line.create(
                {
                    "order_id": order.id,
                    "product_id": choice.id,
                    "product_uom_qty": 2,
                    "linked_line_id": top.id,
                    "combo_item_id": menu.combo_ids.combo_item_ids.filtered(
                        lambda item, choice=choice: item.product_id == choice
                    ).id,
                    "tax_ids": False,
                }
            )
        order.action_confirm()
        order._create_invoices().action_post()
        lines = order.order_line.filtered("combo_item_id")
        paid = {line.product_id: line.price_subtotal for line in lines}

        self.assertEqual(paid, {self.coffee: 10.9, self.cake: 109.1})
        # 21.8 and 109.1 are 130 points, rounded down: a share of both is cut off.
        self.assertEqual(
            self._totals(), {"Drinks": (21.6501, 10.9), "Food": (108.3499, 109.1)}
        )

    def test_a_sale_that_is_settled_later_counts_once_it_is(self):
        failing = patch.object(Settlement, "post", side_effect=ValueError("lost"))
        with failing, mute_logger("odoo.addons.customer_points.models"):
            order = self._sell((self.coffee, 3), (self.cake, 1))
        self.assertEqual(self._totals(), {})
        order._points_settle()

        self.assertEqual(self._totals(), {"Drinks": (60, 30), "Food": (100, 100)})
        self.cake.active = False
        self.food.name = "Sweets"
        self._refund(order, {self.cake: 1})
        self.assertEqual(self._totals(), {"Drinks": (60, 30)})

    def test_an_account_that_earns_no_more_has_what_it_was_given(self):
        order = self._sell((self.coffee, 3), (self.cake, 1))
        self.by_category_account._block("Card stolen")
        self._sell((self.coffee, 3))
        self._refund(order, {self.coffee: 1})

        self.assertEqual(self._totals(), {"Drinks": (40, 20), "Food": (100, 100)})
        self.assertCategoryTotals()

    def test_programs_without_taxes_count_purchases_without_them(self):
        net = self._make_program(name="Net", amount_basis="net")
        self._admit(self.customer, net)
        self._sell((self.tool, 1))

        self.assertEqual(self._totals(net), {"Tools": (100, 100)})
        self.assertEqual(self._totals(self.by_block)["Tools"], (10, 124))

    def test_what_a_policy_leaves_of_a_block_follows_the_money(self):
        program = self._make_program(
            {"method": "block", "block_points": 10, "block_amount": 200},
            return_policy="proportional",
        )
        self._admit(self.customer, program)
        order = self._sell((self.coffee, 10), (self.cake, 1))
        self._refund(order, {self.coffee: 5})

        # 7.5 rounded down: of what is left no block is reached.
        self.assertEqual(
            self._totals(program), {"Drinks": (2.3333, 50), "Food": (4.6667, 100)}
        )

    # === WHAT NOBODY KNOWS === #

    def test_products_and_categories_that_are_gone_are_in_the_sums(self):
        with freeze_time("2026-03-10 12:00:00"):
            self._sell((self.coffee, 3))
        self._add_up()
        self.coffee.categ_id = self.food
        self.drinks.unlink()

        with freeze_time("2026-03-10 12:00:00"):
            self.assertEqual(self._totals(), {"": (60, 30)})
            self._sell((self.coffee, 1))
        # The day is added up anew, by the categories of now.
        self.assertEqual(self._totals(), {"Food": (70, 40)})

    def test_rows_that_cannot_be_explained_are_in_the_sums(self):
        for evidence in (
            {},
            {"pos:1": {"kept": {}}},
            {"pos:1": {"d": "2026-03-10", "l": [], "p": {}}},
            {"pos:1": {"d": "x", "l": ["broken"], "p": {"1": {}}}},
        ):
            with self.subTest(evidence), self.env.cr.savepoint() as savepoint:
                self.env["points.document"]._post(
                    {
                        "kind": "sale",
                        "date": date(2026, 3, 10),
                        "partner_id": self.customer.id,
                        "company_id": self.company.id,
                        "evidence": evidence,
                    },
                    [
                        {
                            "account_id": self.by_category_account.id,
                            "program_id": self.by_category.id,
                            "kind": "earn",
                            "points": 5,
                            "root": "pos:1" if evidence else False,
                            "number": 1,
                        }
                    ],
                )
                self.assertEqual(self._totals(), {"": (5, 0)})
                savepoint.rollback()

    # === ALWAYS THE LEDGER === #

    def test_r02_a_life_at_random_adds_up_on_every_day(self):
        self._live()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.third | self.other_customer).ids, self.other_customer
        )
        self.customers -= self.third
        self.accounts = self.accounts.filtered(lambda one: not one.merged_into_id)
        orders = self.orders
        self._live(seed=17, events=20)
        for order in orders[:5]:
            self._refund(order)

        self._add_up()

        self.assertGreater(self.total_model.search_count([]), 30)
        self.assertCategoryTotals()

    def test_adding_up_twice_changes_nothing(self):
        self._sell((self.coffee, 3), (self.cake, 1))
        self._add_up()
        rows = self.total_model.search([])

        self._add_up()

        self.assertEqual(self.total_model.search([]), rows)

    def test_entries_of_a_past_day_are_added_when_they_come(self):
        self._invoice((self.coffee, 3, 10), day=date(2026, 3, 10))
        self._invoice((self.cake, 1, 100), day=date(2026, 3, 11))
        self._add_up()
        kept = self.total_model.search([("date", "=", "2026-03-11")])

        self._invoice((self.tea, 2, 5), day=date(2026, 3, 10))

        self.assertEqual(self._totals(day="2026-03-10"), {"Drinks": (80, 40)})
        self.assertEqual(self.total_model.search([("date", "=", "2026-03-11")]), kept)
        self.assertCategoryTotals()

    def test_the_action_of_the_night_adds_up_each_day_alone(self):
        for day in (10, 11, 12):
            self._invoice((self.coffee, day, 10), day=date(2026, 3, day))
        add_up_day = type(self.total_model)._add_up_day
        broken = date(2026, 3, 11)

        def add_up(model, company_id, program_id, day):
            add_up_day(model, company_id, program_id, day)
            if day == broken:
                raise ValueError("broken")

        with (
            patch.object(type(self.total_model), "_add_up_day", add_up),
            self.assertLogs("odoo.addons.customer_points.models", "WARNING") as logs,
        ):
            self._run_cron()

        self.assertTrue(logs.records)
        days = {row.date.day for row in self.total_model.search([])}
        self.assertEqual(days, {10, 12})
        self._run_cron()
        self.assertCategoryTotals()

    def _run_cron(self):
        self.env.cr.precommit.run()
        with self.enter_registry_test_mode():
            self.env.ref(
                "customer_points.ir_cron_add_up_categories"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_many_entries_of_a_day_are_read_some_at_a_time(self):
        orders = [self._sell((self.coffee, 3), (self.cake, 1)) for _time in range(3)]
        self._refund(orders[0], {self.cake: 1})
        whole = self._totals()
        self.env.cr.execute("DELETE FROM points_category_total")

        with patch.object(points_category_total, "_MOST_ROWS", 2):
            self.assertEqual(self._totals(), whole)
        self.assertCategoryTotals()

    def test_queries_do_not_grow_with_entries(self):
        self.company.partner_id.tz = "UTC"

        def grow(count):
            for number in range(count):
                order = self._sell((self.coffee, 1 + number), (self.cake, 1))
                self._refund(order, {self.cake: 1})
                self._invoice((self.tea, 2, 5), day=date.today())

        def count_queries():
            self.env.cr.precommit.run()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            day = self.total_model._find_missing()[0][:3]
            self.total_model._add_up_day(*day)
            return self.env.cr.sql_log_count - before

        grow(2)
        count_queries()
        grow(1)
        counted = count_queries()
        grow(6)

        self.assertEqual(count_queries(), counted)
        self.assertLess(counted, 25)

    # === RIGHTS === #

    def test_c05_only_points_users_read_those_of_their_companies(self):
        self._sell((self.coffee, 3))
        self._add_up()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "customer_points.group_points_manager",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )

        self.assertTrue(self.total_model.with_user(self.reader).search([]))
        self.assertFalse(self.total_model.with_user(stranger).search([]))
        for user in (self.seller, self.employee, self.visitor):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.total_model.with_user(user).search([])
                with self.assertRaises(AccessError):
                    self.total_model.with_user(user)._add_up(
                        self.both, date(2026, 1, 1), date(2026, 12, 31)
                    )

    def test_points_users_open_graph_and_pivot(self):
        self._sell((self.coffee, 3), (self.cake, 1))
        self._add_up()
        totals = self.total_model.with_user(self.reader)
        action = self.env.ref("customer_points.points_category_total_action")

        views = totals.get_views([(False, "graph"), (False, "pivot")])
        rows = totals.formatted_read_group(
            [("program_id", "=", self.by_category.id)],
            ["category_id", "date:month"],
            ["points:sum", "amount:sum"],
        )

        self.assertEqual(action.view_mode, ",".join(views["views"]))
        self.assertEqual([row["points:sum"] for row in rows], [60, 100])

    def test_nobody_writes_them(self):
        self._sell((self.coffee, 3))
        self._add_up()
        row = self.total_model.search([], limit=1).with_user(self.keeper)
        for attempt in (
            lambda: row.write({"points": 1}),
            lambda: row.unlink(),
            lambda: row.copy(),
        ):
            with self.assertRaises(AccessError):
                attempt()

    @mute_logger("odoo.sql_db")
    def test_a_day_is_there_once(self):
        self._sell((self.coffee, 3))
        self._add_up(self.by_category)
        (row,) = self.total_model.search([("program_id", "=", self.by_category.id)])

        self.assertRefused(row.copy)
