"""The database keeps every balance equal to the ledger, whoever writes it.

It compares when a transaction ends, because entries follow their balance. The door
asks for it at once: what would be wrong is then undone with the savepoint of its
sale and settled later, and never makes a paid order fail at its end.
"""

from odoo.tools import SQL

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
