from odoo import models


class PointsMembership(models.AbstractModel):
    """Who is in a program, and why somebody is not."""

    _name = "points.membership"
    _description = "Membership in a Program"

    # === BUSINESS METHODS === #

    def _has_members(self) -> bool:
        """Tell whether anybody can earn in this program."""
        self.ensure_one()
        if self.membership == "everyone":
            return True
        if self.membership == "groups":
            domain = [("category_id", "in", self.group_ids.ids)]
            return bool(self.env["res.partner"].search_count(domain, limit=1))
        domain = [("program_id", "=", self.id), ("state", "=", "active")]
        return bool(self.env["points.account"].search_count(domain, limit=1))

    def _get_owner(self, partner):
        """Return the contact whose account gets a customer's points (C-18)."""
        return partner.commercial_partner_id if self.owner == "commercial" else partner

    def _get_account(self, partner):
        """Return the account of a customer in this program, perhaps none."""
        self.ensure_one()
        return self.env["points.account"].search(
            [
                ("program_id", "=", self.id),
                ("partner_id", "=", self._get_owner(partner).id),
                ("merged_into_id", "=", False),
            ],
            limit=1,
        )

    def _say_no_member(self, partner, company=None) -> str:
        """Return what keeps a customer from earning here, if anything does.

        Without a customer only what is true for everybody is said.

        :param company: that sells; None: that of the program
        """
        self.ensure_one()
        words = {"program": self.name}
        if company and not self._serves(company):
            return self.env._(
                "%(company)s is a branch: programs of its parent company earn there "
                "only when they are shared with branches.",
                company=company.name,
            )
        if not self.company_id.points_active:
            return self.env._("Customer Points are switched off: nobody earns.")
        if not self.active:
            return self.env._(
                "%(program)s is archived: nobody earns in it any more.", **words
            )
        account = partner and self._get_account(partner)
        if account and account.state == "blocked":
            return self.env._(
                "The customer's account in %(program)s is blocked: it earns nothing.",
                **words,
            )
        return self._say_not_admitted(partner, account) if partner else ""

    def _say_not_admitted(self, partner, account) -> str:
        """Return why a customer without a blocked account is not admitted."""
        words = {"program": self.name}
        tags = (partner | partner.commercial_partner_id).category_id
        if self.membership == "allocated" and not account:
            return self.env._(
                "The customer is not in this program: allocate it to %(program)s.",
                **words,
            )
        if self.membership == "groups" and not self.group_ids & tags:
            return self.env._(
                "The customer is not in this program: it has none of the customer "
                "groups of %(program)s.",
                **words,
            )
        owner = self._get_owner(partner)
        if not account and account._get_partners_elsewhere(owner, self):
            return self.env._(
                "The customer is in another program, and may be in one only: not in "
                "%(program)s.",
                **words,
            )
        return ""
