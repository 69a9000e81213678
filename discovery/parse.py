"""A block of lines becomes events: one pure, picklable function of bytes, the unit of parallel work.

Every physical line has one of three outcomes: an event; skipped (understood, and no request); rejected (not understood). Each of
the last two has its reason in words, and nothing is lost in silence.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from discovery import names
from discovery.answers import NOTHING_TOLD, Told, told_by
from discovery.coding import Names
from discovery.dates import day_orders
from discovery.events import CHANNEL, EVENT, TRANSIENT
from discovery.format import SYSLOG_FIELDS, Layout
from discovery.framed import Block, Framed, framed
from discovery.framing import LONGEST_LINE
from discovery.kinds.base import SKIPPED, UNDERSTOOD
from discovery.leases import beside
from discovery.observations import Sample
from discovery.outcome import account, first_outcome, refused, understood, why_lost
from discovery.overlap import Marks, marks
from discovery.pace import Pace, pace
from discovery.times import Reading, day_month

_NOTHING: Final = ("", "-")
_NUMBERS: Final = ("source_bytes", "destination_bytes")
_MOST_BYTES: Final = 10**15
_NAMELESS: Final = pl.col("destination_domain").is_null()
#: Why a row is no event: it asks for the name of an address; somebody outside called an address inside; it has no time or goes nowhere.
_LOST: Final = (
    pl.col("_reverse").is_not_null(),
    (pl.col("source_ip").is_not_null() & pl.col("_own").is_null() & pl.col("_inside").is_not_null() & _NAMELESS).alias("_inbound"),
    (pl.col("timestamp").is_null() | (_NAMELESS & pl.col("destination_ip").is_null())).alias("_nowhere"),
)
_NO_VERDICTS: Final = pl.DataFrame(schema={"line": pl.Int64, "session": pl.UInt64, "event_action": pl.String})


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a block became. `lines` = `events.height` + all skipped + all rejected.

    Attributes:
        events: columns of `EVENT` and `TRANSIENT`; names have the types of the `Names` they were read with.
        verdicts: line, session and event_action of lines that judge an earlier request.
        samples: (outcome, reason) -> first lines with it.
        damaged: whether bytes that are no UTF-8 were replaced.
        told: what its lines tell of answers to DNS questions.
        notices: what its lines tell of leases (columns of `leases.notices.NOTICE`), None: nothing.
        orders: what the dates of the block say about day and month: true where the day came first, false where the month did.
        ambiguous: whether some could be read both ways.
        pace: when its events were.
        marks: what its lines are told apart with; None where nobody compares them.
    """

    ordinal: int
    lines: int
    events: pl.DataFrame
    verdicts: pl.DataFrame
    skipped: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)
    samples: Mapping[tuple[str, str], tuple[Sample, ...]] = field(default_factory=dict)
    damaged: bool = False
    told: Told = field(default_factory=Told)
    notices: pl.DataFrame | None = None
    orders: frozenset[bool] = frozenset()
    ambiguous: bool = False
    pace: Pace = field(default_factory=Pace)
    marks: Marks | None = None


def read_block(layout: Layout, block: Block, reading: Reading, coder: Names) -> Parsed:
    """The events of a block and the account of all its lines."""
    rows = framed(block, reading)
    fields = fields_of(layout, rows, block.header, layout.wanted())
    return judge(layout, block, reading, fields, rows.whole.text, coder, damaged=rows.damaged)


def understands(layout: Layout, rows: Framed, header: bytes | None) -> bool:
    """Whether any line is of this layout; quick to say no, because a log is shown to every layout there is."""
    refuses = getattr(layout.kind, "refuses", None)
    if refuses is not None and refuses(rows.data):
        return False
    fields = fields_of(layout, rows, header, () if layout.only is None else layout.only.meta.root_names())
    return bool(fields.select(understood(layout).any()).item())


def stated(layout: Layout, block: Block, reading: Reading, columns: Sequence[str]) -> pl.DataFrame:
    """What the lines of a block say for some columns of an event, as written, whatever becomes of each line."""
    fields = fields_of(layout, framed(block, reading), block.header, layout.wanted())
    return fields.select(layout.event[name].cast(pl.String).alias(name) for name in columns if name in layout.event)


