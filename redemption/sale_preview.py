from __future__ import annotations

import functools

from ..settlement.preview import OpenOrderPreview, Promise
from ..wording.sentences import say_credited
from .figures import Figures
from .next_target import NextTarget
from .repayment import Repayment


class SalePreview:
    """What a quotation, an order or an invoice will earn that it has not earned yet.

    It asks what settling would book, so that what is said before the sale is what
    the ledger has after it. Nothing is written.

    :param sale: with all rights: its readers need none on points
    """

    def __init__(self, sale):
        self.sale, self.env = sale, sale.env
        self.figures = Figures(self.env)
        self.preview: OpenOrderPreview | None = None

    @functools.cached_property
    def promises(self) -> dict[int, Promise]:
        """What each program will give or take for it, by program."""
        how = self.sale._points_to_earn_how()
        if how is None or not self._is_asked():
            return {}
        self.preview = OpenOrderPreview(self.sale, **how)
        promises = self.preview.promises()
        decided = self._decided_before()
        return {
            program_id: promise
            for program_id, promise in promises.items()
            if program_id not in decided
        }

    def say(self) -> str:
        """Return it in words, a program a line; empty: there is nothing to say."""
        steps, lines = self._say_steps(), []
        for program_id, promise in self.promises.items():
            said = (
                self._say_promise(promise),
                self.figures.say_restored(promise),
                self.repayment.say(promise),
                steps.get(program_id),
            )
            if text := "; ".join(filter(None, said)):
                lines.append(f"{promise.facts.name}: {text}")
        return "\n".join(lines)

    def repayments(self) -> list[dict]:
        """Return the lines that charge the customer for points redeemed already."""
        return list(filter(None, map(self.repayment.line, self.promises.values())))

    def is_charge_due(self) -> bool:
        """Tell whether its lines charge other money for such points than is due."""
        return any(map(self.repayment.is_due, self.promises.values()))

    @functools.cached_property
    def repayment(self) -> Repayment:
        """What becomes of points that it takes back, and that are redeemed already."""
        promises = self.promises.values()
        charged = self.preview.context.sale._points_repaid() if promises else {}
        return Repayment(self.sale, promises, charged)

    def _is_asked(self) -> bool:
        """Tell whether the sale can earn at all, and the reader may ask about it.

        What is not saved may name any company and any customer, whoever asks.
        """
        sale = self.sale
        if not sale.partner_id or not sale.company_id.points_active:
            return False
        if sale.id:
            return True
        customer = sale.partner_id.with_env(self.env(su=False))
        is_own = sale.company_id in self.env.user.company_ids
        return is_own and customer.has_access("read")

    def _decided_before(self) -> frozenset[int]:
        """Return the programs that an order is counted in already.

        What is decided of an invoice is asked for: it may wait for its payment.
        """
        context = self.preview.context
        if not context.is_anew:
            return frozenset()
        return frozenset(context.evidence_of(self.sale._points_root()).programs)

    def _say_promise(self, promise) -> str:
        said = self.figures.say_promise(promise)
        value = self.figures.say_value(promise.facts, abs(promise.points))
        if said and value:
            said = self.env._("%(points)s, worth %(value)s", points=said, value=value)
        credit_on = self.sale._points_credited_later(promise.facts.terms.credit_on)
        return said and say_credited(self.env, said, credit_on)

    def _say_steps(self) -> dict[int, str]:
        """Return how much more reaches the next target or reward, by program."""
        if not self.promises:
            return {}
        return NextTarget(self.preview.settlement, self.promises).say()
