"""A register as Odoo sees it: requests of a cashier, sent again until answered."""

import json
import time
import urllib.error
import urllib.request
import uuid
from datetime import datetime, timezone
from http.client import HTTPException
from http.cookiejar import CookieJar

from ground.console import GroundError

_SECONDS_FOR_AN_ANSWER = 30
_SECONDS_TO_GIVE_UP = 60
_SECONDS_BETWEEN_TRIES = 0.2


class NoAnswer(Exception):
    """A request was not answered, or with an error: it may or may not have worked."""


class Order:
    """A paid order: its identity stays the same however often it is sent."""

    def __init__(self, product_id, price, partner_id, points):
        """Sell one product; ``points``: what the ledger must say of it at the end."""
        self.uuid = str(uuid.uuid4())
        self.partner_id, self.points = partner_id, points
        self.lines = [_line(product_id, price)]

    def add_reward(self, product_id, reward_id, money):
        """Put a reward on the order."""
        self.lines.append(_line(product_id, -money, points_reward_id=reward_id))

    @property
    def total(self):
        """What is to be paid; there is no tax."""
        return sum(line["price_subtotal_incl"] for line in self.lines)


class Register:
    """One register with its cashier, its session and its configuration."""

    def __init__(self, address, database, shop, place):
        """Log the cashier in."""
        self.address, self.shop, self.own = address, shop, shop["registers"][place]
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        self.answers = []
        self.again = 0
        self._number = 0
        login = {"login": self.own["login"], "password": self.own["password"]}
        self._ask("/web/session/authenticate", {"db": database, **login})

    def pay(self, order):
        """Send a paid order, again and again until it is answered."""
        data = self._order_data(order)
        deadline = time.monotonic() + _SECONDS_TO_GIVE_UP
        while True:
            began = time.monotonic()
            try:
                self.call("pos.order", "sync_from_ui", [[data]])
            except NoAnswer as error:
                if time.monotonic() > deadline:
                    raise GroundError(f"An order found no way: {error}") from error
                self.again += 1
                time.sleep(_SECONDS_BETWEEN_TRIES)
            else:
                self.answers.append(time.monotonic() - began)
                return

    def reserve(self, order, account_id, reward_id):
        """Ask for one reward; return why not, or nothing.

        :raise NoAnswer: somebody else is using these points at the moment
        """
        arguments = [[account_id], f"pos:{order.uuid}", reward_id, 1]
        answer = self.call("points.account", "points_reserve", arguments)
        return answer.get("refused")

    def call(self, model, method, arguments):
        """Call a method of a model as the register does.

        :raise NoAnswer: when there is none, or an error
        """
        context = {"config_id": self.own["config_id"], "device_identifier": "prefork"}
        return self._ask(
            f"/web/dataset/call_kw/{model}/{method}",
            {
                "model": model,
                "method": method,
                "args": arguments,
                "kwargs": {"context": context},
            },
        )

    def _ask(self, path, parameters):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": parameters})
        request = urllib.request.Request(
            self.address + path,
            body.encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with self._opener.open(request, timeout=_SECONDS_FOR_AN_ANSWER) as answer:
                content = json.load(answer)
        except (OSError, HTTPException, ValueError) as error:
            raise NoAnswer(str(error)) from error
        if "error" in content:
            raise NoAnswer(content["error"]["data"]["message"])
        return content["result"]

    def _order_data(self, order):
        self._number += 1
        moment = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
        payment = {
            "amount": order.total,
            "payment_method_id": self.shop["method_id"],
            "payment_date": moment,
            "uuid": str(uuid.uuid4()),
        }
        return {
            "name": "/",
            "state": "paid",
            "uuid": order.uuid,
            "access_token": str(uuid.uuid4()),
            "ticket_code": order.uuid[:5],
            "tracking_number": "1001",
            "pos_reference": f"261-{self.own['config_id']}-{self._number:06d}",
            "sequence_number": self._number,
            "date_order": moment,
            "user_id": self.own["user_id"],
            "company_id": self.shop["company_id"],
            "session_id": self.own["session_id"],
            "partner_id": order.partner_id,
            "amount_tax": 0,
            "amount_total": order.total,
            "amount_paid": order.total,
            "amount_return": 0,
            "lines": [[0, 0, line] for line in order.lines],
            "payment_ids": [[0, 0, payment]],
        }


def _line(product_id, price, **values):
    return {
        "product_id": product_id,
        "full_product_name": "Product",
        "price_unit": price,
        "qty": 1,
        "discount": 0,
        "price_subtotal": price,
        "price_subtotal_incl": price,
        "tax_ids": [],
        "uuid": str(uuid.uuid4()),
        **values,
    }
