"""Squid access logs: native, and the httpd-like common and combined forms (https://wiki.squid-cache.org/Features/LogFormat).

An administrator's own `logformat` (https://www.squid-cache.org/Doc/config/logformat/) mostly keeps the native order: another date, a port or hardware
address behind the client, the size of the request behind that of the reply, and anything at the end are understood. Key=value is what is
often given to collectors, or JSON in the names of ECS or the administrator's own: a field with Squid's word for the result (`TCP_MISS`) tells that
it is Squid's. In any other order only what shows by its shape what it is is read: a user as httpd writes it, or a word between client and
result. Bytes are those of the reply where the request's stand nowhere. A 407 asks for a password: the browser comes again with it.
"""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.base import BEGINS, ENDS, HOLDS, HOST, INSIDE, NUMBER, SECONDS, Kind
from discovery.kinds.delimited import Delimited
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.keyvalue import KeyValue
from discovery.kinds.labelled import Labelled
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import INBOUND, own
from discovery.names import host_of
from discovery.times import Epoch, FirstOf, Iso, Stamp, Zoned

_NATIVE = ("time", "elapsed", "client", "result", "bytes", "method", "url", "user", "peer", "type", "tail")
_POLICIES = r"[A-Z][A-Z0-9_]+(?:-[^- ]+){4}"  # a decision tag and the policies that led to it: not Squid's
_COUNT = r"[A-Z]{3}:\d+$"  # what stands before them: CMF:40
_HTTPD = (
    r'(?P<client>\S+) (?:\S+) (?P<user>\S+|"[^"]*") \[(?P<time>[^\]]+)\] '
    r'"?(?P<method>[A-Z_]+|-) (?P<url>(?:[a-z][a-z0-9+.-]*://|[^/"\s]+:\d)[^"\s]*)(?:(?: [^"]*)?"|(?: HTTP/[\d.]+)?) '
    r'(?P<status>\d{3}) (?P<bytes>\d+|-)(?P<size> \d+)?(?: (?:"[^"]*"|-) (?:"(?:[^"\\]|\\.)*"|-))? ?(?P<result>[A-Z_]+(?::\S+)?)?(?: \d+)? ?'
    r"(?P<tail>.*)"
)
_TIME = (
    r"\[?(?P<time>\d{9,10}\.\d{3}|\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}"
    r"|\d{4}[-/]\d\d[-/]\d\d[T .]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)\]? +"
)
_NEARLY_NATIVE = (
    r"(?:(?P<elapsed>\d+) +)?"
    r"(?P<client>[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]*) +(?:(?P<mac>(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}) +|\d+ +|- +)?"
    r"(?P<result>(?:TCP|UDP|NONE|TAG)[A-Z_]*)[/ ](?P<status>\d{3}) +(?P<bytes>\d+|-) +(?:(?P<sent>\d+|-) +(?:(?:[\d-]+ +){3})?)?"
    r"(?P<method>[A-Z_]{3,}) +(?P<url>\S+)(?: +(?:HTTP/)?\d\.\d)? +(?P<user>\S+) +(?P<peer>[A-Z_]+/\S*)(?P<tail>(?: .*)?)$"
)
_CUSTOM = _TIME + _NEARLY_NATIVE
_RESULT = r"(?:TCP|UDP|NONE|TAG)_[A-Z_]+"
_IP = r"(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f:]*::[0-9A-Fa-f:]*|(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}"
_METHOD = r"(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|CONNECT|PATCH|TRACE|PROPFIND)"
_ANY_ORDER = rf"{_TIME[:-2]}[ |]+(?P<record>.*\b(?:{_RESULT}[:/ |].*[ |]{_METHOD}|{_METHOD} .* {_RESULT}[:/ ]).*)"
_UDP = "UDP_"  # what neighbouring caches ask each other by
_DENIED = "DENIED"  # as in TCP_DENIED, TCP_DENIED_REPLY
_ADDRESS = r"^(?:[0-9.]+|\[[0-9A-Fa-f:.]+\])(?::\d+)?$"
_SERVER = r"(?:[A-Za-z0-9_-]+\.)+[A-Za-z][A-Za-z0-9-]+"  # that TLS told, behind the fields of the native order
_NAME = rf'(?:^|[ "=])({_SERVER})(?:[ "]|$)'


