"""The table of what reading costs in a big shop."""

from .report import table

#: What a request may take of a server's memory, beside what it has already.
_MOST_MEGABYTES = 300


def show_reading(rows: list[dict], entries: int):
    """Print a row for each reading."""
    print(f"\nreading with {entries:,} entries")
    headings = ("reading", "queries", "first ms", "ms", "sql ms", "MB more")
    table(
        headings,
        [
            (
                row["name"],
                f"{row['queries']}",
                f"{row['first_ms']:.0f}",
                f"{row['ms']:.0f}",
                f"{row['sql_ms']:.0f}",
                f"{row['memory_mb']:.0f}",
            )
            for row in rows
        ],
    )


def judge_reading(verdicts, rows: list[dict]):
    """Judge what has a limit: memory, and times, which never fail a run."""
    for name in ("memory_mb", "printing_mb"):
        most = max(rows, key=lambda row, name=name: row[name])
        said = "wkhtmltopdf" if name == "printing_mb" else most["name"]
        verdicts.add(
            f"memory, {said}: at most {_MOST_MEGABYTES} MB",
            f"{most[name]:.0f}",
            most[name] <= _MOST_MEGABYTES,
        )
    for row in rows:
        if row["limit"]:
            verdicts.add(
                f"{row['name']}: at most {row['limit']} ms",
                f"{row['ms']:.0f}",
                row["ms"] <= row["limit"],
                is_noisy=True,
            )
