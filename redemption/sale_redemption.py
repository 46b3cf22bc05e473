from __future__ import annotations

from odoo.exceptions import AccessError

from ..engine.numbers import exact
from ..settlement.program_facts import RewardFacts
from ..settlement.reward_limits import is_limited
from .offers import loypay_price
from .open_order import read_amount
from .open_sale import REDEEMING, OpenSale
from .redemption import Redemption, accounts_to_redeem, release

#: Who redeems points of customers outside of a register.
_STAFF = (
    "sales_team.group_sale_salesman",
    "account.group_account_invoice",
    "customer_points.group_points_user",
)


class SaleRedemption:
    """Redeems points on a quotation, an order or a draft invoice.

    It sets the points aside as a register does, and writes the line that takes them.
    Who calls it needs the right to change the document, and none on accounts.

    >>> SaleRedemption(order).redeem(account_id, reward_id, 2)
    ''
    """

    def __init__(self, document):
        self.env, self.document = document.env, document
        self.order = OpenSale(document)
        self.redemption = Redemption(self.order)
        self.lines = document.sudo().with_context(points_redeeming=REDEEMING)

    def summary(self) -> list[dict]:
        """Return what the customer holds in each program, and what it may redeem."""
        self._check_user()
        return self.redemption.summary(self.order.partner)["accounts"]

    def quantity_of(self, reward_id) -> float:
        """Return how many of a reward the document has that are not booked yet."""
        return sum(
            line[_quantity(line)]
            for line in self._redeemed()
            if line.points_reward_id.id == reward_id and not line._points_is_settled()
        )

    def say(self, account_id, reward_id, quantity) -> tuple[str, str, str]:
        """Return what a quantity of a reward takes, is worth, and what stays."""
        self._check_user()
        accounts = self.env["points.account"].browse(account_id)
        account = accounts_to_redeem(accounts)[:1]
        amount = read_amount(quantity)
        if not account or not amount or amount < 0 or self.order.refuse(account):
            return "", "", ""
        return self.redemption.say(account, reward_id, amount)

    def redeem(self, account_id, reward_id, quantity) -> str:
        """Let a document have so many of a reward; 0 takes it off.

        :return: why not, a sentence; empty: it has them
        :raise AccessError: for who may not change the document
        """
        self._check_user()
        accounts = self.env["points.account"].browse(account_id)
        account = accounts_to_redeem(accounts)[:1]
        reward = account.program_id.reward_ids.filtered(lambda r: r.id == reward_id)
        # Points pay as a payment method when the invoice is posted, and not here.
        wanted = reward_id if reward else -1
        answer = self.redemption.reserve(account, wanted, quantity)
        if answer["refused"]:
            return answer["refused"]
        self._write_reward(reward, answer["line"])
        self.lines._points_book_redeemed()
        return ""

    def use_voucher(self, code) -> str:
        """Let a document use a voucher; return why not, empty: it does."""
        self._check_user()
        reason = self.document.sudo()._points_say_closed()
        answer = {"refused": reason}
        if not reason:
            vouchers = self.env["points.voucher"].sudo()
            answer = vouchers._take(code, self.order)
        if answer["refused"]:
            return answer["refused"]
        if answer["code"] in self._redeemed().mapped("points_voucher_code"):
            return self.env._("This voucher is already on the order.")
        values = self._line_values(answer["line"], answer["name"])
        self.lines._points_add_lines(
            [{**values, "points_voucher_code": answer["code"]}]
        )
        return ""

    def hold_again(self) -> str:
        """Set aside anew what the lines of a document redeem, before it is confirmed.

        What others have set aside meanwhile is not there any more.

        :return: why something cannot be redeemed; empty: all of it can
        """
        quantities: dict = {}
        lines = self._redeemed()
        is_held = self.order.is_held(lines) and self.document.amount_total >= 0
        if is_held and not self._is_limited(lines):
            return ""
        for line in lines:
            if line.points_voucher_code:
                voucher = self.env["points.voucher"].sudo()
                answer = voucher._take(line.points_voucher_code, self.order)
                if answer["refused"]:
                    return answer["refused"]
            else:
                before = quantities.get(line.points_reward_id, 0.0)
                quantities[line.points_reward_id] = before + line[_quantity(line)]
        for reward, quantity in quantities.items():
            account = self._account_of(reward)
            answer = self.redemption.reserve(account, reward.id, quantity)
            if answer["refused"]:
                return self.env._(
                    "%(reward)s: %(reason)s",
                    reward=reward.name,
                    reason=answer["refused"],
                )
        return ""

    def redeem_again(self):
        """Redeem the same anew: what rewards are worth, or who offers them, changed."""
        lines = self._redeemed()
        if not lines:
            return
        wanted = [
            (
                self._account_of(line.points_reward_id).id,
                line.points_reward_id.id,
                line[_quantity(line)],
                line.points_voucher_code,
            )
            for line in lines
        ]
        lines.unlink()
        self.release()
        anew = SaleRedemption(self.document)
        for account_id, reward_id, quantity, code in wanted:
            if code:
                anew.use_voucher(code)
            else:
                anew.redeem(account_id, reward_id, quantity)

    def is_held(self) -> bool:
        """Tell whether all that a document redeems is set aside; vouchers never are."""
        return self.order.is_held(self._redeemed())

    def keep(self):
        """Keep what is set aside as long again: a customer begins to pay."""
        holds = self.env["points.hold"].sudo()
        holds._renew(self.order.key, self.order.company, self.order.held_until)

    def give_back(self, rewards, codes):
        """Give back what a document has set aside for lines that are gone.

        :param rewards: those of the lines
        :param codes: of the vouchers they used
        """
        left = self._redeemed().points_reward_id
        for reward in (rewards - left).sudo():
            account = self._account_of(reward)
            if account:
                self.redemption.reserve(account, reward.id, 0)
        for code in codes:
            voucher = self.env["points.voucher"].sudo()
            voucher = voucher._get_by_code(code, self.order.company)
            if voucher.held_by == self.order.key:
                voucher._release()

    def release(self):
        """Give back all that a document has set aside."""
        env = self.env(su=True)
        release(env, self.order.key)
        env["points.voucher"].search([("held_by", "=", self.order.key)])._release()

    def _check_user(self):
        """Refuse who may not sell, or not change the document.

        :raise AccessError: naming who may
        """
        if not any(map(self.env.user.has_group, _STAFF)):
            raise AccessError(self.env._("Only sales staff can redeem rewards."))
        self.document.check_access("write")

    def _account_of(self, reward):
        """Return the account that pays for a reward of this document."""
        program = reward.sudo().program_id
        holds = self.env["points.hold"].sudo()._get_of_order(self.order.key)
        held = holds.account_id.filtered(lambda a: a.program_id == program)
        if held:
            return held[:1]
        document = self.document.sudo()
        is_contact = program.owner == "contact"
        buyer = (is_contact and document._points_buyer()) or self.order.partner
        return accounts_to_redeem(program._get_account(buyer))[:1]

    def _redeemed(self):
        lines = self.lines._points_own_lines()
        return lines.filtered(lambda line: line._points_is_redeemed())

    # === LINES === #

    def _write_reward(self, reward, line):
        """Write the line of a reward, and that of the product it gives."""
        quantity = line["qty"]
        known = self._redeemed().filtered(
            lambda known: (
                known.points_reward_id == reward and not known._points_is_settled()
            )
        )
        facts = self._facts(reward)
        if not quantity:
            given = self._gift_lines(facts, known)[-1:]
            known.unlink()
            given.unlink()
            return
        if known:
            self._gift_lines(facts, known)[-1:].write({_quantity(known): quantity})
            known[:1].write({_quantity(known): quantity})
            return
        if facts.gift:
            gift = self.lines._points_add_lines(
                [{"product_id": facts.gift, **_amount(self.lines, quantity)}]
            )
            to_pay = facts.value if facts.kind == "self_liquidating" else 0
            worth = exact(gift.price_total / quantity) - to_pay * self._rate(reward)
            program, product = reward.program_id, reward.product_id
            line = {**line, **loypay_price(program, product, max(worth, 0))}
        language = self.order.partner.lang or self.env.lang
        name = reward.with_context(lang=language).name
        values = self._line_values(line, name)
        self.lines._points_add_lines([{**values, "points_reward_id": reward.id}])

    def _line_values(self, line, name) -> dict:
        return {
            "product_id": line["product_id"],
            "name": name,
            "price_unit": line["price_unit"],
            "tax_ids": [(6, 0, line["tax_ids"])],
            **_amount(self.lines, line["qty"]),
        }

    def _is_limited(self, lines) -> bool:
        """Tell whether it depends on the document what these lines may redeem."""
        programs = lines.points_reward_id.program_id.ids
        known = self.env["points.program"]._get_facts(self.order.company.id)
        return any(
            facts.spend_same_document or is_limited(self.env, facts)
            for facts in known
            if facts.id in programs
        )

    def _gift_lines(self, facts, known):
        """Return the lines of the product that a reward gives, before its own line."""
        lines = self.lines._points_own_lines()
        return lines.filtered(
            lambda line: (
                facts.gift
                and line.product_id.id == facts.gift
                and line.id < known[:1].id
            )
        )

    def _facts(self, reward) -> RewardFacts:
        programs = self.env["points.program"]._get_facts(self.order.company.id)
        return next(
            facts
            for program in programs
            for facts in program.rewards
            if facts.id == reward.id
        )

    def _rate(self, reward):
        """Return what turns money of a reward's program into that of the document."""
        account = self._account_of(reward)
        return self.redemption.rate_of(account)


def _quantity(line) -> str:
    """Return the field with the quantity of a line."""
    return line._points_quantity_field


def _amount(document, quantity) -> dict:
    return {_quantity(document._points_own_lines()): quantity}
