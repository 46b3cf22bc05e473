import random
from decimal import Decimal
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.customer_points.engine.numbers import LEDGER_LIMIT, exact, number
from odoo.addons.customer_points.settlement import balances

from .common import CustomerPointsCommon

_FINEST = Decimal("0.0001")


@tagged("post_install", "-at_install")
class TestPointsRange(CustomerPointsCommon):
    """Points are exact to four decimals in the whole range that is allowed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)

    def _numbers(self):
        """Return numbers of every size up to the limit, and those at its edges."""
        source = random.Random(20260419)
        yield from (LEDGER_LIMIT, LEDGER_LIMIT - _FINEST, _FINEST, Decimal("0.3"))
        for power in range(1, 15):
            yield Decimal(2) ** power * 100_000 % LEDGER_LIMIT + 3 * _FINEST
        for _place in range(400):
            size = 10 ** source.randint(1, 14)
            yield Decimal(source.randint(1, size)) * _FINEST

    def _post(self, *points, **values):
        return self.env["points.document"]._post(
            {
                "kind": "adjust",
                "date": self.env.cr.now().date(),
                "partner_id": self.customer.id,
                "company_id": self.company.id,
            },
            [
                {
                    "account_id": self.account.id,
                    "program_id": self.program.id,
                    "kind": "adjust",
                    "points": change,
                    **values,
                }
                for change in points
            ],
        )

    def test_what_is_written_is_what_the_database_has_and_what_is_read(self):
        expected = list(self._numbers())
        changes = [sign * points for points in expected for sign in (1, -1)]

        document = self._post(*changes)

        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT points::text, balance_after::text FROM points_entry
                    WHERE document_id = %s ORDER BY id""",
                document.id,
            )
        )
        stored = [(number(points), number(after)) for points, after in rows]
        entries = document.entry_ids.sorted("id")
        read = [(exact(row.points), exact(row.balance_after)) for row in entries]
        balances = [after for points in expected for after in (points, Decimal(0))]
        self.assertEqual(stored, list(zip(changes, balances, strict=True)))
        self.assertEqual(read, stored)
        self.assertPoints(self.account, 0)

    def test_the_next_power_of_ten_would_not_be_exact(self):
        field = self.env["points.entry"]._fields["points"]
        source = random.Random(3)
        wrong = 0
        for _place in range(1000):
            points = Decimal(source.randint(10**14, 10**15)) * _FINEST
            column = field.convert_to_column(float(points), self.env["points.entry"])
            wrong += Decimal(column) != points

        self.assertGreater(wrong, 0)

    def test_a_balance_grows_to_the_limit_and_no_further(self):
        self._post(LEDGER_LIMIT - 5)
        self._post(Decimal(5))

        for points in (_FINEST, Decimal(12)):
            with (
                self.subTest(points),
                self.assertRaisesRegex(UserError, "cannot exceed 10,000,000,000"),
            ):
                self._post(points)

        self._post(-LEDGER_LIMIT)
        self.assertPoints(self.account, 0)

    def test_rows_beyond_the_limit_are_refused_with_a_sentence(self):
        beyond = LEDGER_LIMIT + _FINEST
        for values in ({}, {"qualifying_points": beyond}):
            points = Decimal(1) if values else beyond
            with (
                self.subTest(values),
                self.assertRaisesRegex(UserError, "cannot exceed"),
            ):
                self._post(points, **values)

        with self.assertRaisesRegex(UserError, "cannot exceed"):
            self._adjust(10**11)
        self.program.value_per_point = 1000
        with self.assertRaisesRegex(UserError, "cannot exceed"):
            self._post(beyond / 100)
        self.assertPoints(self.account, 0)

    def test_large_money_earns_where_its_points_are_in_range(self):
        few = self._admit(
            self.other_customer,
            self._make_program({"method": "block", "block_amount": 1_000_000}),
        )

        self._invoice((self.cake, 1, 83_000_456_789.0), customer=self.other_customer)

        self.assertPoints(few, 83_000)

    @mute_logger("odoo.addons.customer_points.models.points_origin")
    def test_a_sale_of_too_many_points_is_kept_and_a_person_is_told_why(self):
        invoice = self._invoice((self.cake, 1, 64_000_000_000.0))

        review = self.env["points.review"].search(
            [("root", "=", invoice._points_root())]
        )
        self.assertEqual(invoice.state, "posted")
        self.assertPoints(self.account, 0)
        self.assertIn("cannot exceed 10,000,000,000", review.reason)

    def test_limits_and_targets_have_the_same_range(self):
        most = float(LEDGER_LIMIT)
        template = self.env["points.template"].create(
            {"name": "T", "program_id": self.program.id}
        )
        for record in (self.program, template, self.account):
            record.minimum_target = most
            with (
                self.subTest(record),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                record.minimum_target = most + 1
                self.env.flush_all()
        for name in ("min_points_redeem", "max_points_redeem"):
            with (
                self.subTest(name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.program.write({"max_points_redeem": most, name: most + 1})
                self.env.flush_all()

    def test_an_update_goes_on_where_older_rows_are_beyond_the_limit(self):
        model = self.env["points.account"]
        constraint = model._table_objects["points_account_check_balance"]
        self.env.cr.execute(
            """ALTER TABLE points_account
                   DISABLE TRIGGER points_account_is_booked_update;
               ALTER TABLE points_account DROP CONSTRAINT points_account_check_balance;
               ALTER TABLE points_account ADD CONSTRAINT points_account_check_balance
                     CHECK (balance BETWEEN -1e12 AND 1e12)"""
        )
        self.env.cr.execute(
            "UPDATE points_account SET balance = 35e9 WHERE id = %s",
            (self.account.id,),
        )
        self.account.invalidate_recordset()

        registry = self.env.registry
        with (
            mute_logger("odoo.schema", "odoo.sql_db"),
            patch.object(registry, "_is_install", False, create=True),
        ):
            constraint.apply_to_database(model)
            registry.finalize_constraints(self.env.cr)

        with self.assertRaisesRegex(UserError, "cannot exceed"):
            self._post(Decimal(1))
        today = self.env.cr.now().date()
        locked = balances.change_balances(
            self.env, {self.account.id: Decimal(0)}, today
        )
        self.assertEqual(locked.after[self.account.id][0], Decimal("35e9"))
