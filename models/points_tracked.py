from odoo import api, models
from odoo.tools import plaintext2html


class PointsTracked(models.AbstractModel):
    """A part of a program without a chatter of its own: its owner's tells its changes.

    Every stored field is a setting that moves points, so all of them are told.
    """

    _name = "points.tracked"
    _description = "Part With Tracked Changes"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._tell_chatters(lambda said: parts.env._("Added: %s", said))
        return parts

    def write(self, vals):
        infos = self._get_tracked_infos(vals)
        before = {part: {name: part[name] for name in infos} for part in self}
        result = super().write(vals)
        if infos:
            for part, values in before.items():
                part._tell_changes(infos, values)
        return result

    def unlink(self):
        self._tell_chatters(lambda said: self.env._("Removed: %s", said))
        return super().unlink()

    # === BUSINESS METHODS === #

    def _get_chatters(self) -> list:
        """Return the records with a chatter that this part belongs to."""
        raise NotImplementedError

    def _say_part(self) -> str:
        """Return what this part promises, in one line."""
        raise NotImplementedError

    @api.model
    def _is_telling(self) -> bool:
        silent = ("tracking_disable", "mail_notrack")
        return not any(map(self.env.context.get, silent))

    @api.model
    def _get_tracked_infos(self, vals) -> dict:
        """Return what is to be known of the fields that are written, by name."""
        names = [
            name
            for name in vals
            if (field := self._fields.get(name)) and field.store and name != "code"
        ]
        if not names or not self._is_telling():
            return {}
        attributes = ("string", "type", "selection", "currency_field")
        return self.fields_get(names, attributes)

    def _tell_changes(self, infos, before):
        """Post what was changed of one part, old and new value by field."""
        changed, tracking = self._mail_track(infos, before)
        for chatter in self._get_chatters() if changed else ():
            chatter._message_log(
                body=plaintext2html(self._say_part()), tracking_value_ids=tracking
            )

    def _tell_chatters(self, say):
        """Post one message about all these parts on each chatter concerned."""
        said = {}
        for part in self if self._is_telling() else ():
            for chatter in part._get_chatters():
                said.setdefault(chatter, []).append(say(part._say_part()))
        for chatter, lines in said.items():
            chatter._message_log(body=plaintext2html("\n".join(lines)))
