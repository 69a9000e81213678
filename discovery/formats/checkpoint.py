"""Check Point logs as the Log Exporter writes them (sk122323): syslog, generic, Splunk pipes, CEF, LEEF, JSON; SmartConsole's CSV; `fw log`, LEA.

Field names follow “Check Point Log Fields” (sk144192): `resource` is the URL, `sent_bytes` what the client sent; where both are left out, what
came in from the client is the same. URL Filtering calls a site that is no known application by its own name. A session is written again
with each update (`update_count`); the later ones complete the first. Of LEEF and CSV no sample was seen.
"""

from collections.abc import Mapping

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.base import Kind
from discovery.kinds.cef import Cef
from discovery.kinds.delimited import Delimited
from discovery.kinds.header import times
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.keyvalue import KeyValue
from discovery.kinds.labelled import Labelled
from discovery.kinds.leef import Leef
from discovery.kinds.named import Named
from discovery.kinds.reach import INBOUND, from_outside
from discovery.names import host_of
from discovery.times import SYSLOG, Clock, DayMonth, Epoch, FirstOf, Iso, Stamp

_HEADER = r".{0,60}?(?P<written>\d{4}-\d\d-\d\dT\S+) (?:.{0,100} )?Check ?Point .{0,30}\[(?:\S+ )?$"
_ADDRESS = r"^(?:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)$"
_NAMED = (
    "tls_server_host_name",
    "sni",
    pl.when(pl.col("product") == "URL Filtering").then(pl.col("appi_name").str.extract(r"^((?:[a-z0-9-]+\.)+[a-z]{2,})$", 1)),
)
_HEADER_CLOCK = FirstOf((Epoch("time"), Iso("time"), Iso("written"), SYSLOG))
_CLOCK = FirstOf((Epoch("time"), Iso("time"), SYSLOG))


def _layout(name: str, kind: Kind, clock: Clock, keys: Mapping[str, str | pl.Expr], only: pl.Expr | None = None) -> Layout:
    """A flavour; `keys` are the names it has for the fields, or expressions."""
    spelled = {key: keys.get(key, key) for key in ("src", "dst", "user", "action", "machine", "sent", "received", "resource", "update", "session")}
    field = {key: pl.col(name) if isinstance(name, str) else name for key, name in spelled.items()}
    person = pl.coalesce(field["user"], "src_user_name" if name != "CSV" else field["user"])
    action = field["action"]
    return Layout(
        name=name,
        kind=kind,
        clock=clock,
        only=only,
        event={
            "user_name": pl.coalesce(person.str.extract(r"\(([^()]+)\)(?:\(\+\))?\s*$", 1), person),
            "source_ip": field["src"],
            "host_name": pl.coalesce(
                field["machine"].str.replace(r"@.*$", "").str.replace(r"^.*\\", ""), pl.when(~field["src"].str.contains(_ADDRESS)).then(field["src"])
            ),
            "destination_domain": pl.coalesce(host_of(field["resource"]), *_NAMED, pl.when(~field["dst"].str.contains(_ADDRESS)).then(field["dst"])),
            "destination_ip": field["dst"],
            "source_bytes": pl.coalesce(field["sent"], "client_inbound_bytes"),
            "destination_bytes": pl.coalesce(field["received"], "client_outbound_bytes"),
            "event_action": event_action(action.str.contains(r"(?i)^(?:drop|reject|block|prevent|redirect|ask|deny)"), action != ""),
        },
        skip={
            "event of the device": field["src"].is_null() | (field["src"] == "") | (field["dst"].is_null() & field["resource"].is_null()),
            INBOUND: (pl.col("conn_direction") == "Incoming") | (pl.col("inzone") == "External") | from_outside(field["src"], pl.col("xlatedst")),
        },
        requests=pl.when(field["update"].cast(pl.Int64, strict=False) > 1).then(0).otherwise(1),
        session=field["session"],
    )


