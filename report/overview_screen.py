"""The overview as a browser shows it: figures in words, with the lists behind them."""

from __future__ import annotations

from decimal import Decimal

from odoo.tools import format_date

from ..engine.numbers import ZERO, calculating, ratio
from ..wording.sentences import say_money, say_number, say_worth
from .customer_ledger import signed
from .outstanding_points import Outstanding
from .overview_figures import SALES, OverviewFigures
from .report_values import direction_of_reader

#: Figures of points, and those that count records.
_POINTS = ("issued", "redeemed", "expired")
_COUNTS = ("members", "active", "close", "target", "reviews")
_MOST_REWARDS = 5
#: How lists are shown.
_VIEWS = {
    "account.move": ("list", "kanban", "form"),
    "points.account": ("list", "kanban", "form"),
    "points.entry": ("list", "kanban", "pivot"),
    "points.lot": ("list", "kanban"),
    "points.review": ("list",),
    "pos.order": ("list", "kanban", "form"),
    "sale.order": ("list", "kanban", "form"),
}


class OverviewScreen:
    """Says in the reader's language what the figures are, and what they mean."""

    def __init__(self, figures: OverviewFigures):
        self.env, self.figures = figures.env, figures
        self.labels, self.helps = self._say_labels(), self._say_helps()
        self.units = self._get_units()
        self.direction = direction_of_reader(self.env)

    def _get_units(self) -> dict:
        """Return the programs by what they count in: points (False), or a currency.

        Points and money do not add up, nor do currencies. What only idle archived
        programs count in is left out.
        """
        units: dict = {}
        programs = self.figures.programs
        for program in programs.filtered(self._is_shown) or programs:
            unit = program.currency_id if program.mode == "value" else False
            units[unit] = units.get(unit, program.browse()) | program
        order = sorted(units, key=lambda unit: unit.name if unit else "")
        return {unit: units[unit] for unit in order}

    # === WORDS === #

    def _say_labels(self) -> dict[str, str]:
        env = self.env
        return {
            "issued": env._("Issued"),
            "redeemed": env._("Redeemed"),
            "expired": env._("Expired"),
            "rate": env._("Redemption Rate"),
            "outstanding": env._("Outstanding"),
            "worth": env._("Worth"),
            "expiring": env._("Expiring Within 30 Days"),
            "members": env._("Members"),
            "active": env._("Active Members"),
            "close": env._("Close to a Reward"),
            "target": env._("Close to Their Target"),
            "reviews": env._("Reviews Waiting"),
        }

    def _say_helps(self) -> dict[str, str]:
        env = self.env
        return {
            "issued": env._(
                "Points earned in the period, minus points taken back by refunds."
            ),
            "redeemed": env._("Points redeemed in the period, minus restored points."),
            "expired": env._("Points that expired in the period."),
            "rate": env._("Redeemed points in percent of issued points of the period."),
            "outstanding": env._(
                "The positive balances of today, and what they are worth at the value "
                "per point of their program."
            ),
            "expiring": env._("Points that expire from today on unless redeemed."),
            "members": env._("Active accounts, whatever the period."),
            "active": env._("Accounts that earned or redeemed points in the period."),
            "close": env._(
                "Accounts that have at least 80% of the points for the first reward of "
                "their program, but not all."
            ),
            "target": env._(
                "Accounts that have reached at least 80% of the minimum target, but "
                "not all of it."
            ),
            "reviews": env._(
                "Orders and accounts that somebody must look at, whatever the period."
            ),
        }

    def _say(self, unit, points: Decimal) -> str:
        """Return an amount in what it is counted in: a currency, or points."""
        said = say_worth(self.env, unit, bool(unit), points)
        return signed(said, points, self.direction)

    # === LISTS === #

    def _open(self, key: str, programs=None) -> dict:
        """Return the action that opens the list behind a figure."""
        figure = self.figures.figures[key]
        return self._list(
            self.labels[key], figure.model, self.figures.list_domain(key, programs)
        )

    def _list(self, name: str, model: str, domain: list) -> dict:
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [[False, kind] for kind in _VIEWS[model]],
            "domain": domain,
        }

    # === TILES === #

    def tiles(self) -> list[dict]:
        """Return the figures of all programs together."""
        keys = (*_POINTS, "rate", "outstanding", "expiring", *_COUNTS)
        return [
            {
                "key": key,
                "label": self.labels[key],
                "help": self.helps[key],
                "lines": list(self._lines(key)),
            }
            for key in keys
            if key != "target" or self._has_targets()
        ]

    def _lines(self, key: str):
        """Yield what a tile says: a line for each unit."""
        if key in _COUNTS:
            number = self.figures.sum_of(key)
            yield {"text": say_number(self.env, number), "action": self._open(key)}
            return
        for unit, programs in self.units.items():
            if key == "rate":
                text = self._say_rate(programs)
            else:
                text = self._say(unit, self.figures.sum_of(key, programs))
            yield {"text": text, "action": self._open(key, programs)}
        if key == "outstanding":
            yield from self._worth_lines()

    def _has_targets(self) -> bool:
        return "target" in self.figures.figures

    @calculating
    def _say_rate(self, programs) -> str:
        issued = self.figures.sum_of("issued", programs)
        redeemed = self.figures.sum_of("redeemed", programs)
        if issued <= 0:
            return "–"
        percent = ratio(redeemed, Decimal(100), issued)
        number = say_number(self.env, percent.quantize(Decimal("0.1")))
        return self.env._("%(number)s%%", number=number)

    @calculating
    def _worth_lines(self) -> list[dict]:
        """Return what outstanding points are worth, by currency."""
        counting = self.units.get(False, self.figures.programs.browse())
        lines = []
        for currency, programs in counting.grouped("currency_id").items():
            worth = sum(map(self._worth_of, programs), ZERO)
            text = self.env._("worth %(money)s", money=say_money(currency, worth))
            action = self._open("outstanding", programs)
            line = {"key": "worth", "text": text, "action": action}
            lines.append({**line, "is_note": True})
        return lines

    def _worth_of(self, program) -> Decimal:
        points = self.figures.sum_of("outstanding", program)
        return Outstanding(program, True).worth_of(points)

    # === PROGRAMS === #

    def cards(self) -> list[dict]:
        """Return one card for each program."""
        programs = self.figures.programs.filtered(self._is_shown)
        has_companies = len(programs.company_id) > 1
        return [
            {
                "id": program.id,
                "name": program.name,
                "company": program.company_id.sudo().name if has_companies else "",
                "is_archived": not program.active,
                "lines": list(self._card_lines(program)),
            }
            for program in programs
        ]

    def _is_shown(self, program) -> bool:
        """Tell whether a program is running, or has figures all the same."""
        keys = ("outstanding", *_POINTS)
        return program.active or any(self.figures.sum_of(key, program) for key in keys)

    def _card_lines(self, program):
        unit = program.mode == "value" and program.currency_id
        for key in ("members", "outstanding", *_POINTS[:2], "expiring", "reviews"):
            number = self.figures.sum_of(key, program)
            is_count = key in _COUNTS
            text = say_number(self.env, number) if is_count else self._say(unit, number)
            line = {"key": key, "label": self.labels[key], "text": text}
            yield {**line, "action": self._open(key, program)}
            if key == "outstanding" and program.mode == "points":
                worth = say_money(program.currency_id, self._worth_of(program))
                line = {"key": "worth", "label": self.labels["worth"], "text": worth}
                yield {**line, "action": self._open(key, program)}

    # === CHARTS === #

    def charts(self) -> list[dict]:
        """Return how it went, and by program where there are several."""
        charts = []
        for unit, programs in self.units.items():
            charts.append(self._chart_of_time(unit, programs))
            shown = programs.filtered(self._is_shown)
            if len(shown) > 1:
                charts.append(self._chart_of_programs(unit, shown))
        return charts

    def _title(self, title: str, unit) -> str:
        if len(self.units) == 1:
            return title
        unit = unit.name if unit else self.env._("Points")
        return self.env._("%(title)s (%(unit)s)", title=title, unit=unit)

    @calculating
    def _chart_of_time(self, unit, programs) -> dict:
        period, ledger = self.figures.period, self.figures.ledger
        parts = period.parts()
        return {
            "key": f"time_{unit and unit.name}",
            "type": "line",
            "title": self._title(self.env._("Over Time"), unit),
            "labels": [self._say_part(begin) for begin, _end in parts],
            "domains": [
                [("date", ">=", f"{begin}"), ("date", "<=", f"{end}")]
                for begin, end in parts
            ],
            "datasets": [
                self._dataset(
                    key,
                    unit,
                    programs,
                    [
                        sum((ledger[key, p, begin] for p in programs), ZERO)
                        for begin, _end in parts
                    ],
                )
                for key in _POINTS
            ],
        }

    def _chart_of_programs(self, unit, programs) -> dict:
        return {
            "key": f"programs_{unit and unit.name}",
            "type": "bar",
            "title": self._title(self.env._("By Program"), unit),
            "labels": programs.mapped("name"),
            "domains": [[("program_id", "=", program.id)] for program in programs],
            "datasets": [
                self._dataset(
                    key,
                    unit,
                    programs,
                    [self.figures.sum_of(key, program) for program in programs],
                )
                for key in _POINTS
            ],
        }

    def _dataset(self, key: str, unit, programs, numbers) -> dict:
        return {
            "label": self.labels[key],
            "data": [float(number) for number in numbers],
            "texts": [self._say(unit, number) for number in numbers],
            "action": self._open(key, programs),
        }

    def _say_part(self, day) -> str:
        pattern = "d MMM" if self.figures.period.unit == "day" else "MMM y"
        return format_date(self.env, day, date_format=pattern)

    # === REWARDS === #

    def rewards(self) -> list[dict]:
        """Return the rewards that most orders redeem, the most popular ones first."""
        counts = {model: self.figures.count_sales(model) for model in SALES}
        numbers = {
            reward: [counts[model].get(reward.id, 0) for model in SALES]
            for reward in self.figures.programs.reward_ids
        }
        used = [reward for reward in numbers if any(numbers[reward])]
        best = sorted(used, key=lambda reward: -sum(numbers[reward]))[:_MOST_REWARDS]
        most = sum(numbers[best[0]]) if best else 0
        return [
            {
                "id": reward.id,
                "name": reward.name,
                "program": reward.program_id.name,
                "percent": sum(numbers[reward]) * 100 // most,
                "lines": list(self._reward_lines(reward, numbers[reward])),
            }
            for reward in best
        ]

    def _reward_lines(self, reward, numbers):
        said = [say_number(self.env, Decimal(number)) for number in numbers]
        texts = (
            self.env._("Orders: %(count)s", count=said[0]),
            self.env._("Sales Orders: %(count)s", count=said[1]),
            self.env._("Invoices: %(count)s", count=said[2]),
        )
        for model, number, text in zip(SALES, numbers, texts, strict=True):
            action = False
            if self.env[model].has_access("read"):
                domain = self.figures.reward_domain(model, reward)
                action = self._list(reward.name, model, domain)
            if number:
                yield {"key": model, "text": text, "action": action}
