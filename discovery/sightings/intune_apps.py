"""Microsoft Intune's discovered apps: the aggregate (an app and its number of devices) and the raw export (a line for each device).

Columns are those of the reports AppInvAggregate and AppInvRawData (https://learn.microsoft.com/intune/intune-service/fundamentals/reports-export-graph-available-reports).
They hold no dates.
"""

import polars as pl

from discovery.kinds.named import Named
from discovery.sightings.base import Record, SightingFormat

_FIELDS = {
    "app": ("applicationname", "application_name", "app_name", "displayname", "display_name"),
    "version": ("applicationversion", "application_version", "applicationshortversion", "app_version", "version"),
    "count": ("devicecount", "device_count", "devices"),
    "device": ("devicename", "device_name"),
    "user": ("emailaddress", "email_address", "userprincipalname", "primary_user_upn", "username", "user_name"),
}

FORMAT = SightingFormat(
    id="intune-apps",
    title="Microsoft Intune discovered apps",
    records=(
        Record(
            kind=Named(_FIELDS, must=(("app",), ("version",), ("count", "device"))),
            sighting="installed",
            named=pl.col("app"),
            said={"user_name": pl.col("user"), "host_name": pl.col("device"), "times": pl.col("count")},
            unless=r"extension|install.?date",
        ),
    ),
)
