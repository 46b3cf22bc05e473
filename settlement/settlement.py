from __future__ import annotations

import dataclasses
import json
from datetime import date
from decimal import Decimal

from ..engine.earning import Award, Earned, award_by, earned_after_returns
from ..engine.evidence import (
    as_paid,
    completed,
    decisions_from,
    evidence_of,
    kept_json,
    with_missing,
)
from ..engine.numbers import ZERO, exact, number, text
from ..engine.spending import Taking, takings_json
from .awards import Awards
from .document_state import RootState
from .entries import Rows
from .ledger_range import Range
from .membership import Members
from .program_facts import ProgramFacts
from .snapshot import AccountState, LedgerSnapshot, Posted
from .spending import Spending


class Settlement(Members, Awards, Rows, Spending, Range):
    """Posts the difference between what accounts should hold and what they do.

    One settlement serves one paper and all roots its lines touch. Settling
    twice posts nothing (R-09).
    """

    def __init__(self, paper, is_anew=False, is_new=True):
        """Settle a paper.

        :param is_anew: by today's rules of its date, not by evidence
        :param is_new: decide what has not been decided; else that gives nothing
        """
        self.paper = paper._points_at_home()
        self.is_anew, self.is_new = is_anew, is_new
        self.env = self.paper.env
        self.states: list[RootState] = self.paper._points_root_states()
        self.facts = self._known_programs(paper.company_id.id)
        self.accounts: list[AccountState] = []
        self.evidence: dict[str, dict] = {}
        self.evidence_partners: dict[str, int] = {}
        self.earned: dict[int, Earned] = {}
        self.capped: dict[str, list[int]] = {}
        self.new_evidence: dict[str, dict] = {}
        self.unheld: dict[str, list[Award]] = {}
        self.unpaid: dict[str, list[str]] = {}
        self.unbooked: dict[str, dict[int, ProgramFacts]] = {}
        self.takings: dict[str, list[Taking]] = {}
        self.late: dict[str, dict[str, str]] = {}
        self.held: dict | None = None
        self.set_aside: dict[int, Decimal] = {}
        self.is_looked_at = False

    def post(self):
        """Settle every root; does nothing when nobody concerned has an account."""
        if not self.states or not self.facts:
            return
        self.read_ledger()
        entries = self._all_entries()
        is_news = self.new_evidence or any(entry["points"] for entry in entries)
        document = self.env["points.document"]
        if is_news:
            values = self._document(entries)
            document = document._post(values, entries, held=self.set_aside)
            self._keep_with_papers(entries)
        elif entries:
            self._lock(entries)
        is_sale = all(state.left and state.is_own for state in self.states)
        if is_news or self.unheld or not is_sale:
            self._follow_formulas()
        self._follow_spending(document)
        if self.unbooked:
            why = self.say_unbooked()
            self.env["points.review"]._add_to_settle(self.paper, why)

    def _all_entries(self) -> list[dict]:
        """Return the rows that bring every account to what it should hold."""
        # Returns of unknown origin take back what else is left: they come last.
        states = sorted(self.states, key=lambda state: state.is_unknown)
        return [entry for state in states for entry in self._entries(state)]

    def preview(self) -> dict[int, tuple[Decimal, Decimal]]:
        """Return what posting would change: points (before, after) by program.

        It is what ``post`` books; whatever it writes on the way is undone.
        """
        if not self.states or not self.facts:
            return {}
        savepoint = self.env.cr.savepoint()
        try:
            self.read_ledger(expires=False)
            before = self._earned_by_program()
            after = dict(before)
            for row in self._all_entries():
                if row["kind"] in ("earn", "return"):
                    earned = after.get(row["program_id"], ZERO)
                    after[row["program_id"]] = earned + row["points"]
        finally:
            savepoint.close(rollback=True)
        return {
            program_id: (before.get(program_id, ZERO), points)
            for program_id, points in after.items()
            if points or before.get(program_id)
        }

    def _earned_by_program(self) -> dict[int, Decimal]:
        """Return what the ledger holds of the bills that this one is about."""
        roots = {state.root for state in self.states}
        sums: dict[int, Decimal] = {}
        for account in self.accounts:
            for root in roots & account.posted.keys():
                earned = sums.get(account.program_id, ZERO)
                sums[account.program_id] = earned + account.posted[root].points
        return sums

    def read_ledger(self, expires=True):
        """Read accounts, what they hold and evidence; expire what is due first."""
        self.env.flush_all()
        self._read_snapshot()
        if counted := self._counted_before(self.evidence):
            paper = self.paper.with_context(points_counted=counted)
            self.states = paper._points_root_states()
            self._read_snapshot()
        states = [self._as_bought(state) for state in self.states]
        if states != self.states:
            self.states = states
            self._read_snapshot()
        posted = [acc for acc in self.accounts if acc.posted and expires]
        due = [account.id for account in posted if account.has_due_lots]
        for account in self.env["points.account"].browse(due):
            self.env["points.document"]._expire_account(account)
        if due:
            self._read_snapshot()

    def _read_snapshot(self):
        roots = [state.root for state in self.states]
        snapshot = LedgerSnapshot(self.env, self.facts, self._owner_ids(), roots)
        self.accounts, self.evidence = snapshot.accounts, snapshot.evidence
        self.evidence_partners = snapshot.evidence_partners
        self.is_looked_at = snapshot.is_looked_at

    def _counted_before(self, evidence) -> frozenset:
        """Return (root, product) of what counted when it was sold, and would not now.

        The shop calls it a tip since, or it stands for points: what is left of it
        counts all the same.
        """
        counted = set()
        for state in self.states:
            lines = evidence.get(state.root, {}).get("l", ())
            if not lines or state.is_unknown or self._is_anew(state):
                continue
            missing = {line.split()[0] for line in lines}
            missing -= {line.key for line in state.basket.lines}
            if missing:
                sold = self._paper_of(state)._points_own_lines()
                sold = sold.filtered(lambda line, keys=missing: str(line.id) in keys)
                counted.update((state.root, item.id) for item in sold.product_id)
        return frozenset(counted)

    def _lock(self, entries):
        """Let settlements that find nothing to post see each other all the same."""
        changes = {entry["account_id"]: ZERO for entry in entries}
        today = self.paper._points_date()
        self.env["points.account"]._change_balances(changes, today)

    def _document(self, entries):
        kinds = {entry["kind"] for entry in entries if entry["points"]}
        kinds -= {"expire"}
        return {
            "kind": "return" if kinds and kinds <= {"return", "restore"} else "sale",
            "date": self.paper._points_date(),
            "partner_id": self.paper._points_partner().id,
            "company_id": self.paper.company_id.id,
            self.paper._points_document_field(): self.paper.id,
            "evidence": self._document_evidence(),
        }

    def _document_evidence(self):
        """Return the evidence of new decisions; for others, what is kept."""
        evidence = dict(self.new_evidence)
        for state in self.states:
            is_known = state.root in self.evidence and state.root not in evidence
            if is_known and state.left and not state.is_unknown:
                evidence[state.root] = {"k": kept_json(*state.left)}
        return evidence

    def _keep_with_papers(self, entries):
        """Keep what was decided of other sales, and moved nothing, where it is found.

        Evidence is looked for in the documents of a sale, and in those that moved
        its points.
        """
        moved = {entry["root"] for entry in entries if entry["points"]}
        for state in self.states:
            paper = self._paper_of(state)
            if state.root in self.new_evidence.keys() - moved and paper != self.paper:
                values = {
                    "kind": "sale",
                    "date": self.paper._points_date(),
                    "partner_id": state.partner_id,
                    "company_id": self.paper.company_id.id,
                    paper._points_document_field(): paper.id,
                    "evidence": {state.root: self.new_evidence[state.root]},
                }
                self.env["points.document"]._post(values, [])

    # === WHAT ACCOUNTS SHOULD HOLD === #

    def _targets(self, state) -> dict[int, Earned]:
        """Return what each account should hold for a root; others: nothing."""
        if state.left is None:
            return {}
        evidence = self.evidence.get(state.root)
        if evidence and self._stands(evidence, state) and not self._is_anew(state):
            targets = self._held_in(evidence.get("q", ()), state)
            evidence = self._complete(state, evidence, targets)
            return {**targets, **self._targets_from_evidence(state, evidence)}
        if not evidence and not (state.is_own and self.is_new):
            return self._targets_as_posted(state)
        return self._targets_from_rules(state)

    def _is_anew(self, state) -> bool:
        """Tell whether somebody asked to count this bill again by its rules."""
        return self.is_anew and state.is_own and not state.is_unknown

    def _stands(self, evidence, state):
        """Tell whether a bill is still the one the evidence was taken of (design c).

        Its lines are looked at when its own paper is settled; a return never
        makes the engine run again because goods are described otherwise today. No
        register changes the lines of a paid order: whoever does earns nothing by it.
        """
        if state.is_unknown and "q" in evidence:
            return False
        is_order = state.root.startswith("pos:")
        if is_order:
            # A paid order keeps its day, whatever time zone its shop has now.
            day = date.fromisoformat(evidence["d"])
            basket = dataclasses.replace(state.basket, date=day)
            state = dataclasses.replace(state, basket=basket)
        is_changed = state.is_own and evidence["h"] != state.fingerprint
        if is_changed and (state.is_unknown or not is_order):
            return False
        return self._is_same_customer(evidence, state)

    def _is_same_customer(self, evidence, state):
        """Tell whether a bill has the customer it had, merged with another perhaps."""
        owner, partner_id = evidence.get("o"), state.partner_id or 0
        if owner == partner_id or not owner:
            return owner == partner_id
        is_merged = not self.env["res.partner"].browse(owner).exists()
        return is_merged and self.evidence_partners.get(state.root) == partner_id

    def _as_bought(self, state):
        """Return the state with the buyer it had, whatever the sales order says now."""
        evidence = self.evidence.get(state.root, {})
        buyer_id = evidence.get("r", state.buyer_id)
        if buyer_id == state.buyer_id or not self._is_same_customer(evidence, state):
            return state
        is_gone = buyer_id and not self.env["res.partner"].browse(buyer_id).exists()
        return state if is_gone else dataclasses.replace(state, buyer_id=buyer_id)

    def _targets_as_posted(self, state):
        return {
            account.id: Earned(held.points, held.qualifying_points)
            for account in self.accounts
            if (held := account.posted.get(state.root))
        }

    def _targets_from_evidence(self, state, evidence):
        evidence = self._as_paid_now(evidence, state)
        targets, capped = {}, evidence.get("c", {})
        basket, decisions = decisions_from(evidence)
        for program_id, decision in decisions.items():
            facts = self.facts.get(program_id)
            account = facts and self._account_of(program_id, state)
            if account and state.is_unknown:
                taken = map(number, evidence["u"][str(program_id)].split())
                targets[account.id] = Earned(*taken)
            elif account:
                cap = capped.get(str(program_id))
                with self._alone(facts, state, targets):
                    original = award_by(basket, decision)
                    target = self._decided(original, account, state, cap)
                    self._check_range(facts, account, state, target)
                    targets[account.id] = target
        if self.capped.get(state.root):
            given = self._given(targets, self.capped[state.root])
            self.new_evidence[state.root] = {**evidence, "c": {**capped, **given}}
        return targets

    def _decided(self, original, account, state, cap) -> Earned:
        """Return what is left of an award that was decided when the bill was made.

        :param cap: what the account was given of it, as evidence keeps it; or None
        """
        target = self._after_returns(original, state)
        if cap:
            target = target.at_most(Earned(*map(number, cap.split())))
        return self._capped(target, account, state)

    def _complete(self, state, evidence, targets):
        """Decide in programs that could not be booked before, by their rules now.

        :return: the evidence with what could be decided
        """
        missing = evidence.get("q", ()) if state.is_own and not state.is_unknown else ()
        programs = [self.facts[place] for place in missing if place in self.facts]
        if not programs:
            return evidence
        told, awards = self.told(state), []
        for facts in programs:
            with self._alone(facts, state, targets):
                if facts.is_active:
                    awards += self._decide(facts, told, targets)
        left = list(self.unbooked.get(state.root, ()))
        result = completed(evidence, told.basket, awards, left)
        if result != evidence:
            self.new_evidence[state.root] = result
        return result

    def _capped(self, target, account, state):
        """Return what an account may hold: a blocked one no more than it holds."""
        held = account.posted.get(state.root, Posted())
        if account.is_active or target == target.at_most(held):
            return target
        self.capped.setdefault(state.root, []).append(account.program_id)
        return target.at_most(held)

    def _given(self, targets, program_ids) -> dict[str, str]:
        """Return what accounts are given, as evidence keeps it by program."""
        return {
            str(account.program_id): " ".join(map(text, dataclasses.astuple(target)))
            for account in self.accounts
            if account.program_id in program_ids
            and (target := targets.get(account.id)) is not None
        }

    def _as_paid_now(self, evidence, state):
        """Return the evidence with what points pay now: payments may be edited."""
        is_paid_order = state.root.startswith("pos:") and not state.is_unknown
        if not (is_paid_order and state.is_own):
            return evidence
        result = as_paid(evidence, state.basket)
        if state.takings or "b" in evidence:
            result.update(self._takings_evidence(state))
        if result != evidence:
            self.new_evidence[state.root] = result
        return result

    def _takings_evidence(self, state):
        """Return what was decided about rewards, and which should have been refused."""
        evidence = {"b": takings_json(self._takings(state))}
        if self.late.get(state.root):
            evidence["z"] = self.late[state.root]
        return evidence

    def _account_of(self, program_id, state):
        """Return the account an award belongs to: who has it, else the owner's.

        A contact that moved to another company since leaves its points there. What
        was merged holds nothing any more.
        """
        owner_id = self._owner_id(self.facts[program_id], state)
        accounts = [
            account
            for account in self.accounts
            if account.program_id == program_id
            and account.partner_id
            and (state.root in account.posted or account.partner_id == owner_id)
        ]
        return max(
            accounts,
            key=lambda account: (
                account.posted.get(state.root, Posted()).points > 0,
                account.partner_id == owner_id,
                account.partner_id == state.partner_id,
                state.root in account.posted,
            ),
            default=None,
        )

    @staticmethod
    def _after_returns(original: Award, state) -> Earned:
        kept = original.basket.keep(*state.left)
        return earned_after_returns(original, kept)

    def _targets_from_rules(self, state):
        """Let the engine decide by the rules of the bill's date; keep the evidence."""
        targets, awards, state = {}, [], self.told(state)
        programs = self.facts.values() if state.basket.lines else ()
        known = self.evidence.get(state.root, {})
        counted_in = {*known.get("p", ()), *map(str, known.get("q", ()))}
        for facts in programs:
            # An archived program earns no more, and keeps what it gave.
            was_counted = str(facts.id) in counted_in
            takes_back = state.is_unknown and facts.serves
            if not (facts.is_active or was_counted or takes_back):
                continue
            is_late = self._is_anew(state) and not was_counted
            if is_late and not self._ran(facts, state):
                continue
            with self._alone(facts, state, targets):
                awards += self._decide(facts, state, targets)
        failed = state.root in self.unbooked
        if awards or state.takings or (self._is_known(state) and not failed):
            evidence = self._evidence(state, awards, targets)
            if json.dumps(evidence) != json.dumps(self.evidence.get(state.root)):
                self.new_evidence[state.root] = evidence
        return targets

    def _ran(self, facts, state) -> bool:
        """Tell whether a program had been made, and ran, on the day of a bill."""
        paper, day, terms = self.paper, state.basket.date, facts.terms
        made = paper.company_id._get_points_time(facts.made_at, paper._points_seller())
        begins = max(made.date(), terms.date_from or made.date())
        return begins <= day <= (terms.date_to or day)

    def _decide(self, facts, state, targets) -> list[Award]:
        """Return what a program gives by its rules, if the customer is in it.

        :param targets: the account gets there what it should hold
        :raise EngineError: for numbers that nothing can hold
        """
        account = self._member_account(facts, state)
        account = account or self._former_account(facts, state)
        if account is None and not self._may_open(facts, state):
            return []
        result = self.award(facts, account, state)
        if account is None and result.points > 0 and not state.is_unknown:
            account = self._open_account(facts, state)
        if account:
            target = self._target(facts, result, account, state)
            self._check_range(facts, account, state, target)
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
        if state.root in self.evidence:
            return True
        if not (state.basket.lines and state.partner_id):
            return False
        owners = {self._owner_id(facts, state) for facts in self.facts.values()}
        return state.is_unknown or any(
            account.partner_id in owners for account in self.accounts
        )

    def _evidence(self, state, awards, targets):
        """Return what is kept of a decision: what was given, not what would have been.

        An unknown return, and an account that earns no more, are told by what was
        posted.
        """
        evidence = evidence_of(state.basket, awards)
        evidence.update(h=state.fingerprint, o=state.partner_id or 0)
        if state.root.startswith("inv:"):
            evidence["r"] = state.buyer_id
        if state.takings:
            evidence.update(self._takings_evidence(state))
        if state.is_unknown:
            evidence["u"] = self._given(targets, self.facts)
        elif self.capped.get(state.root):
            evidence["c"] = self._given(targets, self.capped[state.root])
        return with_missing(evidence, list(self.unbooked.get(state.root, ())))

    def _target(self, facts, result, account, state) -> Earned:
        if not state.is_unknown:
            target = self._after_returns(result, state)
            if account.is_active and self._is_open(facts, state):
                return target
            self.capped.setdefault(state.root, []).append(facts.id)
            return target.at_most(account.posted.get(state.root, Posted()))
        earned = self._earned_elsewhere(account)
        return Earned(
            -min(result.points, earned.points),
            -min(result.qualifying_points, earned.qualifying_points),
        )

    def _earned_elsewhere(self, account) -> Earned:
        """Return what an account has earned on other bills, not below zero.

        Those that are settled now count as they will be.
        """
        record = self.env["points.account"].browse(account.id)
        roots = [state.root for state in self.states]
        sums = self.env["points.entry"]._get_accrued(
            record, [("root", "not in", roots)]
        )
        now = self.earned.get(account.id, Earned())
        points, qualifying = map(exact, sums.get(record, (0.0, 0.0)))
        return Earned(
            max(points + now.points, ZERO),
            max(qualifying + now.qualifying_points, ZERO),
        )
