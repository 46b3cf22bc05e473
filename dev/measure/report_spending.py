"""Tables of what spending costs, a column per number of programs."""

from .report import show_beside, show_case, table
from .spending import PROGRAMS


def show_spending(figures: dict):
    """Print choosing, taking a reward, and paying."""
    numbers = "/".join(map(str, figures["choices"]))
    keys = {
        f"calls, {numbers} programs": "calls",
        "queries": "queries",
        "ms": "wall_ms",
    }
    print("\na customer is chosen (Odoo alone asks nothing)")
    choices = list(figures["choices"].values())
    rows = [
        (way, name, *_joined([found[way][name] for found in choices], keys.values()))
        for way, targets in choices[0].items()
        for name in list(targets)[1:]
    ]
    table(("how", "target", *keys), rows)
    print("\na reward is taken (others than customer points ask nothing)")
    takings = list(figures["takings"].values())
    rows = [
        (call, *_joined([found[name][call] for found in takings], keys.values()))
        for name, calls in takings[0].items()
        for call in calls
    ]
    table(("call", *keys), rows)
    for name, case in figures["orders"].items():
        show_case(name, case["figures"])
    orders = {name: case["figures"] for name, case in figures["orders"].items()}
    show_beside("a paid order, all its requests,", orders)


def _joined(by_programs: list[dict], keys) -> list[str]:
    """Return figures as texts: of each key one, with a part per number of programs."""
    return [
        "/".join(f"{round(found[key], 1):g}" for found in by_programs) for key in keys
    ]


def show_start(figures: dict):
    """Print what a session loads, and which models make the difference."""
    products, programs = f"{figures['products']:,} products", f"{PROGRAMS[-1]} programs"
    print(f"\na session starts with {products} and {programs}")
    rows = [
        (
            name,
            f"{found['bytes']:,}",
            f"{found['added']:+,}",
            f"{found['params_bytes']:,}",
            f"{found['queries']}",
            f"{found['wall_ms']:.0f}",
        )
        for name, found in figures["targets"].items()
    ]
    table(("target", "bytes", "added", "load_data_params", "queries", "ms"), rows)
    for name, found in figures["targets"].items():
        for model, (count, size) in found["added_by_model"].items():
            print(f"  {name}: {model} {size:+,} bytes, {count:+} rows")
