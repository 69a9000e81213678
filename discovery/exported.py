r"""Exports in which a collector gives devices' lines as a table: CSV with the line in one column, and CEF taken apart into columns.

Also those that put something around each line: quotes around every pair of it, the time and a tag before an object.

A row of such CSV becomes the object of JSON that the collector writes elsewhere, a row of taken-apart CEF the line it was, so nobody else
need know of either. The header becomes an empty line: lines keep their numbers.
Columns of taken-apart CEF are those of CommonSecurityLog in Log Analytics (https://learn.microsoft.com/azure/sentinel/cef-name-mapping).
"""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import polars as pl

from discovery.framing import Lines, frame, joined, utf8
from discovery.kinds.base import UNDERSTOOD
from discovery.kinds.delimited import header_cells
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named, plain
from discovery.portal import in_iso

Change = Callable[[bytes], bytes]

#: Column names, as `plain` spells them, that say that a cell is the device's own line, and those that only may mean it.
_SURELY: Final = (
    *("raw", "event_original", "syslogmessage", "full_message", "raw_log", "rawlog", "raw_message", "raw_event", "log_original"),
    *("full_log", "payloadasutf", "utf8_payload", "rawdata", "rawstring", "rawmsg", "rawmessage", "rawevent", "source_data", "log_message"),
    "auditdata",  # of Microsoft 365's audit log
)
_PERHAPS: Final = ("message", "log", "line", "msg", "content", "textpayload", "short_message", "body", "payload", "source")

#: Columns of exports of Windows' own events, whose message is no line of a device.
_EVENTS: Final = ({"level", "source", "event_id"}, {"providername", "id"})

#: What stands beside the line, as collectors' JSON calls it -> column names, best first.
_BESIDE: Final = {
    "EventTime": ("eventtime_utc", "eventtime", "timegenerated_utc", "timegenerated", "timestamp", "time", "receive_time", "log_source_time", "date"),
    "HostName": ("hostname", "computer", "host_name"),
    "ProcessName": ("processname", "process_name", "program", "syslog_identifier", "appname"),
}

#: Keys of CEF -> columns.
_CEF: Final = {
    "act": "DeviceAction",
    "app": "ApplicationProtocol",
    "cat": "DeviceEventCategory",
    "destinationDnsDomain": "DestinationDnsDomain",
    "destinationServiceName": "DestinationServiceName",
    "deviceDirection": "CommunicationDirection",
    "deviceExternalId": "DeviceExternalID",
    "dhost": "DestinationHostName",
    "dpt": "DestinationPort",
    "dst": "DestinationIP",
    "duser": "DestinationUserName",
    "dvchost": "DeviceName",
    "externalId": "ExternalID",
    "in": "ReceivedBytes",
    "msg": "Message",
    "out": "SentBytes",
    "proto": "Protocol",
    "request": "RequestURL",
    "requestMethod": "RequestMethod",
    "shost": "SourceHostName",
    "smac": "SourceMACAddress",
    "sntdom": "SourceNTDomain",
    "spriv": "SourceUserPrivileges",
    "spt": "SourcePort",
    "src": "SourceIP",
    "suser": "SourceUserName",
    **{f"cs{n}{end}": f"DeviceCustomString{n}{end}" for n in range(1, 7) for end in ("", "Label")},
    **{f"cn{n}{end}": f"DeviceCustomNumber{n}{end}" for n in range(1, 4) for end in ("", "Label")},
    **{f"c6a{n}{end}": f"DeviceCustomIPv6Address{n}{end}" for n in range(2, 4) for end in ("", "Label")},
    **{f"flexString{n}{end}": f"FlexString{n}{end}" for n in range(1, 3) for end in ("", "Label")},
}
_HEADER: Final = ("DeviceVendor", "DeviceProduct", "DeviceVersion", "DeviceEventClassID", "Activity", "LogSeverity")
_TIMES: Final = {"rt": ("ReceiptTime", "TimeGenerated"), "start": ("StartTime",), "end": ("EndTime",)}
_REST: Final = "AdditionalExtensions"
_COLUMNS: Final = (*_HEADER, *_CEF.values(), *(column for columns in _TIMES.values() for column in columns), _REST)

#: How a log begins -> what is written otherwise in each line, and how: pairs of key and value as cells of CSV (FortiAnalyzer); objects behind their
#: time and tag (standard output of Fluentd), within a list behind their number and tag, in Ruby's spelling (that of Fluent Bit); messages taken apart
#: between pipes (ASDM); labels of Loki.
_SPELLED: Final = {
    rb'"[A-Za-z_]\w*=[^"\n]*",+"[A-Za-z_]\w*=': ((r',*"([\w.-]+)=(?:""((?:[^"]|"")*?)"")?([^"]*)"', r' $1="$2$3"'),),
    rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4} [\w.*-]+: \{": (
        (r"^(\S+ \S+) ([+-]\d{4}) (\S+): \{", r'{"EventTime":"$1$2","ProcessName":"$3",'),
    ),
    rb"\[\d+\] [\w.*-]+: \[\[?\d+\.\d+": (
        (r"^\[\d+\] (\S+): \[\[?(\d+\.\d+)(?:, \{[^{}]*\}\])?, \{(.*)\}\]$", r'{"time":$2,"tag":"$1",$3}'),
        (r'("(?:[^"\\]|\\.)*")=>', "$1:"),
    ),
    rb"\d\|[A-Z][a-z]{2} \d\d \d{4}\|[\d:]{8}\|\d{6}\|": (
        (r"^(\d)\|([A-Z][a-z]{2} \d\d \d{4})\|([\d:]{8})\|(\d{6})\|(?:[^|]*\|){4}(.*)$", "$2 $3: %ASA-$1-$4: $5"),
    ),
    rb'\d{4}-\d\d-\d\dT\S+ \{\w+="': ((r"^(\S+) \{(?:[^}\"]|\"(?:[^\"\\]|\\.)*\")*\}\s+", "$1 "),),
}

