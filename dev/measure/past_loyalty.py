"""What Odoo's own loyalty would hold of a big shop's past: cards and history."""

from .past import Past
from .rows import first_free, insert_like, newest

#: In every so many sales a reward was used.
_SALES_PER_REWARD = 7


def load_loyalty(cr, past: Past, program_id: int) -> list[str]:
    """Load cards, their history and the reward lines of past orders."""
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
    cr.execute(
        "SELECT min(id) FROM loyalty_reward WHERE program_id = %s", [program_id]
    )
    (reward,) = cr.fetchone()
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
            **dict.fromkeys(
                ("price_unit", "price_subtotal", "price_subtotal_incl"), "-5"
            ),
        },
    )
    return ["loyalty_card", "loyalty_history", "pos_order_line"]
