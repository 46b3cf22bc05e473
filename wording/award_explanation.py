from __future__ import annotations

from functools import cached_property

from odoo.exceptions import MissingError

from .formula_messages import say_failure
from .formula_wording import say_source
from .sentences import (
    say_money,
    say_number,
    say_parts,
    say_products,
    say_rate,
    say_reason,
    say_rounding,
    say_units,
    say_worth,
)


class AwardExplanation:
    """How points of one program came about, in the reader's language."""

    def __init__(self, env):
        self.env = env
        self._names = {}

    def explain(self, program_id, award, earned=None):
        """Return what one program gives for a sale, and below it line by line why.

        :param earned: what is left of it after returns, by the return policy
        """
        name, currency_id, is_value = self.env["points.program"]._get_words(program_id)
        if award.decision.reason:
            reason = say_reason(self.env, award.decision.reason)
            return [f"{name}: {reason}."]
        currency = self.env["res.currency"].browse(currency_id)
        points = award.points if earned is None else earned
        reasons = (
            self._explain_steps(currency, is_value, award)
            if points == award.points
            else [self.say_policy(award.decision.terms)]
        )
        worth = say_worth(self.env, currency, is_value, points)
        return [f"{name}: {worth}", *(f"– {reason}" for reason in reasons)]

    def explain_briefly(self, program_id, award, earned=None):
        """Return in one sentence why, naming products without codes, for receipts."""
        if award.decision.reason:
            return say_reason(self.env, award.decision.reason)
        if earned not in (None, award.points):
            return self.say_policy(award.decision.terms)
        _name, currency_id, is_value = self.env["points.program"]._get_words(program_id)
        currency = self.env["res.currency"].browse(currency_id)
        return "; ".join(self.brief._explain_steps(currency, is_value, award))

    @cached_property
    def brief(self) -> AwardExplanation:
        """Return what names products without their codes."""
        context = {**self.env.context, "display_default_code": False}
        return AwardExplanation(self.env(context=context))

    def say_policy(self, terms):
        """Return why returned products do not take what counting again would take."""
        if terms.return_policy == "keep":
            return self.env._("products were returned, the customer keeps the points")
        if terms.return_policy == "proportional":
            return self.env._(
                "products were returned, points proportional to the refunded amount"
            )
        return self.env._("never more than before products were returned")

    def _explain_steps(self, currency, is_value, award):
        """Return each calculation, each line that earns nothing, and the rounding."""
        names = self.product_names(award.basket)
        sentences = [
            self._explain_step(currency, is_value, award.decision.terms, step, names)
            for step in award.steps
        ]
        sentences += [
            f"{names[place]}: {say_reason(self.env, reason)}."
            for place, reason in award.decision.notes
        ]
        if award.exact != award.points:
            rounding = self.env._(
                "%(exact)s %(rounding)s: %(points)s",
                exact=say_number(self.env, award.exact),
                rounding=say_rounding(self.env, award.decision.terms),
                points=say_number(self.env, award.points),
            )
            sentences.append(rounding)
        return sentences

    def _explain_step(self, currency, is_value, terms, step, names):
        """Return one calculation: products, base, tax, rate and what it came to."""
        tax = (
            self.env._("incl. tax")
            if terms.amount_basis == "gross"
            else self.env._("excl. tax")
        )
        return self.env._(
            "%(products)s (%(units)s), %(base)s %(tax)s, %(rate)s: %(worth)s",
            products=say_products([names[place] for place in step.share.lines]),
            units=say_units(self.env, step.quantity),
            base=say_money(currency, step.base),
            tax=tax,
            rate=self.say_rate(currency, is_value, step),
            worth=say_worth(self.env, currency, is_value, step.points),
        )

    def say_rate(self, currency, is_value, step) -> str:
        """Return how one calculation counts: its rate, or its formula."""
        share = step.share
        if share.formula:
            return self._explain_formula(share, step.failure)
        return say_rate(self.env, currency, is_value, share.method, share.rate)

    def _explain_formula(self, share, failure):
        """Return a formula as it was when it counted, in words, and why it failed."""
        is_per_line = share.method == "line_formula"
        said = say_source(self.env, share.formula, is_per_line)
        if not failure:
            return said
        return self.env._(
            "%(formula)s (warning: %(failure)s)",
            formula=said,
            failure=say_failure(self.env, failure),
        )

    def product_names(self, basket) -> list[str]:
        """Return the name of the product of each piece; "?" where it is gone."""
        self.learn_products({line.product for line in basket.lines if line.product})
        told = [self._names.get(line.product, "?") for line in basket.lines]
        for line, name in zip(basket.lines, tuple(told), strict=True):
            if line.direct.is_split:
                told += say_parts(self.env, name, line.direct)
        return told

    def learn_products(self, product_ids):
        """Read the names of products that are not known yet, together."""
        unknown = set(product_ids) - self._names.keys()
        if not unknown:
            return
        products = self.env["product.product"].browse(unknown)
        try:
            names = {product.id: product.display_name for product in products}
        except MissingError:
            products = products.exists()
            names = {product.id: product.display_name for product in products}
        self._names.update(dict.fromkeys(unknown, "?") | names)
