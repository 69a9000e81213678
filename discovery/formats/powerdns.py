"""PowerDNS: questions logged by Recursor (`quiet=no`), as text, structured text or JSON, and by dnsdist, its LogAction and its talk with `--verbose`.

https://doc.powerdns.com/recursor/settings.html#quiet and https://www.dnsdist.org/reference/actions.html#LogAction. After documentation and
source; no sample seen. An answer of dnsdist repeats its question and counts only where that was not logged.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, only_blocked
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.keyvalue import KeyValue
from discovery.kinds.pattern import Pattern
from discovery.times import SYSLOG, Epoch, FirstOf

_ADDRESS = r"\[[0-9A-Fa-f:.%\w]+\]:\d+|[0-9.]+:\d+|[0-9A-Fa-f:.]+"
_LINE = (
    rf"(?:\d+ )?(?:\[\d+/\d+\] |\[\d+\] )?(?:question for '|Got query for )(?P<question>[^'|]+)\|(?P<question_type>[A-Z0-9]+)'? "
    rf"from (?P<asker>{_ADDRESS})"
    rf"|(?:\[(?P<epoch>\d{{9,11}}\.\d+)\] )?(?:Packet from|Answer to) (?P<client>{_ADDRESS}) for (?P<name>\S+) (?P<type>[A-Z0-9]+) "
    r"(?:\((?P<rcode>[^)]+)\) )?with id (?P<id>\d+)"
    r"|(?P<note>(?:\d+ )?\[\d+(?:/\d+)?\] answer to question '|Got answer from )"
)
_QUESTION = {"source_ip": pl.coalesce("source", "remote"), "destination_domain": pl.col("qname")}
_NO_QUESTION = {"answer or event of the server, no question": pl.col("msg") != "Question"}

FORMAT = LogFormat(
    id="powerdns",
    title="PowerDNS Recursor or dnsdist query log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            name="text",
            kind=Pattern(_LINE, marks=("question for '", "answer to question '", "Got query for ", "Packet from ", "Answer to ")),
            clock=FirstOf((Epoch("epoch"), SYSLOG)),
            event={
                "source_ip": pl.coalesce("asker", "client"),
                "destination_domain": pl.coalesce("question", "name"),
                "event_action": only_blocked(pl.col("rcode").str.to_lowercase() == "refused"),
            },
            skip={"answer or event of the server, no question": pl.col("note").is_not_null()},
            channel="dns",
            requests=pl.when(pl.col("rcode").is_null()).then(1).otherwise(0),
            session=pl.concat_str(pl.coalesce("asker", "client"), pl.coalesce("question", "name"), "id", separator=" ", ignore_nulls=True),
        ),
        Layout(
            name="structured",
            kind=KeyValue(must=("msg", "subsystem", "prio")),
            clock=FirstOf((Epoch("ts"), SYSLOG)),
            event=_QUESTION,
            skip=_NO_QUESTION,
            channel="dns",
        ),
        Layout(
            name="structured, JSON",
            kind=JsonLines(must=("subsystem",)),
            clock=FirstOf((Epoch("ts"), SYSLOG)),
            only=pl.col("msg").is_not_null() & pl.col("priority").is_not_null(),
            event=_QUESTION,
            skip=_NO_QUESTION,
            channel="dns",
        ),
    ),
)
