"""ProxySG access logs: W3C extended with or without its header, and key=value (Broadcom, "ProxySG Log Fields and Substitutions", SGOS 6.5–7.3).

A log sent by syslog has no header: the default orders `main` and `bcreportermain_v1` (before and since SGOS 7) are known by their places.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.delimited import Delimited
from discovery.kinds.extended import PROXY_EVENT, UTC_CLOCK, Extended
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.keyvalue import KeyValue
from discovery.times import SYSLOG, FirstOf

_SERVICE = ("x-bluecoat-location-id", "x-bluecoat-location-name", "x-bluecoat-access-type", "x-bluecoat-request-tenant-id")  # of the cloud
_CLIENT = ("date", "time", "time-taken", "c-ip")
_URL = ("cs-method", "cs-uri-scheme", "cs-host", "cs-uri-port", "cs-uri-path", "cs-uri-query")
_MAIN = (*_CLIENT, "sc-status", "s-action", "sc-bytes", "cs-bytes", *_URL, "cs-username")
_SITE = ("cs-categories", "cs(referer)", "sc-status", "s-action", "cs-method", "rs(content-type)", *_URL[1:])
_REST = ("x-exception-id", "sc-filter-result", *_SITE, "cs-uri-extension", "cs(user-agent)", "s-ip", "sc-bytes", "cs-bytes")
_REPORTER = (*_CLIENT, "cs-username", "cs-auth-group", *_REST)
_REPORTER_7 = (*_CLIENT, "cs-username", "cs-auth-group", "s-supplier-name", "s-supplier-ip", "s-supplier-country", "s-supplier-failures", *_REST)

_REFUSED = pl.any_horizontal(
    pl.col("sc-filter-result") == "DENIED", pl.col("s-action").str.contains("DENIED"), pl.col("x-exception-id").str.contains("denied")
)
_CHALLENGE = pl.col("sc-status") == "407"
_EVENT = {
    **PROXY_EVENT,
    "event_action": pl.when(_CHALLENGE).then(None).when(_REFUSED).then(pl.lit("blocked")).otherwise(pl.lit("allowed")),
}
_REQUESTS = pl.when(_CHALLENGE).then(0).otherwise(1)
_FORM = (
    pl.col("c-ip").str.contains(r"^[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]+$")
    & pl.col("s-action").str.contains(r"^(?:[A-Z][A-Z_-]+|-)$")
    & pl.col("sc-status").str.contains(r"^(?:\d+|-)$")
)
_FILTERED = pl.col("sc-filter-result").is_in(["OBSERVED", "DENIED", "PROXIED", "-"])


def _by_place(name: str, columns: tuple[str, ...], only: pl.Expr) -> Layout:
    kind = Delimited(" ", columns, quotes=True, collapse=True, comment="#", least=len(columns))
    return Layout(name=name, kind=kind, clock=UTC_CLOCK, only=_FORM & only, event=_EVENT, requests=_REQUESTS)


FORMAT = LogFormat(
    id="bluecoat-proxysg",
    title="ProxySG access log",
    family="proxy",
    layouts=(
        Layout(
            name="W3C extended",
            kind=Extended(
                must=(("s-action",), ("sc-filter-result", "cs-categories", "s-supplier-name", "x-rs-certificate-validate-status", "cs-auth-group")),
                never=_SERVICE,
            ),
            clock=UTC_CLOCK,
            event=_EVENT,
            requests=_REQUESTS,
        ),
        _by_place("main, without header", _MAIN, pl.col("cs-method").str.contains(r"^[A-Za-z_-]+$")),
        _by_place("bcreportermain_v1, without header", _REPORTER, _FILTERED),
        _by_place("bcreportermain_v1 since SGOS 7, without header", _REPORTER_7, _FILTERED),
        Layout(
            name="key=value",
            kind=KeyValue(must=("c-ip", "cs-host", "s-action")),
            clock=FirstOf((UTC_CLOCK, SYSLOG)),
            event=_EVENT,
            requests=_REQUESTS,
        ),
        Layout(
            name="JSON",
            kind=JsonLines(must=("s-action", "sc-filter-result")),
            clock=FirstOf((UTC_CLOCK, SYSLOG)),
            only=pl.coalesce(_SERVICE).is_null(),
            event=_EVENT,
            requests=_REQUESTS,
        ),
    ),
)
