"""Blocky: its query log in files, one for all clients or one for each, and on the console, as text or JSON.

https://0xerr0r.github.io/blocky/latest/configuration/#query-logging: in files eleven values between tabs, without a header; local time, without zone.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.delimited import Delimited
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.labelled import Labelled
from discovery.times import Iso, Stamp

_COLUMNS = ("time", "client", "names", "lasted", "reason", "name", "answer", "code", "result", "type", "instance")
_RESULTS = ("RESOLVED", "CACHED", "BLOCKED", "CONDITIONAL", "CUSTOMDNS", "HOSTSFILE", "FILTERED", "NOTFQDN", "SPECIAL")
_CONSOLE = r"\[(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\] +INFO +(?:queryLog|query_logging_resolver): query resolved *$"
_REFUSED = r"^(?:BLOCKED|FILTERED)"
_ASKED = pl.coalesce("question_name", pl.col("question").str.extract(r"\(([^)]*)\)", 1))


def _event(client: pl.Expr, names: pl.Expr, name: pl.Expr, result: pl.Expr) -> dict[str, pl.Expr]:
    """A question; a client without a name is called by its address."""
    first = names.str.extract(r"^([^;]+)", 1)
    return {
        "source_ip": client,
        "host_name": pl.when(client != first).then(first),
        "destination_domain": name,
        "event_action": event_action(result.str.contains(_REFUSED)),
    }


_SAID = _event(pl.col("client_ip"), pl.col("client_names"), _ASKED, pl.col("response_reason"))

FORMAT = LogFormat(
    id="blocky",
    title="Blocky query log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            kind=Delimited("\t", _COLUMNS, quotes=True, least=10),
            clock=Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)),
            only=pl.col("result").is_in(_RESULTS) & pl.col("lasted").str.contains(r"^\d+$"),
            event=_event(pl.col("client"), pl.col("names"), pl.col("name"), pl.col("result")),
            channel="dns",
        ),
        Layout(
            name="console",
            kind=Labelled(mark="=", separator=" ", marks=(": query resolved",), must=("client_ip", "response_reason"), before=_CONSOLE),
            clock=Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)),
            event=_SAID,
            channel="dns",
        ),
        Layout(
            name="console, JSON",
            kind=JsonLines(must=("response_reason",)),
            clock=Iso("time"),
            only=pl.col("client_ip").is_not_null(),
            event=_SAID,
            channel="dns",
        ),
    ),
)
