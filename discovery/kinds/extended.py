"""W3C's Extended Log File Format: a `#Fields` directive names the columns of the lines below it (https://www.w3.org/TR/WD-logfile.html)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

import polars as pl

from discovery.framing import Lines
from discovery.kinds.base import SKIPPED, UNDERSTOOD, nulls, table
from discovery.kinds.delimited import Delimited
from discovery.names import host_of
from discovery.times import AlwaysUtc, Epoch, FirstOf, InUtc, Stamp, Zoned

#: What the standard's names mean in the log of a proxy: c is the client, r the remote site, cs what the client sent, sc what it got.
PROXY_EVENT: Final = {
    "user_name": pl.coalesce("cs-username", "cs-user", "cs-userdn"),
    "source_ip": pl.coalesce("c-ip", "cs-ip"),
    "host_name": pl.col("c-dns"),
    "destination_domain": pl.coalesce("cs-host", "cs(host)", "cs-uri-host", host_of(pl.col("cs-uri")), host_of(pl.col("cs-url")), "r-host", "r-dns"),
    "destination_ip": pl.coalesce("r-ip", "s-supplier-ip", "r-supplier-ip"),
    "source_bytes": pl.col("cs-bytes"),
    "destination_bytes": pl.col("sc-bytes"),
}

_NOTHING: Final = ("-", "")

#: Columns that only the log of a web server, or of a service in front of one, has.
WEB_SERVER: Final = ("cs-uri-stem", "s-sitename", "s-siteid", "sc-substatus", "sc-win32-status", "sc-servicename", "x-edge-location")

#: The standard's times are UTC; a gateway may write one with its offset, or in the words of an access log, instead.
UTC_CLOCK: Final = FirstOf(
    (
        AlwaysUtc(Stamp(("date", "time"), ("%Y-%m-%d %H:%M:%S%.f",))),
        *(Epoch(name) for name in ("x-timestamp-unix", "x-timestamp-unix-utc", "timestamp")),
        Zoned(("localtime",), ("[%d/%b/%Y:%H:%M:%S %z]",)),
        InUtc("gmttime", "[%d/%b/%Y:%H:%M:%S GMT]"),
    )
)


@dataclass(frozen=True, slots=True)
class Extended:
    """Lines under a `#Fields` directive, between tabs or blanks (then with strings in double quotes); `-` or nothing is no value.

    Columns are asked for in small letters.

    Attributes:
        must: groups of columns; the directive must name one of each group.
        never: columns of another kind of log.
    """

    header_mark: ClassVar[bytes] = b"#Fields"

    must: tuple[tuple[str, ...], ...]
    never: tuple[str, ...] = ()

    def header(self, head: bytes, before: bytes | None) -> bytes | None:
        """The last directive of these lines, else the one in force before."""
        at = head.rfind(b"\n" + self.header_mark) + 1
        if not at and not head.startswith(self.header_mark):
            return before
        end = head.find(b"\n", at)
        return (head[at:] if end < 0 else head[at:end]).rstrip(b"\r")

    def refuses(self, data: bytes) -> bool:
        """No directive."""
        return self.header_mark not in data

    def fields(self, lines: Lines, wanted: Sequence[str], header: bytes | None) -> pl.DataFrame:
        """The wanted columns; see `Kind.fields`."""
        separator, names = _columns(header or b"")
        if not self._fits(names):
            return self._none(lines, wanted, comments=header is None)
        inner = Delimited(separator, names, comment="#", quotes=separator != "\t", least=max(len(names) // 2, 2))
        rows = inner.fields(lines, wanted, None)
        return rows.select(*(pl.when(~pl.col(name).is_in(_NOTHING)).then(name).alias(name) for name in wanted), UNDERSTOOD, SKIPPED)

    def _fits(self, names: Sequence[str]) -> bool:
        return all(set(group) & set(names) for group in self.must) and not set(self.never) & set(names)

    @staticmethod
    def _none(lines: Lines, wanted: Sequence[str], *, comments: bool) -> pl.DataFrame:
        """Nothing is understood here; before the first directive, comments are at least known as such."""
        text = lines.text()
        known = pl.select(pl.when(text.str.starts_with("#")).then(pl.lit("comment"))).to_series() if comments else None
        return table(dict.fromkeys(wanted, nulls(len(lines))), pl.repeat(value=False, n=len(lines), dtype=pl.Boolean, eager=True), known)


def _columns(header: bytes) -> tuple[str, tuple[str, ...]]:
    """The separator and the names of the columns."""
    text = header[len(Extended.header_mark) :].decode(errors="replace").lstrip(":").strip().lower()
    if "\t" in text:
        return "\t", tuple(name.strip() for name in text.split("\t"))
    return (",", tuple(text.split(","))) if "," in text and " " not in text else (" ", tuple(text.split()))
