"""Evidence: what the engine saw and decided, terse enough to keep for ever.

One evidence belongs to one bill and serves all programs. It explains every
point and settles returns later without asking today's rules. Numbers are
text, one bill line is one string; what has its usual value is left out.

``q`` programs whose numbers could not be booked yet. ``r`` who bought what an invoice
is for, where that was another contact than its customer, else 0 (older ones: none).
``d`` date, ``l`` lines (key product quantity gross [net [redeemed]]), ``x``
reduction, ``y`` what was charged beside goods, ``m`` the share that was paid, if not
all was, ``b`` what took points (see ``spending``),
``p`` per program: ``t`` terms that are not the usual ones, ``s`` shares
(rule method rate lines qualifying), ``n`` reasons by line, ``w`` reason for all.
Where formulas count: ``f`` their texts by rule, ``v`` what they asked of the
bill, ``g`` of its goods, by name and line.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from .basket import NO_REDUCTION, Basket, BasketLine, Fact, Kept, Reduction
from .earning import Award, award_by
from .formula.names import NUMBER, NUMBERS, VARIABLES
from .matching import DISCOUNTED, EXCLUDED, Decision, Share
from .numbers import ONE, ZERO, EngineError, multiply, number, share_of, text
from .rules import Terms

_ALL = "*"
_REDUCTION, _OTHERS = "x", "y"
#: Terms that decide what a return takes back; dates and matching have done
#: their work when the evidence is taken.
_KEPT_TERMS = (
    "amount_basis",
    "rounding",
    "decimals",
    "rounding_scope",
    "return_policy",
    "currency_rate",
    "earn_on_redeemed",
)


def evidence_of(basket: Basket, awards: Sequence[Award]) -> dict:
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
    if basket.others != NO_REDUCTION:
        evidence[_OTHERS] = _reduction_text(basket.others)
    if basket.share < ONE:
        evidence["m"] = text(basket.share)
    shares = [share for award in awards for share in award.decision.shares]
    formulas = {str(share.rule): share.formula for share in shares if share.formula}
    if formulas:
        evidence.update(f=formulas, **_facts_json(basket))
    return evidence


def basket_from(evidence: dict) -> Basket:
    """Return the bill an evidence was taken of."""
    date = datetime.date.fromisoformat(evidence["d"])
    lines = map(_line_from, evidence["l"])
    told, goods = evidence.get("v", {}), evidence.get("g", {})
    facts = {name: _fact_from(name, value) for name, value in told.items()}
    lines = (
        dataclasses.replace(line, facts=_line_facts(goods, place))
        for place, line in enumerate(lines)
    )
    return Basket(
        date,
        tuple(lines),
        _reduction_from(evidence),
        others=_reduction_from(evidence, _OTHERS),
        facts=facts,
        share=number(evidence.get("m", "1")),
    )


def awards_from(evidence: dict) -> dict[int, Award]:
    """Return the award per program, from the evidence alone."""
    basket, decisions = decisions_from(evidence)
    return {
        program: award_by(basket, decision) for program, decision in decisions.items()
    }


def decisions_from(evidence: dict) -> tuple[Basket, dict[int, Decision]]:
    """Return the bill, and the decision per program, from the evidence alone."""
    basket, formulas = basket_from(evidence), evidence.get("f", {})
    return basket, {
        int(program): _decision_from(int(program), decision, basket, formulas)
        for program, decision in evidence["p"].items()
    }


def completed(
    evidence: dict, basket: Basket, awards: Sequence[Award], left: Sequence[int]
) -> dict:
    """Return the evidence of a bill with programs that were decided later.

    What formulas were told before stays. A bill whose lines have changed since is
    not the one the evidence was taken of: nothing is added.

    :param left: programs that still cannot be booked
    """
    more = evidence_of(basket, awards)
    if more["l"] != evidence["l"]:
        return evidence
    result = {**evidence, "p": {**evidence["p"], **more["p"]}}
    for name in ("f", "v"):
        if name in more:
            result[name] = {**more[name], **evidence.get(name, {})}
    if "g" in more:
        known = evidence.get("g", {})
        result["g"] = {
            name: known.get(name) or more["g"].get(name, {})
            for name in {**more["g"], **known}
        }
    return with_missing(result, left)


def with_missing(evidence: dict, programs: Sequence[int]) -> dict:
    """Return the evidence with the programs that could not be booked."""
    result = {name: value for name, value in evidence.items() if name != "q"}
    return {**result, "q": list(programs)} if programs else result


def as_paid(evidence: dict, paid: Basket) -> dict:
    """Return the evidence of the same bill, paid as it is now.

    What its lines are now does not matter, only how much of it was paid.
    """
    result, before = dict(evidence), basket_from(evidence)
    reduction = dataclasses.replace(before.reduction, redeemed=paid.reduction.redeemed)
    if _OTHERS not in evidence:
        # Older versions did not know what was charged beside goods.
        paid = dataclasses.replace(paid, others=NO_REDUCTION)
    share = ONE
    if paid.share < ONE and before.cost > 0:
        share = share_of(multiply(paid.cost, paid.share), before.cost)
    for name, value, is_kept in (
        (_REDUCTION, _reduction_text(reduction), reduction != NO_REDUCTION),
        ("m", text(share), share < ONE),
    ):
        result.pop(name, None)
        if is_kept:
            result[name] = value
    return result


def kept_json(
    kept: Mapping[str, Kept], reduction: Reduction, others: Reduction = NO_REDUCTION
) -> dict:
    """Return what a return left of a bill, as plain JSON values."""
    stored = {key: _kept_text(line) for key, line in kept.items()}
    for name, money in ((_REDUCTION, reduction), (_OTHERS, others)):
        if money != NO_REDUCTION:
            stored[name] = _reduction_text(money)
    return stored


def kept_from(stored: dict) -> tuple[dict[str, Kept], Reduction, Reduction]:
    """Return what ``kept_json`` was made of."""
    kept = {
        key: Kept(*map(number, words.split()))
        for key, words in stored.items()
        if key not in (_REDUCTION, _OTHERS)
    }
    return kept, _reduction_from(stored), _reduction_from(stored, _OTHERS)


def _kept_text(kept: Kept) -> str:
    numbers = [kept.quantity, kept.gross, kept.net]
    if kept.sold is not None:
        numbers.append(kept.sold)
    return " ".join(map(text, numbers))


def _reduction_text(reduction: Reduction) -> str:
    numbers = [reduction.gross, reduction.net]
    if reduction.redeemed:
        numbers.append(reduction.redeemed)
    return " ".join(map(text, numbers))


def _reduction_from(stored: dict, name: str = _REDUCTION) -> Reduction:
    return Reduction(*map(number, stored.get(name, "0 0").split()))


def _line_text(line: BasketLine) -> str:
    if line.key.split() != [line.key] or line.key in (_REDUCTION, _OTHERS):
        raise EngineError(f"{line.key!r} is no key of a line: it must be one word")
    numbers = [line.quantity, line.gross]
    if line.net != line.gross or line.redeemed:
        numbers.append(line.net)
    if line.redeemed:
        numbers.append(line.redeemed)
    return " ".join([line.key, str(line.product), *map(text, numbers)])


def _line_from(line_text: str) -> BasketLine:
    key, product, *numbers = line_text.split()
    quantity, gross, *more = map(number, numbers)
    net = more[0] if more else gross
    redeemed = more[1] if len(more) > 1 else ZERO
    return BasketLine(key, int(product), quantity, gross, net, redeemed=redeemed)


def _decision_json(decision: Decision, basket: Basket) -> dict:
    result = {
        "t": " ".join(_terms_text(decision.terms)),
        "s": [_share_text(share, len(basket.lines)) for share in decision.shares],
        "n": {str(place): reason for place, reason in decision.notes},
        "w": decision.reason,
    }
    return {key: value for key, value in result.items() if value}


def _decision_from(
    program: int, stored: dict, basket: Basket, formulas: dict
) -> Decision:
    notes = tuple((int(place), reason) for place, reason in stored.get("n", {}).items())
    left_out = {place for place, reason in notes if reason in (EXCLUDED, DISCOUNTED)}
    count = 0 if "w" in stored else len(basket.lines)
    return Decision(
        _terms_from(program, stored.get("t", "")),
        tuple(_share_from(share, count, formulas) for share in stored.get("s", ())),
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
    values["earn_on_redeemed"] = "earn_on_redeemed" in values
    return dataclasses.replace(Terms(program), **values)


def _share_text(share: Share, count: int) -> str:
    rate = "/".join(map(text, share.rate)) or _ALL
    words = [str(share.rule), share.method, rate, _places_text(share.lines, count)]
    if share.qualifying:
        words.append(_places_text(share.qualifying, count))
    return " ".join(words)


def _share_from(share_text: str, count: int, formulas: dict) -> Share:
    rule, method, rate, *places = share_text.split()
    lines, qualifying = (*(_places_from(words, count) for words in places), ())[:2]
    if rate == _ALL:
        return Share(int(rule), method, (), lines, qualifying, formulas[rule])
    return Share(
        int(rule), method, tuple(map(number, rate.split("/"))), lines, qualifying
    )


def _facts_json(basket: Basket) -> dict:
    """Return what formulas were told, leaving out what is empty."""
    bill = {name: _fact_json(fact) for name, fact in basket.facts.items()}
    goods: dict[str, dict[str, object]] = {}
    for place, line in enumerate(basket.lines):
        for name, fact in line.facts.items():
            if fact:
                goods.setdefault(name, {})[str(place)] = _fact_json(fact)
    return {"v": bill, "g": goods}


def _fact_json(fact: Fact) -> object:
    if isinstance(fact, tuple):
        return [_fact_json(item) for item in fact]
    return text(fact) if isinstance(fact, Decimal) else fact


def _line_facts(goods: dict, place: int) -> dict[str, Fact]:
    return {
        name: _fact_from(name, told[str(place)])
        for name, told in goods.items()
        if str(place) in told
    }


def _fact_from(name: str, told) -> Fact:
    if isinstance(told, list):
        return tuple(_fact_from(name, item) for item in told)
    is_number = VARIABLES[name].kind in (NUMBER, NUMBERS)
    return number(told) if is_number else told


def _places_text(places: tuple[int, ...], count: int) -> str:
    return _ALL if len(places) == count else ",".join(map(str, places))


def _places_from(places_text: str, count: int) -> tuple[int, ...]:
    if places_text == _ALL:
        return tuple(range(count))
    return tuple(map(int, places_text.split(",")))
