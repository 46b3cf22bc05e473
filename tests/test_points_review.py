from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..settlement.settlement import Settlement
from .common import CustomerPointsCommon

_LOGGERS = (
    "odoo.addons.customer_points.models.points_origin",
    "odoo.addons.customer_points.models.points_review",
)
_ACTIVITY = "customer_points.mail_activity_type_review"


def _fail(settlement):
    raise ValueError("provoked")


@tagged("post_install", "-at_install")
class TestPointsReview(CustomerPointsCommon):
    """What managers are told of, and what Settle Now answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.keeper, cls.second, cls.reader, cls.stranger = (
            new_test_user(
                cls.env,
                login,
                f"customer_points.group_points_{group}",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for login, group, company in (
                ("keeper", "manager", cls.company),
                ("second", "manager", cls.company),
                ("reader", "user", cls.company),
                ("stranger", "manager", elsewhere),
            )
        )

    def _sell_without_points(self):
        with patch.object(Settlement, "post", _fail), mute_logger(*_LOGGERS):
            order = self._sell((self.cake, 1))
        return self.env["points.review"].search([("root", "=", order._points_root())])

    def _settle(self, reviews):
        """Click Settle Now; return how it is said, and what."""
        with self.enter_registry_test_mode():
            params = reviews.with_user(self.keeper).action_settle()["params"]
        return params["type"], params["message"]

    def _run_cron(self):
        with self.enter_registry_test_mode(), mute_logger(*_LOGGERS):
            self.env.ref("customer_points.ir_cron_settle").method_direct_trigger()
        self.env.invalidate_all()

    def _reminded(self):
        kind = self.env.ref(_ACTIVITY)
        activities = self.env["mail.activity"].search(
            [("activity_type_id", "=", kind.id)]
        )
        own = self.keeper | self.second | self.reader | self.stranger
        return activities.filtered(lambda activity: activity.user_id in own)

    def test_settle_now_says_what_came_of_it(self):
        reviews = self._sell_without_points() + self._sell_without_points()
        self.assertEqual(self._settle(reviews), ("success", "Posted: 2."))
        self.assertPoints(self.account, 200)
        kind, said = self._settle(reviews)
        self.assertEqual(kind, "info")
        self.assertIn("None of these is waiting", said)

    def test_settle_now_says_why_not(self):
        reviews = self._sell_without_points() + self._sell_without_points()
        with patch.object(Settlement, "post", _fail), mute_logger(*_LOGGERS):
            kind, said = self._settle(reviews)
        self.assertEqual(kind, "warning")
        self.assertIn("Posted: 0. Not posted: 2.", said)
        self.assertEqual(said.count("An error occurred"), 1)
        self.assertNotIn("provoked", said)

    def test_managers_of_the_company_are_reminded_once(self):
        """Of however many; and of others again when they are done."""
        for account in (self.account, self._admit(self.other_customer, self.program)):
            self.env["points.review"]._add_overdrawn(account)
        self._run_cron()
        self._run_cron()

        reminded = self._reminded()
        self.assertEqual(reminded.user_id, self.keeper | self.second)
        self.assertEqual(len(reminded), 2)
        self.assertEqual(set(reminded.mapped("summary")), {"To review: 2"})

        first = self.env["points.review"].browse(reminded[0].res_id)
        first.with_user(self.keeper).action_done()
        self.assertFalse(self._reminded())
        self._run_cron()
        self.assertEqual(set(self._reminded().mapped("summary")), {"To review: 1"})

    def test_who_deletes_the_type_of_activity_is_not_reminded_without_end(self):
        self.env["points.review"]._add_overdrawn(self.account)
        self.env.ref(_ACTIVITY).unlink()
        self._run_cron()

        review = self.env["points.review"].search([("state", "=", "overdrawn")])
        self.assertFalse(review.activity_ids)
        review.action_done()
        self.assertEqual(review.state, "done")

    def test_what_is_tried_again_by_itself_reminds_nobody_yet(self):
        review = self._sell_without_points()
        for tries, managers in ((0, 0), (2, 0), (3, 2)):
            review.write({"attempts": tries, "next_try": "2090-01-01"})
            self._run_cron()
            self.assertEqual(len(self._reminded()), managers)
