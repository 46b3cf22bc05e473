"""What was promised of sales orders and invoices, and whether the figures keep it."""

from .sales import BOOKING, CREDITED
from .verdicts import Verdicts, added_queries

#: What points may add to confirming an order, or to posting its invoice.
EARN, REDEEM = 8, 14


def judge_sales(verdicts: Verdicts, cases: dict):
    """Judge the queries of what books points; never time."""
    for credit_on, words in CREDITED.items():
        for redeems in (False, True):
            chosen = [
                case
                for case in cases.values()
                if (case["credit_on"], case["redeems"]) == (credit_on, redeems)
            ]
            kind = f"a sale that {words}{', and redeems' if redeems else ''}"
            for step in BOOKING:
                _judge_step(verdicts, kind, step, chosen)


def _judge_step(verdicts, kind, step, cases):
    added = {case["lines"]: added_queries(case["steps"][step])[0] for case in cases}
    limit = REDEEM if cases[0]["redeems"] else EARN
    verdicts.add(
        f"{kind}: added queries to {step}, {'/'.join(map(str, added))} lines: "
        f"at most {limit}, the same",
        ", ".join(f"{queries:g}" for queries in added.values()),
        max(added.values()) <= limit and len(set(added.values())) == 1,
    )
