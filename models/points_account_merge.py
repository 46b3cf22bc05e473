from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.numbers import ZERO, number


class PointsAccount(models.Model):
    """What happens to accounts when two contacts become one."""

    _inherit = "points.account"

    # === BUSINESS METHODS === #

    @api.model
    def _merge_partners(self, src_partners, dst_partner):
        """Move the points of merged contacts to one account for each program.

        Nothing is deleted: the old account stays, blocked and empty, and the
        rows of both tell which way the points went.
        """
        sources = self.search(
            [("partner_id", "in", src_partners.ids), ("merged_into_id", "=", False)]
        )
        targets = self.search(
            [("partner_id", "=", dst_partner.id), ("merged_into_id", "=", False)]
        )
        by_program = {account.program_id: account for account in targets}
        for source in sources:
            target = by_program.setdefault(source.program_id, source)
            if target != source:
                source._transfer_to(target)
                source.write({"state": "blocked", "merged_into_id": target.id})

    def _transfer_to(self, target):
        """Post what this account holds on another one of the same program.

        Points go bill by bill and keep their dates, so that a later return
        finds them on the new account.
        """
        self.ensure_one()
        self.env["points.document"]._post(
            {
                "kind": "transfer",
                "date": fields.Date.context_today(self),
                "partner_id": target.partner_id.id,
                "company_id": target.company_id.id,
                "reason": self.env._(
                    "%(old)s became one with %(new)s.",
                    old=self.partner_id.display_name,
                    new=target.partner_id.display_name,
                ),
            },
            self._prepare_transfer(target),
        )

    def _prepare_transfer(self, target):
        """Return the rows of a transfer; what comes goes before what leaves."""
        entries = []
        for held in self._get_held():
            for account, sign in ((self, -1), (target, 1)):
                entries.append(
                    {
                        "account_id": account.id,
                        "program_id": account.program_id.id,
                        "kind": "transfer",
                        "root": held["root"] or False,
                        "number": held["root"]
                        and account._get_next_number(held["root"]),
                        "available_on": sign > 0 and held["available_on"] or False,
                        "expires_on": sign > 0 and held["expires_on"] or False,
                        **{
                            name: number(held[name]) * sign
                            for name in ("points", "qualifying_points", "value")
                        },
                    }
                )
        return sorted(entries, key=lambda entry: entry["points"] < ZERO)

    def _get_held(self):
        """Return the account's sums by bill, and the rest without one."""
        self.env.cr.execute(
            SQL(
                """SELECT root, SUM(points)::text AS points,
                          SUM(qualifying_points)::text AS qualifying_points,
                          SUM(value)::text AS value,
                          MAX(available_on) AS available_on,
                          MAX(expires_on) AS expires_on
                     FROM points_entry WHERE account_id = %s GROUP BY root
                   HAVING SUM(points) <> 0 ORDER BY MIN(id)""",
                self.id,
            )
        )
        return self.env.cr.dictfetchall()

    def _get_next_number(self, root):
        (last,) = self.env["points.entry"]._read_group(
            [("account_id", "=", self.id), ("root", "=", root)], [], ["number:max"]
        )[0]
        return (last or 0) + 1
