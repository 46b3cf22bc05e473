"""X-36: whatever is typed, it gives points or a FormulaError, and nothing else.

Attacks written by people, a hundred thousand texts at random, and Hypothesis.
A failure shows the text, which is always the same for the same number. The whole
suite tries them all, any other run a thousand of the same kinds.
"""

import inspect
import itertools
import os
import random
import warnings
from collections import Counter
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.formula import errors as formula_errors
from odoo.addons.customer_points.engine.formula.errors import (
    NOT_A_NUMBER,
    TOO_LARGE,
    FormulaError,
)
from odoo.addons.customer_points.engine.formula.evaluator import (
    MAX_POINTS,
    Evaluator,
    evaluate,
    parse,
    read_once,
)
from odoo.addons.customer_points.engine.formula.probe import find_warnings
from odoo.addons.customer_points.engine.formula.steps import attempt

from .formula_fuzz import (
    CONTEXTS,
    DAMAGED,
    NOISE,
    PIECES,
    WRITTEN,
    Author,
    attacks,
    damaged,
    inputs,
    noise,
    values_for,
)

SEED = 2026
#: How many texts come from the seed, and how many from Hypothesis.
WHOLE, SAMPLE = (92_000, 10_000), (1_000, 100)
SEEDED, BY_HYPOTHESIS = WHOLE if os.environ.get("POINTS_FUZZ_WHOLE") else SAMPLE
CODES = {
    code
    for name, code in inspect.getmembers(formula_errors)
    if name.isupper() and isinstance(code, str)
}
#: One readable formula of so many is also explained and tried out.
EXPLAINED = 100


SEEDS = st.integers(0, 2**32)


def typed():
    """Return what Hypothesis types: characters, pieces, damaged attacks, formulas."""
    known = st.sampled_from([attack.text for attack in attacks()])
    pieces = st.lists(st.sampled_from(PIECES), max_size=40)
    draws = SEEDS.map(random.Random)
    return st.one_of(
        st.text(max_size=60),
        st.text(alphabet="0123456789.+-*/%()<>=!?:,&|[]\"' qtymin", max_size=60),
        st.builds(str.join, st.sampled_from(("", " ")), pieces),
        st.builds(damaged, known, draws),
        st.builds(noise, draws),
        st.builds(lambda draw: Author(draw, CONTEXTS[1]).formula(), draws),
    )


