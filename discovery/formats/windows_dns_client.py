"""Names that Windows computers asked for, and connections they opened, logged on the computer itself, as JSON or XML.

Names: Sysmon's event 22 and event 3008 of the DNS client. Connections: Sysmon's event 3, and 5156 and 5157 of the Security log.
https://learn.microsoft.com/en-us/sysinternals/downloads/sysmon (DNSEvent, Network connection); the operational log of Microsoft-Windows-DNS-Client.
Names come when they were looked up, with what was answered; Sysmon also says which program asked, and for whom. As JSON in the forms of
usual collectors, each after what it documents; as XML one event a line.
"""

from collections.abc import Callable

import polars as pl

from discovery.answers import Answers, within
from discovery.format import NO_BYTES, Layout, LogFormat, only_blocked
from discovery.kinds.base import Kind
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import INBOUND, to_many
from discovery.layouts import endpoint
from discovery.times import AlwaysUtc, Clock, Epoch, FirstOf, Iso

_PROVIDERS = r"Microsoft-Windows-(?:Sysmon|DNS-Client)"
_FIELDS = (
    *("QueryName", "QueryResults", "User", "UtcTime", "SourceIp", "DestinationIp", "DestinationHostname", "Initiated"),
    *("SourceAddress", "DestAddress", "Direction"),
)
_ECS = {"QueryName": ("dns.question.name",)}


def _agent(path: str) -> tuple[str, str]:
    """In what an agent sends, and in the alert that its manager makes of it."""
    return f"win.{path}", f"data.win.{path}"


_PATHS = {
    "code": (
        *("EventID", "EventId", "Id", "winlog.event_id", "event.code", "Event.System.EventID"),
        *(*_agent("system.eventID"), "system.event_id"),
    ),
    "provider": (
        *("ProviderName", "SourceName", "Channel", "winlog.provider_name", "winlog.channel", "event.provider"),
        *("Event.System.Channel", *_agent("system.channel"), "system.provider"),
    ),
    "time": (
        *("Event.System.TimeCreated.#attributes.SystemTime", *_agent("system.systemTime"), "system.time_created"),
        *("@timestamp", "EventTime", "TimeCreated", "TimeGenerated"),
    ),
    "computer": (
        *("Computer", "Hostname", "MachineName", "winlog.computer_name", "host.name"),
        *("Event.System.Computer", *_agent("system.computer"), "system.computer"),
    ),
    "address": ("agent.ip",),
    **{
        name: (
            *(f"winlog.event_data.{name}", f"EventData.{name}", f"Event.EventData.{name}", f"event_data.{name}"),
            *(*_agent(f"eventdata.{name[0].lower()}{name[1:]}"), *_ECS.get(name, ())),
        )
        for name in _FIELDS
    },
    "AccountName": ("winlog.user.name",),
}
_XML = (
    rf"""<Event\b(?P<xml>.*Name=['"](?:{_PROVIDERS}|Microsoft-Windows-Security-Auditing)['"].*<EventID[^>]*>(?P<code>\d+)</EventID>.*SystemTime=['"](?P<time>[^'"]+)['"].*"""
    r"<Computer>(?P<computer>[^<]*)</Computer>.*)"
)
_USER = pl.col("User")
_ASKED = pl.col("code").is_in(["22", "3008"])
_FILTERED = pl.col("code").is_in(["5156", "5157"])
_OPENED = (pl.col("code") == "3") | _FILTERED


def _layout(name: str, kind: Kind, clock: Clock, field: Callable[[str], pl.Expr], person: pl.Expr, only: pl.Expr | None = None) -> Layout:
    asked, target = pl.when(_ASKED).then(field("QueryName")), pl.when(_OPENED).then(pl.coalesce(field("DestinationIp"), field("DestAddress")))
    return Layout(
        name=name,
        kind=kind,
        clock=clock,
        only=only,
        event={
            "user_name": endpoint.person(person),
            "source_ip": pl.coalesce("address", field("SourceIp"), field("SourceAddress")),
            "host_name": pl.col("computer"),
            "destination_domain": pl.coalesce(asked, field("DestinationHostname").str.extract(r"^(.+\..+)$", 1)),
            "destination_ip": target,
            "event_action": only_blocked(pl.col("code") == "5157"),
        },
        skip={
            "another event of the computer": asked.is_null() & target.is_null(),
            INBOUND: _OPENED & ((field("Initiated") == "false") | (field("Direction") == "%%14592")),
            "to a group or to everybody, no site": to_many(target),
        },
        channel=pl.when(_ASKED).then(pl.lit("dns")).otherwise(pl.lit("name")),
        answers=Answers(said=within(field("QueryResults"), r"(?:^|;)(?:::ffff:)?([^;\s]+)"), when=_ASKED),
    )


def _data(name: str) -> pl.Expr:
    return pl.col("xml").str.extract(rf"<Data Name=['\"]{name}['\"]>([^<]*)</Data>", 1)


FORMAT = LogFormat(
    id="windows-dns-client",
    title="DNS queries and connections logged by Windows computers (Sysmon, DNS client)",
    family="dns",
    cannot_tell=(NO_BYTES, "What browsers ask that look up names on their own (DNS over HTTPS)."),
    layouts=(
        _layout(
            "JSON",
            JsonLines(must=("code",), paths=_PATHS),
            FirstOf((AlwaysUtc(Iso("UtcTime")), Iso("time"), Epoch("time"))),
            pl.col,
            pl.when(_USER != "-").then(_USER).otherwise("AccountName"),
            pl.col("provider").str.contains(_PROVIDERS) | (_FILTERED & pl.col("DestAddress").is_not_null()),
        ),
        _layout(
            "XML",
            Pattern(_XML, marks=("Microsoft-Windows-",)),
            Iso("time"),
            _data,
            _data("User"),
            pl.col("xml").str.contains(_PROVIDERS) | _FILTERED,
        ),
    ),
)
