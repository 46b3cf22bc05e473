from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..wizards import points_account_allocate
from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsAllocation(CustomerPointsCommon):
    """Customers are given to programs, many at once, and taken out again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.tag = cls.env["res.partner.category"].create({"name": "Bulk"})
        cls.people = cls.env["res.partner"].create(
            [
                {"name": f"Bulk {place}", "category_id": [Command.link(cls.tag.id)]}
                for place in range(7)
            ]
        )

    def _run(self, partners=None, **values):
        """Return a run of the dialog that was told whom to allocate."""
        if partners:
            values["partner_ids"] = [Command.set(partners.ids)]
        return self.env["points.account.allocate"].create(
            {"program_id": self.program.id, **values}
        )

    def _finish(self, run):
        """Ask for batches until it is done; return what came of it."""
        run.action_allocate()
        for _batch in range(50):
            progress = run.action_allocate_batch()
            if progress["is_done"]:
                return progress["result"]
        raise AssertionError("the run does not end")

    def _customers(self):
        return self.program.account_ids.partner_id

    # === WHOM === #

    def test_l05_each_program_counts_and_lists_its_own_customers(self):
        other = self._make_program()
        self._finish(self._run(self.people[:2]))
        self._admit(self.people[2], other)

        self.assertEqual((self.program.account_count, other.account_count), (2, 1))
        listed = self.env["points.account"].search(
            self.program.action_view_accounts()["domain"]
        )
        self.assertEqual(listed.partner_id, self.people[:2])

    def test_l06_l07_l20_chosen_customers_are_allocated_with_a_clear_count(self):
        self._admit(self.people[0], self.program)

        result = self._finish(self._run(self.people[:3]))

        self.assertEqual(result, "2 added, 1 already in the program")
        self.assertEqual(self._customers(), self.people[:3])

    def test_l07_allocating_twice_makes_no_duplicate(self):
        self._finish(self._run(self.people))

        result = self._finish(self._run(self.people))

        self.assertEqual(result, "0 added, 7 already in the program")
        self.assertEqual(self.program.account_count, 7)

    def test_an_archived_program_allocates_nobody(self):
        run = self._run(self.people)
        self.program.active = False

        with self.assertRaisesRegex(UserError, "this one is archived"):
            run.action_allocate()

    def test_a_contact_of_another_companys_customer_is_left_out(self):
        abroad = self.env["res.company"].create({"name": "Abroad"})
        parent = self.env["res.partner"].create(
            {"name": "Theirs", "is_company": True, "company_id": abroad.id}
        )
        self.people[0].parent_id = parent
        self.people[0].company_id = False

        result = self._finish(self._run(self.people[:2]))

        self.assertEqual(result, "1 added")
        self.assertEqual(self._customers(), self.people[1])

    def test_customers_with_a_tag(self):
        run = self._run(source="tag", category_ids=[Command.set(self.tag.ids)])

        self.assertEqual(run.customer_count, 7)
        self.assertEqual(self._finish(run), "7 added")

    def test_customers_of_a_filter(self):
        run = self._run(source="filter", partner_domain='[("name", "like", "Bulk")]')

        self.assertEqual(self._finish(run), "7 added")

    def test_hostile_filters_are_refused_with_a_sentence_and_nothing_runs(self):
        for domain in (
            "__import__('os').system('id')",
            "[('name', '=', uid)]",
            "[('no_such_field', '=', 1)]",
            "[('name', 'drop table', 1)]",
            "('" * 300,
            "[" * 5000,
            "12",
            "[('category_id.no', '=', 1)]",
            "[('id', '=', 'abc')]",
            "[('name', '=', 'a\\x00b')]",
            "[('color', '=', 'x')]",
            "[('avatar_128', '=', 1)]",
        ):
            with (
                self.subTest(domain[:30]),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(UserError, "Filter"),
            ):
                self._run(source="filter", partner_domain=domain).action_allocate()
        self.assertFalse(self.program.account_ids)

    def test_nobody_chosen_is_refused(self):
        with self.assertRaisesRegex(UserError, "at least one customer"):
            self._run().action_allocate()

    def test_contacts_chosen_in_a_list_are_proposed(self):
        Allocate = self.env["points.account.allocate"].with_context(
            active_model="res.partner", active_ids=self.people.ids
        )

        form = Form(Allocate)

        self.assertEqual(form.partner_ids[:], self.people)

    def test_c18_contacts_of_a_company_share_the_account_it_is_billed_to(self):
        company = self.people[0]
        company.is_company = True
        self.people[1:3].parent_id = company

        result = self._finish(self._run(self.people[:3]))

        self.assertEqual(result, "1 added, 2 in the program through their company")
        self.assertEqual(self._customers(), company)

    def test_contacts_of_a_member_company_are_told_apart_from_members(self):
        company, member = self.people[:2]
        company.is_company = True
        self.people[2:4].parent_id = company
        self._admit(company, self.program)
        self._admit(member, self.program)

        result = self._finish(self._run(self.people[1:5]))
        self.assertEqual(
            result,
            "1 added, 1 already in the program, 2 in the program through their company",
        )

        result = self._finish(self._run(self.people[:3]))
        self.assertEqual(
            result,
            "0 added, 2 already in the program, 1 in the program through their company",
        )

    def test_contacts_are_members_themselves_where_they_hold_the_account(self):
        self.program.owner = "contact"
        company, contact = self.people[:2]
        contact.parent_id = company

        self.assertEqual(self._finish(self._run(company | contact)), "2 added")
        self.assertEqual(
            self._finish(self._run(company | contact)),
            "0 added, 2 already in the program",
        )

    def test_c18_a_program_put_on_a_ship_to_accrues_to_its_bill_to(self):
        ship_to = self.env["res.partner"].create(
            {"name": "Depot", "parent_id": self.customer.id, "type": "delivery"}
        )

        account = self._admit(ship_to, self.program)
        self._invoice((self.cake, 1, 100), customer=ship_to)

        self.assertEqual(account.partner_id, self.customer)
        self.assertPoints(account, 100)

    def test_contacts_of_another_company_are_left_out(self):
        self.people[0].company_id = self.env["res.company"].create({"name": "Other"})

        self.assertEqual(self._finish(self._run(self.people)), "6 added")

    def test_customers_can_be_given_a_template_at_once(self):
        template = self.env["points.template"].create(
            {"name": "T", "program_id": self.program.id}
        )

        self._finish(self._run(self.people, template_id=template.id))

        self.assertEqual(template.account_count, 7)

    def test_c20_a_template_of_another_program_is_refused(self):
        template = self.env["points.template"].create(
            {"name": "T", "program_id": self._make_program().id}
        )
        with self.assertRaisesRegex(ValidationError, "select one of program"):
            self._run(self.people, template_id=template.id)

        form = Form(self.env["points.account.allocate"])
        form.program_id = template.program_id
        form.template_id = template
        form.program_id = self.program

        self.assertFalse(form.template_id)

    # === BATCHES === #

    def test_a_run_stops_goes_on_and_is_found_again(self):
        with patch.object(points_account_allocate, "_BATCH", 3):
            run = self._run(self.people)
            run.action_allocate()
            progress = run.action_allocate_batch()
            self.assertEqual((progress["looked_at"], progress["total"]), (3, 7))
            self.assertFalse(progress["is_done"])

            found = run.action_open(self.program.id)["res_id"]
            self.assertEqual(found, run.id)

            for _batch in range(3):
                progress = run.action_allocate_batch()
        self.assertEqual(progress["result"], "7 added")
        self.assertTrue(progress["is_done"])
        self.assertFalse(run.action_open(self.program.id)["res_id"])

    def test_a_run_that_is_left_stays_where_it_was(self):
        with patch.object(points_account_allocate, "_BATCH", 3):
            run = self._run(self.people)
            run.action_allocate()
            run.action_allocate_batch()
            run.action_finish()
            run.action_allocate()
            run.action_allocate_batch()

        self.assertEqual(run.result, "3 added")
        self.assertEqual(self.program.account_count, 3)

    def test_a_run_of_somebody_else_is_not_shown(self):
        run = self._run(self.people)
        run.action_allocate()
        other = new_test_user(
            self.env, "other_keeper", "customer_points.group_points_user"
        )

        runs = self.env["points.account.allocate"].with_user(other)

        self.assertFalse(runs.action_open(self.program.id)["res_id"])

    def test_a_batch_costs_the_same_queries_for_few_and_many(self):
        def queries(partners, program):
            run = self._run(partners, program_id=program.id)
            run.action_allocate()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run.action_allocate_batch()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(self.people[:1], self._make_program())
        few = queries(self.people[:1], self._make_program())

        self.assertEqual(queries(self.people, self._make_program()), few)

    # === REMOVING === #

    def test_removed_customers_keep_their_points_and_earn_no_more(self):
        account = self._admit(self.customer, self.program)
        self._sell((self.cake, 1))

        account._block("Test")
        self._sell((self.cake, 1))

        self.assertPoints(account, 100)
        self.assertEqual(account.state, "blocked")

    def test_removed_customers_are_allocated_again_on_the_same_account(self):
        account = self._admit(self.customer, self.program)
        self._sell((self.cake, 1))
        account._block("Test")

        result = self._finish(self._run(self.customer))
        self._sell((self.cake, 1))

        self.assertEqual(result, "1 added")
        self.assertPoints(account, 200)

    # === ONE PROGRAM ONLY === #

    def test_c17_customers_are_in_many_programs_each_for_itself(self):
        accounts = [
            self._admit(self.customer, self._make_program({"rate_stock": rate}))
            for rate in (1, 2)
        ]

        self._sell((self.cake, 1))

        self.assertEqual([self._points(account) for account in accounts], [100, 200])

    def test_l23_one_program_per_customer_leaves_out_who_is_in_another(self):
        self._admit(self.people[0], self._make_program())
        self.env.company.points_single_program = True

        result = self._finish(self._run(self.people[:2]))

        self.assertEqual(result, "1 added, 1 in another program")
        with self.assertRaisesRegex(ValidationError, "already in another program"):
            self._admit(self.people[0], self.program)

    def test_l23_contacts_of_a_company_elsewhere_are_all_counted_so(self):
        company = self.people[0]
        company.is_company = True
        self.people[1:3].parent_id = company
        self._admit(company, self._make_program())
        self.env.company.points_single_program = True

        result = self._finish(self._run(self.people[:3]))

        self.assertEqual(result, "0 added, 3 in another program")

    def test_l23_a_blocked_account_does_not_stand_in_the_way(self):
        first = self._admit(self.customer, self._make_program())
        self.env.company.points_single_program = True
        first._block("Test")

        self._admit(self.customer, self.program)

        with self.assertRaisesRegex(ValidationError, "already in another program"):
            first._unblock("Test")

    def test_l23_a_program_that_is_over_does_not_stand_in_the_way(self):
        for values in ({"active": False}, {"date_to": "2020-12-31"}):
            with self.subTest(values):
                over = self._make_program()
                self._admit(self.customer, over)
                over.write(values)
                self.env.company.points_single_program = True
                account = self._admit(self.customer, self._make_program())

                with self.assertRaisesRegex(
                    ValidationError, "already in another program"
                ):
                    over.write({"active": True, "date_to": False})

                account._block("Test")
                over.account_ids._block("Test")

    def test_l23_everyone_may_enter_when_the_last_program_is_over(self):
        over = self._make_program(date_to="2026-01-31")
        self._admit(self.customer, over)
        everyone = self._make_program(membership="everyone")
        self.env.company.points_single_program = True

        self._invoice((self.cake, 1, 100), day="2026-01-31")
        self.assertFalse(everyone.account_ids)
        self._invoice((self.cake, 1, 100), day="2026-02-01")

        self.assertEqual(everyone.account_ids.partner_id, self.customer)

    def test_l23_the_switch_names_who_is_in_two(self):
        self._admit(self.customer, self.program)
        self._admit(self.customer, self._make_program())

        with self.assertRaisesRegex(ValidationError, self.customer.name):
            self.env.company.points_single_program = True

    def test_l23_points_for_everyone_open_no_second_account(self):
        account = self._admit(self.customer, self.program)
        everyone = self._make_program(membership="everyone")
        self.env.company.points_single_program = True

        self._sell((self.cake, 1))
        self._sell((self.cake, 1), customer=self.other_customer)

        self.assertPoints(account, 100)
        self.assertEqual(everyone.account_ids.partner_id, self.other_customer)

    # === RIGHTS === #

    def test_c05_a_cashier_can_allocate_nobody(self):
        cashier = new_test_user(
            self.env, "alloc_cashier", "point_of_sale.group_pos_user"
        )
        with self.assertRaises(AccessError):
            self.env["points.account.allocate"].with_user(cashier).create(
                {"program_id": self.program.id}
            )

    def test_a_points_user_allocates(self):
        user = new_test_user(
            self.env,
            "alloc_user",
            "customer_points.group_points_user",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.company.ids)],
        )
        run = self.env["points.account.allocate"].with_user(user)
        run = run.create(
            {
                "program_id": self.program.id,
                "partner_ids": [Command.set(self.people.ids)],
            }
        )

        self.assertEqual(self._finish(run), "7 added")
