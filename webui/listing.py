"""Tables that sort and turn pages on the server, so that a hundred thousand rows stay quick; their state lives in the URL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A sortable column: its key for order, and whether the largest comes first when it is chosen."""

    title: str
    key: Callable[[Row], Any]
    largest_first: bool = False


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """One page of a sorted table."""

    rows: Sequence[Row]
    total: int
    page: int
    pages: int
    sort: str
    descending: bool
    columns: Mapping[str, Column[Row]] = field(repr=False)

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
    sort = args.get("sort", default) if args.get("sort", default) in columns else default
    descending = {"down": True, "up": False}.get(args.get("order", ""), columns[sort].largest_first)
    keyed = [(columns[sort].key(row), row) for row in rows]
    known = sorted((pair for pair in keyed if pair[0] is not None), key=itemgetter(0), reverse=descending)
    ordered = [row for _, row in known] + [row for key, row in keyed if key is None]
    pages = max(1, -(-len(ordered) // PER_PAGE))
    page = min(max(1, _number(args.get("page"))), pages)
    return Listing(ordered[(page - 1) * PER_PAGE : page * PER_PAGE], len(ordered), page, pages, sort, descending, columns)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1  # noqa: PLR2004 (no table has more pages)
