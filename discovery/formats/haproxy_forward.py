"""HAProxy as a forward proxy (https://docs.haproxy.org/3.0/configuration.html#8.2): tunnels and whole addresses in its HTTP log, server names in TCP.

The TCP log names a site only where the administrator puts the captured name (`req.ssl_sni`) behind the usual fields. A client from outside is a
visitor of one's own servers, whatever it asks for; a balancer between colleagues and the firm's servers cannot be told apart. The count of bytes
is what the client got.
"""

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import own
from discovery.names import host_of
from discovery.times import SYSLOG, FirstOf, Stamp

_SITE = r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
_LINE = (
    r"(?P<client>[0-9A-Fa-f:.]+):\d+ \[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d\.\d{3})\] \S+ \S+/\S+ "
    r"(?:[-+\d]+/[-+\d]+/[-+\d]+/[-+\d]+/[-+\d]+ (?P<status>-?\d+) (?P<received>\+?\d+) \S+ \S+ \S{4} \S+ \S+ (?:\{[^}]*\} )*"
    r'"(?:CONNECT (?P<tunnel>\S+)|[A-Z]+ (?P<url>[a-z]+://\S+))[^"]*"'
    r"|[-+\d]+/[-+\d]+/[-+\d]+ (?P<count>\+?\d+) (?P<ended>\S\S) \d+/\d+/\d+/\d+/\+?\d+ \d+/\d+ "
    rf"[\"{{\s]*(?:\S+[\s=:])?[\"{{|]*(?P<sni>{_SITE})(?:[\"}}|\s].*)?$)"
)

FORMAT = LogFormat(
    id="haproxy-forward",
    title="HAProxy forward proxy log",
    family="proxy",
    cannot_tell=(NO_PERSON, "How much was sent: this log counts what clients got."),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("] ",)),
            clock=FirstOf((Stamp(("time",), ("%d/%b/%Y:%H:%M:%S%.f",)), SYSLOG)),
            only=own(pl.col("client")),
            event={
                "source_ip": pl.col("client"),
                "destination_domain": host_of(pl.coalesce("tunnel", "url", "sni")),
                "destination_bytes": pl.coalesce("received", "count").str.strip_prefix("+"),
                "event_action": event_action(
                    (pl.col("status") == "403") | pl.col("ended").str.starts_with("PR"),
                    pl.col("status").str.contains("^[23]") | pl.col("ended").str.contains("^(?:--|[cCsS]D)"),
                ),
            },
        ),
    ),
)
