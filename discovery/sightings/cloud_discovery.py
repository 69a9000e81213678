"""Discovered apps as Microsoft Defender for Cloud Apps (Cloud App Discovery) exports them: an app, how many people, how much traffic.

The columns are those of its page of discovered apps (https://learn.microsoft.com/defender-cloud-apps/discovered-apps). They sum up logs that are
not here, so they count as what another program declares. Amounts are read where they are plain numbers of bytes.
"""

import polars as pl

from discovery.kinds.named import Named
from discovery.sightings.base import Record, SightingFormat
from discovery.sightings.meaning import when

_FIELDS = {
    "app": ("app", "app_name", "application", "name", "service"),
    "users": ("users", "user_count", "number_of_users", "users_count"),
    "user": ("user", "username", "user_name"),
    "upload": ("upload", "uploaded", "upload_bytes", "uploaded_bytes", "uploads", "upload_traffic", "total_upload", "uploaded_data"),
    "traffic": ("traffic", "total_traffic", "traffic_bytes", "total_traffic_bytes", "total_bytes", "total_data"),
    "score": ("score", "risk_score", "transactions", "ip_addresses", "number_of_transactions", "category"),
    "time": ("last_seen", "last_seen_utc", "last_seen_date", "date"),
}
_SUMMED = {
    "user_name": pl.col("user"),
    "times": pl.col("users"),
    "source_bytes": pl.col("upload").str.replace_all(",", ""),
    "destination_bytes": (
        pl.col("traffic").str.replace_all(",", "").cast(pl.Int64, strict=False)
        - pl.col("upload").str.replace_all(",", "").cast(pl.Int64, strict=False)
    ).clip(0),
}
_MUST = (("app",), ("traffic",), ("upload",), ("users", "user"), ("score",))

FORMAT = SightingFormat(
    id="cloud-discovery",
    title="Microsoft Cloud App Discovery export",
    records=(
        Record(kind=Named(_FIELDS, must=(*_MUST, ("time",))), sighting="declared", named=pl.col("app"), clock=when("time"), said=_SUMMED),
        Record(kind=Named(_FIELDS, must=_MUST), sighting="declared", named=pl.col("app"), said=_SUMMED, unless="last seen"),
    ),
    doubt="Cloud App Discovery counted it in logs that are not here; how was not looked at.",
)
