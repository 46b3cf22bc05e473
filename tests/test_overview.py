"""The overview: every figure by hand and against its list, and who may see what."""

import random
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

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
    def _tile(answer, key):
        (tile,) = (tile for tile in answer["tiles"] if tile["key"] == key)
        return [line["text"] for line in tile["lines"]]

    @staticmethod
    def _card(answer, program):
        (card,) = (card for card in answer["cards"] if card["id"] == program.id)
        return {line["key"]: line["text"] for line in card["lines"]}

    def _actions(self, answer):
        """Yield (what, text, action) of every figure that opens a list."""
        for place in ("tiles", "cards", "rewards"):
            for part in answer[place]:
                for line in part["lines"]:
                    if line["action"]:
                        key = line.get("key") or part.get("key")
                        yield f"{place} {key}", line["text"], line["action"]
        for chart in answer["charts"]:
            for dataset in chart["datasets"]:
                for text, more in zip(dataset["texts"], chart["domains"], strict=True):
                    action = dataset["action"]
                    domain = [*action["domain"], *more]
                    yield chart["key"], text, {**action, "domain": domain}

    def _sum(self, action):
        """Return what a list comes to: the sum of its points, or how many it has."""
        names = {"points.entry": "points", "points.lot": "remaining"}
        records = self.env[action["res_model"]].with_user(self.reader).sudo()
        records = records.search(action["domain"])
        model = action["res_model"]
        if model == "points.account" and "balance" in str(action["domain"]):
            is_close = ("balance", "<") in [tuple(c)[:2] for c in action["domain"]]
            return len(records) if is_close else sum(records.mapped("balance"))
        if model in names:
            return abs(sum(records.mapped(names[model])))
        return len(records)


@tagged("post_install", "-at_install")
class TestOverview(OverviewCommon):
    # === BY HAND === #

    @freeze_time("2026-04-05 12:00:00")
    def test_figures_of_this_month(self):
        self._live()

        answer = self._read()

        self.assertEqual(answer["date_from"], "2026-04-01")
        self.assertEqual(answer["date_to"], "2026-04-30")
        for key, texts in {
            "issued": ["-25 points", "$ 5.00"],
            "redeemed": ["40 points", "$ 0.00"],
            "expired": ["0 points", "$ 0.00"],
            "outstanding": ["335 points", "$ 5.00", "worth $ 83.75"],
            "expiring": ["260 points", "$ 0.00"],
            "active": ["2"],
            "close": ["0"],
            "reviews": ["1"],
        }.items():
            with self.subTest(key):
                said = [text.replace("\N{NO-BREAK SPACE}", " ") for text in self._tile(answer, key)]
                self.assertEqual(said, texts)
