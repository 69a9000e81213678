"""Netskope events as JSON (as exported, or renamed to ECS) and CEF, web transactions in W3C extended form (https://docs.netskope.com, "Events API").

A page event is a visit; an application event of the same connection says what was done there and is not counted again. Events of the API
connector tell of files in a cloud, not of traffic. Of web transactions and CEF no sample was seen.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.cef import Cef
from discovery.kinds.delimited import Delimited
from discovery.kinds.extended import PROXY_EVENT, UTC_CLOCK, Extended
from discovery.kinds.jsonlines import JsonLines
from discovery.names import host_of
from discovery.times import SYSLOG, Epoch, FirstOf, Iso

_COLUMNS = (
    *("date", "time", "time-taken", "cs-bytes", "sc-bytes", "bytes", "c-ip", "s-ip", "cs-username", "cs-method", "cs-uri-scheme", "cs-uri-query"),
    *("cs(user-agent)", "cs(content-type)", "sc-status", "sc(content-type)", "cs-dns", "cs-host", "cs-uri", "cs-uri-port", "cs(referer)"),
    *("x-cs-session-id", "x-cs-access-method"),
)
_DEVICE = ("audit", "infrastructure", "admin_audit_logs", "incident", "endpoint", "clientstatus")
_INSIDE = "netskope.events."


def _action(said: pl.Expr) -> pl.Expr:
    return event_action(said.str.contains("(?i)block|den(?:y|ied)"), said.is_not_null())


def _site(*names: str) -> pl.Expr:
    """The first name with a dot: the fields may hold a label or an application's name instead."""
    return pl.coalesce(*(pl.when(host_of(pl.col(name)).str.contains(r"[.:]")).then(host_of(pl.col(name))) for name in names))


def _once(kind: pl.Expr, connection: pl.Expr) -> pl.Expr:
    """An application event completes the page event of its connection."""
    return pl.when(kind.is_in(["nspolicy", "application"]) & (connection != "0")).then(0).otherwise(1)


def _connection(connection: pl.Expr) -> pl.Expr:
    return pl.when(connection != "0").then(connection)


def _headless(separator: str) -> Layout:
    """Web transactions as they are streamed: in the service's order, without the directive that names the columns.

    Of what is not decrypted they name the site alone, without method and scheme. Without sign-in the user is the client's address.
    """
    return Layout(
        name="web transactions without header",
        kind=Delimited(separator, _COLUMNS, quotes=True, comment="#", least=len(_COLUMNS)),
        clock=UTC_CLOCK,
        only=pl.col("date").str.contains(r"^\d{4}-\d\d-\d\d$")
        & pl.col("time").str.contains(r"^\d\d:\d\d:\d\d$")
        & pl.col("c-ip").str.contains(r"^[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]+$")
        & pl.col("cs-uri-scheme").str.contains("^(?:[a-z]+|-)$")
        & pl.col("cs-method").str.contains("^(?:[A-Z]+|-)$")
        & pl.col("x-cs-access-method").str.contains(r"^(?:Client|IPSec|GRE|[A-Z][a-z]+ [A-Z][a-z]+)$"),
        event={name: PROXY_EVENT[name] for name in ("source_bytes", "destination_bytes")}
        | {
            "user_name": pl.when(pl.col("cs-username") != pl.col("c-ip")).then("cs-username"),
            "source_ip": pl.col("c-ip"),
            "destination_domain": host_of(pl.col("cs-host")),
        },
    )


FORMAT = LogFormat(
    id="netskope",
    title="Netskope log",
    family="proxy",
    layouts=(
        Layout(
            name="web transactions",
            kind=Extended(
                must=(("x-cs-access-method", "x-cs-app", "x-cs-site", "x-cs-timestamp", "x-policy-action"), ("cs-host", "cs-uri", "x-cs-sni"))
            ),
            clock=FirstOf((UTC_CLOCK, Epoch("x-cs-timestamp"))),
            event={
                **PROXY_EVENT,
                "source_ip": pl.coalesce("c-ip", "x-cs-src-ip"),
                "destination_domain": pl.coalesce(PROXY_EVENT["destination_domain"], "x-cs-sni"),
                "destination_ip": pl.coalesce(PROXY_EVENT["destination_ip"], "x-cs-dst-ip"),
                "event_action": _action(pl.col("x-policy-action")),
            },
        ),
        _headless(" "),
        _headless(","),
        Layout(
            name="events",
            kind=JsonLines(must=("_insertion_epoch_timestamp", "ccl", "access_method", "traffic_type")),
            clock=FirstOf((Epoch("timestamp"), Iso("timestamp"), Epoch("_insertion_epoch_timestamp"))),
            only=pl.coalesce("type", "alert_type", "access_method").is_not_null() | (pl.col("userip").is_not_null() & pl.col("page").is_not_null()),
            event={
                "user_name": pl.coalesce("user", "ur_normalized"),
                "source_ip": pl.coalesce("userip", "srcip"),
                "host_name": pl.col("hostname"),
                "destination_domain": _site("url", "domain", "dsthost", "page", "site"),
                "destination_ip": pl.col("dstip"),
                "source_bytes": pl.col("client_bytes"),
                "destination_bytes": pl.col("server_bytes"),
                "event_action": _action(pl.col("action")),
            },
            skip={
                "no traffic: settings, system or alarm": pl.col("type").is_in(_DEVICE),
                "seen by the API connector in a cloud, not on the network": pl.col("access_method") == "API Connector",
            },
            requests=_once(pl.col("type"), pl.col("connection_id")),
            session=_connection(pl.col("connection_id")),
        ),
        Layout(
            name="events in ECS",
            kind=JsonLines(must=(_INSIDE + "event_type", _INSIDE + "type", _INSIDE + "access_method")),
            clock=FirstOf((Iso("@timestamp"), Epoch("@timestamp"))),
            event={
                "user_name": pl.coalesce("user.email.1", "user.name"),
                "source_ip": pl.coalesce("source.ip", _INSIDE + "user.ip"),
                "host_name": pl.col("host.hostname"),
                "destination_domain": _site("destination.domain", _INSIDE + "domain", _INSIDE + "url", _INSIDE + "page"),
                "destination_ip": pl.col("destination.ip"),
                "source_bytes": pl.col("client.bytes"),
                "destination_bytes": pl.col("server.bytes"),
                "event_action": _action(pl.col("event.action")),
            },
            skip={
                "no traffic: settings, system or alarm": pl.col(_INSIDE + "event_type").is_in(_DEVICE),
                "seen by the API connector in a cloud, not on the network": pl.col(_INSIDE + "access_method") == "API Connector",
            },
            requests=_once(pl.col(_INSIDE + "event_type"), pl.col(_INSIDE + "connection.id")),
            session=_connection(pl.col(_INSIDE + "connection.id")),
        ),
        Layout(
            name="CEF",
            kind=Cef(vendors=("netskope",)),
            clock=FirstOf((Epoch("rt"), Epoch("timestamp"), SYSLOG)),
            event={
                "user_name": pl.coalesce("suser", "duser"),
                "source_ip": pl.col("src"),
                "host_name": pl.col("shost"),
                "destination_domain": _site("request", "url", "dhost", "destinationDnsDomain"),
                "destination_ip": pl.col("dst"),
                "source_bytes": pl.col("out"),
                "destination_bytes": pl.col("in"),
                "event_action": _action(pl.coalesce("act", "action")),
            },
            skip={"no traffic: settings, system or alarm": pl.col("cef_product").str.to_lowercase().is_in(_DEVICE)},
        ),
    ),
)
