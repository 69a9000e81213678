"""What a log will not be able to show, told before anybody waits for findings: it names no sites, holds no requests, or knows one client only.

Each sentence says what to switch on instead, as the recipe of the format has it.
"""

from typing import Final

import polars as pl

from discovery.events import SUBJECT
from discovery.format import LogFormat
from discovery.recipes import recipe

#: How the sentences begin.
NO_SITES: Final = "This log names no sites, only addresses."
FEW_SITES: Final = "This log names almost no sites, nearly always only addresses."
NO_REQUESTS: Final = "None of these lines is a visit to a site."
ONE_CLIENT: Final = "All requests come from one client, so people cannot be told apart."
NOBODY: Final = "No request says who made it, so people cannot be told apart."

_BESIDE: Final = "take the query log of the office's DNS server of the same days beside it."
_APART: Final = (
    "If that is a router, proxy or DNS server that asks for everybody, take its own log instead, or have it pass on the clients' addresses or names."
)

#: From this share on a log names sites: addresses beside names are no fault.
_FEW: Final = 0.02
#: Fewer events may well be of one person.
_ENOUGH: Final = 20


def notes(format_: LogFormat, records: pl.DataFrame, events: int, named: int) -> tuple[str, ...]:
    """The sentences for a log of this format.

    Args:
        format_: the format.
        records: who asked: the columns of `SUBJECT`.
        events: how many events it holds.
        named: how many of them name a site.
    """
    how = recipe(format_.id)
    if not events:
        return (f"{NO_REQUESTS} To get such a log: {how.switch_on}",) if how else (NO_REQUESTS,)
    told = []
    if named < _FEW * events:
        told.append(f"{FEW_SITES if named else NO_SITES} To change that: {how.names if how and how.names else _BESIDE}")
    if events >= _ENOUGH and (lone := _lone(records)):
        told.append(f"{lone} {_APART}")
    return tuple(told)


def _lone(records: pl.DataFrame) -> str | None:
    """What to say of who asked, None where clients are told apart or persons are named."""
    if records["user_name"].null_count() < records.height:
        return None
    clients = records.select(pl.struct(SUBJECT[1:]).n_unique(), pl.all_horizontal(pl.col(*SUBJECT[1:]).is_null()).all().alias("nobody"))
    distinct, nobody = clients.row(0)
    return NOBODY if nobody else ONE_CLIENT if distinct == 1 else None
