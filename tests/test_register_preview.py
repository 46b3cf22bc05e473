"""What a register says an open order earns is what is booked when it is paid."""

import logging
import os
import random
import re
import uuid
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .spending_common import SpendingCommon

_logger = logging.getLogger(__name__)

_ORDERS = int(os.environ.get("POINTS_PREVIEW_ORDERS", "40"))
_SEEDS = os.environ.get("POINTS_PREVIEW_SEEDS", "20261128").split(",")
_NUMBER = re.compile(r"−?[\d,]+(?:\.\d+)?")
_OF_PRODUCTS = ("earn", "return")


class PreviewCommon(SpendingCommon):
    """Describes open orders as registers do (``open_order.js``), then pays them."""

    def _line(self, product, quantity, price=None, taxes=None, **values):
        """Return a line of an order as a register sends it."""
        taxes = product.taxes_id if taxes is None else taxes
        price = product.list_price if price is None else price
        discounted = price * (1 - values.get("discount", 0) / 100)
        currency = self.config.currency_id
        amounts = taxes.compute_all(discounted, currency, quantity)
        return {
            "uuid": str(uuid.uuid4()),
            "product_id": product.id,
            "qty": quantity,
            "price_unit": price,
            "discount": 0,
            "tax_ids": taxes.ids,
            "price_subtotal": amounts["total_excluded"],
            "price_subtotal_incl": amounts["total_included"],
            **values,
        }

    def _reward_values(self, reward, answer, gift=None):
        """Return the line that a register writes for a reward it may take."""
        told = answer["line"]
        taxes = self.env["account.tax"].browse(told["tax_ids"])
        price = told["price_unit"]
        if gift:
            price = -gift["price_subtotal_incl"] / gift["qty"]
        return self._line(
            reward.product_id, told["qty"], price, taxes, points_reward_id=reward.id
        )

    def _back(self, line, quantity):
        """Return the line by which a register takes something back."""
        return self._line(
            line.product_id,
            -quantity,
            line.price_unit,
            line.tax_ids,
            discount=line.discount,
            refunded_orderline_id=line.id,
        )

    def _told(self, lines, identity=None, payments=()):
        """Return the order as ``points_preview`` is asked about it."""
        if not self.config.current_session_id:
            self.open_new_session()
        return {
            "uuid": identity or str(uuid.uuid4()),
            "session_id": self.config.current_session_id.id,
            "partner_id": self.customer.id,
            "amount_total": sum(line["price_subtotal_incl"] for line in lines),
            "fiscal_position_id": False,
            "lines": lines,
            "payments": list(payments),
        }

    def _pay(self, told, **values):
        """Pay an order that was told, as one synchronisation."""
        total = self.config.currency_id.round(told["amount_total"])
        data = self._order_data([(self.coffee, 1)], self.customer, uuid=told["uuid"])
        combos = {
            line["uuid"]: {"combo_parent_id": line["combo_parent_uuid"]}
            for line in told["lines"]
            if line.get("combo_parent_uuid")
        }
        cash = data["payment_ids"][0][2]
        paid = sum(payment["amount"] for payment in told["payments"])
        data.update(
            lines=[
                Command.create(
                    {
                        **{
                            name: value
                            for name, value in line.items()
                            if name != "combo_parent_uuid"
                        },
                        "tax_ids": [Command.set(line["tax_ids"])],
                    }
                )
                for line in told["lines"]
            ],
            amount_total=total,
            amount_paid=total,
            amount_tax=0,
            payment_ids=[
                Command.create({**cash, "amount": total - paid}),
                *(
                    Command.create({**cash, **payment, "uuid": str(uuid.uuid4())})
                    for payment in told["payments"]
                ),
            ],
        )
        data.update(values)
        if combos:
            data["relations_uuid_mapping"] = {"pos.order.line": combos}
        return self._sync(data)

    def _booked(self):
        """Return (earned, taken back) so far, by program."""
        groups = self.env["points.entry"]._read_group(
            [("kind", "in", _OF_PRODUCTS)], ["program_id"], ["points:sum"]
        )
        return {program.name: points for program, points in groups}

    def _said(self, told):
        """Return the points that a register says, by program."""
        said = self.env["pos.order"].points_preview(told)
        result = {}
        for account in said["accounts"]:
            numbers = [
                float(found.replace(",", "").replace("−", "-"))
                for found in _NUMBER.findall(account["text"])
            ]
            earned, returned = [*numbers, 0, 0][:2]
            result[account["name"]] = earned - returned
        return result

    def assertSaidIsBooked(self, told, message=""):
        """Pay an order; assert that it brings what the register said."""
        before, said = self._booked(), self._said(told)
        order = self._pay(told)
        self.assertEqual(order.state, "paid", message)
        after = self._booked()
        booked = {name: after[name] - before.get(name, 0) for name in after}
        for name in booked.keys() | said.keys():
            self.assertAlmostEqual(
                said.get(name, 0), booked.get(name, 0), 4, f"{name} {message}"
            )
        return order


