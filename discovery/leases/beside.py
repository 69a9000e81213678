"""Notices of leases among the lines of another log: what its format has no use for is asked whether it tells who got which address.

A gateway writes both into one file, and a relay whatever several programs send. What becomes of a line depends on that line alone.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import polars as pl

from discovery import syslog
from discovery.framed import Block, framed
from discovery.framing import LONGEST_LINE, joined
from discovery.kinds.pattern import Pattern
from discovery.leases import lease_formats
from discovery.leases.base import Carrier
from discovery.leases.notices import LEASE, TALK, Notices
from discovery.times import Reading


def stands_among_others(carrier: Carrier | None) -> bool:
    """Whether such lines may stand in another log: they need no header, and each is a sentence of its own."""
    return isinstance(carrier, Notices) and isinstance(carrier.kind, Pattern)


def told(unused: pl.DataFrame, text: Callable[[], pl.Series], first: int, reading: Reading) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """What lines that are no events tell of leases.

    Args:
        unused: line and _reason of each.
        text: gives all lines as written.
        first: number of the first of these.
        reading: how the log is read.

    Returns:
        the same lines with their reasons; and a row of `notices.NOTICE` for each that is such a notice, None where none is. Other lines of
        the same programs are known, too.
    """
    lines = unused.select("line", text().gather(unused["line"] - first).alias("text"))
    perhaps = lines.filter(pl.col("text").str.contains(_signs()) & (pl.col("text").str.len_bytes() <= LONGEST_LINE))
    if not perhaps.height:
        return unused, None
    found, known = _read(perhaps, reading)
    line, reason = pl.col("line"), pl.col("_reason")
    became = (
        pl.when(line.is_in(found["line"].implode()))
        .then(pl.lit("-" + LEASE))
        .when(line.is_in(known.implode()) & reason.str.starts_with("!"))
        .then(pl.lit("-" + TALK))
        .otherwise(reason)
    )
    return unused.with_columns(became.alias("_reason")), found if found.height else None


def hosts_in(block: Block, reading: Reading) -> pl.Series:
    """What devices are called in such notices among the lines of a block."""
    lines = framed(block, replace(reading, wrapper=(), syslog=0)).whole
    every = pl.DataFrame([lines.numbers]).with_columns(pl.lit("").alias("_reason"))
    _, found = told(every, lines.text, block.first, reading)
    return pl.Series("host_name", [], pl.String) if found is None else found["host_name"]


def _read(lines: pl.DataFrame, reading: Reading) -> tuple[pl.DataFrame, pl.Series]:
    """The notices among some lines, each behind as few headers of relays as it can be read; and the numbers of all lines of the same programs."""
    signed = ((one, lines.filter(pl.col("text").str.contains(one.sign))["line"].implode()) for one in _carriers())
    those = [(one, its) for one, its in signed if its.list.len().item()]
    notices, known, left = [], [], lines
    for depth in range(syslog.DEEPEST + 1):
        rows = framed(Block(0, 1, joined(left["text"]) + b"\n"), replace(reading, syslog=depth))
        for one, its in those:
            found, ours = one.told(rows, reading)
            notices.append(found.with_columns(left["line"].gather(found["line"] - 1)).filter(pl.col("line").is_in(its)))
            known.append(left["line"].gather(ours - 1).to_frame().filter(pl.col("line").is_in(its))["line"])
        left = left.filter(~pl.col("line").is_in(pl.concat(notices)["line"].implode()))
        if not left.height:
            break
    return pl.concat(notices).unique("line", keep="first").sort("line"), pl.concat(known)


@cache
def _carriers() -> tuple[Notices, ...]:
    every = (carrier for known in lease_formats().values() for carrier in known.carriers)
    return tuple(one for one in every if stands_among_others(one) and isinstance(one, Notices))


@cache
def _signs() -> str:
    return "|".join(f"(?:{one.sign})" for one in _carriers())
