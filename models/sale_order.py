from __future__ import annotations

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ..checks.why_checker import WhyChecker
from ..engine.basket import Basket, Reduction
from ..engine.numbers import ZERO, exact, multiply
from ..engine.returning import ReturnedLine
from ..engine.roots import return_root, root_of
from ..engine.sales import Return, Sale, left_of, without_again
from ..redemption.sale_redemption import SaleRedemption
from ..settlement.program_facts import currency_rate
from ..settlement.takings import redeemed_of
from ..wording.sentences import say_money

#: Tells who sells that the points of a quotation are gone.
_POINTS_GONE = "customer_points.mail_activity_type_points_gone"
#: Its customer may still sign or pay it.
_QUOTATION = ("draft", "sent")
#: Who an order is for: the customer's points pay for it.
_CUSTOMER = frozenset(("partner_id", "partner_invoice_id"))
#: What may give an order another currency.
_CURRENCY = frozenset(("pricelist_id", "currency_id", "company_id"))
#: What of an order changes its points.
_TOLD = frozenset(
    (
        "state",
        "partner_id",
        "partner_invoice_id",
        "company_id",
        "currency_id",
        "date_order",
        "order_line",
        "user_id",
    )
)


class SaleOrder(models.Model):
    """A sales order: the root of what it sells, where programs credit orders.

    What is invoiced beyond it counts too; credit notes and returned deliveries take
    back. What a register sells of it belongs to the register's order.
    """

    _name = "sale.order"
    _inherit = ["sale.order", "points.origin"]

    points_document_ids = fields.One2many(
        "points.document", "sale_order_id", groups="customer_points.group_points_user"
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
        help="What this order will earn, what that is worth, and how much more "
        "reaches the next target or reward.",
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "partner_invoice_id", "company_id")
    def _compute_points_progress_text(self):
        for order in self:
            order.points_progress_text = order._points_say_progress()

    @api.depends(
        "state",
        "partner_id",
        "partner_invoice_id",
        "company_id",
        "currency_id",
        "user_id",
        "order_line.product_id",
        "order_line.product_uom_qty",
        "order_line.product_uom_id",
        "order_line.price_total",
        "order_line.discount",
    )
    @api.depends_context("lang", "uid")
    def _compute_points_to_earn_text(self):
        for order in self:
            order.points_to_earn_text = order._points_say_to_earn()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sale")._points_follow(is_new=True)
        return orders

    def write(self, vals):
        confirmed = self.filtered(lambda order: order.state == "sale")
        if vals.get("state") == "sale":
            (self - confirmed)._points_check_redeemed()
        before = {}
        if not vals.keys().isdisjoint(_CUSTOMER | _CURRENCY):
            before = {
                order: (order._points_customers(), order.currency_id, order.company_id)
                for order in self - confirmed
            }
        result = super().write(vals)
        for order, (customers, *priced_in) in before.items():
            if order._points_customers() != customers:
                order._points_drop_rewards()
            elif [order.currency_id, order.company_id] != priced_in:
                SaleRedemption(order).redeem_again()
        if not vals.keys().isdisjoint(_CUSTOMER):
            # What was invoiced of cancelled orders counts.
            counted = (self - confirmed).sudo()
            counted.filtered(
                lambda order: order._points_has_documents()
            )._points_follow()
        if vals.get("state") == "cancel":
            (self - confirmed)._points_release()
        if not vals.keys().isdisjoint(_TOLD):
            confirmed._points_follow()
            now = (self - confirmed).filtered(lambda order: order.state == "sale")
            now._points_follow(is_new=True)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_points(self):
        if self.sudo().points_document_ids:
            raise UserError(
                self.env._("An order with points cannot be deleted: cancel it instead.")
            )
        self._points_release()
        self._points_forget()

    # === SALE METHODS === #

    def _get_copiable_order_lines(self):
        """Leave out what redeems points: the copy would redeem them again."""
        lines = super()._get_copiable_order_lines()
        return lines.filtered(lambda line: not line._points_is_redeemed())

    def _get_update_prices_lines(self):
        lines = super()._get_update_prices_lines()
        return lines.filtered(lambda line: not line._points_is_redeemed())

    def _get_invoiceable_lines(self, final=False):
        """Leave points to an invoice that charges something as well."""
        lines = super()._get_invoiceable_lines(final)
        redeemed = lines.filtered(lambda line: line._points_is_redeemed())
        charged = (lines - redeemed).filtered(lambda line: not line.display_type)
        return lines if charged else lines - redeemed

    def _validate_order(self):
        """Let customers sign only with the points that their quotations redeem."""
        self._points_check_customers()
        return super()._validate_order()

    # === ACTION METHODS === #

    def action_why_no_points(self):
        """List why this sale has no points, or not more (X-30)."""
        self.ensure_one()
        self.check_access("read")
        findings = WhyChecker(self.env).check_sale_order(self)
        title = self.env._("Explain Points: %s", self.display_name)
        return self.env["points.check"]._show(title, findings)

    def action_redeem_points(self):
        """Open what the customer's points can be redeemed for (L-10)."""
        self.ensure_one()
        return self.env["points.redeem"]._open(self)

    def action_confirm(self):
        """Show what can be redeemed first, where the shop says so (L-10).

        Only the button of the form asks for it; whoever else confirms is not asked.
        """
        order = self.with_context(points_offer=False)
        if self.env.context.get("points_offer") and order._points_has_offer():
            return self.env["points.redeem"]._open(order, confirms=True)
        return super(SaleOrder, order).action_confirm()

    # === POINTS: REDEEMING === #

    def _points_has_offer(self) -> bool:
        """Tell whether an order is asked what to redeem before it is confirmed."""
        is_one = len(self) == 1 and self.company_id.points_offer_rewards
        if not is_one or self._points_spends() or self._points_say_closed():
            return False
        accounts = SaleRedemption(self).summary()
        rewards = (reward for account in accounts for reward in account["rewards"])
        return any(not reward["refusal"] for reward in rewards)

    def _points_redeemed_lines(self):
        return self.order_line.filtered(lambda line: line._points_is_redeemed())

    def _points_booked_lines(self):
        """Return the lines whose points are booked already."""
        lines = self._points_redeemed_lines()
        return lines.filtered(lambda line: line._points_is_settled())

    def _points_book_redeemed(self):
        """Take what a confirmed order redeems before it may redeem more."""
        self.filtered(lambda order: order.state == "sale")._points_settle()

    def _points_check_redeemed(self):
        """Let orders be confirmed only with the points that they redeem.

        They are checked as a sum: what one order takes the next one cannot.

        :raise UserError: naming the order
        """
        for order in self.sudo():
            if refused := order._points_refuse_redeemed():
                raise UserError(refused)

    def _points_refuse_redeemed(self) -> str:
        """Set aside anew what the order redeems; return why not, empty: it is."""
        if not self._points_redeemed_lines():
            return ""
        reason = SaleRedemption(self).hold_again()
        if not reason:
            self.activity_unlink([_POINTS_GONE])
            return self._points_say_overpaid()
        return self.env._(
            "%(order)s redeems points that are no longer available. "
            "%(reason)s Click Redeem Points, or remove the line.",
            order=self.display_name,
            reason=reason,
        )

    def _points_say_overpaid(self) -> str:
        """Return why points and vouchers cannot pay so much of it; empty: they can."""
        if not self._points_spends():
            return ""
        if self.amount_total >= 0:
            return self._points_redeemed_lines()._points_say_no_gift(self.order_line)
        return self.env._(
            "%(order)s would cost less than its points pay. Remove the redemption line "
            "first.",
            order=self.display_name,
        )

    def _points_customers(self):
        """Return whose points may pay: who is invoiced, and who bought."""
        return self._points_partner() | self._points_buyer()

    def _points_drop_rewards(self):
        """Take off what another customer's points were to pay."""
        order = self.sudo()
        lines = order._points_redeemed_lines().filtered(
            lambda line: line.points_reward_id and not line.invoice_lines
        )
        if lines:
            lines.unlink()
            order._message_log(
                body=self.env._(
                    "The customer was changed: redeemed points were restored."
                )
            )

    def _points_release(self):
        """Give back what these orders have set aside."""
        for order in self.sudo():
            if order._points_redeemed_lines():
                SaleRedemption(order).release()

    def _points_say_closed(self) -> str:
        """Return why nothing can be redeemed on the order any more; empty: it can."""
        if self.state == "cancel":
            return self.env._("The order is cancelled.")
        if self.locked:
            return self.env._("The order is locked: unlock it first.")
        return ""

    def _points_total_before(self):
        redeemed = sum(self._points_redeemed_lines().mapped("price_total"))
        return self._points_money(self.amount_total - redeemed)

    def _points_add_lines(self, vals_list):
        """Write lines at the end of the order; return them."""
        last = max(self.order_line.mapped("sequence"), default=10)
        lines = [{**vals, "order_id": self.id, "sequence": last} for vals in vals_list]
        return self.env["sale.order.line"].create(lines)

    def _points_spends(self) -> bool:
        return bool(self._points_redeemed_lines())

    def _points_takings(self) -> list:
        takings, is_rest = [], self._points_is_rest()
        for line in self._points_redeemed_lines():
            amounts = line._points_sold_amounts() if is_rest else line._points_amounts()
            quantity, gross, _net = amounts
            if quantity > 0:
                given_back = quantity, -gross
                if is_rest:
                    given_back = ZERO, ZERO
                elif line._points_is_charged():
                    given_back = line._points_given_back()
                amounts = quantity, -gross
                takings.append(line._points_taking(self, amounts, given_back))
        return takings

    # === POINTS: CUSTOMERS WHO SIGN AND PAY === #

    def _points_check_customers(self):
        """Refuse what customers sign or pay whose points are gone; tell who sells.

        :raise UserError: what the customer reads
        """
        for order in self.sudo():
            refused = order._points_for_seller()._points_refuse_redeemed()
            if refused:
                # What the customer does is undone, but not this.
                with self.env.registry.cursor() as cr:
                    told = order.with_env(order.env(cr=cr)).exists()
                    told._points_for_seller()._points_tell_seller(refused)
                raise UserError(order._points_say_gone())

    def _points_check_paying(self):
        """Let quotations be paid only with their points, and keep these meanwhile.

        :raise UserError: what the customer reads
        """
        quotations = self.sudo().filtered(lambda order: order.state in _QUOTATION)
        quotations._points_check_customers()
        for order in quotations:
            if order._points_spends():
                SaleRedemption(order).keep()

    def _points_refuse_paid(self) -> str:
        """Return why a quotation is not confirmed though it is paid; empty: it is.

        The payment counts all the same; who sells is told what to do.
        """
        is_open = len(self) == 1 and self.state in _QUOTATION
        if not is_open or not self._is_confirmation_amount_reached():
            return ""
        order = self._points_for_seller()
        refused = order._points_refuse_redeemed()
        if refused:
            order._points_tell_seller(refused)
        return refused

    def _points_for_seller(self):
        """Return the order as who sells it reads it, whoever has caused that."""
        order = self.with_user(SUPERUSER_ID).with_company(self.company_id)
        return order.with_context(lang=order._points_seller().lang or self.env.lang)

    def _points_tell_seller(self, refused):
        """Schedule what there is to do, once: asking again says it anew."""
        if self.amount_paid:
            refused += " " + self.env._(
                "The customer has paid %(amount)s: agree on the rest and confirm the "
                "order, or refund the payment.",
                amount=say_money(self.currency_id, self.amount_paid),
            )
        activity = self.activity_search([_POINTS_GONE])
        if activity:
            activity.note = refused
            return
        creator = self.create_uid.filtered(lambda user: not user.share)
        seller = self._points_seller() or creator
        self.activity_schedule(_POINTS_GONE, note=refused, user_id=seller.id)

    def _points_say_gone(self) -> str:
        """Return what the customer reads whose points cannot pay the quotation."""
        if self._points_say_overpaid():
            return self.env._(
                "The points that this quotation redeems no longer fit its products. "
                "Your salesperson has been told."
            )
        return self.env._(
            "The points that this quotation redeems are no longer available. "
            "Your salesperson has been told."
        )

    def _points_say_waiting(self) -> str:
        """Return what the customer of a quotation was told, while it is true.

        Looking at its page sets nothing aside.
        """
        is_told = self.state in _QUOTATION and self.activity_search([_POINTS_GONE])
        is_gone = is_told and (
            self._points_say_overpaid() or not SaleRedemption(self).is_held()
        )
        return self._points_say_gone() if is_gone else ""

    # === POINTS: WHEN IT IS SETTLED === #

    def _points_follow_edited(self):
        """Settle those whose lines count: what a draft sells is settled later."""
        confirmed = self.filtered(lambda order: order.state == "sale")
        for order in confirmed:
            if refused := order._points_say_overpaid():
                raise UserError(refused)
        confirmed._points_follow()

    def _points_concerned(self):
        """Return which of these orders may have points: most shops credit invoices."""
        Program = self.env["points.program"]
        crediting = {
            company
            for company in self.company_id
            for facts in Program._get_facts(company.id)
            if facts.terms.credit_on == "order"
        }
        return self.filtered(
            lambda order: (
                order.company_id in crediting
                or order._points_spends()
                or order._points_has_documents()
            )
        )

    # === POINTS: WHAT THE ORDER ANSWERS === #

    def _points_root(self):
        return root_of("so", self._origin.id or 0)

    def _points_document_field(self):
        return "sale_order_id"

    def _points_own_lines(self):
        return self.order_line

    def _points_stands(self) -> bool:
        """Tell whether what is ordered counts: it is confirmed, or somebody asks."""
        is_tried = self.env.context.get("points_preview") is True
        return self.state == "sale" or is_tried or self._points_is_previewed()

    def _points_is_rest(self) -> bool:
        """Tell whether somebody asks what is still to be invoiced of the order."""
        return self.state == "sale" and self._points_is_previewed()

    def _points_to_earn_how(self):
        """Ask about quotations, and what is not invoiced of confirmed orders."""
        ways = {"draft": {}, "sent": {}, "sale": {"is_anew": True}}
        return ways.get(self.state)

    def _points_partner(self):
        """Return who is invoiced, whoever is shipped to (C-18)."""
        return self.partner_invoice_id

    def _points_buyer(self):
        return self.partner_id

    def _points_credited_later(self, credit_on):
        return "" if credit_on == "order" else credit_on

    def _points_printed_documents(self):
        documents = super()._points_printed_documents()
        if self.state != "sale":
            return documents.browse()
        # What credit notes change, they print themselves.
        return documents.filtered(lambda document: not document.move_id)

    def _points_date(self):
        """Return the day of the order where its company is.

        What is not confirmed, or not invoiced yet, will be today at the earliest.
        """
        moment = self.date_order
        if self._points_is_previewed():
            moment = fields.Datetime.now()
        return self.company_id._get_points_time(moment, self.user_id).date()

    def _points_seller(self):
        return self.user_id

    def _points_why_not(self):
        if self.state != "sale":
            return self.env._("It is not confirmed yet.")
        return super()._points_why_not()

    def _points_root_states(self):
        """Return what the order stands for, after all that was given back of it."""
        self.ensure_one()
        is_rest = self._points_is_rest()
        orders = self if is_rest else self._points_family()
        baskets = {order: order._points_basket() for order in orders}
        sold = [order._points_sale(basket) for order, basket in baskets.items()]
        left, _unknown = left_of(sold, [] if is_rest else orders._points_returns())
        basket, root = baskets[self], self._points_root()
        takings = () if is_rest else tuple(self._points_takings())
        stands = any(taking.kept for taking in takings)
        if not basket.lines and not takings and not self._points_has_documents():
            return []
        lines = [line for line in self.order_line if str(line.id) in left[root].kept]
        told = [] if is_rest else lines
        return [
            self._points_state(
                root,
                basket,
                left[root] if basket.lines or stands else None,
                True,
                takings=takings,
                twins={str(line.id): line._points_twins() for line in told},
                paid=self._points_paid_later(),
                ordered_at={str(line.id): self.date_order for line in lines},
            )
        ]

    def _points_basket(self) -> Basket:
        """Return the products that are ordered, discounts on the order taken apart.

        What was invoiced beyond it counts too; what a register sold of it does not.
        """
        self.ensure_one()
        # What credit notes give back of them is taken off by returns, as products are.
        charged = {
            str(line.id)
            for line in self._points_redeemed_lines()
            if line._points_is_charged()
        }
        takings = self._points_takings()
        standing = [taking for taking in takings if taking.key in charged]
        sold, (redeemed, gifts) = [], redeemed_of(standing)
        for line in self.order_line._points_products():
            quantity, gross, net = line._points_sold_amounts()
            if gross >= 0 and quantity > 0:
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
                        direct=line._points_direct(quantity),
                        redeemed=gift,
                    )
                )
        others, reduction = self.order_line._points_beside_products()
        if not self._points_is_rest():
            redeemed += self._points_paid_later()
        reduction += Reduction(redeemed=redeemed + sum(gifts.values(), ZERO))
        return Basket(self._points_date(), tuple(sold), reduction, others=others)

    def _points_shared_cents(self) -> dict:
        """Return (gross, net) by line where lines do not add up to what is to be paid.

        Taxes are rounded once for all lines: the cents that this leaves over are
        shared out as Odoo does it on the invoice.
        """
        lines, currency = self._get_priced_lines(), self.currency_id
        gross, net = (
            sum(lines.mapped(name)) for name in ("price_total", "price_subtotal")
        )
        if currency.is_zero(gross - self.amount_total) and currency.is_zero(
            net - self.amount_untaxed
        ):
            return {}
        Tax, company = self.env["account.tax"], self.company_id
        base_lines = [line._prepare_base_line_for_taxes_computation() for line in lines]
        base_lines += self._add_base_lines_for_early_payment_discount()
        Tax._add_tax_details_in_base_lines(base_lines, company)
        Tax._round_base_lines_tax_details(base_lines, company)
        return self._points_amounts_of(base_lines)

    def _points_paid_later(self):
        """Return what points paid of the order's invoices: by payments and rewards."""
        paid, lines = ZERO, self.order_line.invoice_lines
        for invoice in lines.move_id:
            if invoice.state == "posted" and invoice.move_type == "out_invoice":
                company, day = invoice.company_id, invoice._points_date()
                source, target = invoice.currency_id, self.currency_id
                own = lines & invoice.invoice_line_ids
                part = invoice._points_paid_of(own) + invoice._points_rewarded_of(own)
                if part:
                    rate = currency_rate(source, target, company, day)
                    paid += multiply(part, rate)
        return paid

    def _points_is_as_ordered(self) -> bool:
        """Tell whether the order stands for the same, invoiced or not.

        No invoice charges more of it, gives anything back or has rewards of its own.
        """
        return not (
            self._points_giving_back()
            or self._points_paid_later()
            or any(line._points_is_exceeded() for line in self.order_line)
        )

    def _points_sale(self, basket: Basket) -> Sale:
        coin = exact(self.currency_id.rounding, 6)
        by_key = {str(line.id): line for line in self.order_line}
        lines = tuple(
            by_key[line.key]._points_sold(line, coin) for line in basket.lines
        )
        return Sale(self._points_root(), lines, basket.reduction, basket.others)

    # === POINTS: RETURNS === #

    def _points_family(self):
        """Return this order and those on one invoice with it that gives back.

        Whichever of them is asked, they are the same ones, in the same order.
        """
        moves = self._points_giving_back()
        lines = (moves | moves.reversed_entry_id).invoice_line_ids
        family = self | lines.sale_line_ids.order_id
        return family._points_family() if family != self else family.sorted("id")

    def _points_giving_back(self):
        """Return credit notes of these orders, and invoices that take some off."""
        lowering = self.order_line._points_unlinked_credits()
        lowering = lowering.filtered(lambda move: move.move_type != "out_refund")
        return self._points_credits() | lowering

    def _points_credits(self):
        """Return the credit notes that give back what these orders sold.

        What reverses what reverses one, that one tells.
        """
        moves = self.order_line.invoice_lines.move_id
        return (moves | moves.reversal_move_ids).filtered(
            lambda move: (
                move.move_type == "out_refund"
                and not move.reversed_entry_id.reversed_entry_id
                and move._points_stands()
                and not move.pos_order_ids
            )
        )

    def _points_returns(self) -> list[Return]:
        """Return what was given back of these orders, in order of its documents."""
        returns = []
        for stored in self._points_giving_back().sorted("id"):
            move = stored._points_as_typed()
            invoice = move.reversed_entry_id or move
            sold = (move | invoice).invoice_line_ids.sale_line_ids._origin.order_id
            roots = frozenset(order._points_root() for order in self & sold)
            root = return_root(move._points_root())
            lines, *money = self._points_back_of(move)
            returns.append(Return(root, lines, roots, *money))
        if returns:
            returns = without_again(returns, *self._points_invoiced_again())
        for order in self:
            lines = order.order_line._points_delivered_back()
            root = order._points_root()
            returns.append(Return(return_root(root), lines, frozenset({root})))
        return returns

    def _points_back_of(self, move) -> tuple:
        """Return what a credit note gives back, or an invoice that takes some off.

        :return: products, what lowered them, and what else it charged, in the currency
            of the order
        """
        sale = move.reversed_entry_id or move
        source, target = sale.currency_id, self[:1].currency_id
        rate = currency_rate(source, target, sale.company_id, sale._points_date())
        if move.move_type == "out_refund":
            return move._points_given_back(1, move.reversed_entry_id, rate)
        returned = move.invoice_line_ids._points_returned()
        return returned._points_given_back(-1, rate)[0], Reduction(), Reduction()

    def _points_invoiced_again(self) -> tuple:
        """Return what was invoiced again after it came back.

        :return: products, what lowered them, and what else was charged
        """
        again, reduction, others = [], Reduction(), Reduction()
        for line in self.order_line:
            quantity, gross, net = line._points_invoiced_again()
            part = quantity and line._points_part()
            if part == "product":
                links, product_id = frozenset(line.ids), line.product_id.id or 0
                amounts = (quantity, gross, net)
                again.append(ReturnedLine(product_id, *amounts, links=links))
            elif part == "discount":
                reduction += Reduction(-gross, -net)
            elif part:
                others += Reduction(gross, net)
            elif quantity and line._points_is_redeemed():
                reduction += Reduction(redeemed=-gross)
        return again, reduction, others
