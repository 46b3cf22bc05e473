"""The table of what reading costs in a big shop."""

from .report import table


def show_reading(rows: list[dict], entries: int):
    """Print a row for each reading."""
    print(f"\nreading with {entries:,} entries")
    headings = ("reading", "queries", "first ms", "ms", "sql ms")
    table(
        headings,
        [
            (
                row["name"],
                f"{row['queries']}",
                f"{row['first_ms']:.0f}",
                f"{row['ms']:.0f}",
                f"{row['sql_ms']:.0f}",
            )
            for row in rows
        ],
    )


def judge_reading(verdicts, rows: list[dict]):
    """Judge what has a limit: times, which never fail a run."""
    for row in rows:
        if row["limit"]:
            verdicts.add(
                f"{row['name']}: at most {row['limit']} ms",
                f"{row['ms']:.0f}",
                row["ms"] <= row["limit"],
                is_noisy=True,
            )