@tagged("post_install", "-at_install")
class TestRegisterPreview(PreviewCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})

    def test_an_exchange_says_what_it_earns_less_what_it_takes_back(self):
        sold = self._pay(self._told([self._line(self.coffee, 2, 17.5)]))
        told = self._told([self._back(sold.lines, 1), self._line(self.coffee, 4, 17.5)])

        said = self.env["pos.order"].points_preview(told)["text"]

        self.assertEqual(said, "Shop Card: 70 points minus 18 points")
        self.assertSaidIsBooked(told)
        self.assertPoints(self.account, 87)

    def test_what_comes_back_twice_pays_for_nothing(self):
        sold = self._pay(self._told([self._line(self.cake, 1)]))
        self._pay(self._told([self._back(sold.lines, 1)]))
        told = self._told([self._line(self.coffee, 3, 50), self._back(sold.lines, 1)])

        order = self.assertSaidIsBooked(told)

        earned = order.points_document_ids.entry_ids.filtered(
            lambda entry: entry.kind == "earn"
        )
        self.assertEqual(sum(earned.mapped("points")), 50)

    def test_a_return_says_what_it_takes_back(self):
        sold = self._pay(self._told([self._line(self.cake, 3)]))
        told = self._told([self._back(sold.lines, 2)])

        said = self.env["pos.order"].points_preview(told)["text"]

        self.assertEqual(said, "Shop Card: −200 points")
        self.assertSaidIsBooked(told)

    def test_a_discount_that_is_taken_back_is_added(self):
        discount = self._make_product("Discount", 0)
        lines = [self._line(self.cake, 2), self._line(discount, 1, -15)]
        sold = self._pay(self._told(lines))
        self._pay(self._told([self._back(sold.lines[0], 1)]))
        lines = [self._back(sold.lines[1], 1), self._line(self.coffee, 1)]
        told = self._told(lines)

        said = self.env["pos.order"].points_preview(told)["text"]

        self.assertEqual(said, "Shop Card: 25 points")
        self.assertSaidIsBooked(told)

    def test_what_comes_back_unnamed_is_taken_off_what_the_order_sells(self):
        told = self._told([self._line(self.cake, 3), self._line(self.cake, -1)])

        self.assertEqual(self._said(told), {"Shop Card": 200})
        self.assertSaidIsBooked(told)

    def test_points_of_the_order_cannot_be_taken_beyond_what_is_booked(self):
        self.program.write({"spend_same_document": True, "value_per_point": 1})
        reward = self._make_reward("per_point", 1, value=0)
        sold = self._pay(self._told([self._line(self.tool, 1)]))
        self._adjust(-124)
        identity, key = self._new_order()
        lines = [self._back(sold.lines, 1), self._line(self.tool, 3)]
        told = self._told(lines, identity)

        # 372 less 124 come with it; each point that pays earns one less.
        refused = self._reserve(reward, 125, key, told)["refused"]
        answer = self._reserve(reward, 124, key, told)

        self.assertTrue(refused)
        self.assertFalse(answer["refused"])
        lines.append(self._reward_values(reward, answer))
        self._pay(self._told(lines, identity))
        self.assertPoints(self.account, 0)

    def test_a_voucher_on_the_order_lowers_what_can_be_taken_of_it(self):
        self.program.write({"spend_same_document": True, "value_per_point": 1})
        voucher = self._make_reward("voucher", 40, 45)
        reward = self._make_reward("per_point", 1, value=0)
        self._adjust(40)
        self._buy([(self.coffee, 1)], (voucher, 1, 0))
        code = self.account.sudo().voucher_ids.code
        self._adjust(-self._points(self.account))
        identity, key = self._new_order()
        told = self._told([self._line(self.cake, 1)], identity)
        line = self.env["points.voucher"].points_take(code, key, told)["line"]
        product = self.env["product.product"].browse(line["product_id"])
        told["lines"].append(
            self._line(product, 1, line["price_unit"], points_voucher_code=code)
        )

        self.assertTrue(self._reserve(reward, 28, key, told)["refused"])
        answer = self._reserve(reward, 27, key, told)

        self.assertFalse(answer["refused"])
        told["lines"].append(self._reward_values(reward, answer))
        self.assertSaidIsBooked(self._told(told["lines"], identity))
        self.assertPoints(self.account, 1)

    def test_delivery_and_down_payments_of_a_sales_order_count_nowhere(self):
        sale_order = self._make_sale_order(product_uom_qty=2)
        delivery = self._make_product("Delivery", 30)
        sale_order.order_line = [
            Command.create({"product_id": delivery.id, "tax_ids": False})
        ]
        cake, carrier = sale_order.order_line
        self._order_data([(self.cake, 1)])
        deposit = self._make_product("Deposit", 0, type="service")
        self.config.down_payment_product_id = deposit
        lines = [
            self._line(self.cake, 2, sale_order_line_id=cake.id),
            self._line(delivery, 1, sale_order_line_id=carrier.id),
            self._line(deposit, 1, 60),
        ]

        with self._delivering(carrier):
            self.assertEqual(self._said(self._told(lines)), {"Shop Card": 200})
            self.assertSaidIsBooked(self._told(lines))

    def test_queries_are_the_same_for_2_and_50_products(self):
        tax = self.env["account.tax"].create({"name": "Plain", "amount": 10})
        products = [self._make_product(f"P{n}", 10, tax=tax) for n in range(50)]
        for is_told in (True, False):
            counts = []
            for count in (2, 2, 50):
                lines = [self._line(product, 1) for product in products[:count]]
                if not is_told:
                    lines = [{**line, "tax_ids": None} for line in lines]
                told = self._told(lines)
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.env["pos.order"].points_preview(told)
                counts.append(self.env.cr.sql_log_count - before)

            with self.subTest(is_told=is_told):
                self.assertEqual(counts[1], counts[2])

    def _delivering(self, carrier):
        return patch.object(
            type(carrier), "_points_is_delivery", lambda lines: carrier in lines
        )


