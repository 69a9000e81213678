"""Zeek's socks.log, tab-separated or JSON (https://docs.zeek.org/en/master/logs/socks.html): what clients asked of a SOCKS proxy.

A name that was asked for stands in one column, an address in another.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat, event_action
from discovery.kinds.headed import Headed
from discovery.kinds.jsonlines import JsonLines
from discovery.times import Epoch, FirstOf, Iso

_STATUS = pl.col("status")
_EVENT = {
    "user_name": pl.col("user"),
    "source_ip": pl.col("id.orig_h"),
    "destination_domain": pl.when(pl.col("request.name") != "-").then("request.name"),
    "destination_ip": pl.when(pl.col("request.host") != "-").then("request.host"),
    "event_action": event_action(_STATUS.str.contains("(?i)not allowed|denied|rejected"), _STATUS.str.contains("(?i)succe|granted")),
}
_NAMES = ("id.orig_h", "id.resp_h", "request.name", "request.host")
_PATHS = {name: (name.replace(".", "_"),) for name in _NAMES}
_CLOCK = FirstOf((Epoch("ts", relative=True), Iso("ts")))

FORMAT = LogFormat(
    id="zeek-socks",
    title="Zeek SOCKS log",
    family="proxy",
    cannot_tell=(NO_COUNTS,),
    layouts=(
        Layout(name="tab-separated", kind=Headed(b"#fields", ("id.orig_h", "request_p")), clock=_CLOCK, event=_EVENT, channel="name"),
        Layout(name="JSON", kind=JsonLines(must=("request_p", "bound_p"), paths=_PATHS), clock=_CLOCK, event=_EVENT, channel="name"),
    ),
)
