from __future__ import annotations

from contextlib import contextmanager
from decimal import DecimalException

from ..engine.earning import Earned
from ..engine.numbers import LEDGER_LIMIT, ZERO, EngineError
from ..wording.sentences import say_number
from .context import Context
from .program_facts import ProgramFacts
from .snapshot import Posted


class OutOfRange(EngineError):
    """A program gives a number that the ledger cannot hold."""


class Limits:
    """Keeps a program whose numbers cannot be booked from stopping the others.

    ``unbooked`` holds those programs, by root and id.
    """

    def __init__(self, context: Context):
        self.context, self.env = context, context.env
        self.unbooked: dict[str, dict[int, ProgramFacts]] = {}

    @contextmanager
    def alone(self, facts, state, targets):
        """Let what cannot be counted in one program stop no other one.

        :param targets: its accounts keep there what they hold for the sale
        """
        try:
            yield
        except (EngineError, DecimalException):
            self.unbooked.setdefault(state.root, {})[facts.id] = facts
            targets.update(self.held_in({facts.id}, state))

    def unbooked_in(self, root) -> list[int]:
        """Return the programs that could not be booked for a root."""
        return list(self.unbooked.get(root, ()))

    def held_in(self, program_ids, state) -> dict[int, Earned]:
        """Return what the accounts of some programs hold for a sale."""
        return {
            account.id: Earned(held.points, held.qualifying_points)
            for account in self.context.accounts
            if account.program_id in program_ids
            and (held := account.posted.get(state.root))
        }

    def check_target(self, facts, account, state, target):
        """Refuse what brings an account, or a row of its ledger, out of range.

        :raise OutOfRange:
        """
        held = account.posted.get(state.root, Posted())
        qualifying = target.qualifying_points - held.qualifying_points
        points = target.points - held.points
        row = {"points": points, "qualifying_points": qualifying}
        self.check_row(facts, account, row)

    @staticmethod
    def check_row(facts, account, row):
        """Refuse a row that the door would refuse, before it stops all others.

        :raise OutOfRange:
        """
        points = row["points"]
        numbers = (points, row.get("qualifying_points", ZERO), facts.money(points))
        after = abs(account.balance + points)
        is_large = any(abs(number) > LEDGER_LIMIT for number in numbers)
        if is_large or after > max(abs(account.balance), LEDGER_LIMIT):
            raise OutOfRange(f"account {account.id}: {points}")

    def say_unbooked(self) -> str:
        """Return which programs could not be booked, and why; empty: none."""
        programs = {
            program_id: facts
            for failed in self.unbooked.values()
            for program_id, facts in failed.items()
        }
        most = say_number(self.env, LEDGER_LIMIT)
        return " ".join(
            self.env._(
                "%(program)s was not posted: points and their value cannot exceed "
                "%(most)s. Check its rules and its value per point.",
                program=facts.name,
                most=most,
            )
            for facts in programs.values()
        )
