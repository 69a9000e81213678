"""Olfeo Secure Web Gateway: an access log with day first and no zone, and the SaaS live log as JSON, which holds DNS records too (Olfeo, "Logs").

The access log has no byte counts: behind the status stand the number and name of the category.
After the vendor's documented field list; no sample seen.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import Epoch, Stamp

_LINE = (
    r"\s*(?P<client>[0-9A-Fa-f.:]+) - (?P<user>.*?) \[(?P<time>\d\d/\d\d/\d{4} \d\d:\d\d:\d\d)\] "
    r'"(?P<method>[A-Z]+) (?P<url>\S+)[^"]*" (?P<status>\d{3}|-) '
)
_DNS = pl.col("type") == "dns"

FORMAT = LogFormat(
    id="olfeo",
    title="Olfeo web gateway log",
    family="proxy",
    layouts=(
        Layout(
            name="access log",
            kind=Pattern(_LINE, marks=('] "',)),
            clock=Stamp(("time",), ("%d/%m/%Y %H:%M:%S",)),
            event={"user_name": pl.col("user"), "source_ip": pl.col("client"), "destination_domain": host_of(pl.col("url"))},
            requests=pl.when(pl.col("status") == "407").then(0).otherwise(1),
            channel="name",
        ),
        Layout(
            name="SaaS live log",
            kind=JsonLines(must=("user_received_bytes", "user_sent_bytes")),
            clock=Epoch("timestamp"),
            event={
                "user_name": pl.col("display_name"),
                "source_ip": pl.col("src_ip"),
                "destination_domain": pl.coalesce(pl.when(pl.col("domain") != "").then("domain"), host_of(pl.col("url"))),
                "destination_ip": pl.col("dest_ip"),
                "source_bytes": pl.col("user_sent_bytes"),
                "destination_bytes": pl.col("user_received_bytes"),
                "event_action": event_action(pl.col("action").str.contains("(?i)block|den(?:y|ied)"), pl.col("action").is_not_null()),
            },
            channel=pl.when(_DNS).then(pl.lit("dns")).otherwise(pl.lit("bytes")),
        ),
    ),
)
