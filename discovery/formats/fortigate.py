"""FortiGate logs, key=value (https://docs.fortinet.com/document/fortigate/7.4.0/fortios-log-message-reference).

One visit is written several times: by the web filter with its name, by application control, by the traffic log at its end with its bytes.
The web filter's record is the request; the others of the same session complete it. Bytes of a long session are counted by their increments.
"""

import polars as pl

from discovery.answers import Answers, within
from discovery.format import Layout, LogFormat
from discovery.kinds.keyvalue import KeyValue
from discovery.names import host_of
from discovery.times import Epoch, FirstOf, Stamp, Zoned

_TYPE, _SUBTYPE, _ACTION = pl.col("type"), pl.col("subtype"), pl.col("action")
_DNS = _SUBTYPE == "dns"
_REFUSED = (
    "blocked",
    "block",
    "deny",
    "denied",
    "dropped",
    "drop",
    "reset",
    "reset_client",
    "reset_server",
    "redirect",
    "ip-conn",
    "clear_session",
    "violation",
)

FORMAT = LogFormat(
    id="fortigate",
    title="FortiGate firewall log",
    family="firewall",
    layouts=(
        Layout(
            kind=KeyValue(must=("logid", "type", "subtype")),
            clock=FirstOf(
                (Zoned(("date", "time", "tz"), ("%Y-%m-%d %H:%M:%S %z",)), Epoch("eventtime"), Stamp(("date", "time"), ("%Y-%m-%d %H:%M:%S",)))
            ),
            only=~pl.col("devid").str.starts_with("FPX").fill_null(value=False),  # a proxy of the same family writes the same keys
            event={
                "user_name": pl.coalesce("user", "unauthuser"),
                "source_ip": pl.col("srcip"),
                "source_mac": pl.coalesce("srcmac", "mastersrcmac"),
                "host_name": pl.col("srcname"),
                "destination_domain": pl.coalesce(
                    pl.when(_DNS).then("qname"), "hostname", host_of(pl.when(pl.col("url").str.contains("://")).then("url")), "dstname"
                ),
                "destination_ip": pl.when(~_DNS).then("dstip"),
                "source_bytes": pl.when(~_DNS).then(pl.coalesce("sentdelta", "sentbyte")),
                "destination_bytes": pl.when(~_DNS).then(pl.coalesce("rcvddelta", "rcvdbyte")),
                "event_action": pl.when(_ACTION.is_in(_REFUSED)).then(pl.lit("blocked")).when(_ACTION.is_not_null()).then(pl.lit("allowed")),
            },
            skip={
                "event of the device": ~_TYPE.is_in(["traffic", "utm", "webfilter", "app-ctrl", "dns"]),
                "traffic of the device itself": (_TYPE == "traffic") & _SUBTYPE.is_in(["local", "multicast", "sniffer"]),
                "start of a session, counted at its end": (_TYPE == "traffic") & (_ACTION == "start"),
            },
            answers=Answers(said=within(pl.col("ipaddr"), r"([0-9A-Fa-f:.]+)"), asked=pl.col("qname"), when=_DNS & pl.col("ipaddr").is_not_null()),
            channel=pl.when(_DNS).then(pl.lit("dns")).otherwise(pl.lit("bytes")),
            requests=pl.when((_SUBTYPE == "webfilter") | (_DNS & (pl.col("eventtype") != "dns-response"))).then(1).otherwise(0),
            session=pl.concat_str(
                "srcip",
                "sessionid",
                pl.when(_DNS).then(pl.concat_str(pl.lit("dns"), pl.col("xid").fill_null(""), pl.col("qname"))).otherwise(pl.lit("")),
                separator=" ",
            ),
        ),
    ),
)
