"""Suricata's older logs as text: http.log, tls.log and, up to version 4, dns.log; packages of firewalls write the first two by themselves.

Parts stand between `[**]`, the connection last, except in tls.log (https://docs.suricata.io/en/suricata-7.0.0/output/custom-tls-logging.html).
"""

import polars as pl

from discovery.format import NO_COUNTS, NO_PERSON, Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import no_visit
from discovery.names import host_of
from discovery.times import Stamp

_ENDS = r"(?P<client>[0-9A-Fa-f.:]+):\d+ -> (?P<server>[0-9A-Fa-f.:]+):\d+"
_LINE = (
    r"(?P<time>\d\d/\d\d/\d{4}-\d\d:\d\d:\d\d\.\d+) +(?:"
    r"(?P<tls_client>[0-9A-Fa-f.:]+):\d+ -> (?P<tls_server>[0-9A-Fa-f.:]+):\d+ +TLS:(?:.*?SNI='(?P<sni>[^']+)')?.*"
    rf"|\[\*\*\] (?P<what>Query|Response) TX \w+ \[\*\*\] (?P<asked>\S+) \[\*\*\] .*?{_ENDS.replace('client', 'asker').replace('server', 'resolver')}"
    rf"|(?P<host>[^\s\[]\S*|<hostname unknown>) ?\[\*\*\] .* \[\*\*\] {_ENDS})"
)
_CLIENT, _SERVER = pl.coalesce("client", "tls_client", "asker"), pl.coalesce("server", "tls_server", "resolver")
_DNS = pl.col("what").is_not_null()

FORMAT = LogFormat(
    id="suricata-text",
    title="Suricata log as text (http.log, tls.log)",
    family="firewall",
    cannot_tell=(NO_COUNTS, NO_PERSON),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("[**]", "  TLS: ")),
            clock=Stamp(("time",), ("%m/%d/%Y-%H:%M:%S%.f",)),
            event={
                "source_ip": _CLIENT,
                "destination_domain": pl.coalesce("asked", "sni", host_of(pl.col("host"))),
                "destination_ip": pl.when(~_DNS).then(_SERVER),
            },
            skip={
                "answer, counted at its question": pl.col("what") == "Response",
                **{reason: condition & ~_DNS for reason, condition in no_visit(_CLIENT, _SERVER).items()},
            },
            channel=pl.when(_DNS).then(pl.lit("dns")).otherwise(pl.lit("name")),
        ),
    ),
)
