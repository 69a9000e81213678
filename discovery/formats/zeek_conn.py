"""Zeek's conn.log, tab-separated or JSON (https://docs.zeek.org/en/master/logs/conn.html): addresses and bytes, no names.

Sites leave columns out (`Log::Filter$include`, zeek-cut): what is needed is who spoke, and how much.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.headed import Headed
from discovery.kinds.jsonlines import JsonLines
from discovery.times import Epoch, FirstOf, Iso

_EVENT = {
    "source_ip": pl.col("id.orig_h"),
    "source_mac": pl.col("orig_l2_addr"),
    "destination_ip": pl.col("id.resp_h"),
    "source_bytes": pl.col("orig_bytes"),
    "destination_bytes": pl.col("resp_bytes"),
}
_PATHS = {"id.orig_h": ("id_orig_h",), "id.resp_h": ("id_resp_h",)}
_CLOCK = FirstOf((Epoch("ts", relative=True), Iso("ts")))

FORMAT = LogFormat(
    id="zeek-conn",
    title="Zeek connection log",
    family="firewall",
    cannot_tell=("Which site was visited: this log only has addresses. Zeek's ssl.log and dns.log have names.",),
    layouts=(
        Layout(name="tab-separated", kind=Headed(b"#fields", ("id.orig_h", "orig_bytes")), clock=_CLOCK, event=_EVENT),
        Layout(name="JSON", kind=JsonLines(must=("conn_state",), paths=_PATHS), clock=_CLOCK, event=_EVENT),
    ),
)
