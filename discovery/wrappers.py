"""Exports of log collectors keep the device's own line inside a JSON object; here it is taken out again."""

from typing import Final

import polars as pl

from discovery.framing import Lines, frame

#: Where collectors keep the line (Splunk, Elastic, Sentinel, Filebeat and others).
PATHS: Final = ("$.result._raw", "$._raw", "$.event.original", "$['event.original']", "$.SyslogMessage", "$.message", "$.log", "$.msg")


def wrapper(head: pl.Series) -> str | None:
    """The path under which the head of a log keeps lines of its own, else None."""
    objects = head.filter(head.str.starts_with("{"))
    if not len(objects):
        return None
    return next((path for path in PATHS if objects.str.json_path_match(path).str.contains(r"[ ={,]").any()), None)


def unwrap(lines: Lines, path: str) -> Lines:
    """The same number of lines, each without its wrapper where it has one."""
    text = lines.text()
    inner = pl.select(pl.when(text.str.starts_with("{")).then(text.str.json_path_match(path))).to_series()
    whole = inner.str.replace_all(r"[\r\n]+", " ").zip_with(inner.is_not_null(), text)
    return frame(("\n".join(whole) + "\n").encode() if len(whole) else b"", lines.first)
