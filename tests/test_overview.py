"""The overview: every figure by hand and against its list, and who may see what."""

import contextlib
import random
import re
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.customer_points.engine.numbers import exact
from odoo.addons.customer_points.report.overview_figures import PERIODS
from odoo.addons.customer_points.wording.sentences import say_points

from ..redemption.sale_redemption import SaleRedemption
from .spending_common import SpendingCommon

_MODEL = "report.customer_points.overview"


class OverviewCommon(SpendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write(
            {"value_per_point": 0.25, "expiry": "rolling", "expiry_months": 12}
        )
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        cls.reward = cls._make_reward(points=40, value=25)
        cls.other = cls._admit(cls.other_customer, cls.program)
        cls.cash = cls._make_program(
            {"method": "percent", "rate_stock": 5}, name="Cash Back", mode="value"
        )
        cls.third = cls.env["res.partner"].create({"name": "Third"})
        cls.cash_account = cls._admit(cls.third, cls.cash)
        cls.companies = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.reader = new_test_user(
            cls.env, "reader", "customer_points.group_points_user", **cls.companies
        )

    def _live(self):
        """Earn, redeem, return below zero, expire."""
        with freeze_time("2025-04-10 12:00:00"):
            self._sell((self.cake, 3))
        with freeze_time("2025-12-01 12:00:00"):
            order = self._sell((self.cake, 1), customer=self.other_customer)
        with freeze_time("2026-04-02 12:00:00"):
            self._buy([(self.cake, 1)], (self.reward, 1, -25))
            self._invoice(
                (self.cake, 1, 100), customer=self.third, day=date(2026, 4, 2)
            )
        with freeze_time("2026-04-03 12:00:00"):
            self._adjust(-30, self.other)
            self._refund(order)

    def _read(self, user=None, **asked):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env[_MODEL].with_user(user or self.reader).points_overview(**asked)

    @staticmethod
    def _texts(part):
        """Return what a tile or card says, with plain spaces."""
        return [
            line["text"].replace("\N{NO-BREAK SPACE}", " ") for line in part["lines"]
        ]

    def _tiles(self, answer):
        return {tile["key"]: self._texts(tile) for tile in answer["tiles"]}

    def _card(self, answer, program):
        (card,) = (card for card in answer["cards"] if card["id"] == program.id)
        keys = [line["key"] for line in card["lines"]]
        return dict(zip(keys, self._texts(card), strict=True))

    @staticmethod
    def _actions(answer):
        """Yield (figure, text, action) of everything that opens a list."""
        for place in ("tiles", "cards", "rewards"):
            for part in answer[place]:
                for line in part["lines"]:
                    if line["action"]:
                        key = line.get("key") or part["key"]
                        yield key, line["text"], line["action"]
        for chart in answer["charts"]:
            for dataset in chart["datasets"]:
                action = dataset["action"]
                for text, more in zip(dataset["texts"], chart["domains"], strict=True):
                    domain = [*action["domain"], *more]
                    yield chart["key"], text, {**action, "domain": domain}

    def _sum(self, key, action, user=None):
        """Return what a list comes to, as its reader sees it."""
        model = self.env[action["res_model"]].with_user(user or self.reader)
        records = model.search(action["domain"])
        if key == "rate":
            return self._rate(records)
        if key == "worth":
            return sum(a.balance * a.program_id.value_per_point for a in records)
        if model._name == "points.entry":
            is_earned = "earn" in str(action["domain"])
            return sum(records.mapped("points")) * (1 if is_earned else -1)
        if key == "outstanding":
            return sum(records.mapped("balance"))
        if key == "expiring":
            return sum(records.mapped("remaining"))
        return len(records)

    @staticmethod
    def _rate(entries):
        """Return in percent what was redeemed of what was issued."""
        issued = entries.filtered(lambda entry: entry.kind in ("earn", "return"))
        redeemed = sum((entries - issued).mapped("points"))
        return -100 * redeemed / sum(issued.mapped("points"))

    def assertListsAreFigures(self, answer, user=None):
        """Assert that every list has what its figure says."""
        for key, text, action in self._actions(answer):
            with self.subTest(key, text=text, domain=action["domain"]):
                if text == "–":
                    continue
                said = float(re.sub(r"[^\d.-]", "", text))
                places = 0.051 if key == "rate" else 0.005
                found = self._sum(key, action, user)
                self.assertAlmostEqual(found, said, delta=places)


@tagged("post_install", "-at_install")
class TestOverview(OverviewCommon):
    # === BY HAND === #

    @freeze_time("2026-04-05 12:00:00")
    def test_figures_of_this_month(self):
        self._live()

        answer = self._read()

        self.assertEqual(answer["date_from"], "2026-04-01")
        self.assertEqual(answer["date_to"], "2026-04-05")
        self.assertEqual(
            self._tiles(answer),
            {
                "issued": ["-25 points", "$ 5.00"],
                "redeemed": ["40 points", "$ 0.00"],
                "expired": ["0 points", "$ 0.00"],
                "rate": ["–", "0%"],
                "outstanding": ["335 points", "$ 5.00", "worth $ 83.75"],
                "expiring": ["260 points", "$ 0.00"],
                "members": ["3"],
                "active": ["2"],
                "close": ["0"],
                "reviews": ["1"],
            },
        )

    @freeze_time("2026-05-01 12:00:00")
    def test_figures_of_a_year_of_one_program(self):
        self._live()
        self.env["points.document"]._expire_account(self.account)

        answer = self._read(period="last_12_months", program_id=self.program.id)

        self.assertEqual(answer["date_from"], "2025-05-02")
        self.assertEqual(
            self._tiles(answer),
            {
                "issued": ["75 points"],
                "redeemed": ["40 points"],
                "expired": ["260 points"],
                "rate": ["53.3%"],
                "outstanding": ["75 points", "worth $ 18.75"],
                "expiring": ["0 points"],
                "members": ["2"],
                "active": ["2"],
                "close": ["0"],
                "reviews": ["1"],
            },
        )
        self.assertEqual([card["id"] for card in answer["cards"]], self.program.ids)

    @freeze_time("2026-04-05 12:00:00")
    def test_a_card_for_each_program(self):
        self._live()

        answer = self._read()

        self.assertEqual(
            self._card(answer, self.program),
            {
                "members": "2",
                "outstanding": "335 points",
                "worth": "$ 83.75",
                "issued": "-25 points",
                "redeemed": "40 points",
                "expiring": "260 points",
                "reviews": "1",
            },
        )
        self.assertEqual(self._card(answer, self.cash)["outstanding"], "$ 5.00")
        self.assertNotIn("worth", self._card(answer, self.cash))

    @freeze_time("2026-04-05 12:00:00")
    def test_archived_programs_stay_while_they_have_points(self):
        self._live()
        (self.program | self.cash).active = False
        self._adjust(-5, self.cash_account)

        today = {"date_from": "2026-04-05", "date_to": "2026-04-05"}
        cards = self._read(period="custom", **today)["cards"]

        self.assertEqual([card["id"] for card in cards], self.program.ids)
        self.assertTrue(cards[0]["is_archived"])

    def test_what_idle_archived_programs_count_in_is_left_out(self):
        self.cash.active = False
        answer = self._read()
        self.assertEqual(self._tiles(answer)["issued"], ["0 points"])
        self.assertEqual([chart["title"] for chart in answer["charts"]], ["Over Time"])

        self.program.active = False
        self.assertEqual(self._tiles(self._read())["issued"], ["0 points", "$ 0.00"])

    def test_who_is_close_to_a_reward(self):
        for points, is_close in ((31.9, False), (32, True), (39.9, True), (40, False)):
            self._adjust(points - self._points(self.account))
            with self.subTest(points):
                (said,) = self._tiles(self._read())["close"]
                self.assertEqual(said, f"{int(is_close)}")

    def test_c22_who_is_close_to_a_target(self):
        self.program.minimum_target = 1000
        template = self.env["points.template"].create(
            {"name": "LOW", "program_id": self.program.id, "minimum_target": 100}
        )
        self._sell((self.cake, 8))
        self._sell((self.cake, 0.79), customer=self.other_customer)
        near = [("is_near_target", "=", True)]
        Account = self.env["points.account"].with_user(self.reader)
        self.assertEqual(self._tiles(self._read())["target"], ["1"])
        self.assertEqual(Account.search(near), self.account)

        self.other.template_id = template
        self._sell((self.coffee, 0.1), customer=self.other_customer)
        self.assertEqual(Account.search(near), self.account | self.other)
        self._sell((self.cake, 2))
        self.assertEqual(Account.search(near), self.other)
        self.program.target_repeat = "each"
        self._sell((self.cake, 8))
        self.assertEqual(Account.search(near), self.account | self.other)
        self.env.invalidate_all()
        self.assertTrue(self.account.is_near_target)
        others = [("is_near_target", "=", False), ("program_id", "=", self.program.id)]
        self.assertFalse(Account.search(others))

    def test_c22_a_target_of_ones_own_is_a_target(self):
        self._sell((self.cake, 0.9))
        self.assertNotIn("target", self._tiles(self._read()))

        self.account.minimum_target = 100
        self.assertEqual(self._tiles(self._read())["target"], ["1"])

    def test_e08_a_reward_that_cannot_be_had_is_not_close(self):
        self._adjust(35)
        self.assertEqual(self._tiles(self._read())["close"], ["1"])
        self.reward.product_id.active = False
        self.assertEqual(self._tiles(self._read())["close"], ["0"])

    def test_best_rewards_are_those_on_most_orders(self):
        second = self._make_reward(points=10, value=2)
        self._sell((self.cake, 3))
        self._buy([(self.cake, 1)], (second, 1, -2))
        for _time in range(2):
            self._buy([(self.cake, 1)], (self.reward, 1, -25))

        rewards = self._read()["rewards"]

        self.assertEqual(
            [(reward["id"], self._texts(reward)) for reward in rewards],
            [(self.reward.id, ["Orders: 2"]), (second.id, ["Orders: 1"])],
        )
        # Who may not read orders sees how many there are, but no list.
        self.assertFalse(rewards[0]["lines"][0]["action"])
        self.reader.group_ids |= self.env.ref("point_of_sale.group_pos_user")
        self.assertListsAreFigures(self._read())

    def test_rewards_on_sales_orders_and_invoices_are_counted_once(self):
        self._sell((self.cake, 3))
        lines = self._untaxed_lines((self.cake, 1, 100))
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "order_line": lines}
        )
        SaleRedemption(order).redeem(self.account.id, self.reward.id, 1)
        self.assertEqual(self._read()["rewards"], [])
        order.action_confirm()
        order._create_invoices().action_post()
        invoice = self._invoice((self.cake, 1, 100), day=date.today(), post=False)
        SaleRedemption(invoice).redeem(self.account.id, self.reward.id, 1)
        invoice.action_post()

        (reward,) = self._read()["rewards"]

        self.assertEqual(self._texts(reward), ["Sales Orders: 1", "Invoices: 1"])
        for group in ("sales_team.group_sale_manager", "account.group_account_invoice"):
            self.reader.group_ids |= self.env.ref(group)
        self.assertListsAreFigures(self._read())

    # === AGAINST THE LEDGER === #

    def _live_at_random(self, seed, events=25):
        """Sell, redeem, refund and adjust on days of a year and a half."""
        chance = random.Random(seed)
        days = sorted(chance.randrange(540) for _event in range(events))
        orders = []
        for past in days:
            day = date(2025, 1, 1) + timedelta(days=past)
            with freeze_time(f"{day} 12:00:00"):
                what = chance.choice(("sell", "sell", "redeem", "refund", "adjust"))
                if what == "sell":
                    customer = chance.choice((self.customer, self.other_customer))
                    lines = (self.cake, chance.randint(1, 4)), (self.coffee, 1)
                    orders.append(self._sell(*lines, customer=customer))
                elif what == "redeem":
                    self._buy([(self.cake, 1)], (self.reward, 1, -25))
                elif what == "refund" and orders:
                    self._refund(orders.pop(chance.randrange(len(orders))))
                else:
                    points = chance.choice((7.5, 30, -4))
                    account = chance.choice((self.account, self.cash_account))
                    account._adjust(exact(abs(points)), "Test")

    def _ledger(self, kinds, begin, end):
        """Return the sum of some entries, each looked at by itself."""
        entries = self.env["points.entry"].search([])
        return sum(
            entry.points
            for entry in entries
            if entry.kind in kinds
            and begin <= f"{entry.date}" <= end
            and entry.program_id == self.program
        )

    def test_every_figure_is_the_sum_of_its_list_and_of_the_ledger(self):
        for seed in (1, 2):
            self._live_at_random(seed)
            with freeze_time("2026-06-20 12:00:00"):
                for account in self.account | self.other:
                    self.env["points.document"]._expire_account(account)
                for period in PERIODS:
                    with self.subTest(period, seed=seed):
                        answer = self._read(period=period)
                        self.assertListsAreFigures(answer)
                        self._check_ledger(answer)

    def _check_ledger(self, answer):
        days = answer["date_from"], answer["date_to"]
        (chart, *_more) = answer["charts"]
        sums = [sum(dataset["data"]) for dataset in chart["datasets"]]
        for place, kinds in enumerate(
            (("earn", "return"), ("redeem", "restore"), ("expire",))
        ):
            points = self._ledger(kinds, *days) * (-1 if place else 1)
            key = ("issued", "redeemed", "expired")[place]
            said = self._tiles(answer)[key][0]
            self.assertAlmostEqual(sums[place], points, 4)
            self.assertEqual(said, say_points(self.env, exact(points)))

    def test_charts_have_a_point_for_each_day_or_month(self):
        with freeze_time("2026-02-10 12:00:00"):
            for period, count, first, last in (
                ("month", 10, "1 Feb", "10 Feb"),
                ("last_30_days", 30, "12 Jan", "10 Feb"),
                ("quarter", 41, "1 Jan", "10 Feb"),
                ("last_12_months", 13, "Feb 2025", "Feb 2026"),
                ("year", 41, "1 Jan", "10 Feb"),
            ):
                with self.subTest(period):
                    labels = self._read(period=period)["charts"][0]["labels"]
                    self.assertEqual(len(labels), count)
                    self.assertEqual((labels[0], labels[-1]), (first, last))

    def test_days_that_are_typed(self):
        answer = self._read(
            period="custom", date_from="2025-02-03", date_to="2025-02-05"
        )
        self.assertEqual(answer["charts"][0]["labels"], ["3 Feb", "4 Feb", "5 Feb"])
        for first, last in (
            ("2025-02-05", "2025-02-03"),
            ("2010-01-01", "2025-02-03"),
            (False, "2025-02-03"),
            ("x", []),
            ("9999-01-01", "9999-02-01"),
            ("0001-01-01", "0001-02-01"),
            ("0025-01-01", "0025-02-01"),
        ):
            with self.subTest(first=first, last=last), self.assertRaises(UserError):
                self._read(period="custom", date_from=first, date_to=last)
        with self.assertRaises(UserError):
            self._read(period="century")

    @freeze_time("2026-04-05 12:00:00")
    def test_a_minus_stays_before_its_number_from_right_to_left(self):
        self._live()
        self.env["res.lang"]._activate_lang("ar_001")
        self.reader.lang = "ar_001"

        Overview = self.env[_MODEL].with_user(self.reader).with_context(lang="ar_001")
        issued = self._tiles(Overview.points_overview())["issued"]

        self.assertEqual(issued[0][:4], "\N{LEFT-TO-RIGHT MARK}-25")

    # === STEPS === #

    def _steps(self, **asked):
        return [step["is_done"] for step in self._read(**asked)["steps"]]

    def test_steps_are_done_one_after_the_other(self):
        (self.account | self.other | self.cash_account).unlink()
        programs = self.env["points.program"].search([])
        programs.unlink()
        answer = self._read()
        self.assertNotIn("programs", answer)
        self.assertFalse(answer["is_manager"])
        self.assertFalse(answer["ways"])
        self.assertEqual(self._steps(), [False, False, False])

        program = self._make_program()
        self.assertEqual(self._steps(), [True, False, False])
        self._admit(self.customer, program)
        self.assertEqual(self._steps(), [True, True, False])
        self._sell((self.cake, 1))
        self.assertEqual(self._steps(), [True, True, True])

    # === WHO SEES WHAT === #

    def test_only_points_users_read_it(self):
        for group in ("base.group_portal", "sales_team.group_sale_salesman"):
            visitor = new_test_user(self.env, group, group, **self.companies)
            with self.subTest(group), self.assertRaises(AccessError):
                self._read(visitor)

    def test_another_company_sees_nothing_of_it(self):
        self._live()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "customer_points.group_points_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        answer = self._read(stranger, program_id=self.program.id)
        self.assertEqual(answer["steps"][0]["is_done"], False)
        self.assertNotIn("tiles", answer)

        stranger.company_ids |= self.company
        there = self.env(user=stranger, context={"allowed_company_ids": company.ids})
        self.assertNotIn("tiles", there[_MODEL].points_overview())
        both = {"allowed_company_ids": (company | self.company).ids}
        answer = self.env(user=stranger, context=both)[_MODEL].points_overview()
        self.assertEqual(len(answer["cards"]), 2)

    def test_it_only_reads(self):
        """It may be asked of a read replica."""
        self._live_at_random(3, events=8)
        self.env.flush_all()
        with contextlib.closing(self.env.cr.savepoint()):
            self.env.cr.execute("SET LOCAL transaction_read_only = on")
            self.assertTrue(self._read(period="year")["tiles"])
        self.assertTrue(type(self.env[_MODEL]).points_overview._readonly)

    def test_a_program_that_one_may_not_read_is_no_filter(self):
        answer = self._read(program_id=10**9)
        self.assertFalse(answer["program_id"])
        self.assertEqual(len(answer["cards"]), 2)

    # === QUERIES === #

    def _count(self):
        self.env.flush_all()
        self.env.invalidate_all()
        Overview = self.env[_MODEL].with_user(self.reader)
        before = self.env.cr.sql_log_count
        Overview.points_overview(period="year")
        return self.env.cr.sql_log_count - before

    def test_queries_are_the_same_with_more_programs_and_customers(self):
        self._sell((self.cake, 3))
        self._buy([(self.cake, 1)], (self.reward, 1, -25))
        self._count()
        few = self._count()
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {place}"} for place in range(10)]
        )
        for place in range(8):
            program = self._make_program()
            self._make_reward(program=program, points=10 + place)
            for partner in partners:
                self._adjust(20, self._admit(partner, program))

        self._count()
        self.assertEqual(self._count(), few)
        self.assertLess(few, 40)
