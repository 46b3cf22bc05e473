from __future__ import annotations

import dataclasses
import json

from ..engine.earning import Award, Earned, earned_after_returns
from ..engine.evidence import awards_from, evidence_of, kept_json
from ..engine.numbers import ZERO, number, text
from ..engine.spending import Taking, takings_json
from .exact import exact
from .ledger_snapshot import AccountState, LedgerSnapshot, Posted
from .program_facts import ProgramFacts
from .root_state import RootState
from .settlement_awards import Awards
from .settlement_members import Members
from .settlement_rows import Rows
from .settlement_spending import Spending


class Settlement(Members, Awards, Rows, Spending):
    """Posts the difference between what accounts should hold and what they do.

    One settlement serves one paper and all roots its lines touch. Settling
    twice posts nothing (R-09).
    """

    def __init__(self, paper, is_anew=False):
        """Settle a paper; ``is_anew``: by today's rules of its date, not evidence."""
        self.paper, self.is_anew = paper, is_anew
        self.env = paper.env
        self.states: list[RootState] = paper._points_root_states()
        programs = self.env["points.program"]._get_facts(paper.company_id.id)
        self.facts: dict[int, ProgramFacts] = {facts.id: facts for facts in programs}
        self.accounts: list[AccountState] = []
        self.evidence: dict[str, dict] = {}
        self.new_evidence: dict[str, dict] = {}
        self.unheld: dict[str, list[Award]] = {}
        self.unpaid: dict[str, list[str]] = {}
        self.takings: dict[str, list[Taking]] = {}
        self.is_looked_at = False

    def post(self):
        """Settle every root; does nothing when nobody concerned has an account."""
        if not self.states or not self.facts:
            return
        self.read_ledger()
        entries = [entry for state in self.states for entry in self._entries(state)]
        is_news = self.new_evidence or any(entry["points"] for entry in entries)
        document = self.env["points.document"]
        if entries and is_news:
            document = document._post(self._document(entries), entries)
        elif entries:
            self._lock(entries)
        is_sale = all(state.left and state.is_own for state in self.states)
        if is_news or self.unheld or not is_sale:
            self._follow_formulas()
        self._follow_spending(document)

    def read_ledger(self, expires=True):
        """Read accounts, what they hold and evidence; expire what is due first."""
        self.env.flush_all()
        roots = [state.root for state in self.states]
        company_id = self.paper.company_id.id
        snapshot = LedgerSnapshot(self.env, company_id, self._owner_ids(), roots)
        posted = [acc for acc in snapshot.accounts if acc.posted and expires]
        due = [account.id for account in posted if account.has_due_lots]
        for account in self.env["points.account"].browse(due):
            self.env["points.document"]._expire_account(account)
        if due:
            snapshot = LedgerSnapshot(self.env, company_id, self._owner_ids(), roots)
        self.accounts, self.evidence = snapshot.accounts, snapshot.evidence
        self.is_looked_at = snapshot.is_looked_at

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
            "partner_id": self.paper.partner_id.id,
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
                evidence[state.root] = {
                    "k": kept_json(state.left.kept, state.left.reduction)
                }
        return evidence

    # === WHAT ACCOUNTS SHOULD HOLD === #

    def _targets(self, state) -> dict[int, Earned]:
        """Return what each account should hold for a root; others: nothing."""
        if state.left is None:
            return {}
        evidence = self.evidence.get(state.root)
        if evidence and self._stands(evidence, state) and not self._is_anew(state):
            return self._targets_from_evidence(state, evidence)
        if not evidence and not state.is_own:
            return self._targets_as_posted(state)
        return self._targets_from_rules(state)

    def _is_anew(self, state) -> bool:
        """Tell whether somebody asked to count this bill again by its rules."""
        return self.is_anew and state.is_own and not state.is_unknown

    def _stands(self, evidence, state):
        """Tell whether a bill is still the one the evidence was taken of (design c).

        Its lines are looked at when its own paper is settled; a return never
        makes the engine run again because goods are described otherwise today.
        """
        is_changed = state.is_own and evidence["h"] != state.fingerprint
        if is_changed and not self._is_raised(evidence, state):
            return False
        owner = evidence.get("o")
        same = owner == (state.partner_id or 0)
        return same or not self.env["res.partner"].browse(owner or ()).exists()

    @staticmethod
    def _is_raised(evidence, state):
        """Tell whether a paid order sells more than when it was paid for.

        No till does that; who writes to it otherwise earns nothing by it.
        """
        if not state.root.startswith("pos:"):
            return False
        sold = next(
            (award.basket.lines for award in awards_from(evidence).values()), ()
        )
        before = sum((line.gross for line in sold), ZERO)
        return bool(sold) and before < sum(
            (line.gross for line in state.basket.lines), ZERO
        )

    def _targets_as_posted(self, state):
        return {
            account.id: Earned(held.points, held.qualifying_points)
            for account in self.accounts
            if (held := account.posted.get(state.root))
        }

    def _targets_from_evidence(self, state, evidence):
        targets = {}
        for program_id, original in awards_from(evidence).items():
            if program_id not in self.facts:
                continue
            account = self._account_of(program_id, state)
            if account and state.is_unknown:
                taken = map(number, evidence["u"][str(program_id)].split())
                targets[account.id] = Earned(*taken)
            elif account:
                targets[account.id] = self._after_returns(original, state)
        return targets

    def _account_of(self, program_id, state):
        """Return the account an award belongs to: who has it, else the owner's.

        A contact that moved to another company since leaves its points there.
        """
        accounts = [acc for acc in self.accounts if acc.program_id == program_id]
        owner_id = self._owner_id(self.facts[program_id], state)
        return max(
            accounts,
            key=lambda account: (
                state.root in account.posted,
                account.partner_id == owner_id,
                account.posted.get(state.root, Posted()).points,
            ),
            default=None,
        )

    @staticmethod
    def _after_returns(original: Award, state) -> Earned:
        kept = original.basket.keep(state.left.kept, state.left.reduction)
        return earned_after_returns(original, kept)

    def _targets_from_rules(self, state):
        """Let the engine decide by the rules of the bill's date; keep the evidence."""
        targets, awards, state = {}, [], self.told(state)
        programs = self.facts.values() if state.basket.lines else ()
        counted_in = self.evidence.get(state.root, {}).get("p", {})
        for facts in programs:
            # An archived program earns no more, and keeps what it gave.
            was_counted = str(facts.id) in counted_in
            if not (facts.is_active or was_counted or state.is_unknown):
                continue
            account = self._member_account(facts, state)
            if account is None and not self._may_open(facts, state):
                continue
            result = self.award(facts, account, state)
            if account is None and result.points > 0 and not state.is_unknown:
                account = self._open_account(facts, state)
            if account:
                awards.append(result)
                targets[account.id] = self._target(facts, result, account, state)
            elif any(step.failure for step in result.steps):
                self.unheld.setdefault(state.root, []).append(result)
        if awards or state.takings:
            evidence = self._evidence(state, awards, targets)
            if json.dumps(evidence) != json.dumps(self.evidence.get(state.root)):
                self.new_evidence[state.root] = evidence
        return targets

    def _evidence(self, state, awards, targets):
        """Return what is kept of a decision; what an unknown return took is capped."""
        evidence = evidence_of(state.basket, awards)
        evidence.update(h=state.fingerprint, o=state.partner_id or 0)
        if state.takings:
            evidence["b"] = takings_json(self._takings(state))
        if state.is_unknown:
            evidence["u"] = {
                account.program_id: " ".join(map(text, dataclasses.astuple(target)))
                for account in self.accounts
                if (target := targets.get(account.id))
            }
        return evidence

    def _target(self, facts, result, account, state) -> Earned:
        if not state.is_unknown:
            target = self._after_returns(result, state)
            held = account.posted.get(state.root, Posted())
            earns = account.is_active and self._is_open(facts, state)
            return target if earns else target.at_most(held)
        earned = self._earned_elsewhere(account, state.root)
        return Earned(
            -min(result.points, earned.points),
            -min(result.qualifying_points, earned.qualifying_points),
        )

    def _earned_elsewhere(self, account, root) -> Earned:
        """Return what an account has earned, apart from ``root``, not below zero."""
        record = self.env["points.account"].browse(account.id)
        sums = self.env["points.entry"]._get_accrued(record, [("root", "!=", root)])
        points, qualifying = (
            max(exact(value), ZERO) for value in sums.get(record, (0.0, 0.0))
        )
        return Earned(points, qualifying)
