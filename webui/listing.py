"""Tables that sort, turn pages and choose their columns on the server, so that a hundred thousand rows stay quick; their state lives in the URL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final, Generic, TypeVar

Row = TypeVar("Row")
PER_PAGE = 50


#: Between the names of columns in the URL.
BETWEEN: Final = "."


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column of a table.

    Attributes:
        title: in its head; empty: an order that no column shows.
        key: for order; None: it does not sort.
        largest_first: whether the largest comes first when it is chosen.
        fixed: it cannot be left out.
        extra: it is shown only where somebody asks for it.
    """

    title: str
    key: Callable[[Row], Any] | None = None
    largest_first: bool = False
    fixed: bool = False
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Shown(Generic[Row]):
    """Which columns of a table the reader wants to see."""

    columns: Mapping[str, Column[Row]] = field(repr=False)
    chosen: frozenset[str]

    def shows(self, column: str) -> bool:
        """Whether a column is to be seen."""
        return column in self.chosen

    @property
    def choices(self) -> dict[str, Column[Row]]:
        """The columns that can be chosen or left out."""
        return {name: column for name, column in self.columns.items() if column.title and not column.fixed}

    @property
    def always(self) -> list[str]:
        """The columns that cannot be left out."""
        return [name for name, column in self.columns.items() if column.fixed]

    @property
    def usual(self) -> bool:
        """Whether nobody chose: then a phone leaves out what is least important."""
        return self.chosen == _usual(self.columns)


def choose(columns: Mapping[str, Column[Row]], args: Mapping[str, str]) -> Shown[Row]:
    """The columns that the URL names, else the usual ones; fixed ones always."""
    named = frozenset(args.get("columns", "").split(BETWEEN)) & columns.keys()
    fixed = frozenset(name for name, column in columns.items() if column.fixed)
    return Shown(columns, named | fixed if named else _usual(columns))


def _usual(columns: Mapping[str, Column[Row]]) -> frozenset[str]:
    return frozenset(name for name, column in columns.items() if column.title and not column.extra)


@dataclass(frozen=True, slots=True)
class Listing(Shown[Row]):
    """One page of a sorted table."""

    rows: Sequence[Row]
    total: int
    page: int
    pages: int
    sort: str
    descending: bool

    @property
    def first(self) -> int:
        """Number of the first row shown, from 1."""
        return (self.page - 1) * PER_PAGE + 1 if self.total else 0

    def args(self, column: str) -> dict[str, str]:
        """Arguments of the link in a column's head: sorts by it, or turns the order round."""
        chosen = self.columns[column]
        turned = not self.descending if column == self.sort else chosen.largest_first
        return {"sort": column, "order": "down" if turned else "up"}

    def aria(self, column: str) -> str | None:
        """Value of `aria-sort` of a column."""
        return ("descending" if self.descending else "ascending") if column == self.sort else None


def arrange(rows: Sequence[Row], columns: Mapping[str, Column[Row]], args: Mapping[str, str], *, default: str) -> Listing[Row]:
    """Sort and cut rows as the URL says. Ties keep the order they came in; what is not known comes last either way."""
    keys = {name: column.key for name, column in columns.items() if column.key is not None}
    sort = args.get("sort", default) if args.get("sort", default) in keys else default
    descending = {"down": True, "up": False}.get(args.get("order", ""), columns[sort].largest_first)
    keyed = [(keys[sort](row), row) for row in rows]
    known = sorted((pair for pair in keyed if pair[0] is not None), key=itemgetter(0), reverse=descending)
    ordered = [row for _, row in known] + [row for key, row in keyed if key is None]
    pages = max(1, -(-len(ordered) // PER_PAGE))
    page = min(max(1, _number(args.get("page"))), pages)
    part = ordered[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Listing(columns, choose(columns, args).chosen, part, len(ordered), page, pages, sort, descending)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1  # noqa: PLR2004 (no table has more pages)
