from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from ..engine.numbers import ZERO, calculating
from .customer_rewards import CustomerRewards, Redeemed
from .sheets import Amount, Sheet, amount_of
from .tables import Row, Table, TablesReport


class RewardsTables(TablesReport):
    """What customers redeemed: row by row, and totals by customer and by reward."""

    def __init__(self, rewards: CustomerRewards):
        env, self.rewards = rewards.env, rewards
        about = rewards.period.say(env, env.company._get_points_today())
        super().__init__(env, env._("Rewards per Customer"), about)
        self.by_customer, self.by_reward = _Totals(), _Totals()

    def count_rows(self) -> int:
        return self.rewards.count()

    # === ON A SCREEN AND ON PAPER === #

    def tables(self) -> list[Table]:
        env = self.env
        heads = (env._("Date"), env._("Document"), *self._reward_heads())
        tables = []
        for customer, rows in groupby(self._find(), _customer_of):
            table = Table(customer.display_name or "", heads, widths=(12, 24, 24))
            programs = {}
            for redeemed in rows:
                program = redeemed.entry.program_id
                programs[program] = None
                texts = (redeemed.entry.date, self._say_paper(redeemed))
                texts += (self._say_reward(redeemed.reward),)
                table.rows.append(Row(texts, _amounts_of(program, redeemed)))
            for program in programs:
                label = env._("Total %(program)s", program=program.name)
                sums = self.by_customer[customer, program]
                amounts = (None, *_sums_of(program, sums))
                table.rows.append(Row(("", "", label), amounts, True))
            tables.append(table)
        return tables + ([self._say_rewards()] if tables else [])

    def _say_rewards(self) -> Table:
        env = self.env
        heads = (env._("Program"), *self._reward_heads())
        table = Table(env._("By Reward"), heads)
        for names, amounts in self._reward_rows():
            table.rows.append(Row(names, amounts))
        return table

    def _say_paper(self, redeemed: Redeemed) -> str:
        return self._get_origin(redeemed) or redeemed.entry.document_id.name

    # === IN A WORKBOOK === #

    def sheets(self) -> Iterator[Sheet]:
        env = self.env
        customer, program = env._("Customer"), env._("Program")
        currency = env._("Currency")
        heads = (customer, program, env._("Date"), env._("Document"))
        heads += (env._("Order or Invoice"), *self._reward_heads(), currency)
        yield Sheet(self.title, heads, self._rows())
        heads = (customer, program, env._("Points"), env._("Value"), currency)
        yield Sheet(env._("By Customer"), heads, self._customer_rows())
        heads = (program, *self._reward_heads())
        rows = ((*names, *amounts) for names, amounts in self._reward_rows())
        yield Sheet(env._("By Reward"), heads, rows)

    def _rows(self) -> Iterator[tuple]:
        for redeemed in self._find():
            entry, program = redeemed.entry, redeemed.entry.program_id
            yield (
                _customer_of(redeemed).display_name or "",
                program.name,
                entry.date,
                entry.document_id.name,
                self._get_origin(redeemed),
                self._say_reward(redeemed.reward),
                *_amounts_of(program, redeemed),
                program.currency_id.name,
            )

    def _customer_rows(self) -> Iterator[tuple]:
        for (customer, program), sums in self.by_customer.items():
            names = (customer.display_name or "", program.name)
            yield (*names, *_sums_of(program, sums), program.currency_id.name)

    # === BOTH === #

    def _find(self) -> Iterator[Redeemed]:
        """Yield what was redeemed, and add it up."""
        for redeemed in self.rewards.find():
            program = redeemed.entry.program_id
            self.by_customer.add((_customer_of(redeemed), program), redeemed)
            self.by_reward.add((program, redeemed.reward), redeemed)
            yield redeemed

    def _reward_heads(self) -> tuple[str, ...]:
        env = self.env
        return env._("Reward"), env._("Quantity"), env._("Points"), env._("Value")

    def _reward_rows(self) -> Iterator[tuple]:
        """Yield (names, amounts) of each reward, by program."""
        named = {
            (program.name, self._say_reward(reward), program.id): (program, sums)
            for (program, reward), sums in self.by_reward.items()
        }
        for (program_name, name, _id), (program, sums) in sorted(named.items()):
            quantity = Amount(sums[0]) if sums[0] else None
            yield (program_name, name), (quantity, *_sums_of(program, sums))

    def _say_reward(self, reward: int | None) -> str:
        if reward:
            return self.env["points.reward"]._get_name(reward, self.env.lang)
        if reward is None:
            return self.env._("No longer on the document")
        return self.env._("Payment With Points")

    @staticmethod
    def _get_origin(redeemed: Redeemed) -> str:
        # Who reads a document reads what its sale is called, as in lists.
        sale = redeemed.entry.document_id.sudo()._get_sale()
        return sale.display_name or ""


class _Totals(dict):
    """(Quantity, points, value) by what they are of."""

    @calculating
    def add(self, key, redeemed: Redeemed):
        sums = self.get(key, (ZERO, ZERO, ZERO))
        more = (redeemed.quantity or ZERO, redeemed.points, redeemed.value)
        self[key] = tuple(map(sum, zip(sums, more, strict=True)))


def _customer_of(redeemed: Redeemed):
    return redeemed.entry.account_id.partner_id


def _amounts_of(program, redeemed: Redeemed) -> tuple:
    quantity = None if redeemed.quantity is None else Amount(redeemed.quantity)
    return (quantity, *_money_of(program, redeemed.points, redeemed.value))


def _sums_of(program, sums) -> tuple:
    _quantity, points, value = sums
    return _money_of(program, points, value)


def _money_of(program, points: Decimal, value: Decimal) -> tuple:
    return amount_of(program, points), Amount(value, program.currency_id)
