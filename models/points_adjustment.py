from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import const
from ..engine.numbers import exact
from ..wording.sentences import say_worth

_ACTIVITY = "customer_points.mail_activity_type_adjustment"


class PointsAdjustment(models.Model):
    """An adjustment above the company's limit: another manager decides about it.

    Nobody writes one by hand. Deciding writes the request first and posts then: of
    two managers who decide at once, one begins again and finds it decided.
    """

    _name = "points.adjustment"
    _description = "Adjustment Request"
    _inherit = ["points.own.defaults", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"

    account_id = fields.Many2one(
        "points.account", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    points = fields.Float(
        digits=const.POINTS_DIGITS,
        required=True,
        help="Points to add; a negative number removes points.",
    )
    reason = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users", string="Requested By", required=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("waiting", "To Approve"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        default="waiting",
        index=True,
        tracking=True,
    )
    approver_id = fields.Many2one(
        "res.users", string="Reviewed By", ondelete="restrict", copy=False
    )
    refuse_reason = fields.Char(string="Refusal Reason", copy=False)
    document_id = fields.Many2one(
        "points.document", index="btree_not_null", ondelete="restrict", copy=False
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _check_points = models.Constraint(
        f"CHECK (points <> 0 AND points {const.POINTS_RANGE})",
        "Points must be different from zero and within the range of the ledger.",
    )

    # === COMPUTE METHODS === #

    @api.depends("account_id", "points")
    def _compute_display_name(self):
        for adjustment in self:
            account = adjustment.account_id
            adjustment.display_name = (
                f"{account.display_name}: {adjustment._say_points()}"
            )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for adjustment in self:
            adjustment.is_mine = adjustment.user_id == self.env.user

    # === ACTION METHODS === #

    def action_approve(self):
        """Post what others have requested.

        :raise AccessError: for who is no manager of the company
        :raise UserError: for one's own request, one that is decided, or points that
            the customer does not have
        """
        self._decide({"state": "approved"})
        for adjustment in self:
            document = adjustment.account_id._adjust(
                exact(adjustment.points), adjustment.reason
            )
            adjustment.sudo().document_id = document

    def action_refuse(self):
        """Ask for the reason of a refusal."""
        self._check_decidable()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_adjustment_refuse_action"
        )
        return dict(action, context={"default_adjustment_ids": self.ids})

    def action_cancel(self):
        """Withdraw one's own request.

        :raise UserError: for somebody else's, or one that is decided
        """
        self.check_access("read")
        if self.user_id - self.env.user:
            raise UserError(
                self.env._("Only who requested an adjustment can cancel it.")
            )
        self._check_waiting()
        self._write_first({"state": "cancelled"})

    def action_view_document(self):
        """Open the document that posted the points."""
        self.ensure_one()
        return self.document_id._get_records_action()

    # === BUSINESS METHODS === #

    @api.model
    def _request(self, account, points, reason):
        """Ask the other managers for an adjustment, and remind them by activities.

        :param points: a signed Decimal
        :return: the request
        :raise UserError: when there is nobody who could approve it
        """
        account._check_adjustable()
        company, requester = account.company_id, self.env.user
        approvers = self._get_managers(company) - requester
        if not approvers:
            raise UserError(
                self.env._(
                    "Another manager has to approve this adjustment, but %(company)s "
                    "has no other. Ask an administrator to add one.",
                    company=company.sudo().name,
                )
            )
        request = self.sudo().create(
            {
                "account_id": account.id,
                "company_id": company.id,
                "points": float(points),
                "reason": reason,
                "user_id": requester.id,
                "state": "waiting",
            }
        )
        request.message_subscribe(requester.partner_id.ids)
        request._remind(approvers)
        return request.with_env(self.env)

    @api.model
    def _get_managers(self, company):
        """Return who may adjust points in a company: people, and active ones."""
        manager = self.env.ref("customer_points.group_points_manager")
        Users = self.env["res.users"].sudo().with_context(active_test=True)
        managers = Users.search(
            [("all_group_ids", "in", manager.ids), ("company_ids", "in", company.ids)]
        )
        return managers.with_env(self.env)

    def _remind(self, users):
        """Schedule an activity for each of these users."""
        self.ensure_one()
        kind = self.env.ref(_ACTIVITY, raise_if_not_found=False)
        self.env["mail.activity"].create(
            [
                {
                    "activity_type_id": kind and kind.id,
                    "automated": True,
                    "date_deadline": self.company_id._get_points_today(),
                    "note": self.reason,
                    "res_id": self.id,
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "summary": self._say_points(),
                    "user_id": user.id,
                }
                for user in users
            ]
        )

    def _refuse(self, reason):
        """Decide against requests, and tell why."""
        self._decide({"state": "refused", "refuse_reason": reason}, reason)

    def _decide(self, vals, reason=""):
        """Write a decision before what follows from it."""
        self._check_decidable()
        self._write_first({**vals, "approver_id": self.env.uid}, reason)

    def _write_first(self, vals, reason=""):
        """Write now: who decides at the same moment has to begin again.

        The chatter tells it, whatever the caller's context says.
        """
        telling = {"tracking_disable": False, "mail_notrack": False}
        requests = self.sudo().with_context(**telling)
        requests._track_set_log_message(reason)
        requests.write(vals)
        requests.flush_recordset()
        requests.activity_unlink([_ACTIVITY])

    def _track_subtype(self, initial_values):
        """Send a decision to the followers: who asked, and who could have decided."""
        if "state" in initial_values:
            return self.env.ref("mail.mt_comment")
        return super()._track_subtype(initial_values)

    def _say_points(self) -> str:
        """Return the points with their unit, or the money where it is counted."""
        program = self.account_id.program_id
        is_value = program.mode == "value"
        return say_worth(self.env, program.currency_id, is_value, exact(self.points))

    # === CHECKS === #

    def _check_decidable(self):
        """Refuse decisions of who may not decide, whatever rights they have.

        :raise AccessError: for who is no manager of the company
        :raise UserError: for one's own request, or one that is decided
        """
        self.check_access("read")
        for company in self.company_id:
            if self.env.user not in self._get_managers(company):
                raise AccessError(
                    self.env._(
                        "Only Customer Points managers can approve or refuse "
                        "adjustments."
                    )
                )
        if self.env.user in self.user_id:
            raise UserError(
                self.env._(
                    "You have requested this adjustment, so another manager has to "
                    "approve or refuse it."
                )
            )
        self._check_waiting()

    def _check_waiting(self):
        decided = self.filtered(lambda request: request.state != "waiting")[:1]
        if decided:
            raise UserError(
                self.env._(
                    "%(adjustment)s is no longer waiting for approval.",
                    adjustment=decided.display_name,
                )
            )
