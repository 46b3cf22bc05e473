"""The invariants of hardening.md section 1, and the rules of the one door."""

from datetime import date
from decimal import Decimal
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time
from lxml import html

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_points.settlement import storing

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsLedger(CustomerPointsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)

    def _post(self, points, kind="adjust", account=None, conditional=False, **values):
        account = account or self.account
        entry = {
            "account_id": account.id,
            "program_id": account.program_id.id,
            "kind": kind,
            "points": Decimal(points),
            **values,
        }
        return self.env["points.document"]._post(
            {
                "kind": "adjust",
                "date": date(2026, 3, 15),
                "partner_id": account.partner_id.id,
                "company_id": account.company_id.id,
            },
            [entry],
            conditional=conditional,
        )

    def assertRefusedByDatabase(self, query, error=psycopg2.IntegrityError):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(error),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(query)

    # === I1, I14: BALANCE IS THE SUM OF THE ENTRIES === #

    def test_r02_i1_i14_balance_is_the_sum_at_any_day(self):
        for day, points in ((1, 100), (2, -30), (3, 5)):
            with freeze_time(f"2026-03-0{day}"):
                self._adjust(points)

        entries = self.account.entry_ids.sorted("id")

        self.assertPoints(self.account, 75)
        self.assertEqual(entries.mapped("balance_after"), [100, 70, 75])
        until = entries.filtered(lambda entry: entry.date <= date(2026, 3, 2))
        self.assertEqual(sum(until.mapped("points")), 70)

    # === I2: NEVER BELOW THE MINIMUM === #

    def test_i2_l14_more_than_available_is_refused_with_the_number(self):
        self._adjust(15)

        with self.assertRaisesRegex(UserError, "has 15 points available"):
            self._adjust(-16)

        self.assertPoints(self.account, 15)

    def test_i2_pending_points_cannot_be_taken(self):
        self.program.pending_days = 14
        self._sell((self.cake, 1))

        with self.assertRaisesRegex(UserError, "has 0 points available"):
            self._adjust(-1)

        self.assertEqual(self.account.pending, 100)
        self.assertEqual(self.account.available, 0)

    def test_i2_a_return_may_overdraw_and_asks_a_person(self):
        order = self._sell((self.cake, 1))
        self._adjust(-100)

        self._refund(order)

        self.assertPoints(self.account, -100)
        review = self.env["points.review"].search(
            [("account_id", "=", self.account.id)]
        )
        self.assertEqual(review.state, "overdrawn")

    # === I3, I4, R-09: ONE POSTING FOR EACH ROOT AND NUMBER === #

    def test_i3_i4_same_root_and_number_is_refused_whatever_the_points(self):
        self._post(10, "earn", root="pos:1", number=1)

        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self._post(99, "earn", root="pos:1", number=1)

    # === I5: NOTHING IS CHANGED OR DELETED === #

    def test_i5_orm_refuses_create_write_and_unlink_even_as_superuser(self):
        self._sell((self.cake, 1))
        entry = self.account.sudo().entry_ids
        for records in (
            entry,
            entry.document_id,
            self.env["points.lot"].sudo().search([]),
        ):
            with self.assertRaisesRegex(UserError, "cannot be changed"):
                records.write(
                    {"date": "2020-01-01"} if records != entry else {"points": 9}
                )
            with self.assertRaisesRegex(UserError, "cannot be deleted"):
                records.unlink()
            with self.assertRaisesRegex(UserError, "posted by orders"):
                records[:1].copy()

    def test_i5_a_key_from_outside_does_not_open_the_door(self):
        Entry = self.env["points.entry"].sudo().with_context(points_door=True)
        with self.assertRaisesRegex(UserError, "posted by orders"):
            Entry.create({"points": 1000, "account_id": self.account.id})

    def test_i5_the_key_does_not_leave_the_door(self):
        document = self._post(5)

        self.assertNotIn("points_door", document.env.context)

    def test_i5_database_refuses_update_delete_and_truncate(self):
        self._sell((self.cake, 1))
        for table in ("points_entry", "points_document", "points_lot"):
            self.assertRefusedByDatabase(f"DELETE FROM {table}")
            self.assertRefusedByDatabase(f"TRUNCATE {table} CASCADE")
        self.assertRefusedByDatabase("UPDATE points_entry SET points = 9")
        self.assertRefusedByDatabase("UPDATE points_document SET evidence = ''")
        self.assertRefusedByDatabase("UPDATE points_lot SET points = 9")

    def test_i5_what_odoo_itself_must_change_is_not_protected(self):
        self._sell((self.cake, 1))

        self.env.cr.execute(
            "UPDATE points_document SET partner_id = %s", (self.other_customer.id,)
        )

    def test_balance_cannot_be_written(self):
        with self.assertRaisesRegex(ValidationError, "Balance"):
            self.account.sudo().balance = 1000
        created = self._admit(
            self.other_customer, self.program, balance=1000, version=9
        )
        self.assertPoints(created, 0)

    # === I6: ONLY FINITE NUMBERS WITHIN THE RANGE === #

    def test_i6_rpc_refuses_nan_infinity_and_1e308(self):
        for points, error in (
            (float("nan"), ValueError),
            (float("inf"), OverflowError),
            (float("-inf"), OverflowError),
            (1e308, OverflowError),
        ):
            with self.subTest(points), self.assertRaises(error):
                self._adjust(points)
            self.assertPoints(self.account, 0)

    def test_i6_database_refuses_nan_infinity_and_1e308(self):
        document = self._post(1)
        for points in ("NaN", "Infinity", "-Infinity", "1e308"):
            with self.subTest(points):
                self.assertRefusedByDatabase(
                    f"UPDATE points_account SET balance = '{points}'::numeric",
                    psycopg2.DatabaseError,
                )
                self.assertRefusedByDatabase(
                    f"""INSERT INTO points_entry (document_id, account_id, program_id,
                            company_id, date, kind, points, qualifying_points, value,
                            balance_after)
                        SELECT {document.id}, id, program_id, company_id, '2026-01-01',
                            'earn', '{points}'::numeric, 0, 0, 0
                          FROM points_account WHERE id = {self.account.id}""",
                    psycopg2.DatabaseError,
                )

    def test_i6_zero_points_write_no_row(self):
        self._post(0)

        self.assertFalse(self.account.entry_ids)

    # === I7: REVERSALS === #

    def test_i7_returns_never_exceed_their_original(self):
        order = self._sell((self.cake, 2))
        self._refund(order, {self.cake: 1})
        self._refund(order, {self.cake: 1})

        sums = self.env["points.entry"].search([("root", "=", f"pos:{order.id}")])
        self.assertEqual(sum(sums.mapped("points")), 0)
        self.assertEqual(sums.sorted("number").mapped("number"), [1, 2, 3])

    # === I8: COMPANIES === #

    def test_i8_company_of_entry_document_account_and_program_agree(self):
        document = self._sell((self.cake, 1)).points_document_ids

        companies = (
            document.company_id
            | document.entry_ids.company_id
            | self.account.company_id
            | self.program.company_id
        )
        self.assertEqual(companies, self.env.company)

    # === I9: NUMBERS WITHOUT A GAP === #

    def test_i9_every_posting_counts_up_the_account(self):
        for number in range(1, 4):
            self._adjust(1)
            self.account.invalidate_recordset()
            self.assertEqual(self.account.version, number)

    # === I10: DOCUMENT AND ENTRIES TOGETHER === #

    def test_i10_an_error_between_document_and_entries_leaves_nothing(self):
        with (
            patch.object(storing, "_STORE_LOTS", "SELECT 1 / 0"),
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.DivisionByZero),
            self.env.cr.savepoint(),
        ):
            self._adjust(10)

        self.assertPoints(self.account, 0)
        self.assertFalse(self.env["points.document"].search([]))

    def test_what_is_stored_is_what_the_orm_remembers(self):
        self.program.write({"pending_days": 3, "expiry": "rolling", "expiry_months": 1})
        order = self._sell((self.cake, 3))
        document = order.points_document_ids
        entries = document.entry_ids
        self.assertEqual(len(entries), 1)

        def values():
            columns = [document, entries]
            return [
                records.read([f.name for f in records._fields.values() if f.store])
                for records in columns
            ]

        remembered = values()
        self.env.invalidate_all()

        self.assertEqual(values(), remembered)
        lot = self.env["points.lot"].search([("entry_id", "=", entries.id)])
        self.assertEqual(
            (lot.points, lot.remaining, lot.available_on, lot.expires_on, lot.root),
            (
                entries.points,
                entries.points,
                entries.available_on,
                entries.expires_on,
                entries.root,
            ),
        )

    # === R-01: EXPLANATION === #

    def test_r01_explanation_names_product_base_tax_rate_rounding_and_points(self):
        account = self._admit(
            self.other_customer,
            self._make_program({"method": "proportional", "block_amount": 5}),
        )
        invoice = self._invoice((self.tool, 1, 100), customer=self.other_customer)

        text = invoice.points_document_ids.explanation

        self.assertPoints(account, 24)
        for part in (
            "Tool",
            "124.00 incl. tax",
            "1 point per",
            "rounded down: 24",
        ):
            self.assertIn(part, text)

    def test_r01_a_table_says_it_line_by_line(self):
        block = {"method": "block", "block_points": 10, "block_amount": 100}
        program = self._make_program(
            {"method": "proportional", "block_amount": 5},
            {"bonus": True, "name": "By Hundreds", **block},
        )
        self._admit(self.other_customer, program)
        invoice = self._invoice(
            (self.tool, 1, 100), (self.cake, 2, 10), customer=self.other_customer
        )

        table = html.fromstring(invoice.points_document_ids.explanation_table)

        def rows(name):
            return [
                [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
                for row in table.xpath(f"//tr[@name='points_award_{name}']")
            ]

        rate, full = "1 point per $ 5.00", "10 points per full $ 100.00"
        self.assertEqual(
            rows("line"),
            [
                ["Tool", "1", "$ 124.00", "Rule 0", rate, "24.8"],
                ["Cake", "2", "$ 20.00", "4"],
                ["Tool", "1", "$ 124.00", "By Hundreds", full, "10"],
                ["Cake", "2", "$ 20.00"],
            ],
        )
        self.assertEqual(
            rows("rounding"), [["Before Rounding", "rounded down", "38.8"]]
        )
        self.assertEqual(rows("total"), [["Earned", "38 points"]])

    def test_r01_a_table_names_what_earns_nothing_and_what_came_back(self):
        self._sell((self.cake, 1))
        order = self._sell((self.coffee, 2), (self.cake, 1))
        refund = self._refund(order, {self.cake: 1})

        said = refund.points_document_ids.explanation_table

        self.assertIn("Points for the kept products:", said)
        self.assertNotIn("Cake", said)

    def test_why_is_told_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self._sell((self.cake, 1))
        document = self.account.entry_ids[:1].document_id

        for name in ("explanation", "explanation_table"):
            said = [
                document.with_context(lang=language)[name]
                for language in ("en_US", "de_DE")
            ]
            with self.subTest(name):
                self.assertNotEqual(*said)

    def test_names_in_the_table_are_text(self):
        self.cake.name = "<b>Cake</b>"
        self._sell((self.cake, 1))

        said = self.account.entry_ids[:1].document_id.explanation_table

        self.assertIn("&lt;b&gt;Cake", said)

    def test_adjustment_keeps_its_reason(self):
        self._adjust(5)

        self.assertEqual(self.account.entry_ids.document_id.reason, "Test")
        self.assertIn("Test", self.account.entry_ids.document_id.explanation)
