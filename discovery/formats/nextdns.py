"""NextDNS: the log as CSV (web interface, “Download logs”) and the records of its API (https://nextdns.github.io/api/#logs), one a line.

After the CSV's header and the API's documentation; no sample seen. An empty or `default` status means that nothing objected.
"""

import polars as pl

from discovery.format import NO_BYTES, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named
from discovery.times import Iso

_SPELLINGS = {
    name: (name,)
    for name in ("timestamp", "domain", "root_domain", "dnssec", "client_ip", "status", "device_name", "device_local_ip", "matched_name")
}
_STATUS = pl.col("status")
_ACTION = event_action(_STATUS == "blocked", _STATUS.fill_null("").is_in(["", "default", "allowed"]))

FORMAT = LogFormat(
    id="nextdns",
    title="NextDNS log",
    family="dns",
    cannot_tell=(NO_BYTES,),
    layouts=(
        Layout(
            name="CSV",
            kind=Named(_SPELLINGS, must=(("timestamp",), ("domain",), ("root_domain",), ("status",), ("device_name", "client_ip"))),
            clock=Iso("timestamp"),
            event={
                "source_ip": pl.coalesce(pl.when(pl.col("device_local_ip") != "").then("device_local_ip"), "client_ip"),
                "host_name": pl.col("device_name"),
                "destination_domain": pl.col("domain"),
                "event_action": _ACTION,
            },
            channel="name",
        ),
        Layout(
            name="JSON",
            kind=JsonLines(must=("encrypted",)),
            clock=Iso("timestamp"),
            only=pl.col("domain").is_not_null() & pl.col("protocol").is_not_null() & _STATUS.is_not_null(),
            event={
                "source_ip": pl.coalesce("device.localIp", "clientIp"),
                "host_name": pl.col("device.name"),
                "destination_domain": pl.col("domain"),
                "event_action": _ACTION,
            },
            channel="name",
        ),
    ),
)
