from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from ..engine.numbers import ZERO
from ..engine.roots import is_order
from ..engine.spending import (
    Taking,
    as_decided,
    origins_taken,
    origins_text,
    points_by_program,
    restored_origins,
    shared_out,
)
from .context import Context, is_modifying
from .late_rewards import LateRewards
from .lots import missing_of
from .membership import Membership


class Spending:
    """What sales take from accounts, and what comes back with the products.

    ``held`` is the quantity of each reward, by account id, that the open order had set
    aside; None until it is asked for. ``set_aside`` are the points of it from before
    today; ``late`` says, by root and taking, what should have been refused.
    """

    def __init__(self, context: Context, membership: Membership):
        self.context, self.env = context, context.env
        self.membership = membership
        self.held: dict | None = None
        self.set_aside: dict[int, Decimal] = {}
        self.late: dict[str, dict[str, str]] = {}
        self.unpaid: dict[str, list[str]] = {}
        self._decided: dict[str, list[Taking]] = {}

    def takings(self, state):
        """Return what takes points of a sale, as it was decided when it was made.

        A voucher that was used cannot be given back: it stays on the sale.
        """
        if self.context.is_dry and state.is_own:
            # What is on an open order has not been decided yet.
            return list(state.takings)
        if state.root not in self._decided:
            evidence = self.context.evidence_of(state.root)
            may_go = not is_order(state.root)
            takings = as_decided(state.takings, evidence.takings, may_go)
            self.late[state.root] = evidence.late
            if state.is_own and not self.context.is_conditional:
                takings = self._looked_at(state, takings, evidence.takings)
            if state.left is None:
                takings = [replace(taking, kept=ZERO) for taking in takings]
            if any(taking.gives_voucher and not taking.is_whole for taking in takings):
                used = self.env["points.voucher"]._count_used(state.root)
                takings = [taking.without_used(used) for taking in takings]
            self._decided[state.root] = takings
        return self._decided[state.root]

    def _looked_at(self, state, takings, decided):
        """Return takings with what those cost that no register had set aside before.

        A sale is never refused. What is not offered costs what its money is worth, and
        a manager is told of it, as of what is above the limits of an order.

        :param decided: the keys of takings that were looked at before
        """
        new = [taking for taking in takings if taking.key not in decided]
        if not any(taking.points for taking in new):
            return takings
        self._take_over()
        for facts in self.context.programs.values():
            mine = [taking for taking in new if taking.program == facts.id]
            account = self.membership.paying_account(facts, state) if mine else None
            if not account:
                continue
            others = self._paid_by_others(takings, mine)
            late = LateRewards(self.context.sale, facts, mine, others)
            is_held = late.are_held(self.held.get(account.id))
            account = self.env["points.account"].browse(account.id)
            refuse = late.unpayable if is_held else late.refusals
            self.late[state.root].update(refuse(account))
            if not is_held:
                costs = late.costs(self.context.currency_rate(facts, state))
                takings = [costs.get(taking.key, taking) for taking in takings]
        return takings

    def _paid_by_others(self, takings, mine):
        """Yield (only for products that earn, money) of what other points pay."""
        programs = self.context.programs
        for taking in takings:
            if taking not in mine and taking.pays_money and taking.program in programs:
                facts = programs[taking.program]
                yield facts.pays_earning_only, taking.kept_money

    def _take_over(self):
        """End what the open order had set aside: it is spent now, as it was then."""
        key = self.context.sale._points_hold_key()
        taken_over = self.env["points.hold"]._take_over(key)
        self.held = {account_id: taken for account_id, taken, _kept in taken_over}
        self.set_aside.update(
            (account_id, kept) for account_id, _taken, kept in taken_over
        )

    def spent_targets(self, state) -> dict[int, Decimal]:
        """Return the points each account should have spent on a sale."""
        wanted = points_by_program(self.takings(state))
        targets = {}
        for facts in self.context.programs.values():
            points = wanted.get(facts.id, ZERO)
            targets.update(self._spent_in(facts, state, points))
        return targets

    def _spent_in(self, facts, state, points) -> dict[int, Decimal]:
        """Return by account what one program's points paid of a sale.

        What an account has spent stays with it, whoever the customer is now.
        """
        held = {
            account.id: account.posted[state.root].redeemed
            for account in self.context.accounts
            if account.program_id == facts.id and state.root in account.posted
        }
        spent = sum(held.values(), ZERO)
        # What a new invoice takes the place of is redeemed there again.
        is_kept = not (facts.restore_redeemed or is_modifying(self.env))
        if state.left and is_kept:
            points = max(points, spent)
        targets = shared_out(points, held)
        missing = points - sum(targets.values(), ZERO)
        if missing > 0:
            account = self.membership.paying_account(facts, state)
            if account:
                targets[account.id] = targets.get(account.id, ZERO) + missing
            else:
                why = self.env._("No account exists in %s.", facts.name)
                self.unpaid.setdefault(state.root, []).append(why)
        return targets

    def rows(self, account, held, points):
        """Return the rows that take points for a sale, or give some back."""
        more = points - held.redeemed
        if more > 0:
            return [{"kind": "redeem", "points": -more}]
        if more < 0:
            return list(self._restored_rows(account, held, -more))
        return []

    def _restored_rows(self, account, held, points):
        """Yield what comes back, with the last days it had (design 2.3).

        What comes back after its last day has some days of grace, or expires
        when it is posted.
        """
        facts = self.context.programs[account.program_id]
        today = self.context.company_of(facts)._get_points_today()
        taken = self._still_earned(account, origins_taken([held.taken_from]))
        for origin, part in restored_origins(points, taken):
            last_day = self._last_day(facts, origin, today)
            row = {"kind": "restore", "points": part, "expires_on": last_day}
            if origin is not None:
                row["taken_from"] = origins_text({origin: -part})
            yield row

    def _still_earned(self, account, taken):
        """Return where points came from, as far as the sale that earned them stands.

        When it came back meanwhile, what was earned since has paid for that.
        """
        roots = {origin.root for origin in taken if origin.root}
        free = missing_of(self.env, account.id, roots) if roots else {}
        result = {}
        for origin, points in taken.items():
            left = free.get(origin.root, ZERO) if origin.root else points
            result[origin] = min(points, max(left, ZERO))
            if origin.root:
                free[origin.root] = left - result[origin]
        return result

    @staticmethod
    def _last_day(facts, origin, today):
        """Return the last day of points that come back; False: they never expire."""
        if origin is None:
            return facts.last_day(today) or False
        if not origin.day:
            return False
        last_day = date.fromisoformat(origin.day)
        if last_day < today and facts.restore_grace_days:
            return today + timedelta(days=facts.restore_grace_days)
        return last_day

    # === WHAT FOLLOWS === #

    def follow(self, document):
        """End the sale's holds, give and use vouchers, ask for a look at the rest."""
        states = [
            state
            for state in self.context.states
            if state.takings or state.unpaid or self._may_have_gone(state)
        ]
        if states and self.held is None:
            self.env["points.hold"]._drop(self.context.sale._points_hold_key())
        for state in states:
            takings = self.takings(state)
            has_gone = self._may_have_gone(state)
            why = [*state.unpaid, *self.late.get(state.root, {}).values()]
            if has_gone or any(taking.voucher for taking in state.takings):
                why += self._follow_used_vouchers(state, takings)
            if has_gone or any(taking.gives_voucher for taking in state.takings):
                self.env["points.voucher"]._follow_bought(state.root, takings, document)
            self.unpaid.setdefault(state.root, []).extend(why)
        self._follow_reviews()

    def _may_have_gone(self, state) -> bool:
        """Tell whether lines that took points may be on the sale no more.

        Nobody takes them off a paid order of a register.
        """
        had = self.context.evidence_of(state.root).takings
        return bool(had) and not is_order(state.root)

    def _follow_used_vouchers(self, state, takings):
        """Mark the vouchers that a sale uses; return why some of them do not pay."""
        codes = {}
        for taking in takings:
            if taking.voucher and taking.kept > 0:
                codes[taking.voucher] = codes.get(taking.voucher, ZERO) + taking.money
        company, key = self.context.company, self.context.sale._points_hold_key()
        return self.env["points.voucher"]._follow_used(state, codes, company, key)

    def _follow_reviews(self):
        """Ask for a look at what does not fit; end it once it does."""
        states = [
            state
            for state in self.context.states
            if self.context.is_reviewed
            or state.takings
            or state.unpaid
            or state.strange
        ]
        strange = {state.root: state.strange for state in states if state.left}
        # Where nobody has an account, the ledger could not tell of reviews.
        is_unsure = not self.context.accounts and (self.unpaid or any(strange.values()))
        if not (any(self.unpaid.values()) or any(strange.values())):
            if not (self.context.is_reviewed or is_unsure):
                return
        for kind, said in (("unpaid", self.unpaid), ("to_check", strange)):
            failures = {
                state.root: " ".join(said.get(state.root, ())) for state in states
            }
            self.env["points.review"]._follow(kind, self.context.company, failures)
