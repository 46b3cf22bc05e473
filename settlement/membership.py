from __future__ import annotations

from dataclasses import replace

from .program_facts import ProgramFacts
from .snapshot import AccountState


class Members:
    """Whose account a bill's points belong to, and whether it may hold them."""

    def _company_of(self, facts):
        """Return whose program it is: a branch may sell for its parent's."""
        return self.env["res.company"].browse(facts.company_id).sudo()

    def _known_programs(self, company_id) -> dict[int, ProgramFacts]:
        """Return programs by id; those of a company that is switched off rest."""
        return {
            facts.id: facts
            if self._company_of(facts).points_active
            else replace(facts, serves=False, is_active=False)
            for facts in self.env["points.program"]._get_facts(company_id)
        }

    def _owner_ids(self):
        return list(
            {
                self._owner_id(facts, state)
                for facts in self.facts.values()
                for state in self.states
                if state.partner_id
            }
        )

    def _owner_id(self, facts, state):
        """Return the contact whose account gets the points (C-18)."""
        customer_id = self._customer_id(facts, state)
        if facts.owner == "contact":
            return customer_id
        partner = self.env["res.partner"].browse(customer_id or ())
        return partner.commercial_partner_id.id

    @staticmethod
    def _customer_id(facts, state):
        """Return who is the customer for a program: who is invoiced, or who bought."""
        buyer_id = facts.owner == "contact" and state.buyer_id
        return buyer_id or state.partner_id

    def _owner_account(self, facts, state):
        owner_id = self._owner_id(facts, state)
        for account in self.accounts if owner_id else ():
            if account.program_id == facts.id and account.partner_id == owner_id:
                return account
        return None

    def _member_account(self, facts, state):
        account = self._owner_account(facts, state)
        is_member = account and self._may_hold(account, facts, state)
        return account if is_member else None

    def _former_account(self, facts, state):
        """Return the account that a bill was given to, when its owner has none now.

        The customer is the same, but came to belong to a company since.
        """
        known = self.evidence.get(state.root, {})
        was_given = state.partner_id and str(facts.id) in known.get("p", ())
        if not was_given or self._owner_account(facts, state):
            return None
        if not self._is_same_customer(known, state):
            return None
        return self._account_of(facts.id, state)

    def _may_hold(self, account, facts, state):
        """Tell whether a bill counts for an account, as a sale or as a return.

        A blocked account, or one whose customer has left the program's groups,
        earns no more; what it has by a bill follows the bill.
        """
        if state.is_unknown or state.root in account.posted:
            return True
        return account.is_active and self._is_open(facts, state)

    def _is_open(self, facts, state):
        """Tell whether the program runs for this customer, with an account or not."""
        return facts.is_active and (
            facts.membership != "groups" or self._is_in_groups(facts, state)
        )

    def _is_in_groups(self, facts, state):
        return not facts.group_ids.isdisjoint(self._tag_ids(state))

    def _may_open(self, facts, state):
        owner_id = self._owner_id(facts, state)
        is_taken = self._owner_account(facts, state) is not None
        if not owner_id or is_taken or facts.membership == "allocated":
            return False
        one_only = self._company_of(facts).points_single_program
        if one_only and self._is_elsewhere(facts, state):
            return False
        return facts.membership == "everyone" or self._is_in_groups(facts, state)

    def _is_elsewhere(self, facts, state):
        """Tell whether a customer is in a program of the company that runs (L-23)."""
        owner_id = self._owner_id(facts, state)
        programs = {
            other.id
            for other in self.facts.values()
            if other.company_id == facts.company_id
            and other.is_running_on(state.basket.date)
        }
        return any(
            account.partner_id == owner_id
            and account.is_active
            and account.program_id in programs
            for account in self.accounts
        )

    def _open_account(self, facts, state):
        owner_id = self._owner_id(facts, state)
        Account = self.env["points.account"]
        opened = Account._open([owner_id], facts.id, facts.company_id)
        account = AccountState(opened[owner_id], facts.id, owner_id, is_active=True)
        self.accounts.append(account)
        return account

    def _tag_ids(self, state):
        ids = [each for each in (state.partner_id, state.buyer_id) if each]
        partners = self.env["res.partner"].browse(ids)
        return frozenset((partners | partners.commercial_partner_id).category_id.ids)
