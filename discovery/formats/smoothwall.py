"""Smoothwall Filter and Firewall: the firewall's log as JSON by syslog, the web filter's as its page Reports > Logs > Web filter exports it.

Columns after https://help.smoothwall.net/FilterFirewall/Content/2Reports/5Logs/7Webfilter/WebFilterPage.htm; no sample seen, and how the time
is written is not documented. `Code` is the status of the reply, which may come from the filter or from the site: it is no verdict.
The files of the proxy and of the content filter beneath are those of their makers, and are read as such.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named
from discovery.kinds.reach import no_visit
from discovery.names import host_of
from discovery.spellings import clock
from discovery.times import SYSLOG, Epoch, FirstOf

_COLUMNS = {
    "time": ("time",),
    "user": ("username",),
    "client": ("source_ip",),
    "group": ("group", "groups"),
    "code": ("code",),
    "url": ("url", "urls"),
    "domain": ("domain", "domains"),
    "category": ("category", "categories"),
}

_VERDICT, _REFUSED = pl.col("action"), ("drop", "reject")

FORMAT = LogFormat(
    id="smoothwall",
    title="Smoothwall log",
    family="proxy",
    cannot_tell=(
        "How much was sent or received: this export has no byte counts.",
        "Whether a request was let through or refused: this export only has the status of the reply.",
    ),
    layouts=(
        Layout(
            kind=Named(_COLUMNS, must=(("time",), ("client",), ("group",), ("code",), ("url", "domain"), ("category",))),
            clock=clock("time"),
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client"),
                "destination_domain": host_of(pl.coalesce(*(pl.when(pl.col(name) != "").then(name) for name in ("url", "domain")))),
            },
            requests=pl.when(pl.col("code") == "407").then(0).otherwise(1),  # the proxy asks who it is; the same request comes again
            channel="name",
        ),
        Layout(
            name="firewall",
            kind=JsonLines(must=("rule_type",)),
            clock=FirstOf((Epoch("date"), SYSLOG)),
            only=pl.col("src").is_not_null() & _VERDICT.is_in([*_REFUSED, "accept"]),
            event={
                "source_ip": pl.col("src"),
                "destination_ip": pl.col("dst"),
                "event_action": event_action(_VERDICT.is_in(_REFUSED)),
            },
            skip=no_visit(pl.col("src"), pl.col("dst")),
        ),
    ),
)
