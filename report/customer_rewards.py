from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from odoo.fields import Domain

from ..engine.evidence import read_evidence
from ..engine.movements import COLUMNS
from ..engine.numbers import (
    LEDGER_DECIMALS,
    ONE,
    exact,
    number,
    ratio,
    round_points,
    spread,
)
from ..engine.roots import split_root
from ..engine.spending import is_payment
from ..wording.entry_explanation import documents_of
from .batches import batches_of
from .customer_ledger import Period

_FIELDS = ("account_id", "program_id", "date", "kind", "points", "value", "root")
_FIELDS += ("document_id",)
#: The lines of each kind of sale, which a taking is named after.
_LINES = {"pos": "pos.order.line", "so": "sale.order.line", "inv": "account.move.line"}


class Part(NamedTuple):
    """What one line of a sale redeemed when it was decided.

    ``reward`` is its id; 0: points that paid, None: the line is no longer there.
    """

    reward: int | None
    quantity: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A reward that an entry redeemed, and how many of it; restored: negative.

    ``quantity`` is empty for points that paid money.
    """

    entry: object
    reward: int | None
    quantity: Decimal | None
    points: Decimal
    value: Decimal


class CustomerRewards:
    """What customers redeemed, move by move (E-38).

    An entry takes the points of all rewards of a sale. What was decided about the sale
    tells how many are of which; what comes back of several, the rewards that the
    refund names, by their points.

    :param accounts: as the reader sees them
    """

    def __init__(self, accounts, period: Period):
        for model in (accounts, accounts.env["points.entry"]):
            model.check_access("read")
        self.env, self.accounts, self.period = accounts.env, accounts, period
        self.domain = period.domain & Domain("kind", "in", COLUMNS["redeemed"])

    def count(self) -> int:
        """Return how many entries there are."""
        rows = self.domain & Domain("account_id", "in", self.accounts.ids)
        return self.env["points.entry"].search_count(rows)

    def find(self) -> Iterator[Redeemed]:
        """Yield customer by customer, by their names, what they redeemed."""
        for accounts in batches_of(self.accounts, self.domain):
            entries = self.env["points.entry"].search_fetch(
                self.domain & Domain("account_id", "in", accounts.ids),
                _FIELDS,
                order="date, id",
            )
            decided = _Decided(entries)
            by_account = entries.grouped("account_id")
            for account in accounts:
                for entry in by_account.get(account, ()):
                    yield from _redeemed_of(entry, decided.parts_of(entry))


class _Decided:
    """What was decided about sales that redeem, read together."""

    def __init__(self, entries):
        self.env = entries.env
        roots = set(filter(None, entries.mapped("root")))
        self.documents = documents_of(self.env, roots)
        every = entries.document_id.union(*self.documents.values())
        every.fetch(["evidence"])
        self.takings = {
            (root, document.id): evidence.takings
            for document in every
            for root, evidence in read_evidence(document.evidence).items()
            if root in roots and evidence.is_decision
        }
        self.lines = self._read_lines()
        rewards = self.env["points.reward"].search(
            [("program_id", "in", entries.program_id.ids)]
        )
        # Lines may name no reward: then their product tells.
        self.rewards = {
            (reward.program_id.id, reward.product_id.id): reward.id
            for reward in reversed(rewards)
        }
        self.gifts = {reward.id: reward.gift_product_id.id for reward in rewards}
        self.named = self._read_named(entries)

    def parts_of(self, entry) -> list[Part]:
        """Return what an entry redeemed, or what of it came back."""
        if not entry.root:
            return []
        parts = []
        for key, words in self._takings_of(entry).items():
            program, quantity, points = words.split()
            if int(program) == entry.program_id.id and number(points):
                reward = self._get_reward(entry, key)
                parts.append(Part(reward, number(quantity), number(points)))
        return parts

    def _takings_of(self, entry) -> dict[str, str]:
        """Return what a sale had redeemed by then; for what is restored, that of it.

        It is on the sale no more, or the refund names it; else it may be any of it.
        """
        known: dict[str, str] = {}
        for document in self.documents[entry.root].sorted("id"):
            if document.id <= entry.document_id.id:
                known |= self.takings.get((entry.root, document.id), {})
        if entry.kind != "restore":
            return known
        left = self.takings.get((entry.root, entry.document_id.id))
        named = self.named.get(entry.document_id, set())
        ways = (
            lambda key: left and key not in left,
            lambda key: named & self._get_products(entry, key),
        )
        found = ({key: known[key] for key in filter(way, known)} for way in ways)
        return next(filter(None, found), known)

    def _get_line(self, root: str, key: str):
        """Return the line of a sale that takes points; perhaps none."""
        kind = split_root(root)[0]
        nothing = self.env["pos.order.line"]
        return nothing if is_payment(key) else self.lines.get((kind, int(key)), nothing)

    def _get_products(self, entry, key: str) -> set[int]:
        """Return what comes back with a reward: its redemption product, its gift."""
        gift = self.gifts.get(self._get_reward(entry, key))
        return {self._get_line(entry.root, key).product_id.id, gift} - {False, None}

    def _get_reward(self, entry, key: str) -> int | None:
        """Return the reward of what was redeemed; 0: points that paid, None: gone."""
        if is_payment(key):
            return 0
        line = self._get_line(entry.root, key)
        by_product = self.rewards.get((entry.program_id.id, line.product_id.id))
        return line.points_reward_id.id or by_product

    def _read_lines(self) -> dict:
        """Return the lines that take points, by the kind of their sale and their id."""
        keys: dict[str, set[int]] = {}
        for (root, _document), takings in self.takings.items():
            lines = {int(key) for key in takings if not is_payment(key)}
            keys.setdefault(split_root(root)[0], set()).update(lines)
        return {
            (kind, line.id): line
            for kind, ids in keys.items()
            if kind in _LINES
            # Who reads the ledger reads what was redeemed, though not the sale.
            for line in self.env[_LINES[kind]].sudo().browse(ids).exists()
        }

    def _read_named(self, entries) -> dict:
        """Return the products on what gave points back, by document."""
        restored = entries.filtered(lambda entry: entry.kind == "restore")
        return {
            document: {
                line.product_id.id for line in document._get_sale()._points_own_lines()
            }
            for document in restored.document_id.sudo()
            if document._get_sale()
        }


def _redeemed_of(entry, parts: list[Part]) -> Iterator[Redeemed]:
    """Yield an entry's points and value, shared out over what it redeemed."""
    parts = parts or [Part(None, ONE, ONE)]
    weights = [part.points for part in parts]
    sums = (-exact(entry.points), -exact(entry.value))
    shares = (spread(sum_, weights) for sum_ in sums)
    for part, points, value in zip(parts, *shares, strict=True):
        quantity = None
        if part.reward:
            quantity = ratio(part.quantity, points, part.points)
            quantity = round_points(quantity, "none", LEDGER_DECIMALS)
        yield Redeemed(entry, part.reward, quantity, points, value)
