"""What a format of sightings is: records that name a service and perhaps a person, but saw no traffic.

Exports of accounts, devices and cards say that somebody has an account, granted access, or has something installed; never that it was worked with.
A record becomes a row of usage without requests' marks: no ten-minute slots, and `hits` says how often it was told.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, Literal

import polars as pl

from discovery import called, syslog, wrappers
from discovery import names as forms
from discovery.blocks import Blocks, headed, numbered
from discovery.dates import UTC_TIME, day_orders
from discovery.events import SUBJECT
from discovery.framed import Block
from discovery.framing import LONGEST_LINE, Lines, frame, joined, utf8
from discovery.kinds.base import SKIPPED, UNDERSTOOD, Kind
from discovery.kinds.jsonlines import JsonLines
from discovery.observations import LogAccount
from discovery.outcome import BAD_TIME, EMPTY, NOT_UNDERSTOOD, TOO_LONG
from discovery.portal import whole
from discovery.times import Clock, Reading, day_month
from discovery.usage import NEVER, OPENED, UNTIL, USAGE

Sighting = Literal["sign-in", "consent", "installed", "expensed", "declared"]

#: Columns of usage that tell what kind of sighting a row is and whose account it was, beside those of `USAGE`.
ABOUT: Final = ("sighting", "account")

#: What each kind of sighting leaves open.
DOUBTS: Final[Mapping[str, str]] = {
    "sign-in": "A sign-in says that there is an account, not how much it is used.",
    "consent": "A consent says that access was granted; it may never have been used, or been taken back since.",
    "installed": "Installed does not mean used.",
    "expensed": "A payment says that somebody pays for it; the service is told by the merchant's name.",
    "declared": "Somebody said so; nothing was measured.",
}

_CANNOT_BE_TOLD: Final = "cannot_be_told"

NO_NAME: Final = "names no service"
NOT_LISTED: Final = "not in the catalogue: nothing of it was kept"

_SAID: Final = ("user_name", "host_name", "times", "account", "grants", "stranger", "source_bytes", "destination_bytes")
_KEY: Final = (*SUBJECT, "destination_domain", "hour", *ABOUT)
_HEAD_LINES: Final = 40
_ENOUGH: Final = 0.5
_LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One way in which a format writes its records.

    Attributes:
        kind: how a line holds fields.
        sighting: the kind of sighting.
        named: expression over the fields: what the record calls the service.
        clock: how it writes the time; None: it has none, and the day on which the file was written counts.
        said: user_name, host_name, times (how often, default 1), account (class), grants (see `grants`), stranger (whether the user is nobody
            of this firm), source_bytes and destination_bytes -> expression over the fields.
        only: condition on the fields for a line to be such a record at all.
        skip: reason in words -> condition on the fields.
        unless: pattern in the first line that says it is something else.
        within: what stands around the record (see `wrappers.layers`).
    """

    kind: Kind
    sighting: Sighting
    named: pl.Expr
    clock: Clock | None = None
    said: Mapping[str, pl.Expr] = field(default_factory=dict)
    only: pl.Expr = field(default_factory=lambda: pl.lit(value=True))
    skip: Mapping[str, pl.Expr] = field(default_factory=dict)
    unless: str = ""
    within: tuple[str, ...] = ()

    def claims(self, head: bytes) -> bool:
        """Whether most of the first lines are such records."""
        refuses = getattr(self.kind, "refuses", None)
        if (refuses is not None and refuses(head)) or (self.unless and re.search(self.unless, self._names(head))):
            return False
        rest = head.split(b"\n", _HEAD_LINES)[_HEAD_LINES:]
        lines = [self.fields(block) for block in headed(self.kind, head.removesuffix(rest[0]) if rest else head)]
        filled = pl.concat(lines).filter(pl.col("_bytes") > 0)
        ours = pl.col(UNDERSTOOD) & self.only.fill_null(value=False) & pl.col(SKIPPED).is_null()
        known, lines = filled.select(ours.sum().alias("ours"), pl.col(SKIPPED).is_null().sum().alias("lines")).row(0)
        return bool(0 < known >= _ENOUGH * lines)

    def _names(self, head: bytes) -> str:
        """The header, else the first line."""
        return (self.kind.header(head, None) or head.lstrip(b"\r\n").split(b"\n", 1)[0]).decode(errors="replace").lower()

    def fields(self, block: Block) -> pl.DataFrame:
        """What every line says, with its number and length."""
        lines = _inner(frame(utf8(block.data)[0], block.first), self.within)
        needs = () if self.clock is None else self.clock.needs
        parts = (self.named, self.only, *self.said.values(), *self.skip.values())
        wanted = dict.fromkeys((*needs, *(name for part in parts for name in part.meta.root_names())))
        table = self.kind.fields(lines, list(wanted), block.header)
        return table.with_columns(whole(pl.col(needs)), lines.numbers, pl.Series("_bytes", lines.ends - lines.starts))

    def outcome(self, reading: Reading) -> list[pl.Expr]:
        """The name, the time, and the reason why a line is no sighting; `!` before it: rejected."""
        when = pl.lit(reading.reference).cast(UTC_TIME) if self.clock is None else self.clock.expr(reading)
        name = self.named.str.replace_all(r"[\x00-\x1f\x7f\s]+", " ").str.strip_chars().str.slice(0, _LONGEST_NAME)
        reason = (
            pl.when(pl.col("_bytes") == 0).then(pl.lit(EMPTY)).when(pl.col("_bytes") > LONGEST_LINE).then(pl.lit("!" + TOO_LONG))
            .when(pl.col(SKIPPED).is_not_null()).then(SKIPPED)
            .when(~(pl.col(UNDERSTOOD) & self.only.fill_null(value=False))).then(pl.lit("!" + NOT_UNDERSTOOD))
        )  # fmt: skip
        for words, condition in self.skip.items():
            reason = reason.when(condition.fill_null(value=False)).then(pl.lit(words))
        reason = reason.when(name.is_null() | name.is_in(forms.NOBODY)).then(pl.lit(NO_NAME))
        return [name.alias("_named"), when.alias("_time"), reason.when(when.is_null()).then(pl.lit("!" + BAD_TIME)).alias("_reason")]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file of sightings became: usage (columns of `USAGE` and `ABOUT`), how many lines told of it, and the others by reason.

    `ambiguous`: whether dates could be read both ways; `zoned`: whether they say themselves which zone they are in.
    """

    usage: pl.DataFrame
    events: int
    skipped: Mapping[str, int]
    rejected: Mapping[str, int]
    ambiguous: bool
    zoned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingFormat:
    """A format of sightings.

    Attributes:
        records: the ways it is written, most telling first.
        doubt: what it leaves open, where that is not what its kind of sighting always does.
        merchants: whether it names merchants: then only rows of services in the catalogue are kept, and nothing at all of the others.
    """

    id: str
    title: str
    records: tuple[Record, ...]
    doubt: str | None = None
    merchants: bool = False
    family: str = "identity"

    @property
    def fields(self) -> tuple[str, ...]:
        """Event columns that it can fill."""
        said = [name for record in self.records for name in record.said if name in USAGE]
        return tuple(dict.fromkeys(("timestamp", *said)))

    def record(self, head: bytes) -> Record | None:
        """The way in which a file that begins so is written, else None."""
        return next((record for record in self.records if record.claims(head)), None) or self._wrapped(head)

    def _wrapped(self, head: bytes) -> Record | None:
        """The same of records that a relay or a collector has put something around."""
        objects = [record for record in self.records if isinstance(record.kind, JsonLines)]
        within, inner = _around(head) if objects else ((), b"")
        return next((replace(record, within=within) for record in objects if within and record.claims(inner)), None)

    def read(self, head: bytes, blocks: Blocks, reading: Reading) -> tuple[Record, Seen]:
        """The sightings of a whole file that begins with `head`."""
        record = self.record(head) or self.records[0]
        first = pl.concat([record.fields(block) for block in headed(record.kind, head or b"\n")])
        reading, ambiguous = _ordered(record, first, reading)
        tables, counts, events = [_usage(pl.DataFrame(), nothing=True)], Counter[str](), 0
        for block in numbered(blocks, record.kind):
            rows = record.fields(block).with_columns(record.outcome(reading))
            counts.update(dict(rows["_reason"].drop_nulls().value_counts().iter_rows()))
            good = rows.filter(pl.col("_reason").is_null())
            events += good.height
            tables.append(_usage(self._told(record, good)))
        rejected = {reason[1:]: n for reason, n in sorted(counts.items()) if reason.startswith("!")}
        skipped = {reason: n for reason, n in sorted(counts.items()) if not reason.startswith("!")}
        return record, Seen(_usage(pl.concat(tables)), events, skipped, rejected, ambiguous, _zoned(record, first, reading))

    def _told(self, record: Record, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows of `USAGE` and `ABOUT`, one for each record."""
        table = rows.select("line", "_named", "_time", *(record.said.get(name, pl.lit(None, pl.String)).alias(name) for name in _SAID))
        stranger = table["stranger"].cast(pl.Boolean, strict=False).fill_null(value=False)
        people = forms.users(table["user_name"]).zip_with(~stranger, _strangers(table["user_name"]))
        granted = pl.when(pl.col("grants") != "").then(called.GRANTS + pl.col("grants"))
        mark = called.MERCHANT if self.merchants else called.NAME
        return table.select(
            people.alias("user_name"),
            pl.lit(None, pl.String).alias("source_ip"),
            pl.lit(None, pl.String).alias("source_mac"),
            forms.hosts(table["host_name"]).alias("host_name"),
            pl.concat_str(pl.lit(mark), "_named", granted.fill_null("")).alias("destination_domain"),
            pl.col("_time").dt.truncate("1h").alias("hour"),
            pl.lit(record.sighting).alias("sighting"),
            pl.col("account").fill_null(_CANNOT_BE_TOLD),
            pl.col("times").cast(pl.Int64, strict=False).fill_null(1).clip(1).alias("hits"),
            *(pl.col(name).cast(pl.Int64, strict=False) for name in ("source_bytes", "destination_bytes")),
            *(pl.col("_time").alias(name) for name in ("first", "last")),
            pl.col("line").alias("first_line"),
        )


