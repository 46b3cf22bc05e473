"""R-03 on random baskets: partial returns, however many, in whatever order.

Every basket is built from one number by ``random.Random``: that is many times
faster than drawing each value, and a failure names the number to repeat it.
"""

import datetime
import json
import random
from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.basket import (
    FROM_STOCK,
    FROM_SUPPLIER,
    Basket,
    BasketLine,
    Direct,
    Reduction,
)
from odoo.addons.customer_points.engine.earning import (
    Award,
    Earned,
    award,
    earned_after_returns,
)
from odoo.addons.customer_points.engine.evidence import awards_from, evidence_of
from odoo.addons.customer_points.engine.returning import (
    ReturnedLine,
    SoldLine,
    remainder,
)
from odoo.addons.customer_points.engine.rules import Rule, RuleSet, SellGroup, Terms

DATE = datetime.date(2026, 3, 15)
LATER = DATE.replace(month=4)
STARTS = (None, None, DATE, DATE.replace(month=1), LATER)
BLOCKS = ("block", "proportional", "quantity")
METHODS = (*BLOCKS, "multiplier", "multiplier", "percent", "none")
CENT = Decimal("0.01")
THREE_OF_SEVEN = Direct(Decimal(3), Decimal(7))


class RandomCase:
    """A basket, the awards of several programs, and what comes back of it."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._random = random.Random(seed)
        self.basket = self._basket()
        self.awards = [
            award(self.basket, self._terms(program), self._rule_set())
            for program in range(1, self._choice((2, 3, 4)))
        ]
        self.sold = [
            SoldLine(line.key, line.product, line.quantity, line.gross, line.net, links)
            for line, links in zip(self.basket.lines, self._links(), strict=True)
        ]
        self.returned = [self._part() for _ in range(self._choice((1, 2, 3, 4)))]

    def __repr__(self) -> str:
        parts = (self.basket, self.awards, self.sold, self.returned)
        return "\n".join([f"RandomCase({self.seed})", *map(str, parts)])

    def awards_from_evidence(self) -> dict[int, Award]:
        """Return the awards as they come back from the database."""
        return awards_from(
            json.loads(json.dumps(evidence_of(self.basket, self.awards)))
        )

    def shuffled(self) -> list[ReturnedLine]:
        """Return the parts that come back in another order."""
        return self._random.sample(self.returned, len(self.returned))

    def at_once(self) -> list[ReturnedLine]:
        """Return the same things as one return: each of them named once."""
        sums: dict[tuple, list[Decimal]] = {}
        for part in self.returned:
            total = sums.setdefault((part.product, part.key, part.links), [0, 0, 0])
            total[0] += part.quantity
            total[1] += part.gross
            total[2] += part.net
        return [
            ReturnedLine(product, *total, key, links)
            for (product, key, links), total in sums.items()
        ]

    def _choice(self, values: tuple):
        """Return one of ``values``, much faster than ``random.choice``."""
        return values[int(self._random.random() * len(values))]

    # === WHAT IS BOUGHT === #

    def _money(self, most: int = 50000) -> Decimal:
        return int(self._random.random() * most) * CENT

    def _basket(self) -> Basket:
        choice = self._choice
        lines = []
        for place in range(choice((0, 1, 2, 2, 3, 4, 5))):
            gross, product = self._money(), choice((1, 2, 3))
            lines.append(
                BasketLine(
                    f"line{place}",
                    product,
                    Decimal(choice(("0", "1", "2", "3", "2.5", "12"))),
                    gross,
                    choice((gross, (gross / Decimal("1.24")).quantize(CENT))),
                    template=product,
                    categories=choice(((), (5,), (5, 4))),
                    tags=frozenset(choice(((), (6,)))),
                    discount=Decimal(choice((0, 0, 0, 10))),
                    direct=choice((FROM_STOCK, FROM_SUPPLIER, THREE_OF_SEVEN)),
                    policy=choice(
                        ("program", "program", "program", "fixed", "excluded")
                    ),
                    points_per_unit=Decimal(choice(("0", "1.5", "10"))),
                )
            )
        money = choice((Decimal(0), self._money(6000), self._money(200000)))
        groups = frozenset(choice(((), (1,), (1, 2))))
        return Basket(DATE, tuple(lines), Reduction(money, money), groups)

    # === WHAT IS PROMISED === #

    def _terms(self, program: int) -> Terms:
        choice = self._choice
        return Terms(
            program,
            date_from=choice((*[None] * 20, LATER)),
            amount_basis=choice(("gross", "net")),
            exclude_discounted=choice((False, True)),
            combination=choice(("most_specific", "add_up")),
            rounding=choice(("down", "half_up", "up", "none")),
            decimals=choice((0, 0, 2, 4)),
            rounding_scope=choice(("document", "line")),
            return_policy=choice(("recompute", "recompute", "proportional", "keep")),
            currency_rate=Decimal(choice(("1", "1", "0.92468715", "137.5"))),
        )

    def _rule_set(self) -> RuleSet:
        choice = self._choice
        customer = tuple(
            self._rule(number) for number in range(2, choice((2, 3, 4, 5)))
        )
        criteria = (self._rule(10, ("multiplier", *BLOCKS)),)
        return RuleSet(
            (self._rule_for_all(), *customer),
            choice(({}, {1: criteria}, {2: criteria})),
            choice(({}, {4: criteria}, {5: criteria})),
        )

    def _rule_for_all(self) -> Rule:
        own = self._rule(1)
        return replace(
            own, applies_to="all", date_from=None, customer_groups=frozenset()
        )

    def _rule(self, number: int, methods: tuple[str, ...] = METHODS) -> Rule:
        choice = self._choice
        method = choice(methods)
        is_on_top = method != "none" and choice((False, False, True))
        return Rule(
            number,
            method,
            applies_to=choice(
                ("all", "all", "all", "product", "price_line", "sell_group")
            ),
            target=choice((1, 2, 4, 5)),
            sell_group=SellGroup(tags=frozenset({6})),
            rate_stock=Decimal(choice(("1", "0.5", "1.5", "20"))),
            rate_direct=choice((None, Decimal(0), Decimal("0.7"))),
            points=Decimal(choice((1, 2, 10))),
            per=Decimal(choice(("1", "3", "5", "100"))),
            date_from=choice(STARTS),
            context=choice(("product", "transaction")) if is_on_top else "product",
            override=choice((False, True)),
            qualifying=choice((False, True)),
            bonus=is_on_top,
            customer_groups=frozenset(choice(((), (), (), (2,)))),
        )

    # === WHAT COMES BACK === #

    def _links(self) -> list[frozenset[int]]:
        links = [frozenset({place}) for place in range(len(self.basket.lines))]
        return links if self._random.random() < 0.5 else [frozenset()] * len(links)

    def _part(self) -> ReturnedLine:
        choice = self._choice
        share = choice((Decimal(0), Decimal("0.3"), Decimal("0.5"), Decimal(1)))
        if not self.sold or self._random.random() < 0.2:
            money = self._money(3000)
            return ReturnedLine(choice((0, 0, 99)), Decimal(0), money, money)
        line = choice(self.sold)
        key, links = choice(
            ((line.key, frozenset()), ("", line.links), ("", frozenset()))
        )
        return ReturnedLine(
            line.product,
            line.quantity * choice((Decimal(0), share)),
            (line.gross * share).quantize(CENT),
            (line.net * share).quantize(CENT),
            key,
            links,
        )


#: Of bits, not of an integer: for integers Hypothesis first reads the source of
#: every module there is, keeps what it found on disk, and draws by it.
SEEDS = st.tuples(*[st.booleans()] * 12).map(
    lambda bits: sum(bit << place for place, bit in enumerate(bits))
)
BASKETS_BY_SEED = 4


def on_random_baskets(count: int):
    """Run a test on ``count`` random baskets, the same ones every time."""

    def decorate(test):
        def on_baskets_of_one_seed(self, seed):
            for place in range(BASKETS_BY_SEED):
                case = RandomCase(seed * BASKETS_BY_SEED + place)
                note(case)
                test(self, case)

        on_baskets_of_one_seed.__name__ = test.__name__
        return settings(
            max_examples=count // BASKETS_BY_SEED,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=[HealthCheck.too_slow],
        )(given(seed=SEEDS)(on_baskets_of_one_seed))

    return decorate


class TestEngineChains(BaseCase):
    def settle(self, case, awards, returned):
        """Return what each award should stand for once ``returned`` came back."""
        rest = remainder(case.sold, returned)
        kept = case.basket.keep(rest.kept, case.basket.reduction + rest.reduction)
        return [earned_after_returns(one, kept) for one in awards]

    @on_random_baskets(1100)
    def test_r03_any_chain_of_returns_ends_like_one_return_of_the_same(self, case):
        awards = list(case.awards_from_evidence().values())
        ledger = [[one.points, one.qualifying_points] for one in case.awards]

        returned = case.shuffled()
        for count in range(1, len(returned) + 1):
            targets = self.settle(case, awards, returned[:count])
            for sums, target, first in zip(ledger, targets, case.awards, strict=True):
                sums[0] += target.points - sums[0]
                sums[1] += target.qualifying_points - sums[1]
                self.assertTrue(0 <= target.points <= first.points)
                self.assertTrue(0 <= target.qualifying_points <= target.points)
                self.assertLessEqual(target.qualifying_points, first.qualifying_points)

        at_once = self.settle(case, case.awards, case.at_once())
        self.assertEqual([Earned(*sums) for sums in ledger], at_once)

    @on_random_baskets(300)
    def test_i7_returning_everything_leaves_exactly_nothing(self, case):
        rest = remainder(case.sold, case.returned)
        the_rest = [
            ReturnedLine(0, left.quantity, left.gross, left.net, key)
            for key, left in rest.kept.items()
        ]

        left = self.settle(case, case.awards, [*case.returned, *the_rest])

        self.assertEqual(left, [Earned()] * len(case.awards))

    @on_random_baskets(300)
    def test_r03_returning_the_returns_leaves_exactly_all(self, case):
        undone = [
            replace(part, quantity=-part.quantity, gross=-part.gross, net=-part.net)
            for part in case.shuffled()
        ]

        left = self.settle(case, case.awards, [*case.returned, *undone])

        self.assertEqual(
            left, [Earned(one.points, one.qualifying_points) for one in case.awards]
        )

    @on_random_baskets(300)
    def test_r01_the_award_is_the_same_from_its_evidence(self, case):
        again = case.awards_from_evidence()

        for first in case.awards:
            copy = again[first.decision.terms.program]
            self.assertEqual(
                (copy.points, copy.qualifying_points, copy.exact, copy.steps),
                (first.points, first.qualifying_points, first.exact, first.steps),
            )
            self.assertLessEqual(first.qualifying_points, first.points)
