from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsTemplate(CustomerPointsCommon):
    """A customer's rules serve others: saved, followed, detached (C-03, C-25)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(
            cls.customer,
            cls.program,
            minimum_target=100,
            qualifying_target=50,
            rule_ids=[
                Command.create({"name": "Own", "rate_stock": 2}),
                Command.create(
                    {
                        "name": "Coffee",
                        "applies_to": "product",
                        "product_id": cls.coffee.id,
                        "rate_stock": 5,
                        "qualifying": True,
                    }
                ),
            ],
        )

    def _save(self, name="PLUMBERS", account=None, overwrite=False):
        """Save as template, as the dialog does; return the template."""
        wizard = self.env["points.account.save.template"].create(
            {"account_id": (account or self.account).id, "name": name}
        )
        action = wizard.action_overwrite() if overwrite else wizard.action_save()
        return self.env["points.template"].browse(action["res_id"])

    def _follow(self, template, partner=None):
        """Give another customer an account that follows a template."""
        partner = partner or self.other_customer
        return self.env["points.account"].create(
            {"partner_id": partner.id, "template_id": template.id}
        )

    # === SAVING === #

    def test_c03_c21_c45_a_customers_rules_and_targets_become_a_template(self):
        template = self._save()

        self.assertEqual(template.program_id, self.program)
        self.assertEqual(template.rule_ids.mapped("name"), ["Own", "Coffee"])
        self.assertEqual(template.rule_ids.mapped("rate_stock"), [2, 5])
        self.assertEqual(template.rule_ids.product_id, self.coffee)
        self.assertEqual(
            (template.minimum_target, template.qualifying_target), (100, 50)
        )

    def test_c45_another_customer_that_follows_it_earns_by_it(self):
        account = self._follow(self._save())

        self._invoice((self.cake, 1, 100), customer=self.other_customer)
        self._sell((self.coffee, 1), customer=self.other_customer)

        self.assertPoints(account, 250)
        self.assertEqual((account.accrued, account.qualifying), (250, 50))
        self.assertEqual(account.rules_origin, "Template PLUMBERS")

    def test_c23_the_customer_that_was_saved_keeps_its_own(self):
        template = self._save()

        self.account.minimum_target = 70
        self.account.rule_ids[0].rate_stock = 9

        self.assertEqual(template.minimum_target, 100)
        self.assertEqual(template.rule_ids[0].rate_stock, 2)
        self.assertEqual(self.account.rules_origin, "Own rules")

    def test_c24_an_id_that_is_taken_asks_before_overwriting(self):
        template = self._save()
        self.account.minimum_target = 70

        with self.assertRaisesRegex(UserError, "PLUMBERS already exists"):
            self._save()
        self.assertEqual(template.minimum_target, 100)

        self.assertEqual(self._save(overwrite=True), template)
        self.assertEqual(template.minimum_target, 70)
        self.assertEqual(len(template.rule_ids), 2)

    def test_c24_a_new_id_makes_another_template(self):
        first, second = self._save(), self._save("ROOFERS")

        self.assertNotEqual(first, second)
        with self.assertRaises(UserError):
            self._save("ROOFERS")

    def test_c24_the_dialog_tells_how_many_customers_overwriting_touches(self):
        self._follow(self._save())

        form = Form(
            self.env["points.account.save.template"].with_context(
                default_account_id=self.account.id
            )
        )
        form.name = "PLUMBERS"

        self.assertEqual(form.account_count, 1)

    def test_a_template_of_another_program_is_not_overwritten(self):
        self._save()
        elsewhere = self._admit(self.customer, self._make_program())

        with self.assertRaisesRegex(UserError, "Select another ID"):
            self._save(account=elsewhere, overwrite=True)

    def test_a_customer_by_the_programs_rules_gives_a_template_without_own(self):
        plain = self._admit(self.other_customer, self.program)

        template = self._save("PLAIN", account=plain)

        self.assertFalse(template.rule_ids)

    def test_saving_from_a_follower_keeps_the_templates_rules(self):
        template = self._save()
        follower = self._follow(template)
        follower.minimum_target = 300

        self._save(account=follower, overwrite=True)

        self.assertEqual(template.rule_ids.mapped("rate_stock"), [2, 5])
        self.assertEqual(template.minimum_target, 300)

    def test_an_archived_template_is_back_when_it_is_overwritten(self):
        template = self._save()
        template.active = False

        self._save(overwrite=True)

        self.assertTrue(template.active)

    # === FOLLOWING === #

    def test_c20_a_template_names_its_program(self):
        other = self._make_program()
        template = self._save()

        with self.assertRaisesRegex(ValidationError, "Remove the template first"):
            self.env["points.account"].create(
                {
                    "partner_id": self.other_customer.id,
                    "program_id": other.id,
                    "template_id": template.id,
                }
            )
        self.assertEqual(self._follow(template).program_id, self.program)

    def test_c20_choosing_a_template_fills_in_the_program(self):
        template = self._save()
        form = Form(self.env["points.account"])
        form.partner_id = self.other_customer
        form.template_id = template

        self.assertEqual(form.program_id, self.program)

    def test_c25_changing_a_template_changes_its_followers_and_no_copies(self):
        template = self._save()
        linked, copied = self._follow(template), self.account

        template.minimum_target = 120
        template.rule_ids[0].rate_stock = 3
        for customer in (self.other_customer, self.customer):
            self._invoice((self.cake, 1, 100), customer=customer)

        self.assertEqual(linked._get_targets()[0], 120)
        self.assertEqual(copied._get_targets()[0], 100)
        self.assertPoints(linked, 300)
        self.assertPoints(copied, 200)

    def test_c25_a_follower_has_no_rules_of_its_own(self):
        follower = self._follow(self._save())

        with self.assertRaisesRegex(ValidationError, "Detach it first"):
            follower.rule_ids = [Command.create({"name": "Mine"})]

    def test_using_a_template_replaces_own_rules_and_targets(self):
        template = self._save("EMPTY", self._admit(self.other_customer, self.program))
        template.rule_ids = [Command.create({"name": "Common", "rate_stock": 4})]
        wizard = self.env["points.account.use.template"].create(
            {"account_id": self.account.id, "template_id": template.id}
        )
        self.assertEqual(wizard.rule_count, 2)

        wizard.action_use()
        self._invoice((self.cake, 1, 100))

        self.assertFalse(self.account.rule_ids)
        self.assertFalse(self.account.minimum_target)
        self.assertPoints(self.account, 400)

    def test_detaching_copies_rules_and_targets_to_the_customer(self):
        template = self._save()
        follower = self._follow(template)

        follower.action_detach()
        template.rule_ids[0].rate_stock = 9
        self._invoice((self.cake, 1, 100), customer=self.other_customer)

        self.assertFalse(follower.template_id)
        self.assertEqual(follower.rule_ids.mapped("rate_stock"), [2, 5])
        self.assertEqual(follower._get_targets(), (100, 50))
        self.assertPoints(follower, 200)

    # === WHAT A TEMPLATE MUST BE === #

    def test_two_templates_of_a_company_have_different_ids(self):
        self._save()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env["points.template"].create(
                {"name": "PLUMBERS", "program_id": self.program.id}
            )

    def test_a_followed_template_keeps_its_program_and_is_not_deleted(self):
        template = self._save()
        self._follow(template)

        with self.assertRaisesRegex(ValidationError, "Detach them first"):
            template.program_id = self._make_program()
        with self.assertRaisesRegex(ValidationError, "detach them first"):
            template.unlink()

    def test_c26_c27_targets_of_a_template_are_checked_like_a_programs(self):
        template = self._save()
        with self.assertRaisesRegex(ValidationError, "set a minimum target first"):
            template.minimum_target = 0
        with self.assertRaisesRegex(
            ValidationError, "minimum target and the qualifying"
        ):
            template.write({"minimum_target": 100, "qualifying_target": 0})

    def test_c26_a_followers_qualifying_target_needs_the_templates_minimum(self):
        template = self._save()
        template.rule_ids.unlink()
        template.qualifying_target = 0
        follower = self._follow(template)
        follower.qualifying_target = 10

        with self.assertRaisesRegex(ValidationError, "set a minimum target first"):
            template.minimum_target = 0
        with self.assertRaisesRegex(ValidationError, "set a minimum target first"):
            follower.template_id = False

    def test_the_button_lists_the_followers(self):
        template = self._save()
        follower = self._follow(template)

        action = template.action_view_accounts()

        self.assertEqual(self.env["points.account"].search(action["domain"]), follower)
        self.assertEqual(template.account_count, 1)
