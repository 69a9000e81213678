"""What never crosses the firewall: sign-ins, consents, inventories, payments and declarations, one module each. A module with a `FORMAT` is one."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import polars as pl

from discovery import called
from discovery.observations import LogAccount
from discovery.sightings.base import DOUBTS, NOT_LISTED, SightingFormat, account

__all__ = ["DOUBTS", "SightingFormat", "account", "doubt", "listed_only", "recognise", "sighting_formats"]


@cache
def sighting_formats() -> dict[str, SightingFormat]:
    """Every format of sightings by its id."""
    modules = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    return {known.id: known for module in modules if (known := getattr(module, "FORMAT", None)) is not None}


def recognise(head: bytes, format_id: str | None = None) -> SightingFormat | None:
    """The format of sightings of a file that begins so, else None."""
    if format_id is not None:
        return sighting_formats().get(format_id)
    return next((known for known in sighting_formats().values() if known.record(head)), None)


def doubt(format_id: str, kind: str) -> str:
    """What a sighting leaves open, in words."""
    known = sighting_formats().get(format_id)
    return (known.doubt if known else None) or DOUBTS[kind]


def listed_only(usage: pl.DataFrame, told: LogAccount, match: Callable[[pl.Series], pl.DataFrame]) -> tuple[pl.DataFrame, LogAccount]:
    """Of a file that names merchants only what the catalogue knows, under the service's id: no text of any other row goes further.

    Args:
        usage: columns of `USAGE` and `ABOUT`.
        told: the account of the file.
        match: distinct names -> columns domain, match and service: `Matcher.match_all`.
    """
    known = sighting_formats().get(told.format)
    if known is None or not known.merchants:
        return usage, told
    matches = match(usage["destination_domain"]).filter(pl.col("match") == "service").select("domain", "service")
    joined = usage.join(matches, left_on="destination_domain", right_on="domain", how="left", maintain_order="left")
    kept = joined.drop_nulls("service").with_columns((called.NAME + pl.col("service")).alias("destination_domain"))
    lost = told.events - int(kept["hits"].sum())
    skipped = {**told.skipped, **({NOT_LISTED: lost} if lost else {})}
    span = {"first": kept["first"].min(), "last": kept["last"].max()}
    return kept.select(usage.columns), replace(told, events=told.events - lost, skipped=skipped, **span)  # type: ignore[arg-type]
