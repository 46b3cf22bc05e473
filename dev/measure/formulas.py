"""What it costs to evaluate the formulas of rules, beside other ways to do it.

Three formulas that shops use, in a spelling that all engines read: quantity is
``qty`` here, and a member is a line sold ``direct``. Our engine counts in
Decimal, the others in binary floats. Then many lines in one go, and the texts
that the tests try: what the worst of them takes, and how much memory is kept.

No database takes part, and all times are those of this process's processor.
"""

import importlib.util
import math
import random
import statistics
import time
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from simpleeval import SimpleEval

from odoo.tools.safe_eval import safe_eval

from odoo.addons.customer_points.engine.formula.errors import FormulaError
from odoo.addons.customer_points.engine.formula.evaluator import (
    Evaluator,
    evaluate,
    parse,
    read_once,
)
from odoo.addons.customer_points.engine.formula.names import PRODUCT

from .calls import quiet_memory
from .memory import begin_peak, peak

OURS, AS_AN_ORDER, SAFE_EVAL = "ours", "ours, as an order", "safe_eval"
FORMULAS = {
    "two steps": "floor(grossamount / 5000) if grossamount >= 1000000"
    " else floor(grossamount / 10000)",
    "one rate": "grossamount * 0.01",
    "product of three": "floor(grossamount / 1000) * qty * (2 if direct else 1)",
}
_FUNCTIONS = {"floor": math.floor, "ceil": math.ceil, "min": min, "max": max}
_AMOUNTS = ("12345", "999999", "1000000", "2345678.9")
#: Evaluations in one run, and runs of each engine; the median run counts.
_LOOPS, _RUNS = 5000, 9
#: Binary floats are this far from the exact result at most.
_NOISE = 1e-9


@dataclass(frozen=True, slots=True)
class Engine:
    """A way to evaluate one formula, and the numbers it counts with."""

    evaluate: Callable
    number: Callable = float

    def values(self, amount: str) -> dict:
        """Return what the variables hold on a line of this amount."""
        number = self.number
        return {"grossamount": number(amount), "qty": number(3), "direct": True}


def measure(count: int, seed: str) -> dict:
    """Measure the formulas on ``count`` lines, and ``count`` texts of the tests."""
    # First the texts: memory that was needed before would hide what they need.
    texts = _texts(count, seed)
    formulas = {name: _formula(text, count) for name, text in FORMULAS.items()}
    return {"lines": count, "formulas": formulas, "texts": texts}


# === ENGINES === #


def _engines(text: str) -> dict[str, Engine]:
    evaluator = Evaluator(parse(text, PRODUCT))
    parsed_evaluator, parsed = SimpleEval(functions=_FUNCTIONS), SimpleEval.parse(text)

    def as_an_order(values):
        return evaluate(parse(text, PRODUCT), values)

    def simpleeval(values):
        return SimpleEval(functions=_FUNCTIONS, names=values).eval(text)

    def simpleeval_parsed(values):
        parsed_evaluator.names = values
        return parsed_evaluator.eval(text, parsed)

    def odoo(values):
        return safe_eval(text, {**_FUNCTIONS, **values})

    return {
        OURS: Engine(evaluator.points, Decimal),
        AS_AN_ORDER: Engine(as_an_order, Decimal),
        "simpleeval": Engine(simpleeval),
        "simpleeval, parsed": Engine(simpleeval_parsed),
        SAFE_EVAL: Engine(odoo),
    }


def _formula(text: str, count: int) -> dict:
    """Return what each engine takes for a formula, and where they differ."""
    engines = _engines(text)
    figures = _microseconds(engines, min(count, _LOOPS))
    amounts = [str(place * 7919 % 3_000_000) for place in range(count)]
    expected = None
    for name, engine in engines.items():
        lines = list(map(engine.values, amounts))
        began = time.process_time()
        answers = array("d", map(engine.evaluate, lines))
        figures[name]["seconds"] = time.process_time() - began
        expected = expected or answers
        figures[name]["wrong"] = _differences(answers, expected)
    own = engines[OURS]
    lines = list(map(own.values, amounts))
    figures[OURS]["memory_mb"] = _growth(lambda: sum(map(own.evaluate, lines)))
    return {"text": text, "engines": figures}


def _differences(answers: Iterable[float], expected: Iterable[float]) -> int:
    pairs = zip(answers, expected, strict=True)
    return sum(abs(found - right) > _NOISE for found, right in pairs)


def _microseconds(engines: dict[str, Engine], loops: int) -> dict[str, dict]:
    """Return microseconds per evaluation; the engines take turns."""
    samples: dict[str, list[float]] = {name: [] for name in engines}
    lines = {
        name: [*map(engine.values, _AMOUNTS)] * (loops // len(_AMOUNTS))
        for name, engine in engines.items()
    }
    names = list(engines)
    with quiet_memory():
        for run in range(_RUNS):
            turn = run % len(names)
            for name in names[turn:] + names[:turn]:
                seconds = _seconds(engines[name].evaluate, lines[name])
                samples[name].append(1e6 * seconds / len(lines[name]))
    return {
        name: {"us": statistics.median(found), "min": min(found), "max": max(found)}
        for name, found in samples.items()
    }


def _seconds(function: Callable, lines: list[dict]) -> float:
    began = time.process_time()
    for values in lines:
        function(values)
    return time.process_time() - began


def _growth(act: Callable) -> float:
    """Return how many MB the process grows at most while it acts."""
    with quiet_memory():
        before = begin_peak()
        act()
        return peak() - before


# === HOSTILE TEXTS === #


def _texts(count: int, seed: str) -> dict:
    """Return what reading and evaluating the texts of the tests takes."""
    fuzz = _fuzz()
    texts = list(fuzz.inputs(seed, count))
    reading, evaluating = array("d", bytes(8 * count)), array("d", bytes(8 * count))
    read_once.cache_clear()
    growth = _growth(lambda: _try(texts, fuzz.values_for, reading, evaluating))
    known = read_once.cache_info()
    read = sum(map(bool, evaluating))
    read_once.cache_clear()
    return {
        "tried": count,
        "read": read,
        "kept": known.currsize,
        "known": known.hits,
        "reading": _spread(reading),
        "evaluating": _spread(filter(None, evaluating)),
        "both": _spread(map(sum, zip(reading, evaluating, strict=True))),
        "memory_mb": growth,
    }


def _try(texts, values_for, reading, evaluating) -> None:
    """Read and evaluate each text as an order does; note the milliseconds of both."""
    draw = random.Random(0)
    for place, tried in enumerate(texts):
        began = time.process_time()
        try:
            formula = parse(tried.text, tried.context)
        except FormulaError:
            formula = None
        reading[place] = 1000 * (time.process_time() - began)
        if formula:
            values = values_for(formula, draw, place % 2 == 0)
            evaluating[place] = _milliseconds(formula, values)


def _milliseconds(formula, values: dict) -> float:
    began = time.process_time()
    try:
        evaluate(formula, values)
    except FormulaError:
        pass
    return 1000 * (time.process_time() - began)


def _spread(milliseconds: Iterable[float]) -> dict[str, float]:
    """Return p50, p99 and maximum."""
    found = sorted(milliseconds)
    at = {"p50": 0.50, "p99": 0.99, "max": 1.0}
    return {
        name: found[min(int(share * len(found)), len(found) - 1)]
        for name, share in at.items()
    }


def _fuzz():
    """Return the module that writes the texts, without the tests beside it."""
    path = Path(__file__).resolve().parents[2] / "tests" / "formula_fuzz.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
