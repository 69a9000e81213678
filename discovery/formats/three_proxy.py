"""3proxy's log, in the layout its code has and in those its sample files set (https://3proxy.org/doc/man3/3proxy.cfg.3.html, `logformat`).

A record is written when the connection ends: time, service, error, user, client, server, bytes out and in, hops, and what was asked for, in which
blanks may have become `_`. Errors 1 to 10 are the proxy's own refusals; with 4 it asked who somebody is. The default counts in UTC.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import Epoch, FirstOf, InUtc, Stamp, Zoned

_LINE = (
    r"(?:(?P<compact>\d{12})|(?P<epoch>\d{10})|(?P<local>\d\d-\d\d-\d{4} \d\d:\d\d:\d\d)(?: (?P<zone>[+-]\d{4}))?)(?:\.\d+)? +"
    r"(?:[A-Z][A-Z0-9]*\.)?\d{1,5} +(?P<error>\d{5}) +(?P<user>\S+) +(?P<client>[0-9A-Fa-f.:\[\]]+):\d+ +(?P<server>\S+):\d+ +"
    r"(?P<up>\d+) +(?P<down>\d+) +\d+(?: +(?P<asked>.*?)(?:[ _]HTTP/[\d.]+)?)?\s*$"
)
_ERROR = pl.col("error").cast(pl.Int64)
_WHO = _ERROR == 4  # noqa: PLR2004 (no user name; the same request comes again with one)
_ASKED = pl.col("asked").str.extract(r"^[A-Za-z]+[ _](\S+)$", 1)
_SERVER = pl.when(~pl.col("server").is_in(["0.0.0.0", "[0.0.0.0]", "::", "[::]"])).then(pl.col("server").str.strip_chars("[]"))  # noqa: S104

FORMAT = LogFormat(
    id="3proxy",
    title="3proxy log",
    family="proxy",
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=(" 000",)),
            clock=FirstOf(
                (
                    InUtc("compact", "%y%m%d%H%M%S"),
                    Epoch("epoch"),
                    Zoned(("local", "zone"), ("%d-%m-%Y %H:%M:%S %z",)),
                    Stamp(("local",), ("%d-%m-%Y %H:%M:%S",)),
                )
            ),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client").str.strip_chars("[]"),
                "destination_domain": host_of(_ASKED),
                "destination_ip": _SERVER,
                "source_bytes": pl.col("up"),
                "destination_bytes": pl.col("down"),
                "event_action": event_action(_ERROR.is_between(1, 10) & ~_WHO, ~_WHO),
            },
            skip={"connection closed before a request": _ASKED.is_null() & _SERVER.is_null()},
            requests=pl.when(_WHO).then(0).otherwise(1),
        ),
    ),
)
