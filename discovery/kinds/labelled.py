"""Pairs whose values may hold blanks, behind a label: `Key: value, Key: value`, `key:"value"; key:"value"`, `key=value|key=value`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from discovery.framing import BACKSLASH, Lines
from discovery.kinds.base import table
from discovery.kinds.pairs import Pairs, find_pairs, nothing, plain


@dataclass(frozen=True, slots=True)
class Labelled:
    """Such pairs; of a key given twice in a line the first counts.

    Attributes:
        mark: what stands between key and value, with the opening quote where values are quoted.
        separator: what stands before a key; its last character is no letter, digit, `_`, `-` or `.`.
        marks: a log of which no line holds one of these texts is refused at once.
        must: a line is understood only if it has these keys.
        until: the character that a value ends at; empty: at the next key.
        opening: what may stand before a key instead of a separator.
        before: an expression that what stands before the first pair must match from its first character; its named groups are fields.
    """

    mark: str
    separator: str
    marks: tuple[str, ...]
    must: tuple[str, ...] = ()
    until: str = ""
    opening: str = ""
    before: str = ""

    def header(self, head: bytes, before: bytes | None) -> bytes | None:  # noqa: ARG002
        """Such logs have none."""
        return None

    def refuses(self, data: bytes) -> bool:
        """None of its marks."""
        return not any(mark.encode() in data for mark in self.marks)

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:  # noqa: ARG002
        """The wanted keys; see `Kind.fields`."""
        if not lines.text().str.contains_any(list(self.marks)).any():
            return nothing(wanted, len(lines))
        pairs = find_pairs(
            lines,
            lines.starts,
            mark=self.mark.encode(),
            separator=self.separator.encode(),
            until=self.until.encode(),
            opening=self.opening.encode(),
        )
        understood = np.ones(len(lines), bool)
        for key in self.must:
            understood &= pairs.place(key)[0] >= 0
        first = _before(pairs).str.extract_groups(f"^(?P<_before>{self.before})").struct.unnest()
        escapes = r"\\\"=" if len(lines.positions(BACKSLASH)) else ""
        columns = {name: first[name] if name in first.columns else plain(lines, pairs.place(name), escapes) for name in wanted}
        return table(columns, pl.Series(understood) & first["_before"].is_not_null())


def _before(pairs: Pairs) -> pl.Series:
    """What stands before the first pair of each line, all of it where there is none."""
    lines, ends = pairs.lines, pairs.lines.ends.copy()
    ends[pairs.line[::-1]] = pairs.begins[::-1]
    return lines.column(lines.starts, ends)
