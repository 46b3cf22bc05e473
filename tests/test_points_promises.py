"""What a program and its rules promise, in one sentence each."""

from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import CustomerPointsCommon

_TEN = {"method": "block", "block_amount": 10}


@tagged("post_install", "-at_install")
class TestPointsPromises(CustomerPointsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Tag = cls.env["res.partner.category"]
        cls.vip, cls.gold = Tag.create([{"name": "VIP"}, {"name": "Gold"}])
        cls.paint = cls.env["product.category"].create({"name": "Paint"})
        cls.group = cls.env["points.sell.group"].create({"name": "Winter"})

    def assertSays(self, record, words):
        self.assertEqual(record.sentence.replace("\xa0", " "), words)

    # === RULES === #

    def test_a_rule_is_said_with_all_its_conditions(self):
        seller = self.env["res.users"].create({"name": "Anna", "login": "anna"})
        paint = {"applies_to": "price_line", "categ_id": self.paint.id}
        vip = {"customer_group_ids": [Command.set(self.vip.ids)]}
        tags = {"customer_group_ids": [Command.set((self.vip | self.gold).ids)]}
        week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), True)
        cases = (
            ({}, "1 point per full $ 10.00"),
            ({"bonus": True}, "On top: 1 point per full $ 10.00"),
            ({"context": "transaction"}, "1 point per full $ 10.00, once per order"),
            ({"tue": True}, "1 point per full $ 10.00, on Tuesdays"),
            (
                {"mon": True, "sun": True},
                "1 point per full $ 10.00, on Mondays and Sundays",
            ),
            (week, "1 point per full $ 10.00"),
            (vip, "1 point per full $ 10.00, for VIP"),
            (tags, "1 point per full $ 10.00, for Gold or VIP"),
            (paint, "1 point per full $ 10.00 on Paint"),
            (
                {"applies_to": "sell_group", "sell_group_id": self.group.id},
                "1 point per full $ 10.00 on Winter",
            ),
            (
                {"applies_to": "product", "product_id": self.cake.id},
                f"1 point per full $ 10.00 on {self.cake.display_name}",
            ),
            (
                {"salesperson_ids": [Command.set(seller.ids)]},
                "1 point per full $ 10.00, sold by Anna",
            ),
            (
                {"override": True},
                "1 point per full $ 10.00, whatever the rules of products and "
                "categories",
            ),
            (
                {"bonus": True, "tue": True, **vip},
                "On top: 1 point per full $ 10.00, on Tuesdays, for VIP",
            ),
            (
                {"bonus": True, "sat": True, "sun": True, **paint, **vip},
                "On top: 1 point per full $ 10.00 on Paint, on Saturdays and Sundays, "
                "for VIP",
            ),
            (
                {"method": "percent", "rate_stock": 5, "fri": True},
                "5% of the amount, on Fridays",
            ),
        )
        for values, words in cases:
            with self.subTest(words):
                self.assertSays(self._make_program({**_TEN, **values}).rule_ids, words)

    def test_rules_that_a_template_adds_are_said_to_be_on_top(self):
        template = self.env["points.template"].create(
            {
                "name": "T",
                "program_id": self._make_program().id,
                "rule_ids": [Command.create({**_TEN, "name": "More"})],
            }
        )
        self.assertSays(template.rule_ids, "1 point per full $ 10.00")

        template.rules_mode = "add"

        self.assertSays(template.rule_ids, "On top: 1 point per full $ 10.00")

    def test_rules_of_products_do_not_repeat_them(self):
        self.cake.product_tmpl_id.points_rule_ids = [
            Command.create({**_TEN, "name": "Cake"})
        ]

        self.assertSays(
            self.cake.product_tmpl_id.points_rule_ids, "1 point per full $ 10.00"
        )

    def test_the_period_of_a_rule_stands_apart(self):
        cases = (
            ({}, ""),
            ({"date_from": "2026-12-01"}, "from 12/01/2026"),
            ({"date_to": "2026-12-24"}, "until 12/24/2026"),
            (
                {"date_from": "2026-12-01", "date_to": "2026-12-24"},
                "12/01/2026 – 12/24/2026",
            ),
        )
        for values, words in cases:
            with self.subTest(words):
                rule = self._make_program({**_TEN, **values}).rule_ids
                self.assertEqual(rule.period, words)
                self.assertSays(rule, "1 point per full $ 10.00")

    def test_the_sentence_follows_what_is_typed(self):
        rule = Form(self._make_program().rule_ids)
        rule.method = "block"
        rule.block_amount = 10
        self.assertEqual(rule.sentence.replace("\xa0", " "), "1 point per full $ 10.00")

        rule.bonus = rule.tue = True
        rule.customer_group_ids.add(self.vip)

        self.assertEqual(
            rule.sentence.replace("\xa0", " "),
            "On top: 1 point per full $ 10.00, on Tuesdays, for VIP",
        )

    def test_it_is_said_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"]._load_module_terms(["customer_points"], ["de_DE"])
        program = self._make_program(
            {**_TEN, "bonus": True, "tue": True},
            membership="everyone",
            expiry="yearly",
        )

        german = program.with_context(lang="de_DE")

        self.assertSays(
            german,
            "Zusätzlich: 1 Punkt pro volle $ 10,00, dienstags; Punkte verfallen jedes "
            "Jahr am 31. Dezember; alle nehmen teil",
        )

    def test_who_is_archived_is_still_named(self):
        seller = self.env["res.users"].create({"name": "Anna", "login": "anna"})
        program = self._make_program(
            {
                **_TEN,
                "customer_group_ids": [Command.set(self.vip.ids)],
                "salesperson_ids": [Command.set(seller.ids)],
            },
            membership="groups",
            group_ids=[Command.set(self.gold.ids)],
        )
        (self.vip | self.gold).active = seller.active = False
        self.env.flush_all()
        self.env.invalidate_all()

        self.assertSays(
            program,
            "1 point per full $ 10.00, for VIP, sold by Anna; points never expire; "
            "only customers with Gold",
        )

    def test_forms_that_are_half_filled_in_are_said_without_an_error(self):
        Program, Rule = self.env["points.program"], self.env["points.rule"]
        rule = {**_TEN, "block_points": 1}
        cases = (
            {},
            {"currency_id": False, "rule_ids": [Command.create(rule)]},
            {"rule_ids": [Command.create({**rule, "block_amount": 1e18})]},
            {"rule_ids": [Command.create({**rule, "method": False})]},
            {"value_per_point": 1e18},
            {"mode": False, "membership": False, "expiry": False},
            {"expiry": "yearly", "expiry_day": 0, "expiry_month": -1},
            {"membership": "groups", "group_ids": [Command.create({})]},
        )
        for values in cases:
            with self.subTest(values):
                program = Program.new(values)
                self.assertTrue(program.sentence)
                self.assertTrue(all(program.rule_ids.mapped("sentence")))
        nobody = [Command.create({}), Command.create({"name": "Anna"})]
        self.assertIn(
            "sold by Anna or …", Rule.new({"salesperson_ids": nobody}).sentence
        )
        for method, _label in Rule._fields["method"].selection:
            for values in ({}, {"context": "transaction"}, {"rate_stock": 1e18}):
                with self.subTest(method, values=values):
                    self.assertIsNotNone(
                        Rule.new({"method": method, **values}).sentence
                    )

    # === PROGRAMS === #

    def test_a_program_is_said_in_one_sentence(self):
        year = {"expiry": "rolling", "expiry_months": 12}
        everyone = {"membership": "everyone"}
        tags = {
            "membership": "groups",
            "group_ids": [Command.set((self.vip | self.gold).ids)],
        }
        cent = {"value_per_point": 0.1}
        cases = (
            (
                {**year, **everyone, **cent},
                "1 point per full $ 10.00; 1 point is worth $ 0.10; points expire 12 "
                "months after earning; everyone joins",
            ),
            (
                {},
                "1 point per full $ 10.00; points never expire; only selected "
                "customers",
            ),
            (
                {"value_per_point": 0.005, **everyone},
                "1 point per full $ 10.00; 1 point is worth $ 0.005; points never "
                "expire; everyone joins",
            ),
            (
                {**tags, "expiry": "rolling", "expiry_months": 1},
                "1 point per full $ 10.00; points expire 1 month after earning; only "
                "customers with Gold or VIP",
            ),
            (
                {"expiry": "yearly", **everyone},
                "1 point per full $ 10.00; points expire each year on December 31; "
                "everyone joins",
            ),
            (
                {"expiry": "yearly", "expiry_month": 2, **everyone},
                "1 point per full $ 10.00; points expire each year on February 29; "
                "everyone joins",
            ),
            (
                {"date_from": "2026-12-01", "date_to": "2026-12-24", **everyone},
                "1 point per full $ 10.00; points never expire; everyone joins; "
                "12/01/2026 – 12/24/2026",
            ),
        )
        for values, words in cases:
            with self.subTest(words):
                self.assertSays(self._make_program(_TEN, **values), words)

    def test_value_is_said_in_money_and_has_no_worth(self):
        program = self._make_program(
            {"method": "percent", "rate_stock": 5},
            mode="value",
            membership="everyone",
        )

        self.assertSays(
            program, "5% of the amount; points never expire; everyone joins"
        )

    def test_of_many_rules_the_first_that_is_not_on_top_is_said(self):
        program = self._make_program(
            {**_TEN, "bonus": True, "tue": True},
            {**_TEN, "block_points": 2},
            membership="everyone",
        )
        self.assertSays(
            program,
            "2 points per full $ 10.00, and 1 more rule; points never expire; everyone "
            "joins",
        )

        program.rule_ids = [Command.create({**_TEN, "name": "More", "bonus": True})]

        self.assertIn("and 2 more rules;", program.sentence)

    def test_a_program_without_rules_says_so(self):
        program = self._make_program(membership="everyone")
        program.rule_ids.unlink()

        self.assertSays(
            program, "No points are earned yet; points never expire; everyone joins"
        )

    def test_a_currency_behind_the_number_and_without_decimals(self):
        yen, own = self.env.ref("base.JPY"), self.company.currency_id
        yen.active, own.position = True, "after"
        for currency, words in ((own, "0.10 $"), (yen, "¥ 0.1")):
            with self.subTest(currency.name):
                program = self._make_program(
                    currency_id=currency.id, value_per_point=0.1
                )
                said = program.sentence.replace("\xa0", " ")
                self.assertIn(f"1 point is worth {words};", said)

    def test_sentences_of_many_programs_cost_the_same_queries(self):
        tags = [Command.set((self.vip | self.gold).ids)]
        paint = {"applies_to": "price_line", "categ_id": self.paint.id}
        cake = {"applies_to": "product", "product_id": self.cake.id}
        programs = self.env["points.program"]
        for _number in range(6):
            programs |= self._make_program(
                {**_TEN, **paint, "customer_group_ids": tags},
                {**_TEN, **cake},
                membership="groups",
                group_ids=tags,
            )

        def queries(programs):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            programs.mapped("sentence")
            programs.rule_ids.mapped("sentence")
            return self.env.cr.sql_log_count - before

        queries(programs)
        self.assertEqual(queries(programs), queries(programs[:2]))
