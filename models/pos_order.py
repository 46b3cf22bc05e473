from __future__ import annotations

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from .. import const
from ..engine.basket import Basket, Reduction
from ..engine.bills import Bill, ReturnPaper, left_of
from ..engine.numbers import ZERO
from ..engine.returning import SoldLine


class PosOrder(models.Model):
    """A till's order: the root of what it sells, a return of what it refunds."""

    _name = "pos.order"
    _inherit = ["pos.order", "points.till.spending", "points.origin"]

    points_document_ids = fields.One2many(
        "points.document", "pos_order_id", groups="customer_points.group_points_user"
    )

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        # The till's Edit Payment opens a paid order's form.
        if vals.keys() & {"partner_id", "payment_ids"}:
            self.filtered(lambda order: order.state in const.PAID)._points_settle()
        if vals.get("state") == "cancel":
            self._points_release()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_points(self):
        if self.sudo().points_document_ids:
            raise UserError(
                self.env._("An order with points is kept for their ledger.")
            )
        self._points_release()

    # === POS METHODS === #

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        if self.partner_id or self.lines.refunded_orderline_id or self._points_spends():
            self._points_settle()
        return result

    @api.model
    def _process_order(self, order, existing_order):
        """Drop whatever a browser says about points: it is never believed."""
        for name in [name for name in order if name.lstrip("_").startswith("points_")]:
            del order[name]
        self.env["pos.order.line"]._points_clean(order.get("lines") or [])
        return super()._process_order(order, existing_order)

    def read_pos_data(self, data, config):
        """Add what the receipt says of points; cashiers may not read the ledger."""
        result = super().read_pos_data(data, config)
        receipts = self.sudo()._points_try_receipts()
        for values in result["pos.order"]:
            values["_points_receipt"] = receipts.get(values["id"], False)
        return result

    @api.model
    def _load_pos_data_fields(self, config):
        """Keep points out of the till's data: cashiers may not read the ledger."""
        names = super()._load_pos_data_fields(config) or list(
            self.fields_get(attributes=())
        )
        return [name for name in names if not name.startswith("points_")]

    # === POINTS: WHAT THE ORDER ANSWERS === #

    def _points_root(self):
        return f"pos:{self.id}"

    def _points_document_field(self):
        return "pos_order_id"

    def _points_date(self):
        return self._points_local_time().date()

    def _points_local_time(self):
        """Return when it was sold, the same whoever settles it, and whenever."""
        zone = self.company_id.partner_id.tz or self.user_id.tz or "UTC"
        return utc.localize(self.date_order).astimezone(timezone(zone))

    def _points_seller(self):
        return self.user_id

    def _points_hour(self):
        return self._points_local_time().hour

    def _points_channel(self):
        return "pos"

    def _points_why_not(self):
        if self.state not in const.PAID:
            return self.env._("It is not paid: points come with the payment.")
        return super()._points_why_not()

    def _points_root_states(self):
        """Return the roots of this order, those it refunds, and unknown returns."""
        self.ensure_one()
        orders = self | self.lines._points_original().order_id
        # Who takes goods again that came back may pay with points again.
        again = self.lines._points_refunded_orders() - orders
        orders |= again.filtered(lambda order: order._points_paid())
        # Orders invoiced together share the credit notes of their invoice.
        return (orders | orders.account_move.pos_order_ids)._points_states(self)

    def _points_states(self, paper):
        """Return what these orders stand for after all their returns.

        :param paper: the order or credit note being settled
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
        papers = self._points_return_papers(takings)
        bills = [order._points_bill(basket) for order, basket in baskets.items()]
        left, unknown = left_of(bills, papers)
        states = []
        for order, basket in baskets.items():
            unpaid = order._points_unpaid(rest)
            states += order._points_own_states(
                paper, basket, left, takings=takings[order], unpaid=unpaid
            )
            root = order._points_root()
            strange = (*unknown.pop(root, ()), *unknown.pop(f"{root}:return", ()))
            states += order._points_unknown_states(
                f"{root}:return", strange, order == paper
            )
        for root, lines in unknown.items():
            states += paper._points_unknown_states(root, lines, True)
        return states

    def _points_own_states(self, paper, basket, left, **spending) -> list:
        """Return the state of what this order sold or spent, if it ever did."""
        root = self._points_root()
        is_root = basket.lines or any(spending.values())
        if not is_root and not self._points_has_documents():
            return []
        kept = left[root] if self.state in const.PAID else None
        return [self._points_state(root, basket, kept, self == paper, **spending)]

    def _points_basket(self, takings=None) -> Basket:
        """Return the goods this order sold, discounts and points taken apart.

        :param takings: what takes points of it, where that is known already
        """
        self.ensure_one()
        takings = self._points_takings() if takings is None else takings
        money = (taking.money for taking in takings if not taking.gift)
        sold, reduction = [], Reduction(redeemed=sum(money, ZERO))
        gifts = {}
        for taking in takings:
            if taking.gift:
                gifts[taking.gift] = gifts.get(taking.gift, ZERO) + taking.money
        for line, amounts in self.lines._points_amounts().items():
            if line._points_is_reduction():
                _quantity, gross, net = amounts
                reduction += Reduction(-gross, -net)
            elif line._points_is_sold():
                gift = min(gifts.get(line.product_id.id, ZERO), amounts[1])
                if gift:
                    gifts[line.product_id.id] -= gift
                sold.append(
                    self._points_line(
                        str(line.id),
                        line.product_id,
                        amounts,
                        discount=line.discount,
                        price=line.price_unit,
                        redeemed=gift,
                    )
                )
        # A gift that is not on the bill pays for anything.
        reduction += Reduction(redeemed=sum(gifts.values(), ZERO))
        return Basket(self._points_date(), tuple(sold), reduction)

    def _points_is_consistent(self) -> bool:
        """Tell whether the lines add up to what was paid.

        Odoo compares the total with the payments, but takes the amounts of the
        lines from the browser as they come. Where both differ by more than
        rounding, the server's own amounts count.
        """
        total = sum(
            line._points_sign() * abs(line.price_subtotal_incl) for line in self.lines
        )
        tolerance = self.currency_id.rounding * (len(self.lines) + 1)
        return float_compare(abs(total - self.amount_total), tolerance, 6) <= 0

    def _points_bill(self, basket: Basket) -> Bill:
        lines = tuple(
            SoldLine(line.key, line.product, line.quantity, line.gross, line.net)
            for line in basket.lines
        )
        return Bill(self._points_root(), lines, basket.reduction)

    def _points_return_papers(self, takings) -> list[ReturnPaper]:
        """Return what came back of these orders: refunds, and credit notes of invoices.

        Refunds name the line they take back. Goods that come back without a
        name are first taken off what the same order sells, so that nobody
        earns by buying and giving back at once. A credit note made in
        accounting is matched by product (design 2.2 f).
        """
        papers = []
        for order in self:
            root = order._points_root()
            lines, reduction = order.lines._points_refunded()
            money = (
                taking.money - taking.kept_money
                for taking in takings[order]
                if not taking.gift
            )
            reduction += Reduction(redeemed=sum(money, ZERO))
            if lines or reduction != Reduction():
                papers.append(ReturnPaper(root, lines, frozenset({root}), reduction))
            unnamed = order.lines._points_unknown() if order.state in const.PAID else ()
            if unnamed:
                papers.append(ReturnPaper(f"{root}:return", unnamed, frozenset({root})))
        for invoice in self.account_move:
            roots = frozenset(map(PosOrder._points_root, invoice.pos_order_ids))
            papers += invoice._points_credit_papers(roots)
        return papers
