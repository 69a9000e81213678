"""Which way a connection goes, for logs that only have addresses and ports: from inside to outside, from outside, or to many at once.

Own addresses are those no one meets on the internet: private (RFC 1918), shared with the provider (RFC 6598), link-local (RFC 3927),
loopback, and unique local or link-local IPv6 (RFC 4193, RFC 4291).
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

#: Why what somebody on the internet asked of an address inside is no event.
INBOUND: Final = "coming in from outside"

_OWN: Final = (
    r"(?:(?:::ffff:)?(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)"
    r"|[fF][cdCD][0-9A-Fa-f]{2}:|[fF][eE][89abAB][0-9A-Fa-f]:|::1$)"
)
_MANY: Final = r"^(?:22[4-9]\.|23\d\.|255\.255\.255\.255|0\.0\.0\.0|[fF]{2}[0-9A-Fa-f]{2}:|::$)"


def own(address: pl.Expr, behind: str = "") -> pl.Expr:
    """Whether an address, as text, can only be inside; `behind` is an expression for what stands before it."""
    return address.str.contains(f"^{behind}{_OWN}")


def from_outside(source: pl.Expr, destination: pl.Expr) -> pl.Expr:
    """Whether somebody on the internet called an address inside."""
    return ~own(source) & own(destination)


def to_many(destination: pl.Expr) -> pl.Expr:
    """Whether it went to a group or to everybody (multicast, RFC 5771 and RFC 4291; broadcast), which is no site."""
    return destination.str.contains(_MANY)


def no_visit(source: pl.Expr, destination: pl.Expr) -> dict[str, pl.Expr]:
    """What is nobody's visit to a site, with the reason: asked from outside, or said to many at once."""
    return {INBOUND: from_outside(source, destination), "to a group or to everybody, no site": to_many(destination)}


def answers(source_port: pl.Expr, destination_port: pl.Expr) -> pl.Expr:
    """Whether a record of one direction is the server's half: services listen below the ports that clients pick (RFC 6335)."""
    low = source_port.cast(pl.Int64, strict=False)
    return ((low > 0) & (low < destination_port.cast(pl.Int64, strict=False))).fill_null(value=False)


@dataclass(frozen=True, slots=True)
class Half:
    """A record of one direction of a connection: what a client sent, or what came back to it. Only the first is a request."""

    source: pl.Expr
    destination: pl.Expr
    source_port: pl.Expr
    destination_port: pl.Expr
    count: pl.Expr

    def back(self) -> pl.Expr:
        """Whether it is what came back."""
        return answers(self.source_port, self.destination_port)

    def event(self) -> dict[str, pl.Expr]:
        """Who asked whom, and the bytes of this direction."""
        return {
            "source_ip": pl.when(self.back()).then(self.destination).otherwise(self.source),
            "destination_ip": pl.when(self.back()).then(self.source).otherwise(self.destination),
            "source_bytes": pl.when(~self.back()).then(self.count),
            "destination_bytes": pl.when(self.back()).then(self.count),
        }

    def requests(self) -> pl.Expr:
        """1 for what a client sent, else 0."""
        return pl.when(self.back()).then(0).otherwise(1)

    def skip(self) -> dict[str, pl.Expr]:
        """What is nobody's visit to a site."""
        asked = self.event()
        return no_visit(asked["source_ip"], asked["destination_ip"])
