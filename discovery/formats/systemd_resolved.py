"""systemd-resolved: its debug log in the journal (`resolvectl log-level debug`), and the output of `resolvectl monitor`.

resolvectl(1), systemd-resolved.service(8); after these manual pages and the source, no sample seen. It serves one computer, whose name stands
in the journal; the monitor's output carries neither name nor time.
"""

import polars as pl

from discovery.format import NO_BYTES, Layout, LogFormat
from discovery.kinds.pattern import Pattern
from discovery.times import SYSLOG

_LINE = r"(?:Looking up RR for (?P<name>\S+) IN (?P<type>[A-Z0-9]+)\.?$|→ Q: (?P<asked>\S+ IN \S+)|(?P<answer>[←→] [A-Z]: .*)|(?P<note>\S.*))"

FORMAT = LogFormat(
    id="systemd-resolved",
    title="systemd-resolved debug log",
    family="dns",
    cannot_tell=(
        NO_BYTES,
        "Which person sat at the computer: the log only names the computer.",
    ),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("Looking up RR for ", "→ Q: ")),
            clock=SYSLOG,
            only=(pl.col("syslog_tag") == "systemd-resolved") | pl.coalesce("asked", "answer").is_not_null(),
            event={"host_name": pl.col("syslog_host"), "destination_domain": pl.col("name")},
            skip={
                "carries no time (read the debug log in the journal instead)": pl.col("asked").is_not_null(),
                "answer or note, no question": pl.col("name").is_null(),
            },
            channel="dns",
        ),
    ),
)
