"""What a shop looks like that is made from the demo data."""

from odoo.tests import tagged
from odoo.tools import convert_file

from .common import CustomerPointsCommon

#: What the demo data build on, of Odoo's own demo data; tests do without those.
_STAND_INS = {
    "point_of_sale.pos_category_miscellaneous": (
        "pos.category",
        {"name": "Miscellaneous"},
    ),
}
_FILES = ("res_partner", "product_template", "points_program", "points_account")


@tagged("post_install", "-at_install")
class TestDemo(CustomerPointsCommon):
    """The demo shop is complete: its checks find nothing, right or wrong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for xml_id, (model, values) in _STAND_INS.items():
            if not cls.env.ref(xml_id, raise_if_not_found=False):
                cls._name(xml_id, cls.env[model].create(values))
        if not cls.env.ref("base.user_demo", raise_if_not_found=False):
            cls._name("base.user_demo", cls.env.user.copy({"login": "demo_test"}))
        for name in _FILES:
            path = f"demo/{name}_demo.xml"
            convert_file(cls.env, "customer_points", path, {}, noupdate=True)
        ids = cls.env["ir.model.data"].search(
            [("module", "=", "customer_points"), ("model", "=", "points.program")]
        )
        cls.programs = cls.env["points.program"].browse(ids.mapped("res_id"))

    @classmethod
    def _name(cls, xml_id, record):
        cls.env["ir.model.data"]._update_xmlids(
            [{"xml_id": xml_id, "record": record, "noupdate": True}]
        )

    def _found(self, action):
        return self.env["points.check"].search(action["domain"]).mapped("name")

    def test_the_set_up_check_finds_nothing_in_the_demo_shop(self):
        self.assertGreater(len(self.programs), 4)
        self.assertEqual(self._found(self.env["points.check"].action_check_setup()), [])

    def test_no_program_of_the_demo_shop_has_a_finding(self):
        for program in self.programs:
            with self.subTest(program.name):
                self.assertEqual(self._found(program.action_check_rules()), [])

    def test_registers_take_the_voucher_of_the_demo_shop(self):
        program = self.env.ref("customer_points.points_program_eclipse_demo")
        self.assertTrue(program.target_value)
        account = self._admit(self.customer, program)
        pipe = self.env.ref("customer_points.product_pipe_demo")
        self._invoice((pipe, 3, 10))
        voucher = account.voucher_ids
        self.assertEqual(voucher.value, 25)

        key = "pos:00000000-0000-4000-8000-000000000001"
        taken = self.env["points.voucher"].points_take(voucher.code, key)

        self.assertFalse(taken["refused"])
