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


def _times(points: Decimal, qualifying: Decimal, targets: Targets) -> int:
    if targets.minimum <= 0:
        return 0
    times = whole_blocks(points, targets.minimum)
    if targets.qualifying > 0:
        times = min(times, whole_blocks(qualifying, targets.qualifying))
    return max(int(times), 0)
