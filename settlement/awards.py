from __future__ import annotations

import dataclasses
from contextlib import suppress
from decimal import DecimalException

from .. import const
from ..engine.earning import Award, award, award_by
from ..engine.evidence import decisions_from
from ..engine.formula.values import facts_asked
from ..engine.numbers import EngineError
from ..engine.rules import RuleSet
from ..wording.formula_messages import say_failure
from .formula_facts import FormulaFacts
from .program_facts import currency_rate


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
        paper = self._paper_of(state)
        facts = FormulaFacts(paper, state.partner_id, facts_asked(asking))
        basket = dataclasses.replace(
            facts.tell(state.basket),
            customer_groups=self._tag_ids(state),
            salesperson=paper._points_seller().id or 0,
        )
        return dataclasses.replace(state, basket=basket)

    def _paper_of(self, state):
        """Return the paper of a root, which need not be the one being settled."""
        kind, paper_id = state.root.split(":")[:2]
        return self.env[const.ROOT_PAPERS[kind][0]].browse(int(paper_id))

    def award(self, facts, account, state) -> Award:
        """Return what a bill, told what rules ask, earns in one program."""
        rate = self._currency_rate(facts, state)
        terms = dataclasses.replace(facts.terms, currency_rate=rate)
        return award(state.basket, terms, self.rules_for(facts, account))

    def rules_for(self, facts, account) -> RuleSet:
        """Return the rules that count for an account; without one the program's."""
        own_rules = account and self._own_rules(account)
        return facts.rules.for_customer(own_rules or ())

    def _own_rules(self, account) -> tuple:
        Rule = self.env["points.rule"]
        own_id = account.id if account.has_own_rules else None
        return Rule._get_customer_rules(account.template_id, own_id)

    def _currency_rate(self, facts, state):
        """Return the rate from the bill's currency at its date (R-07)."""
        source, target = self.env["res.currency"].browse(
            [state.currency_id, facts.currency_id]
        )
        return currency_rate(source, target, self.paper.company_id, state.basket.date)

    # === FORMULAS THAT FAIL (X-35) === #

    def _follow_formulas(self):
        """Ask for a look at bills whose formulas fail; end it where they count."""
        failures = {}
        for state in self.states:
            known = self.evidence.get(state.root, {})
            evidence = self.new_evidence.get(state.root, known)
            if "f" in {**known, **evidence} and not state.is_unknown:
                failures[state.root] = self._say_failures(evidence, state)
        for root, awards in self.unheld.items():
            failures[root] = self._say_failed(awards)
        if failures:
            company = self.paper.company_id
            self.env["points.review"]._follow("formula", company, failures)

    def _say_failures(self, evidence, state) -> str:
        """Return why formulas give nothing for what counts; empty: they do."""
        counted = []
        made, decisions = decisions_from(evidence)
        for decision in decisions.values() if state.left else ():
            basket = made
            if decision.terms.return_policy == "recompute":
                basket = basket.keep(*state.left)
            # What is out of range has a review of its own.
            with suppress(EngineError, DecimalException):
                counted.append(award_by(basket, decision))
        return self._say_failed(counted)

    def _say_failed(self, awards) -> str:
        steps = [step for award in awards for step in award.steps if step.failure]
        failed = {step.share.rule: step.failure for step in steps}
        rules = self.env["points.rule"].browse(failed).exists()
        names = {rule.id: rule.name for rule in rules}
        unknown = self.env._("A deleted rule")
        return " ".join(
            f"{names.get(rule, unknown)}: {say_failure(self.env, code)}"
            for rule, code in failed.items()
        )
