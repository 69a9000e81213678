"""Zeek's ssl.log, tab-separated or JSON (https://docs.zeek.org/en/master/logs/ssl.html): the server name of each TLS connection.

quic.log, which names servers in the same way (https://docs.zeek.org/en/master/logs/quic.html), is read with it.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.headed import Headed
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import INBOUND, from_outside
from discovery.times import Epoch, FirstOf, Iso

_EVENT = {"source_ip": pl.col("id.orig_h"), "destination_domain": pl.col("server_name"), "destination_ip": pl.col("id.resp_h")}
_SKIP = {INBOUND: from_outside(pl.col("id.orig_h"), pl.col("id.resp_h"))}
_PATHS = {"id.orig_h": ("id_orig_h",), "id.resp_h": ("id_resp_h",)}
_CLOCK = FirstOf((Epoch("ts", relative=True), Iso("ts")))

FORMAT = LogFormat(
    id="zeek-ssl",
    title="Zeek TLS log",
    family="firewall",
    cannot_tell=("How much was sent or received: that stands in Zeek's conn.log.",),
    layouts=(
        Layout(name="tab-separated", kind=Headed(b"#fields", ("id.orig_h", "server_name")), clock=_CLOCK, event=_EVENT, skip=_SKIP, channel="name"),
        Layout(
            name="JSON",
            kind=JsonLines(must=("server_name", "cipher", "established"), paths=_PATHS),
            clock=_CLOCK,
            event=_EVENT,
            skip=_SKIP,
            channel="name",
        ),
    ),
)
