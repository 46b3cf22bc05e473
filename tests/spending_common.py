"""A shop whose customers spend points at the register, and short ways to do it."""

import uuid

from odoo.fields import Command

from .common import CustomerPointsCommon


class SpendingCommon(CustomerPointsCommon):
    """Takes rewards as a register does: first by a call, then as lines of the order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loypay = cls._make_loypay("LOYPAY", 5)
        cls.program = cls._make_program(
            {"method": "block", "block_amount": 100},
            name="Shop Card",
            value_per_point=10,
        )
        cls.account = cls._admit(cls.customer, cls.program)

    @classmethod
    def _make_loypay(cls, name, price=0):
        return cls.env["product.product"].create(
            {
                "name": name,
                "points_type": "loypay",
                "list_price": price,
                "categ_id": cls.categ_basic.id,
                "sale_ok": False,
                "taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def _make_reward(cls, kind="block", points=150, value=5, **values):
        product = values.pop("product", None) or cls._make_loypay(f"Pay {kind}", value)
        program = values.pop("program", None) or cls.program
        return cls.env["points.reward"].create(
            {
                "program_id": program.id,
                "product_id": product.id,
                "kind": kind,
                "points_cost": points,
                "value": value,
                **values,
            }
        )

    # === THE REGISTER === #

    def _new_order(self):
        """Return the identity of a new order, and the key of what it holds."""
        identity = str(uuid.uuid4())
        return identity, f"pos:{identity}"

    def _offered(self, key, total=None):
        """Return what a register is told of the accounts of the customer."""
        return self.customer.points_summary(key, total)["accounts"]

    def _reserve(self, reward, quantity=1, key=None, total=None, account=None):
        account = account or self.account
        return account.points_reserve(
            key or self._new_order()[1], reward and reward.id, quantity, total
        )

    def _reward_line(self, reward, quantity, price, **values):
        """Return the LOYPAY line that a register makes; ``price`` is not positive."""
        return Command.create(
            {
                "product_id": reward.product_id.id,
                "qty": quantity,
                "price_unit": price,
                "price_subtotal": price * quantity,
                "price_subtotal_incl": price * quantity,
                "tax_ids": [Command.clear()],
                "points_reward_id": reward.id,
                "uuid": str(uuid.uuid4()),
                **values,
            }
        )

    def _buy(self, products, *rewards, customer=None, pay_with=None, **values):
        """Sell products with rewards (reward, quantity, price[, values]) on the order.

        :param pay_with: (payment method, amount) instead of cash, as far as it goes
        """
        customer = self.customer if customer is None else customer
        data = self._order_data(products, customer, **values)
        for reward, quantity, price, *more in rewards:
            data["lines"].append(
                self._reward_line(reward, quantity, price, **(more[0] if more else {}))
            )
            data["amount_total"] += quantity * price
        data["amount_paid"] = data["amount_total"]
        data["payment_ids"][0][2]["amount"] = data["amount_total"]
        if pay_with:
            self._pay_with(data, *pay_with)
        return self._sync(data)

    @staticmethod
    def _pay_with(data, method, amount):
        """Let another payment method than cash pay an amount of an order."""
        cash = data["payment_ids"][0][2]
        payment = dict(cash, amount=amount, payment_method_id=method.id)
        cash["amount"] -= amount
        data["payment_ids"].append(
            Command.create({**payment, "uuid": str(uuid.uuid4())})
        )

    def _give_back(self, orders, quantities, pay_with=None, is_named=True):
        """Refund products, and LOYPAY lines by quantity, as the register does.

        :param quantities: by product; LOYPAY products too
        :param pay_with: (payment method, amount) instead of cash, as far as it goes
        :param is_named: whether lines tell which they take back
        """
        lines, total = [], 0
        for line in orders.lines.filtered(lambda line: line.product_id in quantities):
            quantity = quantities[line.product_id]
            money = line.price_unit * quantity
            total -= money
            lines.append(
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "qty": -quantity,
                        "price_unit": line.price_unit,
                        "price_subtotal": money,
                        "price_subtotal_incl": money,
                        "tax_ids": [Command.set(line.tax_ids.ids)],
                        "refunded_orderline_id": is_named and line.id,
                    }
                )
            )
        data = self._order_data([(self.coffee, 1)], orders.partner_id, is_refund=True)
        data.update(lines=lines, amount_total=total, amount_paid=total, amount_tax=0)
        data["payment_ids"][0][2]["amount"] = total
        if pay_with:
            self._pay_with(data, *pay_with)
        return self._sync(data)
