from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.basket import Basket, Reduction
from ..engine.numbers import ZERO, EngineError, multiply
from ..engine.roots import root_of
from ..engine.sales import Left
from ..engine.spending import PAYMENT, Taking
from ..redemption.invoice_payment import say_not_paying
from ..settlement.settlement import Settlement

#: Says that a register's session makes its payments; nothing sent by RPC is it.
REGISTER = object()
#: What nobody changes on a payment whose points are taken.
_FIXED = frozenset(
    (
        *("amount", "currency_id", "date", "journal_id", "move_id", "partner_id"),
        *("partner_type", "payment_type", "points_contact_id", "pos_session_id"),
    )
)


class AccountPayment(models.Model):
    """A payment with points (X-09): it takes them while its entry is posted.

    What pays invoices is the journal entry, so it tells whether points are taken,
    whatever the payment says. Those of a register's session take none: its orders did.
    """

    _name = "account.payment"
    _inherit = ["account.payment", "points.origin"]

    points_document_ids = fields.One2many(
        "points.document", "payment_id", groups="customer_points.group_points_user"
    )
    points_contact_id = fields.Many2one(
        "res.partner",
        string="Account Holder",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Whose points pay, where each contact of a company has an own account.",
    )
    points_refunded_id = fields.Many2one(
        "account.payment",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=fields.NO_ACCESS,
        help="The payment whose points a refund gives back.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("pos_session_id", "journal_id")
    def _check_points_register(self):
        """Refuse a payment that only says that a register made it."""
        if self.env.context.get("points_payments") is REGISTER:
            return
        for payment in self.sudo():
            if payment.pos_session_id and payment.journal_id.points_program_id:
                raise UserError(
                    self.env._(
                        "%(journal)s pays with points: only closing a session can "
                        "book payments of a register there.",
                        journal=payment.journal_id.name,
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        """Keep what points were taken for as it is: a draft may be changed."""
        if not _FIXED.isdisjoint(vals):
            self.sudo()._points_check_fixed(vals)
        return super().write(vals)

    def _points_check_fixed(self, vals):
        for payment in self._points_paying():
            is_changed = any(
                field.convert_to_cache(vals[name], payment)
                != field.convert_to_cache(payment[name], payment)
                for name, field in payment._fields.items()
                if name in _FIXED and name in vals
            )
            if is_changed and payment._points_stands():
                raise UserError(
                    self.env._(
                        "%(payment)s is paid with points: reset it to draft to change "
                        "it.",
                        payment=payment.display_name,
                    )
                )

    # === POINTS: WHEN IT IS SETTLED === #

    def _points_paying(self):
        """Return which of these payments take points, or give some back."""
        if not self.env["account.journal"]._points_are_paying():
            return self.browse()
        return self.sudo().filtered(
            lambda payment: payment._points_program() and not payment.pos_session_id
        )

    def _points_follow_entries(self):
        """Take what posted payments pay, give back what others took; or refuse.

        :raise UserError: when points may not pay, or are not there (R-10)
        """
        for payment in self._points_paying():
            if payment._points_stands():
                payment._points_check()
            else:
                payment._points_check_refunds()
            payment._points_settle_strictly()

    def _points_settle_strictly(self):
        """Settle a payment; unlike a sale, it is refused where accounts cannot pay.

        :raise UserError: naming the account, or what cannot be booked
        """
        settlement = Settlement(self, is_conditional=True)
        settlement.post()
        unpaid = [text for said in settlement.spending.unpaid.values() for text in said]
        why = settlement.limits.say_unbooked() or " ".join(unpaid)
        if why:
            raise UserError(why)

    def _points_check(self):
        """Refuse a payment that points may not make.

        :raise UserError: saying why
        """
        self.ensure_one()
        refused = self._points_say_odd()
        if not refused and self.payment_type == "inbound":
            program, holder = self._points_program(), self._points_holder()
            refused = say_not_paying(program, self.company_id, holder)
        if refused:
            raise UserError(refused)

    def _points_say_odd(self) -> str:
        """Return what does not fit on a payment with points; empty: all does."""
        if self.partner_type != "customer":
            return self.env._("Points pay invoices of customers only.")
        if self.payment_type == "outbound" and not self._points_is_refund():
            return self.env._(
                "To refund points, open the credit note of an invoice that was paid "
                "with points, and click Pay."
            )
        contact = self.points_contact_id
        if contact.commercial_partner_id not in (
            contact.browse(),
            self.partner_id.commercial_partner_id,
        ):
            return self.env._(
                "%(contact)s does not belong to %(customer)s.",
                contact=contact.display_name,
                customer=self.partner_id.display_name,
            )
        return self._points_say_amount()

    def _points_say_amount(self) -> str:
        """Return why its amount cannot be what its journal entry pays."""
        liquidity = self._seek_for_lines()[0]
        booked = abs(sum(liquidity.mapped("amount_currency")))
        try:
            is_same = self._points_money(booked) == self._points_money(self.amount)
        except EngineError:
            is_same = False
        if is_same and self.currency_id == (liquidity.currency_id or self.currency_id):
            return ""
        return self.env._(
            "%(payment)s: the amount is not that of its journal entry.",
            payment=self.display_name,
        )

    # === POINTS: WHAT THE PAYMENT ANSWERS === #

    def _points_root(self):
        return root_of("pay", self.id)

    def _points_document_field(self):
        return "payment_id"

    def _points_date(self):
        return self.date

    def _points_seller(self):
        return self.create_uid

    def _points_buyer(self):
        return self.points_contact_id

    def _points_total_before(self):
        return self._points_money(self.amount)

    def _points_spends(self) -> bool:
        return bool(self._points_paying())

    def _points_why_not(self):
        return self.env._("Payments earn no points: invoices do.")

    def _points_program(self):
        """Return the program whose points pay: that of the journal of its entry."""
        payment = self.sudo()
        return (payment.move_id.journal_id or payment.journal_id).points_program_id

    def _points_holder(self):
        """Return the contact whose account pays; perhaps nobody."""
        program = self._points_program()
        buyer = program.owner == "contact" and self.points_contact_id
        return program._get_owner(buyer or self.partner_id)

    def _points_stands(self) -> bool:
        """Tell whether it pays: its entry is posted."""
        return self.move_id.state == "posted"

    def _points_takings(self) -> list[Taking]:
        program_id = self._points_program().id
        programs = self.env["points.program"]._get_facts(self.company_id.id)
        money = self._points_money(self.amount)
        stands = self._points_stands()
        return [
            Taking(
                key=f"{PAYMENT}{facts.id}",
                program=facts.id,
                quantity=money,
                kept=max(money - self._points_refunded(), ZERO) if stands else ZERO,
                points=facts.points_paying(multiply(money, self._points_rate(facts))),
                money=money,
            )
            for facts in programs
            if facts.id == program_id and money and self.payment_type == "inbound"
        ]

    def _points_root_states(self):
        """Return what it takes, or of a refund the payment that it gives back."""
        self.ensure_one()
        is_refund = self.payment_type == "outbound"
        payment = self.points_refunded_id if is_refund else self
        takings = tuple(payment._points_takings())
        if not takings and not payment._points_has_documents():
            return []
        money = sum((taking.money for taking in takings), ZERO)
        # Another amount, or another day, is another decision.
        reduction = Reduction(redeemed=money)
        basket = Basket(payment._points_date(), (), reduction)
        left = Left({}, reduction) if payment._points_stands() else None
        root, is_own = payment._points_root(), payment == self
        return [payment._points_state(root, basket, left, is_own, takings=takings)]

    # === POINTS: REFUNDS === #

    def _points_is_refund(self) -> bool:
        """Tell whether it gives back what a payment of the same customer took."""
        payment = self.points_refunded_id
        return (
            payment._points_stands()
            and payment._points_program() == self._points_program()
            and payment.currency_id == self.currency_id
            and payment.partner_id.commercial_partner_id
            == self.partner_id.commercial_partner_id
            and payment._points_refunded() <= self._points_money(payment.amount)
        )

    def _points_refunds(self):
        """Return the posted payments that give points of this one back."""
        refunds = self.sudo().search([("points_refunded_id", "in", self.ids)])
        return refunds.filtered(lambda refund: refund._points_stands())

    def _points_refunded(self):
        """Return the money that was given back in points of this payment."""
        amounts = self._points_refunds().mapped("amount")
        return sum(map(self._points_money, amounts), ZERO)

    def _points_check_refunds(self):
        """Refuse to undo a payment that was refunded: points would come back twice.

        :raise UserError: naming the refund
        """
        refund = self._points_refunds()[:1]
        if refund:
            raise UserError(
                self.env._(
                    "Points of %(payment)s were refunded by %(refund)s: cancel that "
                    "one first.",
                    payment=self.display_name,
                    refund=refund.display_name,
                )
            )