#: What shows that objects are rows of that table.
TAKEN_APART: Final = b'"DeviceVendor"'
_OBJECTS: Final = JsonLines(must=("DeviceVendor",), paths={name: (f"{name} [UTC]",) for name in ("TimeGenerated", "StartTime", "EndTime")})
_ROWS: Final = Named(
    {name: (name.lower(), f"{name.lower()}_utc") for name in _COLUMNS}, must=(("DeviceVendor",), ("DeviceProduct",), ("TimeGenerated",))
)


def table(start: bytes) -> Change | None:
    """What is to be done with the lines of a log that begins so; None: it is no such export."""
    start = start.removeprefix(b"\xef\xbb\xbf")
    spelled = next((change for begins, change in _SPELLED.items() if re.match(begins, start)), None)
    if spelled is not None:
        return partial(_respelled, spelled)
    header, _, rest = start.partition(b"\n")
    if header.startswith((b"{", b"[")):
        return None
    header = header.rstrip(b"\r")
    if set(_ROWS.columns(header)[1]) >= {"DeviceVendor", "DeviceProduct", "TimeGenerated"}:
        return partial(_changed, header=header, kind=_ROWS, wanted=_COLUMNS, write=_line)
    kind = _holding(header, rest)
    return None if kind is None else partial(_changed, header=header, kind=kind, wanted=tuple(kind.spellings), write=_object)


def _respelled(changes: Sequence[tuple[str, str]], lines: bytes) -> bytes:
    text = frame(utf8(lines)[0]).text()
    for pattern, new in changes:
        text = text.str.replace_all(pattern, new)
    return _together(text.str.strip_chars_start(" "), lines)


def rebuilt(lines: bytes) -> bytes:
    """Lines of CEF in place of objects that hold them taken apart."""
    rows = frame(utf8(lines)[0])
    fields = _OBJECTS.fields(rows, _COLUMNS, None)
    return _together(pl.select(pl.when(fields[UNDERSTOOD]).then(_line(fields)).otherwise(rows.text())).to_series(), lines)


def _holding(header: bytes, rest: bytes) -> Named | None:
    """How the rows are read where one column holds the device's own line; a doubtful name must have most of each row."""
    names = [plain(name) for name in header_cells(header.decode(errors="replace"), ",")]
    own = next((name for name in (*_SURELY, *_PERHAPS) if name in names), None)
    if own is None or names == [own] or (own in _PERHAPS and any(set(names) >= columns for columns in _EVENTS)):
        return None
    kind = Named({"_raw": (own,), **{beside: tuple(n for n in of if n != own) for beside, of in _BESIDE.items()}}, must=(("_raw",),), separators=",")
    rows = frame(utf8(rest[: rest.rfind(b"\n") + 1][:65_536])[0])
    return kind if (_any if own in _SURELY else _most)(kind, header, rows) else None


def _any(kind: Named, header: bytes, rows: Lines) -> bool:
    """Whether a cell holds something; a table may have the column and never use it."""
    return not len(rows) or bool((kind.fields(rows, ["_raw"], header)["_raw"].fill_null("") != "").any())


def _most(kind: Named, header: bytes, rows: Lines) -> bool:
    cells = kind.fields(rows, ["_raw"], header)["_raw"]
    words = cells.filter(cells.str.contains(r"\S[ =]\S|^\{"))
    return 2 * words.str.len_bytes().sum() > int((rows.ends - rows.starts).sum())


def _changed(lines: bytes, *, header: bytes, kind: Named, wanted: tuple[str, ...], write: Callable[[pl.DataFrame], pl.Series]) -> bytes:
    """The lines, each row as it is written; one that is no row of the table stays as it is."""
    rows = frame(utf8(lines)[0])
    text = rows.text()
    fields = kind.fields(rows, wanted, header)
    named = text.str.strip_prefix("\ufeff") == header.decode(errors="replace")
    return _together(pl.select(pl.when(named).then(pl.lit("")).when(fields[UNDERSTOOD]).then(write(fields)).otherwise(text)).to_series(), lines)


def _together(text: pl.Series, lines: bytes) -> bytes:
    return joined(text) + (b"\n" if lines.endswith(b"\n") else b"")


def _object(fields: pl.DataFrame) -> pl.Series:
    """Rows as objects of JSON."""
    return fields.select(pl.struct("_raw", *_BESIDE).struct.json_encode()).to_series()


def _line(fields: pl.DataFrame) -> pl.Series:
    """Rows as lines of CEF."""
    fields = fields.with_columns(pl.when(~pl.col(name).is_in(["", "null"])).then(name).alias(name) for name in _COLUMNS)
    times = [_pair(key, pl.coalesce(in_iso(pl.col(column)) for column in columns)) for key, columns in _TIMES.items()]
    rest = pl.concat_str(pl.lit(" "), pl.col(_REST).str.replace_all(r";([A-Za-z][\w.-]*=)", " $1")).fill_null("")
    head = [pl.concat_str(pl.lit("|"), pl.col(name).fill_null("").str.replace_all("|", r"\|", literal=True)) for name in _HEADER]
    return fields.select(
        pl.concat_str(pl.lit("CEF:0"), *head, pl.lit("|"), *times, *(_pair(key, pl.col(column)) for key, column in _CEF.items()), rest)
    ).to_series()


def _pair(key: str, value: pl.Expr) -> pl.Expr:
    """A key with its value, nothing where it has none."""
    return pl.concat_str(pl.lit(f" {key}="), value.str.replace_all(r"([^\\])=", r"$1\=")).fill_null("")
