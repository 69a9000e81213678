"""How much of the firm the logs can show: the denominator of every share, and the blind spots in words."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

from discovery.naming import OPEN
from discovery.observations import Coverage, LogAccount

#: Outer names of connections whose real name is encrypted (RFC 9849: encrypted client hello).
HIDING_NAMES: Final = ("cloudflare-ech.com",)

#: From this share of hidden names on a reader is told.
_WORTH_SAYING: Final = 0.01

_SATURDAY: Final = 5


def cover(
    present: pl.DataFrame,
    asked: pl.DataFrame,
    sources: Sequence[tuple[str, LogAccount, str]],
    people: pl.DataFrame | None,
    people_expected: int | None,
) -> Coverage:
    """The coverage of logs.

    Args:
        present: person, person_kind and day of everybody who was there.
        asked: destination_domain, naming (how it was found), hits, and bytes_told: whether it was told how much was sent there.
        sources: name and account of each log, and how its addresses got names.
        people: the people list; counted where `people_expected` is not given.
        people_expected: people in the firm; None: not known.

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
    return Coverage(
        people_expected=people_expected,
        people_seen=seen if apart else None,
        person_days_seen=working,
        person_days_expected=None if people_expected is None else people_expected * days,
        names_hidden_share=hidden,
        sources=tuple(f"{_in_words(source, account)} {named}".rstrip() for source, account, named in sources),
        cannot_see=tuple(_blind_spots(asked, [account for _, account, _ in sources], hidden, apart=apart)),
    )


def working_days(since: date | None, until: date | None) -> int:
    """Days from Monday to Friday, both ends included; 0 without a period."""
    if since is None or until is None:
        return 0
    return sum((since + timedelta(days=n)).weekday() < _SATURDAY for n in range((until - since).days + 1))


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
