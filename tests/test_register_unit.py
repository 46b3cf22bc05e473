from odoo.tests import HttpCase, tagged

from odoo.addons.web.tests import test_js

#: Odoo lists this file in its assets; copies of Odoo without it log an error.
_MISSING_ASSET = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
_WAY = "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"


@tagged("post_install", "-at_install")
class TestRegisterUnit(HttpCase):
    """The register's own logic, tested in the browser by Hoot."""

    def test_hoot(self):
        self.env["ir.asset"].create(
            {
                "name": "A file that some copies of Odoo lack",
                "bundle": "web.assets_backend",
                "directive": "remove",
                "path": _MISSING_ASSET,
            }
        )
        suite = test_js.HOOTCommon._generate_hash(self, "@customer_points")

        self.browser_js(
            f"{_WAY}&id={suite}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
