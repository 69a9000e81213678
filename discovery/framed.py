"""The lines of a block as their device wrote them: without what collectors and relays put before them."""

from dataclasses import dataclass

import polars as pl

from discovery import syslog, wrappers
from discovery.format import SYSLOG_FIELDS
from discovery.framing import Lines, frame, utf8
from discovery.kinds.base import nulls
from discovery.times import Reading


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
class Framed:
    """The lines of a block, without what collectors and relays put before them.

    Attributes:
        whole: the lines as written.
        lines: the device's own.
        data: the bytes they lie in.
        said: what the innermost header of each line said, columns named by `SYSLOG_FIELDS`.
        damaged: whether bytes that are no UTF-8 were replaced.
    """

    whole: Lines
    lines: Lines
    data: bytes
    said: tuple[pl.Series, ...]
    damaged: bool


def framed(block: Block, reading: Reading) -> Framed:
    """The lines of a block."""
    data, damaged = utf8(block.data)
    lines = whole = frame(data, block.first)
    said = []
    for path in reading.wrapper:
        lines, beside = wrappers.without(lines, path)
        said.append(beside)
    if reading.priority:
        lines = syslog.without_priority(lines)
    for _ in range(reading.syslog):
        lines, header = syslog.strip(lines)
        said.append(header)
    data = data if lines.buffer is whole.buffer else lines.buffer.tobytes()
    return Framed(whole, lines, data, tuple(_syslog_columns(said, len(lines))), damaged)


def _syslog_columns(said: list[pl.DataFrame], height: int) -> list[pl.Series]:
    """What the innermost header of each line said, where it says so, else the one around it."""
    if not said:
        return [nulls(height).alias(name) for name in SYSLOG_FIELDS]
    if len(said) == 1:
        return said[0].get_columns()
    return [pl.select(pl.coalesce(*(header[name] for header in reversed(said))).alias(name)).to_series() for name in SYSLOG_FIELDS]
