from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from operator import add

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import float_repr

from ..engine.basket import Basket, Reduction
from ..engine.evidence import Evidence, read_evidence
from ..engine.numbers import ZERO, exact, multiply, number, ratio
from ..engine.roots import return_root, root_of, split_root
from ..engine.sales import Return, Sale, left_of
from ..redemption.invoice_payment import InvoicePayment
from ..redemption.open_sale import REDEEMING
from ..redemption.sale_preview import SalePreview
from ..redemption.sale_redemption import SaleRedemption
from ..settlement.context import is_modifying
from ..settlement.takings import redeemed_of

_INVOICES = ("out_invoice", "out_receipt")
_SALE_TYPES = (*_INVOICES, "out_refund")
#: An invoice that credit notes settle is done with as well.
_PAID = ("paid", "in_payment", "reversed")
#: What changes what is due for points that a credit note takes back.
_CHARGED_BY = frozenset(
    ("invoice_line_ids", "line_ids", "partner_id", "currency_id", "invoice_date")
)
#: Tells that invoices are posted or reset just now; an object cannot be sent by RPC.
_POSTING = object()


class AccountMove(models.Model):
    """An invoice: a root of its own; a credit note: a return of other roots.

    Invoices of the register are never roots, their orders are (design 2.2 f).
    """

    _name = "account.move"
    _inherit = ["account.move", "points.origin"]

    points_document_ids = fields.One2many(
        "points.document", "move_id", groups="customer_points.group_points_user"
    )
    points_progress_text = fields.Text(
        string="Points",
        compute="_compute_points_progress_text",
        help="The customer's points, and the progress to the targets.",
    )
    points_to_earn_text = fields.Text(
        string="Points to Earn",
        compute="_compute_points_to_earn_text",
        compute_sudo=True,
        help="What this invoice will earn, or this credit note deduct, what that is "
        "worth, and how much more reaches the next target or reward.",
    )

    points_is_charge_due = fields.Boolean(
        string="Charge Redeemed Points",
        compute="_compute_points_to_earn_text",
        compute_sudo=True,
        help="Whether the lines of a draft credit note charge other money for redeemed "
        "points than what is due.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "move_type", "partner_id", "company_id")
    def _compute_points_progress_text(self):
        for move in self:
            is_shown = move.state == "draft" and move.move_type in _SALE_TYPES
            move.points_progress_text = is_shown and move._points_say_progress()

    @api.depends(
        "state",
        "payment_state",
        "move_type",
        "partner_id",
        "company_id",
        "currency_id",
        "journal_id",
        "invoice_date",
        "invoice_user_id",
        "invoice_line_ids.product_id",
        "invoice_line_ids.quantity",
        "invoice_line_ids.product_uom_id",
        "invoice_line_ids.price_total",
        "invoice_line_ids.discount",
    )
    @api.depends_context("lang", "uid")
    def _compute_points_to_earn_text(self):
        for move in self:
            said = move._points_try(_preview_of, ("", False))
            move.points_to_earn_text, move.points_is_charge_due = said

    # === CONSTRAINT METHODS === #

    @api.constrains("invoice_line_ids", "line_ids", "move_type")
    def _check_points_redeemed(self):
        """Refuse money off for points on what no register made: it takes no points."""
        for move in self.sudo():
            product = move._points_redeemed_by_hand().product_id[:1]
            if product and move.state == "draft":
                raise ValidationError(
                    self.env._(
                        "%(product)s redeems points: remove the line and click "
                        "Redeem Points instead.",
                        product=product.display_name,
                    )
                )

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_points(self):
        if self.sudo().points_document_ids:
            raise UserError(
                self.env._(
                    "An invoice with points cannot be deleted: cancel it instead."
                )
            )
        self._points_release()
        self._points_forget()

    def write(self, vals):
        before = {}
        if not vals.keys().isdisjoint(("partner_id", "currency_id")):
            before = {move: (move.partner_id, move.currency_id) for move in self}
        charged = {}
        if not vals.keys().isdisjoint(_CHARGED_BY):
            charged = self._points_get_charges()
        result = super().write(vals)
        for move, charges in charged.items():
            # What somebody changes or deletes stays so.
            if move._points_repaying_lines().mapped(_charge_of) == charges:
                move._points_charge_missing()
        for move, (customer, currency) in before.items():
            if move.partner_id != customer:
                move._points_drop_rewards()
            elif move.currency_id != currency and not move._points_say_closed():
                SaleRedemption(move).redeem_again()
        if "state" in vals:
            self._points_follow_entries()
        return result

    def copy_data(self, default=None):
        """Leave out what redeems or charges points: the copy would do it again.

        A credit note gives back all that its invoice has; an invoice that takes the
        place of another one redeems the same.
        """
        vals_list = super().copy_data(default)
        if "reversed_entry_id" in (default or ()):
            return vals_list
        for move, vals in zip(self, vals_list, strict=True):
            left_out = move._points_redemption_lines().filtered(
                lambda line: not (is_modifying(self.env) and line._points_is_redeemed())
            )
            left_out |= move._points_repaying_lines()
            products = left_out.product_id.ids
            vals["line_ids"] = [
                command
                for command in vals.get("line_ids", ())
                if command[2].get("product_id") not in products
            ]
        return vals_list

    # === ACCOUNT METHODS === #

    def _post(self, soft=True):
        # What a credit note pays is settled after it, not while it is posted.
        posting = self.with_context(points_posting=_POSTING)
        posted = super(AccountMove, posting)._post(soft).with_env(self.env)
        posted._points_settle_all()
        return posted

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Let credit notes give back the points that their invoices redeem."""
        redeeming = self.with_context(points_redeeming=REDEEMING)
        moves = super(AccountMove, redeeming)._reverse_moves(
            default_values_list, cancel=cancel
        )
        moves = moves.with_env(self.env)
        if not is_modifying(self.env):
            moves._points_charge_missing()
        return moves

    def button_draft(self):
        posting = self.with_context(points_posting=_POSTING)
        result = super(AccountMove, posting).button_draft()
        self._points_settle_all()
        return result

    def button_cancel(self):
        posting = self.with_context(points_posting=_POSTING)
        result = super(AccountMove, posting).button_cancel()
        self._points_settle_all()
        self._points_release()
        return result

    # === ACTION METHODS === #

    def action_switch_move_type(self):
        """Let the signs of all lines be turned; credit notes redeem nothing."""
        for move in self:
            move._points_drop_rewards()
        redeeming = self.with_context(points_redeeming=REDEEMING)
        result = super(AccountMove, redeeming).action_switch_move_type()
        # As an order makes credit notes of what was invoiced beyond it.
        self._points_charge_missing()
        return result

    def action_redeem_points(self):
        """Open what the customer's points can be redeemed for (L-10)."""
        self.ensure_one()
        return self.env["points.redeem"]._open(self)

    def action_charge_points(self):
        """Charge the customer for points that are taken back and redeemed already.

        :raise AccessError: for who may not change the credit note
        """
        self.ensure_one()
        self.check_access("write")
        if self._points_charge_missing():
            return None
        said = self.env._("There is nothing to charge on this credit note.")
        return self._points_notify("info", said)

    # === POINTS: REDEEMING === #

    def _points_redeemed_lines(self):
        """Return the lines that take points themselves, and no sales order did."""
        if self.move_type not in _SALE_TYPES:
            return self.invoice_line_ids.browse()
        return self.invoice_line_ids.filtered(lambda line: line._points_is_own_taking())

    def _points_booked_lines(self):
        """Return the lines that take points which sales orders have booked."""
        lines = self.invoice_line_ids.filtered(lambda line: line._points_is_redeemed())
        return lines - self._points_redeemed_lines()

    def _points_redemption_lines(self):
        """Return the lines that redeem points, whoever made them."""
        if self.move_type not in _SALE_TYPES:
            return self.invoice_line_ids.browse()
        return self.invoice_line_ids.filtered(
            lambda line: line.product_id.points_type == "loypay"
        )

    def _points_book_redeemed(self):
        """Leave it to posting: only drafts redeem."""

    def _points_redeem_anew(self):
        """Set aside what invoices redeem in the place of others; else take it off."""
        for move in self.sudo():
            lines = move._points_redeemed_lines()
            if refused := lines and SaleRedemption(move).hold_again():
                lines.unlink()
                move._message_log(body=refused)

    def _points_drop_rewards(self):
        """Take off what another customer's points were to pay."""
        move = self.sudo()
        if move.state == "draft" and move.move_type in _INVOICES:
            move._points_redeemed_lines().filtered("points_reward_id").unlink()

    def _points_release(self):
        """Give back what these invoices have set aside."""
        for move in self.sudo():
            if move._points_redeemed_lines():
                SaleRedemption(move).release()

    def _points_say_closed(self) -> str:
        """Return why nothing can be redeemed on it any more; empty: it can."""
        if self.move_type not in _INVOICES:
            return self.env._("Points can be redeemed on customer invoices.")
        if self.state != "draft":
            return self.env._("Points can only be redeemed on a draft invoice.")
        return ""

    def _points_total_before(self):
        redeemed = sum(self._points_redeemed_lines().mapped("price_total"))
        return self._points_money(self.amount_total - redeemed)

    def _points_add_lines(self, vals_list):
        """Write lines at the end of the invoice; return them."""
        before = self.invoice_line_ids
        last = max(before.mapped("sequence"), default=10)
        lines = [Command.create({**vals, "sequence": last}) for vals in vals_list]
        self.write({"invoice_line_ids": lines})
        return self.invoice_line_ids - before

    def _points_spends(self) -> bool:
        return bool(self._points_redeemed_lines())

    def _points_takings(self) -> list:
        takings, came_back = [], self._points_rewards_back()
        for line in self._points_redeemed_lines():
            quantity, gross, _net = line._points_amounts()
            # Credit notes name products: the first lines of one come back first.
            more = came_back.get(line.product_id.id, (ZERO, ZERO))
            back = min(more[0], quantity), min(more[1], -gross)
            came_back[line.product_id.id] = more[0] - back[0], more[1] - back[1]
            takings.append(line._points_taking(self, (quantity, -gross), back))
        return takings

    def _points_repaid(self):
        if not self._points_stands():
            return {}
        is_return, repaid = self.move_type == "out_refund", {}
        for product, lines in (
            self._points_repaying_lines().grouped("product_id").items()
        ):
            money = self._points_money(sum(lines.mapped("price_total")))
            # What an invoice charges is not paid yet: it only pays back.
            repaid[product.id] = -money if is_return else min(money, ZERO)
        return repaid

    def _points_repaying_lines(self):
        """Return the lines that charge the customer for points redeemed already."""
        return self.invoice_line_ids.filtered(
            lambda line: line.product_id.points_type == "repay"
        )

    def _points_may_charge(self) -> bool:
        """Tell whether it is a draft credit note, and charges or can do so."""
        if self.move_type != "out_refund" or self.state != "draft":
            return False
        programs = self.env["points.program"]._get_facts(self.company_id.id)
        is_charging = any(facts.return_shortfall == "charge" for facts in programs)
        return is_charging or bool(self._points_repaying_lines())

    def _points_get_charges(self) -> dict:
        """Return what draft credit notes charge that is what is due, to follow them."""
        charges = {}
        for move in self:
            is_draft = move.move_type == "out_refund" and move.state == "draft"
            lines = is_draft and move._points_repaying_lines()
            if lines and not move.points_is_charge_due:
                charges[move] = lines.mapped(_charge_of)
        return charges

    def _points_charge_missing(self) -> bool:
        """Charge customers on draft credit notes for points redeemed already.

        :return: whether anything is charged
        """
        charged = False
        for move in self.filtered(lambda move: move._points_may_charge()):
            lines, is_due = move._points_try(_due_on, ([], False))
            charged = charged or bool(lines)
            if is_due:
                move._points_repaying_lines().unlink()
            if is_due and lines:
                move._points_add_lines(
                    [
                        {
                            **line,
                            "quantity": 1,
                            "price_unit": -line["price_unit"],
                            "tax_ids": [Command.set(line["tax_ids"])],
                        }
                        for line in lines
                    ]
                )
        return charged

    def _points_refunded(self):
        if self.move_type != "out_refund":
            return ZERO
        # The total may be rounded in cash, which depends on what is charged.
        lines = self.invoice_line_ids - self._points_repaying_lines()
        return max(self._points_money(sum(lines.mapped("price_total"))), ZERO)

    def _points_redeemed(self):
        """Return the money that points pay of the whole invoice, and of gifts."""
        redeemed, gifts = ZERO, {}
        for line in self.invoice_line_ids if self.move_type in _INVOICES else ():
            if line.product_id.points_type == "loypay" and line._points_is_redeemed():
                money = -line._points_amounts()[1]
                reward = line.points_reward_id or line.sale_line_ids.points_reward_id
                gift = reward.sudo().gift_product_id.id
                if gift:
                    gifts[gift] = gifts.get(gift, ZERO) + money
                else:
                    redeemed += money
        return redeemed, gifts

    # === POINTS: WHEN IT IS SETTLED === #

    def _points_settle_all(self):
        """Settle these invoices, and the orders of which they sell or take back."""
        ends = self | self.browse().union(*(move._points_end() for move in self))
        moves = ends.filtered(lambda move: move.move_type in _SALE_TYPES)
        # What a credit note takes back is booked by it, before its invoice follows.
        moves._points_forget()
        self._points_sales()._points_settle(is_new=True)
        (moves - self)._points_follow_payment()
        for move in moves.sudo():
            orders = move.invoice_line_ids.sale_line_ids.order_id
            if move.state == "posted" and not move._points_is_credit():
                orders = orders.filtered(
                    lambda order: not order._points_is_as_ordered()
                )
            orders._points_follow()
        # What down payments paid is taken off by other invoices.
        advanced = moves.sudo().invoice_line_ids.filtered("is_downpayment")
        others = advanced.sale_line_ids.invoice_lines.move_id - moves
        others.filtered(lambda move: move._points_has_documents())._points_follow()

    def _points_follow_payment(self):
        """Settle those of these moves that have become paid, or unpaid again."""
        if self.env.context.get("points_posting") is not _POSTING:
            for sales in self._points_paid_sales():
                sales._points_follow()

    def _points_paid_sales(self) -> list:
        """Return the invoices and orders that payments of these moves change.

        What points pay lowers what they earn.
        """
        moves, orders = (
            self.sudo().filtered(lambda move: move.move_type in _SALE_TYPES),
            [],
        )
        if self.env["account.journal"]._points_are_paying():
            # What is refunded in points for a credit note, its invoice got back.
            moves |= moves.browse().union(*(move._points_end() for move in moves))
            sold = moves.invoice_line_ids.sale_line_ids.order_id
            orders = [moves.pos_order_ids, sold._points_concerned()]
        invoices = moves.filtered(
            lambda move: (
                move.move_type in _INVOICES
                and not move.pos_order_ids
                and move._points_has_documents()
            )
        )
        return [invoices, *orders]

    # === POINTS: PAYMENTS WITH POINTS === #

    def _points_entries(self):
        """Return which of these are entries of journals that pay with points."""
        if not self.env["account.journal"]._points_are_paying():
            return self.browse()
        return self.sudo().filtered("journal_id.points_program_id")

    def _points_follow_entries(self):
        """Take points for entries that are posted now, give them back for others."""
        entries = self._points_entries()
        if entries:
            entries.payment_ids._points_follow_entries()
            lines = entries.line_ids
            matched = lines.matched_debit_ids.debit_move_id
            matched |= lines.matched_credit_ids.credit_move_id
            matched.move_id._points_check_paid()

    def _points_payments(self) -> list:
        """Return (entry, money) of what points have paid, refunds with a minus."""
        if not self.env["account.journal"]._points_are_paying():
            return []
        lines, paid = self.sudo().line_ids, []
        lines = lines.filtered(lambda line: line.account_type == "asset_receivable")
        matches = [(each, each.credit_move_id) for each in lines.matched_credit_ids]
        matches += [(each, each.debit_move_id) for each in lines.matched_debit_ids]
        for match, other in matches:
            if other.parent_state == "posted" and other.move_id._points_entries():
                is_credit = other == match.credit_move_id
                side = "debit" if is_credit else "credit"
                money = self._points_money(match[f"{side}_amount_currency"])
                money = other._points_part_of(money)
                paid.append((other.move_id, money if is_credit else -money))
        for credit in self.reversal_move_ids.filtered(
            lambda move: move.state == "posted"
        ):
            rate = credit._points_rate_to(self)
            paid += [
                (entry, multiply(money, rate))
                for entry, money in credit._points_payments()
            ]
        return paid

    def _points_paid(self) -> dict:
        """Return the money that payments with points paid of an invoice, by program."""
        paid: dict = {}
        for entry, money in self._points_payments():
            program_id = entry.journal_id.points_program_id.id
            paid[program_id] = paid.get(program_id, ZERO) + money
        return paid

    def _points_paid_of(self, lines) -> Decimal:
        """Return the part of what points paid that belongs to some of its lines."""
        paid = max(sum(self._points_paid().values(), ZERO), ZERO)
        total, part = (
            self._points_money(money)
            for money in (self.amount_total, sum(lines.mapped("price_total")))
        )
        return ratio(paid, max(part, ZERO), total) if paid and part < total else paid

    def _points_rewarded_of(self, lines) -> Decimal:
        """Return the part of what its own rewards pay that belongs to some lines.

        What credit notes give back of them is taken off by returns, as products are.
        """
        redeemed, _gifts = redeemed_of(self._points_takings())
        total, part = (
            self._points_money(money)
            for money in (self._points_total_before(), sum(lines.mapped("price_total")))
        )
        is_part = redeemed and part < total
        return ratio(redeemed, max(part, ZERO), total) if is_part else redeemed

    def _points_undiscounted(self) -> Decimal:
        """Return what an invoice costs before points, tax included."""
        redeemed, gifts = self._points_redeemed()
        return self._points_money(self.amount_total) + sum(gifts.values(), redeemed)

    def _points_check_paid(self):
        """Refuse to pay these invoices with more points than may pay them.

        They are settled first: what points pay earns nothing, and is no more there.

        :raise UserError: naming the limit, or the entry that takes no points
        """
        for sales in self._points_paid_sales():
            sales._points_settle()
        for move in self.sudo().filtered(lambda move: move.move_type in _SALE_TYPES):
            entries = move.browse().union(*dict(move._points_payments()))
            for entry in entries:
                move._points_check_entry(entry)
            for program in entries.journal_id.points_program_id:
                refused = move._points_get_payment(program).refuse_booked()
                if refused:
                    raise UserError(
                        self.env._(
                            "%(invoices)s: %(reason)s",
                            invoices=move.display_name,
                            reason=refused,
                        )
                    )

    def _points_check_entry(self, entry):
        """Refuse an entry that takes no points of the invoice's customer.

        :raise UserError: naming the entry
        """
        payment = entry.payment_ids._points_paying()
        is_own = payment.partner_id.commercial_partner_id == self.commercial_partner_id
        if not (len(payment) == 1 and is_own) or payment._points_say_amount():
            raise UserError(
                self.env._(
                    "%(entry)s takes no points of %(customer)s. To pay with points, "
                    "click Pay on the invoice.",
                    entry=entry.display_name,
                    customer=self.commercial_partner_id.display_name,
                )
            )

    def _points_get_payment(self, program):
        """Return what points of a program may pay of the invoice, from today's view."""
        today = self.company_id._get_points_today()
        return InvoicePayment(
            program, self, self.currency_id, today, self.amount_residual
        )

    # === POINTS: WHAT THE INVOICE ANSWERS === #

    def _points_root(self):
        return root_of("inv", self._origin.id or 0)

    def _points_document_field(self):
        return "move_id"

    def _points_own_lines(self):
        return self.invoice_line_ids

    def _points_stands(self) -> bool:
        """Tell whether the invoice counts: it is posted, or somebody asks what if."""
        return self.state == "posted" or self._points_is_previewed()

    def _points_to_earn_how(self):
        """Ask about drafts, and about posted invoices that wait for their payment."""
        if not self._points_sales():
            return None
        if self.state == "posted":
            is_waiting = self.move_type in _INVOICES and self.payment_state not in _PAID
            return {"is_new": False} if is_waiting else None
        # Nothing tells a return that is not saved from what it takes back.
        is_asked = self.move_type in _INVOICES or self._origin
        return {} if self.state == "draft" and is_asked else None

    def _points_credited_later(self, credit_on):
        is_later = credit_on == "payment" and self.move_type in _INVOICES
        return credit_on if is_later else ""

    def _points_printed_documents(self):
        if self.state != "posted":
            return super()._points_printed_documents().browse()
        documents = super()._points_printed_documents()
        return documents | self.pos_order_ids.points_document_ids

    def _points_printed_entries(self):
        """Return what its orders redeemed, where the invoice has their lines."""
        if self.state != "posted" or self.move_type not in _INVOICES:
            return super()._points_printed_entries()
        redeemed = self.invoice_line_ids.sale_line_ids.filtered(
            lambda line: line._points_is_redeemed()
        )
        documents = redeemed.order_id.mapped("points_document_ids")
        return documents.entry_ids.filtered(
            lambda entry: entry.kind == "redeem" and not entry.document_id.move_id
        )

    def _points_date(self):
        """Return the day of the invoice; without one it will be posted today."""
        today = self.company_id._get_points_today()
        day = today if self._points_is_previewed() else self.date
        return self.invoice_date or day or today

    def _points_buyer(self):
        """Return the customer of the sales order, where its address is invoiced.

        Not when orders of several customers are on it, or when somebody chose another
        customer for the invoice.
        """
        orders = self.invoice_line_ids.sale_line_ids.order_id
        buyers = orders.partner_id
        is_invoiced = orders.partner_invoice_id == self.partner_id
        return buyers if is_invoiced and len(buyers) == 1 else buyers.browse()

    def _points_seller(self):
        return self.invoice_user_id

    def _points_why_not(self):
        if self.move_type not in _SALE_TYPES:
            return self.env._("Only customer invoices earn points.")
        if self.state != "posted":
            return self.env._(
                "It is not posted yet: points are earned by the posted invoice."
            )
        if self.pos_order_ids:
            return self.env._("It was sold in the Point of Sale: see the order there.")
        if self.move_type in _INVOICES and not self._points_is_counted():
            return self.env._("Journal %s does not earn points.", self.journal_id.name)
        return super()._points_why_not()

    def _points_sales(self):
        """Return the invoices that earn; those of a register settle with their orders.

        Credit notes, and what reverses them, are always asked what they take back; an
        invoice of a journal that does not count only while it has points of an earlier
        setting.
        """
        return self.sudo().filtered(
            lambda move: (
                move.move_type in _SALE_TYPES
                and not move.pos_order_ids
                and (
                    move._points_is_credit()
                    or move._points_is_counted()
                    or move._points_has_documents()
                )
            )
        )

    def _points_is_counted(self) -> bool:
        """Tell whether the company lets sales of this journal earn (E-27)."""
        company = self.company_id
        _zone, journals = company._get_points_facts(company.id)
        return not journals or self.journal_id.id in journals

    def _points_root_states(self):
        """Return the invoices this one is or takes back, and unknown returns.

        What a credit note takes back of orders, where these earn, it books as well.
        """
        self.ensure_one()
        end = self._points_end()
        if end.pos_order_ids:
            return end.pos_order_ids._points_with_refunded()._points_states(self)
        invoices = end if end.move_type in _INVOICES else end.browse()
        returned = end.invoice_line_ids._points_returned()
        invoices |= returned.sale_line_ids._points_invoices()
        return invoices._points_states(self, end) + self._points_order_states()

    def _points_is_credit(self) -> bool:
        """Tell whether it takes back what others sold, or sells that again."""
        return self.move_type == "out_refund" or bool(self.reversed_entry_id)

    def _points_order_states(self):
        """Return what is left of the orders whose products a credit note takes back."""
        if not self._points_is_credit():
            return []
        # Lines that were typed name no order: those of the invoice do.
        lines = self.invoice_line_ids | self._points_end().invoice_line_ids
        orders = lines.sale_line_ids._origin.order_id
        return [
            replace(state, is_own=False)
            for order in orders._points_concerned()
            for state in order._points_root_states()
        ]

    def _points_end(self):
        """Follow reversals to the sale that all this is about."""
        self.ensure_one()
        return self.reversed_entry_id._points_end() if self.reversed_entry_id else self

    def _points_states(self, sale, end):
        """Return what these invoices stand for after all that was given back.

        :param sale: the invoice or credit note being settled
        :param end: the sale its reversals lead to
        """
        invoices = self._points_family().sorted(
            lambda invoice: (invoice._points_date(), invoice.id), reverse=True
        )
        returns = invoices._points_returns(end)
        baskets = {invoice: invoice._points_basket() for invoice in invoices}
        left, unknown = left_of(
            [invoice._points_sale(basket) for invoice, basket in baskets.items()],
            returns,
        )
        states = []
        for invoice, basket in baskets.items():
            takings = tuple(invoice._points_takings())
            is_repaid = bool(invoice._points_repaid())
            if basket.lines or takings or is_repaid or invoice._points_has_documents():
                root = invoice._points_root()
                is_posted = invoice._points_stands()
                states.append(
                    invoice._points_state(
                        root,
                        basket,
                        left[root] if is_posted else None,
                        invoice == sale,
                        strange=invoice._points_strange(),
                        takings=takings,
                        paid=invoice._points_paid_of(invoice.invoice_line_ids),
                        **invoice._points_crediting(),
                    )
                )
        for root, lines in unknown.items():
            move = self.browse(split_root(root)[1])
            if not move._points_is_counted():
                lines = ()
            by_hand = move._points_redeemed_by_hand() if move.state == "posted" else ()
            strange = tuple(by_hand and by_hand._points_say_redeemed())
            states += move._points_unknown_states(root, lines, True, strange)
        return states

    def _points_crediting(self) -> dict:
        """Return what decides when this invoice earns, and whether its orders do."""
        ordered = {
            str(line.id): line
            for line in self.invoice_line_ids
            if line.sale_line_ids and line._points_part() == "product"
        }
        return {
            "is_paid": self.payment_state in _PAID or self._points_is_previewed(),
            "twins": {key: line._points_twins() for key, line in ordered.items()},
            "ordered_at": {
                key: max(line.sale_line_ids.order_id.mapped("date_order"))
                for key, line in ordered.items()
            },
        }

    def _points_strange(self) -> tuple[str, ...]:
        """Return what does not fit on this sale, in sentences for a manager."""
        lines = self.invoice_line_ids
        no_gift = self._points_redeemed_lines()._points_say_no_gift(lines)
        return (
            *lines._points_say_deposits(),
            *self._points_redeemed_by_hand()._points_say_redeemed(),
            *filter(None, (no_gift,)),
        )

    def _points_redeemed_by_hand(self):
        """Return the lines that redeem points though no register made them.

        A credit note may give back what the invoice has, whatever that is.
        """
        if self.move_type not in _SALE_TYPES or self._points_end().pos_order_ids:
            return self.invoice_line_ids.browse()
        known = self.reversed_entry_id.invoice_line_ids.product_id
        return self.invoice_line_ids.filtered(
            lambda line: (
                line.product_id.points_type == "loypay"
                and line.product_id not in known
                and not line._points_is_redeemed()
            )
        )

    def _points_shared_cents(self) -> dict:
        """Return (gross, net) by line where lines do not add up to what is paid.

        Taxes are rounded once for all lines, or were corrected by hand: the cents that
        this leaves over are shared out as Odoo does it.
        """
        lines, currency = self.invoice_line_ids, self.currency_id
        gross, net = (
            sum(lines.mapped(name)) for name in ("price_total", "price_subtotal")
        )
        adds_up = currency.is_zero(gross - self.amount_total)
        if self.move_type not in _SALE_TYPES or (
            adds_up and currency.is_zero(net - self.amount_untaxed)
        ):
            return {}
        base_lines, _tax_lines = self._get_rounded_base_and_tax_lines()
        return self._points_amounts_of(base_lines)

    def _points_basket(self) -> Basket:
        """Return the products this invoice sold, discounts on the sale taken apart."""
        self.ensure_one()
        sold, (redeemed, gifts) = [], self._points_redeemed()
        for line in self.invoice_line_ids._points_products():
            quantity, gross, net = line._points_amounts()
            if gross >= 0 and quantity >= 0:
                gift = min(gifts.get(line.product_id.id, ZERO), gross)
                gifts[line.product_id.id] = gifts.get(line.product_id.id, ZERO) - gift
                product, weight = line._points_counts_as()
                sold.append(
                    self._points_line(
                        str(line.id),
                        product,
                        (quantity, gross, net),
                        weight=weight,
                        bought=line.product_id,
                        discount=line.discount,
                        price=line._points_price(),
                        direct=line._points_direct(),
                        redeemed=gift,
                    )
                )
        others, reduction = self.invoice_line_ids._points_beside_products()
        for line in self.invoice_line_ids:
            reduction += Reduction(*line._points_invented())
        redeemed += self._points_paid_of(self.invoice_line_ids)
        reduction += Reduction(redeemed=redeemed + sum(gifts.values(), ZERO))
        return Basket(self._points_date(), tuple(sold), reduction, others=others)

    def _points_decided(self) -> Evidence:
        """Return the newest decision that documents of this invoice keep of it."""
        for document in self.points_document_ids.sorted("id", reverse=True):
            evidence = read_evidence(document.evidence).get(self._points_root())
            if evidence and evidence.is_decision:
                return evidence
        return Evidence()

    def _points_sale(self, basket: Basket) -> Sale:
        coin = exact(self.currency_id.rounding, 6)
        by_key = {str(line.id): line for line in self.invoice_line_ids}
        lines = tuple(
            by_key[line.key]._points_sold(line, coin) for line in basket.lines
        )
        return Sale(self._points_root(), lines, basket.reduction, basket.others)

    # === POINTS: RETURNS === #

    def _points_family(self):
        """Return these invoices and those that share unlinked returns with them."""
        sale_lines = self.invoice_line_ids.sale_line_ids
        if sale_lines._points_unlinked_credits():
            return self | sale_lines._points_invoices()
        return self

    def _points_returns(self, end) -> list[Return]:
        """Return what was given back of these invoices, in order of its sales.

        :param end: as ``_points_states`` has it
        """
        returns = []
        for invoice in self:
            roots = frozenset({invoice._points_root()})
            returns += invoice._points_credits(roots)
        unlinked = self.invoice_line_ids.sale_line_ids._points_unlinked_credits()
        unlinked |= (self | end).filtered(
            lambda move: (
                move.move_type == "out_refund"
                or move.invoice_line_ids._points_returned()
            )
        )
        for move in unlinked.sorted("id"):
            lines, others = move._points_came_back()
            links = frozenset(link for line in lines for link in line.links)
            roots = frozenset(
                invoice._points_root()
                for invoice in self
                if invoice == move
                or not links.isdisjoint(invoice.invoice_line_ids.sale_line_ids.ids)
            )
            returns.append(
                Return(return_root(move._points_root()), lines, roots, others=others)
            )
        return returns

    def _points_credits(self, roots) -> list[Return]:
        """Return the credit notes of this invoice, each with its own reversals."""
        returns = []
        for stored in self.reversal_move_ids.sorted("id"):
            credit = stored._points_as_typed()
            if credit.pos_order_ids or credit.move_type not in _SALE_TYPES:
                continue
            lines, *money = credit._points_given_back(1, self)
            root = return_root(credit._points_root())
            returns.append(Return(root, lines, roots, *money))
        return returns

    def _points_given_back(self, sign, invoice=None, rate=Decimal(1)):
        """Return what this credit note gives back, less its reversals.

        :param invoice: in whose currency
        :param rate: what turns that into the money of its order
        :return: products, what lowered the invoice, and what else it charged
        """
        if not self._points_stands():
            return (), Reduction(), Reduction()
        own_rate = multiply(self._points_rate_to(invoice), rate)
        given = self.invoice_line_ids._points_given_back(sign, own_rate)
        for reversal in self.reversal_move_ids:
            more = reversal._points_given_back(-sign, invoice, rate)
            given = tuple(map(add, given, more))
        return given

    def _points_rewards_back(self, sign=1) -> dict:
        """Return (quantity, money) by LOYPAY product that credit notes took back.

        :param sign: -1 where their own reversals charge it again
        """
        back = {}
        for stored in self.reversal_move_ids:
            credit = stored._points_as_typed()
            if not credit._points_stands():
                continue
            again = credit._points_rewards_back(-sign)
            # What a register took back, its own orders tell.
            own = credit.invoice_line_ids if not credit.pos_order_ids else ()
            parts = [*again.items(), *(own and own._points_rewards(sign))]
            for product_id, amounts in parts:
                before = back.get(product_id, (ZERO, ZERO))
                both = zip(before, amounts, strict=True)
                back[product_id] = tuple(map(sum, both))
        return back

    def _points_register_credits(self):
        """Return which of these are credit notes of a register's refunds."""
        return self.filtered(
            lambda move: move.move_type == "out_refund" and move.pos_order_ids
        )

    def _points_charged_again(self) -> tuple:
        """Return what was charged again of what these credit notes gave back.

        :return: products, what lowered them, and what else was charged
        """
        again = (), Reduction(), Reduction()
        for stored in self.reversal_move_ids:
            reversal = stored._points_as_typed()
            if not reversal.pos_order_ids:
                again = tuple(map(add, again, reversal._points_given_back(1)))
        return again

    def _points_rate_to(self, invoice):
        """Return what turns this sale's money into that of the sale it reverses."""
        if not invoice or invoice.currency_id == self.currency_id:
            return Decimal(1)
        return number(
            float_repr(invoice.invoice_currency_rate / self.invoice_currency_rate, 12)
        )

    def _points_came_back(self):
        """Return what a sale gives back without naming an invoice.

        :return: products, and what else had been charged
        """
        if not self._points_stands():
            return (), Reduction()
        if self.move_type == "out_refund":
            lines, _reduction, others = self._points_given_back(1)
            return lines, others
        returned = self.invoice_line_ids._points_returned()
        return returned._points_given_back(-1)[0], Reduction()


def _preview_of(move) -> tuple[str, bool]:
    """Return what an invoice will earn or take back, and whether its charge is due."""
    preview = SalePreview(move)
    return preview.say(), preview.is_charge_due()


def _due_on(move) -> tuple[list, bool]:
    """Return the lines of what is to be charged, and whether others are there."""
    preview = SalePreview(move)
    return preview.repayments(), preview.is_charge_due()


def _charge_of(line) -> tuple:
    """Return what tells that somebody changed the line of a charge."""
    return line.id, line.price_total, line.name, line.account_id, line.tax_ids
