"""What was promised of spending at the register, and whether the figures keep it."""

from .verdicts import BASE, POINTS, Verdicts, added_queries

#: A customer is chosen, with however many programs.
CHOOSING_CALLS = 1
#: A paid order that earns and redeems, its receipt included.
QUERIES = 13
#: JSON that a session's start loads more.
START_BYTES = 20_000


def judge_spending(verdicts: Verdicts, figures: dict):
    """Judge calls and queries of choosing a customer and of paying; never time."""
    for way in next(iter(figures["choices"].values())):
        by_programs = {
            programs: found[way][POINTS]
            for programs, found in figures["choices"].items()
        }
        _judge_choice(verdicts, way, by_programs)
    _judge_orders(verdicts, list(figures["orders"].values()))


def _judge_choice(verdicts, way, by_programs):
    calls = [found["calls"] for found in by_programs.values()]
    queries = [found["queries"] for found in by_programs.values()]
    verdicts.add(
        f"customer {way}, {_said(by_programs)} programs: "
        f"{CHOOSING_CALLS} call, the same queries",
        f"{_listed(calls)} ({_listed(queries)} queries)",
        max(calls) <= CHOOSING_CALLS and len(set(queries)) == 1,
    )


def _judge_orders(verdicts, cases):
    # Odoo's own stock moves of long orders take a query or two more when the clock's
    # second changes between them, in all targets: the median order counts.
    added = [added_queries(case["figures"])[0] for case in cases]
    verdicts.add(
        f"redeeming: added queries of the paid order at most {QUERIES}",
        _listed(added),
        max(added) <= QUERIES,
    )
    programs, lines = ({case[key] for case in cases} for key in ("programs", "lines"))
    verdicts.add(
        f"redeeming: the same for {_said(lines)} lines, {_said(programs)} programs",
        _listed(sorted(set(added))),
        len(set(added)) == 1,
    )
    requests = max(
        case["figures"][POINTS]["requests"] - case["figures"][BASE]["requests"]
        for case in cases
    )
    verdicts.add(
        "redeeming: added requests of the paid order: none",
        f"{requests:g}",
        requests <= 0,
    )


def judge_start(verdicts: Verdicts, figures: dict):
    """Judge what an empty browser loads."""
    added = figures["targets"][POINTS]["added"]
    verdicts.add(
        f"session start, {figures['products']:,} products: "
        f"less than {START_BYTES:,} bytes added",
        f"{added:,}",
        added < START_BYTES,
    )


def _listed(numbers) -> str:
    return ", ".join(f"{number:g}" for number in numbers)


def _said(numbers) -> str:
    return "/".join(map(str, sorted(numbers)))