@tagged("post_install", "-at_install")
class TestRandomPreview(PreviewCommon):
    """Whatever is on an order: the register says what is booked.

    The suite tries some orders; ``POINTS_PREVIEW_ORDERS`` and
    ``POINTS_PREVIEW_SEEDS`` try more.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.unlink()
        cls.program.write({"membership": "everyone", "value_per_point": 4})
        cls.program.rule_ids.write({"block_points": 2, "block_amount": 15})
        cls._make_programs()
        cls.included = cls.env["account.tax"].create(
            {
                "name": "VAT 14 in",
                "amount": 14,
                "amount_type": "percent",
                "price_include_override": "tax_included",
            }
        )
        cls.book = cls._make_product("Book", 19.99, tax=cls.included)
        cls.nuts = cls._make_product("Nuts", 11.37, tax=cls.tax24)
        cls.discount = cls._make_product("Discount", 0)
        cls.delivery = cls._make_product("Delivery", 6.9, tax=cls.tax24)
        cls.tip = cls._make_product("Tip", 3, type="service")
        cls.menu = cls._make_product("Menu", 0)
        cls.coffee.write({"points_policy": "fixed", "points_per_unit": 3})
        sale_order = cls.env["sale.order"].create({"partner_id": cls.customer.id})
        cls.carrier = cls.env["sale.order.line"].create(
            {"order_id": sale_order.id, "product_id": cls.delivery.id}
        )
        cls.rewards = [
            cls._make_reward(points=9, value=7.5),
            cls._make_reward("per_point", 1, value=0),
            cls._make_reward("gift", 5, value=0, gift_product_id=cls.nuts.id),
            cls._make_reward("voucher", 8, value=12.3),
            cls._make_reward("per_point", 1, value=0, program=cls.at_once),
        ]
        cls.method = cls._make_points_method()

    @classmethod
    def _make_programs(cls):
        def make(*rules, **values):
            return cls._make_program(*rules, membership="everyone", **values)

        make(
            {"method": "percent", "rate_stock": 7},
            rounding="none",
            amount_basis="net",
            return_policy="proportional",
        )
        make(
            {"method": "proportional", "block_points": 3, "block_amount": 8},
            exclude_discounted=True,
            rounding="half_up",
            decimals=1,
            rounding_scope="line",
        )
        make(
            {"method": "quantity", "block_points": 4, "block_quantity": 2},
            rounding="up",
        )
        make({"method": "formula", "formula": "qty * 2 + price"}, decimals=2)
        make(
            {"rate_stock": 1.5},
            currency_id=cls.other_currency.id,
            earn_on_redeemed=True,
        )
        cls.at_once = make({}, spend_same_document=True, value_per_point=0.2)

    @classmethod
    def _make_points_method(cls):
        journal = cls.env["account.journal"].create(
            {"name": "Points Paid", "type": "bank", "code": "PTS"}
        )
        method = cls.env["pos.payment.method"].create(
            {
                "name": "Pay with Points",
                "journal_id": journal.id,
                "outstanding_account_id": journal.default_account_id.id,
                "points_program_id": cls.program.id,
            }
        )
        cls.basic_config.write(
            {
                "payment_method_ids": [Command.link(method.id)],
                "iface_tipproduct": True,
                "tip_product_id": cls.tip.id,
            }
        )
        return method

    def test_random_orders_bring_what_the_register_says(self):
        for seed in _SEEDS:
            with self.subTest(seed=seed), self.env.cr.savepoint() as life:
                self._live(int(seed))
                life.rollback()

    def _live(self, seed):
        self.random = random.Random(seed)
        self.orders, self.kinds = self.env["pos.order"], {}
        carrier = self.carrier
        with patch.object(
            type(carrier), "_points_is_delivery", lambda lines: carrier in lines
        ):
            for number in range(_ORDERS):
                self._try_order(f"(seed {seed}, order {number})")
        _logger.info("Seed %s: %s", seed, self.kinds)
        # What was meant to be tried must have been possible.
        self.assertGreater(len(self.kinds), 8, self.kinds)

    def _try_order(self, message):
        self.config = self.random.choice(
            (self.basic_config, self.basic_config, self.other_currency_config)
        )
        identity, self.key = self._new_order()
        self._told([])
        lines, kinds = [], []
        for kind, chance in self._PARTS.items():
            if self.random.random() < chance:
                more = getattr(self, f"_add_{kind}")(lines, identity)
                lines += more
                kinds += [kind] * bool(more)
        told = self._told(lines, identity)
        if not lines:
            return
        told["payments"] = self._points_payment(told)
        kinds += ["payment"] * bool(told["payments"])
        told = self._ask_again(told)
        self.orders |= self.assertSaidIsBooked(told, f"{message} {kinds}")
        for kind in kinds:
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if any(self._is_at_once(line) for line in told["lines"]):
            self.assertGreaterEqual(self._balance_at_once(), 0, f"{message} {kinds}")

    def _is_at_once(self, line):
        return line.get("points_reward_id") == self.rewards[4].id

    def _ask_again(self, told):
        """Ask once more at payment, as registers do; take off what is refused."""
        account = self.at_once.account_ids
        lines = []
        for line in told["lines"]:
            is_refused = (
                self._is_at_once(line)
                and self._reserve(
                    self.rewards[4], line["qty"], self.key, told, account
                )["refused"]
            )
            lines += [] if is_refused else [line]
        payments = told["payments"]
        if len(lines) < len(told["lines"]):
            self._reserve(self.rewards[4], 0, self.key, told, account)
        return {**self._told(lines, told["uuid"], payments)}

    _PARTS = {
        "products": 0.85,
        "combo": 0.3,
        "back": 0.4,
        "unnamed": 0.1,
        "delivery": 0.2,
        "tip": 0.15,
        "discount": 0.2,
        "reward": 0.4,
        "reward_at_once": 0.25,
        "voucher": 0.3,
    }

    def _balance_at_once(self):
        account = self.at_once.account_ids
        account.invalidate_recordset()
        return account.balance

    # === PARTS OF AN ORDER === #

    def _add_products(self, lines, identity):
        products = (self.coffee, self.cake, self.tool, self.book, self.nuts)
        return [
            self._line(
                self.random.choice(products),
                self.random.choice((1, 2, 3, 0.37, 1.5)),
                self.random.choice((None, 8.08, 33.33)),
                discount=self.random.choice((0, 0, 10, 33.3)),
            )
            for _line in range(self.random.randint(1, 3))
        ]

    def _add_combo(self, lines, identity):
        quantity = self.random.choice((1, 2))
        policy = self.random.choice(("program", "program", "fixed", "excluded"))
        self.menu.write({"points_policy": policy, "points_per_unit": 4})
        parent = self._line(self.menu, quantity)
        return [
            parent,
            *(
                self._line(product, quantity, price, combo_parent_uuid=parent["uuid"])
                for product, price in ((self.book, 7.77), (self.nuts, 4.49))
            ),
        ]

    def _add_back(self, lines, identity):
        orders = self.orders.filtered(lambda order: order.config_id == self.config)
        sold = self.random.choice([*orders, orders.browse()]).lines.filtered(
            lambda line: (
                line.qty > line.refunded_qty
                and not line.refunded_orderline_id
                and line.product_id.points_type == "none"
            )
        )
        chosen = self.random.sample(list(sold), min(len(sold), 2))
        return [
            self._back(
                line,
                round(self.random.choice((1, 0.5)) * (line.qty - line.refunded_qty), 2),
            )
            for line in chosen
        ]

    def _add_unnamed(self, lines, identity):
        product = self.random.choice((self.cake, self.book))
        return [self._line(product, -1)]

    def _add_delivery(self, lines, identity):
        return [self._line(self.delivery, 1, sale_order_line_id=self.carrier.id)]

    def _add_tip(self, lines, identity):
        return [self._line(self.tip, 1, self.random.choice((1.5, 4)))]

    def _add_discount(self, lines, identity):
        total = sum(line["price_subtotal_incl"] for line in lines)
        taxes = self.random.choice((self.tax24, self.env["account.tax"]))
        return [self._line(self.discount, 1, -total / 10, taxes)] if total > 0 else []

    def _take(self, lines, identity, reward, quantities):
        """Take the first of some quantities of a reward that is not refused."""
        account = reward.program_id.account_ids
        gift = reward.kind == "gift" and self._line(self.nuts, 1)
        told = self._told([*lines, gift] if gift else lines, identity)
        if told["amount_total"] <= 0 or not account:
            return []
        for quantity in quantities:
            answer = self._reserve(reward, quantity, self.key, told, account)
            if not answer["refused"]:
                line = self._reward_values(reward, answer, gift)
                return [gift, line] if gift else [line]
        return []

    def _add_reward(self, lines, identity):
        reward = self.random.choice(self.rewards[:4])
        return self._take(lines, identity, reward, (2, 1))

    def _add_reward_at_once(self, lines, identity):
        """Take as many points as can be had, those of this order among them."""
        account = self.at_once.account_ids
        told = self._told(lines, identity)
        summary = self.customer.points_summary(self.key, told)["accounts"]
        most = [
            key["max_quantity"]
            for told_of in summary
            for key in told_of["rewards"]
            if told_of["id"] == account.id
        ]
        quantities = [int(max(most, default=0)) - step for step in range(40)]
        quantities = [quantity for quantity in quantities if quantity > 0]
        return self._take(lines, identity, self.rewards[4], quantities)

    def _add_voucher(self, lines, identity):
        vouchers = self.program.account_ids.sudo().voucher_ids
        voucher = vouchers.filtered(lambda voucher: voucher.state == "open")[:1]
        told = self._told(lines, identity)
        if not voucher or told["amount_total"] < 40:
            return []
        answer = self.env["points.voucher"].points_take(voucher.code, self.key, told)
        if answer["refused"]:
            return []
        product = self.env["product.product"].browse(answer["line"]["product_id"])
        price = answer["line"]["price_unit"]
        return [self._line(product, 1, price, points_voucher_code=voucher.code)]

    def _points_payment(self, told):
        account = self.program.account_ids
        is_basic = self.config == self.basic_config
        if not account or not is_basic or self.random.random() < 0.6:
            return []
        amount = min(round(told["amount_total"] / 2, 2), 9.5)
        if amount < 1:
            return []
        if self._reserve(False, amount, self.key, told, account)["refused"]:
            return []
        return [{"payment_method_id": self.method.id, "amount": amount}]
