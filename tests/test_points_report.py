"""The points report for managers, and who gets reports by their address."""

import io
from collections import Counter

from freezegun import freeze_time
from openpyxl import load_workbook
from PyPDF2 import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_points.engine.movements import COLUMNS
from odoo.addons.customer_points.report.report_values import tables_values
from odoo.addons.customer_points.report.sheets import EXCEL

from .reports_common import ReportsCommon

_COLUMNS = ("earned", "returned", "redeemed", "expired", "adjusted")


class PointsReportCommon(ReportsCommon):
    def _ask_points(self, user=None, **values):
        user = user or self.keeper
        return self._ask("points", user, "points.program.print", **values)

    def _read(self, **values):
        """Return customers, columns and balance by year and program."""
        rows = self._sheet(self._report(self._ask_points(**values)))
        return {
            (int(row[1]), row[2]): tuple(
                float(cell.number) if cell else 0.0 for cell in row[3:]
            )
            for row in rows
        }


@tagged("post_install", "-at_install")
class TestPointsReport(PointsReportCommon, HttpCase):
    def test_c05_years_of_a_program(self):
        self.program.expiry = "none"
        with freeze_time("2024-06-01 12:00:00"):
            order = self._sell((self.cake, 2))
        with freeze_time("2026-02-01 12:00:00"):
            self._adjust(
                50, self.accounts.filtered(lambda a: a.program_id == self.program)[1]
            )
            self._sell((self.cake, 1))
            self._buy([(self.cake, 1)], (self.ten, 2, -5))
            self._refund(order, {self.cake: 1})
            found = self._read()

        self.assertEqual(
            found,
            {
                (2024, "Shop Card"): (1, 200, 0, 0, 0, 0, 200),
                (2025, "Shop Card"): (0, 0, 0, 0, 0, 0, 200),
                (2026, "Shop Card"): (2, 190, -100, -20, 0, 50, 320),
            },
        )

    def test_one_year_and_some_programs_are_chosen(self):
        for year in (2024, 2026):
            with freeze_time(f"{year}-06-01 12:00:00"):
                self._adjust(10)
                self._adjust(
                    3, self.accounts.filtered(lambda a: a.program_id == self.cash)[0]
                )
        for values, keys in (
            ({"year": 2024}, {(2024, "Shop Card"), (2024, "Cash Back")}),
            ({"year": 2025, "program_ids": self.cash.ids}, {(2025, "Cash Back")}),
            ({"year": 2027, "program_ids": self.cash.ids}, {(2027, "Cash Back")}),
            ({"year": 2023}, set()),
        ):
            with self.subTest(values):
                self.assertEqual(set(self._read(**values)), keys)
        self.assertEqual(self._read(year=2027)[2027, "Shop Card"][-1], 10)

    def test_r02_a_life_at_random_adds_up_in_every_year(self):
        self._live()
        found = self._read(program_ids=self.programs.ids)
        self.assertEqual(len(found), 4)
        for (year, name), (customers, *columns, balance) in found.items():
            program = self.programs.filtered(lambda each, name=name: each.name == name)
            of_program = [("program_id", "=", program.id)]
            days = [("date", ">=", f"{year}-01-01"), ("date", "<=", f"{year}-12-31")]
            entries = self.env["points.entry"].search([*of_program, *days])
            with self.subTest(name, year=year):
                self.assertEqual(customers, len(entries.account_id))
                for column, figure in zip(_COLUMNS, columns, strict=True):
                    kinds = [("kind", "in", COLUMNS[column])]
                    added = self._sum([*of_program, *days, *kinds])
                    self.assertAlmostEqual(figure, added, 4)
                until = self._sum([*of_program, days[1]])
                self.assertAlmostEqual(balance, until, 4)
        for program in self.programs:
            balance = sum(
                self.accounts.filtered(lambda a, p=program: a.program_id == p).mapped(
                    "balance"
                )
            )
            self.assertAlmostEqual(found[2026, program.name][-1], balance, 4)

    def test_the_page_says_money_where_programs_count_money(self):
        with freeze_time("2026-06-01 12:00:00"):
            self._adjust(1234.5)
            self._adjust(
                3, self.accounts.filtered(lambda a: a.program_id == self.cash)[0]
            )
            page = self._print(
                self._ask_points(program_ids=self.programs.ids), self.keeper
            )

        self.assertEqual(
            self._rows(page),
            [
                ("2026", "Cash Back", "1", "", "", "", "", "$ 3.00", "$ 3.00"),
                ("2026", "Shop Card", "1", "", "", "", "", "1,234.5", "1,234.5"),
            ],
        )
        (title,) = page.xpath("//h3")
        self.assertEqual(title.text_content(), self.company.name)

    def test_companies_stand_apart_and_others_are_not_shown(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= company
        program = self._make_program(name="Foreign", company_id=company.id)
        self._adjust(12, self._admit(self.customer, program))
        self._adjust(5)

        self.assertNotIn("Foreign", {name for _year, name in self._read()})
        for values in ({"company_ids": company.ids}, {"program_ids": program.ids}):
            with self.assertRaises(AccessError):
                self._ask_points(**values)
        self.keeper.company_ids |= company
        both = self._ask_points().with_context(
            allowed_company_ids=(self.company | company).ids
        )
        titles = [table.title for table in self._report(both).tables()]
        self.assertLessEqual({"Elsewhere", self.company.name}, set(titles))

    def test_queries_do_not_grow_with_customers_rows_or_programs(self):
        def grow(count):
            for number in range(count):
                customer = self.env["res.partner"].create({"name": f"C{number}"})
                self._adjust(10 + number, self._admit(customer, self.program))
                program = self._make_program(name=f"P{number}")
                self._adjust(5, self._admit(customer, program))

        def queries():
            asked = self._ask_points()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tables_values(asked._get_report("points"), True)
            return self.env.cr.sql_log_count - before

        grow(2)
        queries()  # what is kept in memory is read
        counted = queries()
        grow(8)
        queries()

        self.assertEqual(queries(), counted)

    # === RIGHTS === #

    def test_c05_only_managers_have_menu_and_report(self):
        self._adjust(5)
        asked = self._ask_points()
        menu = self.env.ref("customer_points.points_program_print_menu_points")
        for user in (self.reader, self.seller, self.employee, self.visitor):
            with self.subTest(user.login):
                if user != self.visitor:
                    shown = menu.with_user(user)._visible_menu_ids()
                    self.assertNotIn(menu.id, shown)
                with self.assertRaises(AccessError):
                    self._ask_points(user)
                with self.assertRaises(AccessError):
                    self._print(asked, user)
                for name in ("action_print", "action_preview", "action_export"):
                    with self.assertRaises(AccessError):
                        getattr(asked.with_user(user), name)()
        self.assertIn(menu.id, menu.with_user(self.keeper)._visible_menu_ids())

    def test_users_of_points_have_the_menus_of_customers_reports(self):
        for name in ("rewards", "months"):
            menu = self.env.ref(f"customer_points.points_account_print_menu_{name}")
            for user in (self.reader, self.keeper):
                self.assertIn(menu.id, menu.with_user(user)._visible_menu_ids())
            for user in (self.seller, self.employee):
                self.assertNotIn(menu.id, menu.with_user(user)._visible_menu_ids())

    def test_the_page_runs_from_right_to_left_for_who_reads_so(self):
        self.env["res.lang"]._activate_lang("ar_001")
        Module = self.env["ir.module.module"]
        Module._load_module_terms(["customer_points"], ["ar_001"])
        self._sell((self.cake, 1))
        self._buy([(self.cake, 1)], (self.ten, 4, -5))

        page = self._print(self._ask_points(), self.keeper, lang="ar_001")
        (block,) = page.xpath("//div[contains(@class, 'o_points_page')]")
        self.assertEqual(block.get("dir"), "rtl")
        # A minus stays on the left.
        self.assertIn("\u200e-40", self._rows(page)[0])

    def test_a_pdf_has_the_pages_that_are_counted(self):
        for year in range(1960, 2026):
            with freeze_time(f"{year}-06-01 12:00:00"):
                self._adjust(1)
        asked = self._ask_points(program_ids=self.program.ids)
        self.env.flush_all()
        Report = self.env["ir.actions.report"].with_user(self.keeper)
        Report = Report.with_context(force_report_rendering=True)
        pages = tables_values(self._report(asked), True)["pages"]

        pdf, _kind = Report._render_qweb_pdf("customer_points.report_points", asked.ids)

        made = PdfReader(io.BytesIO(pdf)).pages
        self.assertGreater(len(pages), 1)
        for page, paper in zip(pages, made, strict=True):
            text = " ".join(paper.extract_text().split())
            self.assertIn(f"{page.number} / {len(pages)}", text)


@tagged("post_install", "-at_install")
class TestReportsByAddress(PointsReportCommon, HttpCase):
    """What a browser gets that asks for a report, or its file, by its address."""

    def _get(self, path, login):
        self.env.flush_all()
        self.authenticate(login, login)
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            return self.url_open(path)

    def _asked(self):
        """Yield each report with its dialog, and who may read it."""
        for name in ("ledger", "rewards", "months"):
            yield name, self._ask(name, partner_ids=self.customer.ids), "reader"
        asked = self._ask("categories", dialog="points.category.print")
        yield "categories", asked, "reader"
        yield "points", self._ask_points(program_ids=self.program.ids), "keeper"

    def test_who_may_gets_the_page_and_the_files_and_nobody_else(self):
        self.customer.name = "Zyxomarka"
        self.program.name = "Zyxomarka Card"
        self._sell((self.cake, 2))
        self._buy([(self.cake, 1)], (self.ten, 1, -5))
        new_test_user(self.env, "other", "customer_points.group_points_manager")
        counted = Counter()
        for name, asked, reader in self._asked():
            addresses = [f"/report/html/customer_points.report_{name}/{asked.id}"]
            addresses.append(asked.action_export()["url"])
            if name != "points":
                addresses.append(asked.action_export_csv()["url"])
            for address in addresses:
                for login in (reader, "other", "seller", "employee", "visitor"):
                    with self.subTest(address, login=login):
                        answer = self._get(address, login)
                        told = self._told(answer)
                        self.assertEqual(
                            answer.status_code, 200 if login == reader else 403
                        )
                        self.assertEqual("Zyxomarka" in told, login == reader)
                        counted[login == reader] += 1
        self.assertEqual(counted, {True: 14, False: 56})

    @staticmethod
    def _told(answer):
        if answer.headers["Content-Type"] != EXCEL:
            return answer.content.decode("utf-8-sig")
        book = load_workbook(io.BytesIO(answer.content))
        return str([list(sheet.iter_rows(values_only=True)) for sheet in book])

    def test_files_are_named_and_typed(self):
        self._adjust(5)
        asked = self._ask("months", partner_ids=self.customer.ids, year=2026)
        for kind, type_ in (("xlsx", EXCEL), ("csv", "text/csv; charset=utf-8")):
            address = f"/customer_points/export/points.account.print/{asked.id}/{kind}"
            answer = self._get(address, "reader")
            self.assertEqual(answer.headers["Content-Type"], type_)
            disposition = answer.headers["Content-Disposition"]
            self.assertIn("attachment", disposition)
            self.assertIn(f"2026.{kind}", disposition)

    def test_a_reader_of_several_companies_gets_those_that_are_on(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= company
        program = self._make_program(name="Foreign", company_id=company.id)
        self._adjust(12, self._admit(self.customer, program))
        self._adjust(5)
        self.reader.company_ids |= company
        for companies, is_there in (
            (self.company, False),
            (self.company | company, True),
        ):
            asked = self._ask("ledger").with_context(allowed_company_ids=companies.ids)
            answer = self._get(asked.action_export_csv()["url"], "reader")
            self.assertEqual("Foreign" in answer.text, is_there)

    def test_companies_of_others_are_refused(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self._adjust(5)
        asked = self._ask("ledger")
        address = asked.action_export()["url"].split("?")[0]
        answer = self._get(f"{address}?companies={company.id}", "reader")
        self.assertEqual(answer.status_code, 403)
        for companies in ("x", "1;DROP", "-1", "", "٣", "²", "9" * 5000):
            with self.subTest(companies):
                answer = self._get(f"{address}?companies={companies}", "reader")
                self.assertIn(answer.status_code, (200, 403))

    def test_addresses_that_are_none_get_no_file(self):
        asked = self._ask("ledger")
        outstanding = self._ask("outstanding", self.keeper, "points.program.print")
        home = "/customer_points/export"
        for path, login, status in (
            (f"points.account.print/{asked.id}/pdf", "reader", 404),
            (f"res.partner/{self.customer.id}/csv", "reader", 404),
            (f"points.program.print/{outstanding.id}/csv", "keeper", 404),
            ("points.account.print/0/csv", "reader", 422),
            ("points.account.print/999999999/csv", "reader", 422),
            (f"points.account.print/{10**30}/xlsx", "reader", 422),
            ("points.account.print/-1/xlsx", "reader", 422),
            ("points.account.print/abc/xlsx", "reader", 404),
        ):
            with self.subTest(path):
                answer = self._get(f"{home}/{path}", login)
                self.assertEqual(answer.status_code, status)
                self.assertNotIn("Traceback", answer.text)
