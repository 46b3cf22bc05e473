from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.numbers import ZERO, exact, number
from ..engine.spending import origins_taken, origins_text
from .points_ledger import DOOR

_HELD_BY_BILL = """
    SELECT root, SUM(points)::text AS points,
           SUM(qualifying_points)::text AS qualifying_points,
           CASE WHEN root IS NOT NULL THEN MAX(available_on) END AS available_on,
           CASE WHEN root IS NOT NULL THEN COALESCE(
                (SELECT MAX(lot.expires_on) FROM points_lot lot
                  WHERE lot.account_id = %(account)s AND lot.root = entry.root
                    AND lot.remaining > 0),
                MAX(expires_on)) END AS expires_on,
           what, STRING_AGG(taken_from, ' ' ORDER BY number) AS taken_from
      FROM (SELECT *, CASE WHEN root IS NULL THEN 'rest'
                           WHEN kind IN ('redeem', 'restore') THEN 'spent'
                           WHEN kind = 'expire' THEN 'expired'
                           ELSE 'earned' END AS what
              FROM points_entry WHERE account_id = %(account)s) entry
  GROUP BY root, what ORDER BY MIN(id)"""
_HELD_BY_LOT = """
    SELECT NULL AS root, SUM(lot.remaining)::text AS points,
           '0' AS qualifying_points,
           lot.available_on, lot.expires_on, 'rest' AS what
      FROM points_lot lot JOIN points_entry entry ON entry.id = lot.entry_id
     WHERE lot.account_id = %(account)s AND lot.remaining > 0 AND entry.root IS NULL
  GROUP BY lot.available_on, lot.expires_on ORDER BY MIN(lot.id)"""


