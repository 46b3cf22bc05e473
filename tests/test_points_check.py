from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsCheck(CustomerPointsCommon):
    """What is missing and what is wrong, each in a sentence with its place."""

    def _listed(self, action, env=None):
        """Return the checks that an action lists to a user."""
        return (env or self.env)["points.check"].search(action["domain"])

    def _setup(self):
        return self._listed(self.env["points.check"].action_check_setup())

    def _rules(self, owner):
        return self._listed(owner.action_check_rules())

    def assertSaid(self, checks, text, record=None):
        """Assert that one check says this, and opens that record."""
        found = checks.filtered(lambda check: text in check.name)
        self.assertEqual(len(found), 1, checks.mapped("name"))
        if record:
            action = found.action_open()
            opened = (action["res_model"], action.get("res_id"))
            self.assertEqual(opened, (record._name, record.id))

    def assertNotSaid(self, checks, text):
        self.assertFalse(checks.filtered(lambda check: text in check.name))

    def _set_directly(self, record, **values):
        """Store what came in another way than through the form, long ago perhaps."""
        for name, value in values.items():
            query = SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(record._table),
                SQL.identifier(name),
                value,
                record.id,
            )
            self.env.cr.execute(query)
        record.invalidate_recordset()
        self.env.registry.clear_cache()

    # === SET-UP === #

    def test_e26_a_company_without_a_program_is_told_so(self):
        checks = self._setup()

        self.assertSaid(checks, "There is no program yet")
        action = checks.action_open()
        self.assertEqual(action["res_model"], "points.program")

    def test_e26_everything_that_is_missing_is_named_with_its_place(self):
        program = self._make_program()
        program.rule_ids.unlink()
        self.env["points.document"]._get_sequence(self.env.company.id).unlink()
        self.env.company.points_active = False
        self.env.ref("customer_points.ir_cron_settle").sudo().active = False

        checks = self._setup()

        name = program.name
        for text, record in (
            ("is switched off: no points are earned", None),
            ("The sequence of points documents is missing", None),
            (f"{name} has no rules", program),
            (f"{name} has no customers yet", program),
            (f"Points of {name} cannot be redeemed", program),
            ("The scheduled action Customer Points: retry", None),
        ):
            with self.subTest(text):
                self.assertSaid(checks, text, record)
        for check in checks:
            self.assertTrue(check.action_open()["type"])

    def test_e26_a_company_whose_sales_journals_are_gone(self):
        self._make_program()
        journal = self.company_data["default_journal_sale"].copy({"code": "X1"})
        self.env.company.points_journal_ids = journal
        journal.active = False

        self.assertSaid(self._setup(), "No sales journal")

    def test_x33_a_reward_that_is_worth_nothing_is_named(self):
        program = self._make_program(value_per_point=1)
        loypay = self._make_product("LOYPAY", 0, points_type="loypay")
        self.env["points.reward"].create(
            {"program_id": program.id, "product_id": loypay.id, "kind": "per_point"}
        )
        self.assertNotSaid(self._setup(), "have no value")
        self._set_directly(program, value_per_point=0)

        for checks in (self._setup(), self._rules(program)):
            self.assertSaid(checks, "reward LOYPAY has no value", program)

    def test_x12_nothing_is_said_about_what_is_complete(self):
        loy = self._make_product("LOY", 5, points_type="loy")
        loypay = self._make_product("LOYPAY", 30, points_type="loypay")
        program = self._make_program({"method": "loy"}, loy_product_id=loy.id)
        self.env["points.reward"].create(
            {"program_id": program.id, "product_id": loypay.id}
        )
        self._admit(self.customer, program)

        self.assertFalse(self._setup())

    def test_a_manager_without_rights_in_accounting_checks_and_tries(self):
        program = self._make_program({}, {"bonus": True})
        self._admit(self.customer, program)
        manager = new_test_user(
            self.env,
            "check_manager",
            "customer_points.group_points_manager",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.company.ids)],
        )
        env = self.env(user=manager)

        checks = self._listed(env["points.check"].action_check_setup(), env)
        self.assertSaid(checks, "cannot be redeemed", program)
        action = program.with_env(env).action_check_rules()
        names = self._listed(action, env).mapped("name")
        self.assertEqual(names, checks.mapped("name"))
        tried = env["points.program.preview"].create(
            {
                "program_id": program.id,
                "partner_id": self.customer.id,
                "line_ids": [Command.create({"product_id": self.tool.id})],
            }
        )

        self.assertEqual(tried.points, 248)

    def test_nobody_sees_what_was_found_for_others_or_elsewhere(self):
        program = self._make_program()
        checks = self._rules(program)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "check_stranger",
            "customer_points.group_points_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )

        self.assertTrue(checks)
        with self.assertRaises(AccessError):
            checks.with_user(stranger).mapped("name")
        with self.assertRaises(AccessError):
            program.with_user(stranger).action_check_rules()
        with self.assertRaises(AccessError):
            self.env["points.check"].with_user(stranger).create(
                {"subject": "x", "name": "x", "place": "res.users,1"}
            )
        Preview = self.env["points.program.preview"].with_user(stranger)
        with self.assertRaises(AccessError):
            Preview.create(
                {
                    "program_id": program.id,
                    "line_ids": [Command.create({"product_id": self.cake.id})],
                }
            ).mapped("result")

    # === REDEEMING === #

    def _complete_program(self, **values):
        """Return a program without any finding, whose points buy one reward."""
        program = self._make_program(reward_ids=[self._any_reward()], **values)
        self._admit(self.customer, program)
        return program

    def _pay_with(self, program):
        """Return a payment method of a register that pays with points."""
        journal = self.env["account.journal"].create(
            {"name": "Points", "code": "XPM", "type": "bank"}
        )
        method = self.env["pos.payment.method"].create(
            {
                "name": "Club Money",
                "journal_id": journal.id,
                "outstanding_account_id": journal.default_account_id.id,
                "points_program_id": program.id,
            }
        )
        self.basic_config.payment_method_ids |= method
        return method

    def test_x12_points_that_pay_as_a_payment_method_can_be_redeemed(self):
        program = self._complete_program(value_per_point=0.25)
        program.reward_ids.unlink()
        self.assertSaid(self._setup(), "cannot be redeemed", program)

        self._pay_with(program)

        self.assertFalse(self._setup() | self._rules(program))

    def test_x33_points_that_pay_are_worth_something(self):
        program = self._complete_program(value_per_point=0.25)
        self._pay_with(program)
        with self.assertRaisesRegex(ValidationError, "Club Money uses points"):
            program.value_per_point = 0

        self._set_directly(program, value_per_point=0)

        for checks in (self._setup(), self._rules(program)):
            self.assertSaid(checks, "Club Money accepts points of", program)

    def test_x33_a_reward_by_points_keeps_points_worth_something(self):
        program = self._complete_program(value_per_point=0.4)
        loypay = self._make_product("By Point", 0, points_type="loypay")
        self.env["points.reward"].create(
            {"program_id": program.id, "product_id": loypay.id, "kind": "per_point"}
        )

        with self.assertRaisesRegex(ValidationError, "By Point uses points"):
            program.value_per_point = 0

    def test_a_payment_method_of_an_archived_program_is_named(self):
        program = self._complete_program(value_per_point=0.25)
        self._pay_with(program)
        self._complete_program()
        program.active = False

        self.assertSaid(self._setup(), "which is archived", program)

    def test_archived_products_of_rewards_are_named(self):
        program = self._complete_program()
        reward = program.reward_ids
        reward.write({"kind": "gift", "gift_product_id": self.coffee.id})
        self.coffee.active = False
        self.assertSaid(self._rules(program), "Coffee is archived", program)

        self.coffee.active = True
        self.assertFalse(self._rules(program))
        reward.product_id.active = False

        for checks in (self._setup(), self._rules(program)):
            self.assertSaid(checks, "Any LOYPAY is archived", program)
            self.assertSaid(checks, "cannot be redeemed: add", program)

    def test_rewards_that_are_over_redeem_nothing(self):
        program = self._complete_program()
        program.reward_ids.date_to = "2020-02-29"

        self.assertSaid(self._setup(), "cannot be redeemed: add", program)

    def test_programs_that_give_vouchers_without_a_reward_are_named(self):
        program = self._complete_program(minimum_target=60, target_value=4)
        self.assertFalse(self._setup())
        self._set_directly(program.reward_ids, program_id=self._make_program().id)
        self.env.invalidate_all()

        for checks in (self._setup(), self._rules(program)):
            self.assertSaid(checks, "issues vouchers, but registers cannot", program)

    def test_the_set_up_check_and_that_of_a_program_never_contradict(self):
        """What is found of a program that runs is the same, word for word."""
        tag = self.env["res.partner.category"].create({"name": "Empty"})
        programs = [
            self._make_program(),
            self._make_program(membership="groups", group_ids=[Command.set(tag.ids)]),
            self._make_program({"method": "none"}, membership="everyone"),
            self._complete_program(),
            self._make_program(
                {}, {"name": "Old", "date_to": "2020-05-05", "bonus": True}
            ),
        ]

        found = [
            name for program in programs for name in self._rules(program).mapped("name")
        ]

        self.assertEqual(sorted(self._setup().mapped("name")), sorted(found))

    def test_a_program_that_is_over_is_nothing_to_mend(self):
        program = self._make_program(date_to="2021-08-09")
        self._complete_program()

        self.assertFalse(self._setup())
        self.assertSaid(self._rules(program), "ended on 08/09/2021", program)

    # === RULES === #

    def test_a_program_nobody_is_in(self):
        allocated = self._make_program()
        tag = self.env["res.partner.category"].create({"name": "Nobody"})
        groups = self._make_program(
            membership="groups", group_ids=[Command.set(tag.ids)]
        )

        self.assertSaid(self._rules(allocated), "add customers", allocated)
        self.assertSaid(self._rules(groups), "no contact has one of its tags", groups)
        self.customer.category_id = tag
        self._admit(self.customer, allocated)
        everyone = self._make_program(membership="everyone")
        for program in allocated | groups | everyone:
            program.reward_ids = [self._any_reward()]
            self.assertFalse(self._rules(program))

    def test_a_program_that_is_over_or_archived(self):
        program = self._make_program(membership="everyone", date_to="2020-12-31")
        self.assertSaid(self._rules(program), "ended on 12/31/2020", program)

        program.active = False

        self.assertSaid(
            self._rules(program), "is archived and no longer earns points", program
        )

    def test_c12_what_a_template_lists_counts_for_its_customers(self):
        listed = {"applies_to": "product", "product_id": self.cake.id}
        program = self._make_program(listed, membership="everyone")
        self.env["points.rule"].create(
            {
                "name": "Coffee counts",
                "product_tmpl_id": self.coffee.product_tmpl_id.id,
                "criterion_program_id": program.id,
            }
        )
        for owner in (
            self.env["points.template"].create({"name": "T", "program_id": program.id}),
            self._admit(self.customer, program),
        ):
            self.assertSaid(self._rules(program), "no rule of the customers is for")
            owner.rule_ids = [Command.create({"name": "All"})]
            self.assertNotSaid(self._rules(program), "no rule of the customers is for")
            owner.rule_ids.unlink()

    def test_a_gap_that_a_rule_for_all_products_covers_is_none(self):
        cake = {"applies_to": "product", "product_id": self.cake.id}
        program = self._make_program(
            {"name": "Spring", "date_to": "2090-05-31", **cake},
            {"name": "Summer", "date_from": "2090-06-11", **cake},
            membership="everyone",
        )
        self.assertSaid(self._rules(program), "neither Spring nor Summer")

        program.rule_ids = [Command.create({"name": "All"})]

        self.assertNotSaid(self._rules(program), "neither")

    def test_rules_that_never_count(self):
        group = self.env["points.sell.group"].create({"name": "Empty"})
        program = self._make_program(
            {},
            {"name": "Old", "date_to": "2020-01-01", "bonus": True},
            {"name": "For none", "applies_to": "sell_group", "sell_group_id": group.id},
            membership="everyone",
        )

        checks = self._rules(program)

        self.assertSaid(checks, "Old no longer applies", program.rule_ids[1])
        self.assertSaid(
            checks, "no product that can be sold belongs to Empty", program.rule_ids[2]
        )

    def test_rules_that_others_go_before_for_ever(self):
        program = self._make_program(
            {"name": "First", "date_from": "2020-01-01"},
            {"name": "Second", "date_from": "2021-01-01"},
            membership="everyone",
        )

        checks = self._rules(program)

        self.assertSaid(checks, "First never applies: others such as Second always")
        self.assertSaid(checks, "First and Second both apply to All products from")

    def test_overlaps_and_gaps_name_their_days(self):
        program = self._make_program(
            {"name": "Spring", "date_from": "2090-03-01", "date_to": "2090-05-31"},
            {"name": "May", "date_from": "2090-05-01", "date_to": "2090-05-31"},
            {"name": "Summer", "date_from": "2090-06-11"},
            membership="everyone",
        )

        checks = self._rules(program)

        self.assertSaid(
            checks, "Spring and May both apply to All products from 05/01/2090 to 05/"
        )
        self.assertSaid(
            checks, "From 06/01/2090 to 06/10/2090 neither May nor Summer applies"
        )

    def test_c12_criteria_for_products_that_no_customer_rule_lists(self):
        program = self._make_program(
            {"applies_to": "product", "product_id": self.cake.id},
            membership="everyone",
        )
        criterion = self.env["points.rule"].create(
            {
                "name": "Coffee counts",
                "product_tmpl_id": self.coffee.product_tmpl_id.id,
                "criterion_program_id": program.id,
            }
        )

        self.assertSaid(
            self._rules(program), "no rule of the customers is for Coffee", criterion
        )

    def test_a_rule_that_leaves_the_rate_to_products_without_one(self):
        program = self._make_program({"method": "none"}, membership="everyone")

        self.assertSaid(self._rules(program), "none of them has one")

    def test_x31_x32_formulas_that_are_likely_not_meant(self):
        program = self._make_program(
            {
                "name": "Repeated",
                "method": "formula",
                "formula": "floor(grossamount / 10)",
            },
            membership="everyone",
        )

        self.assertSaid(
            self._rules(program), "Repeated: Computed per product", program.rule_ids
        )

    def test_gross_and_net_are_mixed(self):
        program = self._make_program(membership="everyone", amount_basis="net")
        self.env.company.account_price_include = "tax_included"
        self.assertSaid(self._rules(program), "Prices include tax, but", program)
        self.env.company.account_price_include = "tax_excluded"
        self.assertNotSaid(self._rules(program), "Prices include tax, but")

        gross = self._make_program(membership="everyone")
        criterion = self.env["points.rule"].create(
            {"name": "Everywhere", "product_tmpl_id": self.coffee.product_tmpl_id.id}
        )

        for owner in (program, gross):
            self.assertSaid(
                self._rules(owner), "Everywhere applies to every program", criterion
            )

    def test_e06_tax_on_loy(self):
        loy = self._make_product("LOY", 0.2, points_type="loy")
        loy.taxes_id = self.tax24
        program = self._make_program(
            {"method": "loy"},
            mode="value",
            amount_basis="net",
            loy_product_id=loy.id,
            membership="everyone",
        )
        self.assertSaid(
            self._rules(program), "tax included and tax excluded are mixed", loy
        )

        self._set_directly(program, mode="points")

        self.assertSaid(self._rules(program), "The points product has a tax", loy)

    def test_templates_are_checked_with_their_program_and_alone(self):
        program = self._make_program(membership="everyone")
        template = self.env["points.template"].create(
            {
                "name": "T",
                "program_id": program.id,
                "rule_ids": [
                    Command.create({"name": "Now"}),
                    Command.create(
                        {"name": "Gone", "date_to": "2020-01-01", "bonus": True}
                    ),
                ],
            }
        )
        for owner in (program, template):
            self.assertSaid(
                self._rules(owner), "Template T: Gone no longer", template.rule_ids[1]
            )
        template.rule_ids.unlink()
        self.assertFalse(self._rules(template))

    def test_products_that_rules_treat_alike_are_looked_at_once(self):
        """Ten thousand products of one price line are one kind."""
        program = self._complete_program(membership="everyone")

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            # Environments made anew, at any moment, ask for both.
            self.assertTrue(self.env.user._get_company_ids() and self.env.user.name)
            before = self.env.cr.sql_log_count
            program.action_check_rules()
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        self.env["product.product"].create(
            [
                {"name": f"Product {place}", "categ_id": self.categ_basic.id}
                for place in range(50)
            ]
        )

        queries()  # fills the caches that new products emptied

        self.assertEqual(queries(), few)
