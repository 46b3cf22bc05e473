"""Evidence: what the engine saw and decided, terse enough to keep for ever.

One evidence belongs to one bill and serves all programs. It explains every
point and settles returns later without asking today's rules. Numbers are
text, one bill line is one string; what has its usual value is left out.

``d`` date, ``l`` lines (key product quantity gross [net]), ``x`` reduction,
``p`` per program: ``t`` terms that are not the usual ones, ``s`` shares
(rule method rate lines qualifying), ``n`` reasons by line, ``w`` reason for all.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal

from .basket import NO_REDUCTION, Basket, BasketLine, Kept, Reduction
from .earning import Award, award_by
from .matching import DISCOUNTED, EXCLUDED, Decision, Share
from .numbers import EngineError, number, text
from .rules import Terms

_ALL = "*"
_REDUCTION = "x"
#: Terms that decide what a return takes back; dates and matching have done
#: their work when the evidence is taken.
_KEPT_TERMS = (
    "amount_basis",
    "rounding",
    "decimals",
    "rounding_scope",
    "return_policy",
    "currency_rate",
)


def evidence_of(basket: Basket, awards: Iterable[Award]) -> dict:
    """Return the evidence of one bill as plain JSON values.

    :raise EngineError: for a line whose key is not one word of its own.
    """
    evidence = {
        "d": basket.date.isoformat(),
        "l": [_line_text(line) for line in basket.lines],
        "p": {
            str(award.decision.terms.program): _decision_json(award.decision, basket)
            for award in awards
        },
    }
    if basket.reduction != NO_REDUCTION:
        evidence[_REDUCTION] = _reduction_text(basket.reduction)
    return evidence


def basket_from(evidence: dict) -> Basket:
    """Return the bill an evidence was taken of."""
    date = datetime.date.fromisoformat(evidence["d"])
    lines = tuple(map(_line_from, evidence["l"]))
    return Basket(date, lines, _reduction_from(evidence))


def awards_from(evidence: dict) -> dict[int, Award]:
    """Return the award per program, from the evidence alone."""
    basket = basket_from(evidence)
    return {
        int(program): award_by(basket, _decision_from(int(program), decision, basket))
        for program, decision in evidence["p"].items()
    }


def kept_json(kept: Mapping[str, Kept], reduction: Reduction) -> dict:
    """Return what a return left of a bill, as plain JSON values."""
    stored = {
        key: f"{text(line.quantity)} {text(line.gross)} {text(line.net)}"
        for key, line in kept.items()
    }
    if reduction != NO_REDUCTION:
        stored[_REDUCTION] = _reduction_text(reduction)
    return stored


def kept_from(stored: dict) -> tuple[dict[str, Kept], Reduction]:
    """Return what ``kept_json`` was made of."""
    kept = {
        key: Kept(*map(number, words.split()))
        for key, words in stored.items()
        if key != _REDUCTION
    }
    return kept, _reduction_from(stored)


def _reduction_text(reduction: Reduction) -> str:
    return f"{text(reduction.gross)} {text(reduction.net)}"


def _reduction_from(stored: dict) -> Reduction:
    return Reduction(*map(number, stored.get(_REDUCTION, "0 0").split()))


def _line_text(line: BasketLine) -> str:
    if line.key.split() != [line.key] or line.key == _REDUCTION:
        raise EngineError(f"{line.key!r} is no key of a line: it must be one word")
    numbers = [line.quantity, line.gross]
    if line.net != line.gross:
        numbers.append(line.net)
    return " ".join([line.key, str(line.product), *map(text, numbers)])


def _line_from(line_text: str) -> BasketLine:
    key, product, *numbers = line_text.split()
    quantity, gross, *net = map(number, numbers)
    return BasketLine(key, int(product), quantity, gross, net[0] if net else gross)


def _decision_json(decision: Decision, basket: Basket) -> dict:
    result = {
        "t": " ".join(_terms_text(decision.terms)),
        "s": [_share_text(share, len(basket.lines)) for share in decision.shares],
        "n": {str(place): reason for place, reason in decision.notes},
        "w": decision.reason,
    }
    return {key: value for key, value in result.items() if value}


def _decision_from(program: int, stored: dict, basket: Basket) -> Decision:
    notes = tuple((int(place), reason) for place, reason in stored.get("n", {}).items())
    left_out = {place for place, reason in notes if reason in (EXCLUDED, DISCOUNTED)}
    count = 0 if "w" in stored else len(basket.lines)
    return Decision(
        _terms_from(program, stored.get("t", "")),
        tuple(_share_from(share, count) for share in stored.get("s", ())),
        tuple(place for place in range(count) if place not in left_out),
        notes,
        stored.get("w", ""),
    )


def _terms_text(terms: Terms) -> Iterable[str]:
    usual = Terms(0)
    for name in _KEPT_TERMS:
        value = getattr(terms, name)
        if value != getattr(usual, name):
            shown = text(value) if isinstance(value, Decimal) else value
            yield f"{name}={shown}"


def _terms_from(program: int, terms_text: str) -> Terms:
    values = dict(pair.split("=") for pair in terms_text.split())
    if "decimals" in values:
        values["decimals"] = int(values["decimals"])
    if "currency_rate" in values:
        values["currency_rate"] = number(values["currency_rate"])
    return dataclasses.replace(Terms(program), **values)


def _share_text(share: Share, count: int) -> str:
    rate = "/".join(map(text, share.rate))
    words = [str(share.rule), share.method, rate, _places_text(share.lines, count)]
    if share.qualifying:
        words.append(_places_text(share.qualifying, count))
    return " ".join(words)


def _share_from(share_text: str, count: int) -> Share:
    rule, method, rate, *places = share_text.split()
    lines, qualifying = (*(_places_from(words, count) for words in places), ())[:2]
    return Share(
        int(rule), method, tuple(map(number, rate.split("/"))), lines, qualifying
    )


def _places_text(places: tuple[int, ...], count: int) -> str:
    return _ALL if len(places) == count else ",".join(map(str, places))


def _places_from(places_text: str, count: int) -> tuple[int, ...]:
    if places_text == _ALL:
        return tuple(range(count))
    return tuple(map(int, places_text.split(",")))
