"""Who is in a program, as registers list it, and who may join one there."""

from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestRegisterMembers(SpendingCommon):
    """A cashier's list of customers, and the key that lets one of them join."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.join_at_register = True
        cls.cashier = new_test_user(
            cls.env,
            "points_cashier",
            groups="base.group_user,point_of_sale.group_pos_user",
        )
        cls.newcomer = cls.env["res.partner"].create({"name": "Nora New"})

    def _list(self, partners, user=None):
        self.env.invalidate_all()
        partners = partners.with_user(user or self.cashier)
        return partners.points_balances(self._session().id)["balances"]

    def _session(self):
        if not self.config.current_session_id:
            self.open_new_session()
        return self.config.current_session_id

    def _told(self, partner):
        sale = {"session_id": self._session().id, "amount_total": 0}
        return {**sale, "partner_id": partner.id}

    def _join(self, partner=None, program=None, user=None):
        partner = (partner or self.newcomer).with_user(user or self.cashier)
        program = program or self.program
        key = self._new_order()[1]
        return partner.points_join(program.id, key, self._told(partner))

    def _joinable(self, partner=None):
        partner = (partner or self.newcomer).with_user(self.cashier)
        key = self._new_order()[1]
        summary = partner.points_summary(key, self._told(partner))
        return [program["name"] for program in summary.get("joinable", [])]

    def _accounts(self, partner=None):
        partner = partner or self.newcomer
        return self.env["points.account"].search([("partner_id", "=", partner.id)])

    def assertRefused(self, sentence, *args, **kwargs):
        self.assertIn(sentence, self._join(*args, **kwargs)["refused"])

    # === THE LIST === #

    def test_a_cashier_sees_balances_of_members_and_nothing_of_others(self):
        self._adjust(24)

        found = self._list(self.customer | self.newcomer)

        self.assertEqual(found, {str(self.customer.id): ["Shop Card: 24 points"]})

    def test_a_contact_shows_what_its_company_holds(self):
        company = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        contact = self.env["res.partner"].create(
            {"name": "Carl", "parent_id": company.id}
        )
        self._admit(company, self.program)

        found = self._list(contact | company)

        text = ["Shop Card: 0 points"]
        self.assertEqual(found, {str(contact.id): text, str(company.id): text})
        self.program.owner = "contact"
        self.assertEqual(self._list(contact | company), {str(company.id): text})

    def test_blocked_and_other_companies_accounts_are_not_listed(self):
        self.account._block("Test")
        other = self.env["res.company"].create({"name": "Elsewhere"})
        program = self._make_program(company_id=other.id)
        self._admit(self.newcomer, program)

        self.assertFalse(self._list(self.customer | self.newcomer))

    def test_customers_that_a_cashier_may_not_see_are_left_out(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        hidden = self.env["res.partner"].create({"name": "H", "company_id": other.id})
        gone = self.env["res.partner"].create({"name": "Gone"})
        gone_id = gone.id
        gone.unlink()

        listed = self.customer | hidden | hidden.browse(gone_id)

        self.assertEqual(list(self._list(listed)), [str(self.customer.id)])

    def test_who_does_not_sell_may_not_ask(self):
        nobody = new_test_user(self.env, "points_nobody", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._list(self.customer, nobody)
        with self.assertRaises(AccessError):
            self._join(user=nobody)

    def test_queries_of_a_list_are_the_same_for_2_and_200_customers(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(200)]
        )
        for partner in partners:
            self._admit(partner, self.program)

        def count(listed):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = self._list(listed)
            return len(found), self.env.cr.sql_log_count - before

        for listed in (partners[:2], partners, partners[:2]):
            count(listed)
        few, many = count(partners[:2]), count(partners)

        self.assertEqual((few[0], many[0]), (2, 200))
        self.assertEqual(few[1], many[1])
        self.assertLess(many[1], 15)

    # === JOINING === #

    def test_one_call_makes_a_member_and_tells_the_new_summary(self):
        self.assertEqual(self._joinable(), ["Shop Card"])

        answer = self._join()

        self.assertFalse(answer["refused"])
        told = answer["summary"]["accounts"]
        self.assertEqual([account["name"] for account in told], ["Shop Card"])
        self.assertNotIn("joinable", answer["summary"])
        account = self._accounts()
        self.assertEqual((account.balance, account.state), (0, "active"))
        self.assertEqual(account.create_uid, self.cashier)
        self.assertIn("Joined at the register", account.message_ids[0].body)
        self.assertFalse(self._joinable())

    def test_twice_is_once(self):
        self._join()
        self.assertFalse(self._join()["refused"])
        self.assertEqual(len(self._accounts()), 1)
        self.assertEqual(len(self._accounts().message_ids), 1)

    def test_a_contact_joins_with_its_company(self):
        company = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        contact = self.env["res.partner"].create(
            {"name": "Carl", "parent_id": company.id}
        )
        self.assertFalse(self._join(contact)["refused"])
        self.assertTrue(self._accounts(company))
        self.assertFalse(self._accounts(contact))

    def test_programs_that_do_not_let_customers_join_refuse(self):
        sentence = "cannot join this program"
        self.program.join_at_register = False
        self.assertFalse(self._joinable())
        self.assertRefused(sentence)
        # Accounts of everyone are opened by their first points.
        self.program.write({"join_at_register": True, "membership": "everyone"})
        self.assertRefused(sentence)
        self.assertFalse(self._accounts())

    def test_a_closed_program_refuses(self):
        sentence = "cannot join this program"
        self.program.date_to = date.today() - timedelta(days=1)
        self.assertFalse(self._joinable())
        self.assertRefused(sentence)
        self.program.write({"date_to": False, "active": False})
        self.assertRefused(sentence)
        self.program.active = True
        self.env.company.points_active = False
        self.assertRefused(sentence)
        self.assertFalse(self._accounts())

    def test_a_program_of_another_company_refuses(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        program = self._make_program(company_id=other.id, join_at_register=True)
        self.assertEqual(self._joinable(), ["Shop Card"])
        self.assertRefused("cannot join this program", program=program)
        self.assertFalse(self._accounts())

    def test_a_customer_of_another_company_does_not_join(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.cashier.company_ids |= other
        self.newcomer.company_id = other
        both = {"allowed_company_ids": (self.env.company | other).ids}
        partner = self.newcomer.with_user(self.cashier).with_context(**both)
        key = self._new_order()[1]

        answer = partner.points_join(self.program.id, key, self._told(partner))

        self.assertIn("another company", answer["refused"])
        self.assertFalse(self._accounts())

    def test_a_customer_whom_the_cashier_may_not_see_does_not_join(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.newcomer.company_id = other
        with self.assertRaises(AccessError):
            self._join()

    def test_who_is_blocked_stays_blocked(self):
        self.account._block("Test")
        self.assertFalse(self._joinable(self.customer))
        self.assertRefused("blocked in Shop Card", self.customer)
        self.assertEqual(self.account.state, "blocked")

    def test_l23_where_one_program_is_all_a_second_one_refuses(self):
        self.env.company.points_single_program = True
        second = self._make_program(name="Second", join_at_register=True)
        self.assertFalse(self._joinable(self.customer))
        self.assertRefused("in another program", self.customer, second)
        self.assertEqual(self._joinable(), ["Second", "Shop Card"][::-1])

    def test_orders_and_programs_that_cannot_be_are_refused(self):
        partner = self.newcomer.with_user(self.cashier)
        with self.assertRaises(UserError):
            partner.points_join(self.program.id, "none", {})
        for program in (None, True, "x", [], {}, float("nan"), 10**9, -1):
            with self.subTest(program=program):
                answer = partner.points_join(program, self._new_order()[1], {})
                self.assertTrue(answer["refused"])
        self.assertFalse(self._accounts())

    # === REFUNDS === #

    def _refunded(self, order, values):
        """Return what a register is told of a refund of products of an order."""
        line = order.lines.filtered(lambda line: line.product_id == self.cake)
        told = {
            "uuid": self._new_order()[0],
            "partner_id": self.customer.id,
            "session_id": self._session().id,
            "amount_total": -100,
            "lines": [
                {
                    "product_id": self.cake.id,
                    "qty": -1,
                    "price_unit": 100,
                    "price_subtotal": -100,
                    "price_subtotal_incl": -100,
                    "refunded_orderline_id": line.id,
                },
                *values,
            ],
        }
        (change,) = self.env["pos.order"].points_preview(told)["accounts"]
        return change

    def test_a_refund_says_what_it_books(self):
        order = self._sell((self.cake, 2))
        balance = self.account.balance
        change = self._refunded(order, [])
        self.assertEqual(change["returned_text"], "1 point")
        self.assertFalse(change["restored_text"] or change["missing_text"])
        self._refund(order, {self.cake: 1})
        self.assertPoints(self.account, balance + change["change"])

    def test_a_refund_says_which_redeemed_points_come_back(self):
        self._adjust(150)
        reward = self._make_reward("block", 150, 100)
        order = self._buy([(self.cake, 1)], (reward, 1, -100))
        balance = self.account.balance
        back = order.lines.filtered(lambda line: line.product_id == reward.product_id)
        line = {
            "product_id": reward.product_id.id,
            "qty": -1,
            "price_unit": -100,
            "price_subtotal": 100,
            "price_subtotal_incl": 100,
            "points_reward_id": reward.id,
            "refunded_orderline_id": back.id,
        }
        change = self._refunded(order, [line])
        self.assertEqual(change["restored_text"], "150 points")
        self._give_back(order, {self.cake: 1, reward.product_id: 1})
        self.assertPoints(self.account, balance + change["change"])

    # === EXPIRING === #

    def test_only_what_expires_within_60_days_is_told(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        self._sell((self.cake, 2))
        said = self._offered("pos:00000000")[0]["expiring_text"]
        self.assertIn("2 points expire on", said)

    def test_what_expires_later_is_not_told(self):
        self.program.write({"expiry": "rolling", "expiry_months": 3})
        self._sell((self.cake, 2))
        self.assertFalse(self._offered("pos:00000000")[0]["expiring_text"])

    # === WORDS === #

    def test_each_kind_of_reward_says_what_it_takes_and_gives(self):
        self.program.value_per_point = 0.1
        self._make_reward("block", 50, 5, sequence=1)
        self._make_reward("gift", 30, 0, gift_product_id=self.coffee.id, sequence=2)
        self._make_reward(
            "self_liquidating", 20, 1, gift_product_id=self.coffee.id, sequence=3
        )
        self._make_reward("voucher", 100, 10, sequence=4)
        self._make_reward("per_point", 1, 0, sequence=5)

        keys = self._offered("pos:00000000", 1000)[0]["rewards"]

        name = self.coffee.name
        said = [key["deal_text"].replace("\xa0", "") for key in keys]
        self.assertEqual(
            said,
            [
                "50 points for $5.00 off",
                f"30 points for {name}",
                f"20 points for {name} at $1.00",
                "100 points for a voucher of $10.00",
                "1 point for $0.10 off",
            ],
        )

    def test_a_reward_says_how_many_points_are_missing(self):
        self._make_reward("block", 50, 5)
        self._adjust(24)
        (key,) = self._offered("pos:00000000", 1000)[0]["rewards"]
        self.assertEqual(key["refusal"], "26 points missing.")
        self.assertFalse(key["is_affordable"])
        self._adjust(26)
        self.env.invalidate_all()
        (key,) = self._offered("pos:00000000", 1)[0]["rewards"]
        # The order is too small, not the balance.
        self.assertTrue(key["refusal"])
        self.assertTrue(key["is_affordable"])

    def test_the_reminder_of_any_number_says_how_far_they_go(self):
        self.program.value_per_point = 0.1
        reward = self._make_reward("per_point", 1, 0)
        self._adjust(24)
        account = self._offered("pos:00000000", 1000)[0]
        self.assertEqual(account["reminder_id"], reward.id)
        said = account["reminder_text"].replace("\xa0", "")
        self.assertEqual(said, "Use up to 24 points for $2.40 off")
