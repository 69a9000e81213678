"""Charles, a proxy that people watch requests with: its session exported as CSV, or saved as JSON (.chlsj; https://www.charlesproxy.com).

Addresses are written as Java does, a name and a stroke before them. Times of the CSV are in the words of the user's locale, without zone. Of the
JSON no sample was seen.
"""

from collections.abc import Mapping

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat
from discovery.kinds.base import Kind
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named, spelt
from discovery.names import host_of
from discovery.times import Clock, DayMonth, FirstOf, Iso

_CSV = spelt(
    {
        "url": "url",
        "client": "client_address",
        "remote": "remote_address",
        "time": "request_start_time",
        "state": "status",
        "sent": "request_body_size_bytes",
        "received": "response_body_size_bytes",
    }
)
_JSON: Mapping[str, tuple[str, ...]] = {
    "url": ("host",),
    "client": ("clientAddress",),
    "remote": ("remoteAddress",),
    "time": ("times.start",),
    "sent": ("request.sizes.body",),
    "received": ("response.sizes.body",),
}


def _layout(name: str, kind: Kind, clock: Clock) -> Layout:
    return Layout(
        name=name,
        kind=kind,
        clock=clock,
        only=pl.col("client").is_not_null() & pl.col("url").is_not_null(),
        event={
            "source_ip": pl.col("client").str.extract(r"([^/]*)$", 1),
            "destination_domain": host_of(pl.col("url")),
            "destination_ip": pl.col("remote").str.extract(r"([0-9A-Fa-f]*[.:][0-9A-Fa-f.:]+)$", 1),
            "source_bytes": pl.col("sent"),
            "destination_bytes": pl.col("received"),
        },
    )


FORMAT = LogFormat(
    id="charles",
    title="Charles session",
    family="proxy",
    cannot_tell=(NO_PERSON,),
    layouts=(
        _layout("CSV", Named(_CSV, must=(("url",), ("client",), ("remote",), ("time",))), FirstOf((Iso("time"), DayMonth(("time",))))),
        _layout("JSON", JsonLines(must=("clientAddress",), paths=_JSON), Iso("time")),
    ),
)