class TestEngineFormulaFuzz(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(read_once.cache_clear)

    def tried(self, text, context, draw):
        """Assert that a text is harmless; return what became of it.

        That is None for what is no formula, else its points with usual values
        and with extreme ones; None for those that gave an error.
        """
        try:
            with warnings.catch_warnings():
                # Those of Python's parser would reach the log.
                warnings.simplefilter("error")
                return self._tried(text, context, draw)
        except Exception as error:
            raise AssertionError(f"{text!a} in {context}: {error!r}") from error

    def _tried(self, text, context, draw):
        formula = self.answer(text, parse, text, context)
        if formula is None:
            return None
        evaluator = Evaluator(formula)
        samples = [values_for(formula, draw, extreme) for extreme in (False, True)]
        return [self.answer(text, evaluator.points, values) for values in samples]

    def answer(self, text, function, *arguments):
        """Return a checked result, or None for a checked FormulaError."""
        try:
            result = function(*arguments)
        except FormulaError as error:
            self.assertIn(error.code, CODES)
            self.assertGreaterEqual(min(error.position, error.length), 0)
            self.assertLessEqual(error.position + error.length, len(text))
            return None
        if function is not parse:
            self.assertIs(type(result), Decimal)
            self.assertTrue(result.is_finite())
            self.assertTrue(0 <= result <= MAX_POINTS, result)
        return result

    def explained(self, text, context, draw):
        """Assert that explaining a formula and trying it out is as harmless."""
        formula = parse(text, context)
        values = values_for(formula, draw, draw.random() < 0.5)
        trial = attempt(formula, values)
        with self.subTest(ascii(text)):
            points = self.answer(text, evaluate, formula, values)
            self.assertEqual(trial.points, points)
            self.assertEqual(trial.error is None, points is not None)
            self.assertIsInstance(find_warnings(formula), list)

    # === ATTACKS === #

    def test_attacks_are_many_and_all_different(self):
        texts = [attack.text for attack in attacks()]

        self.assertGreaterEqual(len(texts), 700)
        self.assertEqual([text for text, n in Counter(texts).items() if n > 1], [])
        self.assertGreater(len({attack.family for attack in attacks()}), 25)

    def test_x36_attacks_are_refused_when_they_are_read(self):
        refused = [attack for attack in attacks() if attack.is_refused]
        self.assertGreater(len(refused), 600)
        draw = random.Random(SEED)

        for attack, context in itertools.product(refused, CONTEXTS):
            with self.subTest(attack.family, text=ascii(attack.text), context=context):
                self.assertIsNone(self.tried(attack.text, context, draw))

    def test_x36_attacks_that_are_formulas_are_read_and_harmless(self):
        read = [attack for attack in attacks() if not attack.is_refused]
        self.assertGreater(len(read), 80)
        draw = random.Random(SEED)

        for attack, context in itertools.product(read, CONTEXTS):
            with self.subTest(attack.family, text=ascii(attack.text), context=context):
                for _ in range(5):
                    results = self.tried(attack.text, context, draw)
                    self.assertTrue(results or context == CONTEXTS[1])

    # === RANDOM TEXTS === #

    def test_x36_a_hundred_thousand_texts_are_tried_in_all(self):
        self.assertGreaterEqual(sum(WHOLE), 100_000)

    def test_x36_random_texts_give_points_or_a_formula_error(self):
        draw, tried, read, counted = (
            random.Random(SEED),
            Counter(),
            Counter(),
            Counter(),
        )

        for given_text in inputs(SEED, SEEDED):
            results = self.tried(given_text.text, given_text.context, draw)
            tried[given_text.kind] += 1
            if results is not None:
                read[given_text.kind] += 1
                counted[given_text.kind] += results[0] is not None
                if read.total() % EXPLAINED == 0:
                    self.explained(given_text.text, given_text.context, draw)

        self.assertEqual(tried.total(), SEEDED)
        self.assertEqual(read[WRITTEN], tried[WRITTEN], "what is right is read")
        self.assertGreater(counted[WRITTEN] / tried[WRITTEN], 0.5)
        self.assertGreater(read[DAMAGED] / tried[DAMAGED], 0.1)
        self.assertLess(read[NOISE] / tried[NOISE], 0.1)

    def test_the_same_number_gives_the_same_texts(self):
        first, again, other = (list(inputs(seed, 500)) for seed in (1, 1, 2))

        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_x36_texts_of_hypothesis_give_points_or_a_formula_error(self):
        count = itertools.count()

        @settings(
            max_examples=BY_HYPOTHESIS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(typed(), st.sampled_from(CONTEXTS), SEEDS)
        def check(text, context, seed):
            next(count)
            self.tried(text, context, random.Random(seed))

        check()

        self.assertGreaterEqual(next(count), BY_HYPOTHESIS)

    # === FOUND BY THESE TESTS === #

    def test_a_value_that_is_no_exact_number_is_an_error_too(self):
        for value, code in [
            (Decimal("NaN"), NOT_A_NUMBER),
            (Decimal("sNaN"), NOT_A_NUMBER),
            (Decimal("Infinity"), TOO_LARGE),
            (1.5, NOT_A_NUMBER),
            (1, NOT_A_NUMBER),
            (None, NOT_A_NUMBER),
            (object(), NOT_A_NUMBER),
        ]:
            with self.subTest(value=value), self.assertRaises(FormulaError) as caught:
                evaluate(parse("qty", "product"), {"qty": value})
            self.assertEqual(caught.exception.code, code)

    def test_what_no_database_keeps_is_no_text_of_a_formula(self):
        for sign in ("\0", "\r", "\n", "\x0c", "\x1b", "\ud800", "\udfff"):
            source = f'channel == "a{sign}b" ? 1 : 2'
            with self.subTest(ascii(sign)), self.assertRaises(FormulaError) as caught:
                parse(source, "product")
            self.assertEqual(
                (caught.exception.code, caught.exception.position), ("unclosed", 11)
            )

    def test_what_is_no_plain_text_is_no_formula(self):
        class Text(str):
            __slots__ = ()

            def __len__(self):
                return 1

        for source in (
            *(None, b"qty", bytearray(b"qty"), 7, 7.5, True, Decimal(2), object()),
            *(["qty"], ("qty",), {"qty": 1}, {"qty"}, Text("qty" * 400), str),
        ):
            with self.subTest(source=source), self.assertRaises(FormulaError) as caught:
                parse(source, "product")
            self.assertEqual(caught.exception.code, "empty")
