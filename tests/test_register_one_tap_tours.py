from odoo.tests import tagged

from .register_common import RegisterToursCommon


@tagged("post_install", "-at_install")
class TestRegisterOneTapTours(RegisterToursCommon):
    """A cashier who knows nothing of points: few taps, all in sight.

    The screen is that of a tablet, 1024 x 768.
    """

    browser_size = "1024x768"

    def test_a_reward_is_redeemed_in_two_taps(self):
        self.assertEqual(self._run("points_register_two_taps"), 400 - 50 + 245)

    def test_everything_works_by_keyboard(self):
        self._run("points_register_by_keyboard")
        self.assertEqual(self._holds().points, 50)

    def test_asked_at_payment_enter_goes_on(self):
        self.main_pos_config.points_ask_at_payment = True
        self._run("points_register_question_by_keyboard")

    def test_five_programs_leave_the_order_and_the_methods_in_sight(self):
        for name, points in (("Gold", 24), ("Tea", 7), ("Books", 0), ("Club", 24150)):
            self._add_program(name, points)
        self._make_points_method()

        self._run("points_register_five_programs")

        self.assertEqual(self._holds().points, 400)

    def test_a_customer_joins_in_one_tap_and_earns_at_once(self):
        self.program.join_at_register = True
        partner = self.env["res.partner"].create({"name": "Nora New"})

        self._run("points_register_join")

        account = self.env["points.account"].search([("partner_id", "=", partner.id)])
        self.assertEqual(account.balance, 250)
        self.assertEqual(account.create_uid, self.pos_user)

    def test_a_refund_says_what_it_books(self):
        """140.00 were paid with money: they had earned 140 points."""
        self.assertEqual(self._run("points_register_refund_says"), 400)
        entries = self.env["points.entry"].search(
            [("account_id", "=", self.account.id)], order="id desc", limit=2
        )
        self.assertEqual(
            {entry.kind: entry.points for entry in entries},
            {"restore": 60, "return": -140},
        )
