from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..redemption.members import Members
from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestPointsBranches(SpendingCommon):
    """A branch earns and redeems in its parent's program when that is shared."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 2})
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.env.company.id}
        )
        cls.env.cr.precommit.run()  # Odoo gives it its parent's chart of accounts
        cls.env.user.company_ids |= cls.branch
        cls.user = new_test_user(
            cls.env,
            "of_the_branch",
            "customer_points.group_points_user,point_of_sale.group_pos_user",
            company_id=cls.branch.id,
            company_ids=[Command.set(cls.branch.ids)],
        )

    def _sell_in_branch(self, price=30, **values):
        return self._invoice((self.cake, 1, price), company_id=self.branch.id, **values)

    def _why(self, record):
        action = record.action_why_no_points()
        return self.env["points.check"].search(action["domain"]).mapped("name")

    def test_a_branch_does_not_earn_in_a_program_that_is_not_shared(self):
        invoice = self._sell_in_branch()

        self.assertPoints(self.account, 0)
        self.assertEqual(invoice.company_id, self.branch)
        self.assertIn("Branch is a branch", self._why(invoice)[1])
        customer = self.customer.with_company(self.branch)
        self.assertIn("shared with branches", " ".join(self._why(customer)))

    def test_a_branch_reads_what_a_shared_program_gives(self):
        self.program.is_shared_with_branches = True
        self.env.flush_all()
        self.env.invalidate_all()
        program = self.program.with_user(self.user)

        self.assertIn("2 points per", program.sentence)
        self.assertFalse(program.rule_ids)

    def test_customers_of_parent_and_branch_join_at_the_branchs_register(self):
        own = self._make_program(
            name="Own", company_id=self.branch.id, join_at_register=True
        )
        self.program.write({"is_shared_with_branches": True, "join_at_register": True})
        both = {"allowed_company_ids": (self.branch | self.env.company).ids}
        self.user.company_ids |= self.env.company
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        for company in (self.branch, self.env.company, elsewhere):
            partner = self.env["res.partner"].create(
                {"name": "Nora", "company_id": company.id}
            )
            members = Members(self.env(user=self.user, context=both), self.branch)
            for program in (own, self.program):
                with self.subTest(company.name, program=program.name):
                    refused = members.join(partner, program.id)
                    self.assertEqual(bool(refused), company == elsewhere, refused)

    def test_a_branch_earns_in_a_shared_program_on_the_parents_account(self):
        self.program.is_shared_with_branches = True

        invoice = self._sell_in_branch()

        self.assertPoints(self.account, 60)
        document = invoice.points_document_ids
        self.assertEqual(document.company_id, self.branch)
        self.assertEqual(document.entry_ids.company_id, self.env.company)
        self.assertIn(self.program.name, self._why(invoice)[1])
        self._credit(invoice)
        self.assertPoints(self.account, 0)

    def test_what_comes_back_after_sharing_ended_is_taken_back(self):
        self.program.is_shared_with_branches = True
        invoice = self._sell_in_branch()
        self.program.is_shared_with_branches = False

        self._credit(invoice)
        self._sell_in_branch(70)

        self.assertPoints(self.account, 0)

    def test_what_comes_back_without_its_sale_takes_points_of_shared_programs(self):
        self._invoice((self.cake, 1, 40))

        self._sell_in_branch(15, move_type="out_refund")
        self.assertPoints(self.account, 80)

        self.program.is_shared_with_branches = True
        self._sell_in_branch(15, move_type="out_refund")
        self.assertPoints(self.account, 50)

        self.program.active = False
        self._sell_in_branch(10, move_type="out_refund")
        self.assertPoints(self.account, 30)

    def test_a_branch_earns_nothing_where_the_parent_is_switched_off(self):
        self.program.is_shared_with_branches = True
        self._sell_in_branch(20)
        self.assertPoints(self.account, 40)

        self.env.company.points_active = False
        self._sell_in_branch(25)
        self.assertPoints(self.account, 40)

        self.env.company.points_active = True
        self._sell_in_branch(5)
        self.assertPoints(self.account, 50)

    def test_a_branch_opens_no_second_account_where_the_parent_wants_one(self):
        self.program.is_shared_with_branches = True
        other = self._make_program(membership="everyone", is_shared_with_branches=True)
        self.env.company.points_single_program = True

        self._sell_in_branch()
        self.assertFalse(other.account_ids)

        self.env.company.points_single_program = False
        self._sell_in_branch()
        self.assertTrue(other.account_ids)

    def test_one_account_in_a_branch_asks_for_none_of_the_parent(self):
        self.program.is_shared_with_branches = True
        self.branch.points_single_program = True
        own = self._make_program(company_id=self.branch.id, membership="everyone")

        self._sell_in_branch()

        self.assertEqual(own.account_ids.company_id, self.branch)

    def test_a_branch_with_programs_of_its_own_earns_in_both(self):
        self.program.write({"is_shared_with_branches": True, "membership": "everyone"})
        self.account.unlink()
        own = self._make_program(company_id=self.branch.id, membership="everyone")

        self._sell_in_branch()

        self.assertPoints(own.account_ids, 30)
        self.assertEqual(own.account_ids.company_id, self.branch)
        self.assertPoints(self.program.account_ids, 60)
        self.assertEqual(self.program.account_ids.company_id, self.env.company)

    def test_other_companies_and_the_parent_earn_as_before(self):
        own = self._make_program(
            company_id=self.branch.id, membership="everyone", is_shared_with_branches=1
        )

        self._invoice((self.cake, 1, 30))

        self.assertFalse(own.account_ids)
        self.assertPoints(self.account, 60)

    def test_points_are_redeemed_in_a_branch_when_they_are_shared(self):
        reward = self._make_reward("block", 40, 4)
        self._adjust(90)
        key = self._new_order()[1]
        account = self.account.with_user(self.user)

        refused = account.points_reserve(key, reward.id, 1, 100)["refused"]
        self.assertTrue(refused)

        self.program.is_shared_with_branches = True
        customer = self.customer.with_user(self.user)
        known = customer.points_summary(key, 100)["accounts"]
        self.assertEqual([found["id"] for found in known], self.account.ids)
        self.assertFalse(account.points_reserve(key, reward.id, 1, 100)["refused"])
        config = self.env["pos.config"].new({"company_id": self.branch.id})
        rewards = self.env["points.reward"]
        domain = rewards._load_pos_data_domain({}, config)
        self.assertIn(reward, rewards.search(domain))

    def test_a_reward_that_a_branch_does_not_offer_is_looked_at(self):
        reward = self._make_reward("block", 10, 4)
        self._adjust(90)
        register = self._open_register_of_the_branch()

        for is_shared in (True, False):
            self.program.is_shared_with_branches = is_shared
            order = self._buy_in(register, reward)
            reviews = self.env["points.review"].search(
                [("root", "=", order._points_root()), ("state", "=", "unpaid")]
            )
            with self.subTest(is_shared=is_shared):
                self.assertEqual(order.company_id, self.branch)
                self.assertEqual(bool(reviews), not is_shared)

        self.assertIn("was not available", reviews.reason)
        self.assertPoints(self.account, 90 + 192 - 2 * 10)

    def _open_register_of_the_branch(self):
        of_branch = {"company_id": self.branch.id}
        cash, sales = self.env["account.journal"].create(
            [
                {"name": "Cash", "code": "BCASH", "type": "cash", **of_branch},
                {"name": "Sales", "code": "BSALE", "type": "sale", **of_branch},
            ]
        )
        values = {"name": "Cash", "journal_id": cash.id, **of_branch}
        method = self.env["pos.payment.method"].create(values)
        register = self.env["pos.config"].create(
            {
                "name": "Shop of the branch",
                "journal_id": sales.id,
                "invoice_journal_id": sales.id,
                "payment_method_ids": [Command.set(method.ids)],
                **of_branch,
            }
        )
        register.with_company(self.branch).open_ui()
        register.current_session_id.state = "opened"
        return register

    def test_a_voucher_pays_for_an_order_of_a_branch_after_sharing_ended(self):
        own = self._make_program(company_id=self.branch.id, membership="everyone")
        self.program.is_shared_with_branches = True
        reward = self._make_reward("voucher", 25, 4)
        self._adjust(25)
        self._buy([(self.coffee, 1)], (reward, 1, 0))
        voucher = self.account.voucher_ids
        order = self._buy_in(
            self._open_register_of_the_branch(),
            reward,
            points_voucher_code=voucher.code,
            points_reward_id=False,
        )
        self.assertPoints(own.account_ids, 96)
        self.assertEqual(voucher.used_by, order._points_root())
        self.program.is_shared_with_branches = False

        order._points_settle()

        self.assertPoints(own.account_ids, 96)
        self.assertFalse(self.env["points.review"].search([]))

    def _buy_in(self, register, reward, **values):
        """Pay for a cake with one reward that no register had set aside."""
        data = self._order_data([(self.cake, 1)], self.customer)
        data["lines"].append(self._reward_line(reward, 1, -4, **values))
        data["amount_total"] -= 4
        data["amount_paid"] = data["amount_total"]
        data["session_id"] = register.current_session_id.id
        data["payment_ids"][0][2].update(
            amount=data["amount_total"],
            payment_method_id=register.payment_method_ids.id,
        )
        companies = (self.branch | self.env.company).ids
        Order = self.env["pos.order"].with_context(allowed_company_ids=companies)
        Order.sync_from_ui([data])
        return Order.search([("uuid", "=", data["uuid"])])

    def test_users_of_a_branch_see_shared_programs_and_change_none(self):
        program = self.program.with_user(self.user)
        self.assertFalse(program.search([("id", "in", program.ids)]))

        self.program.is_shared_with_branches = True

        self.assertTrue(program.search([("id", "in", program.ids)]))
        self.assertTrue(self.account.with_user(self.user).has_access("read"))
        self.assertFalse(self.account.with_user(self.user).has_access("write"))

    def test_users_of_a_branch_read_the_numbers_that_everybody_reads(self):
        self.program.write({"expiry": "yearly", "expiry_day": 20, "expiry_month": 6})
        self.program.is_shared_with_branches = True
        with freeze_time("2031-02-11 20:00:00"):
            self._adjust(35)
        account = self.account.with_user(self.user)
        with freeze_time("2031-06-23 12:00:00"):
            self.assertEqual(account.available, 0)
            invoice = self._sell_in_branch(8, day=date(2031, 6, 23))
            document = invoice.points_document_ids.with_user(self.user)
            self.assertEqual(document.points_text, "16")
            self.env.invalidate_all()
            names = ["available", "expired", "average_points", "accrued"]
            found = account.read(names)
            self.env.invalidate_all()
            self.assertEqual(found, self.account.read(names))

        sales = self.account.entry_ids.document_id.with_user(self.user)
        self.assertEqual(len(sales.search([("id", "in", sales.ids)])), 3)
        self.program.is_shared_with_branches = False
        self.assertEqual(sales.search([("id", "in", sales.ids)]), document)
        lots = self.env["points.lot"].with_user(self.user)
        self.assertFalse(lots.search([("account_id", "=", self.account.id)]))

    # === A BRANCH THAT IS A DAY AHEAD === #

    def _be_a_day_ahead(self):
        """Share a program whose points end on 20 June; the branch has the 21st."""
        self.env.company.partner_id.tz = "America/Los_Angeles"
        self.branch.partner_id.tz = "Pacific/Auckland"
        self.program.is_shared_with_branches = True
        self.program.write({"expiry": "yearly", "expiry_day": 20, "expiry_month": 6})
        with freeze_time("2031-02-11 20:00:00"):
            self._adjust(35)
        return freeze_time("2031-06-20 19:00:00")

    def test_points_last_until_the_day_ends_in_the_company_of_their_program(self):
        with self._be_a_day_ahead():
            self._sell_in_branch(8, day=date(2031, 6, 21))
            self.account.invalidate_recordset()

            self.assertEqual(self.account.available, 35 + 16)

    def test_what_comes_back_in_a_branch_takes_no_points_of_that_day(self):
        with self._be_a_day_ahead():
            invoice = self._sell_in_branch(8, day=date(2031, 6, 21))
            self._credit(invoice)
            self.account.invalidate_recordset()

            self.assertEqual(self.account.available, 35)
            self.assertNotIn("expire", self.account.entry_ids.mapped("kind"))
