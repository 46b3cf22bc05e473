"""The cost of a paid order: all targets get the same orders, in turns."""

import random
import statistics
from dataclasses import dataclass

from .calls import Cost, kind_of, listening, quiet_memory
from .register import RegisterOrder
from .targets import Target

#: Orders sent before measuring, to fill Odoo's caches; fewer when few are measured.
WARM_UP = 5


@dataclass(frozen=True)
class Case:
    """One kind of order: how many lines, and who buys."""

    lines: int
    buyer: str = "member"

    def __str__(self):
        plural = "" if self.lines == 1 else "s"
        return f"{self.lines} line{plural}, {self.buyer}"


def measure(targets: list[Target], case: Case, count: int, seed: str) -> dict:
    """Send ``count`` orders to every target; return the figures by target's name."""
    costs = take_turns(targets, case, count, seed, send)
    base = costs[targets[0].name]
    return {name: figures_of(spent, base) for name, spent in costs.items()}


def send(target: Target, order: RegisterOrder) -> list[Cost]:
    """Send an order from a register, whatever the target's client sends with it."""
    return target.send(order)


def take_turns(targets: list[Target], case: Case, count: int, seed: str, act) -> dict:
    """Let every target act on the same ``count`` orders; return its costs by name.

    The targets take turns, and each begins as often as the others, so that a
    noisy moment of the machine hits all alike.

    :param act: called with a target and an order, returns what it cost
    """
    costs = {target.name: [] for target in targets}
    warm_up = min(WARM_UP, count)
    with quiet_memory():
        for number in range(warm_up + count):
            turn = number % len(targets)
            for target in targets[turn:] + targets[:turn]:
                order = order_of(target, case, f"{seed} {case} {number}")
                spent = act(target, order)
                if number >= warm_up:
                    costs[target.name].append(spent)
    return costs


def trace(targets: list[Target], case: Case, seed: str, act=send) -> dict:
    """Return all queries of one order, in their order, by target's name."""
    result = {}
    for target in targets:
        seen: list[tuple[str, float]] = []
        order = order_of(target, case, f"{seed} {case} traced")
        with listening(seen):
            act(target, order)
        result[target.name] = seen
    return result


def added_kinds(queries: list, base: list) -> dict:
    """Return (count, milliseconds) by kind of what one trace has more than another."""
    totals: dict[str, list] = {}
    for traced, sign in ((queries, 1), (base, -1)):
        for text, milliseconds in traced:
            total = totals.setdefault(kind_of(text), [0, 0.0])
            total[0] += sign
            total[1] += sign * milliseconds
    return {kind: total for kind, total in totals.items() if total[0]}


def order_of(target: Target, case: Case, seed: str) -> RegisterOrder:
    """Return the order a seed stands for, for this target's shop."""
    target.orders += 1
    partner_id = False
    if case.buyer == "newcomer":
        partner_id = target.newcomer_ids.pop()
    elif case.buyer == "member":
        place = random.Random(f"buyer {seed}").randrange(len(target.shop.member_ids))
        partner_id = target.shop.member_ids[place]
    return RegisterOrder(target.shop, case.lines, partner_id, seed, target.orders)


def figures_of(spent: list[list[Cost]], base: list[list[Cost]]) -> dict:
    """Summarise orders: each a list of requests' costs, the order's own first."""
    whole = [sum(costs, Cost()) for costs in spent]
    whole_base = [sum(costs, Cost()) for costs in base]
    pairs = list(zip(whole, whole_base, strict=True))
    return {
        "orders": len(spent),
        "requests": statistics.median(len(costs) for costs in spent),
        "sync_queries": _spread([costs[0].queries for costs in spent]),
        "queries": _spread([cost.queries for cost in whole]),
        "wall_ms": _spread([cost.wall for cost in whole]),
        "cpu_ms": _spread([cost.cpu for cost in whole]),
        "sql_ms": _spread([cost.sql for cost in whole]),
        "ratio": _spread([cost.wall / other.wall for cost, other in pairs]),
        "cpu_ratio": _spread([cost.cpu / other.cpu for cost, other in pairs]),
    }


def _spread(values: list) -> dict:
    values = sorted(values)
    return {
        "min": values[0],
        "median": statistics.median(values),
        "max": values[-1],
        "p90": values[int(len(values) * 0.9)],
    }
