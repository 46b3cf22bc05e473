from __future__ import annotations

from odoo.exceptions import UserError
from odoo.tools import get_lang

from ..engine.numbers import ZERO, exact
from ..wording.sentences import say_money, say_number
from .customer_ledger import (
    CustomerLedger,
    Period,
    address_of,
    direction_of,
    marked,
    signed,
)
from .ledger_pages import WIDTH, lines_of, pages_of, shortened
from .ledger_sheets import LedgerSheets
from .sheets import SheetsReport
from .tables import TablesReport, say_cell
from .tables import pages_of as pages_of_tables

#: More than these take wkhtmltopdf too long, and the server with it.
_MOST_PAGES = 2000
#: Longer reports are made in parts: after each of them, somebody can stop.
PAGES_A_PART = 500
#: What one percent of the width of a page has room for, in pixels.
_PERCENT_WIDTH = 8
#: Ids are no larger in the database.
_MOST_ID = 2**31 - 1
#: What layouts of Odoo ask for, and nobody else decides by the address of a report.
_OF_LAYOUT = ("company", "company_id", "doc", "full_width", "lang", "o", "title")
_OF_LAYOUT += ("data_report_dpi", "data_report_header_spacing", "web_base_url")
_OF_LAYOUT += ("data_report_landscape", "data_report_margin_top")


def read_records(model, ids):
    """Return the records that a report was asked for, once they may be read.

    Who calls a report by its address says its ids and its context: only languages,
    time zone and companies count, which Odoo checks.

    :raise AccessError: for who may not read them
    :raise UserError: when there are none
    """
    kept = ("lang", "tz", "allowed_company_ids")
    context = {key: model.env.context[key] for key in kept if key in model.env.context}
    model = model.with_env(model.env(context=context))
    model.check_access("read")
    known = dict.fromkeys(id_ for id_ in ids or () if 0 < id_ <= _MOST_ID)
    records = model.browse(known).exists()
    records.check_access("read")
    if not records:
        raise UserError(model.env._("Select what is to be printed."))
    return records


def check_accounts(accounts):
    """Refuse a report of nobody.

    :raise AccessError: for who may not read it
    :raise UserError: when there are none
    """
    accounts.check_access("read")
    if not accounts:
        raise UserError(
            accounts.env._("None of these customers is in a points program.")
        )


def check_printable(said: SheetsReport):
    """Refuse a report that nobody can wait for.

    :raise UserError: saying what to do instead
    """
    _check_pages(said.env, said.count_pages())


def _check_pages(env, count: int):
    if count > _MOST_PAGES:
        raise UserError(
            env._(
                "%(count)s pages are too many to print at once: select fewer "
                "customers, or a shorter period.",
                count=count,
            )
        )


def ledger_values(accounts, period: Period, is_paper: bool) -> dict:
    """Return what the pages of a ledger show.

    :param is_paper: they are printed, not looked at on a screen
    """
    check_accounts(accounts)
    check_printable(LedgerSheets(accounts, period))
    env, ledger = accounts.env, CustomerLedger(accounts, period)
    height = _get_height(env) if is_paper else None
    printed = [
        (customer, pages_of(customer.statements, height))
        for customer in ledger.customers()
    ]
    return {
        **dict.fromkeys(_OF_LAYOUT),
        "printed": printed,
        "companies": accounts.company_id.sudo(),
        "address_of": address_of,
        "direction_of": direction_of,
        "lines_of": lines_of,
        "marked": marked,
        "width": WIDTH,
        "height": height,
    }


def tables_values(said: TablesReport, is_paper: bool) -> dict:
    """Return what the pages of a report show that is tables.

    :param is_paper: they are printed, not looked at on a screen
    """
    env, height = said.env, _get_height(said.env) if is_paper else None
    check_printable(said)
    pages = pages_of_tables(said.tables(), height)
    _check_pages(env, len(pages))
    return {
        **dict.fromkeys(_OF_LAYOUT),
        **_cells_values(env, is_paper),
        "heading": said.title,
        "about": said.about,
        "pages": pages,
        "notes": said.notes(),
        "of_company": env.company.sudo(),
        "companies": env.company.sudo(),
        "lines_of": lines_of,
        "address_of": address_of,
        "marked": marked,
        "width": WIDTH,
        "height": height,
    }


def dialog_values(said: TablesReport) -> dict:
    """Return what a dialog shows of a report that is tables."""
    values = _cells_values(said.env, False)
    tables = {"tables": said.tables(), "is_dialog": True, "has_links": False}
    return {**values, **tables}


def _cells_values(env, is_paper: bool) -> dict:
    """Return what the cells of tables are said with."""
    direction = direction_of_reader(env)

    def say(amount) -> str:
        number = amount.number if amount else ZERO
        return signed(say_cell(env, amount), number, direction)

    def name(cell, width) -> str:
        said = say_cell(env, cell)
        said = shortened(said, width * _PERCENT_WIDTH) if is_paper else said
        return line(said, direction_of(said))

    def line(text, direction=direction) -> str:
        # Words of one direction are drawn where they belong without marks.
        is_mixed = any(letter.isascii() and letter.isalnum() for letter in text)
        return marked(text, direction) if is_mixed else text

    return {
        "say": say,
        "name": name,
        "line": line,
        "direction_of": direction_of,
        "direction": direction,
        "is_dialog": False,
        "has_links": not is_paper,
    }


def direction_of_reader(env) -> str:
    """Return how the reader's language is written."""
    return env["res.lang"]._get_data(code=get_lang(env).code).direction or "ltr"


def deferral_values(deferrals, is_paper: bool) -> dict:
    """Return what the pages of deferred revenue show, a page for each month.

    :param is_paper: they are printed, not looked at on a screen
    """
    env = deferrals.env
    return {
        **dict.fromkeys(_OF_LAYOUT),
        "deferrals": deferrals,
        "say": lambda number, decimals=4: say_number(env, exact(number, decimals)),
        "say_money": say_money,
        "direction_of": direction_of,
        "companies": env["res.company"],
        "direction": direction_of_reader(env),
        "marked": marked,
        "is_paper": is_paper,
    }


def _get_height(env) -> int:
    """Return the height of a page without its margins, in pixels."""
    paper = env.ref("customer_points.report_ledger_action").sudo().get_paperformat()
    width = paper.print_page_width - paper.margin_left - paper.margin_right
    height = paper.print_page_height - paper.margin_top - paper.margin_bottom
    return int(height * WIDTH / width) - 4
