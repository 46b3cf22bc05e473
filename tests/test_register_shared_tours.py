from odoo.tests import tagged

from .register_common import RegisterToursCommon


@tagged("post_install", "-at_install")
class TestRegisterSharedTours(RegisterToursCommon):
    """One customer at two registers, one order on two devices (L-14, L-16)."""

    def setUp(self):
        super().setUp()
        self.other_config = self.main_pos_config.copy({"name": "Shop, Door"})
        self.other_config.payment_method_ids = self.bank_payment_method
        self.other_config.with_user(self.pos_admin).open_ui()
        self.other_config.current_session_id.state = "opened"

    def _run_at_other_register(self, tour):
        return self._run(tour, config=self.other_config, login="pos_admin")

    def test_points_on_an_open_order_are_gone_for_a_second_register(self):
        """Until the first order is dropped: then the second register may take them."""
        self._run("points_register_a_takes")
        self.assertEqual(self._holds().points, 380)
        self._run_at_other_register("points_register_b_is_refused")
        self.assertEqual(self._holds().points, 380)
        self.assertEqual(self._run("points_register_a_drops"), 400)
        self.assertFalse(self._holds())
        balance = self._run_at_other_register("points_register_b_takes")
        self.assertEqual(balance, 400 - 380 + 212)
        self.assertFalse(self._holds())

    def test_what_another_register_took_meanwhile_is_refused_with_a_sentence(self):
        balance = self._run("points_register_taken_meanwhile")
        self.assertEqual(balance, 400 - 50 + 245)
        self.assertFalse(self._holds())

    def test_a_sale_at_another_register_is_seen_at_this_one(self):
        self.assertEqual(self._run("points_register_sale_elsewhere"), 400 + 100 + 4)

    def test_an_order_whose_hold_is_gone_says_what_to_do(self):
        self.assertEqual(self._run("points_register_hold_is_gone"), 650)
        self.assertEqual(self._holds().mapped("key"), ["pos:0000-other-register"])

    def test_a_line_deleted_on_another_device_gives_its_points_back(self):
        balance = self._run("points_register_other_device_deletes")
        self.assertEqual(balance, 400 - 50 + 245)
        self.assertFalse(self._holds())

    def test_a_reward_taken_on_another_device_is_raised_at_this_one(self):
        balance = self._run("points_register_other_device_takes")
        self.assertEqual(balance, 400 - 100 + 240)
        self.assertFalse(self._holds())

    def test_an_order_paid_on_another_device_is_settled_once(self):
        balance = self._run("points_register_other_device_pays")
        self.assertEqual(balance, 400 - 380 + 212 + 4)
        self.assertFalse(self._holds())
