from __future__ import annotations

import functools
from dataclasses import dataclass
from decimal import Decimal

from odoo.fields import Domain

from ..engine.numbers import HUNDRED, ZERO, EngineError, exact, multiply, ratio
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
    """What limits ask of an order: its currency, and its total before points."""

    currency: object
    total: Decimal


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
        self.payment, invoices = payment, payment.invoices
        total = sum(
            (self._convert(move, move._points_undiscounted()) for move in invoices),
            ZERO,
        )
        super().__init__(account, (), _Invoiced(payment.currency, total))
        self.rate = self._get_rate(self.program.currency_id, payment.company)
        self._add_booked(invoices)
        unpaid = exact(payment.residual) + self.booked_money
        self.paid_by_others = max(total - unpaid, ZERO)
        if not self.facts.spend_same_document:
            self.available -= self._get_own_earned(invoices)

    def _get_rate(self, currency, company) -> Decimal:
        """Return what turns money of a currency into the payment's, on its day."""
        payment = self.payment
        return currency_rate(currency, payment.currency, company, payment.date)

    def _convert(self, invoice, money) -> Decimal:
        return multiply(money, self._get_rate(invoice.currency_id, invoice.company_id))

    def _add_booked(self, invoices):
        """Add what points of the program have paid of the invoices until now."""
        for invoice in invoices:
            for entry, money in invoice._points_payments():
                if entry.journal_id.points_program_id == self.program:
                    self._add_payment(invoice, entry, money)
            rewards = invoice._points_rewards_of(self.program)
            self.booked_money += self.money_of(rewards)
            self.booked_points += self.points_of(rewards)

    def _add_payment(self, invoice, entry, money):
        """Add what a payment took, at the rate of its own day."""
        source, target = invoice.currency_id, self.program.currency_id
        rate = currency_rate(source, target, invoice.company_id, entry.date)
        points = self.facts.points_paying(multiply(abs(money), rate))
        self.booked_points += points if money > ZERO else -points
        self.booked_money += self._convert(invoice, money)

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

    def refuse_booked(self) -> str:
        """Return why what was booked is more than may pay; empty: it is not.

        Asked once a payment is matched with the invoice, whoever matches them.
        """
        coin = exact(self.currency.rounding, 6)
        most = exact(self.program.max_points_redeem)
        if most and self.booked_points > most:
            return self._say_at_most(most)
        percent = exact(self.program.max_redeem_percent)
        part = ratio(self.total, percent, HUNDRED)
        if percent and self.booked_money > part + coin:
            return self._say_at_most_percent(percent, part)
        if self.available < ZERO:
            return self.env._(
                "Points that an invoice earns cannot pay for it: %(account)s does not "
                "have enough other points.",
                account=self.account.display_name,
            )
        return ""
