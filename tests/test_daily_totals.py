"""Daily totals: always what the ledger says, whoever asks and whenever they add up."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CustomerPointsCommon, migrate


@tagged("post_install", "-at_install")
class TestDailyTotals(CustomerPointsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program(
            {"method": "percent", "rate_stock": 7}, value_per_point=0.25
        )
        cls.account = cls._admit(cls.customer, cls.program)
        cls.total_model = cls.env["points.daily.total"]

    def _sell_and_return(self):
        order = self._sell((self.coffee, 3))
        self._sell((self.cake, 1))
        self._refund(order, {self.coffee: 1})
        self.env.cr.precommit.run()
        self.env.invalidate_all()

    def _of_the_program(self):
        return self.total_model.search([("program_id", "=", self.program.id)])

    def test_each_posting_adds_what_it_wrote(self):
        self._sell_and_return()

        self.assertDailyTotals()
        kinds = self._of_the_program().mapped("kind")
        self.assertEqual(sorted(kinds), ["earn", "earn", "return"])

    def test_what_is_undone_is_not_added(self):
        with self.env.cr.savepoint() as savepoint:
            self._sell_and_return()
            savepoint.rollback()

        self.assertFalse(self._of_the_program())

    def test_rows_of_a_day_become_one_and_their_sums_stay(self):
        self._sell_and_return()

        self.total_model._cron_add_up()

        self.assertDailyTotals()
        rows = self._of_the_program()
        self.assertEqual(sorted(rows.mapped("kind")), ["earn", "return"])
        self.assertEqual(rows.filtered(lambda row: row.kind == "earn").entries, 2)
        self.total_model._cron_add_up()
        self.assertEqual(self._of_the_program(), rows, "nothing is left to do")

    def test_those_of_a_version_without_them_are_added_up_once(self):
        self._sell_and_return()
        self.env.cr.execute("DELETE FROM points_daily_total")
        # What is posted before they are added up is in their rows already.
        self._sell((self.cake, 1))
        self.env.cr.precommit.run()

        for _time in range(2):
            migrate(self.env.cr, "19.0.1.11.0/post-daily_totals.py")

        self.env.invalidate_all()
        self.assertDailyTotals()

    # === RIGHTS === #

    def test_c05_only_points_users_read_those_of_their_companies(self):
        self._sell_and_return()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        companies = {
            "company_id": elsewhere.id,
            "company_ids": [Command.set(elsewhere.ids)],
        }
        group = "customer_points.group_points_manager"
        stranger = new_test_user(self.env, "stranger", group, **companies)
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_manager")

        own = [("program_id", "=", self.program.id)]
        self.assertFalse(self.total_model.with_user(stranger).search(own))
        with self.assertRaises(AccessError):
            self.total_model.with_user(seller).search(own)

    def test_nobody_writes_them(self):
        self._sell_and_return()
        group = "customer_points.group_points_manager"
        manager = new_test_user(self.env, "manager", group)
        row = self._of_the_program()[0].with_user(manager)
        for attempt in (
            lambda: row.write({"points": 1}),
            lambda: row.unlink(),
            lambda: row.copy(),
        ):
            with self.assertRaises(AccessError):
                attempt()
