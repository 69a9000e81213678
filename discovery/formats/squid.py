"""Squid access logs: native, and the httpd-like common and combined forms (https://wiki.squid-cache.org/Features/LogFormat).

Bytes are those of the reply; what was uploaded is not in these layouts. A 407 asks for a password: the browser comes again with it.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.base import HOST
from discovery.kinds.delimited import Delimited
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import Epoch, Zoned

_NATIVE = ("time", "elapsed", "client", "result", "bytes", "method", "url", "user", "peer", "type", "tail")
_POLICIES = r"^[A-Z][A-Z0-9_]+(?:-[^- ]+){4}"  # a decision tag and the policies that led to it: not Squid's
_HTTPD = (
    r'(?P<client>\S+) (?:\S+) (?P<user>\S+|"[^"]*") \[(?P<time>[^\]]+)\] '
    r'"(?P<method>[A-Z_]+|-) (?P<url>(?:[a-z][a-z0-9+.-]*://|[^/"\s]+:\d)[^"\s]*)(?: [^"]*)?" '
    r'(?P<status>\d{3}) (?P<bytes>\d+|-)(?: "[^"]*" "(?:[^"\\]|\\.)*")? ?(?P<result>[A-Z_]+(?::\S+)?)?'
)


def _action(result: pl.Expr, challenge: pl.Expr) -> pl.Expr:
    """Refused by an access list, or let through; null where the proxy only asked for a password."""
    return pl.when(challenge).then(None).when(result.str.contains("DENIED", literal=True)).then(pl.lit("blocked")).otherwise(pl.lit("allowed"))


def _skip(result: pl.Expr, host: pl.Expr) -> dict[str, pl.Expr]:
    return {
        "connection closed before a request": host.is_in(["error", "-", ""]),  # error:transaction-end-before-headers, -, :0
        "request of a neighbouring cache": result.str.starts_with("UDP_"),
    }


def _requests(challenge: pl.Expr) -> pl.Expr:
    """A request that had to bring a password comes again with it and is counted then."""
    return pl.when(challenge).then(0).otherwise(1)


_NATIVE_CHALLENGE = pl.col("result").str.ends_with("/407")
_HTTPD_CHALLENGE = pl.col("status") == "407"

FORMAT = LogFormat(
    id="squid",
    title="Squid access log",
    family="proxy",
    cannot_tell=("How much was uploaded: this layout only has the size of replies.",),
    layouts=(
        Layout(
            name="native",
            kind=Delimited(" ", _NATIVE, collapse=True, least=10),
            clock=Epoch("time"),
            only=pl.col("peer").str.contains("/", literal=True)
            & pl.col("result").str.contains("/", literal=True)
            & ~pl.col("peer").str.starts_with("HTTP/")  # a web server's log
            & ~pl.col("tail").str.contains(_POLICIES).fill_null(value=False),
            event={
                "source_ip": pl.col("client"),
                "user_name": pl.col("user"),
                "destination_domain": pl.col("url" + HOST),
                "destination_bytes": pl.col("bytes"),
                "event_action": _action(pl.col("result"), _NATIVE_CHALLENGE),
            },
            skip=_skip(pl.col("result"), pl.col("url" + HOST)),
            requests=_requests(_NATIVE_CHALLENGE),
            lasted=pl.col("elapsed"),
        ),
        Layout(
            name="common or combined",
            kind=Pattern(_HTTPD),
            clock=Zoned(("time",), ("%d/%b/%Y:%H:%M:%S %z",)),
            event={
                "source_ip": pl.col("client"),
                "user_name": pl.col("user"),
                "destination_domain": host_of(pl.col("url")),
                "destination_bytes": pl.col("bytes"),
                "event_action": _action(pl.col("result").fill_null(""), _HTTPD_CHALLENGE),
            },
            skip=_skip(pl.col("result").fill_null(""), host_of(pl.col("url"))),
            requests=_requests(_HTTPD_CHALLENGE),
        ),
    ),
)
