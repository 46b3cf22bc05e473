from __future__ import annotations

from collections.abc import Iterator

from odoo.fields import Domain

from .customer_ledger import order_of

#: So many rows are read together: reports of all customers take no more memory.
_MOST_ROWS = 4000
#: And of so many accounts, though they have none.
_MOST_ACCOUNTS = 1000


def batches_of(accounts, domain: Domain) -> Iterator:
    """Yield accounts in the order of their customers' names, some at a time.

    What was read of them is forgotten when the next ones are asked for.

    :param domain: the entries that are asked for of them
    """
    accounts.check_access("read")
    env, ids = accounts.env, _ordered_ids(accounts)
    rows = domain & Domain("account_id", "in", ids)
    groups = env["points.entry"]._read_group(rows, ["account_id"], ["__count"])
    counts = {account.id: count for account, count in groups}
    batch, count = [], 0
    for id_ in ids:
        count += counts.get(id_, 0)
        if batch and (count > _MOST_ROWS or len(batch) >= _MOST_ACCOUNTS):
            yield accounts.browse(batch)
            env.invalidate_all()
            batch, count = [], counts.get(id_, 0)
        batch.append(id_)
    if batch:
        yield accounts.browse(batch)


def _ordered_ids(accounts) -> list[int]:
    """Return accounts customer by customer, by name, then by program."""
    return accounts.sorted(
        lambda account: (
            *order_of(account.partner_id, account.company_id),
            account.program_id.name,
            account.id,
        )
    ).ids
