"""proxy.py's access log, among what else the program says (https://github.com/abhinavsingh/proxy.py, its default formats).

A line is written when the connection ends, with the local time; the size is that of the reply.
"""

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import Stamp

_LINE = (
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d+ - pid:\d+ \[[A-Z]\] [\w.]+:\d+ - (?:"
    r"(?P<client>[0-9A-Fa-f.:]+):\d+ - (?P<method>[A-Z]+) (?P<site>\S+) - (?:.*?- )?(?P<bytes>\d+) bytes - (?P<elapsed>[\d.]+) ?ms|(?P<note>.*))"
)

FORMAT = LogFormat(
    id="proxy-py",
    title="proxy.py log",
    family="proxy",
    cannot_tell=("How much was uploaded: the program only writes the size of replies.", NO_PERSON),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=(" - pid:",)),
            clock=Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)),
            event={
                "source_ip": pl.col("client"),
                "destination_domain": host_of(pl.col("site")),
                "destination_bytes": pl.col("bytes"),
            },
            skip={
                "message of the program": pl.col("client").is_null(),
                "connection closed before a request": pl.col("site").str.contains("^None"),
            },
            lasted=pl.col("elapsed").cast(pl.Float64, strict=False).cast(pl.Int64, strict=False),
        ),
    ),
)
