from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.customer_points.engine.numbers import number

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPartnerMerge(CustomerPointsCommon):
    """When two contacts become one, so do their accounts; nothing is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program(reward_ids=[cls._any_reward()])
        cls.account = cls._admit(cls.customer, cls.program)

    def _merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | target).ids, target)
        self.env.invalidate_all()

    def test_accounts_of_one_program_are_joined_by_entries(self):
        other = self._admit(self.other_customer, self.program)
        self._sell((self.cake, 1))
        self._sell((self.cake, 2), customer=self.other_customer)

        self._merge(self.customer, self.other_customer)

        self.assertPoints(other, 300)
        self.assertPoints(self.account, 0)
        self.assertEqual(self.account.state, "blocked")
        self.assertEqual(self.account.merged_into_id, other)
        self.assertEqual(len(self.account.entry_ids), 2)

    def test_account_without_a_rival_moves_with_its_contact(self):
        self._sell((self.cake, 1))

        self._merge(self.customer, self.other_customer)

        self.assertEqual(self.account.partner_id, self.other_customer)
        self.assertPoints(self.account, 100)

    def test_a_later_return_takes_from_the_joined_account(self):
        other = self._admit(self.other_customer, self.program)
        order = self._sell((self.cake, 2))
        self._merge(self.customer, self.other_customer)

        self._refund(order, {self.cake: 1})

        self.assertPoints(other, 100)
        self.assertPoints(self.account, 0)

    def test_own_rules_that_qualify_move_with_their_targets(self):
        other = self._admit(self.other_customer, self.program)
        self.account.write({"minimum_target": 100, "qualifying_target": 50})
        self.account.rule_ids = [Command.create({"name": "Own", "qualifying": True})]

        self._merge(self.customer, self.other_customer)

        self.assertEqual(other.rule_ids.name, "Own")
        self.assertEqual(other._get_targets(), (100, 50))

    def test_an_account_with_targets_of_its_own_takes_no_rules_that_need_others(self):
        other = self._admit(self.other_customer, self.program, minimum_target=40)
        self.account.write({"minimum_target": 100, "qualifying_target": 50})
        self.account.rule_ids = [Command.create({"name": "Own", "qualifying": True})]

        self._merge(self.customer, self.other_customer)

        self.assertFalse(other.rule_ids)
        self.assertEqual(other._get_targets(), (40, 0))

    def test_a_template_moves_to_an_account_with_archived_rules(self):
        template = self.env["points.template"].create(
            {"name": "T", "program_id": self.program.id}
        )
        other = self._admit(self.other_customer, self.program)
        other.rule_ids = [Command.create({"name": "Old"})]
        other.rule_ids.active = False
        self.account.template_id = template

        self._merge(self.customer, self.other_customer)

        self.assertEqual(template.account_ids, other)
        self.assertEqual(template.account_count, 1)

    def test_lots_keep_their_dates(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        other = self._admit(self.other_customer, self.program)
        with freeze_time("2026-03-15"):
            self._invoice((self.cake, 1, 100))
            self._merge(self.customer, self.other_customer)

            lot = self.env["points.lot"].search([("account_id", "=", other.id)])
            self.assertEqual(str(lot.expires_on), "2026-04-15")
            self.assertPoints(other, 100)
        with freeze_time("2026-04-16"):
            other.invalidate_recordset()
            self.assertEqual(other.available, 0)

    def test_targets_count_what_came_with_the_merge(self):
        self.program.minimum_target = 300
        other = self._admit(self.other_customer, self.program)
        order = self._sell((self.cake, 1))
        self._sell((self.cake, 2), customer=self.other_customer)

        self._merge(self.customer, self.other_customer)

        self.assertEqual(other.accrued, 300)
        self.assertTrue(other.target_reached)
        self._refund(order)
        self.env.invalidate_all()
        self.assertEqual(other.accrued, 200)

    def test_points_of_last_year_do_not_count_to_this_years_target(self):
        self.program.write(
            {"minimum_target": 100, "target_period": "year", "target_value": 25}
        )
        other = self._admit(self.other_customer, self.program)
        with freeze_time("2026-12-01"):
            self._invoice((self.cake, 1, 100), day="2026-12-01")
        with freeze_time("2027-02-01"):
            self._merge(self.customer, self.other_customer)
            self._invoice(
                (self.cake, 1, 1), customer=self.other_customer, day="2027-02-01"
            )
            self.env.invalidate_all()

            self.assertEqual((other.accrued, other.target_reached), (1, False))
            self.assertEqual(len(other.voucher_ids), 1)

    def test_r05_all_vouchers_of_merged_accounts_are_withdrawn(self):
        self.program.write({"minimum_target": 100, "target_value": 25})
        other = self._admit(self.other_customer, self.program)
        invoices = [
            self._invoice((self.cake, 1, 100), customer=customer)
            for customer in (self.customer, self.other_customer)
        ]
        self._merge(self.customer, self.other_customer)

        for invoice in invoices:
            self._credit(invoice)

        self.env.invalidate_all()
        self.assertEqual(set(other.voucher_ids.mapped("state")), {"withdrawn"})
        self.assertEqual(other.accrued, 0)

    def test_l23_merging_keeps_one_program_and_says_so(self):
        rival = self._admit(self.other_customer, self._make_program())
        self.env.company.points_single_program = True

        self._merge(self.customer, self.other_customer)

        self.assertEqual((rival.state, self.account.state), ("active", "blocked"))
        said = " ".join(self.other_customer.message_ids.mapped("body"))
        self.assertIn("Blocked by merging", said)

    def test_l23_merging_works_beside_a_blocked_account_of_the_program(self):
        self._admit(self.other_customer, self.program)._block("Test")
        rival = self._admit(self.other_customer, self._make_program())
        self.env.company.points_single_program = True

        self._merge(self.customer, self.other_customer)

        active = self.other_customer.points_account_ids.filtered(
            lambda account: account.state == "active"
        )
        self.assertEqual(active, rival)

    def test_points_without_a_sale_keep_their_dates_too(self):
        other = self._admit(self.other_customer, self.program)
        with freeze_time("2026-03-15"):
            self._adjust(100)
            self.program.write({"expiry": "rolling", "expiry_months": 1})
            self._adjust(10)
            self._adjust(-4)

            self._merge(self.customer, self.other_customer)

            self.assertPoints(other, 106)
            lots = self.env["points.lot"].search([("account_id", "=", other.id)])
            self.assertEqual(
                sorted((lot.remaining, str(lot.expires_on)) for lot in lots),
                [(6.0, "2026-04-15"), (100.0, "False")],
            )

    def test_active_account_stays_active_when_joined_to_a_blocked_one(self):
        other = self._admit(self.other_customer, self.program, state="blocked")

        self._merge(self.customer, self.other_customer)
        self._sell((self.cake, 1), customer=self.other_customer)

        self.assertPoints(other, 100)

    def test_products_that_points_paid_give_them_back_to_the_account_that_goes_on(self):
        self.program.write({"expiry": "rolling", "expiry_months": 12})
        other = self._admit(self.other_customer, self.program)
        invoice = self._invoice((self.cake, 1, 100))
        earned = self.env["points.entry"].search([("account_id", "=", self.account.id)])
        spent = {
            "account_id": self.account.id,
            "program_id": self.program.id,
            "kind": "redeem",
            "points": -number(40),
            "root": "pos:1",
            "number": 1,
        }
        values = {
            "kind": "sale",
            "date": invoice.invoice_date,
            "partner_id": self.customer.id,
            "company_id": self.company.id,
        }
        self.env["points.document"]._post(values, [spent])

        self._merge(self.customer, self.other_customer)

        self.assertPoints(other, 60)
        self.assertPoints(self.account, 0)
        self.assertEqual((other.redeemed, self.account.redeemed), (40, 0))
        moved = other.entry_ids.filtered(lambda entry: entry.kind == "redeem")
        taken_from = f"{earned.expires_on}@{earned.root}:40"
        self.assertEqual(moved.taken_from, taken_from)

    def test_what_expired_before_merging_is_not_taken_again(self):
        self.program.write({"expiry": "rolling", "expiry_months": 12})
        other = self._admit(self.other_customer, self.program)
        invoice = self._invoice((self.cake, 1, 100), day=date(2026, 1, 10))
        with freeze_time("2027-01-20"):
            self.env["points.document"]._expire_account(self.account)
            self.assertPoints(self.account, 0)
            self._merge(self.customer, self.other_customer)
            self.assertPoints(other, 0)

            self._credit(invoice)

        self.assertPoints(other, 0)
