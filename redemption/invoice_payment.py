from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from odoo.fields import Domain

from ..engine.numbers import (
    HUNDRED,
    ZERO,
    EngineError,
    calculating,
    exact,
    multiply,
    ratio,
)
from ..engine.payable import PAID, Charge
from ..settlement.program_facts import currency_rate
from ..settlement.reward_limits import RewardLimits
from .open_order import read_amount


def say_not_paying(program, company, customer) -> str:
    """Return why points of a customer pay nothing in a company; empty: they may.

    :param program: with all rights
    :param customer: whose account pays, perhaps nobody
    """
    env = program.env
    if not company.points_active:
        return env._("Customer Points is switched off: points cannot pay.")
    if not (program.active and program._serves(company)):
        return env._(
            "Points of %(program)s cannot be redeemed in %(company)s.",
            program=program.name,
            company=company.name,
        )
    if not customer:
        return env._("Select a customer: points belong to a customer.")
    if program._get_account(customer).state != "active":
        return env._(
            "%(customer)s has no active account in %(program)s.",
            customer=customer.display_name,
            program=program.name,
        )
    return ""


@dataclass(frozen=True, slots=True)
class _Invoiced:
    """What limits ask of an order: its total before points, and what lines charge."""

    currency: object
    total: Decimal
    charges: tuple[Charge, ...]


class InvoicePayment:
    """What points of a program may pay of posted invoices (X-09).

    Money is in the currency of the payment, at the rate of its day. Who asks needs no
    right on accounts.

    :param invoices: those that one payment pays together
    :param residual: what remains to be paid of them
    """

    def __init__(self, program, invoices, currency, date, residual):
        self.env = invoices.env
        self.program, self.invoices = program.sudo(), invoices.sudo()
        self.currency, self.date, self.residual = currency, date, residual
        self.company = self.invoices.company_id[:1]

    @functools.cached_property
    def contacts(self):
        """Return who may pay: the account holder of each invoice's customer."""
        contacts = self.env["res.partner"].sudo()
        for invoice in self.invoices:
            buyer = self.program.owner == "contact" and invoice._points_buyer()
            contacts |= self.program._get_owner(buyer or invoice.partner_id)
        return contacts

    @functools.cached_property
    def limits(self) -> PaymentLimits:
        """Return what the customer's account may pay of the invoices."""
        return PaymentLimits(self, self.program._get_account(self.contacts))

    def say_closed(self) -> str:
        """Return why points pay none of it at all; empty: they may."""
        if len(self.contacts) > 1:
            return self.env._("Points pay the invoices of one customer at a time.")
        refused = say_not_paying(self.program, self.company, self.contacts)
        if refused:
            return refused
        is_limited = self.program.max_redeem_percent or self.program.max_points_redeem
        if is_limited and len(self.invoices) > 1:
            return self.env._(
                "%(program)s limits what points pay of an order: pay one invoice at "
                "a time.",
                program=self.program.name,
            )
        try:
            bool(self.limits)
        except EngineError:
            return self.env._("The amounts are too large to be paid with points.")
        return ""

    def refuse(self, amount) -> str:
        """Return why points may not pay so much; empty: they may."""
        if refused := self.say_closed():
            return refused
        money = read_amount(amount)
        if money is None or money <= ZERO:
            return self.env._("Enter the amount that points are to pay.")
        return self.limits.offer(None).refuse(self.env, money)

    def prepare_values(self) -> dict:
        """Return what the payment keeps of it: whose points pay, of which contact."""
        of_contact = self.program.owner == "contact"
        return {"points_contact_id": self.contacts.id} if of_contact else {}

    def refuse_booked(self) -> str:
        """Return why points paid more than they may already; empty: they did not."""
        has_account = len(self.contacts) == 1 and self.limits.account
        return self.limits.refuse_booked() if has_account else ""

    def get_most(self) -> Decimal:
        """Return the most that points may pay; 0 where they may not."""
        if self.say_closed():
            return ZERO
        offer = self.limits.offer(None)
        return offer.most if offer.most >= offer.least else ZERO

    def say_taken(self, amount) -> str:
        """Return which points a payment takes; empty where they may not pay so much."""
        if self.refuse(amount):
            return ""
        target, facts = self.program.currency_id, self.limits.facts
        rate = currency_rate(self.currency, target, self.company, self.date)
        points = facts.points_paying(multiply(exact(amount), rate))
        return self.env._("This payment redeems %s.", self.limits.say(points))

    def say(self) -> str:
        """Return what the customer has, what it is worth, and what it may pay."""
        if refused := self.say_closed():
            return refused
        limits, offer = self.limits, self.limits.offer(None)
        available = max(limits.available, ZERO)
        worth = multiply(limits.facts.money(available), limits.rate)
        return self.env._(
            "%(customer)s, %(program)s: %(points)s available, worth %(amount)s. "
            "%(limit)s",
            customer=self.contacts.display_name,
            program=self.program.name,
            points=limits.say(available),
            amount=limits.say_money(worth),
            limit=offer.refusal or self._say_most(offer.most),
        )

    def _say_most(self, most) -> str:
        amount = self.limits.say_money(most)
        return self.env._("Up to %(amount)s can be paid.", amount=amount)


