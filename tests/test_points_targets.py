from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsTargets(CustomerPointsCommon):
    """How far customers are, what reaching a target gives, and returns undo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program(
            {},
            minimum_target=100,
            qualifying_target=50,
            reward_ids=[cls._any_reward()],
        )
        cls.env["points.rule"].create(
            {
                "program_id": cls.program.id,
                "name": "Coffee qualifies",
                "applies_to": "product",
                "product_id": cls.coffee.id,
                "qualifying": True,
            }
        )
        cls.account = cls._admit(cls.customer, cls.program)

    def _is_reached(self, others, qualifying):
        """Invoice what does not and what does qualify; tell whether it is reached."""
        account = self._admit(
            self.env["res.partner"].create({"name": "New"}), self.program
        )
        self._invoice(
            (self.cake, 1, others),
            (self.coffee, 1, qualifying),
            customer=account.partner_id,
        )
        account.invalidate_recordset()
        return account.target_reached

    # === BOTH TARGETS === #

    def test_c15_both_targets_must_be_met(self):
        self.assertFalse(self._is_reached(60, 40))
        self.assertTrue(self._is_reached(50, 50))

    def test_c16_second_example(self):
        self.program.write({"minimum_target": 50, "qualifying_target": 10})

        self.assertTrue(self._is_reached(45, 10))
        self.assertFalse(self._is_reached(50, 9))

    def test_c15_at_the_register_too(self):
        self._sell((self.cake, 1))
        self.account.invalidate_recordset()
        self.assertFalse(self.account.target_reached)

        self._sell((self.coffee, 5))

        self.account.invalidate_recordset()
        self.assertTrue(self.account.target_reached)

    def test_c22_one_point_less_is_not_enough(self):
        self.program.rule_ids.qualifying = False
        self.program.qualifying_target = 0

        self.assertFalse(self._is_reached(99, 0))
        self.assertTrue(self._is_reached(100, 0))

    def test_c08_a_thousand_points_need_a_thousand(self):
        self.program.rule_ids.qualifying = False
        self.program.write({"minimum_target": 1000, "qualifying_target": 0})

        self.assertFalse(self._is_reached(999, 0))
        self.assertTrue(self._is_reached(1000, 0))

    def test_own_targets_go_before_those_of_template_and_program(self):
        template = self.env["points.template"].create(
            {
                "name": "T",
                "program_id": self.program.id,
                "minimum_target": 200,
            }
        )
        self.assertEqual(self.account._get_targets(), (100, 50))
        self.account.template_id = template
        self.assertEqual(self.account._get_targets(), (200, 50))
        self.account.minimum_target = 300
        self.assertEqual(self.account._get_targets(), (300, 50))

    def test_c26_a_qualifying_target_needs_a_minimum_target(self):
        with self.assertRaisesRegex(ValidationError, "minimum target first"):
            self._make_program(qualifying_target=10)
        with self.assertRaisesRegex(ValidationError, "can be negative"):
            self.account.minimum_target = -1

    # === PROGRESS === #

    def test_c26_a_programs_minimum_stays_while_customers_and_templates_need_it(self):
        self._give_vouchers()
        template = self.env["points.template"].create(
            {"name": "T", "program_id": self.program.id}
        )
        for leaning in (self.account, template):
            leaning.qualifying_target = 10
            with (
                self.subTest(leaning._name),
                self.assertRaisesRegex(ValidationError, "set a minimum target first"),
            ):
                self.program.minimum_target = 0
            self.program.minimum_target = 100
            leaning.qualifying_target = 0
        self.program.minimum_target = 0

    def test_c27_targets_stay_while_own_rules_qualify(self):
        self._give_vouchers()
        self.account.write({"minimum_target": 100, "qualifying_target": 50})
        self.account.rule_ids = [Command.create({"name": "Own", "qualifying": True})]

        with self.assertRaisesRegex(ValidationError, "Qualifying: set the minimum"):
            self.account.qualifying_target = 0

    def test_progress_is_said_in_one_sentence_everywhere(self):
        self._invoice((self.cake, 1, 28), (self.coffee, 1, 12))
        self.account.invalidate_recordset()
        words = "40 of 100, of which 12 of 50 qualifying"

        self.assertEqual(self.account.target_text, words)
        self.assertEqual(self.account.target_percent, 40)
        self.assertEqual(self.account.qualifying_percent, 24)
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        self.assertIn(words, order.points_progress_text)

    def test_a_salesman_sees_progress_without_rights_on_points(self):
        self._invoice((self.cake, 1, 28))
        salesman = new_test_user(
            self.env,
            "salesman",
            "sales_team.group_sale_salesman",
            company_id=self.env.company.id,
            company_ids=[(6, 0, self.env.company.ids)],
        )
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        order.user_id = salesman

        text = order.with_user(salesman).points_progress_text

        self.assertIn("28 of 100", text)
        with self.assertRaises(AccessError):
            self.account.with_user(salesman).read(["balance"])

    def test_value_programs_say_progress_in_money(self):
        program = self._make_program(mode="value", minimum_target=10)
        account = self._admit(self.customer, program)

        self._sell((self.coffee, 1))

        account.invalidate_recordset()
        self.assertRegex(account.target_text, r"10\.00.* of .*10\.00")
        self.assertTrue(account.target_reached)

    def test_spending_and_adjusting_do_not_move_the_progress(self):
        self._invoice((self.cake, 1, 80))

        self._adjust(-50)

        self.account.invalidate_recordset()
        self.assertEqual((self.account.balance, self.account.accrued), (30, 80))

    # === PERIODS === #

    def test_c48_by_year_only_this_years_points_count(self):
        self.program.target_period = "year"
        with freeze_time("2026-12-20"):
            self._invoice((self.cake, 1, 100), day=date(2026, 12, 20))
            self._invoice((self.coffee, 5, 10), day=date(2026, 12, 20))
            self.account.invalidate_recordset()
            self.assertTrue(self.account.target_reached)

        with freeze_time("2027-01-02"):
            self.account.invalidate_recordset()

            self.assertFalse(self.account.target_reached)
            self.assertEqual(self.account.accrued, 0)
            self.assertEqual(self.account.balance, 150)

    def test_c48_always_all_points_count(self):
        with freeze_time("2026-12-20"):
            self._invoice((self.cake, 1, 100), day=date(2026, 12, 20))

        with freeze_time("2027-01-02"):
            self.account.invalidate_recordset()
            self.assertEqual(self.account.accrued, 100)

    # === VOUCHERS === #

    def _give_vouchers(self, **values):
        self.program.rule_ids.qualifying = False
        self.program.write({"qualifying_target": 0, "target_value": 25, **values})

    def _vouchers(self):
        return self.account.voucher_ids.sorted("id").mapped("state")

    def test_c48_once_gives_one_voucher_with_a_code(self):
        self._give_vouchers()

        self._invoice((self.cake, 1, 99))
        self.assertFalse(self.account.voucher_ids)
        invoice = self._invoice((self.cake, 1, 250))

        voucher = self.account.voucher_ids
        self.assertEqual((voucher.value, voucher.state), (25, "open"))
        self.assertRegex(voucher.code, r"^[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}$")
        self.assertEqual(voucher.document_id, invoice.points_document_ids)

    def test_c48_each_time_gives_two_for_250_and_the_surplus_counts_on(self):
        self._give_vouchers(target_repeat="each")

        self._invoice((self.cake, 1, 250))
        self.assertEqual(self._vouchers(), ["open", "open"])
        self.account.invalidate_recordset()
        self.assertEqual(self.account.target_text, "50 of 100")

        self._invoice((self.cake, 1, 50))

        self.assertEqual(len(self._vouchers()), 3)

    def test_c48_by_year_gives_one_each_year(self):
        self._give_vouchers(target_period="year")
        for year in (2026, 2027):
            day = date(year, 3, 1)
            with freeze_time(day):
                self._invoice((self.cake, 1, 250), day=day)

        self.assertEqual(len(self._vouchers()), 2)

    def test_r06_the_year_of_the_invoice_decides_whenever_it_is_posted(self):
        self._give_vouchers(target_period="year")
        for posted, invoiced in (
            (date(2027, 1, 5), date(2026, 12, 30)),
            (date(2027, 12, 31), date(2028, 1, 2)),
        ):
            with self.subTest(invoiced=invoiced), freeze_time(posted):
                self._invoice((self.cake, 1, 250), day=invoiced)
                voucher = self.account.voucher_ids.sorted("id")[-1:]
                self.assertEqual(voucher.date, invoiced)
        self.assertEqual(len(self.account.voucher_ids), 2)

    def test_products_of_last_year_count_against_the_year_they_come_back_in(self):
        """The voucher of last year stays: its period is over (a known limit)."""
        self._give_vouchers(target_period="year")
        with freeze_time("2026-12-20"):
            invoice = self._invoice((self.cake, 1, 100), day=date(2026, 12, 20))
        with freeze_time("2027-01-05"):
            credit = invoice._reverse_moves([{"invoice_date": date(2027, 1, 5)}])
            credit.action_post()

            self.account.invalidate_recordset()
            self.assertEqual(self.account.accrued, -100)
        self.assertEqual(self._vouchers(), ["open"])

    def test_a_program_that_begins_to_give_vouchers_gives_with_the_next_invoice(self):
        self._give_vouchers(target_value=0)
        self._invoice((self.cake, 1, 300))

        self.program.target_value = 25
        self.assertFalse(self._vouchers())
        self._invoice((self.coffee, 1, 1))

        self.assertEqual(self._vouchers(), ["open"])

    def test_invoices_posted_together_give_one_voucher(self):
        self._give_vouchers()
        moves = self.env["account.move"]
        for _place in range(3):
            moves |= self._invoice((self.cake, 1, 60), post=False)

        moves._post()

        self.assertEqual(self._vouchers(), ["open"])

    def test_r05_another_customer_on_a_paid_order_gets_the_voucher(self):
        self._give_vouchers()
        other = self._admit(self.other_customer, self.program)
        order = self._sell((self.cake, 1))

        order.partner_id = self.other_customer

        self.account.invalidate_recordset()
        self.assertEqual(self._vouchers(), ["withdrawn"])
        self.assertEqual(other.voucher_ids.mapped("state"), ["open"])

    def test_a_voucher_that_cannot_be_given_never_stops_a_sale(self):
        self._give_vouchers()
        Voucher = type(self.env["points.voucher"])
        origin = "odoo.addons.customer_points.models.points_origin"
        with (
            patch.object(Voucher, "_follow_targets", side_effect=ValueError("no")),
            mute_logger(origin),
        ):
            order = self._sell((self.cake, 1))
        self.assertEqual(order.state, "paid")
        self.assertPoints(self.account, 0)

        order._points_settle(is_new=True)

        self.assertPoints(self.account, 100)
        self.assertEqual(self._vouchers(), ["open"])

    def _buy_and_let_expire(self, run_job):
        """Buy for 100 in March with points for a month; return the invoice in June."""
        self._give_vouchers()
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        with freeze_time("2026-03-01"):
            invoice = self._invoice((self.cake, 1, 100), day=date(2026, 3, 1))
        self.assertEqual(self._vouchers(), ["open"])
        with freeze_time("2026-06-01"):
            if run_job:
                self.env["points.document"]._expire_account(self.account)
            self._credit(invoice)
        return invoice

    def test_c50_r05_products_come_back_after_their_points_have_expired(self):
        self._buy_and_let_expire(run_job=True)

        self.account.invalidate_recordset()
        self.assertEqual(self._vouchers(), ["withdrawn"])
        self.assertEqual((self.account.accrued, self.account.expired), (0, 0))
        self.assertPoints(self.account, 0)

    def test_products_come_back_before_the_nightly_job_has_expired_their_points(self):
        invoice = self._buy_and_let_expire(run_job=False)

        self.account.invalidate_recordset()
        self.assertEqual(self._vouchers(), ["withdrawn"])
        self.assertEqual(self.account.accrued, 0)
        self.assertPoints(self.account, 0)
        root = invoice._points_root()
        self.assertFalse(self.env["points.review"].search([("root", "=", root)]))

    def test_r05_returns_undo_vouchers_of_a_program_that_gives_none_any_more(self):
        self._give_vouchers()
        invoice = self._invoice((self.cake, 1, 100))

        self.program.target_value = 0
        self._credit(invoice)

        self.assertEqual(self._vouchers(), ["withdrawn"])

    def test_a_credit_note_gives_no_voucher(self):
        self._give_vouchers(target_value=0)
        invoice = self._invoice((self.cake, 3, 100))

        self.program.target_value = 25
        self._credit(invoice, {self.cake: 1})

        self.assertFalse(self._vouchers())

    def test_settling_again_gives_no_second_voucher(self):
        self._give_vouchers()
        invoice = self._invoice((self.cake, 1, 100))

        invoice._points_settle()
        invoice.button_draft()
        invoice.action_post()

        self.assertEqual(self._vouchers().count("open"), 1)

    def test_r05_if_unused_a_return_withdraws_the_voucher(self):
        self._give_vouchers()
        invoice = self._invoice((self.cake, 2, 50))

        self._credit(invoice, {self.cake: 1})
        self.assertEqual(self._vouchers(), ["withdrawn"])
        self._invoice((self.cake, 1, 50))

        self.assertEqual(self._vouchers(), ["withdrawn", "open"])

    def test_an_invoice_that_is_corrected_keeps_the_code_of_its_voucher(self):
        self._give_vouchers()
        invoice = self._invoice((self.cake, 1, 100))
        code = self.account.voucher_ids.code

        invoice.button_draft()
        self.assertEqual(self._vouchers(), ["withdrawn"])
        invoice.action_post()

        self.assertEqual(self._vouchers(), ["open"])
        self.assertEqual(self.account.voucher_ids.code, code)

    def test_another_worth_is_another_voucher(self):
        self._give_vouchers()
        invoice = self._invoice((self.cake, 1, 100))
        invoice.button_draft()
        self.program.target_value = 30

        invoice.action_post()

        self.assertEqual(self._vouchers(), ["withdrawn", "open"])

    def test_r05_if_unused_a_used_voucher_stays_used(self):
        self._give_vouchers()
        invoice = self._invoice((self.cake, 2, 50))
        self.account.voucher_ids.action_use()

        self._credit(invoice, {self.cake: 1})

        self.assertEqual(self._vouchers(), ["used"])
        self.assertPoints(self.account, 50)

    def test_r05_keep_leaves_the_voucher(self):
        self._give_vouchers(target_revoke="keep")
        invoice = self._invoice((self.cake, 2, 50))

        self._credit(invoice, {self.cake: 1})

        self.assertEqual(self._vouchers(), ["open"])

    def test_r05_debt_takes_a_used_voucher_back_in_points(self):
        self._give_vouchers(target_revoke="debt", value_per_point=0.5)
        invoice = self._invoice((self.cake, 2, 50))
        self.account.voucher_ids.action_use()

        self._credit(invoice, {self.cake: 1})

        self.assertEqual(self._vouchers(), ["owed"])
        self.assertPoints(self.account, 0)
        entry = self.account.entry_ids.filtered(lambda entry: entry.kind == "adjust")
        self.assertEqual((entry.points, entry.value), (-50, -25))
        self.assertIn(self.account.voucher_ids.code, entry.document_id.reason)

    def test_r05_debt_may_go_below_zero_and_asks_for_a_look(self):
        self._give_vouchers(target_revoke="debt", value_per_point=0.1)
        invoice = self._invoice((self.cake, 2, 50))
        self.account.voucher_ids.action_use()

        self._credit(invoice)

        self.assertPoints(self.account, -250)
        review = self.env["points.review"].search(
            [("account_id", "=", self.account.id)]
        )
        self.assertEqual(review.state, "overdrawn")

    def test_r05_debt_needs_to_know_what_a_point_is_worth(self):
        with self.assertRaisesRegex(ValidationError, "value per point first"):
            self._give_vouchers(target_revoke="debt")

    def test_r05_unused_vouchers_are_withdrawn_before_used_ones(self):
        self._give_vouchers(
            target_repeat="each", target_revoke="debt", value_per_point=1
        )
        invoice = self._invoice((self.cake, 2, 100))
        self.account.voucher_ids.sorted("id")[1].action_use()

        self._credit(invoice, {self.cake: 1})

        self.assertEqual(self._vouchers(), ["withdrawn", "used"])

    def test_raising_a_target_takes_no_voucher_from_anybody(self):
        self._give_vouchers()
        invoice = self._invoice((self.cake, 2, 60))

        self.program.minimum_target = 1000
        self._credit(invoice, {self.cake: 1})

        self.assertEqual(self._vouchers(), ["open"])

    def test_only_a_points_user_marks_vouchers_as_used_and_nobody_writes_them(self):
        self._give_vouchers()
        self._invoice((self.cake, 1, 100))
        voucher = self.account.voucher_ids
        cashier = new_test_user(self.env, "v_cashier", "point_of_sale.group_pos_user")

        with self.assertRaises(AccessError):
            voucher.with_user(cashier).action_use()
        manager = new_test_user(
            self.env,
            "v_manager",
            "customer_points.group_points_manager",
            company_id=self.env.company.id,
            company_ids=[(6, 0, self.env.company.ids)],
        )
        with self.assertRaises(AccessError):
            voucher.with_user(manager).value = 1000
        with self.assertRaises(AccessError):
            voucher.with_user(manager).create({"account_id": self.account.id})
        voucher.with_user(manager).action_use()
        self.assertEqual(voucher.state, "used")

    def test_a_used_voucher_is_not_used_again(self):
        self._give_vouchers()
        self._invoice((self.cake, 1, 100))
        voucher = self.account.voucher_ids
        voucher.action_use()

        with self.assertRaisesRegex(UserError, "already been used or cancelled"):
            voucher.action_use()

    def test_merged_contacts_keep_their_vouchers(self):
        self._give_vouchers()
        self._invoice((self.cake, 1, 100))
        other = self._admit(self.other_customer, self.program)

        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | self.other_customer).ids, self.other_customer)

        self.assertEqual(other.voucher_ids.mapped("state"), ["open"])
