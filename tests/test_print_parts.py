"""Long reports are printed in parts: nobody is left out, and nobody waits too long."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .test_ledger_report import LedgerReportCommon

_PAGES = "odoo.addons.customer_points.wizards.points_account_print.PAGES_A_PART"


@tagged("post_install", "-at_install")
class TestPrintParts(LedgerReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Member {number}"} for number in range(5)]
        )
        for partner in cls.partners:
            cls._admit(partner, cls.program)

    def _divide(self, pages, **values):
        asked = self._ask(partner_ids=self.partners.ids, **values)
        with patch(_PAGES, pages):
            action = asked.action_print()
        return asked, action

    def test_a_short_report_is_printed_at_once(self):
        asked, action = self._divide(5)

        self.assertEqual(action["type"], "ir.actions.report")
        self.assertFalse(asked.part_ids)

    def test_parts_hold_everybody_once_in_the_order_of_names(self):
        asked, action = self._divide(2, date_from="2026-01-01", date_to="2026-01-31")

        self.assertEqual(action["res_id"], asked.id)
        names = [
            part._get_accounts().partner_id.mapped("name") for part in asked.part_ids
        ]
        self.assertEqual(sum(names, []), [f"Member {place}" for place in range(5)])
        self.assertEqual(
            asked.part_ids.mapped("customers"),
            ["Member 0 – Member 1", "Member 2", "Member 3 – Member 4"],
        )
        self.assertEqual(asked.part_ids.mapped("pages"), [2, 1, 2])
        for part in asked.part_ids:
            self.assertEqual(part._get_period(), asked._get_period())
            action = part.action_print()
            self.assertEqual(action["type"], "ir.actions.report")
            self.assertEqual(action["context"]["active_ids"], part.ids)

    def test_every_report_of_customers_can_be_divided(self):
        for report in ("ledger", "rewards", "months"):
            with (
                self.subTest(report),
                patch(
                    "odoo.addons.customer_points.report.sheets.SheetsReport.count_pages"
                ),
            ):
                asked, _action = self._divide(2, report=report)
                self.assertTrue(asked.part_ids or report != "ledger")

    def test_a_file_says_what_it_is_and_whose(self):
        asked, _action = self._divide(2, date_from="2026-01-01", date_to="2026-01-31")

        name = "Customer Points Ledger 01/01/2026 – 01/31/2026"
        self.assertEqual(asked._get_filename(), name)
        self.assertEqual(
            asked.part_ids[0]._get_filename(),
            f"{name} Member 0 – Member 1",
        )

    def test_asking_again_divides_anew(self):
        asked, _action = self._divide(2)
        asked.part_ids[0].is_printed = True
        with patch(_PAGES, 1):
            asked.action_print()

        self.assertEqual(asked.part_ids.mapped("pages"), [1] * 5)
        self.assertFalse(any(asked.part_ids.mapped("is_printed")))

    def test_a_customer_too_long_for_a_part_is_one_all_the_same(self):
        asked, _action = self._divide(0)

        self.assertEqual(len(asked.part_ids), 5)

    def test_a_part_is_its_users_own_and_shows_what_that_may_be(self):
        asked, _action = self._divide(2)
        other = new_test_user(self.env, "clerk2", "customer_points.group_points_user")

        with self.assertRaises(AccessError):
            asked.part_ids[0].with_user(other).action_print()


@tagged("post_install", "-at_install")
class TestPrintPartsTour(HttpCase, LedgerReportCommon):
    def test_a_long_ledger_is_printed_part_by_part(self):
        for number in range(5):
            partner = self.env["res.partner"].create({"name": f"Member {number}"})
            self._admit(partner, self.program)
        self.account.partner_id.name = "Able"

        with patch(_PAGES, 2):
            self.start_tour(
                "/odoo/action-customer_points.points_account_print_action",
                "points_print_parts",
                login=self.reader.login,
            )

        whole = (
            self.env["points.account.print"].sudo().search([("part_ids", "!=", False)])
        )
        self.assertGreater(len(whole.part_ids), 2)
        self.assertTrue(all(whole.part_ids.mapped("is_printed")))
