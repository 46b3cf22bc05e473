"""Balances of accounts, which only change here, and how that locks them.

Under REPEATABLE READ an UPDATE of the account's row, and only that, makes two
concurrent changes see each other. So it comes before everything else and is done for
a change of zero too.

The database keeps every balance equal to the ledger, whoever writes it: it compares
when a transaction ends, because entries follow their balance. The door asks for it at
once: what would be wrong is then undone with the savepoint of its sale and settled
later, and never makes a paid order fail at its end.
"""

from __future__ import annotations

from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

from ..engine.numbers import LEDGER_LIMIT, ZERO, number

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
           DO UPDATE SET state = 'active', block_reason = NULL
                   WHERE points_account.state = 'blocked'
 RETURNING partner_id, id"""
_CHANGE_BALANCES = """
    WITH numbered AS MATERIALIZED (SELECT %(number)s AS number),
    locked AS (
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
              AND lot.remaining > 0 AND lot.expires_on < %(today)s),
           (SELECT number FROM numbered)"""
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
        WHERE hold.account_id = account.id AND hold.key <> %(key)s
          AND hold.expires_at > %(now)s)"""
_AFFORDABLE = "(new.points >= 0 OR account.balance + new.points >= %(unusable)s)"
_LOCK_IF_AFFORDABLE = """
    UPDATE points_account account SET version = version + 1
     WHERE account.id = %(account)s
       AND account.balance + %(extra)s - %(points)s >= %(unusable)s
 RETURNING id"""

#: Asks the database to compare balances with the ledger now, and to go on doing so
#: at the end of each transaction.
COMPARE_BALANCES = """
    SET CONSTRAINTS points_account_is_booked_update IMMEDIATE;
    SET CONSTRAINTS points_account_is_booked_update DEFERRED"""

_FUNCTION = """
    CREATE OR REPLACE FUNCTION points_account_is_booked() RETURNS trigger AS $$
    BEGIN
        PERFORM FROM points_account account
          WHERE account.id = NEW.id AND account.balance <> COALESCE(
                (SELECT balance_after FROM points_entry entry
                  WHERE entry.account_id = NEW.id ORDER BY entry.id DESC LIMIT 1), 0);
        IF FOUND THEN
            RAISE EXCEPTION 'The balance of account % is not what its ledger says: '
                'post an entry that changes it.', NEW.id
                USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME,
                      CONSTRAINT = TG_NAME;
        END IF;
        RETURN NULL;
    END $$ LANGUAGE plpgsql"""
_TRIGGER = """
    DROP TRIGGER IF EXISTS %(name)s ON points_account;
    CREATE CONSTRAINT TRIGGER %(name)s
     AFTER %(event)s ON points_account DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW WHEN (%(condition)s)
   EXECUTE FUNCTION points_account_is_booked()"""
_EVENTS = {
    "insert": (SQL("INSERT"), SQL("NEW.balance <> 0")),
    "update": (
        SQL("UPDATE OF balance"),
        SQL("OLD.balance IS DISTINCT FROM NEW.balance"),
    ),
}


def keep_balances_booked(cr):
    """Let the database refuse balances that the ledger does not account for."""
    cr.execute(_FUNCTION)
    for suffix, (event, condition) in _EVENTS.items():
        name = SQL.identifier(f"points_account_is_booked_{suffix}")
        cr.execute(SQL(_TRIGGER, name=name, event=event, condition=condition))


def open_accounts(
    env, partner_ids, program_id, company_id, template_id=None
) -> dict[int, int]:
    """Open accounts, blocked ones again, in one statement.

    Somebody who opens the same one at this moment makes this transaction fail with a
    serialization error: a request is tried again by Odoo, a sale is settled later.

    :return: the ids of accounts by partner; who had an active one is missing
    """
    opened = env.execute_query(
        SQL(
            _OPEN,
            partners=list(partner_ids),
            program=program_id,
            company=company_id,
            template=template_id,
            uid=env.uid,
        )
    )
    env["points.account"].invalidate_model(["state", "block_reason"])
    env["points.program"].invalidate_model(["account_ids"])
    env["points.template"].invalidate_model(["account_ids"])
    env["res.partner"].invalidate_model(["points_account_ids"])
    return dict(opened)


class Changed(NamedTuple):
    """What became of balances that were to change.

    ``after`` is by account id (balance, whether lots are past their last day); an
    account that could not afford its change, or would hold more than the ledger can, is
    missing. ``number`` is the next one of a numbering, if one was asked for.
    """

    after: dict
    number: int | None


def change_balances(env, changes, today, conditional=False, numbering="") -> Changed:
    """Add to balances, in one statement and in id order.

    :param changes: points to add, by account id
    :param today: the day by which points expire
    :param conditional: change only accounts that can afford it from what is neither
        pending nor past its last day
    :param numbering: the database sequence that the document is numbered by
    """
    ids = sorted(changes)
    affordable = SQL(_AFFORDABLE, unusable=_unusable(today))
    rows = env.execute_query(
        SQL(
            _CHANGE_BALANCES,
            ids=ids,
            points=[changes[account_id] for account_id in ids],
            affordable=affordable if conditional else SQL("true"),
            most=LEDGER_LIMIT,
            today=today,
            number=SQL("nextval(%s)", numbering) if numbering else SQL("NULL"),
        )
    )
    accounts = env["points.account"].browse(changes)
    accounts.invalidate_recordset(
        [
            name
            for name, field in accounts._fields.items()
            if name in ("balance", "version") or (field.compute and not field.store)
        ]
    )
    after = {account_id: (number(balance), due) for account_id, balance, due, _ in rows}
    return Changed(after, rows[0][-1] if rows else None)


def lock_if_affordable(account, points, order_key, today, extra=ZERO) -> bool:
    """Lock an account if it can afford what an open order takes.

    Whoever changes it at the same moment makes one of both fail with a serialization
    error, which Odoo tries again.

    :param order_key: of the open order, whose own holds do not count
    :param extra: points that the order itself will have earned
    """
    locked = account.env.execute_query(
        SQL(
            _LOCK_IF_AFFORDABLE,
            account=account.id,
            points=points,
            extra=extra,
            unusable=_unusable(today, order_key),
        )
    )
    account.invalidate_recordset(["version"])
    return bool(locked)


def _unusable(today, order_key="") -> SQL:
    """Return what of a balance cannot be taken: pending, past, or held.

    What is past its last day and was set aside before counts as held.
    """
    return SQL(_UNUSABLE, today=today, key=order_key, now=fields.Datetime.now())
