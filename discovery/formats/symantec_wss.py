"""Symantec Web Security Service (now Cloud SWG): W3C extended, in the fixed order of its log download (Broadcom, "WSS: Access Log Formats").

Written after the vendor's documented field list; no sample seen. The older Symantec Web Security numbers its fields: 10 the user, 11 the client,
60 the URL, 1000 the server, 2 the event.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.delimited import Delimited
from discovery.kinds.extended import PROXY_EVENT, UTC_CLOCK, Extended
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import Stamp

_ORDER = (
    *("x-bluecoat-request-tenant-id", "date", "time", "x-bluecoat-appliance-name", "time-taken", "c-ip", "cs-userdn", "cs-auth-groups"),
    *("x-exception-id", "sc-filter-result", "cs-categories", "cs(referer)", "sc-status", "s-action", "cs-method", "rs(content-type)"),
    *("cs-uri-scheme", "cs-host", "cs-uri-port", "cs-uri-path", "cs-uri-query", "cs-uri-extension", "cs(user-agent)", "s-ip", "sc-bytes", "cs-bytes"),
)
_SERVICE = ("x-bluecoat-request-tenant-id", "x-bluecoat-location-id", "x-bluecoat-location-name", "x-bluecoat-access-type")
_REFUSED = pl.any_horizontal(pl.col("sc-filter-result") == "DENIED", pl.col("x-exception-id").str.contains("denied"))
_CHALLENGE = pl.col("sc-status") == "407"
_EVENT = {
    **PROXY_EVENT,
    "host_name": pl.coalesce("x-client-device-name", "c-dns"),
    "event_action": pl.when(_CHALLENGE).then(None).when(_REFUSED).then(pl.lit("blocked")).otherwise(pl.lit("allowed")),
}
_REQUESTS = pl.when(_CHALLENGE).then(0).otherwise(1)


def _numbered(number: int) -> pl.Expr:
    return pl.col("rest").str.extract(rf",{number}=([^,]*)", 1)


FORMAT = LogFormat(
    id="symantec-wss",
    title="Symantec Web Security Service log",
    family="proxy",
    layouts=(
        Layout(
            name="W3C extended",
            kind=Extended(
                must=(
                    _SERVICE,
                    ("cs-host", "cs-uri"),
                )
            ),
            clock=UTC_CLOCK,
            event=_EVENT,
            requests=_REQUESTS,
        ),
        Layout(
            name="without header",
            kind=Delimited(" ", _ORDER, quotes=True, comment="#", least=len(_ORDER)),
            clock=UTC_CLOCK,
            only=pl.col("sc-filter-result").is_in(["OBSERVED", "DENIED", "PROXIED", "-"])
            & pl.col("date").str.contains(r"^\d{4}-\d\d-\d\d$")
            & pl.col("c-ip").str.contains(r"^[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]+$"),
            event=_EVENT,
            requests=_REQUESTS,
        ),
        Layout(
            name="JSON",
            kind=JsonLines(must=_SERVICE),
            clock=UTC_CLOCK,
            only=pl.coalesce("cs-host", "cs-uri").is_not_null(),
            event=_EVENT,
            requests=_REQUESTS,
        ),
        Layout(
            name="Symantec Web Security",
            kind=Pattern(r"(?P<date>\d{8}),(?P<hour>\d{1,2}?)(?P<minute>\d\d)(?P<second>\d\d)(?P<rest>,1=\d+,\d+=.*)", marks=(",1=",)),
            clock=Stamp(("date", "hour", "minute", "second"), ("%Y%m%d %H %M %S",)),
            event={
                "user_name": _numbered(10),
                "source_ip": _numbered(11),
                "destination_domain": host_of(_numbered(60)),
                "destination_ip": _numbered(1000),
            },
            skip={"sign-in or event of the device": _numbered(60).is_null()},
            channel="name",
        ),
    ),
)
