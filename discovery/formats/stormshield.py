"""Stormshield SNS logs and those of its forerunner Arkoon FAST360, in the WELF manner (“SNS Audit Logs”, documentation.stormshield.eu).

The proxy's or protocol analysis' record names the site; the record of the connection completes it. `sent` is what the source sent.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.keyvalue import KeyValue
from discovery.names import host_of
from discovery.times import Epoch, FirstOf, Stamp, Zoned

_SORT, _OLD = pl.col("logtype"), pl.col("aktype")
_REFUSED = r"(?i)^(?:block|deny|drop|reset|reject)"


def _action(given: pl.Expr) -> pl.Expr:
    return event_action(given.str.contains(_REFUSED), given.str.contains("(?i)pass|accept|allow"))


#: The site of a connection that its proxy for SSL let pass or refused, by the name in the certificate or in the hello.
_NAMED = pl.when((pl.col("proto") == "ssl") & pl.col("arg").str.contains(r"^(?:[A-Za-z0-9_-]+\.)+[A-Za-z]{2,}$")).then("arg")

FORMAT = LogFormat(
    id="stormshield",
    title="Stormshield firewall log",
    family="firewall",
    layouts=(
        Layout(
            name="SNS",
            kind=KeyValue(must=("fw", "time")),
            clock=FirstOf((Zoned(("time", "tz"), ("%Y-%m-%d %H:%M:%S %z",)), Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)))),
            only=pl.coalesce("startime", "logtype").is_not_null(),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("src"),
                "source_mac": pl.col("srcmac"),
                "host_name": pl.when(~pl.col("srcname").str.contains("(?i)^firewall_")).then("srcname"),  # so it calls its own interfaces
                "destination_domain": pl.coalesce(host_of(pl.when(pl.col("arg").str.contains(r"^\w+://")).then("arg")), _NAMED, "dstname"),
                "destination_ip": pl.col("dst"),
                "source_bytes": pl.col("sent"),
                "destination_bytes": pl.col("rcvd"),
                "event_action": _action(pl.col("action")),
            },
            skip={
                "event of the device": ~_SORT.fill_null("connection").is_in(["web", "ssl", "plugin", "connection", "filter"])
                | pl.col("src").is_null(),
                "permitted by a rule, counted as a connection": (_SORT == "filter") & ~pl.col("action").str.contains(_REFUSED).fill_null(value=False),
            },
            requests=pl.when(_SORT.is_in(["connection"])).then(0).otherwise(1),
            session=pl.concat_str("src", "srcport", "dst", "dstport", separator=" "),
        ),
        Layout(
            name="Arkoon",
            kind=KeyValue(must=("aktype", "gmtime")),
            clock=Epoch("gmtime"),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("src"),
                "destination_domain": pl.coalesce(host_of(pl.when(pl.col("arg").str.contains("://", literal=True)).then("arg")), _NAMED, "dstname"),
                "destination_ip": pl.col("dst"),
                "source_bytes": pl.col("sent"),
                "destination_bytes": pl.col("rcvd"),
                "event_action": _action(pl.col("action")),
            },
            skip={
                "alarm or event of the device": ~_OLD.is_in(["IP", "HTTP", "FTP"]),
                "start of a session, counted at its end": (pl.col("ip_log_type") == "NEWCONN")
                & ~pl.col("action").str.contains(_REFUSED).fill_null(value=False),
                "asks for a password, comes again with it": pl.col("result") == "407",
            },
        ),
    ),
)
