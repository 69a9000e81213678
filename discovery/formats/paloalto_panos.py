"""PAN-OS logs, comma-separated by position (https://docs.paloaltonetworks.com/pan-os/11-1/pan-os-admin/monitoring/use-syslog-for-monitoring/syslog-field-descriptions).

Versions only append columns, so no exact number is asked for. THREAT records of subtype url hold the site, TRAFFIC records the bytes at the
end; both carry the session. Times are the firewall's local time, without zone.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.delimited import Delimited
from discovery.names import host_of
from discovery.times import Stamp

_COLUMNS = (
    *("version", "received", "serial", "type", "subtype", "config", "generated", "source", "destination", "nat_source", "nat_destination", "rule"),
    *("user", "destination_user", "application", "vsys", "from", "to", "inbound", "outbound", "log_action", "logged", "session", "repeat"),
    *("source_port", "port", "nat_source_port", "nat_port", "flags", "protocol", "action", "bytes_or_url", "sent", "received_bytes"),
)
_TYPE, _SUBTYPE = pl.col("type"), pl.col("subtype")
_TRAFFIC, _URL = _TYPE == "TRAFFIC", (_TYPE == "THREAT") & (_SUBTYPE == "url")
_KINDS = [
    "TRAFFIC",
    "THREAT",
    "CONFIG",
    "SYSTEM",
    "HIPMATCH",
    "HIP-MATCH",
    "USERID",
    "GLOBALPROTECT",
    "DECRYPTION",
    "IPTAG",
    "CORRELATION",
    "AUTHENTICATION",
    "SCTP",
    "GTP",
    "TUNNEL",
    "START",
    "END",
    "AUDIT",
]

FORMAT = LogFormat(
    id="paloalto-panos",
    title="Palo Alto PAN-OS log",
    family="firewall",
    layouts=(
        Layout(
            kind=Delimited(",", _COLUMNS, quotes=True, least=4),
            clock=Stamp(("generated",), ("%Y/%m/%d %H:%M:%S",)),
            only=_TYPE.is_in(_KINDS) & pl.col("received").str.contains(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d$"),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("source"),
                "destination_domain": pl.when(_URL).then(host_of(pl.col("bytes_or_url"))),
                "destination_ip": pl.col("destination"),
                "source_bytes": pl.when(_TRAFFIC).then("sent"),
                "destination_bytes": pl.when(_TRAFFIC).then("received_bytes"),
                "event_action": pl.when(pl.col("action").str.contains(r"^(?:deny|drop|block|reset)"))
                .then(pl.lit("blocked"))
                .otherwise(pl.lit("allowed")),
            },
            skip={
                "no traffic: settings, system or user-id": ~(_TRAFFIC | _URL),
                "start of a session, counted at its end": _TRAFFIC & (_SUBTYPE == "start"),
            },
            requests=pl.when(_URL).then(1).otherwise(0),
            session=pl.concat_str("serial", "session", "source", separator=" "),
        ),
    ),
)
