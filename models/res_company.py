from datetime import date, datetime, tzinfo

from pytz import timezone, utc

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from .. import const
from ..engine.formula.names import FUNCTIONS, PRODUCT_FUNCTIONS
from ..settlement.everyone import for_everyone


class ResCompany(models.Model):
    """What a company has decided about points once and for all."""

    _inherit = "res.company"

    points_active = fields.Boolean(
        string="Customer Points",
        default=True,
        help="Off: no points are computed or posted.",
        tracking=True,
    )
    points_journal_ids = fields.Many2many(
        "account.journal",
        "points_company_journal_rel",
        string="Journals That Earn Points",
        domain=[("type", "=", "sale")],
        context={"active_test": False},
        ondelete="restrict",
        help="Invoices of these journals earn points; empty: all sales journals. "
        "Credit notes take back what their invoice earned.",
        tracking=True,
    )
    points_single_program = fields.Boolean(
        string="One Program per Customer",
        help="Customers can have only one active account.",
        tracking=True,
    )
    points_approval_limit = fields.Float(
        string="Approval Above (Points)",
        digits=const.POINTS_DIGITS,
        help="Adjustments of more points than this wait until another manager has "
        "approved them. 0: never.",
        tracking=True,
    )

    points_hold_days = fields.Integer(
        string="Days to Reserve Points",
        default=7,
        help="How long a quotation or draft invoice reserves the points that it "
        "redeems. Then other orders can redeem them.",
        tracking=True,
    )

    points_offer_rewards = fields.Boolean(
        string="Offer Rewards at Confirmation",
        help="When a quotation is confirmed, its customer's available discounts are "
        "shown first.",
        tracking=True,
    )

    points_functions_off = fields.Char(
        string="Disabled Functions",
        help="Functions that formulas cannot use, separated by commas, such as "
        "stackeddiscount.",
        tracking=True,
    )

    points_deferral_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Deferred Points",
        domain=[("type", "=", "general")],
        check_company=True,
        ondelete="restrict",
        help="Deferred revenue of points is booked in this journal.",
        tracking=True,
    )
    points_deferral_account_id = fields.Many2one(
        "account.account",
        string="Deferred Revenue of Points",
        domain=[("account_type", "in", ("liability_current", "liability_non_current"))],
        check_company=True,
        ondelete="restrict",
        help="Holds what outstanding points are worth until they are redeemed or "
        "expire.",
        tracking=True,
    )
    points_revenue_account_id = fields.Many2one(
        "account.account",
        string="Revenue from Points",
        domain=[("account_type", "in", ("income", "income_other"))],
        check_company=True,
        ondelete="restrict",
        help="Reduced by what points defer, increased by what they release.",
        tracking=True,
    )
    points_deferral_posted = fields.Boolean(
        string="Post Deferred Revenue",
        help="Post the journal entries of deferred revenue at once. Off: they are "
        "drafts.",
        tracking=True,
    )

    _check_points_hold_days = models.Constraint(
        "CHECK (points_hold_days BETWEEN 1 AND 365)",
        "Days to reserve points: enter 1 to 365.",
    )
    _check_points_approval_limit = models.Constraint(
        "CHECK (points_approval_limit IS NULL "
        f"OR points_approval_limit BETWEEN 0 AND {const.POINTS_MOST})",
        "Approval above: enter a number of points that is not negative.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("points_functions_off")
    def _check_points_functions_off(self):
        """Refuse names of no function, and of one that a rule still uses."""
        for company in self:
            names = company._get_points_functions_off()
            unknown = names.difference(FUNCTIONS, PRODUCT_FUNCTIONS)
            if unknown:
                raise ValidationError(
                    self.env._(
                        "Disabled functions: %(unknown)s does not exist. "
                        "Available: %(known)s.",
                        unknown=", ".join(sorted(unknown)),
                        known=", ".join((*FUNCTIONS, *PRODUCT_FUNCTIONS)),
                    )
                )
            rules = self.env["points.rule"].sudo().with_company(company)
            domain = [("method", "=", "formula")]
            domain += [("company_id", "in", (False, company.id))]
            rules.search(domain)._check_formula()

    @api.constrains("points_journal_ids")
    def _check_points_journal_ids(self):
        for company in self:
            journals = company.points_journal_ids
            if journals.filtered(
                lambda journal, company=company: (
                    journal.type != "sale" or journal.company_id != company
                )
            ):
                raise ValidationError(
                    self.env._(
                        "Journals that earn points: select sales journals of the "
                        "company."
                    )
                )

    @api.constrains(
        "points_deferral_journal_id",
        "points_deferral_account_id",
        "points_revenue_account_id",
    )
    def _check_points_books(self):
        """Refuse what cannot hold deferred revenue."""
        for company in self.sudo():
            journal, account, revenue = company._get_points_books_set()
            is_wrong = (
                (journal and journal.type != "general")
                or (account and account.internal_group != "liability")
                or (revenue and revenue.internal_group != "income")
            )
            if is_wrong or account.account_type == "liability_payable":
                raise ValidationError(
                    self.env._(
                        "Deferred revenue of points: select a journal for "
                        "miscellaneous operations, a liability account that is not "
                        "payable, and an income account."
                    )
                )
            foreign = (account | revenue).currency_id - company.currency_id
            if foreign:
                raise ValidationError(
                    self.env._(
                        "Deferred revenue of points: select accounts without a "
                        "currency of their own."
                    )
                )

    @api.constrains("points_single_program")
    def _check_points_single_program(self):
        accounts = self.env["points.account"].sudo()
        accounts.search([("company_id", "in", self.ids)])._check_single_program()

    # === BUSINESS METHODS === #

    def _get_points_zone(self, user=None) -> tzinfo:
        """Return the time zone of the shop: that of the company's contact.

        Where it has none, it is that of who works there.

        :param user: who sells; none: who asks
        """
        zone, _journals = self._get_points_facts(self.id)
        if not zone and not user:
            return self.env.tz
        # Odoo keeps in memory what a user works with.
        zone = zone or user.with_user(user).context_get().get("tz")
        return timezone(zone or "UTC")

    @api.model
    @tools.ormcache("company_id")
    def _get_points_facts(self, company_id: int) -> tuple[str, frozenset[int]]:
        """Return what every sale asks of a company: time zone, journals that earn."""
        company = for_everyone(self).browse(company_id)
        journals = frozenset(company.points_journal_ids.ids)
        return company.partner_id.tz or "", journals

    def _get_points_time(self, moment: datetime, user=None) -> datetime:
        """Return a moment that is stored (UTC) as the shop's clock shows it."""
        return utc.localize(moment).astimezone(self._get_points_zone(user))

    def _get_points_today(self) -> date:
        """Return the day that it is in the shop, wherever the reader is."""
        return self._get_points_time(fields.Datetime.now()).date()

    def _get_points_books_set(self) -> tuple:
        """Return journal, account and revenue account of deferred points, if set."""
        return (
            self.points_deferral_journal_id,
            self.points_deferral_account_id,
            self.points_revenue_account_id,
        )

    def _get_points_books(self) -> tuple:
        """Return journal, account and revenue account of deferred points.

        :raise UserError: when one is missing
        """
        books = self._get_points_books_set()
        if not all(books):
            raise UserError(
                self.env._(
                    "Deferred revenue of points: ask an administrator to select the "
                    "journal and both accounts under Customer Points > Configuration > "
                    "Settings."
                )
            )
        return books

    def _get_points_functions_off(self) -> frozenset[str]:
        names = (self.points_functions_off or "").split(",")
        return frozenset(filter(None, map(str.strip, names)))

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        # The tax on LOY is on top of its price, or in it.
        remembered = ("account_price_include", "points_journal_ids", "partner_id")
        if not vals.keys().isdisjoint(remembered):
            self.env["points.program"]._forget_facts()
        if vals.get("points_active"):
            # What came back while points were off is settled now.
            self.env.ref("customer_points.ir_cron_settle").sudo()._trigger()
        return result
