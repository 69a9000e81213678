"""What fields of such exports mean: whose account it was, what an app was given access to, and when."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from discovery.portal import WRITTEN
from discovery.times import Clock, DayMonth, Epoch, FirstOf, InUtc, Iso, Stamp

#: Account classes that a record can tell.
COMPANY, OTHER_TENANT, PERSONAL = "company", "other_tenant", "personal"

#: Where everybody can have an address: such an account is a person's own.
PERSONAL_MAIL: Final = r"(?i)@(?:outlook|hotmail|live|msn|gmail|googlemail|icloud|me|yahoo|ymail|gmx|web|aol|proton|protonmail)\.[a-z.]{2,6}$"

#: What an app may be given access to, and how scopes spell it (permissions of Microsoft Graph; scopes of Google's APIs).
GRANTS: Final[Mapping[str, str]] = {
    "mail": r"(?i)\bMail\.|IMAP\.|EWS\.|full_access_as_user|mail\.google\.com|auth/gmail",
    "files": r"(?i)\bFiles\.|\bSites\.|auth/drive|auth/documents|auth/spreadsheets",
    "calendars": r"(?i)\bCalendars\.|auth/calendar",
    "contacts": r"(?i)\bContacts\.|auth/contacts|m8/feeds",
    "chats": r"(?i)\bChat\.|\bChannelMessage\.|auth/chat",
    "directory": r"(?i)\bDirectory\.|\bUser\.Read(?:Write)?\.All|\bGroup\.|auth/admin\.directory",
}


def when(name: str) -> Clock:
    """A column that a spreadsheet or a portal wrote a date or a time into."""
    months = tuple(f"{date} {clock}" for date in ("%b %d %Y", "%d %b %Y") for clock in ("%H:%M:%S", "%I:%M:%S %p"))
    exported = (InUtc(name, form.replace(",", "")) for form in WRITTEN)  # commas are taken off before
    return FirstOf((Iso(name), Epoch(name), DayMonth((name,)), Stamp((name,), months), *exported))


def of_mail(user: pl.Expr) -> pl.Expr:
    """Account class as far as an address tells it."""
    return pl.when(user.str.contains(PERSONAL_MAIL)).then(pl.lit(PERSONAL))


def grants(scopes: pl.Expr) -> pl.Expr:
    """What scopes of Microsoft or Google open, of those that matter most; nothing where they only tell who somebody is."""
    return pl.concat_str(*(pl.when(scopes.str.contains(sign)).then(pl.lit(what)) for what, sign in GRANTS.items()), separator=",", ignore_nulls=True)
