from __future__ import annotations

from odoo import fields

from ..engine.evidence import awards_from, read_evidence
from ..engine.numbers import exact
from ..wording.award_explanation import AwardExplanation
from ..wording.sentences import say_expiring_soon
from .figures import Figures


class Receipt:
    """What a document says on the receipt of its order, now and when printed again."""

    def __init__(self, document, order):
        self.document, self.order, self.env = document, order, document.env
        self.root = order._points_root()
        self.explanation, self.figures = AwardExplanation(self.env), Figures(self.env)

    def prepare(self) -> dict:
        """Return earned, redeemed, balance, next expiry and why, by program."""
        awards = self._get_awards()
        by_account = self.document.entry_ids.sorted("id").grouped("account_id")
        return {
            "accounts": [
                self._say_account(account, entries, awards)
                for account, entries in by_account.items()
            ],
            "vouchers": self._get_vouchers(),
        }

    def _say_account(self, account, entries, awards) -> dict:
        """Return what the receipt says of one account."""
        facts, figures = self._get_facts(entries[:1].program_id.id), self.figures
        date, points = (self.document.next_expiry or {}).get(str(account.id), (None, 0))
        return {
            "name": facts.name,
            **figures.say_moved(facts, entries),
            "balance_text": figures.say(facts, exact(entries[-1:].balance_after)),
            "expiring_text": say_expiring_soon(
                self.env,
                figures.currency(facts),
                facts.mode == "value",
                points,
                fields.Date.to_date(date),
                self.document.date,
            ),
            "why": self._say_why(facts, awards),
        }

    def _get_awards(self) -> dict:
        """Return what the evidence says each program gave for the order."""
        evidence = read_evidence(self.document.evidence).get(self.root)
        is_decision = evidence and evidence.is_decision
        return awards_from(evidence) if is_decision else {}

    def _say_why(self, facts, awards) -> str:
        """Return in one line how the points of a program came about."""
        if facts.id not in awards:
            return ""
        return self.explanation.explain_briefly(facts.id, awards[facts.id])

    def _get_vouchers(self) -> list[dict]:
        """Return the vouchers that an order bought, to be printed with barcode."""
        if not any(line._points_gives_voucher() for line in self.order.lines):
            return []
        vouchers = self.env["points.voucher"].search(
            [
                ("bought_on", "=", self.root),
                ("state", "!=", "withdrawn"),
            ]
        )
        return [voucher._get_receipt() for voucher in vouchers]

    def _get_facts(self, program_id):
        programs = self.env["points.program"]._get_facts(self.document.company_id.id)
        return next(facts for facts in programs if facts.id == program_id)
