"""Exports of log collectors keep the device's own line inside a JSON object; here it is taken out again.

One collector may have taken it from another: then there are two objects, one inside the other. A record may also be the only member of an
object that says what kind it is, as in `{"dns": {"ts": …}}`.
"""

from typing import Final

import polars as pl

from discovery.framing import Lines, frame, joined
from discovery.portal import in_iso

#: Where collectors keep the line (Splunk, its HTTP collector, Elastic, Sentinel, Filebeat, the systemd journal, GELF, clouds, Wazuh, Loki and
#: others).
PATHS: Final = (
    *("$.result._raw", "$._raw", "$.event.original", "$['event.original']", "$.SyslogMessage", "$.message", "$.log", "$.msg"),
    *("$.MESSAGE", "$.full_message", "$.short_message", "$.textPayload", "$['@message']", "$.event"),
    *("$.full_log", "$.log.original", "$['log.original']", "$.line", "$.attributes.message"),
)

#: Where a record stands that is the only member of an object, and what shows that it is one: who began the connection.
_TAGGED: Final = "$.*"
_TAG: Final = r'^\{\s*"[A-Za-z0-9_-]+"\s*:\s*\{.*"(?:id[._])?orig_h"\s*:.*\}\s*\}\s*$'

_DEEPEST: Final = 2

# What they took off the line or noted when it came, best first: the field of a syslog header -> where it stands.
_BESIDE: Final = {
    "syslog_time": (
        *("$.EventTime", "$['EventTime [UTC]']", "$.TimeGenerated", "$['TimeGenerated [UTC]']"),
        *("$['@timestamp']", "$._time", "$.result._time", "$.timestamp", "$.time"),
        *("$._SOURCE_REALTIME_TIMESTAMP", "$.__REALTIME_TIMESTAMP"),
    ),
    "syslog_host": ("$.HostName", "$.Computer", "$._HOSTNAME"),
    "syslog_tag": ("$.ProcessName", "$.process.name", "$['process.name']", "$.program", "$.SYSLOG_IDENTIFIER"),
}


def wrapper(head: pl.Series) -> str | None:
    """The path under which the head of a log keeps lines of its own, else None."""
    objects = head.filter(head.str.starts_with("{"))
    if not len(objects):
        return None
    found = next((path for path in PATHS if _kept(objects, path).str.contains(r"[ ={,]").any()), None)
    return _TAGGED if found is None and objects.str.contains(_TAG).any() else found


def _kept(objects: pl.Series, path: str) -> pl.Series:
    """What stands at a path; under `event` a line, but no object, which is a record of its own with a name."""
    found = objects.str.json_path_match(path)
    return found.set(found.str.starts_with("{"), None) if path == "$.event" else found


def layers(lines: Lines) -> tuple[str, ...]:
    """The paths on the way to the device's own lines, outermost first; none where nothing is around them."""
    found: list[str] = []
    while len(found) < _DEEPEST and (path := wrapper(lines.text())) is not None:
        lines = unwrap(lines, path)
        found.append(path)
    return tuple(found)


def unwrap(lines: Lines, path: str) -> Lines:
    """The same number of lines, each without its wrapper where it has one."""
    text = lines.text()
    inner = _kept(pl.select(pl.when(text.str.starts_with("{")).then(text)).to_series(), path)
    whole = inner.str.replace_all(r"[\r\n]+", " ").zip_with(inner.is_not_null(), text)
    return frame(joined(whole) + b"\n" if len(whole) else b"", lines.first)


def beside(lines: Lines) -> pl.DataFrame:
    """What stands beside the line in its wrapper and would stand in a syslog header: syslog_time, syslog_host, syslog_tag."""
    text = lines.text()
    return pl.DataFrame({name: _first(text, paths) for name, paths in _BESIDE.items()}).with_columns(in_iso(pl.col("syslog_time")))


def _first(text: pl.Series, paths: tuple[str, ...]) -> pl.Series:
    """The first of these that each line has; no path is looked at without need, for each costs a look through all lines."""
    found = pl.Series([None], dtype=pl.String).new_from_index(0, len(text))
    for path in paths:
        open_ = found.is_null()
        if not open_.any():
            break
        found = found.zip_with(~open_, pl.select(pl.when(text.str.starts_with("{") & open_).then(text.str.json_path_match(path))).to_series())
    return found
