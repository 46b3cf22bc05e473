"""What reading costs in a big shop: reports, lists and forms, as a manager asks.

One customer bought ten thousand times, so that a long ledger is read as well.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from odoo.tools import mute_logger

from odoo.addons.customer_points.report.category_points import CategoryPoints
from odoo.addons.customer_points.report.customer_ledger import Period
from odoo.addons.customer_points.report.ledger_sheets import LedgerSheets
from odoo.addons.customer_points.report.outstanding_points import OutstandingPoints
from odoo.addons.customer_points.report.sheets import Excel

from . import sync
from .calls import Call, perform, perform_here, quiet_memory
from .memory import Started, begin_peak, peak
from .past import Past, load_sales
from .past_points import load_points
from .rows import vacuum
from .scale import load
from .shop import make_user
from .sync import Case
from .targets import WithPoints

#: How often the customer bought whose ledger is long.
LONG = 10_000
#: Each is asked so often: the first time reads what the server has not in memory.
_TIMES = 5
_MANAGER = "customer_points.group_points_manager"


@dataclass(frozen=True)
class Reading:
    """Something to be read: a request, or what a request does on the server.

    ``limit`` is in milliseconds; ``times`` how often it is asked.
    """

    name: str
    ask: Call | Callable[[Any], Any]
    limit: int | None = None
    times: int = _TIMES


def measure(target: WithPoints, entries: int, seed: str) -> list[dict]:
    """Load the past, read everything some times; return a row for each reading."""
    # The first sale is what the past is copied from.
    sync.measure([target], Case(1), 1, seed)
    load(target, entries)
    account_id = _load_regular(target)
    with target.environment() as env:
        manager_id = make_user(env, "Manager", _MANAGER).id
        readings = _readings(env, account_id)
    return [_measure(target, manager_id, reading) for reading in readings]


def _load_regular(target: WithPoints) -> int:
    """Load the past of one customer; return the account."""
    with target.environment() as env:
        past = Past(env.cr, LONG)
        past.customers = 1
        tables = load_sales(env.cr, past, target.shop) + load_points(env.cr, past)
        env.cr.execute(
            "SELECT id FROM points_account WHERE partner_id = %s", [past.partner]
        )
        ((account_id,),) = env.cr.fetchall()
    vacuum(target.registry.db_name, tables)
    return account_id


def _measure(target: WithPoints, user_id: int, reading: Reading) -> dict:
    costs, printing = [], Started()
    with quiet_memory(), printing.watched("wkhtmltopdf"):
        before = begin_peak()
        for _time in range(reading.times):
            if isinstance(reading.ask, Call):
                _answer, cost = perform(target.registry, user_id, reading.ask)
            else:
                _answer, cost = perform_here(target.registry, user_id, reading.ask)
            costs.append(cost)
        growth = peak() - before
    walls = sorted(cost.wall for cost in costs)
    return {
        "name": reading.name,
        "limit": reading.limit,
        "queries": costs[-1].queries,
        "first_ms": costs[0].wall,
        "ms": walls[len(walls) // 2],
        "sql_ms": sorted(cost.sql for cost in costs)[len(costs) // 2],
        "memory_mb": growth,
        "printing_mb": printing.peak,
    }


def _readings(env, account_id: int) -> list[Reading]:
    year = [("date", ">=", f"{datetime.date.today().year}-01-01")]
    of_account = [("account_id", "=", account_id)]
    form = {"balance": {}, "available": {}, "balance_curve": {}, "target_text": {}}
    row = dict.fromkeys(("date", "document_id", "kind", "points", "balance_after"), {})
    account_row = dict.fromkeys(("partner_id", "program_id", "balance"), {})

    def search(model, domain, fields, **more):
        more = {"specification": fields, "limit": 80, **more}
        return Call(model, "web_search_read", [domain], kwargs=more)

    def group(model, domain, groupby, *measures):
        return Call(model, "formatted_read_group", [domain, groupby, list(measures)])

    return [
        Reading("outstanding points, today", _outstanding(0), 300),
        Reading("outstanding points, a month ago", _outstanding(31), 2000),
        Reading("outstanding points, half a year ago", _outstanding(183), 2000),
        Reading("overview, this month", _overview("month"), 1000),
        Reading("overview, last 12 months", _overview("last_12_months"), 1000),
        Reading(
            f"ledger of a customer with {LONG:,} entries, first page",
            search("points.entry", of_account, row),
            50,
        ),
        Reading(
            "the same, page 100",
            search("points.entry", of_account, row, offset=8000),
        ),
        Reading(
            "its account: balance, available, curve",
            Call("points.account", "web_read", [[account_id], form]),
            50,
        ),
        Reading("the same as PDF", _print(account_id), 60_000, times=1),
        Reading("the same as a workbook", _export(account_id), 10_000, times=1),
        Reading("ledger of all, first page", search("points.entry", [], row)),
        Reading("accounts, first page", search("points.account", [], account_row)),
        Reading(
            "analysis of the year, by month and kind",
            group("points.analysis", year, ["date:month", "kind"], "points:sum"),
        ),
        Reading(
            "analysis of the year, by register",
            group("points.analysis", year, ["config_id"], "points:sum"),
        ),
        Reading(
            "analysis of the year, sales and rates by program",
            group(
                "points.analysis",
                year,
                ["program_id"],
                "sales:count_distinct",
                "sales_amount:sum",
                "redemption_rate:avg",
            ),
        ),
        Reading(
            "daily totals of all years, by program and kind",
            group("points.daily.total", [], ["program_id", "kind"], "points:sum"),
        ),
        Reading("product categories of days with some 20,000 entries", _add_up),
        Reading("points by product category, year to date", _categories),
    ]


def _print(account_id: int) -> Callable:
    report = "customer_points.report_account_ledger"

    # No server is there to fetch the company's style from.
    @mute_logger("odoo.addons.base.models.ir_actions_report")
    def ask(env):
        pdf, _kind = env["ir.actions.report"]._render_qweb_pdf(report, [account_id])
        if not pdf.startswith(b"%PDF"):
            raise RuntimeError("the ledger is no PDF")

    return ask


def _export(account_id: int) -> Callable:
    def ask(env):
        said = LedgerSheets(env["points.account"].browse(account_id), Period())
        with tempfile.TemporaryFile() as file:
            book = Excel(file, is_rtl=False)
            said.fill(book)
            book.close()

    return ask


def _overview(period: str) -> Call:
    return Call("report.customer_points.overview", "points_overview", [period])


def _outstanding(days: int) -> Callable:
    def ask(env):
        day = datetime.date.today() - datetime.timedelta(days=days)
        return OutstandingPoints(env["points.program"].search([]), day).find()

    return ask


def _add_up(env):
    """Add up the newest days that nobody has added up yet."""
    days = datetime.date.min, datetime.date.max
    env["points.category.total"]._add_up(env["points.program"].search([]), *days)


def _categories(env):
    programs = env["points.program"].search([])
    return CategoryPoints(programs, datetime.date.today()).find()