_KEYS: Mapping[str, str | pl.Expr] = {
    "machine": "src_machine_name",
    "sent": "sent_bytes",
    "received": "received_bytes",
    "update": "update_count",
    "session": "loguid",
}
_CEF: Mapping[str, str | pl.Expr] = {**_KEYS, "user": "suser", "action": "act", "machine": "shost", "resource": "request"}
_SENT, _RECEIVED = pl.coalesce("srcBytes", "sent_bytes"), pl.coalesce("dstBytes", "received_bytes")
_LEEF: Mapping[str, str | pl.Expr] = {**_KEYS, "user": "usrName", "sent": _SENT, "received": _RECEIVED}
_CSV = {
    "time": ("time", "timestamp"),
    "date": ("date",),
    "src": ("source", "src"),
    "dst": ("destination", "dst"),
    "user": ("source_user_name", "src_user_name", "user"),
    "machine": ("source_machine_name", "src_machine_name"),
    "action": ("action",),
    "resource": ("resource", "url"),
    "blade": ("blade", "product", "product_name"),
    "origin": ("origin", "orig"),
    "sent": ("sent_bytes", "bytes_sent"),
    "received": ("received_bytes", "bytes_received"),
}
_CSV_CLOCK = FirstOf(
    (
        Epoch("time"),
        Iso("time"),
        Stamp(("time",), ("%d %b %Y, %H:%M:%S", "%d %b %y, %H:%M:%S")),
        DayMonth(("time",)),
        Stamp(("date", "time"), ("%d%b%Y %H:%M:%S", "%e%b%Y %H:%M:%S")),
        DayMonth(("date", "time")),
    )
)
#: The columns of SmartView Tracker's export, in its order.
_TRACKER = (
    *("number", "date", "time", "interface", "origin", "type", "action", "service", "s_port", "src", "dst", "proto", "rule", "rule_name"),
    *("current_rule", "user", "information", "product", "src_machine_name", "src_user_name"),
)
_TRACKED: Mapping[str, str | pl.Expr] = {
    **_KEYS,
    "user": "src_user_name",
    "resource": pl.col("information").str.extract(r"\bresource: ?([^\s;]+)", 1),
}
_DATED = pl.col("date").str.contains(r"^\d{1,2}[A-Z][a-z]{2}\d{4}$")
_ORIGIN = pl.coalesce("Action", "orig", "origin", "loguid").is_not_null()
_GENERIC = pl.coalesce("origin", "loguid", "layer_name").is_not_null() | pl.col("product").str.starts_with("VPN-1")

FORMAT = LogFormat(
    id="checkpoint",
    title="Check Point firewall log",
    family="firewall",
    layouts=(
        _layout(
            "syslog",
            Labelled(':"', "; ", ("CheckPoint ", '; product:"'), until='"', opening="[", before=rf"(?:{_HEADER}|\[?$)"),
            _HEADER_CLOCK,
            _KEYS,
        ),
        _layout("structured syslog", Labelled('="', " ", ("CheckPoint ",), ("product",), until='"', before=_HEADER), _HEADER_CLOCK, _KEYS),
        _layout("pairs", KeyValue(must=("product", "src")), _CLOCK, {**_KEYS, "action": pl.coalesce("Action", "action")}, _ORIGIN),
        _layout("generic", KeyValue(";", ("action", "product", "src")), _CLOCK, _KEYS, _GENERIC),
        _layout("pipes", Labelled("=", "|", ("|product=",), ("product",), until="|", opening=" "), _CLOCK, _KEYS),
        _layout("CEF", Cef(vendors=("check point",)), times("rt"), _CEF),
        _layout("LEEF", Leef(vendors=("check point",)), times("devTime"), _LEEF),
        _layout("JSON", JsonLines(must=("loguid", "ifdir")), _CLOCK, _KEYS, pl.coalesce("loguid", "origin").is_not_null()),
        _layout("SmartView Tracker", Delimited(" ", _TRACKER, quotes=True, least=len(_TRACKER), comment='"Number"'), _CSV_CLOCK, _TRACKED, _DATED),
        _layout("CSV", Named(_CSV, must=(("time",), ("src",), ("dst",), ("blade",), ("origin",), ("action",))), _CSV_CLOCK, {}),
    ),
)
