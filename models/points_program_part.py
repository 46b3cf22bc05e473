from odoo import api, fields, models


class PointsProgramPart(models.AbstractModel):
    """Something that belongs to one program, and so to its company."""

    _name = "points.program.part"
    _description = "Part of a Program"
    _check_company_auto = True

    program_id = fields.Many2one(
        "points.program",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        required=True,
        ondelete="restrict",
    )

    # === COMPUTE METHODS === #

    @api.depends("program_id.company_id")
    def _compute_company_id(self):
        for part in self:
            part.company_id = part.program_id.company_id
