"""ntopng's alerts about connections, as it sends them to syslog or a web hook, JSON (https://www.ntop.org/guides/ntopng/alerts/).

Only connections that something was noticed of are in it. What it exports of all connections has nProbe's fields and is read as NetFlow.
"""

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import no_visit
from discovery.names import host_of
from discovery.times import Epoch, FirstOf

_CLIENT, _SERVER = pl.col("cli_ip"), pl.col("srv_ip")
_DNS = pl.col("proto.ndpi").str.contains(r"^DNS\b")
_ABOUT = host_of(pl.when(pl.col("info").str.contains(r"[A-Za-z]")).then("info"))


def _named(name: str) -> pl.Expr:
    return pl.when(pl.col(name) != "").then(name)


FORMAT = LogFormat(
    id="ntopng",
    title="ntopng alerts about connections",
    family="firewall",
    cannot_tell=(NO_PERSON, "Connections that nothing was noticed of: export the flows instead of the alerts."),
    layouts=(
        Layout(
            kind=JsonLines(must=("cli_ip", "entity_val")),
            clock=FirstOf((Epoch("first_seen"), Epoch("tstamp"))),
            only=pl.coalesce("ifid", "proto").is_not_null() & pl.col("tstamp").is_not_null(),
            event={
                "source_ip": _CLIENT,
                "host_name": _named("cli_name"),
                "destination_domain": pl.coalesce(_ABOUT, _named("srv_name")),
                "destination_ip": pl.when(~_DNS.fill_null(value=False)).then(_SERVER),
                "source_bytes": pl.when(~_DNS.fill_null(value=False)).then("cli2srv_bytes"),
                "destination_bytes": pl.when(~_DNS.fill_null(value=False)).then("srv2cli_bytes"),
            },
            skip={"alert about no connection": _CLIENT.is_null() | _SERVER.is_null(), **no_visit(_CLIENT, _SERVER)},
            channel=pl.when(_DNS).then(pl.lit("dns")).otherwise(pl.lit("bytes")),
        ),
    ),
)
