from __future__ import annotations

from ..engine.evidence import read_evidence
from ..engine.numbers import exact
from .figures import Figures


class PrintedPoints:
    """What the print of a sale says of points, the first time and ever after.

    It tells what the sale's own documents of points say: later sales, and credit
    notes, make documents of their own. An invoice also tells what its order redeemed.
    The balance is the one that its last document left.

    :param sale: with all rights: its readers need none on points
    """

    def __init__(self, sale):
        self.sale, self.env = sale, sale.env
        self.figures = Figures(self.env)
        self.documents = sale._points_printed_documents().sorted("id")

    def prepare(self) -> list[dict]:
        """Return earned, redeemed and balance of each account of the customer."""
        entries = self.documents.entry_ids | self.sale._points_printed_entries()
        if not self.documents and not entries:
            return []
        entries = entries.sorted("id").filtered(
            lambda entry: entry.account_id.partner_id in self._owners()
        )
        rows = [
            self._prepare_row(moved, moved[-1:])
            for moved in entries.grouped("account_id").values()
        ]
        rows += [
            self._prepare_row(last.browse(), last)
            for last in self._get_unmoved(entries.account_id)
        ]
        return sorted(rows, key=lambda row: row["name"])

    def _prepare_row(self, moved, last) -> dict:
        """Return what is said of one account.

        :param moved: its rows of the sale
        :param last: its newest row by then
        """
        facts = self._get_facts(last)
        return {
            "name": facts.name,
            **self.figures.say_moved(facts, moved),
            "balance_text": self.figures.say(facts, exact(last.balance_after)),
        }

    def _owners(self):
        """Return whose accounts the customer may read about."""
        partners = self.sale._points_partner() | self.sale._points_buyer()
        return partners | partners.commercial_partner_id

    def _get_unmoved(self, moved):
        """Return the newest row, by then, of accounts that the sale gave nothing.

        :param moved: the accounts that it did give something, or took it from
        """
        if not self.documents:
            return self.env["points.entry"]
        programs = {
            program_id
            for document in self.documents
            for evidence in read_evidence(document.evidence).values()
            for program_id in evidence.programs
        }
        accounts = self.env["points.account"].search(
            [
                ("program_id", "in", list(programs)),
                ("partner_id", "in", self._owners().ids),
                ("id", "not in", moved.ids),
                ("program_id", "not in", moved.program_id.ids),
            ]
        )
        groups = self.env["points.entry"]._read_group(
            [
                ("account_id", "in", accounts.ids),
                ("document_id", "<=", self.documents[-1].id),
            ],
            ["account_id"],
            ["id:max"],
        )
        return self.env["points.entry"].browse(last for _account, last in groups)

    def _get_facts(self, entry):
        programs = self.env["points.program"]._get_facts(self.sale.company_id.id)
        return next(facts for facts in programs if facts.id == entry.program_id.id)
