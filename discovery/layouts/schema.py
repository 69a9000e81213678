"""Records of any product in a schema that says of each field which side of the connection it is about."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from discovery.format import Layout, event_action
from discovery.kinds.base import Kind
from discovery.kinds.reach import INBOUND, from_outside, to_many
from discovery.times import Clock

NO_REQUEST: Final = "no request: names no client and destination"

REFUSED: Final = r"(?i)block|den(?:y|ied)|drop|refus|reject|reset|prevent"
ALLOWED: Final = r"(?i)allow|permit|accept|pass|success"


def records(kind: Kind, clock: Clock, only: pl.Expr, said: Mapping[str, pl.Expr], *, no_request: str = NO_REQUEST) -> Layout:
    """The layout of such records.

    Args:
        kind, clock, only: see `Layout`.
        said: who (user), from where (client, mac, machine); the name that was looked up (asked), null where it is a connection; where that went, by
            name (site) and by address; how much went each way (up, down); whether it came from elsewhere (inbound); what became of it (action).
            Those the schema has.
        no_request: what a record is that has no client or no destination.
    """

    def given(key: str) -> pl.Expr:
        return pl.when(said[key] != "").then(said[key]) if key in said else pl.lit(None, pl.String)

    asked, client, address, action = given("asked"), given("client"), given("address"), given("action")
    connection = asked.is_null()
    inbound = said.get("inbound", pl.lit(value=False))
    columns = {"user_name": "user", "source_mac": "mac", "host_name": "machine"}
    return Layout(
        kind=kind,
        clock=clock,
        only=only,
        event={
            **{column: given(key) for column, key in columns.items() if key in said},
            "source_ip": client,
            "destination_domain": pl.coalesce(asked, given("site")),
            "destination_ip": pl.when(connection).then(address),
            "source_bytes": pl.when(connection).then(given("up")),
            "destination_bytes": pl.when(connection).then(given("down")),
            "event_action": event_action(action.str.contains(REFUSED), action.str.contains(ALLOWED)),
        },
        skip={
            no_request: pl.all_horizontal(given(key).is_null() for key in ("client", "user", "mac", "machine"))
            | pl.all_horizontal(given(key).is_null() for key in ("asked", "site", "address")),
            INBOUND: connection & (inbound | from_outside(client, address)),
            "to a group or to everybody, no site": connection & to_many(address) & given("site").is_null(),
        },
        channel=pl.when(~connection).then(pl.lit("dns")).when(given("up").is_not_null()).then(pl.lit("bytes")).otherwise(pl.lit("name")),
    )
