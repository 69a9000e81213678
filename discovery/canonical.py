"""Whether names need no form: most that a log asks for are domains in their canonical form, told by a compiled loop over their letters."""

from typing import Final

import numpy as np
import polars as pl

from discovery.compiled import compiled
from discovery.framing import Bytes, Offsets, letters_of

#: Longest name and longest label, in bytes (RFC 1035, section 2.3.4).
LONGEST_NAME: Final = 253
LONGEST_LABEL: Final = 63

_DOT, _DASH = ord("."), ord("-")
_LETTERS: Final = np.isin(np.arange(256), list(b"abcdefghijklmnopqrstuvwxyz"))
_LABEL: Final = np.isin(np.arange(256), list(b"abcdefghijklmnopqrstuvwxyz0123456789-_"))
_REVERSE: Final = np.frombuffer(b".arpa", np.uint8)


def all_forward_domains(names: pl.Series) -> bool:
    """Whether all are domains as `names.domains` writes them, none that of an address: the last label begins with a letter, and is not arpa."""
    return not names.null_count() and bool(_all_forward(*letters_of(names)))


@compiled
def _all_forward(letters: Bytes, places: Offsets) -> bool:
    for row in range(len(places) - 1):
        start, end = places[row], places[row + 1]
        if end - start > LONGEST_NAME or not _is_domain(letters, start, end) or _ends(letters, start, end):
            return False
    return True


@compiled
def _is_domain(letters: Bytes, start: int, end: int) -> bool:
    """Whether it is two labels or more, each of letters, digits, `_` and, not at its ends, `-`; the last begins with a letter and holds no `_`."""
    label, dots = start, 0
    for at in range(start, end + 1):
        if at < end and letters[at] != _DOT:
            if not _LABEL[letters[at]]:
                return False
            continue
        if not 0 < at - label <= LONGEST_LABEL or letters[label] == _DASH or letters[at - 1] == _DASH:
            return False
        if at < end:
            label, dots = at + 1, dots + 1
    for at in range(label, end):
        if letters[at] == ord("_"):
            return False
    return dots > 0 and _LETTERS[letters[label]]


@compiled
def _ends(letters: Bytes, start: int, end: int) -> bool:
    """Whether it ends as names of addresses do."""
    same = 0
    while same < len(_REVERSE) and end - len(_REVERSE) >= start and letters[end - len(_REVERSE) + same] == _REVERSE[same]:
        same += 1
    return same == len(_REVERSE)
