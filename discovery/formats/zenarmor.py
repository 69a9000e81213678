"""Zenarmor (Sensei) on OPNsense, pfSense and others: what it streams to a syslog server or an Elasticsearch of one's own, JSON.

Fields after the vendor's “Stream Reporting Data” (https://www.zenarmor.com/docs/). Of one connection the records of TLS and HTTP name the site; its
own record, written at the end under the same number, completes it with bytes. A question of DNS has one record, with the answer in it.
"""

import polars as pl

from discovery.answers import Answers, within
from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import no_visit
from discovery.names import host_of
from discovery.times import Epoch

_BEFORE = r"daemon=[\w.-]+, ?index=[\w.-]+, ?data="
_DNS = pl.col("query") != ""
_CONNECTION = ~_DNS.fill_null(value=False)
_NAMED = pl.coalesce("server_name", "host").is_not_null()
_SOURCE, _DESTINATION = pl.col("ip_src_saddr"), pl.col("ip_dst_saddr")
_NAME = r"[A-Za-z]"


def _named(name: str) -> pl.Expr:
    """A host's name, where it is more than its address."""
    return pl.when(pl.col(name).str.contains(_NAME) & (pl.col(name) != _SOURCE) & (pl.col(name) != _DESTINATION)).then(name)


FORMAT = LogFormat(
    id="zenarmor",
    title="Zenarmor connections, questions and sites",
    family="firewall",
    layouts=(
        Layout(
            kind=JsonLines(must=("ip_src_saddr",), before=_BEFORE),
            clock=Epoch("start_time"),
            only=_DESTINATION.is_not_null() & pl.col("is_blocked").is_not_null(),
            event={
                "user_name": pl.when(pl.col("src_username") != "").then("src_username"),
                "source_ip": _SOURCE,
                "source_mac": pl.col("src_hwaddr"),
                "host_name": _named("src_hostname"),
                "destination_domain": pl.when(_DNS)
                .then("query")
                .otherwise(pl.coalesce("server_name", host_of(pl.col("host")), _named("dst_hostname"))),
                "destination_ip": pl.when(_CONNECTION).then(_DESTINATION),
                "source_bytes": pl.when(_CONNECTION).then("src_nbytes"),
                "destination_bytes": pl.when(_CONNECTION).then("dst_nbytes"),
                "event_action": event_action(pl.col("is_blocked").is_in(["1", "true"])),
            },
            skip=no_visit(_SOURCE, _DESTINATION),
            channel=pl.when(_DNS).then(pl.lit("dns")).otherwise(pl.lit("bytes")),
            requests=pl.when(_DNS | _NAMED).then(1).otherwise(0),
            session=pl.when(_CONNECTION).then("conn_uuid"),
            answers=Answers(said=within(pl.col("answers"), r"([^,\s\[\]\"]+)"), asked=pl.col("query"), when=_DNS & (pl.col("answers") != "")),
        ),
    ),
)
