from datetime import timedelta

from lxml.html import fromstring

from odoo.exceptions import ValidationError
from odoo.fields import Command, Date
from odoo.tests import Form, tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsProducts(CustomerPointsCommon):
    """LOY tells the rate, LOYPAY what points buy; neither earns itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loy = cls._make_product("LOY", 5, points_type="loy")
        cls.loypay = cls._make_product("LOYPAY", 30, points_type="loypay")

    def _loy_program(self, **values):
        """Return a program whose only rule counts as LOY's price says."""
        return self._make_program(
            {"method": "loy"}, loy_product_id=self.loy.id, **values
        )

    def _reward(self, program, product=None, **values):
        return self.env["points.reward"].create(
            {
                "program_id": program.id,
                "product_id": (product or self.loypay).id,
                **values,
            }
        )

    # === POINTS MODE === #

    def test_e02_a_program_counts_points_or_value(self):
        modes = dict(self.env["points.program"]._fields["mode"].selection)
        self.assertEqual(set(modes), {"points", "value"})

    def test_e04_the_price_of_loy_is_what_earns_one_point(self):
        account = self._admit(self.customer, self._loy_program())

        self._sell((self.coffee, 5))

        self.assertPoints(account, 10)

    def test_e03_one_unit_of_loy_is_one_point(self):
        account = self._admit(self.customer, self._loy_program())
        self._sell((self.coffee, 6))

        self.assertPoints(account, 12)
        self.assertEqual(account.balance_text, "12 points")

    def test_e05_the_remainder_is_rounded_as_the_program_says(self):
        for rounding, points in (("down", 4), ("none", 4.6), ("up", 5)):
            program = self._loy_program(rounding=rounding)
            account = self._admit(self.customer, program)

            self._invoice((self.coffee, 1, 23))

            self.assertPoints(account, points)

    def test_e04_a_changed_price_is_the_rate_of_the_next_sale(self):
        account = self._admit(self.customer, self._loy_program())
        self._sell((self.coffee, 1))

        self.loy.list_price = 10
        self._sell((self.coffee, 1))

        self.assertPoints(account, 3)

    def test_e04_a_variants_extra_price_is_part_of_the_rate(self):
        attribute = self.env["product.attribute"].create({"name": "Size"})
        sizes = self.env["product.attribute.value"].create(
            [{"name": name, "attribute_id": attribute.id} for name in ("S", "L")]
        )
        line = {"attribute_id": attribute.id, "value_ids": [Command.set(sizes.ids)]}
        template = self.env["product.template"].create(
            {
                "name": "LOY",
                "points_type": "loy",
                "categ_id": self.categ_basic.id,
                "list_price": 5,
                "attribute_line_ids": [Command.create(line)],
            }
        )
        self.loy = template.product_variant_ids[-1]
        account = self._admit(self.customer, self._loy_program())
        self._invoice((self.coffee, 1, 20))
        self.assertPoints(account, 4)

        extra = self.loy.product_template_attribute_value_ids
        extra.price_extra = 5
        self._invoice((self.coffee, 1, 20))

        self.assertPoints(account, 6)
        with self.assertRaisesRegex(ValidationError, "set a sales price"):
            extra.price_extra = -10

    def test_a_loy_price_too_small_to_count_by_is_refused(self):
        self.loy.list_price = 0.00004
        with self.assertRaisesRegex(ValidationError, "set a sales price"):
            self._loy_program()

    def test_e06_no_tax_on_loy_and_loypay_in_points_mode(self):
        program = self._loy_program()
        self._reward(program)
        for product in (self.loy, self.loypay):
            with self.subTest(product.name):
                with self.assertRaisesRegex(ValidationError, "remove the taxes"):
                    product.taxes_id = self.tax24

    def test_e06_a_taxed_loy_is_refused_when_it_is_chosen(self):
        self.loy.taxes_id = self.tax24
        with self.assertRaisesRegex(ValidationError, "remove the taxes"):
            self._loy_program()

    def test_e15_net_and_gross_bases_of_net_100_gross_124(self):
        """The third reading of the source (rate grossed up) is the net basis."""
        for basis, points in (("gross", 24), ("net", 20)):
            program = self._loy_program(amount_basis=basis)
            account = self._admit(self.customer, program)

            invoice = self._invoice((self.tool, 1, 100))

            self.assertPoints(account, points)
            shown = "124.00 incl. tax" if basis == "gross" else "100.00 excl. tax"
            self.assertIn(shown, invoice.points_document_ids.explanation)
            account._block("Test")

    # === VALUE MODE === #

    def test_e18_e19_e20_value_mode_gives_0_20_for_each_1(self):
        self.loy.list_price = 0.2
        account = self._admit(self.customer, self._loy_program(mode="value"))

        self._sell((self.coffee, 5))

        self.assertPoints(account, 10)
        self.assertEqual(account.entry_ids.value, 10)

    def test_e20_e29_tax_on_loy_is_allowed_and_part_of_the_reward(self):
        self.loy.write({"list_price": 0.2, "taxes_id": [Command.set(self.tax24.ids)]})
        account = self._admit(self.customer, self._loy_program(mode="value"))

        self._sell((self.coffee, 5))

        self.assertPoints(account, 12.4)

    def test_e29_a_changed_tax_rate_counts_from_the_next_sale(self):
        self.loy.write({"list_price": 0.2, "taxes_id": [Command.set(self.tax24.ids)]})
        account = self._admit(self.customer, self._loy_program(mode="value"))

        self.tax24.amount = 10
        self._sell((self.coffee, 5))

        self.assertPoints(account, 11)

    def test_e29_a_deleted_tax_is_no_part_of_the_next_reward(self):
        tax = self.tax24.copy({"name": "Short-lived"})
        self.loy.write({"list_price": 0.2, "taxes_id": [Command.set(tax.ids)]})
        account = self._admit(self.customer, self._loy_program(mode="value"))
        self._sell((self.coffee, 5))
        self.assertPoints(account, 12.4)

        tax.unlink()
        self._sell((self.coffee, 5))

        self.assertPoints(account, 22.4)

    def test_e18_value_has_the_decimals_its_currency_has_now(self):
        currency = self.env["res.currency"].create(
            {"name": "CPT", "symbol": "c", "rounding": 1}
        )
        program = self._make_program(
            {"rate_stock": 0.5}, mode="value", currency_id=currency.id
        )
        account = self._admit(self.customer, program)
        self._invoice((self.coffee, 1, 9))
        self.assertPoints(account, 4)

        currency.rounding = 0.01
        self._invoice((self.coffee, 1, 9))

        self.assertPoints(account, 8.5)

    def test_e23_e25_the_products_own_value_goes_first(self):
        self.loy.list_price = 0.2
        account = self._admit(self.customer, self._loy_program(mode="value"))
        self.coffee.write({"points_policy": "fixed", "points_per_unit": 1.5})

        self._sell((self.coffee, 2))
        self.assertPoints(account, 3)
        self.coffee.points_per_unit = 0
        self._sell((self.coffee, 2))

        self.assertPoints(account, 3)

    def test_e21_e22_value_mode_reminds_at_a_value(self):
        self.loy.list_price = 1
        program = self._loy_program(mode="value")
        self._reward(program, points_cost=10)
        account = self._admit(self.customer, program)

        self._invoice((self.coffee, 1, 9.99))
        account.invalidate_recordset()
        self.assertFalse(account.reward_text)
        self._invoice((self.coffee, 1, 0.01))

        account.invalidate_recordset()
        self.assertEqual(account.reward_text, "LOYPAY")

    # === WHAT THE FIELDS OF PRODUCTS SAY, AT REGISTERS AND ON INVOICES === #

    def test_e09_e12_fixed_points_at_the_register(self):
        account = self._admit(self.customer, self._loy_program())
        for policy, per_unit, quantity, points in (
            ("fixed", 10, 1, 10),
            ("fixed", 10, 2, 20),
            ("fixed", 0, 1, 0),
            ("program", 0, 2, 4),
        ):
            with self.subTest(policy=policy, per_unit=per_unit, quantity=quantity):
                before = self._points(account)
                self.coffee.write(
                    {"points_policy": policy, "points_per_unit": per_unit}
                )
                self._sell((self.coffee, quantity))
                self.assertEqual(self._points(account) - before, points)

    # === WHAT THEY MUST BE === #

    def test_e13_e39_a_points_product_is_a_service_with_a_category(self):
        self.assertEqual(self.loy.type, "service")
        with self.assertRaisesRegex(ValidationError, "set its type to Service"):
            self.loy.type = "consu"
        with self.assertRaisesRegex(ValidationError, "product category"):
            self.loypay.categ_id = False

    def test_the_products_form_makes_loy_a_service_without_taxes(self):
        form = Form(self.env["product.template"])
        form.name = "New LOY"
        form.points_type = "loy"

        self.assertEqual(form.type, "service")
        self.assertFalse(form.taxes_id)

    def test_the_variants_form_makes_loypay_a_service_without_taxes(self):
        self.env.company.account_sale_tax_id = self.tax24
        Product = self.env["product.product"].with_context(
            default_points_type="loypay", default_type="service"
        )
        form = Form(Product)
        form.name = "Seven Off"

        self.assertFalse(form.taxes_id)
        product = form.save()
        self.assertFalse(product.taxes_id)
        self.assertTrue(product.categ_id)

    def test_a_program_is_saved_at_once_with_the_products_made_on_its_form(self):
        """From name to reward without a product form, as its fields create them."""
        self.env.company.account_sale_tax_id = self.tax24
        made = []
        for points_type in ("loy", "loypay"):
            Product = self.env["product.product"].with_context(
                default_points_type=points_type, default_sale_ok=False
            )
            product_id, _name = Product.name_create(f"Quick {points_type}")
            made.append(Product.browse(product_id))

        program = self._make_program({"method": "loy"}, loy_product_id=made[0].id)
        self._reward(program, made[1], points_cost=35)

        for product in made:
            with self.subTest(product.name):
                self.assertEqual(product.type, "service")
                self.assertTrue(product.categ_id)
                self.assertFalse(product.taxes_id)

    def test_imported_points_products_are_right_without_naming_more(self):
        self.env.company.account_sale_tax_id = self.tax24
        for model in ("product.template", "product.product"):
            with self.subTest(model):
                result = self.env[model].load(
                    ["name", "points_type"], [[f"From {model}", "loypay"]]
                )

                self.assertFalse(result["messages"])
                product = self.env[model].browse(result["ids"])
                self.assertEqual(product.type, "service")
                self.assertTrue(product.categ_id)
                self.assertFalse(product.taxes_id)

    def test_a_product_that_is_switched_to_points_loses_its_taxes(self):
        products = self.coffee | self.tool
        self.coffee.write({"taxes_id": [Command.set(self.tax24.ids)]})
        self.coffee.categ_id = False
        category = self.tool.categ_id

        products.points_type = "loypay"

        self.assertEqual(set(products.mapped("type")), {"service"})
        self.assertFalse(products.taxes_id)
        self.assertTrue(self.coffee.categ_id)
        self.assertEqual(self.tool.categ_id, category)

    def test_taxes_that_are_asked_for_stay_where_value_may_be_taxed(self):
        self.tool.write(
            {"points_type": "loy", "taxes_id": [Command.set(self.tax24.ids)]}
        )

        self.assertEqual(self.tool.taxes_id, self.tax24)
        self.tool.points_type = "loypay"
        self.assertEqual(self.tool.taxes_id, self.tax24)

    def test_company_less_points_products_get_no_other_companys_taxes(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        tax = self.env["account.tax"].create(
            {
                "name": "Elsewhere's",
                "amount": 10,
                "company_id": other.id,
                "country_id": self.env.company.account_fiscal_country_id.id,
                "tax_group_id": self.env["account.tax.group"]
                .create({"name": "G", "company_id": other.id})
                .id,
            }
        )
        other.account_sale_tax_id = tax

        for asked in ({}, {"taxes_id": [Command.clear()]}):
            with self.subTest(asked):
                product = self.env["product.template"].create(
                    {
                        "name": "LOY2",
                        "points_type": "loy",
                        "company_id": False,
                        "categ_id": self.loy.categ_id.id,
                        **asked,
                    }
                )
                self.assertFalse(product.sudo().taxes_id)

    def test_loy_needs_a_price_and_to_be_marked(self):
        self.loy.list_price = 0
        with self.assertRaisesRegex(ValidationError, "set a sales price"):
            self._loy_program()
        with self.assertRaisesRegex(ValidationError, "set Coffee as points product"):
            self._make_program(loy_product_id=self.coffee.id)

    def test_loy_is_in_the_currency_of_the_program(self):
        currency = self.env["res.currency"].search([("name", "=", "JPY")])
        currency = currency or self.env["res.currency"].with_context(
            active_test=False
        ).search([("name", "=", "JPY")])
        with self.assertRaisesRegex(
            ValidationError, "so the program must use this currency"
        ):
            self._loy_program(currency_id=currency.id)

    def test_rules_by_loy_need_a_loy_product(self):
        with self.assertRaisesRegex(ValidationError, "select the points product of"):
            self._make_program({"method": "loy"})
        program = self._loy_program()
        with self.assertRaisesRegex(ValidationError, "select one first"):
            program.loy_product_id = False
        with self.assertRaisesRegex(ValidationError, "products have no points product"):
            self.env["points.rule"].create(
                {
                    "name": "Criterion",
                    "product_tmpl_id": self.coffee.product_tmpl_id.id,
                    "method": "loy",
                }
            )

    def test_a_reward_needs_a_loypay_product(self):
        with self.assertRaisesRegex(ValidationError, "set Coffee as redemption"):
            self._reward(self._make_program(), self.coffee)

    # === REWARDS === #

    def test_e37_rewards_of_different_size_have_different_values(self):
        program = self._make_program()
        small = self._make_product("LOYPAY2", 5, points_type="loypay")

        rewards = self._reward(program, small, points_cost=100) | self._reward(
            program, points_cost=500
        )

        self.assertEqual(rewards.mapped("value"), [5, 30])

    def test_e28_each_reward_has_a_description_of_its_own(self):
        reward = self._reward(self._make_program(), name="500 points voucher")

        self.assertEqual(reward.name, "500 points voucher")
        self.assertEqual(reward.display_name, "500 points voucher")

    def test_l02_l03_a_reward_by_points_is_worth_what_the_points_are(self):
        program = self._make_program(value_per_point=10)

        reward = self._reward(program, kind="per_point", points_cost=15)

        self.assertEqual(reward.value, 150)

    def test_e07_e08_the_first_reward_reminds_and_no_other(self):
        program = self._make_program()
        other = self._make_product("LOYPAY2", 8, points_type="loypay")
        self._reward(program, points_cost=500, sequence=1, name="500 points")
        self._reward(program, other, points_cost=150, sequence=2, name="150 points")
        account = self._admit(self.customer, program)

        for points, reminder in ((150, False), (349, False), (1, "500 points")):
            self._adjust(points, account)
            account.invalidate_recordset()
            self.assertEqual(account.reward_text, reminder)

    def test_e07_149_does_not_remind_150_does(self):
        program = self._make_program()
        self._reward(program, points_cost=150)
        account = self._admit(self.customer, program)

        self._adjust(149, account)
        account.invalidate_recordset()
        self.assertFalse(account.reward_text)
        self._adjust(1, account)

        account.invalidate_recordset()
        self.assertEqual(account.reward_text, "LOYPAY")

    def test_t03_rewards_change_with_the_retail_period(self):
        program, today = self._make_program(), Date.today()
        account = self._admit(self.customer, program)
        self._adjust(100, account)
        reward = self._reward(program, date_to=today - timedelta(days=1))
        account.invalidate_recordset()
        self.assertFalse(account.reward_text)

        reward.date_to = today

        account.invalidate_recordset()
        self.assertTrue(account.reward_text)
        reward.write({"date_from": today + timedelta(days=1), "date_to": False})
        account.invalidate_recordset()
        self.assertFalse(account.reward_text)

    def test_t03_rewards_ask_for_a_monthly_average(self):
        program = self._make_program()
        account = self._admit(self.customer, program)
        self._reward(program, min_average_points=100)
        self._sell((self.cake, 11))
        account.invalidate_recordset()
        self.assertAlmostEqual(account.average_points, 91.6667, 4)
        self.assertFalse(account.reward_text)

        self._sell((self.cake, 1))

        account.invalidate_recordset()
        self.assertEqual(account.average_points, 100)
        self.assertTrue(account.reward_text)

    def test_a_reward_may_ask_for_the_target(self):
        program = self._make_program(minimum_target=200)
        account = self._admit(self.customer, program)
        self._reward(program, requires_target=True)
        self._sell((self.cake, 1))
        account.invalidate_recordset()
        self.assertFalse(account.reward_text)

        self._sell((self.cake, 1))

        account.invalidate_recordset()
        self.assertTrue(account.reward_text)

    # === PRINTED === #

    def test_e13_e24_documents_show_no_quantity_of_points_products(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.coffee.id, "product_uom_qty": 3}
                    ),
                    Command.create({"product_id": self.loy.id, "product_uom_qty": 77}),
                ],
            }
        )
        invoice = self._invoice((self.coffee, 3, 10), (self.loy, 77, 1))
        for report, record in (
            ("sale.action_report_saleorder", order),
            ("account.account_invoices", invoice),
        ):
            with self.subTest(report):
                Report = self.env["ir.actions.report"].with_context(lang="en_US")
                html, _type = Report._render_qweb_html(report, record.ids)
                cells = fromstring(html).xpath("//td[contains(@name, 'quantity')]")
                quantities = [cell.text_content().split()[:1] for cell in cells]
                self.assertEqual(quantities, [["3.00"], []])
