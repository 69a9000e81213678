"""Consents to apps in Microsoft Entra: the directory's audit log (CSV, JSON), lists of delegated permissions, and of enterprise applications.

The audit log tells of activities such as "Consent to application" (https://learn.microsoft.com/graph/api/resources/directoryaudit); lists are
those that administrators' scripts make of `oAuth2PermissionGrant`. A consent for everybody names nobody.
"""

import polars as pl

from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named
from discovery.sightings.base import Record, SightingFormat
from discovery.sightings.meaning import grants, when
from discovery.times import InUtc

_LIST = {
    "app": (
        *("app_name", "application_name", "appdisplayname", "app_display_name", "clientdisplayname", "client_display_name", "application", "app"),
        *("applicationname", "serviceprincipalname", "service_principal_name", "serviceprincipal", "clientname", "client_name", "client"),
    ),
    "scopes": ("permissions", "permission", "scopes", "scope", "granted_permissions", "claim_value"),
    "user": ("principaldisplayname", "user_principal_name", "userprincipalname", "principal", "consented_by", "granted_by", "user", "username"),
    "time": ("consent_date", "granted_on", "consented_on", "date_utc", "createddatetime", "created_date_time", "starttime", "date", "time"),
    "way": ("consenttype", "consent_type", "permission_type", "permissiontype", "publisher", "publisher_name", "verified_publisher"),
}
_ENTERPRISE = {
    "app": ("displayname", "display_name", "name"),
    "id": ("appid", "app_id", "application_id"),
    "time": ("createddatetime", "created_date_time", "created_on", "created"),
    "about": ("applicationtype", "application_type", "publishername", "publisher_name", "homepage", "homepageurl", "serviceprincipaltype"),
}
_AUDIT = {
    "activity": ("activity", "activitydisplayname", "operationname", "operation_name"),
    "app": ("target1displayname", "target_1_display_name", "targets", "target_s"),
    "scopes": tuple(f"target1modifiedproperty{n}newvalue" for n in (5, 4, 3, 2, 1)),
    "user": ("actoruserprincipalname", "actor_user_principal_name", "initiated_by_actor"),
    "time": ("date_utc", "date", "activitydatetime"),
    "result": ("result", "status"),
}
_PATHS = {
    "activity": ("activityDisplayName", "properties.activityDisplayName", "operationName", "OperationName"),
    "targets": ("targetResources", "properties.targetResources", "TargetResources"),
    "user": (
        "initiatedBy.user.userPrincipalName",
        "properties.initiatedBy.user.userPrincipalName",
        "InitiatedBy.user.userPrincipalName",
    ),
    "time": ("activityDateTime", "properties.activityDateTime", "TimeGenerated"),
    "result": ("properties.result", "Result"),
}
#: Of the unified audit log (https://learn.microsoft.com/purview/audit-log-detailed-properties).
_UNIFIED = {"activity": ("Operation",), "targets": ("Target",), "user": ("UserId",), "time": ("CreationTime",), "result": ("ResultStatus",)}
_TARGET = r'"ID":\s*"([^"]+)",\s*"Type":\s*1\b'  # the name of what was changed
_GRANTED = pl.col("activity").str.contains("(?i)^(?:consent to application|add delegated permission grant|add oauth2permissiongrant)")
_NO_CONSENT = {"not a consent": ~_GRANTED, "consent that failed": pl.col("result").str.contains("(?i)^fail")}
_USER = {"user_name": pl.col("user"), "stranger": pl.col("user").str.contains("(?i)#ext#")}

FORMAT = SightingFormat(
    id="entra-consents",
    title="Microsoft Entra app consents",
    records=(
        Record(
            kind=Named(_AUDIT, must=(("activity",), ("app",), ("time",), ("user",))),
            sighting="consent",
            named=pl.col("app"),
            clock=when("time"),
            said={**_USER, "grants": grants(pl.col("scopes"))},
            skip=_NO_CONSENT,
        ),
        Record(
            kind=JsonLines(must=("targets",), paths=_PATHS),
            sighting="consent",
            named=pl.col("targets").str.json_path_match("$[0].displayName"),
            clock=when("time"),
            said={**_USER, "grants": grants(pl.col("targets"))},
            only=pl.col("activity").is_not_null() & pl.col("targets").str.starts_with("["),
            skip=_NO_CONSENT,
        ),
        Record(
            kind=JsonLines(must=("targets",), paths={**_UNIFIED, "changes": ("ModifiedProperties",)}),
            sighting="consent",
            named=pl.col("targets").str.extract(_TARGET),
            clock=InUtc("time", "%Y-%m-%dT%H:%M:%S"),
            said={**_USER, "grants": grants(pl.col("changes"))},
            only=pl.col("activity").is_not_null() & pl.col("targets").str.starts_with("["),
            skip=_NO_CONSENT,
        ),
        Record(
            kind=Named(_LIST, must=(("app",), ("scopes",), ("time",), ("user", "way"))),
            sighting="consent",
            named=pl.col("app"),
            clock=when("time"),
            said={**_USER, "grants": grants(pl.col("scopes"))},
            unless=r"client.?id|event|\burl\b|host|domain|bytes",
        ),
        Record(
            kind=Named(_LIST, must=(("app",), ("scopes",), ("way",))),
            sighting="consent",
            named=pl.col("app"),
            said={**_USER, "grants": grants(pl.col("scopes"))},
            unless=r"client.?id\b|event|\burl\b|host|domain|bytes|extension",
        ),
        Record(
            kind=Named(_ENTERPRISE, must=(("app",), ("id",), ("time",), ("about",))),
            sighting="consent",
            named=pl.col("app"),
            clock=when("time"),
            unless=r"version|device|extension|scope|permission",
        ),
    ),
)
