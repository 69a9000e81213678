r"""Messages of the packet engine of Cisco's firewalls, in their sentences (Cisco, “Secure Firewall ASA Series Syslog Messages”).

A connection is asked for where it is built (302013, 302015), for only there the log says who began it; its end (302014, 302016) has one sum of
bytes for both ways. Where only ends are logged, the lower port is the server's. Addresses may be replaced by names the administrator gave.
Collectors write the parts of a message as JSON, too: those the guide names (`Message_number`, `Message_text`), or what Logstash makes of them.
"""

from dataclasses import replace

import polars as pl

from discovery.format import Layout, event_action
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import INBOUND
from discovery.kinds.retold import Retold
from discovery.names import host_of
from discovery.times import SYSLOG, FirstOf, Iso, Stamp, Yearless


def _end(name: str) -> str:
    r"""One end of a connection: `interface:address/port (mapped/port)(DOMAIN\user, tag)`."""
    return rf"(?:[^:/]+:)?(?P<{name}>[^/\s(]+)(?:/(?P<{name}_port>\w+))?(?: \([^)]*/[^)]*\))?(?:\((?P<{name}_user>[^),]*)[^)]*\))?"


_HEAD = (
    r"(?:<\d{1,3}>)?[\s:]*(?:(?P<date>[A-Z][a-z]{2} +\d{1,2}(?: \d{4})? \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\d[T ][\d:.]+Z?)[^%]{0,80})?"
    r"[^%]{0,80}?%{0,2}(?:PRODUCT)(?:<\w+>)?-(?:[a-z]*-)?\d-(?P<id>\d{6}):? +"
)
_CONNECTION = (
    r"(?P<phase>Built|Teardown) (?:(?P<way>inbound|outbound) )?(?:Probe )?(?:TCP|UDP) connection (?P<connection>\d+) (?:for |from )?"
    rf"(?:faddr (?P<foreign>[^/\s]+)/\w+ gaddr \S+ laddr (?P<local>[^/\s]+)/\w+|{_end('one')} to {_end('two')})"
    r"(?: duration.* bytes[^(]*)?(?: ?\((?P<caller>[^)]*)\))?"
)
_DENIED = rf"(?P<denied>Deny|Inbound|Dropp?ed|\w+ [Cc]onnection denied)[^:]*? (?:src|from) {_end('from')} (?:dst|to|dest) {_end('to')}"
_LISTED = (
    r"access-list \S+ (?P<verdict>permitted|denied|est-allowed) \w+ (?:for user (?P<list_user>\S+) )?"
    r"[^/]+/(?P<asking>[^(\s]+)\(\w+\)(?:\((?P<asking_user>[^)]*)\))? -> [^/]+/(?P<asked>[^(\s]+)"
)
_ACCESSED = (
    r"(?:(?P<url_user>[^@\s]+)@)?(?P<browser>[^(\s]+)(?:\((?P<browser_user>[^),]*)[^)]*\))? "
    r"Accessed (?:JAVA )?URL (?P<site>[^/\s]+?):(?P<url>\S+)"
)
_REFUSED = r"Access denied URL (?P<refused>\S+) SRC (?P<refused_from>[^(\s]+)(?:\((?P<refused_user>[^)]*)\))? DEST (?P<refused_at>[^(\s]+)"
_PORTAL = (
    r"Group <?[^>]*?>? User <?(?P<portal_user>[^>\s]+)>? IP <?(?P<portal_from>[^>\s]+)>? "
    r"WebVPN access (?P<portal_verdict>GRANTED|DENIED): \"?(?P<portal>[^\"\s]+)"
)
_WATCHED = (
    rf"Dynamic Filter (?P<watch>\w+) .*? traffic from {_end('watched')} to {_end('watched_at')}, (?:source|destination) \S+ resolved from "
    r"\w+ list: (?P<listed>[^,\s]+)"
)
_SENTENCES = rf"(?:{_CONNECTION}|{_DENIED}|{_LISTED}|{_ACCESSED}|{_REFUSED}|{_PORTAL}|{_WATCHED}|(?P<other>.*))"

