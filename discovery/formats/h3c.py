"""H3C SecPath firewalls and Comware routers: packet filter and sessions (“Comware 7 System Log Messages Reference”, FILTER and SESSION).

Every field is named by a word and a number, as in `SrcIPAddr(1003)=192.0.2.1;`; here the number is its name. A session is logged when it begins
and when it ends.
"""

import polars as pl

from discovery.format import NO_NAMES, STARTED, Layout, LogFormat, event_action, with_beginnings
from discovery.kinds.labelled import Labelled
from discovery.kinds.reach import no_visit
from discovery.times import SYSLOG, FirstOf, Stamp

_BEFORE = r"%?(?:(?P<time>[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d(?::\d+)? \d{4}) )?.{0,80}?%%\d+(?P<module>[A-Z]+)/\d/\w+: ?"
_EVENT = pl.col("1048").str.to_lowercase()
_SOURCE, _DESTINATION = pl.col("1003"), pl.col("1007")

_LAYOUT = Layout(
    kind=Labelled(")=", "(", ("SrcIPAddr(1003)=",), ("1003", "1007"), until=";", before=_BEFORE),
    clock=FirstOf((Stamp(("time",), ("%b %e %H:%M:%S %Y", "%b %e %H:%M:%S:%3f %Y")), SYSLOG)),
    event={
        "user_name": pl.when(pl.col("1113") != "").then("1113"),
        "source_ip": _SOURCE,
        "destination_ip": _DESTINATION,
        "source_bytes": pl.col("1046"),
        "destination_bytes": pl.col("1047"),
        "event_action": event_action(_EVENT.str.contains("deny|drop|block|reset"), _EVENT.str.contains("permit|session")),
    },
    skip={STARTED: _EVENT.str.contains("session created"), **no_visit(_SOURCE, _DESTINATION)},
)

FORMAT = LogFormat(
    id="h3c",
    title="H3C firewall log",
    family="firewall",
    cannot_tell=(NO_NAMES,),
    layouts=(*with_beginnings(_LAYOUT, (pl.col("module") == "SESSION") & ~_EVENT.str.contains("session created")),),
)
