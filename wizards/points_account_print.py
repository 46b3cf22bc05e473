from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools.date_utils import start_of

from ..report.batches import halves_of, in_order
from ..report.customer_ledger import Period
from ..report.customer_rewards import CustomerRewards
from ..report.ledger_sheets import LedgerSheets
from ..report.monthly_points import MonthlyPoints
from ..report.monthly_tables import MonthlyTables
from ..report.report_values import PAGES_A_PART, check_accounts, dialog_values
from ..report.rewards_tables import RewardsTables
from .points_report_asked import FIRST_YEAR, LAST_YEAR

#: So many customers are shown in the dialog; more are printed or exported.
_MOST_SHOWN = 10


class PointsAccountPrint(models.TransientModel):
    """Asks whose points are reported, of which programs, and of which period."""

    _name = "points.account.print"
    _inherit = ["points.report.asked"]
    _description = "Print Points of Customers"
    # Hundreds of parts are not made in an hour: they wait to be gone on with.
    _transient_max_hours = 24.0

    report = fields.Selection(
        [
            ("ledger", "Customer Points Ledger"),
            ("rewards", "Rewards per Customer"),
            ("months", "Customer Points by Month"),
        ],
        required=True,
        default="ledger",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        context={"active_test": False},
        help="Contacts of a company include its account. Empty: all customers.",
    )
    category_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Tags",
        context={"active_test": False},
        help="Customers with one of these tags.",
    )
    program_ids = fields.Many2many(
        "points.program",
        string="Programs",
        context={"active_test": False},
        help="Empty: all programs.",
    )
    date_from = fields.Date(
        string="From",
        default=lambda self: start_of(self.env.company._get_points_today(), "year"),
        help="Empty: from the first entry.",
    )
    date_to = fields.Date(string="To", help="Empty: until today.")
    whole_id = fields.Many2one(
        "points.account.print",
        string="Part Of",
        ondelete="cascade",
        index="btree_not_null",
    )
    part_ids = fields.One2many("points.account.print", "whole_id", string="Parts")
    account_ids = fields.Many2many(
        "points.account", string="Accounts", help="Of a part: whose points it reports."
    )
    customers = fields.Char(
        string="From Customer to Customer",
        help="The first and the last customer of a part.",
    )
    pages = fields.Integer(help="About so many pages.")
    is_printed = fields.Boolean(string="Printed")
    months_table = fields.Html(
        string="Months", compute="_compute_months_table", sanitize=False
    )

    # === COMPUTE METHODS === #

    @api.depends("report", "partner_ids", "category_ids", "program_ids", "year")
    def _compute_months_table(self):
        for asked in self:
            asked.months_table = asked._show_months()

    # === CONSTRAINT METHODS === #

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for asked in self:
            if asked.date_from and asked.date_to and asked.date_from > asked.date_to:
                raise ValidationError(
                    self.env._("The period ends before it starts: change its dates.")
                )

    # === ACTION METHODS === #

    def action_print(self):
        """Make the PDF; of a long report, show the parts it is made in.

        :raise UserError: when there is nothing to print
        """
        self.ensure_one()
        if self.whole_id or self._get_report().count_pages() <= PAGES_A_PART:
            return super().action_print()
        self._make_parts()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_account_print_action_parts"
        )
        return dict(action, res_id=self.id)

    def action_previous_year(self):
        """Show the year before."""
        return self._show_year(-1)

    def action_next_year(self):
        """Show the year after."""
        return self._show_year(1)

    # === BUSINESS METHODS === #

    @api.model
    def _get_filters(self):
        return "program_ids", "partner_ids", "category_ids"

    def _get_filename(self) -> str:
        """Return the name of the PDF; a part says whose it is."""
        self.ensure_one()
        said = self._get_report()
        return " ".join(filter(None, (said.title, said.about, self.customers)))

    def _make_parts(self):
        """Divide the customers, by name, so that each part has few pages.

        Parts stay as they are, whatever is booked while they are printed.
        """
        self.part_ids.unlink()
        accounts = self._get_accounts(is_merged=self.report == "rewards")
        self.create([self._prepare_part(*part) for part in self._divide(accounts)])

    def _divide(self, accounts) -> list:
        """Return (accounts, pages) of each part."""
        pages = self._get_report_of(accounts).count_pages()
        parts = halves_of(accounts) if pages > PAGES_A_PART else [accounts]
        if len(parts) == 1:
            return [(accounts, pages)]
        return [found for part in parts for found in self._divide(part)]

    def _prepare_part(self, accounts, pages: int) -> dict:
        ordered = in_order(accounts)
        ends = (ordered[0].partner_id, ordered[-1].partner_id)
        (values,) = self.copy_data(
            {
                "whole_id": self.id,
                "account_ids": [Command.set(accounts.ids)],
                "customers": " – ".join(
                    dict.fromkeys(partner.display_name or "" for partner in ends)
                ),
                "pages": pages,
                "part_ids": [],
                # The accounts say it all, though a customer loses a tag meanwhile.
                **{name: [] for name in self._get_filters()},
            }
        )
        return values

    def _show_year(self, later: int):
        self.ensure_one()
        self.year = min(max(self.year + later, FIRST_YEAR), LAST_YEAR)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_account_print_action_months"
        )
        return dict(action, res_id=self.id)

    def _show_months(self):
        """Return the year of who is selected, as shown; False: nobody, or many."""
        is_known = FIRST_YEAR <= self.year <= LAST_YEAR
        if self.report != "months" or not is_known or not self.partner_ids:
            return False
        accounts = self._get_accounts(limit=_MOST_SHOWN + 1)
        if not accounts or len(accounts) > _MOST_SHOWN:
            return False
        values = dialog_values(MonthlyTables(MonthlyPoints(accounts, self.year)))
        return self.env["ir.qweb"]._render("customer_points.months_screen", values)

    def _get_report(self, report=""):
        report = report or self.report
        # What was redeemed before contacts were merged was redeemed, too.
        accounts = self._get_accounts(is_merged=report == "rewards")
        check_accounts(accounts)
        return self._get_report_of(accounts, report)

    def _get_report_of(self, accounts, report=""):
        report = report or self.report
        if report == "months":
            return MonthlyTables(MonthlyPoints(accounts, self._get_year()))
        if report == "rewards":
            return RewardsTables(CustomerRewards(accounts, self._get_period()))
        return LedgerSheets(accounts, self._get_period())

    def _get_year(self) -> int:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise UserError(self.env._("Enter a year of four digits."))
        return self.year

    def _get_period(self) -> Period:
        return Period(self.date_from or None, self.date_to or None)

    def _get_accounts(self, limit=None, is_merged=False):
        """Return the accounts that are asked for, of the companies that are on.

        :param is_merged: with those whose points were moved to another one
        """
        asked_sudo, Account = self.sudo(), self.env["points.account"]
        if asked_sudo.whole_id:
            return Account.search([("id", "in", asked_sudo.account_ids.ids)])
        domain = Domain.TRUE if is_merged else Domain("merged_into_id", "=", False)
        programs, partners, tags = map(self._get_chosen, self._get_filters())
        if programs is not None:
            domain &= Domain("program_id", "in", programs.ids)
        if partners is not None:
            owners = partners | partners.commercial_partner_id
            domain &= Domain("partner_id", "in", owners.ids)
        if tags is not None:
            domain &= Domain("partner_id.category_id", "in", tags.ids)
        return Account.search(domain, limit=limit)
