"""Lines of several devices in one file, as a relay collects them: each line goes to the format that understands it.

Formats are asked in the order in which identification found them, each for the lines that none before it took. What becomes of a line depends
on that line alone, so neither a neighbour nor a cut changes it.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.coding import Names
from discovery.format import Layout
from discovery.framed import Block, framed
from discovery.framing import LONGEST_LINE, NEWLINE, frame, utf8
from discovery.kinds.base import SKIPPED
from discovery.outcome import understood
from discovery.parse import Parsed, fields_of, judge
from discovery.times import Reading

#: One way to read a line: a layout, and what is decided for the whole log.
Way = tuple[Layout, Reading]


def read(ways: Sequence[Way], block: Block, coder: Names) -> list[Parsed]:
    """What a block became by each of the ways, and last the lines that none of them understands, rejected as the first would.

    The kinds of these layouts have no header.
    """
    data, damaged = utf8(block.data)
    lines = frame(data, block.first)
    rest, numbers, parts = replace(block, data=data), lines.numbers, []
    for number, (layout, reading) in enumerate((*ways, ways[0])):
        rows = framed(rest, reading)
        fields = fields_of(layout, rows, None, layout.wanted()).with_columns(numbers)
        mine = claimed(fields, layout) if number < len(ways) else np.ones(len(numbers), bool)
        parts.append(judge(layout, block, reading, fields.filter(pl.Series(mine)), lines.text, coder, damaged=damaged))
        rest, numbers = replace(rest, data=without(rest.data, mine)), numbers.filter(pl.Series(~mine))
    return parts


def claimed(fields: pl.DataFrame, layout: Layout) -> npt.NDArray[np.bool_]:
    """Which lines are of this layout: understood, or known as its comments. `fields` as `parse.fields_of` gives them, without filter."""
    known = (understood(layout) | pl.col(SKIPPED).is_not_null()).fill_null(value=False)
    return fields.select(known & pl.col("_bytes").is_between(1, LONGEST_LINE)).to_series().to_numpy()


def without(data: bytes, lines: npt.NDArray[np.bool_]) -> bytes:
    """The bytes of the other lines."""
    written = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(written == NEWLINE) + 1
    lengths = np.diff(ends if data.endswith(b"\n") else np.append(ends, len(data)), prepend=0)
    return written[np.repeat(~lines, lengths)].tobytes()
