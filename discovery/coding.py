"""Names of a log as numbers: each distinct one is brought into its canonical form once, however many lines repeat it."""

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Final

import polars as pl

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
            stated = self._stated.setdefault(column.name, _Stated(types))
        return stated.formed(column)

    def typed(self, events: pl.DataFrame) -> pl.DataFrame:
        """A table whose names are text, with names of these types."""
        return events.with_columns(pl.col(name).cast(type_) for name, type_ in self.types.items() if name in events.columns)


class _Stated:
    """Every distinct value that a column of the log held so far, and its forms."""

    def __init__(self, types: list[tuple[pl.Categorical, Form]]) -> None:
        self._forms = [form for _, form in types]
        self._raw = pl.Categories.random()
        self._kept = pl.Series([], dtype=pl.Categorical(self._raw))  # categories live as long as a column of theirs
        self._formed = [pl.Series([], dtype=type_) for type_, _ in types]
        self._lock = Lock()

    def formed(self, column: pl.Series) -> list[pl.Series]:
        codes = column.cast(self._kept.dtype).to_physical()
        return [values.gather(codes) for values in self._known(int(codes.max()))]  # type: ignore[arg-type]

    def _known(self, highest: int) -> list[pl.Series]:
        """The forms of all values up to a code."""
        with self._lock:
            known = len(self._formed[0])
            if highest >= known:
                new = self._raw.to_series()[known:]
                self._formed = [
                    pl.concat([values, form(new).cast(values.dtype)], rechunk=True) for values, form in zip(self._formed, self._forms, strict=True)
                ]
            return self._formed


def nothing(height: int, type_: pl.DataType) -> pl.Series:
    """A column without values."""
    return pl.Series([None], dtype=type_).new_from_index(0, height)


def spelled_out(table: pl.DataFrame) -> pl.DataFrame:
    """A table with its names as text."""
    return table.with_columns(pl.col(name).cast(pl.String()) for name in KINDS if name in table.columns)
