"""What a kind is: lines in, a table of text fields out, one row per line."""

from collections.abc import Sequence
from typing import Final, Protocol

import polars as pl

from discovery.framing import Lines

#: Every kind adds these two columns to the fields it was asked for.
UNDERSTOOD: Final = "_understood"  # whether the line has the kind's shape at all
SKIPPED: Final = "_skipped"  # the reason why it is no record (a comment, a header), else null

#: A field asked for with one of these endings (of kinds of delimited lines only) is the host of the URL that the field holds; or its whole numbers,
#: or seconds since 1970 in microseconds, both as numbers where all of a block's are some, else as text; or whether it holds the text behind it, or
#: begins or ends with it; or whether the address in it, or behind a stroke in it, can only be inside (false where there is no such field).
HOST, NUMBER, SECONDS, HOLDS, BEGINS, ENDS, INSIDE = "@host", "@number", "@seconds", "@holds ", "@begins ", "@ends ", "@inside"


class Kind(Protocol):
    """Turns lines into fields.

    A kind may have `refuses(data) -> bool`: whether a glance at the bytes of a block says that none of its lines can be understood.
    """

    def header(self, head: bytes, before: bytes | None) -> bytes | None:
        """The header in force after these whole lines, given the one in force before; None where the kind has none."""

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:
        """The wanted fields as text, null where a line does not have one, with `UNDERSTOOD` and `SKIPPED`."""


def table(columns: dict[str, pl.Series], understood: pl.Series, skipped: pl.Series | None = None) -> pl.DataFrame:
    """The table a kind returns."""
    return pl.DataFrame({**columns, UNDERSTOOD: understood, SKIPPED: nulls(len(understood)) if skipped is None else skipped})


def nulls(height: int) -> pl.Series:
    """A text column without values."""
    return pl.Series([None], dtype=pl.String).new_from_index(0, height)
