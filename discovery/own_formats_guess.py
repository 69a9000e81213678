"""Which column is what, proposed from what the columns are called and from what they hold. People correct it; nothing is read on a guess alone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, NamedTuple

import polars as pl

from discovery.identify import Candidate, candidates, head_events
from discovery.kinds.named import plain
from discovery.matching import LOCAL_SUFFIXES, canonical, public_endings
from discovery.names import macs
from discovery.own_formats import RELAYED, OwnFormat
from discovery.own_formats_table import Table, table
from discovery.redact_invent import is_address
from discovery.spellings import SPELLINGS, clock
from discovery.times import Reading

_MOSTLY: Final = 0.7
_SOME: Final = 0.5
_SHORTEST_EPOCH: Final = 10  # digits; shorter numbers are counts

#: Columns that speak of the page before, or of something else than the visit.
_OTHER: Final = re.compile(r"refer|agent|cookie|categor|policy|rule|country|vers", re.IGNORECASE)
_PRIVATE: Final = re.compile(r"10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:", re.IGNORECASE)
_VERDICT: Final = re.compile(r"(?:allow|permit|accept|pass|block|den[iy]|drop|reject|refus|reset|erlaub|gesperrt|autoris|bloqu)", re.IGNORECASE)
_ACCOUNT: Final = re.compile(r"[\w.-]+\\[\w.$ -]+$|[\w.+-]+@[\w-]+\.[\w.-]+$")
_WORD: Final = re.compile(r"[^\W\d][\w .'@\\-]*$")
_NUMBER: Final = re.compile(r"\d{1,15}$")
_DATE: Final = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}$|\d{8}$")
_CLOCK: Final = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?(?: ?[AP]M)?$", re.IGNORECASE)
_HOST: Final = re.compile(r"(?:[\w*-]+\.)+([\w-]{2,})(?:[:/?.].*)?$")
_REFERENCE: Final = datetime(2090, 1, 1, tzinfo=UTC)

Holds = Callable[[list[str]], float]


def propose(found: Table, title: str) -> OwnFormat | None:
    """The likeliest meaning of a table's columns; None where no time or no site is found."""
    columns = guess(found)
    if "time" not in columns or not {"domain", "url", "address"} & set(columns):
        return None
    return OwnFormat(title=title, kind=found.kind, columns=columns, separator=found.separator or ",", header=found.header or found.kind != "csv")


def guess(first: Table) -> dict[str, str]:
    """Role -> column, each column once."""
    found = _when(first)
    for test in _TESTS:
        free = [name for name in first.names if name not in found.values() and name not in RELAYED and not _OTHER.search(name)]
        ranked = [(rank, name) for name in free if test.role not in found and (rank := _rank(test, name, first.column(name))) is not None]
        if ranked:
            found[test.role] = max(ranked, key=lambda one: one[0])[1]
    return found


def preview(own: OwnFormat, head: bytes, reading: Reading) -> tuple[Candidate, pl.DataFrame] | None:
    """How a format reads the first lines, and their events; None where it understands none of them."""
    best = next(iter(candidates(head, reading, known=[own.as_format()])), None)
    return None if best is None else (best, head_events(best, head))


def teachable(head: bytes) -> bool:
    """Whether these are lines with columns that no shipped format understands."""
    if table(head) is None:
        return False
    return not any(candidate.enough for candidate in candidates(head, Reading())[:1])


class _Test(NamedTuple):
    """What makes a column a role: the share of its values that fit, how large that must be, and whether values alone are enough."""

    role: str
    holds: Holds
    enough: float
    alone: bool


def _rank(test: _Test, name: str, values: list[str]) -> tuple[float, ...] | None:
    """How well a column fits a role, None where it does not."""
    share = test.holds(values) if values else 0.0
    place = _called(test.role, name)
    elsewhere = place is None and any(_called(other, name) is not None for other in SPELLINGS if other not in (test.role, "date", "clock"))
    if share < test.enough or (place is None and (elsewhere or not test.alone)):
        return None
    own = _share(values, lambda value: _PRIVATE.match(value) is not None) if test.role == "client" else 0.0
    return (float(place is not None), own, share, -float(place or 0))


def _called(role: str, name: str) -> int | None:
    """Where in the usual spellings of a role the name of a column stands."""
    spelled = SPELLINGS[role].split()
    return next((spelled.index(one) for one in (plain(name), plain(name.rsplit(".", 1)[-1])) if one in spelled), None)


def _when(first: Table) -> dict[str, str]:
    """The column of the time, or those of date and time."""
    filled = [name for name in first.names if name not in RELAYED and first.column(name)]
    whole = [name for name in filled if _times(first.column(name)) >= _MOSTLY]
    if whole:
        return {"time": max(whole, key=lambda name: (_called("timestamp", name) is not None, _times(first.column(name))))}
    dates = [name for name in filled if _share(first.column(name), lambda value: _DATE.match(value) is not None) >= _MOSTLY]
    clocks = [name for name in filled if _share(first.column(name), lambda value: _CLOCK.match(value) is not None) >= _MOSTLY]
    if dates and clocks:
        return {"date": dates[0], "time": clocks[0]}
    return {"time": "syslog_time"} if "syslog_time" in first.names else {}


def _times(values: list[str]) -> float:
    """Share of values that are a date and a time."""
    text = pl.DataFrame({"time": [value for value in values if not (value.isdigit() and len(value) < _SHORTEST_EPOCH)]}, schema={"time": pl.String})
    read = text.select(clock("time").expr(Reading(reference=_REFERENCE)).is_not_null().sum()).item()
    return float(read) / len(values)


def _share(values: list[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, values)) / len(values) if values else 0.0


def _of(holds: Callable[[str], bool]) -> Holds:
    return lambda values: _share(values, holds)


def _is_site(value: str) -> bool:
    host = _HOST.match(value)
    if host is None or is_address(value) or value.startswith(("/", "\\")):
        return False
    ending = canonical(host[1])
    return ending in public_endings() or ending in LOCAL_SUFFIXES or ending in ("example", "test", "invalid")


def _is_mac(value: str) -> bool:
    return len(value) >= 12 and macs(pl.Series([value]))[0] is not None  # noqa: PLR2004 (digits of a MAC)


def _is_client(value: str) -> bool:
    return is_address(value) or (value.count(":") == 1 and is_address(value.split(":", maxsplit=1)[0]))


_TESTS: Final = (
    _Test("mac", _of(_is_mac), _MOSTLY, alone=True),
    _Test("client", _of(_is_client), _MOSTLY, alone=True),
    _Test("address", _of(_is_client), _SOME, alone=True),
    _Test("url", _of(lambda value: "://" in value), _SOME, alone=True),
    _Test("domain", _of(_is_site), _SOME, alone=True),
    _Test("user", _of(lambda value: _ACCOUNT.match(value) is not None), _SOME, alone=True),
    _Test("user", _of(lambda value: _WORD.match(value) is not None), _SOME, alone=False),
    _Test("host", _of(lambda value: not is_address(value) and not value.isdigit()), _SOME, alone=False),
    _Test("action", _of(lambda value: _VERDICT.match(value) is not None), _MOSTLY, alone=True),
    _Test("up", _of(lambda value: _NUMBER.match(value) is not None), _MOSTLY, alone=False),
    _Test("down", _of(lambda value: _NUMBER.match(value) is not None), _MOSTLY, alone=False),
)
