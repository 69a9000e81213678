"""GOST, version 3 as JSON and version 2 as text (https://github.com/go-gost/x, handler/; https://github.com/ginuerzh/gost): one line per tunnel.

`client <-> site` is written when a tunnel opens, `client >-< site` when it closes; `<>` and `><` only tell that somebody called the proxy.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat
from discovery.kinds.base import Kind
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import Clock, Iso, Stamp

_TEXT = r"(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \w+\.go:\d+: (?:\[[\w+-]+\] )?(?P<msg>.*)$"
_SAID, _TUNNEL = pl.col("msg"), pl.col("msg").str.contains(r"^\S+ <-> \S+$")


def _layout(name: str, kind: Kind, clock: Clock, only: pl.Expr | None) -> Layout:
    return Layout(
        name=name,
        kind=kind,
        clock=clock,
        only=only,
        event={
            "user_name": pl.coalesce("client", "clientID"),
            "source_ip": _SAID.str.extract(r"^(\S+):\d+ <->", 1).str.strip_chars("[]"),
            "destination_domain": host_of(_SAID.str.extract(r"<-> (\S+)$", 1)),
        },
        skip={"message of the program, or the end of a tunnel": ~_TUNNEL},
        channel="name",
    )


FORMAT = LogFormat(
    id="gost",
    title="GOST log",
    family="proxy",
    cannot_tell=(NO_COUNTS, "What was refused: only tunnels that were opened are logged."),
    layouts=(
        _layout("JSON", JsonLines(must=("handler", "listener")), Iso("time"), pl.col("kind").is_not_null() & _SAID.is_not_null()),
        _layout("version 2", Pattern(_TEXT, marks=(" <-> ",)), Stamp(("time",), ("%Y/%m/%d %H:%M:%S",)), None),
    ),
)
