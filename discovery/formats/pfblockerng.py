"""pfBlockerNG's logs: dnsbl.log (names refused), dns_reply.log (names answered) and unified.log (both, and addresses refused).

After the writer in pfb_unbound.py and pfblockerng.inc of the pfSense package; no sample seen. Dates are those of a syslog, ISO, or
month/day/year in older versions; versions append columns. The oldest, `DNSBL Reject`, name no more than the site or the client behind it.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.delimited import Delimited
from discovery.kinds.reach import INBOUND
from discovery.times import DayMonth, FirstOf, Iso, Yearless

_COLUMNS = ("kind", "time", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c12", "c13")
_KIND = pl.col("kind")
_REFUSED, _REPLY, _ADDRESS = _KIND.str.starts_with("DNSBL"), _KIND == "DNS-reply", _KIND.is_in(["Block", "Permit", "Match"])

FORMAT = LogFormat(
    id="pfblockerng",
    title="pfBlockerNG log",
    family="dns",
    cannot_tell=(
        NO_BYTES,
        NO_PERSON,
        "What was allowed, where only dnsbl.log is read: it lists refused names.",
    ),
    layouts=(
        Layout(
            kind=Delimited(",", _COLUMNS, least=3),
            clock=FirstOf((Iso("time"), Yearless("time"), DayMonth(("time",)))),
            only=((_REFUSED | _REPLY | _ADDRESS) & pl.col("c7").is_not_null()) | _KIND.str.starts_with("DNSBL Reject"),
            event={
                "source_ip": pl.when(_REFUSED).then("c3").when(_REPLY).then("c7").otherwise("c9"),
                "destination_domain": pl.when(_REFUSED).then("c2").when(_REPLY).then("c6"),
                "destination_ip": pl.when(_ADDRESS).then("c10"),
                "event_action": event_action(_REFUSED | (_KIND == "Block")),
            },
            skip={INBOUND: _ADDRESS & (pl.col("c13") != "out")},
            channel="name",
        ),
    ),
)
