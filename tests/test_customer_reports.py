"""Rewards per customer, their points by month, and the ledger as files."""

import io
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time
from PyPDF2 import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.customer_points.engine.movements import COLUMNS
from odoo.addons.customer_points.report import batches, report_values
from odoo.addons.customer_points.report.sheets import Amount, Sheet

from ..redemption.sale_redemption import SaleRedemption
from .reports_common import ReportsCommon


class CustomerReportsCommon(ReportsCommon):
    def _plain(self, rows):
        """Return rows with their figures as numbers."""
        return [
            tuple(
                float(cell.number) if isinstance(cell, Amount) else cell for cell in row
            )
            for row in rows
        ]

    def _grow(self, count, is_back=True):
        """Make customers who earn and redeem; perhaps they bring a reward back."""
        for number in range(count):
            customer = self.env["res.partner"].create({"name": f"C{number}"})
            self._admit(customer, self.program)
            self._sell((self.cake, 2), customer=customer)
            order = self._buy(
                [(self.cake, 1), (self.coffee, 1)],
                (self.ten, 2, -5),
                (self.gift, 1, -10),
                customer=customer,
            )
            if is_back:
                self._give_back(order, {self.coffee: 1, self.gift.product_id: 1})
            self._invoice((self.cake, 1, 100), customer=customer)

    def _count_queries(self, report):
        asked = self._ask(report, year=2026)
        said = self._report(asked)
        before = self.env.cr.sql_log_count
        for sheet in said.sheets():
            list(sheet.rows)
        return self.env.cr.sql_log_count - before

    def assertQueriesStay(self, report, is_back=True):
        """Assert that more customers with more rows take no more queries."""
        self.company.partner_id.tz = "UTC"
        self._grow(2, is_back)
        self._count_queries(report)  # what is kept in memory is read
        counted = self._count_queries(report)
        self._grow(6, is_back)
        self._count_queries(report)

        self.assertEqual(self._count_queries(report), counted)


