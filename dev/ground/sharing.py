"""Share the test files out among Odoo processes that run at once.

`dev/test_seconds.json` says how long each file takes in the suite, and beside other
modules where that is known; only proportions count. `dev/test --balance` writes it
anew from the logs of the last runs.
"""

import json
import re
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from .places import CHECKOUT, DEV, EXAMPLE, LOGS, MODULE

# As many as the processors of the smallest machine that runs them.
SHARES = 2
#: What shares test files out; the others go by the seconds of the first where they
#: have none of their own.
RUNS = SUITE, BESIDE_LOYALTY, BESIDE_POS = "suite", "beside-loyalty", "beside-pos"
STARTED = re.compile(
    rf"odoo\.addons\.(?:{MODULE}|{EXAMPLE})\.tests\.(\w+): Starting (\S+) "
)
_SECONDS = DEV / "test_seconds.json"
# What a file takes that the list does not name.
_USUAL_SECONDS = 5
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?=,)")


def test_files(pattern="test_*.py") -> list:
    """Return the add-on's test files."""
    return sorted((CHECKOUT / "tests").glob(pattern))


def logs(run) -> list:
    """Return the log of each process that runs a share."""
    return [LOGS / f"{run}-{number}.log" for number in range(1, SHARES + 1)]


def shares(files, run) -> list:
    """Return lists of test files that take about as long as each other in a run.

    The longest file goes first, each to the share that has the least; that is
    always the same for the same files.
    """
    known = {**_known_seconds(SUITE), **_known_seconds(run)}

    def seconds(file) -> int:
        return known.get(file.stem, _USUAL_SECONDS)

    found = [[] for _ in range(SHARES)]
    for file in sorted(files, key=lambda file: (-seconds(file), file.name)):
        min(found, key=lambda share: sum(map(seconds, share))).append(file)
    return found


def selector(share) -> str:
    """Return what lets Odoo's runner run some test files."""
    return ",".join(f"/{MODULE}/tests/{file.name}" for file in share)


def duration(log: Path) -> int:
    """Return how many seconds a process took, by its log."""
    moments = [moment for moment, _line in _dated_lines(log)]
    return int((moments[-1] - moments[0]).total_seconds()) if moments else 0


def balance() -> int:
    """Write down how long each test file took in the last runs."""
    names = [file.stem for file in test_files()]
    kept = {}
    for run in RUNS:
        known = {**_known_seconds(run), **_taken_seconds(run)}
        kept[run] = {name: known[name] for name in names if name in known}
    _SECONDS.write_text(json.dumps(kept, indent=4) + "\n")
    return 0


def _known_seconds(run) -> dict:
    """Return how long test files take in a run, by name."""
    return json.loads(_SECONDS.read_text()).get(run, {})


def _taken_seconds(run) -> dict:
    """Return how long test files took in the last run of this kind, by name."""
    taken = {}
    for log in logs(run):
        for name, seconds in _seconds_by_file(log) if log.exists() else ():
            taken[name] = taken.get(name, 0) + int(seconds)
    return taken


def _seconds_by_file(log: Path):
    """Return (test file, seconds) from the start of each test to the next one's."""
    lines = list(_dated_lines(log))
    starts = [
        (moment, found[1]) for moment, line in lines if (found := STARTED.search(line))
    ]
    for (start, name), (end, _next) in pairwise([*starts, *lines[-1:]]):
        yield name, (end - start).total_seconds()


def _dated_lines(log: Path):
    """Return (moment, line) of each line of a log that begins a record."""
    for line in log.read_text(errors="replace").splitlines():
        if found := _MOMENT.match(line):
            yield datetime.fromisoformat(found[0]), line
