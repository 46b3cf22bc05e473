"""The books of points: a year by hand, and what becomes of their journal entries."""

import contextlib
import io
import random
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from lxml import html
from PyPDF2 import PdfReader

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_points.checks.deferral_checker import DeferralChecker
from odoo.addons.customer_points.checks.setup_checker import SetupChecker
from odoo.addons.customer_points.report.deferral_sheets import DeferralSheets
from odoo.addons.customer_points.report.outstanding_points import OutstandingPoints

from .spending_common import SpendingCommon

_ACCOUNTANT = "account.group_account_manager"
_MANAGER = "customer_points.group_points_manager"


class DeferralCommon(SpendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref(_ACCOUNTANT)
        cls.owed = cls._make_account("PTSOWED", "liability_current")
        cls.revenue = cls._make_account("PTSREV", "income")
        cls.journal = cls.env["account.journal"].create(
            {"name": "Deferred Points", "code": "DEFP", "type": "general"}
        )
        cls.company.partner_id.tz = "UTC"
        cls.company.write(
            {
                "points_deferral_journal_id": cls.journal.id,
                "points_deferral_account_id": cls.owed.id,
                "points_revenue_account_id": cls.revenue.id,
            }
        )
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        cls.program.write(
            {
                "value_per_point": 0.25,
                "expiry": "rolling",
                "expiry_months": 6,
                "has_deferral": True,
                "redemption_rate": 80,
            }
        )
        cls.reward = cls._make_reward(points=40, value=25)
        cls.cash = cls._make_program(
            {"method": "percent", "rate_stock": 5},
            name="Cash Back",
            mode="value",
            has_deferral=True,
            redemption_rate=50,
        )
        cls.saver = cls.env["res.partner"].create({"name": "Saver"})
        cls.cash_account = cls._admit(cls.saver, cls.cash)
        cls.Deferral = cls.env["points.deferral"]

    @classmethod
    def _make_account(cls, code, kind, **values):
        return cls.env["account.account"].create(
            {"name": code.title(), "code": code, "account_type": kind, **values}
        )

    def _on(self, day):
        return freeze_time(f"{day} 12:00:00")

    def _run_cron(self, day):
        """Run the scheduled action on a day; return what it booked."""
        before = self.Deferral.search([])
        with self._on(day), self.enter_registry_test_mode():
            self.env.ref("customer_points.ir_cron_book").method_direct_trigger()
        self.env.invalidate_all()
        return self.Deferral.search([("move_id", "!=", False)]) - before

    def _earn(self, points, day):
        with self._on(day):
            self._adjust(points)

    def _booked(self, program=None, account=None):
        """Return the balance of the deferred account, as an accountant reads it."""
        self.env.flush_all()
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", (account or self.owed).id),
                ("points_program_id", "=", (program or self.program).id),
                ("parent_state", "in", ("draft", "posted")),
            ]
        )
        return round(-sum(lines.mapped("balance")), 2)

    def _line(self, deferral, program=None):
        return deferral.line_ids.filtered(
            lambda line: line.program_id == (program or self.program)
        )

    def _items(self, deferral, program=None):
        """Return what an entry says of the deferred account, by label."""
        items = deferral.move_id.line_ids.filtered(
            lambda item: item.points_program_id == (program or self.program)
        )
        return {item.name: -item.balance for item in items}