@tagged("post_install", "-at_install")
class TestRewardsReport(CustomerReportsCommon):
    def _rewards(self, **values):
        """Return (reward, quantity, points, value) of each row."""
        rows = self._sheet(self._report(self._ask("rewards", **values)))
        return [row[6:10] for row in self._plain(rows)]

    # === BY HAND === #

    def test_e38_one_row_for_each_reward_of_a_move(self):
        with freeze_time("2026-03-02 12:00:00"):
            self._sell((self.cake, 2))
            order = self._buy(
                [(self.cake, 1), (self.coffee, 1)],
                (self.ten, 3, -5),
                (self.gift, 1, -10),
            )
        with freeze_time("2026-03-09 12:00:00"):
            back = self._give_back(order, {self.coffee: 1, self.gift.product_id: 1})
            rows = self._sheet(self._report(self._ask("rewards")))

        self.assertEqual(
            [row[3:6] for row in rows],
            [
                (day, document.name, sale.display_name)
                for day, document, sale in (
                    (date(2026, 3, 2), self._document_of(order), order),
                    (date(2026, 3, 2), self._document_of(order), order),
                    (date(2026, 3, 9), self._document_of(back), back),
                )
            ],
        )
        self.assertEqual(
            [row[6:10] for row in self._plain(rows)],
            [
                ("Ten Off", 3, 30, 7.5),
                ("Gift", 1, 40, 10),
                ("Gift", -1, -40, -10),
            ],
        )

    def _document_of(self, order):
        return self.env["points.document"].search([("pos_order_id", "=", order.id)])

    def test_part_of_a_reward_comes_back(self):
        self._sell((self.cake, 2))
        order = self._buy([(self.cake, 1)], (self.ten, 3, -5))
        self._give_back(order, {self.ten.product_id: 2})

        expected = [("Ten Off", 3, 30, 7.5), ("Ten Off", -2, -20, -5)]
        self.assertEqual(self._rewards(), expected)

    def test_two_rewards_that_come_back_share_what_the_ledger_has(self):
        self._sell((self.cake, 2))
        order = self._buy(
            [(self.cake, 1), (self.coffee, 1)], (self.ten, 3, -5), (self.gift, 1, -10)
        )
        self._refund(order)

        rows = self._rewards()
        self.assertEqual(rows[2:], [("Ten Off", -3, -30, -7.5), ("Gift", -1, -40, -10)])

    def test_rewards_of_sales_orders_that_go_and_come_back(self):
        self._adjust(100)
        for place in (1, 2):
            self._event_quote(self.customer, None)
            order = self.env["sale.order"].search([], order="id desc", limit=1)
            self.assertEqual(len(self._rewards()), place)
        order.invoice_ids.button_draft()
        order.invoice_ids.button_cancel()
        order._action_cancel()
        self.env.cr.precommit.run()

        expected = [("Ten Off", 2, 20, 5)] * 2 + [("Ten Off", -2, -20, -5)]
        self.assertEqual(self._rewards(), expected)

    def test_rewards_that_are_taken_off_an_order_come_back(self):
        self._adjust(100)
        other = self._make_reward(points=15, value=9, name="Nine Off")
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": self._untaxed_lines((self.cake, 2, 100)),
            }
        )
        for reward in (self.ten, other):
            refused = SaleRedemption(order).redeem(self.account.id, reward.id, 1)
            self.assertFalse(refused)
        order.action_confirm()
        self.env.cr.precommit.run()
        lines = order.order_line.filtered("points_reward_id")
        lines.filtered(lambda line: line.points_reward_id == other).unlink()
        self.env.cr.precommit.run()

        rows = self._rewards()
        self.assertEqual(rows[0], ("Ten Off", 1, 10, 2.5))
        self.assertEqual([row[2] for row in rows], [10, 15, -15])

    def test_points_that_pay_are_no_reward(self):
        owed = self.env["account.account"].create(
            {
                "name": "Points owed",
                "code": "XPOINTS",
                "account_type": "liability_current",
                "reconcile": True,
            }
        )
        journal = {"name": "Points", "code": "XPTS", "type": "bank"}
        method = self.env["pos.payment.method"].create(
            {
                "name": "Points",
                "journal_id": self.env["account.journal"].create(journal).id,
                "outstanding_account_id": owed.id,
                "points_program_id": self.program.id,
            }
        )
        self.config.payment_method_ids |= method
        self._adjust(100)
        self._buy([(self.cake, 1)], pay_with=(method, 5))

        self.assertEqual(self._rewards(), [("Payment With Points", None, 20, 5)])

    def test_a_row_nobody_can_explain_is_in_the_sums(self):
        self._adjust(100)
        self.env["points.document"]._post(
            {
                "kind": "sale",
                "date": date(2026, 1, 5),
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "evidence": {},
            },
            [
                {
                    "account_id": self.account.id,
                    "program_id": self.program.id,
                    "kind": "redeem",
                    "points": Decimal(-8),
                    "root": "inv:999999",
                    "number": 1,
                }
            ],
        )

        expected = [("No longer on the document", None, 8, 2)]
        self.assertEqual(self._rewards(), expected)

    def test_customers_tags_programs_and_period_are_chosen(self):
        tag = self.env["res.partner.category"].create({"name": "Gold"})
        self.other_customer.category_id = tag
        for month, customer in ((2, self.customer), (4, self.other_customer)):
            with freeze_time(f"2026-{month:02}-10 12:00:00"):
                self._sell((self.cake, 1), customer=customer)
                self._buy([(self.cake, 1)], (self.ten, month, -5), customer=customer)

        for values, quantities in (
            ({"date_from": "2026-01-01"}, [2, 4]),
            ({"date_from": "2026-02-11"}, [4]),
            ({"date_from": False, "date_to": "2026-03-01"}, [2]),
            ({"partner_ids": self.customer.ids}, [2]),
            ({"category_ids": tag.ids}, [4]),
            ({"program_ids": self.cash.ids}, []),
        ):
            with self.subTest(values):
                values = {"date_from": "2026-01-01", **values}
                self.assertEqual(
                    [row[1] for row in self._rewards(**values)], quantities
                )

    def test_what_a_merged_contact_redeemed_is_still_there(self):
        self._sell((self.cake, 1), customer=self.third)
        self._buy([(self.cake, 1)], (self.ten, 2, -5), customer=self.third)
        Merge = self.env["base.partner.merge.automatic.wizard"]
        both = self.third | self.other_customer
        Merge._merge(both.ids, self.other_customer, extra_checks=False)
        self.env.invalidate_all()

        rows = self._plain(self._sheet(self._report(self._ask("rewards"))))
        self.assertEqual({row[0] for row in rows}, {self.other_customer.name})
        # Merging takes it off one account, and puts it on the other.
        self.assertEqual(sorted(row[7] for row in rows), [-2, 2, 2])
        self.assertEqual({row[6] for row in rows}, {"Ten Off"})

    # === AGREEMENT === #

    def test_r02_a_life_at_random_adds_up_for_each_customer_and_reward(self):
        self._live()
        asked = self._ask("rewards", date_from="2025-06-01", date_to="2026-05-31")
        book = self._workbook(self._report(asked))
        rows, customers, rewards = (
            list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book
        )
        self.assertGreater(len(rows), 10)
        self.assertTrue([row for row in rows if row[8] < 0])
        redeemed = [("kind", "in", COLUMNS["redeemed"])]
        redeemed += [("date", ">=", "2025-06-01"), ("date", "<=", "2026-05-31")]
        of_accounts = {}
        for account in self.accounts:
            mine = [*redeemed, ("account_id", "=", account.id)]
            sums = -self._sum(mine), -self._sum(mine, "value")
            if self.env["points.entry"].search_count(mine):
                of_accounts[account.partner_id.name, account.program_id.name] = sums
        for name, place in (("points", 8), ("value", 9)):
            every = -self._sum(
                [("account_id", "in", self.accounts.ids), *redeemed], name
            )
            with self.subTest(name):
                self.assertAlmostEqual(sum(row[place] for row in rows), every, 4)
        self.assertEqual({(row[0], row[2]): row[3:5] for row in customers}, of_accounts)
        for program, reward, quantity, points, value in rewards:
            mine = [row for row in rows if (row[2], row[6]) == (program, reward)]
            with self.subTest(reward):
                for place, figure in ((7, quantity), (8, points), (9, value)):
                    added = sum(row[place] or 0 for row in mine)
                    self.assertAlmostEqual(added, figure or 0, 4)
        self.assertEqual(len(rewards), len({(row[2], row[6]) for row in rows}))

    def test_the_page_shows_rows_and_totals(self):
        self._sell((self.cake, 2))
        self._buy(
            [(self.cake, 1), (self.coffee, 1)], (self.ten, 3, -5), (self.gift, 1, -10)
        )
        page = self._print(self._ask("rewards"))

        rows = self._rows(page)
        self.assertEqual(rows[0][2:], ("Ten Off", "3", "30", "$ 7.50"))
        self.assertEqual(rows[2], ("", "", "Total Shop Card", "", "70", "$ 17.50"))
        self.assertEqual(
            rows[3:],
            [
                ("Shop Card", "Gift", "1", "40", "$ 10.00"),
                ("Shop Card", "Ten Off", "3", "30", "$ 7.50"),
            ],
        )
        titles = [found.text_content() for found in page.xpath("//h3")]
        self.assertEqual(titles, [self.customer.display_name, "By Reward"])

    def test_nothing_was_redeemed(self):
        page = self._print(self._ask("rewards"))

        self.assertEqual(self._rows(page), [])
        self.assertIn("There is nothing to show.", page.text_content())

    def test_queries_do_not_grow_with_customers_or_rows(self):
        self.assertQueriesStay("rewards")


