"""The ledger on paper: its figures, its language, who may print it."""

import io
import json
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time
from lxml import html
from PyPDF2 import PdfReader

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_points.models import ir_actions_report
from odoo.addons.customer_points.report import ledger_pages, report_values
from odoo.addons.customer_points.report.customer_ledger import CustomerLedger, Period

from .spending_common import SpendingCommon

_OF_PARTNER = "customer_points.report_partner_ledger"
_OF_ACCOUNT = "customer_points.report_account_ledger"
_OF_DIALOG = "customer_points.report_ledger"


class LedgerReportCommon(SpendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        cls.reward = cls._make_reward(points=40, value=25)
        companies = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.reader = new_test_user(
            cls.env, "reader", "customer_points.group_points_user", **companies
        )
        cls.seller = new_test_user(
            cls.env, "seller", "sales_team.group_sale_salesman", **companies
        )

    def _print(self, records, report=_OF_ACCOUNT, user=None, **context):
        """Return the preview of a ledger, as a page."""
        self.env.flush_all()
        self.env.invalidate_all()
        Report = self.env["ir.actions.report"].with_user(user or self.reader)
        Report = Report.with_context(**context)
        source, _kind = Report._render_qweb_html(report, records.ids)
        return html.fromstring(source)

    @staticmethod
    def _texts(page, path):
        return [" ".join(found.text_content().split()) for found in page.xpath(path)]

    def _lines(self, page):
        """Return the texts of the rows of the ledger."""
        return [
            tuple(" ".join(cell.text_content().split()) for cell in row.xpath("td"))
            for row in page.xpath("//tr[@name='points_line']")
        ]

    def _figures(self, page):
        """Return the figures of the first program by their label."""
        table = page.xpath("//div[@name='points_statement']/table")[0]
        labels, figures = (self._texts(table, path) for path in (".//th", ".//td"))
        return dict(zip(labels, figures, strict=True))

    def _statement(self, account, *period):
        """Return what the ledger says of one account."""
        self.env.flush_all()
        (customer,) = CustomerLedger(account, Period(*period)).customers()
        (statement,) = customer.statements
        return statement

    def _spend(self):
        """Earn 15 and redeem 5 points."""
        reward = self._make_reward(points=5, value=5)
        self._sell((self.coffee, 1.5))
        self._buy([(self.coffee, 0.5)], (reward, 1, -5))

    def _ask(self, **values):
        """Return the dialog of the menu Reporting, filled in."""
        return self.env["points.account.print"].with_user(self.reader).create(values)


@tagged("post_install", "-at_install")
class TestLedgerReport(LedgerReportCommon):
    # === FIGURES === #

    def test_l19_earned_redeemed_and_available(self):
        self._spend()

        page = self._print(self.account)

        figures = {"Earned": "15", "Redeemed": "-5", "Ending Balance": "10"}
        self.assertEqual(self._figures(page), figures)
        standing = self._texts(page, "//div[@name='points_standing']")[0]
        self.assertIn("Available 10", standing)
        self.assertIn("Worth $ 100.00", standing)

    def test_l22_each_row_names_its_document_its_order_and_why(self):
        order = self._sell((self.cake, 1))
        paid = self._buy([(self.cake, 1)], (self.reward, 1, -25))
        self._refund(order)
        self._adjust(-3)

        rows = self._lines(self._print(self.account))

        self.assertEqual(
            [row[3:] for row in rows],
            [
                ("100", "", "100"),
                ("", "40", "60"),
                ("75", "", "135"),
                ("", "100", "35"),
                ("", "3", "32"),
            ],
        )
        documents = self.account.entry_ids.sorted("id").document_id
        self.assertEqual(rows[0][1], f"{order.name} {documents[0].name}")
        self.assertEqual(rows[1][1], f"{paid.name} {documents[1].name}")
        self.assertEqual(rows[-1][1], documents[-1].name)
        earned = "Cake (1 unit), $ 100.00 incl. tax, 1 point per $ 1.00: 100 points"
        reasons = [row[2] for row in rows]
        self.assertEqual(reasons[0], earned)
        self.assertEqual(reasons[1], "40 points redeemed, worth $ 25.00")
        self.assertEqual(reasons[3], "This order no longer earns points.")
        self.assertEqual(reasons[4], "Test")

    def test_r01_the_sentences_are_those_of_the_documents(self):
        invoice = self._invoice((self.cake, 3, 100))
        self._credit(invoice, {self.cake: 1})
        self._buy([(self.coffee, 10)], (self.reward, 1, -25))

        for line, document in zip(
            self._statement(self.account).lines[:3],
            self.account.entry_ids.sorted(lambda entry: (entry.date, entry.id))[
                :3
            ].document_id,
            strict=False,
        ):
            said = line.why.removeprefix("Points for the kept products: ")
            self.assertIn(said, document.explanation)

    def test_the_balance_goes_on_from_row_to_row_and_ends_with_the_accounts(self):
        self._sell((self.cake, 2))
        self._buy([(self.cake, 1)], (self.reward, 1, -25))
        self._adjust(7.25)
        self._adjust(-1.5)

        statement = self._statement(self.account)

        entries = self.account.entry_ids.sorted("id")
        after = [
            self.account._say_amount(Decimal(str(entry.balance_after)))
            for entry in entries
        ]
        self.assertEqual([line.balance for line in statement.lines], after)
        balance = self.account._say_amount(Decimal(str(self.account.balance)))
        self.assertEqual(statement.moved[-1], ("Ending Balance", balance))

    def test_r02_totals_by_kind_add_up_to_the_balance(self):
        self.program.expiry = "rolling"
        self.program.expiry_months = 1
        with freeze_time("2026-01-10 12:00:00"):
            self._adjust(500)
            order = self._sell((self.cake, 3))
        with freeze_time("2026-01-20 12:00:00"):
            self._refund(order, {self.cake: 1})
            self._buy([(self.cake, 1)], (self.reward, 2, -25))
        with freeze_time("2026-08-10 12:00:00"):
            self.env["points.document"]._expire_account(self.account)
            page = self._print(self.account)

        figures = self._figures(page)
        sums = dict(
            self.env["points.entry"]._read_group(
                [("account_id", "=", self.account.id)], ["kind"], ["points:sum"]
            )
        )
        kinds = {"Earned": "earn", "Returned": "return", "Redeemed": "redeem"}
        kinds |= {"Expired": "expire", "Adjusted": "adjust"}
        self.assertEqual(set(figures), {*kinds, "Ending Balance"})
        for label, kind in kinds.items():
            self.assertEqual(figures[label], f"{sums[kind]:g}")
        self.assertEqual(figures["Ending Balance"], "0")

    def test_pending_reserved_and_the_next_expiry_are_said(self):
        self.program.write(
            {"pending_days": 5, "expiry": "yearly", "expiry_day": 31}
            | {"expiry_month": 12}
        )
        self._adjust(200)
        self._sell((self.cake, 1))
        self._reserve(self.reward)

        standing = dict(self._statement(self.account).standing)

        self.assertEqual(standing["Pending"], "100")
        self.assertEqual(standing["Reserved"], "40")
        self.assertEqual(standing["Available"], "160")
        self.assertIn("300 points until 12/31/", standing["Next Expiry"])

    def test_a_program_that_counts_money_says_money(self):
        program = self._make_program(
            {"method": "percent", "rate_stock": 5}, name="Money", mode="value"
        )
        account = self._admit(self.customer, program)
        self._invoice((self.cake, 1, 100))

        page = self._print(account)

        self.assertEqual(self._lines(page)[0][3:], ("$ 5.00", "", "$ 5.00"))
        standing = self._texts(page, "//div[@name='points_standing']")[0]
        self.assertNotIn("Worth", standing)

    def test_transferred_points_name_both_customers(self):
        other = self._admit(self.other_customer, self.program)
        self._adjust(100)
        wizard = self.env["points.account.transfer"].create(
            {
                "account_id": self.account.id,
                "partner_id": self.other_customer.id,
                "points": 30,
                "reason": "Gift",
            }
        )
        wizard.action_transfer()

        (line,) = self._statement(other).lines

        self.assertIn("30 points transferred from", line.why)
        self.assertEqual((line.points_in, line.balance), ("30", "30"))

    def test_a_ledger_without_entries(self):
        page = self._print(self.account)

        self.assertEqual(self._lines(page), [])
        self.assertIn("No entries in this period.", page.text_content())
        self.assertEqual(self._figures(page)["Ending Balance"], "0")

    def test_rows_of_older_versions_are_explained(self):
        """As 19.0.1.4.0 wrote them, with keys of one letter."""
        line = f"1 {self.cake.id} 1 100"
        of_program = {str(self.program.id): {"s": ["1 multiplier 1 *"]}}
        evidence = {
            "d": "2026-01-05",
            "l": [line],
            "h": "5f0ab1c2d3e4",
            "p": of_program,
            "b": {"9": f"{self.program.id} 1 150"},
            "r": 0,
        }
        self._post("inv:999999", evidence)

        (line,) = self._statement(self.account).lines

        self.assertIn(
            "Cake (1 unit), $ 100.00 incl. tax", line.why.replace("\xa0", " ")
        )

    def test_a_row_that_cannot_be_explained_says_its_kind(self):
        """Such as one that asked for a variable of a module that is gone."""
        of_program = {str(self.program.id): {"s": ["1 formula * *"]}}
        evidence = {"d": "2026-01-05", "l": [f"1 {self.cake.id} 1 100"]}
        evidence |= {"p": of_program, "told": {"gone": "1"}}
        self._post("inv:999999", evidence)

        with mute_logger("odoo.addons.customer_points.wording.entry_explanation"):
            (line,) = self._statement(self.account).lines

        self.assertEqual((line.why, line.balance), ("Earned", "100"))

    def _post(self, root, evidence):
        self.env["points.document"]._post(
            {
                "kind": "sale",
                "date": date(2026, 1, 5),
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "evidence": json.loads(json.dumps({root: evidence})),
            },
            [
                {
                    "account_id": self.account.id,
                    "program_id": self.program.id,
                    "kind": "earn",
                    "points": Decimal(100),
                    "root": root,
                    "number": 1,
                }
            ],
        )

    # === PERIOD === #

    def test_both_days_of_a_period_count_and_what_was_before_is_its_start(self):
        for day, points in (("14", 1), ("15", 10), ("20", 100), ("21", 1000)):
            with freeze_time(f"2026-03-{day} 12:00:00"):
                self._adjust(points)

        statement = self._statement(self.account, date(2026, 3, 15), date(2026, 3, 20))

        self.assertEqual([line.points_in for line in statement.lines], ["10", "100"])
        self.assertEqual([line.balance for line in statement.lines], ["11", "111"])
        self.assertEqual(statement.moved[0], ("Starting Balance", "1"))
        self.assertEqual(statement.moved[-1], ("Ending Balance", "111"))
        self.assertIn(("Available", "1,111"), statement.standing)

    def test_a_row_is_of_the_day_it_was_in_the_shop(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        with freeze_time("2026-03-14 12:30:00"):  # the 15th there
            self._adjust(5)

        with freeze_time("2026-03-15 09:00:00"):
            first = self._statement(self.account, date(2026, 3, 15), None)
            before = self._statement(self.account, None, date(2026, 3, 14))

        self.assertEqual([line.date for line in first.lines], ["03/15/2026"])
        self.assertEqual(before.lines, ())

    def test_an_invoice_of_an_earlier_day_stands_where_its_day_is(self):
        with freeze_time("2026-03-20 12:00:00"):
            self._adjust(10)
        self._invoice((self.cake, 1, 100), day=date(2026, 3, 15))

        statement = self._statement(self.account, date(2026, 3, 1), None)

        dates = [line.date for line in statement.lines]
        self.assertEqual(dates, ["03/15/2026", "03/20/2026"])
        self.assertEqual([line.balance for line in statement.lines], ["100", "110"])

    # === LANGUAGE === #

    def test_each_customer_reads_the_own_language_and_numbers(self):
        self.env["res.lang"]._activate_lang("de_DE")
        Module = self.env["ir.module.module"]
        Module._load_module_terms(["customer_points"], ["de_DE"])
        self.customer.lang = "de_DE"
        other = self._admit(self.other_customer, self.program)
        self._invoice((self.cake, 12, 100.5))
        self._invoice((self.cake, 12, 100.5), customer=self.other_customer)

        page = self._print(self.account | other)

        rows = {row[5]: row for row in self._lines(page)}
        self.assertEqual(set(rows), {"1,206", "1.206"})
        self.assertEqual(rows["1.206"][0], "15.03.2026")
        self.assertIn("12 Einheiten", rows["1.206"][2])
        self.assertEqual(rows["1,206"][0], "03/15/2026")
        text = page.text_content()
        self.assertIn("Gesammelt", text)
        self.assertIn("Earned", text)
        self.assertIn("Kundenpunkte", text)

    def test_a_page_runs_from_right_to_left_for_who_reads_so(self):
        self.env["res.lang"]._activate_lang("ar_001")
        Module = self.env["ir.module.module"]
        Module._load_module_terms(["customer_points"], ["ar_001"])
        self.customer.lang = "ar_001"
        self._sell((self.cake, 1))
        self._adjust(-20)

        page = self._print(self.account)

        (block,) = page.xpath("//div[contains(@class, 'o_points_page')]")
        self.assertEqual((block.get("dir"), block.get("lang")), ("rtl", "ar-001"))
        why = page.xpath("//td[@name='points_reason']//div")[0].text_content().split()
        self.assertEqual((why[0][0], why[-1][-1]), ("\u200f", "\u200f"))
        # A minus stays on the left.
        self.assertIn("\u200e-20", self._figures(page).values())

    # === WHOSE LEDGER === #

    def test_c19_a_contact_prints_the_ledger_of_its_company_once(self):
        company = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": company.id}
        )
        account = self._admit(company, self.program)
        self._adjust(33, account)

        page = self._print(contact | company, _OF_PARTNER)

        self.assertEqual([row[5] for row in self._lines(page)], ["33"])
        self.assertIn("Firm", page.text_content())

    def test_all_programs_of_a_customer_stand_together(self):
        second = self._admit(self.customer, self._make_program(name="A Second"))
        self._adjust(5)
        self._adjust(6, second)

        page = self._print(self.customer, _OF_PARTNER)

        self.assertEqual(self._texts(page, "//h3"), ["A Second", "Shop Card"])
        self.assertEqual([row[5] for row in self._lines(page)], ["6", "5"])
        self.assertEqual(len(page.xpath("//div[contains(@class, 'o_points_page')]")), 1)

    def test_customers_without_points_are_left_out_and_alone_refused(self):
        nobody = self.env["res.partner"].create({"name": "Nobody"})
        self._adjust(5)
        page = self._print(self.customer | nobody, _OF_PARTNER)
        self.assertNotIn("Nobody", page.text_content())

        with self.assertRaisesRegex(UserError, "None of these customers"):
            self._print(nobody, _OF_PARTNER)
        asked = self._ask(partner_ids=[Command.set(nobody.ids)])
        with self.assertRaisesRegex(UserError, "None of these customers"):
            asked.action_print()

    # === THE DIALOG === #

    def test_the_dialog_chooses_customers_tags_programs_and_days(self):
        tag = self.env["res.partner.category"].create({"name": "Gold"})
        self.other_customer.category_id = tag
        other = self._admit(self.other_customer, self.program)
        third = self._admit(self.customer, self._make_program(name="Third"))
        every = self.account | other | third
        for values, accounts in (
            ({}, every),
            ({"partner_ids": self.customer.ids}, self.account | third),
            ({"category_ids": tag.ids}, other),
            ({"program_ids": self.program.ids}, self.account | other),
            (
                {"program_ids": self.program.ids, "partner_ids": self.customer.ids},
                self.account,
            ),
        ):
            with self.subTest(values):
                asked = self._ask(
                    **{name: [Command.set(ids)] for name, ids in values.items()}
                )
                self.assertEqual(asked._get_accounts() & every, accounts)

    def test_the_dialog_prints_its_period(self):
        with freeze_time("2026-02-01 12:00:00"):
            self._adjust(5)
        with freeze_time("2026-04-01 12:00:00"):
            self._adjust(7)
            asked = self._ask(
                partner_ids=[Command.set(self.customer.ids)],
                date_from="2026-03-01",
                date_to="2026-04-01",
            )
            action = asked.action_print()
            page = self._print(asked, _OF_DIALOG)

        self.assertEqual(action["report_name"], _OF_DIALOG)
        self.assertEqual(asked.action_preview()["report_type"], "qweb-html")
        self.assertEqual([row[5] for row in self._lines(page)], ["12"])
        self.assertIn("03/01/2026 – 04/01/2026", page.text_content())

    def test_the_dialog_begins_with_this_year_of_the_shop(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        with freeze_time("2025-12-31 12:00:00"):
            self.assertEqual(self._ask().date_from, date(2026, 1, 1))

    def test_the_dialog_refuses_a_period_that_ends_before_it_starts(self):
        with self.assertRaisesRegex(ValidationError, "ends before it starts"):
            self._ask(date_from="2026-03-02", date_to="2026-03-01")

    # === RIGHTS === #

    def test_c05_only_users_of_points_print(self):
        self._sell((self.cake, 1))
        manager = new_test_user(
            self.env,
            "manager",
            "customer_points.group_points_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        for user in (self.reader, manager):
            for records, report in (
                (self.account, _OF_ACCOUNT),
                (self.customer, _OF_PARTNER),
            ):
                self.assertEqual(
                    len(self._lines(self._print(records, report, user))), 1
                )
        cashier = new_test_user(self.env, "till", "point_of_sale.group_pos_user")
        own_only = new_test_user(self.env, "portal", "base.group_portal")
        for user in (cashier, own_only, self.seller):
            for records, report in (
                (self.account, _OF_ACCOUNT),
                (self.customer, _OF_PARTNER),
                (self._ask(), _OF_DIALOG),
            ):
                with self.subTest(user.login, report=report):
                    with self.assertRaises(AccessError):
                        self._print(records, report, user)

    def test_a_seller_with_own_documents_only_sees_whose_sales_they_are(self):
        """As in lists: the names of orders that the row is about, and no more."""
        self.seller.group_ids |= self.env.ref("customer_points.group_points_user")
        order = self._make_sale_order()
        order.user_id = self.reader
        invoice = order._create_invoices()
        invoice.action_post()

        (row,) = self._lines(self._print(self.account, user=self.seller))

        self.assertIn(invoice.name, row[1])

    def test_other_companies_are_not_shown(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= company
        program = self._make_program(name="Foreign", company_id=company.id)
        account = self._admit(self.customer, program)

        with self.assertRaises(AccessError):
            self._print(account)
        self._adjust(5)
        page = self._print(self.customer, _OF_PARTNER)
        self.assertEqual(self._texts(page, "//h3"), ["Shop Card"])
        self.assertNotIn(account, self._ask()._get_accounts())

    def test_a_dialog_is_its_users_own(self):
        asked = self.env["points.account.print"].create({})

        with self.assertRaises(AccessError):
            self._print(asked, _OF_DIALOG)

    def test_what_a_browser_sends_as_context_decides_nothing(self):
        self._buy([(self.cake, 2)])
        self._buy([(self.cake, 1)], (self.reward, 1, -25))

        page = self._print(
            self.account, points_open_order="x", points_preview="pos:1", bin_size=True
        )

        self.assertEqual(len(self._lines(page)), 3)

    # === MANY === #

    def test_queries_do_not_grow_with_customers_or_rows(self):
        self.company.partner_id.tz = "UTC"

        def grow(count):
            for number in range(count):
                customer = self.env["res.partner"].create({"name": f"C{number}"})
                self._admit(customer, self.program)
                self._invoice((self.cake, 3, 100), customer=customer)
                order = self._sell((self.cake, 2), customer=customer)
                self._buy([(self.cake, 1)], (self.reward, 1, -25), customer=customer)
                self._refund(order, {self.cake: 1})
            return self.env["points.account"].search(
                [("program_id", "=", self.program.id)]
            )

        def queries(accounts):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            report_values.ledger_values(
                accounts.with_user(self.reader), Period(date(2026, 1, 1)), True
            )
            return self.env.cr.sql_log_count - before

        few = grow(2)
        queries(few)  # what is kept in memory is read
        counted = queries(few)
        many = grow(8)
        queries(many)

        self.assertEqual(len(many), len(few) + 8)
        self.assertEqual(queries(many), counted)

    def test_too_many_pages_are_refused_with_a_sentence(self):
        self._adjust(1)
        for is_paper in (True, False):
            with (
                patch.object(report_values, "_MOST_PAGES", 0),
                self.assertRaisesRegex(UserError, "select fewer customers"),
            ):
                report_values.ledger_values(self.account, Period(), is_paper)


@tagged("post_install", "-at_install")
class TestLedgerPages(LedgerReportCommon):
    """Where pages end, and what is on each of them."""

    def _pages(self, rows, height=1453):
        line = ledger_pages.Line(
            "01/01/2026", None, "PTS/1", "INV/1", "Why", "1", "", "1"
        )
        statement = ledger_pages.Statement("Card", (), (), (line,) * rows)
        return ledger_pages.pages_of([statement], height)

    def test_every_row_stands_on_one_page(self):
        for rows in (0, 1, 17, 18, 40, 500):
            with self.subTest(rows):
                blocks = [block for page in self._pages(rows) for block in page.blocks]
                self.assertEqual(sum(len(block.lines) for block in blocks), rows)
                self.assertTrue(all(block.lines for block in blocks[1:]))
                self.assertTrue(blocks[0].is_first)
                self.assertFalse(any(block.is_first for block in blocks[1:]))
        self.assertEqual(len(self._pages(500, None)), 1)

    def test_long_texts_take_more_of_a_page(self):
        def count(text):
            return len(ledger_pages._wrapped(text, ledger_pages._REASON))

        self.assertEqual(count("pump " * 6), 1)
        self.assertEqual(count("PUMP " * 12), 2)
        self.assertEqual(count("字" * 60), 3)
        self.assertEqual(count(""), 0)

    def test_paper_is_that_of_the_company(self):
        Report = self.env.ref("customer_points.report_ledger_action")
        for name, height in (("euro", 1453), ("us", 1320)):
            self.company.paperformat_id = self.env.ref(f"base.paperformat_{name}")
            paper = Report.with_company(self.company).get_paperformat()
            self.assertEqual(paper.format, self.company.paperformat_id.format)
            self.assertEqual((paper.orientation, paper.margin_top), ("Portrait", 10))
            env = Report.with_company(self.company).env
            self.assertEqual(report_values._get_height(env), height)
        other = self.env.ref("account.account_invoices")
        self.assertEqual(other.get_paperformat().format, "Letter")


@tagged("post_install", "-at_install")
class TestLedgerByAddress(LedgerReportCommon, HttpCase):
    """What a browser gets that asks for a report by its address."""

    def _get(self, path, login="reader"):
        self.env.flush_all()
        self.authenticate(login, login)
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            return self.url_open(f"/report/{path}")

    def test_a_points_user_gets_the_page(self):
        self._adjust(1234)

        page = self._get(f"html/{_OF_PARTNER}/{self.customer.id}")

        self.assertEqual(page.status_code, 200)
        self.assertIn("1,234", page.text)

    def test_portal_users_and_employees_get_nothing(self):
        self.customer.name = "Zyxomarka"
        self._adjust(7531.25)
        new_test_user(self.env, "visitor", "base.group_portal")
        new_test_user(self.env, "employee", "base.group_user")
        asked = self._ask()
        for login in ("visitor", "employee", "seller"):
            for report, records in (
                (_OF_PARTNER, self.customer),
                (_OF_ACCOUNT, self.account),
                (_OF_DIALOG, asked),
            ):
                with self.subTest(login, report=report):
                    page = self._get(f"html/{report}/{records.id}", login)
                    self.assertEqual(page.status_code, 403)
                    self.assertNotIn("Zyxomarka", page.text)
                    self.assertNotIn("7,531.25", page.text)

    def test_ids_that_are_none_get_a_sentence(self):
        for ids in ("", "/0", "/999999999", f"/{10**30}", "/abc", "/-1", "/1;DROP"):
            for report in (_OF_PARTNER, _OF_ACCOUNT, _OF_DIALOG):
                with self.subTest(ids, report=report):
                    page = self._get(f"html/{report}{ids}")
                    self.assertEqual(page.status_code, 422)
                    self.assertIn("Select what is to be printed.", page.text)
                    self.assertNotIn("Traceback", page.text)

    def test_what_the_address_adds_changes_nothing(self):
        self._adjust(1234)
        plain = self._get(f"html/{_OF_ACCOUNT}/{self.account.id}").text
        for more in (
            "o=x&doc=3&company=y&lang=zz&title=%3Cb%3E",
            "printed=1&companies=2&height=9&width=3&marked=0",
            "report_type=zz",
            "options=" + json.dumps({"printed": [], "o": 1, "docs": 1}),
            "context=" + json.dumps({"points_open_order": 3, "active_test": "x"}),
        ):
            with self.subTest(more):
                page = self._get(f"html/{_OF_ACCOUNT}/{self.account.id}?{more}")
                self.assertEqual(page.status_code, 200)
                self.assertEqual(
                    self._lines(html.fromstring(page.text)),
                    self._lines(html.fromstring(plain)),
                )

    def test_a_pdf_has_the_pages_that_are_counted(self):
        """No page is longer than the paper, on it stands the head of the columns."""
        for number in range(110):
            self._adjust(number + 1)
        other = self._admit(self.other_customer, self.program)
        accounts = (self.account | other).with_user(self.reader)
        self.env.flush_all()
        values = report_values.ledger_values(accounts, Period(), True)
        Report = self.env["ir.actions.report"].with_user(self.reader)
        Report = Report.with_context(force_report_rendering=True)

        pdf, kind = Report._render_qweb_pdf(_OF_ACCOUNT, accounts.ids)
        with patch.object(ir_actions_report, "_PAGES_A_RUN", 3):
            in_parts, _kind = Report._render_qweb_pdf(_OF_ACCOUNT, accounts.ids)

        self.assertEqual(kind, "pdf")
        numbers = [
            f"{page.number} / {len(pages)}"
            for _customer, pages in values["printed"]
            for page in pages
        ]
        self.assertEqual(len(numbers), 4)
        for file in (pdf, in_parts):
            made = PdfReader(io.BytesIO(file)).pages
            for number, page in zip(numbers, made, strict=True):
                text = " ".join(page.extract_text().split())
                self.assertIn(number, text)
                self.assertIn("Balance", text)
