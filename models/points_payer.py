from odoo import fields, models
from odoo.exceptions import ValidationError


class PointsPayer(models.AbstractModel):
    """What pays with points of a program (X-09): a payment method, or a journal.

    The register's method and the journal of payments are one concept: points at their
    value, booked on the liability account for points.
    """

    _name = "points.payer"
    _description = "Payment With Points"

    points_program_id = fields.Many2one(
        "points.program", index="btree_not_null", ondelete="restrict"
    )

    # === BUSINESS METHODS === #

    def _check_points_payer(self, has_account):
        """Refuse a program whose points cannot pay here.

        :param has_account: whether the account is set that is booked for points
        :raise ValidationError: naming what to set first
        """
        self.ensure_one()
        program = self.sudo().points_program_id
        if not program._serves(self.company_id):
            raise ValidationError(
                self.env._(
                    "%(method)s: %(program)s belongs to another company.",
                    method=self.name,
                    program=program.name,
                )
            )
        if not has_account:
            raise ValidationError(
                self.env._(
                    "%(method)s: set the outstanding account to the liability "
                    "account for points.",
                    method=self.name,
                )
            )
        if not program._get_point_value():
            raise ValidationError(
                self.env._(
                    "%(method)s: set the value per point of the program first.",
                    method=self.name,
                )
            )

    def _check_points_journal(self, journal):
        """Refuse to pay by the journal of another program.

        :raise ValidationError: naming both
        """
        self._check_points_apart(journal, journal)

    def _check_points_apart(self, other, journal):
        """Refuse a program beside that of another payer on its journal.

        Books tell by the journal whose points a payment took.

        :raise ValidationError: naming what has to change
        """
        self.ensure_one()
        if other.points_program_id not in (
            self.env["points.program"],
            self.points_program_id,
        ):
            raise ValidationError(
                self.env._(
                    "%(method)s: journal %(journal)s pays with points of another "
                    "program.",
                    method=self.name,
                    journal=journal.name,
                )
            )
