from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..engine.earning import Award
from ..engine.numbers import ZERO
from .program_facts import ProgramFacts
from .settlement import Settlement
from .snapshot import Posted


@dataclass(slots=True)
class Promise:
    """What an open order would change in one program: earned, and taken back.

    ``returned`` is what returns on it take of other orders; ``award`` tells how the
    order's own points come about, None where it sells nothing.
    """

    facts: ProgramFacts
    award: Award | None = None
    earned: Decimal = ZERO
    returned: Decimal = ZERO

    @property
    def points(self) -> Decimal:
        """Return what it comes to."""
        return self.earned - self.returned


class OpenOrderPreview:
    """Says what an order that is not stored would change, and writes nothing.

    What the register says is what will be booked: both come from ``Settlement``.
    """

    def __init__(self, sale):
        self.settlement = Settlement(sale, is_dry=True)
        self.context = self.settlement.context
        self._promises: dict[int, Promise] = {}

    def promises(self) -> dict[int, Promise]:
        """Return what each program would give or take, by program.

        Programs that the customer is in, or would be, are named though they give
        nothing: people want to know why.
        """
        if not self.context.has_work:
            return {}
        self.settlement.read_ledger(expires=False)
        for state in sorted(self.context.states, key=lambda state: state.is_unknown):
            targets = self.settlement.decisions.earned_targets(state)
            for account in self.context.accounts:
                target = targets.get(account.id)
                held = account.posted.get(state.root, Posted())
                if target is not None:
                    promise = self._promise(account.program_id)
                    self._count(promise, state, target.points - held.points)
        for program_id, award in self.settlement.awards.given.items():
            self._promise(program_id).award = award
        return self._promises

    def _promise(self, program_id) -> Promise:
        facts = self.context.programs[program_id]
        return self._promises.setdefault(program_id, Promise(facts))

    @staticmethod
    def _count(promise, state, points):
        if state.is_own and not state.is_unknown:
            promise.earned += points
        else:
            promise.returned -= points
