"""Orders as Odoo 19's register sends them.

The keys are those of a request captured from a running client.
"""

import datetime
import json
import random
import uuid

from .calls import Call
from .shop import TAX, Shop

_PREPARATION = json.dumps(
    {
        "lines": {},
        "metadata": {},
        "general_customer_note": "",
        "internal_note": "",
        "sittingMode": 0,
    },
    separators=(",", ":"),
)
# Keys of a line whose value a plain sale does not fill.
_EMPTY_LINE = {
    **dict.fromkeys(
        (
            "customer_note",
            "refunded_orderline_id",
            "note",
            "combo_parent_id",
            "combo_item_id",
            "extra_tax_data",
            "write_date",
            "sale_order_origin_id",
            "sale_order_line_id",
            "down_payment_details",
        ),
        False,
    ),
    "attribute_value_ids": [],
    "combo_line_ids": [],
    "refund_orderline_ids": [],
    "pack_lot_ids": [],
    "custom_attribute_value_ids": [],
    "price_extra": 0,
    "price_type": "original",
    "discount": 0,
}
_EMPTY_ORDER = {
    **dict.fromkeys(
        (
            "amount_difference",
            "pricelist_id",
            "is_refund",
            "account_move",
            "preset_id",
            "floating_order_name",
            "fiscal_position_id",
            "to_invoice",
            "shipping_date",
            "preset_time",
            "is_tipped",
            "tip_amount",
            "has_deleted_line",
            "source",
            "create_uid",
            "create_date",
            "write_uid",
            "write_date",
            "next_online_payment_amount",
        ),
        False,
    ),
    "name": "/",
    "amount_return": 0,
    "sequence_number": 0,
    "state": "paid",
    "general_customer_note": "",
    "internal_note": "",
    "nb_print": 0,
    "tracking_number": "1001",
    "reversed_move_ids": [],
    "last_order_preparation_change": _PREPARATION,
}
_EMPTY_PAYMENT = {
    **dict.fromkeys(
        (
            "name",
            "card_type",
            "card_brand",
            "card_no",
            "cardholder_name",
            "payment_ref_no",
            "payment_method_authcode",
            "payment_method_issuer_bank",
            "payment_method_payment_mode",
            "transaction_id",
            "payment_status",
            "is_change",
            "account_move_id",
            "create_uid",
            "create_date",
            "write_uid",
            "write_date",
        ),
        False,
    ),
    "ticket": "",
}


class RegisterOrder:
    """One paid order: the same basket for every target, made from a seed."""

    def __init__(self, shop: Shop, count: int, partner_id, seed: str, number: int):
        """Fill the basket.

        :param count: how many lines
        :param number: counts the orders of one register
        """
        chance = random.Random(seed)
        self.shop = shop
        self.partner_id = partner_id
        self.number = number
        self.uuid = str(uuid.uuid4())
        self.lines = [self._product_line(chance) for _ in range(count)]

    @property
    def total(self) -> float:
        """What is to be paid, tax included."""
        return round(sum(line["price_subtotal_incl"] for line in self.lines), 2)

    @property
    def tax(self) -> float:
        """The tax within the total."""
        net = sum(line["price_subtotal"] for line in self.lines)
        return round(self.total - net, 2)

    def add_reward(self, product_id: int, price: float, values: dict, taxes=()):
        """Put a reward on the order: a line that takes money off.

        :param price: before tax; not positive
        :param values: what a target's client sends more with this line
        :param taxes: ids; points take off money without tax, discounts with it
        """
        line = self._line(product_id, "Reward", price, 1, list(taxes))
        self.lines.append({**line, **values})

    def sync_call(self, line_values: dict) -> Call:
        """Return the request that sends the order.

        :param line_values: what a target's client sends more with each line
        """
        context = {"config_id": self.shop.config_id, "device_identifier": "bench"}
        return Call("pos.order", "sync_from_ui", [[self._data(line_values)]], context)

    def _product_line(self, chance) -> dict:
        product_id, price, name = chance.choice(self.shop.products)
        quantity = chance.randint(1, 3)
        return self._line(product_id, name, price, quantity, [self.shop.tax_id])

    def _line(self, product_id, name, price, quantity, taxes) -> dict:
        net = round(price * quantity, 2)
        tax = TAX / 100 if taxes else 0
        return {
            **_EMPTY_LINE,
            "product_id": product_id,
            "full_product_name": name,
            "price_unit": price,
            "qty": quantity,
            "price_subtotal": net,
            "price_subtotal_incl": round(net * (1 + tax), 2),
            "tax_ids": taxes,
            "uuid": str(uuid.uuid4()),
        }

    def _data(self, line_values: dict) -> dict:
        now = datetime.datetime.now(datetime.timezone.utc)
        moment = now.strftime("%Y-%m-%d %H:%M:%S")
        return {
            **_EMPTY_ORDER,
            "uuid": self.uuid,
            "ticket_code": self.uuid[:5],
            "access_token": str(uuid.uuid4()),
            "pos_reference": f"261-{self.shop.config_id}-{self.number:06d}",
            "date_order": moment,
            "user_id": self.shop.cashier_id,
            "company_id": self.shop.company_id,
            "session_id": self.shop.session_id,
            "partner_id": self.partner_id,
            "amount_tax": self.tax,
            "amount_total": self.total,
            "amount_paid": self.total,
            "lines": [[0, 0, {**line_values, **line}] for line in self.lines],
            "payment_ids": [[0, 0, self._payment(moment)]],
        }

    def _payment(self, moment: str) -> dict:
        return {
            **_EMPTY_PAYMENT,
            "amount": self.total,
            "payment_method_id": self.shop.payment_method_id,
            "payment_date": moment,
            "uuid": str(uuid.uuid4()),
        }
