"""Zeek's http.log, tab-separated or JSON (https://docs.zeek.org/en/master/logs/http.html). Byte counts are those of the bodies."""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.headed import Headed
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import INBOUND, from_outside
from discovery.names import host_of
from discovery.times import Epoch, FirstOf, Iso

_EVENT = {
    "source_ip": pl.col("id.orig_h"),
    "user_name": pl.col("username"),
    "destination_domain": host_of(
        pl.when((pl.col("method") == "CONNECT") | pl.col("uri").str.contains("://", literal=True)).then("uri").otherwise("host")
    ),
    "destination_ip": pl.col("id.resp_h"),
    "source_bytes": pl.col("request_body_len"),
    "destination_bytes": pl.col("response_body_len"),
}
_SKIP = {INBOUND: from_outside(pl.col("id.orig_h"), pl.col("id.resp_h"))}
_PATHS = {"id.orig_h": ("id_orig_h",), "id.resp_h": ("id_resp_h",)}
_CLOCK = FirstOf((Epoch("ts", relative=True), Iso("ts")))

FORMAT = LogFormat(
    id="zeek-http",
    title="Zeek HTTP log",
    family="proxy",
    cannot_tell=("Encrypted visits: this log only holds plain HTTP.",),
    layouts=(
        Layout(name="tab-separated", kind=Headed(b"#fields", ("id.orig_h", "host")), clock=_CLOCK, event=_EVENT, skip=_SKIP),
        Layout(name="JSON", kind=JsonLines(must=("trans_depth", "request_body_len"), paths=_PATHS), clock=_CLOCK, event=_EVENT, skip=_SKIP),
    ),
)
