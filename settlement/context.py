from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..engine.evidence import Evidence
from .document_state import RootState
from .program_facts import ProgramFacts, currency_rate
from .snapshot import AccountState, LedgerSnapshot

#: Tells in the environment's context, where no RPC can send an object, that a new
#: invoice takes the place of the one that is credited.
MODIFYING = object()


def is_modifying(env) -> bool:
    """Tell whether a new invoice takes the place of the one that is credited."""
    return env.context.get("points_modifying") is MODIFYING


@dataclass
class Context:
    """What all parts of one settlement share.

    ``sale`` is the order, invoice or credit note being settled; ``states`` are the
    roots that its lines touch, ``programs`` those of its company by id. Accounts and
    ``evidence`` are as the ledger has them, ``new_evidence`` is what this settlement
    decides, both by root.

    ``is_anew``: by today's rules of its date, not by evidence. ``is_new``: decide what
    has not been decided; else that gives nothing. ``is_dry``: an open order asks what
    would be booked, as if it counted already, and nothing is written.
    ``is_conditional``: a payment is refused where accounts cannot afford it.
    """

    sale: object
    is_anew: bool = False
    is_new: bool = True
    is_dry: bool = False
    is_conditional: bool = False
    states: list[RootState] = field(init=False)
    programs: dict[int, ProgramFacts] = field(init=False)
    accounts: list[AccountState] = field(default_factory=list)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    evidence_partners: dict[str, int] = field(default_factory=dict)
    new_evidence: dict[str, Evidence] = field(default_factory=dict)
    is_reviewed: bool = False

    def __post_init__(self):
        sale = self.sale._points_at_home()
        # Whatever a caller's context says, only a dry settlement asks what if.
        asked = sale._points_root() if self.is_dry else False
        typed = sale if self.is_dry else None
        self.sale = sale.with_context(points_preview=asked, points_typed=typed)
        self.env, self.company = self.sale.env, self.sale.company_id
        self.states = self.sale._points_root_states()
        self.programs = {
            facts.id: facts
            if self.company_of(facts).points_active
            else replace(facts, serves=False, is_active=False)
            for facts in self.env["points.program"]._get_facts(self.company.id)
        }

    @property
    def has_work(self) -> bool:
        """Tell whether the sale touches anything, and any program could give points."""
        return bool(self.states and self.programs)

    @property
    def roots(self) -> list[str]:
        return [state.root for state in self.states]

    def read_snapshot(self, owner_ids):
        """Read accounts of these contacts, what they hold, and evidence."""
        snapshot = LedgerSnapshot(
            self.env,
            self.programs,
            owner_ids,
            sorted({*self.roots, self.sale._points_root()}),
            self._twin_roots(),
        )
        self.accounts, self.evidence = snapshot.accounts, snapshot.evidence
        self.evidence_partners = snapshot.evidence_partners
        self.is_reviewed = snapshot.is_looked_at

    def _twin_roots(self) -> set[str]:
        """Return the roots of documents that may count the same lines."""
        twins = (twins for state in self.states for twins in state.twins.values())
        return {twin.root for found in twins for twin in found}

    def evidence_of(self, root) -> Evidence:
        """Return the evidence of a root, perhaps an empty one."""
        return self.evidence.get(root, Evidence())

    def company_of(self, facts):
        """Return whose program it is: a branch may sell for its parent's."""
        return self.env["res.company"].browse(facts.company_id).sudo()

    def sale_of(self, state):
        """Return the sale of a root, which need not be the one being settled."""
        if self.is_dry and state.is_own:
            return self.sale
        return self.env["points.document"]._get_sale_of(state.root)

    def currency_rate(self, facts, state):
        """Return the rate from a sale's currency to a program's at its date (R-07)."""
        source, target = self.env["res.currency"].browse(
            [state.currency_id, facts.currency_id]
        )
        return currency_rate(source, target, self.company, state.basket.date)

    def is_counted_anew(self, state) -> bool:
        """Tell whether somebody asked to count a sale again by its rules."""
        return self.is_anew and state.is_sold_here
