from __future__ import annotations

import json

from odoo import fields, models

from .. import const
from ..engine.earning import award_by
from ..engine.evidence import awards_from, kept_from
from .points_wording import (
    say_goods,
    say_money,
    say_number,
    say_rate,
    say_reason,
    say_rounding,
    say_units,
    say_worth,
)


class PointsDocument(models.Model):
    """Why a document has the points it has, in the reader's language (R-01)."""

    _inherit = "points.document"

    explanation = fields.Text(compute="_compute_explanation")

    # === COMPUTE METHODS === #

    def _compute_explanation(self):
        for document in self:
            sentences = [document.reason] if document.reason else []
            for root, evidence in json.loads(document.evidence or "{}").items():
                sentences += document._explain_root(root, evidence)
            if document.kind == "expire":
                sentences.append(self.env._("Not used until their last day."))
            document.explanation = "\n".join(sentences)

    # === BUSINESS METHODS === #

    def _explain_root(self, root, evidence):
        """Return the sentences for one bill, program by program."""
        if "k" in evidence:
            return self._explain_kept(root, evidence["k"])
        sentences = []
        if root.endswith(":return"):
            sentences.append(
                self.env._(
                    "Goods came back without naming their bill: what today's rules "
                    "would give is taken back, never more than was earned."
                )
            )
        for program_id, award in awards_from(evidence).items():
            sentences += self._explain_award(program_id, award)
        return sentences

    def _explain_kept(self, root, kept_json):
        """Return what is still kept of a bill, and what that is worth in points."""
        evidence = self._get_root_evidence(root)
        if not evidence:
            return []
        kept, reduction = kept_from(kept_json)
        sentences = [self.env._("After this return, what is kept of the bill counts:")]
        for program_id, award in awards_from(evidence).items():
            left = award_by(award.basket.keep(kept, reduction), award.decision)
            sentences += self._explain_award(program_id, left)
        return sentences

    def _explain_award(self, program_id, award):
        """Return what one program gives for a bill, and below it line by line why."""
        program = self.env["points.program"].browse(program_id)
        if award.decision.reason:
            reason = say_reason(self.env, award.decision.reason)
            return [f"{program.name}: {reason}."]
        currency, is_value = program.currency_id, program.mode == "value"
        worth = say_worth(self.env, currency, is_value, award.points)
        names = self._get_goods_names(award.basket)
        sentences = [f"{program.name}: {worth}"]
        sentences += [
            f"– {self._explain_step(program, award.decision.terms, step, names)}"
            for step in award.steps
        ]
        sentences += [
            f"– {names[place]}: {say_reason(self.env, reason)}."
            for place, reason in award.decision.notes
        ]
        if award.exact != award.points:
            rounding = self.env._(
                "%(exact)s %(rounding)s: %(points)s",
                exact=say_number(self.env, award.exact),
                rounding=say_rounding(self.env, award.decision.terms),
                points=say_number(self.env, award.points),
            )
            sentences.append(f"– {rounding}")
        return sentences

    def _explain_step(self, program, terms, step, names):
        """Return one calculation: goods, base, tax, rate and what it came to."""
        tax = (
            self.env._("incl. tax")
            if terms.amount_basis == "gross"
            else self.env._("excl. tax")
        )
        currency, is_value = program.currency_id, program.mode == "value"
        share = step.share
        return self.env._(
            "%(goods)s (%(units)s), %(base)s %(tax)s, %(rate)s: %(worth)s",
            goods=say_goods([names[place] for place in share.lines]),
            units=say_units(self.env, step.quantity),
            base=say_money(currency, step.base),
            tax=tax,
            rate=say_rate(self.env, currency, is_value, share.method, share.rate),
            worth=say_worth(self.env, currency, is_value, step.points),
        )

    def _get_goods_names(self, basket):
        products = self.env["product.product"].browse(
            {line.product for line in basket.lines}
        )
        names = {product.id: product.display_name for product in products.exists()}
        return [names.get(line.product, "?") for line in basket.lines]

    def _get_root_evidence(self, root):
        """Return the newest evidence of a bill taken up to this document."""
        documents = (
            self.env["points.entry"]
            .search([("root", "=", root), ("document_id", "<=", self.id)])
            .document_id
        )
        kind, paper_id = root.split(":")[:2]
        paper = const.ROOT_PAPERS[kind][1]
        documents |= self.search([(paper, "=", int(paper_id)), ("id", "<=", self.id)])
        for document in documents.sorted("id", reverse=True):
            evidence = json.loads(document.evidence or "{}").get(root, {})
            if "p" in evidence:
                return evidence
        return None
