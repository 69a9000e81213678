"""HTTP archives as browsers and intercepting proxies export them (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/), and mitmproxy's flows.

A record is an entry of `log.entries`. A size of -1 is not known. What a browser answered from its own cache was no request.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.jsonlines import JsonLines
from discovery.names import host_of
from discovery.times import Epoch, Iso


def _size(*fields: str) -> pl.Expr:
    """The sum of sizes that are known, null where none is."""
    sizes = [pl.col(field).cast(pl.Float64, strict=False).cast(pl.Int64, strict=False) for field in fields]
    known = [pl.when(size >= 0).then(size) for size in sizes]
    return pl.when(pl.any_horizontal(size.is_not_null() for size in known)).then(pl.sum_horizontal(known))


_STATUS, _URL = pl.col("response.status"), pl.col("request.url")

FORMAT = LogFormat(
    id="har",
    title="HTTP archive (HAR)",
    family="proxy",
    cannot_tell=("Whose device it was: an archive of one browser names nobody.",),
    layouts=(
        Layout(
            name="HAR",
            kind=JsonLines(must=("startedDateTime",), paths={"_fromCache": ("response._fromCache",)}),
            clock=Iso("startedDateTime"),
            only=_URL.is_not_null(),
            event={
                "destination_domain": host_of(_URL),
                "destination_ip": pl.col("serverIPAddress"),
                "source_bytes": _size("request.headersSize", "request.bodySize"),
                "destination_bytes": pl.coalesce(_size("response._transferSize"), _size("response.headersSize", "response.bodySize")),
                "event_action": pl.when(_STATUS.cast(pl.Int64, strict=False) > 0).then(pl.lit("allowed")),
            },
            skip={
                "answered from the browser's cache": pl.col("_fromCache").is_not_null(),
                "no request to a server": ~_URL.str.contains(r"^(?i)(?:https?|wss?)://"),
            },
        ),
        Layout(
            name="mitmproxy flows",
            kind=JsonLines(must=("client_conn.timestamp_start",)),
            clock=Epoch("request.timestamp_start"),
            only=pl.col("request.host").is_not_null(),
            event={
                "source_ip": pl.col("client_conn.peername").str.extract(r'"([0-9A-Fa-f.:]+)"', 1),
                "destination_domain": pl.coalesce("request.pretty_host", "request.host"),
                "destination_ip": pl.col("server_conn.peername").str.extract(r'"([0-9A-Fa-f.:]+)"', 1),
                "source_bytes": _size("request.contentLength"),
                "destination_bytes": _size("response.contentLength"),
            },
        ),
    ),
)
