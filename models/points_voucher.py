from __future__ import annotations

import dataclasses
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import const
from ..engine.numbers import LEDGER_DECIMALS, ZERO, exact, number, ratio, round_points
from ..engine.targets import progress

#: Vouchers that stand for a target reached.
_GIVEN = ("open", "used")


class PointsVoucher(models.Model):
    """A code worth money on a later purchase (C-48, T-02).

    Reaching a target gives one; a return that undoes the target does with it
    what the program's ``target_revoke`` says (R-05). Others are bought with
    points.
    """

    _name = "points.voucher"
    _inherit = ["points.own.defaults", "points.voucher.trade"]
    _description = "Points Voucher"
    _rec_name = "code"
    _order = "id desc"

    code = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self._default_code(),
    )
    account_id = fields.Many2one(
        "points.account", required=True, index=True, ondelete="restrict", readonly=True
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    program_id = fields.Many2one(related="account_id.program_id")
    company_id = fields.Many2one(related="account_id.company_id")
    document_id = fields.Many2one(
        "points.document",
        string="Given For",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    date = fields.Date(required=True, readonly=True)
    currency_id = fields.Many2one(related="program_id.currency_id")
    value = fields.Monetary(required=True, readonly=True)
    state = fields.Selection(
        const.VOUCHER_STATES, required=True, default="open", readonly=True
    )

    _code_uniq = models.UniqueIndex("(code)", "Another voucher has this code.")

    # === DEFAULTS === #

    @api.model
    def _default_code(self) -> str:
        """Return a code nobody can guess, in groups that people can read out."""
        digits = secrets.token_hex(6).upper()
        return "-".join(digits[place : place + 4] for place in (0, 4, 8))

    # === ACTION METHODS === #

    def action_use(self):
        """Mark vouchers as used: the customer got what they are worth.

        :raise AccessError: for who is no points user
        :raise UserError: for one that is not open any more
        """
        self.check_access("read")
        if not self.env.user.has_group("customer_points.group_points_user"):
            raise AccessError(self.env._("Ask a points user to take this voucher."))
        opened = self.sudo().try_lock_for_update().filtered(lambda v: v.state == "open")
        if opened != self.sudo():
            raise UserError(
                self.env._(
                    "This voucher is used or withdrawn already, or taken at this "
                    "moment. Look again."
                )
            )
        opened.state = "used"

    # === BUSINESS METHODS === #

    @api.model
    def _follow_targets(self, entries):
        """Give what these entries earned by reaching targets; take back what they undo.

        A target counts as undone only by what these rows take back: raising it
        takes no voucher from anybody.

        :param entries: rows just written by the door, their accounts locked
        """
        accounts, document = entries.account_id, entries.document_id
        sums = accounts._read_accrued(document.date)
        # Read together: one query, however many programs the customer is in.
        accounts.voucher_ids.mapped("state")
        given_now = []
        for account, rows in entries.grouped("account_id").items():
            targets = account._get_engine_targets()
            after = tuple(map(exact, sums.get(account, (0.0, 0.0))))
            given = account.voucher_ids._get_given(document.date)
            missing = progress(*after, targets).times - len(given)
            earned = rows.filtered(lambda row: row.kind in ("earn", "return"))
            # What takes points back gives no voucher, whatever was missed before.
            if missing > 0 and sum(earned.mapped("points")) > 0:
                given_now += self._prepare_missing(account, document, missing)
            undone = min(-missing, self._times_undone(targets, after, earned))
            if undone > 0:
                given._revoke(undone)
        self.create(given_now)

    def _get_given(self, date):
        """Return which of these stand for targets reached in the period of a day."""
        return self.filtered(
            lambda voucher: (
                voucher.state in _GIVEN
                and not voucher.reward_id
                and (
                    voucher.program_id.target_period != "year"
                    or voucher.date.year == date.year
                )
            )
        )

    @api.model
    def _times_undone(self, targets, after, earned) -> int:
        """Return how many targets these rows have undone, counted one by one."""
        each = dataclasses.replace(targets, repeat="each")
        names = ("points", "qualifying_points")
        before = (
            sums - sum(map(exact, earned.mapped(name)), ZERO)
            for sums, name in zip(after, names, strict=True)
        )
        return progress(*before, each).times - progress(*after, each).times

    @api.model
    def _prepare_missing(self, account, document, missing) -> list[dict]:
        """Return the new vouchers; those the same bill gave before are opened again.

        A bill that was reset and posted again so keeps the code the customer has.
        """
        value = account.program_id.target_value
        again = account.voucher_ids.filtered(
            lambda voucher: (
                voucher.state == "withdrawn"
                and not voucher.reward_id
                and voucher.value == value
                and voucher.document_id._get_paper() == document._get_paper()
            )
        )[:missing]
        again.write({"state": "open", "date": document.date})
        voucher = {
            "account_id": account.id,
            "document_id": document.id,
            "date": document.date,
            "value": value,
        }
        return [voucher] * (missing - len(again)) if value else []

    def _revoke(self, count):
        """Do with the newest of these vouchers what their program says (R-05)."""
        policy = self.program_id.target_revoke
        if policy == "keep":
            return
        newest_first = self.sorted(
            lambda voucher: (voucher.state == "used", -voucher.id)
        )
        withdrawn = newest_first.filtered(lambda v: v.state == "open")[:count]
        withdrawn.state = "withdrawn"
        if policy == "debt":
            (newest_first - withdrawn)[: count - len(withdrawn)]._take_back()

    def _take_back(self):
        """Take what used vouchers are worth off the balance, below zero if need be."""
        for voucher in self:
            program, account = voucher.program_id, voucher.account_id
            value = exact(voucher.value)
            worth = ratio(value, number(1), exact(program._get_point_value(), 6))
            points = round_points(worth, "none", LEDGER_DECIMALS)
            self.env["points.document"]._post(
                {
                    "kind": "adjust",
                    "date": account.company_id._get_points_today(),
                    "partner_id": account.partner_id.id,
                    "company_id": account.company_id.id,
                    "reason": self.env._(
                        "Voucher %(code)s was used, but goods came back and its target "
                        "is no longer reached.",
                        code=voucher.code,
                    ),
                },
                [
                    {
                        "account_id": account.id,
                        "program_id": program.id,
                        "kind": "adjust",
                        "points": -points,
                    }
                ],
            )
            voucher.state = "owed"
