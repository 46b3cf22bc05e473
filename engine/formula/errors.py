"""What can be wrong with a formula: one exception, one list of reasons."""

from __future__ import annotations

from ..numbers import EngineError

#: The text is no formula.
EMPTY, TOO_LONG, TOO_COMPLEX = "empty", "too_long", "too_complex"
UNKNOWN_SIGN, UNEXPECTED, UNFINISHED = "unknown_sign", "unexpected", "unfinished"
UNCLOSED, NO_COLON, ASSIGNMENT = "unclosed", "no_colon", "assignment"
SEVERAL, TOO_PRECISE = "several", "too_precise"
#: It asks for what does not exist, or is not allowed here.
UNKNOWN_NAME, UNKNOWN_FUNCTION, NO_CALL = "unknown_name", "unknown_function", "no_call"
ONLY_PRODUCT, SWITCHED_OFF, REFUSED = "only_product", "switched_off", "refused"
ARGUMENT_COUNT, NO_LITERAL = "argument_count", "no_literal"
UNKNOWN_KIND = "unknown_kind"
#: Numbers, texts, lists and yes-or-no are mixed up.
NOT_A_NUMBER, NOT_A_CONDITION = "not_a_number", "not_a_condition"
NOT_ALIKE, NOT_A_LIST, MIXED_LIST = "not_alike", "not_a_list", "mixed_list"
#: It is a formula, but these amounts have no result.
DIVISION_BY_ZERO, TOO_LARGE, NEGATIVE = "division_by_zero", "too_large", "negative"
NO_VALUE = "no_value"


class FormulaError(EngineError):
    """A formula that cannot be used, or has no result.

    ``code`` is one of the reasons above, for people to be told in their
    language; ``position`` and ``length`` mark the place in the text, from 0;
    ``words`` are what the sentence needs: names, numbers, a suggestion.
    """

    def __init__(self, code: str, position: int = 0, length: int = 0, **words) -> None:
        super().__init__(f"{code} at {position}: {words}")
        self.code, self.position, self.length, self.words = (
            code,
            position,
            length,
            words,
        )
