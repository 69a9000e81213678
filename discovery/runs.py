"""Rows of one key as one row, found by a number that stands for the key: several times as fast as hashing its parts."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.compiled import compiled

_MOST: Final = 1 << 62  # keys that one number can tell apart
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)  # 2^64 by the golden ratio: spreads neighbouring numbers (Knuth, TAOCP 3, 6.4)
_HIGHEST: Final = np.iinfo(np.int64).max

Numbers = npt.NDArray[np.int64]
Slots = npt.NDArray[np.int32]


class Runs:
    """Rows grouped by a key; numbers of one column of it lie within 2^62 of each other.

    Attributes:
        rows: for each group, in the order in which they come first, its first row.
        which: for each row the number of its group.
    """

    def __init__(self, table: pl.DataFrame, key: Sequence[str]) -> None:
        self.which, self.rows = _grouped(numbers_of(table, key))

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def single(self) -> bool:
        """Whether every row is a group of its own."""
        return len(self.rows) == len(self.which)

    def reduced(self, column: pl.Series, how: np.ufunc) -> pl.Series:
        """A column with each group as one value; null where every value of the group is null: not told is not zero.

        Of columns with nulls (counts, all of them) only sums, maxima and ORs are asked for: to these a null adds nothing.
        """
        if column.null_count() == len(column):
            return column.head(len(self))
        if self.single:
            return column.gather(self.rows)
        values = _plain(column)
        reduced = pl.Series(column.name, self.of_each(values, how).astype(values.dtype, copy=False)).cast(column.dtype)
        if not column.null_count():
            return reduced
        told = self.of_each(column.is_not_null().to_numpy(), np.bitwise_or)
        return pl.select(pl.when(pl.Series(told != 0)).then(reduced).alias(column.name)).to_series()

    def of_each(self, values: npt.NDArray[np.generic], how: np.ufunc) -> Numbers:
        """Numbers without nulls as one for each group: a sum, minimum, maximum or OR."""
        found = np.full(len(self), _HIGHEST if how is np.minimum else -_HIGHEST if how is np.maximum else 0, np.int64)
        _TAKEN_IN[how](found, self.which, values.astype(np.int64, copy=False))
        return found

    def first_of(self, column: pl.Series, by: pl.Series) -> pl.Series:
        """The least value of a column among the rows of each group where another is least; both without nulls."""
        if self.single:
            return column.gather(self.rows)
        keys = _plain(by)
        least = keys == self.of_each(keys, np.minimum)[self.which]
        return pl.Series(column.name, self.of_each(np.where(least, column.to_numpy(), _HIGHEST), np.minimum))


@compiled
def _sum(found: Numbers, which: Numbers, values: Numbers) -> None:
    for row in range(len(which)):
        found[which[row]] += values[row]


@compiled
def _least(found: Numbers, which: Numbers, values: Numbers) -> None:
    for row in range(len(which)):
        found[which[row]] = min(found[which[row]], values[row])


@compiled
def _most(found: Numbers, which: Numbers, values: Numbers) -> None:
    for row in range(len(which)):
        found[which[row]] = max(found[which[row]], values[row])


@compiled
def _any(found: Numbers, which: Numbers, values: Numbers) -> None:
    for row in range(len(which)):
        found[which[row]] |= values[row]


_Loop = Callable[[Numbers, Numbers, Numbers], None]

#: How numbers are taken in one by one: unlike `ufunc.at`, these let other threads run meanwhile.
_TAKEN_IN: Final[dict[np.ufunc, _Loop]] = {np.add: _sum, np.minimum: _least, np.maximum: _most, np.bitwise_or: _any}


def distinct(table: pl.DataFrame, key: Sequence[str]) -> tuple[Numbers, Numbers]:
    """One row of each distinct key, and for every row the number of its key among these."""
    runs = Runs(table, key)
    return runs.rows, runs.which


def numbers_of(table: pl.DataFrame, key: Sequence[str]) -> Numbers:
    """A number for each row, from 0, equal where the key is equal."""
    numbers, size = np.zeros(table.height, np.int64), 1
    told = [column for name in key if (column := table[name]).null_count() < len(column)]
    for column in pl.DataFrame(told).select_seq(map(_physical, told)) if told else ():
        codes, most = _codes(column)
        if size > _MOST // most:  # more than one number can tell apart: count them anew
            numbers, rows = _grouped(numbers)
            size = len(rows)
        numbers, size = numbers * most + codes, size * most
    return numbers


def _grouped(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """For each number which it is among the distinct ones, in the order in which they come first, and where each of these stands first."""
    which, rows, keys = np.empty((3, len(numbers)), np.int64)
    slots = np.full(1 << max(4, int(2 * len(numbers)).bit_length()), -1, np.int32)
    return which, rows[: _group(numbers, slots, which, rows, keys)].copy()


@compiled
def _group(numbers: Numbers, slots: Slots, which: Numbers, rows: Numbers, keys: Numbers) -> int:
    """Number the distinct numbers as they come, with a table of slots (a power of two, more than there are rows) to find them again.

    What is compared lies close together, in `keys`: most of it fits into the memory beside the processor.
    """
    count = 0
    mask = len(slots) - 1
    for row in range(len(numbers)):
        number = numbers[row]
        slot = np.int64((np.uint64(number) * _MIX) >> np.uint64(20)) & mask
        while slots[slot] >= 0 and keys[slots[slot]] != number:
            slot = (slot + 1) & mask
        if slots[slot] < 0:
            slots[slot] = count
            rows[count] = row
            keys[count] = number
            count += 1
        which[row] = slots[slot]
    return count


def _physical(column: pl.Series) -> pl.Expr:
    """The numbers that a column holds, or by which its values can be told apart."""
    values = pl.col(column.name)
    return (values.cast(pl.Categorical(pl.Categories.random())) if column.dtype == pl.String else values).to_physical()


def _codes(numbers: pl.Series) -> tuple[Numbers, int]:
    """Numbers from 0, and how many there may be; 0 stands for null where there is any."""
    lowest, highest = int(numbers.min()), int(numbers.max())  # type: ignore[arg-type]
    if not numbers.null_count():
        return numbers.to_numpy().astype(np.int64) - lowest, highest - lowest + 1
    return np.where(numbers.is_not_null().to_numpy(), _plain(numbers).astype(np.int64) - (lowest - 1), 0), highest - lowest + 2


def _plain(column: pl.Series) -> npt.NDArray[np.integer]:
    """The numbers of a column; 0 for null."""
    numbers = column if column.dtype.is_numeric() else column.to_physical()
    return (numbers.fill_null(0) if numbers.null_count() else numbers).to_numpy()