#: The parts of a message in an object, and the line they were.
_PARTS = {
    "time": ("timestamp", "@timestamp", "event_time", "time"),
    "number": ("Message_number", "message_number", "message_id", "messageid"),
    "tag": ("ciscotag", "cisco_tag"),
    "text": ("Message_text", "message_text", "cisco_message", "message", "msg"),
}
_NUMBERED = pl.coalesce(pl.col("number").str.extract(r"^(\d{6})$", 1), pl.col("tag").str.extract(r"-(\d{6})$", 1))

_PRIVATE = r"^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:|fe80:)"
_ADDRESS = r"^(?:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)$"
_ID, _URL = pl.col("id"), pl.coalesce("url", "refused", "portal")
#: The first end began it: so said, or (at the end of a connection, which does not say) the second has the server's lower port.
_FIRST = (pl.col("way") == "inbound") | (
    pl.col("way").is_null() & (pl.col("one_port").cast(pl.Int64, strict=False) > pl.col("two_port").cast(pl.Int64, strict=False))
)
_CLIENT = pl.coalesce(
    pl.when(pl.col("phase").is_not_null()).then(pl.when(_FIRST).then(pl.coalesce("one", "foreign")).otherwise(pl.coalesce("two", "local"))),
    "from",
    "asking",
    "browser",
    "refused_from",
    "portal_from",
    "watched",
)
_SERVER = pl.coalesce(
    pl.when(pl.col("phase").is_not_null()).then(pl.when(_FIRST).then(pl.coalesce("two", "local")).otherwise(pl.coalesce("one", "foreign"))),
    "to",
    "asked",
    "site",
    "refused_at",
    "watched_at",
)
_OUTSIDER = _CLIENT.str.contains(_ADDRESS) & ~_CLIENT.str.contains(_PRIVATE)


def engine_messages(*products: str) -> Layout:
    """The layout of the messages of these products, by the word behind the percent sign."""
    return Layout(
        kind=Pattern(_HEAD.replace("PRODUCT", "|".join(products)) + _SENTENCES, marks=tuple(f"{product}-" for product in products)),
        clock=FirstOf(
            (
                Stamp(("date",), ("%b %d %Y %H:%M:%S%.f",)),
                Iso("date"),
                Yearless("date"),
                Stamp(("syslog_time",), ("%b %d %Y %H:%M:%S%.f",)),
                SYSLOG,
            )
        ),
        only=~_ID.str.starts_with("4300"),
        event={
            "user_name": pl.coalesce(
                # the user behind an address is named with it: that of the other end asked for nothing
                pl.when(_FIRST).then("one_user").otherwise("two_user"),
                *(
                    "caller",
                    "from_user",
                    "list_user",
                    "asking_user",
                    "url_user",
                    "browser_user",
                    "refused_user",
                    "portal_user",
                ),
            ),
            "source_ip": _CLIENT,
            "host_name": pl.when(~_CLIENT.str.contains(_ADDRESS)).then(_CLIENT),
            "destination_domain": pl.coalesce(
                host_of(pl.when(_URL.str.contains("://", literal=True)).then(_URL)), "listed", pl.when(~_SERVER.str.contains(_ADDRESS)).then(_SERVER)
            ),
            "destination_ip": _SERVER,
            "event_action": event_action(
                pl.coalesce("denied", "refused").is_not_null()
                | (pl.col("watch") == "dropped")
                | (pl.coalesce("verdict", "portal_verdict").str.to_lowercase() == "denied")
            ),
        },
        skip={
            "message of the device": pl.col("other").is_not_null(),
            "packet of no connection": _ID == "106015",
            "permitted by an access list, counted as a connection": pl.col("verdict").is_in(["permitted", "est-allowed"]),
            INBOUND: _OUTSIDER & ((pl.col("way") == "inbound") | _SERVER.str.contains(_PRIVATE)),
        },
        requests=pl.when(pl.col("phase") == "Teardown").then(0).otherwise(1),
        session=pl.concat_str(
            pl.col("syslog_host").fill_null(""), "connection", pl.coalesce("one", "foreign"), pl.coalesce("two", "local"), separator=" "
        ),
    )


def engine_records(product: str) -> Layout:
    """The same of messages whose parts are members of an object."""
    layout = engine_messages(product)
    line = pl.concat_str(pl.col("time").fill_null(""), pl.lit(f" : %{product}-6-"), _NUMBERED, pl.lit(": "), pl.col("text"))
    return replace(layout, name="JSON", kind=Retold(parts=_PARTS, line=line, inner=layout.kind, must=("number", "tag")))
