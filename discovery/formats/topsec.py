"""Topsec firewalls (TopsecOS, NGTOS) and their access management (TopACM), by syslog.

A firewall writes pairs behind `id=tos` or `id=ngtos`: `type=ac` where a rule decided, `type=conn` at the end of a connection, with its bytes; both
carry `connid`. Access management writes `Type=URL; Source=address:port; …`, and `Type=SESSION` at the end.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.keyvalue import KeyValue
from discovery.kinds.labelled import Labelled
from discovery.kinds.reach import no_visit
from discovery.names import host_of
from discovery.times import SYSLOG, FirstOf, Stamp

_KIND, _VERDICT = pl.col("type").str.to_lowercase(), pl.coalesce("rule", "action")
_URL = pl.when(pl.col("url").str.contains(r"^(?:[a-z]+://|[^/]+\.)")).then("url")
_SOURCE, _SERVER = pl.col("Source").str.replace(r":\d+$", ""), pl.col("Dest").str.replace(r":\d+$", "")
_ENDS = pl.concat_str("Source", "Dest", separator=" ")

FORMAT = LogFormat(
    id="topsec",
    title="Topsec firewall log",
    family="firewall",
    layouts=(
        Layout(
            kind=KeyValue(must=("id", "type")),
            clock=FirstOf((Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)), SYSLOG)),
            only=pl.col("id").str.to_lowercase().is_in(["tos", "ngtos"]),
            event={
                "user_name": pl.when(pl.col("user") != pl.col("src")).then("user"),
                "source_ip": pl.col("src"),
                "source_mac": pl.col("smac"),
                "destination_domain": host_of(_URL),
                "destination_ip": pl.col("dst"),
                "source_bytes": pl.col("sent"),
                "destination_bytes": pl.col("rcvd"),
                "event_action": event_action(_VERDICT.str.contains("(?i)deny|drop|block|reject|forbid|阻断|拒绝"), _VERDICT.is_not_null()),
            },
            skip={
                "alarm or event of the device": ~_KIND.is_in(["ac", "conn", "session", "nat", "url", "web", "webfilter", "dpi"])
                | pl.col("dst").is_null(),
                **no_visit(pl.col("src"), pl.col("dst")),
            },
            requests=pl.when(_KIND == "conn").then(0).otherwise(1),
            session=pl.concat_str("connid", "src", "sport", "dst", "dport", separator=" "),
        ),
        Layout(
            name="access management",
            kind=Labelled("=", "; ", ("; Dest=",), ("Type", "Source", "Time"), until=";"),
            clock=Stamp(("Time",), ("%Y-%m-%d %H:%M:%S",)),
            event={
                "user_name": pl.when(pl.col("Username") != _SOURCE).then("Username"),
                "source_ip": _SOURCE,
                "source_mac": pl.col("Mac"),
                "destination_domain": host_of(pl.coalesce(*(pl.when(pl.col(name) != "").then(name) for name in ("Host", "URL")))),
                "destination_ip": _SERVER,
                "source_bytes": pl.col("Byte_sent"),
                "destination_bytes": pl.col("Byte_recve"),
            },
            skip=no_visit(_SOURCE, _SERVER),
            requests=pl.when(pl.col("Type") == "SESSION").then(0).otherwise(1),
            session=_ENDS,
        ),
    ),
)
