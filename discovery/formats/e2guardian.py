"""e2guardian and DansGuardian access logs (e2guardian.conf, `logfileformat`): 1 with blanks, 2 CSV, 4 with tabs, 5 to 8 with tabs and more.

Format 3 is a caching proxy's. Dates are local and not padded, from 5 on seconds since 1970; action and reason hold blanks, and the reason is in the
administrator's language. Where nobody signed in, the address stands in place of the user. Sent to syslog, whose header has it, a line may leave its
date empty.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.base import Kind
from discovery.kinds.delimited import Delimited
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import SYSLOG, Epoch, FirstOf, Stamp

_BLANKS = (
    r"(?P<when>\d{4}\.\d{1,2}\.\d{1,2} {1,2}\d{1,2}:\d\d:\d\d) (?P<user>.*?) (?P<client>[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]*) "
    r"(?P<url>(?:[a-z][a-z0-9+.-]*://|[A-Za-z0-9.-]+:\d+)\S*) (?P<what>.*?) ?(?P<method>[A-Z]{3,16}|-) (?P<size>\d+)(?: -?\d+ (?P<rest>.*))?$"
)
_COLUMNS = ("when", "user", "client", "url", "what", "method", "size", "weight", "category", "group", "status", "type", "name", "group_name", "agent")
_PROTEX = (
    *("when", "server", "user", "client", "name", "url", "method", "status", "size", "type", "agent", "blank", "lasted", "blank2", "message", "what"),
    *("weight", "category", "group_name", "group"),
)
_DATE = r"^\d{4}\.\d{1,2}\.\d{1,2} "
_USER, _CLIENT = pl.col("user").str.strip_chars(), pl.col("client")


def _layout(name: str, kind: Kind, date: str = _DATE) -> Layout:
    return Layout(
        name=name,
        kind=kind,
        clock=FirstOf((Stamp(("when",), ("%Y.%m.%d %H:%M:%S",)), Epoch("when"), SYSLOG)),
        only=pl.col("when").str.contains(date) | ((pl.col("when") == "") & pl.col("syslog_tag").str.contains("guardian")),
        event={
            "user_name": pl.when(_USER != _CLIENT).then(_USER),
            "source_ip": _CLIENT,
            "host_name": pl.when(pl.col("name") != _CLIENT).then("name"),
            "destination_domain": host_of(pl.col("url")),
            "destination_bytes": pl.col("size"),
            "event_action": event_action(pl.col("what").str.contains(r"\*(?:DENIED|INFECTED)\*")),
        },
    )


FORMAT = LogFormat(
    id="e2guardian",
    title="e2guardian or DansGuardian log",
    family="proxy",
    cannot_tell=("How much was uploaded: this log only has the size of replies.",),
    layouts=(
        _layout("blanks", Pattern(_BLANKS)),
        _layout("CSV", Delimited(",", _COLUMNS, quotes=True, lead=True, least=11)),
        _layout("tabs", Delimited("\t", _COLUMNS, least=11)),
        _layout("tabs, more fields", Delimited("\t", _PROTEX, least=19), r"^\d{9,}\.\d{3}$"),
    ),
)
