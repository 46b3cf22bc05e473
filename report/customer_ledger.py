from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from odoo.fields import Domain
from odoo.tools import format_date, get_lang

from ..engine.numbers import ZERO, calculating, exact
from ..redemption.figures import Figures
from ..wording.entry_explanation import EntryExplanation
from ..wording.sentences import say_expiring

#: What is read of each row; its balance is that of the rows above it.
_FIELDS = ("account_id", "program_id", "company_id", "date", "kind", "points", "value")
_FIELDS += ("root", "document_id")
#: Marks without width.
_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = "\u200e", "\u200f"


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included; None: from the beginning, until today."""

    date_from: datetime.date | None = None
    date_to: datetime.date | None = None

    @property
    def before(self) -> Domain:
        """Return the rows before it: what they sum up to is where it starts."""
        if not self.date_from:
            return Domain.FALSE
        return Domain("date", "<", self.date_from)

    @property
    def domain(self) -> Domain:
        """Return the rows in it."""
        domain = Domain.TRUE
        if self.date_from:
            domain &= Domain("date", ">=", self.date_from)
        if self.date_to:
            domain &= Domain("date", "<=", self.date_to)
        return domain

    def rows_of(self, accounts) -> Domain:
        return Domain("account_id", "in", accounts.ids) & self.domain

    def say(self, env, today) -> str:
        """Return it in the language of ``env``."""
        until = format_date(env, self.date_to or today)
        if not self.date_from:
            return env._("Until %(date)s", date=until)
        return f"{format_date(env, self.date_from)} – {until}"


@dataclass(frozen=True, slots=True)
class Move:
    """A row of the ledger, and the balance after it."""

    entry: object
    points: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the ledger as the customer reads it; ``record`` is its document."""

    date: str
    record: object
    document: str
    origin: str
    why: str
    points_in: str
    points_out: str
    balance: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What an account earned and spent in a period.

    ``moved`` leads from the balance at its start to that at its end, ``standing`` is
    what the account has today: label and figure each.
    """

    program: str
    moved: tuple[tuple[str, str], ...]
    standing: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Customer:
    """The statements of a customer in a company, in the customer's language."""

    partner: object
    company: object
    lang: str
    direction: str
    address: tuple[str, ...]
    period: str
    today: str
    statements: tuple[Statement, ...]


class CustomerLedger:
    """The ledger of customers, for them to read (L-19, L-22).

    However many accounts and rows there are, they are read together; who may not
    read them gets an error.

    :param accounts: as the reader sees them
    """

    def __init__(self, accounts, period: Period):
        accounts.check_access("read")
        self.accounts, self.period = accounts, period
        self.entries = self._read_entries().grouped("account_id")
        self.started = self._read_started()

    def entries_of(self, account):
        """Return the rows of an account; perhaps none."""
        return self.entries.get(account, self.accounts.env["points.entry"])

    @calculating
    def moves_of(self, account) -> list[Move]:
        """Return the rows of an account, from the balance at its start on."""
        balance, moves = self.started.get(account, ZERO), []
        for entry in self.entries_of(account):
            points = exact(entry.points)
            balance += points
            moves.append(Move(entry, points, balance))
        return moves

    def customers(self) -> Iterator[Customer]:
        """Yield customer by customer, by name, what the accounts say."""
        by_lang = self.accounts.grouped(lambda account: _lang_of(account.partner_id))
        speakers = {
            lang: Speaker(self, accounts.with_context(lang=lang))
            for lang, accounts in by_lang.items()
        }
        customers = self.accounts.grouped(
            lambda account: (account.partner_id, account.company_id)
        )
        for (partner, company), accounts in sorted(
            customers.items(), key=lambda pair: order_of(*pair[0])
        ):
            yield speakers[_lang_of(partner)].say(partner, company, accounts)

    def _read_entries(self):
        """Return the rows of the period, each account's by their dates.

        An invoice may be of a day before that of the row above it.
        """
        Entry = self.accounts.env["points.entry"]
        domain = self.period.rows_of(self.accounts)
        return Entry.search_fetch(domain, _FIELDS, order="date, id")

    def _read_started(self) -> dict:
        """Return the balance of accounts when the period starts."""
        domain = Domain("account_id", "in", self.accounts.ids) & self.period.before
        groups = self.accounts.env["points.entry"]._read_group(
            domain, ["account_id"], ["points:sum"]
        )
        return {account: exact(points) for account, points in groups}


