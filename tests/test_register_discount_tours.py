from odoo.tests import tagged

from .register_common import RegisterToursCommon


@tagged("post_install", "-at_install")
class TestRegisterDiscountTours(RegisterToursCommon):
    """Points beside the discount button of Odoo's Point of Sale."""

    def setUp(self):
        super().setUp()
        if "discount_product_id" not in self.main_pos_config:
            self.skipTest("pos_discount is not installed")
        self.main_pos_config.write(
            {
                "module_pos_discount": True,
                "discount_pc": 10,
                "discount_product_id": self._make_product("Ten Percent", 0).id,
            }
        )

    def test_a_discount_is_not_computed_on_points(self):
        """10 % of 250.00 are 25.00, whatever points pay (R-06)."""
        self.assertEqual(self._run("points_beside_a_discount"), 400 - 50 + 220)
