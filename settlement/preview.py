from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..engine.earning import Award
from ..engine.numbers import ZERO
from .program_facts import ProgramFacts
from .settlement import Settlement
from .snapshot import AccountState, Posted


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


class TillPreview(Settlement):
    """Settles an order that is not stored, and writes nothing.

    What the register says is what will be booked: both come from here.
    """

    def __init__(self, paper):
        super().__init__(paper)
        self.awards: dict[int, Award] = {}

    def promises(self) -> dict[int, Promise]:
        """Return what each program would give or take, by program.

        Programs that the customer is in, or would be, are named though they give
        nothing: people want to know why.
        """
        if not (self.states and self.facts):
            return {}
        self.read_ledger(expires=False)
        result: dict[int, Promise] = {}
        for state in sorted(self.states, key=lambda state: state.is_unknown):
            targets = self._earned_targets(state)
            for account in self.accounts:
                target = targets.get(account.id)
                held = account.posted.get(state.root, Posted())
                if target is not None:
                    promise = self._promise(result, account.program_id)
                    self._count(promise, state, target.points - held.points)
        for program_id, award in self.awards.items():
            self._promise(result, program_id).award = award
        return result

    def _promise(self, result, program_id) -> Promise:
        return result.setdefault(program_id, Promise(self.facts[program_id]))

    def _count(self, promise, state, points):
        if state.is_own and not state.is_unknown:
            promise.earned += points
        else:
            promise.returned -= points

    # === WHAT SETTLING WOULD WRITE === #

    def award(self, facts, account, state):
        result = super().award(facts, account, state)
        if state.is_own and not state.is_unknown:
            self.awards[facts.id] = result
        return result

    def _paper_of(self, state):
        return self.paper if state.is_own else super()._paper_of(state)

    def _takings(self, state):
        """What is on an open order has not been decided yet."""
        return list(state.takings)

    def _open_account(self, facts, state):
        """Stand for an account that does not exist yet."""
        owner_id = self._owner_id(facts, state)
        account = AccountState(-facts.id, facts.id, owner_id, is_active=True)
        self.accounts.append(account)
        return account
