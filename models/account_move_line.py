from __future__ import annotations

from decimal import Decimal

from odoo import api, fields, models

from ..engine.basket import FROM_STOCK, Direct, Reduction, apart
from ..engine.numbers import (
    LEDGER_DECIMALS,
    ONE,
    ZERO,
    multiply,
    ratio,
    round_points,
)
from ..engine.payable import PAID, Charge
from ..engine.returning import ReturnedLine, SoldLine
from ..engine.shipping import NO_UNITS, Units
from ..redemption.sale_redemption import SaleRedemption
from ..settlement.document_state import Twin
from ..settlement.program_facts import currency_rate
from ..wording.sentences import say_deposit, say_money

#: What nobody changes on a line that redeems points.
_FIXED = frozenset(
    (
        *("move_id", "product_id", "quantity", "product_uom_id"),
        *("price_unit", "discount", "tax_ids"),
    )
)


class AccountMoveLine(models.Model):
    """How a line of an invoice or credit note counts."""

    _name = "account.move.line"
    _inherit = ["account.move.line", "points.redeemed.line"]

    _points_quantity_field = "quantity"
    _points_document_field = "move_id"

    points_gross = fields.Float(
        compute="_compute_points_amounts",
        help="The amount of the line, including its share of the rounding "
        "difference of taxes of the whole invoice.",
    )
    points_net = fields.Float(compute="_compute_points_amounts")
    points_program_id = fields.Many2one(
        "points.program",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The program whose deferred revenue this journal item books.",
    )

    # === COMPUTE METHODS === #

    @api.depends("price_total", "price_subtotal", "move_id.amount_total")
    def _compute_points_amounts(self):
        for move, lines in self.grouped("move_id").items():
            rounded = move._points_shared_cents()
            for line in lines:
                stated = line.price_total, line.price_subtotal
                line.points_gross, line.points_net = rounded.get(line, stated)

    # === ACCOUNT METHODS === #

    def _get_child_lines(self):
        """Print no quantity of what stands for points, in sections without prices."""
        lines = super()._get_child_lines()
        section = self.move_id.invoice_line_ids.filtered(
            lambda line: self in (line.parent_id, line.parent_id.parent_id)
        )
        hidden = {
            (line.name, line.quantity, line.price_subtotal)
            for line in section
            if line.product_id.points_type in ("loy", "loypay")
        }
        for line in lines:
            if (line["name"], line["quantity"], line["price_subtotal"]) in hidden:
                line.update(quantity=False, line_uom=False)
        return lines

    def _compute_price_unit(self):
        others = self.filtered(lambda line: not line._points_is_redeemed())
        return super(AccountMoveLine, others)._compute_price_unit()

    def _compute_name(self):
        others = self.filtered(lambda line: not line._points_is_redeemed())
        return super(AccountMoveLine, others)._compute_name()

    def _compute_tax_ids(self):
        others = self.filtered(lambda line: not line._points_is_redeemed())
        return super(AccountMoveLine, others)._compute_tax_ids()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._points_allowed_new(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._points_allowed(vals)
        fixed = self._points_fixed(vals, _FIXED)
        rest = {name: value for name, value in vals.items() if name not in _FIXED}
        result = super(AccountMoveLine, fixed).write(rest) if fixed else True
        return super(AccountMoveLine, self - fixed).write(vals) and result

    def unlink(self):
        redeemed = self.filtered(lambda line: line._points_is_own_taking())
        redeemed._points_check_given()
        given_back = [
            (move, lines.points_reward_id, lines.mapped("points_voucher_code"))
            for move, lines in redeemed.grouped("move_id").items()
        ]
        result = super().unlink()
        for move, rewards, codes in given_back:
            if move.exists():
                SaleRedemption(move).give_back(rewards, filter(None, codes))
        return result

    # === ACCOUNT METHODS === #

    def _copy_data_extend_business_fields(self, values):
        """Let a credit note give back the reward that its invoice redeems."""
        result = super()._copy_data_extend_business_fields(values)
        values["points_reward_id"] = self.points_reward_id.id
        values["points_voucher_code"] = self.points_voucher_code
        return result

    # === POINTS === #

    def _points_products(self):
        """Return the lines that count: no down payment, no delivery, no points."""
        return self.filtered(
            lambda line: line._points_part() in ("product", "discount")
        )

    def _points_part(self) -> str:
        """Return what of its invoice the line is for points.

        ``products``, ``discount``, ``delivery`` or ``other``: what is charged and
        earns nothing. Empty where it is nothing that lowers or bears anything.
        """
        if self.display_type != "product" or self.product_id.points_type == "repay":
            return ""
        if self._points_was_product():
            return "discount" if self.price_total < 0 <= self.quantity else "product"
        if self.is_downpayment:
            # What a down payment takes off was charged before.
            return "other" if self.price_total > 0 else ""
        if self.sale_line_ids._points_is_delivery():
            return "delivery"
        move, product = self.move_id, self.product_id
        sold = move._points_end().pos_order_ids.lines
        if self.price_total < 0 and self._points_is_paying(sold):
            return ""
        if product.points_is_prepaid and self.price_total < 0:
            return "discount" if self.quantity > 0 else ""
        if product.points_is_prepaid or product in sold._points_other_products():
            return "other"
        if product.points_type == "loypay" and self.price_total < 0:
            # No points pay for it but those that were redeemed.
            return "" if sold or self._points_is_redeemed() else "discount"
        if not product or move._points_is_product(product):
            return "discount" if self.price_total < 0 <= self.quantity else "product"
        return "other" if self.price_total > 0 else ""

    def _points_is_redeemed(self) -> bool:
        """Tell whether it takes points, or invoices what a sales order redeems."""
        orders = self.sale_line_ids
        return super()._points_is_redeemed() or any(
            line._points_is_redeemed() for line in orders
        )

    def _points_is_own_taking(self) -> bool:
        """Tell whether the line takes points itself, and no sales order did."""
        return not self.sale_line_ids and self._points_is_redeemed()

    def _points_get_reward(self):
        return self.points_reward_id or self.sale_line_ids.points_reward_id[:1]

    def _points_is_settled(self) -> bool:
        """Tell whether its invoice is posted: what it takes is booked."""
        return self.parent_state == "posted"

    def _points_was_product(self) -> bool:
        """Tell whether the line is about what counted when it was sold."""
        end = self.move_id._points_end()
        return (end.pos_order_ids or end)._points_was_product(self.product_id)

    def _points_is_paying(self, sold) -> bool:
        """Tell whether the line pays with a gift card or eWallet of Odoo's own.

        :param sold: the lines of the register that the sale is about
        """
        paying = sold.filtered("points_is_paying").product_id
        return self.product_id in paying or self.sale_line_ids._points_is_paying()

    def _points_beside_products(self) -> tuple[Reduction, Reduction]:
        """Return what these lines charge beside products, and what lowers all."""
        others, delivery, discounts = Reduction(), Reduction(), []
        for line in self:
            part = line._points_part()
            _quantity, gross, net = line._points_amounts()
            if part == "discount":
                discounts.append(Reduction(-gross, -net))
            elif part == "delivery":
                delivery += Reduction(gross, net)
            elif part == "other":
                others += Reduction(gross, net)
        return apart(others, delivery, discounts)

    def _points_returned(self):
        """Return the lines by which a sale without an original takes products back."""
        return self._points_products().filtered(
            lambda line: line.move_id.move_type == "out_refund" or line.quantity < 0
        )

    def _points_amounts(self):
        """Return (quantity, gross, net) in the invoice's currency: they add up to it.

        The quantity is in the product's own unit, whatever it was invoiced in.
        """
        move, sold_in = self.move_id, self.product_uom_id
        return (
            move._points_own_quantity(self.product_id, self.quantity, sold_in),
            move._points_money(self.points_gross),
            move._points_money(self.points_net),
        )

    def _points_convert(self, money, line):
        """Return money of this line in the currency of a line of its sales order."""
        source, target = self.currency_id, line.currency_id
        date = self.move_id._points_date()
        return multiply(money, currency_rate(source, target, self.company_id, date))

    def _points_converted(self, line) -> tuple:
        """Return (quantity, gross, net) in the currency of a line of its order."""
        quantity, *money = self._points_amounts()
        return quantity, *(self._points_convert(each, line) for each in money)

    def _points_twins(self) -> tuple[Twin, ...]:
        """Return the lines of sales orders that may count instead of this one."""
        return tuple(
            Twin(line.order_id._points_root(), str(line.id))
            for line in self.sale_line_ids
        )

    def _points_counts_as(self) -> tuple:
        """Return (product, how many units of it one unit invoiced is).

        A combo of a sales order that says what it earns counts once, by the first of
        its choices, however many invoices they are on.
        """
        choice = self.sale_line_ids.filtered("combo_item_id")[:1]
        combo = choice.linked_line_id
        product, move = combo.product_id, self.move_id
        template = product.product_tmpl_id
        if not template or not template._points_is_whole(
            move.company_id, move._points_date()
        ):
            return self.product_id, ONE
        choices = combo.linked_line_ids.filtered("combo_item_id")._points_products()
        if choice != choices.sorted("id")[:1] or choice.product_uom_qty <= 0:
            return product, ZERO
        ordered = (combo.product_uom_qty, choice.product_uom_qty)
        combos, chosen = map(move._points_quantity, ordered)
        return product, ratio(max(combos, ZERO), ONE, chosen)

    def _points_charge(self) -> Charge | None:
        """Return what the line charges, for what points can pay of it; None: nothing.

        What the points of a sales order paid is paid of what points can pay.
        """
        move, gross = self.move_id, self._points_amounts()[1]
        if part := self._points_part():
            choice = self.sale_line_ids.filtered("combo_item_id")[:1]
            combo = choice.linked_line_id.product_id
            return move._points_prepare_charge(
                part, gross, self.product_id, combo, self._points_counts_as()[0]
            )
        ordered = self.sale_line_ids.filtered("points_reward_id")[:1]
        if ordered:
            return ordered._points_redeemed_charge(move, gross, PAID)
        return self._points_redeemed_charge(move, gross)

    def _points_part_of(self, money):
        """Return what points pay of ``money`` that is matched with a payment's item.

        The rest of what the item pays was written off.
        """
        paid, booked = (
            self.move_id._points_money(amount)
            for amount in (self.payment_id.amount, abs(self.amount_currency))
        )
        if paid >= booked:
            return money
        return round_points(ratio(money, paid, booked), "none", LEDGER_DECIMALS)

    def _points_may_count_as(self):
        """Return what the line can count as: its product, or its combo."""
        return self.product_id | self.sale_line_ids.linked_line_id.product_id

    def _points_sold(self, line, coin) -> SoldLine:
        """Return the line as returns are taken off it; ``line`` is how it counts."""
        return SoldLine(
            line.key,
            self.product_id.id or 0,
            self._points_amounts()[0],
            line.gross,
            line.net,
            frozenset(self.sale_line_ids.ids),
            coin,
        )

    def _points_direct(self) -> Direct:
        """Return how much of it is drop-shipped, and counted by no other invoice."""
        shipment = self.sale_line_ids._points_shipment()
        counted = self._points_counted_units() if shipment.is_split else NO_UNITS
        return shipment.invoiced(self._points_amounts()[0], counted)

    def _points_counted_units(self) -> Units:
        """Return what other invoices of the same order lines have counted and keep."""
        counted, orders = NO_UNITS, self.sale_line_ids
        for line in orders.invoice_lines:
            invoice = line.move_id._points_end()
            if line.parent_state != "posted" or invoice == self.move_id:
                continue
            invoiced = line & invoice.invoice_line_ids or (
                orders.invoice_lines & invoice.invoice_line_ids
            )
            evidence, key = invoice._points_decided(), str(invoiced[:1].id)
            if key in evidence.products:
                quantity = line._points_amounts()[0]
                if line.move_id.move_type == "out_refund":
                    quantity = -quantity
                direct = evidence.direct.get(key, FROM_STOCK)
                counted = counted.plus(Units(*direct.split(quantity)))
        return counted

    def _points_price(self) -> float:
        """Return the price of one of the product's own unit, before discount."""
        unit, sold_in = self.product_id.uom_id, self.product_uom_id
        if not unit or not sold_in:
            return self.price_unit
        return sold_in._compute_price(self.price_unit, unit)

    def _points_invented(self):
        """Return (gross, net) that the line takes off as a down payment never made."""
        _quantity, gross, net = self._points_amounts()
        if not self.is_downpayment or gross >= 0:
            return ZERO, ZERO
        missing = max(-gross - self.sale_line_ids._points_deposit(self), ZERO)
        return missing, ratio(missing, -net, -gross)

    def _points_say_deposits(self):
        """Yield which of these lines take off a down payment that was not made."""
        for line in self:
            missing, _net = line._points_invented()
            if missing:
                gross = -line._points_amounts()[1]
                product, currency = line.product_id, line.currency_id
                yield say_deposit(product, currency, gross, gross - missing)

    def _points_say_redeemed(self):
        """Yield what these LOYPAY lines take off though they take no points."""
        for line in self:
            gross = line._points_amounts()[1]
            if gross:
                yield self.env._(
                    "%(product)s discounts %(money)s, but no points were redeemed "
                    "for it.",
                    product=line.product_id.display_name,
                    money=say_money(line.currency_id, abs(gross)),
                )

    def _points_rewards(self, sign):
        """Yield (LOYPAY product, (quantity, money)) of these lines, with a sign."""
        for line in self:
            if line.product_id.points_type == "loypay" and line.price_total <= 0:
                quantity, gross, _net = line._points_amounts()
                yield line.product_id.id, (quantity * sign, -gross * sign)

    def _points_given_back(
        self, sign, rate=Decimal(1)
    ) -> tuple[tuple[ReturnedLine, ...], Reduction, Reduction]:
        """Return what these lines give back; a negative price takes back a discount.

        :param sign: 1 when their sale gives back, -1 when it charges again
        :param rate: what turns their money into that of the sale
        """
        lines, reduction, others = [], Reduction(), Reduction()
        for line in self:
            part = line._points_part()
            quantity, *money = line._points_amounts()
            gross, net = (
                round_points(amount * rate * sign, "none", 4) for amount in money
            )
            if part == "discount":
                reduction += Reduction(-gross, -net)
            elif part == "product":
                links = frozenset(line.sale_line_ids.ids)
                amounts = (quantity * sign, gross, net)
                product_id = line.product_id.id or 0
                lines.append(ReturnedLine(product_id, *amounts, links=links))
            elif part:
                others += Reduction(gross, net)
            elif line._points_is_redeemed():
                reduction += Reduction(redeemed=-gross)
        return tuple(lines), reduction, others
