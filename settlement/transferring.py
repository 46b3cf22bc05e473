"""How points go from one account to another one of the same program.

All of them where accounts are merged, some where a customer gives them away.
"""

from __future__ import annotations

from decimal import Decimal

from ..engine.lots import Lot, take
from ..engine.numbers import ZERO, exact
from . import balances
from .posting import NOTHING, not_enough


def prepare_entry(account, points, available_on=None, expires_on=None) -> dict:
    """Return one row of a transfer, with the days of the points where they come."""
    return {
        "account_id": account.id,
        "program_id": account.program_id.id,
        "kind": "transfer",
        "points": points,
        "available_on": available_on or False,
        "expires_on": expires_on or False,
    }


class Transfer:
    """Takes points off one account and gives them to another, in one document."""

    def __init__(self, source, target):
        self.env, self.source, self.target = source.env, source, target
        self.today = target.company_id._get_points_today()

    def begin(self):
        """Lock both accounts, in id order, and expire what is due on them."""
        both = dict.fromkeys((self.source.id, self.target.id), ZERO)
        balances.change_balances(self.env, both, self.today)
        for account in (self.source, self.target):
            self.env["points.document"]._expire_account(account)

    def post(self, partner, reason, entries, conditional=False, held=NOTHING):
        """Book the rows of both accounts; see ``points.document._post``.

        :param partner: the customer that the document names
        """
        return self.env["points.document"]._post(
            {
                "kind": "transfer",
                "date": self.today,
                "partner_id": partner.id,
                "company_id": self.target.company_id.id,
                "reason": reason,
            },
            entries,
            conditional=conditional,
            held=held,
        )


def give(source, target, points, reason):
    """Move points that one customer gives to another, the oldest first.

    They keep their dates. They come without the orders that earned them: a return
    takes back from who bought.

    :param points: a Decimal; None: all that is available
    :return: the document
    :raise UserError: when so many are not available
    """
    transfer = Transfer(source, target)
    transfer.begin()
    source.invalidate_recordset()
    available = exact(source.available)
    wanted = available if points is None else points
    if not ZERO < wanted <= available:
        raise not_enough(source)
    oldest = _get_oldest(source, transfer.today, wanted)
    came = [prepare_entry(target, part, *days) for days, part in oldest.items()]
    gone = prepare_entry(source, -wanted)
    return transfer.post(source.partner_id, reason, [*came, gone], conditional=True)


def _get_oldest(account, today, points) -> dict[tuple, Decimal]:
    """Return so many points by their days, as the door takes them from the lots."""
    usable = account.env["points.lot"].search(
        [
            ("account_id", "=", account.id),
            ("remaining", ">", 0),
            *("|", ("available_on", "=", False), ("available_on", "<=", today)),
            *("|", ("expires_on", "=", False), ("expires_on", ">=", today)),
        ]
    )
    taken = take(
        (Lot(lot.id, exact(lot.remaining), lot.expires_on or None) for lot in usable),
        points,
    )
    by_days: dict[tuple, Decimal] = {}
    for lot in usable.filtered(lambda lot: lot.id in taken):
        days = lot.available_on, lot.expires_on
        by_days[days] = by_days.get(days, ZERO) + taken[lot.id]
    return by_days
