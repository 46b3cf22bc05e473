"""Which units of an order come from stock, and which are drop-shipped (C-40)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .basket import FROM_STOCK, FROM_SUPPLIER, Direct
from .numbers import ZERO, calculating, round_points


@dataclass(frozen=True, slots=True)
class Units:
    """Units from stock, and units that the supplier ships to the customer."""

    stock: Decimal = ZERO
    direct: Decimal = ZERO

    @property
    @calculating
    def total(self) -> Decimal:
        return self.stock + self.direct

    @calculating
    def plus(self, more: Units) -> Units:
        """Return both together."""
        return Units(self.stock + more.stock, self.direct + more.direct)

    @calculating
    def less(self, taken: Units) -> Units:
        """Return what ``taken`` leaves of each, never below zero."""
        return Units(
            max(self.stock - taken.stock, ZERO), max(self.direct - taken.direct, ZERO)
        )

    def at_least(self, other: Units) -> Units:
        """Return the larger number of each."""
        return Units(max(self.stock, other.stock), max(self.direct, other.direct))

    def part(self, quantity: Decimal) -> Units:
        """Return so many of these units, pro rata."""
        if not self.total:
            return NO_UNITS
        return Units(*Direct(self.direct, self.total).split(quantity))


NO_UNITS = Units()


@dataclass(frozen=True, slots=True)
class Shipment:
    """How a line of an order is shipped.

    ``delivered`` has left, ``planned`` is all that deliveries and purchases are for.
    What they are not for goes the way of the line's route: ``is_direct``.
    """

    ordered: Decimal
    delivered: Units = NO_UNITS
    planned: Units = NO_UNITS
    is_direct: bool = False

    @property
    def is_split(self) -> bool:
        """Tell whether it is shipped in both ways."""
        units = self.units()
        return bool(units.stock and units.direct)

    @calculating
    def units(self) -> Units:
        """Return how all of it is shipped; what was delivered beyond it counts too.

        Odoo may plan one way again what goes the other way already: where more is
        planned than ordered, it is too much of the way that has more.
        """
        total = max(self.ordered, self.delivered.total)
        known = self.planned.at_least(self.delivered)
        direct, open_ = known.direct, total - known.total
        if (open_ > 0 and self.is_direct) or (open_ < 0 and direct > known.stock):
            direct += open_
        direct = max(direct, self.delivered.direct)
        direct = min(direct, total - self.delivered.stock)
        return Units(total - direct, direct)

    @calculating
    def invoiced(self, quantity: Decimal, counted: Units = NO_UNITS) -> Direct:
        """Return how much is drop-shipped of so many units that an invoice is for.

        These are units that were delivered and no other invoice has counted, then
        those that will be, both pro rata. So several invoices of an order end where
        one invoice of all of it does.

        :param counted: what other invoices are for
        """
        units = self.units()
        if not units.total or not quantity:
            return FROM_SUPPLIER if self.is_direct else FROM_STOCK
        invoiced = NO_UNITS
        for known in (self.delivered, units):
            left = known.less(counted.plus(invoiced))
            rest = min(quantity - invoiced.total, left.total)
            invoiced = invoiced.plus(left.part(rest))
        invoiced = invoiced.plus(units.part(quantity - invoiced.total))
        return Direct(round_points(invoiced.direct, "half_up", 6), quantity)
