"""Any IBM LEEF 1.0 or 2.0 (https://www.ibm.com/docs/en/dsm?topic=leef-event-attributes). Only where no vendor's own format fits."""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.header import times
from discovery.kinds.leef import Leef
from discovery.kinds.reach import INBOUND, from_outside
from discovery.names import host_of
from discovery.spellings import SIGN_IN


def _given(*fields: str) -> list[pl.Expr]:
    """The fields that hold something."""
    return [pl.when(pl.col(field) != "").then(field) for field in fields]


_ACTION = pl.coalesce("action", "act", "leef_event")

FORMAT = LogFormat(
    id="leef",
    title="LEEF",
    family="generic",
    generic=True,
    layouts=(
        Layout(
            kind=Leef(),
            clock=times("devTime", "startTime", "rt"),
            event={
                "user_name": pl.coalesce(*_given("usrName", "identUserName", "accountName")),
                "source_ip": pl.coalesce("src", "identSrc"),
                "source_mac": pl.coalesce("srcMAC", "identMAC"),
                "host_name": pl.coalesce("identHostName", "srcName", "identNetBios"),
                "destination_domain": host_of(pl.coalesce(*_given("url", "request", "dstName", "dhost", "host"))),
                "destination_ip": pl.col("dst"),
                "source_bytes": pl.col("srcBytes"),
                "destination_bytes": pl.col("dstBytes"),
                "event_action": event_action(
                    _ACTION.str.contains(r"(?i)block|den(?:y|ied)|drop|reject|reset|prevent"),
                    _ACTION.str.contains(r"(?i)^(?:allow|permit|accept|pass)"),
                ),
            },
            skip={
                "no request: names no client and destination": pl.all_horizontal(pl.col("src", "identSrc", "usrName").is_null())
                | pl.all_horizontal(pl.col("dst", "url", "request", "dstName", "dhost").is_null()),
                "sign-in, no visit": pl.col("leef_event").str.contains(SIGN_IN) & pl.coalesce("url", "request").is_null(),
                INBOUND: from_outside(pl.coalesce("src", "identSrc"), pl.col("dst")),
            },
            channel="name",
        ),
    ),
)