def _shaped(*shapes: str) -> pl.Expr:
    """What of a line in any order, between blanks or `|`, has the first of these shapes that is there."""
    return pl.coalesce(pl.col("record").str.replace_all("|", " ", literal=True).str.extract(shape, 1) for shape in shapes)


def _site(url: pl.Expr, tail: str = "tail") -> pl.Expr:
    """The site: an intercepted connection only has an address, and its name at the end of the line where the server name of TLS is logged."""
    return pl.coalesce(pl.when(url.str.contains(_ADDRESS)).then(pl.col(tail).str.extract(_NAME, 1)), host_of(url))


def _action(denied: pl.Expr, challenge: pl.Expr) -> pl.Expr:
    """Refused by an access list, or let through; null where the proxy only asked for a password."""
    return pl.when(challenge).then(None).when(denied).then(pl.lit("blocked")).otherwise(pl.lit("allowed"))


def _skip(neighbour: pl.Expr, host: pl.Expr, served: pl.Expr) -> dict[str, pl.Expr]:
    """What is nobody's visit; `neighbour` is what another cache asked for, `served` what a site of one's own, behind Squid, answered to strangers."""
    return {
        INBOUND: served,
        "connection closed before a request": host.is_in(["error", "-", ""]),  # error:transaction-end-before-headers, -, :0
        "request of a neighbouring cache": neighbour,
    }


def _requests(challenge: pl.Expr) -> pl.Expr:
    """A request that had to bring a password comes again with it and is counted then."""
    return pl.when(challenge).then(0).otherwise(1)


#: Field -> names that administrators give it in JSON or pairs of their own.
_NAMES = {
    "time": "timestamp @timestamp time ts datetime date_time local_time time_local",
    "client": "client_ip client clientip src_ip source_ip src srcip remote_addr remote_host remote_ip client_address client_addr c_ip",
    "user": "user username user_name user_ident usr login ident",
    "url": "url request_url requested_url uri request_uri ru target",
    "status": "status status_code http_status http_status_code http_code response_code code",
    "up": "bytes_in request_size req_size request_bytes bytes_received received_bytes",
    "down": "bytes_out reply_size response_size reply_bytes bytes_sent sent_bytes bytes size",
    "elapsed": "duration elapsed response_time time_taken duration_ms elapsed_ms",
    "result": "squid_result squid_status squid_request_status squid_action request_status result_code result cache_result cache_status cache "
    "action_code vendor_action action status",
}


def _named(name: str, kind: Kind) -> Layout:
    """Fields under names of somebody's own, one of which holds Squid's word for the result."""
    field = {key: pl.coalesce(*names.split()) for key, names in _NAMES.items()}
    result = pl.coalesce(*(pl.col(one).str.extract(rf"^({_RESULT})", 1) for one in _NAMES["result"].split()))
    challenge = field["status"].str.contains(r"\b407$")
    return Layout(
        name=name,
        kind=kind,
        clock=FirstOf(tuple(clock for one in _NAMES["time"].split() for clock in (Epoch(one), Zoned((one,), ("%d/%b/%Y:%H:%M:%S %z",)), Iso(one)))),
        only=result.is_not_null() & field["url"].is_not_null(),
        event={
            "source_ip": field["client"],
            "user_name": field["user"],
            "destination_domain": host_of(field["url"]),
            "source_bytes": field["up"],
            "destination_bytes": field["down"],
            "event_action": _action(result.str.contains(_DENIED, literal=True), challenge),
        },
        skip=_skip(result.str.starts_with(_UDP), host_of(field["url"]), pl.lit(value=False)),
        requests=_requests(challenge),
        lasted=field["elapsed"],
    )


