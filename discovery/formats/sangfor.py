"""Sangfor NGAF firewalls by syslog: application control, visits to sites and translated addresses, in Chinese or English.

Every record is a list of labels and values, `日志类型:…, 源IP:…` or `Log type:…, src IP:…`; labels differ with the kind of record and the version.
A translation repeats a connection that application control logs where that is switched on.
"""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import no_visit
from discovery.names import host_of
from discovery.times import SYSLOG

_LINE = r"(?:[\w-]+(?:\[\d+\])?: ?)?(?P<said>(?:[^,:]+:[^,]*, ?)?(?:日志类型|[Ll]og ?[Tt]ype): ?(?P<kind>[^,]*),.*)"


def _value(labels: str) -> pl.Expr:
    return pl.col("said").str.extract(rf"(?i)(?:^|, ?)(?:{labels}) ?: ?([^,]+)", 1).replace("(null)", None)


_KIND = pl.col("kind").str.to_lowercase()
_NAT = _KIND.str.contains("nat", literal=True)
_SOURCE, _DESTINATION = _value("源IP|(?:src|source) ?IP"), _value("目的IP|(?:dst|dest|destination) ?IP")
_ACTION, _URL = _value("系统动作|动作|(?:system )?action"), _value("URL|网址")

FORMAT = LogFormat(
    id="sangfor",
    title="Sangfor firewall log",
    family="firewall",
    cannot_tell=("How much was sent or received: these records have no byte counts.",),
    layouts=(
        Layout(
            kind=Pattern(_LINE, marks=("日志类型", "og type", "og Type")),
            clock=SYSLOG,
            event={
                "user_name": _value("用户|用户名|user(?: ?name)?"),
                "source_ip": _SOURCE,
                "destination_domain": host_of(_URL),
                "destination_ip": _DESTINATION,
                "event_action": event_action(_ACTION.str.contains("(?i)拒绝|阻断|den|block|drop|reject"), _ACTION.is_not_null()),
            },
            skip={
                "alarm or event of the device": ~_KIND.str.contains("服务控制|应用控制|网站访问|nat|application control|service control|website")
                | _SOURCE.is_null()
                | _DESTINATION.is_null(),
                **no_visit(_SOURCE, _DESTINATION),
            },
            requests=pl.when(_NAT).then(0).otherwise(1),
            session=pl.concat_str(
                _SOURCE, _value("源端口|(?:src|source) ?port"), _DESTINATION, _value("目的端口|(?:dst|dest|destination) ?port"), separator=" "
            ),
            channel="name",
        ),
    ),
)
