from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.customer_points.tests.spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestPointsExample(SpendingCommon):
    """Another module adds each kind of thing by a hook, without patching."""

    def _subscribe(self, price):
        subscription = self.env["example.subscription"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.cake.id,
                "date": "2026-04-01",
                "price": price,
            }
        )
        subscription.is_paid = True
        return subscription

    def test_a_sale_of_its_own_earns_and_is_taken_back_exactly(self):
        subscription = self._subscribe(300)

        self.assertPoints(self.account, 3)
        entry = subscription.points_document_ids.entry_ids
        self.assertEqual(entry.root, f"example:{subscription.id}")
        self.assertEqual(entry.document_id._get_sale(), subscription)

        subscription.is_paid = True
        self.assertPoints(self.account, 3)
        subscription.is_paid = False
        self.assertPoints(self.account, 0)

    def test_a_line_that_is_gone_takes_its_points_along(self):
        subscription = self._subscribe(300)

        subscription.product_id = self.coffee
        subscription.is_paid = True

        self.assertFalse(self.env["points.review"].search([("state", "!=", "done")]))

    def test_a_sale_whose_module_is_gone_is_a_sale_that_is_gone(self):
        Document = self.env["points.document"]
        self.assertFalse(Document._get_sale_of("elsewhere:7"))
        review = (
            self.env["points.review"]
            .sudo()
            .create(
                {
                    "root": "elsewhere:7",
                    "company_id": self.env.company.id,
                    "reason": "Gone",
                    "state": "to_settle",
                }
            )
        )
        self.assertTrue(review.display_name)

    def test_a_way_of_earning_of_its_own(self):
        self.program.rule_ids.method = "double"

        self._subscribe(45)

        self.assertPoints(self.account, 90)
        self.assertEqual(self.program.rule_ids.sentence, "twice")

    def test_a_variable_of_its_own(self):
        self.customer.zip = "8001"
        self.program.rule_ids.write(
            {
                "method": "formula",
                "context": "transaction",
                "formula": 'customerzip == "8001" ? 7 : 1',
            }
        )

        self._subscribe(45)
        self._sell((self.cake, 1))

        self.assertPoints(self.account, 14)

        trial = self.env["points.program.preview"].create(
            {
                "program_id": self.program.id,
                "line_ids": [Command.create({"product_id": self.cake.id})],
            }
        )
        self.assertEqual(trial.points, 1)
        rule = self.program.rule_ids.action_try_formula()
        tester = self.env["points.rule.preview"].browse(rule["res_id"])
        tester.sale_order_id = self._make_sale_order()
        self.assertTrue(tester.result)

    def test_a_reward_of_its_own(self):
        reward = self._make_reward("donation", 20, 4)
        self._adjust(50)
        identity, key = self._new_order()
        self.assertFalse(self._reserve(reward, 2, key, 100)["refused"])

        self._buy([(self.cake, 1)], (reward, 2, -4), uuid=identity)

        self.assertPoints(self.account, 50 - 40)
