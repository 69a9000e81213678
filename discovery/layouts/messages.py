"""Messages of DNS, whether a server writes them down or a capture holds their packets: the fields what, client, name, rcode, session and said."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from discovery.answers import Answers
from discovery.format import Layout, only_blocked
from discovery.kinds.base import Kind
from discovery.times import Clock

#: What a message is: a question, an answer whose question was seen, or one without (unasked).
WHAT: Final = pl.col("what")

_REFUSED: Final = pl.col("rcode") == "5"  # RFC 1035, section 4.1.1


def messages(
    kind: Kind, clock: Clock, *, skip: Mapping[str, pl.Expr], event: Mapping[str, pl.Expr] | None = None, channel: str | pl.Expr = "dns"
) -> Layout:
    """The layout of such messages: a question counts, an answer only where its question was not seen; `event` adds columns."""
    return Layout(
        kind=kind,
        clock=clock,
        event={
            "source_ip": pl.col("client"),
            "destination_domain": pl.col("name"),
            **(event or {}),
            "event_action": only_blocked((WHAT == "unasked") & _REFUSED),
        },
        session=pl.col("session"),
        answers=Answers(said=pl.col("said").str.split(" "), when=WHAT.is_in(["answer", "unasked"])),
        verdict=(WHAT == "answer") & _REFUSED,
        skip={"answer, counted with its question": WHAT == "answer", **skip},
        channel=channel,
    )
