from __future__ import annotations

import functools
from decimal import Decimal

from odoo.exceptions import AccessError, ConcurrencyError, UserError

from ..engine.numbers import ZERO, exact, text
from ..settlement import balances
from ..settlement.reward_limits import PAYING
from ..wording.sentences import say_expiring_soon
from .members import Members
from .offers import Offers
from .open_order import ORDER_KEY, OpenOrder, is_reward, read_amount


def check_seller(env):
    """Refuse who neither sells nor looks after points.

    :raise AccessError: naming who may
    """
    groups = (
        "point_of_sale.group_pos_user",
        "sales_team.group_sale_salesman",
        "customer_points.group_points_user",
    )
    if not any(map(env.user.has_group, groups)):
        raise AccessError(env._("Only sales staff can redeem rewards."))


def check_key(env, key):
    """Refuse who may not sell, and keys that no open order can have.

    :param key: of the open order, as pos:<uuid>
    :raise AccessError: for who neither sells nor looks after points
    :raise UserError: for a key that cannot be
    """
    if not isinstance(key, str) or not ORDER_KEY.fullmatch(key):
        raise UserError(env._("This order does not exist. Reload the register."))
    check_seller(env)


def accounts_to_redeem(accounts):
    """Return those that points may be redeemed from here, with all rights."""
    companies = accounts.env.companies
    found = accounts.env["points.account"].browse(accounts.ids).sudo().exists()
    return found.filtered(
        lambda account: (
            account.program_id._serves(companies)
            and account.state == "active"
            and not account.merged_into_id
        )
    )


def release(env, key, accounts=None):
    """Give back what an open order has set aside, of some accounts or of all.

    :param env: with all rights
    """
    released = env["points.hold"]._drop(key, accounts)
    for company, of_company in released.grouped("company_id").items():
        changes = dict.fromkeys(of_company.ids, ZERO)
        balances.change_balances(env, changes, company._get_points_today())


def _read_rewards(programs):
    """Read what offers need of rewards together, not one by one."""
    programs.reward_ids.product_id.taxes_id.mapped("company_id")


