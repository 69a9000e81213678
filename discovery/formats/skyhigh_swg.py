"""Skyhigh Secure Web Gateway (McAfee Web Gateway): access log, key=value, CEF and LEEF by syslog, and the cloud's log download as CSV or key=value.

The gateway's log is built by a rule and may differ; these are the vendor's default access log (its columns stand in a comment at the top), its
SIEM rule (`bytes` is from the client, to the server, from the server, to the client), a widespread one whose `block_id` is 0 for what
passed, and the cloud's documented columns (Skyhigh Security, "Web Gateway: access log" and "Reporting fields of the log download"). Of the
cloud's log download no sample was seen.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.cef import Cef
from discovery.kinds.delimited import Delimited
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.keyvalue import KeyValue
from discovery.kinds.labelled import Labelled
from discovery.kinds.leef import Leef
from discovery.kinds.pattern import Pattern
from discovery.layouts import gateway
from discovery.names import host_of
from discovery.times import SYSLOG, Epoch, FirstOf, InUtc, Iso, Zoned

_ACCESS = (
    r'(?:(?P<note>#)|\[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "(?P<user>[^"]*)" (?P<client>\S+) (?P<status>\d+) '
    r'"(?P<method>[A-Z_-]*) ?(?P<url>[^" ]*)[^"]*" "[^"]*" "[^"]*" "[^"]*" (?P<bytes>\d+)(?: \d+)* "[^"]*" "[^"]*" "(?P<refused>[^"]*)")'
)
_STATUS, _BYTES = pl.col("status").str.extract(r"^(\d+)", 1), pl.col("bytes").str.split("/")
_CODE = pl.col("http_status_code")
_COLUMNS = (
    *("user_id", "username", "source_ip", "http_action", "server_to_client_bytes", "client_to_server_bytes", "requested_host", "requested_path"),
    *("result", "virus", "request_timestamp_epoch", "request_timestamp", "uri_scheme", "category", "media_type", "application_type", "reputation"),
    *("last_rule", "http_status_code", "client_ip"),
)
_CLOUD = {
    "user_name": pl.coalesce("username", "user_id"),
    "source_ip": pl.coalesce(pl.when(pl.col("client_ip") != "").then("client_ip"), "source_ip"),
    "destination_domain": pl.col("requested_host"),
    "source_bytes": pl.col("client_to_server_bytes"),
    "destination_bytes": pl.col("server_to_client_bytes"),
    "event_action": event_action(pl.col("result").str.contains("(?i)block|denied")),
}
_CLOUD_CLOCK = FirstOf((Epoch("request_timestamp_epoch"), Epoch("timestamp_epoch"), InUtc("request_timestamp", "%Y-%m-%d %H:%M:%S")))


def _requests(status: pl.Expr) -> pl.Expr:
    """A request that had to bring a password comes again with it and is counted then."""
    return pl.when(status == "407").then(0).otherwise(1)


_VENDORS, _PRODUCTS = ("mcafee", "skyhigh security", "skyhigh", "musarubra"), ("web gateway", "secure web gateway", "skyhigh swg")


def _verdict(said: pl.Expr) -> pl.Expr:
    return event_action(said.str.contains("(?i)block|den(?:y|ied)"))


def _named(separator: str) -> Layout:
    """The fields of the access log by name; the reason 0 stands for what passed, and one of 80 to 84 asks who it is."""
    reason = pl.col("block_res").fill_null("")
    asked = reason.str.contains("^8[0-4]$")
    return Layout(
        name=f"access log by name, between {separator}",
        kind=Labelled(mark="=", separator=separator, marks=("time_stamp=[",), must=("time_stamp", "src_ip", "block_res")),
        clock=Zoned(("time_stamp",), ("[%d/%b/%Y:%H:%M:%S %z]",)),
        event={
            "user_name": pl.col("auth_user"),
            "source_ip": pl.col("src_ip"),
            "destination_domain": host_of(pl.coalesce("url", "host", pl.col("req_line").str.extract(r"^\S+ (\S+)", 1))),
            "source_bytes": pl.col("bytes_from_client"),
            "destination_bytes": pl.col("bytes_to_client"),
            "event_action": pl.when(asked).then(None).otherwise(event_action(~reason.is_in(["", "0"]))),
        },
        requests=pl.when(asked).then(0).otherwise(1),
    )


FORMAT = LogFormat(
    id="skyhigh-swg",
    title="Skyhigh (McAfee) Web Gateway log",
    family="proxy",
    layouts=(
        Layout(
            name="access log",
            kind=Pattern(_ACCESS, marks=('] "',)),
            clock=Zoned(("time",), ("%d/%b/%Y:%H:%M:%S %z",)),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client"),
                "destination_domain": host_of(pl.col("url")),
                "destination_bytes": pl.col("bytes"),
                "event_action": pl.when(_STATUS == "407")
                .then(None)
                .when(~pl.col("refused").is_in(["", "0", "-"]))
                .then(pl.lit("blocked"))
                .otherwise(pl.lit("allowed")),
            },
            skip={"comment": pl.col("note").is_not_null()},
            requests=_requests(_STATUS),
        ),
        Layout(
            name="key=value",
            kind=KeyValue(must=("srcip", "dhost", "urlp", "mtd")),
            clock=SYSLOG,
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("srcip"),
                "destination_domain": pl.coalesce("dhost", host_of(pl.col("url"))),
                "destination_ip": pl.col("destip"),
                "source_bytes": _BYTES.list.get(0, null_on_oob=True),
                "destination_bytes": _BYTES.list.get(3, null_on_oob=True),
                "event_action": pl.when(_STATUS == "407")
                .then(None)
                .when(pl.col("rule").str.contains("(?i)block"))
                .then(pl.lit("blocked"))
                .otherwise(pl.lit("allowed")),
            },
            requests=_requests(_STATUS),
        ),
        Layout(
            name="key=value with the request's first line",
            kind=KeyValue(must=("http_request_first_line", "destination_host", "source_ip", "block_id")),
            clock=FirstOf((Iso("date"), SYSLOG)),
            event={
                "user_name": pl.col("username"),
                "source_ip": pl.col("source_ip"),
                "destination_domain": pl.coalesce(
                    pl.when(pl.col("destination_host") != "").then("destination_host"),
                    host_of(pl.col("http_request_first_line").str.extract(r"^\S+ (\S+)", 1)),
                ),
                "destination_ip": pl.when(pl.col("destination_ip") != "255.255.255.255").then("destination_ip"),
                "source_bytes": pl.col("source_bytes"),
                "destination_bytes": pl.col("destination_bytes"),
                "event_action": pl.when(_CODE == "407")
                .then(None)
                .when(pl.col("block_id") != "0")
                .then(pl.lit("blocked"))
                .otherwise(pl.lit("allowed")),
            },
            requests=_requests(_CODE),
        ),
        _named("|"),
        _named(" "),
        gateway.cef(
            Cef(vendors=_VENDORS, products=_PRODUCTS),
            user_name=pl.col("suser"),
            destination_domain=pl.coalesce(host_of(pl.col("request")), "dhost"),
            event_action=_verdict(pl.coalesce("act", "cef_name")),
        ),
        gateway.leef(
            Leef(vendors=_VENDORS, products=_PRODUCTS),
            user_name=pl.col("usrName"),
            destination_domain=host_of(pl.coalesce("url", "request")),
            event_action=_verdict(pl.coalesce("action", pl.when(pl.col("blockReason") != "").then(pl.lit("block")))),
        ),
        Layout(
            name="cloud CSV",
            kind=Delimited(",", quotes=True, lead=True, least=8),
            clock=_CLOUD_CLOCK,
            only=pl.col("requested_host").is_not_null() & pl.col("client_to_server_bytes").is_not_null(),
            event=_CLOUD,
        ),
        Layout(
            name="cloud CSV without header",
            kind=Delimited(",", _COLUMNS, quotes=True, lead=True, least=len(_COLUMNS)),
            clock=_CLOUD_CLOCK,
            only=pl.col("request_timestamp_epoch").str.contains(r"^\d{10}$") & pl.col("request_timestamp").str.contains(r"^\d{4}-\d\d-\d\d "),
            event=_CLOUD,
        ),
        Layout(
            name="cloud JSON",
            kind=JsonLines(must=("requested_host",)),
            clock=_CLOUD_CLOCK,
            only=pl.col("client_to_server_bytes").is_not_null(),
            event=_CLOUD,
        ),
        Layout(
            name="cloud key=value",
            kind=KeyValue(must=("requested_host", "server_to_client_bytes")),
            clock=FirstOf((_CLOUD_CLOCK, SYSLOG)),
            event=_CLOUD,
        ),
    ),
)
