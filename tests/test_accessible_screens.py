"""Screens of ours in a real browser, looked at by axe-core."""

from pathlib import Path
from unittest import skipUnless

from odoo.tests import tagged

from .register_common import RegisterToursCommon
from .test_overview_tours import OverviewToursCommon

_AXE = Path(__file__).resolve().parent.parent / "dev/node_modules/axe-core/axe.min.js"
_with_axe = skipUnless(_AXE.exists(), "axe-core is not in the add-on's package")


def _serve_axe(env):
    env["ir.attachment"].create(
        {
            "name": "axe-core",
            "url": "/customer_points/axe.js",
            "mimetype": "application/javascript",
            "raw": _AXE.read_bytes(),
            "public": True,
        }
    )


@tagged("post_install", "-at_install")
@_with_axe
class TestAccessibleScreens(OverviewToursCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        _serve_axe(cls.env)

    def test_managers_find_nothing_serious(self):
        self._sell((self.cake, 3))
        self._buy([(self.cake, 1)], (self.reward, 1, -25))
        self.start_tour("/odoo", "points_accessible_screens", login="keeper")


@tagged("post_install", "-at_install")
@_with_axe
class TestAccessibleRegister(RegisterToursCommon):
    browser_size = "1024x768"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        _serve_axe(cls.env)

    def test_cashiers_find_nothing_serious(self):
        self._add_program("Gold", 24)
        self._run("points_accessible_register")
