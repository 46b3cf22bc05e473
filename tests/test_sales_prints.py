"""What quotations, orders, invoices and credit notes say of points when printed."""

from unittest.mock import patch

from freezegun import freeze_time
from lxml import html

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_points.redemption.printed_points import PrintedPoints
from odoo.addons.customer_points.redemption.sale_redemption import SaleRedemption

from .spending_common import SpendingCommon
from .test_sales_preview import _GUARD, SalesPreviewCommon

_ORDER, _INVOICE = "sale.action_report_saleorder", "account.account_invoices"


class PrintsCommon(SalesPreviewCommon):
    def _print(self, sale, user=None):
        """Return the print of an order or invoice, as a page."""
        self.env.flush_all()
        self.env.invalidate_all()
        report = _ORDER if sale._name == "sale.order" else _INVOICE
        Report = self.env["ir.actions.report"].with_user(user or self.env.user)
        source, _kind = Report._render_qweb_html(report, sale.ids)
        return html.fromstring(source)

    def _rows(self, page):
        """Return the texts of the table of points, row by row."""
        found = page.xpath("//div[@name='points_printed']//tr")
        return [
            tuple(cell.text_content().strip() for cell in row.xpath("th|td"))
            for row in found
        ]

    def _to_earn(self, page):
        """Return heading and lines of what is to earn."""
        found = page.xpath("//div[@name='points_to_earn']/*")
        return [each.text_content().strip() for each in found]


