from odoo.fields import Command
from odoo.tests import tagged

from .register_common import RegisterToursCommon


@tagged("post_install", "-at_install")
class TestRegisterRestaurantTours(RegisterToursCommon):
    """Points at the tables of a restaurant, where orders are split and joined."""

    def setUp(self):
        super().setUp()
        if "restaurant.table" not in self.env:
            self.skipTest("pos_restaurant is not installed")
        config = self.env["pos.config"].create(
            {
                "name": "Restaurant",
                "module_pos_restaurant": True,
                "iface_splitbill": True,
                "payment_method_ids": [Command.set(self.bank_payment_method.ids)],
            }
        )
        config.floor_ids.unlink()
        self.env["restaurant.floor"].create(
            {
                "name": "Room",
                "pos_config_ids": [Command.link(config.id)],
                "table_ids": [
                    Command.create(
                        {"table_number": number, "seats": 4, "position_h": 100 * number}
                    )
                    for number in (4, 5)
                ],
            }
        )
        self.main_pos_config = config

    def test_a_table_pays_on_another_page(self):
        """What was taken when the table was served is still there."""
        self.assertEqual(self._run("points_table_is_served"), 400)
        self.assertEqual(self._holds().points, 50)
        self.assertEqual(self._run("points_table_pays"), 400 - 50 + 195)
        self.assertFalse(self._holds())

    def test_points_stay_when_an_order_is_split(self):
        self.assertEqual(self._run("points_table_is_split"), 400 - 50 + 95)
        self.assertFalse(self._holds())

    def test_points_worth_more_than_what_is_left_are_refused(self):
        self.assertEqual(self._run("points_table_is_split_too_far"), 400 + 4)
        self.assertFalse(self._holds())

    def test_a_gift_that_is_split_off_gives_its_points_back(self):
        self.assertEqual(self._run("points_table_gift_is_split_off"), 400 + 100)
        self.assertFalse(self._holds())

    def test_points_pay_when_all_products_are_chosen(self):
        balance = self._run("points_table_is_split_as_a_whole")
        self.assertEqual(balance, 400 - 50 + 195)
        self.assertFalse(self._holds())

    def test_points_go_along_to_another_table(self):
        self.assertEqual(self._run("points_table_moves"), 400 - 50 + 195)
        self.assertFalse(self._holds())

    def test_points_go_back_when_orders_are_joined(self):
        balance = self._run("points_table_joins_another")
        self.assertEqual(balance, 400 - 50 + 199)
        self.assertFalse(self._holds())

    def test_tables_that_were_linked_have_their_products_back(self):
        balance = self._run("points_tables_are_linked_for_a_while")
        self.assertEqual(balance, 400 - 50 + 195)
        self.assertFalse(self._holds())

    def test_a_dropped_table_gives_points_back(self):
        self.assertEqual(self._run("points_table_is_dropped"), 400)
        self.assertFalse(self._holds())
