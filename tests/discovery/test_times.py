"""Clocks: what a log writes, in UTC."""

from datetime import UTC, datetime

import polars as pl
import pytest

from discovery.dates import day_orders
from discovery.times import SYSLOG, Clock, DayMonth, Epoch, Iso, Reading, Stamp, Worded, Yearless, Zoned

READING = Reading(zone="Europe/Berlin", reference=datetime(2026, 1, 5, 12, tzinfo=UTC))


def read(clock: Clock, *values: str, reading: Reading = READING) -> str | None:
    row = pl.DataFrame({name: [value] for name, value in zip(clock.needs, values, strict=True)})
    time = row.select(clock.expr(reading)).item()
    return time.strftime("%Y-%m-%dT%H:%M:%S.%f").removesuffix(".000000") if time else None


STAMP = Stamp(("t",), ("%Y-%m-%d %H:%M:%S",))
WORDED = Worded(("t",))
CASES: list[tuple[Clock, tuple[str, ...], str | None]] = [
    (Iso("t"), ("2026-11-19T09:00:00Z",), "2026-11-19T09:00:00"),
    (Iso("t"), ("2026-11-19 09:00:00.123456789+01:00",), "2026-11-19T08:00:00.123456"),
    (Iso("t"), ("2026-11-19T09:00:00-0530",), "2026-11-19T14:30:00"),
    (Iso("t"), ("2026-11-19T09:00",), "2026-11-19T08:00:00"),
    (Iso("t"), ("2026-02-30T09:00:00Z",), None),
    (Iso("t"), ("1970-01-01T00:00:00Z",), None),
    (Iso("t"), ("2999-01-01T00:00:00Z",), None),
    (Iso("t"), ("soon",), None),
    (Iso("t"), ("2026-07-01 12:00:00 EDT",), "2026-07-01T16:00:00"),
    (Iso("t"), ("2026-07-01 12:00:00.5 UTC+0300",), "2026-07-01T09:00:00.500000"),
    (Iso("t"), ("2026-07-01 12:00:00 CST",), "2026-07-01T10:00:00"),  # of America, China or Cuba: nothing is known
    (WORDED, ("Nov 26 2026 22:17:32.25 UTC",), "2026-11-26T22:17:32.250000"),
    (WORDED, ("Nov 26 2026 22:17:32 PST",), "2026-11-27T06:17:32"),
    (WORDED, ("Nov  6, 2026 9:05:07 PM",), "2026-11-06T20:05:07"),
    (WORDED, ("Thursday, November 26, 2026 09:05:07 AM",), "2026-11-26T08:05:07"),
    (WORDED, ("26 Nov 2026 22:17:32",), "2026-11-26T21:17:32"),
    (WORDED, ("26-Nov-2026 22:17:32",), "2026-11-26T21:17:32"),
    (WORDED, ("26/Nov/2026:22:17:32 -0100",), "2026-11-26T23:17:32"),
    (WORDED, ("Thu, 26 Nov 2026 22:17:32 +0000 (UTC)",), "2026-11-26T22:17:32"),
    (WORDED, ("Thu Nov  6 22:17:32 2026",), "2026-11-06T21:17:32"),
    (WORDED, ("Thu Nov 26 22:17:32 GMT+02:00 2026",), "2026-11-26T20:17:32"),
    (WORDED, ("Thu Nov 26 22:17:32 CST 2026",), "2026-11-26T21:17:32"),
    (WORDED, ("Nov 26 22:17:32",), None),
    (WORDED, ("26 Nevember 2026 22:17:32",), None),
    (Worded(("d", "z")), ("Thu Nov 26 22:17:32 2026", "GMT"), "2026-11-26T22:17:32"),
    (STAMP, ("2026-07-01 12:00:00",), "2026-07-01T10:00:00"),
    (STAMP, ("2026-10-25 02:30:00",), "2026-10-25T00:30:00"),  # occurs twice: the first
    (STAMP, ("2026-03-29 02:30:00",), "2026-03-29T01:30:00"),  # skipped: an hour later
    (Zoned(("t",), ("%d/%b/%Y:%H:%M:%S %z",)), ("19/Nov/2026:09:00:00 -0100",), "2026-11-19T10:00:00"),
    (Yearless("t"), ("Dec 31 23:59:59",), "2025-12-31T22:59:59"),
    (Yearless("t"), ("Jan  5 09:00:00",), "2026-01-05T08:00:00"),
    (Yearless("t"), ("Feb 29 09:00:00",), "2024-02-29T08:00:00"),
    (Yearless("t"), ("Feb 30 09:00:00",), None),
    (Yearless("t"), ("déc. 31 23:59:59",), "2025-12-31T22:59:59"),
    (Yearless("t"), ("Ene  5 09:00:00",), "2026-01-05T08:00:00"),
    (Yearless("t"), ("lis  5 09:00:00",), None),  # November in Poland, October elsewhere
    (SYSLOG, ("2026-11-19T09:00:00+00:00",), "2026-11-19T09:00:00"),
    (DayMonth(("d", "t")), ("3/14/2026", "1:13:10 PM"), "2026-03-14T12:13:10"),
    (DayMonth(("d", "t")), ("20260314", "21:46:03"), "2026-03-14T20:46:03"),
    (Epoch("t", relative=True), ("12.5",), "1970-01-01T00:00:12.500000"),
    (Epoch("t", relative=True), ("-1",), None),
    (Epoch("t", relative=True), ("-9223372036854775808",), None),
]


@pytest.mark.parametrize(("clock", "written", "meant"), CASES)
def test_a_clock_reads_what_is_written(clock: Clock, written: tuple[str, ...], meant: str | None) -> None:
    assert read(clock, *written) == meant


def test_the_order_of_day_and_month_is_decided_once_for_a_log() -> None:
    clock = DayMonth(("d", "t"))
    for first, meant in ((True, "2026-04-03T10:00:00"), (False, "2026-03-04T11:00:00")):
        assert read(clock, "03.04.2026", "12:00:00", reading=Reading(zone="Europe/Berlin", day_first=first)) == meant


@pytest.mark.parametrize(
    ("dates", "orders", "ambiguous"),
    [
        (["3/4/2026", "14/4/2026"], {True}, True),
        (["3.14.2026"], {False}, False),
        (["09.11.2026", "10.11.2026"], {True}, False),  # nobody writes the month before the day with dots
        (["9. 11. 2026", "3/4/2026"], {True}, True),
        (["14-1-2026", "1-14-2026"], {True, False}, False),
        (["2026-03-14", "20260314", None, "x"], set(), False),
    ],
)
def test_dates_say_which_order_they_have(dates: list[str | None], orders: set[bool], ambiguous: bool) -> None:
    assert day_orders(pl.Series(dates)) == (orders, ambiguous)
