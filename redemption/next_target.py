from __future__ import annotations

from ..engine.numbers import ZERO, exact
from ..engine.reaching import shortest_way
from ..engine.targets import Goal, Progress, Targets, missing, progress
from ..settlement.preview import Promise
from ..settlement.settlement import Settlement
from ..wording.sentences import (
    say_missing,
    say_money,
    say_purchase,
    say_reached,
    say_target,
)
from .figures import Figures
from .purchases import Purchases


class NextTarget:
    """How much more on a sale reaches the customer's next target, or next reward.

    :param settlement: the dry one that the promises come from
    """

    def __init__(self, settlement: Settlement, promises: dict[int, Promise]):
        context = settlement.context
        self.settlement, self.sale, self.env = settlement, context.sale, context.env
        self.figures, self.purchases = Figures(self.env), Purchases(context.sale)
        self.state = next(
            filter(lambda state: state.is_sold_here, context.states), None
        )
        # What sells nothing leads nowhere: returns, and what is decided already.
        self.promises = [promise for promise in promises.values() if promise.award]

    def say(self) -> dict[int, str]:
        """Return it in words, by program."""
        accounts = self._accounts()
        day = self.sale._points_date()
        accrued = accounts._read_accrued(day)
        said = {}
        for promise in self.promises:
            program_id = promise.facts.id
            account = accounts.filtered(
                lambda account, program_id=program_id: (
                    account.program_id.id == program_id
                )
            )
            targets = self._targets(program_id, account)
            if targets.minimum:
                earned = map(exact, accrued.get(account, (0.0, 0.0)))
                said[program_id] = self._say_targets(promise, targets, *earned)
            elif account:
                said[program_id] = self._say_reward(promise, account, day)
        return said

    def _accounts(self):
        """Return the customer's accounts in the programs, those that are open yet."""
        found = map(self._account_state, self.promises)
        ids = [account.id for account in found if account and account.id > 0]
        return self.env["points.account"].browse(ids)

    def _account_state(self, promise):
        membership = self.settlement.membership
        return membership.owner_account(promise.facts, self.state)

    def _targets(self, program_id, account) -> Targets:
        if account:
            return account._get_engine_targets()
        program = self.env["points.program"].browse(program_id)
        return Targets(*map(exact, program._get_targets()), program.target_repeat)

    # === TARGETS === #

    def _say_targets(self, promise, targets, points, qualifying) -> str:
        """Return that the sale reaches the targets, or what more does."""
        before = progress(points, qualifying, targets)
        after = self._after(promise, targets, points, qualifying)
        if after.times > before.times:
            return say_reached(self.env, say_target(self.env, missing(before, targets)))
        goal = missing(after, targets)
        return self._say_way(promise, goal, say_target(self.env, goal))

    @staticmethod
    def _after(promise, targets, points, qualifying) -> Progress:
        """Return how far the customer is once the sale counts."""
        points += promise.points
        return progress(points, qualifying + promise.qualifying, targets)

    # === REWARDS === #

    def _say_reward(self, promise, account, day) -> str:
        """Return what more reaches the cheapest reward, where none is in reach yet.

        Who may have one already is reminded of it elsewhere.
        """
        # What cannot be used yet pays for nothing.
        earned = ZERO if promise.facts.pending_days else promise.points
        offered = [
            (exact(reward.points_cost), reward.name)
            for reward in account.program_id.reward_ids._get_offered(account, day)
            if reward._get_base_kind() != "per_point" and not reward._say_archived()
        ]
        cost, name = min(offered, default=(ZERO, ""))
        if not cost:
            return ""
        goal = Goal(cost - exact(account.available) - earned)
        return self._say_way(promise, goal, say_target(self.env, goal, name))

    # === THE WAY === #

    def _say_way(self, promise, goal, target) -> str:
        """Return what to buy to reach a goal, or which points are missing."""
        if goal.is_reached:
            return ""
        account = self._account_state(promise)
        rules = self.settlement.awards.rules_for(promise.facts, account)
        choices, currency = self.purchases.choices(rules), self.sale.currency_id
        lines = [choice.line for choice in choices]
        coin = exact(currency.rounding, 6)
        way = shortest_way(promise.award, rules, goal, lines, coin)
        if not way:
            return self._say_missing(promise, goal, target)
        money = say_money(currency, way.money)
        if promise.award.decision.terms.amount_basis == "net":
            money = f"{money} {self.env._('excl. tax')}"
        return say_purchase(self.env, money, choices[way.choice].name, target)

    def _say_missing(self, promise, goal, target) -> str:
        qualifying = ""
        if goal.points > 0 and goal.qualifying > 0:
            qualifying = self.figures.say(promise.facts, goal.qualifying)
        points = self.figures.say(promise.facts, max(goal.points, goal.qualifying))
        return say_missing(self.env, points, qualifying, target)
