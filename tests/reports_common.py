"""A shop whose customers' points are reported, and who may read the reports."""

import contextlib
import csv
import io
import random
from datetime import date, timedelta

from freezegun import freeze_time
from lxml import html
from openpyxl import load_workbook

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.customer_points.report.sheets import Excel, csv_of

from ..redemption.sale_redemption import SaleRedemption
from .spending_common import SpendingCommon


class ReportsCommon(SpendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"value_per_point": 0.25, "expiry": "rolling"})
        cls.program.write({"expiry_months": 5, "return_shortfall": "zero"})
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        cls.ten = cls._make_reward(points=10, value=5, name="Ten Off")
        cls.gift = cls._make_reward(
            kind="gift", points=40, value=0, gift_product_id=cls.coffee.id, name="Gift"
        )
        cls.cash = cls._make_program(
            {"method": "percent", "rate_stock": 5}, name="Cash Back", mode="value"
        )
        cls.programs = cls.program | cls.cash
        cls.third = cls.env["res.partner"].create({"name": "Third"})
        cls.customers = cls.customer | cls.other_customer | cls.third
        for customer in cls.other_customer | cls.third:
            cls._admit(customer, cls.program)
            cls._admit(customer, cls.cash)
        cls.accounts = cls.env["points.account"].search(
            [("program_id", "in", cls.programs.ids)]
        )
        companies = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.keeper, cls.reader, cls.seller, cls.employee, cls.visitor = (
            new_test_user(cls.env, login, group, **(companies if is_of else {}))
            for login, group, is_of in (
                ("keeper", "customer_points.group_points_manager", True),
                ("reader", "customer_points.group_points_user", True),
                ("seller", "sales_team.group_sale_salesman", True),
                ("employee", "base.group_user", True),
                ("visitor", "base.group_portal", False),
            )
        )

    # === A LIFE AT RANDOM === #

    def _live(self, seed=16, events=60):
        """Sell, redeem, refund, invoice, adjust, transfer and expire over two years."""
        self.dice, self.orders, self.invoices = random.Random(seed), [], []
        day = date(2025, 1, 20)
        for _event in range(events):
            day += timedelta(days=self.dice.randint(2, 20))
            with freeze_time(f"{day} 12:00:00"):
                self._happen(day)
        return day

    def _happen(self, day):
        customer = self.dice.choice(self.customers)
        event = self.dice.choice(
            ("sell", "redeem", "redeem", "refund", "invoice", "credit", "quote")
            + ("adjust", "transfer", "expire")
        )
        # What Odoo or the balance refuses did not happen, nor what has nothing to undo.
        with contextlib.suppress(UserError, IndexError), self.env.cr.savepoint():
            getattr(self, f"_event_{event}")(customer, day)

    def _event_sell(self, customer, day):
        quantity = self.dice.randint(1, 3)
        self.orders.append(self._sell((self.cake, quantity), customer=customer))

    def _event_redeem(self, customer, day):
        rewards = [(self.ten, self.dice.randint(1, 3), -5)]
        if self.dice.random() < 0.5:
            rewards.append((self.gift, 1, -10))
        order = self._buy(
            [(self.cake, 1), (self.coffee, 1)], *rewards, customer=customer
        )
        self.orders.append(order)

    def _event_refund(self, customer, day):
        order = self.orders.pop(self.dice.randrange(len(self.orders) or 1))
        lines = [line for line in order.lines if self.dice.random() < 0.7]
        self._give_back(order, {line.product_id: line.qty for line in lines})

    def _event_invoice(self, customer, day):
        self.invoices.append(
            self._invoice((self.cake, 1, 90), customer=customer, day=day)
        )

    def _event_credit(self, customer, day):
        self._credit(self.dice.choice(self.invoices))

    def _event_quote(self, customer, day):
        account = self.accounts.filtered(
            lambda account: (
                account.partner_id == customer and account.program_id == self.program
            )
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "order_line": self._untaxed_lines((self.cake, 2, 100)),
            }
        )
        if not SaleRedemption(order).redeem(account.id, self.ten.id, 2):
            order.action_confirm()
            order._create_invoices().action_post()

    def _event_adjust(self, customer, day):
        self._adjust(self.dice.choice((50, 7.25, -3)), self.dice.choice(self.accounts))

    def _event_transfer(self, customer, day):
        account = self.dice.choice(self.accounts)
        wizard = self.env["points.account.transfer"].create(
            {
                "account_id": account.id,
                "partner_id": (self.customers - account.partner_id)[0].id,
                "points": 5,
                "reason": "Gift",
            }
        )
        wizard.action_transfer()

    def _event_expire(self, customer, day):
        for account in self.accounts:
            self.env["points.document"]._expire_account(account)

    # === REPORTS === #

    def _ask(self, report, user=None, dialog="points.account.print", **values):
        """Return a dialog of the menu Reporting, filled in."""
        Asked = self.env[dialog].with_user(user or self.reader)
        return Asked.create({"report": report, **values})

    def _report(self, asked):
        self.env.flush_all()
        self.env.invalidate_all()
        return asked._get_report()

    def _print(self, asked, user=None, **context):
        """Return the preview of a report, as a page."""
        self.env.flush_all()
        self.env.invalidate_all()
        Report = self.env["ir.actions.report"].with_user(user or self.reader)
        name = f"customer_points.report_{asked.sudo().report}"
        source, _kind = Report.with_context(**context)._render_qweb_html(
            name, asked.ids
        )
        return html.fromstring(source)

    @staticmethod
    def _rows(page):
        """Return the texts of the rows of all tables of a page."""
        return [
            tuple(" ".join(cell.text_content().split()) for cell in row.xpath("td"))
            for row in page.xpath("//tr[@name='points_row']")
        ]

    def _workbook(self, said):
        file = io.BytesIO()
        excel = Excel(file, is_rtl=False)
        said.fill(excel)
        excel.close()
        return load_workbook(file)

    @staticmethod
    def _sheet(said, place=0):
        """Return the rows of a sheet as it is made, without its heads."""
        sheet = list(said.sheets())[place]
        return list(sheet.rows)

    @staticmethod
    def _csv(said):
        text = b"".join(csv_of(next(said.sheets()))).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def _sum(self, domain, name="points"):
        """Return the sum of entries, exact to the ledger's digits."""
        entries = self.env["points.entry"].search(domain)
        return round(sum(entries.mapped(name)), 4)
