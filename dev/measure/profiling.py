"""Where the time of the add-on goes, for whoever wants to make it faster."""

import cProfile
import pstats

from .sync import Case, order_of
from .targets import Target


def show(target: Target, case: Case, count: int):
    """Print the add-on's functions by time, over ``count`` orders."""
    profile = cProfile.Profile()
    for number in range(count):
        order = order_of(target, case, f"profile {number}")
        profile.enable()
        target.send(order)
        profile.disable()
    print(f"\nprofile of {count} orders: {case}")
    stats = pstats.Stats(profile).sort_stats("cumulative")
    stats.print_stats("customer_points", 40)
