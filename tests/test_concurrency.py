"""Real connections, real commits: what two registers can do to one account."""

# Two transactions see each other only when one of them is committed.
# pylint: disable=invalid-commit

import threading
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import mute_logger

from odoo.addons.customer_points.settlement import balances

from ..models import points_review
from ..models.points_category_total import PointsCategoryTotal
from ..redemption.sale_redemption import SaleRedemption
from ..wizards import points_account_allocate

_QUIET = (
    "odoo.sql_db",
    "odoo.service.model",
    "odoo.addons.customer_points.models.points_origin",
    "odoo.addons.customer_points.models.points_review",
)
_LEDGER = ("points_lot", "points_entry", "points_document")


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Every test commits; what it made is removed again, triggers set aside."""

    def setUp(self):
        super().setUp()
        # The test runner holds the registry's lock; our threads would wait for it.
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        self.registry = Registry(get_db_name())
        self.addCleanup(self._clean_up)
        with self._transaction() as env:
            company = env.ref("base.main_company")
            product = env["product.product"].create(
                {"name": "Concurrent cake", "type": "consu", "taxes_id": False}
            )
            program = env["points.program"].create(
                {
                    "name": "Concurrent",
                    "code": "CONCURRENT",
                    "company_id": company.id,
                    "rule_ids": [
                        Command.create(
                            {
                                "name": "10 for 100",
                                "method": "block",
                                "block_points": 10,
                                "block_amount": 100,
                            }
                        )
                    ],
                }
            )
            partner = env["res.partner"].create({"name": "Concurrent customer"})
            account = env["points.account"].create(
                {"partner_id": partner.id, "program_id": program.id}
            )
            self.ids = {
                "company": company.id,
                "product": product.id,
                "program": program.id,
                "partner": partner.id,
                "account": account.id,
            }

    def _transaction(self):
        return _Transaction(self.registry)

    def _clean_up(self):
        with self._transaction() as env:
            for table in _LEDGER:
                env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            partner = self.ids["partner"]
            accounts = env["points.account"].search([("partner_id", "=", partner)])
            env["points.adjustment"].search([]).unlink()
            env.cr.execute("DELETE FROM points_review")
            env.cr.execute("DELETE FROM ir_cron_trigger")
            for table in ("points_lot", "points_entry"):
                env.cr.execute(
                    f"DELETE FROM {table} WHERE account_id = ANY(%s)", [accounts.ids]
                )
            env.cr.execute(
                "DELETE FROM points_document WHERE partner_id = %s", [partner]
            )
            for table in _LEDGER:
                env.cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            env.invalidate_all()
            moves = env["account.move"].search([("partner_id", "=", partner)])
            company = env["res.company"].browse(self.ids["company"])
            company.points_active = False
            moves.button_draft()
            moves.with_context(force_delete=True).unlink()
            company.points_active = True
            accounts.unlink()
            env["points.program"].browse(self.ids["program"]).unlink()
            env["res.partner"].browse(partner).unlink()
            env["product.product"].browse(self.ids["product"]).unlink()

    def _spend(self, env, points, conditional=True):
        account = env["points.account"].browse(self.ids["account"])
        env["points.document"]._post(
            {
                "kind": "adjust",
                "date": date(2026, 3, 15),
                "partner_id": account.partner_id.id,
                "company_id": account.company_id.id,
            },
            [
                {
                    "account_id": account.id,
                    "program_id": account.program_id.id,
                    "kind": "adjust",
                    "points": Decimal(points),
                }
            ],
            conditional=conditional,
        )

    def _post_invoice(self, env, move_type, amount, origin=None):
        move = env["account.move"].create(
            {
                "move_type": move_type,
                "company_id": self.ids["company"],
                "partner_id": self.ids["partner"],
                "invoice_date": "2026-03-15",
                "reversed_entry_id": origin and origin.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.ids["product"],
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def _run_cron(self):
        with self._transaction() as env:
            env["points.review"]._cron_settle()

    def _settle_now(self):
        with self._transaction() as env:
            env["points.review"].search([("state", "=", "to_settle")]).action_settle()

    def _hold(self, env):
        """Lock the account until the end of this transaction."""
        env["points.account"].browse(self.ids["account"]).lock_for_update()

    def _ledger(self):
        """Return (balance, sum of entries, sum of lots, documents, open reviews)."""
        with self._transaction() as env:
            account = env["points.account"].browse(self.ids["account"])
            lots = env["points.lot"].search([("account_id", "=", account.id)])
            reviews = env["points.review"].search([("state", "=", "to_settle")])
            return (
                account.balance,
                sum(account.entry_ids.mapped("points")),
                sum(lots.mapped("remaining")),
                len(account.entry_ids.document_id),
                len(reviews),
            )

    def test_r10_eight_workers_cannot_spend_the_same_points(self):
        with self._transaction() as env:
            self._spend(env, 500)
        taken, refused = [], []

        def work():
            for _time in range(3):
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    cr.execute("SELECT 1")
                    try:
                        retrying(partial(self._spend, env, -100), env)
                        cr.commit()
                        taken.append(100)
                    except (UserError, psycopg2.OperationalError):
                        cr.rollback()
                        refused.append(100)

        with mute_logger(*_QUIET), patch("time.sleep"):
            threads = [threading.Thread(target=work) for _number in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        balance, entries, lots, _documents, _reviews = self._ledger()
        self.assertLessEqual(sum(taken), 500)
        self.assertEqual(balance, 500 - sum(taken))
        self.assertEqual(balance, entries)
        self.assertEqual(balance, lots)
        self.assertEqual(len(taken) + len(refused), 24)

    def test_r10_eight_registers_take_100_of_500_two_hundred_times_and_5_succeed(self):
        """Each attempt takes a reward; another transaction then pays its order."""
        with self._transaction() as env:
            self._spend(env, 500)
            reward_id = self._make_reward(env)
        results = {"taken": 0, "refused": 0, "busy": 0}
        strange, lock = [], threading.Lock()

        def work(register):
            for attempt in range(25):
                key = f"pos:concurrent-{register}-{attempt}"
                result = self._try_to_take(key, reward_id)
                with lock:
                    if result in results:
                        results[result] += 1
                    else:
                        strange.append(result)

        sleep = time.sleep
        with (
            mute_logger(*_QUIET),
            patch("time.sleep", lambda seconds: sleep(seconds / 100)),
        ):
            threads = [
                threading.Thread(target=work, args=[register]) for register in range(8)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        self.assertFalse(strange)
        self.assertEqual(results["taken"], 5, results)
        self.assertEqual(sum(results.values()), 200)
        balance, entries, lots, _documents, _reviews = self._ledger()
        self.assertEqual((balance, entries, lots), (0, 0, 0))

    def test_r10_of_two_orders_with_the_same_points_one_is_confirmed(self):
        """What both had set aside has lapsed: confirming takes it again."""
        with self._transaction() as env:
            self._spend(env, 100)
            reward = env["points.reward"].browse(self._make_reward(env))
            reward.write({"points_cost": 80, "value": 5})
            env["product.product"].browse(self.ids["product"]).type = "service"
            order_ids = [self._redeem_on_order(env, reward) for _time in range(2)]
        self.addCleanup(self._delete_orders, order_ids)
        confirmed, refused = [], []

        def work(order_id):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                order = env["sale.order"].browse(order_id)
                try:
                    retrying(order.action_confirm, env)
                    cr.commit()
                    confirmed.append(order_id)
                except (UserError, psycopg2.OperationalError) as error:
                    cr.rollback()
                    refused.append(str(error))

        with mute_logger(*_QUIET), patch("time.sleep"):
            threads = [threading.Thread(target=work, args=[each]) for each in order_ids]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        self.assertEqual((len(confirmed), len(refused)), (1, 1), refused)
        balance, entries, lots, _documents, _reviews = self._ledger()
        self.assertEqual((balance, entries, lots), (20, 20, 20))

    def _redeem_on_order(self, env, reward):
        """Return a quotation whose points are not set aside any more."""
        order = env["sale.order"].create(
            {
                "company_id": self.ids["company"],
                "partner_id": self.ids["partner"],
                "order_line": [
                    Command.create(
                        {"product_id": self.ids["product"], "price_unit": 100}
                    )
                ],
            }
        )
        refused = SaleRedemption(order).redeem(self.ids["account"], reward.id, 1)
        self.assertFalse(refused)
        env["points.hold"].search([]).expires_at = "2020-01-01"
        env.flush_all()
        env.invalidate_all()
        return order.id

    def _delete_orders(self, order_ids):
        with self._transaction() as env:
            env.cr.execute("ALTER TABLE points_document DISABLE TRIGGER USER")
            env.cr.execute(
                "UPDATE points_document SET sale_order_id = NULL"
                " WHERE sale_order_id = ANY(%s)",
                [order_ids],
            )
            env.cr.execute("ALTER TABLE points_document ENABLE TRIGGER USER")
            env.cr.execute("DELETE FROM points_hold")
            env.cr.execute("DELETE FROM sale_order WHERE id = ANY(%s)", [order_ids])

    def _make_reward(self, env):
        """Return a reward of 100 points; with its LOYPAY product it goes at the end."""
        product = env["product.product"].create(
            {
                "name": "Concurrent LOYPAY",
                "points_type": "loypay",
                "taxes_id": False,
                "categ_id": env["product.category"].search([], limit=1).id,
            }
        )
        self.addCleanup(self._unlink_product, product.id)
        reward = env["points.reward"].create(
            {
                "program_id": self.ids["program"],
                "product_id": product.id,
                "points_cost": 100,
                "value": 5,
            }
        )
        return reward.id

    def _unlink_product(self, product_id):
        with self._transaction() as env:
            product = env["product.product"].browse(product_id)
            env["points.reward"].search([("product_id", "=", product.id)]).unlink()
            product.unlink()

    def _try_to_take(self, key, reward_id):
        """Take a reward as a register's call does, and pay the order when it may be."""

        def reserve(env):
            account = env["points.account"].browse(self.ids["account"])
            return account.points_reserve(key, reward_id, 1)

        def pay(env):
            self._spend(env, -100, conditional=False)
            env["points.hold"]._drop(key)

        try:
            if self._in_transaction(reserve)["refused"]:
                return "refused"
        except psycopg2.OperationalError:
            # The register says: somebody else is using these points, try again.
            return "busy"
        for _time in range(50):
            # A paid order is settled by the cron when it loses against others.
            try:
                self._in_transaction(pay)
                return "taken"
            except psycopg2.OperationalError:
                continue
        return "a paid order that is never settled"

    def _in_transaction(self, function):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute("SELECT 1")
            try:
                result = retrying(partial(function, env), env)
                cr.commit()
            except Exception:
                cr.rollback()
                raise
            return result

    def test_r10_two_clerks_cannot_pay_invoices_with_the_same_points(self):
        """X-09: of two payments at once exactly one succeeds, with its entry."""
        with self._transaction() as env:
            self._spend(env, 80)
            journal_id = self._make_points_journal(env)
            moves = [self._post_invoice(env, "out_invoice", 50) for _number in range(2)]
            move_ids = [move.id for move in moves]
        started, results = threading.Barrier(2, timeout=30), []

        def pay(move_id):
            def register(env):
                # Both see the points before one of them takes them.
                wizard = env["account.payment.register"].with_context(
                    active_model="account.move", active_ids=[move_id]
                )
                wizard = wizard.create({"journal_id": journal_id, "amount": 50})
                if not started.broken and started.n_waiting < 2 and move_id not in seen:
                    seen.add(move_id)
                    started.wait()
                wizard._create_payments()

            try:
                self._in_transaction(register)
                results.append("paid")
            except (UserError, psycopg2.OperationalError) as error:
                results.append(str(error))

        seen: set = set()
        with mute_logger(*_QUIET), patch("time.sleep"):
            threads = [threading.Thread(target=pay, args=[each]) for each in move_ids]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        self.assertEqual(results.count("paid"), 1, results)
        (refused,) = [result for result in results if result != "paid"]
        self.assertIn("available", refused)
        with self._transaction() as env:
            payments = env["account.payment"].search([("journal_id", "=", journal_id)])
            self.assertEqual(payments.mapped("amount"), [50])
            residuals = env["account.move"].browse(move_ids).mapped("amount_residual")
            self.assertEqual(sorted(residuals), [0, 50])
        balance, entries, lots, _documents, _reviews = self._ledger()
        self.assertEqual((balance, entries, lots), (30, 30, 30))

    def _make_points_journal(self, env):
        """Return a journal that pays with points, worth 1.00; it goes at the end."""
        env["points.program"].browse(self.ids["program"]).value_per_point = 1
        account = env["account.account"].create(
            {
                "name": "Concurrent points owed",
                "code": "XCONC",
                "account_type": "liability_current",
                "reconcile": True,
            }
        )
        journal = env["account.journal"].create(
            {"name": "Concurrent points", "code": "XCONC", "type": "bank"}
        )
        lines = journal.inbound_payment_method_line_ids
        lines.payment_account_id = account
        journal.points_program_id = self.ids["program"]
        self.addCleanup(self._unlink_journal, journal.id, account.id)
        return journal.id

    def _unlink_journal(self, journal_id, account_id):
        with self._transaction() as env:
            payments = env["account.payment"].search([("journal_id", "=", journal_id)])
            wizards = env["account.payment.register"]
            wizards.search([("journal_id", "=", journal_id)]).unlink()
            payments.action_draft()
            payments.with_context(force_delete=True).unlink()
            journal = env["account.journal"].browse(journal_id)
            money = journal.default_account_id
            journal.points_program_id = False
            journal.unlink()
            (money | env["account.account"].browse(account_id)).unlink()

    def test_two_who_approve_one_adjustment_post_it_once(self):
        with self._transaction() as env:
            account = env["points.account"].browse(self.ids["account"])
            Request = env["points.adjustment"]
            request_id = Request._request(account, Decimal(500), "Concurrent").id

        def approve(env):
            approver = env.ref("base.user_admin")
            request = env["points.adjustment"].with_user(approver).browse(request_id)
            request.action_approve()

        with self._transaction() as env_1, self._transaction() as env_2:
            env_2.cr.execute("SELECT 1")
            approve(env_1)
            env_1.cr.commit()
            with mute_logger(*_QUIET):
                with self.assertRaises(psycopg2.errors.SerializationFailure):
                    approve(env_2)
            env_2.cr.rollback()

        with self.assertRaisesRegex(UserError, "no longer waiting"):
            self._in_transaction(approve)
        self.assertEqual(self._ledger(), (500, 500, 500, 1, 0))

    def test_two_who_transfer_the_same_points_move_them_once(self):
        with self._transaction() as env:
            self._spend(env, 100)
            friend = env["res.partner"].create({"name": "Concurrent friend"})
            target_id = env["points.account"].create(
                {"partner_id": friend.id, "program_id": self.ids["program"]}
            )
            friend_id, target_id = friend.id, target_id.id
        self.addCleanup(self._unlink_friend, friend_id)

        def transfer(env):
            values = {"account_id": self.ids["account"], "partner_id": friend_id}
            values.update(is_all=True, reason="Concurrent")
            env["points.account.transfer"].create(values).action_transfer()

        with self._transaction() as env_1, self._transaction() as env_2:
            env_2.cr.execute("SELECT 1")
            transfer(env_1)
            env_1.cr.commit()
            with mute_logger(*_QUIET):
                with self.assertRaises(psycopg2.errors.SerializationFailure):
                    transfer(env_2)
            env_2.cr.rollback()

        with self.assertRaisesRegex(UserError, "Not enough points"):
            self._in_transaction(transfer)
        self.assertEqual(self._ledger()[:3], (0, 0, 0))
        with self._transaction() as env:
            self.assertEqual(env["points.account"].browse(target_id).balance, 100)
            # The clean-up deletes what the first customer has.
            self._delete_ledger_of(env, target_id)

    def _delete_ledger_of(self, env, account_id):
        """Delete what an account got, and its balance, triggers set aside."""
        tables = ("points_account", *_LEDGER)
        for table in tables:
            env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for query in (
            "DELETE FROM points_lot WHERE account_id = %s",
            "DELETE FROM points_entry WHERE account_id = %s",
            "UPDATE points_account SET balance = 0 WHERE id = %s",
        ):
            env.cr.execute(query, [account_id])
        for table in tables:
            env.cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def _unlink_friend(self, friend_id):
        with self._transaction() as env:
            friend = env["res.partner"].browse(friend_id)
            friend.points_account_ids.unlink()
            friend.unlink()

    def test_r09_two_transactions_settling_one_invoice_post_it_once(self):
        with self._transaction() as env, mute_logger(*_QUIET):
            with patch.object(
                env.registry["points.origin"], "_points_settle_now", side_effect=OSError
            ):
                move_id = self._post_invoice(env, "out_invoice", 100).id
        first, second = self._transaction(), self._transaction()

        with mute_logger(*_QUIET), first as env_1, second as env_2:
            env_2.cr.execute("SELECT 1")
            env_1["account.move"].browse(move_id)._points_settle(is_new=True)
            env_1.cr.commit()
            env_2["account.move"].browse(move_id)._points_settle(is_new=True)

        self.assertEqual(self._ledger()[:4], (10, 10, 10, 1))
        self._run_cron()
        self.assertEqual(self._ledger(), (10, 10, 10, 1, 0))

    def test_a_real_conflict_stores_the_sale_and_settles_it_at_once(self):
        move_id = self._invoice_in_conflict()

        with self._transaction() as env:
            self.assertEqual(env["account.move"].browse(move_id).state, "posted")
            review = env["points.review"].search([("root", "=", f"inv:{move_id}")])
            self.assertEqual(review.state, "done")
            document = env["points.document"].search([("move_id", "=", move_id)])
            self.assertEqual(document.create_uid.id, SUPERUSER_ID)
        self.assertEqual(self._ledger(), (11, 11, 11, 2, 0))

    def test_r04_two_returns_at_once_stop_at_zero(self):
        with self._transaction() as env:
            env["points.program"].browse(self.ids["program"]).return_shortfall = "zero"
            first, second = (
                self._post_invoice(env, "out_invoice", 100).id for _number in range(2)
            )
            self._spend(env, -15)
        with mute_logger(*_QUIET), self._transaction() as env:
            env.cr.execute("SELECT 1")
            with self._transaction() as other:
                origin = other["account.move"].browse(first)
                self._post_invoice(other, "out_refund", 100, origin)
            self._post_invoice(
                env, "out_refund", 100, env["account.move"].browse(second)
            )
        self.assertEqual(self._ledger(), (0, 0, 0, 5, 0))
        with self._transaction() as env:
            account = env["points.account"].browse(self.ids["account"])
            waived = account.entry_ids.filtered(lambda entry: entry.kind == "waive")
            self.assertEqual(sum(waived.mapped("points")), 15)

    def test_a_conflict_that_lasts_is_left_to_the_cron_which_runs_at_once(self):
        impatient = patch.multiple(
            points_review, _AT_THE_REGISTER=0, _BY_CRON=0, _LOCK_TIMEOUT="50ms"
        )
        with mute_logger(*_QUIET), impatient, self._transaction() as holder:
            move_id = self._invoice_in_conflict(lambda: self._hold(holder))

            review = self._review(move_id)
            self.assertEqual(review["attempts"], 0)
            self.assertLessEqual(review["next_try"], datetime.now())
            self.assertLessEqual(min(self._triggers()), datetime.now())
            self._run_cron()
            review = self._review(move_id)
            self.assertEqual(review["attempts"], 1)
            self.assertGreater(review["next_try"], datetime.now())
            self.assertIn(review["next_try"], self._triggers())

        self._settle_now()
        self.assertEqual(self._ledger(), (11, 11, 11, 2, 0))

    def test_a_worker_that_dies_after_the_sale_leaves_it_to_the_cron(self):
        with patch.object(self.registry["points.review"], "_settle_stored"):
            move_id = self._invoice_in_conflict()

        review = self._review(move_id)
        soon = datetime.now() + timedelta(seconds=15)
        self.assertTrue(datetime.now() < review["next_try"] < soon, review)
        self.assertIn(review["next_try"], self._triggers())
        self.assertEqual(self._ledger(), (1, 1, 1, 1, 1))
        self._run_cron()
        self.assertEqual(self._ledger()[-1], 1, "the request is left alone first")
        with self._transaction() as env:
            env["points.review"].search([]).next_try = "2026-01-01"
        self._run_cron()
        self.assertEqual(self._ledger(), (11, 11, 11, 2, 0))

    def test_first_invoices_of_one_customer_open_one_account_and_none_waits(self):
        with self._transaction() as env:
            env["points.account"].browse(self.ids["account"]).unlink()
            env["points.program"].browse(self.ids["program"]).membership = "everyone"
            # Else the invoices themselves would meet a conflict, at the customer.
            env["res.partner"].browse(self.ids["partner"]).customer_rank = 1

        with mute_logger(*_QUIET), self._transaction() as env:
            env.cr.execute("SELECT 1")
            with self._transaction() as other:
                self._post_invoice(other, "out_invoice", 300)
            self._post_invoice(env, "out_invoice", 100)

        with self._transaction() as env:
            account = env["points.account"].search(
                [("partner_id", "=", self.ids["partner"])]
            )
        self.ids["account"] = account.id
        self.assertEqual(len(account), 1)
        self.assertEqual(self._ledger(), (40, 40, 40, 2, 0))

    def test_an_error_after_the_sale_never_reaches_the_cashier(self):
        Review = self.registry["points.review"]
        with patch.object(Review, "_settle_at_once", side_effect=ValueError):
            move_id = self._invoice_in_conflict()

        self.assertEqual(self._review(move_id)["state"], "to_settle")
        self._settle_now()
        self.assertEqual(self._ledger(), (11, 11, 11, 2, 0))

    def test_settle_now_beside_the_cron_ends_without_an_error(self):
        """The cron has put one off, holds the next, and has settled the third."""
        ids = [self._open_review() for _number in range(3)]
        with self._transaction() as cron, self._transaction() as manager:
            manager.cr.execute("SELECT 1")
            with self._transaction() as env:
                env["points.review"].browse(ids[0]).attempts = 3
                env["points.review"].browse(ids[2])._try_to_settle()
            self.assertTrue(cron["points.review"].browse(ids[1]).try_lock_for_update())

            manager["points.review"].browse(ids).action_settle()
            manager.cr.commit()

        with self._transaction() as env:
            states = env["points.review"].browse(ids).mapped("state")
        self.assertEqual(states, ["done", "to_settle", "done"])
        self.assertEqual(self._ledger(), (20, 20, 20, 2, 1))

    def test_settle_now_of_what_fails_again_goes_on_with_the_others(self):
        ids = [self._open_review() for _number in range(3)]
        Origin = self.registry["points.origin"]
        settle = Origin._points_settle_now
        with self._transaction() as env:
            failing = env["points.review"].browse(ids[1]).root

        def settle_or_fail(sales, is_new):
            if sales._points_root() == failing:
                sales.env.cr.execute("SELECT no_such_column")
            settle(sales, is_new)

        with (
            mute_logger(*_QUIET),
            patch.object(Origin, "_points_settle_now", settle_or_fail),
            self._transaction() as manager,
        ):
            told = manager["points.review"].browse(ids).action_settle()["params"]

        # The manager's own transaction sees all of them waiting, until it ends.
        self.assertEqual(told["type"], "warning")
        self.assertIn("Posted: 2. Not posted: 1. An error occurred", told["message"])
        with self._transaction() as env:
            reviews = env["points.review"].browse(ids)
            self.assertEqual(reviews.mapped("state"), ["done", "to_settle", "done"])
            self.assertEqual(reviews[1].attempts, 1)
            self.assertNotIn("no_such_column", reviews[1].reason)

    def _invoice_in_conflict(self, before_commit=None):
        """Post an invoice while another transaction changes the account."""
        with mute_logger(*_QUIET), self._transaction() as env:
            env.cr.execute("SELECT 1")
            with self._transaction() as other:
                self._spend(other, 1)
            move_id = self._post_invoice(env, "out_invoice", 100).id
            if before_commit:
                before_commit()
            return move_id

    def _open_review(self):
        """Post an invoice that could not be settled; return its review's id."""
        Origin = self.registry["points.origin"]
        with (
            mute_logger(*_QUIET),
            patch.object(Origin, "_points_settle_now", side_effect=OSError),
            self._transaction() as env,
        ):
            root = self._post_invoice(env, "out_invoice", 100)._points_root()
            return env["points.review"].search([("root", "=", root)]).id

    def _review(self, move_id):
        with self._transaction() as env:
            review = env["points.review"].search([("root", "=", f"inv:{move_id}")])
            return review.read(["state", "attempts", "next_try", "reason"])[0]

    def _triggers(self):
        """Return the moments at which the cron is going to run."""
        with self._transaction() as env:
            cron = env.ref("customer_points.ir_cron_settle")
            triggers = env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
            return triggers.mapped("call_at")

    def test_two_settlements_that_find_nothing_to_post_see_each_other(self):
        """Else two returns that each take nothing back could do so together."""
        with self._transaction() as env:
            move_id = self._post_invoice(env, "out_invoice", 100).id

        with mute_logger(*_QUIET), self._transaction() as env:
            env.cr.execute("SELECT 1")
            with self._transaction() as other:
                other["account.move"].browse(move_id)._points_settle()
            env["account.move"].browse(move_id)._points_settle()

        self.assertEqual(self._review(move_id)["state"], "done")
        self.assertEqual(self._ledger(), (10, 10, 10, 1, 0))

    def test_r10_two_that_add_up_a_day_by_category_do_not_double_it(self):
        """The second one is told that it cannot be serialized, and tries again."""
        for amount, expected in ((100, (1, 10)), (200, (2, 30))):
            with self._transaction() as env:
                self._post_invoice(env, "out_invoice", amount)
            tries = []

            def add_up(env, tries=tries):
                tries.append(env.cr.now())
                if len(tries) == 1:
                    with self._transaction() as other:
                        self._add_up_categories(other)
                self._add_up_categories(env)

            with (
                mute_logger(*_QUIET),
                patch("time.sleep"),
                self.registry.cursor() as cr,
            ):
                env = api.Environment(cr, SUPERUSER_ID, {})
                retrying(partial(add_up, env), env)
                cr.commit()

            self.assertEqual(len(tries), 2)
            with self._transaction() as env:
                rows = env["points.category.total"].search(
                    [("program_id", "=", self.ids["program"])]
                )
                sums = (sum(rows.mapped("entries")), sum(rows.mapped("points")))
                self.assertEqual(sums, expected)

    def test_the_action_of_the_night_leaves_a_day_to_who_adds_it_up(self):
        with self._transaction() as env:
            self._post_invoice(env, "out_invoice", 100)
        add_up_day = PointsCategoryTotal._add_up_day

        def at_once(model, *day):
            if model.env.cr is night:
                night.execute("SELECT 1")  # from here on it sees no one else
                with self._transaction() as other:
                    self._add_up_categories(other)
            add_up_day(model, *day)

        with (
            mute_logger(*_QUIET),
            patch.object(PointsCategoryTotal, "_add_up_day", at_once),
            self._transaction() as env,
            self.assertLogs(PointsCategoryTotal.__module__) as logs,
        ):
            night = env.cr
            env["points.category.total"]._cron_add_up()

        self.assertEqual([record.levelname for record in logs.records], ["INFO"])
        with self._transaction() as env:
            rows = env["points.category.total"].search([])
            self.assertEqual(rows.mapped("entries"), [1])

    def _add_up_categories(self, env):
        program = env["points.program"].browse(self.ids["program"])
        days = date(2026, 1, 1), date(2026, 12, 31)
        env["points.category.total"]._add_up(program, *days)

    def test_a_connection_that_dies_leaves_no_half_of_a_sale(self):
        lost = self.registry.cursor()
        env = api.Environment(lost, SUPERUSER_ID, {})
        process = lost._cnx.get_backend_pid()
        change_balances = balances.change_balances

        def change_and_die(*args, **values):
            result = change_balances(*args, **values)
            with self._transaction() as other:
                other.cr.execute("SELECT pg_terminate_backend(%s)", [process])
            return result

        with (
            mute_logger(*_QUIET),
            patch.object(balances, "change_balances", change_and_die),
            self.assertRaises(psycopg2.Error),
        ):
            self._post_invoice(env, "out_invoice", 100)
        lost.close()
        self.assertEqual(self._ledger(), (0, 0, 0, 0, 0))

        with self._transaction() as env:
            self._post_invoice(env, "out_invoice", 100)

        self.assertEqual(self._ledger(), (10, 10, 10, 1, 0))

    def test_two_registers_let_one_customer_join_once(self):
        """The second one begins before the first is done, and is tried again."""
        with self._transaction() as env:
            env["points.account"].browse(self.ids["account"]).unlink()
            program = env["points.program"].browse(self.ids["program"])
            program.join_at_register = True

        def join(env):
            partner = env["res.partner"].browse(self.ids["partner"])
            return partner.points_join(program.id, "pos:concurrent-order")

        answers = []
        with mute_logger(*_QUIET), patch("time.sleep"), self._transaction() as env:
            env.cr.execute("SELECT 1")
            with self._transaction() as other:
                answers.append(join(other))
            answers.append(retrying(partial(join, env), env))

        with self._transaction() as env:
            account = env["points.account"].search(
                [("partner_id", "=", self.ids["partner"])]
            )
            messages = account.message_ids
        self.ids["account"] = account.id
        self.assertEqual([answer["refused"] for answer in answers], ["", ""])
        self.assertEqual((len(account), len(messages)), (1, 1))

    def test_l07_four_workers_allocate_the_same_customers_once(self):
        with self._transaction() as env:
            partners = env["res.partner"].create(
                [{"name": f"Crowd {place}"} for place in range(40)]
            )
            runs = [
                env["points.account.allocate"].create(
                    {
                        "program_id": self.ids["program"],
                        "partner_ids": [Command.set(partners.ids)],
                    }
                )
                for _worker in range(3)
            ]
            for run in runs:
                run.action_allocate()
        results, gave_up = {}, []

        def work(run_id):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                run = env["points.account.allocate"].browse(run_id)
                for _batch in range(20):
                    try:
                        progress = retrying(run.action_allocate_batch, env)
                        cr.commit()
                    except psycopg2.OperationalError:
                        cr.rollback()
                        gave_up.append(run_id)
                        continue
                    if progress["is_done"]:
                        results.setdefault(run_id, []).append(run.allocated)
                        return

        with (
            mute_logger(*_QUIET),
            patch("time.sleep"),
            patch.object(points_account_allocate, "_BATCH", 7),
        ):
            # The last run has two workers, as in two browsers.
            ids = [run.id for run in runs]
            threads = [
                threading.Thread(target=work, args=[run_id])
                for run_id in (*ids, ids[-1])
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        with self._transaction() as env:
            accounts = env["points.account"].search(
                [("program_id", "=", self.ids["program"])]
            )
            crowd = accounts.filtered(lambda a: a.id != self.ids["account"])
            names = crowd.mapped("partner_id.name")
            crowd.unlink()
            env["res.partner"].browse(partners.ids).unlink()
        self.assertEqual(len(names), 40)
        self.assertEqual(len(set(names)), 40)
        self.assertEqual(sum(max(counts) for counts in results.values()), 40, gave_up)


class _Transaction:
    """An environment of its own connection, committed at the end."""

    def __init__(self, registry):
        self.registry = registry

    def __enter__(self):
        self.cr = self.registry.cursor()
        return api.Environment(self.cr, SUPERUSER_ID, {})

    def __exit__(self, error_type, error, traceback):
        try:
            if error_type is None:
                self.cr.commit()
        finally:
            self.cr.close()