class Speaker:
    """Says what is in the ledger in one language."""

    def __init__(self, ledger: CustomerLedger, accounts):
        self.ledger, self.env = ledger, accounts.env
        entries = self.env["points.entry"].union(*map(ledger.entries_of, accounts))
        documents = entries.document_id
        self.origins = {
            # Who reads a document reads what its sale is called, as in lists.
            document: document.sudo()._get_sale().display_name or ""
            for document in documents
        }
        self.why = EntryExplanation(entries, documents)
        self.figures = Figures(self.env)
        language = self.env["res.lang"]._get_data(code=self.env.lang)
        self.direction = language.direction or "ltr"
        self.kinds = dict(entries._fields["kind"]._description_selection(self.env))

    def say(self, partner, company, accounts) -> Customer:
        today = company._get_points_today()
        accounts = accounts.with_env(self.env).sorted(
            lambda account: (account.program_id.name, account.id)
        )
        partner = partner.with_env(self.env)
        return Customer(
            partner=partner,
            company=company.with_env(self.env).sudo(),
            lang=self.env.lang,
            direction=self.direction,
            address=address_of(partner),
            period=self.ledger.period.say(self.env, today),
            today=self.env._("Today, %(date)s:", date=format_date(self.env, today)),
            statements=tuple(map(self._say_account, accounts)),
        )

    @calculating
    def _say_account(self, account) -> Statement:
        started = self.ledger.started.get(account, ZERO)
        balance, lines, sums = started, [], {}
        for move in self.ledger.moves_of(account):
            kind, balance = move.entry.kind, move.balance
            sums[kind] = sums.get(kind, ZERO) + move.points
            lines.append(self._say_move(account, move))
        return Statement(
            program=account.program_id.name,
            moved=tuple(self._say_moved(account, started, sums, balance)),
            standing=tuple(self._say_standing(account)),
            lines=tuple(lines),
        )

    def _say_move(self, account, move: Move) -> Line:
        entry = move.entry.with_env(self.env)
        amount = self._say_amount(account, abs(move.points))
        return Line(
            date=format_date(self.env, entry.date),
            record=entry.document_id,
            document=entry.document_id.name,
            origin=self.origins[entry.document_id],
            why=self.why.say(entry),
            points_in=amount if move.points > 0 else "",
            points_out=amount if move.points < 0 else "",
            balance=self._say_amount(account, move.balance),
        )

    def _say_moved(self, account, started: Decimal, sums: dict, balance: Decimal):
        """Yield what leads from one balance to the other, kind by kind."""
        if self.ledger.period.date_from:
            yield self.env._("Starting Balance"), self._say_amount(account, started)
        for kind, label in self.kinds.items():
            if kind in sums or kind in ("earn", "redeem"):
                yield label, self._say_amount(account, sums.get(kind, ZERO))
        yield self.env._("Ending Balance"), self._say_amount(account, balance)

    def _say_standing(self, account):
        """Yield what the account has today, and what that is worth."""
        env, facts = self.env, self._get_facts(account)
        for name in ("available", "pending", "held"):
            if name == "available" or account[name]:
                label = account._fields[name]._description_string(env)
                yield label, self._say_amount(account, exact(account[name]))
        worth = self.figures.say_value(facts, exact(account.available))
        if worth and account.available > 0:
            yield env._("Worth"), worth
        expiring = say_expiring(
            env,
            self.figures.currency(facts),
            facts.mode == "value",
            account.next_expiry_points,
            account.next_expiry_date,
        )
        if expiring:
            yield env._("Next Expiry"), marked(expiring, self.direction)

    def _say_amount(self, account, points: Decimal) -> str:
        """Return points or money."""
        return signed(account._say_amount(points), points, self.direction)

    def _get_facts(self, account):
        programs = self.env["points.program"]._get_facts(account.company_id.id)
        return next(facts for facts in programs if facts.id == account.program_id.id)


def address_of(partner) -> tuple[str, ...]:
    """Return the lines of a contact's name and address."""
    address = partner._display_address(without_company=True).splitlines()
    return tuple(filter(None, map(str.strip, (partner.display_name or "", *address))))


def direction_of(text: str) -> str:
    """Return how a text is written that may be in any script."""
    kinds = map(unicodedata.bidirectional, text)
    strong = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    return "ltr" if strong == "L" else "rtl"


def marked(text: str, direction: str) -> str:
    """Return a line so that Debian's wkhtmltopdf draws its words and numbers apart.

    From right to left, it draws words at the ends of a line over what is beside them.
    """
    is_marked = direction == "rtl" and text
    return f"{_RIGHT_TO_LEFT}{text}{_RIGHT_TO_LEFT}" if is_marked else text


def signed(said: str, number: Decimal, direction: str) -> str:
    """Return a figure so that a minus stays before it in any direction."""
    is_apart = number < 0 and direction == "rtl"
    return f"{_LEFT_TO_RIGHT}{said}" if is_apart else said


def _lang_of(partner) -> str:
    return get_lang(partner.env, partner.lang).code


def order_of(partner, company):
    """Return where a customer stands among others: by name."""
    return (partner.display_name or "").lower(), partner.id, company.id
