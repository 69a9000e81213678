"""What the tests of judgement share: the shipped catalogue, and small hand-made observations."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from discovery import catalogue
from discovery.catalogue import Catalogue
from discovery.observations import OBSERVED, Coverage, LogAccount, Observations
from rules.alerts import Alert, Seen
from rules.assess import assess
from rules.differences import Judged
from rules.register import Decision, Register
from rules.toolset import Toolset
from rules.watch import uploads_by_week, watch

MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="session")
def shipped() -> Catalogue:
    return catalogue.load()


@pytest.fixture
def sight() -> Callable[..., dict[str, Any]]:
    """One observed row: by default half an hour's work of Ann with WeTransfer on a Monday."""

    def make(day: int = 0, **changes: Any) -> dict[str, Any]:
        start = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(days=day)
        row: dict[str, Any] = dict.fromkeys(OBSERVED) | {
            "person": "ann", "person_kind": "person", "basis": "user name in the log", "kind": "traffic", "account": "cannot_be_told",
            "source": "squid: access.log", "family": "proxy", "domain": "wetransfer.com", "match": "service", "service": "wetransfer", "role": "use",
            "day": MONDAY + timedelta(days=day), "slots": 5, "hits": 40, "blocked_hits": 0, "uploaded_bytes": 1_000, "downloaded_bytes": 9_000,
            "first": start, "last": start + timedelta(minutes=50), "log": "access.log", "first_line": 1,
        }  # fmt: skip
        return row | changes

    return make


@pytest.fixture
def observe() -> Callable[..., Observations]:
    """Observations of these rows, in two weeks of a firm of ten."""

    def make(*rows: dict[str, Any], apart: bool = True, expected: int | None = 10) -> Observations:
        log = LogAccount("access.log", "squid", "proxy", 1_000, 40, 38, skipped={"comment": 2}, first=datetime(2026, 3, 2, 9, tzinfo=UTC))
        usage = pl.DataFrame(list(rows), schema=OBSERVED)
        seen = usage["person"].drop_nulls().n_unique() if apart else None
        coverage = Coverage(expected, seen, 4, 100, 0.01, ("squid: access.log",), ("No log tells how much was uploaded.",))
        return Observations(usage, (log,), coverage, "Europe/London", MONDAY, MONDAY + timedelta(days=11), apart)

    return make


@pytest.fixture
def side(shipped: Catalogue, observe: Callable[..., Observations], sight: Callable[..., dict[str, Any]]) -> Callable[..., Judged]:
    """One side of a comparison, from rows as `sight` makes them."""

    def judged(*rows: dict[str, Any], catalogue: str = "1") -> Judged:
        seen = observe(*[sight(**row) for row in rows])
        return Judged(assess(seen, shipped, {}, Toolset()), seen.usage, catalogue)

    return judged


@pytest.fixture
def look(shipped: Catalogue, observe: Callable[..., Any], sight: Callable[..., Any]) -> Callable[..., list[Alert]]:
    """The alerts of a firm with these rows now and before (none: there were no logs), as seen on 13 March."""

    def alerts(
        now: list[dict[str, Any]],
        before: list[dict[str, Any]],
        *decisions: Decision,
        provided: frozenset[str] = frozenset(),
        catalogue: Catalogue = shipped,
        **how: Any,
    ) -> list[Alert]:
        earlier, new = (observe(*[sight(**row) for row in rows]) for rows in (before, now))
        judged, known = (assess(seen, shipped, {}, Toolset()) for seen in (new, earlier))
        usage = uploads_by_week(pl.concat([earlier.usage, new.usage]))
        return list(watch(Seen(judged, known if before else None, Register(decisions), catalogue, provided, date(2026, 3, 13), usage, **how)))

    return alerts
