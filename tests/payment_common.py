"""A shop whose invoices are paid with points, and short ways to pay them."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError

from .spending_common import SpendingCommon


class PaymentCommon(SpendingCommon):
    """Points are worth 1.00 each; a program earns 1 point for 1.00 invoiced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.value_per_point = 1
        cls.program.rule_ids.write({"method": "multiplier", "rate_stock": 1})
        cls.owed = cls.env["account.account"].create(
            {
                "name": "Points owed",
                "code": "XPOINTS",
                "account_type": "liability_current",
                "reconcile": True,
            }
        )
        cls.journal = cls._make_journal("Points", "XPTS", cls.program)
        cls.bank = cls.company_data["default_journal_bank"]

    @classmethod
    def _make_journal(cls, name, code, program, **values):
        journal = cls.env["account.journal"].create(
            {"name": name, "code": code, "type": "bank", **values}
        )
        lines = journal.inbound_payment_method_line_ids
        lines |= journal.outbound_payment_method_line_ids
        lines.payment_account_id = cls.owed
        journal.points_program_id = program
        return journal

    def _wizard(self, moves, user=None, **values):
        wizard = self.env["account.payment.register"].with_user(user or self.env.user)
        wizard = wizard.with_context(active_model="account.move", active_ids=moves.ids)
        return wizard.create({"journal_id": self.journal.id, **values})

    def _pay(self, moves, amount=None, **values):
        if amount is not None:
            values["amount"] = amount
        return self._wizard(moves, **values)._create_payments()

    @contextmanager
    def _refuses(self, sentence, error=UserError):
        """Assert that something is refused; undo it, as the end of a request does."""
        with self.assertRaisesRegex(error, sentence), self.env.cr.savepoint():
            yield

    def assertPoints(self, account, points):
        """Assert it as it is when the transaction ends."""
        self.env.cr.precommit.run()
        return super().assertPoints(account, points)

    def _manual(self, amount, customer=None, **values):
        """Return a draft payment with points that nobody matched with an invoice."""
        return self.env["account.payment"].create(
            {
                "amount": amount,
                "partner_id": (customer or self.customer).id,
                "payment_type": "inbound",
                "partner_type": "customer",
                "journal_id": self.journal.id,
                **values,
            }
        )

    def _match(self, payment, invoice):
        """Match a payment with an invoice, as the widget on its form does."""
        lines = payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        return invoice.js_assign_outstanding_line(lines.id)

    def _lots(self, account=None):
        """Return what is left of lots, by their last day."""
        lots = self.env["points.lot"].search(
            [("account_id", "=", (account or self.account).id), ("remaining", ">", 0)]
        )
        lots.invalidate_recordset()
        by_day = lots.grouped(lambda lot: str(lot.expires_on or ""))
        return sorted(
            (day, sum(found.mapped("remaining"))) for day, found in by_day.items()
        )

    def _earn(self, points, expires_on=False, account=None):
        """Give points with a last day."""
        account = account or self.account
        values = {
            "kind": "adjust",
            "date": date(2026, 3, 1),
            "partner_id": account.partner_id.id,
            "company_id": account.company_id.id,
        }
        row = {
            "account_id": account.id,
            "program_id": account.program_id.id,
            "kind": "adjust",
            "points": Decimal(points),
            "expires_on": expires_on,
        }
        self.env["points.document"]._post(values, [row])

    def _kinds(self, payment):
        entries = payment.sudo().points_document_ids.entry_ids.sorted("id")
        return [(entry.kind, entry.points) for entry in entries]
