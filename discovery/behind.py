"""Which hosts stand behind a service's public pages: who opens `app.tool.com`, where `tool.com` is for visitors, has come to work.

A browser opens the public page for a look, and other sites' pages seldom bring what lies behind it. Hosts that programs call are left out: their
own name says so, or they are some of many below an entry of the catalogue.
"""

from collections.abc import Callable

import polars as pl

from discovery import labels
from discovery.matching import registrable

#: Distinct names -> columns domain, match, service and role: `Matcher.match_all`.
Match = Callable[[pl.Series], pl.DataFrame]


def behind(match: Match, hosts: pl.DataFrame) -> pl.Series:
    """Whether each host is one people work with, while its registrable domain is its service's public page.

    Args:
        match: `Matcher.match_all`.
        hosts: destination_domain, service, role and entry.
    """
    host, owner = pl.col("destination_domain"), pl.col("owner")
    used = hosts.filter(pl.col("role") == "use").select("destination_domain", "service", "entry").unique()
    owned = used.with_columns(host.map_elements(registrable, pl.String).alias("owner")).drop_nulls("owner")
    fronts = match(owned["owner"].unique()).filter(pl.col("role") == "visit").select(owner="domain", service="service")
    prefix = host.str.head(host.str.len_bytes().cast(pl.Int64) - owner.str.len_bytes() - 1)
    named = (host == pl.col("entry")).fill_null(value=False) & ~labels.said(prefix, "api") & (prefix != "www")
    found = owned.join(fronts, on=["owner", "service"]).filter(named | labels.said(prefix, "use", "work"))
    told = (pl.col("role") == "use").fill_null(value=False) & host.is_in(found["destination_domain"].implode())
    return hosts.select(told.alias("behind"))["behind"]
