"""What observation starts from: the usage of each log, or of each format in it, with what is known of the log."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from discovery.formats import all_formats
from discovery.naming import in_words
from discovery.observations import LogAccount
from discovery.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Part:
    """The usage of one log, or of one format in a log that holds several.

    Attributes:
        usage: columns of `USAGE`; from a store also those of `_OPTIONAL`.
        account: of that log.
        source: what it is called in words.
        who: adds person, person_kind, basis, team and device to rows of usage; by default they are there.
        part: the format and the family of these rows, where the log holds several; by default those of the account.
    """

    usage: Shelf
    account: LogAccount
    source: str
    who: Callable[[pl.DataFrame], pl.DataFrame] = lambda usage: usage
    part: tuple[str, str] | None = None

    @property
    def format(self) -> str:
        """The format of these rows."""
        return self.part[0] if self.part else self.account.format

    @property
    def family(self) -> str:
        """Its family."""
        return self.part[1] if self.part else self.account.family

    def by_format(self) -> "list[Part]":
        """A part for each format of a mixture, this one where there is only one: records of several formats see the same visits (decision 6)."""
        if not self.account.formats or "format" not in self.usage.columns:
            return [self]
        return [
            replace(
                self,
                usage=self.usage.each(lambda rows, name=name: rows.filter(pl.col("format") == name)),  # type: ignore[misc]
                part=(name, all_formats()[name].family),
                source=f"{name}: {self.account.path}",
            )
            for name in self.account.formats
        ]


def handed_over(parts: list[Part]) -> Iterator[Part]:
    """Each part once; the list is empty then, so that their usage is held by whoever takes them alone."""
    while parts:
        yield parts.pop(0)


def sources(parts: Sequence[Part]) -> list[tuple[str, LogAccount, str]]:
    """Name and account of each log, and how its addresses got names."""
    logs: dict[int, list[Part]] = {}
    for part in parts:
        logs.setdefault(id(part.account), []).append(part)
    return [_source(those) for those in logs.values()]


def _source(parts: Sequence[Part]) -> tuple[str, LogAccount, str]:
    account = parts[0].account
    name = f"{', '.join(account.formats)}: {account.path}" if len(parts) > 1 else parts[0].source
    return name, account, " ".join(filter(None, dict.fromkeys(in_words(part.usage) for part in parts)))
