"""SonicWall logs, key=value and CEF (SonicOS Log Events Reference Guide).

m=97 is a visit to a site, m=537 and m=1153 the end of a connection with its bytes; the opening of a connection (m=98) is counted at its end,
if ends are logged at all.
Addresses are written with port, interface and name behind them. The zone stands behind the time only where the device is set to UTC.
Some collectors take the time out, for a header of their own.
"""

from collections.abc import Mapping

import polars as pl

from discovery.format import STARTED, Layout, LogFormat, only_blocked, with_beginnings
from discovery.kinds.base import Kind
from discovery.kinds.cef import Cef
from discovery.kinds.header import times
from discovery.kinds.keyvalue import KeyValue
from discovery.kinds.reach import INBOUND, from_outside, own, to_many
from discovery.names import host_of
from discovery.spellings import SIGN_IN
from discovery.times import SYSLOG, Clock, FirstOf, InUtc, Stamp

_ADDRESS = r"^(\[[^\]]+\]|[^:]*(?::[^:]*){6,}?|[^:]+)(?::\d*(?::.*)?)?$"  # of IPv6, port and interface only: the address is in a key of its own
_SIGN_INS = "16"  # category of users' and administrators' activity at the device
_REFUSED = r"(?i)drop|den(?:y|ied)|block|forbid"


def _layout(name: str, kind: Kind, clock: Clock, keys: Mapping[str, str]) -> tuple[Layout, Layout]:
    """What both have in common; `keys` are other names for the fields of key=value lines."""

    def key(field: str) -> pl.Expr:
        return pl.col(keys.get(field, field))

    client, server = (pl.coalesce(key(side).str.extract(_ADDRESS, 1), f"{side}V6") for side in ("src", "dst"))
    number, ended, action = key("m"), key("m").is_in(["537", "1153"]), pl.coalesce(key("fw_action"), "af_action")
    person = pl.coalesce(key("usr"), "user").str.strip_chars('"')
    layout = Layout(
        name=name,
        kind=kind,
        clock=clock,
        event={
            "user_name": pl.when(~person.str.starts_with("Unknown (")).then(person),  # such as Unknown (SSO failed)
            "source_ip": client,
            "source_mac": key("srcMac"),
            "destination_domain": host_of(key("dstname")),
            "destination_ip": server,
            "source_bytes": key("sent"),
            "destination_bytes": key("rcvd"),
            "event_action": only_blocked(key("msg").str.contains(_REFUSED) | action.str.contains(_REFUSED)),
        },
        skip={
            STARTED: number.is_in(["98", "139"]),
            "event of the device": (key("src").is_null() & pl.col("srcV6").is_null())
            | ((key("c") == _SIGN_INS) & ~key("msg").str.contains("Application"))  # App Control's own alerts have the same category
            | (key("msg").str.contains(SIGN_IN) & key("dstname").is_null()),
            "traffic of the device itself": (client == pl.col("fw")) | (own(client) & (server == pl.col("fw"))),
            "to a group or to everybody, no site": to_many(server),
            INBOUND: ~own(client)
            & ((server == pl.col("fw")) | pl.col("srcZone").is_in(["WAN", "Untrusted"]) | key("src").str.contains(r":WAN(?::|$)"))
            | from_outside(client, pl.col("natDst").str.extract(_ADDRESS, 1)),
        },
        requests=pl.when(ended).then(0).otherwise(1),
        session=pl.concat_str(client, key("src"), key("spt").fill_null(""), key("dst"), key("dpt").fill_null(""), separator=" "),
    )
    return with_beginnings(layout, ended)


_CEF = {"c": "cat", "m": "cef_signature", "msg": "cef_name", "usr": "susr", "srcMac": "smac", "dstname": "request", "sent": "out", "rcvd": "in"}

FORMAT = LogFormat(
    id="sonicwall",
    title="SonicWall firewall log",
    family="firewall",
    layouts=(
        *_layout(
            "",
            KeyValue(must=("sn", "m", "pri")),
            FirstOf((InUtc("time", "%Y-%m-%d %H:%M:%S UTC"), Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)), SYSLOG)),
            {},
        ),
        *_layout("CEF", Cef(vendors=("sonicwall",)), times("rt"), _CEF),
    ),
)
