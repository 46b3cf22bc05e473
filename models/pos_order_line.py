from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import MissingError

from ..engine.basket import Reduction, apart
from ..engine.numbers import ONE, ZERO, exact, multiply, ratio
from ..engine.payable import DELIVERY, GIFT, OTHER, PAID, PRODUCT, Charge
from ..engine.returning import ReturnedLine, SoldLine
from ..engine.spending import Taking
from ..settlement.line_values import values_of_lines
from ..settlement.program_facts import currency_rate
from ..settlement.takings import taking_of
from ..wording.sentences import say_deposit

#: What a line is that was added after its order had been paid.
_NOTHING = (0.0, 0.0, 0.0, False, False)


class PosOrderLine(models.Model):
    """How a register's line counts: sold, a discount on the sale, or come back."""

    _inherit = "pos.order.line"

    points_reward_id = fields.Many2one(
        "points.reward",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The reward of this redemption line; empty: the reward of the product.",
    )
    points_voucher_code = fields.Char(
        string="Points Voucher",
        copy=False,
        help="The voucher used by this redemption line.",
    )

    points_quantity = fields.Float(compute="_compute_points_values")
    points_gross = fields.Float(
        compute="_compute_points_values",
        help="The amount of the line, computed from quantity, price, discount and "
        "taxes when it was paid; amounts sent by a browser are not used.",
    )
    points_net = fields.Float(compute="_compute_points_values")
    points_original_id = fields.Many2one(
        "pos.order.line",
        compute="_compute_points_values",
        help="The line that is returned by this one.",
    )
    points_is_odd = fields.Boolean(
        compute="_compute_points_values",
        help="A redemption line that no register can create.",
    )
    points_is_paying = fields.Boolean(
        compute="_compute_points_values",
        help="A gift card or eWallet of Odoo's own loyalty that covered the "
        "amount when the order was paid.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "qty",
        "price_unit",
        "discount",
        "tax_ids",
        "price_subtotal_incl",
        "refunded_orderline_id",
        "order_id.points_paid_lines",
    )
    def _compute_points_values(self):
        """Take what was kept when the order was paid, else what its lines say now."""
        for order in self.order_id:
            kept = order.sudo().points_paid_lines
            mine = self.filtered(lambda line, order=order: line.order_id == order)
            lines = order.lines | mine
            values = values_of_lines(lines) if kept is False else kept
            for line in mine:
                words = values.get(str(line.id or line), _NOTHING)
                line._points_set(*words)
        for line in self.filtered(lambda line: not line.order_id):
            line._points_set(*_NOTHING)

    def _points_set(self, quantity, gross, net, original_id, is_odd, is_paying=False):
        self.points_quantity, self.points_gross = quantity, gross
        self.points_net, self.points_is_odd = net, is_odd
        self.points_original_id, self.points_is_paying = original_id, is_paying

    # === CRUD METHODS === #

    def write(self, vals):
        """Leave alone what a line of a paid order takes back: no register does it."""
        if "refunded_orderline_id" not in vals:
            return super().write(vals)
        kept = self.filtered(lambda line: line.order_id.sudo().points_sold_at)
        rest = {**vals}
        del rest["refunded_orderline_id"]
        super(PosOrderLine, kept).write(rest)
        return super(PosOrderLine, self - kept).write(vals)

    # === POS METHODS === #

    @api.model
    def _load_pos_data_fields(self, config):
        names = super()._load_pos_data_fields(config)
        return [*names, "points_reward_id", "points_voucher_code"]

    @api.model
    def _points_clean(self, commands, company, partner_id=False):
        """Leave of a browser's lines no reward that cannot be, nor other points.

        A reward that was deleted meanwhile must not keep a paid sale out.

        :param company: that of the order, whose rewards they can be
        :param partner_id: the customer, as the browser says
        """
        lines = [
            command[2]
            for command in commands
            if len(command) > 2 and isinstance(command[2], dict)
        ]
        products = {
            reward.id: reward.product
            for facts in self.env["points.program"]._get_facts(company.id)
            for reward in facts.rewards
        }
        language = ""
        for values in lines:
            reward = values.get("points_reward_id")
            is_id = isinstance(reward, int) and reward is not True
            if not is_id or reward not in products:
                values.pop("points_reward_id", None)
            elif values.get("product_id") == products[reward]:
                language = language or self._points_language(partner_id)
                name = self.env["points.reward"]._get_name(reward, language)
                values["full_product_name"] = name
            code = values.get("points_voucher_code")
            if not isinstance(code, str) or len(code) > 32:
                values.pop("points_voucher_code", None)

    @api.model
    def _points_language(self, partner_id) -> str:
        """Return what a customer reads receipts and invoices in (E-28)."""
        is_id = isinstance(partner_id, int) and partner_id is not True
        partner = self.env["res.partner"].sudo().browse(is_id and partner_id or ())
        try:
            language = partner.lang
        except MissingError:
            language = ""
        return language or self.env.lang or "en_US"

    # === POINTS: WHAT A LINE IS === #

    def _points_is_product(self) -> bool:
        """Tell whether the line counts: no tip, delivery, down payment or combo."""
        return self.order_id._points_was_product(self.product_id) or (
            self.order_id._points_is_product(self.product_id)
            and self.product_id != self.order_id.config_id.tip_product_id
            and not self._points_is_down_payment()
            and not self.combo_line_ids
            and not self._points_is_delivery()
            and not self.product_id.points_is_prepaid
        )

    def _points_is_delivery(self) -> bool:
        """Tell whether the line is about transport costs of a sales order."""
        return self.sale_order_line_id._points_is_delivery()

    def _points_counts_as(self) -> tuple:
        """Return (product, how many units of it one unit sold is).

        A combo that says what it earns counts once, by the first of its choices.
        """
        combo, order = self.combo_parent_id, self.order_id
        template = combo.product_id.product_tmpl_id
        if not template or not template._points_is_whole(
            order.company_id, order._points_date()
        ):
            return self.product_id, ONE
        first = combo.combo_line_ids.filtered(lambda line: line._points_is_sold())[:1]
        if self != first or combo.points_quantity <= 0:
            return combo.product_id, ZERO
        quantities = (combo.points_quantity, self.points_quantity)
        sold, choices = map(order._points_quantity, quantities)
        return combo.product_id, ratio(sold, ONE, choices)

    def _points_may_count_as(self):
        """Return what the line can count as: its product, or its combo."""
        return self.product_id | self.combo_parent_id.product_id

    def _points_is_down_payment(self) -> bool:
        """Tell whether the line is about a part of a sales order paid before."""
        product = self.order_id.config_id.down_payment_product_id
        return self.product_id == product or self.sale_order_line_id.is_downpayment

    def _points_is_refund(self) -> bool:
        """Tell whether the line takes back the line that it names."""
        return bool(self.points_original_id)

    def _points_is_sold(self) -> bool:
        return (
            self.points_quantity > 0
            and self.points_gross >= 0
            and not self._points_is_refund()
            and self._points_is_product()
        )

    def _points_is_other(self) -> bool:
        """Tell whether the line charges what is no product, or takes off delivery.

        It earns nothing, and bears its part of what lowers the order.
        """
        is_charged = self.points_gross > 0 or self._points_is_delivery()
        return (
            is_charged
            and not self._points_is_refund()
            and not self._points_is_product()
            and not self._points_is_repaying()
        )

    def _points_is_reduction(self) -> bool:
        """Tell whether the line lowers the whole order and gives no products back.

        A negative price is a discount. Of what never counts, only down payments
        may be negative without lowering what the products cost.
        """
        return (
            self.points_gross < 0
            and not self._points_is_refund()
            and (self.points_quantity >= 0 or not self._points_is_product())
            and not self._points_is_down_payment()
            and not self._points_is_delivery()
            and not self.points_is_paying
            and not self._points_is_redeemed_before()
            and not self._points_is_taking()
            and not self._points_is_repaying()
        )

    def _points_is_repaying(self) -> bool:
        """Tell whether the line charges the customer for points that are missing."""
        return self.product_id.points_type == "repay"

    def _points_is_taking(self) -> bool:
        """Tell whether the line takes points or a voucher for money off the order."""
        return (
            self.product_id.points_type == "loypay"
            and self.points_gross <= 0
            and (self.points_quantity > 0 or self.points_gross < 0)
            and not self._points_is_refund()
            and not self._points_is_redeemed_before()
            and bool(self.points_voucher_code or self._points_reward())
        )

    def _points_is_redeemed_before(self) -> bool:
        """Tell whether the line settles what a sales order has redeemed points for."""
        ordered = self.sudo().sale_order_line_id
        return bool(ordered) and ordered._points_is_redeemed()

    def _points_redeemed_before(self):
        """Return the money that a sales order's points pay of the line."""
        if not self._points_is_redeemed_before() or self._points_is_refund():
            return ZERO
        money = self.order_id._points_money(-self.points_gross)
        worth = self.order_id._points_money(-self.sudo().sale_order_line_id.price_total)
        return max(min(money, worth), ZERO)

    def _points_takes_too_much(self) -> bool:
        """Tell whether a LOYPAY lowers the order by more than its reward gives.

        Vouchers say so themselves; a LOYPAY without reward gives nothing at all.
        """
        is_loypay = self.product_id.points_type == "loypay"
        if not is_loypay or self._points_is_redeemed_before():
            return False
        if not self._points_is_taking() or self.points_voucher_code:
            return self._points_is_reduction()
        rounding = self.order_id.currency_id.rounding
        return self._points_uncovered() > exact(rounding)

    def _points_uncovered(self):
        """Return the money that the line takes off and neither reward nor voucher pays.

        What pays money takes more points for more of it; a gift pays for its product,
        a voucher what it is worth, and buying a voucher nothing.
        """
        if not self._points_is_taking():
            return ZERO
        money = self.order_id._points_money(-self.points_gross)
        if self.points_voucher_code:
            return max(money - self._points_voucher_worth(), ZERO)
        _program, reward = self._points_reward()
        if reward.is_money:
            return ZERO
        gifts = self.order_id.lines.filtered(
            lambda line: line.product_id.id == reward.gift and line._points_is_sold()
        )
        prices = (line.points_gross / line.points_quantity for line in gifts)
        worth = max(self.points_quantity, 0.0) * max(prices, default=0.0)
        return max(money - exact(worth), ZERO)

    def _points_voucher_worth(self):
        order = self.order_id
        return self.env["points.voucher"]._get_worth_of(
            self.points_voucher_code,
            order.company_id,
            order.currency_id,
            order._points_date(),
            order._points_root(),
        )

    def _points_gives_voucher(self) -> bool:
        """Tell whether the line buys vouchers with points."""
        found = self._points_is_taking() and self._points_reward()
        return bool(found) and found[1].kind == "voucher"

    def _points_reward(self):
        """Return (program, reward) that the line stands for; None: no reward.

        A browser may name another reward than the product's: then the product
        tells, so that nobody pays with the points of a cheaper one.
        """
        order, product_id = self.order_id, self.product_id.id
        programs = self.env["points.program"]._get_facts(order.company_id.id)
        found = [
            (program, reward)
            for program in programs
            for reward in program.rewards
            if reward.product == product_id
        ]
        named = [pair for pair in found if pair[1].id == self.points_reward_id.id]
        return next(iter(named or found), None)

    def _points_refunded(self):
        """Return the lines that these lines take back."""
        return self.points_original_id

    def _points_original(self):
        """Return the lines these lines take back, followed to the end."""
        refunded = self._points_refunded()
        return refunded and (
            refunded.filtered(lambda line: not line._points_is_refund())
            | refunded._points_original()
        )

    def _points_refunded_orders(self):
        """Return the orders these lines take back from, the nearest first."""
        refunded = self._points_refunded()
        orders = refunded.order_id.sorted("id", reverse=True)
        return orders | refunded._points_refunded_orders() if refunded else orders

    # === POINTS: AMOUNTS === #

    def _points_amounts(self) -> dict:
        """Return (quantity, gross, net) by line, signed by what it does to the order.

        In the order's currency, as the server computes them.
        """
        return {
            line: (
                line.order_id._points_quantity(line.points_quantity),
                line.order_id._points_money(line.points_gross),
                line.order_id._points_money(line.points_net),
            )
            for line in self
        }

    def _points_beside_products(self) -> tuple[Reduction, Reduction]:
        """Return what these lines charge beside products, and what lowers all."""
        others, delivery, discounts = Reduction(), Reduction(), []
        for line, (_quantity, gross, net) in self._points_amounts().items():
            if line._points_is_reduction():
                discounts.append(Reduction(-gross, max(-net, ZERO)))
            elif not line._points_is_other():
                continue
            elif line._points_is_delivery():
                delivery += Reduction(gross, net)
            else:
                others += Reduction(gross, net)
        return apart(others, delivery, discounts)

    def _points_other_products(self):
        """Return what these lines charge beside products, and none of them sells."""
        others = self.filtered(lambda line: line._points_is_other()).product_id
        return others - self.filtered(lambda line: line._points_is_sold()).product_id

    def _points_owed(self):
        """Return the money that the line costs, discounts negative; what is no sale 0.

        Products that are taken again after they had come back cost as well.
        """
        money = self.order_id._points_money(self.points_gross)
        if self._points_is_refund():
            return max(money, ZERO)
        is_cost = (
            self._points_is_sold()
            or self._points_is_other()
            or self._points_is_reduction()
            or self._points_is_repaying()
        )
        if self.points_voucher_code:
            return -self._points_uncovered()
        return money if is_cost else ZERO

    def _points_credit(self):
        """Return the money that a line rightly takes off its order beside discounts.

        What comes back is worth what was paid for it and did not come back before, a
        down payment what was paid of it; a sale is worth nothing here.
        """
        money = max(self.order_id._points_money(-self.points_gross), ZERO)
        if not money:
            return ZERO
        if self._points_is_refund():
            return min(money, self.points_original_id._points_worth_back(self))
        if self._points_is_down_payment():
            return min(money, self.sale_order_line_id._points_deposit(self))
        if self._points_is_taking():
            return money - self._points_uncovered()
        if self._points_is_redeemed_before():
            return self._points_redeemed_before()
        is_credit = self.points_is_paying or self._points_is_unknown()
        return money if is_credit else ZERO

    def _points_charge(self) -> Charge | None:
        """Return what the line charges, for what points can pay of it; None: nothing.

        What is a means of payment lowers only what is left to pay.
        """
        order, gross = self.order_id, self.order_id._points_money(self.points_gross)
        ordered = self.sudo().sale_order_line_id
        if self._points_is_redeemed_before() and not self._points_is_refund():
            return ordered._points_redeemed_charge(order, gross, PAID)
        if self._points_is_taking():
            pair = None if self.points_voucher_code else self._points_reward()
            gift = self.product_id.browse(pair and pair[1].gift or ())
            return order._points_prepare_charge(GIFT, gross, gift) if gift else None
        if self._points_is_repaying():
            return None
        if gross < 0 and (self.points_is_paying or self._points_is_down_payment()):
            return None
        part = PRODUCT if self._points_is_product() else OTHER
        if self._points_is_delivery() and not self._points_is_refund():
            part = DELIVERY
        combo, counts_as = self.combo_parent_id.product_id, self._points_counts_as()[0]
        return order._points_prepare_charge(
            part, gross, self.product_id, combo, counts_as
        )

    def _points_worth_back(self, refund):
        """Return what of the money paid for this line a refund may still give back.

        In the refund's currency.
        """
        order = self.order_id
        before = self._points_refund_lines().filtered(lambda line: line.id < refund.id)
        left = exact(abs(self.points_gross) * order.sudo().points_share)
        left = max(left - exact(abs(sum(before.mapped("points_gross")))), ZERO)
        source, target = order.currency_id, refund.order_id.currency_id
        company, date = refund.order_id.company_id, refund.order_id._points_date()
        return multiply(left, currency_rate(source, target, company, date))

    def _points_say_deposits(self):
        """Yield which of these lines take off a down payment that was not made."""
        for line in self:
            if not line._points_is_down_payment() or line._points_is_refund():
                continue
            money, paid = -exact(line.points_gross), line._points_credit()
            if paid < money:
                currency = line.order_id.currency_id
                yield say_deposit(line.product_id, currency, money, paid)

    # === POINTS: SPENDING === #

    def _points_takings(self, came_back) -> list[Taking]:
        """Return what these lines take from accounts, as far as it still stands.

        :param came_back: (quantity, money) by LOYPAY product that credit notes of
            the invoice took back
        """
        lines = self.filtered(lambda line: line._points_is_taking())
        amounts = (lines | lines._points_refund_lines())._points_amounts()
        takings = []
        for line in lines:
            quantity, gross, _net = amounts[line]
            quantity = max(quantity, ZERO)
            back, money = ZERO, ZERO
            for refund in line._points_refund_lines():
                # What was not paid again does not come back.
                share = refund._points_paid_part()
                back -= multiply(amounts[refund][0], share)
                money += multiply(amounts[refund][1], share)
            # Credit notes name products: the first lines of one come back first.
            more, more_money = came_back.get(line.product_id.id, (ZERO, ZERO))
            taken = min(more, quantity - back)
            taken_money = min(more_money, -gross - money)
            rest = (more - taken, more_money - taken_money)
            came_back[line.product_id.id] = rest
            kept = quantity - back - taken
            if gross:
                # The money that was paid again tells: quantities are rounded.
                left = line._points_money_left(-gross - money - taken_money, kept)
                kept = ratio(quantity, left, -gross)
            takings.append(line._points_taking(quantity, -gross, kept))
        return takings

    def _points_money_left(self, money, kept):
        """Return what is left of the money of a line that takes points.

        Of a line that came back nothing is left but what rounding its parts left.
        """
        rounding = exact(self.order_id.currency_id.rounding, 6)
        rounding *= len(self._points_refund_lines()) + 1
        return ZERO if kept <= 0 and abs(money) <= rounding else money

    def _points_taking(self, quantity, money, kept) -> Taking:
        values = {"key": str(self.id), "quantity": quantity, "kept": kept}
        pair = None if self.points_voucher_code else self._points_reward()
        return taking_of(self.order_id, self, pair, money, **values)

    # === POINTS: RETURNS === #

    def _points_sold(self, line, coin) -> SoldLine:
        """Return the line as returns are taken off it; ``line`` is how it counts."""
        return SoldLine(
            line.key,
            self.product_id.id,
            self.order_id._points_quantity(self.points_quantity),
            line.gross,
            line.net,
            coin=coin,
        )

    def _points_came_back(
        self,
    ) -> tuple[tuple[ReturnedLine, ...], Reduction, Reduction]:
        """Return what paid refunds took back; refunds of refunds add it again.

        :return: products, what lowered the order, and what else it charged
        """
        lines, reduction, others = [], Reduction(), Reduction()
        refunds_of = {original: original._points_refund_lines() for original in self}
        amounts = self.browse().union(*refunds_of.values())._points_amounts()
        for original, refunds in refunds_of.items():
            for refund in refunds:
                share = refund._points_paid_part()
                quantity, line_gross, line_net = (
                    multiply(amount, share) for amount in amounts[refund]
                )
                if original._points_is_reduction():
                    reduction += Reduction(line_gross, line_net)
                elif original._points_is_other():
                    others += Reduction(-line_gross, -line_net)
                elif original._points_is_sold():
                    lines.append(
                        ReturnedLine(
                            original.product_id.id,
                            -quantity,
                            -line_gross,
                            -line_net,
                            key=str(original.id),
                        )
                    )
        return tuple(lines), reduction, others

    def _points_paid_part(self):
        """Return which part of a refund counts: of what is bought again, what was paid.

        Money that comes back has been paid out; money that is owed may not be paid.
        """
        is_owed = self.points_gross > 0
        return exact(self.order_id.sudo().points_share, 12) if is_owed else ONE

    def _points_refund_lines(self):
        """Return the lines of paid orders that take back these lines, and theirs."""
        refunds = self.refund_orderline_ids | self._points_open_refunds()
        refunds = refunds.filtered(lambda line: line._points_is_refund())
        if not refunds:
            return refunds
        paid = refunds.filtered(lambda line: line.order_id._points_stands())
        return paid | refunds._points_refund_lines()

    def _points_open_refunds(self):
        """Return those of an order that a register asks about, and is not stored."""
        order = self.env.context.get("points_open_order")
        lines = order.lines if order else self.browse()
        return lines.filtered(lambda line: line.points_original_id in self).with_env(
            self.env
        )

    def _points_is_unknown(self) -> bool:
        """Tell whether products come back without naming what they were sold by."""
        return (
            self.points_quantity < 0
            and self.points_gross <= 0
            and not self._points_is_refund()
            and self._points_is_product()
        )

    def _points_unknown(self) -> tuple[ReturnedLine, ...]:
        """Return products that came back without naming what they were sold by."""
        came_back = self.filtered(lambda line: line._points_is_unknown())
        return tuple(
            ReturnedLine(line.product_id.id, *map(abs, amounts))
            for line, amounts in came_back._points_amounts().items()
        )
