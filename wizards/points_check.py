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
    partner_id = fields.Many2one(
        "res.partner", readonly=True, help="Who could be added to a program."
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

    def action_add(self):
        """Open an account for the customer who is in no program yet."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Customer"),
            "res_model": "points.account",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": self.partner_id.id},
        }

    # === BUSINESS METHODS === #

    def _show(self, title, findings):
        """Return the list of (record or XML id of an action, sentence).

        A third place names a customer who could be added to a program.
        """
        checks = self.sudo().create([self._prepare_check(*found) for found in findings])
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_check_action"
        )
        domain = [("id", "in", checks.ids)]
        return dict(action, name=title, display_name=title, domain=domain)

    def _prepare_check(self, place, sentence, partner=None):
        said = {"name": sentence, "partner_id": partner and partner.id}
        if isinstance(place, str):
            action = self.env.ref(place).sudo()
            return {**said, "subject": action.name, "place": place}
        place_of = f"{place._name},{place.id}"
        return {**said, "subject": place.display_name, "place": place_of}
