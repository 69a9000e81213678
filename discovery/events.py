"""The event table: the one schema that every format fills.

An event is one request that a log line tells of. Columns follow the Elastic Common Schema, with dots as underscores
(https://www.elastic.co/docs/reference/ecs). No URL path or query is ever kept.
"""

from typing import Final

import polars as pl

#: Column -> type of the event table. All but `line` and `timestamp` may be null: a log that does not say is not a log that says no.
EVENT: Final[dict[str, pl.DataType]] = {
    "line": pl.Int64(),  # physical line of the log, from 1
    "timestamp": pl.Datetime("us", "UTC"),
    "user_name": pl.String(),  # canonical: lower case, without domain or realm
    "source_ip": pl.String(),  # canonical text of the address
    "source_mac": pl.String(),  # aa:bb:cc:dd:ee:ff
    "host_name": pl.String(),  # name of the client device, lower case
    "destination_domain": pl.String(),  # lower case, A-label, no trailing dot, no port
    "destination_ip": pl.String(),
    "source_bytes": pl.Int64(),  # uploaded by the client, bytes
    "destination_bytes": pl.Int64(),  # downloaded by the client, bytes
    "event_action": pl.String(),  # allowed, blocked or null
}

#: The columns that say who: together they are the subject of an event.
SUBJECT: Final = ("user_name", "source_ip", "source_mac", "host_name")

#: How strong a record is as evidence of one visit, strongest last: a name asked for, a name with a verdict, bytes moved.
CHANNELS: Final = ("dns", "name", "bytes")
CHANNEL: Final = pl.Enum(CHANNELS)

#: Columns only needed while a log is read. `channel` says what kind of record the event came from (see `CHANNELS`); `requests` is 1, or 0 for a
#: record that completes a request already counted (the end of a session, the verdict on a query); `session` joins such halves;
#: `lasted` is how long before `timestamp` the request was made, in milliseconds: some proxies write a line only at its end.
TRANSIENT: Final[dict[str, pl.DataType]] = {
    "channel": CHANNEL,
    "requests": pl.Int64(),
    "session": pl.UInt64(),
    "lasted": pl.Int64(),
}
