"""What was observed: the hand-over from discovery to rules, the same for a scan and for a client's store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import polars as pl

from discovery.pace import Jump, Silence

#: Text that many rows share: a row holds its number, in a quarter of the memory.
WORD: Final = pl.Categorical()

#: One row per person × device × domain × day × source, after the strongest source of each hour was chosen.
OBSERVED: Final[dict[str, pl.DataType]] = {
    "person": WORD,  # who, as shown: a name in a scan, a pseudonym from the store; null where nobody can be told
    "person_kind": WORD,  # person, device, shared (an address many people stand behind) or null
    "basis": WORD,  # why we believe it, in words: "user name in the log", "DHCP lease", "people list", "address only"
    "people": pl.Int64(),  # people behind a row whose person is withheld, at least so many; null: not withheld, or not to be told
    "team": WORD,  # null: not known
    "device": WORD,  # the device it came from, where known
    "kind": WORD,  # kind of sighting: traffic
    "account": WORD,  # account class: company, other_tenant, personal, cannot_be_told
    "source": WORD,  # the log source, e.g. "squid: access.log"
    "family": WORD,  # dns, proxy, firewall, generic
    "domain": WORD,
    "match": WORD,  # service, background, private, unknown
    "service": WORD,  # service id, null unless match = service
    "role": WORD,  # use, sync, embed, visit, infra; null unless match = service
    "naming": WORD,  # how the domain was found, in words, where the log names only an address or another name; null: as the log has it
    "registrable": WORD,  # the registrable domain of an unknown name; null otherwise, and for addresses
    "day": pl.Date(),  # in the client's time zone
    "slots": pl.Int64(),  # distinct ten-minute slots with traffic on that day
    "hits": pl.Int64(),  # requests
    "blocked_hits": pl.Int64(),  # requests that were refused
    "uploaded_bytes": pl.Int64(),  # null: the source does not tell
    "downloaded_bytes": pl.Int64(),
    "first": pl.Datetime("us", "UTC"),
    "last": pl.Datetime("us", "UTC"),
    "sittings": pl.Int32(),  # of this device at this service on that day, see rhythm.py; null: the time within hours is not known
    "sat_seconds": pl.Int32(),  # how long they lasted together
    "moments": pl.Int32(),  # short ones that show the service's own page
    "joint": pl.Int32(),  # short or long ones at several hosts people work with
    "openings": pl.Int32(),  # all that began of their own accord
    "started": pl.Int32(),  # those that would be sittings or moments, had they not begun with the machine
    "led": pl.Int32(),  # those that began within seconds of another site's page
    "led_sittings": pl.Int32(),  # of these, those that lasted
    "joint_led": pl.Int32(),  # of all that are led, those at several hosts people work with
    "steady_hosts": pl.Int32(),  # hosts asked evenly from hour to hour, as programs and open windows do
    "gaps": pl.Int32(),  # intervals between sittings that could be a program's
    "even_gaps": pl.Int32(),  # of these, those as long as is usual on that day
    "whole_hours": pl.Int32(),  # between the first and the last request of that day, see evenness.py
    "asked_slots": pl.Int32(),  # ten-minute slots in them in which the service was asked for
    "asked_slots_squared": pl.Int32(),  # the sum of the squares of each hour's number
    "surges": pl.Int32(),  # hours with far more requests or bytes than is usual on that day
    "log": WORD,  # name of the log of the first hit
    "first_line": pl.Int64(),  # its physical line there
}

#: One row per person × name × kind × file: what was told without any traffic, see sighted.py.
SIGHTED: Final[dict[str, pl.DataType]] = {
    **dict.fromkeys(("person", "person_kind", "basis"), pl.String()),  # as in `OBSERVED`
    "people": pl.Int64(),
    **dict.fromkeys(("team", "device"), pl.String()),
    "kind": pl.String(),  # kind of sighting: sign-in, consent, installed, expensed, declared
    "account": pl.String(),  # account class, as in `OBSERVED`
    "format": pl.String(),  # id of the format of the file
    "source": pl.String(),
    "name": pl.String(),  # what the file calls the service
    "grants": pl.String(),  # what it was granted access to: mail, files, …, with commas between; null: nothing, or not told
    "match": pl.String(),  # service or unknown
    "service": pl.String(),  # service id, null unless match = service
    "times": pl.Int64(),  # how often it was told; of an inventory, on how many devices; of a report, by how many people
    "uploaded_bytes": pl.Int64(),  # as a report of other logs has it; null: not told
    "downloaded_bytes": pl.Int64(),
    "first": pl.Datetime("us", "UTC"),
    "last": pl.Datetime("us", "UTC"),
    "doubt": pl.String(),  # what it leaves open, in words
    "log": pl.String(),
    "first_line": pl.Int64(),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A line that became no event: where it stands and its shape (letters → a, digits → 9), never its text."""

    line: int
    shape: str


