"""Logs in which only the first line of a connection says who called: what it said belongs to the later lines of the connection, too.

Which connections are open where a block begins is its header, so that a block can still be read by itself.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from discovery.framing import Lines, frame, utf8
from discovery.kinds.pattern import Pattern

#: How many connections are remembered, the last opened first.
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Connected:
    """Lines that match an expression, of which some open a connection.

    Attributes:
        lines: how lines are read.
        key: fields that tell connections apart.
        caller: the field that only the opening line has, and that the others are given.
        opening: what an opening line looks like, wherever it begins; its groups are those of the key and the caller.
        mark: a text of every opening line.
    """

    lines: Pattern
    key: tuple[str, ...]
    caller: str
    opening: str
    mark: str

    def header(self, head: bytes, before: bytes | None) -> bytes | None:
        """The connections that are open before these lines, and behind them; None until the first."""
        known, opened = _known(before, behind=True), self._opened(head)
        behind = {key: caller for key, caller in known.items() if key not in opened} | opened
        return json.dumps([known, dict(list(behind.items())[-_MOST:])]).encode() if behind else None

    def _opened(self, data: bytes) -> dict[str, str]:
        """Connections that lines open -> caller, each as it was opened last."""
        if self.mark.encode() not in data:
            return {}
        text = frame(utf8(data)[0]).text()
        said = text.filter(text.str.contains(self.mark, literal=True)).str.extract_groups(self.opening).struct.unnest()
        *key, caller = said.columns
        calls = said.drop_nulls(caller).select(_key(key), pl.col(caller).alias("caller"))
        return dict(calls.unique("key", keep="last", maintain_order=True).rows())

    def refuses(self, data: bytes) -> bool:
        """See `Pattern`."""
        return self.lines.refuses(data)

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:
        """The wanted fields; see `Kind.fields`."""
        rows = self.lines.fields(lines, list(dict.fromkeys((*wanted, *self.key, self.caller))), None)
        known = _known(header, behind=False)
        calls = rows.select(_key(self.key), pl.col(self.caller).alias("caller"))
        before = pl.DataFrame({"key": list(known), "caller": list(known.values())}, schema={"key": pl.String, "caller": pl.String})
        callers = pl.concat([before, calls]).select(pl.col("caller").forward_fill().over("key"))["caller"]
        return rows.with_columns(callers.slice(len(known)).alias(self.caller))


def _key(names: Sequence[str]) -> pl.Expr:
    return pl.concat_str([pl.col(name).fill_null("") for name in names], separator=" ").alias("key")


def _known(header: bytes | None, *, behind: bool) -> dict[str, str]:
    """Connection -> caller, as a header has them before its lines or behind them."""
    if header is None:
        return {}
    known: dict[str, str] = json.loads(header)[behind]
    return known
