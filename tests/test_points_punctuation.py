from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import CustomerPointsCommon

_BY_VALUE = {"method": "block", "block_points": 10, "block_amount": 100}


@tagged("post_install", "-at_install")
class TestPointsPunctuation(CustomerPointsCommon):
    """Single-type point tables: by value, or for single products (T-03 … T-15)."""

    def _by_product(self, product, points=10, **values):
        return {
            "method": "quantity",
            "block_points": points,
            "applies_to": "product",
            "product_id": product.id,
            **values,
        }

    def _file(self, *rules, **values):
        values = {"preset": "punctuation", "membership": "everyone", **values}
        return self._make_program(*rules, **values)

    def _earned(self, *lines, register=True):
        """Sell at the register or invoice; return the points of this purchase alone."""
        if register:
            sale = self._sell(*lines)
        else:
            sale = self._invoice(
                *(
                    (product, quantity, product.list_price)
                    for product, quantity in lines
                )
            )
        return sum(sale.points_document_ids.entry_ids.mapped("points"))

    # === BY VALUE === #

    def test_t09_t12_t13_whole_blocks_of_each_purchase_at_the_register(self):
        self._file(_BY_VALUE)
        for amount, points in ((50, 0), (99.99, 0), (100, 10), (199.99, 10), (250, 20)):
            with self.subTest(amount=amount):
                product = self._make_product(f"Worth {amount}", amount)
                self.assertEqual(self._earned((product, 1)), points)

    def test_t12_two_purchases_of_50_earn_nothing_one_of_100_does(self):
        self._file(_BY_VALUE)
        half = self._make_product("Half", 50)
        for register in (True, False):
            with self.subTest(register=register):
                self.assertEqual(self._earned((half, 1), register=register), 0)
                self.assertEqual(self._earned((half, 1), register=register), 0)
                self.assertEqual(self._earned((half, 2), register=register), 10)

    def test_t09_a_second_item_by_value_is_refused(self):
        program = self._file(_BY_VALUE)

        with self.assertRaisesRegex(ValidationError, "exactly one rule"):
            program.rule_ids = [
                Command.create(
                    {"name": "Second", **_BY_VALUE, "date_from": "2026-01-01"}
                )
            ]

    # === BY PRODUCT === #

    def test_t06_t10_t11_points_for_each_item_each_analysed_on_its_own(self):
        self._file(self._by_product(self.coffee), self._by_product(self.cake))
        for register in (True, False):
            with self.subTest(register=register):
                lines = ((self.coffee, 2), (self.cake, 1))
                self.assertEqual(self._earned(*lines, register=register), 30)
                self.assertEqual(self._earned((self.tool, 5), register=register), 0)

    def test_t10_value_and_product_together_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "either exactly one rule"):
            self._file(_BY_VALUE, self._by_product(self.coffee))

    def test_other_kinds_of_rules_are_refused(self):
        for rule in (
            {"method": "multiplier"},
            {**_BY_VALUE, "bonus": True},
            {**_BY_VALUE, "context": "transaction"},
        ):
            with self.subTest(rule), self.assertRaises(ValidationError):
                self._file(rule)

    def test_a_free_program_becomes_a_punctuation_file_only_if_it_looks_like_one(self):
        program = self._make_program({"method": "multiplier"})

        with self.assertRaisesRegex(ValidationError, "single-type point table"):
            program.preset = "punctuation"

    # === HEADER AND ITEMS === #

    def test_t05_without_customer_and_group_any_customer_earns(self):
        program = self._file(_BY_VALUE)

        self._sell((self.cake, 1), customer=self.other_customer)

        self.assertEqual(program.account_ids.partner_id, self.other_customer)
        self.assertEqual(program.account_ids.balance, 10)

    def test_t04_a_group_of_customers_earns_and_no_other(self):
        tag = self.env["res.partner.category"].create({"name": "Clients"})
        self.customer.category_id = tag
        program = self._file(
            _BY_VALUE, membership="groups", group_ids=[Command.set(tag.ids)]
        )

        self._sell((self.cake, 1))
        self._sell((self.cake, 1), customer=self.other_customer)

        self.assertEqual(program.account_ids.partner_id, self.customer)

    def test_t04_a_single_customer_has_a_file_of_its_own(self):
        program = self._file(_BY_VALUE, membership="allocated")
        account = self._admit(self.customer, program)

        account.rule_ids = [
            Command.create({"name": "Own", **_BY_VALUE, "block_points": 30})
        ]
        self._sell((self.cake, 1))

        self.assertPoints(account, 30)
        with self.assertRaisesRegex(ValidationError, "either exactly one rule"):
            account.rule_ids = [
                Command.create({"name": "Another", **self._by_product(self.coffee)})
            ]

    def test_t07_items_are_numbered_by_themselves(self):
        program = self._file(
            self._by_product(self.coffee),
            self._by_product(self.cake),
            self._by_product(self.tool),
        )

        self.assertEqual(program.rule_ids.mapped("code"), [1, 2, 3])

    def test_t08_an_item_may_name_a_product_group(self):
        """In a free program: the source's text repeats the customer's group here."""
        line = self.env["product.category"].create({"name": "Drinks"})
        self.coffee.categ_id = line
        self._make_program(
            {
                "method": "quantity",
                "block_points": 10,
                "applies_to": "price_line",
                "categ_id": line.id,
            },
            membership="everyone",
        )

        self.assertEqual(self._earned((self.coffee, 2), (self.cake, 1)), 20)

    def test_t08_an_item_of_a_punctuation_file_may_name_a_group_of_products(self):
        group = self.env["points.sell.group"].create(
            {"name": "Sweets", "product_tmpl_ids": self.cake.product_tmpl_id.ids}
        )
        category = self.env["product.category"].create({"name": "Hot"})
        self.coffee.categ_id = category
        item = {"method": "quantity", "block_points": 6}
        self._file(
            {**item, "applies_to": "sell_group", "sell_group_id": group.id},
            {**item, "applies_to": "price_line", "categ_id": category.id},
            self._by_product(self.tool, 8),
        )

        lines = ((self.cake, 2), (self.coffee, 1), (self.tool, 1))
        self.assertEqual(self._earned(*lines), 12 + 6 + 8)

    def test_t15_customer_before_group_before_all_in_one_program(self):
        tag = self.env["res.partner.category"].create({"name": "Clients"})
        group = {"customer_group_ids": [Command.set(tag.ids)]}
        for values in ({}, {"preset": "punctuation"}):
            with self.subTest(values):
                program = self._make_program(
                    {**_BY_VALUE, "block_points": 2},
                    {**_BY_VALUE, "block_points": 4, **group},
                    membership="everyone",
                    **values,
                )
                self.customer.category_id = False
                self.assertEqual(self._earned((self.cake, 1)), 2)
                self.customer.category_id = tag
                self.assertEqual(self._earned((self.cake, 1)), 4)
                program.account_ids.rule_ids = [
                    Command.create({"name": "Own", **_BY_VALUE, "block_points": 9})
                ]
                self.assertEqual(self._earned((self.cake, 1)), 9)
                program.active = False

    def test_t14_a_loyalty_card_is_the_customers_barcode(self):
        """The register asks the server for the customer of a card it does not know."""
        program = self._file(_BY_VALUE)
        self.other_customer.barcode = "0421234567890"
        self.config.open_ui()

        found = self.env["res.partner"].get_new_partner(
            self.config.id, [("barcode", "=", "0421234567890")], 0
        )["res.partner"]
        customer = self.env["res.partner"].browse(found[0]["id"])
        self._sell((self.cake, 1), customer=customer)

        self.assertEqual(program.account_ids.partner_id, self.other_customer)
        self.assertEqual(program.account_ids.balance, 10)

    def test_t15_several_rules_most_specific_or_all_together(self):
        rules = ({**_BY_VALUE}, self._by_product(self.cake, 7))
        for combination, points in (("most_specific", 7), ("add_up", 17)):
            with self.subTest(combination):
                program = self._make_program(
                    *rules, combination=combination, membership="everyone"
                )
                self.assertEqual(self._earned((self.cake, 1)), points)
                program.active = False

    def test_choosing_the_preset_begins_as_its_paper_does(self):
        form = Form(self.env["points.program"])
        form.name, form.code = "File", "FILE"
        form.preset = "punctuation"
        program = form.save()

        self.assertEqual(program.membership, "everyone")
        self.assertEqual(self._earned((self.cake, 1)), 10)
