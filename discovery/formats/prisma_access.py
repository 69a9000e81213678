"""Prisma Access and firewalls that log through Strata Logging Service, the former Cortex Data Lake: CEF, LEEF and JSON.

Fields: https://docs.paloaltonetworks.com/strata-logging-service/log-reference. Times are UTC. A URL record names the site, the traffic record
has the bytes at the end; both carry the session. Of LEEF and JSON no sample was seen.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.cef import Cef
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.leef import Leef
from discovery.names import host_of
from discovery.times import SYSLOG, AlwaysUtc, Clock, Epoch, FirstOf, Iso, Stamp

_REFUSED = "(?i)^(?:deny|drop|block|reset|override-lockout)"


def _when(*names: str) -> Clock:
    stamps = [AlwaysUtc(Stamp((name,), ("%b %d %Y %H:%M:%S", "%b %d %Y %H:%M:%S %Z"))) for name in names]
    return FirstOf((*stamps, *(Epoch(name) for name in names), *(AlwaysUtc(Iso(name)) for name in names), SYSLOG))


def _layout(name: str, kind: Cef | Leef | JsonLines, clock: Clock, fields: tuple[str, ...], only: pl.Expr | None = None) -> Layout:
    """The same records with other names for their fields."""
    what, detail, user, client, device, mac, url, site, address, sent, received, action, session = (pl.col(field) for field in fields)
    web = (what.str.to_uppercase() == "URL") | ((what.str.to_uppercase() == "THREAT") & (detail.str.to_lowercase() == "url"))
    traffic = what.str.to_uppercase() == "TRAFFIC"
    return Layout(
        name=name,
        kind=kind,
        clock=clock,
        only=only,
        event={
            "user_name": user,
            "source_ip": client,
            "source_mac": mac,
            "host_name": device,
            "destination_domain": pl.when(web).then(pl.coalesce(host_of(url), site)),
            "destination_ip": address,
            "source_bytes": pl.when(traffic).then(sent),
            "destination_bytes": pl.when(traffic).then(received),
            "event_action": pl.when(action.str.contains(_REFUSED)).then(pl.lit("blocked")).when(action.is_not_null()).then(pl.lit("allowed")),
        },
        skip={
            "no traffic: settings, system or sign-in": ~(web | traffic).fill_null(value=False),
            "start of a session, counted at its end": traffic & (detail.str.to_lowercase() == "start"),
        },
        requests=pl.when(web).then(1).otherwise(0),
        session=pl.concat_str(session, client, separator=" "),
    )


FORMAT = LogFormat(
    id="prisma-access",
    title="Prisma Access log",
    family="firewall",
    layouts=(
        _layout(
            "CEF",
            Cef(vendors=("palo alto networks",), products=("lf", "cortex data lake", "strata logging service", "prisma access")),
            _when("start", "rt"),
            (
                *("cef_signature", "cef_name", "suser", "src", "PanOSSourceDeviceHost", "PanOSSourceDeviceMac", "request", "PanOSURLDomain"),
                *("dst", "out", "in", "act", "cn1"),
            ),
        ),
        _layout(
            "LEEF",
            Leef(vendors=("palo alto networks",), products=("lf", "next generation firewall", "prisma access")),
            _when("devTime", "TimeGenerated"),
            (
                *("LogType", "Subtype", "usrName", "src", "SourceDeviceHost", "SourceDeviceMac", "URL", "URLDomain"),
                *("dst", "srcBytes", "dstBytes", "Action", "SessionID"),
            ),
        ),
        _layout(
            "JSON",
            JsonLines(must=("LogType",), paths={"Subtype": ("LogSubtype",)}),
            _when("TimeGenerated", "TimeReceived"),
            (
                *("LogType", "Subtype", "SourceUser", "SourceAddress", "SourceDeviceHost", "SourceDeviceMac", "URL", "URLDomain"),
                *("DestinationAddress", "BytesSent", "BytesReceived", "Action", "SessionID"),
            ),
            pl.coalesce("TimeGenerated", "TimeReceived").is_not_null()
            & pl.coalesce("LogSourceGroupID", "DeviceSN", "LogSource", "CortexDataLakeTenantID").is_not_null(),
        ),
    ),
)
