from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.numbers import LEDGER_LIMIT, ZERO, number
from ..settlement.booked_balances import keep_balances_booked
from ..wording.sentences import say_number

_OPEN = """
    INSERT INTO points_account (
           partner_id, program_id, company_id, template_id, state, balance, version,
           rules_mode,
           create_uid, write_uid, create_date, write_date)
    SELECT partner_id, %(program)s, %(company)s, %(template)s, 'active', 0, 0,
           'replace',
           %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM unnest(%(partners)s::int[]) AS partner_id
        ON CONFLICT (partner_id, program_id) WHERE merged_into_id IS NULL
           DO UPDATE SET state = 'active' WHERE points_account.state = 'blocked'
 RETURNING partner_id, id"""
_CHANGE_BALANCES = """
    WITH locked AS (
        SELECT account.id, new.points
          FROM points_account account
          JOIN unnest(%(ids)s::int[], %(points)s::numeric[]) AS new(id, points)
            ON new.id = account.id
         WHERE %(affordable)s
           AND ABS(account.balance + new.points)
               <= GREATEST(ABS(account.balance), %(most)s)
      ORDER BY account.id
           FOR UPDATE OF account)
    UPDATE points_account account
       SET balance = account.balance + locked.points, version = account.version + 1
      FROM locked WHERE account.id = locked.id
 RETURNING account.id, account.balance::text, EXISTS (
           SELECT FROM points_lot lot WHERE lot.account_id = account.id
              AND lot.remaining > 0 AND lot.expires_on < %(today)s)"""
_UNUSABLE = """
    (SELECT COALESCE(SUM(lot.remaining) FILTER (WHERE lot.available_on > %(today)s), 0)
            + GREATEST(0, COALESCE(
                SUM(lot.remaining) FILTER (WHERE lot.expires_on < %(today)s), 0)
                - (SELECT COALESCE(SUM(hold.points), 0) FROM points_hold hold
                    WHERE hold.account_id = account.id AND hold.day < %(today)s
                      AND hold.expires_at > %(now)s))
       FROM points_lot lot
      WHERE lot.account_id = account.id AND lot.remaining > 0)
    + (SELECT COALESCE(SUM(hold.points), 0) FROM points_hold hold
        WHERE hold.account_id = account.id AND hold.bill <> %(bill)s
          AND hold.expires_at > %(now)s)"""
_AFFORDABLE = "(new.points >= 0 OR account.balance + new.points >= %(unusable)s)"
_TOUCH_IF_AFFORDABLE = """
    UPDATE points_account account SET version = version + 1
     WHERE account.id = %(account)s
       AND account.balance + %(extra)s - %(points)s >= %(unusable)s
 RETURNING id"""


