"""How often targets are reached, and what counts to the next time."""

from odoo.tests.common import BaseCase

from odoo.addons.customer_points.engine.numbers import number
from odoo.addons.customer_points.engine.targets import Targets, progress


def reached(points, qualifying, minimum, of_them=0, repeat="once"):
    """Return (times reached, points, qualifying points to the next time)."""
    targets = Targets(number(minimum), number(of_them), repeat)
    done = progress(number(points), number(qualifying), targets)
    return done.times, done.points, done.qualifying_points


class TestEngineTargets(BaseCase):
    def test_c15_all_points_count_to_one_target_qualifying_ones_to_both(self):
        self.assertEqual(reached(100, 40, 100, 50)[0], 0)
        self.assertEqual(reached(100, 50, 100, 50)[0], 1)

    def test_c16_second_example(self):
        self.assertEqual(reached(55, 10, 50, 10)[0], 1)
        self.assertEqual(reached(59, 9, 50, 10)[0], 0)

    def test_c22_the_minimum_is_the_lowest_number_that_earns_the_reward(self):
        self.assertEqual(reached(99, 0, 100)[0], 0)
        self.assertEqual(reached(100, 0, 100)[0], 1)

    def test_c48_once_counts_once_and_goes_on_showing_everything(self):
        self.assertEqual(reached(250, 0, 100), (1, 250, 0))

    def test_c48_each_time_leaves_the_surplus_to_the_next(self):
        self.assertEqual(reached(250, 0, 100, repeat="each"), (2, 50, 0))

    def test_c48_each_time_needs_the_qualifying_points_each_time(self):
        self.assertEqual(reached(250, 60, 100, 50, "each"), (1, 150, 10))
        self.assertEqual(reached(250, 100, 100, 50, "each"), (2, 50, 0))

    def test_nothing_to_reach_is_never_reached(self):
        self.assertEqual(reached(250, 60, 0)[0], 0)

    def test_c50_what_was_taken_back_is_not_reached_below_zero(self):
        self.assertEqual(reached(-250, -60, 100, 50, "each"), (0, -250, -60))
