"""An inventory of browser extensions as CSV: of a management console, or made with a script. A line is an extension, perhaps of a device or a person.

Any spelling of the columns below will do. The name is what matters: ids are not matched, for the catalogue knows none.
"""

import polars as pl

from discovery.kinds.named import Named
from discovery.sightings.base import Record, SightingFormat
from discovery.sightings.meaning import when

_FIELDS = {
    "id": ("extension_id", "extensionid", "extension_identifier", "addon_id", "add_on_id", "crx_id", "browserextensionid", "identifier", "app_id"),
    "name": ("extension_name", "extensionname", "extension", "app_name", "addon_name", "add_on_name", "name", "title", "display_name"),
    "version": ("version", "extension_version", "extensionversion", "browser", "browser_name"),
    "count": ("installs", "install_count", "device_count", "devices", "number_of_installs", "number_of_installations"),
    "device": ("device", "device_name", "devicename", "computer", "computer_name", "machine", "hostname", "host"),
    "user": ("user", "username", "user_name", "email", "profile_user", "upn", "user_principal_name"),
    "time": (
        "last_seen",
        "first_seen",
        "installed_on",
        "installed_at",
        "installation_date",
        "install_date",
        "installation_time",
        "installationtime",
        "date",
        "collected_at",
    ),
}
_DATED, _UNDATED = (Named(_FIELDS, must=(("id",), ("name",), *more)) for more in ((("time",),), ()))
#: Columns that lists of apps and tables of connections with the same names have, which are no extensions.
_NO_EXTENSIONS = r"scope|consent|permission.?type|client.?id|event|score|application.?type|(?:src|dst|source|destination).?(?:ip|addr)"
_SAID = {"user_name": pl.col("user"), "host_name": pl.col("device"), "times": pl.col("count")}

FORMAT = SightingFormat(
    id="browser-extensions",
    title="Inventory of browser extensions",
    records=(
        Record(kind=_DATED, sighting="installed", named=pl.col("name"), clock=when("time"), said=_SAID, unless=_NO_EXTENSIONS),
        Record(kind=_UNDATED, sighting="installed", named=pl.col("name"), said=_SAID, unless=_NO_EXTENSIONS),
    ),
)