class Redemption:
    """What an open order may redeem: what is offered, and setting it aside.

    Callers need no right on accounts: they are cashiers. They say which reward and
    how many of it, never how many points.
    """

    def __init__(self, order: OpenOrder):
        self.order, self.env = order, order.env
        self._offers: dict = {}

    def reserve(self, account, reward_id, quantity) -> dict:
        """Set aside what a reward takes; refuse what is too much (R-10, L-14, L-15).

        It sets how many of the reward the order has, it does not add: asking twice
        changes nothing, and 0 gives it back.

        :param account: whose points they are, with all rights; perhaps none
        :param reward_id: False: points pay ``quantity`` of money
        :return: ``refused``, a sentence; or what was set aside, and the new summary
        """
        amount = read_amount(quantity)
        is_known = account and account.program_id._serves(self.order.company)
        if not (is_known and is_reward(reward_id)) or amount is None or amount < 0:
            return {"refused": self.env._("Select a customer and a reward again.")}
        key = str(reward_id or PAYING)
        _read_rewards(account.program_id)
        offers = self._offers_of(account, {key: amount})
        refused = amount and self._refuse(account, offers, key, amount)
        if refused:
            return {"refused": refused}
        return self._hold(account, offers, key, amount)

    def summary(self, partner) -> dict:
        """Return what a customer holds in each program, and what it may redeem.

        The accounts are read together, whatever their number.
        """
        if not partner or not self.order.company.points_active:
            return {"accounts": []}
        self.order.open_accounts(partner)
        members = Members(self.env, self.order.company)
        accounts = members.accounts_of(partner | partner.commercial_partner_id)
        stray = accounts.filtered(lambda account: account.partner_id == partner)
        stray = stray.filtered_domain(accounts._get_stray_domain())
        accounts = accounts.filtered(
            lambda account: account.program_id._get_owner(partner) == account.partner_id
        )
        _read_rewards(accounts.program_id)
        summary = {"accounts": [self._summarize(account) for account in accounts]}
        if stray:
            summary["stray"] = stray._say_stray()
        if joinable := members.list_joinable(partner):
            summary["joinable"] = joinable
        return summary

    def say(self, account, reward_id, quantity) -> tuple[str, str, str]:
        """Return what a quantity of a reward takes, is worth, and what stays."""
        offers, key = self._offers_of(account), str(reward_id)
        points = offers.points_of({key: quantity})
        left = offers.available - offers.points_of({**offers.taken, key: quantity})
        worth = offers.say_value(offers.reward(key), quantity)
        return offers.say(points), worth, offers.say(left)

    def rate_of(self, account) -> Decimal:
        """Return what turns money of an account's program into that of the order."""
        return self._offers_of(account).rate

    @functools.cached_property
    def _holds(self):
        """Return what the order has set aside already, of any account."""
        return self.env["points.hold"].sudo()._get_of_order(self.order.key)

    def _offers_of(self, account, taken=None) -> Offers:
        """Return what an account offers the order; built once.

        :param taken: the quantity by reward that it is about to take
        """
        if account not in self._offers:
            offers = Offers(account, self._holds, self.order)
            self.order.add_booked(offers)
            taking = taken and offers.taking({**offers.taken, **taken})
            offers.add_earned(self.order.earned_in(account, taking))
            self._offers[account] = offers
        return self._offers[account]

    # === REFUSED === #

    def _refuse(self, account, offers, key, quantity) -> str:
        """Return why an order may not have so much of a reward; empty: it may."""
        reward = offers.reward(key)
        # What was offered when it was set aside is not refused at midnight.
        is_kept = quantity <= offers.taken.get(key, ZERO)
        reward_id = key != PAYING and int(key)
        is_offered = is_kept or account._is_offered(reward_id)
        if not is_offered or (reward_id and not reward):
            return self.env._("This reward is no longer available.")
        refused = self.order.refuse(account)
        refused = refused or offers.offer(reward).refuse(self.env, quantity)
        if refused:
            self._look_again(account, offers)
        return refused

    def _look_again(self, account, offers):
        """Let a request be tried again that was refused for what is past already.

        Its transaction sees the accounts as they were when it began: another order
        may have given its points back since.

        :raise ConcurrencyError: when it would be affordable now
        """
        with self.env.registry.cursor() as cr:
            for found in account.with_env(account.env(cr=cr)).exists():
                holds = found.env["points.hold"]._get_of_order(self.order.key)
                now = Offers(found, holds, self.order)
                now.add_earned(offers.earned)
                if now.available > offers.available and now.taken == offers.taken:
                    message = self.env._("Points have just been restored.")
                    raise ConcurrencyError(message)

    # === SET ASIDE === #

    def _hold(self, account, offers, key, quantity) -> dict:
        """Hold the new quantity of a reward; look twice before refusing (R-10)."""
        taken = {**offers.taken, key: quantity}
        taken = {name: amount for name, amount in taken.items() if amount}
        points = offers.points_of(taken)
        if offers.is_held_since_before:
            # What is not held has expired since: a larger hold must not save it.
            account.env["points.document"]._expire_account(account)
        if points and not balances.lock_if_affordable(
            account, points, self.order.key, offers.today, offers.earned
        ):
            why = offers.offer(offers.reward(key)).refuse(self.env, quantity)
            return {"refused": why or self.env._("The points have changed. Try again.")}
        if points:
            stored = {name: text(amount) for name, amount in taken.items()}
            account.env["points.hold"]._put(
                account, self.order.key, points, stored, self.order.held_until
            )
        else:
            release(account.env, self.order.key, account)
        offers.taken = taken
        if offers.is_held_since_before:
            offers.available = exact(account.available) + points + offers.earned
        # What other accounts may pay depends on it.
        self.__dict__.pop("_holds", None)
        self._offers = {account: offers}
        return self._answer(account, offers, key, quantity)

    def _answer(self, account, offers, key, quantity) -> dict:
        reward = offers.reward(key)
        points = offers.points_of({key: quantity})
        line = reward and offers.line(reward, quantity)
        return {
            "refused": "",
            # What the order earns, and what is on it, may change until it is paid.
            "ask_again": bool(offers.earned) or offers.is_limited,
            "quantity": float(quantity),
            "points": float(points),
            "points_text": offers.say(points),
            "worth_text": offers.say_value(reward, quantity),
            "line": line or False,
            "summary": self.summary(self.order.partner or account.partner_id),
        }

    # === SHOWN === #

    def _summarize(self, account) -> dict:
        """Return what a register shows of an account, and what it may redeem."""
        offers = self._offers_of(account)
        available = max(offers.available, ZERO)
        program = account.program_id
        is_value = program.mode == "value"
        return {
            "id": account.id,
            "program_id": program.id,
            "name": program.name,
            "is_value": is_value,
            "balance": account.balance,
            "available": float(available),
            "balance_text": account.balance_text,
            "available_text": offers.say(available),
            "worth_text": offers.say_worth_of(available),
            "payable_text": offers.say_payable(),
            "target_text": account.target_text,
            "target_percent": account.target_percent,
            "expiring_text": say_expiring_soon(
                self.env,
                program.currency_id,
                is_value,
                account.next_expiry_points,
                account.next_expiry_date,
                offers.today,
            ),
            **self._prepare_reminder(account, offers),
            "pay": offers.paying(),
            "rewards": offers.rewards(program.reward_ids._get_offered(account)),
        }

    def _prepare_reminder(self, account, offers) -> dict:
        """Return the first reward once its points are there (E-07, E-08, E-21)."""
        rewards = account.program_id.reward_ids
        record = account.reward_text and rewards._get_reminding(account)
        reward = record and offers.reward(record.id)
        if not reward:
            return {"reminder_id": False, "reminder_text": ""}
        said = self.env._("Use %s", offers.say_deal(reward))
        if reward.kind == "per_point":
            said = self._say_up_to(offers)
        return {"reminder_id": reward.id, "reminder_text": said}

    def _say_up_to(self, offers) -> str:
        """Return how many points can be used, where they need not come in blocks."""
        points = offers.say(offers.available)
        value = offers.say_worth_of(offers.available)
        if not value:
            return self.env._("Use up to %s", points)
        words = {"points": points, "value": value}
        return self.env._("Use up to %(points)s for %(value)s off", **words)