@tagged("post_install", "-at_install")
class TestSalesPrints(PrintsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        Module = cls.env["ir.module.module"]
        Module._load_module_terms(["customer_points"], ["de_DE"])
        cls.head = ("Points", "Earned", "Balance")

    # === QUOTATIONS AND ORDERS ===

    def test_a_quotation_shows_points_to_earn(self):
        order = self._quote((self.cake, 1, 100))
        page = self._print(order)
        self.assertEqual(self._rows(page), [])
        said = "Shop Card: 100 points, worth $\xa01.00, credited once the invoice "
        self.assertEqual(self._to_earn(page), ["Points to Earn", f"{said}is posted"])

    def test_an_order_shows_what_it_earned_and_what_its_invoices_will(self):
        program = self._make_program(name="At Once", credit_on="order")
        self._admit(self.customer, program)
        order = self._quote((self.cake, 1, 100))
        order.action_confirm()
        self.env.cr.precommit.run()
        page = self._print(order)
        row = ("At Once", "+100 points", "100 points")
        self.assertEqual(self._rows(page), [self.head, row])
        self.assertEqual(len(self._to_earn(page)), 2)
        order._create_invoices().action_post()
        page = self._print(order)
        self.assertEqual(self._rows(page), [self.head, row])
        self.assertEqual(self._to_earn(page), [], "its invoice says it")

    def test_nothing_for_who_is_in_no_program(self):
        order = self._quote((self.cake, 1, 100), partner_id=self.other_customer.id)
        invoice = self._invoice((self.cake, 1, 100), customer=self.other_customer)
        for sale in (order, invoice):
            self.assertFalse(self._print(sale).xpath("//div[@name='points_printed']"))

    # === INVOICES AND CREDIT NOTES ===

    def test_an_invoice_shows_points_and_the_balance_and_so_does_a_reprint(self):
        self._adjust(50)
        invoice = self._invoice((self.cake, 1, 100))
        rows = [self.head, ("Shop Card", "+100 points", "150 points")]
        self.assertEqual(self._rows(self._print(invoice)), rows)
        self._invoice((self.cake, 7, 100))
        self._adjust(-3)
        self._credit(invoice, {self.cake: 1})
        self.program.rule_ids.rate_stock = 9
        self.assertEqual(self._rows(self._print(invoice)), rows)

    def test_a_credit_note_shows_what_it_took_back(self):
        invoice = self._invoice((self.cake, 3, 100))
        credit = self._credit(invoice, {self.cake: 1}, post=False)
        said = "Shop Card: −100 points, worth $\xa01.00"
        self.assertEqual(self._to_earn(self._print(credit)), ["Points to Deduct", said])
        credit.action_post()
        self.assertEqual(credit.points_document_ids.kind, "return")
        self.assertEqual(len(invoice.points_document_ids), 1)
        rows = [self.head, ("Shop Card", "−100 points", "200 points")]
        page = self._print(credit)
        self.assertEqual(self._rows(page), rows)
        self.assertEqual(self._to_earn(page), [])
        self._credit(invoice, {self.cake: 2})
        self.assertEqual(self._rows(self._print(credit)), rows)
        first = [self.head, ("Shop Card", "+300 points", "300 points")]
        self.assertEqual(self._rows(self._print(invoice)), first)

    def test_a_draft_and_an_unpaid_invoice_show_points_to_earn(self):
        self.program.credit_on = "payment"
        self._adjust(50)
        invoice = self._invoice((self.cake, 1, 100), post=False)
        said = "Shop Card: 100 points, worth $\xa01.00, credited once the invoice "
        for state in ("draft", "posted"):
            self.assertEqual(invoice.state, state)
            page = self._print(invoice)
            self.assertEqual(self._to_earn(page), ["Points to Earn", f"{said}is paid"])
            if state == "draft":
                self.assertEqual(self._rows(page), [])
                invoice.action_post()
        rows = [self.head, ("Shop Card", "–", "50 points")]
        self.assertEqual(self._rows(page), rows)
        self._pay(invoice)
        rows = [self.head, ("Shop Card", "+100 points", "150 points")]
        self.assertEqual(self._rows(self._print(invoice)), rows)

    def test_an_invoice_without_points_shows_the_balance_of_its_day(self):
        self._adjust(50)
        self.cake.points_policy = "excluded"
        invoice = self._invoice((self.cake, 1, 100))
        rows = [self.head, ("Shop Card", "–", "50 points")]
        self.assertEqual(self._rows(self._print(invoice)), rows)
        self._adjust(5)
        self._invoice((self.coffee, 1, 10))
        self.assertEqual(self._rows(self._print(invoice)), rows)

    def test_what_another_customer_had_is_not_told(self):
        other = self._admit(self.other_customer, self.program)
        self._adjust(70)
        invoice = self._invoice((self.cake, 1, 100))
        invoice.button_draft()
        invoice.partner_id = self.other_customer
        invoice.action_post()
        self.assertPoints(other, 100)
        rows = [self.head, ("Shop Card", "+100 points", "100 points")]
        self.assertEqual(self._rows(self._print(invoice)), rows)

    def test_a_draft_again_shows_what_it_will_earn(self):
        invoice = self._invoice((self.cake, 1, 100))
        invoice.button_draft()
        page = self._print(invoice)
        self.assertEqual(self._rows(page), [])
        self.assertEqual(len(self._to_earn(page)), 2)
        invoice.button_cancel()
        self.assertFalse(self._print(invoice).xpath("//div[@name='points_printed']"))

    def test_several_programs_and_money(self):
        value = self._make_program(
            {"method": "percent", "rate_stock": 5}, name="Money", mode="value"
        )
        self._admit(self.customer, value)
        invoice = self._invoice((self.cake, 1, 100))
        rows = [
            self.head,
            ("Money", "+$\xa05.00", "$\xa05.00"),
            ("Shop Card", "+100 points", "100 points"),
        ]
        self.assertEqual(self._rows(self._print(invoice)), rows)

    # === LANGUAGES ===

    def test_the_customers_language(self):
        self.customer.lang = "de_DE"
        order = self._quote((self.cake, 12, 100.5))
        invoice = self._invoice((self.cake, 12, 100.5))
        head, line = self._to_earn(self._print(order))
        self.assertEqual(head, "Zu sammelnde Punkte")
        self.assertIn("1.206 Punkte", line)
        self.assertNotIn("credited", line)
        rows = [
            ("Punkte", "Gesammelt", "Saldo"),
            ("Shop Card", "+1.206 Punkte", "1.206 Punkte"),
        ]
        self.assertEqual(self._rows(self._print(invoice)), rows)
        self.customer.lang = "en_US"
        row = ("Shop Card", "+1,206 points", "1,206 points")
        self.assertEqual(self._rows(self._print(invoice))[1], row)

    # === RIGHTS AND FAULTS ===

    def test_who_has_no_rights_on_points_prints_them(self):
        companies = {
            "company_id": self.company.id,
            "company_ids": [Command.set(self.company.ids)],
        }
        seller = new_test_user(
            self.env, "printer", "sales_team.group_sale_salesman", **companies
        )
        clerk = new_test_user(
            self.env, "clerk", "account.group_account_invoice", **companies
        )
        order = self._quote((self.cake, 1, 100), user_id=seller.id)
        invoice = self._invoice((self.cake, 1, 100))
        self.assertEqual(len(self._to_earn(self._print(order, seller))), 2)
        self.assertEqual(len(self._rows(self._print(invoice, clerk))), 2)

    def test_a_fault_spoils_no_print(self):
        invoice = self._invoice((self.cake, 1, 100))
        with (
            mute_logger(_GUARD),
            patch.object(PrintedPoints, "prepare", side_effect=ValueError),
        ):
            page = self._print(invoice)
        self.assertEqual(self._rows(page), [])
        self.assertIn("Cake", page.text_content())

    def test_queries_of_a_print_do_not_grow_with_lines_or_programs(self):
        for number in range(4):
            program = self._make_program(name=f"More {number}")
            self._admit(self.customer, program)

        def queries(lines):
            invoice = self._invoice(*[(self.cake, 1, 100)] * lines)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(invoice._points_get_printed()), 5)
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(1), queries(50))


