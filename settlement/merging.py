"""How accounts become one: contacts that are merged, or belong to a company.

Nothing is deleted: the old account stays, blocked and empty, and the rows of both
tell which way the points went.
"""

from __future__ import annotations

from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine.numbers import ZERO, exact, number
from ..engine.spending import origins_taken, origins_text
from . import balances
from .posting import DOOR
from .shortfalls import KINDS
from .transferring import Transfer, prepare_entry

_HELD_BY_ROOT = """
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
                           WHEN kind IN ('repay', 'waive') THEN kind
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


def move_to_owner(account):
    """Let the company's account go on with what a contact's account holds.

    An account the company has keeps its state, template, rules and targets.

    :raise UserError: where the company may not have the points
    """
    env, program = account.env, account.program_id
    owner = program._get_owner(account.partner_id)
    target = program._get_account(owner)
    names = {
        "contact": account.partner_id.display_name,
        "company": owner.display_name,
    }
    reason = env._(
        "%(contact)s belongs to %(company)s: the points are now on the account of "
        "the company.",
        **names,
    )
    if target:
        if account.state == "active" and target.state == "blocked":
            raise UserError(
                env._(
                    "The account of %(company)s is blocked: the points could not "
                    "be redeemed there. Unblock it first, or also block the "
                    "account of %(contact)s.",
                    **names,
                )
            )
        merger = AccountMerger(account, target, reason)
        merger.join()
        merger.close()
        return
    if account._get_partners_elsewhere(owner, program):
        raise UserError(
            env._(
                "%(company)s is already in another program, and customers can "
                "join only one. Block its other account first.",
                company=owner.display_name,
            )
        )
    opened = balances.open_accounts(env, [owner.id], program.id, account.company_id.id)
    target, state = account.browse(opened[owner.id]), account.state
    why = account.block_reason or reason
    merger = AccountMerger(account, target, reason)
    merger.join()
    merger.hand_over()
    if state == "blocked":
        target._set_state(state, why)


def merge_partners(src_partners, dst_partner):
    """Move the points of merged contacts to one account for each program."""
    env = dst_partner.env
    Account = env["points.account"]
    targets, sources = (
        Account.search(
            [("partner_id", "in", partners.ids), ("merged_into_id", "=", False)]
        )
        for partners in (dst_partner, src_partners)
    )
    _keep_one_program(targets | sources, dst_partner)
    by_program = {account.program_id: account for account in targets}
    for source in sources:
        target = by_program.setdefault(source.program_id, source)
        if target != source:
            reason = env._(
                "%(old)s was merged into %(new)s.",
                old=source.partner_id.display_name,
                new=target.partner_id.display_name,
            )
            merger = AccountMerger(source, target, reason)
            merger.join()
            merger.hand_over()


def _keep_one_program(accounts, partner):
    """Block all but one program where a customer may be in one only (L-23).

    The contact that goes on keeps its own; its history says what was blocked.
    """
    for company, of_company in accounts.grouped("company_id").items():
        active = of_company.filtered_domain(accounts._get_running_domain(company))
        kept = active.sorted(lambda account: account.partner_id != partner)[:1]
        rivals = active.filtered(
            lambda account, kept=kept: account.program_id != kept.program_id
        )
        if not company.points_single_program or not rivals:
            continue
        why = accounts.env._("Blocked by merging: customers can join only one program.")
        rivals._set_state("blocked", why)
        partner.message_post(
            body=accounts.env._(
                "Customers can join only one program. Blocked by merging: "
                "%(accounts)s.",
                accounts=", ".join(rivals.mapped("display_name")),
            )
        )


class AccountMerger:
    """Moves what one account holds to another one of the same program.

    Points go order by order and keep their dates, so that a later return finds them
    on the new account.

    :param reason: why, for the ledger and the chatter
    """

    def __init__(self, source, target, reason):
        self.env, self.source, self.target = source.env, source, target
        self.reason, self.transfer = reason, Transfer(source, target)

    def hand_over(self):
        """Leave state, template, own rules and targets to the account that goes on.

        One that has any of its own keeps them: two halves may contradict.
        """
        source, target = self.source, self.target
        if source.state == "active" and target.state == "blocked":
            target._set_state("active", self.reason)
        names = ("template_id", "rule_ids", "minimum_target", "qualifying_target")
        if not any(target[name] for name in names):
            if source.template_id:
                target.with_context(active_test=False).rule_ids.unlink()
            target.write(
                {
                    "template_id": source.template_id.id,
                    "minimum_target": source.minimum_target,
                    "qualifying_target": source.qualifying_target,
                    "rules_mode": source.rules_mode,
                }
            )
            source.rule_ids.account_id = target
        self.close()

    def close(self):
        """Leave the old account behind, empty: the other one goes on."""
        self.source.template_id = False
        self.source.with_context(points_door=DOOR).write(
            {"state": "blocked", "merged_into_id": self.target.id}
        )

    def join(self):
        """Give points, holds, vouchers and requests to the other account."""
        source, target = self.source, self.target
        source.voucher_ids.account_id = target
        waiting = [("state", "=", "waiting")]
        source.adjustment_ids.filtered_domain(waiting).account_id = target
        self.transfer.begin()
        today = target.company_id._get_points_today()
        Hold = self.env["points.hold"]
        _held, kept = Hold._get_held(source, today).get(source.id, (0.0, 0.0))
        Hold._move(source, target)
        self.transfer.post(
            target.partner_id,
            self.reason,
            self._prepare_transfer(),
            held={source.id: exact(kept)},
        )

    def _prepare_transfer(self) -> list[dict]:
        """Return the rows of a transfer; what comes goes before what leaves."""
        entries, numbers = [], {}
        for held in self._get_held():
            for account, sign in ((self.source, -1), (self.target, 1)):
                entry = self._prepare_entry(account, held, sign)
                if held["root"]:
                    last = numbers.get((account, held["root"]))
                    last = last or self._get_last_number(account, held["root"])
                    entry["number"] = numbers[account, held["root"]] = last + 1
                entries.append(entry)
        return sorted(entries, key=lambda entry: entry["points"] < ZERO)

    @staticmethod
    def _prepare_entry(account, held, sign) -> dict:
        """Return one row of a transfer; what was spent or expired goes over as such."""
        points, qualifying = (
            number(held[name]) * sign for name in ("points", "qualifying_points")
        )
        days = (held["available_on"], held["expires_on"]) if sign > 0 else ()
        entry = prepare_entry(account, points, *days)
        entry.update(
            root=held["root"] or False, number=False, qualifying_points=qualifying
        )
        if held["what"] == "expired":
            entry["kind"] = "expire"
        if held["what"] in KINDS:
            entry["kind"] = held["what"]
        if held["what"] == "spent":
            entry["kind"] = "redeem" if sign > 0 else "restore"
            entry["expires_on"] = False
            taken = origins_taken([held["taken_from"] or ""])
            entry["taken_from"] = origins_text(
                {origin: points * sign for origin, points in taken.items() if points}
            )
        return entry

    def _get_held(self) -> list[dict]:
        """Return what goes over: sale by sale, then the rest lot by lot.

        The last row is what the rest was spent on; it has no dates of its own.
        """
        self.env.cr.execute(SQL(_HELD_BY_ROOT, account=self.source.id))
        held = self.env.cr.dictfetchall()
        self.env.cr.execute(SQL(_HELD_BY_LOT, account=self.source.id))
        lots = self.env.cr.dictfetchall()
        spent = sum((number(lot["points"]) for lot in lots), ZERO)
        for row in held:
            if row["root"] is None:
                row["points"] = number(row["points"]) - spent
        return [row for row in lots + held if number(row["points"])]

    def _get_last_number(self, account, root) -> int:
        (last,) = self.env["points.entry"]._read_group(
            [("account_id", "=", account.id), ("root", "=", root)], [], ["number:max"]
        )[0]
        return last or 0
