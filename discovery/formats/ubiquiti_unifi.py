"""UniFi gateways: firewall rules in the kernel's form with the rule's name before it, and CEF of the Network application (from 9.3 on).

CEF keys after Ubiquiti's “UniFi System Logs & SIEM Integration”; the few public samples hold security events only. `src` is missing where the
client is known by name: then UNIFIsrcClientIp has it. A rule is named by its set, its verdict (accept, drop, reject, return) and its number; older
gateways leave out its description, and some collectors its name. What returns to the next set, or only gets another address, has no verdict yet.
The gateway's name server writes only what its filter refused, as JSON.
"""

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat, event_action, only_blocked
from discovery.kinds.cef import Cef
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.netfilter import NAMED_RULE, NO_VISIT, PACKET, REQUESTS, WHO_AND_WHERE
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import INBOUND
from discovery.times import SYSLOG, FirstOf, Iso

_RULE = rf'(?:[^\s\[]+ )?(?:\[ *\d+\.\d+\] ?)?(?:(?P<rule>\[[^\]]+-[A-Z]+(?:-\d+)?\]) ?)?(?P<described>DESCR="[^"]*" )?{PACKET}'
_VERDICT = pl.col("rule").str.extract(r"-(A|D|R|RET)(?:-\d+)?\]$")
_SITE = pl.coalesce("UNIFIdstDomain", "dhost")
_CLIENT = pl.coalesce("src", "UNIFIsrcClientIp", "UNIFIsrcClientIP")

FORMAT = LogFormat(
    id="ubiquiti-unifi",
    title="UniFi gateway log",
    family="firewall",
    cannot_tell=(
        "Which site was visited, for most lines: the rules' log only has addresses.",
        NO_PERSON,
    ),
    layouts=(
        Layout(
            name="firewall rules",
            kind=Pattern(_RULE, marks=("DESCR=", "-A-", "-D-", "-R-", "-RET-")),
            clock=SYSLOG,
            only=pl.col("described").is_not_null() | pl.col("rule").str.contains(NAMED_RULE),
            event={
                **WHO_AND_WHERE,
                "event_action": pl.when(_VERDICT == "A").then(pl.lit("allowed")).when(_VERDICT.is_in(["D", "R"])).then(pl.lit("blocked")),
            },
            skip=NO_VISIT,
            requests=REQUESTS,
        ),
        Layout(
            name="refused names",
            kind=JsonLines(must=("type",)),
            clock=Iso("timestamp"),
            only=pl.col("type").str.starts_with("dns") & pl.col("domain").is_not_null() & (pl.col("syslog_tag") == "coredns"),
            event={
                "source_ip": pl.coalesce("src_ip", "ip"),
                "source_mac": pl.col("mac"),
                "destination_domain": pl.col("domain"),
                "event_action": only_blocked(pl.lit(value=True)),
            },
            channel="dns",
        ),
        Layout(
            name="CEF",
            kind=Cef(vendors=("ubiquiti",)),
            clock=FirstOf((Iso("UNIFIutcTime"), SYSLOG)),
            event={
                "source_ip": _CLIENT,
                "source_mac": pl.col("UNIFIsrcClientMac"),
                "host_name": pl.coalesce("UNIFIsrcClientHostname", "UNIFIsrcClientAlias"),
                "destination_domain": _SITE,
                "destination_ip": pl.col("dst"),
                "source_bytes": pl.col("UNIFIbytesSent"),
                "destination_bytes": pl.col("UNIFIbytesReceived"),
                "event_action": event_action(pl.coalesce("act", "cef_name").str.contains("(?i)block"), pl.col("act").is_not_null()),
            },
            skip={
                INBOUND: pl.col("UNIFIdirection") == "incoming",
                "event of the device": _CLIENT.is_null() | pl.coalesce(_SITE, "dst").is_null(),
            },
        ),
    ),
)
