"""dnsmasq's query log, as Pi-hole writes it to pihole.log (`log-queries`, also `=extra` and `=proto`).

Only the line `query[A] name from address` has the client. What became of it stands on later lines without one: `gravity blocked name is …`
goes to the last query for the name, `reply name is <CNAME>` and the lines behind it are its answer. Dates have no year.
"""

import polars as pl

from discovery.answers import Answers
from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.times import SYSLOG

_REFUSED = (
    r"gravity blocked|blocked upstream with (?:NULL address|known address|NXDOMAIN)|(?:exactly|regex) (?:denied|blacklisted|blocked)"
    r"|blacklisted|denied|config|special domain|Rate-limiting"
)
_LINE = (
    r"(?:(?P<program>(?:dnsmasq|pihole-FTL)\S*): )?(?:(?:UDP |TCP )?(?P<serial>\d+|\*) (?:[0-9A-Fa-f.:]+/\d+ )?)?"
    rf"(?:query\[(?P<type>[^\]]+)\] (?P<name>\S+) from (?P<client>\S+)|(?P<verdict>{_REFUSED}) (?P<refused>\S+) is (?P<answer>.*)"
    r"|(?:reply|cached(?:-stale)?) (?P<told>\S+) is (?P<said>\S+)|(?P<step>forwarded \S+ to \S+|dnssec-query\[\S+ \S+ to \S+)|(?P<note>.*))"
)
_BLOCKED_ANSWERS = r"^(?:0\.0\.0\.0|::|NXDOMAIN|NODATA|REFUSED|<.*>|blocked.*)$"

FORMAT = LogFormat(
    id="dnsmasq",
    title="dnsmasq or Pi-hole query log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            kind=Pattern(_LINE),
            clock=SYSLOG,
            only=pl.coalesce("type", "verdict", "said", "step", "program").is_not_null()
            | pl.col("syslog_tag").str.contains(r"^(?:dnsmasq|pihole-FTL)"),
            event={"source_ip": pl.col("client"), "destination_domain": pl.col("name")},
            skip={"answer or note, no question": pl.col("type").is_null()},
            channel="dns",
            session=pl.coalesce("name", "refused").str.to_lowercase(),
            verdict=pl.col("verdict").is_not_null()
            & ((pl.col("verdict") != "config") | pl.col("answer").str.contains(_BLOCKED_ANSWERS))
            & (pl.col("verdict") != "Rate-limiting"),
            answers=Answers(asked=pl.col("told"), said=pl.concat_list("said"), when=pl.col("said").is_not_null(), loose="<CNAME>"),
        ),
    ),
)
