"""RouteDNS: what its listeners say of each question at level debug, and its query-log group, as text or JSON.

https://github.com/folbricht/routedns/blob/master/doc/configuration.md. Resolvers and groups behind the listener tell of the same question again.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat
from discovery.kinds.base import Kind
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.keyvalue import KeyValue
from discovery.times import Iso


def _listener(kind: Kind) -> Layout:
    return Layout(
        name="listener",
        kind=kind,
        clock=Iso("time"),
        only=pl.col("client").is_not_null() & pl.col("qname").is_not_null(),
        skip={"not a question": ~pl.col("msg").str.contains("received query")},
        event={"source_ip": pl.col("client"), "destination_domain": pl.col("qname")},
        channel="dns",
    )


def _query_log(kind: Kind) -> Layout:
    return Layout(
        name="query log",
        kind=kind,
        clock=Iso("time"),
        event={"source_ip": pl.col("source-ip"), "destination_domain": pl.col("question-name")},
        channel="dns",
    )


FORMAT = LogFormat(
    id="routedns",
    title="RouteDNS log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        _listener(KeyValue(must=("client", "qname"))),
        _listener(JsonLines(must=("client",))),
        _query_log(KeyValue(must=("source-ip", "question-name"))),
        _query_log(JsonLines(must=("question-name",))),
    ),
)
