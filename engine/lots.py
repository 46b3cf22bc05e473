"""Oldest points first: which lots give what is taken."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .numbers import ZERO, calculating


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
