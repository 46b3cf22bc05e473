"""What spending at the register costs: choosing a customer, taking a reward, paying.

An order that earns and redeems goes to all targets in turns, as others do; only
before it, its reward is taken. Everything with 1, 5 and 10 programs.
"""

import statistics
from dataclasses import dataclass

from . import sync
from .calls import Cost, quiet_memory
from .spending_targets import Spending
from .sync import Case

PROGRAMS = (1, 5, 10)
LINES = (2, 50)


@dataclass(frozen=True)
class SpendingCase(Case):
    """An order that earns and redeems; its lines are products, without the reward."""

    programs: int = 1

    def __str__(self):
        plural = "" if self.programs == 1 else "s"
        return f"{super().__str__()} who redeems, {self.programs} program{plural}"


#: How customers are chosen: the order at that time, and whether they were found by
#: typing a name. Newcomers have no points yet, but a program may want them.
CHOICES = {
    "from the list, empty order": (Case(0), False),
    "from the list, products on the order": (Case(2), False),
    "by name, has points": (Case(0), True),
    "by name, no points yet": (Case(0, "newcomer"), True),
}


def newcomers_needed(count: int) -> int:
    """Return how many customers without points the choices take."""
    buyers = [case.buyer for case, _is_searched in CHOICES.values()]
    return len(PROGRAMS) * buyers.count("newcomer") * 2 * count


def measure(targets: list[Spending], count: int, seed: str) -> dict:
    """Measure everything ``count`` times for each number of programs.

    :return: by subject, then by number of programs; costs by target's name
    """
    choices, orders, takings = {}, {}, {}
    for programs in PROGRAMS:
        for target in targets:
            target.offer(programs)
            target.taken.clear()
        choices[programs] = _measure_choices(targets, count, f"{seed} {programs}")
        for lines in LINES:
            case = SpendingCase(lines, programs=programs)
            figures = sync.measure(targets, case, count, seed)
            about = {"lines": lines, "programs": programs, "buyer": case.buyer}
            orders[str(case)] = {**about, "figures": figures}
        takings[programs] = {t.name: _figures_by_call(t.taken) for t in targets}
    for target in targets:
        if target.redeemed() != target.sent:
            raise RuntimeError(f"{target.name}: {target.redeemed()} of {target.sent}")
    return {"choices": choices, "takings": takings, "orders": orders}


def _measure_choices(targets, count, seed) -> dict:
    """Choose customers in all ways; the first half of the turns fills caches."""
    result = {}
    with quiet_memory():
        for way, (case, is_searched) in CHOICES.items():
            seeds = [f"{seed} {turn}" for turn in range(2 * count)]
            result[way] = {
                target.name: _figures(
                    [
                        target.choose(sync.order_of(target, case, seed), is_searched)
                        for seed in seeds
                    ][count:]
                )
                for target in targets
            }
    return result


def _figures_by_call(taken: list[dict[str, Cost]]) -> dict:
    return {
        method: _figures([[costs[method]] for costs in taken]) for method in taken[0]
    }


def _figures(spent: list[list[Cost]]) -> dict:
    """Return medians: of the calls, and of what all calls of one turn cost together."""
    whole = [sum(costs, Cost()) for costs in spent]
    return {
        "calls": statistics.median(len(costs) for costs in spent),
        "queries": statistics.median(cost.queries for cost in whole),
        "wall_ms": statistics.median(cost.wall for cost in whole),
    }
