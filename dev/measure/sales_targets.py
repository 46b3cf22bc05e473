"""A shop whose salespeople sell by quotation and invoice, in all three ways.

The orders of a register are sold here: same goods, same customers, same rewards.
"""

from odoo.fields import Command

from . import calls
from .calls import Call, Cost
from .register import RegisterOrder
from .shop import make_user
from .spending_loyalty import LoyaltySpending
from .spending_points import PointsSpending
from .spending_targets import VALUE, Spending

#: What a salesperson needs to sell and to invoice, and nothing of points.
_RIGHTS = ("sales_team.group_sale_salesman", "account.group_account_invoice")


class Selling(Spending):
    """Odoo alone: the salesperson takes money off by hand."""

    def prepare(self, env):
        """Hire the salesperson."""
        super().prepare(env)
        self.seller_id = make_user(env, "Salesperson", *_RIGHTS).id

    def credit(self, credit_on: str):
        """Let the program credit sales at this time."""

    def perform(self, call: Call) -> tuple[object, Cost]:
        """Perform one request of the salesperson; return its answer and its cost."""
        return calls.perform(self.registry, self.seller_id, call)

    def sell(self, order: RegisterOrder, redeems: bool) -> dict[str, list[Cost]]:
        """Sell an order by quotation and invoice; return the costs of each step.

        :param redeems: take a reward before the order is confirmed
        """
        answer, quoted = self.perform(self._quote(order))
        [order_id] = answer
        steps = {"quote": [quoted]}
        if redeems:
            steps["redeem"] = self.redeem(order_id)
            self.sent += 1
        confirming = Call("sale.order", "action_confirm", [[order_id]])
        steps["confirm"] = [self.perform(confirming)[1]]
        invoice_id, steps["invoice"] = self._invoice(order_id)
        posting = Call("account.move", "action_post", [[invoice_id]])
        steps["post"] = [self.perform(posting)[1]]
        return steps

    def redeem(self, order_id: int) -> list[Cost]:
        """Put a reward on a quotation; return the costs of what the client asks."""
        line = {"product_id": self.product_id, "price_unit": -VALUE}
        values = {"order_line": [Command.create(line)]}
        return [self.perform(Call("sale.order", "write", [[order_id], values]))[1]]

    def _quote(self, order) -> Call:
        lines = [
            Command.create(
                {
                    "product_id": line["product_id"],
                    "product_uom_qty": line["qty"],
                    "price_unit": line["price_unit"],
                    "tax_ids": [Command.set(line["tax_ids"])],
                }
            )
            for line in order.lines
        ]
        values = {"partner_id": order.partner_id, "order_line": lines}
        return Call("sale.order", "create", [[values]])

    def _invoice(self, order_id: int) -> tuple[int, list[Cost]]:
        """Create the invoice, by the dialog; return its id and the costs."""
        model, context = "sale.advance.payment.inv", {"active_ids": [order_id]}
        values = {"advance_payment_method": "delivered"}
        wizard_ids, asked = self.perform(Call(model, "create", [[values]], context))
        action, made = self.perform(Call(model, "create_invoices", [wizard_ids]))
        return action["res_id"], [asked, made]


class PointsSelling(Selling, PointsSpending):
    """Customer Points: reserved on the quotation, booked when it is confirmed."""

    def credit(self, credit_on: str):
        """Change the setting of the program."""
        with self.environment() as env:
            program = env["points.program"].browse(self.program_id)
            program.credit_on = credit_on

    def redeem(self, order_id: int) -> list[Cost]:
        """Click Redeem Points, choose the reward, click Redeem, and Yes."""
        action, opened = self.perform(
            Call("sale.order", "action_redeem_points", [[order_id]])
        )
        ids = [action["res_id"]]
        fields = {"reward": {}, "most": {}, "worth_text": {}}
        shown = {"choice_ids": {"fields": fields}}
        [dialog], loaded = self._ask("web_read", ids, shown)
        [choice_id] = (
            choice["id"]
            for choice in dialog["choice_ids"]
            if choice["reward"] == self.reward_id
        )
        values = {"choice_ids": [Command.update(choice_id, {"quantity": 1})]}
        _saved, saved = self._ask("web_save", ids, values, {})
        _action, asked = self._ask("action_ask", ids)
        _done, redeemed = self._ask("action_redeem", ids)
        return [opened, loaded, saved, asked, redeemed]

    def _ask(self, method: str, *args):
        return self.perform(Call("points.redeem", method, list(args)))


class LoyaltySelling(Selling, LoyaltySpending):
    """Odoo's own loyalty: points move between cards when an order is confirmed."""

    def redeem(self, order_id: int) -> list[Cost]:
        """Click Reward, choose one, click Apply."""
        _action, opened = self.perform(
            Call("sale.order", "action_open_reward_wizard", [[order_id]])
        )
        context = {"active_id": order_id}
        shown = {"order_id": {}, "reward_ids": {}, "selected_reward_id": {}}
        _dialog, loaded = self._ask("onchange", context, [], {}, [], shown)
        values = {"order_id": order_id, "selected_reward_id": self.reward_id}
        [dialog], saved = self._ask("web_save", context, [], values, {})
        _done, applied = self._ask("action_apply", context, [dialog["id"]])
        return [opened, loaded, saved, applied]

    def redeemed(self) -> int:
        """Count the cards' history."""
        domain = [("order_model", "=", "sale.order"), ("used", ">", 0)]
        with self.environment() as env:
            return env["loyalty.history"].search_count(domain)

    def _ask(self, method: str, context: dict, *args):
        model = "sale.loyalty.reward.wizard"
        return self.perform(Call(model, method, list(args), context))
