"""IBM's Log Event Extended Format: `LEEF:1.0|vendor|product|version|event|key=value⇥key=value`; 2.0 adds the delimiter behind the event.

The delimiter is one character, or its code as `x5E` or `0x5E`; none is a tab. Relays write a tab as `#011`, or turn tabs into blanks or pipes;
then the values run to the next key (https://www.ibm.com/docs/en/dsm?topic=overview-leef-event-components).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

import numpy as np
import polars as pl

from discovery.framing import Lines, Offsets, lines_of
from discovery.kinds.base import table
from discovery.kinds.header import Header, Marked, find_header
from discovery.kinds.pairs import Flags, Pairs, find_pairs, nothing, plain

_PARTS: Final = ("leef_version", "leef_vendor", "leef_product", "leef_device_version", "leef_event")
_TAB, _RELAYED_TAB, _PIPE, _BLANK = "\t", "#011", "|", " "
_CODE: Final = r"^(?:0?x[0-9A-Fa-f]{1,4}|[^\w\s=]| |\\t|)$"


@dataclass(frozen=True, slots=True)
class Leef(Marked):
    """LEEF lines, wherever in the line they begin.

    Header parts are the fields `leef_vendor`, `leef_product`, `leef_device_version`, `leef_event`.
    """

    mark: ClassVar[bytes] = b"LEEF:"

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:  # noqa: ARG002
        """The wanted keys and header parts; see `Kind.fields`."""
        head = find_header(lines, self.mark, least=5, most=6, cut=True)
        if head.found.any() and lines.text().str.contains(_RELAYED_TAB, literal=True).any():
            text = lines.text().str.replace_all(_RELAYED_TAB, _TAB, literal=True)
            lines, known = lines_of(text, lines.first), head.found
            head = find_header(lines, self.mark, least=5, most=6, cut=True)
            head = replace(head, found=head.found & known)  # a tab behind `#011` begins no header where the line had none
        understood = self.of_these(head)
        if not understood.any():
            return nothing(wanted, len(lines))
        attributes = _attributes(head, understood)
        return table({name: _column(name, head, attributes) for name in wanted}, pl.Series(understood))


def _column(name: str, head: Header, attributes: "Sequence[tuple[Flags, Pairs]]") -> pl.Series:
    if name in _PARTS:
        return head.part(_PARTS.index(name))
    starts, ends = np.full(len(head.lines), -1, np.int64), np.zeros(len(head.lines), np.int64)
    for rows, pairs in attributes:
        starts[rows], ends[rows] = pairs.place(name)
    return plain(head.lines, (starts, ends))


def _attributes(head: Header, understood: Flags) -> list[tuple[Flags, Pairs]]:
    """The pairs of the lines with each delimiter."""
    lines, (delimiters, zones) = head.lines, _delimiters(head)
    found = []
    for delimiter in delimiters.filter(pl.Series(understood)).unique():
        rows = understood & (delimiters == delimiter).to_numpy()
        some = Lines(lines.buffer, lines.starts[rows], lines.ends[rows], lines.first)
        separator = delimiter.encode()
        found.append((rows, find_pairs(some, zones[rows], mark=b"=", separator=separator, until=b"" if delimiter == _BLANK else separator)))
    return found


def _delimiters(head: Header) -> tuple[pl.Series, Offsets]:
    """What stands between the pairs of each line, and where they begin."""
    lines, fifth, sixth = head.lines, head.behind(5), head.behind(6)
    told = lines.column(fifth, np.maximum(np.where(head.pipes[5] >= 0, head.pipes[5], fifth), fifth))
    second = (head.part(0).str.starts_with("2") & told.str.contains(_CODE)).fill_null(value=False) & pl.Series(head.pipes[5] >= 0)
    zones = np.where(second.to_numpy(), sixth, fifth)
    attributes = lines.column(zones, lines.ends)
    usual = (
        pl.when(attributes.str.contains(_TAB, literal=True))
        .then(pl.lit(_TAB))
        .when(attributes.str.contains(r"\|[\w.-]+="))
        .then(pl.lit(_PIPE))
        .otherwise(pl.lit(_BLANK))
    )
    codes = {code: _character(code) for code in told.filter(second).unique()}
    stated = told.replace_strict(codes, default=None, return_dtype=pl.String) if codes else told.clear().extend_constant(None, len(told))
    return pl.select(pl.when(second & (stated != _TAB)).then(stated).otherwise(usual)).to_series(), zones


def _character(code: str) -> str:
    """The delimiter behind its code, a tab where that is no character's (half of a surrogate pair)."""
    number = re.fullmatch(r"0?x([0-9A-Fa-f]{1,4})", code)
    if number:
        return chr(int(number[1], 16)).encode(errors="ignore").decode() or _TAB
    return _TAB if code in ("", "\\t") else code
