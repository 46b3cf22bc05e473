"""Tables of what sales orders and their invoices cost, step by step."""

from .report import TIMES, show_added, show_beside, table, times
from .sales import WHOLE


def show_sales(cases: dict, traces: dict):
    """Print one table per case, the time of all, and which queries are added."""
    for name, case in cases.items():
        _show_case(name, case["steps"])
    show_beside(
        "a sale up to its posted invoice",
        {name: case["steps"][WHOLE] for name, case in cases.items()},
    )
    show_added(traces)


def _show_case(name: str, steps: dict):
    rows, counts = [], set()
    for step, figures in steps.items():
        base = next(iter(figures.values()))["queries"]["median"]
        for target, found in figures.items():
            queries = found["queries"]
            rows.append(
                (
                    step,
                    target,
                    f"{found['requests']:g}",
                    f"{queries['median']:g} ({queries['min']}-{queries['max']})",
                    f"{queries['median'] - base:+g}",
                    *times(found),
                )
            )
            counts.add(found["orders"])
    print(f"\n{name}, {counts.pop()} orders")
    table(("step", "target", "requests", "queries", "added", *TIMES), rows)
