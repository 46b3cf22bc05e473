from odoo.fields import Command
from odoo.tests import tagged

from .formula_common import FormulaCommon


@tagged("post_install", "-at_install")
class TestPointsFormulaVariables(FormulaCommon):
    """What each variable holds, on an invoice and at the register (X-02, X-19)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tags = cls.env["product.tag"].create([{"name": "Organic"}, {"name": "Fair"}])
        drinks = cls.env["product.category"].create({"name": "Drinks"})
        hot = cls.env["product.category"].create(
            {"name": "Hot", "parent_id": drinks.id}
        )
        cls.vendor = cls.env["res.partner"].create({"name": "Vendor"})
        cls.tool.write(
            {
                "default_code": "P01",
                "categ_id": hot.id,
                "product_tag_ids": [Command.set(tags.ids)],
                "seller_ids": [Command.create({"partner_id": cls.vendor.id})],
            }
        )
        groups = cls.env["res.partner.category"].create(
            [{"name": "VIP"}, {"name": "Staff"}]
        )
        cls.customer.category_id = groups
        cls.env["points.sell.group"].create(
            {"name": "Seasonal", "categ_ids": [Command.set(drinks.ids)]}
        )

    def _check(self, conditions, sell, context="product"):
        """Assert that each condition is true for what is sold: 1 point, not 0."""
        accounts = {
            condition: self._member(
                self._formula(f"{condition} ? 1 : 0", context, applies_to="all")
            )
            for condition in conditions
        }
        sell()
        for condition, account in accounts.items():
            with self.subTest(condition):
                self.assertPoints(account, 1)

    def test_x19_of_a_product_on_an_invoice(self):
        self._check(
            (
                f"productid == {self.tool.id}",
                'productcode == "P01"',
                "subtotal == 180",
                "grosssubtotal == 223.2",
                "price == 100",
                "percentdisc == 10",
                "qty == 2",
                'category == "Hot"',
                '"Drinks" in categorypath',
                'categorypath == "Drinks"',
                'tag == "Fair" && tag == "Organic" && tag != "Cheap"',
                'tag in ["Cheap", "Fair"]',
                'sellgroup == "Seasonal"',
                f"{self.vendor.id} in supplierid",
                f"supplierid == {self.vendor.id}",
                "!direct",
            ),
            lambda: self._invoice_discounted(),
        )

    def _invoice_discounted(self):
        invoice = self._invoice((self.tool, 2, 100), post=False)
        invoice.invoice_line_ids.discount = 10
        invoice.action_post()
        return invoice

    def test_x19_of_a_transaction_on_an_invoice(self):
        self._check(
            (
                "grossamount == 223.2",
                "netamount == 180",
                "round(discountamount, 2) == 24.8",
                "qty == 2 && linecount == 1",
                f"customerid == {self.customer.id}",
                'customergroup == "VIP" && "Staff" in customergroup',
                '!("Other" in customergroup)',
                f'salesperson == "{self.env.user.name}"',
                "weekday == 7 && month == 3 && day == 15 && hour == 0",
                'date == "2026-03-15" && date >= "2026-03-01"',
                'channel == "sale"',
                'amountof("category", "Drinks") == 223.2',
                'amountof("tag", ["Cheap", "Fair"]) == 223.2',
                f'qtyof("supplier", {self.vendor.id}) == 2',
                'qtyof("product", "P01") == 2 && qtyof("product", "P02") == 0',
            ),
            lambda: self._invoice_discounted(),
            "transaction",
        )

    def test_x19_at_the_register(self):
        self._check(
            (
                'channel == "pos"',
                "grossamount == 248 && netamount == 200",
                'category == "Hot" && price == 100 && percentdisc == 0',
                "hour >= 0 && hour <= 23 && weekday >= 1",
                f'salesperson == "{self.env.user.name}"',
                'qtyof("tag", "Fair") == 2',
            ),
            lambda: self._sell((self.tool, 2)),
        )

    def test_r07_amounts_are_in_the_programs_currency(self):
        currency = self.env["res.currency"].create({"name": "CPT", "symbol": "¤"})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 2, "name": "2020-01-01"}
        )
        account = self._member(
            self._formula("grossamount + price", "product"), currency_id=currency.id
        )

        self._invoice((self.coffee, 1, 10))

        self.assertPoints(account, 40)

    def test_names_are_those_of_the_companys_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        tag = self.customer.category_id.filtered(lambda tag: tag.name == "VIP")
        tag.with_context(lang="de_DE").name = "Wichtig"
        self.env.company.partner_id.lang = "de_DE"
        account = self._member(self._formula('customergroup == "Wichtig" ? 1 : 0'))

        self._invoice((self.coffee, 1, 10))

        self.assertPoints(account, 1)

    def test_discounts_on_the_invoice_lower_all_amounts(self):
        discount = self._make_product("Discount", 0)
        account = self._member(self._formula("grossamount"))

        self._invoice((self.coffee, 1, 100), (discount, 1, -20))

        self.assertPoints(account, 80)
