"""Forcepoint NGFW (Stonesoft): CEF and LEEF of the Log Server.

Keys after Forcepoint's “NGFW log entry fields: exportable fields”; only rows of alerts were seen. A connection is logged when it is allowed, and
at its end with its bytes, which then belong to it: `in` was received by the client, `out` sent.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.base import Kind
from discovery.kinds.cef import Cef
from discovery.kinds.header import times
from discovery.kinds.leef import Leef
from discovery.kinds.reach import no_visit
from discovery.names import host_of
from discovery.times import Clock

_VENDORS = ("forcepoint", "stonesoft")
_PRODUCTS = ("firewall", "ngfw", "ngfw firewall", "firewall/vpn", "ips", "layer 2 firewall")


def _told(*names: str) -> pl.Expr:
    return pl.coalesce(pl.when(pl.col(name) != "").then(name) for name in names)


def _layout(name: str, kind: Kind, clock: Clock, who_and_what: tuple[str, str, str, str, str], *, action: str, title: str) -> Layout:
    """What all carriers have in common; the five keys are user, host, URL, bytes sent and received."""
    user, host, url, sent, received = who_and_what
    verdict = pl.col(action).str.to_lowercase()
    return Layout(
        name=name,
        kind=kind,
        clock=clock,
        event={
            "user_name": _told(user),
            "source_ip": pl.col("src"),
            "destination_domain": pl.coalesce(host_of(_told(url)), _told(host)),
            "destination_ip": pl.col("dst"),
            "source_bytes": pl.col(sent),
            "destination_bytes": pl.col(received),
            "event_action": event_action(verdict.str.contains("discard|refuse|terminate|block|deny|reset"), verdict.str.contains("allow|permit")),
        },
        skip={
            "event of the device": _told("src").is_null() | _told("dst").is_null(),
            **no_visit(pl.col("src"), pl.col("dst")),
        },
        requests=pl.when(pl.col(title).str.contains("(?i)^Connection_(?:Closed|Progress)")).then(0).otherwise(1),
    )


FORMAT = LogFormat(
    id="forcepoint-ngfw",
    title="Forcepoint NGFW log",
    family="firewall",
    cannot_tell=("Which site was visited, where neither URLs nor applications are logged: then there are only addresses.",),
    layouts=(
        _layout(
            "CEF",
            Cef(vendors=_VENDORS, products=_PRODUCTS),
            times("rt"),
            ("suser", "dhost", "request", "out", "in"),
            action="act",
            title="cef_name",
        ),
        _layout(
            "LEEF",
            Leef(vendors=_VENDORS, products=_PRODUCTS),
            times("devTime"),
            ("usrName", "dhost", "url", "srcBytes", "dstBytes"),
            action="action",
            title="leef_event",
        ),
    ),
)
