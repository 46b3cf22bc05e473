from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from odoo.tools import SQL

from ..engine.evidence import Evidence, read_evidence
from ..engine.numbers import ZERO, number
from ..engine.roots import split_root

# UNION and not OR: each branch finds its rows by an index, whatever the
# database believes about the size of the tables.
#
# There is one row without an account, at least: evidence is there without any.
_READ_ACCOUNTS = """
    SELECT concerned.*,
           (SELECT json_agg(json_build_array(evidence, partner_id) ORDER BY id)
              FROM points_document
             WHERE id IN (
                   SELECT document_id FROM points_entry WHERE root = ANY(%(told)s)
                    UNION
                   SELECT id FROM points_document WHERE %(sales)s)),
           EXISTS (SELECT FROM points_review review
                    WHERE review.root = ANY(%(roots)s)
                      AND review.state IN ('unpaid', 'to_check'))
      FROM (VALUES (TRUE)) always LEFT JOIN (
    SELECT account.id, account.program_id,
           CASE WHEN account.merged_into_id IS NULL
                THEN account.partner_id ELSE 0 END,
           account.state = 'active', account.template_id,
           EXISTS (SELECT FROM points_rule rule
                    WHERE rule.account_id = account.id AND rule.active),
           EXISTS (SELECT FROM points_lot lot WHERE lot.account_id = account.id
                      AND lot.remaining > 0 AND lot.expires_on < %(today)s),
           account.balance::text,
           (SELECT json_agg(json_build_array(
                   held.root, held.points::text, held.qualifying::text,
                   held.number, held.expired::text, held.redeemed::text,
                   held.repaid::text, held.waived::text, held.taken_from))
              FROM (SELECT root, SUM(qualifying_points) AS qualifying,
                           COALESCE(SUM(points) FILTER (WHERE kind NOT IN (
                               'expire', 'redeem', 'restore', 'repay', 'waive')), 0)
                           AS points,
                           COALESCE(-SUM(points) FILTER (WHERE kind IN (
                               'redeem', 'restore')), 0) AS redeemed,
                           STRING_AGG(taken_from, ' ' ORDER BY number) AS taken_from,
                           COALESCE(-SUM(points) FILTER (WHERE kind = 'expire'), 0)
                           AS expired,
                           COALESCE(SUM(points) FILTER (WHERE kind = 'repay'), 0)
                           AS repaid,
                           COALESCE(SUM(points) FILTER (WHERE kind = 'waive'), 0)
                           AS waived,
                           MAX(number) AS number
                      FROM points_entry WHERE root = ANY(%(roots)s)
                       AND account_id = account.id GROUP BY root) held),
           (SELECT COALESCE(SUM(points), 0)::text FROM points_entry waived
             WHERE waived.account_id = account.id AND waived.kind = 'waive')
      FROM points_account account
     WHERE account.program_id = ANY(%(programs)s) AND account.id IN (
           SELECT id FROM points_account WHERE partner_id = ANY(%(partners)s)
            UNION
           SELECT account_id FROM points_entry WHERE root = ANY(%(roots)s))
           ) concerned ON TRUE
  ORDER BY concerned.id"""


@dataclass(slots=True)
class Posted:
    """What the ledger holds for one root on one account."""

    points: Decimal = ZERO
    qualifying_points: Decimal = ZERO
    number: int = 0
    expired: Decimal = ZERO
    redeemed: Decimal = ZERO
    repaid: Decimal = ZERO
    waived: Decimal = ZERO
    taken_from: str = ""


@dataclass(slots=True)
class AccountState:
    """An account as a settlement finds it; merged ones have no partner.

    ``waived`` are points of returns that it did not have to give back.
    """

    id: int
    program_id: int
    partner_id: int
    is_active: bool
    template_id: int | None = None
    has_own_rules: bool = False
    has_due_lots: bool = False
    balance: Decimal = ZERO
    waived: Decimal = ZERO
    posted: dict[str, Posted] = field(default_factory=dict)


class LedgerSnapshot:
    """Accounts, what they hold for some roots, and evidence: read by one query.

    ``accounts`` are, in the programs, those of the customers and those that ever held
    points of the roots; ``evidence`` is the newest of each root,
    ``evidence_partners`` whose it is, also after contacts were merged.
    ``is_looked_at`` tells that a manager is asked to look at one of the roots. Of
    ``others`` the evidence alone is read.
    """

    def __init__(self, env, facts, partner_ids, roots, others=()):
        self.accounts: list[AccountState] = []
        self.evidence: dict[str, Evidence] = {}
        self.evidence_partners: dict[str, int] = {}
        self.is_looked_at = False
        rows = self._read(env, facts, partner_ids, roots, [*roots, *others])
        for *account, balance, posted, waived, _evidence, is_looked_at in rows:
            self.is_looked_at = is_looked_at
            if account[0] is None:
                continue
            state = AccountState(
                *account, balance=number(balance), waived=number(waived)
            )
            for root, points, qualifying, last, *spent, taken in posted or ():
                state.posted[root] = Posted(
                    number(points),
                    number(qualifying),
                    last,
                    *map(number, spent),
                    taken_from=taken or "",
                )
            self.accounts.append(state)
        for evidence, partner_id in rows[0][-2] or ():
            for root, found in read_evidence(evidence).items():
                if found.is_decision:
                    self.evidence[root] = found
                    self.evidence_partners[root] = partner_id or 0

    def _read(self, env, facts, partner_ids, roots, told):
        ids = {known.company_id for known in facts.values()}
        companies = env["res.company"].browse(ids)
        return env.execute_query(
            SQL(
                _READ_ACCOUNTS,
                roots=roots,
                told=told,
                sales=self._sales_condition(env, told),
                programs=list(facts),
                partners=partner_ids,
                # What is not due yet in its own company does not expire by this.
                today=max(company._get_points_today() for company in companies),
            )
        )

    @staticmethod
    def _sales_condition(env, roots):
        """Return the condition for documents made by the roots' own sales."""
        columns, ids = env["points.document"]._get_origin_fields(), {}
        for root in roots:
            kind, sale_id = split_root(root)
            ids.setdefault(columns[kind], set()).add(sale_id)
        return SQL(" OR ").join(
            SQL("%s = ANY(%s)", SQL.identifier(column), list(sales))
            for column, sales in ids.items()
        )
