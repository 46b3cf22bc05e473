from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from ..engine.basket import Reduction
from ..engine.earning import Award
from ..engine.numbers import ZERO
from .program_facts import ProgramFacts
from .settlement import Settlement


@dataclass(slots=True)
class Promise:
    """What an open order would change in one program: earned, and taken back.

    ``returned`` is what returns on it take of other orders; ``award`` tells how the
    order's own points come about, None where it sells nothing. ``qualifying`` are the
    qualifying points that it comes to. ``missing`` are points to take back that the
    customer has redeemed already. ``restored`` are redeemed points that come back with
    what they paid, negative where they are redeemed again; ``expired`` those whose last
    day is over.
    """

    facts: ProgramFacts
    award: Award | None = None
    earned: Decimal = ZERO
    returned: Decimal = ZERO
    qualifying: Decimal = ZERO
    missing: Decimal = ZERO
    restored: Decimal = ZERO
    expired: Decimal = ZERO

    @property
    def points(self) -> Decimal:
        """Return what it comes to."""
        return self.earned - self.returned


class OpenOrderPreview:
    """Says what an order would change that does not count yet, and writes nothing.

    What is said is what will be booked: both come from ``Settlement``.

    :param how: ``is_anew``, ``is_new``: see ``Context``
    """

    def __init__(self, sale, **how):
        self.settlement = Settlement(sale, is_dry=True, **how)
        self.context = self.settlement.context
        self._promises: dict[int, Promise] = {}

    def promises(self, paid_more=ZERO) -> dict[int, Promise]:
        """Return what each program would give or take, by program.

        Programs that the customer is in, or would be, are named though they give
        nothing: people want to know why.

        :param paid_more: money of it that points would pay besides
        """
        if not self.context.has_work:
            return {}
        self.settlement.read_ledger(expires=False)
        if paid_more:
            states = self.context.states
            self.context.states = [_paid(state, paid_more) for state in states]
        own = {state.root for state in self.context.states if state.is_sold_here}
        for row in self.settlement.entries.all_entries():
            if row["kind"] in ("earn", "return"):
                self._add_earned(row, row["root"] in own)
            elif row["kind"] in ("redeem", "restore") and row["root"] not in own:
                self._add_restored(row)
            elif row["kind"] == "repay":
                # What is charged is told, also where nothing is missing.
                self._promise(row["program_id"])
        missing = self.settlement.entries.shortfalls.missing
        for program_id, points in missing.items():
            self._promise(program_id).missing = points
        for program_id, award in self.settlement.awards.given.items():
            self._promise(program_id).award = award
        return self._promises

    def _add_earned(self, row, is_own):
        promise = self._promise(row["program_id"])
        promise.qualifying += row["qualifying_points"]
        if is_own:
            promise.earned += row["points"]
        else:
            promise.returned -= row["points"]

    def _add_restored(self, row):
        promise = self._promise(row["program_id"])
        company = self.context.company_of(promise.facts)
        last_day = row.get("expires_on")
        if last_day and last_day < company._get_points_today():
            promise.expired += row["points"]
        else:
            promise.restored += row["points"]

    def _promise(self, program_id) -> Promise:
        facts = self.context.programs[program_id]
        return self._promises.setdefault(program_id, Promise(facts))


def _paid(state, money):
    """Return a state of which points pay so much more."""
    if not state.is_sold_here or state.left is None:
        return state
    more = Reduction(redeemed=money)
    basket = replace(state.basket, reduction=state.basket.reduction + more)
    left = state.left._replace(reduction=state.left.reduction + more)
    return replace(state, basket=basket, left=left)
