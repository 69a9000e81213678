"""Control D: the query log that it streams to a SIEM, one JSON object a line (https://docs.controld.com/docs/log-field-reference).

After the documented field list. A device is an endpoint, which may be a whole router; a client is the computer behind it.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.times import Iso

#: What a rule does: 0 blocks, 1 lets through, 2 and 3 lead elsewhere; -1 says that something failed.
_ACT = pl.coalesce("controld_action", "action")

FORMAT = LogFormat(
    id="control-d",
    title="Control D query log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            kind=JsonLines(must=("query",)),
            clock=Iso("time"),
            only=pl.col("reply_code_id").is_not_null() & pl.col("query_type").is_not_null() & pl.col("src_ip").is_not_null(),
            event={
                "source_ip": pl.col("src_ip"),
                "host_name": pl.coalesce("client.name", "device.name"),
                "destination_domain": pl.col("query"),
                "event_action": event_action(_ACT == "0", _ACT.is_in(["1", "2", "3"])),
            },
            channel="name",
        ),
    ),
)
