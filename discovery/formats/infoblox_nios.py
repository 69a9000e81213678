"""Infoblox NIOS in syslog: queries, responses, verdicts of response policy zones and of Threat Protection in CEF, leases.

NIOS guide, “Capturing DNS Queries and Responses” (https://docs.infoblox.com/space/nios85/35816694).
A response repeats its question; it counts only where the question itself was not logged. Its own date carries no zone.
What the name server writes besides questions is only known here where no other name server writes it in the same way.
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat, only_blocked
from discovery.kinds.pattern import Pattern
from discovery.times import SYSLOG, FirstOf, Stamp

_CLIENT = (
    r"(?:[a-z-]+: )?(?:(?P<date>\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d(?:\.\d+)?) )?client (?:@0x[0-9a-f]+ )?"
    r"(?P<client>[0-9A-Fa-f.:]+)(?:%\w+)?#(?P<port>\d+)(?:/key [^ (:]+)?(?: \([^)]*\))?:?(?: view [^:]+:)? "
)
_LINE = (
    r"(?:(?:\S+ ){0,6}(?P<tag>named|dhcpd|dhcpdv6)\[\d+\]: )?(?:"
    rf"{_CLIENT}(?:(?:(?:UDP|TCP): )?query: (?P<name>\S+) (?P<class>[A-Z0-9]+) (?P<type>[A-Z0-9]+)"
    r"(?: (?:response: (?P<rcode>[A-Z]+))?|$)|(?P<other>(?:[^a(\s]|a[^n]).*))"  # an answer on a line of its own is another product's
    r"|CEF:\d\|Infoblox\|NIOS\|[^|]*\|RPZ[^|]*\|(?P<policy>[^|]*)\|[^|]*\|.*\bsrc=(?P<source>\S+) spt=(?P<spt>\d+) .*\bqtype=(?P<qtype>\S+) "
    r'msg="rpz \S+ \S+ rewrite (?P<refused>[^\s/]+)'
    r"|CEF:\d\|Infoblox\|NIOS Threat\|.*\bsrc=(?P<attacker>\S+) spt=(?P<attacker_port>\d+) .*?\bact=\"(?P<act>\w+)\".* fqdn=(?P<fqdn>\S+).*"
    r"|(?P<note>CEF:\d\|Infoblox\|NIOS\||zone \S+: ZRQ |infoblox-responses: )"
    r"|(?P<lease>DHCP[A-Z0-9]+ .*(?:TransID|lease-duration|uid)|DHCPEXPIRE on "
    r"|r-l-e:|Option 82: |(?:Added|Removed) (?:new )?(?:forward|reverse) map |Reverse map update ))"
)

FORMAT = LogFormat(
    id="infoblox-nios",
    title="Infoblox NIOS log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("client ", "|Infoblox|NIOS", ": ZRQ ", "DHCP", "r-l-e:", "Option 82: ", " map ")),
            clock=FirstOf((Stamp(("date",), ("%d-%b-%Y %H:%M:%S%.f",)), SYSLOG)),
            only=pl.coalesce("tag", "syslog_tag").is_in(["named", "dhcpd", "dhcpdv6"]) | pl.coalesce("rcode", "policy", "fqdn").is_not_null(),
            event={
                "source_ip": pl.coalesce("client", "source", "attacker"),
                "destination_domain": pl.coalesce("name", "refused", "fqdn"),
                "event_action": only_blocked((pl.col("rcode") == "REFUSED") | (pl.col("policy") != "PASSTHRU") | (pl.col("act") == "DROP")),
            },
            skip={
                "address lease, no request": pl.col("lease").is_not_null(),
                "no question of a client": pl.coalesce("name", "refused", "fqdn").is_null(),
            },
            channel="dns",
            requests=pl.when(pl.coalesce("rcode", "policy", "fqdn").is_null()).then(1).otherwise(0),
            session=pl.concat_str(
                pl.coalesce("client", "source", "attacker"),
                pl.coalesce("port", "spt", "attacker_port"),
                pl.coalesce("name", "refused", "fqdn").str.to_lowercase(),
                pl.coalesce("type", "qtype"),
                separator=" ",
                ignore_nulls=True,
            ),
        ),
    ),
)
