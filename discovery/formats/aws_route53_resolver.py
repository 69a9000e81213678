"""Amazon Route 53 Resolver query log, one JSON object a line.

Fields: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html.
A verdict is only there where a rule of DNS Firewall matched; an alert lets the query through.
"""

import polars as pl

from discovery.answers import Answers, within
from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.times import Iso

_ACTION = pl.col("firewall_rule_action")

FORMAT = LogFormat(
    id="aws-route53-resolver",
    title="Amazon Route 53 Resolver query log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            kind=JsonLines(must=("query_timestamp",)),
            clock=Iso("query_timestamp"),
            only=pl.col("query_name").is_not_null() & pl.col("srcaddr").is_not_null(),
            event={
                "source_ip": pl.col("srcaddr"),
                "host_name": pl.col("srcids.instance"),
                "destination_domain": pl.col("query_name"),
                "event_action": event_action(_ACTION == "BLOCK", _ACTION.is_in(["ALLOW", "ALERT"])),
            },
            answers=Answers(said=within(pl.col("answers"), r'"Rdata": ?"([^"]+)", ?"Type": ?"(?:A|AAAA|CNAME)"')),
            channel=pl.when(_ACTION.is_null()).then(pl.lit("dns")).otherwise(pl.lit("name")),
        ),
    ),
)
