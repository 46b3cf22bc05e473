"""What Odoo's own loyalty would hold of a big shop's past: cards and history."""

from .past import Past
from .rows import first_free, insert_like, newest

#: In every so many sales a reward was used.
_SALES_PER_REWARD = 7


def load_loyalty(cr, past: Past, program_id: int) -> list[str]:
    """Load cards, history and the reward lines of past orders; return the tables."""
    first_card = first_free(cr, "loyalty_card")
    insert_like(
        cr,
        "loyalty_card",
        newest(cr, "loyalty_card"),
        past.source_of_customers,
        {
            "id": f"{first_card} + n",
            "partner_id": f"{past.partner} + n",
            "code": "'044' || n",
            "points": "500",
        },
    )
    _load_history(cr, past, first_card)
    _load_reward_lines(cr, past, first_card, program_id)
    return ["loyalty_card", "loyalty_history", "pos_order_line"]


def _load_history(cr, past: Past, first_card: int):
    used = f"n % {_SALES_PER_REWARD} = 0"
    insert_like(
        cr,
        "loyalty_history",
        newest(cr, "loyalty_history"),
        past.source,
        {
            "card_id": f"{first_card} + {past.customer}",
            "order_id": f"{past.order} + n",
            "issued": f"CASE WHEN {used} THEN 0 ELSE 50 + n % 100 END",
            "used": f"CASE WHEN {used} THEN 100 ELSE 0 END",
            **dict.fromkeys(("create_date", "write_date"), past.moment),
        },
    )


def _load_reward_lines(cr, past: Past, first_card: int, program_id: int):
    reward = newest(cr, "loyalty_reward", f"program_id = {program_id}")
    money = ("price_unit", "price_subtotal", "price_subtotal_incl")
    insert_like(
        cr,
        "pos_order_line",
        newest(cr, "pos_order_line"),
        f"generate_series(0, {past.sales - 1}, {_SALES_PER_REWARD}) AS n",
        {
            "order_id": f"{past.order} + n",
            "uuid": "gen_random_uuid()::text",
            "reward_id": str(reward),
            "coupon_id": f"{first_card} + {past.customer}",
            "reward_identifier_code": "'x'",
            "is_reward_line": "true",
            "points_cost": "100",
            **dict.fromkeys(money, "-5"),
        },
    )
