"""Sophos Central's events, as its interface and Sophos's script for SIEMs give them: JSON and CEF. Of use are those of web control on computers.

The event's name is a sentence with the site in quotes: `'https://games.example' blocked due to category 'Games'`, `warned due to`, `User bypassed
category block to '…'` (https://developer.sophos.com/docs/siem-v1/1/routes/events/get). What was let through without a word is not told.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat
from discovery.kinds.base import Kind
from discovery.kinds.cef import Cef
from discovery.kinds.jsonlines import JsonLines
from discovery.names import host_of
from discovery.times import Clock, FirstOf, Iso


def _layout(name: str, kind: Kind, clock: Clock, *, only: pl.Expr, sort: str, said: str, user: str, client: str, machine: str) -> Layout:
    site = host_of(pl.col(said).str.extract(r"""['"]((?:https?://)?[^'"\s/]+\.[^'"\s]+)['"]""", 1))
    return Layout(
        name=name,
        kind=kind,
        clock=clock,
        only=only,
        event={
            "user_name": pl.col(user),
            "source_ip": pl.col(client),
            "host_name": pl.col(machine),
            "destination_domain": site,
            "event_action": pl.when(pl.col(said).str.contains("(?i)blocked (?:due|to|because)"))
            .then(pl.lit("blocked"))
            .when(pl.col(said).str.contains("(?i)warned|bypassed"))
            .then(pl.lit("allowed")),
        },
        skip={"event of another kind": ~pl.col(sort).str.contains("Web(?:Control|Filtering)") | site.is_null()},
        channel="name",
    )


FORMAT = LogFormat(
    id="sophos-central",
    title="Sophos Central events",
    family="proxy",
    cannot_tell=(NO_COUNTS, "Which sites were visited: this log only has what was refused, or what people were warned of."),
    layouts=(
        _layout(
            "JSON",
            JsonLines(must=("endpoint_id",), paths={"address": ("source_info.ip", "source_info_ip")}),
            FirstOf((Iso("when"), Iso("end"), Iso("created_at"), Iso("rt"))),
            only=pl.col("type").str.starts_with("Event::"),
            sort="type",
            said="name",
            user="source",
            client="address",
            machine="location",
        ),
        _layout(
            "CEF",
            Cef(vendors=("sophos",), products=("sophos central",)),
            FirstOf((Iso("end"), Iso("rt"))),
            only=pl.col("cef_signature").str.starts_with("Event::"),
            sort="cef_signature",
            said="cef_name",
            user="suser",
            client="source_info_ip",
            machine="dhost",
        ),
    ),
)
