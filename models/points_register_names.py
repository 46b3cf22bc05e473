from odoo import api, models


class PointsRegisterNames(models.AbstractModel):
    """What a register knows by name when it starts; cashiers may not read the table."""

    _name = "points.register.names"
    _inherit = ["pos.load.mixin"]
    _description = "Names for Registers"

    # === POS METHODS === #

    @api.model
    def _load_pos_data_search_read(self, data, config):
        return super(PointsRegisterNames, self.sudo())._load_pos_data_search_read(
            data, config
        )

    @api.model
    def _load_pos_data_domain(self, data, config):
        return self._get_serving_domain(config.company_id)

    @api.model
    def _get_serving_domain(self, company):
        """Return which records the registers of a company know."""
        serving = self.env["points.program"]._get_serving_domain(company)
        return [("program_id", "any", serving)]

    @api.model
    def _load_pos_data_fields(self, config):
        return ["id", "name", "write_date"]
