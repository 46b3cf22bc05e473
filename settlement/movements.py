from __future__ import annotations

import datetime
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from ..engine.deferral import KINDS, Movement, rate_of
from ..engine.numbers import ZERO, calculating, exact

#: How long back the rate of redemption is measured.
MEASURED_MONTHS = 24

_READ_BALANCES = """
    SELECT program_id,
           COALESCE(SUM(before) FILTER (WHERE before > 0), 0)::text,
           COALESCE(SUM(before) FILTER (WHERE before < 0), 0)::text,
           COALESCE(SUM(points) FILTER (WHERE points < 0), 0)::text
      FROM (SELECT entry.program_id, SUM(points) AS points,
                   SUM(points) FILTER (WHERE date < since.day) AS before
              FROM points_entry entry
              JOIN unnest(%(ids)s, %(days)s::date[]) since(id, day)
                ON since.id = entry.program_id
             WHERE date <= %(day)s
          GROUP BY entry.program_id, account_id) account
  GROUP BY program_id"""
_READ_KINDS = """
    SELECT entry.program_id, kind, SUM(points)::text
      FROM points_entry entry
      JOIN unnest(%(ids)s, %(days)s::date[]) since(id, day)
        ON since.id = entry.program_id
     WHERE date BETWEEN since.day AND %(day)s
  GROUP BY entry.program_id, kind"""


@calculating
def read_movements(
    env, begun: dict[int, tuple[datetime.date, float]], day: datetime.date
) -> dict[int, Movement]:
    """Return how outstanding points changed until a day, by program id.

    :param begun: by program id, the first day that counts, and the points that were
        outstanding before it, as they were last booked
    """
    env["points.entry"].flush_model()
    days = [first for first, _points in begun.values()]
    asked = {"ids": list(begun), "days": days, "day": day}
    movements: dict[int, dict] = {id_: {} for id_ in begun}
    kind_of = {kind: name for name, kinds in KINDS.items() for kind in kinds}
    for id_, kind, points in env.execute_query(SQL(_READ_KINDS, **asked)):
        movement, name = movements[id_], kind_of.get(kind, "adjusted")
        movement[name] = movement.get(name, ZERO) + Decimal(points)
    balances = {
        id_: tuple(map(Decimal, sums))
        for id_, *sums in env.execute_query(SQL(_READ_BALANCES, **asked))
    }
    for id_, movement in movements.items():
        before, owed_before, owed = balances.get(id_, (ZERO, ZERO, ZERO))
        begin = exact(begun[id_][1])
        movement.update(begin=begin, earlier=before - begin)
        movement["negative"] = owed_before - owed
    return {id_: Movement(**movement) for id_, movement in movements.items()}


def read_redemption_rate(program, day: datetime.date) -> Decimal | None:
    """Return how many percent of the points of 24 months were redeemed.

    :return: None where nothing was earned
    """
    # A form that is being edited asks about the program as it is stored.
    domain = [("program_id", "in", program.ids), ("date", "<=", day)]
    since = day - relativedelta(months=MEASURED_MONTHS)
    kinds = (*KINDS["earned"], *KINDS["redeemed"])
    domain += [("date", ">", since), ("kind", "in", kinds)]
    env = program.env
    env["points.entry"].flush_model()
    totals = env["points.daily.total"]
    sums = dict(totals._read_group(domain, ["kind"], ["points:sum"]))
    earned, redeemed = (
        sum((exact(sums.get(kind, 0)) for kind in KINDS[name]), ZERO)
        for name in ("earned", "redeemed")
    )
    return rate_of(-redeemed, earned)
