"""Juniper SRX logs, structured and as text (https://apps.juniper.net/syslog-explorer: RT_FLOW, RT_UTM, APPTRACK, RT_SECINTEL).

The web filter's record names the site and is the request; the end of the session brings its bytes. A session without such a record is a
request of its own; so is its beginning where no end is logged (`session-init` alone). Structured fields stand in the syslog header itself
(RFC 5424), so the time is read from there. Collectors write them as JSON, with the header as an object of its own. Of the web filter's text
form no sample was seen.
"""

from dataclasses import replace

import polars as pl

from discovery.format import STARTED, Layout, LogFormat, with_beginnings
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.labelled import Labelled
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import INBOUND, from_outside
from discovery.names import host_of
from discovery.times import SYSLOG, FirstOf, Iso, Yearless

_BEFORE = r"(?:(?:<\d{1,3}>)?(?:\d )?\s*(?P<time>\d{4}-\S+|[A-Z][a-z]{2} +\d+ [\d:.]+)\s)?(?:.*\s)?(?P<msgid>[A-Z][A-Z0-9_]+) \[junos@\S* $"
_FLOW = (
    r"(?:\S+: )?(?P<tag>(?:RT_FLOW|APPTRACK)_SESSION_[A-Z_]+): (?:AppTrack )?session (?P<phase>created|closed|denied|volume update)\s?"
    r"(?:(?P<reason>[^:]*): )?(?P<client>[^/\s]+)/(?P<client_port>\d+)->(?P<server>[^/\s]+)/(?P<port>\d+)"
    r"(?:(?: \S+){1,2}? [^/\s]+/\d+->(?P<translated>[^/\s]+)/\d+)?"
    r"(?:.*? \d+\((?P<up>\d+)\) \d+\((?P<down>\d+)\) \d+(?: \S+ \S+ (?P<user>[^(\s]+)\([^)]*\))?|.*)"
)
_WEB = (
    r'(?:\S+: )?(?P<filter>WEBFILTER_URL_[A-Z_]+):? WebFilter: ACTION="(?P<verdict>[^"]*)" (?:[a-z-]+="[^"]*" )*'
    r"(?P<asking>[^(\s]+)\((?P<asking_port>\d+)\)->(?P<asked>[^(\s]+)\((?P<asked_port>\d+)\) "
    r".*?URL=(?P<url>\S+) OBJ=\S*(?:.*?USERNAME=(?P<web_user>\S+))?"
)
_TEXT = rf"(?:{_FLOW}|{_WEB}|(?P<other>(?:\S+: )?[A-Z][A-Z0-9]+_[A-Z0-9_]+: .*))"  # also of other processes, such as UI_LOGIN_EVENT

_MESSAGE, _PHASE = pl.col("msgid"), pl.col("phase")
_OLD_URL = pl.when(_MESSAGE.str.starts_with("WEBFILTER_")).then("object-name")  # before Junos 12
_BLOCKED, _ALLOWED = pl.lit("blocked"), pl.lit("allowed")
_INTERIM = "interim record of a session, counted at its end"
_CLOSED = _MESSAGE.str.contains("_SESSION_CLOSE")
_DEVICE = "message of the device"

_STRUCTURED = Layout(
    name="structured",
    kind=Labelled(mark='="', separator=" ", until='"', marks=("[junos@",), before=_BEFORE),
    clock=FirstOf((Iso("time"), Yearless("time"), SYSLOG)),
    event={
        "user_name": pl.col("username"),
        "source_ip": pl.col("source-address"),
        "destination_domain": host_of(pl.coalesce(*(pl.when(pl.col(name) != "N/A").then(name) for name in ("url", "http-host")), _OLD_URL)),
        "destination_ip": pl.col("destination-address"),
        "source_bytes": pl.col("bytes-from-client"),
        "destination_bytes": pl.col("bytes-from-server"),
        "event_action": pl.when(_MESSAGE.str.contains("_DENY|_BLOCKED") | (pl.col("action") == "BLOCK")).then(_BLOCKED).otherwise(_ALLOWED),
    },
    skip={
        STARTED: _MESSAGE.str.contains("SESSION_CREATE"),
        _INTERIM: _MESSAGE.str.contains("VOL_UPDATE|VOLUME_UPDATE|ROUTE_UPDATE"),
        _DEVICE: ~_MESSAGE.str.contains(r"^(?:RT_FLOW|APPTRACK)_SESSION_(?:CREATE|CLOSE|DENY)|^WEBFILTER_URL_(?:BLOCKED|PERMITTED)")
        & ~((_MESSAGE == "SECINTEL_ACTION_LOG") & (pl.col("http-host") != "N/A")).fill_null(value=False),
        INBOUND: from_outside(pl.col("source-address"), pl.col("nat-destination-address")),
    },
    requests=pl.when(_CLOSED).then(0).otherwise(1),
    session=pl.concat_str("source-address", "source-port", "destination-address", "destination-port", separator=" "),
)

_JSON = replace(
    _STRUCTURED,
    name="JSON",
    kind=JsonLines(must=("source-address",), paths={"msgid": ("syslog.msgid",), "time": ("syslog.timestamp", "timestamp")}),
    only=_MESSAGE.is_not_null(),
)
_TEXT_FORM = Layout(
    name="text",
    kind=Pattern(_TEXT, marks=("RT_FLOW", "APPTRACK", "RT_UTM", "WEBFILTER", "RT_IDP", "IDP_")),
    clock=SYSLOG,
    event={
        "user_name": pl.coalesce("user", "web_user"),
        "source_ip": pl.coalesce("client", "asking"),
        "destination_domain": host_of(pl.col("url")),
        "destination_ip": pl.coalesce("server", "asked"),
        "source_bytes": pl.col("up"),
        "destination_bytes": pl.col("down"),
        "event_action": pl.when((_PHASE == "denied") | pl.col("filter").str.contains("BLOCKED")).then(_BLOCKED).otherwise(_ALLOWED),
    },
    skip={
        STARTED: _PHASE == "created",
        _INTERIM: _PHASE == "volume update",
        _DEVICE: pl.col("other").is_not_null(),
        INBOUND: from_outside(pl.col("client"), pl.col("translated")),
    },
    requests=pl.when(_PHASE == "closed").then(0).otherwise(1),
    session=pl.coalesce(
        pl.concat_str("client", "client_port", "server", "port", separator=" "),
        pl.concat_str("asking", "asking_port", "asked", "asked_port", separator=" "),
    ),
)

FORMAT = LogFormat(
    id="juniper-srx",
    title="Juniper SRX firewall log",
    family="firewall",
    layouts=(
        *with_beginnings(_STRUCTURED, _CLOSED),
        *with_beginnings(_JSON, _CLOSED),
        *with_beginnings(_TEXT_FORM, _PHASE == "closed"),
    ),
)
