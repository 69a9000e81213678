"""Huawei USG and HiSecEngine logs (“USG6000 Log Reference”): URL filter, security policy, and sessions when they end.

A session's end has its bytes and its beginning as epoch seconds; a filter's record has the host. `SendBytes` is what the initiator sent.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.labelled import Labelled
from discovery.names import host_of
from discovery.times import SYSLOG, Epoch, FirstOf, Stamp

_BEFORE = (
    r".{0,80}?(?:(?P<time>\d{4}[-/]\d\d?[-/]\d\d? \d\d:\d\d:\d\d|[A-Z][a-z]{2} +\d{1,2} \d{4} \d\d:\d\d:\d\d).{0,80}?)?"
    r"%%\d+(?P<module>\w+)/\d/(?P<message>\w+)(?:\(\w+\))?(?:\[\d+\])?:(?P<numbered> ?\w+\(\d{4}\)=)?"
)
_MESSAGE = pl.col("message")
_LAYOUTS = ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%b %d %Y %H:%M:%S")


def _value(*names: str) -> pl.Expr:
    """The first of these that there is, without quotes."""
    return pl.coalesce(*names).str.strip_chars('") .')


_ACTION = _value("Action", "action")

FORMAT = LogFormat(
    id="huawei-usg",
    title="Huawei USG firewall log",
    family="firewall",
    cannot_tell=("How often exactly a site was visited: where sessions and URLs are both logged, a visit is counted by each.",),
    layouts=(
        Layout(
            kind=Labelled(mark="=", separator=",", until=",", opening=" ", marks=("%%01", "%%10"), before=_BEFORE),
            only=pl.col("numbered").is_null() & pl.col("-Context").is_null(),  # keys with numbers are another maker's
            clock=FirstOf((Epoch("BeginTime"), Stamp(("time",), _LAYOUTS), Stamp(("syslog_time",), _LAYOUTS), SYSLOG)),
            event={
                "user_name": _value("User", "SourceUser", "user"),
                "source_ip": _value("SrcIp", "SourceIP", "source-ip"),
                "destination_domain": host_of(_value("Host", "URL")),
                "destination_ip": _value("DstIp", "DestinationIP", "destination-ip"),
                "source_bytes": _value("SendBytes"),
                "destination_bytes": _value("RcvBytes"),
                "event_action": event_action(
                    _MESSAGE.str.contains("DENY") | _ACTION.str.contains("(?i)block|deny"), _MESSAGE.str.contains("PERMIT|TEARDOWN|FILTER")
                ),
            },
            skip={
                "message of the device": ~_MESSAGE.str.contains(r"^(?:POLICYPERMIT|POLICYDENY|SESSION_TEARDOWN)$")
                & ~((pl.col("module") == "URL") & (_MESSAGE == "FILTER"))
                | pl.coalesce("SrcIp", "SourceIP", "source-ip").is_null(),
            },
            requests=pl.when(_MESSAGE == "SESSION_TEARDOWN").then(0).otherwise(1),
            session=pl.concat_str(
                _value("SrcIp", "SourceIP", "source-ip"),
                _value("SrcPort", "SourcePort", "source-port"),
                _value("DstIp", "DestinationIP", "destination-ip"),
                _value("DstPort", "DestinationPort", "destination-port"),
                separator=" ",
            ),
        ),
    ),
)
