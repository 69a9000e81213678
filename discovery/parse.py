"""A block of lines becomes events: one pure, picklable function of bytes, the unit of parallel work.

Every physical line has one of three outcomes: an event; skipped (understood, and no request); rejected (not understood). Each of
the last two has its reason in words, and nothing is lost in silence.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from discovery import names, syslog, wrappers
from discovery.coding import Names
from discovery.events import CHANNEL, EVENT, TRANSIENT
from discovery.format import SYSLOG_FIELDS, Layout
from discovery.framing import LONGEST_LINE, Lines, frame, utf8
from discovery.kinds.base import SKIPPED, UNDERSTOOD, nulls
from discovery.observations import Sample
from discovery.times import Reading, day_month, day_orders

#: How many lines of each reason are kept as samples.
SAMPLES: Final = 20

TOO_LONG: Final = "longer than 1 MB"
NOT_UNDERSTOOD: Final = "not in this layout"
BAD_TIME: Final = "time cannot be read"
BAD_NUMBER: Final = "byte count cannot be read"
EMPTY: Final = "empty line"
REVERSE: Final = "reverse look-up of an address"
LOCAL_NAME: Final = "local name without a dot"
NO_DESTINATION: Final = "names no site and no address"
VERDICT: Final = "verdict on an earlier query, counted with it"

_NOTHING: Final = ("", "-")
_NUMBERS: Final = ("source_bytes", "destination_bytes")
_MASK_LENGTH: Final = 400
_MOST_BYTES: Final = 10**15


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a log.

    Attributes:
        ordinal: its place among the blocks of the log, from 0.
        first: number of its first physical line, from 1.
        data: the bytes.
        header: the header in force before it, for kinds that have one.
    """

    ordinal: int
    first: int
    data: bytes
    header: bytes | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a block became. `lines` = `events.height` + all skipped + all rejected.

    Attributes:
        events: columns of `EVENT` and `TRANSIENT`; names have the types of the `Names` they were read with.
        verdicts: line, session and event_action of lines that judge an earlier request.
        samples: (outcome, reason) -> first lines with it.
        damaged: whether bytes that are no UTF-8 were replaced.
        orders: what the dates of the block say about day and month: true where the day came first, false where the month did.
        ambiguous: whether some could be read both ways.
    """

    ordinal: int
    lines: int
    events: pl.DataFrame
    verdicts: pl.DataFrame
    skipped: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)
    samples: Mapping[tuple[str, str], tuple[Sample, ...]] = field(default_factory=dict)
    damaged: bool = False
    orders: frozenset[bool] = frozenset()
    ambiguous: bool = False


def read_block(layout: Layout, block: Block, reading: Reading, coder: Names) -> Parsed:
    """The events of a block and the account of all its lines."""
    fields, lines, damaged = _fields(layout, block, reading, layout.wanted())
    return judge(layout, block, reading, fields, lines.text, coder, damaged=damaged)


def understands(layout: Layout, block: Block, reading: Reading) -> bool:
    """Whether any line of a block is of this layout; quick to say no, because a log is shown to every layout there is."""
    refuses = getattr(layout.kind, "refuses", None)
    if refuses is not None and refuses(block.data):
        return False
    fields, _, _ = _fields(layout, block, reading, () if layout.only is None else layout.only.meta.root_names())
    return bool(fields.select(_understood(layout).any()).item())


def _fields(layout: Layout, block: Block, reading: Reading, wanted: Sequence[str]) -> tuple[pl.DataFrame, Lines, bool]:
    """A table for `judge`, the lines as written, and whether damage had to be replaced."""
    data, damaged = utf8(block.data)
    lines = whole = frame(data, block.first)
    written = lines.ends - lines.starts
    if reading.wrapper is not None:
        lines = wrappers.unwrap(lines, reading.wrapper)
    said = []
    for _ in range(reading.syslog):
        lines, header = syslog.strip(lines)
        said.append(header)
    fields = layout.kind.fields(lines, [name for name in wanted if name not in SYSLOG_FIELDS], block.header)
    size = pl.Series("_bytes", np.where(written > LONGEST_LINE, written, lines.ends - lines.starts))
    return fields.with_columns(*_syslog_columns(said, len(lines)), lines.numbers, size), whole, damaged


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
    known = fields.with_columns(_first_outcome(layout).alias("_reason"))
    reason = known["_reason"]
    candidates = known if reason.null_count() == known.height else known.filter(reason.is_null())
    orders, ambiguous = _orders(layout, candidates)
    events, outcome = _events(layout, candidates, reading, coder)
    reasons = pl.concat([known.select("line", "_reason").filter(reason.is_not_null()), outcome])
    counted, samples = _account(reasons, text, block.first) if reasons.height else ({}, {})
    return Parsed(
        ordinal=block.ordinal,
        lines=fields.height,
        events=events,
        verdicts=_verdicts(layout, known),
        skipped={reason: n for (kind, reason), n in counted.items() if kind == "skipped"},
        rejected={reason: n for (kind, reason), n in counted.items() if kind == "rejected"},
        samples=samples,
        damaged=damaged,
        orders=frozenset(orders),
        ambiguous=ambiguous,
    )


def _syslog_columns(said: list[pl.DataFrame], height: int) -> list[pl.Series]:
    """What the innermost header of each line said."""
    if not said:
        return [nulls(height).alias(name) for name in SYSLOG_FIELDS]
    innermost = said[-1].with_columns(said[0].rename(lambda name: f"outer_{name}")) if len(said) > 1 else said[0]
    if len(said) > 1:
        innermost = innermost.select(pl.coalesce(name, f"outer_{name}").alias(name) for name in SYSLOG_FIELDS)
    return innermost.get_columns()


def _first_outcome(layout: Layout) -> pl.Expr:
    """The reason why a line is no event, as far as its fields tell; `-` and a reason: skipped, `!` and a reason: rejected."""
    outcome = (
        pl.when(pl.col("_bytes") > LONGEST_LINE)
        .then(pl.lit("!" + TOO_LONG))
        .when(pl.col("_bytes") == 0)
        .then(pl.lit("-" + EMPTY))
        .when(pl.col(SKIPPED).is_not_null())
        .then("-" + pl.col(SKIPPED))
        .when(~_understood(layout))
        .then(pl.lit("!" + NOT_UNDERSTOOD))
    )
    if layout.verdict is not None:
        outcome = outcome.when(layout.verdict.fill_null(value=False)).then(pl.lit("-" + VERDICT))
    for reason, condition in layout.skip.items():
        outcome = outcome.when(condition.fill_null(value=False)).then(pl.lit("-" + reason))
    return outcome.otherwise(pl.lit(None, pl.String))


def _understood(layout: Layout) -> pl.Expr:
    return pl.col(UNDERSTOOD) if layout.only is None else pl.col(UNDERSTOOD) & layout.only.fill_null(value=False)


def _verdicts(layout: Layout, known: pl.DataFrame) -> pl.DataFrame:
    """Lines that judge an earlier request."""
    if layout.verdict is None:
        return known.clear().select("line", _session(layout), pl.lit("blocked").alias("event_action"))
    sound = _understood(layout) & pl.col(SKIPPED).is_null() & (pl.col("_bytes") <= LONGEST_LINE)
    return known.filter(layout.verdict.fill_null(value=False) & sound).select("line", _session(layout), pl.lit("blocked").alias("event_action"))


def _session(layout: Layout) -> pl.Expr:
    return (pl.lit(None, pl.String) if layout.session is None else layout.session).alias("session")


def _orders(layout: Layout, rows: pl.DataFrame) -> tuple[set[bool], bool]:
    """What the dates of requests say about day and month, and whether some could be read both ways."""
    said = [day_orders(rows[clock.fields[0]]) for clock in day_month(layout.clock)]
    return set[bool]().union(*(orders for orders, _ in said)), any(ambiguous for _, ambiguous in said)


def _events(layout: Layout, fields: pl.DataFrame, reading: Reading, coder: Names) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Events of the lines that may be one, and the outcome of those that turn out not to be."""
    channel = layout.channel if isinstance(layout.channel, pl.Expr) else pl.lit(layout.channel)
    raw = fields.select(
        "line",
        layout.clock.expr(reading).alias("timestamp"),
        *(layout.event.get(column, pl.lit(None, pl.String)).alias(column) for column in EVENT if column not in ("line", "timestamp")),
        channel.cast(CHANNEL).alias("channel"),
        (pl.lit(1) if layout.requests is None else layout.requests).cast(pl.Int64).alias("requests"),
        _session(layout),
        (pl.lit(None) if layout.lasted is None else layout.lasted).cast(pl.Int64, strict=False).alias("lasted"),
    )
    canonical, reverse = _canonical(raw, coder)
    rows = raw.with_columns(*_numbers(raw), *canonical).select(*EVENT, *TRANSIENT)
    bad = _failed(rows, reverse)
    for name in _NUMBERS:
        bad |= _unreadable(raw[name], rows[name])
    if not bad.any():
        return rows, pl.DataFrame(schema={"line": pl.Int64, "_reason": pl.String})
    lost = rows.filter(bad).with_columns(
        raw["destination_domain"].str.strip_chars().str.strip_suffix(".").filter(bad).alias("_asked"),
        reverse.filter(bad).alias("_reverse"),
    )
    return rows.filter(~bad), lost.select("line", _why_lost().alias("_reason"))