@tagged("post_install", "-at_install")
class TestPrintsOfPointsProducts(PrintsCommon, SpendingCommon):
    """No quantity of products that stand for points; what the register redeemed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loy = cls._make_product("LOY", 1, points_type="loy", type="service")
        cls.program = cls._make_program(name="Redeeming", value_per_point=1)
        cls.account = cls._admit(cls.customer, cls.program)
        cls.reward = cls._make_reward(points=40, value=25)

    def _quantities(self, page):
        """Return the texts of quantities, by what the line is about."""
        found = {}
        for row in page.xpath("//tbody/tr"):
            cells = row.xpath("td[contains(@name, 'quantity')]")
            if cells:
                name = row.xpath("td")[0].text_content().strip()
                found[name] = "".join(cells[0].text_content().split())
        return found

    def _become_points(self, product):
        """Let a product stand for points that is on documents already."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE product_template SET points_type = 'loypay' WHERE id = %s",
            [product.product_tmpl_id.id],
        )
        self.env.invalidate_all()

    def test_order_invoice_and_credit_note_show_what_was_redeemed_and_restored(self):
        def printed(sale):
            self.env.cr.precommit.run()
            rows = self._rows(self._print(sale))
            self.assertEqual(rows[0], ("Points", "Earned", "Redeemed", "Balance"))
            (row,) = (row[1:] for row in rows if row[0] == "Redeeming")
            return row

        self._adjust(100)
        order = self._quote((self.cake, 1, 100))
        SaleRedemption(order).redeem(self.account.id, self.reward.id, 1)
        order.action_confirm()
        of_order = ("–", "−40 points", "60 points")
        self.assertEqual(printed(order), of_order)
        invoice = order._create_invoices()
        invoice.action_post()
        of_invoice = ("+75 points", "−40 points", "135 points")
        self.assertEqual(printed(invoice), of_invoice)
        credit = self._credit(invoice)
        self.assertEqual(printed(credit), ("−75 points", "+40 points", "100 points"))
        # Printed again, they say the same.
        self.assertEqual(printed(order), of_order)
        self.assertEqual(printed(invoice), of_invoice)

    def test_quantities_of_points_products_are_hidden(self):
        self.env.user.group_ids |= self.env.ref("uom.group_uom")
        old = self._make_product("Old LOYPAY", 1, type="service")
        lines = [(self.cake, 3, 100), (self.loy, 17, 0), (old, 19, -1)]
        order = self._quote(*lines)
        invoice = self._invoice(*lines, post=False)
        self._become_points(old)
        for sale in (order, invoice):
            page = self._print(sale)
            found = self._quantities(page)
            self.assertIn("3.00", found["Cake"])
            self.assertEqual((found["LOY"], found["Old LOYPAY"]), ("", ""))
            self.assertNotIn("17.00", page.text_content())
            # Every row has as many cells as the table has columns.
            table = page.xpath("//table[contains(@class, 'o_main_table')]")[0]
            columns = len(table.xpath("thead/tr/th"))
            for row in table.xpath("tbody/tr"):
                self.assertEqual(len(row.xpath("td")), columns)

    def test_quantities_are_hidden_in_a_section_without_prices(self):
        lines = [
            Command.create(
                {
                    "display_type": "line_section",
                    "name": "Points",
                    "collapse_prices": True,
                    "sequence": 1,
                }
            ),
            *(
                Command.create(
                    {
                        "product_id": product.id,
                        "quantity": quantity,
                        "price_unit": 1,
                        "sequence": 2,
                        "tax_ids": False,
                    }
                )
                for product, quantity in ((self.cake, 3), (self.loy, 17))
            ),
        ]
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": lines,
            }
        )
        text = self._print(invoice).text_content()
        self.assertIn("3.00", text)
        self.assertNotIn("17.00", text)

    def test_an_invoice_of_the_register_shows_what_was_redeemed(self):
        self._adjust(80)
        order = self._buy([(self.cake, 1)], (self.reward, 1, -25), to_invoice=True)
        invoice = order.account_move
        head = ("Points", "Earned", "Redeemed", "Balance")
        row = ("Redeeming", "+75 points", "−40 points", "115 points")
        page = self._print(invoice)
        self.assertIn(row, self._rows(page))
        self.assertEqual(self._rows(page)[0], head)
        self.assertEqual(self._quantities(page)["Pay block"], "")
        credit = self._credit(invoice)
        row_back = ("Redeeming", "−75 points", "+40 points", "80 points")
        self.assertIn(row_back, self._rows(self._print(credit)))
        self.assertIn(row, self._rows(self._print(invoice)))


