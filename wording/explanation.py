from __future__ import annotations

from markupsafe import Markup

from ..engine.evidence import awards_from, read_evidence
from ..engine.roots import is_unknown_return
from .award_explanation import AwardExplanation
from .award_table import AwardTable
from .entry_explanation import EntryExplanation, left_of, say_transfer
from .sentences import (
    say_awaiting,
    say_expired,
    say_kept,
    say_no_longer,
    say_unknown_return,
)


class Explanation:
    """Why a document has the points it has, in the reader's language (R-01).

    Its parts are sentences, and awards as (program id, award, points that are left).
    """

    def __init__(self, document):
        self.document, self.env = document, document.env
        self.awards = AwardExplanation(self.env)
        self.entries = EntryExplanation(document.entry_ids, document)

    def text(self) -> str:
        """Return the whole explanation, a sentence or a calculation a line."""
        sentences = []
        for part in self._parts():
            if isinstance(part, str):
                sentences.append(part)
            else:
                sentences += self.awards.explain(*part)
        return "\n".join(sentences)

    def page(self) -> Markup:
        """Return the same as HTML, calculations as tables."""
        parts = [
            part if isinstance(part, str) else AwardTable(self.awards, *part)
            for part in self._parts()
        ]
        values = {"parts": parts, "is_text": lambda part: isinstance(part, str)}
        template = "customer_points.points_explanation"
        return self.env["ir.qweb"]._render(template, values)

    def _parts(self) -> list:
        document = self.document
        parts = [document.reason] if document.reason else []
        for root, evidence in read_evidence(document.evidence).items():
            parts += self._explain_root(root, evidence)
        parts += self._explain_spending()
        parts += self._explain_transfer() + self._explain_approval()
        if not parts and document.kind in ("sale", "return"):
            parts.append(say_no_longer(self.env))
        if document.kind == "expire":
            parts.append(say_expired(self.env))
        return parts

    def _explain_spending(self):
        """Return what was redeemed, came back or is missing, program by program."""
        Program = self.env["points.program"]
        return [
            f"{Program._get_words(entry.program_id.id)[0]}: {said}"
            for entry in self.document.entry_ids
            if (said := self.entries.say_spent(entry))
        ]

    def _explain_transfer(self):
        said = say_transfer(self.document)
        return [said] if said else []

    def _explain_approval(self):
        """Return who requested and who approved an adjustment above the limit."""
        if self.document.kind != "adjust":
            return []
        of_document = [("document_id", "=", self.document.id)]
        request = self.env["points.adjustment"].search(of_document, limit=1)
        if not request:
            return []
        return [
            self.env._(
                "Requested by %(requester)s, approved by %(approver)s",
                requester=request.user_id.sudo().name,
                approver=request.approver_id.sudo().name,
            )
        ]

    def _explain_root(self, root, evidence):
        """Return what was decided about one sale, program by program."""
        if evidence.kept:
            return self._explain_kept(root, evidence.kept)
        parts = []
        if is_unknown_return(root):
            parts.append(say_unknown_return(self.env))
        for program_id, award in awards_from(evidence).items():
            parts.append((program_id, award))
            is_waiting = award.decision.terms.credit_on == "payment"
            if is_waiting and not self._has_entries(program_id):
                parts.append(say_awaiting(self.env))
        return parts

    def _has_entries(self, program_id) -> bool:
        """Tell whether the document moved points of a program."""
        return program_id in self.document.entry_ids.program_id.ids

    def _explain_kept(self, root, kept):
        """Return what is still kept of a sale, and what that is worth in points."""
        evidence = self.entries.past.get(root, self.document)
        if not evidence:
            return []
        return [
            say_kept(self.env),
            *(
                (program_id, *left_of(award, kept))
                for program_id, award in awards_from(evidence).items()
            ),
        ]
