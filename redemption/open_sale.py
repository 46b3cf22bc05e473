from __future__ import annotations

import functools
from datetime import datetime, timedelta
from decimal import Decimal

from odoo import fields

from ..engine.numbers import ZERO, EngineError, exact, number
from ..engine.payable import PAID
from ..settlement.preview import OpenOrderPreview, Promise

#: Who may write lines that redeem points: an object cannot be sent by RPC.
REDEEMING = object()


class OpenSale:
    """A quotation, an order or a draft invoice, as far as points may pay for it.

    It answers what ``OpenOrder`` answers for a register's order.

    :param document: a ``sale.order`` or ``account.move``, as its user sees it
    """

    def __init__(self, document):
        self.env, self.document = document.env, document.sudo()
        self.key = self.document._points_hold_key()
        self.company = self.document.company_id
        self.currency = self.document.currency_id
        self.partner = self.document._points_partner()

    @property
    def total(self) -> Decimal:
        """Return what is to be paid before points, but with vouchers, tax included."""
        document = self.document
        redeemed = document._points_redeemed_lines()
        vouchers = redeemed.filtered("points_voucher_code")
        booked = document._points_booked_lines() - redeemed
        paid = sum(vouchers.mapped("price_total")) - sum(booked.mapped("price_total"))
        return document._points_total_before() + document._points_money(paid)

    @property
    def charges(self):
        """Return what its lines charge; what points paid of them is booked."""
        charges = self.document._points_charges()
        return tuple(charge for charge in charges if charge.part != PAID)

    @property
    def held_until(self) -> datetime:
        """Return until when it may keep points aside."""
        days = self.company.points_hold_days
        return fields.Datetime.now() + timedelta(days=days)

    def is_held(self, lines) -> bool:
        """Tell whether all that lines redeem is still set aside for the document."""
        if any(line.points_voucher_code for line in lines):
            return False
        holds = self.env["points.hold"].sudo()._get_of_order(self.key)
        held: dict = {}
        for hold in holds:
            for reward, quantity in (hold.taken or {}).items():
                held[reward] = held.get(reward, ZERO) + number(quantity)
        for line in lines:
            reward = str(line.points_reward_id.id)
            quantity = exact(line[line._points_quantity_field])
            held[reward] = held.get(reward, ZERO) - quantity
        return all(quantity >= ZERO for quantity in held.values())

    def add_booked(self, limits):
        """Tell the limits of an account what lines pay that are booked already."""
        taken = self.document._points_booked_lines()._points_rewards_by_program()
        for program, (quantities, money) in taken.items():
            limits.add_booked(program, money, limits.points_of(quantities))

    def open_accounts(self, partner):
        """Open no account: who has none has no points to redeem."""

    def refuse(self, account) -> str:
        """Return why the document takes nothing of an account; empty: it may."""
        if reason := self.document._points_say_closed():
            return reason
        if account.program_id._get_owner(self._buyer(account)) != account.partner_id:
            return self.env._(
                "This document belongs to another customer. Open Redeem Points again."
            )
        return ""

    def _buyer(self, account):
        """Return who is the customer for a program: who is invoiced, or who bought."""
        is_contact = account.program_id.owner == "contact"
        return (is_contact and self.document._points_buyer()) or self.partner

    def earned_in(self, account, taking=None) -> Decimal:
        """Return the points that it brings at once, where they can be redeemed on it.

        :param taking: lines that spend points of the account instead of those that are
            on it and not booked; None: as it is
        """
        program = account.program_id
        is_at_once = program.spend_same_document and program.credit_on == "order"
        if not is_at_once or self.document._name != "sale.order":
            return ZERO
        promises = self.promises
        if taking is not None:
            promises = self._get_promises(self._paid_more(program, taking))
        promise = promises.get(program.id)
        return promise.points if promise else ZERO

    def _paid_more(self, program, taking) -> Decimal:
        """Return how much more points pay by these lines than by those they replace."""
        replaced = [
            line._points_amounts()[1]
            for line in self.document._points_redeemed_lines()
            if line.points_reward_id.program_id == program
            and line.points_reward_id._get_base_kind() in ("block", "per_point")
            and not line._points_is_settled()
        ]
        paid = [exact(line["price_subtotal_incl"]) for line in taking]
        return sum(replaced, ZERO) - sum(paid, ZERO)

    @functools.cached_property
    def promises(self) -> dict[int, Promise]:
        """Return what each program of the customer gives for it, by program."""
        return self._get_promises()

    def _get_promises(self, paid_more=ZERO) -> dict[int, Promise]:
        document = self.document.with_context(points_preview=True)
        try:
            return OpenOrderPreview(document).promises(paid_more)
        except EngineError:
            return {}
