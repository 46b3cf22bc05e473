"""Long reports are printed in parts: nobody is left out, and nobody waits too long."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .test_ledger_report import LedgerReportCommon

_WIZARDS = "odoo.addons.customer_points.wizards"
_PAGES = f"{_WIZARDS}.points_account_print.PAGES_A_PART"


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

    # === MEANWHILE === #

    def _names(self, part):
        self.env.flush_all()
        self.env.invalidate_all()
        return part._get_report().accounts.partner_id.mapped("name")

    def test_a_customer_who_loses_a_tag_stays_in_its_part(self):
        tag = self.env["res.partner.category"].create({"name": "Builders"})
        self.partners.category_id = tag
        asked, _action = self._divide(2, category_ids=tag.ids)
        self.partners[1].category_id = False
        self.assertEqual(self._names(asked.part_ids[0]), ["Member 0", "Member 1"])
        tag.unlink()

        self.assertEqual(self._names(asked.part_ids[0]), ["Member 0", "Member 1"])
        self.assertEqual(self._names(asked.part_ids[1]), ["Member 2"])

    def test_a_customer_who_is_merged_leaves_no_part_that_cannot_be_printed(self):
        asked, _action = self._divide(2)
        part = asked.part_ids[1]
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.partners[2] | self.partners[0]).ids, self.partners[0])

        self.assertEqual(part.customers, "Member 2")
        self.assertTrue(part.account_ids.merged_into_id)
        self.assertEqual(self._names(part), ["Member 0"])
        page = self._print(part, report="customer_points.report_ledger")
        self.assertTrue(page.xpath("//div[@name='points_statement']"))

    def test_what_was_selected_and_is_deleted_is_not_everything(self):
        tag = self.env["res.partner.category"].create({"name": "Builders"})
        nobody = self.env["res.partner"].create({"name": "Nobody"})
        company = self.env["res.company"].create({"name": "Elsewhere"})
        for gone, values in (
            (tag, {"category_ids": tag.ids}),
            (nobody, {"partner_ids": nobody.ids}),
        ):
            asked = self.env["points.account.print"].with_user(self.reader)
            asked = asked.create({"report": "ledger", **values})
            gone.unlink()
            for report in ("ledger", "rewards", "months"):
                asked.report = report
                with self.subTest(gone=gone, report=report):
                    self.env.invalidate_all()
                    with self.assertRaisesRegex(UserError, "None of these customers"):
                        asked.action_print()
        asked = self.env["points.program.print"].create({"company_ids": company.ids})
        self.env.flush_all()
        company.active = False
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "no such program"):
            asked.action_print()

    def test_parts_can_be_gone_on_with_until_tomorrow(self):
        asked, _action = self._divide(2)
        asked.flush_recordset()
        for hours, is_left in ((20, True), (25, False)):
            self.env.cr.execute(
                "UPDATE points_account_print SET write_date = "
                "(now() AT TIME ZONE 'UTC') - interval '%s hours'",
                [hours],
            )
            self.env["points.account.print"]._transient_vacuum()
            self.env.invalidate_all()
            self.assertEqual(bool(asked.exists().part_ids), is_left)


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

    def test_a_part_by_hand_is_ticked_and_one_that_fails_keeps_none_from_others(self):
        for number in range(5):
            partner = self.env["res.partner"].create({"name": f"Member {number}"})
            self._admit(partner, self.program)
        self.account.partner_id.name = "Able"
        failed = []

        def check(said):
            if "Able" in said.accounts.partner_id.mapped("name") and not failed:
                if len(said.accounts) < 6:
                    failed.append(said)
                    raise UserError(said.title)

        with (
            patch(_PAGES, 2),
            patch(f"{_WIZARDS}.points_report_asked.check_printable", check),
            mute_logger("odoo.http"),
        ):
            self.start_tour(
                "/odoo/action-customer_points.points_account_print_action",
                "points_print_parts_by_hand",
                login=self.reader.login,
            )

        whole = self.env["points.account.print"].sudo()
        whole = whole.search([("part_ids", "!=", False)])
        self.assertEqual(len(failed), 1)
        self.assertTrue(all(whole.part_ids.mapped("is_printed")))
