"""How it is said what is wrong with a formula (X-10, X-20, X-30 … X-35)."""

from __future__ import annotations

from ..engine.formula import errors, probe
from ..engine.formula.errors import FormulaError


def say_error(env, error: FormulaError) -> str:
    """Return what is wrong with a formula, what to do, and where it is."""
    sentence = _say_reason(env, error.code, error.words)
    if error.code in _WITHOUT_PLACE:
        return sentence
    return env._(
        "%(sentence)s (Character %(position)s.)",
        sentence=sentence,
        position=error.position + 1,
    )


def say_failure(env, code: str) -> str:
    """Return why a formula gave nothing for a sale (X-35)."""
    return _say_reason(env, code, {})


def say_warning(env, warning: str) -> str:
    """Return what about a formula is likely not meant (X-31, X-32)."""
    return {
        probe.REPEATED: env._(
            "Computed per product line, but its amount is that of the whole "
            "order: three lines give three times as much. Use subtotal or "
            "grosssubtotal, or compute it once per transaction."
        ),
        probe.ALWAYS_ZERO: env._(
            "With all amounts that were tried, it gives 0 points."
        ),
        probe.NOT_WHOLE: env._(
            "The result can have decimals: write floor(…) or round(…) around it, "
            "or use the rounding of the program."
        ),
        probe.CAN_BE_NEGATIVE: env._(
            "With some amounts the result is negative: it then gives 0 points."
        ),
        probe.CAN_DIVIDE_BY_ZERO: env._(
            "With some amounts it divides by zero: it then gives 0 points."
        ),
    }[warning]


#: Reasons that are about the whole formula.
_WITHOUT_PLACE = frozenset(
    (
        *(errors.EMPTY, errors.TOO_LONG, errors.TOO_COMPLEX),
        *(errors.DIVISION_BY_ZERO, errors.TOO_LARGE, errors.NEGATIVE, errors.NO_VALUE),
    )
)


def _say_reason(env, code: str, words: dict) -> str:
    if code in (errors.UNKNOWN_NAME, errors.UNKNOWN_FUNCTION):
        return _say_unknown(env, code, words)
    words = dict.fromkeys(("sign", "name", "digits", "fewest", "most"), "") | words
    return (
        _say_writing(env, code, words)
        or _say_meaning(env, code, words)
        or env._("This formula cannot be used.")
    )


def _say_writing(env, code: str, words: dict) -> str:
    """Return what is wrong with the text of a formula."""
    return {
        errors.EMPTY: env._("Write a formula, such as floor(qty / 10)."),
        errors.TOO_LONG: env._("A formula can have up to 500 characters."),
        errors.TOO_COMPLEX: env._("This is too complex: split it into several rules."),
        errors.UNKNOWN_SIGN: env._("Unexpected character %(sign)s.", **words),
        errors.UNEXPECTED: env._("Something is missing or unexpected here."),
        errors.UNFINISHED: env._("The formula ends too early."),
        errors.UNCLOSED: env._("%(sign)s is opened but never closed.", **words),
        errors.NO_COLON: env._(
            "After ? a value is expected, then : and another value."
        ),
        errors.ASSIGNMENT: env._("To compare, write == with two signs."),
        errors.SEVERAL: env._("Write a single expression, without ;."),
        errors.TOO_PRECISE: env._(
            "A number can have up to %(digits)s digits.", **words
        ),
        errors.REFUSED: env._("This cannot be part of a formula."),
    }.get(code, "")


def _say_meaning(env, code: str, words: dict) -> str:
    """Return what is wrong with what a formula asks for, or comes to."""
    return {
        errors.NO_CALL: env._("%(name)s is a function: write %(name)s(…).", **words),
        errors.ONLY_PRODUCT: env._(
            "%(name)s is a value of a single product: compute the rule per "
            "product line.",
            **words,
        ),
        errors.SWITCHED_OFF: env._(
            "The function %(name)s is switched off in the settings.", **words
        ),
        errors.ARGUMENT_COUNT: _say_count(env, words),
        errors.NO_LITERAL: env._(
            "%(name)s needs a text in quotation marks, or a list of them.", **words
        ),
        errors.UNKNOWN_KIND: env._(
            "Write how the products are selected: category, tag, supplier or product."
        ),
        errors.NOT_A_NUMBER: env._(
            "A number is expected here. For yes or no write: condition ? 1 : 0."
        ),
        errors.NOT_A_CONDITION: env._(
            "A comparison is expected here, such as qty > 3."
        ),
        errors.NOT_ALIKE: env._(
            "Both sides must be of the same type: numbers, or texts in quotation marks."
        ),
        errors.NOT_A_LIST: env._('After in a list is expected, such as ["A", "B"].'),
        errors.MIXED_LIST: env._("A list must contain only numbers, or only texts."),
        errors.DIVISION_BY_ZERO: env._("Division by zero has no result."),
        errors.TOO_LARGE: env._("The numbers are too large."),
        errors.NEGATIVE: env._("The result is negative."),
        errors.NO_VALUE: env._("A value that the formula needs is missing."),
    }.get(code, "")


def _say_count(env, words: dict) -> str:
    if words["fewest"] == words["most"]:
        return env._("%(name)s takes exactly %(most)s value(s).", **words)
    return env._("%(name)s takes %(fewest)s to %(most)s values.", **words)


def _say_unknown(env, code: str, words: dict) -> str:
    is_name = code == errors.UNKNOWN_NAME
    if words["suggestion"]:
        return (
            env._("Unknown variable %(name)s, did you mean %(suggestion)s?", **words)
            if is_name
            else env._(
                "Unknown function %(name)s, did you mean %(suggestion)s?", **words
            )
        )
    return (
        env._("Unknown variable %(name)s: select one from the list.", **words)
        if is_name
        else env._("Unknown function %(name)s: select one from the list.", **words)
    )
