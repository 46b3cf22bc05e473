"""The pictures of the readme: shown by tours, so that they stay true.

``dev/pictures`` keeps them; otherwise only the screens are looked at.
"""

import base64
import os
from pathlib import Path
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import ChromeBrowser

from .register_common import RegisterToursCommon

_FOLDER = os.environ.get("POINTS_PICTURES")


@tagged("post_install", "-at_install")
class TestPictureTours(RegisterToursCommon):
    def _picture(self, name, start, *args, **kwargs):
        """Run a tour, and keep what it shows at its end."""
        wait = ChromeBrowser._wait_code_ok

        def look(browser, *args, **kwargs):
            wait(browser, *args, **kwargs)
            if _FOLDER:
                shown = browser._websocket_request("Page.captureScreenshot")
                path = Path(_FOLDER, f"{name}.png")
                path.write_bytes(base64.b64decode(shown["data"]))

        with patch.object(ChromeBrowser, "_wait_code_ok", look):
            start(*args, **kwargs)

    def _show(self, name, record):
        page, tour = f"/odoo/{record._name}/{record.id}", f"points_picture_{name}"
        self._picture(name, self.start_tour, page, tour, login="shop_manager")

    def test_the_pictures_of_the_readme(self):
        new_test_user(
            self.env,
            "shop_manager",
            "customer_points.group_points_manager,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.main_pos_config.with_user(self.pos_user).open_ui()
        for name in ("register", "receipt"):
            self._picture(name, self.start_pos_tour, f"points_picture_{name}")
        document = self.env["points.document"].search(
            [("pos_order_id", "!=", False)], limit=1
        )
        self.assertTrue(document.entry_ids)

        self._show("document", document)
        self._show("program", self.program)
        self._show("customer", self.account.partner_id)
