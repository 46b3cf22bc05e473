import uuid

from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestBesideLoyalty(CustomerPointsCommon):
    """Odoo's own gift cards and eWallets pay; they neither earn nor take points."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)

    def setUp(self):
        super().setUp()
        if "loyalty.program" not in self.env:
            self.skipTest("Odoo's loyalty modules are not installed")
        self.card_product = self._make_product("Card", 70, type="service")
        self.gift_cards = self._make_loyalty("gift_card")
        self.reward = self.gift_cards.reward_ids

    def _make_loyalty(self, kind):
        """Return a program of gift cards or eWallets with a product of its own."""
        rule = {
            "reward_point_amount": 1,
            "reward_point_mode": "money",
            "reward_point_split": kind == "gift_card",
            "product_ids": [Command.set(self.card_product.ids)],
        }
        reward = {
            "reward_type": "discount",
            "discount_mode": "per_point",
            "discount": 1,
            "discount_applicability": "order",
            "required_points": 1,
        }
        template = self.env.ref("loyalty.mail_template_gift_card")
        report = self.env.ref("loyalty.report_gift_card")
        return self.env["loyalty.program"].create(
            {
                "name": f"Test {kind}",
                "mail_template_id": template.id,
                "pos_report_print_id": report.id,
                "program_type": kind,
                "applies_on": "future",
                "trigger": "auto",
                "rule_ids": [Command.clear(), Command.create(rule)],
                "reward_ids": [Command.clear(), Command.create(reward)],
            }
        )

    def _make_promotion(self, kind, **values):
        """Return a program that gives a discount."""
        return self.env["loyalty.program"].create(
            {
                "name": f"Test {kind}",
                "program_type": kind,
                "rule_ids": [Command.clear()],
                "reward_ids": [Command.clear(), Command.create(values)],
            }
        )

    def _make_card(self, points, program=None):
        program = program or self.gift_cards
        values = {"program_id": program.id, "points": points}
        if program.program_type == "ewallet":
            values["partner_id"] = self.customer.id
        return self.env["loyalty.card"].create(values)

    def _card_line(self, card, money, **values):
        """Return the line by which a register pays with a card."""
        reward = card.program_id.reward_ids
        return Command.create(
            {
                "product_id": reward.discount_line_product_id.id,
                "qty": 1,
                "price_unit": -money,
                "price_subtotal": -money,
                "price_subtotal_incl": -money,
                "tax_ids": [Command.clear()],
                "is_reward_line": True,
                "reward_id": reward.id,
                "coupon_id": card.id,
                "points_cost": money,
                "reward_identifier_code": "1",
                "uuid": str(uuid.uuid4()),
                **values,
            }
        )

    def _sell_with(self, lines, *more, customer=None):
        data = self._order_data(lines, customer or self.customer)
        data["lines"] += more
        total = sum(line[2]["price_subtotal_incl"] for line in data["lines"])
        data.update(amount_total=total, amount_paid=total)
        data["payment_ids"][0][2]["amount"] = total
        return self._sync(data)

    # === THE REGISTER === #

    def test_selling_a_card_earns_nothing(self):
        self._sell((self.card_product, 2), (self.coffee, 1))

        self.assertPoints(self.account, 10)

    def test_products_paid_with_a_card_earn_for_who_buys_them(self):
        for kind in ("gift_card", "ewallet"):
            with self.subTest(kind=kind):
                before = self._points(self.account)
                program = self.gift_cards
                if kind == "ewallet":
                    program = self._make_loyalty(kind)
                card = self._make_card(130, program)
                order = self._sell_with([(self.cake, 2)], self._card_line(card, 130))

                self.assertPoints(self.account, before + 200)
                self.assertEqual(order.sudo().points_share, 1)

    def test_a_card_pays_again_what_settles_later(self):
        card = self._make_card(200)
        order = self._sell_with([(self.cake, 2)], self._card_line(card, 200))
        card.points = 0

        order._points_settle()
        self.assertPoints(self.account, 200)
        self._refund(order, {self.cake: 1})

        self.assertPoints(self.account, 100)

    def test_the_register_says_what_is_booked(self):
        card = self._make_card(60)
        data = self._order_data([(self.cake, 2)], self.customer)
        data["lines"].append(self._card_line(card, 60))
        lines = [{**line[2], "tax_ids": []} for line in data["lines"]]
        sale = {
            "partner_id": self.customer.id,
            "session_id": self.pos_session.id,
            "amount_total": 140,
            "lines": lines,
        }

        (said,) = self.env["pos.order"].points_preview(sale)["accounts"]

        self.assertIn("200", said["text"])
        for coupon_id in (10**9, "x", True, -4, card.id + 1):
            lines[1]["coupon_id"] = coupon_id
            (said,) = self.env["pos.order"].points_preview(sale)["accounts"]
            self.assertIn("140", said["text"])

    def test_a_card_that_has_too_little_is_a_discount(self):
        card = self._make_card(50)
        line = self._card_line(card, 30)
        more = self._card_line(card, 30)

        self._sell_with([(self.cake, 2)], line, more)

        self.assertPoints(self.account, 140)

    def test_a_discount_that_names_a_card_of_another_program_is_a_discount(self):
        card = self._make_card(500)
        reward = self._make_promotion("promotion").reward_ids
        line = self._card_line(
            card,
            30,
            product_id=reward.discount_line_product_id.id,
            reward_id=reward.id,
        )

        self._sell_with([(self.cake, 1)], line)

        self.assertPoints(self.account, 70)

    def test_a_discount_of_odoos_loyalty_still_lowers_what_earns(self):
        coupons = self._make_promotion("coupons")
        line = self._card_line(self._make_card(1, coupons), 30)

        self._sell_with([(self.cake, 1)], line)

        self.assertPoints(self.account, 70)

    def test_a_credit_note_of_the_registers_invoice_takes_all_back(self):
        self._sell((self.cake, 3))
        card = self._make_card(60)
        data = self._order_data([(self.cake, 1)], self.customer, to_invoice=True)
        data["lines"].append(self._card_line(card, 60))
        data.update(amount_total=40, amount_paid=40)
        data["payment_ids"][0][2]["amount"] = 40
        order = self._sync(data)
        self.assertPoints(self.account, 400)

        self._credit(order.account_move)

        self.assertPoints(self.account, 300)

    # === SALES === #

    def _order_with(self, *lines):
        """Return a confirmed sales order of a cake and (product, price, values)."""
        order = self._make_sale_order(confirm=False)
        order.order_line = [
            Command.create(
                {
                    "name": product.name,
                    "product_id": product.id,
                    "price_unit": price,
                    "tax_ids": [Command.clear()],
                    **values,
                }
            )
            for product, price, values in lines
        ]
        order.action_confirm()
        return order

    def test_products_of_a_sales_order_paid_with_a_card_earn(self):
        card = self._make_card(60)
        order = self._make_sale_order(confirm=False)
        order._try_apply_code(card.code)
        order._apply_program_reward(self.reward, card)
        order.action_confirm()
        self.assertEqual(order.amount_total, 40)
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertPoints(self.account, 100)

        self._credit(invoice)

        self.assertPoints(self.account, 0)

    def test_a_card_sold_on_an_invoice_earns_nothing(self):
        self._invoice((self.card_product, 1, 70), (self.cake, 1, 100))

        self.assertPoints(self.account, 100)

    def test_a_card_written_by_hand_on_an_invoice_is_a_discount(self):
        product = self.reward.discount_line_product_id
        self._invoice((self.cake, 1, 100), (product, 1, -60))

        self.assertPoints(self.account, 40)

    def test_free_shipping_is_no_discount_on_products(self):
        if "delivery.carrier" not in self.env:
            self.skipTest("delivery is not installed")
        shipping = self._make_product("Shipping", 30, type="service")
        reward = self._make_promotion("promotion", reward_type="shipping").reward_ids
        order = self._order_with(
            (shipping, 30, {"is_delivery": True}),
            (
                reward.discount_line_product_id,
                -20,
                {"is_reward_line": True, "reward_id": reward.id},
            ),
        )
        invoice = order._create_invoices()
        invoice.action_post()

        self.assertPoints(self.account, 100)
