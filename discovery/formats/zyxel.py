"""Zyxel USG, ATP and USG FLEX: key=value syslog and CEF; and the filter log of older routers.

After Zyxel's “USG FLEX log reference guide” and its older user guides (chapter “Syslog Logs”); of newer devices only single lines were seen. The
content filter names a site (cat Blocked or Forward web sites), the traffic log comes at the end of a session with its bytes. Many devices only log
what a rule let through where it begins (Security Policy Control): that is the request, and the traffic log completes it.
"""

from collections.abc import Mapping

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.base import Kind
from discovery.kinds.cef import Cef
from discovery.kinds.header import times
from discovery.kinds.keyvalue import KeyValue
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import no_visit
from discovery.times import SYSLOG, Clock

_OLD = (
    r"(?P<maker>ZyXEL Communications Corp\.: )?"
    r"(?:IP\[Src=(?P<src>[\d.]+)[^\]D]*Dst=(?P<dst>[\d.]+)[^\]]*?(?:\| *(?P<done>[NBF]) *)?\](?:\}?\S*m(?P<verdict>[DF]))?|(?P<note>.*))"
)
_CATEGORY, _MESSAGE = pl.col("cat").str.to_lowercase(), pl.col("msg")
_PORT = r"^\[?(.*?)\]?(?::\d+)?$"
_NAMED = _CATEGORY.str.contains("web sites|content filter|url|dns")
_TRAFFIC = _CATEGORY == "traffic log"


def _layout(
    name: str, kind: Kind, clock: Clock, *, source: pl.Expr, destination: pl.Expr, note: str, action: str, more: Mapping[str, pl.Expr]
) -> Layout:
    """What the key=value form and CEF have in common."""
    said = pl.concat_str(pl.col(note).fill_null(""), pl.col(action).fill_null(""), pl.col("cat"), separator=" ").str.to_lowercase()
    refused = said.str.contains("block|drop|deny|reject")
    return Layout(
        name=name,
        kind=kind,
        clock=clock,
        skip={
            "event of the device": destination.is_null() | ~(_TRAFFIC | _NAMED | _CATEGORY.str.contains("security policy|firewall|app")),
            **no_visit(source, destination),
        },
        requests=pl.when(_TRAFFIC).then(0).otherwise(1),
        session=pl.when(_TRAFFIC | ~refused).then(pl.concat_str("src", "dst", pl.coalesce("spt", pl.lit("")), separator=" ")),
        event={
            **more,
            "source_ip": source,
            "destination_domain": pl.when(_NAMED).then(_MESSAGE.str.extract(r"^(?:[a-z]+://)?([A-Za-z0-9_.-]+\.[A-Za-z][A-Za-z0-9-]*)", 1)),
            "destination_ip": destination,
            "event_action": event_action(refused),
        },
    )


FORMAT = LogFormat(
    id="zyxel",
    title="Zyxel firewall log",
    family="firewall",
    cannot_tell=("Which site was visited, where the content filter is off: then there are only addresses.",),
    layouts=(
        _layout(
            "key=value",
            KeyValue(must=("src", "dst", "msg", "devID", "cat")),
            SYSLOG,
            source=pl.col("src").str.extract(_PORT, 1),
            destination=pl.col("dst").str.extract(_PORT, 1),
            note="note",
            action="action",
            more={
                "user_name": pl.coalesce("user", "suser"),
                "source_mac": pl.coalesce("mac", "client_mac"),
                "source_bytes": pl.col("sent"),
                "destination_bytes": pl.col("rcvd"),
            },
        ),
        _layout(
            "CEF",
            Cef(vendors=("zyxel",)),
            times("rt"),
            source=pl.col("src"),
            destination=pl.col("dst"),
            note="ZYnote",
            action="act",
            more={
                "user_name": pl.col("suser"),
                "source_mac": pl.col("ZYmac"),
                "source_bytes": pl.col("out"),
                "destination_bytes": pl.col("in"),
            },
        ),
        Layout(
            name="older routers",
            kind=Pattern(_OLD, marks=("ZyXEL", "IP[Src=")),
            clock=SYSLOG,
            only=pl.coalesce("maker", "src").is_not_null() | (pl.col("syslog_tag") == "ZyXEL"),
            event={
                "source_ip": pl.col("src"),
                "destination_ip": pl.col("dst"),
                "event_action": event_action(pl.coalesce("verdict", "done").is_in(["D", "B"])),
            },
            skip={
                "event of the device": pl.col("src").is_null(),
                **no_visit(pl.col("src"), pl.col("dst")),
            },
        ),
    ),
)