def _failed(rows: pl.DataFrame, reverse: pl.Series) -> pl.Series:
    """Rows without time or destination, or that ask for the name of an address."""
    return rows["timestamp"].is_null() | (rows["destination_domain"].is_null() & rows["destination_ip"].is_null()) | reverse


def _why_lost() -> pl.Expr:
    """Why a line with the right shape is no event after all."""
    nowhere = pl.col("destination_domain").is_null() & pl.col("destination_ip").is_null()
    return (
        pl.when(pl.col("timestamp").is_null())
        .then(pl.lit("!" + BAD_TIME))
        .when("_reverse")
        .then(pl.lit("-" + REVERSE))
        .when(nowhere & _is_label(pl.col("_asked")))
        .then(pl.lit("-" + LOCAL_NAME))
        .when(nowhere)
        .then(pl.lit("-" + NO_DESTINATION))
        .otherwise(pl.lit("!" + BAD_NUMBER))
    )


def _is_label(name: pl.Expr) -> pl.Expr:
    return name.is_not_null() & (name != "") & (name != "-") & ~name.str.contains(r"[.:\s]")


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


def _canonical(raw: pl.DataFrame, coder: Names) -> tuple[list[pl.Series], pl.Series]:
    """Every name in its one form, and which rows ask for the name of an address."""
    users, machines = coder.formed(raw["user_name"], (("user_name", names.users), ("host_name", names.machine_of)))
    (hosts,) = coder.formed(raw["host_name"], (("host_name", names.hosts),))
    (sources,) = coder.formed(raw["source_ip"], (("source_ip", names.addresses),))
    (macs,) = coder.formed(raw["source_mac"], (("source_mac", names.macs),))
    asked = (("destination_domain", names.domains), ("destination_ip", names.addresses_asked), ("destination_domain", names.reverse))
    domains, addresses, reverse = coder.formed(raw["destination_domain"], asked)
    (stated,) = coder.formed(raw["destination_ip"], (("destination_ip", names.addresses),))
    canonical = [
        users.alias("user_name"),
        sources.alias("source_ip"),
        macs.alias("source_mac"),
        _either(hosts, machines).alias("host_name"),
        domains.alias("destination_domain"),
        _either(stated, addresses).alias("destination_ip"),
    ]
    return canonical, reverse.is_not_null()


