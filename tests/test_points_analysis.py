"""Analysis: figures by hand, rates of sums, and who may see them."""

import ast
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestPointsAnalysis(SpendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"value_per_point": 0.5, "expiry": "rolling"})
        cls.program.expiry_months = 1
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        cls.reward = cls._make_reward(points=40, value=20)
        cls.other = cls._admit(cls.other_customer, cls.program)
        cls.tag = cls.env["res.partner.category"].create({"name": "Builders"})
        cls.customer.category_id = cls.tag
        cls.model = cls.env["points.analysis"]

    def _live(self):
        """Earn 300 and 100, give 100 back, redeem 40 and let the rest expire."""
        with freeze_time("2026-01-10 12:00:00"):
            self._sell((self.cake, 3))
            order = self._sell((self.cake, 1), customer=self.other_customer)
            self._invoice((self.cake, 1, 60), day=date(2026, 1, 10))
            self._refund(order)
        with freeze_time("2026-01-15 12:00:00"):
            self._buy([(self.cake, 1)], (self.reward, 1, -20))
        with freeze_time("2026-03-20 12:00:00"):
            self.env["points.document"]._expire_account(self.account)
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.env.invalidate_all()

    def _read(self, groupby, *names, domain=()):
        domain = [("program_id", "=", self.program.id), *domain]
        return self.model._read_group(domain, groupby, names)

    def test_r01_measures_of_all(self):
        self._live()

        ((*found,),) = self._read(
            [],
            *("points:sum", "earned:sum", "redeemed:sum", "expired:sum"),
            *("redeemed_value:sum", "customers:count_distinct"),
            *("sales:count_distinct", "sales_amount:sum"),
        )

        # 300 + 60 + 80 of the order that redeemed; 100 came and went.
        self.assertEqual(found[:4], [0, 440, 40, 400])
        self.assertEqual(found[4:], [20, 2, 4, 300 + 100 + 60 + 80])

    def test_r01_rates_are_of_sums_not_of_entries(self):
        self._live()
        rates = ("redemption_rate:avg", "expiry_rate:avg", "sales_per_value:avg")

        ((redemption, breakage, ratio),) = self._read([], *rates)

        self.assertAlmostEqual(redemption, 100 * 40 / 440)
        self.assertAlmostEqual(breakage, 100 * 400 / 440)
        self.assertAlmostEqual(ratio, 540 / 20)
        by_month = self._read(["date:month"], "expiry_rate:avg")
        self.assertEqual([bool(rate) for _month, rate in by_month], [False, False])

    def test_r01_entries_add_up_by_register_salesperson_and_tag(self):
        self._live()

        for name in ("config_id", "user_id", "partner_tag_ids", "kind", "date:week"):
            with self.subTest(name):
                sums = [points for _key, points in self._read([name], "points:sum")]
                self.assertAlmostEqual(sum(sums), 0)
        tags = dict(self._read(["partner_tag_ids"], "earned:sum"))
        self.assertEqual(tags, {self.tag: 440, self.env["res.partner.category"]: 0})
        registers = dict(self._read(["config_id"], "earned:sum"))
        self.assertEqual(registers[self.config], 380)

    def test_an_order_booked_again_counts_once(self):
        invoice = self._invoice((self.cake, 1, 60))
        invoice.button_draft()
        invoice.action_post()
        self.env.cr.precommit.run()
        self.env.flush_all()

        ((earned, sales, amount),) = self._read(
            [], "earned:sum", "sales:count_distinct", "sales_amount:sum"
        )
        self.assertEqual((earned, sales, amount), (60, 1, 60))

    def test_a_sale_counts_for_the_customer_who_has_it(self):
        invoice = self._invoice((self.cake, 1, 60))
        for partner in (self.other_customer, self.customer, self.other_customer):
            invoice.button_draft()
            invoice.partner_id = partner
            invoice.action_post()
            self.env.cr.precommit.run()
            self.env.flush_all()

            with self.subTest(partner.name):
                found = self._read(
                    ["partner_id"], "sales:count_distinct", "sales_amount:sum"
                )
                found = {customer: sales for customer, *sales in found if sales[0]}
                self.assertEqual(found, {partner: [1, 60]})
        self._sell((self.cake, 1))
        self.env.flush_all()
        ((sales, amount),) = self._read([], "sales:count_distinct", "sales_amount:sum")
        self.assertEqual((sales, amount), (2, 160))

    def test_an_order_of_two_programs_counts_in_each(self):
        second = self._make_program(value_per_point=0.5)
        self._admit(self.customer, second)
        self._sell((self.cake, 1))
        self.env.cr.precommit.run()
        self.env.flush_all()

        both = [("program_id", "in", (self.program | second).ids)]
        measures = ["sales:count_distinct", "sales_amount:sum"]
        ((sales, amount),) = self.model._read_group(both, [], measures)
        self.assertEqual((sales, amount), (1, 200))
        for program in self.program | second:
            of_program = [("program_id", "=", program.id)]
            (found,) = self.model._read_group(of_program, [], measures)
            self.assertEqual(found, (1, 100))

    def test_favorites_group_and_measure_what_there_is(self):
        action = self.env.ref("customer_points.points_analysis_action")
        favorites = self.env["ir.filters"].search([("action_id", "=", action.id)])
        self.assertEqual(len(favorites), 4)

        for favorite in favorites:
            shown = ast.literal_eval(favorite.context)
            measures = [
                f"{name}:{self.model._fields[name].aggregator}"
                for name in (shown["graph_measure"], *shown["pivot_measures"])
            ]
            with self.subTest(favorite.name):
                self._live()
                groups = self._read(shown["pivot_row_groupby"], *measures)
                self.assertTrue(groups)

    # === RIGHTS === #

    def test_c05_who_sees_what(self):
        self._live()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        group = "customer_points.group_points_user"
        own = {
            "company_id": self.company.id,
            "company_ids": [Command.set(self.company.ids)],
        }
        other = {
            "company_id": elsewhere.id,
            "company_ids": [Command.set(elsewhere.ids)],
        }
        reader = new_test_user(self.env, "reader", group, **own)
        stranger = new_test_user(self.env, "stranger", group, **other)
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_manager")
        portal = new_test_user(self.env, "portal", "base.group_portal")
        own = [("program_id", "=", self.program.id)]

        self.assertTrue(self.model.with_user(reader).search_count(own))
        self.assertFalse(self.model.with_user(stranger).search_count(own))
        for user in (seller, portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.model.with_user(user).search_count(own)
