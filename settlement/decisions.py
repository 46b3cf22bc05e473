from __future__ import annotations

import dataclasses

from ..engine.earning import Award, Earned, award_by, earned_after_returns
from ..engine.evidence import (
    as_paid,
    basket_from,
    completed,
    decisions_from,
    evidence_of,
    given_json,
)
from ..engine.numbers import ZERO, exact
from ..engine.roots import is_order
from ..engine.spending import takings_json
from .awards import Awards
from .context import Context
from .crediting import Crediting
from .limits import Limits
from .membership import Membership
from .snapshot import Posted
from .spending import Spending


class Decisions:
    """What accounts should hold for a sale, and the evidence that is kept of it.

    A sale is decided once, by the rules of its date; then its evidence alone decides,
    so that later edits of rules never change the past (design 2.1, 2.2 c).
    """

    def __init__(
        self,
        context: Context,
        membership: Membership,
        awards: Awards,
        spending: Spending,
        limits: Limits,
    ):
        self.context, self.env = context, context.env
        self.crediting = Crediting(context)
        self.membership, self.awards = membership, awards
        self.spending, self.limits = spending, limits
        #: What accounts should hold of the roots decided so far, by account id.
        self.earned: dict[int, Earned] = {}
        #: Programs whose account may hold less than the sale would give, by root.
        self.capped: dict[str, list[int]] = {}
        #: Awards with a formula that failed, of customers without account, by root.
        self.unheld: dict[str, list[Award]] = {}

    def earned_targets(self, state) -> dict[int, Earned]:
        """Return what accounts should hold for a root; the next ones can ask for it."""
        targets = self._targets(state)
        for account_id, target in targets.items():
            before = self.earned.get(account_id, Earned())
            self.earned[account_id] = before.plus(target)
        return targets

    def _targets(self, state) -> dict[int, Earned]:
        """Return what each account should hold for a root; others: nothing."""
        if state.left is None:
            return {}
        evidence = self.context.evidence.get(state.root)
        is_anew = self.context.is_counted_anew(state)
        if evidence and self._stands(evidence, state) and not is_anew:
            targets = self.limits.held_in(evidence.unbooked, state)
            evidence = self._complete(state, evidence, targets)
            return self._targets_from_evidence(state, evidence, targets)
        if evidence or (state.is_own and self._is_undecided()):
            return self._targets_from_rules(state)
        if state.is_own and state.takings:
            self.context.new_evidence[state.root] = self._evidence(state, [], {})
        return self._targets_as_posted(state)

    def _is_undecided(self) -> bool:
        """Tell whether the sale is new, or was when settling it failed."""
        if self.context.is_new:
            return True
        waiting = [
            ("root", "=", self.context.sale._points_root()),
            ("state", "=", "to_settle"),
            ("is_new", "=", True),
        ]
        return bool(self.env["points.review"].search_count(waiting, limit=1))

    def _stands(self, evidence, state):
        """Tell whether a sale is still the one the evidence was taken of (design c).

        Its lines are looked at when its own sale is settled; a return never
        makes the engine run again because products are described otherwise today. No
        register changes the lines of a paid order: whoever does earns nothing by it.
        """
        if state.is_unknown and evidence.unbooked:
            return False
        is_sold_there = is_order(state.root)
        if is_sold_there:
            # A paid order keeps its day, whatever time zone its shop has now.
            basket = dataclasses.replace(state.basket, date=evidence.date)
            state = dataclasses.replace(state, basket=basket)
        is_changed = state.is_own and evidence.fingerprint != state.fingerprint
        if is_changed and (state.is_unknown or not is_sold_there):
            return False
        taken = {taking.key for taking in state.takings}
        if not is_sold_there and taken - evidence.takings.keys():
            return False
        return self.membership.is_same_customer(evidence, state)

    def _targets_as_posted(self, state):
        return {
            account.id: Earned(held.points, held.qualifying_points)
            for account in self.context.accounts
            if (held := account.posted.get(state.root))
        }

    def _targets_from_evidence(self, state, evidence, completed_now):
        """Return targets by evidence.

        :param completed_now: those of programs that evidence did not decide before
        """
        evidence = self._as_paid_now(evidence, state)
        targets = dict(completed_now)
        capped, returned = evidence.given("capped"), evidence.given("returned")
        basket, decisions = decisions_from(evidence)
        for program_id, decision in decisions.items():
            facts = self.context.programs.get(program_id)
            account = facts and self.membership.holding_account(
                program_id, state, completed_now
            )
            if account and state.is_unknown:
                targets[account.id] = returned[program_id]
            elif account:
                cap = capped.get(program_id)
                with self.limits.alone(facts, state, targets):
                    original = award_by(basket, decision)
                    target = self._decided(original, account, state, cap)
                    self.limits.check_target(facts, account, state, target)
                    targets[account.id] = target
        if self.capped.get(state.root):
            given = self._given(targets, self.capped[state.root])
            evidence = evidence.having(capped=given_json({**capped, **given}))
            self.context.new_evidence[state.root] = evidence
        return targets

    def _decided(self, original, account, state, cap) -> Earned:
        """Return what is left of an award that was decided when the sale was made.

        :param cap: what the account was given of it, where that was less; or None
        """
        target = self._after_returns(original, state)
        if cap:
            target = target.at_most(cap)
        return self._capped(target, account, state)

    def _complete(self, state, evidence, targets):
        """Decide in programs that could not be booked before, by their rules now.

        What an archived program gave stays as it is.

        :return: the evidence with what could be decided
        """
        missing = evidence.unbooked if state.is_sold_here else ()
        known = self.context.programs
        programs = [known[program_id] for program_id in missing if program_id in known]
        if not programs:
            return evidence
        told, awards = self.awards.told(self._as_counted(state, evidence)), []
        resting = [facts.id for facts in programs if not facts.is_active]
        for facts in programs:
            if facts.is_active:
                # Who had it before the customer changed has it no more.
                for account_id in self.limits.held_in({facts.id}, state):
                    del targets[account_id]
                with self.limits.alone(facts, state, targets):
                    due = self.crediting.told(facts, told)
                    awards += self._decide(facts, due, targets)
        left = [*resting, *self.limits.unbooked_in(state.root)]
        result = completed(evidence, told.basket, awards, left)
        if result != evidence:
            self.context.new_evidence[state.root] = result
        return result

    def _as_counted(self, state, evidence):
        """Return the state with the lines that counted when it was sold, as they did.

        What is a combo that counts as one may have changed since, or what is a tip.
        """
        now = {line.key: line for line in state.basket.lines}
        sold = basket_from(evidence).lines
        lines = tuple(self._described(line, now.get(line.key), state) for line in sold)
        basket = dataclasses.replace(state.basket, lines=lines)
        return dataclasses.replace(state, basket=basket)

    def _described(self, line, now, state):
        """Return a line of evidence with what rules ask of its product today.

        :param now: what the same line counts as now; None: it does not
        """
        product = self.env["product.product"].browse(line.product or ())
        amounts = (line.quantity, line.gross, line.net)
        sale = self.context.sale_of(state)
        told = sale._points_line(
            line.key, product, amounts, direct=line.direct, redeemed=line.redeemed
        )
        if now is None:
            return told
        return dataclasses.replace(told, discount=now.discount, facts=now.facts)

    def _capped(self, target, account, state):
        """Return what an account may hold: a blocked one no more than it holds."""
        held = account.posted.get(state.root, Posted())
        if account.is_active or target == target.at_most(held):
            return target
        self.capped.setdefault(state.root, []).append(account.program_id)
        return target.at_most(held)

    def _given(self, targets, program_ids) -> dict[int, Earned]:
        """Return what accounts are given, by program."""
        return {
            account.program_id: target
            for account in self.context.accounts
            if account.program_id in program_ids
            and (target := targets.get(account.id)) is not None
        }

    def _as_paid_now(self, evidence, state):
        """Return the evidence with what points pay now: payments may be edited."""
        is_sold_there, redeemed = is_order(state.root), state.basket.reduction.redeemed
        is_same = basket_from(evidence).reduction.redeemed == redeemed
        if not state.is_sold_here or (is_same and not is_sold_there):
            return evidence
        result = as_paid(evidence, state.basket)
        if is_sold_there and (state.takings or evidence.takings):
            result = result.having(**self._takings_evidence(state))
        if result != evidence:
            self.context.new_evidence[state.root] = result
        return result

    def _takings_evidence(self, state):
        """Return what was decided about rewards, and which should have been refused."""
        takings = takings_json(self.spending.takings(state))
        return {"takings": takings, "late": self.spending.late.get(state.root)}

    def _after_returns(self, original: Award, state) -> Earned:
        """Return what is left of an award, once it is due."""
        if not self.crediting.is_due(original.decision.terms, state):
            return Earned()
        kept = original.basket.keep(*state.left)
        return earned_after_returns(original, kept)

    def _targets_from_rules(self, state):
        """Let the engine decide by the rules of the sale's date; keep the evidence."""
        targets, awards, state = {}, [], self.awards.told(state)
        programs = self.context.programs.values() if state.basket.lines else ()
        known = self.context.evidence_of(state.root)
        counted_in = {*known.programs, *known.unbooked}
        for facts in programs:
            # An archived program earns no more, and keeps what it gave.
            was_counted = facts.id in counted_in
            takes_back = state.is_unknown and facts.serves
            if not (facts.is_active or was_counted or takes_back):
                continue
            is_late = self.context.is_counted_anew(state) and not was_counted
            if is_late and not self._ran(facts, state):
                continue
            if self.crediting.concerns(facts, state):
                with self.limits.alone(facts, state, targets):
                    told = self.crediting.told(facts, state)
                    awards += self._decide(facts, told, targets)
        failed = state.root in self.limits.unbooked
        if awards or state.takings or (self._is_known(state) and not failed):
            evidence = self._evidence(state, awards, targets)
            if not evidence.is_same_as(known):
                self.context.new_evidence[state.root] = evidence
        return targets

    def _ran(self, facts, state) -> bool:
        """Tell whether a program had been made, and ran, on the day of a sale."""
        sale, day, terms = self.context.sale, state.basket.date, facts.terms
        made = sale.company_id._get_points_time(facts.made_at, sale._points_seller())
        begins = max(made.date(), terms.date_from or made.date())
        return begins <= day <= (terms.date_to or day)

    def _decide(self, facts, state, targets) -> list[Award]:
        """Return what a program gives by its rules, if the customer is in it.

        :param targets: the account gets there what it should hold
        :raise EngineError: for numbers that nothing can hold
        """
        account = self.membership.member_account(facts, state)
        account = account or self.membership.former_account(facts, state)
        if account is None and not self.membership.may_open(facts, state):
            return []
        result = self.awards.award(facts, account, state)
        if account is None and result.points > 0 and not state.is_unknown:
            account = self.membership.open_account(facts, state)
        if account:
            target = self._target(facts, result, account, state)
            self.limits.check_target(facts, account, state, target)
            targets[account.id] = target
            return [result]
        if any(step.failure for step in result.steps):
            self.unheld.setdefault(state.root, []).append(result)
        return []

    def _is_known(self, state) -> bool:
        """Tell whether a decision is worth keeping though it gives nothing.

        What a customer did not get is not given later, when the account is not
        blocked any more or the program runs again; nor is what came back without
        naming a sale taken off what the customer earns afterwards.
        """
        if state.root in self.context.evidence:
            return True
        if not (state.basket.lines and state.partner_id):
            return False
        programs = self.context.programs.values()
        owners = {self.membership.owner_id(facts, state) for facts in programs}
        return state.is_unknown or any(
            account.partner_id in owners for account in self.context.accounts
        )

    def _evidence(self, state, awards, targets):
        """Return what is kept of a decision: what was given, not what would have been.

        An unknown return, and an account that earns no more, are told by what was
        posted.
        """
        evidence = evidence_of(state.basket, awards)
        evidence = evidence.having(h=state.fingerprint, o=state.partner_id or 0)
        if not is_order(state.root):
            evidence["buyer"] = state.buyer_id
        if state.takings:
            evidence = evidence.having(**self._takings_evidence(state))
        capped = () if state.is_unknown else self.capped.get(state.root, ())
        returned = self.context.programs if state.is_unknown else ()
        return evidence.having(
            capped=given_json(self._given(targets, capped)),
            returned=given_json(self._given(targets, returned)),
            unbooked=self.limits.unbooked_in(state.root),
        )

    def _target(self, facts, result, account, state) -> Earned:
        if not state.is_unknown:
            target = self._after_returns(result, state)
            if account.is_active and self.membership.is_running(facts, state):
                return target
            self.capped.setdefault(state.root, []).append(facts.id)
            return target.at_most(account.posted.get(state.root, Posted()))
        earned = self._earned_elsewhere(account)
        return Earned(
            -min(result.points, earned.points),
            -min(result.qualifying_points, earned.qualifying_points),
        )

    def _earned_elsewhere(self, account) -> Earned:
        """Return what an account has earned on other sales, not below zero.

        Those that are settled now count as they will be.
        """
        record = self.env["points.account"].browse(account.id)
        roots = [state.root for state in self.context.states]
        sums = self.env["points.entry"]._get_accrued(
            record, [("root", "not in", roots)]
        )
        now = self.earned.get(account.id, Earned())
        points, qualifying = map(exact, sums.get(record, (0.0, 0.0)))
        return Earned(
            max(points + now.points, ZERO),
            max(qualifying + now.qualifying_points, ZERO),
        )
