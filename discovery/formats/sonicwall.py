"""SonicWall logs, key=value (SonicOS Log Events Reference Guide).

m=97 is a visit to a site, m=537 and m=1153 the end of a connection with its bytes; the opening of a connection (m=98) is counted at its end.
Addresses are written with port, interface and name behind them. The zone stands behind the time only where the device is set to UTC.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.keyvalue import KeyValue
from discovery.names import host_of
from discovery.times import FirstOf, InUtc, Stamp

_ADDRESS = r"^(\[[^\]]+\]|[^:]*(?::[^:]*){6,}?|[^:]*)(?::\d*(?::.*)?)?$"
_M = pl.col("m")

FORMAT = LogFormat(
    id="sonicwall",
    title="SonicWall firewall log",
    family="firewall",
    layouts=(
        Layout(
            kind=KeyValue(must=("sn", "time", "m")),
            clock=FirstOf((InUtc("time", "%Y-%m-%d %H:%M:%S UTC"), Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)))),
            event={
                "user_name": pl.coalesce("usr", "user"),
                "source_ip": pl.coalesce(pl.col("src").str.extract(_ADDRESS, 1), "srcV6"),
                "source_mac": pl.col("srcMac"),
                "destination_domain": host_of(pl.col("dstname")),
                "destination_ip": pl.coalesce(pl.col("dst").str.extract(_ADDRESS, 1), "dstV6"),
                "source_bytes": pl.col("sent"),
                "destination_bytes": pl.col("rcvd"),
                "event_action": pl.when(pl.coalesce("msg", "fw_action").str.contains(r"(?i)drop|den(?:y|ied)|block|forbid")).then(pl.lit("blocked")),
            },
            skip={
                "opening of a connection, counted at its end": _M.is_in(["98", "139"]),
                "event of the device": pl.col("src").is_null() & pl.col("srcV6").is_null(),
            },
            requests=pl.when(_M.is_in(["537", "1153"])).then(0).otherwise(1),
            session=pl.concat_str("src", "dst", separator=" "),
        ),
    ),
)