def _either(names_: pl.Series, others: pl.Series) -> pl.Series:
    return names_ if others.null_count() == len(others) else names_.zip_with(names_.is_not_null(), others)


def _account(
    reasons: pl.DataFrame, text: Callable[[], pl.Series], first: int
) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], tuple[Sample, ...]]]:
    counted: dict[tuple[str, str], int] = {}
    samples: dict[tuple[str, str], tuple[Sample, ...]] = {}
    whole = text()
    grouped = reasons.sort("line").group_by("_reason", maintain_order=True).agg(pl.len().alias("n"), pl.col("line").head(SAMPLES))
    for marked, n, numbers in grouped.iter_rows():
        outcome = ("rejected" if marked[0] == "!" else "skipped", marked[1:])
        counted[outcome] = n
        samples[outcome] = tuple(
            Sample(line, shape) for line, shape in zip(numbers, masked(whole.gather([line - first for line in numbers])), strict=True)
        )
    return counted, samples


def masked(text: pl.Series) -> pl.Series:
    """The shape of lines: letters become a, digits 9; at most 400 characters."""
    return text.str.slice(0, _MASK_LENGTH).str.replace_all(r"\d", "9").str.replace_all(r"\p{L}", "a").str.replace_all(r"[\x00-\x1f\x7f]", "·")
