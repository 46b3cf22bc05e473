from odoo import fields, models

from ..checks.setup_checker import SetupChecker


class PointsCheck(models.TransientModel):
    """One thing to mend, in one sentence, and where."""

    _name = "points.check"
    _description = "Finding"
    _order = "id"

    subject = fields.Char(string="Where", required=True, readonly=True)
    name = fields.Text(string="Details", required=True, readonly=True)
    place = fields.Char(
        string="Record", readonly=True, help="A record, or an action, to open."
    )

    # === ACTION METHODS === #

    def action_check_setup(self):
        """List what the company still misses to give points.

        :raise AccessError: for who is no manager, and could mend nothing
        """
        self.env["points.program"].check_access("write")
        findings = SetupChecker(self.env.company).check()
        return self._show(self.env._("Set-up Check"), findings)

    def action_open(self):
        """Open the place where this is mended; with the rights of who asks."""
        self.ensure_one()
        model, _comma, record_id = self.place.partition(",")
        if record_id:
            return self.env[model].browse(int(record_id))._get_records_action()
        return self.env["ir.actions.actions"]._for_xml_id(self.place)

    # === BUSINESS METHODS === #

    def _show(self, title, findings):
        """Return the list of (record or XML id of an action, sentence)."""
        checks = self.sudo().create([self._prepare_check(*found) for found in findings])
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_check_action"
        )
        domain = [("id", "in", checks.ids)]
        return dict(action, name=title, display_name=title, domain=domain)

    def _prepare_check(self, place, sentence):
        if isinstance(place, str):
            action = self.env.ref(place).sudo()
            return {"subject": action.name, "name": sentence, "place": place}
        return {
            "subject": place.display_name,
            "name": sentence,
            "place": f"{place._name},{place.id}",
        }
