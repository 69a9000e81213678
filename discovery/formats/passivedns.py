"""passivedns, which watches the answers of name servers on a network: a line for each record, between double bars, or as JSON.

Fields are those of https://github.com/gamelinux/passivedns (doc/ and its option -f): time, client, server, class, name, type, answer, time to live,
and how often the record was seen since it was written last.
"""

import polars as pl

from discovery.answers import Answers
from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.pattern import Pattern
from discovery.times import Epoch

_LINE = (
    r"(?P<time>\d{9,11}\.\d+)\|\|(?P<client>[0-9A-Fa-f.:]+)\|\|[0-9A-Fa-f.:]+\|\|[A-Z]+\|\|(?P<query>[^|]*)\|\|(?P<type>\w+)\|\|"
    r"(?P<answer>.*?)\|\|\d*(?:\|\|\d*)?$"
)
_EVENT = {"source_ip": pl.col("client"), "destination_domain": pl.col("query")}
_ANSWERS = Answers(said=pl.concat_list("answer"), when=pl.col("type").is_in(["A", "AAAA", "CNAME"]))

FORMAT = LogFormat(
    id="passivedns",
    title="passivedns log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(name="bars", kind=Pattern(_LINE, marks=("||",)), clock=Epoch("time"), event=_EVENT, channel="dns", answers=_ANSWERS),
        Layout(
            name="JSON",
            kind=JsonLines(must=("timestamp_s",)),
            clock=Epoch("timestamp_s"),
            only=pl.col("query").is_not_null() & pl.col("answer").is_not_null(),
            event=_EVENT,
            channel="dns",
            answers=_ANSWERS,
        ),
    ),
)
