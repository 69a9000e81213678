"""Cisco Secure Web Appliance (WSA, IronPort): access log in two styles and W3C log (https://www.cisco.com/c/en/us/support/docs/security/secure-web-appliance/225832-understand-secure-web-appliance.html).

The access log begins like a caching proxy's; behind it stand the decision with the policies that led to it, and verdicts in angle brackets.
Of a transparent HTTPS connection the URL is an address, and the name stands behind the way it was fetched.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.base import Kind
from discovery.kinds.delimited import Delimited
from discovery.kinds.extended import PROXY_EVENT, UTC_CLOCK, Extended
from discovery.kinds.pattern import Pattern
from discovery.names import host_of
from discovery.times import Epoch, Zoned

_ACCESS = (
    r"(?:(?:Info: )?(?P<time>\d{9,}\.\d+) +(?P<elapsed>\d+) (?P<client>\S+)(?: \([^)]*\))? (?P<result>[A-Z][A-Z_]*/-?\d+) (?P<bytes>\d+) "
    r'(?P<method>\S+) (?P<url>\S+) (?P<user>"[^"]*"|\S+) (?P<way>[A-Z_]+)/(?P<fetched>\S+) (?:"[^"]*"|\S+) (?:[A-Z]{2,4}:\S+ |- )*'
    r"(?P<decision>[A-Z][A-Z0-9_]+(?:-[^- ]+){4})"
    r"|(?:[A-Z][a-z]{2} [A-Z][a-z]{2} [\d: ]{16} |\d+ [A-Z][a-z]{2} [\d: ]{13} \(GMT[^)]*\) )?(?P<note>(?:Info|Warning|Critical|Debug|Trace): [A-Z]))"
)
_APACHE = (
    r'(?:Info: )?(?P<client>[0-9A-Fa-f.:]+) (?P<user>"[^"]*"|\S+) (?P<other>"[^"]*"|\S+) \[(?P<time>[^\]]+)\] '
    r'"(?P<method>[A-Z_]+) (?P<url>\S+)[^"]*" (?P<status>\d{3}) (?P<bytes>\d+|-) (?P<result>[A-Z][A-Z_]+):(?P<way>[A-Z_]+) \d+ '
    r"(?P<decision>[A-Z][A-Z0-9_]+(?:-[^- ]+){4})"
)
_DEFAULT_W3C = (
    *("timestamp", "x-elapsed-time", "c-ip", "x-resultcode-httpstatus", "sc-bytes", "cs-method", "cs-url", "cs-username", "s-hierarchy"),
    *("s-hostname", "cs-mime-type", "x-acltag"),
)
_RECOMMENDED = (
    *("timestamp", "x-elapsed-time", "first", "c-ip", "x-resultcode-httpstatus", "sc-bytes", "cs-method", "cs-url", "s-hostname", "second", "third"),
    *("cs-mime-type", "x-acltag"),
)
_BY_PLACE = pl.col("timestamp").str.contains(r"^\d{9,}") & pl.col("x-acltag").str.contains(r"^[A-Z][A-Z0-9_]+(?:-[^- ]+){4}")
_HOST = host_of(pl.col("url"))
_IS_ADDRESS = _HOST.str.contains(r"^[\d.]+$|^\[")


def _action(result: pl.Expr, decision: pl.Expr) -> pl.Expr:
    refused = result.str.contains("DENIED") | decision.str.contains("^(?:BLOCK|DROP)")
    return pl.when(result.str.ends_with("/407")).then(None).when(refused.fill_null(value=False)).then(pl.lit("blocked")).otherwise(pl.lit("allowed"))


def _requests(result: pl.Expr) -> pl.Expr:
    """A request that had to bring a password comes again with it and is counted then."""
    return pl.when(result.str.ends_with("/407")).then(0).otherwise(1)


def _w3c(name: str, kind: Kind, only: pl.Expr | None = None) -> Layout:
    named = PROXY_EVENT["destination_domain"]
    result = pl.col("x-resultcode-httpstatus").fill_null("")
    return Layout(
        name=name,
        kind=kind,
        clock=UTC_CLOCK,
        only=only,
        event={
            **PROXY_EVENT,
            "destination_domain": pl.when(named.str.contains(r"^[\d.]+$|^\[")).then(pl.coalesce("s-hostname", named)).otherwise(named),
            "destination_ip": pl.coalesce(PROXY_EVENT["destination_ip"], pl.when(named.str.contains(r"^[\d.]+$|^\[")).then(named)),
            "event_action": _action(result, pl.col("x-acltag")),
        },
        requests=_requests(result),
    )


FORMAT = LogFormat(
    id="cisco-wsa",
    title="Cisco Secure Web Appliance log",
    family="proxy",
    cannot_tell=("How much was uploaded: the access log only has the size of replies.",),
    layouts=(
        Layout(
            name="access log",
            kind=Pattern(_ACCESS, marks=("TCP_", "UDP_", "NONE/")),
            clock=Epoch("time"),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client"),
                "destination_domain": pl.when(_IS_ADDRESS & (pl.col("way") == "DIRECT")).then("fetched").otherwise(_HOST),
                "destination_ip": pl.when(_IS_ADDRESS).then(_HOST),
                "destination_bytes": pl.col("bytes"),
                "event_action": _action(pl.col("result"), pl.col("decision")),
            },
            skip={"event of the device": pl.col("note").is_not_null()},
            requests=_requests(pl.col("result").fill_null("")),
        ),
        Layout(
            name="access log in Apache's style",
            kind=Pattern(_APACHE, marks=("TCP_", "UDP_", "NONE:")),
            clock=Zoned(("time",), ("%d/%b/%Y:%H:%M:%S %z",)),
            event={
                "user_name": pl.when(pl.col("user") != "-").then("user").otherwise("other"),
                "source_ip": pl.col("client"),
                "destination_domain": _HOST,
                "destination_bytes": pl.col("bytes"),
                "event_action": _action(pl.concat_str("result", "status", separator="/"), pl.col("decision")),
            },
            requests=_requests(pl.concat_str("result", "status", separator="/")),
        ),
        _w3c("W3C", Extended(must=(("x-resultcode-httpstatus", "x-acltag", "x-webcat-code-full", "x-wbrs-score"), ("cs-url", "s-hostname")))),
        *(
            _w3c(name, Delimited(" ", columns, quotes=True, comment="#", least=len(columns)), _BY_PLACE)
            for name, columns in (("W3C without header", _DEFAULT_W3C), ("W3C by syslog", ("level", *_DEFAULT_W3C)))
        ),
        _w3c(
            "W3C without header, more columns",
            Delimited(" ", _RECOMMENDED, quotes=True, comment="#", least=len(_RECOMMENDED)),
            _BY_PLACE & pl.col("c-ip").str.contains(r"^[0-9A-Fa-f.:]+$"),
        ),
    ),
)
