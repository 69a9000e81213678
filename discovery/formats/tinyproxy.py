"""Tinyproxy's log, in a file or through syslog (the `log_message` calls of https://github.com/tinyproxy/tinyproxy/blob/master/src/reqs.c).

A request takes two lines: `Connect` says who called, `Request` what was asked for; the process and the file descriptor join them. A site that the
filter refuses is told on a line of its own, by its name. `LogLevel Connect` or a more telling one is needed; times are local, without year.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat
from discovery.kinds.connected import Connected
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import SYSLOG, FirstOf, Yearless

_LINE = (
    r"(?:(?:CONNECT|INFO|NOTICE|WARNING|ERROR|CRITICAL) +(?P<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?) \[(?P<process>\d+)\]: )?"
    r"(?:(?:Connect|Request) \(file descriptor (?P<descriptor>\d+)\): "
    r"(?:[A-Z]+ (?P<url>\S+) HTTP/\S+$|(?:[^\s\[]* ?\[)?(?P<client>[0-9A-Fa-f.:]+)\]?(?: at \[[0-9A-Fa-f.:]+\])?$)"
    r'|Proxying refused on filtered (?:domain|url) "(?P<refused>[^"]+)"'
    r"|(?P<note>\S.*))"
)
_OPENING = r"(?: \[(\d+)\]|[\w-]\[\d+\]|): Connect \(file descriptor (\d+)\): (?:[^\s\[]* ?\[)?([0-9A-Fa-f.:]+)"
_SITE = host_of(pl.coalesce("url", "refused"))

FORMAT = LogFormat(
    id="tinyproxy",
    title="Tinyproxy log",
    family="proxy",
    cannot_tell=(NO_COUNTS,),
    layouts=(
        Layout(
            kind=Connected(
                Pattern(_LINE, marks=("(file descriptor ",)),
                key=("process", "descriptor"),
                caller="client",
                opening=_OPENING,
                mark="Connect (file descriptor ",
            ),
            clock=FirstOf((Yearless("time"), SYSLOG)),
            only=pl.coalesce("time", "descriptor", "refused").is_not_null() | pl.col("note").str.contains(r"^[A-Z][A-Za-z]+(?:[^A-Za-z ]| [^\d ]|$)"),
            event={
                "source_ip": pl.col("client"),
                "destination_domain": _SITE,
                "event_action": pl.lit("allowed"),
            },
            skip={
                "opening of a connection, its request follows": pl.col("descriptor").is_not_null() & pl.col("url").is_null(),
                "event of the program": pl.col("note").is_not_null(),
            },
            verdict=pl.col("refused").is_not_null(),
            session=pl.concat_str(pl.col("process").fill_null(""), _SITE, separator=" "),
            channel="name",
        ),
    ),
)
