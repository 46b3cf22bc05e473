"""Programs made by one click: each sells at once, and its reward can be redeemed."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.customer_points.checks.program_checker import ProgramChecker

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestPointsProgramStart(SpendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.active = False
        cls.companies = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.keeper = new_test_user(
            cls.env, "keeper", "customer_points.group_points_manager", **cls.companies
        )

    def _start(self, way, user=None):
        """Make a program by its card; return it as the shop sees it."""
        Start = self.env["points.program.start"].with_user(user or self.keeper)
        action = Start.create({"way": way}).action_start()
        self.assertEqual(action["res_model"], "points.program")
        return self.env["points.program"].browse(action["res_id"])

    def _account_of(self, program):
        return program._get_account(self.customer)

    def assertComplete(self, program):
        self.assertEqual(program.company_id, self.company)
        self.assertEqual(len(program.rule_ids), 1)
        self.assertEqual(len(program.reward_ids), 1)
        products = program.reward_ids.product_id | program.reward_ids.gift_product_id
        self.assertEqual(products.company_id, self.company)
        checker = ProgramChecker(program, self.company._get_points_today())
        self.assertEqual(list(checker.check()), [])

    def _redeem(self, program, products, quantity, price):
        """Redeem at the register: reserve, then sell; return the order."""
        account, reward = self._account_of(program), program.reward_ids
        identity, key = self._new_order()
        total = sum(product.lst_price * times for product, times in products)
        answer = account.points_reserve(key, reward.id, quantity, total)
        self.assertFalse(answer.get("refused"), answer)
        return self._buy(products, (reward, quantity, price), uuid=identity)

    # === EACH CARD === #

    def test_points_per_amount_earn_and_pay(self):
        program = self._start("amount")
        self.assertComplete(program)

        self._sell((self.cake, 1), (self.coffee, 1))
        self.assertPoints(self._account_of(program), 110)

        order = self._redeem(program, [(self.coffee, 1)], 1, -5)
        self.assertEqual(order.amount_total, 5)
        self.assertPoints(self._account_of(program), 110 - 100 + 5)

    def test_cash_back_earns_and_pays(self):
        program = self._start("cash_back")
        self.assertComplete(program)

        self._invoice((self.cake, 2, 100))
        self.assertPoints(self._account_of(program), 10)

        order = self._redeem(program, [(self.coffee, 1)], 6, -1)
        self.assertEqual(order.amount_total, 4)
        self.assertPoints(self._account_of(program), 10 - 6 + 0.2)

    def test_a_stamp_card_earns_and_pays(self):
        program = self._start("stamps")
        self.assertComplete(program)
        gift = program.reward_ids.gift_product_id

        self._sell((self.coffee, 12))
        self.assertPoints(self._account_of(program), 12)

        price = gift.taxes_id.compute_all(gift.lst_price)["total_included"]
        order = self._redeem(program, [(self.coffee, 1), (gift, 1)], 1, -price)
        self.assertEqual(order.amount_total, 10)
        self.assertPoints(self._account_of(program), 12 - 10 + 1)

    def test_targets_earn_and_pay_once_they_are_reached(self):
        program = self._start("targets")
        self.assertComplete(program)

        self._sell((self.cake, 9))
        account = self._account_of(program)
        self.assertPoints(account, 900)
        self.assertFalse(account.target_reached)
        self._sell((self.cake, 2))
        self.assertPoints(account, 1100)
        self.assertTrue(account.target_reached)

        order = self._redeem(program, [(self.cake, 1)], 1, -50)
        self.assertEqual(order.amount_total, 50)
        self.assertPoints(account, 1100 - 1000 + 50)

    def test_a_formula_earns_and_pays(self):
        program = self._start("formula")
        self.assertComplete(program)

        self._sell((self.cake, 1), (self.coffee, 1), (self.coffee, 0.5))
        self.assertPoints(self._account_of(program), 11)

        order = self._redeem(program, [(self.coffee, 2)], 1, -5)
        self.assertEqual(order.amount_total, 15)
        self.assertPoints(self._account_of(program), 11 - 10 + 1)

    # === WHO, WHERE, HOW OFTEN === #

    def test_only_managers_start_programs(self):
        reader = new_test_user(
            self.env, "reader", "customer_points.group_points_user", **self.companies
        )
        with self.assertRaises(AccessError):
            self._start("amount", reader)

    def test_it_is_made_in_the_company_that_is_on(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.keeper.company_ids |= company
        Start = self.env["points.program.start"].with_user(self.keeper)

        Start = Start.with_context(allowed_company_ids=(company | self.company).ids)
        action = Start.create({"way": "stamps"}).action_start()

        program = self.env["points.program"].browse(action["res_id"])
        products = program.reward_ids.product_id | program.reward_ids.gift_product_id
        self.assertEqual(program.company_id | products.company_id, company)

    def test_a_second_one_of_a_kind_has_another_name_and_code(self):
        programs = self._start("amount") | self._start("amount")
        programs[0].active = False
        programs |= self._start("amount")

        self.assertEqual(programs.mapped("code"), ["POINTS", "POINTS2", "POINTS3"])
        self.assertEqual(len(set(programs.mapped("name"))), 3)

    def test_a_name_that_another_program_has_is_numbered_too(self):
        self.program.name = "Points Card"
        program = self._start("amount")
        self.assertEqual((program.name, program.code), ("Points Card 2", "POINTS2"))

    def test_names_are_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"]._load_module_terms(["customer_points"], ["de_DE"])
        Start = self.env["points.program.start"].with_user(self.keeper)
        Start = Start.with_context(lang="de_DE")

        action = Start.create({"way": "stamps"}).action_start()

        program = self.env["points.program"].browse(action["res_id"])
        self.assertEqual(program.name, "Stempelkarte")
        self.assertEqual(program.rule_ids.name, "1 Punkt pro Produkt")
        self.assertEqual(program.reward_ids.product_id.name, "Gratisprodukt")
