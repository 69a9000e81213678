"""NxFilter and NxCloud: the syslog export, values between pipes (https://nxfilter.org/tutorial/h-syslog-exportation.php).

Behind the prefix stand date, blocked or not, domain, user, client, policy, category, reason, type of the question and group; NxCloud has the
operator for the group and, at the end, the client's address in its own network. Written after this documentation; no sample seen.
"""

import polars as pl

from discovery.format import NO_BYTES, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.times import Stamp

_LINE = (
    r"NX(?:FILTER|CLOUD)\|(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\|(?P<blocked>[YN])\|(?P<name>[^|]*)\|(?P<user>[^|]*)\|(?P<client>[^|]*)"
    r"\|[^|]*\|[^|]*\|[^|]*\|(?P<type>\d*)(?:\|[^|]*)?(?:\|(?P<inner>[^|]*))?$"
)

FORMAT = LogFormat(
    id="nxfilter",
    title="NxFilter query log",
    family="dns",
    cannot_tell=(NO_BYTES,),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("NXFILTER|", "NXCLOUD|")),
            clock=Stamp(("time",), ("%Y-%m-%d %H:%M:%S",)),
            event={
                "user_name": pl.when(~pl.col("user").is_in(["anon", "anonymous"]) & (pl.col("user") != pl.col("client"))).then("user"),
                "source_ip": pl.coalesce(pl.when(pl.col("inner").str.contains("[.:]")).then("inner"), "client"),
                "destination_domain": pl.col("name"),
                "event_action": event_action(pl.col("blocked") == "Y"),
            },
            channel="dns",
        ),
    ),
)
