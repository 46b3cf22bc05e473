from __future__ import annotations

import dataclasses
import functools
import math
import re
from contextlib import suppress
from decimal import Decimal, DecimalException

from odoo import fields
from odoo.fields import Command

from ..engine.bills import Left
from ..engine.earning import Award
from ..engine.numbers import ZERO, EngineError
from .exact import exact
from .ledger_snapshot import LedgerSnapshot
from .points_wording import say_worth
from .program_facts import ProgramFacts
from .root_state import RootState
from .settlement_awards import Awards
from .settlement_members import Members

#: The key of a till's open bill.
BILL = re.compile(r"pos:[0-9a-zA-Z-]{8,64}")
#: Longer bills are not counted while they are open: they are when they are paid.
_MOST_LINES = 500
_LINE_NUMBERS = (
    "qty",
    "price_unit",
    "discount",
    "price_subtotal",
    "price_subtotal_incl",
)


class TillBill:
    """An open bill as a till tells it, to say what it would earn.

    It comes from a browser: what is no number or no product is left out, and
    what it says is never booked.

    :param sale: customer, total and lines; or the total alone
    """

    def __init__(self, env, sale):
        self.env = env
        self.sale = sale if isinstance(sale, dict) else {"amount_total": sale}
        self.total = read_amount(self.sale.get("amount_total"))

    @property
    def has_lines(self) -> bool:
        """Tell whether anything is on it."""
        return bool(self._told_lines())

    @property
    def has_rewards(self) -> bool:
        """Tell whether any line takes points, so that something may be held for it."""
        return any(line.get("points_reward_id") for line in self._told_lines())

    @functools.cached_property
    def company(self):
        """Return the company that sells: the session's, else the caller's own."""
        return self._session.company_id or self.env.company

    @functools.cached_property
    def currency(self):
        """Return the currency that the till sells in (R-07)."""
        return self._session.currency_id or self.company.currency_id

    @property
    def partner(self):
        """Return the customer that the bill names, if the caller may see it."""
        return self._record("res.partner", self.sale.get("partner_id"))

    @property
    def _session(self):
        return self._record("pos.session", self.sale.get("session_id"))

    def keep(self):
        """Keep what is set aside for it as long again: somebody works on it."""
        bill = f"pos:{self.sale.get('uuid')}"
        if self.has_rewards and BILL.fullmatch(bill):
            self.env["points.hold"].sudo()._renew(bill, self.company)

    # === WHAT IT EARNS === #

    def earned_in(self, account, redeemed=None) -> Decimal:
        """Return the points the bill earns in an account's program (L-18).

        :param redeemed: the money that points will have paid of it; None: as it is
        """
        if not account.program_id.spend_same_document:
            return ZERO
        awards = self.awards if redeemed is None else self._get_awards(redeemed)
        _facts, won = awards.get(account.program_id.id, (None, None))
        return won.points if won else ZERO

    @functools.cached_property
    def awards(self) -> dict[int, tuple[ProgramFacts, Award]]:
        """Return what each program of the customer gives for it, by program."""
        return self._get_awards()

    def _get_awards(self, redeemed=None):
        if not self.company.points_active:
            return {}
        try:
            return TillPreview(self._paper(), redeemed).awards()
        except EngineError:
            return {}

    def say(self) -> dict:
        """Return what it earns in words, program by program."""
        Document = self.env["points.document"].sudo()
        accounts = [
            {
                "name": facts.name,
                "text": self._say_points(facts, award.points),
                "why": Document._explain_briefly(facts.id, award),
            }
            for facts, award in self.awards.values()
        ]
        told = [found for found in accounts if found["text"]]
        text = ", ".join(f"{found['name']}: {found['text']}" for found in told)
        return {"text": text, "accounts": accounts}

    def _say_points(self, facts, points) -> str:
        if not points:
            return ""
        currency = self.env["res.currency"].browse(facts.currency_id)
        return say_worth(self.env, currency, facts.mode == "value", points)

    # === AS AN ORDER === #

    def _paper(self):
        """Return the bill as an order that is not stored."""
        company = self.company
        return (
            self.env["pos.order"]
            .sudo()
            .with_company(company)
            .new(
                {
                    "company_id": company.id,
                    "session_id": self._session.id,
                    "user_id": self.env.uid,
                    "date_order": fields.Datetime.now(),
                    "partner_id": self.partner.id,
                    "fiscal_position_id": self._record(
                        "account.fiscal.position", self.sale.get("fiscal_position_id")
                    ).id,
                    "lines": [Command.create(line) for line in self._lines()],
                }
            )
        )

    def _lines(self):
        """Yield the values of lines that sell something."""
        lines = self._told_lines()
        ids = {line.get("product_id") for line in lines if _is_id(line, "product_id")}
        known = {
            product.id: product for product in self._readable("product.product", ids)
        }
        for line in lines:
            numbers = {name: read_amount(line.get(name) or 0) for name in _LINE_NUMBERS}
            is_known = _is_id(line, "product_id") and line["product_id"] in known
            is_strange = None in numbers.values() or not is_known
            if is_strange or line.get("refunded_orderline_id") or line.get("is_combo"):
                continue
            yield {
                "product_id": line["product_id"],
                "tax_ids": [Command.set(self._taxes(line, known))],
                **{name: float(value) for name, value in numbers.items()},
            }

    def _taxes(self, line, products) -> list[int]:
        """Return the taxes of a line: those that it tells, else its product's."""
        told = line.get("tax_ids")
        if isinstance(told, list):
            ids = [tax for tax in told if isinstance(tax, int) and tax is not True]
            return self._readable("account.tax", ids).ids
        taxes = products[line["product_id"]].taxes_id
        return taxes._filter_taxes_by_company(self.env.company).ids

    def _told_lines(self) -> list[dict]:
        lines = self.sale.get("lines")
        lines = lines if isinstance(lines, list) else []
        return [line for line in lines[:_MOST_LINES] if isinstance(line, dict)]

    def _record(self, model, record_id):
        is_id = isinstance(record_id, int) and not isinstance(record_id, bool)
        return self._readable(model, [record_id] if is_id else [])

    def _readable(self, model, ids):
        """Return the records that are there and that the caller may see."""
        return self.env[model].browse(ids).exists()._filtered_access("read")


