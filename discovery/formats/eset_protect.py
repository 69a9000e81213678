"""ESET PROTECT (formerly ESMC), events that it sends to a syslog server as JSON: sites refused on computers, and their firewall's alarms.

After https://help.eset.com/protect_admin/latest/en-US/events-exported-to-json-format.html. What was let through is not told; times are UTC.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.reach import INBOUND, from_outside
from discovery.names import host_of
from discovery.times import AlwaysUtc, FirstOf, InUtc, Iso

_KIND = pl.col("event_type")
_SITES, _ADDRESSES = _KIND == "FilteredWebsites_Event", _KIND == "FirewallAggregated_Event"
_CLIENT = pl.coalesce(pl.when(_ADDRESSES).then("source_address"), "ipv4", "ipv6")
_SERVER = pl.when(pl.col("target_address_type").str.contains("^IPv")).then("target_address")
_TAKEN = pl.col("action_taken")

FORMAT = LogFormat(
    id="eset-protect",
    title="ESET PROTECT events of computers",
    family="proxy",
    cannot_tell=(NO_COUNTS, "Which sites were visited: this log only has what was refused or raised an alarm."),
    layouts=(
        Layout(
            kind=JsonLines(must=("event_type",)),
            clock=FirstOf((InUtc("occured", "%d-%b-%Y %H:%M:%S"), AlwaysUtc(Iso("occured")))),
            only=_KIND.str.ends_with("_Event") & pl.col("occured").is_not_null(),
            event={
                "user_name": pl.coalesce("username", "account"),
                "source_ip": _CLIENT,
                "host_name": pl.col("hostname"),
                "destination_domain": pl.when(_SITES).then(host_of(pl.col("object_uri"))),
                "destination_ip": _SERVER,
                "event_action": event_action(_TAKEN.str.contains("(?i)block|terminat"), _TAKEN.str.contains("(?i)allow|accept|permit")),
            },
            skip={
                "alarm or event of another kind": ~(_SITES | _ADDRESSES) | (_ADDRESSES & _SERVER.is_null()),
                INBOUND: (pl.col("inbound") == "true") | (_ADDRESSES & from_outside(_CLIENT, _SERVER)),
            },
            channel="name",
        ),
    ),
)
