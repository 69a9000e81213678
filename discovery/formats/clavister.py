"""Clavister cOS Core: key=value syslog, and the export of its management tool with pairs in nested brackets.

After the cOS Core Log Reference Guide (https://docs.clavister.com/repo/cos-core-log-reference-guide/doc/); no sample seen but single lines.
A connection's end tells what its originator and its terminator sent; the HTTP gateway's request_url names the site.
"""

import polars as pl

from discovery.format import STARTED, Layout, LogFormat, event_action, with_beginnings
from discovery.kinds.labelled import Labelled
from discovery.kinds.reach import no_visit
from discovery.names import host_of
from discovery.times import SYSLOG, FirstOf, Iso, Stamp

_BEFORE = r"(?:1 (?P<exported>\d{4}-\S+) \S+ )?(?:\[(?P<own>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\] )?(?:EFW: )?(?:[A-Z][A-Z0-9_]* ?: ?)?$"
_EVENT = pl.col("event").str.extract(r"^(\w+)", 1)


def _bare(*names: str) -> pl.Expr:
    """The first of these values, without the quotes and brackets around it."""
    return pl.coalesce(pl.col(name).str.extract(r'^["\[ ]*([^"\[\] ]+)', 1) for name in names)


def _whole(name: str) -> pl.Expr:
    """A count, which the management tool's export writes as a decimal: 52.0."""
    return _bare(name).str.replace(r"\.\d+$", "")


_SOURCE, _DESTINATION = _bare("connsrcip", "srcip"), _bare("conndestip", "destip")
_OPEN = _EVENT.str.contains("^conn_open|^flow_open").fill_null(value=False)
_CLOSE, _NAMED = _EVENT.str.contains("^conn_close|^flow_close"), pl.col("url").is_not_null()
_REFUSED = (_EVENT.str.contains("drop|reject|deny|block") | _bare("action").is_in(["drop", "reject", "block", "deny"])).fill_null(value=False)

_LAYOUT = Layout(
    kind=Labelled(mark="=", separator=" ", marks=(" event=",), must=("id", "event"), before=_BEFORE),
    clock=FirstOf((Iso("exported"), Stamp(("own",), ("%Y-%m-%d %H:%M:%S",)), SYSLOG)),
    event={
        "user_name": _bare("connsrcuser", "srcuser", "authuser", "username", "user"),
        "source_ip": _SOURCE,
        "source_mac": _bare("srchwaddr", "hwsender"),
        "destination_domain": host_of(_bare("url")),
        "destination_ip": _DESTINATION,
        "source_bytes": _whole("origsent"),
        "destination_bytes": _whole("termsent"),
        "event_action": event_action(_REFUSED),
    },
    skip={
        STARTED: _OPEN & ~_REFUSED,
        "event of the device": _SOURCE.is_null() | _DESTINATION.is_null() | ~(_NAMED | _REFUSED | _CLOSE | _OPEN),
        **no_visit(_SOURCE, _DESTINATION),
    },
    requests=pl.when(_CLOSE).then(0).otherwise(1),
    session=pl.when(_CLOSE | _NAMED).then(
        pl.concat_str(_SOURCE, _bare("connsrcport").fill_null(""), _DESTINATION, _bare("conndestport").fill_null(""), separator=" ")
    ),
)

FORMAT = LogFormat(
    id="clavister",
    title="Clavister firewall log",
    family="firewall",
    cannot_tell=("Which site was visited, where the HTTP gateway is not used: then there are only addresses.",),
    layouts=(*with_beginnings(_LAYOUT, _CLOSE),),
)
