from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestPointsTransfer(SpendingCommon):
    """Points go from one customer to another, with the days that they have."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        cls.other = cls._admit(cls.other_customer, cls.program)
        cls.user, cls.manager = (
            new_test_user(
                cls.env,
                login,
                f"customer_points.group_points_{login}",
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for login in ("user", "manager")
        )

    def _transfer(self, points=None, partner=None, account=None, user=None, **values):
        """Transfer points as a manager does; without a number all of them."""
        Wizard = self.env["points.account.transfer"].with_user(user or self.manager)
        wizard = Wizard.create(
            {
                "account_id": (account or self.account).id,
                "partner_id": (partner or self.other_customer).id,
                "points": points or 0,
                "is_all": points is None,
                "reason": "A present",
                **values,
            }
        )
        wizard.action_transfer()
        return self.env["points.document"].search([("kind", "=", "transfer")], limit=1)

    def _lots(self, account):
        """Return (points left, available from, last day) of the lots of an account."""
        lots = self.env["points.lot"].search(
            [("account_id", "=", account.id), ("remaining", ">", 0)]
        )
        lots.invalidate_recordset()
        return [
            (lot.remaining, str(lot.available_on or ""), str(lot.expires_on or ""))
            for lot in lots
        ]

    # === WHAT MOVES === #

    def test_some_points_move_in_one_document(self):
        self._sell((self.cake, 1))

        document = self._transfer(60)

        self.assertPoints(self.account, 40)
        self.assertPoints(self.other, 60)
        self.assertEqual(
            document.entry_ids.sorted("id").mapped(
                lambda entry: (entry.account_id.id, entry.kind, entry.points)
            ),
            [
                (self.other.id, "transfer", 60),
                (self.account.id, "transfer", -60),
            ],
        )
        self.assertEqual(document.reason, "A present")
        self.assertEqual(document.partner_id, self.customer)
        self.assertEqual(document.create_uid, self.manager)
        giver, receiver = self.customer.display_name, self.other_customer.display_name
        said = f"60 points transferred from {giver} to {receiver}"
        self.assertIn(said, document.with_user(self.user).explanation)

    def test_all_available_points_move(self):
        self._sell((self.cake, 1))

        self._transfer()

        self.assertPoints(self.account, 0)
        self.assertPoints(self.other, 100)

    def test_the_oldest_go_first_and_keep_their_last_days(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        for day in ("2026-03-20", "2026-03-10", "2026-03-15"):
            with freeze_time(day):
                self._invoice((self.cake, 1, 100), day=day)
        with freeze_time("2026-03-25"):
            document = self._transfer(150)

            self.assertEqual(
                self._lots(self.other),
                [(100, "", "2026-04-10"), (50, "", "2026-04-15")],
            )
            self.assertEqual(
                self._lots(self.account),
                [(50, "", "2026-04-15"), (100, "", "2026-04-20")],
            )
            self.assertPoints(self.account, 150)
            self.assertPoints(self.other, 150)
            self.assertEqual(len(document.entry_ids), 3)
        with freeze_time("2026-04-11"):
            self.env["points.document"]._expire_account(self.other)
            self.assertPoints(self.other, 50)

    def test_points_that_wait_or_are_past_stay(self):
        terms = {"expiry": "rolling", "expiry_months": 1, "pending_days": 10}
        self.program.write(terms)
        for day in ("2026-02-01", "2026-03-01", "2026-03-20"):
            with freeze_time(day):
                self._invoice((self.cake, 1, 100), day=day)
        with freeze_time("2026-03-25"):
            self.account.invalidate_recordset()
            with self.assertRaisesRegex(UserError, "has 100 points available"):
                self._transfer(100.01)

            self._transfer()

            self.assertEqual(
                self._lots(self.other), [(100, "2026-03-11", "2026-04-01")]
            )
            self.assertEqual(
                self._lots(self.account), [(100, "2026-03-30", "2026-04-20")]
            )
            self.assertPoints(self.account, 100)
            self.assertPoints(self.other, 100)

    def test_points_that_open_orders_hold_stay(self):
        self._adjust(100)
        reward = self._make_reward(points=30, value=3)
        _identity, key = self._new_order()
        self.account.points_reserve(key, reward.id, 2)

        with self.assertRaisesRegex(UserError, "has 40 points available"):
            self._transfer(41)
        self._transfer()

        self.assertPoints(self.account, 60)
        self.assertPoints(self.other, 40)
        self.account.invalidate_recordset()
        self.assertEqual((self.account.held, self.account.available), (60, 0))

    def test_points_pay_what_the_receiver_owes(self):
        self._adjust(100)
        order = self._sell((self.cake, 1), customer=self.other_customer)
        self._post(self.other, -100)
        self._refund(order)
        self.assertPoints(self.other, -100)

        self._transfer()

        self.assertPoints(self.other, 0)
        self.assertPoints(self.account, 0)

    def _post(self, account, points):
        """Take points off an account, whatever it has."""
        self.env["points.document"]._post(
            {
                "kind": "adjust",
                "date": date(2026, 3, 15),
                "partner_id": account.partner_id.id,
                "company_id": account.company_id.id,
            },
            [
                {
                    "account_id": account.id,
                    "program_id": account.program_id.id,
                    "kind": "adjust",
                    "points": Decimal(points),
                }
            ],
        )

    def test_a_return_takes_back_from_who_bought(self):
        order = self._sell((self.cake, 1))
        self._transfer()

        self._refund(order)

        self.assertPoints(self.account, -100)
        self.assertPoints(self.other, 100)

    def test_what_came_and_went_can_be_merged_and_returned(self):
        order = self._sell((self.cake, 1))
        self._transfer(60)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | self.other_customer).ids, self.other_customer)
        self.env.invalidate_all()
        self.assertPoints(self.other, 100)
        self.assertPoints(self.account, 0)

        self._refund(order)

        self.assertPoints(self.other, 0)

    def test_targets_count_what_was_earned_and_not_what_was_given(self):
        self.program.minimum_target = 1000
        self._sell((self.cake, 1))

        self._transfer()

        self.env.invalidate_all()
        self.assertEqual((self.account.accrued, self.other.accrued), (100, 0))

    def test_there_and_back_again(self):
        self._adjust(50)

        self._transfer(20.5)
        self._transfer(10.25, self.customer, self.other)

        self.assertPoints(self.account, 39.75)
        self.assertPoints(self.other, 10.25)

    # === TO WHOM === #

    def test_an_account_is_opened_where_the_program_admits_the_customer(self):
        self._adjust(50)
        friend = self.env["res.partner"].create({"name": "Friend"})
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        with self.assertRaisesRegex(UserError, "not in this program: add it"):
            self._transfer(10, friend)
        self.program.write({"membership": "groups", "group_ids": tag.ids})
        with self.assertRaisesRegex(UserError, "customer tags"):
            self._transfer(10, friend)
        self.assertFalse(friend.points_account_ids)

        friend.category_id = tag
        self._transfer(10, friend)

        self.assertPoints(friend.points_account_ids, 10)
        self.program.membership = "everyone"
        someone = self.env["res.partner"].create({"name": "Someone"})
        self._transfer(10, someone)
        self.assertPoints(someone.points_account_ids, 10)
        self.assertPoints(self.account, 30)

    def test_a_contact_receives_for_its_company(self):
        self._adjust(50)
        bakery = self.env["res.partner"].create({"name": "Bakery", "is_company": True})
        ida = self.env["res.partner"].create({"name": "Ida", "parent_id": bakery.id})
        account = self._admit(bakery, self.program)

        self._transfer(10, ida)

        self.assertPoints(account, 10)
        with self.assertRaisesRegex(UserError, "has these points already"):
            self._transfer(5, ida, account)

    def test_blocked_and_merged_accounts_neither_give_nor_receive(self):
        self._adjust(50)
        self.other._block("Test")
        with self.assertRaisesRegex(UserError, "is blocked. Unblock it first"):
            self._transfer(10)
        self.other._unblock("Test")
        self.account._block("Test")
        with self.assertRaisesRegex(UserError, "is blocked. Unblock it first"):
            self._transfer(10)
        self.account._unblock("Test")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | self.other_customer).ids, self.other_customer)
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "were moved"):
            self._transfer(10)
        self.assertPoints(self.other, 50)

    def test_one_program_only_is_kept(self):
        self._adjust(50)
        self.program.membership = "everyone"
        friend = self.env["res.partner"].create({"name": "Friend"})
        self._admit(friend, self._make_program())
        self.account.program_id.company_id.points_single_program = True

        with self.assertRaisesRegex(UserError, "can join only one"):
            self._transfer(10, friend)

    # === WHO === #

    def test_only_managers_transfer(self):
        self._adjust(50)
        cashier = new_test_user(
            self.env, "cashier", "base.group_user,point_of_sale.group_pos_user"
        )
        for user in (self.user, cashier):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._transfer(10, user=user)
        self.assertPoints(self.account, 50)

    # === HOSTILE === #

    def test_numbers_that_are_none_are_refused_with_a_sentence(self):
        self._adjust(50)
        for points in (
            *(float("nan"), float("inf"), float("-inf"), 1e300, -1e300),
            *(-5, 0.0, 1e-9, 51, 5e11),
        ):
            with self.subTest(points):
                self.assertRefused(self._transfer, points, is_all=False)
        self.assertPoints(self.account, 50)
        self.assertPoints(self.other, 0)
        self._transfer()
        with self.assertRaisesRegex(UserError, "has 0 points available"):
            self._transfer()

    def test_a_reason_is_required(self):
        self._adjust(50)
        for reason in ("", "  ", False):
            with self.subTest(reason):
                self.assertRefused(self._transfer, 10, reason=reason)
        self.assertPoints(self.account, 50)

    def test_other_companies_are_refused(self):
        self._adjust(50)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= elsewhere
        program = self._make_program(company_id=elsewhere.id)
        foreign = self._admit(self.customer, program)
        self._adjust(70, foreign)
        abroad = self.env["res.partner"].create(
            {"name": "Abroad", "company_id": elsewhere.id}
        )
        with self.assertRaises(AccessError):
            self._transfer(10, account=foreign)
        with self.assertRaises(UserError):
            self._transfer(10, abroad)
        self.assertRefused(self._transfer, 10, self.env["res.partner"].browse(10**9))
        self.assertPoints(self.account, 50)
        self.assertPoints(foreign, 70)
        Wizard = self.env["points.account.transfer"].with_user(self.manager)
        values = {"account_id": foreign.id, "partner_id": abroad.id, "reason": "x"}
        for name in ("available", "source_partner_id", "company_id"):
            with self.subTest(name), self.assertRaises(AccessError):
                Wizard.create(values).read([name])

    def test_it_costs_the_same_whatever_the_lots(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._transfer()
            return self.env.cr.sql_log_count - before

        self.program.write({"expiry": "rolling", "expiry_months": 1})
        self._adjust(10)
        queries()
        self._adjust(10)
        few = queries()
        for day in range(1, 6):
            self._post(self.account, 10 + day)

        self.assertEqual(queries(), few)
