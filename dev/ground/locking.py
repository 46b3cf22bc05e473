"""Let two commands in one checkout wait for each other."""

import contextlib
import fcntl

from .console import say
from .places import GROUND

_held = set()


@contextlib.contextmanager
def exclusive(name: str):
    """Hold a lock that only one process has; waiting is announced.

    The process that holds it may take it again.
    """
    if name in _held:
        yield
        return
    GROUND.mkdir(exist_ok=True)
    with (GROUND / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for another command that uses the {name}")
            fcntl.flock(file, fcntl.LOCK_EX)
        _held.add(name)
        try:
            yield
        finally:
            _held.discard(name)
