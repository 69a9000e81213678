"""Infoblox BloxOne (Universal DDI, Threat Defense): DNS logs that the Data Connector sends in CEF.

Mappings: https://docs.infoblox.com/space/BloxOneThreatDefense/35406922 (queries and responses) and …/35438586 (policy hits).
After these documents; the only sample seen holds records of zones, which are no requests. A response and a policy hit complete
their query; each counts only where the query itself was not logged.
"""

import polars as pl

from discovery.format import NO_BYTES, Layout, LogFormat
from discovery.kinds.cef import Cef
from discovery.kinds.jsonlines import JsonLines
from discovery.times import SYSLOG, Epoch, FirstOf, Iso

_SIGNATURE = pl.col("cef_signature")
_POLICY = _SIGNATURE.str.starts_with("RPZ")
_PASSED = r"(?i)pass|log|allow"

FORMAT = LogFormat(
    id="infoblox-bloxone",
    title="Infoblox BloxOne DNS log",
    family="dns",
    cannot_tell=(NO_BYTES,),
    layouts=(
        Layout(
            name="CEF",
            kind=Cef(vendors=("infoblox",), products=("data connector",)),
            clock=FirstOf((Epoch("rt"), Iso("rt"), SYSLOG)),
            event={
                "user_name": pl.col("suser"),
                "source_ip": pl.col("src"),
                "source_mac": pl.col("smac"),
                "host_name": pl.col("shost"),
                "destination_domain": pl.col("destinationDnsDomain"),
                "event_action": pl.when(_POLICY)
                .then(
                    pl.when(pl.coalesce("InfobloxB1PolicyAction", "cef_signature").str.contains(_PASSED))
                    .then(pl.lit("allowed"))
                    .otherwise(pl.lit("blocked"))
                )
                .when(pl.col("InfobloxDNSRCode") == "REFUSED")
                .then(pl.lit("blocked")),
            },
            skip={
                "address lease, no request": _SIGNATURE.str.starts_with("DHCP"),
                "event of the service": ~(_POLICY | _SIGNATURE.str.starts_with("DNS ")),
            },
            channel="name",
            requests=pl.when(_SIGNATURE == "DNS Query").then(1).otherwise(0),
            session=pl.concat_str(
                "src",
                pl.col("spt").fill_null(""),
                pl.col("destinationDnsDomain").str.to_lowercase().str.strip_suffix("."),
                "InfobloxDNSQType",
                separator=" ",
                ignore_nulls=True,
            ),
        ),
        Layout(
            name="records of zones",
            kind=JsonLines(must=("absolute_zone_name",)),
            clock=Iso("created_at"),
            only=pl.col("dns_absolute_zone_name").is_not_null(),
            event={},
            skip={"record of a zone, no request": pl.col("absolute_zone_name").is_not_null()},
        ),
    ),
)
