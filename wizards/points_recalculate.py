from odoo import fields, models

from ..engine.numbers import text
from ..settlement.settlement import Settlement
from ..wording.sentences import say_worth


class PointsRecalculate(models.TransientModel):
    """Shows what recalculating sales would change, and asks before it is booked.

    Only the server makes one, so that nobody can say what is to be booked: what is
    stored is what was shown, and which sales it is about.
    """

    _name = "points.recalculate"
    _description = "Recalculate Points"

    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(required=True, readonly=True)
    shown = fields.Json(readonly=True, help="Points before and after, as shown.")
    note = fields.Text(
        readonly=True, help="Points that cannot be posted, and the reason."
    )
    line_ids = fields.One2many(
        "points.recalculate.line", "recalculate_id", string="Changes", readonly=True
    )

    # === ACTION METHODS === #

    def action_confirm(self):
        """Book what was shown; ask again where it would be something else by now.

        :raise AccessError: for who is no manager of points, or may not read the sales
        """
        self.ensure_one()
        sales = self._get_sales()
        found = self._try(sales)
        if self._prepare_shown(found) != (self.shown or []):
            note = self.env._("Something has changed in the meantime. Check again.")
            return self._ask(sales, found, note)
        for sale in sales.sudo():
            Settlement(sale, is_anew=True).post()
        return sales._points_notify("success", sales.sudo()._points_say_earned())

    # === BUSINESS METHODS === #

    def _get_sales(self):
        """Return the sales, if the reader may recalculate them."""
        sales = self.env[self.res_model].browse(self.res_ids).exists()
        sales._points_check_recalculate()
        return sales

    def _try(self, sales) -> list[tuple]:
        """Return what recalculating sales would give; nothing is booked.

        :return: (sale, points before and after by program, what cannot be booked)
        """
        found = []
        for sale in sales.sudo():
            settlement = Settlement(sale, is_anew=True)
            changes = settlement.preview()
            found.append((sale, changes, settlement.limits.say_unbooked()))
        return found

    def _prepare_shown(self, found) -> list:
        """Return the numbers as they are stored: text, sale by sale."""
        return [
            [sale.id, program_id, text(before), text(after)]
            for sale, changes, _why in found
            for program_id, (before, after) in changes.items()
        ]

    def _ask(self, sales, found, note=""):
        """Open the question with what was found for these sales."""
        notes = [note, *(why for _sale, _changes, why in found)]
        question = self.sudo().create(
            {
                "res_model": sales._name,
                "res_ids": sales.ids,
                "shown": self._prepare_shown(found),
                "note": "\n".join(dict.fromkeys(filter(None, notes))),
                "line_ids": [
                    fields.Command.create(self._prepare_line(sale, *change))
                    for sale, changes, _why in found
                    for change in changes.items()
                ],
            }
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_points.points_recalculate_action"
        )
        return dict(action, res_id=question.id)

    def _prepare_line(self, sale, program_id, points):
        program = self.env["points.program"].sudo().browse(program_id)
        before, after = (
            say_worth(self.env, program.currency_id, program.mode == "value", number)
            for number in points
        )
        return {
            "subject": sale.display_name,
            "program": program.name,
            "before_text": before,
            "after_text": after,
            "change": float(points[1] - points[0]),
        }
