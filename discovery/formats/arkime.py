"""Arkime's sessions, as its viewer's API and its index have them, JSON (https://arkime.com/apiv3, /api/sessions).

`http.host` holds the server names of TLS, too (capture/parsers/tls.c), `dns.host` what was asked for; of several in one session the first is taken.
A session that lasts is written in parts, each with its own bytes, which name the first part's record.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import no_visit
from discovery.times import Epoch

_FIELDS = ("firstPacket", "source.ip", "source.mac", "source.bytes", "destination.ip", "destination.bytes", "http.host", "dns.host", "user", "rootId")
_PATHS = {name: (f"_source.{name}",) for name in _FIELDS}


def _first(name: str) -> pl.Expr:
    """The first of a list."""
    return pl.col(name).str.extract(r'^(?:\["?)?([^"\],]+)', 1)


_ASKED = pl.when(_first("http.host").is_null()).then(_first("dns.host"))

FORMAT = LogFormat(
    id="arkime",
    title="Arkime sessions",
    family="firewall",
    layouts=(
        Layout(
            kind=JsonLines(must=("firstPacket",), paths=_PATHS),
            clock=Epoch("firstPacket"),
            only=pl.col("source.ip").is_not_null() & pl.col("destination.ip").is_not_null(),
            event={
                "user_name": _first("user"),
                "source_ip": pl.col("source.ip"),
                "source_mac": _first("source.mac"),
                "destination_domain": pl.coalesce(_first("http.host"), _ASKED),
                "destination_ip": pl.when(_ASKED.is_null()).then("destination.ip"),
                "source_bytes": pl.when(_ASKED.is_null()).then("source.bytes"),
                "destination_bytes": pl.when(_ASKED.is_null()).then("destination.bytes"),
            },
            skip=no_visit(pl.col("source.ip"), pl.col("destination.ip")),
            channel=pl.when(_ASKED.is_not_null()).then(pl.lit("dns")).otherwise(pl.lit("bytes")),
            requests=pl.when(pl.col("rootId").is_not_null() & (pl.col("rootId") != pl.col("id").fill_null(""))).then(0).otherwise(1),
        ),
    ),
)
