"""Exports of log collectors keep the device's own line inside a JSON object; here it is taken out again.

One collector may have taken it from another: then there are two objects, one inside the other. They may stand behind a syslog header.
A record may also be the only member of an object that says what kind it is, as in `{"dns": {"ts": …}}`.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

from discovery import syslog
from discovery.framing import Lines, frame, joined
from discovery.kinds.jsonlines import JsonLines
from discovery.portal import in_iso

_EVENT: Final = "event"

#: Where collectors keep the line (Splunk, its HTTP collector, Elastic, Sentinel, Filebeat, the systemd journal, GELF, clouds, Wazuh, Loki and
#: others): keys with dots between, be they nested or one flat key.
PATHS: Final = (
    *("result._raw", "_raw", "event.original", "log.original", "SyslogMessage", "message", "log", "msg"),
    *("MESSAGE", "full_message", "short_message", "textPayload", "@message", _EVENT),
    *("full_log", "line", "attributes.message", "Message", "@rawstring", "RawData", "rawLog", "raw_log", "rawmsg", "source_data", "utf8_payload"),
    *("map._raw", "jsonPayload.message", "body.stringValue", "raw_event", "payload", "body", "_msg", "@m", "log_text"),
)

#: Stands for a syslog header with such objects behind it.
HEADER: Final = "header"
_OBJECT: Final = r'[^{]\{\s*"'

#: Stands for the only member of an object, where that is a record; and what shows that it is one: who began the connection.
_TAGGED: Final = "*"
_MEMBER: Final = r'^\{\s*"[A-Za-z0-9_-]+"\s*:\s*(\{.*\})\s*\}\s*$'
_TAG: Final = r'^\{\s*"[A-Za-z0-9_-]+"\s*:\s*\{.*"(?:id[._])?orig_h"\s*:.*\}\s*\}\s*$'

#: Stands behind the path of an object that is itself the record; and what shows that it is (Splunk's HTTP collector, and
#: what it exports; Wazuh's alerts of lines that were JSON; events of Oracle's cloud).
_OBJECT_AT: Final = "{}"
_RECORDS: Final = {
    _EVENT: r'"(?:sourcetype|source|index)"\s*:\s*".*"event"\s*:\s*\{|"event"\s*:\s*\{.*"sourcetype"\s*:\s*"',
    "result": r'^\{\s*"preview"\s*:.*"result"\s*:\s*\{',
    "data": r'"decoder"\s*:\s*\{\s*"name"\s*:\s*"json"\s*\}|"type"\s*:\s*"com\.oraclecloud\.',
}

_DEEPEST: Final = 2
_MOST: Final = 0.5

# What they took off the line or noted when it came, best first: the field of a syslog header -> where it stands.
_BESIDE: Final = {
    "syslog_time": (
        *("EventTime", "EventTime [UTC]", "TimeGenerated", "TimeGenerated [UTC]", "@t"),
        *("@timestamp", "_time", "result._time", "timestamp", "time"),
        *("_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP", "timereported", "ISODATE", "DATE", "date", "timeUnixNano", "map._messagetime"),
        *("starttime", "attributes.timestamp"),
    ),
    "syslog_host": ("HostName", "Hostname", "hostname", "Computer", "_HOSTNAME", "HOST", "sysloghost"),
    "syslog_tag": ("ProcessName", "process.name", "program", "SYSLOG_IDENTIFIER", "programname", "appname", "ident", "PROGRAM", "SourceName"),
}


def wrapper(lines: Lines) -> str | None:
    """The path under which the head of a log keeps lines of its own, else None."""
    kept = _members(lines, PATHS)
    found = next((path for path in PATHS if _line_at(kept[path], path).str.contains(r"[ ={,]").any()), None)
    if found is not None:
        return found
    record = next((path + _OBJECT_AT for path, sign in _RECORDS.items() if lines.text().str.contains(sign).any()), None)
    return _TAGGED if record is None and lines.text().str.contains(_TAG).any() else record


def _members(lines: Lines, paths: Sequence[str]) -> pl.DataFrame:
    """What the objects among the lines have at some paths; a way may end before, at a text, in an object that has no use for it."""
    ways = {path.rpartition(".")[0] for path in paths} - {""}
    return JsonLines().fields(lines, list(dict.fromkeys((*paths, *ways))), None).select(*paths)


def _line_at(found: pl.Series, path: str) -> pl.Series:
    """What stands at a path: under `event` a line, but no object, which is a record of its own with a name."""
    return found.set(found.str.starts_with("{"), None) if path == _EVENT else found


def layers(lines: Lines) -> tuple[str, ...]:
    """The paths on the way to the device's own lines, outermost first; none where nothing is around them."""
    found: list[str] = []
    while len(found) < _DEEPEST and (path := wrapper(lines) or _header(lines)) is not None:
        lines = unwrap(lines, path)
        found.append(path)
    return tuple(found)


def _header(lines: Lines) -> str | None:
    text = lines.text()
    behind = text.str.contains(_OBJECT).any() and syslog.headed(text) > _MOST and wrapper(syslog.strip(lines)[0]) is not None
    return HEADER if behind else None


def unwrap(lines: Lines, path: str) -> Lines:
    """The same number of lines, each without its wrapper where it has one."""
    if path == HEADER:
        return syslog.strip(lines)[0]
    text = lines.text()
    inner = text.str.extract(_MEMBER, 1) if path == _TAGGED else _inner(lines, path)
    whole = inner.str.replace_all(r"[\r\n]+", " ").str.strip_prefix(" ").zip_with(inner.is_not_null(), text)
    return frame(joined(whole) + b"\n" if len(whole) else b"", lines.first)


def _inner(lines: Lines, path: str) -> pl.Series:
    name = path.removesuffix(_OBJECT_AT)
    found = _members(lines, (name,))[name]
    return _line_at(found, path) if name == path else found.set(~found.str.starts_with("{"), None)


def without(lines: Lines, path: str) -> tuple[Lines, pl.DataFrame]:
    """The same, and what stood beside the line in its wrapper and would stand in a syslog header: syslog_time, syslog_host, syslog_tag."""
    if path == HEADER:
        return syslog.strip(lines)
    found = _members(lines, [path for paths in _BESIDE.values() for path in paths])
    said = found.select(pl.coalesce(paths).alias(name) for name, paths in _BESIDE.items()).with_columns(in_iso(pl.col("syslog_time")))
    return unwrap(lines, path), said
