"""Points redeemed on quotations, orders and draft invoices."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..redemption.sale_redemption import SaleRedemption
from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestSalesRedeem(SpendingCommon):
    """A program that credits invoices; points are worth 1.00 each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.value_per_point = 1
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        cls.seller = new_test_user(
            cls.env,
            "seller",
            "sales_team.group_sale_salesman",
            company_id=cls.company.id,
        )
        cls.cash = cls.company_data["default_journal_cash"]

    def setUp(self):
        super().setUp()
        self.ten = self._make_reward(points=10, value=10)
        self._adjust(100)

    # === SHORT WAYS === #

    def _quotation(self, *lines, user=None, **values):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": (user or self.env.user).id,
                "order_line": self._untaxed_lines(*(lines or [(self.cake, 2, 100)])),
                **values,
            }
        )
        return order.with_user(user) if user else order

    def _redeem(self, document, reward=None, quantity=1, account=None):
        return SaleRedemption(document).redeem(
            (account or self.account).id, (reward or self.ten).id, quantity
        )

    def _points(self):
        self.env.cr.precommit.run()
        self.account.invalidate_recordset()
        return self.account.balance, self.account.available

    def _invoice_orders(self, orders):
        invoice = orders._create_invoices(final=True)
        invoice.action_post()
        return invoice

    def _reward_line(self, document):
        return document.sudo()._points_redeemed_lines()

    # === FROM A QUOTATION TO AN INVOICE === #

    def test_l11_a_quotation_holds_points_and_confirming_takes_them(self):
        order = self._quotation()

        self.assertEqual(self._redeem(order, quantity=2), "")

        line = self._reward_line(order)
        self.assertEqual(
            (line.name, line.product_uom_qty, line.price_unit, order.amount_total),
            (self.ten.name, 2, -10, 180),
        )
        self.assertEqual(self._points(), (100, 80))
        order.action_confirm()
        self.assertEqual(self._points(), (80, 80))
        self.assertFalse(self.env["points.hold"].search([]))
        invoice = self._invoice_orders(order)
        self.assertEqual(invoice.amount_total, 180)
        self.assertEqual(
            invoice.invoice_line_ids.filtered(
                lambda each: each.product_id == line.product_id
            ).name,
            self.ten.name,
        )
        # 180 were paid with money: 1 point for each.
        self.assertEqual(self._points(), (80 + 180, 260))

    def test_redeeming_twice_sets_the_quantity_and_zero_takes_it_off(self):
        order = self._quotation()
        self._redeem(order, quantity=3)
        self._redeem(order, quantity=2)
        self.assertEqual(self._reward_line(order).product_uom_qty, 2)
        self.assertEqual(self._points(), (100, 80))
        self._redeem(order, quantity=0)
        self.assertFalse(self._reward_line(order))
        self.assertEqual(self._points(), (100, 100))

    def test_l14_l15_no_more_than_there_is_and_than_there_is_to_pay(self):
        order = self._quotation((self.coffee, 1, 25))
        self.assertIn("25.00", self._redeem(order, quantity=3))
        self.assertEqual(self._redeem(order, quantity=2), "")
        large = self._quotation((self.cake, 50, 100))
        self.assertIn("80 points", self._redeem(large, quantity=9))
        self.assertEqual(self._points(), (100, 80))

    def test_l16_what_is_deleted_cancelled_or_removed_is_given_back(self):
        removed, cancelled, deleted = (self._quotation() for _number in range(3))
        for order in (removed, cancelled, deleted):
            self.assertEqual(self._redeem(order, quantity=3), "")
        self.assertEqual(self._points(), (100, 10))
        self._reward_line(removed).unlink()
        self.assertEqual(self._points(), (100, 40))
        cancelled._action_cancel()
        self.assertEqual(self._points(), (100, 70))
        deleted.unlink()
        self.assertEqual(self._points(), (100, 100))

    def test_a_changed_customer_gives_the_points_back(self):
        order = self._quotation()
        self._redeem(order)
        order.partner_id = self.other_customer
        self.assertFalse(self._reward_line(order))
        self.assertEqual(self._points(), (100, 100))

    def test_a_changed_customer_pays_nothing_that_is_not_set_aside_any_more(self):
        order = self._quotation()
        invoice = self._invoice((self.cake, 2, 100), post=False)
        other = self._admit(self.other_customer, self.program)
        self._adjust(50, other)
        for document in (order, invoice):
            self._redeem(document)
            self.env["points.hold"].sudo().search([]).unlink()
            document.partner_id = document.partner_id
            self.assertTrue(self._reward_line(document))
            document.partner_id = self.other_customer
            self.assertFalse(self._reward_line(document))

    def test_the_dialog_tells_nothing_of_another_customer(self):
        other = self._admit(self.other_customer, self.program)
        self._adjust(50, other)
        said = SaleRedemption(self._quotation()).say(other.id, self.ten.id, 1)
        self.assertEqual(said, ("", "", ""))

    def test_a_confirmed_order_can_redeem_and_give_up_its_reward(self):
        order = self._quotation()
        order.action_confirm()
        self.assertEqual(self._redeem(order, quantity=2), "")
        self.assertEqual(self._points(), (80, 80))
        self.assertEqual(self._redeem(order, quantity=1), "")
        self.assertEqual(self._points(), (70, 70))
        self._reward_line(order)[:1].unlink()
        self.assertEqual(self._points()[0], 90)
        order.action_lock()
        with self.assertRaises(UserError):
            self._reward_line(order).unlink()
        self.assertIn("locked", self._redeem(order))

    def test_a_cancelled_order_gives_back_and_takes_again_when_it_is_confirmed(self):
        order = self._quotation()
        self._redeem(order, quantity=4)
        order.action_confirm()
        self.assertEqual(self._points(), (60, 60))
        order._action_cancel()
        self.assertEqual(self._points(), (100, 100))
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self._points(), (60, 60))

    def test_several_orders_are_confirmed_as_a_sum(self):
        orders = self.env["sale.order"]
        for _number in range(2):
            order = self._quotation()
            self._redeem(order, quantity=5)
            orders |= order
        # The points are gone before the orders are confirmed.
        self.env["points.hold"].sudo().search([]).expires_at = "2020-01-01"
        self.env.flush_all()
        self._adjust(-40)
        with self.assertRaisesRegex(UserError, orders[1].name), self.cr.savepoint():
            orders.action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        self.assertEqual(self._points(), (60, 60))
        orders[0].action_confirm()
        self.assertEqual(self._points(), (10, 10))

    # === ALL KINDS === #

    def test_t02_points_by_the_piece_gifts_and_vouchers(self):
        per_point = self._make_reward("per_point")
        order = self._quotation()
        self.assertEqual(self._redeem(order, per_point, 7), "")
        self.assertEqual(order.amount_total, 193)
        gift = self._make_reward("gift", 20, gift_product_id=self.coffee.id)
        self.assertEqual(self._redeem(order, gift, 2), "")
        self.assertEqual(order.amount_total, 193)
        self.assertEqual(
            sum(
                order.order_line.filtered(
                    lambda line: line.product_id == self.coffee
                ).mapped("product_uom_qty")
            ),
            2,
        )
        voucher = self._make_reward("voucher", 30, 25)
        self.assertEqual(self._redeem(order, voucher, 1), "")
        self.assertEqual(self._points(), (100, 100 - 7 - 40 - 30))
        order.action_confirm()
        self.assertEqual(self._points(), (23, 23))
        bought = self.account.voucher_ids.sudo()
        self.assertEqual((len(bought), bought.value, bought.state), (1, 25, "open"))

        other = self._quotation()
        self.assertEqual(SaleRedemption(other).use_voucher(bought.code), "")
        self.assertEqual(other.amount_total, 175)
        self.assertIn("another", SaleRedemption(order).use_voucher(bought.code))
        other.action_confirm()
        self.env.cr.precommit.run()
        self.assertEqual(bought.state, "used")
        other._action_cancel()
        self.env.cr.precommit.run()
        self.assertEqual(bought.state, "open")
        line = self._reward_line(order).filtered(
            lambda line: line.points_reward_id == voucher
        )
        bought.state = "used"
        with self.assertRaisesRegex(UserError, "already used"), self.cr.savepoint():
            line.unlink()
        bought.state = "open"
        line.unlink()
        self.assertEqual(self._points()[0], 53)
        self.assertEqual(bought.state, "withdrawn")

    def test_a_product_at_a_special_price(self):
        special = self._make_reward(
            "self_liquidating", 20, 4, gift_product_id=self.coffee.id
        )
        order = self._quotation()
        self.assertEqual(self._redeem(order, special, 1), "")
        self.assertEqual(order.amount_total, 204)

    # === INVOICES === #

    def test_a_draft_invoice_redeems_and_its_credit_note_gives_back(self):
        invoice = self._invoice((self.cake, 2, 100), post=False)
        self.assertEqual(self._redeem(invoice, quantity=3), "")
        self.assertEqual(invoice.amount_total, 170)
        self.assertEqual(self._points(), (100, 70))
        invoice.action_post()
        self.assertEqual(self._points(), (70 + 170, 240))
        credit = self._credit(invoice)
        self.assertEqual(credit.amount_total, 170)
        self.assertEqual(self._points(), (100, 100))

    def test_a_draft_invoice_that_is_cancelled_deleted_or_copied(self):
        cancelled, deleted = (
            self._invoice((self.cake, 2, 100), post=False) for _number in range(2)
        )
        for invoice in (cancelled, deleted):
            self._redeem(invoice, quantity=3)
        self.assertFalse(self._reward_line(cancelled.copy()))
        self.assertEqual(cancelled.copy().amount_total, 200)
        self.assertEqual(self._points(), (100, 40))
        cancelled.button_cancel()
        deleted.unlink()
        self.assertEqual(self._points(), (100, 100))

    def test_credit_notes_of_an_orders_invoice_give_points_back(self):
        order = self._quotation((self.cake, 4, 100))
        self._redeem(order, quantity=4)
        order.action_confirm()
        invoice = self._invoice_orders(order)
        self.assertEqual(self._points(), (60 + 360, 420))
        self._credit(invoice)
        self.assertEqual(self._points(), (100, 100))

    def test_what_is_redeemed_later_pays_though_the_first_was_credited(self):
        self.program.credit_on = "order"
        order = self._quotation((self.cake, 2, 100))
        self._redeem(order, quantity=3)
        order.action_confirm()
        invoice = order._create_invoices(final=True)
        invoice.invoice_line_ids.filtered(
            lambda line: line.product_id == self.cake
        ).quantity = 1
        invoice.action_post()
        self._redeem(order, quantity=1)
        order.order_line[0].product_uom_qty = 3
        self.assertEqual(self._points(), (60 + 260, 320))
        self._credit(invoice)
        self.assertEqual(self._points(), (90 + 190, 280))

    # === WHAT THE LINE SURVIVES === #

    def test_an_order_that_is_credited_and_invoiced_again_still_redeems(self):
        order = self._quotation()
        self._redeem(order)
        order.action_confirm()
        first = order._create_invoices()
        first.action_post()
        self._credit(first)
        self.env.cr.precommit.run()
        self.assertPoints(self.account, 100)
        second = order._create_invoices()
        second.action_post()
        self.env.cr.precommit.run()
        # 10 redeemed, and 190.00 of 200.00 earn.
        self.assertPoints(self.account, 280)
        self._credit(second)
        self.env.cr.precommit.run()
        self.assertPoints(self.account, 100)

    def test_nothing_changes_the_line_but_redeeming(self):
        order = self._quotation()
        self._redeem(order, quantity=2)
        line = self._reward_line(order)

        def state():
            return line.product_uom_qty, line.price_unit, line.discount

        expected = (2, -10, 0)
        line.write({"product_uom_qty": 500, "price_unit": -1000, "discount": 50})
        self.assertEqual(state(), expected)
        order.action_update_prices()
        self.assertEqual(state(), expected)
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "sol_discount",
                "discount_percentage": 0.1,
            }
        ).action_apply_discount()
        self.assertEqual(state(), expected)
        with Form(order) as form, form.order_line.edit(1) as edited:
            edited.product_uom_qty = 9
        self.assertEqual(state(), expected)
        self.assertFalse(line._can_be_edited_on_portal())
        copy = order.copy()
        self.assertFalse(self._reward_line(copy))
        self.assertNotIn(line.product_id, copy.order_line.product_id)
        self.assertEqual(self._points(), (100, 80))

    def test_another_currency_prices_the_reward_again(self):
        currency = self.env["res.currency"].create(
            {
                "name": "ZZZ",
                "symbol": "Z",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 2})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Z", "currency_id": currency.id}
        )
        order = self._quotation(user=self.seller)
        self._redeem(order, quantity=2)
        order.pricelist_id = pricelist
        line = self._reward_line(order)
        self.assertEqual((line.product_uom_qty, line.price_unit), (2, -20))
        self.assertEqual(self._points(), (100, 80))

    def test_products_by_delivery_make_no_invoice_of_points_alone(self):
        self.cake.invoice_policy = "delivery"
        order = self._quotation()
        self._redeem(order)
        order.action_confirm()
        with self.assertRaises(UserError):
            order._create_invoices()

    def test_an_order_cannot_be_lowered_below_what_points_pay(self):
        order = self._quotation((self.cake, 1, 100))
        self._redeem(order, quantity=9)
        order.order_line[:1].price_unit = 50
        with self.assertRaisesRegex(UserError, "50.00"), self.cr.savepoint():
            order.action_confirm()
        order.order_line[:1].price_unit = 100
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "Remove"), self.cr.savepoint():
            order.order_line[:1].price_unit = 50

    def test_a_register_settles_an_order_that_redeems(self):
        order = self._quotation((self.cake, 2, 100))
        self._redeem(order, quantity=3)
        data = self._order_data([(self.cake, 2)], self.customer)
        lines = []
        for line in order.order_line:
            money = line.price_unit * line.product_uom_qty
            lines.append(
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "qty": line.product_uom_qty,
                        "price_unit": line.price_unit,
                        "price_subtotal": money,
                        "price_subtotal_incl": money,
                        "tax_ids": [Command.clear()],
                        "sale_order_origin_id": order.id,
                        "sale_order_line_id": line.id,
                    }
                )
            )
        data.update(lines=lines, amount_total=170, amount_paid=170)
        data["payment_ids"][0][2]["amount"] = 170
        sold = self._sync(data)
        self.assertEqual(order.state, "sale")
        # The order takes 30 once; the register earns on what money paid.
        self.assertEqual(self._points(), (100 - 30 + 170, 240))
        self.assertFalse(sold.sudo()._points_strange())
        self._give_back(sold, {line.product_id: line.qty for line in sold.lines})
        self.assertEqual(self._points(), (100, 100))

    def test_nobody_writes_such_lines_by_hand(self):
        order = self._quotation()
        line = {
            "order_id": order.id,
            "product_id": self.ten.product_id.id,
            "price_unit": -10,
            "points_reward_id": self.ten.id,
        }
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.env["sale.order.line"].create(line)
        defaults = {"default_points_reward_id": self.ten.id}
        del line["points_reward_id"]
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.env["sale.order.line"].with_context(**defaults).create(line)
        invoice = self._invoice((self.cake, 2, 100), post=False)
        values = {"product_id": self.ten.product_id.id, "price_unit": -10}
        with self.assertRaises(ValidationError), self.cr.savepoint():
            invoice.with_context(**defaults).write(
                {"invoice_line_ids": [Command.create(values)]}
            )
        plain = order.order_line[:1]
        plain.write({"points_reward_id": self.ten.id, "points_voucher_code": "X"})
        self.assertFalse(plain.points_reward_id or plain.points_voucher_code)

    # === WHO MAY === #

    def test_a_salesperson_redeems_on_own_documents_without_rights_on_points(self):
        order = self._quotation(user=self.seller)
        self.assertEqual(self._redeem(order, quantity=2), "")
        order.action_confirm()
        self.assertEqual(self._points(), (80, 80))
        others = self._quotation().with_user(self.seller)
        with self.assertRaises(AccessError):
            self._redeem(others)

    def test_who_has_no_rights_on_points_deletes_lines_that_redeem(self):
        clerk = new_test_user(
            self.env,
            "clerk",
            "account.group_account_invoice",
            company_id=self.company.id,
        )
        invoice = self._invoice((self.cake, 2, 100), post=False).with_user(clerk)
        for document in (self._quotation(user=self.seller), invoice):
            with self.subTest(document._name):
                self.assertEqual(self._redeem(document, quantity=2), "")
                self.assertEqual(self._points(), (100, 80))
                line = self._reward_line(document).with_env(document.env)
                self.env.invalidate_all()
                line.unlink()
                self.assertEqual(self._points(), (100, 100))

    def test_other_customers_programs_and_numbers_are_refused(self):
        order = self._quotation()
        other = self._admit(self.other_customer, self.program)
        self._adjust(50, other)
        self.assertIn("another customer", self._redeem(order, account=other))
        for quantity in (-1, 0.5, float("nan"), 1e300, "x", None):
            with self.subTest(quantity=quantity):
                self.assertTrue(self._redeem(order, quantity=quantity))
        for reward_id in (0, -1, 10**9, "x"):
            with self.subTest(reward=reward_id):
                redemption = SaleRedemption(order)
                said = redemption.redeem(self.account.id, reward_id, 1)
                self.assertTrue(said)
        self.assertFalse(self._reward_line(order))
        self.assertEqual(self._points(), (100, 100))

    def test_l10_the_dialog_asks_before_it_redeems(self):
        order = self._quotation(user=self.seller)
        action = order.action_redeem_points()
        dialog = self.env["points.redeem"].with_user(self.seller)
        dialog = dialog.browse(action["res_id"])
        choice = dialog.choice_ids
        self.assertEqual((choice.name, choice.most), (self.ten.name, 10))
        choice.quantity = 3
        self.assertEqual(choice.rest_text, "70 points")
        dialog.action_ask()
        self.assertIn("30 points, worth", dialog.question)
        self.assertEqual(self._points(), (100, 100))
        dialog.action_redeem()
        self.assertEqual(self._reward_line(order).product_uom_qty, 3)
        self.assertEqual(self._points(), (100, 70))

    def test_the_dialog_does_not_ask_about_what_would_be_refused(self):
        self._make_reward("per_point", points=1, value=0)
        order = self._quotation(user=self.seller)
        dialog = self.env["points.redeem"].with_user(self.seller)
        dialog = dialog.browse(order.action_redeem_points()["res_id"])
        blocks, points = dialog.choice_ids
        self.assertEqual(blocks.cost_text, "10 points, worth $\xa010.00")
        for quantities, code, why in (
            ((11, 0), "", "Only 100 points available"),
            ((9, 11), "", "Only 10 points available"),
            ((1, 0), "1A2B-3C4D-5E6F", "voucher"),
        ):
            with self.subTest(quantities=quantities, code=code):
                blocks.quantity, points.quantity = quantities
                dialog.voucher_code = code
                with self.assertRaisesRegex(UserError, why):
                    dialog.action_ask()
                self.assertEqual(dialog.state, "choose")

    def test_l17_the_form_offers_rewards_before_it_confirms_and_no_earns(self):
        order = self._quotation(user=self.seller).with_context(points_offer=True)
        self.assertIs(order.action_confirm(), True)
        self.company.points_offer_rewards = True
        first, second = (
            self._quotation(user=self.seller).with_context(points_offer=True)
            for _number in range(2)
        )
        Dialog = self.env["points.redeem"].with_user(self.seller)
        Dialog.browse(first.action_confirm()["res_id"]).action_skip()
        self.assertEqual((first.state, first.amount_total), ("sale", 200))
        dialog = Dialog.browse(second.action_confirm()["res_id"])
        self.assertEqual(second.state, "draft")
        dialog.choice_ids.quantity = 2
        dialog.action_ask()
        dialog.action_redeem()
        self.assertEqual((second.state, second.amount_total), ("sale", 180))
        self.assertEqual(self._points(), (80, 80))
