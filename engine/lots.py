"""Oldest points first: which lots give what is taken."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .numbers import ZERO, calculating


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of one earning; ``is_own`` when it belongs to the root returned."""

    id: int
    remaining: Decimal
    expires_on: datetime.date | None = None
    is_own: bool = False


@calculating
def take(lots: Iterable[Lot], points: Decimal) -> dict[int, Decimal]:
    """Return what to take from each lot, own first, then nearest expiry.

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


def _order(lot: Lot) -> tuple[bool, datetime.date, int]:
    return (not lot.is_own, lot.expires_on or datetime.date.max, lot.id)
