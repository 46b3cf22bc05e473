"""How many clicks and typed fields it takes to begin: the tours count them."""

from odoo.tests import tagged

from .test_overview_tours import _PAGE, OverviewToursCommon

_PROGRAM = "/odoo/points.program/%s"


@tagged("post_install", "-at_install")
class TestProgramTours(OverviewToursCommon):
    def _no_programs(self):
        self.env["points.account"].search([]).unlink()
        self.env["points.program"].with_context(active_test=False).search([]).unlink()

    def assertEarnsAndRedeems(self, program, left):
        """Sell for 100, redeem the reward, which takes 5 off another 100."""
        reward = program.reward_ids
        self._sell((self.cake, 1))
        account = program._get_account(self.customer)
        identity, key = self._new_order()
        answer = account.points_reserve(key, reward.id, 1, 100)
        self.assertFalse(answer.get("refused"), answer)
        order = self._buy([(self.cake, 1)], (reward, 1, -5), uuid=identity)
        self.assertEqual(order.amount_total, 95)
        self.assertPoints(account, left)

    def test_a_program_from_the_start_page_takes_one_click(self):
        self._no_programs()

        self.start_tour(_PAGE, "points_program_from_start_page", login="keeper")

        program = self.env["points.program"].search([])
        self.assertEarnsAndRedeems(program, 100 - 100 + 95)

    def test_a_program_from_the_form_takes_five_clicks_and_four_fields(self):
        self._no_programs()

        self.start_tour(_PAGE, "points_program_from_form", login="keeper")

        program = self.env["points.program"].search([])
        self.assertRecordValues(
            program.rule_ids, [{"method": "block", "block_amount": 10}]
        )
        self.assertEarnsAndRedeems(program, 10 - 10 + 9)

    def test_three_customers_are_added_in_six_clicks(self):
        self.program.name = "Shop Club"
        self.program.account_ids.unlink()
        people = self.env["res.partner"].create(
            [{"name": f"Regular {number}"} for number in (1, 2, 3)]
        )

        self.start_tour(_PAGE, "points_add_three_customers", login="keeper")

        self.program.invalidate_recordset()
        self.assertEqual(self.program.account_ids.partner_id, people)

    def test_the_ledger_of_a_customer_takes_two_clicks(self):
        self.customer.name = "Ann"
        self._sell((self.cake, 1))

        self.start_tour(
            "/odoo/action-customer_points.points_account_action",
            "points_ledger_of_a_customer",
            login="keeper",
        )

    def test_the_words_of_a_rule_follow_while_it_is_changed(self):
        self.start_tour(
            _PROGRAM % self.program.id, "points_rule_in_words", login="keeper"
        )

        rule = self.program.rule_ids
        self.assertTrue(rule.bonus and rule.tue)
        self.assertFalse(rule.mon)
