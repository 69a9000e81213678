"""Delimited lines whose columns are named by a directive that may come again with other columns (Zeek's #fields, W3C's #Fields)."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from discovery.framing import Lines
from discovery.kinds.base import UNDERSTOOD, table
from discovery.kinds.delimited import Delimited


@dataclass(frozen=True, slots=True)
class Headed:
    """Lines under a directive such as `#fields`; other lines that begin with `#` are comments.

    The separator is the character behind the directive.

    Attributes:
        header_mark: the directive.
        must: a header without these columns is another kind of log.
        quotes: whether fields may stand in double quotes.
    """

    header_mark: bytes
    must: tuple[str, ...] = ()
    quotes: bool = False

    def header(self, head: bytes, before: bytes | None) -> bytes | None:
        """The last directive of these lines, else the one in force before."""
        at = head.rfind(b"\n" + self.header_mark) + 1
        if not at and not head.startswith(self.header_mark):
            return before
        return head[at:].split(b"\n", 1)[0].rstrip(b"\r")

    def refuses(self, data: bytes) -> bool:
        """No directive."""
        return self.header_mark not in data

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:
        """The wanted columns; see `Kind.fields`."""
        behind = (header or b"")[len(self.header_mark) :].lstrip(b":")
        separator = behind[:1].decode() if behind[:1].isascii() and behind else "\t"  # what is no ASCII is damage
        names = tuple(behind[1:].decode(errors="replace").split(separator))
        inner = Delimited(separator, names, comment="#", quotes=self.quotes, least=2)
        rows = inner.fields(lines, wanted, None)
        if header is None:  # comments stand before the first header; nothing else can be understood there
            return rows.with_columns(pl.lit(value=False).alias(UNDERSTOOD))
        if set(self.must) <= set(names):
            return rows
        return table({name: rows[name] for name in wanted}, pl.repeat(value=False, n=len(lines), dtype=pl.Boolean, eager=True))
