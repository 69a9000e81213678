"""Free text with a grammar: one regular expression with named groups (linear-time engine, one line at a time)."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from discovery.framing import Lines
from discovery.kinds.base import nulls, table


@dataclass(frozen=True, slots=True)
class Pattern:
    """Lines that match an expression.

    Attributes:
        expression: named groups are the fields. It must match from the first character of the line.
        marks: a log of which no line holds one of these texts is refused at once, without trying the expression.
        comment: lines that match this are known and no records; reason -> expression.
    """

    expression: str
    comment: tuple[tuple[str, str], ...] = ()
    marks: tuple[str, ...] = ()

    def header(self, head: bytes, before: bytes | None) -> bytes | None:  # noqa: ARG002
        """Such logs have none."""
        return None

    def refuses(self, data: bytes) -> bool:
        """None of its marks."""
        return bool(self.marks) and not any(mark.encode() in data for mark in self.marks)

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:  # noqa: ARG002
        """The named groups; see `Kind.fields`."""
        text = lines.text()
        if self.marks and not self.comment and not text.str.contains_any(list(self.marks)).any():
            return table({name: nulls(len(text)) for name in wanted}, pl.repeat(value=False, n=len(text), dtype=pl.Boolean, eager=True))
        if not wanted:
            return table({}, text.str.contains(f"^(?:{self.expression})"), self._skipped(text))
        groups = text.str.extract_groups("^(?P<_whole>" + self.expression + ")").struct.unnest()
        columns = {name: groups[name] if name in groups.columns else nulls(len(text)) for name in wanted}
        understood = groups["_whole"].is_not_null()
        return table(columns, understood, self._skipped(text))

    def _skipped(self, text: pl.Series) -> pl.Series | None:
        if not self.comment:
            return None
        reason = pl.coalesce(*(pl.when(text.str.contains(pattern)).then(pl.lit(reason)) for reason, pattern in self.comment), pl.lit(None, pl.String))
        return pl.select(reason).to_series()
