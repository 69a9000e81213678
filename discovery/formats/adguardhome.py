"""AdGuard Home's query log: one JSON object a line (querylog.json and its rotations), and the entries that its API gives (`/control/querylog`).

`Answer` is the whole message in base64. `Result.IsFiltered` says that the query was refused, for whichever reason; rewritten and
allow-listed names are not.
"""

import polars as pl

from discovery.answers import Answers, within
from discovery.dnswire import answered_in
from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.times import Iso

FORMAT = LogFormat(
    id="adguardhome",
    title="AdGuard Home query log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            name="file",
            kind=JsonLines(must=("QH",)),
            clock=Iso("T"),
            event={
                "source_ip": pl.col("IP"),
                "host_name": pl.col("CID"),
                "destination_domain": pl.col("QH"),
                "event_action": event_action(pl.col("Result.IsFiltered") == "true"),
            },
            channel="name",
            answers=Answers(said=answered_in(pl.col("Answer")), when=pl.col("QT").is_in(["A", "AAAA"])),
        ),
        Layout(
            name="API",
            kind=JsonLines(must=("elapsedMs", "elapsed_ms")),
            clock=Iso("time"),
            only=pl.col("client").is_not_null() & pl.col("reason").is_not_null(),
            event={
                "source_ip": pl.col("client"),
                "host_name": pl.coalesce(pl.when(pl.col("client_info.name") != "").then("client_info.name"), "client_id"),
                "destination_domain": pl.coalesce("question.name", "question.host"),
                "event_action": event_action(pl.col("reason").str.contains("^Filtered")),
            },
            channel="name",
            answers=Answers(said=within(pl.col("answer"), r'"value": ?"([^"]+)"'), when=pl.col("question.type").is_in(["A", "AAAA"])),
        ),
    ),
)
