"""What Palo Alto's firewalls and their cloud services record, whatever they call the fields.

A URL record names the site, the traffic record has the bytes at the end; both carry the session. A rule may log only its beginning.
The DECRYPTION record of a TLS handshake names the site, too: it is the request where no URL is logged.
"""

from collections.abc import Mapping

import polars as pl

from discovery.format import STARTED, Layout, counting, event_action, with_beginnings
from discovery.kinds.base import Kind
from discovery.kinds.reach import INBOUND, from_outside, own
from discovery.names import host_of
from discovery.times import Clock

_KINDS = (
    *("TRAFFIC", "THREAT", "URL", "CONFIG", "SYSTEM", "HIPMATCH", "HIP-MATCH", "USERID", "GLOBALPROTECT", "DECRYPTION", "IPTAG", "CORRELATION"),
    *("AUTHENTICATION", "SCTP", "GTP", "TUNNEL", "START", "END", "AUDIT"),
)
_HANDSHAKE = "TLS handshake, counted as a visit"
_REFUSED = "(?i)^(?:deny|drop|block|reset|override-lockout)"
_OUTSIDE = r"(?i)^(?:l3[-_])?(?:un-?trust|outside|external|internet|wan)"  # as most administrators call the zone


def known(kind: pl.Expr) -> pl.Expr:
    """Whether this is a kind of record."""
    return kind.str.to_uppercase().is_in(_KINDS)


def record_of(one: str, other: str) -> tuple[pl.Expr, pl.Expr]:
    """Kind and subtype of a record out of two fields, of which either may hold the kind."""
    first = known(pl.col(one))
    return pl.when(first).then(one).otherwise(other), pl.when(first).then(other).otherwise(one)


def records(
    name: str, kind: Kind, clock: Clock, of: tuple[pl.Expr, pl.Expr], fields: Mapping[str, str], only: pl.Expr | None = None
) -> tuple[Layout, ...]:
    """A flavour of the records, and the same where only beginnings of sessions are logged, or handshakes and no visits.

    Args:
        name: the flavour.
        kind: how a line holds fields.
        clock: how it writes the time.
        of: kind and subtype of a record.
        fields: its names for user, client, device, mac, url, site, address, translated (where NAT led it), zone (where it came
            from), sent, received, sni, action, serial and session; those it has.
        only: see `Layout`.
    """

    def field(key: str) -> pl.Expr:
        return pl.col(fields[key]) if key in fields else pl.lit(None, pl.String)

    what, detail = of[0].str.to_uppercase(), of[1].str.to_lowercase()
    web, traffic = (what == "URL") | ((what == "THREAT") & (detail == "url")), what == "TRAFFIC"
    handshake, action = what == "DECRYPTION", field("action")
    layout = Layout(
        name=name,
        kind=kind,
        clock=clock,
        only=known(of[0]) if only is None else only,
        event={
            "user_name": field("user"),
            "source_ip": field("client"),
            "source_mac": field("mac"),
            "host_name": field("device"),
            "destination_domain": pl.when(web)
            .then(pl.coalesce(host_of(field("url").str.strip_chars('\\"')), field("site")))
            .when(handshake)
            .then(field("sni")),
            "destination_ip": field("address"),
            "source_bytes": pl.when(traffic).then(field("sent")),
            "destination_bytes": pl.when(traffic).then(field("received")),
            "event_action": event_action(action.str.contains(_REFUSED), action.is_not_null()),
        },
        skip={
            "no traffic: settings, system or sign-in": ~(web | traffic | handshake).fill_null(value=False),
            _HANDSHAKE: handshake,
            STARTED: traffic & (detail == "start"),
            INBOUND: from_outside(field("client"), field("translated")) | (~own(field("client")) & field("zone").str.contains(_OUTSIDE)),
        },
        requests=pl.when(web | handshake).then(1).otherwise(0),
        session=pl.concat_str(field("serial").fill_null(""), field("session"), field("client"), separator=" "),
    )
    return (*with_beginnings(layout, traffic & (detail == "end")), counting(layout, _HANDSHAKE, "handshakes", web))
