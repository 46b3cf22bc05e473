from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .formula_common import FormulaCommon


@tagged("post_install", "-at_install")
class TestPointsCampaign(FormulaCommon):
    """Bonus campaigns: a period, customer tags, salespeople, weekdays (X-04)."""

    def test_x04_doubled_on_tuesdays_for_a_group(self):
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        account = self._member(
            {},
            {
                "bonus": True,
                "tue": True,
                "customer_group_ids": [Command.set(tag.ids)],
            },
        )
        tuesday, wednesday = "2026-03-17", "2026-03-18"
        for day, groups, points in (
            (tuesday, tag, 200),
            (wednesday, tag, 100),
            (tuesday, tag.browse(), 100),
        ):
            self.customer.category_id = groups
            with self.subTest(day=day, groups=groups):
                self.assertEarned(
                    account,
                    points,
                    lambda day=day: self._invoice((self.coffee, 1, 100), day=day),
                )

    def test_x04_the_day_is_the_same_whoever_settles(self):
        self.env.company.partner_id.tz = False
        self.env.user.tz = "Europe/Athens"
        account = self._member({"tue": True})
        order = self._sell((self.cake, 1), date_order="2026-03-16 22:30:00")
        self.assertPoints(account, 100)
        other = new_test_user(self.env, "elsewhere", "base.group_user")
        other.tz = "UTC"

        order.with_user(other).sudo()._points_settle()

        self.assertPoints(account, 100)

    def test_x04_rules_for_other_days_or_sellers_do_not_compete(self):
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_salesman")
        users = [Command.set(seller.ids)], [Command.set(self.env.user.ids)]
        for one, other in (
            ({"mon": True}, {"tue": True, "wed": True}),
            ({"salesperson_ids": users[0]}, {"salesperson_ids": users[1]}),
        ):
            self._make_program(one, other)
        for one, other in (
            ({"mon": True}, {"mon": True, "wed": True}),
            ({"mon": True}, {}),
            ({"salesperson_ids": users[0]}, {"salesperson_ids": users[0]}),
        ):
            with self.assertRaisesRegex(ValidationError, "apply to the same products"):
                self._make_program(one, other)

    def test_x04_only_what_some_people_sell(self):
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_salesman")
        account = self._member(
            {}, {"bonus": True, "salesperson_ids": [Command.set(seller.ids)]}
        )
        for user, points in ((seller, 200), (self.env.user, 100)):
            with self.subTest(user=user.login):
                self.assertEarned(
                    account,
                    points,
                    lambda user=user: self._invoice(
                        (self.coffee, 1, 100), invoice_user_id=user.id
                    ),
                )
        self.assertEarned(account, 10, lambda: self._sell((self.coffee, 1)))

    def test_l04_a_campaign_has_a_period(self):
        account = self._member(
            {},
            self._formula(
                "floor(grossamount / 50)",
                bonus=True,
                date_from="2026-03-01",
                date_to="2026-03-31",
            ),
        )
        for day, points in (("2026-03-31", 102), ("2026-04-01", 100)):
            with self.subTest(day=day):
                self.assertEarned(
                    account,
                    points,
                    lambda day=day: self._invoice((self.coffee, 1, 100), day=day),
                )

    def test_x06_x07_rules_of_template_customer_and_group(self):
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        self.customer.category_id = tag
        program = self._make_program(
            self._formula("7", customer_group_ids=[Command.set(tag.ids)])
        )
        account = self._admit(self.customer, program)
        other = self._admit(self.other_customer, program)
        for customer in (self.customer, self.other_customer):
            self._sell((self.coffee, 1), customer=customer)
        self.assertEqual([self._points(account), self._points(other)], [7, 0])

        other.rule_ids = [Command.create(self._formula("11"))]
        account.template_id = self.env["points.template"].create(
            {
                "name": "T",
                "program_id": program.id,
                "rule_ids": [Command.create(self._formula("13"))],
            }
        )
        for customer in (self.customer, self.other_customer):
            self._sell((self.coffee, 1), customer=customer)

        self.assertEqual([self._points(account), self._points(other)], [20, 11])
