"""Any CSV whose header names what it holds: a time, who asked, and which site. Only where no vendor's own format fits."""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.named import Named
from discovery.names import host_of
from discovery.spellings import NO_LOG, SPELLINGS, clock
from discovery.times import FirstOf

_REFUSED = r"(?i)block|bloqu|blocc|den(?:y|ied)|drop|refus|reject|reset|gesperrt|verweigert|abgelehnt|interdit|deneg|rechaz|negat|rifiut"

FORMAT = LogFormat(
    id="csv",
    title="CSV with a header",
    family="generic",
    generic=True,
    layouts=(
        Layout(
            kind=Named(
                {field: tuple(names.split()) for field, names in SPELLINGS.items()},
                must=(("timestamp", "date"), ("domain", "url", "address"), ("client", "user", "mac", "host")),
                never=tuple(NO_LOG.split()),
                spread=("timestamp", "user", "client", "address"),
            ),
            clock=FirstOf((clock("timestamp"), clock("clock", "date"))),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client"),
                "source_mac": pl.col("mac"),
                "host_name": pl.when(pl.col("host").ne_missing(pl.col("domain"))).then("host"),  # a lone `hostname` is the site
                "destination_domain": host_of(pl.coalesce(pl.when(pl.col("domain") != "").then("domain"), "url")),
                "destination_ip": pl.col("address"),
                "source_bytes": pl.col("up"),
                "destination_bytes": pl.col("down"),
                "event_action": event_action(pl.col("action").str.contains(_REFUSED), pl.col("action") != ""),
            },
            channel="name",
        ),
    ),
)
