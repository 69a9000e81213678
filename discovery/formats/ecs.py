"""Elastic Common Schema documents of any product, one a line, keys nested or dotted (https://www.elastic.co/docs/reference/ecs).

An answer of DNS repeats its question; it counts where the question itself was not logged. `host.name` is the machine that logs, not the client.
After the schema's field list; no sample seen.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import INBOUND, from_outside
from discovery.names import host_of
from discovery.times import Epoch, FirstOf, Iso

_ASKED = pl.col("dns.question.name")
_ANSWER = pl.col("dns.type").is_in(["answer", "response"])
_CLIENT = pl.coalesce("client.ip", pl.when(_ANSWER).then("destination.ip"), "source.ip", "source.address", "client.address")
_SERVER = pl.coalesce("destination.ip", "server.ip")
_OWN_SITE = r"(?:^|[._-])access(?:$|[._-]?logs?$)"  # what the data sets of web servers are called
_TYPE, _ACTION = pl.col("event.type"), pl.col("event.action").str.to_lowercase()
_REFUSED = _TYPE.str.contains("denied", literal=True) | _ACTION.str.contains(r"^(?:den|block|drop|reject|reset)|(?:-|_)(?:denied|blocked|dropped)$")
_STARTED = _TYPE.str.contains("start", literal=True) & ~_TYPE.str.contains("end", literal=True) & ~_REFUSED.fill_null(value=False)
_BYTES = pl.coalesce("source.bytes", "client.bytes", "destination.bytes", "server.bytes")

FORMAT = LogFormat(
    id="ecs",
    title="Elastic Common Schema documents",
    family="generic",
    generic=True,
    layouts=(
        Layout(
            kind=JsonLines(must=("@timestamp",)),
            clock=FirstOf((Iso("@timestamp"), Epoch("@timestamp"))),
            only=pl.coalesce("ecs.version", "event.category", "event.kind", "event.dataset", "event.module", "source.ip", "client.ip").is_not_null(),
            event={
                "user_name": pl.coalesce("source.user.name", "client.user.name", "user.name", "user.email"),
                "source_ip": _CLIENT,
                "source_mac": pl.coalesce("source.mac", "client.mac"),
                "host_name": pl.coalesce("source.domain", "client.domain"),
                "destination_domain": pl.coalesce(
                    _ASKED,
                    "url.domain",
                    host_of(pl.coalesce("url.full", "url.original")),
                    "tls.client.server_name",
                    "destination.domain",
                    "server.domain",
                ),
                "destination_ip": pl.when(_ASKED.is_null()).then(_SERVER),
                "source_bytes": pl.when(_ASKED.is_null()).then(pl.coalesce("source.bytes", "client.bytes")),
                "destination_bytes": pl.when(_ASKED.is_null()).then(pl.coalesce("destination.bytes", "server.bytes")),
                "event_action": event_action(_REFUSED, _TYPE.str.contains("allowed", literal=True)),
            },
            skip={
                "sign-in, no visit": pl.col("event.category").str.contains("authentication", literal=True),
                "visit to a site of one's own": pl.col("event.dataset").str.contains(_OWN_SITE) & _ASKED.is_null(),
                INBOUND: (pl.col("network.direction").is_in(["inbound", "ingress"]) | from_outside(_CLIENT, _SERVER)) & _ASKED.is_null(),
            },
            channel=pl.when(_ASKED.is_not_null()).then(pl.lit("dns")).when(_BYTES.is_not_null()).then(pl.lit("bytes")).otherwise(pl.lit("name")),
            requests=pl.when(_ANSWER | _STARTED).then(0).otherwise(1),
            session=pl.when(_ASKED.is_not_null()).then(
                pl.concat_str(_CLIENT, _ASKED.str.to_lowercase(), pl.col("dns.question.type").fill_null(""), separator=" ")
            ),
        ),
    ),
)