# Without Squid's own word for the result it may as well be a web server that somebody on the internet tries to use as a proxy.
_WORD = pl.coalesce("result", pl.col("tail").str.extract(rf"\b({_RESULT})\b", 1))  # wherever a layout of somebody's own has it
_STRANGER = _WORD.is_null() & (pl.col("user") == "-") & ~own(pl.col("client"))
_URL = pl.col("url").str.strip_chars('"')
_ASKED_FOR = _shaped(rf"\b{_METHOD} ([a-z][a-z0-9+.-]*://\S+|\S+:\d+) ", r"\b([a-z][a-z0-9+.-]*://\S+)", rf" ({_SERVER}:\d+)(?: |$)")
_STATUS = _shaped(rf"\b{_RESULT}(?: [A-Z_]+)?[/ ](\d{{3}})\b", rf"\b(\d{{3}})(?: [\d-]+)? {_RESULT}\b")
_JSON_RESULT, _JSON_SITE = pl.col("labels.request_status"), host_of(pl.col("url.original"))
_NO_TUNNEL = pl.col("method") != "CONNECT"
_NATIVE_CHALLENGE = pl.col("result" + ENDS + "/407")
_HTTPD_CHALLENGE = pl.col("status") == "407"
_CLOCK = FirstOf(
    (
        Zoned(("time",), ("%d/%b/%Y:%H:%M:%S %z", "%d/%b/%Y:%H:%M:%S%.f %z")),
        Epoch("time"),
        Stamp(("time",), ("%d/%b/%Y:%H:%M:%S", "%Y/%m/%d.%H:%M:%S", "%Y/%m/%d %H:%M:%S")),
        Iso("time"),
    )
)

