"""Cisco Umbrella logs: DNS, proxy, IP and firewall CSV by position (versions only append columns), and the reporting API's JSON.

Times are UTC without a zone. The identity may be a person, a computer, a network or a tunnel: its type says which
(https://docs.umbrella.com/deployment-umbrella/docs/log-formats-and-versioning).
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.delimited import Delimited
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import INBOUND
from discovery.names import host_of
from discovery.times import Epoch, FirstOf, InUtc, Iso

_DNS = (
    "time",
    "identity",
    "identities",
    "internal",
    "external",
    "action",
    "query_type",
    "rcode",
    "domain",
    "categories",
    "identity_type",
    "identity_types",
)
_PROXY = (
    *("time", "identity", "internal", "external", "destination", "content_type", "action", "url", "referer", "agent", "status", "request_size"),
    *("response_size", "body_size", "sha256", "categories", "detections", "puas", "disposition", "threat", "score", "identity_type"),
)
_FIREWALL = (
    "time",
    "origin",
    "identity",
    "identity_type",
    "direction",
    "protocol",
    "size",
    "source",
    "source_port",
    "destination",
    "port",
    "centre",
    "rule",
    "action",
    "names",
    *("lists", "begin", "end", "sent_packets", "received_packets", "sent", "received"),
)
_IP = ("time", "identity", "internal", "source_port", "external", "port", "categories", "identity_types")
_HEADER = (pl.col("time").str.to_lowercase() == "timestamp") & pl.col("identity").str.contains("(?i)identit")
_ADDRESS, _PORT = r"^[0-9A-Fa-f.:]*$", r"^\d+$"
_CLOCK = InUtc("time", "%Y-%m-%d %H:%M:%S")
_ACTION = event_action(pl.col("action").str.to_lowercase().str.starts_with("block"))
_PERSON, _COMPUTER = r"(?i)^\s*(?:AD |SAML |G Suite )?Users?", r"(?i)Roaming Computer|Computers|Mobile Device|Chromebook"
_EMAIL = r"\(([^()@\s]+@[^()\s]+)\)"


def _who(kind: str) -> dict[str, pl.Expr]:
    """The identity, as a person or a computer where its type says so."""
    identity, type_ = pl.col("identity"), pl.col(kind)
    email = identity.str.extract(_EMAIL, 1)
    return {
        "user_name": pl.when(type_.str.contains(_PERSON))
        .then(pl.coalesce(email, identity))
        .when(type_.is_null())  # the first version names no type
        .then(identity.str.extract(r"^([^@\s]+@[^@\s]+\.[^@\s]+)$", 1)),
        "host_name": pl.when(type_.str.contains(_COMPUTER) & ~type_.str.contains(_PERSON)).then(identity),
        "source_ip": pl.coalesce(pl.when(pl.col("internal") != "").then("internal"), "external"),
    }


FORMAT = LogFormat(
    id="cisco-umbrella",
    title="Cisco Umbrella log",
    family="dns",
    layouts=(
        Layout(
            name="DNS",
            kind=Delimited(",", _DNS, quotes=True, lead=True, least=9),
            clock=_CLOCK,
            only=pl.col("query_type").str.contains(r"^\d+ \(") | _HEADER,
            skip={"header": _HEADER},
            event={
                **_who("identity_types"),
                "user_name": pl.coalesce(
                    _who("identity_types")["user_name"],
                    # a computer comes first where the person who is signed in to it is known too
                    pl.when(pl.col("identity_types").str.contains("(?i)Users?")).then(pl.col("identities").str.extract(_EMAIL, 1)),
                ),
                "destination_domain": pl.col("domain"),
                "event_action": _ACTION,
            },
            channel="name",
        ),
        Layout(
            name="proxy",
            kind=Delimited(",", _PROXY, quotes=True, lead=True, least=12),
            clock=_CLOCK,
            only=(pl.col("url").str.contains("://", literal=True) & pl.col("external").str.contains(_ADDRESS)) | _HEADER,
            skip={"header": _HEADER},
            event={
                **_who("identity_type"),
                "destination_domain": host_of(pl.col("url")),
                "destination_ip": pl.col("destination"),
                "source_bytes": pl.col("request_size"),
                "destination_bytes": pl.col("response_size"),
                "event_action": _ACTION,
            },
        ),
        Layout(
            name="IP",
            kind=Delimited(",", _IP, quotes=True, lead=True, least=6),
            clock=_CLOCK,
            only=pl.col("internal").str.contains(_ADDRESS) & pl.col("source_port").str.contains(_PORT) & pl.col("port").str.contains(_PORT),
            event={**_who("identity_types"), "source_ip": pl.col("internal"), "destination_ip": pl.col("external")},
        ),
        Layout(
            name="firewall",
            kind=Delimited(",", _FIREWALL, quotes=True, lead=True, least=13),
            clock=_CLOCK,
            only=pl.col("direction").is_in(["INBOUND", "OUTBOUND"]),
            event={
                "source_ip": pl.col("source"),
                "destination_ip": pl.col("destination"),
                "destination_domain": pl.col("names").str.extract(r"^([^,]+)", 1),
                "source_bytes": pl.col("sent"),
                "destination_bytes": pl.col("received"),
                "event_action": _ACTION,
            },
            skip={INBOUND: pl.col("direction") == "INBOUND"},
        ),
        Layout(
            name="reporting API",
            kind=JsonLines(must=("verdict", "externalip")),
            clock=FirstOf((Epoch("timestamp"), Iso("timestamp"), InUtc("time", "%Y-%m-%d %H:%M:%S"))),
            event={
                "source_ip": pl.coalesce("internalip", "externalip"),
                "destination_domain": pl.coalesce("domain", host_of(pl.col("url"))),
                "event_action": event_action(pl.col("verdict") == "blocked"),
            },
            channel="name",
        ),
    ),
)
