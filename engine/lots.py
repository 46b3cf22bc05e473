"""Oldest points first: the lots of one account while a document is booked on it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .numbers import ZERO, calculating
from .spending import Origin

NOTHING: Mapping[Origin, Decimal] = {}


@dataclass(slots=True)
class OpenLot:
    """A lot that may change; a new one has no id yet.

    ``is_past``: its last day is over, and what is left was set aside before.
    """

    remaining: Decimal
    points: Decimal
    expires_on: datetime.date | None = None
    root: str = ""
    id: int = 0
    is_changed: bool = False
    is_pending: bool = False
    is_past: bool = False

    @property
    def origin(self) -> Origin:
        """Return what is kept of it where its points are spent."""
        if not self.expires_on:
            return Origin()
        return Origin(self.expires_on.isoformat(), self.root)

    def change(self, points: Decimal) -> None:
        """Add signed points to what is left."""
        self.remaining += points
        self.is_changed = True


@dataclass(slots=True)
class AccountLots:
    """Debt and lots of one account: balance = what the lots hold - debt."""

    debt: Decimal = ZERO
    lots: list[OpenLot] = field(default_factory=list)

    @calculating
    def add(
        self, points: Decimal, root: str, expires_on: datetime.date | None
    ) -> OpenLot | None:
        """Book an earning: debt first, then the root's own lots, then a new one.

        A lot of another last day is not its own: what comes back may have days of
        grace.

        :return: the new lot, when one is needed
        """
        paid = min(self.debt, points)
        self.debt -= paid
        rest = points - paid
        for lot in self.lots:
            is_own = root and lot.root == root and expires_on in (None, lot.expires_on)
            if is_own and lot.remaining < lot.points and rest > 0:
                part = min(lot.points - lot.remaining, rest)
                lot.change(part)
                rest -= part
        if rest <= 0:
            return None
        lot = OpenLot(rest, rest, expires_on, root)
        self.lots.append(lot)
        return lot

    @calculating
    def past(self, points: Decimal) -> dict[Origin, Decimal]:
        """Return where points come from that were set aside, and are past since."""
        origins: dict[Origin, Decimal] = {}
        for lot in self.lots:
            part = min(lot.remaining, points)
            if lot.is_past and part > ZERO:
                origins[lot.origin] = origins.get(lot.origin, ZERO) + part
                points -= part
        return origins

    @calculating
    def remove(
        self, points: Decimal, root: str, wanted: Mapping[Origin, Decimal] = NOTHING
    ) -> dict[Origin, Decimal]:
        """Book points that go: the root's own lot, nearest expiry, then debt.

        What goes without a root is spent: points that still wait go last. So do
        those that somebody else has set aside.

        :param wanted: where they come from, as far as that is known already
        :return: what was taken, by where it came from
        """
        origins: dict[Origin, Decimal] = {}
        for lot in self.lots:
            left = wanted.get(lot.origin, ZERO) - origins.get(lot.origin, ZERO)
            part = min(left, lot.remaining, points)
            if part > ZERO:
                lot.change(-part)
                origins[lot.origin] = origins.get(lot.origin, ZERO) + part
                points -= part
        lots = [
            Lot(
                place,
                lot.remaining,
                lot.expires_on,
                is_own=bool(root) and lot.root == root,
                is_pending=lot.is_past or (not root and lot.is_pending),
            )
            for place, lot in enumerate(self.lots)
        ]
        taken = take(lots, points)
        for place, part in taken.items():
            lot = self.lots[place]
            lot.change(-part)
            origins[lot.origin] = origins.get(lot.origin, ZERO) + part
        self.debt += points - sum(taken.values(), ZERO)
        return origins


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of one earning; ``is_own`` when it belongs to the root returned.

    ``is_pending`` while the points wait before they can be used.
    """

    id: int
    remaining: Decimal
    expires_on: datetime.date | None = None
    is_own: bool = False
    is_pending: bool = False


@calculating
def take(lots: Iterable[Lot], points: Decimal) -> dict[int, Decimal]:
    """Return what to take from each lot: own, not pending, nearest expiry first.

    The sum is less than ``points`` when the lots do not hold enough: the rest
    is debt, and the account's balance goes below zero (design 2.3).
    """
    taken: dict[int, Decimal] = {}
    left = points
    for lot in sorted(lots, key=_order):
        part = min(lot.remaining, left)
        if part > ZERO:
            taken[lot.id] = part
            left -= part
    return taken


def _order(lot: Lot) -> tuple[bool, bool, datetime.date, int]:
    last_day = lot.expires_on or datetime.date.max
    return (not lot.is_own, lot.is_pending, last_day, lot.id)
