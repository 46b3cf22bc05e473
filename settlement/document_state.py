from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from ..engine.basket import Basket
from ..engine.numbers import ZERO, text
from ..engine.sales import Left
from ..engine.spending import Taking


@dataclass(frozen=True, slots=True)
class Twin:
    """A line of another document about the same products: only one of them counts.

    :param root: that of a sales order, or of an invoice of it
    :param key: the line's, as its evidence has it
    """

    root: str
    key: str


@dataclass(frozen=True, slots=True)
class RootState:
    """What a root stands for at this moment, as its sales tell it.

    ``basket`` is the sale as it was made; ``left`` what is kept of it, None
    when the sale is a draft or cancelled. ``is_own`` tells that the sale
    being settled is the root's own: only then may it begin to earn.
    ``is_unknown`` marks products that came back without a sale; ``basket`` then
    holds them. ``takings`` are rewards on the sale and points that pay it;
    ``unpaid`` says why points that it gave out belong to nothing, ``strange`` what
    else of it a manager has to look at. ``buyer_id`` is who bought, where that is
    another contact than the one who is invoiced. ``twins`` are, by line, those of
    other documents that may count it instead; ``ordered_at`` when its order was
    confirmed. ``is_paid`` tells whether an invoice is paid; ``paid`` is the part of
    what points redeem of it that came by payments: these may change, and it is the same
    sale.
    """

    root: str
    partner_id: int
    currency_id: int
    basket: Basket
    left: Left | None
    is_own: bool = True
    is_unknown: bool = False
    takings: tuple[Taking, ...] = ()
    unpaid: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    buyer_id: int = 0
    twins: Mapping[str, tuple[Twin, ...]] = field(default_factory=dict)
    ordered_at: Mapping[str, datetime] = field(default_factory=dict)
    is_paid: bool = True
    paid: Decimal = ZERO

    @property
    def is_sold_here(self) -> bool:
        """Tell whether it is what the sale being settled sells itself."""
        return self.is_own and not self.is_unknown

    @property
    def fingerprint(self) -> str:
        """Return a short text that changes when the sale's own lines change."""
        parts = [
            f"{line.key} {line.bought or f'{line.product} {text(line.quantity)}'} "
            f"{text(line.gross)} {text(line.net)} {text(line.discount)}"
            for line in self.basket.lines
        ]
        reduction = self.basket.reduction
        parts.append(f"{text(reduction.gross)} {text(reduction.net)}")
        redeemed = reduction.redeemed - self.paid
        if redeemed:
            parts.append(text(redeemed))
        others = self.basket.others
        if others.gross and (reduction.gross or redeemed):
            parts.append(f"{text(others.gross)} {text(others.net)} beside")
        if self.basket.share < 1:
            parts.append(text(self.basket.share))
        parts.append(f"{self.basket.date} {self.currency_id}")
        digest = hashlib.blake2b("|".join(parts).encode(), digest_size=6)
        return digest.hexdigest()
