import logging
import random
import time
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..engine.numbers import EngineError

_logger = logging.getLogger(__name__)

_REASON_LENGTH = 500
_CRON = "customer_points.ir_cron_settle"
_ACTIVITY = "customer_points.mail_activity_type_review"
#: After so many tries somebody has to look at what was not posted.
_TRIES_ALONE = 3
#: Others were at the same account: nothing is wrong, it only has to be tried again.
CONFLICTS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)
#: Seconds before the second try after a conflict; each pause is twice as long as the
#: one before, up to the longest.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.2
#: Seconds for trying: of a cashier, of who presses Settle Now, and of the cron.
_AT_THE_REGISTER, _BY_HAND, _BY_CRON = 1.5, 5.0, 10.0
#: How long a try waits for somebody who holds an account.
_LOCK_TIMEOUT = "1s"
#: How long the cron leaves a conflict to the request that met it, which may die.
_LEFT_ALONE = timedelta(seconds=10)
_LONGEST_DELAY = timedelta(days=1)


class PointsReview(models.Model):
    """Something to look at: points not settled yet, or an overdrawn account.

    What could not be settled is tried again by itself, later and later.
    """

    _name = "points.review"
    _description = "Points Review"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    root = fields.Char(help="The order or invoice whose points are to be posted.")
    account_id = fields.Many2one("points.account", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    reason = fields.Char(required=True)
    state = fields.Selection(
        [
            ("to_settle", "To post"),
            ("overdrawn", "Overdrawn"),
            ("formula", "Formula failed"),
            ("unpaid", "Reward not covered"),
            ("to_check", "To check"),
            ("done", "Done"),
        ],
        required=True,
        default="to_settle",
        index=True,
    )
    attempts = fields.Integer(default=0, required=True)
    next_try = fields.Datetime()
    is_new = fields.Boolean(
        default=True,
        help="The sale was made, or got another customer, when settling it failed: "
        "what it earns is still to be decided.",
    )
    is_customer_changed = fields.Boolean(
        compute="_compute_is_customer_changed",
        help="The customer of the order was changed after payment.",
    )

    _root_uniq = models.UniqueIndex(
        "(root) WHERE state = 'to_settle'",
        "This order is already waiting to be posted.",
    )
    _formula_uniq = models.UniqueIndex(
        "(root) WHERE state = 'formula'", "A review of this order is already open."
    )
    _unpaid_uniq = models.UniqueIndex(
        "(root) WHERE state = 'unpaid'", "A review of this order is already open."
    )
    _to_check_uniq = models.UniqueIndex(
        "(root) WHERE state = 'to_check'", "A review of this order is already open."
    )
    _account_uniq = models.UniqueIndex(
        "(account_id) WHERE state = 'overdrawn'",
        "A review of this account is already open.",
    )

    # === COMPUTE METHODS === #

    @api.depends("root", "account_id")
    def _compute_display_name(self):
        for review in self:
            about = review.root and review._get_sale() or review.account_id
            review.display_name = about.sudo().display_name or review.root

    @api.depends("root", "state")
    def _compute_is_customer_changed(self):
        for review in self:
            sale = review.state == "to_check" and review.sudo()._get_sale()
            review.is_customer_changed = bool(
                sale and sale.partner_id != sale._points_partner()
            )

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if self and vals.get("state") == "done":
            self.activity_unlink([_ACTIVITY])
        return result

    # === ACTION METHODS === #

    def action_settle(self):
        """Try again now, and say what came of it; what fails stays, and says why."""
        self.check_access("write")
        active = self.sudo().filtered("company_id.points_active")
        waiting = active.filtered(lambda review: review.state == "to_settle")
        waiting._settle_at_once(_BY_HAND)._put_off(None)
        self.invalidate_recordset()
        with self.env.registry.cursor() as cr:
            # This transaction goes on seeing them as they were before.
            return waiting.with_env(waiting.env(cr=cr))._tell_settled()

    def _tell_settled(self):
        """Return a message: how many of these could be posted, and why others not."""
        env, notify = self.env, self.env["points.origin"]._points_notify
        if not self:
            said = env._("None of these is waiting to be posted: see the reason.")
            return notify("info", said)
        posted = self.filtered(lambda review: review.state == "done")
        said = env._("Posted: %(count)s.", count=len(posted))
        if posted == self:
            return notify("success", said)
        left = self - posted
        why = env._(
            "Not posted: %(count)s. %(reason)s",
            count=len(left),
            reason=" ".join(dict.fromkeys(left.mapped("reason"))),
        )
        return notify("warning", f"{said} {why}")

    def action_done(self):
        self.write({"state": "done"})

    def action_move_points(self):
        """Let the points of paid orders follow their customers as they are now.

        :raise AccessError: for who is no manager of points
        """
        self.check_access("write")
        for review in self.sudo().filtered(lambda review: review.state == "to_check"):
            order = review._get_sale()
            if order and order._name == "pos.order":
                order.with_user(self.env.user)._points_move()

    def action_view_sale(self):
        self.ensure_one()
        return (self._get_sale() or self.account_id)._get_records_action()

    # === BUSINESS METHODS === #

    @api.model
    def _add_to_settle(self, sale, error, is_new=True):
        """Remember a sale whose points could not be settled; never raises.

        What met a conflict is tried again as soon as the sale is stored, else
        by the cron. Another register may have stored the same row after this
        transaction began: then the database refuses ours, and nothing is missing.

        :param error: what happened, or a sentence that says why
        :param is_new: see ``_points_settle``
        """
        root, is_conflict = sale._points_root(), isinstance(error, CONFLICTS)
        wait = _LEFT_ALONE if is_conflict else timedelta()
        next_try = fields.Datetime.now() + wait
        reason = self._say_reason(error)
        try:
            with self.env.cr.savepoint(flush=False):
                self._insert(
                    "to_settle",
                    sale.company_id,
                    reason,
                    root=root,
                    next_try=next_try,
                    is_new=is_new,
                )
                if is_new:
                    self._make_new(root)
                self.env.ref(_CRON)._trigger(next_try)
            self.env["points.hold"]._keep(sale._points_hold_key())
        except Exception:
            _logger.warning("No review for %s", sale, exc_info=True)
        if is_conflict:
            self._settle_after_commit(root)

    @api.model
    def _make_new(self, root):
        """Let a review that waits already decide what its sale earns."""
        waiting = self.search(
            [("root", "=", root), ("state", "=", "to_settle"), ("is_new", "=", False)]
        )
        waiting.is_new = True
        waiting.flush_recordset()

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
        """Ask for a look at sales where something failed; end it where it works now.

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
    def _insert(
        self,
        state,
        company,
        reason,
        root=None,
        account_id=None,
        next_try=None,
        is_new=True,
    ):
        self.env.execute_query(
            SQL(
                """INSERT INTO points_review (
                          root, account_id, company_id, reason, state, attempts,
                          next_try, is_new, create_date, create_uid)
                   VALUES (%s, %s, %s, %s, %s, 0, %s, %s,
                           now() AT TIME ZONE 'UTC', %s)
                   ON CONFLICT DO NOTHING RETURNING id""",
                root,
                account_id,
                company.id,
                reason[:_REASON_LENGTH],
                state,
                next_try,
                is_new,
                self.env.uid,
            )
        )

    def _get_sale(self):
        """Return the sale a review is about; empty when it is gone."""
        self.ensure_one()
        return self._get_sale_of(self.root)

    @api.model
    def _get_sale_of(self, root):
        """Return the sale of a root; empty when it is gone, or there is none."""
        if not root:
            return self.env["pos.order"]
        return self.env["points.document"]._get_sale_of(root).exists()

    @api.model
    def _say_reason(self, error) -> str:
        """Return a sentence for who looks after points; the log has the error."""
        if isinstance(error, (str, UserError)):
            return str(error)
        if isinstance(error, EngineError):
            return self.env._(
                "It contains an amount that is too large to compute points."
            )
        if isinstance(error, CONFLICTS):
            return self.env._(
                "These points were being used by another process. "
                "It will be tried again."
            )
        return self.env._(
            "An error occurred; see the log of Odoo. It will be tried again."
        )

    # === SETTLING === #

    @api.model
    def _settle_after_commit(self, root):
        """Settle a sale as soon as this transaction is stored: it met a conflict.

        This transaction goes on seeing the accounts as they were before. If the
        process dies in between, the cron finds the review.
        """
        postcommit = self.env.cr.postcommit
        ids = postcommit.data.setdefault("customer_points.reviews", [])
        if not ids:
            postcommit.add(partial(self._settle_stored, ids))
        ids += self.search([("root", "=", root), ("state", "=", "to_settle")]).ids

    @api.model
    def _settle_stored(self, ids):
        """Settle what met a conflict; what meets one again is left to the cron."""
        try:
            self.browse(ids)._settle_at_once(_AT_THE_REGISTER)._put_off(None)
        except Exception:
            _logger.warning("Reviews %s are left to the cron", ids, exc_info=True)

    def _settle_at_once(self, seconds):
        """Settle, and try again after growing pauses what meets a conflict.

        :param seconds: after these, no more tries begin
        :return: what was not settled in this time
        """
        end, pause = time.monotonic() + seconds, _FIRST_PAUSE
        waiting = self
        while True:
            waiting = waiting.browse(
                review.id
                for review in waiting
                if time.monotonic() > end or not review._try_to_settle()
            )
            if not waiting or time.monotonic() + pause > end:
                return waiting
            # Else those who disturbed each other would meet again.
            time.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _try_to_settle(self) -> bool:
        """Settle one sale in a transaction of its own; never raises.

        :return: False after a conflict; what fails otherwise is put off
        """
        self.ensure_one()
        try:
            with self.env.registry.cursor() as cr:
                cr.execute("SET LOCAL lock_timeout = %s", [_LOCK_TIMEOUT])
                # Whoever has locked the review is settling it.
                review = self.with_env(self.env(cr=cr)).try_lock_for_update()
                if review.state == "to_settle":
                    sale = review._get_sale()
                    review._wait_for_accounts(sale.partner_id)
                    sale = sale.with_company(sale.company_id)
                    why = sale._points_settle_now(review.is_new)
                    review._follow_settling(why)
        except CONFLICTS:
            return False
        except Exception as error:
            _logger.warning("%s is not settled", self, exc_info=True)
            self._put_off(error)
        return True

    def _follow_settling(self, why):
        """End what is settled; what is not booked in some program is tried again.

        :param why: which programs, and why; empty: all are settled
        """
        if not why:
            self.state = "done"
            return
        self.write(self._prepare_next_try(why))
        self.env.ref(_CRON)._trigger(self.next_try)

    @api.model
    def _wait_for_accounts(self, partners):
        """Wait until nobody else is changing the accounts of these customers.

        It guards nothing, the door does. It spares a new transaction the work
        of settling just to find out at its end that another was faster.
        """
        owners = partners | partners.commercial_partner_id
        waiting = SQL(
            "SELECT FROM points_account WHERE partner_id = ANY(%s)"
            " ORDER BY id FOR NO KEY UPDATE",
            owners.ids,
        )
        self.env.cr.execute(waiting, log_exceptions=False)

    def _put_off(self, error):
        """Let the cron try again, later and later; never raises.

        :param error: why it failed; None: only for lack of time, so at once
        """
        if not self:
            return
        try:
            with self.env.registry.cursor() as cr:
                for review in self.with_env(self.env(cr=cr)).try_lock_for_update():
                    review.write(review._prepare_next_try(error))
                    review.env.ref(_CRON)._trigger(review.next_try)
        except Exception:
            _logger.warning("%s wait for the cron's next run", self, exc_info=True)

    def _prepare_next_try(self, error):
        if error is None:
            return {"next_try": fields.Datetime.now()}
        delay = timedelta(minutes=2 ** min(self.attempts, 20))
        return {
            "attempts": self.attempts + 1,
            "next_try": fields.Datetime.now() + min(delay, _LONGEST_DELAY),
            "reason": self._say_reason(error),
        }

    @api.model
    def _cron_settle(self):
        """Settle what is due, each sale in a transaction of its own."""
        Cron = self.env["ir.cron"]
        due = self.search(
            [
                ("state", "=", "to_settle"),
                ("next_try", "<=", fields.Datetime.now()),
                ("company_id.points_active", "=", True),
            ]
        )
        Cron._commit_progress(remaining=len(due))
        waiting = self.browse()
        for review in due:
            if not review._try_to_settle():
                waiting += review
            if not Cron._commit_progress(1):
                break
        waiting._settle_at_once(_BY_CRON)._put_off(ConcurrencyError())
        self._remind_managers()

    @api.model
    def _remind_managers(self):
        """Remind each manager once of all that somebody has to look at.

        It is one activity however many wait, on the oldest of them.
        """
        waiting = self.search(
            Domain("state", "not in", ("done", "to_settle"))
            | Domain("state", "=", "to_settle") & Domain("attempts", ">=", _TRIES_ALONE)
        )
        kind = self.env.ref(_ACTIVITY, raise_if_not_found=False)
        if not kind:
            # An administrator deleted it: nobody wants to be reminded.
            return
        for company, reviews in waiting.grouped("company_id").items():
            managers = self.env["points.adjustment"]._get_managers(company)
            reminded = reviews.activity_ids.filtered(
                lambda activity: activity.activity_type_id == kind
            )
            oldest = min(reviews, key=lambda review: review.id)
            for manager in managers - reminded.user_id:
                env = self.with_context(lang=manager.lang).env
                # A number in the list of activities, no mail to each of them.
                oldest.with_context(mail_activity_quick_update=True).activity_schedule(
                    _ACTIVITY,
                    summary=env._("To review: %(count)s", count=len(reviews)),
                    user_id=manager.id,
                )
