from odoo.fields import Command
from odoo.tests import Form, tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestPointsCopy(SpendingCommon):
    """Programs and templates are duplicated without their customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls._make_reward("block", 30, 2)
        cls.program.write(
            {"minimum_target": 40, "qualifying_target": 9, "target_value": 3}
        )
        cls.template = cls.env["points.template"].create(
            {
                "name": "PAINTERS",
                "program_id": cls.program.id,
                "minimum_target": 70,
                "rule_ids": [Command.create({"name": "Painters", "rate_stock": 4})],
            }
        )
        cls.account.template_id = cls.template

    def test_a_copied_program_promises_the_same_and_has_no_customers(self):
        self.cake.product_tmpl_id.points_rule_ids = [
            Command.create(
                {
                    "name": "Cake here",
                    "rate_stock": 6,
                    "criterion_program_id": self.program.id,
                }
            )
        ]

        copy = self.program.copy()

        self.assertEqual(copy.name, f"{self.program.name} (copy)")
        self.assertNotEqual(copy.code, self.program.code)
        self.assertEqual(
            copy.rule_ids.mapped("sentence"), self.program.rule_ids.mapped("sentence")
        )
        self.assertRecordValues(
            copy.reward_ids,
            [
                {
                    "name": self.reward.name,
                    "product_id": self.reward.product_id.id,
                    "points_cost": 30,
                    "value": 2,
                }
            ],
        )
        self.assertRecordValues(
            copy.template_ids, [{"name": "PAINTERS (copy)", "minimum_target": 70}]
        )
        self.assertEqual(copy.template_ids.rule_ids.rate_stock, 4)
        self.assertRecordValues(
            copy, [{"minimum_target": 40, "qualifying_target": 9, "target_value": 3}]
        )
        self.assertIn(copy, self.cake.points_rule_ids.criterion_program_id)
        self.assertFalse(copy.account_ids)
        self.assertEqual(self.account.template_id, self.template)

    def test_a_program_is_copied_twice_and_its_copy_too(self):
        copies = self.program.copy() | self.program.copy()
        copies |= copies[0].copy()

        self.assertEqual(len(set(copies.mapped("code"))), 3)
        self.assertEqual(len(set(copies.template_ids.mapped("name"))), 3)

    def test_a_copy_earns_for_who_is_admitted_to_it(self):
        self.program.rule_ids.write({"method": "multiplier", "rate_stock": 3})
        copy = self.program.copy()
        account = self._admit(self.customer, copy)

        self._invoice((self.cake, 1, 20))

        self.assertPoints(account, 60)

    def test_customers_are_not_in_a_copy_before_it_is_activated(self):
        everyone = self._make_program(membership="everyone")
        copy = everyone.copy()

        self._invoice((self.cake, 1, 50))

        self.assertPoints(everyone.account_ids, 50)
        self.assertFalse(copy.active)
        self.assertFalse(copy.account_ids)

    def test_a_punctuation_file_is_copied(self):
        item = {"method": "quantity", "block_points": 2, "block_quantity": 3}
        products = ({"product_id": self.cake.id}, {"product_id": self.coffee.id})
        file = self._make_program(
            *({"applies_to": "product", **item, **product} for product in products),
            preset="punctuation",
        )

        copy = file.copy()

        self.assertEqual(copy.rule_ids.product_id, self.cake | self.coffee)

    def test_a_shared_redemption_product_keeps_no_reward_from_being_changed(self):
        self._adjust(100)
        self._buy([(self.cake, 1)], (self.reward, 1, -2))
        copied = self.program.copy().reward_ids

        copied.kind = "voucher"

        self.assertEqual(copied.kind, "voucher")

    def test_accounts_are_neither_duplicated_nor_deleted_on_their_screens(self):
        for kind, hidden in (
            ("form", ("delete", "duplicate")),
            ("list", ("delete", "duplicate")),
            ("kanban", ("delete",)),
        ):
            arch = self.env["points.account"].get_view(view_type=kind)["arch"]
            for name in hidden:
                with self.subTest(kind, hidden=name):
                    self.assertIn(f'{name}="0"', arch[: arch.index(">")])

    def test_the_form_of_a_copy_can_be_saved(self):
        with Form(self.program.copy()) as form:
            form.name = "Spring"
