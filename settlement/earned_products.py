from __future__ import annotations

import logging
from collections.abc import Iterator
from decimal import Decimal

from ..engine.earning import Award, award_by
from ..engine.evidence import decisions_from, read_evidence
from ..engine.numbers import ZERO, exact
from ..engine.product_parts import NO_PRODUCT, ProductPart, change_of, product_parts
from ..wording.entry_explanation import PastEvidence

_logger = logging.getLogger(__name__)

#: The kinds of entries that sales earn, and that take it back.
EARNED_KINDS = ("earn", "return")


class EarnedProducts:
    """Which products entries earned points for, or took them back for.

    An entry is a difference: what is held for a sale in its program after it, less what
    was held before. So all that was ever added is gone once nothing is held any more,
    whatever came between: another customer, or another account by a merge. What the
    entries ask for is read together.

    :param entries: of ``EARNED_KINDS``
    """

    def __init__(self, entries):
        self.env, self.entries = entries.env, entries
        roots = set(filter(None, entries.mapped("root")))
        self.past = PastEvidence(self.env, roots)
        self.held: dict[int, Decimal] = {}
        self.previous: dict[int, object] = {}
        self._read_history(roots)
        self.parts: dict[int, dict[int, ProductPart]] = {}

    def _read_history(self, roots):
        """Learn what was held for each sale in a program, entry by entry."""
        history = self.env["points.entry"].search_fetch(
            [("root", "in", list(roots)), ("kind", "in", EARNED_KINDS)],
            ["program_id", "document_id", "root", "points"],
            order="id",
        )
        last: dict[tuple, object] = {}
        for entry in history:
            key = entry.program_id, entry.root
            before = self.previous[entry.id] = last.get(key)
            held = self.held[before.id] if before else ZERO
            self.held[entry.id] = held + exact(entry.points)
            last[key] = entry

    def changes(self) -> Iterator[dict[int, ProductPart]]:
        """Yield what each entry changes, by product; its points add up exactly."""
        for entry in self.entries:
            if not entry.root:
                yield {NO_PRODUCT: ProductPart(exact(entry.points))}
                continue
            before = self.previous[entry.id]
            yield change_of(self._parts(before) if before else {}, self._parts(entry))

    def _parts(self, entry) -> dict[int, ProductPart]:
        """Return what is held for the sale after an entry, by product."""
        if entry.id not in self.parts:
            self.parts[entry.id] = self._find_parts(entry, self.held[entry.id])
        return self.parts[entry.id]

    def _find_parts(self, entry, held) -> dict[int, ProductPart]:
        if not held:
            return {}
        try:
            if award := self._get_award(entry):
                return product_parts(award, held)
        except (ArithmeticError, LookupError, ValueError):
            # Such as a variable of a module that is gone.
            _logger.info("The products of %s are not known", entry, exc_info=True)
        return {NO_PRODUCT: ProductPart(held)}

    def _get_award(self, entry) -> Award | None:
        """Return how the sale counted when the entry was posted; None: not known."""
        document, root = entry.document_id, entry.root
        evidence = read_evidence(document.evidence).get(root)
        decided = self.past.get(root, document) if evidence else None
        if not decided:
            return None
        basket, decisions = decisions_from(decided)
        decision = decisions.get(entry.program_id.id)
        if decision is None:
            return None
        kept = evidence.kept or self._get_kept_before(entry, basket)
        return award_by(basket.keep(*kept) if kept else basket, decision)

    def _get_kept_before(self, entry, basket):
        """Return what returns had left of a sale that was decided again; None: all."""
        for known in self.past.documents[entry.root]:
            if known.id < entry.document_id.id:
                evidence = read_evidence(known.evidence).get(entry.root)
                kept = evidence.kept if evidence else None
                is_same = kept and kept[0].keys() == {line.key for line in basket.lines}
                return kept if is_same else None
        return None
