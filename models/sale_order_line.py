from __future__ import annotations

from operator import add, sub

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import const
from ..engine.basket import Direct, Reduction, apart
from ..engine.numbers import ONE, ZERO, exact, ratio, round_points
from ..engine.payable import Charge
from ..engine.returning import ReturnedLine, SoldLine
from ..engine.shipping import NO_UNITS, Shipment, Units
from ..redemption.sale_redemption import SaleRedemption
from ..settlement.document_state import Twin

#: (quantity, gross, net) of what is not there.
_NOTHING = (ZERO, ZERO, ZERO)
#: What nobody changes on a line that redeems points.
_FIXED = frozenset(
    (
        "order_id",
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "price_unit",
        "technical_price_unit",
        "discount",
        "tax_ids",
    )
)
#: What of a line changes the points of its order.
_TOLD = frozenset(
    (
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "price_unit",
        "discount",
        "tax_ids",
        "is_downpayment",
        "route_ids",
    )
)


class SaleOrderLine(models.Model):
    """How a line of a sales order counts, and the sales made from it."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "points.redeemed.line"]

    _points_quantity_field = "product_uom_qty"
    _points_document_field = "order_id"

    # === COMPUTE METHODS === #

    def _compute_price_unit(self):
        others = self.filtered(lambda line: not line._points_is_redeemed())
        return super(SaleOrderLine, others)._compute_price_unit()

    def _compute_discount(self):
        others = self.filtered(lambda line: not line._points_is_redeemed())
        return super(SaleOrderLine, others)._compute_discount()

    def _compute_name(self):
        others = self.filtered(lambda line: not line._points_is_redeemed())
        return super(SaleOrderLine, others)._compute_name()

    def _compute_tax_ids(self):
        others = self.filtered(lambda line: not line._points_is_redeemed())
        return super(SaleOrderLine, others)._compute_tax_ids()

    points_gross = fields.Float(
        compute="_compute_points_amounts",
        help="The amount of the line, including its share of the rounding "
        "difference of taxes of the whole order.",
    )
    points_net = fields.Float(compute="_compute_points_amounts")

    # === COMPUTE METHODS === #

    @api.depends("price_total", "price_subtotal", "order_id.amount_total")
    def _compute_points_amounts(self):
        for order, lines in self.grouped("order_id").items():
            rounded = order._points_shared_cents()
            for line in lines:
                stated = line.price_total, line.price_subtotal
                line.points_gross, line.points_net = rounded.get(line, stated)

    # === CONSTRAINT METHODS === #

    @api.constrains("product_id")
    def _check_points_redeemed(self):
        """Refuse money off for points that nobody has redeemed."""
        for line in self:
            is_loypay = line.product_id.points_type == "loypay"
            if is_loypay and not line._points_is_redeemed():
                raise ValidationError(
                    self.env._(
                        "%(product)s redeems points: remove the line and click "
                        "Redeem Points instead.",
                        product=line.product_id.display_name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create([self._points_allowed_new(vals) for vals in vals_list])
        lines.order_id._points_follow_edited()
        return lines

    def write(self, vals):
        vals = self._points_allowed(vals)
        fixed = self._points_fixed(vals, _FIXED)
        rest = {name: value for name, value in vals.items() if name not in _FIXED}
        result = super(SaleOrderLine, fixed).write(rest) if fixed else True
        result = super(SaleOrderLine, self - fixed).write(vals) and result
        if not vals.keys().isdisjoint(_TOLD):
            self.order_id._points_follow_edited()
        return result

    def unlink(self):
        redeemed = self.filtered(lambda line: line._points_is_redeemed())
        redeemed._points_check_given()
        given_back = [
            (order, lines.points_reward_id, lines.mapped("points_voucher_code"))
            for order, lines in redeemed.grouped("order_id").items()
        ]
        orders = self.order_id
        result = super().unlink()
        for order, rewards, codes in given_back:
            if order.exists():
                SaleRedemption(order).give_back(rewards, filter(None, codes))
        orders.exists()._points_follow_edited()
        return result

    # === SALE METHODS === #

    def _get_protected_fields(self):
        return [*super()._get_protected_fields(), "points_reward_id"]

    def _check_line_unlink(self):
        """Let what redeems points be taken off, as long as it is not invoiced."""
        kept = super()._check_line_unlink()
        return kept.filtered(
            lambda line: (
                line.invoice_lines
                or line.order_id.locked
                or not line._points_is_redeemed()
            )
        )

    def _prepare_invoice_line(self, **optional_values):
        """Let the invoice say of a reward what the order says."""
        values = super()._prepare_invoice_line(**optional_values)
        return {**values, "name": self.name} if self._points_is_redeemed() else values

    def _can_be_invoiced_alone(self):
        return super()._can_be_invoiced_alone() and not self._points_is_redeemed()

    def _can_be_edited_on_portal(self):
        return super()._can_be_edited_on_portal() and not self._points_is_redeemed()

    def _sellable_lines_domain(self):
        is_sold = [("product_id.points_type", "!=", "loypay")]
        return [*super()._sellable_lines_domain(), *is_sold]

    # === POINTS: WHAT A LINE IS === #

    def _points_products(self):
        """Return the lines that count: no down payment, no delivery, no points."""
        return self.filtered(lambda line: line._points_part() == "product")

    def _points_part(self) -> str:
        """Return what of its order the line is for points.

        ``product``, ``discount``, ``delivery`` or ``other``: what is charged and earns
        nothing. Empty where it is nothing that lowers or bears anything.
        """
        order, product = self.order_id, self.product_id
        if self.display_type or self.is_downpayment:
            return ""
        if self._points_is_delivery():
            return "delivery"
        if self._points_is_paying() or self._points_is_redeemed():
            return ""
        if order._points_was_product(product) or not product:
            return self._points_discount_or("product")
        if order._points_is_product(product) and not product.points_is_prepaid:
            return self._points_discount_or("product")
        return self._points_discount_or("other")

    def _points_discount_or(self, part) -> str:
        return "discount" if self.price_total < 0 <= self.product_uom_qty else part

    def _points_beside_products(self) -> tuple[Reduction, Reduction]:
        """Return what these lines charge beside products, and what lowers all."""
        others, delivery, discounts = Reduction(), Reduction(), []
        for line in self:
            part = line._points_part()
            _quantity, gross, net = line._points_sold_amounts()
            if part == "discount":
                discounts.append(Reduction(-gross, -net))
            elif part == "delivery":
                delivery += Reduction(gross, net)
            elif part == "other":
                others += Reduction(gross, net)
        return apart(others, delivery, discounts)

    def _points_counts_as(self) -> tuple:
        """Return (product, how many units of it one unit ordered is).

        A combo that says what it earns counts once, by the first of its choices.
        """
        combo, order = self.linked_line_id, self.order_id
        template = combo.product_id.product_tmpl_id
        is_choice = self.combo_item_id and template
        if not is_choice or not template._points_is_whole(
            order.company_id, order._points_date()
        ):
            return self.product_id, ONE
        choices = combo.linked_line_ids.filtered("combo_item_id")._points_products()
        if self != choices.sorted("id")[:1] or self.product_uom_qty <= 0:
            return combo.product_id, ZERO
        ordered = (combo.product_uom_qty, self.product_uom_qty)
        combos, chosen = map(order._points_quantity, ordered)
        return combo.product_id, ratio(max(combos, ZERO), ONE, chosen)

    def _points_may_count_as(self):
        """Return what the line can count as: its product, or its combo."""
        return self.product_id | self.linked_line_id.product_id

    def _points_twins(self) -> tuple[Twin, ...]:
        """Return the lines of posted invoices that may count instead of this one."""
        moves = self._points_invoices()
        return tuple(
            Twin(line.move_id._points_root(), str(line.id))
            for line in self.invoice_lines
            if line.move_id in moves
        )

    def _points_charge(self) -> Charge | None:
        """Return what the line charges that points can pay; None: nothing."""
        order, gross = self.order_id, self._points_amounts()[1]
        if part := self._points_part():
            combo = self.combo_item_id and self.linked_line_id.product_id
            return order._points_prepare_charge(
                part, gross, self.product_id, combo, self._points_counts_as()[0]
            )
        return self._points_redeemed_charge(order, gross)

    # === POINTS: AMOUNTS === #

    def _points_sold_amounts(self) -> tuple:
        """Return (quantity, gross, net) that the order stands for: the most of both.

        What is ordered and no register sold, or what was invoiced at one time.
        """
        ordered = self._points_ordered()
        now, most = self._points_charged()
        if self.order_id._points_is_rest():
            return self._points_without(now[0], *ordered)
        return max(ordered, most, key=lambda amounts: abs(amounts[0]))

    def _points_ordered(self) -> tuple:
        """Return what is ordered, less what a register has sold of it."""
        if not self.order_id._points_stands():
            return ZERO, ZERO, ZERO
        sold = self._points_sold_at_registers()
        return self._points_without(sold, *self._points_amounts())

    def _points_sold_at_registers(self):
        """Return the quantity that registers have sold of the line."""
        return sum(
            line._points_amounts()[line][0]
            for line in self.sudo().pos_order_line_ids
            if line.order_id.state in const.PAID and not line._points_is_refund()
        )

    @api.model
    def _points_without(self, taken, quantity, gross, net) -> tuple:
        """Return (quantity, gross, net) without so many units of it."""
        if not taken:
            return quantity, gross, net
        left = max(quantity - taken, ZERO)
        part = ratio(left, ONE, quantity) if quantity > 0 else ZERO
        gross, net = (round_points(each * part, "none", 4) for each in (gross, net))
        return left, gross, net

    def _points_invoiced(self) -> tuple:
        """Return what posted invoices charge of the line, in its order's currency."""
        result, moves = _NOTHING, self._points_invoices()
        for line in self.invoice_lines:
            if line.move_id in moves and line.quantity > 0:
                result = tuple(map(add, result, line._points_converted(self)))
        return result

    def _points_charged(self) -> tuple:
        """Return what is invoiced of the line now, and the most that was at one time.

        Both as (quantity, gross, net): credit notes lower what is invoiced, and what is
        invoiced again after them raises it.
        """
        now = most = _NOTHING
        for line in self.invoice_lines.sorted(lambda line: (line.move_id.id, line.id)):
            move = line.move_id
            if move.state == "posted" and not move.pos_order_ids:
                change = sub if move.move_type == "out_refund" else add
                now = tuple(map(change, now, line._points_converted(self)))
                most = max(now, most, key=lambda amounts: amounts[0])
        return now, most

    def _points_invoiced_again(self) -> tuple:
        """Return (quantity, gross, net) that was invoiced again after it came back."""
        invoiced, sold = self._points_invoiced(), self._points_sold_amounts()
        if invoiced[0] <= sold[0]:
            return _NOTHING
        return tuple(map(sub, invoiced, sold))

    def _points_is_exceeded(self) -> bool:
        """Tell whether posted invoices charge more of the line than is ordered."""
        (ordered, *_money), (invoiced, *_money) = (
            self._points_ordered(),
            self._points_invoiced(),
        )
        return abs(invoiced) > abs(ordered)

    def _points_is_charged(self) -> bool:
        """Tell whether the line counts: its order does, or an invoice has it."""
        return self.order_id._points_stands() or self._points_invoiced()[0] > 0

    def _points_sold(self, line, coin) -> SoldLine:
        """Return the line as returns are taken off it; ``line`` is how it counts."""
        links, quantity = frozenset(self.ids), self._points_sold_amounts()[0]
        product_id = self.product_id.id or 0
        return SoldLine(
            line.key, product_id, quantity, line.gross, line.net, links, coin
        )

    def _points_is_settled(self) -> bool:
        """Tell whether its order is confirmed: what it takes is booked."""
        return self.state == "sale"

    def _points_given_back(self) -> tuple:
        """Return (quantity, money) of a LOYPAY line that credit notes gave back.

        What was invoiced again since has not come back.
        """
        back = (ZERO, ZERO)
        for line in self._points_credit_lines():
            move = line.move_id
            if move._points_stands() and not move.pos_order_ids:
                sign = 1 if move.move_type == "out_refund" else -1
                quantity, gross, _net = line._points_amounts()
                money = -line._points_convert(gross, self)
                back = (back[0] + sign * quantity, back[1] + sign * money)
        for line in self.sudo().pos_order_line_ids._points_refund_lines():
            quantity, gross, _net = line._points_amounts()[line]
            back = (back[0] - quantity, back[1] + gross)
        again = self._points_invoiced_again()
        return max(back[0] - again[0], ZERO), max(back[1] + again[1], ZERO)

    def _points_delivered_back(self) -> tuple[ReturnedLine, ...]:
        """Return what was delivered back and is in no credit note (module sale_stock).

        What was delivered anew instead has not come back.
        """
        lines = []
        for line in self._points_products():
            quantity, gross, net = line._points_sold_amounts()
            came_in = line._points_came_in()
            back = came_in and came_in - line._points_credited()
            if back > 0 and quantity > 0:
                part = ratio(min(back, quantity), ONE, quantity)
                money = (round_points(each * part, "none", 4) for each in (gross, net))
                links, product_id = frozenset(line.ids), line.product_id.id or 0
                lines.append(ReturnedLine(product_id, back, *money, links=links))
        return tuple(lines)

    def _points_came_in(self):
        """Return the quantity that was delivered back, in the product's own unit."""
        moves = self.move_ids if "move_ids" in self._fields else ()
        if not any(move.state == "done" for move in moves):
            return ZERO
        unit, order = self.product_id.uom_id, self.order_id
        out, back = (
            sum(
                move.product_uom._compute_quantity(move.quantity, unit, round=False)
                for move in moves
                if move.state == "done"
            )
            for moves in self.sudo()._get_outgoing_incoming_moves()
        )
        anew = max(order._points_quantity(out) - self._points_amounts()[0], ZERO)
        return max(order._points_quantity(back) - anew, ZERO)

    def _points_credited(self):
        """Return the quantity that posted documents give back of the line."""
        moves = self.order_id._points_giving_back()
        lines = self._points_credit_lines()
        lines |= self.invoice_lines.filtered(lambda line: line.quantity < 0)
        return sum(
            abs(line._points_amounts()[0])
            for line in lines
            if line.move_id._origin in moves
        )

    def _points_credit_lines(self):
        """Return the lines of credit notes, and of what reverses them, as typed."""
        lines = self.invoice_lines.filtered(
            lambda line: line.move_id._points_is_credit()
        )
        for stored in lines.move_id:
            typed = stored._points_as_typed()
            if typed != stored:
                lines -= stored.invoice_line_ids
                lines |= typed.invoice_line_ids.filtered(
                    lambda line: line.sale_line_ids._origin & self
                )
        return lines

    def _points_amounts(self):
        """Return (quantity, gross, net), the quantity in the product's own unit."""
        Origin, sold_in = self.env["points.origin"], self.product_uom_id
        return (
            Origin._points_own_quantity(self.product_id, self.product_uom_qty, sold_in),
            Origin._points_money(self.points_gross),
            Origin._points_money(self.points_net),
        )

    def _points_price(self) -> float:
        """Return the price of one of the product's own unit, before discount."""
        unit, sold_in = self.product_id.uom_id, self.product_uom_id
        if not unit or not sold_in:
            return self.price_unit
        return sold_in._compute_price(self.price_unit, unit)

    def _points_invoices(self):
        """Return the invoices of these lines, newest first not assured."""
        return self.invoice_lines.move_id.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type in ("out_invoice", "out_receipt")
                and not move.reversed_entry_id
                and not move.pos_order_ids
            )
        )

    def _points_unlinked_credits(self):
        """Return sales that give back these products without naming an invoice."""
        return self.invoice_lines.move_id.filtered(
            lambda move: (
                move.state == "posted"
                and not move.reversed_entry_id
                and not move.pos_order_ids
                and move.invoice_line_ids._points_returned()
            )
        )

    def _points_deposit(self, user):
        """Return what was paid of these down payments, less what was used up before.

        Tax included, in the currency they were paid in.

        :param user: the line of an order or invoice that takes it off; of its kind
            only older lines use anything up
        """
        lines = self.sudo()
        invoiced = lines.invoice_lines.filtered(
            lambda line: line.parent_state == "posted" and _is_before(line, user)
        )
        sold = lines.pos_order_line_ids
        sold = (sold | sold._points_refund_lines()).filtered(
            lambda line: line.order_id.state in const.PAID and _is_before(line, user)
        )
        paid = sum(sold.mapped("points_gross"))
        for line in invoiced:
            sign = -1 if line.move_id.move_type == "out_refund" else 1
            paid += sign * line.price_total
        return exact(max(paid, 0.0))

    def _points_is_delivery(self) -> bool:
        """Tell whether these lines are transport costs (module delivery).

        Also those that take them off again: Free Shipping of Odoo's own loyalty.
        """
        is_free = "reward_id" in self._fields and "shipping" in self.reward_id.mapped(
            "reward_type"
        )
        return is_free or (
            "is_delivery" in self._fields and any(self.mapped("is_delivery"))
        )

    def _points_is_paying(self) -> bool:
        """Tell whether these lines pay with a gift card or eWallet of Odoo's own."""
        return "coupon_id" in self._fields and any(
            program.is_payment_program for program in self.sudo().coupon_id.program_id
        )

    def _points_pays(self, money, user) -> bool:
        """Tell whether this line took that money off its order, and only for a line.

        :param user: the register's line that settles it
        """
        others = self.sudo().pos_order_line_ids - user
        is_used = any(line.order_id.state in const.PAID for line in others)
        worth = exact(-self.price_total) + exact(self.currency_id.rounding, 6)
        return self._points_is_paying() and not is_used and money < worth

    # === POINTS: DROP-SHIPPING === #

    def _points_direct(self, quantity) -> Direct:
        """Return how much of so many units is drop-shipped (C-40)."""
        return self._points_shipment().invoiced(quantity)

    def _points_shipment(self) -> Shipment:
        """Return how these lines are shipped; where no rule asks, all is from stock."""
        route_id = (
            self
            and self.env["points.rule"]._is_asking_for_direct()
            and self.env["ir.model.data"]._xmlid_to_res_id(
                "stock_dropshipping.route_drop_shipping"
            )
        )
        if not route_id:
            return Shipment(ZERO)
        ordered, delivered, planned = ZERO, NO_UNITS, NO_UNITS
        for line in self.sudo():
            ordered += line._points_amounts()[0] - line._points_sold_at_registers()
            delivered = delivered.plus(line._points_delivered_units())
            planned = planned.plus(line._points_planned_units())
        product = self.product_id
        routes = product.route_ids | product.categ_id.total_route_ids
        is_direct = route_id in (self.route_ids or routes).ids
        return Shipment(ordered, delivered, planned, is_direct)

    def _points_delivered_units(self) -> Units:
        """Return what has left for the customer, whether or not it came back."""
        moves, _back = self._get_outgoing_incoming_moves()
        return self._points_units(moves.filtered(lambda move: move.state == "done"))

    def _points_planned_units(self) -> Units:
        """Return what deliveries and purchases are for, those that are done included.

        A purchase has no delivery until it is confirmed.
        """
        moves, _back = self._get_outgoing_incoming_moves(strict=False)
        bought = self.purchase_line_ids.filtered(
            lambda line: (
                line.product_id == self.product_id
                and line.state in ("draft", "sent", "to approve")
                and line._is_dropshipped()
            )
        )
        quantities = (
            self.order_id._points_own_quantity(
                line.product_id, line.product_qty, line.product_uom_id
            )
            for line in bought
        )
        direct = sum(quantities, ZERO)
        return self._points_units(moves).plus(Units(direct=direct))

    def _points_units(self, moves) -> Units:
        """Return the units of deliveries, from stock and from the supplier."""
        units = {True: ZERO, False: ZERO}
        for move in moves:
            quantity = move.quantity if move.state == "done" else move.product_uom_qty
            units[move._is_dropshipped()] += self.order_id._points_own_quantity(
                move.product_id, quantity, move.product_uom
            )
        return Units(units[False], units[True])


def _is_before(line, user) -> bool:
    """Tell whether a line was made before another one, also of the other kind."""
    if line._name == user._name:
        return line.id < user.id
    return line.create_date <= user.create_date
