from __future__ import annotations

from collections import defaultdict

from ..settlement.balances import open_accounts

#: A register lists no more customers at once.
_MOST = 1000


class Members:
    """Who is in which program, and who may join one at a register.

    Callers need no right on accounts: they are cashiers, who may see the customers.

    :param company: that of the register
    """

    def __init__(self, env, company):
        self.env, self.company = env, company

    def accounts_of(self, owners, *states):
        """Return accounts that customers have in programs that serve the register.

        :param owners: the customers and their companies, whose accounts may be theirs
        """
        Account = self.env["points.account"].sudo()
        return Account.search(
            [
                ("partner_id", "in", owners.ids),
                ("program_id", "any", self._get_serving_domain()),
                ("state", "in", states or ("active",)),
                ("merged_into_id", "=", False),
            ]
        )

    # === LISTED === #

    def read_balances(self, partners) -> dict[int, list[str]]:
        """Return by customer what it has in each program, as "Shop Card: 24 points".

        Customers that are in no program are missing. They are read together, whatever
        their number.
        """
        partners = partners[:_MOST].exists()._filtered_access("read")
        if not self.company.points_active:
            return {}
        owners = partners | partners.commercial_partner_id
        accounts = self.accounts_of(owners).grouped("partner_id")
        found = defaultdict(list)
        for partner in partners:
            for owner in partner | partner.commercial_partner_id:
                for account in accounts.get(owner, ()):
                    if account.program_id._get_owner(partner) == owner:
                        found[partner.id].append(account._get_balance_text())
        return dict(found)

    # === JOINING === #

    def list_joinable(self, partner) -> list[dict]:
        """Return the programs that a customer may join here (id and name)."""
        programs = [facts for facts in self._get_open_programs() if partner]
        if not programs:
            return []
        reasons = self._read_reasons(partner)
        return [
            {"id": facts.id, "name": facts.name}
            for facts in programs
            if not self._refuse(partner, facts, reasons)
        ]

    def join(self, partner, program_id) -> str:
        """Let a customer join a program; return why not, empty: it is a member.

        Asking twice changes nothing. Who is blocked stays blocked.
        """
        facts = next(
            (known for known in self._get_open_programs() if known.id == program_id),
            None,
        )
        if facts is None or isinstance(program_id, bool) or not partner:
            return self.env._("Customers cannot join this program at the register.")
        reasons = self._read_reasons(partner)
        if (facts.id, "active") in reasons:
            return ""
        refused = self._refuse(partner, facts, reasons)
        if not refused:
            self._open(partner, facts)
        return refused

    def _open(self, partner, facts):
        Account = self.env["points.account"].sudo()
        owner = Account.program_id.browse(facts.id)._get_owner(partner)
        opened = open_accounts(Account.env, [owner.id], facts.id, facts.company_id)
        joined = Account.browse(opened.values())
        body = self.env._("Joined at the register.")
        joined._message_log_batch(bodies=dict.fromkeys(joined.ids, body))

    def _get_open_programs(self) -> list:
        """Return the programs that let customers join at this register today."""
        if not self.company.points_active:
            return []
        today = self.company._get_points_today()
        programs = self.env["points.program"]._get_facts(self.company.id)
        return [
            facts
            for facts in programs
            if facts.is_joined_at_register and facts.is_running_on(today)
        ]

    def _read_reasons(self, partner) -> set[tuple[int, str]]:
        """Return (program, state) of the accounts that are the customer's."""
        owners = partner | partner.commercial_partner_id
        return {
            (account.program_id.id, account.state)
            for account in self.accounts_of(owners, "active", "blocked")
            if account.program_id._get_owner(partner) == account.partner_id
        }

    def _refuse(self, partner, facts, reasons) -> str:
        """Return why a customer may not join; empty: it may."""
        if (facts.id, "active") in reasons:
            return self.env._("This customer is a member already.")
        if (facts.id, "blocked") in reasons:
            return self.env._(
                "This customer is blocked in %s. Ask a Customer Points manager.",
                facts.name,
            )
        program = self.env["points.program"].sudo().browse(facts.id)
        owner = program._get_owner(partner)
        of_shop = self.company.sudo().parent_ids
        for contact in (partner, owner):
            if contact.sudo().company_id - of_shop:
                return self.env._("This customer belongs to another company.")
        Account = self.env["points.account"].sudo()
        if Account._get_partners_elsewhere(owner.sudo(), program):
            return self.env._("This customer is in another program already.")
        return ""

    def _get_serving_domain(self):
        return self.env["points.program"]._get_serving_domain(self.company)
