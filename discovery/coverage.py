"""How much of the firm the logs can show: the denominator of every share, and the blind spots in words."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.naming import OPEN
from discovery.observations import Coverage, LogAccount
from discovery.pace import WORKING

#: Outer names of connections whose real name is encrypted (RFC 9849: encrypted client hello).
HIDING_NAMES: Final = ("cloudflare-ech.com",)

#: From this share of hidden names on a reader is told.
_WORTH_SAYING: Final = 0.01

_SATURDAY: Final = 5
_HOUR: Final = timedelta(hours=1)
_LONGEST: Final = timedelta(days=10 * 366)  # of a period whose hours are counted; more is a clock that was not set


def cover(
    present: pl.DataFrame,
    asked: pl.DataFrame,
    sources: Sequence[tuple[str, LogAccount, str]],
    people: pl.DataFrame | None,
    people_expected: int | None,
    zone: str = "UTC",
) -> Coverage:
    """The coverage of logs.

    Args:
        present: person, person_kind and day of everybody who was there.
        asked: destination_domain, naming (how it was found), hits, and bytes_told: whether it was told how much was sent there.
        sources: name and account of each log, and how its addresses got names.
        people: the people list; counted where `people_expected` is not given.
        people_expected: people in the firm; None: not known.
        zone: the client's; its days and office hours count.

    People are told apart where a record names a person, or where there are two devices at least: one lone address may be a whole office.
    Where anybody is known by name, names are counted; devices without a name may be theirs as well.
    """
    if people_expected is None and people is not None and people.height:
        people_expected = people["person"].n_unique()
    known = present.filter(pl.col("person").is_not_null())
    named = known.filter(pl.col("person_kind") == "person")
    told = named if named.height else known.filter(pl.col("person_kind") == "device")
    seen = told["person"].n_unique()
    apart = seen > 1 or named.height > 0
    working = told.filter(pl.col("day").dt.weekday() <= _SATURDAY).select("person", "day").n_unique() if apart else None
    days = working_days(present["day"].min(), present["day"].max())  # type: ignore[arg-type]
    hidden = _hidden_share(asked)
    accounts = [account for _, account, _ in sources]
    hours, all_hours = working_hours(accounts, zone, present["day"].min(), present["day"].max())  # type: ignore[arg-type]
    return Coverage(
        people_expected=people_expected,
        people_seen=seen if apart else None,
        person_days_seen=working,
        person_days_expected=None if people_expected is None else people_expected * days,
        working_hours_seen=hours,
        working_hours_expected=all_hours,
        names_hidden_share=hidden,
        sources=tuple(f"{_in_words(source, account)} {named}".rstrip() for source, account, named in sources),
        cannot_see=(*_blind_spots(asked, accounts, hidden, apart=apart), *_unwatched(hours, all_hours)),
    )


def working_days(since: date | None, until: date | None) -> int:
    """Days from Monday to Friday, both ends included; 0 without a period."""
    if since is None or until is None:
        return 0
    return sum((since + timedelta(days=n)).weekday() < _SATURDAY for n in range((until - since).days + 1))


def working_hours(accounts: Iterable[LogAccount], zone: str, since: date | None = None, until: date | None = None) -> tuple[int | None, int | None]:
    """Office hours (`pace.WORKING`, Monday to Friday) that some log covers, and how many there are from the first event to the last.

    Args:
        accounts: of the logs; those without traffic cover nothing.
        zone: the client's.
        since, until: only between these days.

    Returns:
        None for both where no log has an event.
    """
    spans = [span for account in accounts if account.family != "identity" for span in _spans(account)]
    if not spans:
        return None, None
    begin, end = min(first for first, _, _ in spans), max(last for _, last, _ in spans)
    hours = _office(max(begin, end - _LONGEST), end, zone, since, until)
    covered = np.zeros(len(hours), bool)
    for first, last, silences in spans:
        here = (hours + 1 > _number(first)) & (hours <= _number(last))
        for silent_since, silent_until in silences:
            here &= ~((hours >= _number(silent_since)) & (hours + 1 <= _number(silent_until)))
        covered |= here
    return int(covered.sum()), len(hours)


_Span = tuple[datetime, datetime, list[tuple[datetime, datetime]]]


def _spans(account: LogAccount) -> list[_Span]:
    """From when to when a log speaks, and its silences; of a mixture each of its formats."""
    if account.first is None or account.last is None:
        return []
    names: list[str | None] = [*account.formats] or [None]
    return [(account.first, account.last, [(one.since, one.until) for one in account.silences if one.format == name]) for name in names]


def _office(begin: datetime, end: datetime, zone: str, since: date | None, until: date | None) -> npt.NDArray[np.float64]:
    """The office hours of a period, as hours since 1970."""
    starts = pl.datetime_range(begin.replace(minute=0, second=0, microsecond=0), end, "1h", time_zone="UTC", eager=True)
    local = starts.dt.convert_time_zone(zone).alias("hour").to_frame()
    hour, day = pl.col("hour").dt.hour(), pl.col("hour").dt.date()
    office = (pl.col("hour").dt.weekday() <= _SATURDAY) & (hour >= WORKING[0]) & (hour < WORKING[1])
    office &= pl.lit(value=True) if since is None else day >= since
    office &= pl.lit(value=True) if until is None else day <= until
    return local.filter(office)["hour"].dt.timestamp("ms").to_numpy() / _HOUR.total_seconds() / 1000


def _number(moment: datetime) -> float:
    return moment.timestamp() / _HOUR.total_seconds()


def _unwatched(seen: int | None, expected: int | None) -> list[str]:
    if seen is None or expected is None or seen == expected:
        return []
    return [f"No log covers {expected - seen:,} of {expected:,} working hours (Monday to Friday, {WORKING[0]}:00 to {WORKING[1]}:00)."]


def _hidden_share(asked: pl.DataFrame) -> float | None:
    """Share of requests that name only an address, or a name that stands before the real one."""
    name = pl.col("destination_domain")
    address = name.str.contains(r"^\d+\.\d+\.\d+\.\d+$|:")
    outer = pl.any_horizontal((name == hider) | name.str.ends_with(f".{hider}") for hider in HIDING_NAMES)
    open_ = pl.col("naming").is_in(OPEN).fill_null(value=False)
    hidden_hits = pl.col("hits").filter(name.is_null() | address | outer | open_).sum()
    counted = asked.select(pl.col("hits").sum().alias("all"), hidden_hits.alias("hidden"))
    every, hidden = counted.row(0)
    return hidden / every if every else None


def _in_words(source: str, account: LogAccount) -> str:
    if account.first is None or account.last is None:
        return f"{source}: {account.lines:,} lines, no requests."
    noun = "entry" if account.family == "identity" else "request"
    requests = f"1 {noun}" if account.events == 1 else f"{account.events:,} {noun.replace('entry', 'entrie')}s"
    return f"{source}: {requests} from {account.first:%Y-%m-%d %H:%M} to {account.last:%Y-%m-%d %H:%M} UTC."


def _blind_spots(asked: pl.DataFrame, accounts: Sequence[LogAccount], hidden: float | None, *, apart: bool) -> list[str]:
    said = dict.fromkeys(sentence for account in accounts for sentence in account.cannot_tell)
    if asked.height and not apart:
        said["People cannot be told apart: all requests come from one address, or from nobody."] = None
    if hidden is not None and hidden >= _WORTH_SAYING:
        said[f"{hidden:.0%} of requests hide the name of the site (an address only, or encrypted)."] = None
    if asked.height and not asked["bytes_told"].any():
        said["No log tells how much was uploaded."] = None
    if any(account.partial for account in accounts):
        said["A log is damaged and was read only as far as it is whole."] = None
    return list(said)
