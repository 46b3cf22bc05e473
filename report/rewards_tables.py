from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from odoo.tools import groupby

from ..engine.numbers import ZERO, calculating
from .customer_rewards import CustomerRewards, Redeemed
from .sheets import Amount, Sheet, amount_of
from .tables import ROWS_A_PAGE, Row, Table, TablesReport


class RewardsTables(TablesReport):
    """What customers redeemed: row by row, and totals by customer and by reward."""

    def __init__(self, rewards: CustomerRewards):
        env, self.rewards = rewards.env, rewards
        about = rewards.period.say(env, env.company._get_points_today())
        super().__init__(env, env._("Rewards per Customer"), about)
        self.by_account, self.by_reward = _Totals(), _Totals()

    def count_pages(self) -> int:
        return self.rewards.count() // ROWS_A_PAGE

    # === ON A SCREEN AND ON PAPER === #

    def tables(self) -> list[Table]:
        env = self.env
        heads = (env._("Date"), env._("Document"), *self._reward_heads())
        tables = []
        for customer, rows in groupby(self._find(), _customer_of):
            table = Table(
                customer.display_name or "", heads, widths=(12, 24, 24), named_by=1
            )
            accounts = {}
            for redeemed in rows:
                program = redeemed.entry.program_id
                accounts[redeemed.entry.account_id] = program
                texts = (redeemed.entry.date, self._say_paper(redeemed))
                texts += (self._say_reward(redeemed.reward),)
                amounts = _amounts_of(program, redeemed)
                document = redeemed.entry.document_id
                table.rows.append(Row(texts, amounts, record=document))
            for account, program in accounts.items():
                label = env._("Total %(program)s", program=program.name)
                amounts = (None, *_sums_of(program, self.by_account[account]))
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

    def notes(self) -> list[str]:
        return [
            self.env._(
                "Value in Ledger: the value that the points had when they moved."
            )
        ]

    # === IN A WORKBOOK === #

    def sheets(self) -> Iterator[Sheet]:
        env = self.env
        names, currency = self.name_heads(), env._("Currency")
        heads = (*names, env._("Date"), env._("Document"))
        heads += (env._("Order or Invoice"), *self._reward_heads(), currency)
        yield Sheet(self.title, heads, self._rows())
        heads = (*names, env._("Points"), env._("Value in Ledger"), currency)
        yield Sheet(env._("By Customer"), heads, self._account_rows())
        heads = (env._("Program"), *self._reward_heads())
        rows = ((*names, *amounts) for names, amounts in self._reward_rows())
        yield Sheet(env._("By Reward"), heads, rows)

    def _rows(self) -> Iterator[tuple]:
        for redeemed in self._find():
            entry, program = redeemed.entry, redeemed.entry.program_id
            yield (
                *self.names_of(entry.account_id),
                entry.date,
                entry.document_id.name,
                self._get_origin(redeemed),
                self._say_reward(redeemed.reward),
                *_amounts_of(program, redeemed),
                program.currency_id.name,
            )

    def _account_rows(self) -> Iterator[tuple]:
        for account, sums in self.by_account.items():
            program = account.program_id
            amounts = _sums_of(program, sums)
            yield (*self.names_of(account), *amounts, program.currency_id.name)

    # === BOTH === #

    def _find(self) -> Iterator[Redeemed]:
        """Yield what was redeemed, and add it up."""
        self.by_account.clear()
        self.by_reward.clear()
        for redeemed in self.rewards.find():
            program = redeemed.entry.program_id
            self.by_account.add(redeemed.entry.account_id, redeemed)
            self.by_reward.add((program, redeemed.reward), redeemed)
            yield redeemed

    def _reward_heads(self) -> tuple[str, ...]:
        env = self.env
        return (
            env._("Reward"),
            env._("Quantity"),
            env._("Points"),
            env._("Value in Ledger"),
        )

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
