"""Names that several models need: spelt here and nowhere else."""

from .engine.numbers import LEDGER_DECIMALS, LEDGER_LIMIT

#: States in which a register's order stands for products that were handed over.
PAID = ("paid", "done")

#: Points have four decimals in the ledger, whatever a program shows.
POINTS_DIGITS = (16, LEDGER_DECIMALS)
#: The most points an account, a row or a limit can have, as SQL reads it.
POINTS_MOST = f"{LEDGER_LIMIT}"
#: Neither NaN nor infinity nor a slip of the keyboard gets past this (I6).
POINTS_RANGE = f"BETWEEN -{POINTS_MOST} AND {POINTS_MOST}"

#: Who keeps the books, with the full accounting features of Odoo or without.
ACCOUNTANTS = "account.group_account_user,account.group_account_manager"
