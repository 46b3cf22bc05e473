"""Points of contacts that come to belong to a company, or leave it."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import Form, new_test_user, tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestContactsOfCompanies(SpendingCommon):
    """They are named wherever one looks, and a manager moves them by one click."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Partner = cls.env["res.partner"]
        cls.bakery = Partner.create({"name": "Bakery", "is_company": True})
        cls.ana = Partner.create({"name": "Ana"})
        cls.club = cls._make_program(
            name="Club",
            value_per_point=0.2,
            expiry="rolling",
            expiry_months=3,
            reward_ids=[cls._any_reward()],
        )
        cls.own = cls._admit(cls.ana, cls.club)

    def _join_bakery(self):
        self.ana.parent_id = self.bakery
        self.env.invalidate_all()

    def _move(self, partner=None):
        (partner or self.ana).action_move_points_to_company()
        self.env.invalidate_all()

    def _account(self, partner, program=None):
        return (program or self.club)._get_account(partner)

    def _summary(self, partner=None):
        return (partner or self.ana).points_summary(self._new_order()[1])

    # === NAMED === #

    def test_the_contact_and_its_company_say_which_points_are_not_offered(self):
        self._adjust(70, self.own)
        self.assertFalse(self.ana.points_stray_text)

        self._join_bakery()

        for partner in (self.ana, self.bakery):
            text = partner.points_stray_text
            self.assertIn("Ana", text)
            self.assertIn("Club: 70 points", text)
        form = self.env["res.partner"].get_view(view_type="form")
        self.assertIn("action_move_points_to_company", form["arch"])

    def test_the_register_names_points_that_it_does_not_offer(self):
        self._adjust(70, self.own)
        self.assertNotIn("stray", self._summary())

        self._join_bakery()

        summary = self._summary()
        self.assertEqual(summary["accounts"], [])
        self.assertIn("Club: 70 points", summary["stray"])
        self.assertIn("Bakery now receives the points", summary["stray"])

    def test_a_cashier_is_told_as_well(self):
        self._adjust(70, self.own)
        self._join_bakery()
        cashier = new_test_user(
            self.env,
            "contacts_cashier",
            "base.group_user,point_of_sale.group_pos_user",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.company.ids)],
        )

        summary = self.ana.with_user(cashier).points_summary(self._new_order()[1])

        self.assertIn("70 points", summary["stray"])

    def test_the_check_and_why_no_points_name_them(self):
        self._adjust(70, self.own)
        self._join_bakery()

        for action in (
            self.club.action_check_rules(),
            self.env["points.check"].action_check_setup(),
        ):
            checks = self.env["points.check"].search(action["domain"])
            found = checks.filtered(lambda check: "do not offer" in check.name)
            self.assertIn("points of 1 contacts", found.name)
            self.assertEqual(found.action_open()["res_model"], "points.account")
        why = self.ana.action_why_no_points()["domain"]
        names = self.env["points.check"].search(why).mapped("name")
        self.assertTrue([name for name in names if "Club: 70 points" in name])

    # === MOVED === #

    def test_points_go_to_the_company_with_their_dates(self):
        with freeze_time("2026-04-10"):
            self._invoice((self.cake, 1, 30), customer=self.ana, day="2026-04-10")
        with freeze_time("2026-05-20"):
            self._invoice((self.cake, 1, 50), customer=self.ana, day="2026-05-20")
            self._adjust(4, self.own)
            self._join_bakery()

            self._move()

            company = self._account(self.bakery)
            self.assertPoints(company, 84)
            self.assertPoints(self.own, 0)
            lots = self.env["points.lot"].search([("account_id", "=", company.id)])
            dates = [(str(lot.expires_on), lot.remaining) for lot in lots]
            expected = [("2026-07-10", 30), ("2026-08-20", 4), ("2026-08-20", 50)]
            self.assertEqual(sorted(dates), expected)
            self.assertEqual(set(company.entry_ids.mapped("kind")), {"transfer"})
            reason = company.entry_ids.document_id.reason
            self.assertIn("belongs to Bakery", reason)
        self.assertEqual(self.own.merged_into_id, company)
        self.assertFalse(self.ana.points_stray_text or self.bakery.points_stray_text)

    def test_the_register_offers_what_was_moved(self):
        self._adjust(70, self.own)
        self._join_bakery()

        self._move(self.bakery)

        summary = self._summary()
        self.assertEqual([found["available"] for found in summary["accounts"]], [70])
        self.assertNotIn("stray", summary)

    def test_what_comes_back_later_is_taken_from_the_company(self):
        order = self._sell((self.cake, 3), customer=self.ana)
        self._join_bakery()
        self._move()
        self.assertPoints(self._account(self.bakery), 300)

        self._refund(order, {self.cake: 1})

        self.assertPoints(self._account(self.bakery), 200)
        self.assertPoints(self.own, 0)

    def test_what_comes_back_before_the_move_is_taken_from_the_contact(self):
        order = self._sell((self.cake, 3), customer=self.ana)
        self._join_bakery()

        self._refund(order, {self.cake: 1})

        self.assertPoints(self.own, 200)

    def test_an_order_counted_again_before_the_move_stays_with_the_contact(self):
        order = self._sell((self.cake, 2), customer=self.ana)
        self._join_bakery()

        self.club.rule_ids.rate_stock = 3
        self._recalculate(order)

        self.assertPoints(self.own, 600)
        self.assertFalse(self._account(self.bakery))

    def test_an_invoice_changed_before_the_move_stays_with_the_contact(self):
        for membership in ("allocated", "everyone"):
            with self.subTest(membership):
                self.club.membership = membership
                before = self._points(self.own)
                self.ana.parent_id = False
                invoice = self._invoice(
                    (self.cake, 1, 80), customer=self.ana, day=Date.today()
                )
                self._join_bakery()

                invoice.button_draft()
                invoice.invoice_line_ids.price_unit = 65
                self.assertPoints(self.own, before)
                invoice.action_post()

                self.assertPoints(self.own, before + 65)
                invoice._points_settle()
                self.assertPoints(self.own, before + 65)

    def test_what_another_customer_had_is_not_given_back_to_them(self):
        bo = self.env["res.partner"].create({"name": "Bo"})
        other = self._admit(bo, self.club)
        invoice = self._invoice((self.cake, 1, 40), customer=self.ana, day=Date.today())
        invoice.button_draft()
        invoice.partner_id = bo
        invoice.action_post()
        bo.parent_id = self.bakery
        self.env.invalidate_all()

        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 25
        invoice.action_post()

        self.assertPoints(self.own, 0)
        self.assertPoints(other, 25)

    def test_what_comes_back_is_lost_on_no_side_where_the_company_has_an_account(self):
        company = self._admit(self.bakery, self.club)
        order = self._sell((self.cake, 3), customer=self.ana)
        self._join_bakery()

        self._refund(order, {self.cake: 1})
        self._move()

        self.assertPoints(company, 200)
        self.assertPoints(self.own, 0)

    def test_holds_and_vouchers_go_along(self):
        program = self.program
        own = self._admit(self.ana, program)
        self._adjust(90, own)
        voucher = self._make_reward("voucher", 25, 4)
        block = self._make_reward(points=15, value=2)
        self._buy([(self.cake, 1)], (voucher, 1, 0), customer=self.ana)
        key = self._new_order()[1]
        self.assertFalse(self._reserve(block, 1, key, 100, own)["refused"])
        self._join_bakery()

        self._move()

        company = self._account(self.bakery, program)
        self.assertEqual(company.held, 15)
        self.assertEqual(len(company.voucher_ids), 1)
        self.assertPoints(company, 90 - 25 + 1)

    def test_an_account_the_company_has_keeps_its_state_and_rules(self):
        company = self._admit(self.bakery, self.club, minimum_target=500)
        company.rule_ids = [Command.create({"name": "Bakery's"})]
        company._block("Test")
        self.own.rule_ids = [Command.create({"name": "Ana's"})]
        self._adjust(33, self.own)
        self.own._block("Test")
        self._join_bakery()

        self._move()

        self.assertPoints(company, 33)
        self.assertEqual(company.state, "blocked")
        self.assertEqual(company.rule_ids.name, "Bakery's")
        self.assertEqual(company.minimum_target, 500)

    def test_points_do_not_go_to_a_blocked_account_without_a_word(self):
        company = self._admit(self.bakery, self.club)
        company._block("Test")
        self._adjust(45, self.own)
        self._join_bakery()

        with self.assertRaisesRegex(UserError, "account of Bakery is blocked"):
            self._move()

        self.assertPoints(self.own, 45)
        company._unblock("Test")
        self._move()
        self.assertPoints(company, 45)

    def test_a_new_account_of_the_company_is_like_the_contacts(self):
        self.own.rule_ids = [Command.create({"name": "Ana's"})]
        self._adjust(33, self.own)
        self.own._block("Test")
        self._join_bakery()

        self._move()

        company = self._account(self.bakery)
        self.assertEqual((company.state, company.balance), ("blocked", 33))
        self.assertEqual(company.rule_ids.name, "Ana's")

    def test_only_a_points_manager_moves_points(self):
        self._adjust(70, self.own)
        self._join_bakery()
        user = new_test_user(
            self.env,
            "contacts_user",
            "customer_points.group_points_user,base.group_partner_manager",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.company.ids)],
        )

        with self.assertRaises(AccessError):
            self.ana.with_user(user).action_move_points_to_company()
        with self.assertRaises(AccessError):
            self.own.with_user(user).action_move_to_company()

    def test_nothing_is_moved_twice(self):
        self._adjust(70, self.own)
        self._join_bakery()
        self._move()

        with self.assertRaisesRegex(UserError, "already"):
            self._move()

        self.assertPoints(self._account(self.bakery), 70)

    def test_a_company_in_another_program_is_not_put_into_a_second_one(self):
        self._adjust(70, self.own)
        self._admit(self.bakery, self.program)
        self.env.company.points_single_program = True
        self._join_bakery()

        with self.assertRaisesRegex(UserError, "Bakery is already in another program"):
            self._move()

        self.assertPoints(self.own, 70)

    # === OTHER WAYS === #

    def test_a_contact_that_leaves_before_the_move_has_its_points_again(self):
        self._adjust(70, self.own)
        self._join_bakery()

        self.ana.parent_id = False
        self.env.invalidate_all()

        self.assertFalse(self.ana.points_stray_text)
        accounts = self._summary()["accounts"]
        self.assertEqual([found["available"] for found in accounts], [70])

    def test_a_contact_that_leaves_after_the_move_begins_anew(self):
        self.club.membership = "everyone"
        self._adjust(70, self.own)
        self._join_bakery()
        self._move()
        self.ana.parent_id = False
        self.env.invalidate_all()

        self._sell((self.cake, 1), customer=self.ana)

        self.assertPoints(self._account(self.bakery), 70)
        self.assertPoints(self._account(self.ana), 100)

    def test_contacts_of_a_subsidiary_move_to_the_subsidiary(self):
        branch = self.env["res.partner"].create(
            {"name": "Branch", "is_company": True, "parent_id": self.bakery.id}
        )
        own = self._admit(branch, self.club)
        self._adjust(12, own)
        self._adjust(70, self.own)
        self.ana.parent_id = branch
        self.env.invalidate_all()
        self.assertFalse(self.bakery.points_stray_text)

        self._move(branch)

        self.assertPoints(own, 82)
        self.assertEqual(branch._get_stray_accounts(), own.browse())

    def test_a_contact_that_becomes_a_company_keeps_its_points(self):
        self._adjust(70, self.own)
        self._join_bakery()

        self.ana.is_company = True
        self.env.invalidate_all()

        self.assertFalse(self.ana.points_stray_text)
        self.assertEqual(len(self._summary()["accounts"]), 1)

    def test_programs_for_the_contact_itself_have_nothing_to_move(self):
        self.club.owner = "contact"
        self._adjust(70, self.own)

        self._join_bakery()

        self.assertFalse(self.ana.points_stray_text)
        self.assertEqual(len(self._summary()["accounts"]), 1)

    def test_a_program_that_is_given_to_companies_later_names_all_contacts(self):
        self.club.owner = "contact"
        bo = self.env["res.partner"].create({"name": "Bo", "parent_id": self.bakery.id})
        other = self._admit(bo, self.club)
        self._adjust(8, other)
        self._adjust(70, self.own)
        self._join_bakery()

        with Form(self.club) as form, self.assertLogs("odoo.tests.form") as logs:
            form.owner = "commercial"
        self.assertIn("Existing points stay on their accounts", logs.output[0])
        (self.own | other).action_move_to_company()

        self.assertPoints(self._account(self.bakery), 78)
