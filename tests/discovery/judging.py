"""Rows of one domain on one day, and what they are judged to be."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from discovery import activity
from discovery.observations import OBSERVED
from discovery.rhythm import EVIDENCE

MONDAY = date(2026, 3, 2)
Row = dict[str, Any]


def seen(day: int = 0, **changes: Any) -> Row:
    """One domain on one day: by default a single request to a host people work with."""
    start = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(days=day)
    row: Row = dict.fromkeys(OBSERVED) | {
        "person": "ann", "person_kind": "person", "kind": "traffic", "account": "cannot_be_told", "source": "squid", "family": "proxy",
        "domain": "app.example", "match": "service", "service": "tool", "role": "use", "day": MONDAY + timedelta(days=day), "slots": 1, "hits": 1,
        "blocked_hits": 0, "first": start, "last": start, "log": "access.log", "first_line": 1,
    }  # fmt: skip
    return row | changes


def judged(*rows: Row) -> tuple[str, str]:
    """Activity and rule of the one person and service."""
    table = activity.judge(pl.DataFrame(list(rows), schema=OBSERVED))
    assert dict(table.schema) == activity.JUDGED
    assert table.height == 1
    return table["activity"][0], table["rule"][0]


def of_ann(*rows: Row) -> tuple[str, str]:
    """Activity and rule of Ann at the tool, whoever else was there."""
    table = activity.judge(pl.DataFrame(list(rows), schema=OBSERVED)).filter(person="ann", service="tool")
    return table["activity"][0], table["rule"][0]


def timed(day: int = 0, **changes: Any) -> Row:
    """One domain on one day of which the time within hours is known."""
    return seen(day, **(dict.fromkeys(EVIDENCE, 0) | {"slots": 4, "hits": 9} | changes))
