"""Products that points cannot pay for, at the register and in sales."""

import uuid
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tests.common import warmup

from ..redemption.sale_redemption import SaleRedemption
from .test_register_payment import PointsPaymentCommon
from .test_register_preview import PreviewCommon


class PayableCommon(PreviewCommon, PointsPaymentCommon):
    """A point is worth 1.00; points cannot pay for gift cards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"value_per_point": 1, "name": "Shop Card"})
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        cls.by_point = cls._make_reward("per_point", name="Off")
        cls.card = cls._make_product("Gift Card", 60, points_payable="no")
        cls._adjust(cls, 500)

    def _bought(self, cards=60, coffees=4):
        """Return the lines of a gift card and of 40.00 of coffee."""
        return [self._line(self.card, 1, cards), self._line(self.coffee, coffees)]

    def _make_menu(self, **values):
        """Return a combo of one choice: coffee."""
        combo = self.env["product.combo"].create(
            {
                "name": "Drink",
                "company_id": self.company.id,
                "combo_item_ids": [Command.create({"product_id": self.coffee.id})],
            }
        )
        menu = self._make_product("Menu", 12, **values)
        combos = {"combo_ids": [Command.set(combo.ids)], "type": "combo"}
        menu.product_tmpl_id.write(combos)
        return menu

    def _menu_lines(self, menu):
        parent = self._line(menu, 1, 0)
        values = {"combo_parent_uuid": parent["uuid"]}
        return [parent, self._line(self.coffee, 1, 12, **values)]

    def _most(self, lines, program=None, **values):
        """Return what of the reward a register may take on an order of lines."""
        told = {**self._told(lines), **values}
        key = f"pos:{told['uuid']}"
        accounts = self.customer.points_summary(key, told)["accounts"]
        wanted = program or self.program
        (found,) = (each for each in accounts if each["program_id"] == wanted.id)
        (reward,) = (each for each in found["rewards"] if each["kind"] == "per_point")
        self.assertEqual(found["pay"]["max_amount"], reward["max_quantity"])
        return reward["max_quantity"]

    def _take(self, told, quantity, reward=None, account=None):
        """Take so many points for an order; return what the register is answered."""
        reward = self.by_point if reward is None else reward
        key = f"pos:{told['uuid']}"
        return self._reserve(reward, quantity, key, told, account)

    def _with(self, told, answer, reward=None):
        """Return an order with the line of what was taken."""
        line = self._reward_values(reward or self.by_point, answer)
        lines = [*told["lines"], line]
        return {**self._told(lines), "uuid": told["uuid"]}

    def _reasons(self, sale):
        reviews = self.env["points.review"].search(
            [("root", "=", sale._points_root()), ("state", "=", "unpaid")]
        )
        return " ".join(reviews.mapped("reason"))


@tagged("post_install", "-at_install")
class TestPayableProducts(PayableCommon):
    """Products and categories say whether points can pay for them."""

    def _is_payable(self, product):
        return product.product_tmpl_id._points_is_payable()

    def _categories(self):
        Category = self.env["product.category"]
        top = Category.create({"name": "Top"})
        middle = Category.create({"name": "Middle", "parent_id": top.id})
        return top, middle, Category.create({"name": "Low", "parent_id": middle.id})

    def test_everything_is_payable_until_somebody_says_no(self):
        self.assertFalse(self.coffee.points_payable)
        self.assertTrue(self._is_payable(self.coffee))
        self.assertFalse(self._is_payable(self.card))

    def test_the_nearest_category_that_says_something_decides(self):
        top, middle, low = self._categories()
        self.coffee.categ_id = low
        for category, says, expected in (
            (top, "no", False),
            (middle, "yes", True),
            (low, "no", False),
            (low, False, True),
            (middle, False, False),
            (top, "yes", True),
        ):
            with self.subTest(category=category.name, says=says):
                category.points_payable = says
                self.assertEqual(self._is_payable(self.coffee), expected)

    def test_a_product_says_more_than_its_category(self):
        _top, middle, low = self._categories()
        middle.points_payable = "no"
        self.coffee.write({"categ_id": low.id, "points_payable": "yes"})
        self.assertTrue(self._is_payable(self.coffee))
        self.coffee.points_payable = False
        self.assertFalse(self._is_payable(self.coffee))
        low.parent_id = False
        self.assertTrue(self._is_payable(self.coffee))
        self.coffee.categ_id = False
        self.assertTrue(self._is_payable(self.coffee))

    def test_what_is_new_or_changed_counts_at_once(self):
        Template = self.env["product.template"]
        self.card.points_payable = False
        self.assertFalse(Template._is_limiting_points())
        made = self._make_product("Stamp", 1)
        self.assertFalse(Template._is_limiting_points())
        made.product_tmpl_id.points_payable = "no"
        self.assertTrue(Template._is_limiting_points())
        made.points_payable = "yes"
        self.assertFalse(Template._is_limiting_points())
        Category = self.env["product.category"]
        category = Category.create({"name": "Cards", "points_payable": "no"})
        self.assertTrue(Template._is_limiting_points())
        category.points_payable = False
        self.assertFalse(Template._is_limiting_points())
        Template.with_context(default_points_payable="no").create({"name": "Card"})
        self.assertTrue(Template._is_limiting_points())

    def test_it_is_imported_exported_and_copied(self):
        names = ["name", "points_payable"]
        for model, rows in (
            ("product.template", [["A", "No"], ["B", "Yes"]]),
            ("product.category", [["A", "No"], ["B", ""]]),
        ):
            result = self.env[model].load(names, rows)
            self.assertFalse(result["messages"])
            records = self.env[model].browse(result["ids"])
            self.assertEqual(records[0].points_payable, "no")
            exported = records.export_data(names)["datas"]
            self.assertEqual(exported[0], ["A", "No"])
        copy = self.card.product_tmpl_id.copy()
        self.assertEqual(copy.points_payable, "no")
        self.program.pays_earning_only = True
        self.assertTrue(self.program.copy().pays_earning_only)

    def test_it_is_set_where_points_are(self):
        with Form(self.coffee.product_tmpl_id) as form:
            form.points_payable = "no"
        with Form(self.coffee.categ_id) as form:
            form.points_payable = "yes"
        with Form(self.program) as form:
            form.pays_earning_only = True
        self.assertEqual(self.coffee.points_payable, "no")
        self.assertFalse(self._is_payable(self.coffee))


@tagged("post_install", "-at_install")
class TestPayableAtRegister(PayableCommon):
    """What a register may take, and what a paid order is looked at for."""

    def test_points_pay_no_more_than_what_can_be_paid_and_say_why(self):
        told = self._told(self._bought())

        refused = self._take(told, 41)["refused"]

        self.assertEqual(
            refused.replace("\xa0", ""),
            "Points can pay for $40.00 of this order: Gift Card cannot be paid with "
            "points.",
        )
        self.assertEqual(self._most(self._bought()), 40)
        taken = self._take(told, 40)
        self.assertFalse(taken["refused"])
        (shown,) = taken["summary"]["accounts"]
        self.assertEqual(shown["payable_text"], refused)
        told_all = self._told([self._line(self.coffee, 1)])
        (shown,) = self._take(told_all, 1)["summary"]["accounts"]
        self.assertEqual(shown["payable_text"], "")
        order = self._pay(self._with(told, taken))
        self.assertEqual(order.amount_total, 60)
        self.assertFalse(self._reasons(order))
        self.assertEqual(self.account.redeemed, 40)

    def test_points_as_a_payment_pay_no_more_either(self):
        told = self._told(self._bought())
        self.assertIn("Gift Card", self._take(told, 40.01, reward=False)["refused"])
        self.assertFalse(self._take(told, 40, reward=False)["refused"])
        payment = {"payment_method_id": self.method.id, "amount": 40}

        order = self._pay({**told, "payments": [payment]})

        self.assertFalse(self._reasons(order))
        self.assertEqual(self.account.redeemed, 40)

    def test_nothing_can_be_paid_where_nothing_is_payable(self):
        lines = [self._line(self.card, 1)]
        self.assertEqual(self._most(lines), 0)
        told = self._told(lines)
        account = self.customer.points_summary(f"pos:{told['uuid']}", told)
        (reward,) = account["accounts"][0]["rewards"]
        self.assertIn("Gift Card cannot be paid", reward["refusal"])

    def test_a_whole_block_does_not_break(self):
        block = self._make_reward("block", 15, 15)
        told = self._told(self._bought())
        self.assertIn("40.00", self._take(told, 3, block)["refused"])
        self.assertFalse(self._take(told, 2, block)["refused"])
        # 10 of 40 are left for the others.
        self.assertIn("40.00", self._take(told, 11)["refused"])
        self.assertFalse(self._take(told, 10)["refused"])

    def test_the_least_of_percent_and_products_counts(self):
        for percent, most in ((50, 40), (30, 30)):
            self.program.max_redeem_percent = percent
            self.assertEqual(self._most(self._bought()), most)

    def test_discounts_on_lines_and_on_the_order(self):
        lines = [self._line(self.card, 1), self._line(self.coffee, 4, discount=25)]
        self.assertEqual(self._most(lines), 30)
        discount = self._make_product("Discount", 0)
        lines = [*self._bought(), self._line(discount, 1, -10)]
        self.assertEqual(self._most(lines), 36)

    def test_taxes_are_in_it_however_prices_are(self):
        lines = [self._line(self.card, 1), self._line(self.tool, 1)]
        self.assertEqual(self._most(lines), 124)
        included = self.tax24.copy(
            {"name": "In it", "price_include_override": "tax_included"}
        )
        told = self._line(self.cake, 1, 124, taxes=included)
        self.assertEqual(self._most([self._line(self.card, 1), told]), 124)

    def test_gifts_and_vouchers_bought_are_no_money(self):
        gift = self._make_reward("gift", 5, gift_product_id=self.card.id)
        voucher = self._make_reward("voucher", 20, 20)
        told = self._told([self._line(self.card, 1)])
        for reward in (gift, voucher):
            with self.subTest(reward.kind):
                self.assertFalse(self._take(told, 1, reward)["refused"])

    def test_a_gift_does_not_let_points_pay_for_other_products(self):
        reward = self._make_reward("gift", 5, gift_product_id=self.coffee.id)
        told = self._told(self._bought())
        taken = self._take(told, 1, reward)
        gift = self._line(self.coffee, 1)
        line = self._reward_values(reward, taken, gift)
        self.assertEqual(self._most([*told["lines"], gift, line]), 40)

    def test_a_voucher_pays_for_anything(self):
        self._buy([(self.cake, 1)], (self._make_reward("voucher", 20, 50), 1, 0))
        voucher = self.account.voucher_ids
        told = self._told([self._line(self.card, 1)])
        key = f"pos:{told['uuid']}"
        taken = self.env["points.voucher"].points_take(voucher.code, key, told)
        self.assertFalse(taken["refused"])
        values = {"points_voucher_code": voucher.code}
        product = self.env["product.product"].browse(taken["line"]["product_id"])
        line = self._line(product, 1, -50, **values)
        told = {**self._told([*told["lines"], line]), "uuid": told["uuid"]}

        order = self._pay(told)

        self.assertFalse(self._reasons(order))
        self.assertEqual(voucher.state, "used")
        self.assertEqual(self._most([*self._bought(), line]), 40)

    def test_what_comes_back_lowers_the_exchange_pro_rata(self):
        sold = self._pay(self._told([self._line(self.cake, 1)]))
        lines = [*self._bought(coffees=14), self._back(sold.lines, 1)]
        # 140 of 200, less half of it.
        self.assertEqual(self._most(lines), 70)

    def test_a_combo_decides_for_its_choices_or_leaves_it_to_them(self):
        menu = self._make_menu()
        lines = [*self._menu_lines(menu), self._line(self.cake, 1)]
        for of_menu, of_coffee, most in (
            (False, False, 112),
            (False, "no", 100),
            ("yes", "no", 112),
            ("no", "yes", 100),
        ):
            with self.subTest(menu=of_menu, coffee=of_coffee):
                menu.points_payable = of_menu
                self.coffee.points_payable = of_coffee
                self.assertEqual(self._most(lines), most)

    # === PROGRAMS THAT PAY ONLY FOR WHAT EARNS === #

    def test_what_earns_nothing_is_not_paid_where_the_program_says_so(self):
        self.card.points_payable = False
        tip = self._make_product("Tip", 0)
        self.basic_config.tip_product_id = tip
        lines = [*self._bought(), self._line(tip, 1, 5)]
        for values, most in (
            ({"points_policy": "program"}, 100),
            ({"points_policy": "excluded"}, 40),
            ({"points_policy": "fixed", "points_per_unit": 0}, 40),
            ({"points_policy": "fixed", "points_per_unit": 2}, 100),
        ):
            with self.subTest(values):
                self.card.write(values)
                self.program.pays_earning_only = True
                self.assertEqual(self._most(lines), most)
                self.program.pays_earning_only = False
                self.assertEqual(self._most(lines), 105)

    def test_a_choice_of_a_combo_without_points_earns_none_and_is_not_paid(self):
        self.card.points_payable = False
        menu = self._make_menu(points_policy="excluded")
        self.program.pays_earning_only = True
        lines = [*self._menu_lines(menu), self._line(self.cake, 1)]
        self.assertEqual(self._most(lines), 100)

    def test_two_programs_share_what_each_of_them_can_pay(self):
        """One pays for 40 and 30, the other for 40 only."""
        strict = self._make_program(value_per_point=1, pays_earning_only=True)
        reward = self._make_reward("per_point", program=strict)
        account = self._admit(self.customer, strict)
        self._adjust(100, account)
        self.cake.points_policy = "excluded"
        told = self._told([*self._bought(), self._line(self.cake, 1, 30)])

        self.assertIn("Cake", self._take(told, 41, reward, account)["refused"])
        self.assertFalse(self._take(told, 35, reward, account)["refused"])
        self.assertIn("70.00", self._take(told, 36)["refused"])
        self.assertFalse(self._take(told, 35)["refused"])
        # What is held already is not refused because of the other's.
        self.assertFalse(self._take(told, 35, reward, account)["refused"])
        self.assertTrue(self._take(told, 36, reward, account)["refused"])

    # === WHAT A REGISTER TELLS, AND WHAT IT BRINGS === #

    def test_lines_that_change_after_the_reward_are_refused_when_asked_again(self):
        told = self._told([self._line(self.coffee, 10)])
        taken = self._take(told, 100)
        self.assertTrue(taken["ask_again"])
        other = {**self._told(self._bought()), "uuid": told["uuid"]}

        self.assertIn("40.00", self._take(other, 100)["refused"])

    def test_an_order_that_changed_after_the_reward_is_paid_and_looked_at(self):
        told = self._told([self._line(self.coffee, 10)])
        taken = self._take(told, 90)
        other = {**self._told(self._bought()), "uuid": told["uuid"]}

        order = self._pay(self._with(other, taken))

        self.assertEqual((order.state, order.amount_total), ("paid", 10))
        self.assertEqual(self.account.redeemed, 90)
        reason = self._reasons(order)
        self.assertIn("Gift Card cannot be paid with points", reason)
        self.assertEqual(reason.count("Gift Card"), 1)
        order._points_settle()
        self.assertEqual(self._reasons(order), reason)

    def test_a_payment_that_no_register_would_take_is_looked_at(self):
        payment = {"payment_method_id": self.method.id, "amount": 41}

        order = self._pay({**self._told(self._bought()), "payments": [payment]})

        self.assertEqual(self.account.redeemed, 41)
        self.assertIn("40.00", self._reasons(order))

    def test_an_order_of_a_register_that_was_cut_off_may_be_right(self):
        payment = {"payment_method_id": self.method.id, "amount": 40}
        order = self._pay({**self._told(self._bought()), "payments": [payment]})
        self.assertFalse(self._reasons(order))

    def test_two_programs_that_pay_too_much_together_are_looked_at(self):
        other = self._make_program(value_per_point=1)
        reward = self._make_reward("per_point", program=other)
        self._adjust(100, self._admit(self.customer, other))
        lines = [
            *self._bought(),
            self._line(
                self.by_point.product_id, 40, -1, points_reward_id=self.by_point.id
            ),
            self._line(reward.product_id, 40, -1, points_reward_id=reward.id),
        ]

        order = self._pay(self._told(lines))

        self.assertEqual(order.amount_total, 20)
        self.assertIn("Gift Card", self._reasons(order))

    def test_lines_that_are_none_let_nobody_pay_for_more(self):
        self.env["pos.order"].points_preview({})
        cashier = new_test_user(
            self.env,
            "payable_cashier",
            "base.group_user,point_of_sale.group_pos_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        account = self.account.with_user(cashier)
        card = self._line(self.card, 1)
        for strange in (
            [{"product_id": "x"}],
            [7, None, []],
            [{"product_id": 10**9, "qty": 1, "price_unit": 500}],
            [{"product_id": self.coffee.id, "qty": 1, "price_unit": float("nan")}],
            [{"product_id": self.coffee.id, "qty": 1, "price_unit": 1e300}],
            [{"product_id": self.coffee.id, "qty": -1e11, "price_unit": 9}],
            [{"product_id": self.coffee.id, "qty": 1, "combo_parent_uuid": {}}],
            [{"product_id": self.coffee.id, "refunded_orderline_id": [1]}],
            [{"product_id": self.by_point.product_id.id, "qty": 1, "price_unit": -9}],
        ):
            with self.subTest(strange):
                sale = {**self._told([card]), "lines": [card, *strange]}
                key = f"pos:{uuid.uuid4()}"
                answer = account.points_reserve(key, self.by_point.id, 1, sale)
                self.assertIn("Gift Card", answer["refused"])
        many = [{"product_id": self.coffee.id, "qty": 1e11, "price_unit": 9}] * 300
        sale = {**self._told([card]), "lines": [card, *many]}
        account.points_reserve(f"pos:{uuid.uuid4()}", self.by_point.id, 1, sale)

    def test_nothing_is_said_of_an_order_that_nobody_tells(self):
        """A register of before tells a total: what it brings is looked at when paid."""
        self.assertFalse(self._reserve(self.by_point, 100, total=100)["refused"])

    def test_the_register_loads_nothing_of_it(self):
        for model in ("product.template", "product.category"):
            names = self.env[model]._load_pos_data_fields(self.basic_config)
            self.assertNotIn("points_payable", names)

    # === QUERIES === #

    def _count(self, act):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act()
        return self.env.cr.sql_log_count - before

    @warmup
    def test_queries_are_the_same_for_2_and_50_lines(self):
        counts = []
        for coffees in (1, 1, 49):
            told = self._told(
                [self._line(self.card, 1)]
                + [self._line(self.coffee, 1) for _number in range(coffees)]
            )
            counts.append(self._count(lambda told=told: self._take(told, 10)))
        self.assertEqual(counts[1], counts[2])

    def test_a_shop_that_bars_nothing_reads_nothing(self):
        self.card.points_payable = False
        Order = self.registry["pos.order"]
        with patch.object(Order, "_points_charges", side_effect=AssertionError):
            told = self._told(self._bought())
            taken = self._take(told, 100)
            self.assertFalse(taken["refused"] or taken["ask_again"])
            self._pay(self._with(told, taken))
        self.assertEqual(self.account.redeemed, 100)


@tagged("post_install", "-at_install")
class TestPayableInSales(PayableCommon):
    """The same on quotations, orders and draft invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ten = cls._make_reward("block", 10, 10, name="Ten Off")

    def _quotation(self, *lines, **values):
        """Return a quotation, by default of a gift card and of 40.00 of coffee."""
        lines = lines or ((self.card, 1, 60), (self.coffee, 4, 10))
        commands = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "price_unit": price,
                    "tax_ids": [Command.set(product.taxes_id.ids)],
                }
            )
            for product, quantity, price in lines
        ]
        return self.env["sale.order"].create(
            {"partner_id": self.customer.id, "order_line": commands, **values}
        )

    def _draft(self):
        return self._invoice((self.card, 1, 60), (self.coffee, 4, 10), post=False)

    def _redeem(self, document, quantity, reward=None):
        reward = reward or self.ten
        redemption = SaleRedemption(document)
        return redemption.redeem(self.account.id, reward.id, quantity)

    def _offered(self, document):
        """Return how much of Ten Off the dialog offers."""
        action = document.action_redeem_points()
        dialog = self.env["points.redeem"].browse(action["res_id"])
        (choice,) = dialog.choice_ids.filtered(lambda each: each.name == "Ten Off")
        return choice.most

    def _reward_line(self, document):
        return document.sudo()._points_redeemed_lines()

    def test_a_quotation_and_a_draft_invoice_take_no_more_and_say_why(self):
        for document in (self._quotation(), self._draft()):
            with self.subTest(document._name):
                self.assertEqual(self._offered(document), 4)
                refused = self._redeem(document, 5)
                self.assertIn("40.00", refused)
                self.assertIn("Gift Card cannot be paid with points", refused)
                self.assertEqual(self._redeem(document, 4), "")
                self.assertEqual(document.amount_total, 60)
                self.assertIn("40.00", self._redeem(document, 1, self.by_point))
                self.assertEqual(self._redeem(document, 2), "")
                self.assertEqual(self._redeem(document, 20, self.by_point), "")

    def test_an_order_that_changed_is_not_confirmed(self):
        order = self._quotation()
        self._redeem(order, 4)
        coffee = order.order_line.filtered(lambda line: line.product_id == self.coffee)
        coffee.product_uom_qty = 3
        with self.assertRaisesRegex(UserError, "Gift Card cannot"), self.cr.savepoint():
            order.action_confirm()
        self._redeem(order, 3)
        order.action_confirm()
        self.env.cr.precommit.run()
        self.assertFalse(self._reasons(order))

    def test_an_invoice_that_changed_is_posted_and_looked_at(self):
        invoice, right = self._draft(), self._draft()
        for move in (invoice, right):
            self._redeem(move, 4)
        lines = invoice.invoice_line_ids
        lines.filtered(lambda line: line.product_id == self.coffee).quantity = 2
        (invoice | right).action_post()
        self.assertEqual(set((invoice | right).mapped("state")), {"posted"})
        self.assertIn("Gift Card cannot be paid with points", self._reasons(invoice))
        self.assertFalse(self._reasons(right))

    def test_an_invoice_of_an_order_takes_what_the_order_left(self):
        order = self._quotation()
        self._redeem(order, 3)
        order.action_confirm()
        invoice = order._create_invoices(final=True)
        self.assertEqual(self._offered(invoice), 1)
        self.assertIn("10.00", self._redeem(invoice, 2))
        self.assertEqual(self._redeem(invoice, 1), "")

    def test_an_invoice_of_an_order_with_a_gift(self):
        gift = self._make_reward("gift", 5, gift_product_id=self.coffee.id)
        order = self._quotation()
        self.assertEqual(self._redeem(order, 1, gift), "")
        self.assertEqual(self._offered(order), 4)
        order.action_confirm()
        self.assertEqual(self._offered(order._create_invoices(final=True)), 4)

    def test_a_register_that_settles_an_order_takes_what_the_order_left(self):
        gift = self._make_reward("gift", 5, gift_product_id=self.coffee.id)
        order = self._quotation()
        self._redeem(order, 3)
        self._redeem(order, 1, gift)
        order.action_confirm()
        lines = [
            self._line(
                line.product_id,
                line.product_uom_qty,
                line.price_unit,
                sale_order_line_id=line.id,
            )
            for line in order.order_line
        ]
        self.assertEqual(self._most(lines), 10)

    def test_taxes_and_discounts_of_the_order(self):
        order = self._quotation((self.card, 1, 60), (self.tool, 1, 100))
        self.assertEqual(self._offered(order), 12)
        order.order_line[1].discount = 50
        self.assertEqual(self._offered(order), 6)
        order = self._quotation()
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.25,
            }
        ).action_apply_discount()
        self.assertEqual((order.amount_total, self._offered(order)), (75, 3))
        included = self.tax24.copy(
            {"name": "In it", "price_include_override": "tax_included"}
        )
        order = self._quotation((self.card, 1, 60), (self.coffee, 4, 10))
        order.order_line.tax_ids = included
        self.assertEqual(self._offered(order), 4)

    def test_what_earns_nothing_is_not_paid_where_the_program_says_so(self):
        self.program.pays_earning_only = True
        self.cake.points_policy = "excluded"
        lines = ((self.cake, 1, 100), (self.coffee, 4, 10))
        self.assertEqual(self._offered(self._quotation(*lines)), 4)
        self.assertEqual(self._offered(self._invoice(*lines, post=False)), 4)

    def test_a_combo_decides_for_its_choices(self):
        menu = self._make_menu()
        order = self._quotation((menu, 1, 0), (self.cake, 1, 100))
        (parent,) = order.order_line.filtered(lambda line: line.product_id == menu)
        self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.coffee.id,
                "product_uom_qty": 1,
                "linked_line_id": parent.id,
                "combo_item_id": menu.combo_ids.combo_item_ids.id,
                "tax_ids": False,
            }
        )
        self.assertEqual(self._offered(order), 11)
        menu.points_payable = "no"
        self.assertEqual(self._offered(order), 10)
        order.action_confirm()
        self.assertEqual(self._offered(order._create_invoices()), 10)

    def test_a_down_payment_that_was_made_lowers_what_is_left_to_pay(self):
        order = self._quotation()
        order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": order.ids,
                "advance_payment_method": "fixed",
                "fixed_amount": 70,
            }
        )
        self.assertEqual(self._offered(order), 4)
        wizard._create_invoices(order).action_post()
        final = order._create_invoices(final=True)
        self.assertEqual(final.amount_total, 30)
        self.assertEqual(self._offered(final), 3)
