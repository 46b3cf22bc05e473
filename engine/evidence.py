"""Evidence: what the engine saw and decided, terse enough to keep for ever.

One evidence belongs to one sale and serves all programs. It explains every point and
settles returns later without asking today's rules. This module owns its format;
others ask ``Evidence``. Numbers are text, one line of a sale is one string; what has
its usual value is left out. What nearly every sale keeps has a key of one letter:

``d`` date, ``l`` lines (key product quantity gross [net [redeemed]]),
``x`` what lowered the whole sale, ``y`` what it charged beside products,
``h`` a fingerprint of its lines, ``o`` its customer,
``p`` per program: ``t`` terms that are not the usual ones, ``s`` shares (rule method
rate lines qualifying), ``n`` reasons by line, ``w`` reason for all.

Rare ones are spelt out (until 19.0.1.6.0 they had one letter too, and are still read):

``direct`` how many of how many units of a line are drop-shipped, by its key;
``paid_share`` which part was paid, if not all was; ``takings`` what took points (see
``spending``); ``late`` which of them should have been refused, and why; ``buyer`` who
bought what an invoice is for, where that was not its customer, else 0 (older ones:
none); ``unbooked`` programs whose numbers could not be booked yet; ``capped`` what
accounts were given that earn no more, ``returned`` what was taken back without naming
a sale, both by program (points qualifying points); ``kept`` alone: what returns left
of a sale that another document decided.

Where formulas count: ``formulas`` their texts by rule, ``told`` what they asked of the
sale, ``told_lines`` of its lines, by name and line.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from .basket import (
    FROM_STOCK,
    NO_REDUCTION,
    Basket,
    BasketLine,
    Direct,
    Fact,
    Kept,
    Reduction,
)
from .earning import Award, Earned, award_by
from .formula.names import NUMBER, NUMBERS, VARIABLES
from .matching import CREDITED, DISCOUNTED, EXCLUDED, Decision, Share
from .numbers import ONE, ZERO, EngineError, multiply, number, share_of, text
from .rules import Terms

_ALL = "*"
#: How keys were spelt until 19.0.1.6.0.
_OLD_KEYS = {
    "b": "takings",
    "c": "capped",
    "f": "formulas",
    "g": "told_lines",
    "k": "kept",
    "m": "paid_share",
    "q": "unbooked",
    "r": "buyer",
    "u": "returned",
    "v": "told",
    "z": "late",
}
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
    "credit_on",
)


class Evidence(dict):
    """The evidence of one sale: plain JSON values, and what they mean."""

    @property
    def is_decision(self) -> bool:
        """Tell whether it says what programs gave, not only what is kept."""
        return "p" in self

    @property
    def date(self) -> datetime.date:
        return datetime.date.fromisoformat(self["d"])

    @property
    def products(self) -> dict[str, int]:
        """Return the product of each line that was sold, by its key."""
        words = (line.split() for line in self.get("l", ()))
        return {key: int(product) for key, product, *_numbers in words}

    @property
    def fingerprint(self) -> str:
        return self["h"]

    @property
    def customer(self) -> int | None:
        """Return the customer when it was decided; 0: none, None: not known."""
        return self.get("o")

    @property
    def programs(self) -> set[int]:
        """Return the programs that decided."""
        return {int(program) for program in self.get("p", ())}

    def has_counted(self, program: int, key: str) -> bool:
        """Tell whether a program decided about a line, and not another document."""
        decision = self.get("p", {}).get(str(program))
        if decision is None or key not in self.products:
            return False
        place = str(list(self.products).index(key))
        return decision.get("n", {}).get(place) != CREDITED

    @property
    def direct(self) -> dict[str, Direct]:
        """Return what is drop-shipped of the lines that are, by key."""
        told = self.get("direct", {})
        return {key: Direct(*map(number, told[key].split())) for key in told}

    @property
    def unbooked(self) -> list[int]:
        """Return the programs whose numbers could not be booked."""
        return self.get("unbooked", [])

    @property
    def late(self) -> dict[str, str]:
        """Return by taking why it should have been refused."""
        return dict(self.get("late", {}))

    @property
    def takings(self) -> dict[str, str]:
        """Return what was decided about takings, as ``spending`` writes it."""
        return self.get("takings", {})

    @property
    def has_formulas(self) -> bool:
        return "formulas" in self

    @property
    def kept(self) -> tuple[dict[str, Kept], Reduction, Reduction] | None:
        """Return what returns left, where it says only that."""
        return kept_from(self["kept"]) if "kept" in self else None

    def given(self, name: str) -> dict[int, Earned]:
        """Return what accounts were given, by program.

        :param name: ``capped`` or ``returned``
        """
        return {
            int(program): Earned(*map(number, words.split()))
            for program, words in self.get(name, {}).items()
        }

    def is_same_as(self, other: Evidence) -> bool:
        """Tell whether both would be stored alike."""
        one, two = (json.dumps(each, sort_keys=True) for each in (self, other))
        return one == two

    def having(self, **values: object) -> Evidence:
        """Return this evidence with other values; those that are empty go."""
        result = {**self, **values}
        return Evidence(
            (name, value)
            for name, value in result.items()
            if name not in values or value not in (None, [], {})
        )


def read_evidence(stored: str | None) -> dict[str, Evidence]:
    """Return what a document keeps, by root, whatever version wrote it."""
    return {
        root: Evidence((_OLD_KEYS.get(name, name), found[name]) for name in found)
        for root, found in json.loads(stored or "{}").items()
    }


def write_evidence(evidence: Mapping[str, Mapping]) -> str:
    """Return evidence by root as a document keeps it."""
    return json.dumps(evidence, separators=(",", ":"))


def given_json(given: Mapping[int, Earned]) -> dict[str, str]:
    """Return what accounts were given, by program, as plain JSON values."""
    return {
        str(program): " ".join(map(text, dataclasses.astuple(earned)))
        for program, earned in given.items()
    }


def evidence_of(basket: Basket, awards: Sequence[Award]) -> Evidence:
    """Return the evidence of one sale.

    :raise EngineError: for a line whose key is not one word of its own.
    """
    evidence = Evidence(
        d=basket.date.isoformat(),
        l=[_line_text(line) for line in basket.lines],
        p={
            str(award.decision.terms.program): _decision_json(award.decision, basket)
            for award in awards
        },
    )
    if basket.reduction != NO_REDUCTION:
        evidence[_REDUCTION] = _reduction_text(basket.reduction)
    if basket.others != NO_REDUCTION:
        evidence[_OTHERS] = _reduction_text(basket.others)
    direct = {
        line.key: " ".join(map(text, line.direct))
        for line in basket.lines
        if line.direct.units
    }
    if direct:
        evidence["direct"] = direct
    if basket.share < ONE:
        evidence["paid_share"] = text(basket.share)
    shares = [share for award in awards for share in award.decision.shares]
    formulas = {str(share.rule): share.formula for share in shares if share.formula}
    if formulas:
        evidence.update(formulas=formulas, **_facts_json(basket))
    return evidence


def basket_from(evidence: dict) -> Basket:
    """Return the sale an evidence was taken of."""
    date = datetime.date.fromisoformat(evidence["d"])
    lines, direct = map(_line_from, evidence["l"]), Evidence(evidence).direct
    told, products = evidence.get("told", {}), evidence.get("told_lines", {})
    facts = {name: _fact_from(name, value) for name, value in told.items()}
    lines = (
        dataclasses.replace(
            line,
            facts=_line_facts(products, place),
            direct=direct.get(line.key, FROM_STOCK),
        )
        for place, line in enumerate(lines)
    )
    return Basket(
        date,
        tuple(lines),
        _reduction_from(evidence),
        others=_reduction_from(evidence, _OTHERS),
        facts=facts,
        share=number(evidence.get("paid_share", "1")),
    )


def awards_from(evidence: dict) -> dict[int, Award]:
    """Return the award per program, from the evidence alone."""
    basket, decisions = decisions_from(evidence)
    return {
        program: award_by(basket, decision) for program, decision in decisions.items()
    }


def decisions_from(evidence: dict) -> tuple[Basket, dict[int, Decision]]:
    """Return the sale, and the decision per program, from the evidence alone."""
    basket, formulas = basket_from(evidence), evidence.get("formulas", {})
    return basket, {
        int(program): _decision_from(int(program), decision, basket, formulas)
        for program, decision in evidence["p"].items()
    }


def completed(
    evidence: Evidence, basket: Basket, awards: Sequence[Award], left: Sequence[int]
) -> Evidence:
    """Return the evidence of a sale with programs that were decided later.

    What formulas were told before stays.

    :param basket: the sale with the lines of the evidence
    :param left: programs that still cannot be booked
    :raise EngineError: for a sale with other lines
    """
    sold = basket_from(evidence).lines
    if [line.key for line in basket.lines] != [line.key for line in sold]:
        raise EngineError("evidence was taken of other lines")
    more = evidence_of(basket, awards)
    result = {**evidence, "p": {**evidence["p"], **more["p"]}}
    for name in ("formulas", "told"):
        if name in more:
            result[name] = {**more[name], **evidence.get(name, {})}
    if "told_lines" in more:
        known, told = evidence.get("told_lines", {}), more["told_lines"]
        result["told_lines"] = {
            name: known.get(name) or told.get(name, {}) for name in {**told, **known}
        }
    return Evidence(result).having(unbooked=list(left))


def as_paid(evidence: Evidence, paid: Basket) -> Evidence:
    """Return the evidence of the same sale, paid as it is now.

    What its lines are now does not matter, only how much of it was paid.
    """
    result, before = Evidence(evidence), basket_from(evidence)
    reduction = dataclasses.replace(before.reduction, redeemed=paid.reduction.redeemed)
    if _OTHERS not in evidence:
        # Older versions did not know what was charged beside products.
        paid = dataclasses.replace(paid, others=NO_REDUCTION)
    share = ONE
    if paid.share < ONE and before.cost > 0:
        share = share_of(multiply(paid.cost, paid.share), before.cost)
    for name, value, is_kept in (
        (_REDUCTION, _reduction_text(reduction), reduction != NO_REDUCTION),
        ("paid_share", text(share), share < ONE),
    ):
        result.pop(name, None)
        if is_kept:
            result[name] = value
    return result


def kept_json(
    kept: Mapping[str, Kept], reduction: Reduction, others: Reduction = NO_REDUCTION
) -> dict:
    """Return what a return left of a sale, as plain JSON values."""
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
    reasons = (EXCLUDED, DISCOUNTED, CREDITED)
    left_out = {place for place, reason in notes if reason in reasons}
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
    told = {name: _fact_json(fact) for name, fact in basket.facts.items()}
    told_lines: dict[str, dict[str, object]] = {}
    for place, line in enumerate(basket.lines):
        for name, fact in line.facts.items():
            if fact:
                told_lines.setdefault(name, {})[str(place)] = _fact_json(fact)
    return {"told": told, "told_lines": told_lines}


def _fact_json(fact: Fact) -> object:
    if isinstance(fact, tuple):
        return [_fact_json(item) for item in fact]
    return text(fact) if isinstance(fact, Decimal) else fact


def _line_facts(products: dict, place: int) -> dict[str, Fact]:
    return {
        name: _fact_from(name, told[str(place)])
        for name, told in products.items()
        if str(place) in told
    }


def _fact_from(name: str, told) -> Fact:
    if isinstance(told, list):
        return tuple(_fact_from(name, item) for item in told)
    is_number = VARIABLES[name].kind in (NUMBER, NUMBERS)
    return number(told) if is_number else told


def _places_text(places: tuple[int, ...], count: int) -> str:
    return _ALL if places == tuple(range(count)) else ",".join(map(str, places))


def _places_from(places_text: str, count: int) -> tuple[int, ...]:
    if places_text == _ALL:
        return tuple(range(count))
    return tuple(map(int, places_text.split(",")))