def times_of(layout: Layout, block: Block, reading: Reading, lines: pl.Series) -> pl.Series:
    """When some lines of a block say that they are, by their numbers."""
    fields = fields_of(layout, framed(block, reading), block.header, layout.wanted())
    return fields.filter(pl.col("line").is_in(lines.implode())).select(layout.clock.expr(reading)).to_series()


def fields_of(layout: Layout, rows: Framed, header: bytes | None, wanted: Sequence[str]) -> pl.DataFrame:
    """A table for `judge`."""
    lines, written = rows.lines, rows.whole.ends - rows.whole.starts
    fields = layout.kind.fields(lines, [name for name in wanted if name not in SYSLOG_FIELDS], header)
    size = pl.Series("_bytes", np.where(written > LONGEST_LINE, written, lines.ends - lines.starts))
    return fields.hstack([*rows.said, lines.numbers, size])


def judge(
    layout: Layout,
    block: Block,
    reading: Reading,
    fields: pl.DataFrame,
    text: Callable[[], pl.Series],
    coder: Names,
    *,
    damaged: bool = False,
) -> Parsed:
    """Outcome of every record of a table of fields (with `line`, `_bytes` and the kind's two columns)."""
    # blocks are read side by side: Polars is asked for one column after the other, or its own threads would have to be waited for many times a block
    known = fields.with_columns_seq(understood(layout).alias(UNDERSTOOD)).with_columns_seq(refused(layout).alias("_refused"))
    candidates = known if (clean := not known["_refused"].any()) else known.filter(~pl.col("_refused"))
    orders, ambiguous = _orders(layout, candidates)
    events, outcome = _events(layout, candidates, reading, coder)
    reasons = outcome if clean else pl.concat([known.filter("_refused").select("line", first_outcome(layout).alias("_reason")), outcome])
    reasons, notices = beside.told(reasons, text, block.first, reading) if reasons.height else (reasons, None)
    counted, samples = account(reasons, text, block.first) if reasons.height else ({}, {})
    return Parsed(
        ordinal=block.ordinal,
        lines=fields.height,
        events=events,
        verdicts=_verdicts(layout, known),
        skipped={reason: n for (kind, reason), n in counted.items() if kind == "skipped"},
        rejected={reason: n for (kind, reason), n in counted.items() if kind == "rejected"},
        samples=samples,
        damaged=damaged,
        told=_told(layout, known, reading, coder),
        notices=notices,
        orders=frozenset(orders),
        ambiguous=ambiguous,
        pace=pace(events),
        marks=None if reading.key is None else marks(events, text(), block.first, reading.key),
    )


def _verdicts(layout: Layout, known: pl.DataFrame) -> pl.DataFrame:
    """Lines that judge an earlier request."""
    if layout.verdict is None:
        return _NO_VERDICTS
    return known.filter(layout.verdict.fill_null(value=False) & _sound()).select("line", _session(layout), pl.lit("blocked").alias("event_action"))


def _told(layout: Layout, known: pl.DataFrame, reading: Reading, coder: Names) -> Told:
    """What understood lines tell of DNS answers."""
    if layout.answers is None:
        return NOTHING_TOLD
    when = pl.lit(value=True) if layout.answers.when is None else layout.answers.when.fill_null(value=False)
    rows = known.filter(_sound() & when)
    if not rows.height and layout.answers.loose is None:
        return NOTHING_TOLD
    return told_by(layout.answers, layout.event, layout.clock.expr(reading), rows, coder)


def _sound() -> pl.Expr:
    return pl.col(UNDERSTOOD) & pl.col(SKIPPED).is_null() & (pl.col("_bytes") <= LONGEST_LINE)


def _session(layout: Layout) -> pl.Expr:
    """The session as a number: quicker to compare than its text, of which nothing is kept; two of a million are the same once in 37 million logs."""
    text = pl.lit(None, pl.String) if layout.session is None else layout.session.cast(pl.String)
    return pl.when(text.is_not_null()).then(text.hash()).alias("session")


