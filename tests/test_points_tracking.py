from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestPointsTracking(SpendingCommon):
    """Every setting that moves points tells in a chatter who changed it, and how."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        silent = dict.fromkeys(DISABLED_MAIL_CONTEXT, False)
        cls.env = cls.env(context={**cls.env.context, **silent})
        for name in ("program", "account", "cake", "customer"):
            setattr(cls, name, getattr(cls, name).with_env(cls.env))

    def _told(self, record, change):
        """Return what the chatter of a record says after a change."""
        self._flush_tracking()
        before = record.message_ids
        change()
        self._flush_tracking()
        messages = record.message_ids - before
        values = messages.sudo().tracking_value_ids._tracking_value_format()
        told = {
            value["fieldInfo"]["changedField"]: (value["oldValue"], value["newValue"])
            for value in values
        }
        return told, " ".join(map(str, messages.mapped("body")))

    def _flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_every_setting_of_a_program_is_tracked(self):
        untracked = {
            name
            for name, field in self.program._fields.items()
            if field.store
            and name not in MAGIC_COLUMNS
            and not name.startswith("message_")
            and field.type != "one2many"
            and not getattr(field, "tracking", None)
        }

        self.assertFalse(untracked)

    def test_a_program_tells_value_days_and_target(self):
        values = {"value_per_point": 0.37, "pending_days": 4, "minimum_target": 77}

        told, _bodies = self._told(self.program, lambda: self.program.write(values))

        self.assertEqual(told["Value Per Point"], (10, 0.37))
        self.assertEqual(told["Pending Days"], (0, 4))
        self.assertEqual(told["Minimum Target"], (0, 77))

    def test_rules_are_told_on_their_program(self):
        rule = self.program.rule_ids
        tag = self.env["res.partner.category"].create({"name": "Bakers"})
        values = {
            "block_points": 2.5,
            "date_to": "2026-05-04",
            "customer_group_ids": [Command.set(tag.ids)],
        }

        told, body = self._told(self.program, lambda: rule.write(values))

        self.assertEqual(told["Points"], (1, 2.5))
        self.assertIn("Valid Until", told)
        self.assertEqual(told["Customer Tags"][1], "Bakers")
        self.assertIn(rule.name, body)

    def test_added_and_removed_rules_are_told_on_their_program(self):
        def add():
            self.program.rule_ids = [
                Command.create({"name": "Extra", "bonus": True, "rate_stock": 7})
            ]

        _told, body = self._told(self.program, add)
        self.assertIn("Added: Rule Extra", body)

        extra = self.program.rule_ids.filtered("bonus")
        _told, body = self._told(self.program, extra.unlink)
        self.assertIn("Removed: Rule Extra", body)

    def test_what_does_not_change_is_not_told(self):
        rule = self.program.rule_ids

        told, body = self._told(
            self.program, lambda: rule.write({"block_points": rule.block_points})
        )

        self.assertFalse(told or body)

    def test_rewards_are_told_on_their_program(self):
        reward = self._make_reward("block", 30, 2)

        told, body = self._told(self.program, lambda: reward.write({"points_cost": 45}))

        self.assertEqual(told["Points Cost"], (30, 45))
        self.assertIn("45 points", body)

    def test_rules_of_templates_products_and_customers_are_told_where_they_belong(self):
        template = self.env["points.template"].create(
            {"name": "ROOFERS", "program_id": self.program.id}
        )
        rules = self.env["points.rule"]
        category = self.cake.categ_id
        for values, chatters in (
            ({"template_id": template.id}, (template, self.program)),
            ({"account_id": self.account.id}, (self.account,)),
            (
                {"product_tmpl_id": self.cake.product_tmpl_id.id},
                (self.cake.product_tmpl_id,),
            ),
            (
                {"categ_id": category.id, "criterion_program_id": self.program.id},
                (category, self.program),
            ),
        ):
            rule = rules.create({"name": "Theirs", **values})
            for chatter in chatters:
                with self.subTest(chatter=chatter._name):
                    told, body = self._told(
                        chatter, lambda rule=rule: rule.write({"rate_stock": 3})
                    )
                    self.assertEqual(told["Rate"], (1, 3))
                    self.assertIn("Theirs", body)
                    rule.rate_stock = 1

    def test_an_account_tells_template_and_targets(self):
        template = self.env["points.template"].create(
            {"name": "TILERS", "program_id": self.program.id}
        )

        told, _bodies = self._told(
            self.account,
            lambda: self.account.write(
                {"template_id": template.id, "minimum_target": 8}
            ),
        )

        self.assertEqual(told["Template"], ("", "TILERS"))
        self.assertEqual(told["Minimum Target"], (0, 8))

    def test_an_account_that_a_sale_opens_has_no_messages_and_no_followers(self):
        program = self._make_program(membership="everyone")

        self._sell((self.cake, 1))

        account = program.account_ids
        self.assertTrue(account.balance)
        self.assertFalse(account.message_ids)
        self.assertFalse(account.message_follower_ids)

    def test_sell_groups_products_and_the_company_tell_what_moves_points(self):
        group = self.env["points.sell.group"].create({"name": "Winter"})
        told, _bodies = self._told(
            group, lambda: group.write({"product_tmpl_ids": self.cake.product_tmpl_id})
        )
        self.assertEqual(told["Products"], ("", "Cake"))

        product = self.cake.product_tmpl_id
        told, _bodies = self._told(
            product,
            lambda: product.write({"points_policy": "fixed", "points_per_unit": 6}),
        )
        self.assertEqual(told["Points Per Unit"], (0, 6))

        company = self.env.company
        told, _bodies = self._told(
            company, lambda: company.write({"points_single_program": True})
        )
        self.assertEqual(told["One Program per Customer"], (False, True))
