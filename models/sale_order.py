from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..checks.why_checker import WhyChecker
from ..engine.basket import Basket
from ..engine.numbers import exact
from ..engine.roots import return_root, root_of
from ..engine.sales import Return, Sale, left_of

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

    @api.depends("partner_id", "company_id")
    def _compute_points_progress_text(self):
        # An order that is not saved may name any company, whoever asks.
        companies = self.env.user.company_ids
        for order in self:
            partners = order.partner_id | order.partner_id.commercial_partner_id
            accounts = partners.sudo().points_account_ids.filtered(
                lambda account, company=order.company_id & companies: (
                    company
                    and account.program_id._serves(company)
                    and company.points_active
                    and account.state == "active"
                )
            )
            order.points_progress_text = "\n".join(
                account._get_summary_text() for account in accounts
            )

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
        result = super().write(vals)
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

    # === ACTION METHODS === #

    def action_why_no_points(self):
        """List why this sale has no points, or not more (X-30)."""
        self.ensure_one()
        self.check_access("read")
        findings = WhyChecker(self.env).check_sale_order(self)
        title = self.env._("Why No Points? %s", self.display_name)
        return self.env["points.check"]._show(title, findings)

    # === POINTS: WHEN IT IS SETTLED === #

    def _points_follow(self, is_new=False):
        """Settle these orders before the transaction ends, once for all that changes.

        :param is_new: they are confirmed just now; else only what is decided follows
        """
        precommit = self.env.cr.precommit
        waiting = precommit.data.setdefault("points.sale.order", {})
        if self and not waiting:
            precommit.add(self._points_settle_followed)
        for order in self:
            waiting[order.id] = is_new or waiting.get(order.id, False)

    def _points_follow_edited(self):
        """Settle those whose lines count: what a draft sells is settled later."""
        self.filtered(lambda order: order.state == "sale")._points_follow()

    @api.model
    def _points_settle_followed(self):
        waiting = self.env.cr.precommit.data.pop("points.sale.order", {})
        for is_new in (True, False):
            ids = [order_id for order_id, new in waiting.items() if new == is_new]
            orders = self.sudo().browse(ids).exists()
            orders._points_concerned()._points_settle(is_new)

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
            lambda order: order.company_id in crediting or order._points_has_documents()
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
        is_counted = self.state == "sale"
        return self.points_document_ids if is_counted else self.points_document_ids[:0]

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
        if not basket.lines and not self._points_has_documents():
            return []
        lines = [line for line in self.order_line if str(line.id) in left[root].kept]
        told = [] if is_rest else lines
        return [
            self._points_state(
                root,
                basket,
                left[root] if basket.lines else None,
                True,
                twins={str(line.id): line._points_twins() for line in told},
                ordered_at={str(line.id): self.date_order for line in lines},
            )
        ]

    def _points_basket(self) -> Basket:
        """Return the products that are ordered, discounts on the order taken apart.

        What was invoiced beyond it counts too; what a register sold of it does not.
        """
        self.ensure_one()
        sold = []
        for line in self.order_line._points_products():
            quantity, gross, net = line._points_sold_amounts()
            if gross >= 0 and quantity > 0:
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
                        is_direct=line._points_is_direct(),
                    )
                )
        others, reduction = self.order_line._points_beside_products()
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

    def _points_sale(self, basket: Basket) -> Sale:
        coin = exact(self.currency_id.rounding, 6)
        by_key = {str(line.id): line for line in self.order_line}
        lines = tuple(
            by_key[line.key]._points_sold(line, coin) for line in basket.lines
        )
        return Sale(self._points_root(), lines, basket.reduction, basket.others)

    # === POINTS: RETURNS === #

    def _points_family(self):
        """Return this order and those on one invoice with it that has credit notes."""
        credited = self._points_credits().reversed_entry_id
        return self | credited.invoice_line_ids.sale_line_ids.order_id.sorted("id")

    def _points_credits(self):
        """Return the posted credit notes that give back what these orders sold."""
        moves = self.order_line.invoice_lines.move_id
        return (moves | moves.reversal_move_ids).filtered(
            lambda move: (
                move.move_type == "out_refund"
                and move.state == "posted"
                and not move.pos_order_ids
            )
        )

    def _points_returns(self) -> list[Return]:
        """Return what was given back of these orders, in order of its documents."""
        roots = frozenset(order._points_root() for order in self)
        returns = []
        for credit in self._points_credits().sorted("id"):
            invoice = credit.reversed_entry_id
            lines, *money = credit._points_given_back(1, invoice)
            root = return_root(credit._points_root())
            returns.append(Return(root, lines, roots, *money))
        for order in self:
            lines = order.order_line._points_delivered_back()
            root = order._points_root()
            returns.append(Return(return_root(root), lines, frozenset({root})))
        return returns
