"""What agents on computers write of the names that were looked up there and of the connections that were opened."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from discovery.answers import Answers
from discovery.format import Layout
from discovery.kinds.base import Kind
from discovery.kinds.reach import INBOUND, to_many
from discovery.times import Clock

#: Accounts of Windows itself.
_MACHINE: Final = r"(?i)^(?:NT ?AUTHORITY\\.*|(?:.*\\)?(?:system|local ?service|network ?service|dwm-\d+|umfd-\d+))$"


def person(account: pl.Expr) -> pl.Expr:
    """The account, where it is nobody's but a person's."""
    return pl.when((account != "") & ~account.str.contains(_MACHINE)).then(account)


def records(kind: Kind, clock: Clock, only: pl.Expr, said: Mapping[str, pl.Expr], answers: Answers | None = None) -> Layout:
    """The layout of such records.

    Args:
        kind, clock, only, answers: see `Layout`.
        said: who (user), from which address (client), on which computer (host); the name that was looked up (asked), null where it is a
            connection; where that went, by name (site) and by address; whether it came from elsewhere (inbound); what became of it (action). Those
            the agent says.
    """

    def given(key: str) -> pl.Expr:
        return pl.when(said[key] != "").then(said[key]) if key in said else pl.lit(None, pl.String)

    site, address, client = pl.coalesce(given("asked"), given("site")), given("address"), given("client")
    return Layout(
        kind=kind,
        clock=clock,
        only=only,
        event={
            "user_name": person(said["user"]),
            "source_ip": pl.when(~client.is_in(["0.0.0.0", "::"])).then(client),  # noqa: S104 (not bound to an address yet)
            "host_name": said["host"],
            "destination_domain": site,
            "destination_ip": address,
            **({"event_action": said["action"]} if "action" in said else {}),
        },
        skip={
            "no look-up or connection, or one that another record counts": site.is_null() & address.is_null(),
            INBOUND: said["inbound"],
            "to a group or to everybody, no site": to_many(address),
        },
        channel=pl.when(given("asked").is_not_null()).then(pl.lit("dns")).otherwise(pl.lit("name")),
        answers=answers,
    )
