"""Okta's system log: who signed in to which app, as JSON of its API or of a relay, and as the administrator console's CSV.

An event names its app among its targets, as an AppInstance (https://developer.okta.com/docs/api/openapi/okta-management/management/tag/SystemLog/).
Sign-ins to Okta itself name none.
"""

import polars as pl

from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named
from discovery.sightings.base import Record, SightingFormat
from discovery.sightings.meaning import of_mail, when

_APP = r'\{[^{}]*"type":\s*"AppInstance"[^{}]*(?:\{[^{}]*\}[^{}]*)?\}'
_NAME = r'"%s":\s*"((?:[^"\\]|\\.)+)"'
_PATHS = {"event": ("eventType",), "time": ("published",), "user": ("actor.alternateId",), "result": ("outcome.result",)}
_PLACES = range(4)
_COLUMNS = {
    "event": ("event_type", "eventtype"),
    "time": ("timestamp", "published", "time"),
    "user": ("actor_alternate_id", "actor_alternateid"),
    "result": ("outcome_result",),
    **{f"{what}{n}": (f"target{n}_{what}", f"target_{n}_{what}") for n in _PLACES for what in ("type", "display_name")},
}

_SAID = {"user_name": pl.col("user"), "account": of_mail(pl.col("user"))}
_SKIP = {
    "no sign-in to an app": ~pl.col("event").str.contains(r"^user\.authentication\.sso|^app\.oauth2\.(?:signon|authorize)"),
    "sign-in that failed": pl.col("result").str.to_uppercase().is_in(["FAILURE", "DENY"]),
}

FORMAT = SightingFormat(
    id="okta-signins",
    title="Okta system log",
    records=(
        Record(
            kind=JsonLines(must=("event",), paths=_PATHS),
            sighting="sign-in",
            named=pl.coalesce(pl.col("target").str.extract(f"({_APP})").str.extract(_NAME % key) for key in ("displayName", "alternateId")),
            clock=when("time"),
            said=_SAID,
            only=pl.col("event").is_not_null() & pl.col("user").is_not_null() & pl.col("time").is_not_null(),
            skip=_SKIP,
        ),
        Record(
            kind=Named(_COLUMNS, must=(("event",), ("time",), ("user",), ("display_name0",))),
            sighting="sign-in",
            named=pl.coalesce(pl.when(pl.col(f"type{n}") == "AppInstance").then(pl.col(f"display_name{n}")) for n in _PLACES),
            clock=when("time"),
            said=_SAID,
            skip=_SKIP,
        ),
    ),
)