@tagged("post_install", "-at_install")
class TestSalesPortal(PrintsCommon, HttpCase):
    """The customer sees the same on the pages of the portal."""

    def _open(self, sale):
        self.env.flush_all()
        response = self.url_open(sale.get_portal_url())
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.text)

    def test_a_quotation(self):
        loy = self._make_product("LOY", 1, points_type="loy", type="service")
        order = self._quote((self.cake, 3, 100), (loy, 17, 0))
        order.state = "sent"
        page = self._open(order)
        self.assertIn("300 points", " ".join(self._to_earn(page)))
        cells = page.xpath("//tr[@name='tr_product']/td[contains(@name, 'quantity')]")
        texts = [" ".join(cell.text_content().split()) for cell in cells]
        self.assertIn("3.00", texts[0])
        self.assertEqual(texts[1:], [""])

    def test_an_order_and_an_invoice(self):
        self.program.credit_on = "order"
        other = self._make_program(name="Other")
        self._admit(self.customer, other)
        with freeze_time("2026-11-20"):
            order = self._quote((self.cake, 3, 100))
        order.action_confirm()
        self.env.cr.precommit.run()
        rows = self._rows(self._open(order))
        self.assertIn(("Shop Card", "+300 points", "300 points"), rows)
        invoice = order._create_invoices()
        invoice.action_post()
        url = invoice.get_portal_url(report_type="html")
        self.env.flush_all()
        page = html.fromstring(self.url_open(url).text)
        self.assertIn(("Other", "+300 points", "300 points"), self._rows(page))
