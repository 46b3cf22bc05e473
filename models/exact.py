from decimal import Decimal

from odoo.tools import float_repr

from .. import const
from ..engine.numbers import number


def exact(value: float, decimals: int = const.POINTS_DIGITS[1]) -> Decimal:
    """Return a field's float as the engine's number, with the field's decimals.

    :raise EngineError: for NaN, infinity and numbers out of range.
    """
    return number(float_repr(value, decimals))
