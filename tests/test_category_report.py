"""Points by product category, month and year to date: pages, files and who reads."""

import io
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from PyPDF2 import PdfReader

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from odoo.addons.customer_points.report.report_values import tables_values

from ..models import points_category_total
from .test_category_totals import CategoryTotalsCommon


@tagged("post_install", "-at_install")
class TestCategoryReport(CategoryTotalsCommon, HttpCase):
    def _ask_categories(self, user=None, **values):
        values = {"program_ids": self.by_category.ids, "day": "2026-03-20", **values}
        return self._ask("categories", user, "points.category.print", **values)

    def _sell_over_a_year(self):
        for day, *lines in (
            ("2025-12-31", (self.cake, 1)),
            ("2026-01-01", (self.cake, 2)),
            ("2026-02-10", (self.coffee, 5)),
            ("2026-03-01", (self.coffee, 3), (self.cake, 1)),
            ("2026-03-20", (self.tea, 2)),
            ("2026-03-21", (self.cake, 1)),
            ("2026-04-01", (self.cake, 1)),
        ):
            with freeze_time(f"{day} 12:00:00"):
                self._sell(*lines)

    def _preview(self, **values):
        asked = self._ask_categories(**values)
        asked.action_preview()
        return self._print(asked)

    def test_month_and_year_to_date(self):
        self._sell_over_a_year()

        page = self._preview()

        self.assertEqual(
            self._rows(page),
            [
                ("Drinks", "$ 40.00", "80", "$ 90.00", "180"),
                ("Food", "$ 100.00", "100", "$ 300.00", "300"),
                ("Total", "$ 140.00", "180", "$ 390.00", "480"),
            ],
        )
        (title,) = page.xpath("//h3")
        self.assertEqual(title.text_content(), "By Category")
        (about,) = page.xpath("//p[@name='points_about']")
        self.assertEqual(about.text_content(), "Month and year until 03/20/2026")

    def test_categories_are_called_by_their_full_names(self):
        self.drinks.parent_id = self.food
        self._sell_over_a_year()

        rows = self._rows(self._preview())

        self.assertEqual([row[0] for row in rows], ["Food", "Food / Drinks", "Total"])

    def test_programs_that_count_money_say_money(self):
        with freeze_time("2026-03-10 12:00:00"):
            self._sell((self.cake, 1), customer=self.other_customer)

        rows = self._rows(self._preview(program_ids=self.cash.ids))

        self.assertEqual(rows[0], ("Food", "$ 100.00", "$ 5.00", "$ 100.00", "$ 5.00"))

    def test_all_programs_are_reported_archived_ones_too(self):
        with freeze_time("2026-03-10 12:00:00"):
            self._sell((self.cake, 1))
        self.by_block.active = False

        page = self._preview(program_ids=False)

        titles = [title.text_content() for title in page.xpath("//h3")]
        self.assertEqual(titles, ["By Block", "By Category", "Shop Card"])

    def test_a_workbook_and_a_csv_have_figures(self):
        self._sell_over_a_year()
        asked = self._ask_categories()
        self.assertIn("/xlsx", asked.action_export()["url"])
        self.assertIn("/csv", asked.action_export_csv()["url"])
        said = self._report(asked)

        (sheet,) = self._workbook(said)
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]

        company = self.company.name
        self.assertEqual(
            rows,
            [
                [company, "By Category", "Drinks", 40, 80, 90, 180, "USD"],
                [company, "By Category", "Food", 100, 100, 300, 300, "USD"],
            ],
        )
        self.assertEqual(
            [row["Points in Year"] for row in self._csv(said)], ["180", "300"]
        )

    def test_r02_a_life_at_random_adds_up_in_every_month(self):
        last = self._live()
        every = self.env["points.program"].search([])
        for day in (date(2025, 5, 20), date(2026, 1, 31), last):
            asked = self._ask_categories(day=day, program_ids=False)
            asked.action_export()
            found = self._report(asked).found
            self.assertFalse([one for one in found if one.waiting])
            for program in every:
                rows = [
                    row for one in found if one.program == program for row in one.rows()
                ]
                for name, first in (
                    ("month", day.replace(day=1)),
                    ("year", date(day.year, 1, 1)),
                ):
                    with self.subTest(program.name, day=day, name=name):
                        added = sum(getattr(row, name).points for row in rows)
                        self.assertAlmostEqual(
                            float(added), self._earned(program, first, day), 4
                        )

    def _earned(self, program, first, last):
        return self._sum(
            [
                ("program_id", "=", program.id),
                ("kind", "in", ("earn", "return")),
                ("date", ">=", first),
                ("date", "<=", last),
            ]
        )

    # === NOT YET ADDED UP === #

    def test_what_is_not_added_up_yet_is_in_the_sums_and_said(self):
        self._sell_over_a_year()
        with patch.object(points_category_total, "_MOST_WAITED_FOR", 2):
            page = self._preview()

        # The two newest days were added up; the others come with the night.
        self.assertEqual(
            self._rows(page),
            [
                ("Drinks", "$ 40.00", "80", "$ 40.00", "80"),
                ("Food", "$ 100.00", "100", "$ 100.00", "100"),
                ("Not yet added up", "$ 0.00", "0", "$ 0.00", "300"),
                ("Total", "$ 140.00", "180", "$ 140.00", "480"),
            ],
        )
        self.assertIn("print this report again", page.text_content())
        cron = self.env.ref("customer_points.ir_cron_add_up_categories")
        trigger = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertTrue(trigger)

    def test_a_page_asked_for_by_its_address_writes_nothing(self):
        self._sell_over_a_year()
        asked = self._ask_categories()

        page = self._print(asked)

        self.assertEqual(
            [row[0] for row in self._rows(page)], ["Not yet added up", "Total"]
        )
        self.assertEqual(self._rows(page)[-1][-1], "480")
        self.assertFalse(self.total_model.search([]))

    # === RIGHTS === #

    def test_c05_only_users_of_points_read_it(self):
        self._sell_over_a_year()
        asked = self._ask_categories()
        for user in (self.seller, self.employee, self.visitor):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self._ask_categories(user)
                for name in ("action_print", "action_export", "action_export_csv"):
                    with self.assertRaises(AccessError):
                        getattr(asked.with_user(user), name)()
                with self.assertRaises(AccessError):
                    self._print(asked, user)
        with self.assertRaises(AccessError):
            self._print(asked, self.keeper)

    def test_other_companies_are_not_shown(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= company
        foreign = self._make_program(name="Foreign", company_id=company.id)
        with freeze_time("2026-03-10 12:00:00"):
            self._sell((self.cake, 1))

        page = self._preview(program_ids=False)

        self.assertNotIn("Foreign", page.text_content())
        with self.assertRaises(AccessError):
            self._ask_categories(program_ids=foreign.ids)

    def test_programs_that_are_gone_and_years_that_are_none_are_refused(self):
        program = self._make_program()
        asked = self._ask_categories(self.keeper, program_ids=program.ids)
        program.sudo().unlink()
        self.assertFalse(asked.program_ids)
        with self.assertRaises(ValidationError):
            self._ask_categories(day="0001-01-01")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.keeper.company_ids |= elsewhere
        nowhere = asked.with_context(allowed_company_ids=elsewhere.ids)
        with self.assertRaisesRegex(UserError, "no such program"):
            nowhere.action_print()

    # === PAPER === #

    def test_a_pdf_has_the_pages_that_are_counted(self):
        categories = self.env["product.category"].create(
            [{"name": f"Category {number:03}"} for number in range(60)]
        )
        products = [
            self._make_product(f"Product {category.name}", 10, categ_id=category.id)
            for category in categories
        ]
        with freeze_time("2026-03-10 12:00:00"):
            self._sell(*((product, 20) for product in products))
        asked = self._ask_categories(program_ids=self.by_block.ids)
        asked.action_print()
        self.env.flush_all()
        values = tables_values(self._report(asked), True)
        Report = self.env["ir.actions.report"].with_user(self.reader)
        Report = Report.with_context(force_report_rendering=True)

        pdf, _kind = Report._render_qweb_pdf(
            "customer_points.report_categories", asked.ids
        )

        made = PdfReader(io.BytesIO(pdf)).pages
        self.assertGreater(len(made), 1)
        self.assertEqual(len(made), len(values["pages"]))
        text = " ".join(made[-1].extract_text().split())
        self.assertIn("Category 059", text)
