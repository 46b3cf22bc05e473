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
    env, ids = accounts.env, in_order(accounts).ids
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


def in_order(accounts):
    """Return accounts customer by customer, by name, then by program."""
    return accounts.sorted(
        lambda account: (
            *order_of(account.partner_id, account.company_id),
            account.program_id.name,
            account.id,
        )
    )


def halves_of(accounts) -> list:
    """Return accounts in two parts, in their order; one where there is one customer.

    What a customer has in a company stays together.
    """
    accounts = in_order(accounts)
    customers = accounts.grouped(
        lambda account: (account.partner_id, account.company_id)
    )
    if len(customers) < 2:
        return [accounts]
    groups, middle = list(customers.values()), len(customers) // 2
    none = accounts.browse()
    return [none.union(*part) for part in (groups[:middle], groups[middle:])]
