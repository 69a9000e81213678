"""SSLsplit and SSLproxy: the log of connections (`-l`), a line each (https://www.roe.ch/SSLsplit, pxyconn.c).

A page that was opened has its site, method, path, status and length behind the two ends; a connection under TLS has the name in the hello.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import no_visit
from discovery.names import host_of
from discovery.times import InUtc

_LINE = (
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC CONN: [a-z0-9]+ (?P<client>[0-9A-Fa-f.:]+) \d+ (?P<server>[0-9A-Fa-f.:]+) \d+"
    r"(?: (?P<host>\S+) [A-Z]+ \S+ \S+ \S+)?(?:.*? sni:(?P<hello>\S+))?(?:.*? user:(?P<user>\S+))?"
)


def _given(name: str) -> pl.Expr:
    return pl.when(pl.col(name) != "-").then(name)


FORMAT = LogFormat(
    id="sslsplit",
    title="SSLsplit's or SSLproxy's connections",
    family="proxy",
    cannot_tell=(NO_COUNTS, "Whether a connection was let through or refused."),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=(" UTC CONN: ",)),
            clock=InUtc("time", "%Y-%m-%d %H:%M:%S"),
            event={
                "user_name": _given("user"),
                "source_ip": pl.col("client"),
                "destination_domain": pl.coalesce(host_of(_given("host")), _given("hello")),
                "destination_ip": pl.col("server"),
            },
            skip=no_visit(pl.col("client"), pl.col("server")),
            channel="name",
        ),
    ),
)
