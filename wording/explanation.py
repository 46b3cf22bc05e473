from __future__ import annotations

from ..engine.earning import award_by, earned_after_returns
from ..engine.evidence import awards_from, read_evidence
from ..engine.numbers import ZERO, exact, multiply, ratio
from ..engine.roots import is_unknown_return, split_root
from ..engine.spending import as_decided
from .award_explanation import AwardExplanation
from .sentences import say_awaiting, say_money, say_worth


class Explanation:
    """Why a document has the points it has, in the reader's language (R-01)."""

    def __init__(self, document):
        self.document, self.env = document, document.env
        self.awards = AwardExplanation(self.env)

    def text(self) -> str:
        """Return the whole explanation, a sentence or a calculation a line."""
        document = self.document
        sentences = [document.reason] if document.reason else []
        for root, evidence in read_evidence(document.evidence).items():
            sentences += self._explain_root(root, evidence)
        sentences += self._explain_spending()
        sentences += self._explain_transfer() + self._explain_approval()
        if not sentences and document.kind in ("sale", "return"):
            sentences.append(self.env._("This order no longer earns points."))
        if document.kind == "expire":
            sentences.append(self.env._("Not used before their expiration date."))
        return "\n".join(sentences)

    def _explain_spending(self):
        """Return what was redeemed, came back or is missing, program by program."""
        sentences = []
        for entry in self.document.entry_ids.filtered(
            lambda entry: entry.kind in ("redeem", "restore", "repay", "waive")
        ):
            name, currency_id, is_value = self.env["points.program"]._get_words(
                entry.program_id.id
            )
            currency = self.env["res.currency"].browse(currency_id)
            is_missing = entry.kind in ("repay", "waive")
            value = exact(entry.value) if is_missing else self._get_money_of(entry)
            points = abs(exact(entry.points))
            words = {
                "program": name,
                "points": say_worth(self.env, currency, is_value, points),
                "value": say_money(currency, abs(value)),
            }
            if is_missing:
                sentence = self._explain_missing(entry, words)
            elif entry.kind == "restore":
                sentence = self.env._(
                    "%(program)s: %(points)s restored, worth %(value)s", **words
                )
            else:
                sentence = self.env._(
                    "%(program)s: %(points)s redeemed, worth %(value)s", **words
                )
            sentences.append(sentence)
        return sentences

    def _explain_missing(self, entry, words):
        """Return what became of points to take back that had been redeemed."""
        if entry.kind == "repay" and entry.points > 0:
            return self.env._(
                "%(program)s: %(points)s had been redeemed already, %(value)s was "
                "charged",
                **words,
            )
        if entry.kind == "repay":
            return self.env._(
                "%(program)s: %(value)s charged for %(points)s was refunded", **words
            )
        if entry.points > 0:
            return self.env._(
                "%(program)s: %(points)s had been redeemed already and were not "
                "deducted",
                **words,
            )
        return self.env._(
            "%(program)s: %(points)s that had not been deducted are deducted now",
            **words,
        )

    def _explain_transfer(self):
        """Return who gave points to whom; contacts that were merged gave none."""
        entries = self.document.entry_ids.filtered(
            lambda entry: entry.kind == "transfer"
        )
        accounts = entries.account_id
        if len(accounts) != 2 or accounts.merged_into_id & accounts:
            return []
        gone = entries.filtered(lambda entry: entry.points < 0)
        giver, points = gone.account_id, sum(map(exact, gone.mapped("points")), ZERO)
        if len(giver) != 1:
            return []
        program = giver.program_id
        is_value = program.mode == "value"
        return [
            self.env._(
                "%(points)s transferred from %(giver)s to %(receiver)s",
                points=say_worth(self.env, program.currency_id, is_value, -points),
                giver=giver.partner_id.display_name,
                receiver=(accounts - giver).partner_id.display_name,
            )
        ]

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

    def _get_money_of(self, entry):
        """Return the money that the points of a row paid, in the program's currency.

        A reward may give more or less than its points are worth.
        """
        programs = self.env["points.program"]._get_facts(entry.company_id.id)
        (facts,) = (facts for facts in programs if facts.id == entry.program_id.id)
        sale = self.env["pos.order"]
        if entry.root:
            sale = self.env["points.document"]._get_sale_of(entry.root).sudo().exists()
        decided = self._get_root_evidence(entry.root) if sale else None
        takings = sale._points_takings() if sale else ()
        takings = as_decided(takings, decided.takings if decided else {})
        takings = [taking for taking in takings if taking.program == facts.id]
        money = sum((taking.money for taking in takings), ZERO)
        points = sum((taking.points for taking in takings), ZERO)
        if not points:
            return abs(exact(entry.value))
        paid = ratio(abs(exact(entry.points)), money, points)
        return multiply(paid, sale._points_rate(facts))

    def _explain_root(self, root, evidence):
        """Return the sentences for one sale, program by program."""
        if evidence.kept:
            return self._explain_kept(root, evidence.kept)
        sentences = []
        if is_unknown_return(root):
            sentences.append(
                self.env._(
                    "Products were returned without their original order: what "
                    "today's rules would give is taken back, but never more than "
                    "the customer has earned."
                )
            )
        for program_id, award in awards_from(evidence).items():
            sentences += self.awards.explain(program_id, award)
            is_waiting = award.decision.terms.credit_on == "payment"
            if is_waiting and not self._has_entries(program_id):
                sentences.append(say_awaiting(self.env))
        return sentences

    def _has_entries(self, program_id) -> bool:
        """Tell whether the document moved points of a program."""
        return program_id in self.document.entry_ids.program_id.ids

    def _explain_kept(self, root, kept):
        """Return what is still kept of a sale, and what that is worth in points."""
        evidence = self._get_root_evidence(root)
        if not evidence:
            return []
        sentences = [self.env._("Points for the kept products:")]
        for program_id, award in awards_from(evidence).items():
            basket = award.basket.keep(*kept)
            earned = earned_after_returns(award, basket).points
            left = award_by(basket, award.decision)
            sentences += self.awards.explain(program_id, left, earned)
        return sentences

    def _get_root_evidence(self, root):
        """Return the newest evidence of a sale taken up to this document."""
        Entry, Document = self.env["points.entry"], self.env["points.document"]
        up_to = ("document_id", "<=", self.document.id)
        documents = Entry.search([("root", "=", root), up_to]).document_id
        kind, sale_id = split_root(root)
        name = Document._get_origin_fields().get(kind)
        if name:
            of_sale = (name, "=", sale_id)
            documents |= Document.search([of_sale, ("id", "<=", self.document.id)])
        for document in documents.sorted("id", reverse=True):
            evidence = read_evidence(document.evidence).get(root)
            if evidence and evidence.is_decision:
                return evidence
        return None
