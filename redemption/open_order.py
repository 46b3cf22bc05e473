from __future__ import annotations

import functools
import math
import re
from datetime import datetime, timedelta
from decimal import Decimal

from odoo import fields
from odoo.fields import Command

from ..engine.numbers import ZERO, EngineError, exact
from ..settlement.balances import open_accounts
from ..settlement.preview import OpenOrderPreview, Promise
from ..wording.award_explanation import AwardExplanation
from .figures import Figures
from .repayment import Repayment

#: The key of a register's open order.
ORDER_KEY = re.compile(r"pos:[0-9a-zA-Z-]{8,64}")
#: How long a register may keep points aside without saying so again (design 2.4).
HELD_FOR = timedelta(minutes=30)
#: Longer sales are not counted while they are open: they are when they are paid.
_MOST_LINES = 500
_NUMBERS = ("qty", "price_unit", "discount", "price_subtotal", "price_subtotal_incl")
#: What a line takes back, which sales order it settles, and which gift card or eWallet
#: of Odoo's own loyalty it uses.
_LINKS = ("refunded_orderline_id", "sale_order_line_id", "coupon_id")


def open_key(uuid) -> str:
    """Return the key under which an open order sets points aside."""
    return f"pos:{uuid}"


class OpenOrder:
    """An open order as a register tells it, to say what it would earn.

    It comes from a browser: what is no number or no product is left out, and
    what it says is never booked.

    :param sale: customer, total and lines; or the total alone
    :param key: under which points are set aside for it, as pos:<uuid>
    """

    def __init__(self, env, sale, key=""):
        self.env, self.key = env, key
        self.sale = sale if isinstance(sale, dict) else {"amount_total": sale}
        self.total = read_amount(self.sale.get("amount_total"))

    @property
    def has_lines(self) -> bool:
        """Tell whether anything is on it."""
        return bool(self._told("lines"))

    @property
    def has_rewards(self) -> bool:
        """Tell whether any line takes points, so that something may be held for it."""
        return any(line.get("points_reward_id") for line in self._told("lines"))

    @functools.cached_property
    def company(self):
        """Return the company that sells: the session's, else the caller's own."""
        return self._register.company_id or self.env.company

    @functools.cached_property
    def currency(self):
        """Return the currency that the register sells in (R-07)."""
        return self._register.currency_id or self.company.currency_id

    @functools.cached_property
    def partner(self):
        """Return the customer that the sale names, if the caller may see it."""
        return self._record("res.partner", self.sale.get("partner_id"))

    @functools.cached_property
    def _register(self):
        """Return the register of the session that the sale names, if it may be seen."""
        Config, session_id = self.env["pos.config"], self.sale.get("session_id")
        if not (_is_id(self.sale, "session_id") and Config.has_access("read")):
            return Config
        of_session = [("session_ids", "=", session_id)]
        return Config.search_fetch(of_session, ["company_id", "currency_id"])

    @property
    def held_until(self) -> datetime:
        """Return until when it may keep points aside."""
        return fields.Datetime.now() + HELD_FOR

    def add_booked(self, limits):
        """Add nothing: what an open order takes is booked when it is paid."""

    def refuse(self, account) -> str:
        """Return why the order takes nothing of an account; empty: it may."""
        domain = [("uuid", "=", self.key.partition(":")[2])]
        stored = account.env["pos.order"].search(domain, limit=1)
        if stored and stored.state != "draft":
            return self.env._("This order is already paid.")
        if stored and not account.program_id._serves(stored.company_id):
            return self.env._("This order belongs to another company.")
        owner = account.program_id._get_owner(stored.partner_id)
        if stored.partner_id and owner != account.partner_id:
            return self.env._(
                "This order belongs to another customer. Select the customer again."
            )
        return ""

    def keep(self):
        """Keep what is set aside for it as long again: somebody works on it."""
        key = open_key(self.sale.get("uuid"))
        if self.has_rewards and ORDER_KEY.fullmatch(key):
            holds = self.env["points.hold"].sudo()
            holds._renew(key, self.company, self.held_until)

    def open_accounts(self, partner):
        """Open accounts of a customer whose first order may spend what it earns.

        Others are opened by their first points, which would be too late (L-18). Where
        customers may be in one program only, a look does not choose which.
        """
        Company = self.env["res.company"].sudo()
        at_once = {
            facts.id
            for facts in self.env["points.program"]._get_facts(self.company.id)
            if facts.spend_same_document
            and facts.membership != "allocated"
            and not Company.browse(facts.company_id).points_single_program
        }
        if not at_once or partner != self.partner or not self.has_lines:
            return
        Account = self.env["points.account"].sudo()
        for program_id, promise in self.promises.items():
            program = Account.program_id.browse(program_id)
            if program_id not in at_once or program._get_account(partner):
                continue
            if promise.earned > 0:
                owner = program._get_owner(partner)
                open_accounts(
                    Account.env, [owner.id], program_id, promise.facts.company_id
                )

    # === WHAT IT EARNS === #

    def earned_in(self, account, taking=None) -> Decimal:
        """Return the points the order brings to an account's program (L-18).

        What it takes back of other orders is taken off.

        :param taking: lines and payments that spend points of the account instead of
            those that are on the order; None: as it is
        """
        if not account.program_id.spend_same_document:
            return ZERO
        if taking is None:
            promises = self.promises
        else:
            promises = self._get_promises(self._with(account.program_id, taking))
        promise = promises.get(account.program_id.id)
        return promise.points if promise else ZERO

    def _with(self, program, taking) -> dict:
        """Return what the register tells, as if it took these of a program's points."""
        rewards = set(program.sudo().reward_ids.ids)
        lines = [
            line
            for line in self._told("lines")
            if line.get("points_reward_id") not in rewards
        ]
        methods = self.env["pos.payment.method"].sudo()
        methods = methods.search([("points_program_id", "=", program.id)])
        payments = [
            payment
            for payment in self._told("payments")
            if payment.get("payment_method_id") not in methods.ids
        ]
        pays = [
            {"payment_method_id": methods[:1].id, "amount": line["amount"]}
            for line in taking
            if "amount" in line
        ]
        more = [line for line in taking if "amount" not in line]
        return {**self.sale, "lines": lines + more, "payments": payments + pays}

    @functools.cached_property
    def promises(self) -> dict[int, Promise]:
        """Return what each program of the customer gives for it, by program."""
        return self._get_promises(self.sale)

    def _get_promises(self, sale) -> dict[int, Promise]:
        if not self.company.points_active:
            return {}
        order = self if sale is self.sale else OpenOrder(self.env, sale)
        try:
            return OpenOrderPreview(order._unstored_order).promises()
        except EngineError:
            return {}

    def say(self) -> dict:
        """Return what it earns in words, program by program."""
        explanation, figures = AwardExplanation(self.env(su=True)), Figures(self.env)
        repayment = Repayment(self._unstored_order, self.promises.values())
        accounts = [
            {
                "program_id": promise.facts.id,
                "name": promise.facts.name,
                "is_value": promise.facts.mode == "value",
                "text": "; ".join(
                    filter(
                        None,
                        (
                            figures.say_promise(promise),
                            figures.say_restored(promise),
                            repayment.say(promise),
                        ),
                    )
                ),
                **figures.prepare_change(promise),
                "missing_text": repayment.say(promise),
                "why": promise.award
                and explanation.explain_briefly(promise.facts.id, promise.award)
                or "",
                "repay": repayment.line(promise),
            }
            for promise in self.promises.values()
        ]
        told = [found for found in accounts if found["text"]]
        text = ", ".join(f"{found['name']}: {found['text']}" for found in told)
        return {"text": text, "accounts": accounts}

    # === AS AN ORDER === #

    @functools.cached_property
    def charges(self):
        """Return what its lines charge, for what points can pay of them."""
        try:
            return self._unstored_order._points_charges()
        except EngineError:
            return ()

    @functools.cached_property
    def _unstored_order(self):
        """Return the order as one that is not stored, with all its lines."""
        company, told = self.company, self._told_products()
        known = self._read_links(told)
        lines = [Command.create(self._prepare_line(line, known)) for line in told]
        Order = self.env["pos.order"].sudo().with_company(company)
        Order.lines._points_clean(lines, company)
        sale = Order.new(
            {
                "company_id": company.id,
                "currency_id": self.currency.id,
                "session_id": bool(self._register) and self.sale["session_id"],
                "user_id": self.env.uid,
                "date_order": fields.Datetime.now(),
                "partner_id": self.partner.id,
                "fiscal_position_id": self._record(
                    "account.fiscal.position", self.sale.get("fiscal_position_id")
                ).id,
                "lines": lines,
                "payment_ids": [
                    Command.create(payment) for payment in self._payments()
                ],
            }
        )
        self._join_combos(sale, told)
        return sale.with_context(points_open_order=sale)

    def _join_combos(self, sale, told):
        """Tell the lines of an order which combo they are part of."""
        by_name = {
            values["uuid"]: line
            for line, values in zip(sale.lines, told, strict=True)
            if isinstance(values.get("uuid"), str)
        }
        for line, values in zip(sale.lines, told, strict=True):
            name = values.get("combo_parent_uuid")
            if isinstance(name, str) and by_name.get(name, line) != line:
                line.combo_parent_id = by_name[name]

    def _told_products(self) -> list[dict]:
        """Return the lines that can be: of known products, with numbers."""
        lines = self._told("lines")
        ids = {line["product_id"] for line in lines if _is_id(line, "product_id")}
        known = set(self._readable("product.product", ids).ids)
        return [
            line
            for line in lines
            if _is_id(line, "product_id")
            and line["product_id"] in known
            and all(read_amount(line.get(name) or 0) is not None for name in _NUMBERS)
        ]

    def _read_links(self, lines) -> dict[str, list]:
        """Return the ids that lines name and the caller may see, by field of a line.

        They are read together, however many lines there are; products were before.
        """
        line_fields = self.env["pos.order.line"]._fields
        named = {
            name: {line[name] for line in lines if _is_id(line, name)}
            for name in _LINKS
            if name in line_fields
        }
        named["tax_ids"] = {tax for line in lines for tax in _told_taxes(line) or ()}
        known = {
            name: self._readable(line_fields[name].comodel_name, ids).ids
            for name, ids in named.items()
        }
        return {**known, "product_id": [line["product_id"] for line in lines]}

    def _prepare_line(self, line, known) -> dict:
        numbers = {name: float(read_amount(line.get(name) or 0)) for name in _NUMBERS}
        return {
            "tax_ids": [Command.set(self._taxes(line, known))],
            "points_reward_id": line.get("points_reward_id"),
            "points_voucher_code": line.get("points_voucher_code"),
            **{
                name: _is_id(line, name) and line[name] in ids and line[name]
                for name, ids in known.items()
                if name != "tax_ids"
            },
            **numbers,
        }

    def _taxes(self, line, known) -> list[int]:
        """Return the taxes of a line: those that it tells, else its product's."""
        told = _told_taxes(line)
        if told is not None:
            return [tax for tax in told if tax in known["tax_ids"]]
        product = self.env["product.product"].browse(line["product_id"])
        taxes = product.with_prefetch(known["product_id"]).taxes_id
        return taxes._filter_taxes_by_company(self.env.company).ids

    def _payments(self):
        """Yield the values of payments with points."""
        for payment in self._told("payments"):
            method = self._record(
                "pos.payment.method", payment.get("payment_method_id")
            )
            amount = read_amount(payment.get("amount"))
            if amount is not None and method.sudo().points_program_id:
                yield {"payment_method_id": method.id, "amount": float(amount)}

    def _told(self, name) -> list[dict]:
        """Return the lines or payments that the register tells."""
        told = self.sale.get(name)
        told = told if isinstance(told, list) else []
        return [values for values in told[:_MOST_LINES] if isinstance(values, dict)]

    def _record(self, model, record_id):
        is_id = isinstance(record_id, int) and not isinstance(record_id, bool)
        return self._readable(model, [record_id] if is_id else [])

    def _readable(self, model, ids):
        """Return the records that are there and that the caller may see."""
        return self.env[model].browse(ids).exists()._filtered_access("read")


def read_amount(value) -> Decimal | None:
    """Return a number that a browser sent; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return exact(value) if math.isfinite(value) else None
    except (EngineError, OverflowError):
        return None


def _told_taxes(line) -> list[int] | None:
    """Return the ids of taxes that a line tells; None: those of its product."""
    told = line.get("tax_ids")
    if not isinstance(told, list):
        return None
    return [tax for tax in told if isinstance(tax, int) and tax is not True]


def is_reward(value) -> bool:
    """Tell whether a browser names a reward by its id, or none: points that pay."""
    return not value or (isinstance(value, int) and not isinstance(value, bool))


def _is_id(values, name) -> bool:
    return isinstance(values.get(name), int) and not isinstance(values[name], bool)
