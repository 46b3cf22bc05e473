"""The overview and its start page in a real browser, wide and on a phone."""

from odoo.tests import HttpCase, new_test_user, tagged

from .test_overview import OverviewCommon
from .test_tours import _MISSING_ASSET

_PAGE = "/odoo/action-customer_points.points_overview_action"


class OverviewToursCommon(OverviewCommon, HttpCase):
    browser_size = "1360x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = new_test_user(
            cls.env, "keeper", "customer_points.group_points_manager", **cls.companies
        )
        cls.env["ir.asset"].sudo().create(
            {
                "name": "A file that some copies of Odoo lack",
                "bundle": "web.assets_backend",
                "directive": "remove",
                "path": _MISSING_ASSET,
            }
        )


@tagged("post_install", "-at_install")
class TestOverviewTours(OverviewToursCommon):
    def _no_programs(self):
        self.env["points.account"].search([]).unlink()
        self.env["points.program"].with_context(active_test=False).search([]).unlink()

    def test_the_first_program_is_made_by_one_click(self):
        self._no_programs()

        self.start_tour(_PAGE, "points_start_page", login="keeper")

        program = self.env["points.program"].search([])
        self.assertEqual(program.code, "STAMPS")

    def test_users_read_who_can_make_programs(self):
        self._no_programs()

        self.start_tour(_PAGE, "points_start_page_of_user", login="reader")

    def test_figures_charts_and_their_lists(self):
        self._live_today()

        self.start_tour(_PAGE, "points_overview", login="reader")

    def test_managers_make_more_programs(self):
        self.start_tour(_PAGE, "points_overview_new_program", login="keeper")

    def test_from_right_to_left(self):
        self._live_today()
        self.env["res.lang"]._activate_lang("ar_001")
        self.env["ir.module.module"]._load_module_terms(["customer_points"], ["ar_001"])
        self.keeper.lang = "ar_001"

        self.start_tour(_PAGE, "points_overview_right_to_left", login="keeper")

    def test_the_app_opens_on_it(self):
        self.start_tour("/odoo", "points_opens_on_overview", login="reader")

    def _live_today(self):
        """Let the customers earn and redeem, so that it shows in a browser of today."""
        self._sell((self.cake, 3))
        self._buy([(self.cake, 1)], (self.reward, 1, -25))
        today = self.company._get_points_today()
        self._invoice((self.cake, 1, 100), customer=self.third, day=today)


@tagged("post_install", "-at_install")
class TestOverviewOnPhones(TestOverviewTours):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_app_opens_on_it(self):
        """The menu of apps is another one on phones."""
