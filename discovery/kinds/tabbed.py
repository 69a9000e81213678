"""A time, then `key=value` pairs between tabs: values may hold blanks and equals signs, and stand in double quotes, single or doubled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from discovery.framing import Lines, Offsets
from discovery.kinds.base import table
from discovery.kinds.pairs import find_pairs, nothing, plain

_TAB: Final = b"\t"


@dataclass(frozen=True, slots=True)
class Tabbed:
    """Pairs between tabs.

    Attributes:
        lead: name of the field before the first tab.
        must: a line is understood only if it has these keys.
    """

    lead: str
    must: tuple[str, ...] = ()

    def header(self, head: bytes, before: bytes | None) -> bytes | None:  # noqa: ARG002
        """Such logs have none."""
        return None

    def refuses(self, data: bytes) -> bool:
        """No tab, or a key that must be there is nowhere."""
        return _TAB not in data or any(key.encode() + b"=" not in data for key in self.must)

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:  # noqa: ARG002
        """The wanted keys; see `Kind.fields`."""
        tabs = lines.positions(_TAB[0])
        if not len(tabs):
            return nothing(wanted, len(lines))
        first = tabs[np.minimum(np.searchsorted(tabs, lines.starts), len(tabs) - 1)]
        tabbed = (first >= lines.starts) & (first < lines.ends)
        pairs = find_pairs(lines, np.where(tabbed, first + 1, lines.ends), mark=b"=", separator=_TAB)
        places = {key: pairs.place(key) for key in dict.fromkeys((*wanted, *self.must)) if key != self.lead}
        understood = np.logical_and.reduce([tabbed, *(places[key][0] >= 0 for key in self.must)])
        places[self.lead] = np.where(tabbed, lines.starts, -1), first
        columns = {
            name: plain(lines, (starts, _before(tabs, starts, ends))).str.strip_chars('"') for name in wanted for starts, ends in [places[name]]
        }
        return table(columns, pl.Series(understood))


def _before(tabs: Offsets, starts: Offsets, ends: Offsets) -> Offsets:
    """The ends of values, none of which goes beyond a tab."""
    return np.asarray(np.minimum(ends, np.append(tabs, np.iinfo(np.int64).max)[np.searchsorted(tabs, starts)]))
