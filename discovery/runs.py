"""Rows of one key as one row, found by sorting a number that stands for the key: several times as fast as hashing its parts."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

_MOST: Final = 1 << 60  # keys that one number can tell apart, and leave room for the ten minutes of an hour

Numbers = npt.NDArray[np.int64]


class Runs:
    """Rows grouped by a key.

    Attributes:
        rows: for each group, in the order of the key (its columns by their numbers: categories in the order they were learnt), one of its rows.
    """

    def __init__(self, table: pl.DataFrame, key: Sequence[str]) -> None:
        numbers = numbers_of(table, key)
        self._order = np.argsort(numbers)
        self._starts = starts_of(numbers[self._order])
        self.rows: Numbers = self._order[self._starts]

    def __len__(self) -> int:
        return len(self._starts)

    @property
    def single(self) -> bool:
        """Whether every row is a group of its own."""
        return len(self._starts) == len(self._order)

    def reduced(self, column: pl.Series, how: np.ufunc) -> pl.Series:
        """A column with each group as one value; null where every value of the group is null: not told is not zero.

        Of columns with nulls (counts, all of them) only sums, maxima and ORs are asked for: to these a null adds nothing.
        """
        if column.null_count() == len(column):
            return column.head(len(self))
        if self.single:
            return column.gather(self.rows)
        reduced = pl.Series(column.name, how.reduceat(_plain(column)[self._order], self._starts)).cast(column.dtype)
        if not column.null_count():
            return reduced
        told = np.logical_or.reduceat(column.is_not_null().to_numpy()[self._order], self._starts)
        return pl.select(pl.when(pl.Series(told)).then(reduced).alias(column.name)).to_series()

    def first_of(self, column: pl.Series, by: pl.Series) -> pl.Series:
        """The least value of a column among the rows of each group where another is least; both without nulls."""
        if self.single:
            return column.gather(self.rows)
        keys = _plain(by)[self._order]
        lengths = np.diff(self._starts, append=len(keys))
        least = keys == np.repeat(np.minimum.reduceat(keys, self._starts), lengths)
        values = np.where(least, column.to_numpy()[self._order], np.iinfo(np.int64).max)
        return pl.Series(column.name, np.minimum.reduceat(values, self._starts))


def distinct(table: pl.DataFrame, key: Sequence[str]) -> tuple[Numbers, Numbers]:
    """One row of each distinct key, and for every row the number of its key among these."""
    _, rows, which = np.unique(numbers_of(table, key), return_index=True, return_inverse=True)
    return rows, which


def starts_of(ordered: Numbers) -> Numbers:
    """Where each run of equal numbers begins."""
    return np.flatnonzero(np.concatenate([np.ones(min(len(ordered), 1), bool), ordered[1:] != ordered[:-1]]))


def numbers_of(table: pl.DataFrame, key: Sequence[str]) -> Numbers:
    """A number for each row, from 0, equal where the key is equal."""
    numbers, size = np.zeros(table.height, np.int64), 1
    for name in key:
        codes, most = _codes(table[name])
        if most == 1:
            continue
        if size > _MOST // most:  # more than one number can tell apart: count them anew
            numbers = np.unique(numbers, return_inverse=True)[1].astype(np.int64)
            size = int(numbers.max()) + 1
        numbers, size = numbers * most + codes, size * most
    return numbers


def _codes(column: pl.Series) -> tuple[Numbers, int]:
    """A column as numbers from 0, and how many there may be; 0 stands for null where there is any."""
    if column.null_count() == len(column):
        return np.zeros(len(column), np.int64), 1
    if column.dtype == pl.String:
        column = column.cast(pl.Categorical(pl.Categories.random()))
    physical = column.to_physical()
    lowest, highest = int(physical.min()), int(physical.max())  # type: ignore[arg-type]
    if not column.null_count():
        return _plain(column).astype(np.int64) - lowest, highest - lowest + 1
    return np.where(column.is_not_null().to_numpy(), _plain(column).astype(np.int64) - (lowest - 1), 0), highest - lowest + 2


def _plain(column: pl.Series) -> npt.NDArray[np.integer]:
    """The numbers of a column; 0 for null."""
    numbers = column.to_physical()
    return (numbers.fill_null(0) if numbers.null_count() else numbers).to_numpy()