@tagged("post_install", "-at_install")
class TestDeferralOfAYear(DeferralCommon):
    """Two programs for a year, as an accountant would reckon them by hand.

    Shop Card: 1 point for 1.00, expires after six months; 0.25 x 80% = 0.20 a point,
    from June on 0.30 x 80% = 0.24.

    ======  ===========================  =======  =======  ========  =====  ========
    month   what happens                 earned   redeem.  expired   end    deferred
    ======  ===========================  =======  =======  ========  =====  ========
    Jan     3 cakes                          300                       300     60.00
    Feb     a cake for 75 and 40 points       75      -40              335     67.00
    Mar     a cake; one of January back     0                          335     67.00
    Apr                                                                335     67.00
    May     30 for a complaint             (+30)                       365     73.00
    Jun     a cake; a point is worth 0.30    100                       465    111.60
    Jul     what is left of January                           -160     305     73.20
    Aug     February                                           -75     230     55.20
    Sep     as in February; then March        75      -40      -60     205     49.20
    Oct     a cake; nobody books             100
    Nov     the complaint                                      -30     275     66.00
    Dec     October's cake back; June       -100              -100      75     18.00
    ======  ===========================  =======  =======  ========  =====  ========

    Cash Back: 5% of the invoice; x 50%, from July on x 60%.

    ======  ===========================  =======  ========  =====  ========
    month   what happens                 earned   adjusted  end    deferred
    ======  ===========================  =======  ========  =====  ========
    Jan     300.00                            15              15       7.50
    Feb     100.00                             5              20      10.00
    Mar     paid out by hand                            -8    12       6.00
    Apr     February is credited              -5               7       3.50
    Jul     60% are expected                                   7       4.20
    Oct     200.00; nobody books              10
    Nov                                                       17      10.20
    Dec     paid out                                   -17     0       0.00
    ======  ===========================  =======  ========  =====  ========
    """

    def test_a_year_of_two_programs(self):
        for month, happens, shop, cash in (
            (1, self._january, (300, 0, 0, 0, 300, 60), (15, 0, 15, 7.5)),
            (2, self._february, (75, -40, 0, 0, 335, 67), (5, 0, 20, 10)),
            (3, self._march, (0, 0, 0, 0, 335, 67), (0, -8, 12, 6)),
            (4, self._april, (0, 0, 0, 0, 335, 67), (-5, 0, 7, 3.5)),
            (5, self._may, (0, 0, 0, 30, 365, 73), None),
            (6, self._june, (100, 0, 0, 0, 465, 111.6), None),
            (7, self._july, (0, 0, -160, 0, 305, 73.2), (0, 0, 7, 4.2)),
            (8, self._august, (0, 0, -75, 0, 230, 55.2), None),
            (9, self._september, (75, -40, -60, 0, 205, 49.2), None),
            (10, self._october, None, None),
            (11, self._november, (100, 0, -30, 0, 275, 66), (10, 0, 17, 10.2)),
            (12, self._december, (-100, 0, -100, 0, 75, 18), (0, -17, 0, 0)),
        ):
            happens()
            if month == 10:
                continue
            after = date(2025 + month // 12, month % 12 + 1, 1)
            deferral = self._run_cron(after)
            with self.subTest(month=month):
                self.assertEqual(len(deferral), 1)
                self._check_shop(deferral, shop)
                self._check_cash(deferral, cash)
                self._check_agreement(deferral)

    def _check_shop(self, deferral, expected):
        names = ("earned", "redeemed", "expired", "adjusted", "end")
        line = self._line(deferral)
        found = [line[f"points_{name}"] for name in names]
        self.assertEqual((*found, line.deferred), expected)
        self.assertEqual(self._booked(), expected[-1])

    def _check_cash(self, deferral, expected):
        if not expected:
            return
        line = self._line(deferral, self.cash)
        found = [line[f"points_{name}"] for name in ("earned", "adjusted", "end")]
        self.assertEqual((*found, line.deferred), expected)
        self.assertEqual(self._booked(self.cash), expected[-1])

    def _check_agreement(self, deferral):
        """The ledger, the report of that day, and the accounts agree to the cent."""
        every = OutstandingPoints(self.program | self.cash, deferral.date).find()
        points = {found.program: float(found.positive.points) for found in every}
        entries = self.env["points.entry"].search([("date", "<=", deferral.date)])
        for program in self.program | self.cash:
            line = self._line(deferral, program)
            own = entries.filtered(lambda entry, p=program: entry.program_id == p)
            self.assertAlmostEqual(line.points_end, sum(own.mapped("points")), 4)
            self.assertAlmostEqual(line.points_end, points.get(program, 0), 4)
            rate = program.redemption_rate / 100
            worth = line.points_end * program._get_point_value() * rate
            self.assertAlmostEqual(self._booked(program), worth, 2)
        move = deferral.move_id
        self.assertEqual(move.date, deferral.date)
        revenue = move.line_ids.filtered(lambda item: item.account_id == self.revenue)
        self.assertAlmostEqual(sum(revenue.mapped("balance")), deferral.difference, 2)

    def _sold(self, day, quantity=1):
        with self._on(day):
            return self._sell((self.cake, quantity))

    def _bought_with_points(self, day):
        with self._on(day):
            self._buy([(self.cake, 1)], (self.reward, 1, -25))

    def _invoiced(self, day, quantity):
        with self._on(day):
            return self._invoice(
                (self.cake, quantity, 100),
                customer=self.saver,
                day=date.fromisoformat(day),
            )

    def _expire(self, day):
        with self._on(day):
            self.env["points.document"]._expire_account(self.account)

    def _january(self):
        self.of_january = self._sold("2025-01-10", 3)
        self._invoiced("2025-01-12", 3)

    def _february(self):
        self._bought_with_points("2025-02-10")
        self.of_february = self._invoiced("2025-02-12", 1)

    def _march(self):
        self._sold("2025-03-10")
        with self._on("2025-03-12"):
            self._refund(self.of_january, {self.cake: 1})
            self._adjust(-8, self.cash_account)

    def _april(self):
        with self._on("2025-04-10"):
            credit = self._credit(self.of_february, post=False)
            credit.invoice_date = date(2025, 4, 10)
            credit.action_post()

    def _may(self):
        self._earn(30, "2025-05-10")

    def _june(self):
        self._sold("2025-06-10")
        self.program.value_per_point = 0.3

    def _july(self):
        self._expire("2025-07-20")
        self.cash.redemption_rate = 60

    def _august(self):
        self._expire("2025-08-20")

    def _september(self):
        self._bought_with_points("2025-09-05")
        self._expire("2025-09-20")

    def _october(self):
        self.of_october = self._sold("2025-10-10")
        self._invoiced("2025-10-12", 2)

    def _november(self):
        self._expire("2025-11-20")

    def _december(self):
        with self._on("2025-12-05"):
            self._refund(self.of_october)
            self._adjust(-17, self.cash_account)
        self._expire("2025-12-20")


@tagged("post_install", "-at_install")
class TestDeferralAtRandom(DeferralCommon):
    """Whatever happens, the books say each month what is outstanding then."""

    def test_a_life_at_random_is_booked_to_the_cent(self):
        self.program.write({"value_per_point": 0.033333, "redemption_rate": 61.87})
        dice, orders, booked = random.Random(16), [], self.Deferral
        other = self._admit(self.other_customer, self.program)
        for month in range(1, 10):
            for day in range(3, 27, 4):
                with self._on(f"2025-{month:02}-{day:02}"):
                    self._happen(dice, orders, self.account | other)
            if dice.random() < 0.3:
                self.program.redemption_rate = dice.randint(2000, 9000) / 100
            if booked and dice.random() < 0.5:
                dice.choice(booked).exists().move_id.button_cancel()
            deferral = self._run_cron(f"2025-{month + 1:02}-01")
            booked = (booked | deferral).exists()
            with self.subTest(month=month):
                self._check_month(deferral, date(2025, month, 1))

    def _happen(self, dice, orders, accounts):
        account = dice.choice(accounts)
        event = dice.choice(("sell", "sell", "pay", "refund", "adjust"))
        if event == "refund" and orders:
            self._refund(orders.pop(dice.randrange(len(orders))))
        elif event == "adjust":
            with contextlib.suppress(UserError):  # perhaps there are not so many
                self._adjust(dice.randint(-400, 400) / 4, account)
        elif event == "pay" and self._points(self.account) >= 40:
            self._buy([(self.cake, 1)], (self.reward, 1, -25))
        else:
            orders.append(self._sell((self.cake, 1), customer=account.partner_id))

    def _check_month(self, deferral, first_day):
        day = first_day + relativedelta(months=1, days=-1)
        (found,) = OutstandingPoints(self.program, day).find()
        rate = Decimal(str(self.program.redemption_rate))
        worth = found.positive.points * Decimal("0.033333") * rate / 100
        cents = worth.quantize(Decimal("0.01"), ROUND_HALF_UP)
        self.assertEqual(self._booked(), float(cents))
        self.assertEqual(self._line(deferral).deferred, float(cents))
        move = deferral.move_id
        self.assertEqual(sum(move.line_ids.mapped("balance")), 0)


@tagged("post_install", "-at_install")
class TestPointsDeferral(DeferralCommon):
    """What becomes of an entry, and what is proposed after it."""

    def _first(self, **values):
        """Return what is booked of January: 100 points, 20.00."""
        self._earn(100, "2025-01-10")
        return self._run_cron("2025-02-01")

    def _undo(self, deferral, day):
        with self._on(day):
            reversed_ = deferral.move_id._reverse_moves([{"date": day}], cancel=True)
        self.env.invalidate_all()
        return reversed_

    # === ONE ENTRY === #

    def test_two_runs_make_one_entry(self):
        deferral = self._first()

        self.assertEqual(self._booked(), 20)
        self.assertFalse(self._run_cron("2025-02-01"))
        self.assertFalse(self._run_cron("2025-02-20"))
        self.assertEqual(self.Deferral.search([]), deferral)
        self.assertEqual(self._booked(), 20)

    def test_one_entry_holds_all_programs_each_with_its_own_lines(self):
        with self._on("2025-01-10"):
            self._adjust(100)
            self._adjust(30, self.cash_account)

        move = self._run_cron("2025-02-01").move_id

        money = "$\N{NO-BREAK SPACE}30.00"
        self.assertEqual((move.state, move.date), ("draft", date(2025, 1, 31)))
        self.assertEqual(move.journal_id, self.journal)
        self.assertEqual(
            {(item.name, item.account_id, item.balance) for item in move.line_ids},
            {
                ("Shop Card: 100 points adjusted × 0.25 × 80%", self.owed, -20),
                ("Shop Card: 100 points adjusted × 0.25 × 80%", self.revenue, 20),
                (f"Cash Back: {money} adjusted × 50%", self.owed, -15),
                (f"Cash Back: {money} adjusted × 50%", self.revenue, 15),
            },
        )
        self.assertIn("Deferred Revenue January 2025", move.message_ids[0].body)

    def test_entries_are_posted_where_the_company_says_so(self):
        self.company.points_deferral_posted = True

        deferral = self._first()

        self.assertEqual((deferral.move_id.state, deferral.state), ("posted",) * 2)

    def test_the_first_entry_takes_what_is_there_already(self):
        self._earn(100, "2024-06-10")
        self._earn(20, "2024-12-10")

        deferral = self._run_cron("2025-01-01")

        label = "Shop Card: 100 points of earlier days × 0.25 × 80%"
        self.assertEqual(self._items(deferral)[label], 20)
        self.assertEqual(self._booked(), 24)

    def test_months_left_out_are_in_the_next_entry(self):
        self._first()
        self._earn(10, "2025-02-10")
        self._earn(20, "2025-03-10")

        line = self._line(self._run_cron("2025-04-01"))

        self.assertEqual(line.date_from, date(2025, 2, 1))
        self.assertEqual((line.points_adjusted, line.points_end), (30, 130))
        self.assertEqual(self._booked(), 26)

    def test_an_entry_that_is_dated_back_is_said_apart(self):
        self._first()
        with self._on("2025-02-03"):
            self._invoice((self.cake, 1, 50), day=date(2025, 1, 30))

        line = self._line(self._run_cron("2025-03-01"))

        self.assertEqual((line.points_begin, line.points_earlier), (100, 50))
        self.assertEqual(self._booked(), 30)

    def test_points_of_the_month_that_began_wait(self):
        self._earn(100, "2025-01-10")
        self._earn(40, "2025-02-01")

        self._run_cron("2025-02-01")

        self.assertEqual(self._booked(), 20)

    def test_the_month_ends_where_the_company_is(self):
        self._earn(100, "2025-01-10")
        self.company.partner_id.tz = "Pacific/Pago_Pago"
        with freeze_time("2025-02-01 10:30:00"):
            self.assertEqual(
                self.Deferral._propose(self.company).date, date(2024, 12, 31)
            )
        with freeze_time("2025-02-01 12:00:00"):
            self.assertEqual(
                self.Deferral._propose(self.company).date, date(2025, 1, 31)
            )

    def test_nothing_is_deferred_for_balances_below_zero(self):
        other = self._admit(self.other_customer, self.program)
        with self._on("2025-01-10"):
            self._adjust(100)
            order = self._sell((self.cake, 1), customer=self.other_customer)
        with self._on("2025-01-11"):
            self._adjust(-30, other)
            self._refund(order)

        line = self._line(self._run_cron("2025-02-01"))

        self.assertPoints(other, -30)
        self.assertEqual((line.points_negative, line.points_end), (30, 100))
        self.assertEqual(self._booked(), 20)
        with self._on("2025-02-10"):
            self._adjust(50, other)
        self._run_cron("2025-03-01")
        self.assertEqual(self._booked(), 24)

    # === UNDONE === #

    def test_what_is_reversed_is_proposed_again(self):
        deferral = self._first()
        deferral.move_id.action_post()
        self._undo(deferral, "2025-02-05")
        self.assertEqual((deferral.state, self._booked()), ("reversed", 0))

        again = self._run_cron("2025-02-06")

        self.assertEqual(again.move_id.date, date(2025, 1, 31))
        self.assertEqual(again.difference, 20)
        self.assertEqual(self._booked(), 20)

    def test_what_is_deleted_is_proposed_again(self):
        deferral = self._first()
        deferral.move_id.unlink()
        self.assertFalse(deferral.exists())

        self._run_cron("2025-02-06")

        self.assertEqual(self._booked(), 20)

    def test_what_is_cancelled_is_proposed_again(self):
        deferral = self._first()
        deferral.move_id.button_cancel()
        self.assertEqual(deferral.state, "reversed")

        self._run_cron("2025-02-06")

        self.assertEqual(self._booked(), 20)

    def test_an_older_entry_that_is_reversed_is_corrected(self):
        first = self._first()
        first.move_id.action_post()
        self._earn(50, "2025-02-10")
        self._run_cron("2025-03-01")
        self._undo(first, "2025-03-05")
        self.assertEqual(self._booked(), 10)

        again = self._run_cron("2025-03-06")

        label = "Shop Card: correction of what was booked"
        self.assertEqual(self._items(again), {label: 20})
        self.assertEqual(self._booked(), 30)

    def test_what_an_accountant_books_by_hand_counts(self):
        self._first()
        self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.journal.id,
                "date": "2025-02-10",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.owed.id,
                            "points_program_id": self.program.id,
                            "balance": -7,
                        }
                    ),
                    Command.create({"account_id": self.revenue.id, "balance": 7}),
                ],
            }
        )

        self._run_cron("2025-03-01")

        self.assertEqual(self._booked(), 20)

    def test_an_item_of_another_account_is_no_deferred_revenue(self):
        self._first()
        with self._on("2025-02-10"):
            invoice = self._invoice((self.cake, 1, 55), day=date(2025, 2, 10))
        clerk = new_test_user(
            self.env,
            "clerk",
            "account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        invoice.line_ids.with_user(clerk).points_program_id = self.program.id

        deferral = self._run_cron("2025-03-01")

        accounts = deferral.move_id.line_ids.account_id
        self.assertEqual(accounts, self.owed | self.revenue)
        self.assertEqual(self._booked(), 31)

    # === OTHER TERMS === #

    def test_another_rate_revalues_what_was_booked(self):
        self._first()
        self.program.redemption_rate = 50
        self._earn(100, "2025-02-10")

        deferral = self._run_cron("2025-03-01")

        self.assertEqual(
            self._items(deferral),
            {
                "Shop Card: 100 points adjusted × 0.25 × 50%": 12.5,
                "Shop Card: change of value or redemption rate, and rounding": -7.5,
            },
        )
        self.assertEqual(self._booked(), 25)

    def test_a_measured_rate_is_that_of_the_last_24_months(self):
        self.program.redemption_rate_source = "measured"
        with self._on("2022-12-31"):
            self._sell((self.cake, 9))
            self._buy([(self.cake, 1)], (self.reward, 4, -25))
        with self._on("2024-01-10"):
            order = self._sell((self.cake, 4))
            self._buy([(self.cake, 1)], (self.reward, 2, -25))
            self._refund(order, {self.cake: 1})
            # 240 of 1,250 in 2022 and 2023.
            self.assertEqual(self.program.redemption_rate_measured, 19.2)

        deferral = self._run_cron("2025-01-01")

        # 80 of 350 in 2023 and 2024; the customer paid 50 for the second cake.
        self.assertEqual(self._line(deferral).redemption_rate, 22.86)

    def test_the_form_measures_the_rate_as_soon_as_revenue_is_deferred(self):
        self.program.has_deferral = False
        with self._on("2024-01-10"):
            self._sell((self.cake, 3))
            self._buy([(self.cake, 1)], (self.reward, 2, -25))
            with Form(self.program) as form:
                form.has_deferral = True
                measured = form.redemption_rate_measured

        self.assertEqual(measured, self.program._get_measured_rate(date(2024, 1, 10)))
        self.assertLess(measured, 100)

    def test_a_measured_rate_of_nothing_defers_all(self):
        self.program.redemption_rate_source = "measured"

        self._first()

        self.assertEqual(self._booked(), 25)

    def test_a_program_that_defers_no_more_releases_all(self):
        self._first()
        self.program.has_deferral = False

        self._run_cron("2025-03-01")

        self.assertEqual(self._booked(), 0)
        self.assertFalse(self._run_cron("2025-04-01"))
        self.cash.has_deferral = False
        with self.assertNoLogs("odoo.addons.customer_points", "WARNING"):
            self.assertFalse(self._run_cron("2025-05-01"))

    def test_an_archived_program_is_deferred_until_its_points_are_gone(self):
        self._first()
        self.program.active = False
        with self._on("2025-02-10"):
            self.env["points.document"]._expire_account(self.account)
            self._adjust(-60)

        self._run_cron("2025-03-01")

        self.assertEqual(self._booked(), 8)

    def test_another_account_gets_what_the_old_one_has(self):
        self._first()
        new = self._make_account("PTSNEW", "liability_non_current")
        self.company.points_deferral_account_id = new
        self._earn(100, "2025-02-10")

        self._run_cron("2025-03-01")

        self.assertEqual((self._booked(), self._booked(account=new)), (0, 40))

    def test_a_program_in_another_currency_is_booked_in_the_companys(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            [
                {"name": day, "currency_id": euro.id, "rate": rate}
                for day, rate in (("2025-01-01", 0.5), ("2025-02-01", 0.8))
            ]
        )
        program = self._make_program(
            name="Euro Card",
            currency_id=euro.id,
            value_per_point=0.1,
            has_deferral=True,
            redemption_rate=90,
        )
        account = self._admit(self.other_customer, program)
        with self._on("2025-01-10"):
            self._adjust(100, account)

        deferral = self._run_cron("2025-02-01")

        self.assertEqual(
            self._items(deferral, program),
            {"Euro Card: 100 points adjusted × 0.1 × 90% × 2": 18},
        )
        self._run_cron("2025-03-01")
        self.assertEqual(self._booked(program), 11.25)

    # === PAYMENTS WITH POINTS === #

    def test_payments_with_points_release_them_once(self):
        """90 points pay 22.50 of an invoice; the rest of it earns 77."""
        journal = self._make_payer()
        self._first()
        self._pay(journal, "2025-02-10")

        deferral = self._run_cron("2025-03-01")

        line = self._line(deferral)
        self.assertEqual(
            (line.points_redeemed, line.points_end, line.booked, line.paid),
            (-90, 87, -2.5, 22.5),
        )
        items = self._items(deferral)
        self.assertEqual(items["Shop Card: 90 points redeemed × 0.25 × 80%"], -18)
        self.assertEqual(items["Shop Card: paid with points"], 22.5)
        self.assertEqual(self._account_balance(self.owed), 17.4)
        self.assertFalse(self._run_cron("2025-03-02"))
        self._earn(10, "2025-03-10")
        deferral = self._run_cron("2025-04-01")
        self.assertEqual(list(self._items(deferral).values()), [2])

        new = self._make_account("PTSNEW", "liability_current")
        self.company.points_deferral_account_id = new
        self._run_cron("2025-05-01")
        self.assertEqual(self._account_balance(self.owed), 0)
        self.assertEqual(self._account_balance(new), 19.4)

    def test_payments_of_later_days_wait_for_their_month(self):
        journal = self._make_payer()
        self._earn(100, "2025-01-10")
        self._pay(journal, "2025-02-05")

        self._run_cron("2025-02-10")

        self.assertEqual(self._account_balance(self.owed, "2025-01-31"), 20)
        self.assertFalse(self._run_cron("2025-02-12"))
        with self._on("2025-02-12"):
            findings = [said for _place, said in SetupChecker(self.company).check()]
        self.assertFalse([said for said in findings if "is booked" in said])
        self._run_cron("2025-03-01")
        self.assertEqual(self._account_balance(self.owed), 17.4)

    def test_payments_of_a_register_release_points_once(self):
        journal = self._make_payer()
        method = self.env["pos.payment.method"].create(
            {
                "name": "Pay with Points",
                "journal_id": journal.id,
                "outstanding_account_id": self.owed.id,
                "points_program_id": self.program.id,
            }
        )
        self.config.payment_method_ids = [Command.link(method.id)]
        self._first()
        with self._on("2025-02-10"):
            self._buy([(self.cake, 1)], pay_with=(method, 10))
            self.config.current_session_id.action_pos_session_closing_control()

        line = self._line(self._run_cron("2025-03-01"))

        self.assertEqual((line.points_redeemed, line.paid), (-40, 10))
        self.assertEqual(self._account_balance(self.owed), line.deferred)

    def test_two_programs_are_not_paid_on_one_journal(self):
        """The books would take the payments of one program for those of the other."""
        journal = self.env["account.journal"].create(
            {"name": "Shared", "type": "bank", "code": "SHRD"}
        )
        values = {"journal_id": journal.id, "outstanding_account_id": self.owed.id}
        Method = self.env["pos.payment.method"]
        of_program = {"name": "Points", "points_program_id": self.program.id}
        of_cash = {"name": "Cash Back", "points_program_id": self.cash.id}
        Method.create({**values, **of_program})
        Method.create({**values, **of_program, "name": "Points Again"})
        with self.assertRaisesRegex(ValidationError, "another program"):
            Method.create({**values, **of_cash})
        money = Method.create({**values, "name": "Money"})
        with self.assertRaisesRegex(ValidationError, "another program"):
            money.points_program_id = self.cash

    def test_what_was_paid_with_stays_that_of_its_program(self):
        """The books would take what was paid before for payments of the other one."""
        journal = self._make_payer()
        journal.points_program_id = False
        method = self.env["pos.payment.method"].create(
            {
                "name": "Pay with Points",
                "journal_id": journal.id,
                "outstanding_account_id": self.owed.id,
                "points_program_id": self.program.id,
            }
        )
        method.points_program_id = self.cash
        method.points_program_id = self.program
        self.config.payment_method_ids = [Command.link(method.id)]
        self._first()
        with self._on("2025-02-10"):
            self._buy([(self.cake, 1)], pay_with=(method, 10))
            self.config.current_session_id.action_pos_session_closing_control()
        other = journal.copy({"code": "OTHR"})

        for values in (
            {"points_program_id": self.cash.id},
            {"points_program_id": False},
            {"journal_id": other.id},
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, "already has payments"),
            ):
                method.write(values)
        method.write({"name": "Points", "points_program_id": self.program.id})
        line = self._line(self._run_cron("2025-03-01"))
        self.assertEqual(self._account_balance(self.owed), line.deferred)

    def _make_payer(self):
        """Return a journal whose payments are booked on the deferred account."""
        journal = self.env["account.journal"].create(
            {"name": "Points Paid", "type": "bank", "code": "PPTS"}
        )
        lines = journal.inbound_payment_method_line_ids
        lines |= journal.outbound_payment_method_line_ids
        lines.payment_account_id = self.owed
        journal.points_program_id = self.program
        return journal

    def _pay(self, journal, day):
        """Pay 22.50 of an invoice of 100.00 with 90 points."""
        with self._on(day):
            invoice = self._invoice((self.cake, 1, 100), day=date.fromisoformat(day))
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            )
            wizard.create({"journal_id": journal.id, "amount": 22.5})._create_payments()
            self.env.cr.precommit.run()

    def _account_balance(self, account, day="2025-12-31"):
        """Return the whole balance of an account on a day, whoever booked on it."""
        self.env.flush_all()
        domain = [("account_id", "=", account.id), ("date", "<=", day)]
        domain += [("parent_state", "in", ("draft", "posted"))]
        lines = self.env["account.move.line"].search(domain)
        return round(-sum(lines.mapped("balance")), 2)

    # === REFUSED === #

    def test_a_locked_month_is_booked_in_the_next_one(self):
        self.company.points_deferral_posted = True
        self.company.fiscalyear_lock_date = date(2025, 1, 31)

        deferral = self._first()

        self.assertEqual(deferral.move_id.state, "posted")
        self.assertGreater(deferral.move_id.date, date(2025, 1, 31))
        self.assertIn("is locked", deferral.message_ids[0].body)
        self.assertFalse(self._run_cron("2025-02-20"))

    def test_a_missing_setting_is_told_and_mended(self):
        self.company.points_deferral_journal_id = False

        self.assertFalse(self._first())

        proposal = self.Deferral.search([])
        self.assertEqual(proposal.state, "proposed")
        self.assertIn("ask an administrator", proposal.message_ids[0].body)
        self.company.points_deferral_journal_id = self.journal
        self.assertEqual(self._run_cron("2025-02-03"), self.Deferral.browse())
        self.assertEqual((proposal.state, self._booked()), ("draft", 20))

    def test_an_archived_journal_is_told(self):
        self.company.points_deferral_posted = True
        self.journal.active = False

        self.assertFalse(self._first())

        self.assertIn("no journal entry", self.Deferral.search([]).message_ids[0].body)

    def test_a_company_that_fails_keeps_none_from_its_books(self):
        self._earn(100, "2025-01-10")
        broken = self.env["res.company"].create({"name": "Broken"})
        self.Deferral.sudo().create({"company_id": broken.id, "date": "2025-01-31"})
        propose = type(self.Deferral)._propose

        def fail(self, company):
            if company == broken:
                raise ValueError("broken")
            return propose(self, company)

        self.patch(type(self.Deferral), "_propose", fail)
        with mute_logger("odoo.addons.customer_points.models.points_deferral"):
            self._run_cron("2025-02-01")

        self.assertEqual(self._booked(), 20)

    def test_settings_refuse_what_cannot_hold_deferred_revenue(self):
        payable = self.company_data["default_account_payable"]
        for name, record in (
            ("points_deferral_account_id", self.revenue),
            ("points_deferral_account_id", payable),
            ("points_revenue_account_id", self.owed),
            ("points_deferral_journal_id", self.company_data["default_journal_bank"]),
        ):
            with self.subTest(name, record=record):
                with self.assertRaises(ValidationError):
                    self.company[name] = record

    def test_settings_refuse_accounts_in_another_currency(self):
        foreign = self.owed.copy({"code": "199998"})
        foreign.currency_id = self.env.ref("base.JPY")

        with self.assertRaisesRegex(ValidationError, "currency of their own"):
            self.company.points_deferral_account_id = foreign

    def test_a_program_needs_a_value_and_the_accounts_first(self):
        with self.assertRaisesRegex(ValidationError, "value per point"):
            self._make_program(has_deferral=True)
        self.company.points_revenue_account_id = False
        with self.assertRaisesRegex(UserError, "administrator"):
            self._make_program(has_deferral=True, value_per_point=1)
        self.assertRefused(self.program.write, {"redemption_rate": 101})

    def test_a_copy_defers_nothing_by_itself(self):
        self.assertFalse(self.program.copy().has_deferral)

    # === THE CHECK === #

    def _find(self, place=""):
        findings = SetupChecker(self.company).check()
        return [
            sentence
            for record, sentence in findings
            if not isinstance(record, str) and record._name.startswith(place)
        ]

    def test_books_that_agree_give_no_finding(self):
        self._first()

        self.assertFalse(self._find("points.deferral"))

    def test_the_check_names_the_program_and_the_difference(self):
        self._first()
        with self._on("2025-02-03"):
            self._invoice((self.cake, 1, 50), day=date(2025, 1, 30))

        (finding,) = self._find("points.deferral")
        self.assertEqual(
            finding.replace("\N{NO-BREAK SPACE}", " "),
            "Shop Card: $ 30.00 is to be deferred on 01/31/2025, but $ 20.00 is "
            "booked: the difference is $ 10.00. Propose an entry.",
        )

    def test_the_check_finds_what_waits_for_its_entry(self):
        self.company.points_deferral_journal_id = False
        self._first()

        self.assertEqual(
            self._find("points.deferral"),
            ["Deferred Revenue January 2025 has no journal entry yet."],
        )

    def test_the_check_finds_balances_that_are_not_the_ledgers(self):
        self._first()
        self.env.cr.execute("ALTER TABLE points_account DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE points_account SET balance = 103 WHERE id = %s", self.account.ids
        )
        self.env.invalidate_all()

        (finding,) = (
            said for said in self._find("points.program") if "differ by" in said
        )
        self.assertIn("Shop Card: the ledger has 100 points", finding)
        self.assertIn("3 points", finding)

    def test_queries_of_the_check_do_not_grow_with_programs(self):
        self._first()
        checker = DeferralChecker(self.company)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self._on("2025-02-02"):
                self.assertFalse(checker.check())
            return self.env.cr.sql_log_count - before

        count()
        once = count()
        for place in range(5):
            program = self._make_program(name=f"Card {place}", value_per_point=1)
            program.has_deferral = True
            self._admit(self.other_customer, program)
        count()
        # Each may be paid with: by methods of registers, and by journals.
        self.assertLessEqual(count() - once, 2 * 5)

    def test_the_check_finds_payments_on_another_account(self):
        journal = self.env["account.journal"].create(
            {"name": "Points Paid", "type": "bank", "code": "PPTS"}
        )
        lines = journal.inbound_payment_method_line_ids
        lines |= journal.outbound_payment_method_line_ids
        other = self._make_account("PTSPAID", "liability_current")
        lines.payment_account_id = other
        journal.points_program_id = self.program

        (finding,) = (said for said in self._find() if "payments with" in said)
        self.assertIn(other.display_name, finding)
        lines.payment_account_id = self.owed
        self.assertFalse([said for said in self._find() if "payments with" in said])


