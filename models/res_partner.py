from odoo import api, fields, models
from odoo.fields import Domain

from ..checks.why_checker import WhyChecker
from ..redemption.members import Members
from ..redemption.open_order import OpenOrder
from ..redemption.redemption import Redemption, check_key, check_seller


class ResPartner(models.Model):
    """A customer and what it holds, one sentence for all programs."""

    _inherit = "res.partner"

    points_account_ids = fields.One2many(
        "points.account", "partner_id", groups="customer_points.group_points_user"
    )
    points_shown_account_ids = fields.One2many(
        "points.account",
        string="Points Accounts",
        compute="_compute_points_shown_account_ids",
        groups="customer_points.group_points_user",
        help="The customer's accounts, including those of its company.",
    )
    points_summary_text = fields.Char(
        string="Points",
        compute="_compute_points_summary_text",
        groups="customer_points.group_points_user",
    )

    points_stray_text = fields.Char(
        string="Points to Move",
        compute="_compute_points_stray_text",
        groups="customer_points.group_points_user",
        help="Points on the contact's own account that now go to its company.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "points_account_ids.balance", "commercial_partner_id", "is_company", "parent_id"
    )
    def _compute_points_stray_text(self):
        """Name the points that no register offers, on the contact and its company."""
        for partner in self:
            partner.points_stray_text = ", ".join(
                f"{account.display_name}: {account.balance_text}"
                for account in partner._get_stray_accounts()
            )

    @api.depends("points_account_ids", "commercial_partner_id.points_account_ids")
    def _compute_points_shown_account_ids(self):
        """A contact shows what its company holds too: it shops on that account."""
        for partner in self:
            accounts = (partner | partner.commercial_partner_id).points_account_ids
            partner.points_shown_account_ids = accounts.filtered(
                lambda account: not account.merged_into_id
            )

    @api.depends(
        "points_account_ids.balance",
        "commercial_partner_id.points_account_ids.balance",
    )
    def _compute_points_summary_text(self):
        """Name each program's balance: points and euros do not add up."""
        for partner in self:
            partner.points_summary_text = ", ".join(
                account._get_balance_text()
                for account in partner.points_shown_account_ids
            )

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            # It may be the time zone of a shop, or of who sells there.
            self.env["points.program"]._forget_facts()
        return result

    # === THE REGISTER === #

    def points_summary(self, key, sale=None) -> dict:
        """Return everything a register shows of a customer, in one call.

        With products on the sale that is also what it earns (``points_preview``).

        :param key: that of the open order, as pos:<uuid>
        :param sale: the sale as the register sees it, or its total, tax included
        :raise AccessError: for who neither sells nor looks after points
        :raise UserError: for a sale that cannot be
        """
        self.check_access("read")
        check_key(self.env, key)
        order = OpenOrder(self.env, sale, key)
        order.keep()
        summary = Redemption(order).summary(self[:1])
        if order.has_lines and order.company.points_active:
            summary["earns"] = order.say()
        return summary

    def points_balances(self, session_id=False) -> dict:
        """Return what a register lists of these customers, read together.

        :param session_id: the register's session, which tells its company
        :return: ``balances``: by customer, as text, a line for each program; who is in
            none is missing
        :raise AccessError: for who neither sells nor looks after points
        """
        self.browse().check_access("read")
        check_seller(self.env)
        company = OpenOrder(self.env, {"session_id": session_id}).company
        balances = Members(self.env, company).read_balances(self)
        # Keys of JSON are texts.
        return {"balances": {str(found): said for found, said in balances.items()}}

    def points_join(self, program, key, sale=None) -> dict:
        """Let the selected customer join a program, where the program allows it.

        :param program: its id
        :param key: that of the open order, as pos:<uuid>
        :param sale: the order as the register sees it
        :return: ``refused``, a sentence; else also the new ``summary``
        :raise AccessError: for who neither sells nor looks after points
        :raise UserError: for an order that cannot be
        """
        self.check_access("read")
        check_key(self.env, key)
        partner, order = self[:1].exists(), OpenOrder(self.env, sale, key)
        refused = Members(self.env, order.company).join(partner, program)
        summary = {} if refused else partner.points_summary(key, sale)
        return {"refused": refused, "summary": summary}

    # === ACTION METHODS === #

    def action_why_no_points(self):
        """List why this customer has no points, or not more (X-30)."""
        self.ensure_one()
        self.check_access("read")
        findings = WhyChecker(self.env).check_customer(self)
        title = self.env._("Explain Points: %s", self.display_name)
        return self.env["points.check"]._show(title, findings)

    def action_move_points_to_company(self):
        """Move points of this contact, or of a company's contacts, to the company.

        :raise AccessError: for who is no manager of points
        """
        self.ensure_one()
        self._get_stray_accounts().action_move_to_company()

    def _get_stray_accounts(self):
        """Return the accounts of this contact, or of a company's contacts, to move."""
        Account = self.env["points.account"]
        is_mine = Domain("partner_id", "=", self._origin.id)
        if self.commercial_partner_id == self:
            is_mine = Domain("partner_id.commercial_partner_id", "=", self._origin.id)
        return Account.search(is_mine & Account._get_stray_domain())

    def action_view_points(self):
        """Open the customer's accounts, and offer to open another one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_account_action"
        )
        owners = self | self.commercial_partner_id
        return dict(
            action,
            domain=[("partner_id", "in", owners.ids)],
            context={"default_partner_id": self.commercial_partner_id.id},
        )
