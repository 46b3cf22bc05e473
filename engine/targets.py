"""How far earned points are on the way to a target, and how often they reached it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .numbers import ZERO, calculating, multiply, whole_blocks


@dataclass(frozen=True, slots=True)
class Targets:
    """The points that earn a reward; of them so many from qualifying products (C-15).

    0: no such target. ``repeat`` tells whether the reward is earned ``once``
    or ``each`` time, the surplus then counting on to the next one (C-48).
    """

    minimum: Decimal = ZERO
    qualifying: Decimal = ZERO
    repeat: str = "once"


@dataclass(frozen=True, slots=True)
class Progress:
    """How often a target was reached, and what counts to the next time."""

    times: int
    points: Decimal
    qualifying_points: Decimal


@dataclass(frozen=True, slots=True)
class Goal:
    """The points that are still missing for a reward, and the qualifying ones."""

    points: Decimal = ZERO
    qualifying: Decimal = ZERO

    @property
    def is_reached(self) -> bool:
        """Tell whether nothing is missing, or there is nothing to reach."""
        return self.points <= 0 and self.qualifying <= 0


@calculating
def progress(points: Decimal, qualifying: Decimal, targets: Targets) -> Progress:
    """Return how far ``points``, of them ``qualifying`` ones, are on the way."""
    times = _times(points, qualifying, targets)
    if targets.repeat == "once":
        return Progress(min(times, 1), points, qualifying)
    return Progress(
        times,
        points - multiply(targets.minimum, Decimal(times)),
        qualifying - multiply(targets.qualifying, Decimal(times)),
    )


@calculating
def missing(done: Progress, targets: Targets) -> Goal:
    """Return what the next reward still takes: nothing where none is to be reached."""
    is_done = targets.repeat == "once" and done.times > 0
    if targets.minimum <= 0 or is_done:
        return Goal()
    return Goal(
        max(targets.minimum - done.points, ZERO),
        max(targets.qualifying - done.qualifying_points, ZERO),
    )


def _times(points: Decimal, qualifying: Decimal, targets: Targets) -> int:
    if targets.minimum <= 0:
        return 0
    times = whole_blocks(points, targets.minimum)
    if targets.qualifying > 0:
        times = min(times, whole_blocks(qualifying, targets.qualifying))
    return max(int(times), 0)
