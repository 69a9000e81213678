"""AdGuard DNS (the cloud service): its query log, one JSON object a line with keys of one letter.

https://github.com/AdguardTeam/AdGuardDNS/blob/master/doc/querylog.md. `f` is what was done: 2 and 3 blocked, 1 and 4 to 6 answered. The
address is left out unless a profile asks for it; then only the device's id tells devices apart.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.times import Epoch

_DONE = pl.col("f")

FORMAT = LogFormat(
    id="adguard-dns",
    title="AdGuard DNS query log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            kind=JsonLines(must=("rn", "u")),
            clock=Epoch("t"),
            only=pl.all_horizontal(pl.col(name).is_not_null() for name in ("n", "q", "f", "p", "e")),
            event={
                "source_ip": pl.col("ip"),
                "host_name": pl.col("i"),
                "destination_domain": pl.col("n"),
                "event_action": event_action(_DONE.is_in(["2", "3"]), _DONE.is_in(["1", "4", "5", "6"])),
            },
            channel="name",
        ),
    ),
)
