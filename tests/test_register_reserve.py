import json
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestRegisterReserve(SpendingCommon):
    """Taking a reward sets its points aside at once, or says why not (design 2.4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls._make_reward("per_point", 15)

    def setUp(self):
        super().setUp()
        self._adjust(15)

    def test_l11_the_confirmation_says_points_and_value(self):
        taken = self._reserve(self.reward, 15, total=1500)

        self.assertEqual(taken["points_text"], "15 points")
        self.assertIn("150.00", taken["worth_text"])
        self.assertEqual(taken["line"]["price_unit"], -10)

    def test_l14_16_of_15_are_refused_in_one_sentence(self):
        refused = self._reserve(self.reward, 16, total=1500)["refused"]

        self.assertEqual(refused, "Only 15 points available.")
        self.assertEqual(self.account.held, 0)

    def test_l15_an_order_of_40_takes_4_points_of_10_each(self):
        self.assertIn("40.00", self._reserve(self.reward, 5, total=40)["refused"])
        self.assertFalse(self._reserve(self.reward, 4, total=40)["refused"])

    def test_r07_a_register_of_another_currency_offers_and_takes_its_own_money(self):
        """One unit of the other currency is two of the program's: 10.00 is 5.00."""
        self.config = self.other_currency_config
        self.open_new_session()
        sale = {"session_id": self.config.current_session_id.id, "amount_total": 40}
        identity, key = self._new_order()

        summary = self.customer.points_summary(key, sale)["accounts"][0]
        self.assertEqual(summary["rewards"][0]["max_quantity"], 8)
        self.assertEqual(summary["pay"]["value_per_point"], 5)
        taken = self._reserve(self.reward, 8, key, sale)
        self.assertEqual(taken["line"]["price_unit"], -5)
        self.assertIn("40.0", taken["worth_text"])
        self.assertIn("€", taken["worth_text"])
        self.assertTrue(self._reserve(self.reward, 9, key, sale)["refused"])
        self._buy([(self.coffee, 8)], (self.reward, 8, -5), uuid=identity)

        self.assertPoints(self.account, 7)

    def test_r07_more_money_than_the_reward_is_worth_takes_more_points(self):
        self.config = self.other_currency_config

        self._buy([(self.coffee, 8)], (self.reward, 2, -10))

        self.assertAlmostEqual(self.account.balance, 15 - 4, 2)

    def test_a_chosen_customer_is_answered_in_one_call_with_what_the_order_earns(self):
        sale = {
            "partner_id": self.customer.id,
            "lines": [
                {
                    "product_id": self.cake.id,
                    "qty": 3,
                    "price_unit": 100,
                    "price_subtotal": 300,
                    "price_subtotal_incl": 300,
                }
            ],
        }
        key = self._new_order()[1]

        summary = self.customer.points_summary(key, sale)

        self.assertEqual(summary["earns"], self.env["pos.order"].points_preview(sale))
        self.assertEqual(summary["earns"]["text"], "Shop Card: 3 points")
        self.assertNotIn("earns", self.customer.points_summary(key, 300))
        self.env.company.points_active = False
        summary = self.customer.points_summary(key, sale)
        self.assertEqual(summary, {"accounts": []})

    def test_l16_an_order_that_is_dropped_leaves_the_balance_as_it_was(self):
        _identity, key = self._new_order()
        self._reserve(self.reward, 10, key)
        self.account.invalidate_recordset()
        self.assertEqual((self.account.held, self.account.available), (10, 5))

        self.account.points_release(key)

        self.account.invalidate_recordset()
        self.assertEqual((self.account.held, self.account.available), (0, 15))
        self.assertPoints(self.account, 15)

    def test_a_reward_that_an_open_order_holds_is_not_deleted(self):
        self._reserve(self.reward, 5)

        with self.assertRaisesRegex(ValidationError, "already been used on orders"):
            self.reward.unlink()

    def test_giving_back_for_one_account_leaves_those_of_others(self):
        _identity, key = self._new_order()
        self._reserve(self.reward, 5, key)
        blocked = self._admit(self.other_customer, self.program, state="blocked")

        blocked.points_release(key)

        self.assertEqual(self.env["points.hold"].search([]).points, 5)

    def test_points_are_given_back_for_an_order_that_became_another_customers(self):
        identity, key = self._new_order()
        self._reserve(self.reward, 5, key)
        self.open_new_session()
        self._sync(
            self._order_data(
                [(self.cake, 1)], self.other_customer, uuid=identity, state="draft"
            )
        )

        self.assertIn("another customer", self._reserve(self.reward, 6, key)["refused"])
        self.assertFalse(self._reserve(self.reward, 0, key)["refused"])

        self.account.invalidate_recordset()
        self.assertEqual(self.account.held, 0)

    def test_a_second_register_finds_the_points_gone(self):
        self.assertFalse(self._reserve(self.reward, 10)["refused"])

        refused = self._reserve(self.reward, 10)["refused"]

        self.assertEqual(refused, "Only 5 points available.")

    def test_asking_again_sets_the_quantity_and_adds_nothing(self):
        _identity, key = self._new_order()
        for quantity in (5, 5, 8):
            self._reserve(self.reward, quantity, key)

        self.assertEqual(self.env["points.hold"].search([]).points, 8)

    def test_points_come_back_30_minutes_later(self):
        self._reserve(self.reward, 10)

        with freeze_time(fields.Datetime.now() + timedelta(minutes=31)):
            self.account.invalidate_recordset()
            self.assertEqual(self.account.available, 15)
            self.env["points.hold"]._gc_holds()
        self.assertFalse(self.env["points.hold"].search([]))

    def test_an_order_that_goes_on_keeps_its_points(self):
        identity, key = self._new_order()
        self._reserve(self.reward, 10, key)
        line = {"product_id": self.cake.id, "points_reward_id": self.reward.id}
        sale = {"uuid": identity, "lines": [line]}
        later = fields.Datetime.now()
        for work_on in (
            lambda: self.env["pos.order"].points_preview(sale),
            lambda: self.customer.points_summary(key, sale),
        ):
            later += timedelta(minutes=20)
            with freeze_time(later):
                work_on()

        with freeze_time(later + timedelta(minutes=20)):
            self.account.invalidate_recordset()
            self.assertEqual(self.account.available, 5)

    def test_a_paid_order_ends_its_hold(self):
        identity, key = self._new_order()
        self._reserve(self.reward, 5, key, total=1500)

        self._buy([(self.cake, 15)], (self.reward, 5, -10), uuid=identity)

        self.assertFalse(self.env["points.hold"].search([]))
        self.assertEqual(self.account.redeemed, 5)
        again = self._reserve(self.reward, 5, key)["refused"]
        self.assertEqual(again, "This order is already paid.")

    def test_least_most_and_percent_of_an_order(self):
        self.program.write({"min_points_redeem": 5, "max_points_redeem": 10})
        refused = self._reserve(self.reward, 4, total=1500)["refused"]
        self.assertEqual(refused, "Redeem 5 or more, in whole steps.")
        refused = self._reserve(self.reward, 11, total=1500)["refused"]
        self.assertEqual(refused, "Up to 10 points can be redeemed per order.")

        self.program.write({"min_points_redeem": 0, "max_redeem_percent": 20})
        refused = self._reserve(self.reward, 3, total=100)["refused"]

        self.assertIn("up to 20% of an order", refused)
        self.assertFalse(self._reserve(self.reward, 2, total=100)["refused"])

    def test_rewards_of_two_programs_share_what_the_order_leaves(self):
        program = self._make_program(value_per_point=1)
        other = self._admit(self.customer, program)
        reward = self._make_reward("per_point", 1, program=program)
        self._adjust(100, other)
        _identity, key = self._new_order()
        self._reserve(self.reward, 3, key, total=40)

        refused = self._reserve(reward, 11, key, total=40, account=other)["refused"]

        self.assertIn("10.00", refused)
        taken = self._reserve(reward, 10, key, total=40, account=other)
        self.assertFalse(taken["refused"])

    def test_e36_keys_in_their_order_and_active_only_if_payable(self):
        self.reward.unlink()
        costs = (500, 150, 300)
        for place, cost in enumerate(costs):
            self._make_reward("block", cost, 5, sequence=place)
        self._adjust(185)

        keys = self._summary()["accounts"][0]["rewards"]

        self.assertEqual([key["points_per_unit"] for key in keys], list(costs))
        self.assertEqual([bool(key["refusal"]) for key in keys], [True, False, True])
        self.assertIn("150 points for", keys[1]["deal_text"])

    def test_e07_e08_the_reminder_is_that_of_the_first_reward(self):
        self.reward.unlink()
        self._make_reward("block", 500, 5, sequence=1)
        self._make_reward("block", 150, 5, sequence=2)
        for points, reminded in ((484, False), (1, True)):
            self._adjust(points)
            self.env.invalidate_all()
            text = self._summary()["accounts"][0]["reminder_text"]
            self.assertEqual(bool(text), reminded)

    def test_e21_value_program_reminds_of_a_value(self):
        program = self._make_program(mode="value")
        account = self._admit(self.customer, program)
        self._make_reward("block", 10, 10, program=program, name="Ten off")
        self._adjust(9.99, account)
        self.assertFalse(self._shown(program)["reminder_text"])
        self._adjust(0.01, account)

        shown = self._shown(program)

        self.assertIn("Use $", shown["reminder_text"])
        self.assertIn("10.00", shown["reminder_text"])
        self.assertIn("10.00", shown["balance_text"])

    def test_l09_a_customer_without_account_is_offered_nothing(self):
        self.assertEqual(
            self.other_customer.points_summary(self._new_order()[1]), {"accounts": []}
        )

    def _shown(self, program):
        self.env.invalidate_all()
        accounts = self._summary()["accounts"]
        return next(found for found in accounts if found["program_id"] == program.id)

    def _summary(self):
        return self.customer.points_summary(self._new_order()[1], 1000)

    def test_queries_of_a_chosen_customer_are_the_same_for_2_and_10_programs(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            accounts = self._summary()["accounts"]
            return len(accounts), self.env.cr.sql_log_count - before

        self._join(2)
        count()
        few = count()
        self._join(10)
        count()
        many = count()

        self.assertEqual((few[0], many[0]), (2, 10))
        self.assertEqual(few[1], many[1])

    def test_a_register_that_starts_loads_a_few_names_and_nothing_for_each_product(
        self,
    ):
        self._join(10)
        self.open_new_session()
        config, session = self.config, self.pos_session
        for model in ("product.template", "product.product", "res.partner"):
            names = self.env[model]._load_pos_data_fields(config)
            self.assertFalse([name for name in names if name.startswith("points_")])

        data = session.load_data([])

        ours = {model: data[model] for model in ("points.program", "points.reward")}
        self.assertGreaterEqual(len(ours["points.reward"]), 10)
        size = len(json.dumps(ours, default=str))
        size += sum(
            len(json.dumps({name: value}, default=str))
            for name, value in data["pos.config"][0].items()
            if "points" in name
        )
        self.assertLess(size, 20_000)

    def test_e40_a_register_that_knows_nothing_of_points_sells_and_earns(self):
        """Its browser still runs the code from before the add-on was there."""
        data = self._order_data([(self.cake, 1)], self.customer)
        told = str(data)
        self.assertNotIn("points", told)

        self._sync(data)

        self.assertPoints(self.account, 16)

    def _join(self, programs):
        for _number in range(programs - len(self.customer.points_account_ids)):
            program = self._make_program(value_per_point=1)
            self._admit(self.customer, program)
            self._make_reward("per_point", 1, program=program)


@tagged("post_install", "-at_install")
class TestHostileReserve(SpendingCommon):
    """A cashier gets no points that the customer does not have (hardening 3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls._make_reward()
        cls.cashier = new_test_user(
            cls.env,
            "hostile_spender",
            "base.group_user,point_of_sale.group_pos_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _as_cashier(self, records):
        return records.with_user(self.cashier)

    def test_tables_of_points_are_closed_to_cashiers(self):
        values = {"partner_id": self.customer.id, "program_id": self.program.id}
        for model in ("account", "entry", "document", "lot", "hold", "voucher"):
            with self.subTest(model):
                table = self._as_cashier(self.env[f"points.{model}"])
                for attempt in (
                    lambda table=table: table.search([]).read(),
                    lambda table=table: table.create(dict(values)),
                ):
                    with self.assertRaises(UserError):
                        attempt()
        with self.assertRaises(UserError):
            self._as_cashier(self.account).write({"balance": 99999})
        with self.assertRaises(AccessError):
            self._as_cashier(self.reward).write({"points_cost": 0.01})

    def test_strange_quantities_and_keys_are_refused_with_a_sentence(self):
        self._adjust(500)
        account = self._as_cashier(self.account)
        strange = (-1, 0.5, 1e308, float("nan"), float("inf"), "5", None, [1], True)
        for quantity in strange:
            with self.subTest(quantity=quantity):
                key = self._new_order()[1]
                result = account.points_reserve(key, self.reward.id, quantity)
                self.assertTrue(result["refused"])
        for key in ("", "pos:", "so:7", "pos:' OR 1=1", {}, None, 7):
            with self.subTest(key=key), self.assertRaises(UserError):
                account.points_reserve(key, self.reward.id, 1)
        for sale in ("x", [], {"lines": 7}, {"lines": [7, {"product_id": "x"}]}):
            with self.subTest(sale=sale):
                key = self._new_order()[1]
                self.assertIn(
                    "refused", account.points_reserve(key, self.reward.id, 1, sale)
                )
        self.program.spend_same_document = True
        for product in ([1], {"a": 1}, "x", 10**9, True):
            sale = {"amount_total": 5, "lines": [{"product_id": product, "qty": 1}]}
            with self.subTest(product=product):
                self._as_cashier(self.env["pos.order"]).points_preview(sale)
                account.points_reserve(self._new_order()[1], self.reward.id, 1, sale)
        for reward in (-1, 10**9, "x", self._foreign_reward().id):
            with self.subTest(reward=reward):
                result = account.points_reserve(self._new_order()[1], reward, 1)
                self.assertTrue(result["refused"])

    def _foreign_reward(self):
        program = self._make_program()
        return self._make_reward("block", 1, 500, program=program)

    def test_who_does_not_sell_is_refused(self):
        nobody = new_test_user(self.env, "points_nobody", "base.group_user")
        key = self._new_order()[1]
        for attempt in (
            lambda: self.account.with_user(nobody).points_reserve(key, 1, 1),
            lambda: self.account.with_user(nobody).points_release(key),
            lambda: self.customer.with_user(nobody).points_summary(key),
            lambda: self.env["pos.order"].with_user(nobody).points_preview({}),
            lambda: self.env["points.voucher"].with_user(nobody).points_take("x", key),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_a_cheaper_reward_does_not_pay_for_a_dear_one(self):
        cheap = self._make_reward("block", 1, 1)
        self._adjust(1000)

        self._buy(
            [(self.coffee, 5)],
            (self.reward, 1, -5, {"points_reward_id": cheap.id}),
        )

        self.assertPoints(self.account, 850)

    def test_more_money_than_a_reward_is_worth_takes_more_points(self):
        self._adjust(1000)

        self._buy([(self.coffee, 5)], (self.reward, 1, -20))

        self.assertPoints(self.account, 400)

    def test_points_come_from_the_customer_of_the_order_whoever_was_reserved(self):
        other = self._admit(self.other_customer, self.program)
        self._adjust(1000)
        self._adjust(1000, other)
        identity, key = self._new_order()
        self._reserve(self.reward, 1, key, account=other)

        self._buy([(self.coffee, 5)], (self.reward, 1, -5), uuid=identity)

        self.assertPoints(self.account, 850)
        self.assertPoints(other, 1000)

    def test_a_deleted_reward_or_a_strange_voucher_does_not_keep_the_sale_out(self):
        for values in (
            {"points_reward_id": 10**9},
            {"points_reward_id": "x"},
            {"points_voucher_code": {"a": 1}},
            {"points_voucher_code": "no such voucher"},
        ):
            with self.subTest(values):
                order = self._buy([(self.coffee, 5)], (self.reward, 1, -5, values))
                self.assertEqual(order.state, "paid")

    def test_nothing_of_the_ledger_is_believed_or_sent_to_the_register(self):
        data = self._order_data([(self.cake, 1)], self.customer)
        data.update(points_earned=9999, _points_receipt={"accounts": []})
        data.update(points_document_ids=[(5,)])

        result = self._as_cashier(self.env["pos.order"]).sync_from_ui([data])

        self.assertPoints(self.account, 1)
        for values in result["pos.order"]:
            self.assertFalse([name for name in values if name.startswith("points_")])
        self.assertEqual(
            result["pos.order"][0]["_points_receipt"]["accounts"][0]["earned_text"],
            "+1 point",
        )
