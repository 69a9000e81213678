"""Packets logged by the Linux kernel's filter: iptables, nftables, ufw, firewalld, Shorewall, Proxmox; ipchains, its forerunner; and connections.

What became of a packet only stands in the prefix that the administrator chose (https://www.netfilter.org/documentation/, iptables-extensions(8)).
Connections are those that ulogd writes when the kernel forgets them (its plugins NFCT and PRINTFLOW), with the bytes of both directions.
"""

import polars as pl

from discovery.format import NO_NAMES, NO_PERSON, STARTED, Layout, LogFormat, event_action, with_beginnings
from discovery.kinds.netfilter import NAMED_RULE, NO_VISIT, PACKET, REQUESTS, WHO_AND_WHERE
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import no_visit
from discovery.times import SYSLOG, FirstOf, Zoned

_KERNEL = (
    r"(?:\d+ \d+ \S+ (?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}) )?(?:\[ *\d+\.\d+\] ?)?"
    rf"(?:(?P<prefix>[^=]*?)\b{PACKET}|(?P<note>\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d [A-Z]+: .*))"
)
_CHAINS = r"Packet log: \S+ (?P<prefix>[A-Z]+) \S+ PROTO=\d+ (?P<source>[\d.]+):\d+ (?P<destination>[\d.]+):\d+ "
_CONNECTION = (
    r".*?\[(?P<state>NEW|UPDATE|DESTROY)\] .*?\bSRC=(?P<source>[0-9A-Fa-f.:]+) DST=(?P<destination>[0-9A-Fa-f.:]+) .*?\bPROTO=\S+ "
    r".*?PKTS=\d+ BYTES=(?P<sent>\d+) ?, REPLY: .*?PKTS=\d+ BYTES=(?P<received>\d+)"
)
_PREFIX = pl.col("prefix")
_ACTION = event_action(
    _PREFIX.str.contains(r"(?i)drop|den(?:y|ied)|reject|/rej/|block|-[DR](?:-\d+)?\]"),
    _PREFIX.str.contains(r"(?i)accept|allow|pass|permit|\bacc\b|-A(?:-\d+)?\]"),
)

_CONNECTIONS = Layout(
    name="connections",
    kind=Pattern(_CONNECTION, marks=(" REPLY: ",)),
    clock=SYSLOG,
    event={
        "source_ip": pl.col("source"),
        "destination_ip": pl.col("destination"),
        "source_bytes": pl.col("sent"),
        "destination_bytes": pl.col("received"),
    },
    skip={
        STARTED: pl.col("state") == "NEW",
        "interim record of a session, counted at its end": pl.col("state") == "UPDATE",
        "within the machine itself": pl.col("source").str.contains(r"^127\."),
        **no_visit(pl.col("source"), pl.col("destination")),
    },
)

FORMAT = LogFormat(
    id="iptables",
    title="Linux firewall log (iptables, nftables, ufw)",
    family="firewall",
    cannot_tell=(NO_NAMES, "How much was sent or received: each line is one packet.", NO_PERSON),
    layouts=(
        Layout(
            kind=Pattern(_KERNEL),
            clock=FirstOf((Zoned(("time",), ("%d/%b/%Y:%H:%M:%S %z",)), SYSLOG)),
            only=(pl.col("source").is_not_null() | (pl.col("syslog_tag") == "firewalld")) & ~_PREFIX.fill_null("").str.contains(NAMED_RULE),
            event={**WHO_AND_WHERE, "event_action": _ACTION},
            skip={"event of the device": pl.col("source").is_null(), **NO_VISIT},
            requests=REQUESTS,
        ),
        *with_beginnings(_CONNECTIONS, pl.col("state") == "DESTROY"),
        Layout(
            name="ipchains",
            kind=Pattern(_CHAINS, marks=("Packet log: ",)),
            clock=SYSLOG,
            event={"source_ip": pl.col("source"), "destination_ip": pl.col("destination"), "event_action": _ACTION},
            skip=no_visit(pl.col("source"), pl.col("destination")),
        ),
    ),
)
