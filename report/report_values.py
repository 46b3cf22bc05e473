from __future__ import annotations

from odoo.exceptions import UserError
from odoo.tools import format_date, get_lang

from ..engine.numbers import exact
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
from .outstanding_points import OutstandingPoints
from .outstanding_tables import TEXT_WIDTH, TEXTS, OutstandingTables
from .outstanding_tables import pages_of as pages_of_tables

#: More than these take wkhtmltopdf too long, and the server with it.
_MOST_PAGES = 2000
_LINES_A_PAGE = 22
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


def check_printable(accounts, period: Period):
    """Refuse a ledger of nobody, and one that nobody can wait for.

    :raise AccessError: for who may not read it
    :raise UserError: saying what to do instead
    """
    env = accounts.env
    accounts.check_access("read")
    if not accounts:
        raise UserError(env._("None of these customers is in a points program."))
    lines = env["points.entry"].search_count(period.rows_of(accounts))
    count = len(accounts.partner_id) + lines // _LINES_A_PAGE
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
    check_printable(accounts, period)
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


def outstanding_values(outstanding: OutstandingPoints, is_paper: bool) -> dict:
    """Return what the pages of outstanding points show.

    :param is_paper: they are printed, not looked at on a screen
    """
    env, said = outstanding.env, OutstandingTables(outstanding)
    height = _get_height(env) if is_paper else None
    language = env["res.lang"]._get_data(code=get_lang(env).code)
    direction = language.direction or "ltr"

    def say(amount) -> str:
        return signed(amount.say(env), amount.number, direction) if amount else ""

    def name(text) -> str:
        said = shortened(text, TEXT_WIDTH) if is_paper else text
        # Words of one direction are drawn where they belong without marks.
        is_mixed = any(letter.isascii() and letter.isalnum() for letter in said)
        return marked(said, direction_of(said)) if is_mixed else said

    return {
        **dict.fromkeys(_OF_LAYOUT),
        "day": format_date(env, outstanding.day),
        "pages": pages_of_tables(said.tables(), height),
        "notes": said.notes(),
        "texts": TEXTS,
        "say": say,
        "name": name,
        "lines_of": lines_of,
        "direction_of": direction_of,
        "companies": env["res.company"],
        "direction": direction,
        "marked": marked,
        "width": WIDTH,
        "height": height,
    }


def deferral_values(deferrals, is_paper: bool) -> dict:
    """Return what the pages of deferred revenue show, a page for each month.

    :param is_paper: they are printed, not looked at on a screen
    """
    env = deferrals.env
    language = env["res.lang"]._get_data(code=get_lang(env).code)
    return {
        **dict.fromkeys(_OF_LAYOUT),
        "deferrals": deferrals,
        "say": lambda number, decimals=4: say_number(env, exact(number, decimals)),
        "say_money": say_money,
        "direction_of": direction_of,
        "companies": env["res.company"],
        "direction": language.direction or "ltr",
        "marked": marked,
        "is_paper": is_paper,
    }


def _get_height(env) -> int:
    """Return the height of a page without its margins, in pixels."""
    paper = env.ref("customer_points.report_ledger_action").sudo().get_paperformat()
    width = paper.print_page_width - paper.margin_left - paper.margin_right
    height = paper.print_page_height - paper.margin_top - paper.margin_bottom
    return int(height * WIDTH / width) - 4
