"""FortiGate logs: key=value, between blanks or commas or quoted as a whole, the same keys as JSON, and CEF; FortiOS 4 had other keys.

Fields: https://docs.fortinet.com/document/fortigate/7.4.0/fortios-log-message-reference, its chapter “CEF support” for CEF (`out` is `sentbyte`).
One visit is written several times: by the web filter with its name, by application control, by the traffic log at its end with its bytes.
The web filter's record is the request; the others of the same session complete it, and are requests where they complete nothing, made when the
session began. Bytes of a long session are counted by their increments.
"""

from collections.abc import Mapping

import polars as pl

from discovery.answers import Answers, within
from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.base import Kind
from discovery.kinds.cef import Cef
from discovery.kinds.header import times
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.keyvalue import KeyValue
from discovery.kinds.reach import INBOUND, from_outside, own
from discovery.names import host_of
from discovery.times import SYSLOG, Clock, Epoch, FirstOf, Stamp, Zoned

_REFUSED = (
    "blocked",
    "block",
    "deny",
    "denied",
    "dropped",
    "drop",
    "reset",
    "reset_client",
    "reset_server",
    "redirect",
    "ip-conn",
    "clear_session",
    "violation",
)
_PAIRS_CLOCK = FirstOf(
    (Zoned(("date", "time", "tz"), ("%Y-%m-%d %H:%M:%S %z",)), Epoch("eventtime"), Stamp(("date", "time"), ("%Y-%m-%d %H:%M:%S",)), SYSLOG)
)
_TYPES = ("traffic", "utm", "event", "webfilter", "app-ctrl", "dns", "ips", "virus", "anomaly", "attack", "emailfilter", "dlp", "voip", "ssh", "ssl")
# A proxy, a web server's shield and a mail gateway of the same family write the same keys.
_NO_PROXY = ~pl.col("devid").str.contains("^(?:FPX|FV|FE)").fill_null(value=False)
_OURS = _NO_PROXY & pl.col("device_id").is_null() & pl.col("type").is_in(_TYPES)


def _layout(name: str, kind: Kind, clock: Clock, only: pl.Expr | None, type_: pl.Expr, subtype: pl.Expr, keys: Mapping[str, str]) -> Layout:
    """What all have in common; `keys` are other names for the fields of FortiOS 5 and later, CEF puts a word before its own."""

    def key(field: str) -> pl.Expr:
        return pl.col(keys.get(field, keys.get("own", "") + field))

    sort = pl.when(type_ == "utm").then(subtype).otherwise(type_)
    traffic, dns = type_ == "traffic", sort == "dns"
    answer = dns & pl.coalesce(key("eventtype"), subtype).str.ends_with("response")
    url, action = key("url"), pl.coalesce(key("action"), key("status"))
    return Layout(
        name=name,
        kind=kind,
        clock=clock,
        only=only,
        event={
            "user_name": pl.coalesce(key("user"), key("unauthuser")),
            "source_ip": key("srcip"),
            "source_mac": pl.coalesce(key("srcmac"), key("mastersrcmac")),
            "host_name": pl.when(key("srcname") != key("srcip")).then(key("srcname")),
            "destination_domain": pl.coalesce(
                pl.when(dns).then(key("qname")), key("hostname"), host_of(pl.when(url.str.contains("://")).then(url)), key("dstname")
            ),
            "destination_ip": pl.when(~dns).then(key("dstip")),
            "source_bytes": pl.when(~dns).then(pl.coalesce(key("sentdelta"), key("sentbyte"))),
            "destination_bytes": pl.when(~dns).then(pl.coalesce(key("rcvddelta"), key("rcvdbyte"))),
            "event_action": event_action(action.is_in(_REFUSED), action.is_not_null()),
        },
        skip={
            "event of the device": ~type_.is_in(["traffic", "utm", "webfilter", "app-ctrl", "dns"]),
            "traffic of the device itself": traffic & subtype.is_in(["local", "multicast", "sniffer"]),
            "start of a session, counted at its end": traffic & (action == "start"),
            INBOUND: (traffic & from_outside(key("srcip"), key("dstip")))
            | (~own(key("srcip")) & ((key("srcintfrole") == "wan") | (key("trandisp") == "dnat"))),  # to an address that leads to a server inside
        },
        answers=Answers(
            said=within(key("ipaddr"), r"([0-9A-Fa-f:.]+)"),
            asked=key("qname"),
            when=dns & key("ipaddr").is_not_null(),
        ),
        channel=pl.when(dns).then(pl.lit("dns")).otherwise(pl.lit("bytes")),
        requests=pl.when((sort == "webfilter") | (dns & ~answer) | (traffic & key("sessionid").is_null())).then(1).otherwise(0),
        lasted=pl.when(traffic & key("sentdelta").is_null()).then(key("duration").cast(pl.Int64, strict=False) * 1000),
        session=pl.concat_str(
            key("srcip"),
            key("sessionid"),
            pl.when(dns).then(pl.concat_str(pl.lit("dns"), key("xid").fill_null(""), key("qname"))).otherwise(pl.lit("")),
            separator=" ",
        ),
    )


_MUST = ("type", "subtype")
_CEF = {
    "user": "duser",
    "srcip": "src",
    "dstip": "dst",
    "srcname": "shost",
    "hostname": "dhost",
    "url": "request",
    "sentbyte": "out",
    "rcvdbyte": "in",
    "action": "act",
    "sessionid": "externalId",
}
_OLD = {"srcip": "src", "dstip": "dst", "srcname": "src_name", "dstname": "dst_name", "sentbyte": "sent", "rcvdbyte": "rcvd", "sessionid": "serial"}


def _cef(name: str, own: str) -> Layout:
    """CEF, in which a word stands before the keys of the vendor's own."""
    return _layout(
        name,
        Cef(vendors=("fortinet",), products=("fortigate", "fortios")),
        times(f"{own}eventtime", "start", "rt"),
        None,
        pl.coalesce("cat", pl.col("cef_name").str.to_lowercase()).str.extract(r"^(\w[\w-]*)", 1),
        pl.coalesce(f"{own}subtype", pl.col("cat").str.extract(r":(.*)$", 1)),
        {**_CEF, "own": own},
    )


FORMAT = LogFormat(
    id="fortigate",
    title="FortiGate firewall log",
    family="firewall",
    layouts=(
        _layout("", KeyValue(must=_MUST), _PAIRS_CLOCK, _OURS, pl.col("type"), pl.col("subtype"), {}),
        _layout("CSV", KeyValue(",", must=_MUST), _PAIRS_CLOCK, _OURS, pl.col("type"), pl.col("subtype"), {}),
        _layout(
            "JSON",
            JsonLines(must=("logid",)),
            _PAIRS_CLOCK,
            _NO_PROXY & pl.col("type").is_not_null() & pl.col("subtype").is_not_null(),
            pl.col("type"),
            pl.col("subtype"),
            {},
        ),
        _cef("CEF", "FTNTFGT"),
        _cef("CEF with the product's name before its keys", "FortinetFortiGate"),
        _layout(
            "FortiOS 4",
            KeyValue(must=("log_id", "type", "subtype", "device_id")),
            Stamp(("date", "time"), ("%Y-%m-%d %H:%M:%S",)),
            ~pl.col("device_id").str.contains("^(?:FPX|FV|FE)"),
            pl.col("type"),
            pl.col("subtype"),
            _OLD,
        ),
    ),
)