@tagged("post_install", "-at_install")
class TestMonthsReport(CustomerReportsCommon):
    # === BY HAND === #

    def test_months_of_a_year_and_targets(self):
        self.program.write({"minimum_target": 150, "target_period": "year"})
        with freeze_time("2025-11-20 12:00:00"):
            self._adjust(60)
        with freeze_time("2026-01-31 12:00:00"):
            order = self._sell((self.cake, 2))
        with freeze_time("2026-02-01 12:00:00"):
            self._refund(order, {self.cake: 1})
            self._adjust(-3)
            self._buy([(self.cake, 1)], (self.ten, 2, -5))
        with freeze_time("2026-07-10 12:00:00"):
            self.env["points.document"]._expire_account(self.account)
            asked = self._ask("months", partner_ids=self.customer.ids, year=2026)
            page = self._print(asked)

        rows = self._rows(page)
        self.assertEqual(rows[0], ("Starting Balance", "", "", "", "", "60"))
        self.assertEqual(rows[1], ("January", "200", "", "", "", "260"))
        self.assertEqual(rows[2], ("February", "-10", "-20", "", "-3", "227"))
        self.assertEqual(rows[7], ("July", "", "", "-227", "", "0"))
        self.assertEqual(rows[12], ("December", "", "", "", "", "0"))
        self.assertEqual(rows[13], ("Total", "190", "-20", "-227", "-3", "0"))
        (note,) = page.xpath("//p[@name='points_note']")
        self.assertEqual(note.text, "Targets: 190 of 150; times reached: 1")

    def test_targets_of_a_year_that_is_over_do_not_change(self):
        self.program.write({"minimum_target": 150, "qualifying_target": 50})
        for year in (2024, 2025, 2026):
            with freeze_time(f"{year}-05-05 12:00:00"):
                self._sell((self.cake, 1))
        for period, points in (("always", 200), ("year", 100)):
            self.program.target_period = period
            asked = self._ask("months", partner_ids=self.customer.ids, year=2025)
            (row,) = self._plain(self._sheet(self._report(asked), 1))
            with self.subTest(period):
                self.assertEqual(row[9:], (150, points, 50, 0, 0))

    # === AGREEMENT === #

    def test_each_kind_of_entry_is_in_exactly_one_column(self):
        kinds = [kind for kinds in COLUMNS.values() for kind in kinds]
        known = self.env["points.entry"]._fields["kind"].get_values(self.env)

        self.assertEqual(sorted(kinds), sorted(known))

    def test_r02_a_life_at_random_adds_up_in_every_month(self):
        self._live()
        for year in (2025, 2026):
            asked = self._ask("months", year=year)
            rows = self._plain(self._sheet(self._report(asked)))
            years = self._plain(self._sheet(self._report(asked), 1))
            self.assertEqual(len(rows), 12 * len(self.accounts))
            for account in self.accounts:
                names = (account.partner_id.name, account.program_id.name)
                mine = [row[3:] for row in rows if (row[0], row[2]) == names]
                (whole,) = (row[3:] for row in years if (row[0], row[2]) == names)
                with self.subTest(names, year=year):
                    self._check_year(account, year, mine, whole)

    def _check_year(self, account, year, months, whole):
        of_account = [("account_id", "=", account.id)]
        before = self._sum([*of_account, ("date", "<", f"{year}-01-01")])
        self.assertAlmostEqual(whole[0], before, 4)
        columns = ("earned", "returned"), ("redeemed",), ("expired",), ("adjusted",)
        balance = before
        for day, *figures, left in months:
            last = date(year + day.month // 12, day.month % 12 + 1, 1)
            of_month = [*of_account, ("date", ">=", day), ("date", "<", last)]
            for names, figure in zip(columns, figures, strict=True):
                kinds = [kind for name in names for kind in COLUMNS[name]]
                added = self._sum([*of_month, ("kind", "in", kinds)])
                self.assertAlmostEqual(figure or 0, added, 4)
            balance += sum(figure or 0 for figure in figures)
            self.assertAlmostEqual(left, balance, 4)
        until = self._sum([*of_account, ("date", "<", f"{year + 1}-01-01")])
        self.assertAlmostEqual(balance, until, 4)
        self.assertAlmostEqual(whole[5], until, 4)
        for place in range(1, 5):
            added = sum(month[place] or 0 for month in months)
            self.assertAlmostEqual(whole[place] or 0, added, 4)

    # === THE SCREEN === #

    def test_the_dialog_shows_the_year_and_changes_it(self):
        with freeze_time("2025-05-05 12:00:00"):
            self._adjust(7)
        with freeze_time("2026-05-05 12:00:00"):
            action = self.account.with_user(self.reader).action_view_months()
            Asked = self.env["points.account.print"].with_user(self.reader)
            asked = Asked.with_context(**action["context"]).create({})
            self.assertEqual((asked.year, asked.report), (2026, "months"))
            self.assertIn("January", asked.months_table)
            again = asked.action_previous_year()

        self.assertEqual((again["res_id"], asked.year), (asked.id, 2025))
        self.assertIn("Starting Balance", asked.months_table)
        asked.action_next_year()
        self.assertEqual(asked.year, 2026)

    def test_the_dialog_shows_nothing_of_no_or_many_customers(self):
        asked = self._ask("months", partner_ids=self.customers.ids)
        self.assertTrue(asked.months_table)
        for values in (
            {"partner_ids": [Command.clear()]},
            {"partner_ids": [Command.set(self.employee.partner_id.ids)]},
            {"report": "ledger"},
        ):
            with self.subTest(values):
                other = asked.copy()
                other.write(values)
                self.assertFalse(other.months_table)
        with patch(
            "odoo.addons.customer_points.wizards.points_account_print._MOST_SHOWN", 2
        ):
            self.assertFalse(asked.copy().months_table)

    def test_years_that_are_none_are_refused(self):
        for year in (-1, 3, 10**6):
            with self.subTest(year):
                values = {"report": "months", "year": year}
                asked = self.env["points.account.print"].new(values)
                self.assertFalse(asked.months_table)
                self.assertRefused(self._ask, **values)
        asked = self._ask("months", year=0)
        with self.assertRaisesRegex(UserError, "four digits"):
            asked.action_print()

    def test_queries_do_not_grow_with_customers_or_rows(self):
        self.assertQueriesStay("months")


@tagged("post_install", "-at_install")
class TestLedgerSheets(CustomerReportsCommon, HttpCase):
    def test_rows_are_those_of_the_ledger(self):
        self._live(events=40)
        asked = self._ask("ledger", date_from="2025-06-01")
        (sheet,) = self._workbook(self._report(asked))
        rows = list(sheet.iter_rows(min_row=2, values_only=True))

        for account in self.accounts:
            names = (account.partner_id.name, account.program_id.name)
            first, *mine = (row for row in rows if (row[0], row[2]) == names)
            entries = account.entry_ids.filtered(
                lambda entry: entry.date >= date(2025, 6, 1)
            ).sorted(lambda entry: (entry.date, entry.id))
            before = account.entry_ids - entries
            balance = round(sum(before.mapped("points")), 4)
            with self.subTest(names):
                self.assertEqual(
                    first[7:], ("Starting Balance", None, None, balance, None, "USD")
                )
                for row, entry in zip(mine, entries, strict=True):
                    balance = round(balance + entry.points, 4)
                    self.assertEqual(row[3].date(), entry.date)
                    self.assertEqual(row[4], entry.document_id.name)
                    self.assertEqual((row[8] or 0) - (row[9] or 0), entry.points)
                    self.assertEqual((row[10], row[11]), (balance, entry.value))
                self.assertAlmostEqual(balance, account.balance, 4)

    def test_reasons_are_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("de_DE")
        Module = self.env["ir.module.module"]
        Module._load_module_terms(["customer_points"], ["de_DE"])
        self._invoice((self.cake, 12, 100.5))
        self.reader.lang = "de_DE"
        asked = self._ask("ledger").with_context(lang="de_DE")

        row = self._sheet(self._report(asked))[1]
        self.assertIn("12 Einheiten", row[7])
        self.assertEqual(row[6], "Gesammelt")

    def test_many_accounts_are_read_some_at_a_time_and_all_are_there(self):
        self._live(events=30)
        asked = self._ask("ledger")
        whole = self._plain(self._sheet(self._report(asked)))
        for most in ("_MOST_ROWS", "_MOST_ACCOUNTS"):
            with patch.object(batches, most, 1):
                said = self._report(asked)
                self.assertEqual(self._plain(self._sheet(said)), whole)

    def test_queries_do_not_grow_with_customers_or_rows(self):
        # What refunds leave of a sale is read sale by sale, for its reason.
        self.assertQueriesStay("ledger", is_back=False)

    # === HOSTILE === #

    def test_names_are_no_formulas(self):
        names = (
            "=1+1",
            "@SUM(A1)",
            "+1",
            "-1",
            "\tx",
            "'q",
            "شركة «نور»",
            "https://x.y",
        )
        for name in names:
            customer = self.env["res.partner"].create({"name": name})
            self._adjust(5, self._admit(customer, self.program))
        asked = self._ask("ledger")

        (sheet,) = self._workbook(self._report(asked))
        cells = [cell for row in sheet.iter_rows() for cell in row]
        self.assertNotIn("f", {cell.data_type for cell in cells})
        self.assertFalse([cell for cell in cells if cell.hyperlink])
        self.assertLessEqual(
            {name.strip() for name in names},
            {str(cell.value).strip() for cell in cells},
        )
        told = {row["Customer"] for row in self._csv(self._report(asked))}
        self.assertLessEqual({"'=1+1", "'@SUM(A1)", "'+1", "'-1", "شركة «نور»"}, told)
        for name in told:
            self.assertFalse(name.startswith(("=", "@", "+", "-", "\t")))

    def test_no_text_of_a_csv_is_a_formula(self):
        for name in ("\n=1", "\r=1", "＝1", "＋1", "－1", "＠A"):
            self.program.name = name
            self._adjust(5)
            asked = self._ask("ledger", program_ids=self.program.ids)
            told = {row["Program"] for row in self._csv(self._report(asked))}
            self.assertEqual(told, {f"'{name}"})

    def test_a_csv_says_numbers_and_dates_as_they_are(self):
        with freeze_time("2026-03-15 12:00:00"):
            self._adjust(1234.5)
            self._adjust(-0.25)
            rows = self._csv(self._report(self._ask("ledger", date_from=False)))

        self.assertEqual(
            [(row["Date"], row["In"], row["Out"], row["Balance"]) for row in rows],
            [
                ("2026-03-15", "1234.5", "", "1234.5"),
                ("2026-03-15", "", "0.25", "1234.25"),
            ],
        )

    def test_rows_that_a_sheet_has_no_room_for_are_on_the_next_one(self):
        said = self._report(self._ask("ledger"))
        rows = [(f"{number}",) for number in range(5)]
        said.sheets = lambda: iter([Sheet("A" * 31, ("Head",), rows)])

        with patch("odoo.addons.customer_points.report.sheets._MOST_ROWS", 2):
            book = self._workbook(said)

        self.assertEqual(
            [[cell.value for cell in sheet["A"]] for sheet in book],
            [["Head", "0", "1"], ["Head", "2", "3"], ["Head", "4"]],
        )

    def test_days_that_workbooks_do_not_know_are_texts(self):
        said = self._report(self._ask("ledger"))
        said.sheets = lambda: iter(
            [Sheet("[A]/'B'" * 9, ("Day",), [(date(1800, 1, 2),), (date(1900, 1, 2),)])]
        )

        (sheet,) = self._workbook(said)
        values = [cell.value for cell in sheet["A"]]
        self.assertEqual(values[1], "1800-01-02")
        self.assertEqual(values[2].date(), date(1900, 1, 2))

    # === RIGHTS === #

    def test_c05_only_users_of_points_read_them(self):
        self._adjust(5)
        for report in ("ledger", "rewards", "months"):
            asked = self._ask(report)
            for user in (self.seller, self.employee, self.visitor):
                with self.subTest(user.login, report=report):
                    with self.assertRaises(AccessError):
                        self._ask(report, user)
                    for name in ("action_print", "action_export", "action_export_csv"):
                        with self.assertRaises(AccessError):
                            getattr(asked.with_user(user), name)()
                    with self.assertRaises(AccessError):
                        self._print(asked, user)
        for user in (self.seller, self.employee, self.visitor):
            with self.assertRaises(AccessError):
                self.account.with_user(user).action_view_months()

    def test_dialogs_are_their_users_own(self):
        for report in ("rewards", "months"):
            asked = self._ask(report, self.keeper)
            with self.assertRaises(AccessError):
                self._print(asked)

    def test_other_companies_are_not_shown(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= company
        program = self._make_program(name="Foreign", company_id=company.id)
        self._adjust(7531.25, self._admit(self.customer, program))
        self._adjust(5)
        for report in ("ledger", "rewards", "months"):
            with self.subTest(report):
                asked = self._ask(report, partner_ids=self.customer.ids)
                for row in self._sheet(self._report(asked)):
                    self.assertNotIn("Foreign", row)
                self.assertNotIn("Foreign", asked.months_table or "")
                with self.assertRaises(AccessError):
                    self._ask(report, program_ids=program.ids)

    def test_what_was_chosen_and_went_is_not_everything(self):
        """Others archive while a dialog is open; its reader selects other companies."""
        tag = self.env["res.partner.category"].create({"name": "Gold"})
        self.third.category_id = tag
        for account in self.accounts:
            self._adjust(5, account)
        for values, record, place, name in (
            ({"partner_ids": self.third.ids}, self.third, 0, "Third"),
            ({"category_ids": tag.ids}, tag, 0, "Third"),
            ({"program_ids": self.cash.ids}, self.cash, 2, "Cash Back"),
        ):
            with self.subTest(values):
                asked = self._ask("ledger", **values)
                record.active = False
                rows = self._sheet(self._report(asked))
                self.assertEqual({row[place] for row in rows}, {name})

    def test_programs_of_companies_that_are_off_are_not_all_programs(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= company
        self.reader.company_ids |= company
        program = self._make_program(name="Foreign", company_id=company.id)
        self._adjust(5, self._admit(self.customer, program))
        both = self.env(
            user=self.reader,
            context={"allowed_company_ids": (self.company | company).ids},
        )
        asked = both["points.account.print"].create(
            {"report": "ledger", "program_ids": program.ids}
        )

        with self.assertRaises(UserError):
            self._report(asked.with_context(allowed_company_ids=self.company.ids))

    def test_what_a_browser_sends_as_context_decides_nothing(self):
        self._sell((self.cake, 2))
        self._buy([(self.cake, 1)], (self.ten, 1, -5))
        for report in ("rewards", "months"):
            asked = self._ask(report)
            plain = self._rows(self._print(asked))
            page = self._print(
                asked, points_open_order="x", bin_size=True, default_report="ledger"
            )
            self.assertEqual(self._rows(page), plain)

    def test_too_many_pages_are_refused_with_a_sentence_and_can_be_exported(self):
        self._sell((self.cake, 2))
        self._buy([(self.cake, 1)], (self.ten, 1, -5))
        with patch.object(report_values, "_MOST_PAGES", 0):
            for report in ("rewards", "months"):
                asked = self._ask(report)
                with self.subTest(report):
                    with self.assertRaisesRegex(UserError, "select fewer customers"):
                        self._print(asked)
                    self.assertIn("/xlsx", asked.action_export()["url"])
                    self.assertIn("/csv", asked.action_export_csv()["url"])

    def test_nobody_has_points(self):
        nobody = self.env["res.partner"].create({"name": "Nobody"})
        for report in ("ledger", "rewards", "months"):
            asked = self._ask(report, partner_ids=nobody.ids)
            for name in ("action_print", "action_preview", "action_export"):
                with self.subTest(report, name=name):
                    with self.assertRaisesRegex(UserError, "None of these customers"):
                        getattr(asked, name)()

    # === PAPER === #

    def test_a_pdf_has_the_pages_that_are_counted(self):
        for number in range(7):
            customer = self.env["res.partner"].create({"name": f"C{number}"})
            self._admit(customer, self.program)
            self._sell((self.cake, 3), customer=customer)
            for _time in range(12):
                self._buy([(self.cake, 1)], (self.ten, 1, -5), customer=customer)
        self.env.flush_all()
        Report = self.env["ir.actions.report"].with_user(self.reader)
        Report = Report.with_context(force_report_rendering=True)
        for report in ("rewards", "months"):
            asked = self._ask(report)
            values = report_values.tables_values(self._report(asked), True)

            name = f"customer_points.report_{report}"
            pdf, _kind = Report._render_qweb_pdf(name, asked.ids)

            made = PdfReader(io.BytesIO(pdf)).pages
            self.assertGreater(len(made), 1)
            for page, paper in zip(values["pages"], made, strict=True):
                text = " ".join(paper.extract_text().split())
                self.assertIn(f"{page.number} / {len(made)}", text)
                head = page.tables[0].heads[0]
                self.assertIn(head, text)
