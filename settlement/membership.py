from __future__ import annotations

from dataclasses import replace

from .balances import open_accounts
from .context import Context
from .snapshot import AccountState, Posted


class Membership:
    """Whose account the points of a sale belong to, and whether it may hold them."""

    def __init__(self, context: Context):
        self.context, self.env = context, context.env

    # === WHO === #

    def owner_ids(self) -> list[int]:
        """Return the contacts whose accounts the settlement is about."""
        return list(
            {
                self.owner_id(facts, state)
                for facts in self.context.programs.values()
                for state in self.context.states
                if state.partner_id
            }
        )

    def owner_id(self, facts, state) -> int:
        """Return the contact whose account gets the points (C-18)."""
        customer_id = self.customer_id(facts, state)
        if facts.owner == "contact":
            return customer_id
        partner = self.env["res.partner"].browse(customer_id or ())
        return partner.commercial_partner_id.id

    @staticmethod
    def customer_id(facts, state) -> int:
        """Return who is the customer for a program: who is invoiced, or who bought."""
        buyer_id = facts.owner == "contact" and state.buyer_id
        return buyer_id or state.partner_id

    def tag_ids(self, state) -> frozenset[int]:
        """Return the tags of the customer, the buyer and their companies."""
        ids = [each for each in (state.partner_id, state.buyer_id) if each]
        partners = self.env["res.partner"].browse(ids)
        return frozenset((partners | partners.commercial_partner_id).category_id.ids)

    def is_same_customer(self, evidence, state) -> bool:
        """Tell whether a sale has the customer it had, merged with another perhaps."""
        owner, partner_id = evidence.customer, state.partner_id or 0
        if owner == partner_id or not owner:
            return owner == partner_id
        is_merged = not self.env["res.partner"].browse(owner).exists()
        evidence_partner = self.context.evidence_partners.get(state.root)
        return is_merged and evidence_partner == partner_id

    def as_bought(self, state):
        """Return the state with the buyer it had, whatever the sales order says now."""
        evidence = self.context.evidence_of(state.root)
        buyer_id = evidence.get("buyer", state.buyer_id)
        if buyer_id == state.buyer_id or not self.is_same_customer(evidence, state):
            return state
        is_gone = buyer_id and not self.env["res.partner"].browse(buyer_id).exists()
        return state if is_gone else replace(state, buyer_id=buyer_id)

    # === ACCOUNTS === #

    def owner_account(self, facts, state) -> AccountState | None:
        """Return the account of the owner in a program, whatever its state."""
        owner_id = self.owner_id(facts, state)
        for account in self.context.accounts if owner_id else ():
            if account.program_id == facts.id and account.partner_id == owner_id:
                return account
        return None

    def member_account(self, facts, state) -> AccountState | None:
        """Return the account of the owner if the sale counts for it."""
        account = self.owner_account(facts, state)
        is_member = account and self._may_hold(account, facts, state)
        return account if is_member else None

    def former_account(self, facts, state) -> AccountState | None:
        """Return the account that a sale was given to, when its owner has none now.

        The customer is the same, but came to belong to a company since.
        """
        known = self.context.evidence_of(state.root)
        was_given = state.partner_id and facts.id in known.programs
        if not was_given or self.owner_account(facts, state):
            return None
        if not self.is_same_customer(known, state):
            return None
        return self.holding_account(facts.id, state)

    def holding_account(self, program_id, state, chosen=()) -> AccountState | None:
        """Return the account an award belongs to: who has it, else the owner's.

        A contact that moved to another company since leaves its points there, also
        those that came back for a while. What was merged holds nothing any more.

        :param chosen: the ids of accounts that get an award just now
        """
        owner_id = self.owner_id(self.context.programs[program_id], state)
        accounts = [
            account
            for account in self.context.accounts
            if account.program_id == program_id
            and account.partner_id
            and (state.root in account.posted or account.partner_id == owner_id)
        ]
        return max(
            accounts,
            key=lambda account: (
                account.id in chosen,
                account.posted.get(state.root, Posted()).points > 0,
                state.root in account.posted and account.partner_id == state.partner_id,
                account.partner_id == owner_id,
                account.partner_id == state.partner_id,
                state.root in account.posted,
            ),
            default=None,
        )

    def paying_account(self, facts, state) -> AccountState | None:
        """Return who pays for a sale: a paid one is never refused (design 2.4)."""
        account = self.owner_account(facts, state)
        if account is None and self.may_open(facts, state):
            return self.open_account(facts, state)
        return account

    def open_account(self, facts, state) -> AccountState:
        """Open the owner's account; a dry settlement only stands for it."""
        owner_id, account_id = self.owner_id(facts, state), -facts.id
        if not self.context.is_dry:
            opened = open_accounts(self.env, [owner_id], facts.id, facts.company_id)
            account_id = opened[owner_id]
        account = AccountState(account_id, facts.id, owner_id, is_active=True)
        self.context.accounts.append(account)
        return account

    # === MAY IT? === #

    def _may_hold(self, account, facts, state) -> bool:
        """Tell whether a sale counts for an account, as a sale or as a return.

        A blocked account, or one whose customer has left the program's groups,
        earns no more; what it has by a sale follows the sale.
        """
        if state.is_unknown or state.root in account.posted:
            return True
        return account.is_active and self.is_running(facts, state)

    def is_running(self, facts, state) -> bool:
        """Tell whether the program runs for this customer, with an account or not."""
        return facts.is_active and (
            facts.membership != "groups" or self._is_in_groups(facts, state)
        )

    def may_open(self, facts, state) -> bool:
        """Tell whether the owner has no account and gets one by its first points."""
        owner_id = self.owner_id(facts, state)
        is_taken = self.owner_account(facts, state) is not None
        if not owner_id or is_taken or facts.membership == "allocated":
            return False
        one_only = self.context.company_of(facts).points_single_program
        if one_only and self._is_elsewhere(facts, state):
            return False
        return facts.membership == "everyone" or self._is_in_groups(facts, state)

    def _is_in_groups(self, facts, state) -> bool:
        return not facts.group_ids.isdisjoint(self.tag_ids(state))

    def _is_elsewhere(self, facts, state) -> bool:
        """Tell whether a customer is in a program of the company that runs (L-23)."""
        owner_id = self.owner_id(facts, state)
        programs = {
            other.id
            for other in self.context.programs.values()
            if other.company_id == facts.company_id
            and other.is_running_on(state.basket.date)
        }
        return any(
            account.partner_id == owner_id
            and account.is_active
            and account.program_id in programs
            for account in self.context.accounts
        )
