from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, new_test_user, tagged

from .common import CustomerPointsCommon

_MANAGER = "customer_points.group_points_manager"


@tagged("post_install", "-at_install")
class TestPointsAdjustments(CustomerPointsCommon):
    """Adjustments need a reason, and above a limit a second manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)
        cls.asker, cls.judge, cls.other_judge = (
            cls._make_user(name, _MANAGER) for name in ("asker", "judge", "other_judge")
        )
        cls.reader = cls._make_user("reader", "customer_points.group_points_user")
        cls.cashier = cls._make_user(
            "cashier", "base.group_user,point_of_sale.group_pos_user"
        )
        cls.company.points_approval_limit = 100

    @classmethod
    def _make_user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    def _ask(self, points, user=None, reason="Forgotten order", account=None):
        """Adjust as a manager does; return the requests there are then."""
        values = {
            "account_id": (account or self.account).id,
            "points": points,
            "reason": reason,
        }
        Wizard = self.env["points.account.adjust"].with_user(user or self.asker)
        self.answer = Wizard.create(values).action_adjust()
        return self._requests()

    def _requests(self):
        return self.env["points.adjustment"].search(
            [("account_id", "=", self.account.id)]
        )

    def _refuse(self, request, user, reason="Not ours"):
        Wizard = self.env["points.adjustment.refuse"].with_user(user)
        values = {"adjustment_ids": [(6, 0, request.ids)], "reason": reason}
        Wizard.create(values).action_refuse()

    def _activities(self, request):
        return self.env["mail.activity"].search(
            [("res_model", "=", request._name), ("res_id", "in", request.ids)]
        )

    # === THE LIMIT === #

    def test_up_to_the_limit_points_are_posted_at_once(self):
        for points, balance in ((100, 100), (-100, 0)):
            with self.subTest(points):
                self.assertFalse(self._ask(points))
                self.assertPoints(self.account, balance)

    def test_above_the_limit_nothing_is_posted_until_another_manager_approves(self):
        request = self._ask(100.01)

        self.assertPoints(self.account, 0)
        self.assertEqual(request.state, "waiting")
        self.assertEqual(request.user_id, self.asker)
        self.assertEqual(self.answer["tag"], "display_notification")
        self.assertEqual(self.account.waiting_count, 1)

        request.with_user(self.judge).action_approve()

        self.assertPoints(self.account, 100.01)
        self.assertEqual(request.state, "approved")
        self.assertEqual(request.approver_id, self.judge)
        document = request.document_id
        self.assertEqual(document, self.account.entry_ids.document_id)
        self.assertEqual(
            (document.kind, document.reason), ("adjust", "Forgotten order")
        )
        self.assertEqual(document.create_uid, self.judge)
        said = f"Requested by {self.asker.name}, approved by {self.judge.name}"
        self.assertIn(said, document.with_user(self.reader).explanation)

    def test_the_limit_is_for_points_that_are_removed_too(self):
        self.company.points_approval_limit = 0
        self._ask(500)
        self.company.points_approval_limit = 100

        request = self._ask(-200)

        self.assertPoints(self.account, 500)
        request.with_user(self.judge).action_approve()
        self.assertPoints(self.account, 300)

    def test_a_limit_of_zero_never_asks(self):
        self.company.points_approval_limit = 0

        self.assertFalse(self._ask(10**6))

        self.assertPoints(self.account, 10**6)

    def test_a_request_goes_on_waiting_when_the_limit_changes(self):
        request = self._ask(500)
        for limit in (10**6, 0, 100):
            self.company.points_approval_limit = limit
            self.assertEqual(request.state, "waiting")

        request.with_user(self.judge).action_approve()

        self.assertPoints(self.account, 500)

    def test_a_limit_that_is_none_is_refused(self):
        for limit in (-1, float("nan"), float("inf"), 1e300):
            with self.subTest(limit):
                self.assertRefused(self.company.write, {"points_approval_limit": limit})
                self.assertEqual(self.company.points_approval_limit, 100)

    def test_the_settings_have_the_limit_of_the_company(self):
        settings = self.env["res.config.settings"].create({"points_approval_limit": 7})

        settings.execute()

        self.assertEqual(self.company.points_approval_limit, 7)

    def test_the_dialog_says_that_approval_is_needed(self):
        Wizard = self.env["points.account.adjust"].with_user(self.asker)
        with Form(Wizard.with_context(default_account_id=self.account.id)) as form:
            form.reason = "Birthday"
            form.points = 100
            self.assertFalse(form.needs_approval)
            form.points = -101
            self.assertTrue(form.needs_approval)

    # === WHO === #

    def test_nobody_approves_or_refuses_the_own_request(self):
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        for user in (self.asker, admin):
            with self.subTest(user.login):
                request = self._ask(500, user)[0]
                mine = request.with_user(user)
                for way in (mine.action_approve, mine.sudo().action_approve):
                    with self.assertRaisesRegex(UserError, "another manager"):
                        way()
                with self.assertRaisesRegex(UserError, "another manager"):
                    self._refuse(request, user)
                self.assertEqual(request.state, "waiting")
                self.assertTrue(mine.is_mine)
                self.assertFalse(request.with_user(self.judge).is_mine)
        self.assertPoints(self.account, 0)

    def test_only_managers_of_the_company_decide(self):
        request = self._ask(500)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._make_user("stranger", _MANAGER, elsewhere)
        archived = self._make_user("archived", _MANAGER)
        archived.active = False
        for user in (
            *(self.reader, self.cashier, stranger, archived),
            *(self.env.ref("base.user_root"), self.env.ref("base.public_user")),
        ):
            user = user.sudo()
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    request.with_user(user).with_context(
                        allowed_company_ids=user.company_ids.ids
                    ).action_approve()
                with self.assertRaises(AccessError):
                    self._refuse(request, user)
        self.assertEqual(request.state, "waiting")
        self.assertPoints(self.account, 0)

    def test_users_see_requests_and_write_none(self):
        request = self._ask(500)

        for user in (self.reader, self.judge, self.asker):
            theirs = request.with_user(user)
            self.assertEqual(theirs.reason, "Forgotten order")
            for way in (
                lambda theirs=theirs: theirs.write({"state": "approved"}),
                lambda theirs=theirs: theirs.write({"user_id": self.judge.id}),
                lambda theirs=theirs: theirs.copy(),
                lambda theirs=theirs: theirs.unlink(),
                lambda theirs=theirs: theirs.create(
                    {"account_id": self.account.id, "points": 1, "reason": "Mine"}
                ),
            ):
                with self.assertRaises(AccessError):
                    way()
        with self.assertRaises(AccessError):
            request.with_user(self.cashier).read(["reason"])

    def test_without_another_manager_there_is_a_sentence_and_no_request(self):
        others = self.env["points.adjustment"]._get_managers(self.company) - self.asker
        self.assertIn(self.judge, others)
        group = self.env.ref(_MANAGER)
        for user in others:
            user.group_ids -= group

        with self.assertRaisesRegex(UserError, "has no other"):
            self._ask(500)

        self.assertFalse(self.account.sudo().adjustment_ids)

    # === ACTIVITIES === #

    def test_the_other_managers_have_an_activity_until_it_is_decided(self):
        request = self._ask(500)

        users = self._activities(request).user_id
        self.assertIn(self.judge, users)
        self.assertIn(self.other_judge, users)
        self.assertFalse(users & (self.asker | self.reader | self.cashier))

        request.with_user(self.judge).action_approve()

        self.assertFalse(self._activities(request))

    def test_archived_managers_have_no_activity(self):
        self.judge.active = False

        request = self._ask(500)

        self.assertNotIn(self.judge, self._activities(request).user_id)

    def test_who_asked_is_told_of_the_decision(self):
        request = self._ask(500).with_context(tracking_disable=True)
        self.assertIn(self.asker.partner_id, request.message_partner_ids)
        # What is made and changed in one transaction is not tracked.
        self.env.flush_all()
        self.env.cr.precommit.run()

        self._refuse(request, self.judge, "Paid by <b>Bob</b>")
        self.env.flush_all()
        self.env.cr.precommit.run()

        message = request.message_ids[0]
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertIn("Paid by &lt;b&gt;Bob", message.body)
        told = message.sudo().tracking_value_ids._tracking_value_format()
        self.assertEqual(told[0]["newValue"], "Refused")
        self.assertIn(self.asker.partner_id, message.notified_partner_ids)

    # === DECIDED ONCE === #

    def test_a_refused_request_posts_nothing_and_keeps_the_reason(self):
        request = self._ask(500)

        self._refuse(request, self.judge)

        self.assertEqual(
            (request.state, request.refuse_reason), ("refused", "Not ours")
        )
        self.assertEqual(request.approver_id, self.judge)
        self.assertFalse(self._activities(request))
        self.assertPoints(self.account, 0)

    def test_what_is_decided_is_not_decided_again(self):
        approved, refused, cancelled = (self._ask(500)[0] for _time in range(3))
        approved.with_user(self.judge).action_approve()
        self._refuse(refused, self.judge)
        cancelled.with_user(self.asker).action_cancel()
        for request in (approved, refused, cancelled):
            state = request.state
            with self.subTest(state):
                with self.assertRaisesRegex(UserError, "no longer waiting"):
                    request.with_user(self.other_judge).action_approve()
                with self.assertRaisesRegex(UserError, "no longer waiting"):
                    self._refuse(request, self.other_judge)
                with self.assertRaisesRegex(UserError, "no longer waiting"):
                    request.with_user(self.asker).action_cancel()
                self.assertEqual(request.state, state)
        self.assertPoints(self.account, 500)

    def test_several_are_approved_together_or_none(self):
        first, second = self._ask(500), self._ask(-1000)[0]

        with self.assertRaisesRegex(UserError, "Not enough points"):
            with self.env.cr.savepoint():
                (second | first).with_user(self.judge).action_approve()
        self.env.invalidate_all()
        self.assertEqual(set((first | second).mapped("state")), {"waiting"})

        second = self._ask(-300)[0]
        (first | second).sorted("id").with_user(self.judge).action_approve()
        self.assertPoints(self.account, 200)

    def test_only_who_asked_cancels(self):
        request = self._ask(500)

        with self.assertRaisesRegex(UserError, "Only who requested"):
            request.with_user(self.judge).action_cancel()
        request.with_user(self.asker).action_cancel()

        self.assertEqual(request.state, "cancelled")
        self.assertFalse(request.approver_id)
        self.assertFalse(self._activities(request))

    def test_points_that_are_gone_meanwhile_leave_it_waiting(self):
        self.company.points_approval_limit = 0
        self._ask(500)
        self.company.points_approval_limit = 100
        request = self._ask(-400)
        self._ask(-100), self._ask(-100)

        with self.assertRaisesRegex(UserError, "Not enough points"):
            with self.env.cr.savepoint():
                request.with_user(self.judge).action_approve()

        self.env.invalidate_all()
        self.assertEqual(request.state, "waiting")
        self.assertPoints(self.account, 300)

    def test_points_expire_from_the_day_of_the_approval(self):
        self.program.write({"expiry": "rolling", "expiry_months": 1})
        request = self._ask(500)

        request.with_user(self.judge).action_approve()

        lot = self.env["points.lot"].search([("account_id", "=", self.account.id)])
        self.assertTrue(lot.expires_on)

    # === ACCOUNTS THAT ARE MERGED === #

    def test_a_request_goes_with_the_points_of_a_merged_contact(self):
        other = self._admit(self.other_customer, self.program)
        request = self._ask(500)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | self.other_customer).ids, self.other_customer)
        self.env.invalidate_all()

        self.assertEqual(request.account_id, other)
        request.with_user(self.judge).action_approve()

        self.assertPoints(other, 500)
        with self.assertRaisesRegex(UserError, "were moved"):
            self._ask(5)
        with self.assertRaisesRegex(UserError, "were moved"):
            self._ask(500)

    # === HOSTILE === #

    def test_a_reason_is_required(self):
        for reason in ("", " ", "\n\t ", False):
            for points in (5, 500):
                with self.subTest(reason=reason, points=points):
                    self.assertRefused(self._ask, points, reason=reason)
        self.assertFalse(self._requests())
        request = self._ask(500)
        with self.assertRaisesRegex(UserError, "Enter a reason"):
            self._refuse(request, self.judge, " ")
        self.assertEqual(request.state, "waiting")

    def test_numbers_that_are_none_are_refused_with_a_sentence(self):
        for points in (float("nan"), float("inf"), 1e300, -1e300, 0, 1e-9, 5e11):
            with self.subTest(points):
                self.assertRefused(self._ask, points)
        self.assertFalse(self._requests())
        self.assertPoints(self.account, 0)

    def test_accounts_of_other_companies_are_refused(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= elsewhere
        program = self._make_program(company_id=elsewhere.id)
        foreign = self._admit(self.customer, program)
        for points in (5, 500):
            with self.subTest(points), self.assertRaises(AccessError):
                self._ask(points, account=foreign)
        self.assertPoints(foreign, 0)
        Wizard = self.env["points.account.adjust"].with_user(self.asker)
        values = {"account_id": foreign.id, "points": 5, "reason": "Curious"}
        with self.assertRaises(AccessError):
            Wizard.create(values).read(["balance"])

    def test_a_context_neither_decides_nor_names_somebody_else(self):
        context = {
            "default_state": "approved",
            "default_user_id": self.judge.id,
            "default_approver_id": self.judge.id,
            "default_points": 10**6,
            "tracking_disable": True,
            "mail_activity_automation_skip": True,
        }
        values = {"account_id": self.account.id, "points": 500, "reason": "Mine"}
        Wizard = self.env["points.account.adjust"].with_user(self.asker)
        wizard = Wizard.create(values)

        call_kw(wizard.browse(), "action_adjust", [wizard.ids], {"context": context})

        request = self._requests()
        self.assertEqual((request.state, request.user_id), ("waiting", self.asker))
        self.assertEqual((request.points, request.approver_id.id), (500, False))
        self.assertIn(self.judge, self._activities(request).user_id)

    def test_asking_costs_the_same_whatever_waits_already(self):
        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.account.with_user(self.judge).read(["waiting_count"])
            self._requests().with_user(self.judge).read(["display_name", "is_mine"])
            return self.env.cr.sql_log_count - before

        self._ask(500)
        queries()
        few = queries()
        for _time in range(4):
            self._ask(500)

        self.assertEqual(queries(), few)

    def test_the_request_itself_is_private(self):
        with self.assertRaises(AccessError):
            call_kw(
                self.env["points.adjustment"].with_user(self.asker),
                "_request",
                [self.account.id, Decimal(5), "x"],
                {},
            )
