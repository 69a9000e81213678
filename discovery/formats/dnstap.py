"""dnstap, in which DNS servers write what they are asked (https://dnstap.info).

A client's query counts; a client's response does not, unless its query was not logged. What the server asks others is not a user's.
"""

import polars as pl

from discovery.answers import Answers
from discovery.dnstap import Dnstap
from discovery.format import Layout, LogFormat
from discovery.times import Epoch

_WHAT, _REFUSED = pl.col("what"), pl.col("rcode") == "5"

FORMAT = LogFormat(
    id="dnstap",
    title="dnstap",
    family="dns",
    cannot_tell=(
        "How much was sent or received: DNS only shows that a name was asked for.",
        "Which person sat at a device, without leases or a people list.",
    ),
    layouts=(
        Layout(
            kind=Dnstap(),
            clock=Epoch("time"),
            event={
                "source_ip": pl.col("client"),
                "destination_domain": pl.col("name"),
                "event_action": pl.when((_WHAT == "unasked") & _REFUSED).then(pl.lit("blocked")),
            },
            session=pl.col("session"),
            answers=Answers(said=pl.col("said").str.split(" "), when=_WHAT.is_in(["answer", "unasked"])),
            verdict=(_WHAT == "answer") & _REFUSED,
            skip={
                "asked by the server itself, or of it by another": _WHAT == "server",
                "answer, counted with its question": _WHAT == "answer",
            },
            channel="dns",
        ),
    ),
)
