"""Cato Networks: the events feed as JSON (https://api.catonetworks.com/documentation/#definition-EventFieldName) and CEF.

Written after the vendor's documented field list; no sample seen. RPF is remote port forwarding: who calls stands outside.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat, event_action
from discovery.kinds.cef import Cef
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import INBOUND
from discovery.names import host_of
from discovery.times import SYSLOG, Epoch, FirstOf, Iso, Worded

_FIELDS = (
    *("event_type", "event_sub_type", "time", "time_str", "src_ip", "dest_ip", "domain_name", "full_path_url", "url", "user_name", "vpn_user_email"),
    *("user_id", "device_name", "host_mac", "action", "traffic_direction", "src_is_site_or_vpn", "internalId", "host_ip"),
)

FORMAT = LogFormat(
    id="cato-sase",
    title="Cato Networks events",
    family="firewall",
    cannot_tell=(NO_COUNTS,),
    layouts=(
        Layout(
            name="events feed",
            kind=JsonLines(must=("event_sub_type",), paths={name: (f"fieldsMap.{name}",) for name in _FIELDS}),
            clock=FirstOf((Epoch("time"), Iso("time_str"), Iso("time"))),
            event={
                "user_name": pl.coalesce("vpn_user_email", "user_name"),
                "source_ip": pl.coalesce("src_ip", "host_ip"),
                "source_mac": pl.col("host_mac"),
                "host_name": pl.col("device_name"),
                "destination_domain": host_of(pl.coalesce("domain_name", "full_path_url", "url")),
                "destination_ip": pl.col("dest_ip"),
                "event_action": event_action(pl.col("action").str.contains("(?i)block|drop|den(?:y|ied)"), pl.col("action").is_not_null()),
            },
            skip={
                "no traffic: settings, system or sign-in": pl.col("event_type").str.to_lowercase() != "security",
                INBOUND: (pl.col("traffic_direction").str.to_lowercase() == "inbound") | (pl.col("event_sub_type") == "RPF"),
            },
            channel="name",
        ),
        Layout(
            name="CEF",
            kind=Cef(vendors=("catonetworks", "cato networks")),
            clock=FirstOf((Epoch("rt"), Worded(("rt",)), SYSLOG)),
            event={
                "user_name": pl.coalesce("user_email", "suser"),
                "source_ip": pl.col("src"),
                "destination_domain": host_of(pl.coalesce("destinationDnsDomain", "dhost", "request")),
                "destination_ip": pl.col("dst"),
                "event_action": event_action(pl.col("act").str.contains("(?i)block|drop|den(?:y|ied)"), pl.col("act").is_not_null()),
            },
            skip={"no traffic: settings, system or sign-in": pl.col("internalType").str.to_lowercase() != "security"},
            channel="name",
        ),
    ),
)