class TillPreview(Members, Awards):
    """What the programs of a customer give for an order that is not stored."""

    def __init__(self, paper, redeemed=None):
        self.paper, self.env = paper, paper.env
        company = paper.company_id
        self.facts = {
            facts.id: facts
            for facts in self.env["points.program"]._get_facts(company.id)
        }
        basket = paper._points_basket()
        if redeemed is not None:
            reduction = dataclasses.replace(basket.reduction, redeemed=redeemed)
            basket = dataclasses.replace(basket, reduction=reduction)
        currency = paper.currency_id or company.currency_id
        self.state = RootState(
            "pos:0",
            paper.partner_id.id,
            currency.id,
            basket,
            Left({}, basket.reduction),
        )
        self.states = [self.state]
        owners = self._owner_ids()
        snapshot = LedgerSnapshot(self.env, self.facts, owners, ["pos:0"])
        self.accounts = snapshot.accounts

    def awards(self) -> dict[int, tuple[ProgramFacts, Award]]:
        """Return the award of each program that the customer is in, or would be."""
        result, state = {}, self.told(self.state)
        for facts in self.facts.values():
            account = self._member_account(facts, state)
            is_member = account or self._may_open(facts, state)
            if facts.is_active and is_member and state.basket.lines:
                # What cannot be counted in one program is told by no other one.
                with suppress(EngineError, DecimalException):
                    result[facts.id] = facts, self.award(facts, account, state)
        return result

    def _paper_of(self, state):
        return self.paper


def read_amount(value) -> Decimal | None:
    """Return a number that a browser sent; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return exact(value) if math.isfinite(value) else None
    except (EngineError, OverflowError):
        return None


def is_reward(value) -> bool:
    """Tell whether a browser names a reward by its id, or none: points that pay."""
    return not value or (isinstance(value, int) and not isinstance(value, bool))


def _is_id(values, name) -> bool:
    return isinstance(values.get(name), int) and not isinstance(values[name], bool)
