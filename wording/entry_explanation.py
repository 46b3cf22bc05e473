from __future__ import annotations

import logging
from functools import cached_property

from ..engine.earning import award_by, earned_after_returns
from ..engine.evidence import Evidence, awards_from, read_evidence
from ..engine.numbers import ZERO, EngineError, exact, multiply, ratio
from ..engine.roots import is_unknown_return, split_root
from ..engine.spending import as_decided
from .award_explanation import AwardExplanation
from .sentences import (
    say_expired,
    say_kept,
    say_money,
    say_no_longer,
    say_unknown_return,
    say_worth,
)

_logger = logging.getLogger(__name__)


class EntryExplanation:
    """Why rows of the ledger are there, in a sentence each (R-01).

    What they all ask for is read together, however many they are.
    """

    def __init__(self, entries, documents):
        self.env, roots, products = documents.env, set(), set()
        for document in documents:
            for root, evidence in read_evidence(document.evidence).items():
                products.update(evidence.products.values())
                if not evidence.is_decision:
                    roots.add(root)
        spent = {
            entry.root
            for entry in entries
            if entry.root and entry.kind in ("redeem", "restore")
        }
        self.past = PastEvidence(self.env, roots | spent)
        self.sales = _sales_of(self.env, spent)
        self.products = products | self.past.products

    @cached_property
    def awards(self) -> AwardExplanation:
        """Return what explains awards, and knows the names of all products."""
        awards = AwardExplanation(self.env)
        awards.brief.learn_products(self.products)
        return awards

    def say(self, entry) -> str:
        """Return why; where nobody knows, what kind of row it is."""
        if said := self._say_kind(entry) or entry.document_id.reason:
            return said
        kinds = entry._fields["kind"]._description_selection(self.env)
        return dict(kinds)[entry.kind]

    def _say_kind(self, entry) -> str:
        if entry.kind in ("earn", "return"):
            return self._say_earned(entry)
        if entry.kind == "expire":
            return say_expired(self.env)
        if entry.kind == "transfer":
            return say_transfer(entry.document_id)
        return self.say_spent(entry)

    # === EARNED AND RETURNED === #

    def _say_earned(self, entry) -> str:
        evidence = read_evidence(entry.document_id.evidence).get(entry.root)
        if not evidence:
            return say_no_longer(self.env)
        if is_unknown_return(entry.root):
            return say_unknown_return(self.env)
        try:
            return self._say_award(entry, evidence)
        except (EngineError, LookupError):
            # Such as a variable of a module that is gone.
            _logger.warning("%s cannot be explained", entry, exc_info=True)
            return ""

    def _say_award(self, entry, evidence) -> str:
        """Return how the points of a sale came about, or of what is kept of it."""
        program_id, kept = entry.program_id.id, evidence.kept
        decided = self.past.get(entry.root, entry.document_id) if kept else evidence
        award = awards_from(decided).get(program_id) if decided else None
        if not award:
            return ""
        if not kept:
            return self.awards.explain_briefly(program_id, award)
        left, earned = left_of(award, kept)
        if not earned:
            return say_no_longer(self.env)
        said = self.awards.explain_briefly(program_id, left, earned)
        return f"{say_kept(self.env)} {said}"

    # === REDEEMED AND WHAT BECAME OF IT === #

    def say_spent(self, entry) -> str:
        """Return what was redeemed, came back or is missing; empty for other rows."""
        explain = {
            "redeem": self._say_redeemed,
            "restore": self._say_restored,
            "repay": self._say_repaid,
            "waive": self._say_waived,
        }.get(entry.kind)
        return explain(entry) if explain else ""

    def _say_redeemed(self, entry) -> str:
        return self.env._(
            "%(points)s redeemed, worth %(value)s",
            points=self._say_points(entry),
            value=self._say_money(entry, self._get_money_of(entry)),
        )

    def _say_restored(self, entry) -> str:
        return self.env._(
            "%(points)s restored, worth %(value)s",
            points=self._say_points(entry),
            value=self._say_money(entry, self._get_money_of(entry)),
        )

    def _say_repaid(self, entry) -> str:
        """Return that a customer paid for missing points, or got it back."""
        words = {
            "points": self._say_points(entry),
            "value": self._say_money(entry, exact(entry.value)),
        }
        if entry.points > 0:
            return self.env._(
                "%(points)s had been redeemed already, %(value)s was charged", **words
            )
        return self.env._("%(value)s charged for %(points)s was refunded", **words)

    def _say_waived(self, entry) -> str:
        """Return that missing points were not taken back, or are taken now."""
        points = self._say_points(entry)
        if entry.points > 0:
            return self.env._(
                "%(points)s had been redeemed already and were not deducted",
                points=points,
            )
        return self.env._(
            "%(points)s that had not been deducted are deducted now", points=points
        )

    def _say_points(self, entry) -> str:
        _name, currency_id, is_value = self._get_words(entry)
        currency = self.env["res.currency"].browse(currency_id)
        return say_worth(self.env, currency, is_value, abs(exact(entry.points)))

    def _say_money(self, entry, money) -> str:
        _name, currency_id, _is_value = self._get_words(entry)
        return say_money(self.env["res.currency"].browse(currency_id), abs(money))

    def _get_words(self, entry):
        return self.env["points.program"]._get_words(entry.program_id.id)

    def _get_money_of(self, entry):
        """Return the money that the points of a row paid, in the program's currency.

        A reward may give more or less than its points are worth.
        """
        programs = self.env["points.program"]._get_facts(entry.company_id.id)
        (facts,) = (facts for facts in programs if facts.id == entry.program_id.id)
        sale = self.sales.get(entry.root)
        decided = self.past.get(entry.root, entry.document_id) if sale else None
        takings = sale._points_takings() if sale else ()
        takings = as_decided(takings, decided.takings if decided else {})
        takings = [taking for taking in takings if taking.program == facts.id]
        money = sum((taking.money for taking in takings), ZERO)
        points = sum((taking.points for taking in takings), ZERO)
        if not points:
            return abs(exact(entry.value))
        paid = ratio(abs(exact(entry.points)), money, points)
        return multiply(paid, sale._points_rate(facts))


