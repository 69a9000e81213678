"""Logs of DHCP servers: each line is a notice that a device holds an address, or holds it no longer; leases are what lies between.

A log says when an address was given, seldom for how long. Where it does not, a lease counts for the server's usual time only; it ends
earlier when the device gives the address back, the server takes it, or another device gets it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import polars as pl

from discovery import syslog, wrappers
from discovery.blocks import Blocks, headed, numbered
from discovery.dates import day_orders
from discovery.errors import UnreadableLog
from discovery.format import SYSLOG_FIELDS
from discovery.framed import Block, Framed, framed
from discovery.framing import frame, utf8
from discovery.kinds.base import SKIPPED, UNDERSTOOD, Kind
from discovery.kinds.pattern import Pattern
from discovery.leases.base import LEASES, Found, canonical, named
from discovery.times import Clock, FirstOf, Reading, day_month

#: What a notice says of the address: the device holds it from now on, or no longer.
HELD, ENDED = "held", "ended"

#: What a line is that gives an address or takes it, and any other of the same program.
LEASE, TALK = "lease", "no news about an address"

#: An IPv4 address and a MAC, to be told within a sentence.
ADDRESS: Final = r"\d{1,3}(?:\.\d{1,3}){3}"
MAC: Final = r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}"

_HEAD: Final = 1 << 16
_HEAD_LINES: Final = 200
_ENOUGH: Final = 0.6
_MOST: Final = 5_000_000
_FOR_EVER: Final = 2**32 - 1  # seconds; what DHCP writes for a lease without end (RFC 2131, section 3.3)
_SAID: Final = ("source_ip", "source_mac", "host_name", "seconds", "act")

#: What a line says of an address: columns of `LEASES`, the line and what it says.
NOTICE: Final[dict[str, pl.DataType]] = {"line": pl.Int64(), "act": pl.String(), **LEASES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """A log of leases.

    Attributes:
        sign: an expression that the head of such a log holds, and each of its notices among lines of another log; a quick way to say no.
        kind: how a line holds fields.
        clock: how it writes the time.
        act: expression over the fields: `HELD`, `ENDED`, or null where the line is no news about an address.
        said: source_ip, source_mac, host_name and seconds (how long the lease holds) -> expression over the fields.
        only: condition on the fields for a line to be of this log at all.
        comment: condition on the fields for a line that explains the log.
        lasts: how long a lease holds where the log does not say.
    """

    sign: str
    kind: Kind
    clock: Clock
    act: pl.Expr
    said: Mapping[str, pl.Expr]
    only: pl.Expr = field(default_factory=lambda: pl.lit(value=True))
    comment: pl.Expr = field(default_factory=lambda: pl.lit(value=False))
    lasts: timedelta = timedelta(days=1)

    def claims(self, head: bytes) -> bool:
        """See `Carrier`: most of the first lines are of this log."""
        if not re.search(self.sign.encode(), head):
            return False
        rest = head.split(b"\n", _HEAD_LINES)[_HEAD_LINES:]
        table = self._head(head.removesuffix(rest[0]) if rest else head, Reading())[1].filter("_filled")
        return bool(table["_ours"].any()) and table["_known"].sum() >= _ENOUGH * table.height

    def read(self, blocks: Blocks, reading: Reading) -> Found:
        """See `Carrier`."""
        reading = self._head(blocks.head(_HEAD), reading)[0]
        tables: list[pl.DataFrame] = []
        counts, rows = Counter[str](), 0
        for block in numbered(blocks, self.kind):
            table = self._fields(framed(block, reading), block.header)
            counts.update(dict(table.select(_outcome()).to_series().value_counts().iter_rows()))
            tables.append(self._news(table))
            rows += tables[-1].height
            if rows > _MOST:
                raise UnreadableLog(f"This log tells of more than {_MOST:,} leases. Read it in pieces, a month at a time.")
        rejected = {reason[1:]: n for reason, n in sorted(counts.items()) if reason.startswith("!")}
        skipped = {reason: n for reason, n in sorted(counts.items()) if not reason.startswith("!")}
        return Found(self._leases(tables, reading), skipped, rejected, self.clock.zoned)

    def told(self, rows: Framed, reading: Reading) -> tuple[pl.DataFrame, pl.Series]:
        """Of lines without a header: a row of `NOTICE` for each that is news about an address, and the numbers of all that are of this log."""
        table = self._fields(rows, None)
        return self._timed(self._news(table), reading), table.filter("_ours")["line"]

    def _news(self, table: pl.DataFrame) -> pl.DataFrame:
        return table.filter(pl.col("_ours") & pl.col("act").is_not_null()).select("line", *_SAID, *self.clock.needs)

    def _head(self, data: bytes, reading: Reading) -> tuple[Reading, pl.DataFrame]:
        """The reading in which most of these lines are of this log, and what they say in it."""
        ways = _readings(data, reading) if data else ()
        tried = [(how, pl.concat([self._fields(framed(block, how), block.header) for block in headed(self.kind, data)])) for how in ways]
        return max(tried, key=lambda one: int(one[1]["_known"].sum()), default=(reading, self._fields(framed(Block(0, 1, b""), reading), None)))

    def _fields(self, rows: Framed, header: bytes | None) -> pl.DataFrame:
        """What every line says, with `_filled`, `_known` (of this log or a comment) and `_ours` (of this log)."""
        roots = [name for part in (self.act, self.only, self.comment, *self.said.values()) for name in part.meta.root_names()]
        wanted = [name for name in dict.fromkeys((*self.clock.needs, *roots)) if name not in SYSLOG_FIELDS]
        fields = self.kind.fields(rows.lines, wanted, header).with_columns(*rows.said, rows.whole.numbers)
        comment = pl.when(self.comment.fill_null(value=False)).then(pl.lit("comment"))
        fields = fields.with_columns(pl.coalesce(SKIPPED, comment).alias(SKIPPED))
        ours = pl.col(UNDERSTOOD) & self.only.fill_null(value=False) & pl.col(SKIPPED).is_null()
        return fields.with_columns(
            pl.Series("_filled", rows.lines.ends > rows.lines.starts),
            ours.alias("_ours"),
            (ours | pl.col(SKIPPED).is_not_null()).alias("_known"),
            self.act.alias("act"),
            *(self.said.get(name, pl.lit(None, pl.String)).alias(name) for name in _SAID if name != "act"),
        )

    def _leases(self, tables: list[pl.DataFrame], reading: Reading) -> pl.DataFrame:
        if not tables:
            return pl.DataFrame(schema=LEASES)
        whole = pl.concat(tables)
        orders = set[bool]().union(*(day_orders(whole[clock.fields[0]])[0] for clock in day_month(self.clock)))
        if len(orders) == 1:
            reading = replace(reading, day_first=next(iter(orders)))
        return tenures(self._timed(whole, reading))

    def _timed(self, said: pl.DataFrame, reading: Reading) -> pl.DataFrame:
        """A row of `NOTICE` for each that has a time and an address."""
        timed = named(said.with_columns(self.clock.expr(reading).alias("since"))).drop_nulls(["since", "source_ip"])
        seconds = pl.col("seconds").cast(pl.Float64, strict=False)
        lasting = (seconds.clip(0, _FOR_EVER) * 1000).cast(pl.Int64, strict=False)
        stated = pl.when(seconds < _FOR_EVER).then(pl.col("since") + pl.duration(milliseconds=lasting))
        until = pl.when(seconds.is_null()).then(pl.col("since") + self.lasts).otherwise(stated)
        return timed.with_columns(until.alias("until")).select(pl.col(name).cast(kind) for name, kind in NOTICE.items())


def sentences(sign: str, line: str, *clocks: Clock) -> Notices:
    """Lines with these groups: ip, mac (`ip_`, `mac_` in a second sentence), host, seconds; gone is there where the device holds it no longer."""
    address = pl.coalesce("ip", "ip_")
    return Notices(
        sign=sign,
        kind=Pattern(line),
        clock=FirstOf(clocks),
        act=pl.when(pl.col("gone").is_not_null()).then(pl.lit(ENDED)).when(address.is_not_null()).then(pl.lit(HELD)),
        said={"source_ip": address, "source_mac": pl.coalesce("mac", "mac_"), "host_name": pl.col("host"), "seconds": pl.col("seconds")},
    )


def tenures(notices: pl.DataFrame) -> pl.DataFrame:
    """Leases (columns of `LEASES`) from notices (columns of `NOTICE`).

    Renewals of one device become one lease. It ends with its time, when it is given up, or when another device gets the address.
    """
    device = pl.coalesce("source_mac", "host_name")
    holder = pl.when(pl.col("act") == HELD).then(device).forward_fill().over("source_ip")
    rows = notices.sort("source_ip", "since", "line").with_columns(device.alias("_device"), holder.alias("_holder"))
    ended = (pl.col("act") == ENDED) & (pl.col("_device").is_null() | (pl.col("_device") == pl.col("_holder")))
    changed = pl.col("_holder").ne_missing(pl.col("_holder").shift().over("source_ip"))
    bound = pl.when(ended | changed).then("since").shift(-1).backward_fill().over("source_ip")
    held = rows.with_columns(pl.min_horizontal("until", bound).alias("until")).filter(pl.col("act") == HELD)
    before = pl.col("_device", "until").shift().over("source_ip").name.prefix("_before")
    first = pl.int_range(pl.len()).over("source_ip") == 0
    other = pl.col("_device").ne_missing(pl.col("_before_device")) | (pl.col("since") > pl.col("_beforeuntil")).fill_null(value=False)
    runs = held.with_columns(before).with_columns((first | other).cum_sum().alias("_run"))
    ends = pl.when(pl.col("until").null_count() == 0).then(pl.col("until").max()).alias("until")
    told = (pl.col(name).drop_nulls().last() for name in ("source_mac", "host_name"))
    return canonical(runs.group_by("source_ip", "_run", maintain_order=True).agg(*told, pl.col("since").min(), ends))


def _outcome() -> pl.Expr:
    """What a line is in the account; `!` before a reason: rejected."""
    return (
        pl.when(~pl.col("_filled"))
        .then(pl.lit("empty line"))
        .when(pl.col(SKIPPED).is_not_null())
        .then(SKIPPED)
        .when(~pl.col("_ours"))
        .then(pl.lit("!not in this layout"))
        .when(pl.col("act").is_null())
        .then(pl.lit(TALK))
        .otherwise(pl.lit(LEASE))
        .alias("_outcome")
    )


def _readings(data: bytes, reading: Reading) -> Iterator[Reading]:
    """The lines as they are, and out of a collector's wrapper; each behind none, one or two headers of syslog."""
    paths = wrappers.layers(frame(utf8(data)[0]))
    for count in range(len(paths) + 1):
        for depth in range(syslog.DEEPEST + 1):
            yield replace(reading, wrapper=paths[:count], syslog=depth)
