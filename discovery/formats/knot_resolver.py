"""Knot Resolver's verbose log: a trace of how names are resolved. It never says who asked, so it is recognised and of no use here.

https://www.knot-resolver.cz/documentation/latest/config-logging-monitoring.html; after this documentation, no sample seen.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.times import SYSLOG

_TRACE = r"\[(?P<part>[a-z]{2,8}) *\](?:\[[a-z]{2,8} *\])?\[\d+\.\d+\] +(?:plan '(?P<name>[^']+)' type '(?P<type>[^']+)'|(?P<note>\S.*))"

FORMAT = LogFormat(
    id="knot-resolver",
    title="Knot Resolver trace",
    family="dns",
    declines=(
        "This log of Knot Resolver traces how names are resolved, but not which device asked for them. Switch on its dnstap output (dnstap.config) "
        "and read that file instead."
    ),
    layouts=(
        Layout(
            kind=Pattern(_TRACE, marks=("][",)),
            clock=SYSLOG,
            event={"destination_domain": pl.col("name")},
            skip={"step of a look-up": pl.col("name").is_null()},
        ),
    ),
)
