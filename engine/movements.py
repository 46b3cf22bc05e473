"""What moved points, in the columns that reports have."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .numbers import ZERO, calculating

#: The kinds of entries that each column adds up: every kind is in one of them.
COLUMNS = {
    "earned": ("earn",),
    "returned": ("return",),
    "redeemed": ("redeem", "restore"),
    "expired": ("expire",),
    "adjusted": ("adjust", "opening", "transfer", "repay", "waive"),
}
#: Kinds of other modules correct balances.
_OTHERS = "adjusted"
_COLUMN_OF = {kind: column for column, kinds in COLUMNS.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Movement:
    """How a balance changed, by column; signed as in the ledger: they add up.

    >>> moved = Movement.of("earn", Decimal(10)) + Movement.of("redeem", Decimal(-4))
    >>> moved.redeemed, moved.change
    (Decimal('-4'), Decimal('6'))
    """

    earned: Decimal = ZERO
    returned: Decimal = ZERO
    redeemed: Decimal = ZERO
    expired: Decimal = ZERO
    adjusted: Decimal = ZERO

    @classmethod
    def of(cls, kind: str, points: Decimal) -> Movement:
        """Return what entries of one kind moved."""
        return cls(**{_COLUMN_OF.get(kind, _OTHERS): points})

    @property
    @calculating
    def accrued(self) -> Decimal:
        """Return what was earned less what returns took back."""
        return self.earned + self.returned

    @property
    @calculating
    def change(self) -> Decimal:
        return self.accrued + self.redeemed + self.expired + self.adjusted

    @calculating
    def __add__(self, other: Movement) -> Movement:
        sums = (getattr(self, name) + getattr(other, name) for name in COLUMNS)
        return Movement(*sums)
