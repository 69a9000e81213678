"""FortiProxy logs, key=value (https://docs.fortinet.com/document/fortiproxy/7.4.0/log-reference).

Each request is an http-transaction with its name and bytes; the record of the session at its end completes it, and so do the filters' records.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.keyvalue import KeyValue
from discovery.names import host_of
from discovery.times import Epoch, FirstOf, Stamp, Zoned

_TYPE, _SUBTYPE, _ACTION = pl.col("type"), pl.col("subtype"), pl.col("action")
_REFUSED = _ACTION.str.contains("(?i)block|den(?:y|ied)|drop|reset|violation") | (pl.col("utmaction") == "block")
_ANSWERED = (_SUBTYPE == "http-transaction") & pl.col("resptype").is_in(["generated", "redirected"]) & (pl.col("statuscode") == "403")
_DNS = _SUBTYPE == "dns"

FORMAT = LogFormat(
    id="fortiproxy",
    title="FortiProxy log",
    family="proxy",
    layouts=(
        Layout(
            kind=KeyValue(must=("logid", "type", "subtype")),
            clock=FirstOf(
                (Zoned(("date", "time", "tz"), ("%Y-%m-%d %H:%M:%S %z",)), Epoch("eventtime"), Stamp(("date", "time"), ("%Y-%m-%d %H:%M:%S",)))
            ),
            only=pl.col("devid").str.starts_with("FPX") | pl.col("proxyapptype").is_not_null() | (_SUBTYPE == "http-transaction"),
            event={
                "user_name": pl.coalesce("user", "unauthuser"),
                "source_ip": pl.coalesce("clientip", "srcip"),
                "source_mac": pl.coalesce("srcmac", "mastersrcmac"),
                "host_name": pl.col("srcname"),
                "destination_domain": pl.coalesce(
                    pl.when(_DNS).then("qname"), "hostname", host_of(pl.when(pl.col("url").str.contains("://")).then("url")), "dstname"
                ),
                "destination_ip": pl.when(~_DNS).then("dstip"),
                "source_bytes": pl.when(~_DNS).then("sentbyte"),
                "destination_bytes": pl.when(~_DNS).then("rcvdbyte"),
                "event_action": event_action(_REFUSED | _ANSWERED),
            },
            skip={
                "event of the device": ~_TYPE.is_in(["traffic", "utm"]) | pl.col("srcip").is_null(),
                "traffic of the device itself": (_TYPE == "traffic") & _SUBTYPE.is_in(["local", "multicast", "sniffer"]),
                "answer, counted at its question": _DNS & (pl.col("eventtype") == "dns-response"),
            },
            channel=pl.when(_DNS).then(pl.lit("dns")).otherwise(pl.lit("bytes")),
            requests=pl.when(_SUBTYPE.is_in(["http-transaction", "dns"])).then(1).otherwise(0),
            session=pl.when(~_DNS).then(pl.concat_str("srcip", "sessionid", separator=" ")),
        ),
    ),
)
