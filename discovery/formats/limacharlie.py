"""LimaCharlie: names that computers looked up and connections they opened, as its sensors' events are streamed, JSON.

Fields after the vendor's reference of events (https://docs.limacharlie.io/). The record that sums up a program's connections names addresses only, in
a list; names are in the look-ups.
"""

import polars as pl

from discovery.answers import Answers
from discovery.format import NO_COUNTS, LogFormat
from discovery.kinds.jsonlines import JsonLines
from discovery.layouts import endpoint
from discovery.times import Epoch

_KIND = pl.col("routing.event_type")
_DNS = _KIND == "DNS_REQUEST"

FORMAT = LogFormat(
    id="limacharlie",
    title="LimaCharlie events of computers",
    family="firewall",
    cannot_tell=(NO_COUNTS,),
    layouts=(
        endpoint.records(
            JsonLines(must=("routing.event_type",)),
            Epoch("routing.event_time"),
            pl.col("routing.sid").is_not_null() & pl.col("routing.oid").is_not_null(),
            {
                "user": pl.col("event.USER_NAME"),
                "client": pl.coalesce(pl.when(~_DNS).then("event.SOURCE.IP_ADDRESS"), "routing.int_ip"),
                "machine": pl.col("routing.hostname"),
                "asked": pl.when(_DNS).then("event.DOMAIN_NAME"),
                "site": pl.when(_KIND == "HTTP_REQUEST").then("event.HOST"),
                "address": pl.when(~_DNS).then("event.DESTINATION.IP_ADDRESS"),
                "inbound": (pl.col("event.IS_OUTGOING") == "0").fill_null(value=False),
            },
            Answers(said=pl.concat_list(pl.coalesce("event.IP_ADDRESS", "event.CNAME")), when=_DNS),
        ),
    ),
)