FORMAT = LogFormat(
    id="squid",
    title="Squid access log",
    family="proxy",
    cannot_tell=("How much was uploaded: Squid only writes the size of replies, unless its logformat is told to.",),
    layouts=(
        Layout(
            name="native",
            kind=Delimited(" ", _NATIVE, collapse=True, least=10),
            clock=Epoch("time" + SECONDS),
            only=pl.col("peer" + HOLDS + "/")
            & pl.col("result" + HOLDS + "/")
            & ~pl.col("peer" + BEGINS + "HTTP/")  # a web server's log
            & ~pl.col("tail").str.contains(f"^(?:{_POLICIES}|{_COUNT}|{_SERVER}$)").fill_null(value=False),  # a server name of TLS: see below
            event={
                "source_ip": pl.col("client"),
                "user_name": pl.col("user"),
                "destination_domain": pl.col("url" + HOST),
                "destination_bytes": pl.col("bytes" + NUMBER),
                "event_action": _action(pl.col("result" + HOLDS + _DENIED), _NATIVE_CHALLENGE),
            },
            skip=_skip(pl.col("result" + BEGINS + _UDP), pl.col("url" + HOST), ~pl.col("client" + INSIDE) & pl.col("peer" + INSIDE) & _NO_TUNNEL),
            requests=_requests(_NATIVE_CHALLENGE),
            lasted=pl.col("elapsed" + NUMBER),
        ),
        Layout(
            name="native, with other fields",
            kind=Pattern(_CUSTOM, marks=("TCP_", "NONE", "TAG_")),
            clock=_CLOCK,
            only=~pl.col("tail").str.contains(r"(?:^| )" + _POLICIES),
            event={
                "source_ip": pl.col("client"),
                "source_mac": pl.col("mac"),
                "user_name": pl.col("user"),
                "destination_domain": _site(pl.col("url")),
                "source_bytes": pl.col("sent"),
                "destination_bytes": pl.col("bytes"),
                "event_action": _action(pl.col("result").str.contains(_DENIED, literal=True), _HTTPD_CHALLENGE),
            },
            skip=_skip(
                pl.col("result").str.starts_with(_UDP), host_of(pl.col("url")), ~own(pl.col("client")) & own(pl.col("peer"), "[A-Z_]+/") & _NO_TUNNEL
            ),
            requests=_requests(_HTTPD_CHALLENGE),
            lasted=pl.col("elapsed"),
        ),
        Layout(
            name="key=value",
            kind=Labelled(mark="=", separator=" ", marks=(" vendor_action=",), before=r"(?P<time>\d{9,}\.\d+) +$", must=("src_ip", "url")),
            clock=Epoch("time"),
            event={
                "source_ip": pl.col("src_ip"),
                "user_name": pl.coalesce(*(pl.when(~pl.col(name).is_in(['"-"', "-"])).then(name) for name in ("user", "user_ident"))),
                "destination_domain": host_of(_URL),
                "source_bytes": pl.col("bytes_in"),
                "destination_bytes": pl.coalesce("bytes_out", "bytes"),
                "event_action": _action(pl.col("vendor_action").str.contains(_DENIED, literal=True), pl.col("status") == "407"),
            },
            skip=_skip(pl.col("vendor_action").str.starts_with(_UDP), host_of(_URL), pl.lit(value=False)),
            requests=_requests(pl.col("status") == "407"),
            lasted=pl.col("duration"),
        ),
        Layout(
            name="common or combined",
            kind=Pattern(_HTTPD),
            clock=_CLOCK,
            only=~pl.col("tail").str.contains(rf"^{_POLICIES}"),
            event={
                "source_ip": pl.col("client"),
                "user_name": pl.col("user"),
                "destination_domain": host_of(pl.col("url")),
                "destination_bytes": pl.when(pl.col("size").is_null()).then("bytes"),  # of two sizes either may be the reply's
                "event_action": _action(_WORD.fill_null("").str.contains(_DENIED, literal=True), _HTTPD_CHALLENGE),
            },
            skip=_skip(_WORD.str.starts_with(_UDP), host_of(pl.col("url")), _STRANGER),
            requests=_requests(_HTTPD_CHALLENGE),
        ),
        Layout(
            name="JSON",
            kind=JsonLines(must=("labels.request_status",)),
            clock=Iso("@timestamp"),
            event={
                "source_ip": pl.col("source.ip"),
                "user_name": pl.col("user.name"),
                "destination_domain": _JSON_SITE,
                "destination_bytes": pl.col("http.response.bytes"),
                "event_action": _action(_JSON_RESULT.str.contains(_DENIED, literal=True), pl.col("http.response.body.status_code") == "407"),
            },
            skip=_skip(_JSON_RESULT.str.starts_with(_UDP), _JSON_SITE, pl.lit(value=False)),
            requests=_requests(pl.col("http.response.body.status_code") == "407"),
        ),
        _named("JSON of somebody's own", JsonLines(must=tuple(_NAMES["result"].split()))),
        _named("pairs of somebody's own", KeyValue(must=("url",))),
        Layout(
            name="in another order",
            kind=Pattern(_ANY_ORDER, marks=("TCP_", "NONE_", "TAG_")),
            clock=_CLOCK,
            only=_ASKED_FOR.is_not_null() & ~pl.col("record").str.contains(rf"^{_NEARLY_NATIVE}| url=| {_POLICIES}| {_COUNT[:-1]} "),
            event={
                "source_ip": _shaped(rf"(?:^|\] | )({_IP})(?::\d+)? "),
                "user_name": _shaped(r"^[0-9A-Fa-f.:]+ \S+ (\S+) \[\d\d/[A-Z][a-z]{2}/", rf"^(?:{_IP})(?::\d+)? ([A-Za-z][^\s./]*) {_RESULT}[:/ ]"),
                "destination_domain": _site(_ASKED_FOR, "record"),
                "destination_bytes": _shaped(rf"\b{_RESULT}[/ ]\d{{3}} (\d+) ", rf"\b\d{{3}} (\d+) {_RESULT}\b"),
                "event_action": _action(pl.col("record").str.contains(_DENIED, literal=True), _STATUS == "407"),
            },
            skip=_skip(_shaped(rf"\b({_RESULT})").str.starts_with(_UDP), host_of(_ASKED_FOR), pl.lit(value=False)),
            requests=_requests(_STATUS == "407"),
        ),
    ),
)
