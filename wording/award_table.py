from __future__ import annotations

from dataclasses import dataclass, field

from ..engine.line_parts import is_by_line, parts_of
from ..engine.numbers import ZERO
from .award_explanation import AwardExplanation
from .sentences import say_money, say_number, say_reason, say_rounding, say_worth


@dataclass(slots=True)
class Line:
    """A product in a calculation; ``points`` is empty where it has none of its own."""

    product: str
    quantity: str
    amount: str
    points: str


@dataclass(slots=True)
class Calculation:
    """The lines of one rule, how they count, and the points of all of them."""

    rule: str
    rate: str
    points: str
    is_by_line: bool
    lines: list[Line] = field(default_factory=list)


class AwardTable:
    """How points of one program came about, as a table in the reader's language.

    ``sentence`` says what is no calculation: why all of it earns nothing, or what the
    return policy leaves.
    """

    def __init__(self, explanation: AwardExplanation, program_id, award, earned=None):
        self.env, self.award = explanation.env, award
        name, currency_id, self.is_value = self.env["points.program"]._get_words(
            program_id
        )
        self.currency = self.env["res.currency"].browse(currency_id)
        self.title = name
        self.points = self._worth(award.points if earned is None else earned)
        self.is_gross = award.decision.terms.amount_basis == "gross"
        self.calculations: list[Calculation] = []
        self.notes: list[tuple[str, str]] = []
        self.rounding = self.sentence = ""
        if award.decision.reason:
            self.sentence = say_reason(self.env, award.decision.reason)
        elif earned not in (None, award.points):
            self.sentence = explanation.say_policy(award.decision.terms)
        else:
            self._fill(explanation)

    def _fill(self, explanation):
        """Tell calculations, lines that earn nothing, and the rounding."""
        award, names = self.award, explanation.product_names(self.award.basket)
        rules = self._rule_names()
        for step, parts in parts_of(award):
            share, by_line = step.share, is_by_line(step)
            calculation = Calculation(
                rules.get(share.rule, self.env._("A deleted rule")),
                explanation.say_rate(self.currency, self.is_value, step),
                self._number(step.points),
                by_line,
            )
            for part in parts:
                if not part.quantity and not part.amount:
                    continue  # came back
                points = self._number(part.points) if by_line else ""
                calculation.lines.append(
                    Line(
                        names[part.place],
                        say_number(self.env, part.quantity),
                        say_money(self.currency, part.amount),
                        points,
                    )
                )
            if calculation.lines:
                self.calculations.append(calculation)
        self.notes = [
            (names[place], say_reason(self.env, reason))
            for place, reason in award.decision.notes
        ]
        if award.exact != award.points:
            self.rounding = say_rounding(self.env, award.decision.terms)

    @property
    def exact(self) -> str:
        """Return the points before they were rounded."""
        return self._number(max(self.award.exact, ZERO))

    def _number(self, points) -> str:
        """Return points below a head that says what they are."""
        return self._worth(points) if self.is_value else say_number(self.env, points)

    def _worth(self, points) -> str:
        return say_worth(self.env, self.currency, self.is_value, points)

    def _rule_names(self) -> dict[int, str]:
        ids = {step.share.rule for step in self.award.steps}
        # Who reads what a sale earned reads by which rule, whoever may see the rule.
        rules = self.env["points.rule"].sudo().browse(ids).exists()
        return {rule.id: rule.name for rule in rules}
