from odoo.tests import tagged
from odoo.tests.common import warmup

from .common import CustomerPointsCommon

#: What settling a paid order of a customer in one program costs: savepoint (2),
#: accounts with earlier entries and evidence, balance and the number of the document,
#: what expires next, document, entries, and lots.
_QUERIES = 6


@tagged("post_install", "-at_install")
class TestPerformance(CustomerPointsCommon):
    """The number of queries does not grow with lines, programs or customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)

    def _queries_of_settling(self, lines, programs=1, **values):
        """Return the queries that settling adds to a paid order of so many lines."""
        for _number in range(programs - len(self.customer.points_account_ids)):
            self._admit(self.customer, self._make_program(**values))
        self._settle_order(lines)  # fills the caches that new programs emptied
        queries, entries = self._settle_order(lines)
        self.assertEqual(len(entries), programs)
        return queries

    def _settle_order(self, lines):
        """Sell without points, then settle; return (queries, entries) of settling."""
        self.env.company.points_active = False
        order = self._sell(*[(self.cake, 1)] * lines)
        self.env.company.points_active = True
        self.env.cr.flush()
        before = self.env.cr.sql_log_count
        order._points_settle(is_new=True)
        return self.env.cr.sql_log_count - before, order.points_document_ids.entry_ids

    @warmup
    def test_queries_are_the_same_for_1_and_100_lines(self):
        few, many = self._queries_of_settling(1), self._queries_of_settling(100)

        self.assertEqual(few, many)
        self.assertEqual(few, _QUERIES)

    @warmup
    def test_queries_of_formulas_are_the_same_for_2_and_20_products(self):
        self.program.rule_ids.write(
            {
                "method": "formula",
                "formula": 'productcode == "" && category == "" && tag == "A" '
                '&& "B" in categorypath && sellgroup == "C" && 7 in supplierid '
                '&& customergroup == "VIP" && salesperson == "" ? 0 : qty',
            }
        )
        categories = self.env["product.category"].create(
            [{"name": str(number)} for number in range(20)]
        )
        twenty = [self._make_product(f"Product {number}", 10) for number in range(20)]
        for product, category in zip(twenty, categories, strict=True):
            product.write({"categ_id": category.id, "default_code": category.name})

        def queries(products):
            self.env.company.points_active = False
            order = self._sell(*[(product, 1) for product in products])
            self.env.company.points_active = True
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order._points_settle(is_new=True)
            count = self.env.cr.sql_log_count - before
            self.assertTrue(order.points_document_ids)
            return count

        queries(twenty[:1])

        self.assertEqual(queries(twenty[:2]), queries(twenty))

    @warmup
    def test_queries_are_the_same_for_1_and_10_programs(self):
        one, ten = (
            self._queries_of_settling(5),
            self._queries_of_settling(5, programs=10),
        )

        self.assertEqual(one, ten)

    @warmup
    def test_c48_queries_are_the_same_for_2_and_10_programs_that_give_vouchers(self):
        gives = {"minimum_target": 100, "target_value": 5, "target_repeat": "each"}
        two, ten = (
            self._queries_of_settling(5, programs=count, **gives) for count in (2, 10)
        )

        self.assertEqual(two, ten)
        given = self.customer.points_account_ids.voucher_ids
        self.assertEqual(len(given), 10 + 9 * 10)

    @warmup
    def test_queries_are_the_same_with_many_customers(self):
        few = self._queries_of_settling(1)
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(200)]
        )
        self.env["points.account"].create(
            [
                {"partner_id": partner.id, "program_id": self.program.id}
                for partner in partners
            ]
        )

        self.assertEqual(self._queries_of_settling(1), few)

    def test_accounts_list_reads_sums_of_all_accounts_together(self):
        partners = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        accounts = self.account
        for partner in partners:
            accounts |= self._admit(partner, self.program)
        names = ["available", "pending", "accrued", "qualifying", "target_reached"]

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.read(names)
            return self.env.cr.sql_log_count - before

        count(accounts)

        self.assertEqual(count(accounts[:1]), count(accounts))
