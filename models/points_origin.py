from __future__ import annotations

import logging

from odoo import api, fields, models

from ..checks.why_checker import WhyChecker
from ..engine.basket import FROM_STOCK, Basket, BasketLine, Kept, Reduction
from ..engine.numbers import ONE, ZERO, exact, multiply, round_points, text
from ..engine.payable import DELIVERY, DISCOUNT, GIFT, PRODUCT, Charge
from ..engine.sales import Left
from ..redemption.printed_points import PrintedPoints
from ..redemption.sale_preview import SalePreview
from ..settlement.document_state import RootState
from ..settlement.program_facts import currency_rate
from ..settlement.settlement import Settlement
from ..wording.sentences import say_moved, say_moved_by_program
from .points_review import CONFLICTS

_logger = logging.getLogger(__name__)

#: Decimals with which quantities and money of sales enter the engine.
_QUANTITY_DECIMALS = 6
_MONEY_DECIMALS = 4


class PointsOrigin(models.AbstractModel):
    """A sale that can earn: what it must answer, and how it is settled.

    An origin never says "add 15". It tells what its roots stand for now, and
    settling posts the difference to what was posted before (design 2.2).
    """

    _name = "points.origin"
    _description = "Source of Points"

    points_moved_text = fields.Char(
        string="Points in Ledger",
        compute="_compute_points_moved_text",
        groups="customer_points.group_points_user",
        help="What the ledger holds for it, program by program: points earned less "
        "those redeemed and returned.",
    )

    # === COMPUTE METHODS === #

    @api.depends("points_document_ids.entry_ids.points")
    @api.depends_context("lang")
    def _compute_points_moved_text(self):
        """Points and money of different programs do not add up."""
        moved = self.points_document_ids._read_moved()
        for sale in self:
            sale.points_moved_text = say_moved(
                part
                for document in sale.points_document_ids
                for part in moved[document]
            )

    # === WHAT AN ORIGIN ANSWERS === #

    def _points_root(self) -> str:
        """Return the key under which the ledger knows this sale, as pos:7."""
        raise NotImplementedError

    def _points_hold_key(self) -> str:
        """Return the key under which points are held while the sale is open."""
        return self._points_root()

    def _points_spends(self) -> bool:
        """Tell whether anything on the sale may take points or a voucher."""
        return False

    def _points_root_states(self) -> list:
        """Return a ``RootState`` for every root the lines of this sale touch."""
        raise NotImplementedError

    def _points_own_lines(self):
        """Return its lines that a person may change once it is paid; perhaps none."""
        return ()

    def _points_document_field(self) -> str:
        """Return the field of ``points.document`` that holds this kind of sale."""
        raise NotImplementedError

    def _points_date(self):
        """Return the day whose rules count (R-06)."""
        raise NotImplementedError

    def _points_partner(self):
        """Return the customer whose points it is about."""
        return self.partner_id

    def _points_buyer(self):
        """Return who bought, if that is another contact than the customer."""
        return self.env["res.partner"]

    def _points_seller(self):
        """Return the user who sold, perhaps none (X-04)."""
        raise NotImplementedError

    def _points_hour(self) -> int:
        """Return the hour of the sale; 0 where sales have a day only."""
        return 0

    def _points_channel(self) -> str:
        """Return where it was sold: ``pos`` or ``sale``."""
        return "sale"

    def _points_rate(self, facts):
        """Return what turns money of this sale into that of a program (R-07)."""
        target = self.env["res.currency"].browse(facts.currency_id)
        source, company = self.currency_id, self.company_id
        return currency_rate(source, target, company, self._points_date())

    def _points_takings(self) -> list:
        """Return what takes points of this sale, as far as it still stands."""
        return []

    def _points_repaid(self) -> dict:
        """Return the money that customers repay for missing points, tax included.

        By repayment product; what is paid back to them has a minus.
        """
        return {}

    def _points_refunded(self):
        """Return the money that it gives back for products, tax included."""
        return ZERO

    def _points_total_before(self):
        """Return what is to be paid before points, tax included."""
        raise NotImplementedError

    def _points_charges(self) -> tuple[Charge, ...]:
        """Return what its lines charge, for what points can pay of them."""
        charges = (line._points_charge() for line in self._points_own_lines())
        return tuple(filter(None, charges))

    @api.model
    def _points_prepare_charge(self, part, gross, product, combo=None, counts_as=None):
        """Return what a line charges, for what points can pay of it.

        A combo that says whether points can pay for it says so of its choices.

        :param counts_as: the product as which it earns: its combo, or itself
        """
        if gross < 0 and part not in (GIFT, DELIVERY):
            return Charge(DISCOUNT, gross)
        is_said = combo and combo.points_payable
        decides = combo if is_said else product
        earning = (counts_as or product).product_tmpl_id
        return Charge(
            part,
            gross,
            decides.id or 0,
            is_payable=decides.product_tmpl_id._points_is_payable(),
            is_excluded=part not in (PRODUCT, GIFT) or earning._points_is_excluded(),
        )

    def _points_formula_value(self, name):
        """Return what a variable of formulas says of this sale; None: not known.

        A module that adds a variable (``add_variable``) answers it here: a Decimal, a
        text, a bool, or a tuple of them.
        """
        return None

    def _points_is_previewed(self) -> bool:
        """Tell whether somebody asks what would be booked if this sale counted."""
        asked = self.env.context.get("points_preview")
        return bool(asked) and asked == self._points_root()

    def _points_as_typed(self):
        """Return this sale; the one that is asked about as somebody is typing it."""
        typed = self.env.context.get("points_typed")
        # What is sent by RPC is no record.
        if isinstance(typed, models.BaseModel) and typed._origin == self._origin:
            return typed.with_env(self.env)
        return self

    def _points_to_earn_how(self) -> dict | None:
        """Return how to ask what this sale will earn; None: nothing (any more).

        The dict is that of ``Context``: ``is_anew`` or ``is_new``.
        """
        return None

    def _points_credited_later(self, credit_on) -> str:
        """Return what points of this sale wait for: ``invoice`` or ``payment``.

        :param credit_on: when their program credits sales
        """
        return ""

    def _points_printed_documents(self):
        """Return the documents of points that this sale's own print is about."""
        return self.points_document_ids

    def _points_printed_entries(self):
        """Return rows of other documents that its print tells of as well."""
        return self.env["points.entry"]

    def _points_why_not(self) -> str:
        """Return why this sale cannot earn at all, whatever is on it (X-30)."""
        self.ensure_one()
        if not self.company_id.points_active:
            return self.env._("Customer Points is switched off: no points are earned.")
        if not self.partner_id:
            return self.env._("It has no customer: points belong to a customer.")
        return ""

    def _points_at_home(self):
        """Return this sale as its shop sees it, whoever settles it, and wherever.

        Where the company has no time zone, its day is that of who sold, as it is for
        the date of the order.
        """
        company = self.company_id
        zone = company._get_points_zone(self._points_seller())
        return self.with_company(company).with_context(tz=zone.zone)

    # === ACTION METHODS === #

    def action_why_no_points(self):
        """List why this sale has no points, or not more (X-30)."""
        self.ensure_one()
        self.check_access("read")
        findings = WhyChecker(self.env).check_sale(self)
        title = self.env._("Explain Points: %s", self.display_name)
        return self.env["points.check"]._show(title, findings)

    def action_recalculate_points(self):
        """Show what the rules of the document's date, as they are now, would give.

        It asks before anything is booked. What an archived program or a blocked
        customer has stays within what it had, and programs that did not run on that
        day do not count.

        :raise AccessError: for who is no manager of points
        """
        self._points_check_recalculate()
        sales = self.filtered(lambda sale: not sale.sudo()._points_why_not())
        question = self.env["points.recalculate"]
        found = question._try(sales)
        if not any(changes or why for _sale, changes, why in found):
            said = self.env._("No points to recalculate. See Explain Points.")
            return self._points_notify("warning", said)
        return question._ask(sales, found)

    def _points_check_recalculate(self):
        """Refuse who may not recalculate these sales.

        :raise AccessError: for who is no manager of points, or may not read them
        """
        self.env["points.account"]._check_manager({"balance"})
        self.check_access("read")

    @api.model
    def _points_notify(self, kind, message):
        """Return what closes a dialog with a message."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _points_say_earned(self) -> str:
        """Return what the ledger holds for these sales, program by program."""
        roots = [sale._points_root() for sale in self]
        sums = self.env["points.entry"]._read_group(
            [("root", "in", roots), ("kind", "in", ("earn", "return"))],
            ["program_id"],
            ["points:sum"],
        )
        said = say_moved_by_program(sums)
        return said or self.env._("No points. Click Explain Points.")

    def _points_say_to_earn(self) -> str:
        """Return what this sale will earn, program by program; empty: nothing.

        Forms show it, and prints: it never raises, and writes nothing.
        """
        return self._points_try(lambda sale: SalePreview(sale).say(), "")

    def _points_say_progress(self) -> str:
        """Return the points of its customer, account by account."""
        # What is not saved may name any company, whoever asks.
        company = self.company_id & self.env.user.company_ids
        partners = self._points_partner() | self._points_buyer()
        partners |= partners.commercial_partner_id
        accounts = partners.sudo().points_account_ids.filtered(
            lambda account: (
                company
                and account.program_id._serves(company)
                and company.points_active
                and account.state == "active"
            )
        )
        return "\n".join(account._get_summary_text() for account in accounts)

    def _points_get_printed(self) -> list[dict]:
        """Return what the print of this sale says of each account of the customer."""
        return self._points_try(lambda sale: PrintedPoints(sale).prepare(), [])

    def _points_try(self, ask, default):
        """Return what ``ask`` finds out about this sale, reading only.

        What fails is undone without dropping what a form holds that is not saved.
        """
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                return ask(self.sudo())
        except Exception:
            _logger.warning("Points of %s cannot be shown", self, exc_info=True)
            return default

    def action_view_points_documents(self):
        """Open the documents of points that this sale made."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_document_action"
        )
        return dict(action, domain=[(self._points_document_field(), "in", self.ids)])

    # === SETTLING === #

    def _points_settle(self, is_new=False):
        """Settle the points of these sales; never raises, never loses a sale.

        The sale's own pending writes are flushed first: their failure is the
        sale's. Everything after happens in a savepoint; what fails there is
        undone, remembered as a review and settled once the sale is stored:
        at once after a conflict with another sale, else by the cron.

        :param is_new: the sale was made just now, or has another customer: what it
            earns is decided. Else only what was decided follows what it is now.
        """
        sales = self.sudo().filtered(lambda sale: sale.company_id.points_active)
        (self.sudo() - sales)._points_settle_later()
        if not sales:
            return
        self.env.cr.flush()
        try:
            with self.env.cr.savepoint():
                sales._points_settle_now(is_new)
        except Exception as error:
            if len(sales) > 1:
                for sale in sales:
                    sale._points_settle(is_new)
                return
            is_conflict = isinstance(error, CONFLICTS)
            _logger.log(
                logging.INFO if is_conflict else logging.WARNING,
                "Points of %s are not settled yet",
                sales,
                exc_info=not is_conflict,
            )
            self.env["points.review"].sudo()._add_to_settle(sales, error, is_new)

    # === SETTLED WHEN THE TRANSACTION ENDS === #

    def _points_follow(self, is_new=False):
        """Settle these sales before the transaction ends, once for all that changes.

        :param is_new: what they earn is decided; else only what is decided follows
        """
        precommit = self.env.cr.precommit
        waiting = precommit.data.setdefault(f"points.{self._name}", {})
        if self and not waiting:
            precommit.add(self._points_settle_followed)
        for sale in self:
            waiting[sale.id] = is_new or waiting.get(sale.id, False)

    @api.model
    def _points_settle_followed(self):
        waiting = self.env.cr.precommit.data.pop(f"points.{self._name}", {})
        # What is new is settled first.
        for is_new in (True, False):
            ids = [sale_id for sale_id, known in waiting.items() if known is is_new]
            if ids:
                self.sudo().browse(ids)._points_concerned()._points_settle(is_new)

    def _points_concerned(self):
        """Return which of these sales may have points at all."""
        return self

    def _points_forget(self):
        """Settle these sales no more: they are deleted."""
        waiting = self.env.cr.precommit.data.get(f"points.{self._name}", {})
        for sale_id in self.ids:
            waiting.pop(sale_id, None)

    # === SETTLED LATER === #

    def _points_settle_later(self):
        """Remember what moves points while they are switched off; sales earn nothing.

        What takes points of a customer, or gives some back, is settled when they are
        on again.
        """
        Review = self.env["points.review"].sudo()
        for sale in self:
            try:
                with self.env.cr.savepoint():
                    why = self.env._("Customer Points was switched off.")
                    for origin in sale._points_sales_with_points():
                        # What takes points earns none.
                        is_new = not origin._points_spends()
                        Review._add_to_settle(origin, why, is_new)
            except Exception as error:
                _logger.warning("Points of %s are not settled", sale, exc_info=True)
                Review._add_to_settle(sale, error, is_new=False)

    def _points_sales_with_points(self):
        """Return which sales that this one is about have points, or take some."""
        of_company = [("company_id", "=", self.company_id.id)]
        Entry = self.env["points.entry"].sudo()
        if self._points_spends():
            return [self]
        if not self.env["points.document"].sudo().search_count(of_company, limit=1):
            return []
        states = self._points_root_states()
        roots = [state.root for state in states]
        known = Entry._read_group([("root", "in", roots)], ["root"])
        sales = [self.env["points.review"]._get_sale_of(root) for (root,) in known]
        # What came back without naming a sale, unless something is sold as well.
        sells = any(
            state.root == self._points_root() and not state.is_unknown
            for state in states
            if state.basket.lines
        )
        comes_back = any(state.is_unknown and state.basket.lines for state in states)
        return sales + [self] if comes_back and not sells else sales

    def _points_settle_now(self, is_new=True) -> str:
        """Settle these sales and let errors through: for the cron and for retries.

        :param is_new: as ``_points_settle`` has it
        :return: which programs could not be booked, and why; empty: all are settled
        """
        why = []
        for sale in self.sudo():
            company = sale.company_id
            if company.points_active:
                # What is written for people does not depend on who settles.
                sale = sale.with_context(lang=company.partner_id.lang)
                settlement = Settlement(sale, is_new=is_new)
                settlement.post()
                why.append(settlement.limits.say_unbooked())
        return " ".join(filter(None, why))

    # === BUILDING BASKETS === #

    def _points_state(self, root, basket, left, is_own, is_unknown=False, **spending):
        """Return a root's state; ``left`` None: the sale does not count (any more).

        :param spending: ``takings``, ``unpaid`` and ``strange``
        """
        self.ensure_one()
        return RootState(
            root,
            self._points_partner().id,
            self.currency_id.id,
            basket,
            left,
            is_own,
            is_unknown,
            buyer_id=self._points_buyer().id or 0,
            **spending,
        )

    def _points_whole(self, lines, stands=True) -> list:
        """Return the states of a sale of which nothing comes back in part.

        :param lines: what was sold, as ``_points_line`` makes it
        :param stands: whether it counts; a draft or cancelled one does not
        """
        basket = Basket(self._points_date(), tuple(lines))
        kept = {line.key: Kept(line.quantity, line.gross, line.net) for line in lines}
        left = Left(kept, Reduction()) if stands else None
        return [self._points_state(self._points_root(), basket, left, True)]

    def _points_unknown_states(self, root, lines, is_own, strange=()):
        """Return the state of what came back without naming a sale, if there is any.

        Without lines it still stands for "nothing came back" where returns were
        settled before: then it follows the sales that it is matched with.
        """
        is_known = self._points_has_documents()
        if not lines and not is_known and not strange:
            return []
        Product = self.env["product.product"]
        basket_lines = tuple(
            self._points_line(
                f"r{place}",
                Product.browse(line.product or ()),
                (line.quantity, line.gross, line.net),
            )
            for place, line in enumerate(lines)
        )
        basket = Basket(self._points_date(), basket_lines)
        left, is_own = Left({}, Reduction()), is_own or is_known
        return [
            self._points_state(
                root, basket, left, is_own, is_unknown=True, strange=strange
            )
        ]

    def _points_has_documents(self):
        return bool(self.points_document_ids)

    @api.model
    def _points_line(
        self,
        key,
        product,
        amounts,
        discount=0.0,
        direct=FROM_STOCK,
        price=0.0,
        redeemed=ZERO,
        weight=ONE,
        bought=None,
    ):
        """Return a line of products as the engine sees it.

        :param amounts: (quantity, gross, net) as Decimal, not negative
        :param discount: the discount percentage of the line
        :param direct: how much of it is drop-shipped
        :param price: of one unit, before discount, as the line states it
        :param redeemed: what of the gross points paid for this line alone
        :param weight: how many units that count one of the quantity is
        :param bought: the product on the line, which may count as another
        """
        quantity, *money = amounts
        is_other = bought and bought != product
        told = f"{bought.id} {text(quantity)}" if is_other else ""
        if weight != ONE:
            quantity = round_points(multiply(quantity, weight), "half_up", 6)
        template = product.product_tmpl_id
        path = (product.categ_id.parent_path or "").strip("/").split("/")
        return BasketLine(
            key,
            product.id or 0,
            quantity,
            *money,
            template=template.id or 0,
            categories=tuple(int(part) for part in reversed(path) if part),
            tags=self._points_tags(product),
            discount=exact(discount),
            direct=direct,
            policy=template.points_policy,
            points_per_unit=exact(template.points_per_unit),
            facts={"price": self._points_money(price)},
            redeemed=redeemed,
            bought=told,
        )

    @api.model
    def _points_amounts_of(self, base_lines) -> dict:
        """Return (gross, net) by line as Odoo's tax computation has rounded them."""
        result = {}
        for base_line in base_lines:
            details = base_line["tax_details"]
            net = details["total_excluded_currency"]
            net += details["delta_total_excluded_currency"]
            taxes = (tax["tax_amount_currency"] for tax in details["taxes_data"])
            result[base_line["record"]] = net + sum(taxes), net
        return result

    @api.model
    def _points_tags(self, product):
        """Return the product's tags, read only when a product group asks for tags."""
        if not self.env["points.sell.group"]._is_using_tags():
            return frozenset()
        return frozenset(product.all_product_tag_ids.ids)

    @api.model
    def _points_quantity(self, value):
        return exact(value, _QUANTITY_DECIMALS)

    @api.model
    def _points_own_quantity(self, product, quantity, sold_in):
        """Return a quantity in the product's own unit, whatever it is sold in."""
        if product.uom_id:
            quantity = sold_in._compute_quantity(
                quantity, product.uom_id, round=False, raise_if_failure=False
            )
        return self._points_quantity(quantity)

    @api.model
    def _points_money(self, value):
        return exact(value, _MONEY_DECIMALS)

    def _points_was_product(self, product) -> bool:
        """Tell whether ``product`` counted on these sales when they were settled."""
        counted = self.env.context.get("points_counted")
        # What is sent by RPC is no frozen set.
        return isinstance(counted, frozenset) and any(
            (sale._points_root(), product.id) in counted for sale in self
        )

    @api.model
    def _points_is_product(self, product) -> bool:
        """Tell whether a line of ``product`` counts at all (design 2.2 d, E-41)."""
        return (
            bool(product) and product.points_type == "none" and product.type != "combo"
        )
