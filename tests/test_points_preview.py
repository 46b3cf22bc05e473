from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsPreview(CustomerPointsCommon):
    """What gives these points? The same answer as a sale, and nothing is written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program(
            {"name": "Everything"},
            {
                "name": "Cakes",
                "applies_to": "product",
                "product_id": cls.cake.id,
                "rate_stock": 2,
            },
            {"name": "Spring", "date_from": "2090-03-01"},
        )

    def _try(self, *lines, program=None, **values):
        """Return the dialog with products in it: (product, quantity) or values."""
        return self.env["points.program.preview"].create(
            {
                "program_id": (program or self.program).id,
                "line_ids": [
                    Command.create(
                        line
                        if isinstance(line, dict)
                        else {"product_id": line[0].id, "quantity": line[1]}
                    )
                    for line in lines
                ],
                **values,
            }
        )

    def test_it_shows_points_the_winning_rule_and_why_others_lost(self):
        tried = self._try((self.cake, 1), (self.coffee, 3))

        self.assertEqual(tried.points, 230)
        self.assertEqual(tried.line_ids.mapped("winner"), ["Cakes", "Everything"])
        self.assertEqual(
            tried.line_ids[0].others.splitlines(),
            ["Everything: Cakes is more specific", "Spring: starts on 03/01/2090"],
        )
        self.assertIn("Cakes: is for other products", tried.line_ids[1].others)
        self.assertIn("Cake (1 unit), $\xa0100.00 incl. tax", tried.result)

    def test_it_is_what_a_real_invoice_earns(self):
        account = self._admit(self.customer, self.program)
        tried = self._try((self.cake, 2), (self.tool, 1), partner_id=self.customer.id)

        self._invoice((self.cake, 2, 100), (self.tool, 1, 100))

        self.assertEqual(tried.points, 524)
        self.assertPoints(account, tried.points)

    def test_it_answers_while_one_types_and_writes_nothing(self):
        entries = self.env["points.entry"].search_count([])
        form = Form(
            self.env["points.program.preview"].with_context(
                default_program_id=self.program.id
            )
        )
        with form.line_ids.new() as line:
            line.product_id = self.cake
            self.assertEqual(line.price_unit, 100)
        self.assertEqual(form.points, 200)
        with form.line_ids.edit(0) as line:
            line.quantity = 3

        self.assertEqual(form.points, 600)
        self.assertEqual(self.env["points.entry"].search_count([]), entries)
        self.assertFalse(self.program.account_ids)

    def test_another_day_has_other_rules(self):
        tried = self._try((self.coffee, 1), date="2090-03-01")

        self.assertEqual(tried.line_ids.winner, "Spring")

    def test_a_program_that_does_not_run_says_so(self):
        self.program.date_to = "2026-01-31"

        tried = self._try((self.coffee, 1), date="2026-02-01")

        self.assertEqual(tried.points, 0)
        self.assertIn("is not running on this day", tried.result)

    def test_discounts_and_direct_sales(self):
        self.program.rule_ids[0].write({"has_rate_direct": True, "rate_direct": 0.5})
        self.program.exclude_discounted = True
        line = {"product_id": self.coffee.id, "price_unit": 100}

        direct = self._try({**line, "is_direct": True})
        discounted = self._try({**line, "discount": 10})

        self.assertEqual(direct.points, 50)
        self.assertEqual(discounted.points, 0)
        self.assertEqual(discounted.line_ids.winner, "discounted products are excluded")

    def test_the_customers_own_rules_count(self):
        account = self._admit(self.customer, self.program)
        account.rule_ids = [Command.create({"name": "Own", "rate_stock": 7})]

        tried = self._try((self.coffee, 1), partner_id=self.customer.id)

        self.assertEqual((tried.points, tried.line_ids.winner), (70, "Own"))

    def test_rules_for_customer_groups(self):
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        self.env["points.rule"].create(
            {
                "program_id": self.program.id,
                "name": "VIP",
                "rate_stock": 5,
                "date_from": "2020-01-01",
                "customer_group_ids": [Command.set(tag.ids)],
            }
        )
        tried = self._try((self.coffee, 1))
        self.assertEqual(tried.points, 10)
        self.assertIn("VIP: is for other customers", tried.line_ids.others)
        self.customer.category_id = tag

        tried = self._try((self.coffee, 1), partner_id=self.customer.id)

        self.assertEqual(tried.points, 50)

    def test_products_that_decide_themselves(self):
        self.coffee.write({"points_policy": "fixed", "points_per_unit": 3})
        self.env["points.rule"].create(
            {"name": "Cake's own", "product_tmpl_id": self.cake.product_tmpl_id.id}
        )

        tried = self._try((self.coffee, 2), (self.cake, 1))

        self.assertEqual(tried.points, 106)
        self.assertEqual(
            tried.line_ids.mapped("winner"),
            ["Fixed points of the product", "Cake's own"],
        )
        self.assertIn(
            "takes its rate from products or categories", tried.line_ids[1].others
        )

    def test_it_says_who_earns_nothing_all_the_same(self):
        for membership, groups, said in (
            ("allocated", [], "not in this program"),
            ("groups", ["VIP"], "not in this program"),
            ("everyone", [], ""),
        ):
            tags = self.env["res.partner.category"].create(
                [{"name": name} for name in groups]
            )
            self.program.write(
                {"group_ids": [Command.set(tags.ids)], "membership": membership}
            )
            tried = self._try((self.coffee, 1), partner_id=self.customer.id)
            with self.subTest(membership):
                self.assertEqual("not in this program" in tried.result, bool(said))
        account = self._admit(self.customer, self.program)
        account._block("Test")

        tried = self._try((self.coffee, 1), partner_id=self.customer.id)

        self.assertIn("is blocked: it earns no points", tried.result)

    def test_it_says_who_earns_no_more(self):
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        account = self._admit(self.customer, self.program)
        self.program.write(
            {"membership": "groups", "group_ids": [Command.set(tag.ids)]}
        )

        def said():
            tried = self._try((self.coffee, 1), partner_id=self.customer.id)
            return tried.result

        self.assertIn("not in this program", said())
        self.customer.category_id = tag
        self.assertNotIn("not in this program", said())
        account._block("Test")
        self._admit(self.customer, self._make_program())
        self.env.company.points_single_program = True
        account.unlink()
        self.assertIn("can join only one", said())
        self.program.active = False
        self.assertIn("is archived and no longer earns points", said())
        self.env.company.points_active = False
        self.assertIn("Customer Points is switched off", said())

    def test_a_rule_for_the_whole_order_is_named_where_it_counts(self):
        whole = {"name": "Whole order", "context": "transaction"}
        tried = self._try((self.coffee, 1), program=self._make_program(whole))

        self.assertEqual(tried.line_ids.winner, "Whole order")
        self.assertNotIn("no rule", tried.result)

    def test_what_stands_for_points_gives_none(self):
        loypay = self._make_product("LOYPAY", 30, points_type="loypay")

        tried = self._try((loypay, 1), (self.coffee, 1))

        self.assertEqual(tried.points, 10)
        self.assertEqual(tried.line_ids[0].winner, "these products earn no points")

    def test_money_of_another_currency_is_converted(self):
        currency = self.env["res.currency"].create({"name": "CPT", "symbol": "¤"})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 2, "name": "2020-01-01"}
        )
        program = self._make_program(currency_id=currency.id)

        tried = self._try((self.coffee, 1), program=program)

        self.assertEqual(tried.points, 20)

    def test_wrong_input_earns_nothing_and_raises_nothing(self):
        for values in (
            {"quantity": -1},
            {"price_unit": -5},
            {"quantity": 0},
            {"discount": 200},
        ):
            with self.subTest(values):
                tried = self._try({"product_id": self.coffee.id, **values})
                self.assertEqual(tried.points, 0)
                self.assertIn("Nothing to compute", tried.result)
        self.assertFalse(self._try().result)
