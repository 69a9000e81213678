"""Exports of web consoles: what columns are called there, and times as Americans write them, in UTC whatever the console shows."""

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

#: Log Analytics (Azure Monitor) and Kibana.
WRITTEN: Final = ("%m/%d/%Y, %I:%M:%S%.f %p", "%b %d, %Y @ %H:%M:%S%.f")

# What spreadsheets and consoles leave out: the time of a day, the seconds.
_DATE_ONLY: Final = r"^(\d{8}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|[A-Za-z]{3,9} \d{1,2} \d{4}|\d{1,2} [A-Za-z]{3,9} \d{4})$"
_NO_SECONDS: Final = r"([ T]\d{1,2}:\d\d)( [AaPp][Mm])?$"


def whole(text: pl.Expr) -> pl.Expr:
    """Dates with a time of the day, and times with their seconds."""
    return text.str.strip_chars().str.replace_all(",", "").str.replace(_DATE_ONLY, "$1 00:00:00").str.replace(_NO_SECONDS, "$1:00$2")


def in_iso(text: pl.Expr) -> pl.Expr:
    """Such times as ISO 8601 in UTC; anything else as it is."""
    stamps = (text.str.to_datetime(form, time_unit="us", strict=False) for form in WRITTEN)
    return pl.coalesce(*(stamp.dt.to_string("%Y-%m-%dT%H:%M:%S%.6fZ") for stamp in stamps), text)


def untyped(columns: Sequence[str]) -> list[str]:
    """Names of columns without the letter that Log Analytics puts behind those of a custom table for their type: `url_s`, `timestamp_t_utc`."""
    custom = any(name.startswith("timegenerated") for name in columns)
    return [re.sub(r"_[bdgst](?:_utc)?$", "", name) if custom else name for name in columns]
