"""Prisma Access and firewalls that log through Strata Logging Service, the former Cortex Data Lake: CEF, LEEF, JSON, pairs.

Fields: https://docs.paloaltonetworks.com/strata-logging-service/log-reference. Times are UTC. Of LEEF and JSON no sample was seen.
"""

import polars as pl

from discovery.format import LogFormat
from discovery.kinds.cef import Cef
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.keyvalue import KeyValue
from discovery.kinds.leef import Leef
from discovery.layouts.panos import records
from discovery.times import SYSLOG, AlwaysUtc, Clock, Epoch, FirstOf, Iso, Stamp

_NAMES = {"device": "SourceDeviceHost", "mac": "SourceDeviceMac", "url": "URL", "site": "URLDomain", "action": "Action", "session": "SessionID"}


def _when(*names: str) -> Clock:
    stamps = [AlwaysUtc(Stamp((name,), ("%b %d %Y %H:%M:%S", "%b %d %Y %H:%M:%S %Z"))) for name in names]
    return FirstOf((*stamps, *(Epoch(name) for name in names), *(AlwaysUtc(Iso(name)) for name in names), SYSLOG))


FORMAT = LogFormat(
    id="prisma-access",
    title="Prisma Access log",
    family="firewall",
    layouts=(
        *records(
            "CEF",
            Cef(vendors=("palo alto networks",), products=("lf", "cortex data lake", "strata logging service", "prisma access")),
            _when("start", "rt"),
            (pl.col("cef_signature"), pl.col("cef_name")),
            {
                "user": "suser",
                "client": "src",
                "device": "PanOSSourceDeviceHost",
                "mac": "PanOSSourceDeviceMac",
                "url": "request",
                "site": "PanOSURLDomain",
                "address": "dst",
                "sent": "out",
                "received": "in",
                "action": "act",
                "session": "cn1",
            },
        ),
        *records(
            "LEEF",
            Leef(vendors=("palo alto networks",), products=("lf", "next generation firewall", "prisma access")),
            _when("devTime", "TimeGenerated"),
            (pl.coalesce("cat", "LogType"), pl.coalesce("SubType", "Subtype")),
            {**_NAMES, "user": "usrName", "client": "src", "address": "dst", "sent": "srcBytes", "received": "dstBytes"},
        ),
        *(
            layout
            for name, kind in (
                ("JSON", JsonLines(must=("LogType",), paths={"Subtype": ("LogSubtype", "SubType")})),
                ("pairs", KeyValue(must=("LogType", "TimeGenerated"))),
            )
            for layout in records(
                name,
                kind,
                _when("TimeGenerated", "TimeReceived"),
                (pl.col("LogType"), pl.col("Subtype")),
                {
                    **_NAMES,
                    "user": "SourceUser",
                    "client": "SourceAddress",
                    "address": "DestinationAddress",
                    "sent": "BytesSent",
                    "received": "BytesReceived",
                    "translated": "NATDestination",
                    "zone": "FromZone",
                },
                pl.coalesce("TimeGenerated", "TimeReceived").is_not_null()
                & pl.coalesce("LogSourceGroupID", "DeviceSN", "LogSource", "CortexDataLakeTenantID").is_not_null(),
            )
        ),
    ),
)
