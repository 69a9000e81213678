"""The audit log of the Windows DHCP server, DhcpSrvLog-Mon.log and DhcpV6SrvLog-Mon.log, and its leases as PowerShell exports them.

Events are those of Microsoft's “Analyze DHCP Server Log Files” (https://learn.microsoft.com/previous-versions/dd183591(v=ws.10)). Words are in
the server's language, so events are told by their number; a block of text above explains the numbers. Times are the server's own. The log
does not say how long a lease holds: the server's usual eight days are taken, unless it ends or goes to somebody else.

`Get-DhcpServerv4Lease | Export-Csv` only has the end of a lease, in the words of the user's culture (class DhcpServerv4Lease,
https://learn.microsoft.com/previous-versions/windows/desktop/dhcpserverpsprov/dhcpserverv4lease); the same eight days lie before it, and the
time of the export is within. A reservation holds at any time. A program that passes the log on may write a word of its own before the number.
"""

from datetime import timedelta

import polars as pl

from discovery.kinds.delimited import Delimited
from discovery.leases.base import LeaseFormat, mac_within
from discovery.leases.listed import carrier
from discovery.leases.notices import ENDED, HELD, Notices
from discovery.times import DayMonth

_COLUMNS = ("id", "date", "time", "description", "address", "host", "mac_or_error", "user_or_length", "duid")
_GIVEN = ("10", "11", "20", "21", "11002", "11004", "11005")  # assigned, renewed, BOOTP; the IPv6 client's request, renew, rebind
_TAKEN = ("12", "16", "17", "18", "23", "11006", "11007", "11016", "11018", "11019")  # released, deleted, expired; declined
_EXPLAINED = r"^(?:\d\d\+?[\t ]|[\t ]|.*DHCP|QResult|.{0,20}\bID(?:$|[\t ])|\S+  +\S+$)"
_ID = pl.col("id").str.extract(r"^(?:[^\d\s]\S* )?(\d{2,5})$", 1)
_V6 = _ID.str.len_bytes() > 2  # noqa: PLR2004 (numbers of IPv6 events have four and five digits)
_LASTS = timedelta(days=8)
_EXPORT = r"(?is)\A(?=.{0,2000}\bIPAddress\b)(?=.{0,2000}\bClient(?:Id|Duid)\b).{0,2000}\bLeaseExpiryTime\b"

FORMAT = LeaseFormat(
    id="ms-dhcp",
    title="Windows DHCP server audit log or leases",
    carriers=(
        carrier(_EXPORT, _LASTS),
        Notices(
            sign=r"(?m)\b\d{2,5},\d{1,2}[./-]\d{1,2}[./-]\d{2,4},\d{1,2}[:.]\d\d",
            kind=Delimited(",", _COLUMNS, quotes=True, lead=True),
            clock=DayMonth(("date", "time")),
            only=_ID.is_not_null() & pl.col("time").str.contains(r"^\d{1,2}[:.]\d\d[:.]\d\d") & pl.col("host").is_not_null(),
            comment=pl.col("id").str.contains(_EXPLAINED),
            act=pl.when(_ID.is_in(_GIVEN)).then(pl.lit(HELD)).when(_ID.is_in(_TAKEN)).then(pl.lit(ENDED)),
            said={
                "source_ip": pl.col("address"),
                "source_mac": pl.when(_V6).then(mac_within(pl.col("duid"))).otherwise("mac_or_error"),
                "host_name": pl.col("host"),
            },
            lasts=_LASTS,
        ),
    ),
)
