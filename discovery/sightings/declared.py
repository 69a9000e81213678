"""A list of who declared what: a CSV with a column for the service (or tool, app), one for the person, and one for the day.

A column `account` may say company or personal. Any spelling of the columns below will do; the order does not matter.
"""

import polars as pl

from discovery.kinds.named import Named
from discovery.sightings.base import Record, SightingFormat
from discovery.sightings.meaning import COMPANY, PERSONAL, when

_FIELDS = {
    "service": ("service", "tool", "app", "application", "software", "product", "website", "what"),
    "person": ("declared_by", "person", "employee", "user", "username", "who", "email", "e_mail", "name"),
    "date": ("declared_on", "declared_at", "date_declared", "declaration_date", "declared", "date", "since", "used_since", "when", "timestamp"),
    "account": ("account", "account_class", "account_type"),
}
_ACCOUNT = pl.col("account").str.to_lowercase()

FORMAT = SightingFormat(
    id="declared",
    title="Declared services",
    records=(
        Record(
            kind=Named(_FIELDS, must=(("service",), ("person",), ("date",))),
            sighting="declared",
            named=pl.col("service"),
            clock=when("date"),
            said={
                "user_name": pl.col("person"),
                "account": pl.when(_ACCOUNT.str.contains("company|work|business"))
                .then(pl.lit(COMPANY))
                .when(_ACCOUNT.str.contains("personal|private|own"))
                .then(pl.lit(PERSONAL)),
            },
            unless=r"url|host|domain|\bip\b|ip_|address|bytes|amount|version|scope|permission|action|status|duration|method|extension|device|request",
        ),
    ),
)
