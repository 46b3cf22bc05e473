"""Outstanding points: by hand, against the ledger, and who may see them."""

import contextlib
import io
import random
from datetime import date
from decimal import Decimal

from freezegun import freeze_time
from lxml import html
from openpyxl import load_workbook
from PyPDF2 import PdfReader

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_points.report.ledger_pages import shortened
from odoo.addons.customer_points.report.outstanding_points import (
    NEVER,
    OVERDUE,
    Balances,
    OutstandingPoints,
)
from odoo.addons.customer_points.report.report_values import tables_values
from odoo.addons.customer_points.report.sheets import Excel
from odoo.addons.customer_points.report.tables import Row, Table, pages_of

from .spending_common import SpendingCommon

_REPORT = "customer_points.report_outstanding"


class OutstandingCommon(SpendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write(
            {"value_per_point": 0.25, "expiry": "rolling", "expiry_months": 12}
        )
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        cls.reward = cls._make_reward(points=40, value=25)
        cls.other = cls._admit(cls.other_customer, cls.program)
        cls.cash = cls._make_program(
            {"method": "percent", "rate_stock": 5},
            name="Cash Back",
            mode="value",
            pending_days=60,
        )
        cls.third = cls.env["res.partner"].create({"name": "Third"})
        cls.cash_account = cls._admit(cls.third, cls.cash)
        cls.programs = cls.program | cls.cash
        cls.companies = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.keeper = new_test_user(
            cls.env,
            "keeper",
            "customer_points.group_points_manager",
            **cls.companies,
        )
        cls.reader = new_test_user(
            cls.env, "reader", "customer_points.group_points_user", **cls.companies
        )

    def _live(self):
        """Earn, redeem, return below zero; 260 of 335 points expire in April."""
        with freeze_time("2025-04-10 12:00:00"):
            self._sell((self.cake, 3))
        with freeze_time("2025-12-01 12:00:00"):
            order = self._sell((self.cake, 1), customer=self.other_customer)
        with freeze_time("2026-01-15 12:00:00"):
            self._buy([(self.cake, 1)], (self.reward, 1, -25))
            self._invoice(
                (self.cake, 1, 100), customer=self.third, day=date(2026, 1, 15)
            )
        with freeze_time("2026-01-20 12:00:00"):
            self._adjust(-30, self.other)
        with freeze_time("2026-02-01 12:00:00"):
            self._refund(order)

    def _read(self, day, programs=None):
        """Return what is outstanding of all programs on a day, by program."""
        self.env.flush_all()
        programs = self.programs if programs is None else programs
        every = OutstandingPoints(programs, date.fromisoformat(day)).find()
        return {found.program: found for found in every}

    def _of(self, balances):
        return (
            balances.customers,
            float(balances.points),
            float(balances.worth),
        )

    def _ask(self, user=None, **values):
        """Return the dialog of the menu Reporting, filled in."""
        Asked = self.env["points.program.print"].with_user(user or self.keeper)
        return Asked.create(values)

    def _print(self, asked, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        Report = self.env["ir.actions.report"].with_user(user or self.keeper)
        source, _kind = Report._render_qweb_html(_REPORT, asked.ids)
        return html.fromstring(source)

    @staticmethod
    def _rows(page):
        return [
            tuple(" ".join(cell.text_content().split()) for cell in row.xpath("td"))
            for row in page.xpath("//tr[@name='points_row']")
        ]


@tagged("post_install", "-at_install")
class TestOutstanding(OutstandingCommon):
    # === BY HAND === #

    def test_balances_of_any_day(self):
        self._live()
        with freeze_time("2026-05-01 12:00:00"):
            self.env["points.document"]._expire_account(self.account)
            for day, positive, negative, value in (
                ("2025-04-09", None, None, None),
                ("2025-04-10", (1, 300, 75), (0, 0, 0), 75),
                ("2026-01-14", (2, 400, 100), (0, 0, 0), 100),
                ("2026-01-31", (2, 405, 101.25), (0, 0, 0), 101.25),
                ("2026-02-01", (1, 335, 83.75), (1, -30, -7.5), 76.25),
                ("2026-04-30", (1, 335, 83.75), (1, -30, -7.5), 76.25),
                ("2026-05-01", (1, 75, 18.75), (1, -30, -7.5), 11.25),
            ):
                with self.subTest(day):
                    found = self._read(day).get(self.program)
                    if positive is None:
                        self.assertIsNone(found)
                        continue
                    self.assertEqual(self._of(found.positive), positive)
                    self.assertEqual(self._of(found.negative), negative)
                    self.assertEqual(float(found.value), value)

    def test_ages_months_and_pending_of_today(self):
        self._live()
        with freeze_time("2026-02-15 12:00:00"):
            found = self._read("2026-02-15")

        parts = found[self.program]
        self.assertEqual(
            {age: (part.points, part.worth) for age, part in parts.ages.items()},
            {0: (75, Decimal("18.75")), 2: (260, 65)},
        )
        self.assertEqual(
            {month: (part.points, part.worth) for month, part in parts.months.items()},
            {date(2026, 4, 1): (260, 65), date(2027, 1, 1): (75, Decimal("18.75"))},
        )
        self.assertFalse(parts.pending.points)
        cash = found[self.cash]
        self.assertEqual(self._of(cash.positive), (1, 5, 5))
        self.assertEqual((cash.pending.points, cash.pending.worth), (5, 5))
        self.assertEqual(list(cash.months), [NEVER])

    def test_ages_begin_where_months_end(self):
        for day in ("2025-11-14", "2025-11-15", "2026-02-15"):
            with freeze_time(f"{day} 12:00:00"):
                self._adjust(10, self.cash_account)
        with freeze_time("2026-02-15 12:00:00"):
            found = self._read("2026-02-15", self.cash)

        ages = {age: part.points for age, part in found[self.cash].ages.items()}
        self.assertEqual(ages, {0: 20, 1: 10})

    def test_points_past_their_last_day_stay_until_the_ledger_says_so(self):
        self._live()
        with freeze_time("2026-04-20 12:00:00"):
            parts = self._read("2026-04-20")[self.program]

        self.assertEqual(parts.positive.points, 335)
        self.assertEqual(parts.months[OVERDUE].points, 260)

    def test_l03_worth_follows_the_program_and_the_ledger_does_not(self):
        self._live()
        self.program.value_per_point = 0.5
        with freeze_time("2026-02-15 12:00:00"):
            found = self._read("2026-02-15")[self.program]

        self.assertEqual(self._of(found.positive), (1, 335, 167.5))
        self.assertEqual(self._of(found.negative), (1, -30, -15))
        self.assertEqual(float(found.value), 76.25)

    def test_cents_of_parts_add_up_to_the_cents_of_the_whole(self):
        self.program.value_per_point = 0.3333
        for month in range(1, 8):
            with freeze_time(f"2026-{month:02}-10 12:00:00"):
                self._adjust(1)
        with freeze_time("2026-07-10 12:00:00"):
            found = self._read("2026-07-10")[self.program]

        self.assertEqual(found.positive.worth, Decimal("2.33"))
        for parts in (found.ages, found.months):
            worth = sum(part.worth for part in parts.values())
            self.assertEqual(worth, Decimal("2.33"))

    def test_an_invoice_of_a_later_day_is_not_yet_outstanding(self):
        with freeze_time("2026-02-15 12:00:00"):
            self._adjust(10)
            self._invoice((self.cake, 1, 100), day=date(2026, 3, 1))
            found = self._read("2026-02-15")[self.program]

        self.assertPoints(self.account, 110)
        self.assertEqual(found.positive.points, 10)
        self.assertEqual(found.later.points, -100)
        self.assertEqual(sum(part.points for part in found.ages.values()), 110)

    def test_before_the_first_entry_nothing_was_outstanding(self):
        self._adjust(5)
        for day in (date.min, date(2000, 1, 1)):
            self.assertEqual(OutstandingPoints(self.program, day).find(), [])

    def test_archived_programs_are_included(self):
        self._adjust(10)
        self.program.active = False

        self.assertIn(self.program, self._ask()._get_programs())
        asked = self._ask(program_ids=self.program.ids)
        self.env.invalidate_all()
        self.assertEqual(asked._get_programs(), self.program)

    # === AGREEMENT === #

    def test_r02_a_life_at_random_agrees_with_the_ledger_on_every_day(self):
        dice, orders, days = random.Random(16), [], []
        self.accounts = self.other | self.account
        self._admit(self.third, self.program)
        customers = self.customer | self.other_customer | self.third
        for place in range(40):
            days.append(f"2026-{1 + place // 10:02}-{1 + place % 10 * 2:02}")
            with freeze_time(f"{days[-1]} 12:00:00"):
                self._happen(dice, orders, customers)
        accounts = self.env["points.account"].search(
            [("program_id", "in", self.programs.ids)]
        )
        with freeze_time(f"{days[-1]} 12:00:00"):
            for day in days:
                found = self._read(day)
                for program in self.programs:
                    self._check_ledger(found.get(program), program, day)
            for program, parts in self._read(days[-1]).items():
                own = accounts.filtered(lambda a, p=program: a.program_id == p)
                whole = parts.positive + parts.negative
                balance = sum(own.mapped("balance"))
                self.assertAlmostEqual(float(whole.points), balance, 4)
                for lots in (parts.ages, parts.months):
                    points = sum(part.points for part in lots.values())
                    self.assertEqual(points, parts.positive.points)
                self.assertFalse(parts.later.points)

    def _happen(self, dice, orders, customers):
        customer = dice.choice(customers)
        event = dice.choice(("sell", "sell", "refund", "adjust", "take"))
        if event == "refund" and orders:
            self._refund(orders.pop(dice.randrange(len(orders))))
        elif event == "adjust":
            self._adjust(dice.randint(1, 900) / 4, self.account)
        elif event == "take":
            with contextlib.suppress(UserError):  # perhaps there are not so many
                self._adjust(-dice.randint(1, 400), dice.choice(self.accounts))
        else:
            quantity = dice.randint(1, 3)
            orders.append(self._sell((self.cake, quantity), customer=customer))

    def _check_ledger(self, found, program, day):
        domain = [("program_id", "=", program.id), ("date", "<=", day)]
        ((points, value),) = self.env["points.entry"]._read_group(
            domain, [], ["points:sum", "value:sum"]
        )
        whole = found.positive + found.negative if found else Balances()
        booked = float(found.value) if found else 0.0
        with self.subTest(program.name, day=day):
            self.assertAlmostEqual(float(whole.points), points, 4)
            self.assertAlmostEqual(booked, value, 4)
            if found:
                self.assertGreaterEqual(found.positive.points, 0)
                self.assertLessEqual(found.negative.points, 0)

    # === SCREEN, PAPER, EXCEL === #

    def test_the_screen_shows_balances_ages_and_months(self):
        self._live()
        with freeze_time("2026-02-15 12:00:00"):
            page = self._print(self._ask())

        rows = self._rows(page)
        for row in (
            ("Shop Card", "Positive balances", "1", "335", "$ 83.75", ""),
            ("Shop Card", "Negative balances", "1", "-30", "$ -\ufeff7.50", ""),
            ("Shop Card", "Sum of the ledger", "2", "305", "$ 76.25", "$ 76.25"),
            ("Cash Back", "Positive balances", "1", "$ 5.00", "$ 5.00", "$ 5.00"),
            ("Total USD", "Sum of the ledger", "", "", "$ 81.25", "$ 81.25"),
            ("Shop Card", "Up to 3 months", "75", "", "$ 18.75"),
            ("Shop Card", "6 to 12 months", "260", "", "$ 65.00"),
            ("Shop Card", "April 2026", "260", "", "$ 65.00"),
            ("Cash Back", "Never", "$ 5.00", "$ 5.00", "$ 5.00"),
        ):
            with self.subTest(row):
                self.assertIn(row, rows)

    def test_programs_are_opened_from_the_screen_and_not_from_paper(self):
        self._adjust(5)
        asked = self._ask()
        Report = self.env["ir.actions.report"].with_user(self.keeper)
        links = []
        for data in (None, {"report_type": "pdf"}):
            source, _kind = Report._render_qweb_html(_REPORT, asked.ids, data)
            links.append(html.fromstring(source).xpath("//*[@res-id and @view-type]"))

        on_screen, on_paper = links
        self.assertEqual(
            {link.get("res-model") for link in on_screen}, {"points.program"}
        )
        self.assertEqual(
            {link.get("res-id") for link in on_screen}, {str(self.program.id)}
        )
        self.assertFalse(on_paper)

    def test_an_earlier_day_says_what_is_not_known_of_it(self):
        self._live()
        with freeze_time("2026-02-15 12:00:00"):
            page = self._print(self._ask(day="2026-01-31"))

        self.assertIn("known for today only", page.text_content())
        self.assertEqual(len(page.xpath("//table[@name='points_table']")), 1)
        self.assertIn("405", [row[3] for row in self._rows(page)])

    def test_a_page_runs_from_right_to_left_for_who_reads_so(self):
        self.env["res.lang"]._activate_lang("ar_001")
        Module = self.env["ir.module.module"]
        Module._load_module_terms(["customer_points"], ["ar_001"])
        self._adjust(5)
        self.keeper.lang = "ar_001"
        self.env.flush_all()
        keeper = self.keeper.with_context(lang="ar_001")
        Report = keeper.env["ir.actions.report"].with_user(keeper)
        source, _kind = Report._render_qweb_html(_REPORT, self._ask().ids)

        page = html.fromstring(source)
        (block,) = page.xpath("//div[contains(@class, 'o_points_page')]")
        self.assertEqual(block.get("dir"), "rtl")
        self.assertIn("حسب العمر · ", page.text_content())

    def test_excel_has_numbers_and_no_formulas(self):
        self.program.name = "=1+1"
        self._live()
        with freeze_time("2026-02-15 12:00:00"):
            file = io.BytesIO()
            excel = Excel(file, is_rtl=False)
            self._ask()._get_report("outstanding").fill(excel)
            excel.close()

        sheet = load_workbook(file).active
        cells = [cell for row in sheet.iter_rows() for cell in row]
        self.assertNotIn("f", {cell.data_type for cell in cells})
        self.assertEqual(sheet["B1"].value.date(), date(2026, 2, 15))
        rows = list(sheet.iter_rows(values_only=True))
        self.assertIn(("=1+1", "Positive balances", 1, 335, 83.75, None), rows)
        self.assertIn(("=1+1", "April 2026", 260, None, 65, None), rows)

    # === THE DIALOG AND WHO MAY USE IT === #

    def test_the_dialog_chooses_programs_and_companies(self):
        self.assertEqual(
            self._ask(program_ids=self.cash.ids)._get_programs(), self.cash
        )
        asked = self._ask(company_ids=self.company.ids)
        self.assertLessEqual(self.programs, asked._get_programs())

    def test_the_dialog_refuses_days_to_come(self):
        with (
            freeze_time("2026-02-15 12:00:00"),
            self.assertRaisesRegex(ValidationError, "not known"),
        ):
            self._ask(day="2026-02-16")

    def test_the_dialog_prints_previews_and_exports(self):
        asked = self._ask()
        self.assertEqual(asked.action_print()["report_type"], "qweb-pdf")
        self.assertEqual(asked.action_preview()["report_type"], "qweb-html")

    def test_c05_only_managers_see_it(self):
        self._adjust(5)
        asked = self._ask()
        self.assertTrue(self._rows(self._print(asked)))
        seller = new_test_user(
            self.env, "seller", "sales_team.group_sale_salesman", **self.companies
        )
        visitor = new_test_user(self.env, "visitor", "base.group_portal")
        for user in (self.reader, seller, visitor):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self._print(asked, user)
                with self.assertRaises(AccessError):
                    self._ask(user)

    def test_a_dialog_is_its_users_own(self):
        asked = self.env["points.program.print"].create({})

        with self.assertRaises(AccessError):
            self._print(asked)

    def test_companies_stand_apart_and_others_are_not_shown(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= company
        program = self._make_program(
            name="Foreign", company_id=company.id, value_per_point=1
        )
        account = self._admit(self.third, program)
        self._adjust(12, account)
        self._adjust(5)

        asked = self._ask()
        for values in ({"company_ids": company.ids}, {"program_ids": program.ids}):
            with self.assertRaises(AccessError):
                self._ask(**values)
        asked.sudo().program_ids = program
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "no such program"):
            self._print(asked)
        self.assertNotIn("Foreign", self._print(self._ask()).text_content())

        self.keeper.company_ids |= company
        both = self._ask().with_context(
            allowed_company_ids=(self.company | company).ids
        )
        tables = tables_values(both._get_report("outstanding"), False)["pages"][
            0
        ].tables
        titles = [table.title for table in tables]
        self.assertIn("Elsewhere", titles)
        self.assertIn(self.company.name, titles)

    # === MANY === #

    def test_queries_do_not_grow_with_accounts_rows_or_programs(self):
        def grow(count):
            for number in range(count):
                customer = self.env["res.partner"].create({"name": f"C{number}"})
                account = self._admit(customer, self.program)
                self._adjust(10 + number, account)
                program = self._make_program(name=f"P{number}", value_per_point=1)
                self._adjust(5, self._admit(customer, program))

        def queries():
            asked = self._ask()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tables_values(asked._get_report("outstanding"), True)
            return self.env.cr.sql_log_count - before

        grow(2)
        queries()  # what is kept in memory is read
        counted = queries()
        grow(8)
        queries()

        self.assertEqual(queries(), counted)

    def test_long_names_are_shortened_on_paper(self):
        self.assertEqual(shortened("Shop Card", 232), "Shop Card")
        said = shortened("A Customer Card with a very long name", 232)
        self.assertTrue(said.endswith("…"))
        self.assertLess(len(said), 35)

    def test_every_row_stands_on_one_page_under_its_heads(self):
        for rows in (0, 1, 40, 41, 200):
            table = Table("T", ("A", "B"), [Row((str(n), ""), ()) for n in range(rows)])
            pages = pages_of([table, table], 1320)
            found = [row for page in pages for part in page.tables for row in part.rows]
            self.assertEqual(found, table.rows * 2)
            self.assertTrue(all(part.rows for page in pages for part in page.tables))


@tagged("post_install", "-at_install")
class TestOutstandingByAddress(OutstandingCommon, HttpCase):
    """What a browser gets that asks for the report by its address."""

    def _get(self, path, login):
        self.env.flush_all()
        self.authenticate(login, login)
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            return self.url_open(path)

    def test_only_managers_get_the_page_and_the_file(self):
        self._adjust(7531.25)
        asked = self._ask()
        address = asked.action_export()["url"]
        new_test_user(self.env, "visitor", "base.group_portal")
        new_test_user(
            self.env, "other", "customer_points.group_points_manager", **self.companies
        )
        page = self._get(f"/report/html/{_REPORT}/{asked.id}", "keeper")
        self.assertEqual(page.status_code, 200)
        self.assertIn("7,531.25", page.text)
        self.assertTrue(self._get(address, "keeper").content.startswith(b"PK"))
        for login in ("visitor", "reader", "other"):
            with self.subTest(login):
                page = self._get(f"/report/html/{_REPORT}/{asked.id}", login)
                self.assertEqual(page.status_code, 403)
                self.assertNotIn("7,531.25", page.text)
                self.assertFalse(self._get(address, login).content.startswith(b"PK"))

    def test_a_pdf_has_the_pages_that_are_counted(self):
        for number in range(30):
            program = self._make_program(name=f"Card {number}", value_per_point=1)
            self._adjust(5, self._admit(self.customer, program))
        asked = self._ask()
        self.env.flush_all()
        Report = self.env["ir.actions.report"].with_user(self.keeper)
        Report = Report.with_context(force_report_rendering=True)
        for paper in ("euro", "us"):
            self.company.paperformat_id = self.env.ref(f"base.paperformat_{paper}")
            pages = tables_values(asked._get_report("outstanding"), True)["pages"]

            pdf, kind = Report._render_qweb_pdf(_REPORT, asked.ids)

            self.assertEqual(kind, "pdf")
            made = PdfReader(io.BytesIO(pdf)).pages
            for page, paper_page in zip(pages, made, strict=True):
                text = " ".join(paper_page.extract_text().split())
                self.assertIn(f"{page.number} / {len(pages)}", text)
                self.assertIn("Program", text)