@tagged("post_install", "-at_install")
class TestDeferralRights(DeferralCommon):
    """Who may see, propose and book; in which company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.keeper = cls._make_user("keeper", f"{_MANAGER},{_ACCOUNTANT}")
        cls.manager = cls._make_user("manager", _MANAGER)
        cls.accountant = cls._make_user("bookkeeper", "account.group_account_user")
        cls.reader = cls._make_user("reader", "customer_points.group_points_user")
        cls.clerk = cls._make_user("clerk", "account.group_account_invoice")
        cls.guest = cls._make_user("guest", "base.group_portal")

    @classmethod
    def _make_user(cls, login, groups):
        return new_test_user(cls.env, login, groups, **cls.companies)

    def _ask(self, user):
        return self.Deferral.with_user(user)

    def test_managers_who_are_accountants_propose_and_book(self):
        self._earn(100, "2025-01-10")
        self.env.invalidate_all()
        with self._on("2025-02-01"):
            action = self._ask(self.keeper).action_propose()
            proposal = self._ask(self.keeper).browse(action["res_id"])
            self.assertEqual((proposal.state, proposal.difference), ("proposed", 20))
            self._earn(10, "2025-01-31")
            action = proposal.action_book()

        move = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(move.create_uid, self.keeper)
        self.assertEqual((proposal.move_id, proposal.difference), (move, 22))
        with self.assertRaisesRegex(UserError, "booked already"):
            proposal.action_book()

    def test_there_is_nothing_to_book_twice(self):
        self._earn(100, "2025-01-10")
        self._run_cron("2025-02-01")
        with self._on("2025-02-02"):
            action = self._ask(self.keeper).action_propose()
            proposal = self._ask(self.keeper).browse(action["res_id"])
            self.assertFalse(
                [
                    said
                    for _place, said in SetupChecker(self.company).check()
                    if "no journal entry" in said
                ]
            )
            with self.assertRaisesRegex(UserError, "nothing to book"):
                proposal.action_book()

    def test_nobody_else_proposes_or_books(self):
        self._earn(100, "2025-01-10")
        with self._on("2025-02-01"):
            proposal = self.Deferral._propose(self.company)
            for user in (
                *(self.manager, self.accountant, self.reader),
                *(self.clerk, self.guest),
            ):
                with self.subTest(user.login):
                    with self.assertRaises(AccessError):
                        self._ask(user).action_propose()
                    with self.assertRaises(AccessError):
                        proposal.with_user(user).action_book()

    def test_managers_and_accountants_read_it(self):
        self._earn(100, "2025-01-10")
        deferral = self._run_cron("2025-02-01")
        self.env.invalidate_all()
        for user in (self.keeper, self.manager, self.accountant):
            with self.subTest(user.login):
                seen = deferral.with_user(user)
                self.assertEqual((seen.state, seen.deferred), ("draft", 20))
                program = {"program_id": {"fields": {"display_name": {}}}}
                (read,) = seen.web_read({"line_ids": {"fields": program}})
                self.assertIn("Shop Card", str(read))
        for user in (self.reader, self.clerk, self.guest):
            for records in (deferral, deferral.line_ids):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    records.with_user(user).read(["display_name"])

    def test_its_paper_is_for_who_may_read_it(self):
        self._earn(100, "2025-01-10")
        deferral = self._run_cron("2025-02-01")
        self.env.flush_all()
        self.env.invalidate_all()
        Report, name = self.env["ir.actions.report"], "customer_points.report_deferral"
        for user in (self.keeper, self.manager, self.accountant):
            with self.subTest(user.login):
                source, _kind = Report.with_user(user)._render_qweb_html(
                    name, deferral.ids
                )
                page = html.fromstring(source)
                row = page.xpath("//tr[@name='points_row']")[-1].text_content().split()
                numbers = ["0", "0", "0", "0", "0", "100", "0", "100", "0.25", "80"]
                money = ["$", "20.00", "$", "0.00", "$", "20.00"]
                self.assertEqual(row, ["Shop", "Card", *numbers, *money])
        for user in (self.reader, self.clerk, self.guest):
            with self.subTest(user.login), self.assertRaises(AccessError):
                Report.with_user(user)._render_qweb_html(name, deferral.ids)

    def test_a_pdf_has_a_page_for_each_month(self):
        self._earn(100, "2025-01-10")
        deferrals = self._run_cron("2025-02-01")
        self._earn(100, "2025-02-10")
        deferrals |= self._run_cron("2025-03-01")
        self.env.flush_all()
        report = self.env.ref("customer_points.report_deferral_action")
        report = report.with_user(self.keeper)
        report = report.with_context(force_report_rendering=True)
        # No server is there to fetch the company's style from.
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            pdf, _kind = report._render_qweb_pdf(report.report_name, deferrals.ids)

        texts = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
        self.assertEqual(len(texts), 2)
        self.assertIn("40.00", texts[0] + texts[1])

    def test_a_workbook_has_its_programs_and_what_the_entry_books(self):
        """100 points × 0.25 × 80% = 20.00: as the form and the items say it."""
        self._earn(100, "2025-01-10")
        deferral = self._run_cron("2025-02-01")
        said = DeferralSheets(deferral.with_user(self.keeper))

        lines, parts = (list(sheet.rows) for sheet in said.sheets())

        heads, *_more = (sheet.heads for sheet in said.sheets())
        row = dict(zip(heads, self._row_of(lines, self.program), strict=True))
        for head, value in (
            ("Date", date(2025, 1, 31)),
            ("Adjusted", 100),
            ("End", 100),
            ("Rate (%)", 80),
            ("Deferred", 20),
            ("To Book", 20),
        ):
            with self.subTest(head):
                self.assertEqual(getattr(row[head], "number", row[head]), value)
        items = self._items(deferral)
        booked = [(said, money.number) for *_names, said, money in parts]
        self.assertEqual(booked, list(items.items()))
        self.assertIs(said.is_long, False)

    def _row_of(self, rows, program):
        (row,) = [row for row in rows if row[2] == program.name]
        return row

    def test_an_entry_that_is_not_there_yet_cannot_be_opened(self):
        self._earn(100, "2025-01-10")
        with self._on("2025-02-01"):
            deferral = self.Deferral._propose(self.company)
        with self.assertRaisesRegex(UserError, "no journal entry yet"):
            deferral.action_view_entry()

    def test_nobody_writes_it_by_hand(self):
        self._earn(100, "2025-01-10")
        deferral = self._run_cron("2025-02-01").with_user(self.keeper)
        for call in (
            lambda: deferral.write({"date": "2025-03-31"}),
            lambda: deferral.line_ids.write({"booked": 0}),
            lambda: deferral.create({"company_id": self.company.id}),
            deferral.unlink,
        ):
            with self.assertRaises(AccessError):
                call()

    def test_only_accountants_read_and_change_what_a_program_defers(self):
        program = self.program.with_user(self.manager)
        with self.assertRaises(AccessError):
            program.redemption_rate = 3
        with self.assertRaises(AccessError):
            program.read(["has_deferral"])
        program.value_per_point = 0.5
        self.assertTrue(program.copy())
        with Form(self.program.with_user(self.keeper)) as form:
            form.redemption_rate = 70
        self.assertEqual(self.program.redemption_rate, 70)

    def test_another_company_sees_and_books_nothing_of_it(self):
        self._earn(100, "2025-01-10")
        deferral = self._run_cron("2025-02-01")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            f"{_MANAGER},{_ACCOUNTANT}",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        self.env.invalidate_all()

        self.assertFalse(self._ask(stranger).search([]))
        with self.assertRaises(AccessError):
            deferral.with_user(stranger).read(["deferred"])
        with self.assertRaises(AccessError):
            deferral.with_user(stranger).action_book()
        with self.assertRaises(AccessError):
            deferral.line_ids.with_user(stranger).read(["deferred"])
        with self.assertRaisesRegex(UserError, "No program defers"):
            self._ask(stranger).action_propose()


@tagged("post_install", "-at_install")
class TestDeferralByAddress(DeferralCommon, HttpCase):
    """What a browser gets that asks for the workbook by its address."""

    def test_only_managers_and_accountants_get_the_workbook(self):
        self._earn(100, "2025-01-10")
        with self._on("2025-02-01"):
            deferral = self.Deferral._propose(self.company)
        address = deferral.action_export()["url"]
        for login, group, answers in (
            ("keeper", _MANAGER, 200),
            ("bookkeeper", _ACCOUNTANT, 200),
            ("reader", "customer_points.group_points_user", 403),
            ("visitor", "base.group_portal", 403),
        ):
            companies = {"company_id": self.company.id}
            companies["company_ids"] = [Command.set(self.company.ids)]
            companies = companies if login != "visitor" else {}
            new_test_user(self.env, login, group, **companies)
            with self.subTest(login):
                answer = self._get(address, login)
                self.assertEqual(answer.status_code, answers)
                self.assertEqual(answer.content.startswith(b"PK"), answers == 200)
        self.assertEqual(
            self._get(address.replace("xlsx", "csv"), "keeper").status_code, 404
        )

    def _get(self, address, login):
        self.env.flush_all()
        self.authenticate(login, login)
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            return self.url_open(address)