class PointsMerging(models.AbstractModel):
    """How accounts become one: contacts that are merged, or belong to a company.

    Nothing is deleted.
    """

    _name = "points.merging"
    _description = "Merging of Accounts"

    merged_into_id = fields.Many2one(
        "points.account",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        help="Where the points went when two contacts became one, or when the contact "
        "came to belong to a company.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _get_stray_domain(self) -> Domain:
        """Return which accounts no sale looks at: their program looks at the company.

        A contact came to belong to one after it had collected points, or the
        program's owner was changed.
        """
        return (
            Domain("merged_into_id", "=", False)
            & Domain("program_id.owner", "=", "commercial")
            & Domain("partner_id.parent_id", "!=", False)
            & Domain("partner_id.is_company", "=", False)
        )

    def _move_to_owner(self):
        """Let the company's account go on with what this contact's account holds.

        An account the company has keeps its state, template, rules and targets.

        :raise UserError: where the company may not have the points
        """
        self.ensure_one()
        owner = self.program_id._get_owner(self.partner_id)
        target = self.program_id._get_account(owner)
        reason = self.env._(
            "%(contact)s belongs to %(company)s, whose account has its points now.",
            contact=self.partner_id.display_name,
            company=owner.display_name,
        )
        if target:
            if self.state == "active" and target.state == "blocked":
                raise UserError(
                    self.env._(
                        "The account of %(company)s is blocked: points could not be "
                        "redeemed there. Activate it first, or block the account of "
                        "%(contact)s as well.",
                        company=owner.display_name,
                        contact=self.partner_id.display_name,
                    )
                )
            self._join(target, reason)
            self._close_into(target)
            return
        if self._get_partners_elsewhere(owner, self.program_id):
            raise UserError(
                self.env._(
                    "%(company)s is in another program, and customers may be in one "
                    "only. Block its other account first.",
                    company=owner.display_name,
                )
            )
        opened = self._open([owner.id], self.program_id.id, self.company_id.id)
        target, state = self.browse(opened[owner.id]), self.state
        self._join(target, reason)
        self._hand_over(target)
        target.state = state

    @api.model
    def _merge_partners(self, src_partners, dst_partner):
        """Move the points of merged contacts to one account for each program.

        Nothing is deleted: the old account stays, blocked and empty, and the
        rows of both tell which way the points went.
        """
        sources = self.search(
            [("partner_id", "in", src_partners.ids), ("merged_into_id", "=", False)]
        )
        targets = self.search(
            [("partner_id", "=", dst_partner.id), ("merged_into_id", "=", False)]
        )
        (targets | sources)._keep_one_program(dst_partner)
        by_program = {account.program_id: account for account in targets}
        for source in sources:
            target = by_program.setdefault(source.program_id, source)
            if target != source:
                reason = self.env._(
                    "%(old)s became one with %(new)s.",
                    old=source.partner_id.display_name,
                    new=target.partner_id.display_name,
                )
                source._join(target, reason)
                source._hand_over(target)

    def _keep_one_program(self, partner):
        """Block all but one program where a customer may be in one only (L-23).

        The contact that goes on keeps its own; its history says what was blocked.
        """
        for company, accounts in self.grouped("company_id").items():
            active = accounts.filtered_domain(self._get_running_domain(company))
            kept = active.sorted(lambda account: account.partner_id != partner)[:1]
            rivals = active.filtered(
                lambda account, kept=kept: account.program_id != kept.program_id
            )
            if not company.points_single_program or not rivals:
                continue
            rivals.action_block()
            partner.message_post(
                body=self.env._(
                    "Customers may be in one program only. Blocked by merging: "
                    "%(accounts)s.",
                    accounts=", ".join(rivals.mapped("display_name")),
                )
            )

    def _hand_over(self, target):
        """Leave state, template, own rules and targets to the account that goes on.

        One that has any of its own keeps them: two halves may contradict.
        """
        self.ensure_one()
        if self.state == "active":
            target.state = "active"
        names = ("template_id", "rule_ids", "minimum_target", "qualifying_target")
        if not any(target[name] for name in names):
            if self.template_id:
                target.with_context(active_test=False).rule_ids.unlink()
            target.write(
                {
                    "template_id": self.template_id.id,
                    "minimum_target": self.minimum_target,
                    "qualifying_target": self.qualifying_target,
                    "rules_mode": self.rules_mode,
                }
            )
            self.rule_ids.account_id = target
        self._close_into(target)

    def _close_into(self, target):
        """Leave this account behind, empty: another one goes on."""
        self.template_id = False
        self.with_context(points_door=DOOR).write(
            {"state": "blocked", "merged_into_id": target.id}
        )

    def _join(self, target, reason):
        """Give points, holds and vouchers to another account of the same program.

        Points go order by order and keep their dates, so that a later return
        finds them on the new account.

        :param reason: why, for the ledger
        """
        self.ensure_one()
        self.voucher_ids.account_id = target
        for account in (self, target):
            self.env["points.document"]._expire_account(account)
        today = target.company_id._get_points_today()
        Hold = self.env["points.hold"]
        _held, kept = Hold._get_held(self, today).get(self.id, (0.0, 0.0))
        Hold._move(self, target)
        self.env["points.document"]._post(
            {
                "kind": "transfer",
                "date": today,
                "partner_id": target.partner_id.id,
                "company_id": target.company_id.id,
                "reason": reason,
            },
            self._prepare_transfer(target),
            held={self.id: exact(kept)},
        )

    def _prepare_transfer(self, target):
        """Return the rows of a transfer; what comes goes before what leaves."""
        entries, numbers = [], {}
        for held in self._get_held():
            for account, sign in ((self, -1), (target, 1)):
                entry = account._prepare_transferred(held, sign)
                if held["root"]:
                    last = numbers.get((account, held["root"]))
                    last = last or account._get_last_number(held["root"])
                    entry["number"] = numbers[account, held["root"]] = last + 1
                entries.append(entry)
        return sorted(entries, key=lambda entry: entry["points"] < ZERO)

    def _prepare_transferred(self, held, sign):
        """Return one row of a transfer; what was spent or expired goes over as such."""
        numbers = {
            name: number(held[name]) * sign for name in ("points", "qualifying_points")
        }
        entry = {
            "account_id": self.id,
            "program_id": self.program_id.id,
            "kind": "transfer",
            "root": held["root"] or False,
            "number": False,
            "available_on": sign > 0 and held["available_on"] or False,
            "expires_on": sign > 0 and held["expires_on"] or False,
            **numbers,
        }
        if held["what"] == "expired":
            entry["kind"] = "expire"
        if held["what"] == "spent":
            entry["kind"] = "redeem" if sign > 0 else "restore"
            entry["expires_on"] = False
            taken = origins_taken([held["taken_from"] or ""])
            entry["taken_from"] = origins_text(
                {origin: points * sign for origin, points in taken.items() if points}
            )
        return entry

    def _get_held(self):
        """Return what goes over: bill by bill, then the rest lot by lot.

        The last row is what the rest was spent on; it has no dates of its own.
        """
        self.env.cr.execute(SQL(_HELD_BY_BILL, account=self.id))
        held = self.env.cr.dictfetchall()
        self.env.cr.execute(SQL(_HELD_BY_LOT, account=self.id))
        lots = self.env.cr.dictfetchall()
        spent = sum((number(lot["points"]) for lot in lots), ZERO)
        for row in held:
            if row["root"] is None:
                row["points"] = number(row["points"]) - spent
        return [row for row in lots + held if number(row["points"])]

    def _get_last_number(self, root):
        (last,) = self.env["points.entry"]._read_group(
            [("account_id", "=", self.id), ("root", "=", root)], [], ["number:max"]
        )[0]
        return last or 0

    def _get_holders(self) -> dict:
        """Return, for these accounts and those merged into them, who goes on."""
        holders = {account: account for account in self}
        sources = self
        while sources := self.search([("merged_into_id", "in", sources.ids)]):
            holders.update(
                (source, holders[source.merged_into_id]) for source in sources
            )
        return holders
