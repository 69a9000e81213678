r"""ArcSight's Common Event Format: `CEF:0|vendor|product|version|signature|name|severity|key=value key=value`.

A pipe in the header is written `\|`, an equals sign in a value `\=`, a backslash `\\`; values hold blanks and run to the next key. `\n` stays
as written: devices that do not escape write `ACME\nina` (Micro Focus, “ArcSight Common Event Format Implementation Standard”, version 26).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
import polars as pl

from discovery.framing import BACKSLASH, Lines
from discovery.kinds.base import table
from discovery.kinds.header import Header, Marked, find_header
from discovery.kinds.pairs import Flags, Pairs, find_pairs, nothing, plain

#: A field asked for with this beginning is the value that the device calls by the rest: `label:Rule Name` is cs2 where cs2Label=Rule Name.
LABEL: Final = "label:"

_PARTS: Final = ("cef_version", "cef_vendor", "cef_product", "cef_device_version", "cef_signature", "cef_name", "cef_severity")
_ESCAPES: Final = r"\\=|"


@dataclass(frozen=True, slots=True)
class Cef(Marked):
    """CEF lines, wherever in the line they begin.

    Header parts are the fields `cef_vendor`, `cef_product`, `cef_device_version`, `cef_signature`, `cef_name`, `cef_severity`.
    """

    mark: ClassVar[bytes] = b"CEF:"

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:  # noqa: ARG002
        """The wanted keys and header parts; see `Kind.fields`."""
        head = find_header(lines, self.mark, least=6, most=8, cut=bool(self.vendors))
        late = self._late(head)
        understood = self.of_these(head) | late
        if not understood.any():
            return nothing(wanted, len(lines))
        pairs = find_pairs(lines, np.where(late, head.behind(8), np.where(understood, head.behind(7), lines.ends)), mark=b"=", separator=b" ")
        escapes = _ESCAPES if len(lines.positions(BACKSLASH)) else ""
        return table({name: _column(name, head, pairs, escapes) for name in wanted}, pl.Series(understood))

    def _late(self, head: Header) -> Flags:
        """Lines that leave the vendor out, so that all parts stand one place later."""
        if not self.vendors or self.products:
            return np.zeros(len(head.found), bool)
        return np.asarray(head.one_of(1, ("",)) & head.one_of(2, self.vendors))


def _column(name: str, head: Header, pairs: Pairs, escapes: str) -> pl.Series:
    if name in _PARTS:
        return head.part(_PARTS.index(name))
    place = pairs.labelled(name.removeprefix(LABEL)) if name.startswith(LABEL) else pairs.place(name)
    return plain(pairs.lines, place, escapes)