@dataclass(frozen=True, slots=True)
class LogAccount:
    """The honest account of one log: every physical line is an event, skipped or rejected.

    Attributes:
        lines: physical lines; always `events + sum(skipped) + sum(rejected)`.
        skipped: lines understood as no request, by reason in words.
        rejected: lines not understood, by reason in words.
        samples: reason -> the first lines of that reason.
        first, last: time of the first and the last event, UTC; None without events.
        timezone: zone used for times without one.
        timezone_basis: how it was decided, in words.
        warnings: sentences for the reader.
        cannot_tell: which questions this log leaves open, in words.
        silences: times without events that its own rhythm does not explain.
        clock_jumps: where its clock goes back by more than the order of lines explains.
        formats: where one file holds lines of several formats, how many each of them understands; `format` is the first of them.
    """

    path: str
    format: str
    family: str
    bytes: int
    lines: int
    events: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)
    samples: Mapping[str, tuple[Sample, ...]] = field(default_factory=dict)
    first: datetime | None = None
    last: datetime | None = None
    timezone: str = "UTC"
    timezone_basis: str = ""
    warnings: tuple[str, ...] = ()
    cannot_tell: tuple[str, ...] = ()
    partial: bool = False
    formats: Mapping[str, int] = field(default_factory=dict)
    silences: tuple[Silence, ...] = ()
    clock_jumps: tuple[Jump, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the firm the logs can show: the denominator of every share. None is "not known".

    Attributes:
        people_expected: people in the firm, as entered or as the people list names them.
        people_seen: people known by name in the logs, or devices where nobody is; None where no source can tell people apart.
        person_days_seen, person_days_expected: people × working days in the period.
        working_hours_seen, working_hours_expected: office hours that a log covers, and all in the period.
        names_hidden_share: share of requests whose name is hidden (encrypted client hello, address only), 0 to 1.
        sources: one sentence per source.
        cannot_see: one sentence per blind spot.
    """

    people_expected: int | None = None
    people_seen: int | None = None
    person_days_seen: int | None = None
    person_days_expected: int | None = None
    names_hidden_share: float | None = None
    sources: tuple[str, ...] = ()
    cannot_see: tuple[str, ...] = ()
    working_hours_seen: int | None = None
    working_hours_expected: int | None = None


@dataclass(frozen=True, slots=True)
class Observations:
    """Everything seen of one firm in one period.

    Attributes:
        usage: columns of `OBSERVED`; private classes are left out, background hosts are in.
        logs: the account of every log taken in.
        zone: the client's time zone, IANA name.
        since, until: first and last day with events, in that zone; None without events.
        sightings: columns of `SIGHTED`: what other records than traffic tell; never a part of `usage`.
        people_told_apart: whether any source can tell one person (or device) from another. If not, counts of people are null.
    """

    usage: pl.DataFrame
    logs: tuple[LogAccount, ...]
    coverage: Coverage
    zone: str = "UTC"
    since: date | None = None
    until: date | None = None
    people_told_apart: bool = True
    sightings: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SIGHTED))
