"""Names of a log as numbers: each distinct one is brought into its canonical form once, however many lines repeat it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

import polars as pl
from polars import selectors

Form = Callable[[pl.Series], pl.Series]

#: The event columns that hold names, and whose values they share.
KINDS: Final = {
    "user_name": "user",
    "source_ip": "address",
    "source_mac": "mac",
    "host_name": "host",
    "destination_domain": "domain",
    "destination_ip": "address",
}


@dataclass(frozen=True, slots=True)
class Packed:
    """A table that may leave its process: its names are numbers into the words of their kind."""

    table: pl.DataFrame
    words: Mapping[str, pl.Series]


class Names:
    """What the names of a log are in canonical form, learnt block by block; safe to share between threads.

    Attributes:
        types: event column -> the categorical type of its names.
    """

    def __init__(self) -> None:
        categories = {kind: pl.Categorical(pl.Categories.random()) for kind in KINDS.values()}
        self.types = {column: categories[kind] for column, kind in KINDS.items()}
        self._stated: dict[str, _Stated] = {}
        self._lock = Lock()

    def formed(self, column: pl.Series, forms: Iterable[tuple[str, Form]]) -> list[pl.Series]:
        """A column of names as written, in each of some forms: pairs of an event column and the function that gives its form."""
        types = [(self.types[name], form) for name, form in forms]
        if column.null_count() == len(column):
            return [nothing(len(column), type_) for type_, _ in types]
        with self._lock:
            stated = self._stated.get(column.name) or self._stated.setdefault(column.name, _Stated(types))
        return stated.formed(column)

    def packed(self, table: pl.DataFrame) -> Packed:
        """A table with names of these types, to leave this process."""
        columns = [name for name in KINDS if name in table.columns]
        numbers = table.select(pl.col(name).cast(self.types[name]).to_physical() for name in columns)
        ends: dict[str, int] = {}
        for name in columns:
            highest = numbers[name].max()
            ends[KINDS[name]] = max(ends.get(KINDS[name], 0), 0 if highest is None else int(highest) + 1)  # type: ignore[arg-type]
        texts = {KINDS[name]: words(self.types[name], 0, ends[KINDS[name]]) for name in columns}
        return Packed(table.with_columns(numbers.get_columns()), texts)

    def unpacked(self, packed: Packed) -> pl.DataFrame:
        """A table from another process, with names of these types."""
        types = {KINDS[name]: type_ for name, type_ in self.types.items()}
        words = {kind: texts.cast(types[kind]) for kind, texts in packed.words.items()}
        table = packed.table
        return table.with_columns(words[kind].gather(table[name]).alias(name) for name, kind in KINDS.items() if name in table.columns)


class _Stated:
    """Every distinct value that a column of the log held so far, and its forms."""

    def __init__(self, types: list[tuple[pl.Categorical, Form]]) -> None:
        self._forms = [form for _, form in types]
        self._raw = pl.Categories.random()
        self._kept = pl.Series([], dtype=pl.Categorical(self._raw))  # categories live as long as a column of theirs
        self._formed = [pl.Series([], dtype=type_) for type_, _ in types]
        self._lock = Lock()

    def formed(self, column: pl.Series) -> list[pl.Series]:
        with self._lock:  # a value whose number another thread has only reserved has no text yet
            codes = column.cast(self._kept.dtype).to_physical()
            known = self._known(int(codes.max()))  # type: ignore[arg-type]
        return pl.DataFrame(known).select_seq(pl.all().gather(codes)).get_columns()

    def _known(self, highest: int) -> list[pl.Series]:
        """The forms of all values up to a code."""
        known = len(self._formed[0])
        if highest >= known:
            new = words(pl.Categorical(self._raw), known, highest + 1)
            self._formed = [
                pl.concat([values, form(new).cast(values.dtype)], rechunk=True) for values, form in zip(self._formed, self._forms, strict=True)
            ]
        return self._formed


def words(type_: pl.Categorical, first: int, end: int) -> pl.Series:
    """The texts of some numbers of a categorical type."""
    return pl.int_range(first, end, dtype=pl.UInt32, eager=True).cat.to(type_).cast(pl.String)


def nothing(height: int, type_: pl.DataType) -> pl.Series:
    """A column without values."""
    return pl.Series([None], dtype=type_).new_from_index(0, height)


def spelled_out(table: pl.DataFrame) -> pl.DataFrame:
    """A table with its names as text."""
    return table.with_columns(selectors.categorical().cast(pl.String()))
