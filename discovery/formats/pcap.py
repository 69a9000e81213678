"""Packet captures (pcap, pcapng): names asked for in DNS over UDP and TCP, in the hello of TLS clients and in HTTP/1 requests.

A DNS question counts, its answer does not, unless the question is not in the capture; an answer with code 5 (refused) is a verdict.
"""

import polars as pl

from discovery.answers import Answers
from discovery.capture.kind import Capture
from discovery.format import Layout, LogFormat
from discovery.times import Epoch

_WHAT, _REFUSED = pl.col("what"), pl.col("rcode") == "5"

FORMAT = LogFormat(
    id="pcap",
    title="packet capture (pcap, pcapng)",
    family="dns",
    cannot_tell=(
        "How much was sent or received: packets are looked at for names, not added up.",
        "Names asked for over QUIC (HTTP/3) or encrypted DNS: their packets are not opened.",
        "Which person sat at a device, without leases or a people list.",
    ),
    layouts=(
        Layout(
            kind=Capture(),
            clock=Epoch("time", relative=True),
            event={
                "source_ip": pl.col("client"),
                "destination_domain": pl.col("name"),
                "destination_ip": pl.when(_WHAT.is_in(["hello", "request"])).then("server"),
                "event_action": pl.when((_WHAT == "unasked") & _REFUSED).then(pl.lit("blocked")),
            },
            session=pl.col("session"),
            answers=Answers(said=pl.col("said").str.split(" "), when=_WHAT.is_in(["answer", "unasked"])),
            verdict=(_WHAT == "answer") & _REFUSED,
            skip={
                "answer, counted with its question": _WHAT == "answer",
                "link layer that is not read": _WHAT == "link",
                "packet without a name": _WHAT == "other",
            },
            channel=pl.when(_WHAT.is_in(["hello", "request"])).then(pl.lit("name")).otherwise(pl.lit("dns")),
        ),
    ),
)
