"""dnstap, in which DNS servers write what they are asked (https://dnstap.info), and what DNS-collector makes of it: JSON, nested or flat, and text.

A client's query counts; a client's response does not, unless its query was not logged. What the server asks others is not a user's. The collector's
fields and its usual text: https://github.com/dmachard/DNS-collector/blob/main/docs/dnsconversions.md.
"""

import polars as pl

from discovery.answers import Answers, within
from discovery.dnstap import Dnstap
from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, only_blocked
from discovery.kinds.base import Kind
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.pattern import Pattern
from discovery.layouts.messages import WHAT, messages
from discovery.times import Epoch, Iso

_PATHS = {
    "operation": ("dnstap.operation",),
    "time": ("dnstap.timestamp-rfc3339ns", "timestamp-rfc3339", "timestamp-rfc3339ns"),
    "client": ("network.query-ip", "query-ip"),
    "name": ("dns.qname", "qname"),
    "type": ("dns.qtype", "qtype"),
    "rcode": ("dns.rcode",),
    "said": ("dns.resource-records.an",),
}
_TEXT = (
    r"(?P<time>\d{4}-\d\d-\d\dT\S+) \S+ (?P<operation>[A-Z]+_(?:QUERY|RESPONSE)) (?P<rcode>\S+) (?P<client>[0-9A-Fa-f.:]+) \S+ INET6? \S+ \S+ "
    r"(?P<name>\S+) (?P<type>[A-Z0-9]+)"
)
_NOT_ASKED = "asked by the server itself, or of it by another"


def _collected(name: str, kind: Kind, answers: Answers | None = None) -> Layout:
    return Layout(
        name=name,
        kind=kind,
        clock=Iso("time"),
        only=pl.col("client").is_not_null(),
        event={
            "source_ip": pl.col("client"),
            "destination_domain": pl.col("name"),
            "event_action": only_blocked(pl.col("rcode") == "REFUSED"),
        },
        skip={_NOT_ASKED: ~pl.col("operation").str.starts_with("CLIENT_")},
        requests=pl.when(pl.col("operation").str.ends_with("_QUERY")).then(1).otherwise(0),
        session=pl.concat_str("client", pl.col("name").str.to_lowercase(), "type", separator=" "),
        channel="dns",
        answers=answers,
    )


FORMAT = LogFormat(
    id="dnstap",
    title="dnstap",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        messages(Dnstap(), Epoch("time"), skip={_NOT_ASKED: WHAT == "server"}),
        _collected(
            "JSON",
            JsonLines(must=("operation",), paths=_PATHS),
            Answers(said=within(pl.col("said"), r'"rdata": ?"([^"]+)"'), when=pl.col("type").is_in(["A", "AAAA"])),
        ),
        _collected("text", Pattern(_TEXT, marks=(" CLIENT_", " RESOLVER_"))),
    ),
)
