"""Packet captures (pcap, pcapng): names asked for in DNS over UDP and TCP, in the hello of TLS and QUIC clients and in HTTP/1 requests.

A DNS question counts, its answer does not, unless the question is not in the capture; an answer with code 5 (refused) is a verdict.
"""

import polars as pl

from discovery.capture.kind import Capture
from discovery.format import NO_PERSON, LogFormat
from discovery.layouts.messages import WHAT, messages
from discovery.times import Epoch

_NAMED = WHAT.is_in(["hello", "request"])

FORMAT = LogFormat(
    id="pcap",
    title="packet capture (pcap, pcapng)",
    family="dns",
    cannot_tell=(
        "How much was sent or received: packets are looked at for names, not added up.",
        "Names asked for over encrypted DNS, and those of a QUIC connection that began before the capture: nobody else can read them.",
        NO_PERSON,
    ),
    layouts=(
        messages(
            Capture(),
            Epoch("time", relative=True),
            event={"destination_ip": pl.when(_NAMED).then("server")},
            skip={"link layer that is not read": WHAT == "link", "packet without a name": WHAT == "other"},
            channel=pl.when(_NAMED).then(pl.lit("name")).otherwise(pl.lit("dns")),
        ),
    ),
)
