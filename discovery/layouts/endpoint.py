"""What agents on computers write of the names that were looked up there and of the connections that were opened."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import polars as pl

from discovery.answers import Answers
from discovery.format import Layout
from discovery.kinds.base import Kind
from discovery.layouts import schema
from discovery.times import Clock

#: Accounts of Windows itself.
_MACHINE: Final = r"(?i)^(?:NT ?AUTHORITY\\.*|(?:.*\\)?(?:system|local ?service|network ?service|dwm-\d+|umfd-\d+))$"

_NO_REQUEST: Final = "no look-up or connection, or one that another record counts"


def person(account: pl.Expr) -> pl.Expr:
    """The account, where it is nobody's but a person's."""
    return pl.when((account != "") & ~account.str.contains(_MACHINE)).then(account)


def records(kind: Kind, clock: Clock, only: pl.Expr, said: Mapping[str, pl.Expr], answers: Answers | None = None) -> Layout:
    """The layout of such records; see `schema.records`."""
    bound = pl.when(~said["client"].is_in(["0.0.0.0", "::"])).then(said["client"])  # noqa: S104 (null where it has no address yet)
    layout = schema.records(kind, clock, only, {**said, "user": person(said["user"]), "client": bound}, no_request=_NO_REQUEST)
    return replace(layout, answers=answers)
