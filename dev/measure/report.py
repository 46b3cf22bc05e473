"""Tables on the screen and one file per run below .odoo/bench."""

import json
import os
import platform
import time
from pathlib import Path

from ground import postgres

from .sync import added_kinds
from .verdicts import POINTS

_RESULTS = Path(__file__).resolve().parents[2] / ".odoo" / "bench"
_SETTINGS = ("server_version", "fsync", "synchronous_commit", "shared_buffers", "jit")
TIMES = ("ms", "min-p90", "cpu ms", "sql ms", "ratio", "cpu ratio")


def machine(databases: dict) -> dict:
    """Return what the figures depend on; the server's settings, if it takes part.

    :param databases: name of the database by part of the run and kind of target
    """
    facts = {
        "when": time.strftime("%Y-%m-%d %H:%M:%S"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
    }
    for first, *_rest in [list(made.values()) for made in databases.values()][:1]:
        for name in _SETTINGS:
            facts[name] = " ".join(postgres.query(f"SHOW {name}", first))
    print(", ".join(f"{name} {value}" for name, value in facts.items()), flush=True)
    return facts


def show_case(case, figures: dict):
    """Print one case, a row per target."""
    base = next(iter(figures.values()))["sync_queries"]["median"]
    rows = []
    for name, found in figures.items():
        sync = found["sync_queries"]
        rows.append(
            (
                name,
                f"{found['requests']:g}",
                f"{sync['median']:g} ({sync['min']}-{sync['max']})",
                f"{sync['median'] - base:+g}",
                f"{found['queries']['median']:g}",
                *times(found),
            )
        )
    headings = ("target", "requests", "sync: queries", "added", "all queries")
    print(f"\n{case}, {next(iter(figures.values()))['orders']} orders")
    table((*headings, *TIMES), rows)


def times(found: dict) -> tuple:
    """Return the cells below the headings TIMES."""
    wall = found["wall_ms"]
    return (
        f"{wall['median']:.1f}",
        f"{wall['min']:.1f}-{wall['p90']:.1f}",
        f"{found['cpu_ms']['median']:.1f}",
        f"{found['sql_ms']['median']:.1f}",
        f"{found['ratio']['median']:.3f}",
        f"{found['cpu_ratio']['median']:.3f}",
    )


def show_beside(what: str, cases: dict):
    """Print how long something takes with points beside all others (of medians).

    :param cases: figures by target's name, of each case
    """
    print(f"\ntime of {what} with {POINTS}, beside")
    others = [name for name in next(iter(cases.values())) if name != POINTS]
    rows = []
    for name, figures in cases.items():
        medians = {key: found["wall_ms"]["median"] for key, found in figures.items()}
        ratios = (medians[POINTS] / medians[key] for key in others)
        rows.append((name, *(f"{ratio:.3f}" for ratio in ratios)))
    table(("order", *others), rows)


def show_added(traces: dict):
    """Print which kinds of queries each target has more than the first."""
    base, *others = traces
    for name in others:
        print(f"\nqueries of {name} that {base} has not (all requests of an order):")
        added = added_kinds(traces[name], traces[base])
        for kind, (count, milliseconds) in added.items():
            print(f"  {count:+d}  {milliseconds:6.1f} ms  {kind}")


def show_disk(figures: dict):
    """Print the bytes of a sale, by table and index."""
    print(
        f"\nbytes on disk per sale of {figures['lines']} lines "
        f"({figures['sales']} sales, evidence {figures['evidence_bytes']:.0f} bytes)"
    )
    rows = [
        (name, f"{found['table']:.0f}", f"{found['indexes']:.0f}")
        for name, found in figures["tables"].items()
    ]
    total = figures["bytes_per_sale"]
    table(("table", "rows", "indexes"), [*rows, ("in all", f"{total:.0f}", "")])
    for name, size in figures["indexes"].items():
        print(f"  {size:6.1f}  {name}")
    print(f"  {figures['order_bytes']:6.1f}  kept by the order itself")


def show_allocation(figures: dict):
    """Print what allocating many customers took."""
    print(
        f"\nallocating {figures['customers']:,} customers by a filter: "
        f"{figures['result']}\n"
        f"  {figures['customers_per_second']:,.0f} customers per second, "
        f"{figures['seconds']:.1f} s in {figures['batches']} batches, "
        f"the longest {figures['longest_batch']:.2f} s\n"
        f"  {figures['queries_per_thousand']:g} queries per thousand customers, "
        f"{figures['other_queries']} to begin and to end, "
        f"at most {figures['memory_mb']:.1f} MB more memory"
    )


def show_formulas(figures: dict):
    """Print what each engine takes for each formula, and what hostile texts do."""
    lines = f"s for {figures['lines']:,} lines"
    for name, found in figures["formulas"].items():
        print(f"\n{name}: {found['text']}")
        rows = [
            (
                engine,
                *(f"{spent[key]:.2f}" for key in ("us", "min", "max", "seconds")),
                f"{spent['wrong']}",
                f"{spent['memory_mb']:.1f}" if "memory_mb" in spent else "",
            )
            for engine, spent in found["engines"].items()
        ]
        headings = ("engine", "us", "min", "max", lines, "other results", "MB more")
        table(headings, rows)
    _show_texts(figures["texts"])


def _show_texts(texts: dict):
    print(
        f"\n{texts['tried']:,} texts of the tests, of which {texts['read']:,} are "
        f"formulas ({texts['known']:,} were read already, {texts['kept']:,} are kept), "
        f"at most {texts['memory_mb']:.1f} MB more memory"
    )
    parts = ("reading", "evaluating", "both")
    keys = ("p50", "p99", "max")
    rows = [(part, *(f"{texts[part][key]:.3f}" for key in keys)) for part in parts]
    table(("cpu ms", *keys), rows)


def say_loaded(target, entries: int, seconds: float):
    """Announce that a database is big now."""
    print(f"\n{target.name}: a past of {entries:,} sales loaded in {seconds:.0f} s")


def show_verdicts(rows):
    """Print what was promised and what was found."""
    print("\nwhat was promised")
    table(("promise", "found", "verdict"), rows)


def save(results: dict):
    """Keep the run's figures for comparison."""
    _RESULTS.mkdir(parents=True, exist_ok=True)
    path = _RESULTS / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    path.write_text(json.dumps(results, indent=1, default=str))
    print(f"\nwritten: {path.relative_to(_RESULTS.parents[1])}", flush=True)


def table(headings, rows):
    """Print rows of texts below their headings."""
    widths = [
        max(len(row[place]) for row in (headings, *rows))
        for place, _ in enumerate(headings)
    ]
    for row in (headings, *rows):
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        print("  " + "  ".join(cells).rstrip(), flush=True)
