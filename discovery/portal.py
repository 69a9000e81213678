"""The times of web consoles' exports: as a reader in the United States would write them, and in UTC whatever the console shows."""

from typing import Final

import polars as pl

#: Log Analytics (Azure Monitor) and Kibana.
WRITTEN: Final = ("%m/%d/%Y, %I:%M:%S%.f %p", "%b %d, %Y @ %H:%M:%S%.f")


def in_iso(text: pl.Expr) -> pl.Expr:
    """Such times as ISO 8601 in UTC; anything else as it is."""
    stamps = (text.str.to_datetime(form, time_unit="us", strict=False) for form in WRITTEN)
    return pl.coalesce(*(stamp.dt.to_string("%Y-%m-%dT%H:%M:%S%.6fZ") for stamp in stamps), text)
