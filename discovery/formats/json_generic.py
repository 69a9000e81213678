"""Any JSON, an object a line, whose keys say when, who asked, and which destination that was. Only where no other format fits.

A key that servers use for what they were asked (host, request, path) is no destination.
"""

import polars as pl

from discovery.format import LogFormat
from discovery.kinds.jsonlines import JsonLines
from discovery.layouts.schema import records
from discovery.names import host_of
from discovery.spellings import DIRECTED, clock

_NAME = r"\.[A-Za-z]|^[A-Za-z][^:]*$"
_SITE, _CLIENT = pl.col("site"), pl.col("client")

FORMAT = LogFormat(
    id="json",
    title="JSON that names client and destination",
    family="generic",
    generic=True,
    layouts=(
        records(
            JsonLines(must=("client", "user"), paths={field: tuple(names.split()) for field, names in DIRECTED.items()}),
            clock("timestamp"),
            (pl.coalesce("site", "asked", "address") != "")
            & pl.col("timestamp").is_not_null()
            & ~_CLIENT.str.starts_with("{").fill_null(value=False),
            {
                **{name: pl.col(name) for name in ("user", "client", "mac", "asked", "up", "down", "action")},
                "site": pl.coalesce(pl.when(_SITE.str.contains(_NAME)).then(_SITE), host_of(pl.col("url"))),
                "address": pl.coalesce("address", pl.when(~_SITE.str.contains(_NAME)).then(_SITE)),
            },
        ),
    ),
)
