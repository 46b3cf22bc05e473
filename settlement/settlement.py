from __future__ import annotations

from decimal import Decimal

from ..engine.evidence import kept_json
from ..engine.numbers import ZERO
from . import balances
from .awards import Awards
from .context import Context
from .decisions import Decisions
from .entries import EntryWriter
from .limits import Limits
from .lots import Lots
from .membership import Membership
from .shortfalls import KINDS, Shortfalls
from .spending import Spending


class Settlement:
    """Posts the difference between what accounts should hold and what they do.

    A sale never says "add 15": it says what it stands for now. One settlement serves
    one sale and all roots its lines touch; settling twice posts nothing (R-09).

    >>> Settlement(order).post()        # a paid order earns
    >>> Settlement(refund).post()       # what came back is taken off
    >>> Settlement(refund).preview()    # nothing is left to do
    {1: (Decimal('30'), Decimal('30'))}
    """

    def __init__(self, sale, **how):
        """Prepare to settle an order, invoice or credit note.

        :param how: ``is_anew``, ``is_new``, ``is_dry`` and ``is_conditional``: see
            ``Context``
        """
        self.context = context = Context(sale, **how)
        self.env = context.env
        self.membership = Membership(context)
        self.limits = Limits(context)
        self.awards = Awards(context, self.membership)
        self.spending = Spending(context, self.membership)
        self.decisions = Decisions(
            context, self.membership, self.awards, self.spending, self.limits
        )
        self.entries = EntryWriter(
            context,
            self.decisions,
            self.spending,
            self.limits,
            Shortfalls(context, self.membership),
        )

    def post(self):
        """Settle every root; does nothing when nobody concerned has an account."""
        context = self.context
        if not context.has_work:
            return
        self.read_ledger()
        entries = self.entries.all_entries()
        is_news = context.new_evidence or any(entry["points"] for entry in entries)
        document = self.env["points.document"]
        if is_news:
            values = self._prepare_document(entries)
            document = document._post(
                values,
                entries,
                conditional=context.is_conditional,
                held=self.spending.set_aside,
            )
            self._keep_with_sales(entries)
        elif entries:
            self._lock(entries)
        is_sale = all(state.left and state.is_own for state in context.states)
        if is_news or self.decisions.unheld or not is_sale:
            self.awards.follow_formulas(self.decisions.unheld)
        self.spending.follow(document)
        self.entries.shortfalls.follow()
        if self.limits.unbooked:
            why = self.limits.say_unbooked()
            is_new = context.is_new
            self.env["points.review"]._add_to_settle(context.sale, why, is_new)

    def preview(self) -> dict[int, tuple[Decimal, Decimal]]:
        """Return what posting would change: points (before, after) by program.

        It is what ``post`` books; whatever it writes on the way is undone.
        """
        if not self.context.has_work:
            return {}
        savepoint = self.env.cr.savepoint()
        try:
            self.read_ledger(expires=False)
            before = self._earned_by_program()
            after = dict(before)
            for row in self.entries.all_entries():
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
        """Return what the ledger holds of the sales that this one is about."""
        roots = set(self.context.roots)
        sums: dict[int, Decimal] = {}
        for account in self.context.accounts:
            for root in roots & account.posted.keys():
                earned = sums.get(account.program_id, ZERO)
                sums[account.program_id] = earned + account.posted[root].points
        return sums

    # === WHAT THE LEDGER HAS === #

    def read_ledger(self, expires=True):
        """Read accounts, what they hold and evidence, once what is due has expired.

        :param expires: book that; else it counts as if it were
        """
        context = self.context
        self.env.flush_all()
        self._read_snapshot()
        if counted := self._counted_before():
            sale = context.sale.with_context(points_counted=counted)
            context.states = sale._points_root_states()
            self._read_snapshot()
        states = [self.membership.as_bought(state) for state in context.states]
        if states != context.states:
            context.states = states
            self._read_snapshot()
        # What comes back without its sale takes from what else its customer has.
        is_unknown = any(state.is_unknown for state in context.states)
        due = [
            account.id
            for account in context.accounts
            if account.has_due_lots and (account.posted or is_unknown)
        ]
        if due and not expires:
            self._count_as_expired(due)
        elif due:
            for account in self.env["points.account"].browse(due):
                self.env["points.document"]._expire_account(account)
            self._read_snapshot()

    def _count_as_expired(self, account_ids):
        """Change what was read as booking the points would that are due."""
        accounts = {account.id: account for account in self.context.accounts}
        lots = Lots(self.env, self.context.company._get_points_today(), {})
        for account_id, root, _last, points in lots.read_due(account_ids):
            account = accounts[account_id]
            account.balance -= points
            if root in account.posted:
                account.posted[root].expired += points
                account.posted[root].number += 1

    def _read_snapshot(self):
        self.context.read_snapshot(self.membership.owner_ids())

    def _counted_before(self) -> frozenset:
        """Return (root, product) of what counted when it was sold, and would not now.

        The shop calls it a tip since, or it stands for points: what is left of it
        counts all the same.
        """
        context, counted = self.context, set()
        for state in context.states:
            missing = context.evidence_of(state.root).products
            for line in state.basket.lines:
                missing.pop(line.key, None)
            if not missing or state.is_unknown or context.is_counted_anew(state):
                continue
            for line in context.sale_of(state)._points_own_lines():
                product_id = missing.get(str(line.id))
                # A line of a draft may be about another product now.
                if product_id in line._points_may_count_as().ids:
                    counted.add((state.root, line.product_id.id))
        return frozenset(counted)

    # === WHAT IS BOOKED === #

    def _lock(self, entries):
        """Let settlements that find nothing to post see each other all the same."""
        changes = {entry["account_id"]: ZERO for entry in entries}
        today = self.context.sale._points_date()
        balances.change_balances(self.env, changes, today)

    def _prepare_document(self, entries) -> dict:
        sale = self.context.sale
        kinds = {entry["kind"] for entry in entries if entry["points"]}
        kinds -= {"expire"}
        is_return = kinds and kinds <= {"return", "restore", *KINDS}
        return {
            "kind": "return" if is_return else "sale",
            "date": sale._points_date(),
            "partner_id": sale._points_partner().id,
            "company_id": self.context.company.id,
            sale._points_document_field(): sale.id,
            "evidence": self._prepare_evidence(),
        }

    def _prepare_evidence(self) -> dict:
        """Return the evidence of new decisions; for others, what is kept."""
        context = self.context
        evidence = dict(context.new_evidence)
        for state in context.states:
            is_known = state.root in context.evidence and state.root not in evidence
            if is_known and state.left and not state.is_unknown:
                evidence[state.root] = {"kept": kept_json(*state.left)}
        return evidence

    def _keep_with_sales(self, entries):
        """Keep what was decided of other sales, and moved nothing, where it is found.

        Evidence is looked for in the documents of a sale, and in those that moved
        its points.
        """
        context = self.context
        moved = {entry["root"] for entry in entries if entry["points"]}
        unmoved = context.new_evidence.keys() - moved
        for state in context.states:
            sale = context.sale_of(state)
            if state.root in unmoved and sale != context.sale:
                values = {
                    "kind": "sale",
                    "date": context.sale._points_date(),
                    "partner_id": state.partner_id,
                    "company_id": context.company.id,
                    sale._points_document_field(): sale.id,
                    "evidence": {state.root: context.new_evidence[state.root]},
                }
                self.env["points.document"]._post(values, [])