class PaymentLimits(RewardLimits):
    """The limits of an order, where its invoice is posted already.

    What the invoice itself has earned does not pay for it, unless the program says so:
    paying with points, it earns less.
    """

    def __init__(self, payment: InvoicePayment, account):
        self.payment, self.residual = payment, exact(payment.residual)
        invoices, total = payment.invoices, ZERO
        for invoice in invoices:
            total += self._convert(invoice, invoice._points_undiscounted())
        charges = tuple(self._get_charges(invoices))
        super().__init__(account, (), _Invoiced(payment.currency, total, charges))
        self.rate = self._get_rate(self.program.currency_id, payment.company)
        for invoice in invoices:
            self._add_payments(invoice)
            self._add_rewards(invoice)
        if not self.facts.spend_same_document:
            self.available -= self._get_own_earned(invoices)

    def _get_rate(self, currency, company) -> Decimal:
        """Return what turns money of a currency into the payment's, on its day."""
        payment = self.payment
        return currency_rate(currency, payment.currency, company, payment.date)

    def _convert(self, invoice, money) -> Decimal:
        rate = self._get_rate(invoice.currency_id, invoice.company_id)
        return multiply(money, rate)

    def _get_charges(self, invoices):
        """Yield what lines charge; what points paid of them is booked."""
        for invoice in invoices:
            for charge in invoice._points_charges():
                if charge.part != PAID:
                    yield replace(charge, gross=self._convert(invoice, charge.gross))

    def _add_payments(self, invoice):
        """Add what payments took until now, each at the rate of its own day."""
        for entry, paid in invoice._points_payments():
            program, money = entry.journal_id.points_program_id, abs(paid)
            sign = 1 if paid > ZERO else -1
            target, company = self.program.currency_id, invoice.company_id
            rate = currency_rate(invoice.currency_id, target, company, entry.date)
            points = self.facts.points_paying(multiply(money, rate))
            self.add_booked(
                program, sign * self._convert(invoice, money), sign * points
            )

    def _add_rewards(self, invoice):
        """Add what rewards on the invoice paid of it."""
        taken = invoice.invoice_line_ids._points_rewards_by_program()
        for program, (quantities, money) in taken.items():
            points = self.points_of(quantities)
            self.add_booked(program, self._convert(invoice, money), points)

    def _get_own_earned(self, invoices) -> Decimal:
        """Return what of the account the invoices and their orders have earned."""
        sales = [*invoices, *invoices.pos_order_ids]
        sales += invoices.invoice_line_ids.sale_line_ids.order_id
        usable = Domain("available_on", "=", False)
        usable |= Domain("available_on", "<=", self.today)
        earned = Domain("account_id", "=", self.account.id) & usable
        earned &= Domain("kind", "in", ("earn", "return"))
        earned &= Domain("root", "in", [sale._points_root() for sale in sales])
        ((points,),) = self.env["points.entry"]._read_group(earned, [], ["points:sum"])
        return max(exact(points or 0.0), ZERO)

    def _money_limits(self, paid):
        """Yield (money that is left, why no more): what remains to be paid first."""
        yield self.residual, partial(self._say_remaining, self.residual)
        yield from super()._money_limits(paid)

    @calculating
    def refuse_booked(self) -> str:
        """Return why what was booked is more than may pay; empty: it is not.

        Asked once a payment is matched with the invoice, whoever matches them.
        """
        limits = [*self._payable_limits(self.booked_money)]
        most = exact(self.program.max_points_redeem)
        if most and self.booked_points > most:
            return self._say_at_most(most)
        percent = exact(self.program.max_redeem_percent)
        part = ratio(self.total, percent, HUNDRED)
        if percent:
            left = part - self.booked_money
            limits.append((left, partial(self._say_at_most_percent, percent, part)))
        rounding = exact(self.currency.rounding, 6) * (len(self.order.charges) + 1)
        for left, say_why in limits:
            if left < -rounding:
                return say_why()
        if self.available < ZERO:
            return self.env._(
                "Points that an invoice earns cannot pay for it: %(account)s does not "
                "have enough other points.",
                account=self.account.display_name,
            )
        return ""
