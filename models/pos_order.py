from __future__ import annotations

import logging
from datetime import timedelta
from decimal import Decimal

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .. import const
from ..engine.basket import Basket, Reduction
from ..engine.numbers import ZERO, exact, multiply, ratio, share_of
from ..engine.returning import ReturnedLine
from ..engine.roots import return_root, root_of
from ..engine.sales import Return, Sale, left_of, without_again
from ..engine.spending import PAYMENT, Taking, shared_back
from ..redemption.open_order import OpenOrder, open_key
from ..redemption.receipt import Receipt
from ..redemption.redemption import check_seller, release
from ..settlement.line_values import values_of_lines
from ..wording.sentences import say_money, say_number
from .pos_payment import TOGETHER

_logger = logging.getLogger(__name__)

#: How much older than its session an order may be that was off line.
_OFFLINE = timedelta(days=7)


class PosOrder(models.Model):
    """A register's order: the root of what it sells, a return of what it refunds."""

    _name = "pos.order"
    _inherit = ["pos.order", "points.origin"]

    points_document_ids = fields.One2many(
        "points.document", "pos_order_id", groups="customer_points.group_points_user"
    )

    # What was paid when, and by whom: kept when the order is paid, so that whatever
    # is written to it later earns no more.
    points_customer_id = fields.Many2one(
        "res.partner",
        copy=False,
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        help="The customer when the order was paid, or the one a manager selected "
        "later.",
    )
    points_paid = fields.Float(
        digits=const.POINTS_DIGITS,
        copy=False,
        groups=fields.NO_ACCESS,
        help="The amount that was registered when the order was paid.",
    )
    points_paid_lines = fields.Json(
        copy=False,
        groups=fields.NO_ACCESS,
        help="The lines when the order was paid: see pos.order.line.",
    )
    points_share = fields.Float(
        compute="_compute_points_share",
        groups=fields.NO_ACCESS,
        help="Which part of the products was paid: 1, all of them.",
    )
    points_sold_at = fields.Datetime(
        copy=False,
        groups=fields.NO_ACCESS,
        help="Date of the sale: the date of the order, if it is within its session.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "amount_total", "payment_ids.amount", "points_paid_lines")
    def _compute_points_share(self):
        # What comes back was paid for by an older order.
        for order in self.sorted("id"):
            order.points_share = order._points_compute_share()

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields_list):
        """Let no default of a user say what was paid."""
        result = super().default_get(fields_list)
        return {
            name: value
            for name, value in result.items()
            if not name.startswith("points_")
        }

    def write(self, vals):
        paid, moved = self.filtered(lambda order: order.state in const.PAID), self[:0]
        if "partner_id" in vals:
            paid._points_freeze(is_old=True)
        # Payments that change together are settled together, below.
        together = {"points_payments": TOGETHER} if "payment_ids" in vals else {}
        result = super(PosOrder, self.with_context(**together)).write(vals)
        if "partner_id" in vals:
            moved = paid._points_follow_customer()
            moved._points_settle(is_new=True)
        # The register's Edit Payment opens a paid order's form.
        if vals.keys() & {"partner_id", "payment_ids"}:
            paid = self.filtered(lambda order: order.state in const.PAID)
            (paid - moved)._points_settle()
        if vals.get("state") == "cancel":
            self._points_release()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_points(self):
        if self.sudo().points_document_ids:
            raise UserError(self.env._("An order with points cannot be deleted."))
        self._points_release()

    # === POS METHODS === #

    def action_pos_order_paid(self):
        self._points_freeze()
        result = super().action_pos_order_paid()
        if self.partner_id or self.lines.refunded_orderline_id or self._points_spends():
            self._points_settle(is_new=True)
        # What it sells of them is no more theirs.
        lines = self.sudo().lines
        lines |= lines._points_original()
        lines.sale_order_line_id.order_id._points_follow_edited()
        return result

    @api.model
    def _process_order(self, order, existing_order):
        """Drop whatever a browser says about points: it is never believed."""
        for name in [name for name in order if name.lstrip("_").startswith("points_")]:
            del order[name]
        session = self.env["pos.session"].sudo().browse(order.get("session_id") or ())
        company = (existing_order or session.config_id).company_id
        self.env["pos.order.line"]._points_clean(
            order.get("lines") or [], company, order.get("partner_id")
        )
        return super()._process_order(order, existing_order)

    def read_pos_data(self, data, config):
        """Add what the receipt says of points; cashiers may not read the ledger.

        Orders that a register sent are told to the others here, together with Odoo's
        own message about them.
        """
        result = super().read_pos_data(data, config)
        if data:
            self._points_tell_registers()
        receipts = self.sudo()._points_try_receipts()
        for values in result["pos.order"]:
            values["_points_receipt"] = receipts.get(values["id"], False)
        return result

    @api.model
    def _load_pos_data_fields(self, config):
        """Keep points out of the register's data: cashiers may not read the ledger."""
        names = super()._load_pos_data_fields(config) or list(
            self.fields_get(attributes=())
        )
        return [name for name in names if not name.startswith("points_")]

    # === POINTS: WHAT THE ORDER ANSWERS === #

    def _points_root(self):
        return root_of("pos", self.id or 0)

    def _points_document_field(self):
        return "pos_order_id"

    def _points_own_lines(self):
        return self.lines

    def _points_stands(self) -> bool:
        """Tell whether the order counts: it is paid, or a register asks what if."""
        return self.state in const.PAID or not self._origin

    def _points_date(self):
        return self._points_local_time().date()

    def _points_local_time(self):
        """Return when it was sold, the same whoever settles it, and whenever."""
        return self._points_localize(self.sudo().points_sold_at or self.date_order)

    def _points_localize(self, moment):
        return self.company_id._get_points_time(moment, self.user_id)

    def _points_partner(self):
        order = self.sudo()
        return order.points_customer_id if order.points_sold_at else self.partner_id

    def _points_seller(self):
        return self.user_id

    def _points_hour(self):
        return self._points_local_time().hour

    def _points_channel(self):
        return "pos"

    def _points_why_not(self):
        if self.state not in const.PAID:
            return self.env._("It is not paid yet: points are earned by the payment.")
        return super()._points_why_not()

    def _points_root_states(self):
        """Return the roots of this order, those it refunds, and unknown returns."""
        self.ensure_one()
        # It depends on older orders too, which may have been settled since.
        self.invalidate_model(["points_share"])
        return self._points_with_refunded()._points_states(self)

    def _points_with_refunded(self):
        """Return these orders, and those that they refund."""
        orders = self | self.lines._points_original().order_id
        # Who takes products again that came back may pay with points again.
        again = self.lines._points_refunded_orders() - orders
        orders |= again.filtered(lambda order: order._points_paid())
        # Orders invoiced together share the credit notes of their invoice.
        return orders | orders.account_move.pos_order_ids

    def _points_states(self, sale):
        """Return what these orders stand for after all their returns.

        :param sale: the order or credit note being settled
        """
        came_back = {
            invoice: invoice._points_rewards_back() for invoice in self.account_move
        }
        paid_back, rest = self._points_paid_back()
        takings = {
            order: tuple(
                order._points_takings(came_back.get(order.account_move, {}), paid_back)
            )
            for order in self.sorted("id")
        }
        baskets = {order: order._points_basket(takings[order]) for order in self}
        sold = [order._points_sale(basket) for order, basket in baskets.items()]
        left, unknown = left_of(sold, self._points_returns(takings))
        states = []
        for order, basket in baskets.items():
            spending = {
                "takings": takings[order],
                "unpaid": order._points_unpaid(rest),
                "strange": order._points_strange(),
            }
            states += order._points_own_states(sale, basket, left, **spending)
            root = order._points_root()
            unnamed = return_root(root)
            strange = (*unknown.pop(root, ()), *unknown.pop(unnamed, ()))
            states += order._points_unknown_states(unnamed, strange, order == sale)
        for root, lines in unknown.items():
            states += sale._points_unknown_states(root, lines, True)
        return states

    def _points_own_states(self, sale, basket, left, **spending) -> list:
        """Return the state of what this order sold or spent, if it ever did."""
        root = self._points_root()
        is_root = basket.lines or any(spending.values()) or self._points_repaid()
        if not is_root and not self._points_has_documents():
            return []
        kept = left[root] if self._points_stands() else None
        return [self._points_state(root, basket, kept, self == sale, **spending)]

    def _points_basket(self, takings=None) -> Basket:
        """Return the products this order sold, discounts and points taken apart.

        :param takings: what takes points of it, where that is known already
        """
        self.ensure_one()
        takings = self._points_takings() if takings is None else takings
        sold = []
        uncovered, gifts = self._points_reduction(takings)
        for line, amounts in self.lines._points_amounts().items():
            if line._points_is_sold():
                gift = min(gifts.get(line.product_id.id, ZERO), amounts[1])
                if gift:
                    gifts[line.product_id.id] -= gift
                product, weight = line._points_counts_as()
                sold.append(
                    self._points_line(
                        str(line.id),
                        product,
                        amounts,
                        weight=weight,
                        bought=line.product_id,
                        discount=line.discount,
                        price=line.price_unit,
                        redeemed=gift,
                    )
                )
        others, reduction = self.lines._points_beside_products()
        reduction += uncovered
        reduction += Reduction(redeemed=self._points_paid_later())
        # A gift that is not on the order pays for anything.
        reduction += Reduction(redeemed=sum(gifts.values(), ZERO))
        share = exact(self.sudo().points_share, 12)
        return Basket(
            self._points_date(), tuple(sold), reduction, share=share, others=others
        )

    def _points_paid_later(self):
        """Return what points paid of the order's invoice since, as payments.

        Orders that share an invoice bear their part of it.
        """
        invoice = self.account_move
        if not invoice or not self.env["account.journal"]._points_are_paying():
            return ZERO
        paid = invoice._points_paid_of(invoice.invoice_line_ids)
        orders = invoice.pos_order_ids
        total, part = (
            self._points_money(sum(sales.mapped("amount_total")))
            for sales in (orders, self)
        )
        return ratio(paid, part, total) if paid and part < total else paid

    def _points_reduction(self, takings):
        """Return what rewards take off the whole order, and off gifts by product."""
        # What a voucher is not worth is a discount like any other.
        uncovered = {
            str(line.id): line._points_uncovered()
            for line in self.lines
            if line.points_voucher_code
        }
        gifts, redeemed = {}, ZERO
        for taking in takings:
            money = taking.money - uncovered.get(taking.key, ZERO)
            if taking.gift:
                gifts[taking.gift] = gifts.get(taking.gift, ZERO) + money
            else:
                redeemed += money
        discount = sum(uncovered.values(), ZERO)
        for line in self.lines:
            redeemed += line._points_redeemed_before()
        return Reduction(discount, discount, redeemed), gifts

    # === POINTS: WHAT WAS PAID === #

    def _points_freeze(self, is_old=False):
        """Keep what these orders are when they are paid, before anybody changes it.

        What fails here never keeps an order from being paid.

        :param is_old: they were paid before this add-on kept anything: their dates
            have counted already
        """
        for order in self.sudo().filtered(lambda order: not order.points_sold_at):
            try:
                values = order._points_prepare_paid(is_old)
            except psycopg2.Error:
                raise
            except Exception:
                _logger.warning("What was paid of %s is not kept", order, exc_info=True)
            else:
                order.write(values)

    def _points_prepare_paid(self, is_old) -> dict:
        return {
            "points_customer_id": self.partner_id.id,
            "points_paid": self._points_registered(),
            "points_paid_lines": values_of_lines(self.lines),
            "points_sold_at": is_old
            and self.date_order
            or self._points_believed_date(),
        }

    def _points_registered(self) -> float:
        """Return the money that payments have registered, the total at most.

        An open order, which a register asks about, will be paid as it says.
        """
        if not self._origin:
            return sum(self.lines.mapped("points_gross"))
        return min(self.amount_total, sum(self.payment_ids.mapped("amount")))

    def _points_believed_date(self):
        """Return when the order was sold: its own date only if it can be.

        That is between the opening of its session and now. An order that was off
        line may belong to the session before, within a week.
        """
        now, session = fields.Datetime.now(), self.session_id
        start = session.start_at or session.create_date
        date = self.date_order or now
        if date > now:
            return now
        if start and date < start:
            before = self.env["pos.session"].search(
                [
                    ("config_id", "=", self.config_id.id),
                    ("id", "<", self.session_id.id),
                ],
                order="id desc",
                limit=1,
            )
            start = max(before.start_at or start, start - _OFFLINE)
        return now if start and date < start else date

    def _points_compute_share(self) -> float:
        """Return which part of its products an order was paid for: 1, all of them.

        What the lines cost is computed by the server. It counts as far as payments,
        what points paid, and what came back at the same time cover it.
        """
        cost = self._points_cost()
        if not self._points_stands() or cost <= 0:
            return 1.0
        paid = self._points_covered()
        return 1.0 if cost <= paid + self._points_tolerance() else share_of(paid, cost)

    def _points_cost(self) -> Decimal:
        """Return what the customer owes for products, discounts taken off."""
        return sum((line._points_owed() for line in self.lines), ZERO)

    def _points_covered(self) -> Decimal:
        """Return the money that payments and what comes back cover."""
        paid = self._points_money(self._points_money_paid())
        return paid + sum((line._points_credit() for line in self.lines), ZERO)

    def _points_tolerance(self) -> Decimal:
        """Return the money by which rounding may keep lines from adding up."""
        rounding = self.currency_id.rounding * (len(self.lines) + 1)
        if self.config_id.cash_rounding:
            rounding += self.config_id.rounding_method.rounding
        return self._points_money(rounding)

    def _points_untold(self) -> Decimal:
        """Return the money that a refund paid out beyond what its lines tell."""
        order = self.sudo()
        if not order.points_sold_at or order.points_paid >= 0:
            return ZERO
        told = exact(sum(self.lines.mapped("points_gross")))
        untold = told - exact(order.points_paid)
        return untold if untold > self._points_tolerance() else ZERO

    def _points_money_paid(self) -> float:
        """Return the money that was paid, and no more than when it was paid first."""
        order, paid = self.sudo(), self._points_registered()
        return min(paid, order.points_paid) if order.points_sold_at else paid

    # === POINTS: WHAT A MANAGER LOOKS AT === #

    def _points_follow_customer(self):
        """Let the points of paid orders follow their customers, if a manager says so.

        Others may correct an order's customer; its points stay where they are, and
        a review tells.

        :return: the orders whose points have another customer now
        """
        is_manager = self.env.user.has_group("point_of_sale.group_pos_manager")
        return (self if is_manager else self.browse())._points_follow()

    def _points_move(self):
        """Move the points of paid orders to the customers they have now."""
        moved = self._points_follow()
        moved._points_settle(is_new=True)
        (self - moved)._points_settle()

    def _points_follow(self):
        none, moved = self.env._("no customer"), self.browse()
        for order in self.sudo():
            before, after = order.points_customer_id, order.partner_id
            if before != after:
                moved |= order.with_env(self.env)
                order.points_customer_id = after
                order._message_log(
                    body=self.env._(
                        "Points of this order were moved from %(old)s to %(new)s.",
                        old=before.display_name or none,
                        new=after.display_name or none,
                    )
                )
        return moved

    def _points_strange(self) -> tuple[str, ...]:
        """Return what does not fit on a paid order, in sentences for a manager."""
        if self.state not in const.PAID:
            return ()
        return (
            *self._points_say_unpaid(),
            *self.lines._points_say_deposits(),
            *self._points_say_frozen(),
        )

    def _points_say_unpaid(self):
        if self.sudo().points_share < 1:
            paid = max(self._points_covered(), ZERO)
            yield self.env._(
                "The products cost %(cost)s, but only %(paid)s was paid: points "
                "are computed on the amount paid.",
                cost=say_money(self.currency_id, self._points_cost()),
                paid=say_money(self.currency_id, paid),
            )

    def _points_say_frozen(self):
        """Yield what was changed since it was paid, or could not be believed then."""
        order = self.sudo()
        if not order.points_sold_at:
            return
        told = self._points_localize(self.date_order or order.points_sold_at).date()
        if told != self._points_date():
            yield self.env._(
                "The order is dated %(told)s, outside its session. Points are "
                "computed for %(day)s.",
                told=format_date(self.env, told),
                day=format_date(self.env, self._points_date()),
            )
        if order.points_customer_id != self.partner_id:
            none = self.env._("no customer")
            yield self.env._(
                "The customer was changed from %(old)s to %(new)s after payment. The "
                "points did not move.",
                new=self.partner_id.display_name or none,
                old=order.points_customer_id.display_name or none,
            )

    # === POINTS: RETURNS === #

    def _points_sale(self, basket: Basket) -> Sale:
        coin = exact(self.currency_id.rounding, 6)
        by_key = {str(line.id): line for line in self.lines}
        lines = tuple(
            by_key[line.key]._points_sold(line, coin) for line in basket.lines
        )
        return Sale(self._points_root(), lines, basket.reduction, basket.others)

    def _points_returns(self, takings) -> list[Return]:
        """Return what came back of these orders: refunds, and credit notes of invoices.

        Refunds name the line they take back. Products that come back without a
        name are first taken off what the same order sells, so that nobody
        earns by buying and giving back at once. A credit note made in
        accounting is matched by product (design 2.2 f).

        :param takings: what takes points of each order
        """
        returns = []
        for order in self:
            root = order._points_root()
            lines, reduction, others = order.lines._points_came_back()
            for refund in order.lines._points_refund_lines().order_id:
                if untold := refund._points_untold():
                    # Money without products lowers what is kept.
                    lines += (ReturnedLine(0, ZERO, untold, untold),)
            money = (
                taking.money - taking.kept_money
                for taking in takings[order]
                if not taking.gift
            )
            reduction += Reduction(redeemed=sum(money, ZERO))
            if lines or reduction != Reduction() or others != Reduction():
                returns.append(
                    Return(root, lines, frozenset({root}), reduction, others)
                )
            unnamed = order.lines._points_unknown() if order._points_stands() else ()
            if unnamed:
                returns.append(Return(return_root(root), unnamed, frozenset({root})))
        refunds = self.lines._points_refund_lines().order_id
        credits_ = refunds.account_move._points_register_credits()
        if credits_.reversal_move_ids:
            returns = without_again(returns, *credits_._points_charged_again())
        return returns + self._points_credits()

    def _points_credits(self) -> list[Return]:
        """Return the credit notes of the invoices of these orders."""
        returns = []
        invoices = self.account_move
        for invoice in invoices - invoices._points_register_credits():
            roots = frozenset(map(PosOrder._points_root, invoice.pos_order_ids))
            returns += invoice._points_credits(roots)
        return returns

    def _points_tell_registers(self):
        """Tell whoever sells that these customers have other points now.

        One message, however many registers are open: Odoo lets every user listen to
        the groups it is in.
        """
        documents = self.sudo().points_document_ids
        if documents:
            xml_id = "point_of_sale.group_pos_user"
            cashiers = self.env["ir.model.data"]._xmlid_to_res_id(xml_id)
            self.env["res.groups"].browse(cashiers)._bus_send(
                "CUSTOMER_POINTS",
                {
                    "partner_ids": documents.partner_id.ids,
                    "account_ids": documents.entry_ids.account_id.ids,
                },
            )

    # === THE REGISTER === #

    def points_preview(self, sale=None) -> dict:
        """Return what an open order of a register would earn, in words (design 2.4).

        :param sale: customer, total and lines, as the register sees them
        :raise AccessError: for who neither sells nor looks after points
        """
        check_seller(self.env)
        if not self.env.company.points_active:
            return {"text": "", "accounts": []}
        order = OpenOrder(self.env, sale or {})
        order.keep()
        return order.say()

    def points_receipt(self) -> dict | bool:
        """Return what the receipt of a paid order says of points; False: not yet.

        :raise AccessError: for who may not read the order
        """
        self.check_access("read")
        return self[:1].sudo()._points_receipt()

    # === POINTS === #

    def _points_try_receipts(self) -> dict:
        """Return what receipts say, or nothing: a paid order is never lost for it.

        What the database refuses goes on to Odoo, which tries the request again.
        """
        try:
            return self._points_receipts()
        except psycopg2.Error:
            raise
        except Exception:
            _logger.warning("No receipt of points for %s", self, exc_info=True)
            return {}

    def _points_receipts(self) -> dict:
        """Return what the receipts of these orders say, by order; read together."""
        self.points_document_ids.entry_ids.mapped("points")
        return {order.id: order._points_receipt() for order in self}

    def _points_receipt(self):
        """Return what this order's first document says: a reprint says the same."""
        document = self.points_document_ids.sorted("id")[:1]
        return Receipt(document, self).prepare() if document else False

    def _points_spends(self) -> bool:
        """Tell whether anything on the order may take points or a voucher."""
        return bool(
            self.payment_ids.payment_method_id.points_program_id
            or any(line.product_id.points_type == "loypay" for line in self.lines)
        )

    def _points_hold_key(self) -> str:
        """Return the key under which points are held while the order is open."""
        return open_key(self.uuid)

    def _points_release(self):
        """Give back what these orders have set aside: nobody will pay them any more."""
        keys = [order._points_hold_key() for order in self]
        held = self.env["points.hold"].sudo().search([("key", "in", keys)])
        for key in set(held.mapped("key")):
            release(self.sudo().env, key)
        self.env["points.voucher"].sudo().search([("held_by", "in", keys)])._release()

    def _points_total_before(self):
        total = self._points_money(self.amount_total)
        for line in self.lines.filtered(lambda line: line._points_is_taking()):
            total -= self._points_money(line.points_gross)
        return total

    def _points_takings(self, came_back=None, paid_back=None) -> list[Taking]:
        """Return what takes points of this order, as far as it still stands.

        :param came_back: what credit notes took back of its invoice; orders that
            share an invoice use it up together
        :param paid_back: what refunds paid back in points, by order and program
        """
        self.ensure_one()
        if came_back is None:
            came_back = self.account_move._points_rewards_back()
        if paid_back is None:
            paid_back, _rest = self._points_paid_back()
        return [
            *self.lines._points_takings(came_back),
            *self._points_paying(paid_back),
        ]

    def _points_repaid(self):
        lines = self.lines.filtered(lambda line: line._points_is_repaying())
        if not lines or not self._points_stands():
            return {}
        share, repaid = exact(self.sudo().points_share, 12), {}
        for product, mine in lines.grouped("product_id").items():
            money = self._points_money(sum(mine.mapped("points_gross")))
            repaid[product.id] = multiply(money, share) if money > 0 else money
        return repaid

    def _points_refunded(self):
        # Points that come back with the products were no money.
        back = (
            line.points_gross
            for line in self.lines
            if line.points_gross < 0 or line._points_is_refund()
        )
        return max(self._points_money(-sum(back)), ZERO)

    def _points_paying(self, paid_back):
        """Yield what points paid as a payment method, less what refunds paid back."""
        paid = self._points_paid()
        programs = self.env["points.program"]._get_facts(self.company_id.id)
        for facts in programs if paid else ():
            money = paid.get(facts.id, ZERO)
            if money <= 0:
                continue
            yield Taking(
                key=f"{PAYMENT}{facts.id}",
                program=facts.id,
                quantity=money,
                kept=money - paid_back.get((self.id, facts.id), ZERO),
                points=facts.points_paying(multiply(money, self._points_rate(facts))),
                money=money,
            )

    def _points_paid_back(self) -> tuple[dict, dict]:
        """Share what refunds paid back in points over the sales they refund.

        It comes out the same whichever of these orders is settled.

        :return: money by (order id, program id), and what of refunds no sale took
        """
        sold, refunds = self._points_paid_chain()
        paid = {
            (order.id, program_id): money
            for order in sold
            for program_id, money in order._points_paid().items()
        }
        paid_back = []
        for refund in refunds.sorted("id"):
            refunded = refund.lines._points_refunded_orders()
            for program_id, money in refund._points_paid().items():
                of_sold = [(order.id, program_id) for order in refunded]
                paid_back.append(((refund.id, program_id), -money, of_sold))
        return shared_back(paid_back, paid)

    def _points_paid_chain(self):
        """Return these orders with those that refunds tie to them, and these refunds.

        Only refunds that paid back in points tie: most orders have none.
        """
        sold = self
        while True:
            orders = sold | sold.lines._points_refund_lines().order_id
            # Orders that are looked at one by one are still read together.
            refunds = orders.with_prefetch(self._prefetch_ids).filtered(
                lambda order: (
                    order._points_stands()
                    and any(money < 0 for money in order._points_paid().values())
                )
            )
            more = refunds.lines._points_refunded_orders() - sold
            if not more:
                return sold, refunds
            sold |= more

    def _points_unpaid(self, rest) -> tuple[str, ...]:
        """Return what somebody has to look at: nobody's points stand behind it.

        :param rest: what of refunds no sale took, by order id and program id
        """
        return (
            *filter(None, map(self._points_say_line, self.lines)),
            *self._points_say_paid_back(rest),
        )

    def _points_say_line(self, line) -> str:
        """Return what is wrong with a line that takes money off; empty: nothing."""
        is_too_much = line._points_takes_too_much()
        is_odd = line.points_is_odd and line._points_is_taking()
        if not (is_too_much or is_odd):
            return ""
        words = {
            "product": line.product_id.display_name,
            "money": say_money(self.currency_id, -line.points_gross),
        }
        if is_too_much:
            return self.env._(
                "%(product)s discounts %(money)s more than its reward allows; no "
                "points cover the excess.",
                **words,
            )
        return self.env._(
            "%(product)s discounts %(money)s, which does not match its quantity of "
            "%(quantity)s.",
            quantity=say_number(self.env, exact(line.qty)),
            **words,
        )

    def _points_say_paid_back(self, rest):
        for (order_id, program_id), money in rest.items():
            if order_id == self.id:
                yield self.env._(
                    "%(money)s was refunded in points of %(program)s, but the "
                    "original orders were not paid with them. Correct it manually.",
                    money=say_money(self.currency_id, money),
                    program=self.env["points.program"].browse(program_id).name,
                )

    def _points_paid(self) -> dict:
        """Return the money that points paid of these orders, by program."""
        paid = {}
        for payment in self.payment_ids:
            program_id = payment.payment_method_id.points_program_id.id
            if program_id:
                money = self._points_money(payment.amount)
                paid[program_id] = paid.get(program_id, ZERO) + money
        return paid
