"""Find the log lines that must not be there."""

import re
from pathlib import Path

from .places import ALLOW_LIST

_RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) \S+ (?P<text>.*)$"
)
_BAD_LEVELS = {"WARNING", "ERROR", "CRITICAL"}


def unexpected_records(log: Path, *more_lists: Path) -> list:
    """Return the records of level WARNING or above that nothing allows.

    A record is its first line together with the lines that belong to it, such
    as a traceback.

    :param more_lists: files that allow more than the allow-list does
    """
    allowed = [
        pattern for path in (ALLOW_LIST, *more_lists) for pattern in _patterns(path)
    ]
    return [
        record
        for record in _bad_records(log)
        if not any(pattern.search(record) for pattern in allowed)
    ]


def report_unexpected(log: Path, *more_lists: Path) -> bool:
    """Print the records that must not be there; tell whether there are any."""
    records = unexpected_records(log, *more_lists) if log.exists() else []
    for record in records:
        print(record)
    if records:
        print(f"\n{len(records)} unexpected WARNING or ERROR records in {log}")
    return bool(records)


def _bad_records(log: Path) -> list:
    """Return all records of level WARNING or above, as "LEVEL text"."""
    records = []
    inside = False
    for line in log.read_text(errors="replace").splitlines():
        found = _RECORD.match(line)
        if found:
            inside = found["level"] in _BAD_LEVELS
            if inside:
                records.append(f"{found['level']} {found['text']}")
        elif inside:
            records[-1] += f"\n{line}"
    return records


def _patterns(path: Path) -> list:
    """Read a list of what is allowed."""
    lines = path.read_text().splitlines()
    return [re.compile(line) for line in lines if line.strip() and line[0] != "#"]
