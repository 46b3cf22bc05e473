from __future__ import annotations

from ..engine.numbers import ZERO, exact
from ..settlement.preview import Promise
from ..settlement.program_facts import ProgramFacts
from ..wording.sentences import say_money, say_worth


class Figures:
    """What receipts, prints and screens say of points, in the reader's language."""

    def __init__(self, env):
        self.env = env

    def currency(self, facts: ProgramFacts):
        return self.env["res.currency"].browse(facts.currency_id)

    def say(self, facts: ProgramFacts, points) -> str:
        """Return points, or money where the program counts value."""
        is_value = facts.mode == "value"
        return say_worth(self.env, self.currency(facts), is_value, points)

    def say_signed(self, facts: ProgramFacts, points) -> str:
        """Return points with their sign; empty when there are none."""
        if not points:
            return ""
        return f"{'+' if points > 0 else '−'}{self.say(facts, abs(points))}"

    def say_moved(self, facts: ProgramFacts, entries) -> dict[str, str]:
        """Return what these rows of one account earned, redeemed, repaid, waived."""
        parts = (("earn", "return"), ("redeem", "restore"), ("repay",), ("waive",))
        earned, redeemed, repaid, waived = (
            sum((exact(row.points) for row in entries if row.kind in kinds), ZERO)
            for kinds in parts
        )
        return {
            "earned_text": self.say_signed(facts, earned),
            "redeemed_text": self.say_signed(facts, redeemed),
            "repaid_text": self.say_signed(facts, repaid),
            "waived_text": self.say_signed(facts, waived),
        }

    def say_value(self, facts: ProgramFacts, points) -> str:
        """Return what points are worth in money; empty where they are money."""
        value = facts.money(points)
        if facts.mode == "value" or not value:
            return ""
        return say_money(self.currency(facts), value)

    def say_restored(self, promise: Promise) -> str:
        """Return which redeemed points a return brings back; empty: none."""
        facts, said = promise.facts, []
        if promise.restored > 0:
            points = self.say(facts, promise.restored)
            said.append(self.env._("%s restored", points))
        elif promise.restored < 0:
            points = self.say(facts, -promise.restored)
            said.append(self.env._("%s redeemed again", points))
        if promise.expired:
            points = self.say(facts, promise.expired)
            said.append(self.env._("%s expired: not restored", points))
        return "; ".join(said)

    def prepare_change(self, promise: Promise) -> dict:
        """Return what a sale does to a balance, and what a refund brings and takes."""
        facts = promise.facts
        return {
            "change": float(promise.points + promise.restored),
            "restored_text": self.say_some(facts, promise.restored),
            "returned_text": self.say_some(facts, promise.returned),
            "earned_text": self.say_some(facts, promise.earned),
        }

    def say_some(self, facts: ProgramFacts, points) -> str:
        """Return points; empty when there are none, or fewer."""
        return self.say(facts, points) if points > 0 else ""

    def say_promise(self, promise: Promise) -> str:
        """Return what a sale earns, less what it takes back of other sales."""
        earned, returned, facts = promise.earned, promise.returned, promise.facts
        if returned <= 0:
            # A discount that is taken back brings points.
            return self.say(facts, promise.points) if promise.points else ""
        said = self.say(facts, returned)
        if not earned:
            return f"−{said}"
        return self.env._(
            "%(earned)s minus %(returned)s",
            earned=self.say(facts, earned),
            returned=said,
        )
