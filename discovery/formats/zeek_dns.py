"""Zeek's dns.log, tab-separated or JSON (https://docs.zeek.org/en/master/logs/dns.html)."""

import polars as pl

from discovery.answers import Answers, within
from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, only_blocked
from discovery.kinds.headed import Headed
from discovery.kinds.jsonlines import JsonLines
from discovery.times import Epoch, FirstOf, Iso

_EVENT = {
    "source_ip": pl.col("id.orig_h"),
    "destination_domain": pl.col("query"),
    "event_action": only_blocked(pl.col("rejected").is_in(["T", "true"])),
}
_PATHS = {"id.orig_h": ("id_orig_h",)}
_CLOCK = FirstOf((Epoch("ts", relative=True), Iso("ts")))
# a list of texts, or what stands between commas; those of other questions (mail servers, texts) say nothing of addresses
_ANSWERS = Answers(
    said=within(pl.col("answers"), r"([^\[\]\",\s]+)"), when=pl.col("qtype_name").is_in(["A", "AAAA"]) | pl.col("qtype").is_in(["1", "28"])
)

FORMAT = LogFormat(
    id="zeek-dns",
    title="Zeek DNS log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(name="tab-separated", kind=Headed(b"#fields", ("id.orig_h", "query")), clock=_CLOCK, event=_EVENT, channel="dns", answers=_ANSWERS),
        Layout(
            name="JSON",
            kind=JsonLines(must=("trans_id", "query", "qtype_name"), paths=_PATHS),
            clock=_CLOCK,
            event=_EVENT,
            channel="dns",
            answers=_ANSWERS,
        ),
    ),
)
