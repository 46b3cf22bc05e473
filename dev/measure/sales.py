"""What sales orders cost, from the quotation to the posted invoice.

Every step is what a salesperson's client sends: buttons, what a dialog loads when it
opens, and what is saved. What a form reads again afterwards is left out.
"""

from dataclasses import dataclass
from functools import partial

from . import sync
from .sales_targets import Selling
from .sync import Case

LINES = (1, 20, 100)
#: When programs credit sales; Odoo's own loyalty does when an order is confirmed.
CREDITED = {"order": "earns when confirmed", "invoice": "earns when invoiced"}
#: The steps that book points.
BOOKING = ("confirm", "post")
WHOLE = "in all"


@dataclass(frozen=True)
class SalesCase(Case):
    """A sale that earns; its lines are goods, without the reward it may redeem."""

    redeems: bool = False
    credit_on: str = "order"

    def __str__(self):
        redeems = " who redeems" if self.redeems else ""
        return f"{super().__str__()}{redeems}, {CREDITED[self.credit_on]}"


def measure(targets: list[Selling], count: int, seed: str) -> dict:
    """Sell ``count`` times in each case; return the figures by case.

    :return: of each case its steps, each with the figures by target's name
    """
    result = {}
    for credit_on in CREDITED:
        for target in targets:
            target.credit(credit_on)
        for redeems in (False, True):
            for lines in LINES:
                case = SalesCase(lines, redeems=redeems, credit_on=credit_on)
                about = {"redeems": redeems, "credit_on": credit_on, "lines": lines}
                steps = _measure_case(targets, case, count, seed)
                result[str(case)] = {**about, "steps": steps}
    for target in targets:
        if target.redeemed() != target.sent:
            raise RuntimeError(f"{target.name}: {target.redeemed()} of {target.sent}")
    return result


def trace(targets: list[Selling], seed: str) -> dict:
    """Return all queries of a sale of one line that redeems, by target's name."""
    case = SalesCase(1, redeems=True, credit_on=list(CREDITED)[-1])
    return sync.trace(targets, case, seed, partial(_sell, case.redeems))


def _measure_case(targets, case, count, seed) -> dict:
    sold = sync.take_turns(targets, case, count, seed, partial(_sell, case.redeems))
    first = targets[0].name
    return {
        step: {
            name: sync.figures_of(
                [steps[step] for steps in found], [steps[step] for steps in sold[first]]
            )
            for name, found in sold.items()
        }
        for step in sold[first][0]
    }


def _sell(redeems: bool, target: Selling, order) -> dict:
    """Sell an order; return the costs of each step's requests, and of all."""
    steps = target.sell(order, redeems)
    return {**steps, WHOLE: [cost for costs in steps.values() for cost in costs]}
