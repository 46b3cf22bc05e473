import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .. import const

_logger = logging.getLogger(__name__)

_REASON_LENGTH = 500


class PointsReview(models.Model):
    """Something to look at: points not settled yet, or an overdrawn account.

    What could not be settled is tried again by itself, later and later.
    """

    _name = "points.review"
    _description = "Points Review"
    _order = "id desc"

    root = fields.Char(help="The bill whose points are to be settled.")
    account_id = fields.Many2one("points.account", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    reason = fields.Char(required=True)
    state = fields.Selection(
        const.REVIEW_STATES, required=True, default="to_settle", index=True
    )
    attempts = fields.Integer(default=0, required=True)
    next_try = fields.Datetime()
    is_customer_changed = fields.Boolean(
        compute="_compute_is_customer_changed",
        help="The order has another customer than when it was paid.",
    )

    _root_uniq = models.UniqueIndex(
        "(root) WHERE state = 'to_settle'", "This bill is being settled already."
    )
    _formula_uniq = models.UniqueIndex(
        "(root) WHERE state = 'formula'", "This bill is being looked at already."
    )
    _unpaid_uniq = models.UniqueIndex(
        "(root) WHERE state = 'unpaid'", "This bill is being looked at already."
    )
    _to_check_uniq = models.UniqueIndex(
        "(root) WHERE state = 'to_check'", "This order is being looked at already."
    )
    _account_uniq = models.UniqueIndex(
        "(account_id) WHERE state = 'overdrawn'",
        "This account is being looked at already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("root", "account_id")
    def _compute_display_name(self):
        for review in self:
            about = review.root and review._get_paper() or review.account_id
            review.display_name = about.sudo().display_name or review.root

    @api.depends("root", "state")
    def _compute_is_customer_changed(self):
        for review in self:
            paper = review.state == "to_check" and review.sudo()._get_paper()
            review.is_customer_changed = bool(
                paper and paper.partner_id != paper._points_partner()
            )

    # === ACTION METHODS === #

    def action_settle(self):
        """Try again now; what fails stays, with its new reason."""
        self.check_access("write")
        for review in self.sudo():
            if review.state == "to_settle" and review.company_id.points_active:
                review._try_to_settle()

    def action_done(self):
        self.write({"state": "done"})

    def action_move_points(self):
        """Let the points of paid orders follow their customers as they are now.

        :raise AccessError: for who is no manager of points
        """
        self.check_access("write")
        for review in self.sudo().filtered(lambda review: review.state == "to_check"):
            order = review._get_paper()
            if order and order._name == "pos.order":
                order.with_user(self.env.user)._points_move()

    def action_view_paper(self):
        self.ensure_one()
        return (self._get_paper() or self.account_id)._get_records_action()

    # === BUSINESS METHODS === #

    @api.model
    def _add_to_settle(self, paper, error):
        """Remember a paper whose points could not be settled; never raises.

        Another till may have stored the same row after this transaction began:
        then the database refuses ours, and nothing is missing.
        """
        try:
            with self.env.cr.savepoint(flush=False):
                self._insert(
                    "to_settle", paper.company_id, error, root=paper._points_root()
                )
                self.env.ref("customer_points.ir_cron_settle")._trigger()
        except Exception:
            _logger.warning("No review for %s", paper, exc_info=True)

    @api.model
    def _add_overdrawn(self, account):
        self._insert(
            "overdrawn",
            account.company_id,
            self.env._("The balance is below zero."),
            account_id=account.id,
        )

    @api.model
    def _follow(self, state, company, failures):
        """Ask for a look at bills where something failed; end it where it works now.

        What a manager has looked at is not asked again while it is the same.

        :param state: what failed: ``formula``, ``unpaid`` or ``to_check``
        :param failures: by root why, empty where nothing fails
        """
        known = self.search(
            [("root", "in", list(failures)), ("state", "in", (state, "done"))]
        )
        for root, reason in failures.items():
            why = reason[:_REASON_LENGTH]
            mine = known.filtered(lambda review, root=root: review.root == root)
            opened = mine.filtered(lambda review: review.state == state)
            if not why:
                opened.write({"state": "done"})
            elif opened:
                opened.filtered(lambda r, why=why: r.reason != why).reason = why
            elif why not in mine.mapped("reason"):
                self._insert(state, company, why, root=root)

    @api.model
    def _insert(self, state, company, reason, root=None, account_id=None):
        self.env.execute_query(
            SQL(
                """INSERT INTO points_review (
                          root, account_id, company_id, reason, state, attempts,
                          next_try, create_date, create_uid)
                   VALUES (%s, %s, %s, %s, %s, 0, %s, now() AT TIME ZONE 'UTC', %s)
                   ON CONFLICT DO NOTHING RETURNING id""",
                root,
                account_id,
                company.id,
                str(reason)[:_REASON_LENGTH],
                state,
                fields.Datetime.now(),
                self.env.uid,
            )
        )

    def _get_paper(self):
        """Return the sale a review is about; empty when it is gone."""
        self.ensure_one()
        return self._get_paper_of(self.root)

    @api.model
    def _get_paper_of(self, root):
        """Return the sale of a root; empty when it is gone, or there is none."""
        if not root:
            return self.env["pos.order"]
        kind, paper_id = root.split(":")[:2]
        return self.env[const.ROOT_PAPERS[kind][0]].browse(int(paper_id)).exists()

    def _try_to_settle(self):
        """Settle one paper; on failure remember why and when to try again."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                paper = self._get_paper()
                paper.with_company(paper.company_id)._points_settle_now()
                self.write({"state": "done"})
        except Exception as error:
            _logger.warning("Points of %s are not settled", self.root, exc_info=True)
            delay = timedelta(minutes=min(2**self.attempts, 24 * 60))
            self.write(
                {
                    "attempts": self.attempts + 1,
                    "next_try": fields.Datetime.now() + delay,
                    "reason": str(error)[:_REASON_LENGTH],
                }
            )

    @api.model
    def _cron_settle(self):
        """Settle what is due, each paper in a transaction of its own."""
        Cron = self.env["ir.cron"]
        due = self.search(
            [
                ("state", "=", "to_settle"),
                ("next_try", "<=", fields.Datetime.now()),
                ("company_id.points_active", "=", True),
            ]
        )
        Cron._commit_progress(remaining=len(due))
        for review in due:
            review = review[0]
            if review.try_lock_for_update():
                review._try_to_settle()
            if not Cron._commit_progress(1):
                break
