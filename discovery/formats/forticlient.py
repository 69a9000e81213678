"""FortiClient's own log of a computer: sites and programs it let through or refused, key=value (“FortiClient Log Reference”, type=traffic).

After the documented field list. The program that asked stands where gateways have the source's name; the time is the computer's.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.keyvalue import KeyValue
from discovery.kinds.reach import INBOUND, from_outside, to_many
from discovery.times import SYSLOG, FirstOf, Stamp

_CLIENT, _SERVER = pl.col("srcip"), pl.coalesce("destinationip", "dstip")
_MISSING = ["", "N/A"]


def _given(name: str) -> pl.Expr:
    return pl.when(~pl.col(name).is_in(_MISSING)).then(name)


FORMAT = LogFormat(
    id="forticlient",
    title="FortiClient log of a computer",
    family="firewall",
    layouts=(
        Layout(
            kind=KeyValue(must=("devid", "type")),
            clock=FirstOf((Stamp(("date", "time"), ("%Y-%m-%d %H:%M:%S%.f",)), SYSLOG)),
            only=pl.col("devid").str.starts_with("FCT") & pl.coalesce("fctver", "uid", "emsserial").is_not_null(),
            event={
                "user_name": _given("user"),
                "source_ip": _CLIENT,
                "source_mac": _given("devicemac"),
                "host_name": _given("hostname"),
                "destination_domain": _given("remotename"),
                "destination_ip": _SERVER,
                "source_bytes": pl.col("sentbyte"),
                "destination_bytes": pl.col("rcvdbyte"),
                "event_action": event_action(pl.col("utmaction").str.contains("(?i)block|deny|reset"), pl.col("utmaction") != ""),
            },
            skip={
                "event of the program, no connection": (pl.col("type") != "traffic") | (_SERVER.is_null() & _given("remotename").is_null()),
                INBOUND: (pl.col("direction") == "inbound") | from_outside(_CLIENT, _SERVER),
                "to a group or to everybody, no site": to_many(_SERVER),
            },
            channel="name",
        ),
    ),
)
