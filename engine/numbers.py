"""The only place that makes, rounds, spreads and writes numbers.

All arithmetic is decimal with 28 digits: no binary float enters, so 0.1 x 30
is 3, and a twin in another language can give the same digits.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from typing import ParamSpec, TypeVar

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)
#: Points and shares of money are kept with so many decimals (design 2.3).
LEDGER_DECIMALS = 4
#: No number of a sale is larger than this (hardening 2, I6) …
LIMIT = Decimal(10) ** 12
#: … and none in the ledger: Odoo's floats are exact to four decimals up to here.
LEDGER_LIMIT = Decimal(10) ** 10

_CONTEXT = Context(
    prec=28,
    rounding=ROUND_HALF_UP,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
_ROUNDINGS = {"down": ROUND_FLOOR, "half_up": ROUND_HALF_UP, "up": ROUND_CEILING}
#: Three thirds are 1 again once rounded to this; no real result is as fine.
_FINEST = Decimal("1E-12")

_Params = ParamSpec("_Params")
_Result = TypeVar("_Result")


class EngineError(ValueError):
    """The engine was given something it must not calculate with."""


def number(value: Decimal | int | str) -> Decimal:
    """Return ``value`` as a finite Decimal no larger than ``LIMIT``.

    :raise EngineError: for a float (adapters give text with the field's
        digits), NaN, infinity, or anything out of range (I6).
    """
    if isinstance(value, (float, bool)):
        raise EngineError(f"{value!r} is no exact number: give text or a Decimal")
    try:
        result = Decimal(value)
    except (ArithmeticError, TypeError, ValueError):
        raise EngineError(f"{value!r} is not a number") from None
    if not result.is_finite() or not -LIMIT <= result <= LIMIT:
        raise EngineError(f"{value!r} is out of range")
    return result


def exact(value: float, decimals: int = LEDGER_DECIMALS) -> Decimal:
    """Return a field's float as the number it shows, with the field's decimals.

    :raise EngineError: for NaN, infinity and numbers out of range

    >>> exact(0.1 + 0.2, 2)
    Decimal('0.30')
    """
    return number(format(value, f".{decimals}f")) or ZERO


def is_amount(value: Decimal) -> bool:
    """Tell whether ``value`` is an exact, finite number from 0 to ``LIMIT``."""
    return isinstance(value, Decimal) and value.is_finite() and ZERO <= value <= LIMIT


def calculating(function: Callable[_Params, _Result]) -> Callable[_Params, _Result]:
    """Let ``+``, ``-`` and ``sum`` in ``function`` use the engine's context.

    The context they would use otherwise belongs to the thread: any code of
    the same process may have left it with fewer digits.
    """

    @functools.wraps(function)
    def calculate(*args: _Params.args, **kwargs: _Params.kwargs) -> _Result:
        with localcontext(_CONTEXT):
            return function(*args, **kwargs)

    return calculate


def text(value: Decimal) -> str:
    """Write ``value`` the shortest way that reads back equal: 100, not 1E+2."""
    plain = format(value, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain == "-0" else plain


def multiply(left: Decimal, right: Decimal) -> Decimal:
    """Multiply in the engine's context."""
    return _CONTEXT.multiply(left, right)


def ratio(amount: Decimal, times: Decimal, per: Decimal) -> Decimal:
    """Return ``amount x times / per``; divided last, so 9 x 1/3 is 3.

    :raise EngineError: when ``per`` is not positive.
    """
    if per <= 0:
        raise EngineError("a block must be larger than zero")
    return _CONTEXT.divide(_CONTEXT.multiply(amount, times), per)


def share_of(part: Decimal, whole: Decimal) -> Decimal:
    """Return which share of ``whole`` a ``part`` is: from 0 to 1."""
    share = ratio(min(max(part, ZERO), whole), ONE, whole)
    return share.quantize(_FINEST, ROUND_HALF_UP, _CONTEXT)


def part_of(amount: Decimal, share: Decimal) -> Decimal:
    """Return that share of an amount, with the decimals of the ledger."""
    return round_points(multiply(amount, share), "none", LEDGER_DECIMALS)


def whole_blocks(amount: Decimal, per: Decimal) -> Decimal:
    """Return how many whole blocks of ``per`` fit in ``amount`` (T-13)."""
    return ratio(amount, Decimal(1), per).to_integral_value(ROUND_FLOOR)


def round_points(points: Decimal, rounding: str, decimals: int) -> Decimal:
    """Round points as a program says; ``down`` is towards minus infinity.

    ``none`` keeps what the ledger can hold, four decimals (C-47).

    :raise EngineError: for an unknown rounding or points out of range (X-35).
    """
    if rounding == "none":
        mode, decimals = ROUND_HALF_UP, LEDGER_DECIMALS
    elif rounding in _ROUNDINGS:
        mode = _ROUNDINGS[rounding]
    else:
        raise EngineError(f"{rounding!r} is no way of rounding")
    exact = number(points).quantize(_FINEST, ROUND_HALF_UP, _CONTEXT)
    return exact.quantize(Decimal(1).scaleb(-decimals), mode, _CONTEXT)


@calculating
def spread(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split ``amount`` pro rata to ``weights``; the parts add up exactly.

    Rounding the running total instead of each part leaves nothing over.
    Without any weight there is nothing to split: all parts are zero.
    """
    total = sum(weights, ZERO)
    if not total or not amount:
        return [ZERO] * len(weights)
    parts, running, given = [], ZERO, ZERO
    for weight in weights:
        running += weight
        due = round_points(ratio(amount, running, total), "none", LEDGER_DECIMALS)
        parts.append(due - given)
        given = due
    return parts
