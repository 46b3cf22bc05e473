"""A hundred thousand customers get an account, chosen by a filter in the dialog.

Each batch is a request of its own, as the dialog sends it: this shows whether the
last batch costs as much as the first, and how much memory a worker needs.
"""

import statistics

from odoo.fields import Command

from .calls import Call, Cost, perform, quiet_memory
from .memory import begin_peak, peak
from .rows import first_free, insert_like, vacuum
from .targets import WithPoints

#: How many of the customers have an account before: the first one and the last.
KNOWN = 2
_FILTER = [("email", "ilike", "@allocate.example.com")]
#: Batches at either end that are compared, or half of them when there are fewer.
_EDGE = 10


def measure(target: WithPoints, customers: int) -> dict:
    """Allocate ``customers`` new contacts, then all of them a second time."""
    user_id = _make_user(target)
    _make_customers(target, customers)
    first, again = (_figures(_run(target, user_id), customers) for _turn in range(2))
    return {"customers": customers, **first, "again": again}


def _make_user(target: WithPoints) -> int:
    """Create somebody with the lowest rights that allocating needs."""
    group = "customer_points.group_points_user"
    with target.environment() as env:
        User = env["res.users"].with_context(no_reset_password=True)
        user = User.create(
            {
                "name": "Clerk",
                "login": "bench.clerk",
                "group_ids": [Command.set(env.ref(group).ids)],
            }
        )
        return user.id


def _make_customers(target: WithPoints, customers: int):
    """Insert contacts like a member of the shop; give two of them an account."""
    with target.environment() as env:
        first = first_free(env.cr, "res_partner")
        email = "n || '@allocate.example.com'"
        insert_like(
            env.cr,
            "res_partner",
            target.shop.member_ids[0],
            f"generate_series(0, {customers - 1}) AS n",
            {
                "id": f"{first} + n",
                "commercial_partner_id": f"{first} + n",
                "name": "'To allocate ' || n",
                "complete_name": "'To allocate ' || n",
                "email": email,
                "email_normalized": email,
            },
        )
        env["points.account"].create(
            [
                {"partner_id": partner_id, "program_id": target.program_id}
                for partner_id in (first, first + customers - 1)
            ]
        )
    vacuum(target.registry.db_name, ["res_partner"])


def _run(target: WithPoints, user_id: int) -> dict:
    """Choose, allocate batch by batch until all is done; return what it took."""

    def send(method, argument):
        call = Call("points.account.allocate", method, [argument])
        return perform(target.registry, user_id, call)

    values = {"source": "filter", "partner_domain": repr(_FILTER)}
    accounts = _count_accounts(target)
    ids, _cost = send("create", [{"program_id": target.program_id, **values}])
    with quiet_memory():
        before = begin_peak()
        _dialog, begun = send("action_allocate", ids)
        batches, progress = [], {"is_done": False}
        while not progress["is_done"]:
            progress, cost = send("action_allocate_batch", ids)
            batches.append(cost)
        growth = peak() - before
    return {
        "begun": begun,
        "batches": batches,
        "memory_mb": growth,
        "accounts": _count_accounts(target) - accounts,
        "result": progress["result"],
    }


def _figures(run: dict, customers: int) -> dict:
    """Summarise a run; the last request, which finds nobody, is no batch."""
    *batches, closing = run["batches"]
    spent = sum(batches, Cost())
    others = run["begun"] + closing
    wall = spent.wall + others.wall
    edge = max(min(_EDGE, len(batches) // 2), 1)
    return {
        "batches": len(batches),
        "seconds": wall / 1000,
        "customers_per_second": 1000 * customers / wall,
        "queries_per_thousand": 1000 * spent.queries / customers,
        "other_queries": others.queries,
        "first_queries": _per_batch(batches[:edge]),
        "last_queries": _per_batch(batches[-edge:]),
        "longest_batch": max(cost.wall for cost in run["batches"]) / 1000,
        "memory_mb": run["memory_mb"],
        "accounts": run["accounts"],
        "result": run["result"],
    }


def _per_batch(batches: list[Cost]) -> float:
    return statistics.median(cost.queries for cost in batches)


def _count_accounts(target: WithPoints) -> int:
    with target.environment() as env:
        return env["points.account"].search_count([])
