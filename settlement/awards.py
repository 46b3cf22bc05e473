from __future__ import annotations

import dataclasses
from contextlib import suppress
from decimal import DecimalException

from ..engine.earning import Award, award, award_by
from ..engine.evidence import decisions_from
from ..engine.formula.values import facts_asked
from ..engine.numbers import EngineError
from ..engine.rules import RuleSet
from ..wording.formula_messages import say_failure
from .context import Context
from .formula_facts import FormulaFacts
from .membership import Membership


class Awards:
    """What the rules of each program give for a sale, and what they must be told.

    ``given`` keeps, by program, what the sale's own lines earn by rules.
    """

    def __init__(self, context: Context, membership: Membership):
        self.context, self.env = context, context.env
        self.membership = membership
        self.given: dict[int, Award] = {}

    def told(self, state):
        """Return the state with what rules ask about customer, seller and products."""
        programs, accounts = self.context.programs.values(), self.context.accounts
        asking = [rule for facts in programs for rule in facts.asking]
        for account in accounts:
            own_rules = self._own_rules(account)
            asking += [rule for rule in own_rules if rule.needs_seller]
        if not asking or not state.basket.lines:
            return state
        sale = self.context.sale_of(state)
        facts = FormulaFacts(sale, state.partner_id, facts_asked(asking))
        basket = dataclasses.replace(
            facts.tell(state.basket),
            customer_groups=self.membership.tag_ids(state),
            salesperson=sale._points_seller().id or 0,
        )
        return dataclasses.replace(state, basket=basket)

    def award(self, facts, account, state) -> Award:
        """Return what a sale, told what rules ask, earns in one program."""
        rate = self.context.currency_rate(facts, state)
        terms = dataclasses.replace(facts.terms, currency_rate=rate)
        result = award(state.basket, terms, self.rules_for(facts, account))
        if state.is_sold_here:
            self.given[facts.id] = result
        return result

    def rules_for(self, facts, account) -> RuleSet:
        """Return the rules that count for an account; without one the program's."""
        own_rules = account and self._own_rules(account)
        return facts.rules.for_customer(own_rules or ())

    def _own_rules(self, account) -> tuple:
        Rule = self.env["points.rule"]
        own_id = account.id if account.has_own_rules else None
        return Rule._get_customer_rules(account.template_id, own_id)

    # === FORMULAS THAT FAIL (X-35) === #

    def follow_formulas(self, unheld: dict[str, list[Award]]):
        """Ask for a look at sales whose formulas fail; end it where they count.

        :param unheld: awards with a formula that failed, and no account, by root
        """
        context, failures = self.context, {}
        for state in context.states:
            known = context.evidence_of(state.root)
            evidence = context.new_evidence.get(state.root, known)
            has_formulas = known.has_formulas or evidence.has_formulas
            if has_formulas and not state.is_unknown:
                failures[state.root] = self._say_failures(evidence, state)
        for root, awards in unheld.items():
            failures[root] = self._say_failed(awards)
        if failures:
            self.env["points.review"]._follow("formula", context.company, failures)

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
