from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsBlock(CustomerPointsCommon):
    """Accounts are blocked and unblocked with a reason, which their chatter tells."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)
        cls.other = cls._admit(cls.other_customer, cls.program)
        cls.user, cls.manager, cls.cashier = (
            new_test_user(
                cls.env,
                login,
                groups,
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for login, groups in (
                ("reader", "customer_points.group_points_user"),
                ("keeper", "customer_points.group_points_manager"),
                ("cashier", "base.group_user,point_of_sale.group_pos_user"),
            )
        )

    def setUp(self):
        super().setUp()
        # What is made and changed in one transaction is not tracked.
        self.env.flush_all()
        self.env.cr.precommit.run()

    def _decide(self, method, accounts, reason="Card stolen", user=None):
        """Block or unblock as the dialog does, opened by its button."""
        user = user or self.user
        action = getattr(accounts.with_user(user), method)()
        Wizard = self.env[action["res_model"]].with_user(user)
        wizard = Wizard.with_context(**action["context"]).create({"reason": reason})
        getattr(wizard, method)()
        self.env.flush_all()
        self.env.cr.precommit.run()

    def _told(self, account):
        """Return the newest message of an account: body, old and new state."""
        message = account.message_ids[:1]
        (value,) = message.sudo().tracking_value_ids._tracking_value_format()
        return message.body, value["oldValue"], value["newValue"]

    def test_the_chatter_tells_who_blocked_and_why(self):
        self._decide("action_block", self.account)

        self.assertEqual(self.account.state, "blocked")
        self.assertEqual(self.account.block_reason, "Card stolen")
        body, before, after = self._told(self.account)
        self.assertIn("Card stolen", body)
        self.assertEqual((before, after), ("Active", "Blocked"))
        author = self.account.message_ids[:1].author_id
        self.assertEqual(author, self.user.partner_id)

    def test_the_chatter_tells_why_an_account_is_unblocked(self):
        self._decide("action_block", self.account)

        self._decide("action_unblock", self.account, "Found <again>")

        self.assertEqual(self.account.state, "active")
        self.assertFalse(self.account.block_reason)
        body, before, after = self._told(self.account)
        self.assertIn("Found &lt;again&gt;", body)
        self.assertEqual((before, after), ("Blocked", "Active"))

    def test_several_are_blocked_at_once(self):
        self._decide("action_block", self.other, "Left")

        self._decide("action_block", self.account | self.other, "Fraud")

        self.assertEqual(self.account.block_reason, "Fraud")
        self.assertEqual(self.other.block_reason, "Left", "it was blocked already")

    def test_a_blocked_customer_neither_earns_nor_loses(self):
        self._sell((self.cake, 1))
        self._decide("action_block", self.account)
        self._sell((self.cake, 1))
        self.assertPoints(self.account, 100)

        self._decide("action_unblock", self.account)
        self._sell((self.cake, 1))

        self.assertPoints(self.account, 200)

    def test_nothing_happens_without_a_reason(self):
        for reason in ("", "  ", "\n", False):
            with self.subTest(reason):
                self.assertRefused(self._decide, "action_block", self.account, reason)
        self.assertEqual(self.account.state, "active")

    def test_there_must_be_something_to_do(self):
        with self.assertRaisesRegex(UserError, "are blocked"):
            self._decide("action_unblock", self.account)
        with self.assertRaisesRegex(UserError, "are active"):
            self._decide("action_block", self.account.browse())
        self._decide("action_block", self.account)
        with self.assertRaisesRegex(UserError, "are active"):
            self._decide("action_block", self.account)

    def test_the_state_is_not_written_without_a_reason(self):
        for user in (self.user, self.manager, self.env.ref("base.user_admin")):
            account = self.account.with_user(user)
            for values in (
                {"state": "blocked"},
                {"state": "blocked", "block_reason": "Mine"},
                {"block_reason": "Forged"},
            ):
                for way in (
                    account.write,
                    account.with_context(points_door=True).write,
                ):
                    with self.subTest(user.login, values=values):
                        with self.assertRaisesRegex(ValidationError, "use Block or"):
                            way(values)
        self.assertEqual(self.account.state, "active")

    def test_a_new_account_has_no_reason(self):
        program = self._make_program()

        account = self._admit(self.customer, program, block_reason="Forged")

        self.assertFalse(account.block_reason)

    def test_the_callers_context_does_not_silence_the_chatter(self):
        silent = {"tracking_disable": True, "mail_notrack": True}

        self._decide("action_block", self.account.with_context(**silent))

        self.assertIn("Card stolen", self._told(self.account)[0])

    def test_a_cashier_blocks_nobody(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.cashier).action_block()
        Wizard = self.env["points.account.block"].with_user(self.cashier)
        with self.assertRaises(AccessError):
            Wizard.create({"account_ids": self.account.ids, "reason": "x"})

    def test_accounts_of_other_companies_stay_as_they_are(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= elsewhere
        program = self._make_program(company_id=elsewhere.id)
        foreign = self._admit(self.customer, program)
        with self.assertRaises(AccessError):
            self._decide("action_block", foreign)
        Wizard = self.env["points.account.block"].with_user(self.user)
        values = {"account_ids": [(6, 0, foreign.ids)], "reason": "x"}
        with self.assertRaises(UserError):
            Wizard.create(values).action_block()
        with self.assertRaises(AccessError):
            foreign.with_user(self.user)._block("x")
        self.assertEqual(foreign.state, "active")

    def test_allocating_a_blocked_customer_again_leaves_a_trace(self):
        self._decide("action_block", self.account)
        Run = self.env["points.account.allocate"].with_user(self.user)
        run = Run.create(
            {
                "program_id": self.program.id,
                "partner_ids": [(6, 0, (self.customer | self.other_customer).ids)],
            }
        )

        run.action_allocate()
        run.action_allocate_batch()

        self.assertEqual(run.result, "1 added, 1 already in the program")
        self.assertEqual(self.account.state, "active")
        self.assertFalse(self.account.block_reason)
        self.assertIn("added again", self.account.message_ids[:1].body)
        self.assertFalse(self.other.message_ids)

    def test_an_account_that_was_merged_stays_closed(self):
        self._decide("action_block", self.other)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | self.other_customer).ids, self.other_customer)
        self.env.invalidate_all()

        self.assertEqual(self.other.state, "active", "one of both was")
        self.assertFalse(self.other.block_reason)
        with self.assertRaisesRegex(UserError, "were moved"):
            self._decide("action_unblock", self.account)
