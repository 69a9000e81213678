"""Judging is quick enough for a page."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from discovery.catalogue import Catalogue
from rules import unknown
from rules.assess import assess
from rules.toolset import read_toolset

Make = Callable[..., Any]
MICROSOFT = read_toolset('suites = ["microsoft_365_business_basic"]')


@pytest.mark.slow
def test_a_hundred_people_over_a_quarter_are_judged_in_time(sight: Make, shipped: Catalogue, observe: Make) -> None:
    names = list(shipped.services)[:80]
    seen = observe(
        *(sight(day, person=f"p{n % 100}", service=names[n % 80], domain=f"{names[n % 80]}.com") for day in range(90) for n in range(0, 8_000, 40))
    )
    many = pl.concat([seen.usage.with_columns(pl.col("person") + str(n), pl.col("first") + timedelta(minutes=n)) for n in range(15)])
    assert many.height > 250_000
    start = time.process_time()
    assert assess(type(seen)(many, seen.logs, seen.coverage, "UTC", seen.since, seen.until), shipped, {}, MICROSOFT).findings
    assert time.process_time() - start < 5  # a second and a half on an idle machine


def test_unknown_domains_are_judged_once_and_only_when_somebody_asks(
    sight: Make, shipped: Catalogue, observe: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Catalogue] = []
    find = unknown.domains
    monkeypatch.setattr(unknown, "domains", lambda seen, known: (asked.append(known), find(seen, known))[1])
    seen = observe(sight(), sight(match="unknown", service=None, role=None, domain="app.new.io", registrable="new.io"))
    assessment = assess(seen, shipped, {}, MICROSOFT)
    assert assessment.findings
    assert not asked
    assert [len(assessment.unknown) for _ in range(2)] == [1, 1]
    assert len(asked) == 1
