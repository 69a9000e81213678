"""The analytical log of the Windows DNS server (provider Microsoft-Windows-DNSServer), as JSON, XML, CSV of Event Viewer or PowerShell, or a table.

Events: https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2012-r2-and-2012/dn800669(v=ws.11). 256 is a
client's query; 257 to 259 say what became of it and count only where it was not logged; from 260 on, the server asks others or looks up on its own.
The DNS solution of Azure Monitor keeps one row for each look-up (https://learn.microsoft.com/azure/azure-monitor/reference/tables/dnsevents).
Of it, XML and CSV no sample was seen; of a table, single lines.
"""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, only_blocked
from discovery.kinds.base import Kind
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named
from discovery.kinds.pattern import Pattern
from discovery.times import Clock, DayMonth, Epoch, FirstOf, Iso

_FIELDS = ("QNAME", "QTYPE", "Source", "Destination", "Port", "XID", "RCODE")
_PATHS = {
    "code": ("event.code", "winlog.event_id", "EventID", "EventId", "Id"),
    "provider": ("event.provider", "winlog.provider_name", "SourceName", "ProviderName", "Channel"),
    "time": ("@timestamp", "EventTime", "TimeCreated"),
    **{name: (f"winlog.event_data.{name}", f"EventData.{name}") for name in _FIELDS},
}
_XML = (
    r"""<Event\b(?P<xml>.*Name=['"]Microsoft-Windows-DNSServer['"].*<EventID[^>]*>(?P<code>\d+)</EventID>.*SystemTime=['"](?P<time>[^'"]+)['"].*)"""
)
_TABLE = r"(?P<time>\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4} \d{1,2}:\d\d:\d\d(?: [AP]M)?) +(?P<code>2\d\d) +(?P<text>[A-Z_]+: .*)"
_CSV = r'"?\w+"?,"?(?P<time>\d[^",]*)"?,"?Microsoft-Windows-DNSServer"?,(?P<code>\d+),[^,]*,"?(?P<text>[A-Z_]+: .*)'
_COLUMNS = {"time": ("timecreated",), "code": ("id",), "provider": ("providername",), "text": ("message",)}


def _layout(name: str, kind: Kind, clock: Clock, field: Callable[[str], pl.Expr], only: pl.Expr | None = None) -> Layout:
    code, client = pl.col("code"), pl.coalesce(field("Source"), field("Destination"))
    return Layout(
        name=name,
        kind=kind,
        clock=clock,
        only=only,
        event={
            "source_ip": client,
            "destination_domain": field("QNAME"),
            "event_action": only_blocked(field("RCODE") == "5"),
        },
        skip={"asked or looked up by the server itself, or no question": ~code.is_in(["256", "257", "258", "259"])},
        channel="dns",
        requests=pl.when(code == "256").then(1).otherwise(0),
        session=pl.concat_str(client, field("Port"), field("XID"), field("QNAME"), separator=" ", ignore_nulls=True),
    )


def _said(name: str) -> pl.Expr:
    return pl.col("text").str.extract(rf"[:;] ?{name}=([^;]*)", 1)


_TABLE_OF_AZURE = {name: (name.lower(), f"{name.lower()}_utc") for name in ("TimeGenerated", "SubType", "ClientIP", "Name", "QueryType", "Result")}
_LOOKED_UP = Layout(
    name="Azure Monitor, DnsEvents",
    kind=JsonLines(must=("SubType",)),
    clock=Iso("TimeGenerated"),
    only=pl.col("ClientIP").is_not_null() & pl.col("QueryType").is_not_null(),
    event={
        "source_ip": pl.col("ClientIP"),
        "destination_domain": pl.col("Name"),
        "event_action": only_blocked(pl.col("Result").str.contains("(?i)refused")),
    },
    skip={"asked or looked up by the server itself, or no question": pl.col("SubType") != "LookupQuery"},
    channel="dns",
)

FORMAT = LogFormat(
    id="windows-dns-analytical",
    title="Windows DNS server analytical log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        _layout(
            "JSON",
            JsonLines(must=("code",), paths=_PATHS),
            FirstOf((Iso("time"), Epoch("time"))),
            pl.col,
            pl.col("provider").str.contains("Microsoft-Windows-DNSServer", literal=True) & pl.col("QNAME").is_not_null(),
        ),
        _LOOKED_UP,
        replace(
            _LOOKED_UP,
            name="Azure Monitor, DnsEvents as CSV",
            kind=Named(_TABLE_OF_AZURE, must=tuple((name,) for name in _TABLE_OF_AZURE)),
        ),
        _layout(
            "XML",
            Pattern(_XML, marks=("Microsoft-Windows-DNSServer",)),
            Iso("time"),
            lambda name: pl.col("xml").str.extract(rf"<Data Name=['\"]{name}['\"]>([^<]*)</Data>", 1),
        ),
        _layout(
            "CSV",
            Pattern(_CSV, marks=("Microsoft-Windows-DNSServer",), comment=(("header", "^Level,Date and Time,Source,"),)),
            DayMonth(("time",)),
            _said,
        ),
        _layout("table", Pattern(_TABLE, marks=("; QNAME=",)), DayMonth(("time",)), _said),
        _layout(
            "PowerShell's CSV",
            Named(_COLUMNS, must=tuple((name,) for name in _COLUMNS)),
            DayMonth(("time",)),
            _said,
            pl.col("provider").str.contains("Microsoft-Windows-DNSServer", literal=True),
        ),
    ),
)
