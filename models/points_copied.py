import itertools

from odoo import models


class PointsCopied(models.AbstractModel):
    """Something whose name or code is unique in its company, and can be duplicated."""

    _name = "points.copied"
    _description = "Record That Is Copied"

    # === BUSINESS METHODS === #

    def _get_free(self, name, company_id=None) -> str:
        """Return this record's name or code, as one that no other record has.

        :param name: the field
        :param company_id: of the copy; None: that of this record
        """
        self.ensure_one()
        company_id = company_id or self.company_id.id
        records = self.with_context(active_test=False)
        found = records.search([("company_id", "=", company_id)])
        taken = set(found.mapped(name))
        for number in itertools.count(1):
            copy = self.env._("%s (copy)", self[name])
            if number > 1:
                copy = self.env._(
                    "%(name)s (copy %(number)s)", name=self[name], number=number
                )
            if copy not in taken:
                return copy
