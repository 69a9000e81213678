"""Events of any product in the Unified Data Model: network connections, HTTP and DNS (https://cloud.google.com/chronicle/docs/reference/udm-field-list).

`principal` is who asked, `target` what was asked. Keys as the API writes them or as its protocol buffers do. After the field list; no sample seen.
"""

import re

import polars as pl

from discovery.format import LogFormat
from discovery.kinds.jsonlines import JsonLines
from discovery.layouts.schema import records
from discovery.names import host_of
from discovery.times import Epoch, FirstOf, Iso

_NAMES = (
    *("metadata.eventType", "metadata.eventTimestamp", "principal.ip", "principal.mac", "principal.hostname", "principal.user.userid"),
    *("principal.user.emailAddresses", "target.ip", "target.hostname", "target.url", "target.domain.name", "network.dns.questions"),
    *("network.sentBytes", "network.receivedBytes", "network.direction", "network.tls.client.serverName", "securityResult"),
)


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def _one(*names: str) -> pl.Expr:
    """The first of what may be a list."""
    return pl.coalesce(pl.col(name).str.extract(r'^(?:\[ *")?([^"\[\]]+)', 1) for name in names)


_PATHS = {
    name: tuple(f"{before}{key}" for before in ("", "event.", "udm.", "event.idm.read_only_udm.") for key in (name, _snake(name))) for name in _NAMES
}
_SECONDS = {"seconds": tuple(f"{path}.seconds" for path in _PATHS["metadata.eventTimestamp"])}
_TYPE = pl.col("metadata.eventType")
_DNS = _TYPE.is_in(["NETWORK_DNS", "15000"])

FORMAT = LogFormat(
    id="udm",
    title="UDM events",
    family="generic",
    generic=True,
    layouts=(
        records(
            JsonLines(must=("metadata.eventType",), paths={**_PATHS, **_SECONDS}),
            FirstOf((Iso("metadata.eventTimestamp"), Epoch("seconds"))),
            _TYPE.str.starts_with("NETWORK_"),
            {
                "user": _one("principal.user.userid", "principal.user.emailAddresses"),
                "client": _one("principal.ip"),
                "mac": _one("principal.mac"),
                "machine": pl.col("principal.hostname"),
                "asked": pl.when(_DNS).then(pl.col("network.dns.questions").str.extract(r'"name": *"([^"]+)"', 1)),
                "site": pl.coalesce(host_of(pl.col("target.url")), "target.hostname", "target.domain.name", "network.tls.client.serverName"),
                "address": _one("target.ip"),
                "up": pl.col("network.sentBytes"),
                "down": pl.col("network.receivedBytes"),
                "inbound": pl.col("network.direction") == "INBOUND",
                "action": pl.col("securityResult").str.extract(r'"action": *\[? *"([A-Z_]+)"', 1),
            },
        ),
    ),
)
