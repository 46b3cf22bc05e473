from odoo import api, fields, models

#: What managers of points decide for their company.
_SETTINGS = (
    "points_active",
    "points_single_program",
    "points_hold_days",
    "points_offer_rewards",
    "points_functions_off",
)


class PointsSettings(models.TransientModel):
    """The company's decisions about points, for managers of points.

    Odoo's own settings ask for an administrator, who also decides what is no manager's
    business: above which number adjustments need the approval of a second manager, the
    company's time zone, and where deferred revenue is booked.
    """

    _name = "points.settings"
    _description = "Settings of Customer Points"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    points_active = fields.Boolean(
        string="Customer Points",
        compute="_compute_settings",
        inverse="_inverse_settings",
        compute_sudo=True,
        help="Off: no points are computed or posted.",
    )
    points_single_program = fields.Boolean(
        string="One Program per Customer",
        compute="_compute_settings",
        inverse="_inverse_settings",
        compute_sudo=True,
        help="Customers can have only one active account.",
    )
    points_hold_days = fields.Integer(
        string="Days to Reserve Points",
        compute="_compute_settings",
        inverse="_inverse_settings",
        compute_sudo=True,
        help="How long a quotation or draft invoice reserves the points that it "
        "redeems. Then other orders can redeem them.",
    )
    points_offer_rewards = fields.Boolean(
        string="Offer Rewards at Confirmation",
        compute="_compute_settings",
        inverse="_inverse_settings",
        compute_sudo=True,
        help="When a quotation is confirmed, its customer's available discounts are "
        "shown first.",
    )
    points_functions_off = fields.Char(
        string="Disabled Functions",
        compute="_compute_settings",
        inverse="_inverse_settings",
        compute_sudo=True,
        help="Functions that formulas cannot use, separated by commas, such as "
        "stackeddiscount.",
    )
    points_journal_ids = fields.Many2many(
        "account.journal",
        string="Journals That Earn Points",
        compute="_compute_points_journal_ids",
        inverse="_inverse_points_journal_ids",
        compute_sudo=True,
        groups="account.group_account_invoice,account.group_account_readonly",
        help="Invoices of these journals earn points; empty: all sales journals. "
        "Credit notes take back what their invoice earned.",
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_settings(self):
        for setting in self:
            company = setting._get_company()
            for name in _SETTINGS:
                setting[name] = company[name]

    def _inverse_settings(self):
        """Write what was changed, and nothing else, on the company."""
        # A manager of points may write these fields of the company, and no others.
        for setting in self.sudo():
            company = setting._get_company()
            changed = {
                name: setting[name]
                for name in _SETTINGS
                if setting[name] != company[name]
            }
            company.write(changed)

    @api.depends("company_id")
    def _compute_points_journal_ids(self):
        for setting in self:
            setting.points_journal_ids = setting._get_company().points_journal_ids

    def _inverse_points_journal_ids(self):
        for setting in self.sudo():
            # Journals that are known: with all rights, others would be created.
            journals = [fields.Command.set(setting.points_journal_ids.ids)]
            setting._get_company().points_journal_ids = journals

    def _get_company(self):
        """Return the company whose settings these are.

        :raise AccessError: for one that the user may not see: with all rights, any
            that a browser names could be read and written
        """
        self.company_id.sudo(False).check_access("read")
        return self.company_id

    # === ACTION METHODS === #

    @api.model
    def action_open(self):
        """Open Odoo's settings for administrators, these for other managers."""
        name = "points_settings_action"
        if self.env.user.has_group("base.group_system"):
            name = "res_config_settings_action"
        return self.env["ir.actions.act_window"]._for_xml_id(f"customer_points.{name}")