def _orders(layout: Layout, rows: pl.DataFrame) -> tuple[set[bool], bool]:
    """What the dates of requests say about day and month, and whether some could be read both ways."""
    said = [day_orders(rows[clock.fields[0]]) for clock in day_month(layout.clock)]
    return set[bool]().union(*(orders for orders, _ in said)), any(ambiguous for _, ambiguous in said)


def _events(layout: Layout, fields: pl.DataFrame, reading: Reading, coder: Names) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Events of the lines that may be one, and the outcome of those that turn out not to be."""
    channel = layout.channel if isinstance(layout.channel, pl.Expr) else pl.lit(layout.channel)
    raw = fields.select_seq(
        "line",
        layout.clock.expr(reading).alias("timestamp"),
        *(layout.event.get(column, pl.lit(None, pl.String)).alias(column) for column in EVENT if column not in ("line", "timestamp")),
        channel.cast(CHANNEL).alias("channel"),
        (pl.lit(1) if layout.requests is None else layout.requests).cast(pl.Int64).alias("requests"),
        _session(layout),
        (pl.lit(None) if layout.lasted is None else layout.lasted).cast(pl.Int64, strict=False).alias("lasted"),
    )
    canonical, lost_names = _canonical(raw, coder)
    found = {column.name: column for column in (*raw, *_numbers(raw), *canonical)}
    rows = pl.DataFrame([found[name] for name in (*EVENT, *TRANSIENT)])
    why = rows.hstack(lost_names).select_seq(*_LOST)
    bad = why["_reverse"] | why["_inbound"] | why["_nowhere"]
    for name in _NUMBERS:
        bad |= _unreadable(raw[name], rows[name])
    if not bad.any():
        return rows, pl.DataFrame(schema={"line": pl.Int64, "_reason": pl.String})
    asked = raw["destination_domain"].str.strip_chars().str.strip_suffix(".").alias("_asked")
    lost = rows.hstack([asked, *why]).filter(bad)
    return rows.filter(~bad), lost.select("line", why_lost().alias("_reason"))


def _numbers(raw: pl.DataFrame) -> list[pl.Series]:
    """Byte counts: whole, not negative, no more than a petabyte (so that sums stay whole numbers); anything else is unreadable."""
    counts = []
    for name in _NUMBERS:
        number = raw[name].cast(pl.Int64, strict=False)
        inside = number.is_between(0, _MOST_BYTES)
        counts.append(number if inside.all() else pl.select(pl.when(inside).then(number).alias(name)).to_series())
    return counts


def _unreadable(raw: pl.Series, number: pl.Series) -> pl.Series:
    if raw.null_count() == number.null_count():
        return pl.Series([False]).new_from_index(0, len(raw))
    lost = number.is_null() & raw.is_not_null()
    return lost & ~raw.is_in(_NOTHING) if raw.dtype == pl.String else lost


def _canonical(raw: pl.DataFrame, coder: Names) -> tuple[list[pl.Series], list[pl.Series]]:
    """Every name in its one form, and the names of what is lost: of an address whose name is asked for, of an asker and of one asked for inside."""
    formed = {name: coder.formed(raw[name], forms) for name, forms in names.FORMS.items()}
    (users, machines), (hosts,), (macs,) = formed["user_name"], formed["host_name"], formed["source_mac"]
    (sources, own), (stated, inside) = formed["source_ip"], formed["destination_ip"]
    domains, addresses, reverse = formed["destination_domain"]
    canonical = [
        users.alias("user_name"),
        sources.alias("source_ip"),
        macs.alias("source_mac"),
        _either(hosts, machines).alias("host_name"),
        domains.alias("destination_domain"),
        _either(stated, addresses).alias("destination_ip"),
    ]
    return canonical, [reverse.alias("_reverse"), own.alias("_own"), inside.alias("_inside")]


def _either(names_: pl.Series, others: pl.Series) -> pl.Series:
    return names_ if others.null_count() == len(others) else names_.zip_with(names_.is_not_null(), others)
