"""A long table is laid aside in parts and taken up again as it was; names never stand on the disk."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from discovery.coding import Names
from discovery.hours import Hours
from discovery.shelf import Shelf
from discovery.turns import turns
from discovery.usage import USAGE, merge

BEGIN = datetime(2026, 3, 2, 22, tzinfo=UTC)
KINDS = Names().types | {"hits": pl.Int64(), "hour": USAGE["hour"]}


def rows(*hours: int) -> pl.DataFrame:
    """One row for each hour after the begin."""
    told = [{"user_name": f"ann{hour % 3}", "destination_domain": "files.example" if hour % 2 else None, "hits": hour} for hour in hours]
    table = pl.DataFrame(told).with_columns(pl.Series("hour", [BEGIN + timedelta(hours=hour) for hour in hours], USAGE["hour"]))
    return table.cast({name: KINDS[name] for name in table.columns})


@pytest.fixture(params=[0, 5, 1_000], ids=["all laid aside", "some laid aside", "none laid aside"], autouse=True)
def room(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many rows may stand in memory."""
    monkeypatch.setattr("discovery.shelf._HELD", request.param)


PIECES = (range(5), range(3, 9), range(100), range(200, 203))


def test_what_is_laid_aside_is_taken_up_as_it_was() -> None:
    pieces = [rows(*hours) for hours in PIECES]
    shelf, whole = Shelf(pieces), pl.concat(pieces)
    assert shelf.height == whole.height
    assert shelf.whole().schema == whole.schema
    assert shelf.whole().sort(pl.all()).equals(whole.sort(pl.all()))
    assert pl.concat(shelf.pieces("hits")).columns == ["hits"]
    assert set(shelf.distinct("user_name", "destination_domain").rows()) == set(whole.select("user_name", "destination_domain").rows())
    assert shelf.each(lambda piece: piece.filter(pl.col("hits") > 50)).whole()["hits"].sum() == whole.filter(pl.col("hits") > 50)["hits"].sum()


def test_turns_hold_every_row_once_and_leave_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discovery.turns._AT_ONCE", 20)
    pieces = [rows(*hours) for hours in PIECES]
    shelf, whole = Shelf(pieces), pl.concat(pieces)
    days = turns([piece["hour"] for piece in shelf.pieces("hour")], "Europe/London")
    kept, taken = [shelf.during(day) for day in days], list(shelf.parted(days))
    assert len(days) > 4
    assert pl.concat(kept).sort(pl.all()).equals(whole.sort(pl.all()))
    assert all(one.sort(pl.all()).equals(other.sort(pl.all())) for one, other in zip(kept, taken, strict=True))
    assert (shelf.height, shelf.whole().height) == (0, 0)


def test_no_name_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discovery.shelf._HELD", 0)
    shelf = Shelf([rows(*range(10)), rows(*range(10))])
    shelf._file.seek(0)  # noqa: SLF001 (what lies on the disk)
    written = shelf._file.read()  # noqa: SLF001
    assert len(written) > 100
    assert b"ann" not in written
    assert b"files" not in written


def test_an_empty_shelf_keeps_its_columns() -> None:
    shelf = Shelf([pl.DataFrame(schema=USAGE)])
    assert shelf.columns == list(USAGE)
    assert shelf.whole().equals(pl.DataFrame(schema=USAGE))
    assert shelf.each(lambda piece: piece.drop("slots")).columns == [name for name in USAGE if name != "slots"]


@pytest.mark.parametrize("order", [1, -1, 37], ids=["forward", "backward", "mixed"])
def test_hours_are_added_up_whatever_order_they_come_in(order: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discovery.hours._PENDING", 7)
    monkeypatch.setattr("discovery.turns._AT_ONCE", 20)
    hour = pl.Series("hour", [BEGIN + timedelta(hours=number * order % 100) for number in range(100)], USAGE["hour"])
    usual = {"user_name": "ann", "destination_domain": "files.example", "slots": 1, "hits": 1, "blocked_hits": 0, "first_line": 1}
    table = pl.DataFrame(hour).with_columns(pl.lit(value).alias(name) for name, value in usual.items())
    table = table.with_columns(pl.col("hour").alias("first"), pl.col("hour").alias("last"))
    blocks = [
        table.slice(begin, 4).select(
            pl.col(name).cast(kind) if name in table.columns else pl.lit(None, kind).alias(name) for name, kind in USAGE.items()
        )
        for begin in range(100)
    ]
    hours = Hours()
    for block in blocks:
        hours.add(block)
    found = hours.whole().whole()
    assert found.sort("hour").equals(merge(blocks).sort("hour"))
    assert found.height == 100
