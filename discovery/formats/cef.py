"""Any ArcSight CEF (“ArcSight Common Event Format Implementation Standard”, version 26). Only where no vendor's own format fits.

`in` and `out` are left alone: by the standard `in` is what the source sent, and many devices mean the opposite.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.cef import Cef
from discovery.kinds.header import times
from discovery.kinds.reach import INBOUND, from_outside, own
from discovery.names import host_of
from discovery.spellings import SIGN_IN

_REQUEST = pl.coalesce("request", "requestUrl")
_TO = pl.coalesce("dst", "destinationAddress", "c6a3", "label:Destination IPv6 Address")
_SOURCE = pl.coalesce("src", "sourceAddress", "c6a2", "label:Source IPv6 Address")


def _given(*fields: str) -> list[pl.Expr]:
    """The fields that hold something."""
    return [pl.when(pl.col(field) != "").then(field) for field in fields]


FORMAT = LogFormat(
    id="cef",
    title="CEF",
    family="generic",
    generic=True,
    cannot_tell=("How much was sent or received: devices disagree on which way the byte counts of this layout mean.",),
    layouts=(
        Layout(
            kind=Cef(),
            clock=times("rt", "start", "end", "deviceReceiptTime"),
            event={
                "user_name": pl.coalesce(*_given("suser", "sourceUserName", "usrName")),
                "source_ip": _SOURCE,
                "source_mac": pl.coalesce("smac", "sourceMacAddress"),
                "host_name": pl.coalesce("shost", "sourceHostName"),
                "destination_domain": host_of(pl.coalesce(*_given("request", "requestUrl", "dhost", "destinationHostName", "destinationDnsDomain"))),
                "destination_ip": _TO,
                "event_action": event_action(
                    pl.coalesce("act", "deviceAction").str.contains(r"(?i)block|den(?:y|ied)|drop|reject|reset|prevent"),
                    pl.coalesce("act", "deviceAction").str.contains(r"(?i)^(?:allow|permit|accept|pass)"),
                ),
            },
            skip={
                "no request: names no client and destination": pl.all_horizontal(pl.col("src", "sourceAddress", "c6a2", "shost", "suser").is_null())
                | pl.all_horizontal(pl.col("dst", "destinationAddress", "c6a3", "dhost", "request", "requestUrl", "destinationDnsDomain").is_null()),
                "sign-in, no visit": pl.col("cef_name").str.contains(SIGN_IN) & _REQUEST.is_null(),
                INBOUND: ((pl.col("deviceDirection") == "0") & ~own(_SOURCE)) | from_outside(_SOURCE, _TO),
            },
            channel="name",
        ),
    ),
)
