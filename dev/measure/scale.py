"""Make a shop big: load its past into each target's database."""

import dataclasses

from .past import Past, load_sales
from .rows import vacuum
from .shop import MEMBERS
from .targets import Target


def load(target: Target, sales: int) -> None:
    """Load the past, and let its customers buy from now on."""
    with target.environment() as env:
        past = Past(env.cr, sales)
        tables = load_sales(env.cr, past, target.shop)
        tables += target.load_past(env.cr, past)
    vacuum(target.registry.db_name, tables)
    step = max(past.customers // MEMBERS, 1)
    buyers = range(past.partner, past.partner + past.customers, step)
    target.shop = dataclasses.replace(target.shop, member_ids=tuple(buyers)[:MEMBERS])
