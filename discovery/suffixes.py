"""The longest known suffix of each of many names, found by a compiled walk: one look-up per label, from the ending to the whole name.

What the walk learns of a name are the number of its longest entry and where its registrable domain begins. The table is an open hash of all suffixes
that say something; a suffix's hash grows by its bytes from right to left, so a name is read once, however many labels it has.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.compiled import compiled
from discovery.framing import Bytes, Offsets, letters_of

#: What the public suffix list says of a suffix, as bits of a flag.
PUBLIC, EXEMPT, WILDCARD = 1, 2, 4

_DOT: Final = 46
_PRIME: Final = np.uint64(0x100000001B3)  # FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
_BASIS: Final = np.uint64(0xCBF29CE484222325)
_FOLD: Final = np.uint64(32)  # the high bits of a hash stir its low ones, which choose the slot

Flags = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]


class Suffixes:
    """Suffixes that say something: an entry's number (negative: none), and flags of the public suffix list."""

    def __init__(self, suffixes: pl.Series, numbers: Offsets, flags: Flags) -> None:
        self._bytes, self._places = letters_of(suffixes)
        self._numbers, self._flags = numbers, flags
        self._slots = np.full(1 << (4 * len(suffixes) + 1).bit_length(), -1, np.int64)
        self._hashes = np.empty(len(suffixes), np.uint64)
        _fill(self._bytes, self._places, self._slots, self._hashes)

    def resolve(self, names: pl.Series) -> tuple[Offsets, pl.Series]:
        """Of each name the number of its longest entry (-1: none), and its registrable domain (null: it has none).

        Names are ASCII, as A-labels are: where a registrable domain begins is counted in bytes.
        """
        letters, places = letters_of(names)
        numbers, owners = np.full(len(names), -1, np.int64), np.full(len(names), -1, np.int64)
        table = (self._bytes, self._places, self._slots, self._hashes, self._numbers, self._flags)
        _walk(letters, places, table, numbers, owners)
        told = pl.DataFrame([names.alias("name"), pl.Series("begins", owners)])
        owner = pl.when(pl.col("begins") >= 0).then(pl.col("name").str.slice(pl.col("begins")))
        return numbers, told.select(owner.alias("registrable"))["registrable"]


@compiled
def _fill(letters: Bytes, places: Offsets, slots: Offsets, hashes: Hashes) -> None:
    """Put each suffix into the first free slot from its hash on."""
    mask = len(slots) - 1
    for number in range(len(places) - 1):
        value = _BASIS
        for at in range(places[number + 1] - 1, places[number] - 1, -1):
            value = (value ^ np.uint64(letters[at])) * _PRIME
        slot = np.int64(value ^ (value >> _FOLD)) & mask
        while slots[slot] >= 0:
            slot = (slot + 1) & mask
        slots[slot], hashes[number] = number, value


@compiled
def _find(letters: Bytes, start: int, end: int, value: np.uint64, table: tuple[Bytes, Offsets, Offsets, Hashes]) -> int:
    """The number of the suffix that is these letters; negative where there is none."""
    known, places, slots, hashes = table
    mask = len(slots) - 1
    slot = np.int64(value ^ (value >> _FOLD)) & mask
    while slots[slot] >= 0:
        number = slots[slot]
        begin = places[number]
        if hashes[number] == value and places[number + 1] - begin == end - start:
            at = 0
            while at < end - start and known[begin + at] == letters[start + at]:
                at += 1
            if at == end - start:
                return int(number)
        slot = (slot + 1) & mask
    return -1


@compiled
def _walk(letters: Bytes, places: Offsets, table: tuple[Bytes, Offsets, Offsets, Hashes, Offsets, Flags], numbers: Offsets, owners: Offsets) -> None:
    """Of each name the longest entry, and where its registrable domain begins in it (negative: nowhere).

    A suffix without a rule is public below a wildcard and where it is an ending; a name's registrable domain is one label below its longest
    public suffix, or an exempt one.
    """
    known, begins, slots, hashes, entries, flags = table
    for name in range(len(places) - 1):
        start, end = places[name], places[name + 1]
        value, wildcard, owner = _BASIS, True, -1  # an ending that the list does not know counts as a suffix
        for at in range(end - 1, start - 2, -1):
            if at < start or letters[at] == _DOT:
                suffix = _find(letters, at + 1, end, value, (known, begins, slots, hashes))
                flag = flags[suffix] if suffix >= 0 else 0
                if suffix >= 0 and entries[suffix] >= 0:
                    numbers[name] = entries[suffix]
                if flag & EXEMPT:
                    owner = at + 1 - start
                elif flag & PUBLIC or wildcard:
                    owner = -1
                elif owner < 0:
                    owner = at + 1 - start
                wildcard = (flag & WILDCARD) > 0
            if at >= start:
                value = (value ^ np.uint64(letters[at])) * _PRIME
        owners[name] = owner
