"""Control D: the query log that it streams to a SIEM, one JSON object a line (https://docs.controld.com/docs/log-field-reference).

After the documented field list; no sample seen. A device is an endpoint, which may be a whole router; a client is the computer behind it.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat
from discovery.kinds.jsonlines import JsonLines
from discovery.times import Iso

FORMAT = LogFormat(
    id="control-d",
    title="Control D query log",
    family="dns",
    cannot_tell=(
        NO_BYTES,
        NO_PERSON,
        "Which queries were refused: the documented fields do not say.",
    ),
    layouts=(
        Layout(
            kind=JsonLines(must=("query",)),
            clock=Iso("time"),
            only=pl.col("reply_code_id").is_not_null() & pl.col("query_type").is_not_null() & pl.col("src_ip").is_not_null(),
            event={
                "source_ip": pl.col("src_ip"),
                "host_name": pl.coalesce("client.name", "device.name"),
                "destination_domain": pl.col("query"),
            },
            channel="name",
        ),
    ),
)
