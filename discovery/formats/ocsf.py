"""Open Cybersecurity Schema Framework: DNS, HTTP and network activity of any product, JSON (https://schema.ocsf.io/).

`traffic.bytes_out` goes from source to destination. An answer of DNS repeats its question; it counts where the question itself was not logged.
After the schema; no sample seen.
"""

import polars as pl

from discovery.format import STARTED, Layout, LogFormat, event_action, with_beginnings
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import INBOUND, from_outside, to_many
from discovery.names import host_of
from discovery.times import Epoch, FirstOf, Iso

_CLASS, _ACTIVITY = pl.col("class_uid"), pl.col("activity_id")
_DNS, _HTTP, _NETWORK = _CLASS == "4003", _CLASS == "4002", _CLASS == "4001"
_SOURCE, _DESTINATION = pl.col("src_endpoint.ip"), pl.col("dst_endpoint.ip")
_NAME = pl.coalesce(
    pl.when(_DNS).then("query.hostname"),
    "http_request.url.hostname",
    host_of(pl.coalesce("http_request.url.url_string", "url.url_string")),
    "url.hostname",
    "tls.sni",
    pl.when(~_DNS).then(pl.coalesce("dst_endpoint.hostname", "dst_endpoint.domain")),
)

_LAYOUT = Layout(
    kind=JsonLines(must=("class_uid",)),
    clock=FirstOf((Epoch("time"), Iso("time_dt"), Iso("time"))),
    only=_CLASS.str.contains(r"^\d{3,}$") & pl.coalesce("category_uid", "type_uid", "activity_id").is_not_null(),
    event={
        "user_name": pl.coalesce("actor.user.name", "actor.user.email_addr", "src_endpoint.owner.name"),
        "source_ip": _SOURCE,
        "source_mac": pl.col("src_endpoint.mac"),
        "host_name": pl.coalesce("src_endpoint.hostname", "src_endpoint.name"),
        "destination_domain": _NAME,
        "destination_ip": pl.when(~_DNS).then(_DESTINATION),
        "source_bytes": pl.when(~_DNS).then("traffic.bytes_out"),
        "destination_bytes": pl.when(~_DNS).then("traffic.bytes_in"),
        "event_action": event_action(
            (pl.col("action_id") == "2") | (pl.col("disposition_id") == "2"), (pl.col("action_id") == "1") | (pl.col("disposition_id") == "1")
        ),
    },
    skip={
        "no request: another class of event": ~(_DNS | _HTTP | _NETWORK),
        STARTED: _NETWORK & (_ACTIVITY == "1"),
        INBOUND: (pl.col("connection_info.direction_id") == "1") | (~_DNS & from_outside(_SOURCE, _DESTINATION)),
        "to a group or to everybody, no site": ~_DNS & to_many(_DESTINATION),
    },
    channel=pl.when(_DNS).then(pl.lit("dns")).when(_NETWORK).then(pl.lit("bytes")).otherwise(pl.lit("name")),
    requests=pl.when(_DNS & (_ACTIVITY == "2")).then(0).otherwise(1),
    session=pl.when(_DNS).then(pl.concat_str(_SOURCE, _NAME.str.to_lowercase(), pl.col("query.type").fill_null(""), separator=" ")),
)

FORMAT = LogFormat(
    id="ocsf",
    title="OCSF events",
    family="generic",
    generic=True,
    layouts=(*with_beginnings(_LAYOUT, _NETWORK & (_ACTIVITY == "2")),),
)