class PointsAccount(models.Model):
    """How accounts are opened, one by one or many at once, and changed by the door."""

    _inherit = "points.account"

    @api.private
    def init(self):
        keep_balances_booked(self.env.cr)

    # === CONSTRAINT METHODS === #

    @api.constrains("partner_id", "program_id", "state")
    def _check_single_program(self):
        """Refuse a second program where the company allows one only (L-23)."""
        for company, accounts in self.grouped("company_id").items():
            if not company.points_single_program:
                continue
            running = self._get_running_domain(company)
            active = accounts.filtered_domain(running)
            for (partner,) in self._read_group(
                running & Domain("partner_id", "in", active.partner_id.ids),
                ["partner_id"],
                having=[("__count", ">", 1)],
            ):
                raise ValidationError(
                    self.env._(
                        "%(customer)s is in another program, and customers may be in "
                        "one only. Block the other account first.",
                        customer=partner.display_name,
                    )
                )

    # === BUSINESS METHODS === #

    @api.model
    def _open(self, partner_ids, program_id, company_id, template_id=None) -> dict:
        """Open accounts, blocked ones again, in one statement.

        Somebody who opens the same one at this moment makes this transaction
        fail with a serialization error: a request is tried again by Odoo, a
        sale is settled later (hardening 2).

        :return: the ids of accounts by partner; who had an active one is missing
        """
        opened = self.env.execute_query(
            SQL(
                _OPEN,
                partners=list(partner_ids),
                program=program_id,
                company=company_id,
                template=template_id,
                uid=self.env.uid,
            )
        )
        self.invalidate_model(["state"])
        self.env["points.program"].invalidate_model(["account_ids"])
        self.env["points.template"].invalidate_model(["account_ids"])
        self.env["res.partner"].invalidate_model(["points_account_ids"])
        return dict(opened)

    @api.model
    def _allocate(self, partners, program, template) -> dict[str, int]:
        """Give these customers active accounts in a program (L-06, L-07).

        :return: how many were allocated, known already (contacts of one company
            share its account), and left out for being in another program
        """
        self.check_access("create")
        self.flush_model()
        by_owner = {partner: partner for partner in partners}
        if program.owner == "commercial":
            by_owner = partners.grouped("commercial_partner_id")
        owners = partners.browse().union(*by_owner)
        elsewhere = self._get_partners_elsewhere(owners, program)
        opened = self._open(
            (owners - elsewhere).ids,
            program.id,
            program.company_id.id,
            template.id or None,
        )
        left_out = sum(len(by_owner[owner]) for owner in elsewhere)
        counts = {"allocated": len(opened), "elsewhere": left_out}
        return {**counts, "known": len(partners) - sum(counts.values())}

    @api.model
    def _get_partners_elsewhere(self, partners, program):
        """Return who is in another program, where the company allows one only."""
        if not program.company_id.points_single_program:
            return partners.browse()
        rows = self._read_group(
            self._get_running_domain(program.company_id)
            & Domain("partner_id", "in", partners.ids)
            & Domain("program_id", "!=", program.id),
            ["partner_id"],
        )
        return partners.browse(partner.id for (partner,) in rows)

    @api.model
    def _get_running_domain(self, company) -> Domain:
        """Return which accounts of a company can earn, so that they bar others."""
        today = company._get_points_today()
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "active")
            & Domain("program_id.active", "=", True)
            & (
                Domain("program_id.date_to", "=", False)
                | Domain("program_id.date_to", ">=", today)
            )
        )

    @api.model
    def _change_balances(self, changes, today, conditional=False):
        """Add to balances, in one statement and in id order: this is the lock.

        Under REPEATABLE READ this, and only this, makes two concurrent changes
        of an account see each other (hardening 2), so it comes before
        everything else and is done for a change of zero too.

        :param changes: points to add, by account id
        :param conditional: change only accounts that can afford it, today, from
            what is neither pending nor past its last day
        :return: by account id (balance after, whether lots are past their last day);
            an account that could not afford its change, or would hold more than the
            ledger can, is missing
        """
        ids = sorted(changes)
        rows = self.env.execute_query(
            SQL(
                _CHANGE_BALANCES,
                ids=ids,
                points=[changes[account_id] for account_id in ids],
                affordable=SQL(_AFFORDABLE, unusable=self._unusable(today))
                if conditional
                else SQL("true"),
                most=LEDGER_LIMIT,
                today=today,
            )
        )
        self.browse(changes).invalidate_recordset(["balance", "version"])
        return {account_id: (number(after), due) for account_id, after, due in rows}

    def _check_range(self, numbers):
        """Refuse what the ledger cannot hold exactly: points, balance or value.

        :raise UserError: naming what to look at
        """
        names = ("points", "qualifying_points", "value")
        if any(abs(numbers.get(name, ZERO)) > LEDGER_LIMIT for name in names):
            raise UserError(
                self.env._(
                    "%(account)s: points and their value are at most %(most)s. Check "
                    "the rules and the value per point of %(program)s.",
                    account=self.display_name,
                    most=say_number(self.env, LEDGER_LIMIT),
                    program=self.program_id.name,
                )
            )

    @api.model
    def _unusable(self, today, bill="") -> SQL:
        """Return what of a balance cannot be taken: pending, past, or held.

        What is past its last day and was set aside before counts as held.
        """
        return SQL(_UNUSABLE, today=today, bill=bill, now=fields.Datetime.now())

    def _touch_if_affordable(self, points, bill, today, extra=ZERO) -> bool:
        """Lock this account if it can afford what an open bill takes.

        Whoever changes it at the same moment makes one of both fail with a
        serialization error, which Odoo tries again (hardening 2).

        :param extra: points that the bill itself will have earned
        """
        self.ensure_one()
        touched = self.env.execute_query(
            SQL(
                _TOUCH_IF_AFFORDABLE,
                account=self.id,
                points=points,
                extra=extra,
                unusable=self._unusable(today, bill),
            )
        )
        self.invalidate_recordset(["version"])
        return bool(touched)
