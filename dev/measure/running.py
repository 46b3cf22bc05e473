"""One run of the benchmark, from the small shop to the big ledger."""

import time
from argparse import Namespace

from . import (
    allocation,
    disk,
    formulas,
    profiling,
    reading,
    report,
    report_sales,
    report_spending,
    sales,
    scale,
    session_start,
    spending,
    sync,
)
from .report_reading import judge_reading, show_reading
from .sales_targets import LoyaltySelling, PointsSelling, Selling
from .spending_loyalty import LoyaltySpending
from .spending_points import PointsSpending
from .spending_targets import Spending
from .sync import Case
from .targets import Target, WithLoyalty, WithPoints
from .verdicts import Verdicts
from .verdicts_sales import judge_sales
from .verdicts_spending import judge_spending, judge_start

_CLASSES = {"alone": Target, "points": WithPoints, "loyalty": WithLoyalty}
_SPENDING = {"alone": Spending, "points": PointsSpending, "loyalty": LoyaltySpending}
_SELLING = {"alone": Selling, "points": PointsSelling, "loyalty": LoyaltySelling}
#: Orders of customers without an account, without a customer, and of those who spend.
_FEW = 15
#: Sales by quotation and invoice: each takes seconds.
_FEWER = 5


def run(options: Namespace, databases: dict) -> int:
    """Measure everything and print it; return the exit code.

    :param databases: name of the database by part of the run and kind of target
    """
    verdicts, results = Verdicts(), {"options": vars(options)}
    results["machine"] = report.machine(databases)
    if "register" in databases:
        _measure_shops(options, databases["register"], verdicts, results)
    if "spending" in databases:
        _measure_spending(options, databases["spending"], verdicts, results)
    if "sales" in databases:
        _measure_sales(options, databases["sales"], verdicts, results)
    if "reading" in databases:
        results["reading"] = _measure_reading(options, databases["reading"], verdicts)
    if "formulas" in options.parts:
        results["formulas"] = _evaluate(options, verdicts)
    results["verdicts"] = verdicts.rows
    report.show_verdicts(verdicts.rows)
    report.save(results)
    return verdicts.exit_code


def _measure_shops(options, databases, verdicts, results):
    """Measure what registers, a big ledger and customers cost; fill the results."""
    few = min(_FEW, options.orders)
    newcomers = 2 * (few + sync.WARM_UP + 1)
    targets = [_CLASSES[kind](name, newcomers) for kind, name in databases.items()]
    points = targets[1]
    cases = [(Case(count), options.orders) for count in options.lines]
    cases += [(Case(5, buyer), few) for buyer in ("newcomer", "nobody")]
    results["small"] = _measure(targets, cases, options.seed)
    verdicts.judge_orders(results["small"])
    if options.profile:
        profiling.show(points, Case(1), options.orders)
    results["disk"] = disk.measure(points, options.sales)
    report.show_disk(results["disk"])
    verdicts.judge_disk(results["disk"])
    if options.scale:
        results["scale"] = _measure_scale(targets, options)
        verdicts.judge_orders(results["scale"], f"{options.scale:,} entries: ")
    verdicts.judge_reviews(points.open_reviews())
    if options.customers:
        results["allocation"] = _allocate(points, options.customers, verdicts)


def _measure_spending(options, databases, verdicts, results):
    """Measure what spending costs, and what registers load for it; fill the results."""
    few = min(_FEW, options.orders)
    newcomers = spending.newcomers_needed(few)
    targets = [_SPENDING[kind](name, newcomers) for kind, name in databases.items()]
    results["spending"] = spending.measure(targets, few, options.seed)
    report_spending.show_spending(results["spending"])
    judge_spending(verdicts, results["spending"])
    verdicts.judge_reviews(targets[1].open_reviews())
    results["start"] = session_start.measure(targets, options.products)
    report_spending.show_start(results["start"])
    judge_start(verdicts, results["start"])


def _measure_sales(options, databases, verdicts, results):
    """Measure what sales orders and their invoices cost; fill the results."""
    targets = [_SELLING[kind](name, 0) for kind, name in databases.items()]
    count = min(_FEWER, options.orders)
    results["sales"] = sales.measure(targets, count, options.seed)
    traces = sales.trace(targets, options.seed)
    report_sales.show_sales(results["sales"], traces)
    judge_sales(verdicts, results["sales"])
    verdicts.judge_reviews(targets[1].open_reviews())


def _measure_reading(options, databases, verdicts) -> list[dict]:
    """Measure what a manager reads in a big shop, print and judge it."""
    (name,) = databases.values()
    rows = reading.measure(WithPoints(name, 0), options.entries, options.seed)
    show_reading(rows, options.entries)
    judge_reading(verdicts, rows)
    return rows


def _evaluate(options, verdicts) -> dict:
    """Evaluate formulas, print and judge what it takes; return the figures."""
    figures = formulas.measure(options.evaluations, options.seed)
    report.show_formulas(figures)
    verdicts.judge_formulas(figures)
    return figures


def _allocate(points, customers, verdicts) -> dict:
    """Allocate many customers, print and judge it; return the figures."""
    figures = allocation.measure(points, customers)
    report.show_allocation(figures)
    verdicts.judge_allocation(figures)
    return figures


def _measure(targets, cases, seed) -> dict:
    """Measure, trace and print the cases; return the figures by case."""
    results = {}
    for case, count in cases:
        figures = sync.measure(targets, case, count, seed)
        traces = sync.trace(targets, case, seed)
        report.show_case(case, figures)
        results[str(case)] = {"lines": case.lines, "buyer": case.buyer}
        results[str(case)].update(figures=figures, traces=traces)
    first, *_rest = results.values()
    report.show_added(first["traces"])
    return results


def _measure_scale(targets, options) -> dict:
    """Fill all databases with the past of a big shop and measure once more."""
    for target in targets:
        began = time.monotonic()
        scale.load(target, options.scale)
        report.say_loaded(target, options.scale, time.monotonic() - began)
    cases = [(Case(count), options.orders) for count in (1, max(options.lines))]
    return _measure(targets, cases, f"{options.seed} scale")
