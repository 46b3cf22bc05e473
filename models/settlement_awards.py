from __future__ import annotations

import dataclasses
from decimal import Decimal

from odoo.tools import float_repr

from .. import const
from ..engine.earning import Award, award, award_by
from ..engine.formula_values import facts_asked
from ..engine.numbers import number
from ..engine.rules import RuleSet
from .formula_complaints import say_failure
from .formula_facts import FormulaFacts


class Awards:
    """What the rules of each program give for a bill, and what they must be told."""

    def told(self, state):
        """Return the state with what rules ask about customer, seller and goods."""
        asking = [rule for facts in self.facts.values() for rule in facts.asking]
        for account in self.accounts:
            own_rules = self._own_rules(account)
            asking += [rule for rule in own_rules if rule.needs_seller]
        if not asking or not state.basket.lines:
            return state
        kind, paper_id = state.root.split(":")[:2]
        paper = self.env[const.ROOT_PAPERS[kind][0]].browse(int(paper_id))
        facts = FormulaFacts(paper, state.partner_id, facts_asked(asking))
        basket = dataclasses.replace(
            facts.tell(state.basket),
            customer_groups=self._tag_ids(state),
            salesperson=paper._points_seller().id or 0,
        )
        return dataclasses.replace(state, basket=basket)

    def award(self, facts, account, state) -> Award:
        """Return what a bill, told what rules ask, earns in one program."""
        rate = self._currency_rate(facts, state)
        terms = dataclasses.replace(facts.terms, currency_rate=rate)
        return award(state.basket, terms, self.rules_for(facts, account))

    def rules_for(self, facts, account) -> RuleSet:
        """Return the rules that count for an account; without one the program's."""
        own_rules = account and self._own_rules(account)
        if not own_rules:
            return facts.rules
        return dataclasses.replace(facts.rules, customer=own_rules)

    def _own_rules(self, account) -> tuple:
        Rule = self.env["points.rule"]
        own_id = account.id if account.has_own_rules else None
        return Rule._get_customer_rules(account.template_id, own_id)

    def _currency_rate(self, facts, state):
        """Return the rate from the bill's currency at its date (R-07)."""
        if facts.currency_id == state.currency_id:
            return Decimal(1)
        Currency = self.env["res.currency"]
        rate = Currency._get_conversion_rate(
            Currency.browse(state.currency_id),
            Currency.browse(facts.currency_id),
            self.paper.company_id,
            state.basket.date,
        )
        return number(float_repr(rate, 12))

    def _note_failures_of_kept(self, state, originals):
        """Remember which formulas have no result for what is still kept of a bill."""
        kept = [
            award_by(
                original.basket.keep(state.left.kept, state.left.reduction),
                original.decision,
            )
            for original in originals
            if any(share.formula for share in original.decision.shares)
        ]
        if kept and not state.is_unknown:
            self._note_failures(state.root, kept)

    def _note_failures(self, root, awards):
        """Remember why formulas gave nothing; empty: all that counted did (X-35)."""
        steps = [step for award in awards for step in award.steps if step.share.formula]
        failed = [step for step in steps if step.failure]
        rules = self.env["points.rule"].browse(step.share.rule for step in failed)
        if steps:
            self.failures[root] = " ".join(
                f"{rule.name}: {say_failure(self.env, step.failure)}"
                for rule, step in zip(rules, failed, strict=True)
            )
