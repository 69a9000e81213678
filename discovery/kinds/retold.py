"""Messages that a collector took apart into the members of a JSON object: put together, each is a line as the device wrote it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from discovery.framing import Lines, frame, joined
from discovery.kinds.base import UNDERSTOOD, Kind
from discovery.kinds.jsonlines import JsonLines


@dataclass(frozen=True, slots=True)
class Retold:
    """Such objects.

    Attributes:
        parts: part of the line -> spellings of its key, as dotted paths.
        line: expression over the parts for the line as it was; null: the object holds no such message.
        inner: how that line holds fields.
        must: an object is understood only if it has one of these parts.
    """

    parts: Mapping[str, tuple[str, ...]]
    line: pl.Expr
    inner: Kind
    must: tuple[str, ...]

    def header(self, head: bytes, before: bytes | None) -> bytes | None:  # noqa: ARG002
        """Such logs have none."""
        return None

    def refuses(self, data: bytes) -> bool:
        """No object, or no key that must be there."""
        return self._objects().refuses(data)

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:  # noqa: ARG002
        """The wanted fields; see `Kind.fields`."""
        parts = self._objects().fields(lines, tuple(self.parts), None)
        told = parts.select(pl.when(UNDERSTOOD).then(self.line.str.replace_all(r"[\r\n]+", " "))).to_series()
        rows = self.inner.fields(frame(joined(told.fill_null("")) + b"\n" if len(told) else b"", lines.first), wanted, None)
        return rows.with_columns(pl.col(UNDERSTOOD) & told.is_not_null())

    def _objects(self) -> JsonLines:
        return JsonLines(must=self.must, paths=self.parts)
