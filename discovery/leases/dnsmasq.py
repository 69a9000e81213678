"""dnsmasq: its file dnsmasq.leases, which OpenWrt and Pi-hole use too, and the lines of `dnsmasq-dhcp` in syslog (dnsmasq(8)).

A line of the file: expiry (epoch, 0 = never), MAC, address, host or *, client id. The begin is not kept. Servers are set to lease for an
hour (the default) to a day; so a day before the expiry is as far as the device can be said to have held the address.
"""

import re
from datetime import timedelta

import polars as pl

from discovery.kinds.pattern import Pattern
from discovery.leases.base import BEGIN, LeaseFormat, Row, Snapshot, mac_of, moment
from discovery.leases.notices import ENDED, HELD, Notices
from discovery.times import SYSLOG, Reading

_SIGN = re.compile(r"\A(?:duid .*\n)?\d{9,11} [0-9A-Fa-f:]{17} [0-9A-Fa-f.:]+ \S+ \S+\s*$", re.MULTILINE)
_LONGEST = timedelta(days=1)
_UP_TO_HOST = 4  # fields
_LINE = (
    r"(?:\d+ )?(?:(?P<act>DHCPACK|DHCPRELEASE|DHCPDECLINE|DHCPREPLY)\([^)]*\) (?P<ip>[0-9A-Fa-f.:]+) (?P<client>[0-9A-Fa-f:]+)(?: (?P<host>\S+))?"
    r"|(?P<note>DHCP[A-Z]+\(.*|(?:available DHCP|vendor class|client provides|tags|requested options|next server|sent size|broadcast|DHCP,).*))"
)


def _rows(text: str, reading: Reading) -> list[Row | None]:  # noqa: ARG001 (times are UTC)
    return [_row(parts) for line in text.split("\n") if (parts := line.split()) and parts[0] != "duid"]


def _row(parts: list[str]) -> Row | None:
    until = moment(parts[0]) if len(parts) > _UP_TO_HOST else None
    if until is None:
        return None
    mac = mac_of(parts[4]) if ":" in parts[2] else parts[1]  # of an IPv6 lease the second field is a number
    since, ends = (BEGIN, None) if parts[0] == "0" else (until - _LONGEST, until)
    return parts[2], mac, None if parts[3] == "*" else parts[3], since, ends


FORMAT = LeaseFormat(
    id="dnsmasq-leases",
    title="dnsmasq leases",
    carriers=(
        Snapshot(lambda head: _SIGN.search(head) is not None, _rows),
        Notices(
            sign="dnsmasq-dhcp",
            kind=Pattern(_LINE),
            clock=SYSLOG,
            only=pl.col("syslog_tag") == "dnsmasq-dhcp",
            act=pl.when(pl.col("act").is_in(["DHCPACK", "DHCPREPLY"])).then(pl.lit(HELD)).when(pl.col("act").is_not_null()).then(pl.lit(ENDED)),
            said={"source_ip": pl.col("ip"), "source_mac": pl.col("client"), "host_name": pl.col("host")},
        ),
    ),
)
