"""Whether 3/4 is in March or in April, where every date of a log could be read both ways."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from discovery.pipeline import read_log

DAY, MONTH = "%d/%m/%Y", "%m/%d/%Y"


def days_of(path: Path, days: list[date], form: str, *, sink: bool = False) -> tuple[list[date], list[str]]:
    """The days that a log of so many days, written three weeks after the first of them, is read as; and what is said of its dates."""
    rows = [f"{day:{form}} 09:{minute:02d}:00,ann,app.example.com,{minute}" for day in days for minute in range(3)]
    path.write_text("\n".join(("when,user,host,bytes", *rows)) + "\n")
    given: list[pl.DataFrame] = []
    written = datetime.combine(days[0], datetime.min.time(), UTC) + timedelta(weeks=3)
    found = read_log(path, zone="Europe/London", reference=written, sink=given.append if sink else None)
    times = pl.concat(given)["timestamp"] if sink else found.usage.whole()["first"]
    return sorted(set(times.dt.date())), [said for said in found.account.warnings if said.startswith("Dates")]


@pytest.mark.parametrize("sink", [False, True])
@pytest.mark.parametrize("form", [DAY, MONTH])
def test_of_two_ways_the_one_whose_days_follow_each_other_holds(tmp_path: Path, form: str, *, sink: bool) -> None:
    days = [date(2026, 11, day) for day in (2, 3, 4, 6)]
    read, said = days_of(tmp_path / "own.csv", days, form, sink=sink)
    assert read == days
    assert [("day/month: so" in one) for one in said] == [form == DAY]


def test_no_day_lies_after_the_log_was_written(tmp_path: Path) -> None:
    day = [date(2026, 2, 12)]
    assert days_of(tmp_path / "own.csv", day, DAY)[0] == day
    assert days_of(tmp_path / "own.csv", day, MONTH)[0] == day


def test_what_nothing_tells_is_read_with_the_month_first_and_said(tmp_path: Path) -> None:
    read, said = days_of(tmp_path / "own.csv", [date(2026, 11, 2)], DAY)
    assert read == [date(2026, 2, 11)]
    assert said == ["Dates could be read as day/month or month/day; they were read as month/day."]


def test_a_day_after_the_twelfth_decides_without_a_word(tmp_path: Path) -> None:
    days = [date(2026, 11, day) for day in (2, 3, 13)]
    assert days_of(tmp_path / "own.csv", days, DAY) == (days, [])
