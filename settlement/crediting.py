from __future__ import annotations

import dataclasses

from ..engine.matching import CREDITED
from ..engine.roots import is_sales_order
from .context import Context


class Crediting:
    """Which document of a sale counts for a program: the order, or its invoices.

    A program credits sales when they are ordered, invoiced or paid. Whatever has been
    counted once stays counted there, though the program credits otherwise since.
    """

    def __init__(self, context: Context):
        self.context = context

    def concerns(self, facts, state) -> bool:
        """Tell whether a document may count for a program at all."""
        is_asked = self.context.is_dry and state.is_sold_here
        if is_asked or not is_sales_order(state.root):
            return True
        if facts.id in self.context.evidence_of(state.root).programs:
            return True
        return facts.terms.credit_on == "order" and all(
            ordered_at >= facts.credited_since
            for ordered_at in state.ordered_at.values()
        )

    def told(self, facts, state):
        """Return the state, with the lines marked that another document counts."""
        if not state.twins:
            return state
        lines = tuple(
            dataclasses.replace(line, policy=CREDITED)
            if self._is_credited(facts, state, line.key)
            else line
            for line in state.basket.lines
        )
        basket = dataclasses.replace(state.basket, lines=lines)
        return dataclasses.replace(state, basket=basket)

    def _is_credited(self, facts, state, key) -> bool:
        if any(
            self.context.evidence_of(twin.root).has_counted(facts.id, twin.key)
            for twin in state.twins.get(key, ())
        ):
            return True
        ordered_at = state.ordered_at.get(key)
        return (
            not is_sales_order(state.root)
            and facts.terms.credit_on == "order"
            and ordered_at is not None
            and ordered_at >= facts.credited_since
        )

    def is_due(self, terms, state) -> bool:
        """Tell whether what was decided is credited already, or waits for payment."""
        return state.is_paid or terms.credit_on != "payment"
