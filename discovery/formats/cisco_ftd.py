"""Cisco Firepower and FTD connection events (Cisco, “Secure Firewall Threat Defense Syslog Messages”, 430001 to 430005).

The end of a connection (430003) has names and bytes; its start (430002) is counted only where it was refused there, or where no
ends are logged. Collectors write their fields as JSON, too. A device that sends no such events may still send the messages of its packet engine.
"""

from dataclasses import replace

import polars as pl

from discovery.format import STARTED, Layout, LogFormat, event_action, with_beginnings
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.labelled import Labelled
from discovery.layouts.lina import engine_messages
from discovery.names import host_of
from discovery.times import SYSLOG, Epoch, FirstOf, Iso, Stamp

_NUMBER = pl.col("number")
_REFUSED = pl.coalesce("AccessControlRuleAction", "FileAction").str.contains(r"(?i)^(?:block|deny|reset|interactive|malware block)")
_BEFORE = r"(?:.{0,200}?(?:%(?:FTD|NGIPS)-(?:[a-z]*-)?\d-(?P<number>\d{6})|(?P<older>SFIMS): ))?"
_CLOCKS = (Iso("FirstPacketSecond"), Epoch("FirstPacketSecond"), Stamp(("syslog_time",), ("%b %d %Y %H:%M:%S%.f",)), SYSLOG)

_EVENTS = Layout(
    name="connection events",
    kind=Labelled(mark=": ", separator=", ", opening=": ", marks=("%FTD-", "%NGIPS-", "SFIMS: ", "SrcIP: "), before=_BEFORE),
    clock=FirstOf(_CLOCKS),
    only=pl.coalesce("number", "older").is_not_null() | (pl.col("syslog_tag") == "SFIMS"),
    event={
        "user_name": pl.when(~pl.col("User").is_in(["No Authentication Required", "Not Found", "Unknown", "Special Identities"])).then("User"),
        "source_ip": pl.coalesce(pl.when(~pl.col("OriginalClientIP").str.contains(r"^[0:.]*$")).then("OriginalClientIP"), "SrcIP"),
        "destination_domain": pl.coalesce(
            pl.when(pl.col("DNSQuery") != "").then("DNSQuery"),
            *(host_of(pl.when(pl.col(name).str.contains(r"\w")).then(name)) for name in ("URL", "URI", "ReferencedHost", "SSLServerName")),
        ),
        "destination_ip": pl.when(pl.col("DNSQuery").fill_null("") == "").then("DstIP"),
        "source_bytes": pl.col("InitiatorBytes"),
        "destination_bytes": pl.col("ResponderBytes"),
        "event_action": event_action(_REFUSED, pl.col("AccessControlRuleAction") != ""),
    },
    skip={
        "message of the device": pl.col("SrcIP").is_null(),
        "intrusion alarm": _NUMBER == "430001",
        STARTED: ((_NUMBER == "430002") | (pl.col("ConnectType") == "Start")) & ~_REFUSED.fill_null(value=False),
        "file or malware event of a connection, counted there": _NUMBER.is_in(["430004", "430005"]) & pl.col("URI").is_null(),
    },
    requests=pl.when(_NUMBER.is_in(["430004", "430005"])).then(0).otherwise(1),
    session=pl.concat_str("SrcIP", "SrcPort", "DstIP", "DstPort", separator=" "),
    channel=pl.when(pl.col("DNSQuery") != "").then(pl.lit("dns")).otherwise(pl.lit("bytes")),
)

_JSON = replace(
    _EVENTS,
    name="JSON",
    kind=JsonLines(must=("SrcIP",), paths={"number": ("Message_number", "message_id", "MessageID", "event_id")}),
    clock=FirstOf((*_CLOCKS, Iso("timestamp"), Iso("@timestamp"))),
    only=pl.coalesce("AccessControlRuleAction", "FirstPacketSecond", "DeviceUUID").is_not_null(),
)
_ENDED = (_NUMBER == "430003") | (pl.col("ConnectType") == "End")

FORMAT = LogFormat(
    id="cisco-ftd",
    title="Cisco Firepower (FTD) log",
    family="firewall",
    layouts=(
        *with_beginnings(_EVENTS, _ENDED),
        *with_beginnings(_JSON, _ENDED),
        engine_messages("FTD"),
    ),
)