@lru_cache(maxsize=1)
def _around(head: bytes) -> tuple[tuple[str, ...], bytes]:
    """What stands around the objects of the first lines, and those lines without it."""
    lines = frame(utf8(b"".join(head.splitlines(keepends=True)[:_HEAD_LINES]))[0])
    text = lines.text()
    relayed = text.str.contains(r'[^{]\{\s*"').any() and syslog.headed(text) >= _ENOUGH
    within = wrappers.layers(lines) or ((wrappers.HEADER,) if relayed else ())
    return within, joined(_inner(lines, within).text()) + b"\n" if within else b""


def _inner(lines: Lines, within: Sequence[str]) -> Lines:
    for path in within:
        lines = wrappers.unwrap(lines, path)
    return lines


def account(name: str, format_: SightingFormat, record: Record, seen: Seen, blocks: Blocks, zone: str | None, partial: str | None) -> LogAccount:
    """The honest account of a file of sightings that was read to its end."""
    zoned = seen.zoned
    warnings = [partial] if partial else []
    if record.clock is None:
        warnings.append("This file carries no dates; what it lists counts as seen when the file was written.")
    elif not zoned and zone is None:
        warnings.append("The times in this log carry no time zone; they were read as UTC.")
    if seen.ambiguous:
        warnings.append("Dates could be read as day/month or month/day; they were read as month/day.")
    return LogAccount(
        path=name,
        format=format_.id,
        family="identity",
        bytes=blocks.bytes,
        lines=blocks.lines,
        events=seen.events,
        skipped=seen.skipped,
        rejected=seen.rejected,
        first=seen.usage["first"].min(),  # type: ignore[arg-type]
        last=seen.usage["last"].max(),  # type: ignore[arg-type]
        timezone=zone or "UTC",
        timezone_basis="written in the log" if zoned else "as given" if zone else "assumed: the log does not say",
        warnings=tuple(warnings),
        partial=partial is not None,
    )


