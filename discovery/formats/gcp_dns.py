"""Google Cloud DNS query log, as Cloud Logging exports it (https://cloud.google.com/dns/docs/monitoring#dns-log-record-format)."""

import polars as pl

from discovery.answers import Answers, within
from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, only_blocked
from discovery.kinds.jsonlines import JsonLines
from discovery.times import Iso

_PATHS = {name: (f"jsonPayload.{name}",) for name in ("queryName", "queryType", "sourceIP", "vmInstanceName", "responseCode")}

FORMAT = LogFormat(
    id="gcp-dns",
    title="Google Cloud DNS query log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            kind=JsonLines(must=("queryName",), paths=_PATHS),
            clock=Iso("timestamp"),
            only=pl.col("queryType").is_not_null() & pl.col("responseCode").is_not_null(),
            event={
                "source_ip": pl.col("sourceIP"),
                "host_name": pl.col("vmInstanceName"),
                "destination_domain": pl.col("queryName"),
                "event_action": only_blocked(pl.col("responseCode") == "REFUSED"),
            },
            channel="dns",
            answers=Answers(said=within(pl.col("rdata"), r"\sIN\s(?:a|aaaa|cname)\s(\S+)")),
        ),
    ),
)