class PastEvidence:
    """What was decided about sales, and when: their documents, read together."""

    def __init__(self, env, roots):
        documents = documents_of(env, roots)
        every = env["points.document"].union(*documents.values())
        every.fetch(["evidence"])
        self.documents = {
            root: found.sorted("id", reverse=True) for root, found in documents.items()
        }

    @property
    def products(self) -> set[int]:
        """Return the products of these sales."""
        return {
            product
            for root, documents in self.documents.items()
            for document in documents
            for product in _evidence_of(document, root).products.values()
        }

    def get(self, root, document):
        """Return the newest decision about a sale up to a document; None: none."""
        for known in self.documents[root]:
            evidence = _evidence_of(known, root)
            if known.id <= document.id and evidence.is_decision:
                return evidence
        return None


def say_transfer(document) -> str:
    """Return who gave points to whom; contacts that were merged gave none."""
    entries = document.entry_ids.filtered(lambda entry: entry.kind == "transfer")
    accounts = entries.account_id
    if len(accounts) != 2 or accounts.merged_into_id & accounts:
        return ""
    gone = entries.filtered(lambda entry: entry.points < 0)
    giver, points = gone.account_id, sum(map(exact, gone.mapped("points")), ZERO)
    if len(giver) != 1:
        return ""
    env, program = document.env, giver.program_id
    is_value = program.mode == "value"
    return env._(
        "%(points)s transferred from %(giver)s to %(receiver)s",
        points=say_worth(env, program.currency_id, is_value, -points),
        giver=giver.partner_id.display_name,
        receiver=(accounts - giver).partner_id.display_name,
    )


def left_of(award, kept):
    """Return the award of what is kept of a sale, and what it earns by its policy."""
    basket = award.basket.keep(*kept)
    earned = earned_after_returns(award, basket).points
    return award_by(basket, award.decision), earned


def _evidence_of(document, root):
    return read_evidence(document.evidence).get(root) or Evidence()


def documents_of(env, roots) -> dict:
    """Return the documents that know of each sale."""
    Entry, Document = env["points.entry"], env["points.document"]
    found = dict.fromkeys(roots, Document)
    of_roots = [("root", "in", list(roots))]
    for root, documents in Entry._read_group(
        of_roots, ["root"], ["document_id:recordset"]
    ):
        found[root] |= documents
    names = Document._get_origin_fields()
    for kind in {split_root(root)[0] for root in roots} & names.keys():
        mine = [root for root in roots if split_root(root)[0] == kind]
        sales = [split_root(root)[1] for root in mine]
        of_sales = Document.search_fetch([(names[kind], "in", sales)], [names[kind]])
        by_sale = of_sales.grouped(lambda document, name=names[kind]: document[name].id)
        for root in mine:
            found[root] |= by_sale.get(split_root(root)[1], Document)
    return found


def _sales_of(env, roots) -> dict:
    """Return the sale of each root that is still there, with all rights."""
    sales = {root: env["points.document"]._get_sale_of(root).sudo() for root in roots}
    there = {
        name: {sale.id: sale for sale in env[name].sudo().browse(ids).exists()}
        for name, ids in _ids_by_model(sales.values()).items()
    }
    return {
        root: there[sale._name][sale.id]
        for root, sale in sales.items()
        if sale.id in there[sale._name]
    }


def _ids_by_model(sales) -> dict:
    ids: dict = {}
    for sale in sales:
        ids.setdefault(sale._name, set()).update(sale.ids)
    return ids