def _strangers(users: pl.Series) -> pl.Series:
    """Names of people of other firms: whole, so that they are never taken for somebody here."""
    return users.str.strip_chars().str.to_lowercase().str.replace(r"#ext#.*$", "")


def _zoned(record: Record, rows: pl.DataFrame, reading: Reading) -> bool:
    """Whether the times are the same wherever the file is thought to come from."""
    if record.clock is None:
        return True
    here, there = (rows.select(record.clock.expr(replace(reading, zone=zone))).to_series() for zone in ("UTC", "Asia/Tokyo"))
    return here.equals(there)


def _ordered(record: Record, rows: pl.DataFrame, reading: Reading) -> tuple[Reading, bool]:
    """The reading with the order of day and month that the first dates show, and whether it had to be guessed."""
    clocks = [] if record.clock is None else day_month(record.clock)
    said = [day_orders(rows[clock.fields[0]].drop_nulls()) for clock in clocks]
    orders = set[bool]().union(*(found for found, _ in said))
    return replace(reading, day_first=next(iter(orders)) if len(orders) == 1 else reading.day_first), not orders and any(odd for _, odd in said)


def _usage(rows: pl.DataFrame, *, nothing: bool = False) -> pl.DataFrame:
    """Rows of one key as one, in the columns of `USAGE` and `ABOUT`."""
    schema = {**USAGE, **dict.fromkeys(ABOUT, pl.String())}
    if nothing:
        return pl.DataFrame(schema=schema)
    told = [pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in ("source_bytes", "destination_bytes")]
    merged = rows.group_by(_KEY, maintain_order=True).agg(
        pl.col("hits").sum(), *told, pl.col("first").min(), pl.col("last").max(), pl.col("first_line").min()
    )
    none = {"channel": "name", "slots": 0, "blocked_hits": 0, UNTIL: 0, **dict.fromkeys(OPENED, NEVER)}
    columns = (pl.col(name) if name in merged.columns else pl.lit(none.get(name)).alias(name) for name in schema)
    return merged.select(columns).select(pl.col(name).cast(kind) for name, kind in schema.items())
