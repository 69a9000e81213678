"""PAN-OS logs, comma-separated by position (https://docs.paloaltonetworks.com/pan-os/11-1/pan-os-admin/monitoring/use-syslog-for-monitoring/syslog-field-descriptions).

Versions only append columns, so no exact number is asked for. THREAT records of subtype url hold the site, TRAFFIC records the bytes at the
end; both carry the session. Times are the firewall's local time, without zone; from version 10 on the time stands once more with its zone.
CEF and LEEF are written by the templates of the vendor's integration guides, where `in` is what the client sent; others have pairs between
pipes, or JSON, under the names that the syslog guide has for the fields. The web interface exports CSV with a header.
"""

import polars as pl

from discovery.format import LogFormat
from discovery.kinds.cef import Cef
from discovery.kinds.delimited import Delimited
from discovery.kinds.header import times
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.labelled import Labelled
from discovery.kinds.leef import Leef
from discovery.kinds.named import Named
from discovery.layouts.panos import known, record_of, records
from discovery.times import FirstOf, Iso, Stamp, Worded

_COLUMNS = (
    *("version", "received", "serial", "type", "subtype", "config", "generated", "source", "destination", "nat_source", "nat_destination", "rule"),
    *("user", "destination_user", "application", "vsys", "from", "to", "inbound", "outbound", "log_action", "logged", "session", "repeat"),
    *("source_port", "port", "nat_source_port", "nat_port", "flags", "protocol", "action", "bytes_or_url", "sent", "received_bytes"),
    *(f"field_{place}" for place in range(34, 108)),
)
_EXPORTED = {
    "generated": ("generate_time", "receive_time"),
    "serial": ("serial",),
    "type": ("type",),
    "subtype": ("threat_content_type",),
    "source": ("source_address",),
    "destination": ("destination_address",),
    "nat_destination": ("nat_destination_ip", "nat_dest_ip"),
    "user": ("source_user",),
    "session": ("session_id",),
    "action": ("action",),
    "url": ("url_filename", "url"),
    "sent": ("bytes_sent",),
    "sni": ("server_name_indication", "sni"),
    "received_bytes": ("bytes_received",),
}
_RECORD = (pl.col("type"), pl.col("subtype"))
_CLOCK = FirstOf((Stamp(("generated",), ("%Y/%m/%d %H:%M:%S%.f",)), Iso("generated")))
#: `high_res_timestamp` of TRAFFIC and of THREAT, from PAN-OS 10 on.
_EXACT = FirstOf((Iso("field_102"), Iso("field_107"), *_CLOCK.clocks))
_NAMES = {
    "client": "source",
    "address": "destination",
    "translated": "nat_destination",
    "received": "received_bytes",
    "zone": "from",
    **{name: name for name in ("user", "sent", "action", "serial", "session")},
}

FORMAT = LogFormat(
    id="paloalto-panos",
    title="Palo Alto PAN-OS log",
    family="firewall",
    layouts=(
        *records(
            "",
            Delimited(",", _COLUMNS, quotes=True, least=4),
            _EXACT,
            _RECORD,
            {**_NAMES, "url": "bytes_or_url", "sni": "field_63"},
            known(pl.col("type")) & pl.col("received").str.contains(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)?$"),
        ),
        *records(
            "CEF",
            Cef(vendors=("palo alto networks",), products=("pan-os",)),
            times("start", "rt"),
            record_of("cef_name", "cef_signature"),
            {
                "user": "suser",
                "client": "src",
                "url": "request",
                "address": "dst",
                "translated": "destinationTranslatedAddress",
                "sent": "in",
                "received": "out",
                "action": "act",
                "serial": "deviceExternalId",
                "session": "cn1",
            },
        ),
        *records(
            "LEEF",
            Leef(vendors=("palo alto networks",), products=("pan-os syslog integration",)),
            times("devTime"),
            (pl.coalesce("Type", "cat"), pl.col("Subtype")),
            {
                "user": "usrName",
                "client": "src",
                "url": "Miscellaneous",
                "address": "dst",
                "translated": "dstPostNAT",
                "sent": "srcBytes",
                "received": "dstBytes",
                "action": "action",
                "serial": "SerialNumber",
                "session": "SessionID",
            },
        ),
        *records(
            "pairs",
            Labelled("=", "|", ("|type=",), ("serial", "type", "src"), until="|", opening=" "),
            FirstOf((Worded(("time_generated",)), Stamp(("time_generated",), ("%Y/%m/%d %H:%M:%S",)), Iso("time_generated"))),
            _RECORD,
            {
                **_NAMES,
                "user": "suser",
                "client": "src",
                "url": "misc",
                "address": "dst",
                "translated": "natdst",
                "sent": "bytes_sent",
                "received": "bytes_received",
                "action": "act",
                "session": "sessionid",
            },
        ),
        *records(
            "JSON",
            JsonLines(must=("time_generated", "receive_time"), paths={"generated": ("time_generated", "receive_time")}),
            FirstOf((Iso("high_res_timestamp"), *_CLOCK.clocks)),
            _RECORD,
            {
                **_NAMES,
                "user": "srcuser",
                "client": "src",
                "device": "src_host",
                "mac": "src_mac",
                "url": "misc",
                "sni": "sni",
                "address": "dst",
                "translated": "natdst",
                "sent": "bytes_sent",
                "received": "bytes_received",
                "session": "sessionid",
            },
        ),
        *records(
            "CSV export",
            Named(_EXPORTED, must=(("serial",), ("type",), ("subtype",), ("source",), ("destination",))),
            _CLOCK,
            _RECORD,
            {**_NAMES, "url": "url", "sni": "sni"},
        ),
    ),
)
