from __future__ import annotations

import json

from dateutil.relativedelta import relativedelta

from odoo.fields import Domain
from odoo.tools import format_date
from odoo.tools.date_utils import start_of

from ..engine.numbers import exact, text

#: How far back a curve goes.
_MONTHS = 12


def balance_curves(accounts, today) -> dict[int, str]:
    """Return by account id its balance at the end of months, and now.

    Now it is the whole balance, what entries of later days brought included. As Odoo's
    chart of journals reads it: JSON, in the order of the months.
    """
    env = accounts.env
    months = [
        start_of(today, "month") - relativedelta(months=back)
        for back in reversed(range(_MONTHS))
    ]
    moved: dict = {}
    in_months = Domain("account_id", "in", accounts.ids)
    in_months &= Domain("date", ">=", months[0])
    for account, month, points in env["points.entry"]._read_group(
        in_months, ["account_id", "date:month"], ["points:sum"]
    ):
        # What is of a later month is in the balance now.
        key = account.id, min(month, months[-1])
        moved[key] = moved.get(key, 0) + exact(points)
    curves = {}
    for account in accounts:
        balance, points = exact(account.balance), []
        for month in reversed(months):
            label = format_date(env, month, date_format="MMM y")
            points.append({"x": label, "y": float(text(balance))})
            balance -= moved.get((account.id, month), 0)
        curve = {"key": env._("Balance"), "values": points[::-1]}
        curves[account.id] = json.dumps([curve])
    return curves
