"""MikroTik RouterOS: `/ip dhcp-server lease print detail`, its `terse` and `export` forms, and the topic `dhcp` of the log.

See https://help.mikrotik.com/docs/spaces/ROS/pages/24805500/DHCP. What is printed counts from the time of printing, which is when
the file was written: a lease is known from `last-seen` to `expires-after`. A lease without the flag D is a reservation and holds at any time.
"""

import re
from datetime import datetime, timedelta

import polars as pl

from discovery.kinds.pattern import Pattern
from discovery.leases.base import BEGIN, LeaseFormat, Row, Snapshot
from discovery.leases.notices import ENDED, HELD, Notices
from discovery.times import SYSLOG, FirstOf, Iso, Reading, Stamp, Yearless

_ENTRY = re.compile(r"^[ ]{0,8}(?:\d{1,5}[ ]+(?P<flags>(?:[XRDB]{1,4}[ ]+)*)|add[ ])", re.MULTILINE)
_PAIR = re.compile(r'([a-z-]{1,40})=("[^"\n]*"|\S*)')
_SPAN = re.compile(r"(\d{1,6})([wdhms])")
_BROKEN = re.compile(r"\\\r?\n[ ]*")  # an export breaks long lines
_UNIT = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_LINE = (
    r"(?:CEF: ?0\|MikroTik\|.*? msg=)?"
    r"(?:(?P<iso>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) |(?P<day>[a-zA-Z]{3}/\d\d(?:/\d{4})? \d\d:\d\d:\d\d) )?(?:(?:script|system|dhcp)[a-z,]* )?(?:\S+: )?"
    r"(?P<server>\S+) (?P<act>assigned|deassigned) (?P<ip>[0-9A-Fa-f.:]+) (?:to|for|from) (?P<mac>[0-9A-Fa-f:]{17})(?: (?P<host>\S+))?"
)


def _is_print(head: str) -> bool:
    return "mac-address=" in head and any(sign in head for sign in ("expires-after=", "dhcp-server lease", " status="))


def _rows(text: str, reading: Reading) -> list[Row]:
    text = _BROKEN.sub("", text)
    entries = list(_ENTRY.finditer(text))
    ends = [*(entry.start() for entry in entries), len(text)][1:]
    said = ((entry["flags"], dict(_PAIR.findall(text[entry.end() : end]))) for entry, end in zip(entries, ends, strict=False))
    return [row for flags, pairs in said if (row := _row(pairs, flags, reading.reference)) is not None]


def _row(said: dict[str, str], flags: str | None, printed: datetime) -> Row | None:
    said = {name: value.strip('"') for name, value in said.items()}
    mac, host = said.get("active-mac-address") or said.get("mac-address"), said.get("host-name") or None
    if "D" not in (flags or ""):
        return (said.get("address", ""), mac, host, BEGIN, None) if said.get("disabled") != "yes" and "X" not in (flags or "") else None
    ago, left = _span(said.get("last-seen")), _span(said.get("expires-after"))
    if ago is None or left is None or said.get("status", "bound") != "bound":
        return None
    return said.get("active-address") or said.get("address", ""), mac, host, printed - ago, printed + left


def _span(text: str | None) -> timedelta | None:
    """`1w2d3h4m5s`, None where there is none (`never`)."""
    parts = _SPAN.findall(text or "")
    return timedelta(seconds=sum(int(number) * _UNIT[unit] for number, unit in parts)) if parts else None


FORMAT = LeaseFormat(
    id="mikrotik-leases",
    title="MikroTik DHCP leases",
    carriers=(
        Snapshot(_is_print, _rows),
        Notices(
            sign=r"\b(?:de)?assigned \S+ (?:to|for|from) ",
            kind=Pattern(_LINE),
            clock=FirstOf((Iso("iso"), Stamp(("day",), ("%b/%d/%Y %H:%M:%S",)), Yearless("day", "%b/%d %H:%M:%S"), SYSLOG)),
            act=pl.when(pl.col("act") == "assigned").then(pl.lit(HELD)).otherwise(pl.lit(ENDED)),
            said={"source_ip": pl.col("ip"), "source_mac": pl.col("mac"), "host_name": pl.col("host")},
        ),
    ),
)
