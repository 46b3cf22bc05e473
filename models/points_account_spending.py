from __future__ import annotations

from odoo import api, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError

from ..engine.numbers import ZERO, exact, text
from ..redemption.offers import PAYING
from ..redemption.open_order import BILL, TillBill, is_reward, read_amount
from ..redemption.till_offers import TillOffers
from ..wording.sentences import say_expiring


class PointsAccountSpending(models.AbstractModel):
    """What open bills may do with an account: ask, take, and give back (design 2.4).

    Callers need no right on accounts: they are cashiers. They say which reward
    and how many of it, never how many points.
    """

    _name = "points.account.spending"
    _description = "Spending of an Account"

    def points_reward_options(self, bill, sale=None) -> list[dict]:
        """Return what these accounts may spend on an open bill, reward by reward.

        :param bill: the key of the bill, as pos:<uuid>
        :param sale: the bill as the till sees it, or its total, tax included
        :raise AccessError: for who neither sells nor looks after points
        :raise UserError: for a bill that cannot be
        """
        accounts = self._for_spending(bill)
        return accounts._get_summaries(bill, TillBill(self.env, sale))

    def points_reserve(self, bill, reward=False, quantity=0.0, sale=None) -> dict:
        """Set aside what a reward takes for an open bill; refuse what is too much.

        It sets how many of the reward the bill has, it does not add: asking twice
        changes nothing, and 0 gives it back (R-10, L-14, L-15).

        :param reward: the reward's id; False: points pay ``quantity`` of money
        :return: ``refused``, a sentence; or what was taken, and the new summary
        :raise AccessError: for who neither sells nor looks after points
        :raise UserError: for a bill that cannot be
        """
        account = self._for_spending(bill)[:1]
        till_bill = TillBill(self.env, sale)
        amount = read_amount(quantity)
        is_known = account and account.program_id._serves(till_bill.company)
        if not (is_known and is_reward(reward)) or amount is None or amount < 0:
            return {"refused": self.env._("Choose a customer and a reward again.")}
        holds = self.env["points.hold"].sudo()._get_of_bill(bill)
        offers = TillOffers(account, holds, till_bill)
        taking = offers.taking({**offers.taken, str(reward or PAYING): amount})
        earned = till_bill.earned_in(account, taking)
        offers = TillOffers(account, holds, till_bill, earned)
        facts = offers.reward(reward) if reward else None
        # What was offered when it was set aside is not refused at midnight.
        is_kept = amount <= offers.taken.get(str(reward or PAYING), ZERO)
        is_offered = is_kept or account._is_offered(reward)
        if amount and not (is_offered and (facts or not reward)):
            return {"refused": self.env._("This reward is not offered any more.")}
        refused = amount and (
            account._refuse_bill(bill) or offers.offer(facts).refuse(self.env, amount)
        )
        if refused:
            account._look_again(bill, till_bill, offers)
            return {"refused": refused}
        return account._take(bill, till_bill, offers, reward, amount)

    def points_release(self, bill) -> bool:
        """Give back what an open bill has set aside, of these accounts or of all.

        What it holds in companies that the caller does not work in stays.
        """
        accounts = self._for_spending(bill)
        if not self:
            held = self.env["points.hold"].sudo()._get_of_bill(bill).account_id
            accounts = held.filtered(
                lambda account: account.program_id._serves(self.env.companies)
            )
        self.sudo()._release(bill, accounts)
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _release(self, bill, accounts=None):
        """Give back what a bill has set aside, of some accounts or of all."""
        released = self.env["points.hold"]._drop(bill, accounts)
        for company, accounts in released.grouped("company_id").items():
            changes = dict.fromkeys(accounts.ids, ZERO)
            today = company._get_points_today()
            self.env["points.account"]._change_balances(changes, today)

    def _for_spending(self, bill):
        """Return these accounts with all rights, once it is clear who asks for what."""
        if not isinstance(bill, str) or not BILL.fullmatch(bill):
            raise UserError(self.env._("There is no such bill. Load the till again."))
        self.env["points.account"]._check_seller()
        accounts = self.env["points.account"].browse(self.ids).sudo().exists()
        return accounts.filtered(
            lambda account: (
                account.program_id._serves(self.env.companies)
                and account.state == "active"
                and not account.merged_into_id
            )
        )

    def _check_seller(self):
        """Refuse who neither sells nor looks after points.

        :raise AccessError: naming who may
        """
        groups = (
            "point_of_sale.group_pos_user",
            "sales_team.group_sale_salesman",
            "customer_points.group_points_user",
        )
        if not any(map(self.env.user.has_group, groups)):
            raise AccessError(self.env._("Only who sells may take rewards."))

    def _is_offered(self, reward_id, date=None) -> bool:
        """Tell whether points may be spent on a reward, or, without one, pay.

        :param date: the day of the order; None: today
        """
        rewards = self.program_id.reward_ids._get_offered(self, date)
        is_running = self.company_id.points_active and self.program_id.active
        return is_running and (not reward_id or reward_id in rewards.ids)

    def _refuse_bill(self, bill) -> str:
        """Return why nothing can be taken for a bill; empty: it is open, or new."""
        order = self.env["pos.order"].search([("uuid", "=", bill[4:])], limit=1)
        if order and order.state != "draft":
            return self.env._("This bill is paid already.")
        if order and not self.program_id._serves(order.company_id):
            return self.env._("This order belongs to another company.")
        owner = self.program_id._get_owner(order.partner_id)
        if order.partner_id and owner != self.partner_id:
            return self.env._("This bill is another customer's. Choose again.")
        return ""

    def _look_again(self, bill, till_bill, offers):
        """Let a request be tried again that was refused for what is past already.

        Its transaction sees the accounts as they were when it began: another bill
        may have given its points back since.

        :raise ConcurrencyError: when it would be affordable now
        """
        with self.env.registry.cursor() as cr:
            for account in self.with_env(self.env(cr=cr)).exists():
                holds = account.env["points.hold"]._get_of_bill(bill)
                now = TillOffers(account, holds, till_bill, offers.earned)
                if now.available > offers.available and now.taken == offers.taken:
                    message = self.env._("Points were given back just now.")
                    raise ConcurrencyError(message)

    def _take(self, bill, till_bill, offers, reward_id, quantity) -> dict:
        """Hold the new quantity of a reward; look twice before refusing (R-10)."""
        key = str(reward_id or PAYING)
        taken = {**offers.taken, key: quantity}
        taken = {name: amount for name, amount in taken.items() if amount}
        points = offers.points_of(taken)
        today = self.company_id._get_points_today()
        held = self.env["points.hold"]._get_of_bill(bill)
        if any(hold.day < today for hold in held):
            # What they do not hold has expired since: a larger hold must not save it.
            self.env["points.document"]._expire_account(self)
        if points and not self._touch_if_affordable(points, bill, today, offers.earned):
            why = offers.offer(offers.reward(key)).refuse(self.env, quantity)
            return {"refused": why or self.env._("Points have moved. Try again.")}
        if points:
            stored = {name: text(amount) for name, amount in taken.items()}
            self.env["points.hold"]._put(self, bill, points, stored)
        else:
            self.points_release(bill)
        return self._say_taken(bill, till_bill, offers, key, quantity)

    def _say_taken(self, bill, till_bill, offers, key, quantity) -> dict:
        reward = offers.reward(key)
        points = offers.points_of({key: quantity})
        line = reward and offers.line(reward, quantity)
        return {
            "refused": "",
            # What the order earns may change until it is paid.
            "ask_again": bool(offers.earned),
            "quantity": float(quantity),
            "points": float(points),
            "points_text": offers.say(points),
            "worth_text": offers.say_value(reward, quantity),
            "line": line or False,
            "summary": (till_bill.partner or self.partner_id)._get_points_summary(
                bill, till_bill
            ),
        }

    # === WHAT A TILL IS TOLD === #

    def _get_summaries(self, bill, till_bill) -> list[dict]:
        """Return what a till shows of accounts, read together whatever their number."""
        holds = self.env["points.hold"]._get_of_bill(bill)
        self.program_id.reward_ids.product_id.taxes_id.mapped("company_id")
        return [account._get_summary(holds, till_bill) for account in self]

    def _get_summary(self, holds, till_bill) -> dict:
        """Return what a till shows of an account, and what it may take."""
        self.ensure_one()
        offers = TillOffers(self, holds, till_bill, till_bill.earned_in(self))
        available = max(offers.available, ZERO)
        return {
            "id": self.id,
            "program_id": self.program_id.id,
            "name": self.program_id.name,
            "is_value": self.program_id.mode == "value",
            "balance": self.balance,
            "available": float(available),
            "balance_text": self.balance_text,
            "available_text": offers.say(available),
            "worth_text": offers.say_worth_of(available),
            "target_text": self.target_text,
            "target_percent": self.target_percent,
            "expiring_text": self._say_expiring(),
            "reminder_text": self._say_reminder(offers),
            "pay": offers.paying(),
            "rewards": offers.rewards(self.program_id.reward_ids._get_offered(self)),
        }

    def _say_stray(self) -> str:
        """Return which points a contact has that its company's register looks past."""
        return self.env._(
            "%(points)s: on the account of %(contact)s, but %(company)s gets the "
            "points now. A points manager can move them.",
            points=", ".join(account._get_balance_text() for account in self),
            contact=self.partner_id[:1].name,
            company=self.partner_id[:1].commercial_partner_id.name,
        )

    def _say_expiring(self) -> str:
        """Return which points expire next, and when; empty: none."""
        return say_expiring(
            self.env,
            self.program_id.currency_id,
            self.program_id.mode == "value",
            self.next_expiry_points,
            self.next_expiry_date,
        )

    def _say_reminder(self, offers) -> str:
        """Return the first reward once its points are there (E-07, E-08, E-21)."""
        if not self.reward_text:
            return ""
        reward = self.program_id.reward_ids._get_reminding(self)
        cost = offers.say(exact(reward.points_cost))
        return self.env._("%(reward)s for %(points)s", reward=reward.name, points=cost)
