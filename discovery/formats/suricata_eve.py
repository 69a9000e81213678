"""Suricata's EVE log (https://docs.suricata.io/en/latest/output/eve/eve-json-format.html), as a file or in syslog.

An alert that names a site repeats a visit that has its own record, unless the sensor blocked it. A netflow record is one half of a flow.
"""

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat
from discovery.kinds.eve import Eve
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import INBOUND
from discovery.times import Iso

_EVE = Eve()
_READ = ("dns", "http", "http2", "tls", "quic", "doh2", "flow", "alert")
_VISIT = _EVE.kind("dns", "http", "http2", "doh2", "tls") | (_EVE.kind("quic") & pl.col("quic.sni").is_not_null())

FORMAT = LogFormat(
    id="suricata-eve",
    title="Suricata EVE log",
    family="firewall",
    cannot_tell=(NO_PERSON,),
    layouts=(
        Layout(
            kind=JsonLines(must=("event_type",)),
            clock=Iso("timestamp"),
            only=_EVE.only(),
            event={
                "source_ip": _EVE.client(),
                "destination_domain": _EVE.domain(),
                "destination_ip": _EVE.server(),
                "source_bytes": pl.when(_EVE.kind("flow")).then("flow.bytes_toserver"),
                "destination_bytes": pl.when(_EVE.kind("flow")).then("flow.bytes_toclient"),
                "event_action": _EVE.refused(),
            },
            skip={
                "answer, counted at its question": _EVE.answer(),
                "flow of a DNS question": _EVE.flow_of_dns(),
                "alert that names no site": _EVE.nameless_alert(),
                INBOUND: _EVE.inbound(),
                "no visit: statistics, files or other protocols": ~_EVE.kind(*_READ),
            },
            channel=pl.when(_EVE.kind("dns")).then(pl.lit("dns")).when(_EVE.kind("flow")).then(pl.lit("bytes")).otherwise(pl.lit("name")),
            requests=pl.when(_VISIT | (_EVE.kind("alert") & (pl.col("alert.action") == "blocked"))).then(1).otherwise(0),
            session=pl.when(~_EVE.kind("dns", "alert")).then("flow_id"),
            answers=_EVE.answers(),
        ),
    ),
)
