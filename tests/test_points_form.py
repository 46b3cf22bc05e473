"""What somebody types who makes a program, and what is completed silently."""

import ast

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestPointsForm(SpendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = new_test_user(
            cls.env,
            "keeper",
            "customer_points.group_points_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _programs(self):
        """Return programs as the menu opens them, for a manager of points only."""
        action = self.env.ref("customer_points.points_program_action")
        Program = self.env["points.program"].with_user(self.keeper)
        return Program.with_context(**ast.literal_eval(action.context.strip()))

    def _reward(self, program, **values):
        return self.env["points.reward"].create(
            {"program_id": program.id, "name": "5 off", **values}
        )

    # === A NEW PROGRAM === #

    def test_a_name_is_enough(self):
        form = Form(self._programs())
        form.name = "Shop Club"
        program = form.save()

        self.assertEqual(program.code, "SHOP")
        self.assertEqual(program.membership, "everyone")
        self.assertRecordValues(
            program.rule_ids,
            [
                {
                    "name": "All products",
                    "method": "block",
                    "block_points": 1,
                    "block_amount": 10,
                }
            ],
        )
        self.assertEqual(
            program.sentence.replace("\xa0", " "),
            "1 point per full $ 10.00; 1 point is worth $ 0.10; points never expire; "
            "everyone joins",
        )

    def test_four_fields_make_a_program_that_earns_and_a_reward_that_can_be_had(self):
        form = Form(self._programs())
        form.name = "Shop Club"
        with form.reward_ids.new() as reward:
            reward.name = "5 off"
            reward.points_cost = 10
            reward.value = 5
        program = form.save().sudo()

        self._sell((self.cake, 1))
        account = program._get_account(self.customer)
        self.assertPoints(account, 10)
        identity, key = self._new_order()
        answer = account.points_reserve(key, program.reward_ids.id, 1, 100)
        self.assertFalse(answer.get("refused"), answer)
        self._buy([(self.cake, 1)], (program.reward_ids, 1, -5), uuid=identity)
        self.assertPoints(account, 10 - 10 + 9)

    def test_only_a_form_begins_with_a_rule(self):
        program = self.env["points.program"].create({"name": "Imported"})

        self.assertFalse(program.rule_ids)

    def test_rules_that_are_deleted_do_not_come_back(self):
        form = Form(self._programs())
        form.rule_ids.remove(0)
        form.name = "Empty"

        self.assertFalse(form.save().rule_ids)

    # === CODES === #

    def test_codes_are_made_of_the_name_and_unique(self):
        Program = self.env["points.program"]
        names = ("Shop Club", "Shop Card", "Shop", "¡Olé! Bar", "†††", " ", "Zürich 6")
        programs = Program.create([{"name": name} for name in names])

        self.assertEqual(
            programs.mapped("code"),
            ["SHOP", "SHOP2", "SHOP3", "OLÉ", "POINTS", "POINTS2", "ZÜRICH"],
        )
        other = self.env["res.company"].create({"name": "Other"})
        program = Program.create({"name": "Shop", "company_id": other.id})
        self.assertEqual(program.code, "SHOP")

    def test_codes_keep_the_marks_of_letters_and_are_short(self):
        names = ("क्लब कार्ड", "بطاقة العميل", "x" * 3000, "A" + "9" * 5000)
        programs = self.env["points.program"].create(
            [{"name": name} for name in (*names, names[-1])]
        )

        nines = "A" + "9" * 19
        codes = ["क्लब", "بطاقة", "X" * 20, nines, f"A1{'0' * 19}"]
        self.assertEqual(programs.mapped("code"), codes)

    def test_a_code_is_free_in_the_company_that_a_list_is_grouped_by(self):
        other = self.env["res.company"].create({"name": "Other"})
        Program = self.env["points.program"]
        Program.create({"name": "Shop", "company_id": other.id})

        program = Program.with_context(default_company_id=other.id)
        program = program.create({"name": "Shop"})

        self.assertEqual((program.code, program.company_id), ("SHOP2", other))

    def test_a_code_that_is_typed_stays(self):
        program = self.env["points.program"].create({"name": "Club", "code": "own"})

        self.assertEqual(program.code, "own")

    def test_a_copy_counts_on_from_the_code(self):
        program = self.env["points.program"].create({"name": "Year", "code": "Y2026"})

        copies = program.copy() | program.copy()
        copies |= copies[0].copy()

        self.assertEqual(copies.mapped("code"), ["Y2027", "Y2028", "Y2029"])
        self.assertEqual(len(set(copies.mapped("name"))), 3)

    # === REWARDS === #

    def test_a_redemption_product_is_made_silently(self):
        self.env.company.account_sale_tax_id = self.env["account.tax"].create(
            {"name": "15 %", "amount": 15, "type_tax_use": "sale"}
        )
        reward = self._reward(self.program.with_user(self.keeper), value=5)

        product = reward.product_id
        self.assertEqual((product.name, product.list_price), ("5 off", 5))
        self.assertEqual((product.points_type, product.type), ("loypay", "service"))
        self.assertTrue(product.categ_id)
        self.assertFalse(product.taxes_id)
        self.assertFalse(product.sale_ok or product.purchase_ok)
        self.assertEqual(product.company_id, self.company)

    def test_each_reward_gets_its_own(self):
        rewards = self._reward(self.program, value=5) | self._reward(
            self.program, value=9
        )

        self.assertEqual(len(rewards.product_id), 2)

    def test_a_product_that_is_chosen_stays(self):
        product = self._make_reward("block", 1, 1).product_id
        reward = self._reward(self.program, value=5, product_id=product.id)

        self.assertEqual(reward.product_id, product)

    def test_every_kind_is_made_without_a_redemption_product(self):
        self.program.value_per_point = 0.1
        kinds = (
            {"kind": "block", "value": 5},
            {"kind": "per_point"},
            {"kind": "gift", "gift_product_id": self.coffee.id},
            {"kind": "self_liquidating", "value": 1, "gift_product_id": self.coffee.id},
            {"kind": "voucher", "value": 5},
        )
        for values in kinds:
            with self.subTest(values["kind"]):
                reward = self._reward(self.program, points_cost=20, **values)
                self.assertEqual(reward.product_id.points_type, "loypay")

    def test_a_reward_without_a_name_is_still_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._reward(self.program, name=False, value=5)

    # === RULES === #

    def test_a_rule_without_a_name_is_called_by_its_products(self):
        rule = self._make_program().rule_ids
        rule.name = False
        self.assertEqual(rule.name, "All products")

        rule.write({"applies_to": "product", "product_id": self.cake.id})
        self.assertEqual(rule.name, self.cake.display_name)

        rule.name = "Own"
        rule.write({"applies_to": "all", "product_id": False})
        self.assertEqual(rule.name, "Own")

    def test_two_rules_for_the_same_name_the_ways_out(self):
        with self.assertRaisesRegex(
            ValidationError,
            "Tick “Add on Top of Other Rules” on one of them to give the points of "
            "both, change a date, or archive one of them",
        ):
            self._make_program({}, {})

        self._make_program({}, {"bonus": True})

    def test_rules_of_products_cannot_be_on_top_and_are_not_told_so(self):
        rule = {"name": "Cake", "rate_stock": 2}
        with self.assertRaisesRegex(ValidationError, "same day. Change a date"):
            self.cake.product_tmpl_id.points_rule_ids = [
                Command.create(rule),
                Command.create(rule),
            ]

    def test_money_of_a_rule_has_the_currency_of_its_program(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        program = self._make_program(currency_id=euro.id)
        template = self.env["points.template"].create(
            {
                "name": "T",
                "program_id": program.id,
                "rule_ids": [Command.create({"name": "Rule"})],
            }
        )

        self.assertEqual((program | template.program_id).rule_ids.currency_id, euro)
        self.assertEqual(template.rule_ids.currency_id, euro)
