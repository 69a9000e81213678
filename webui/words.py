"""Numbers and dates as a person would say them. Missing is "not known", never 0 and never a dash."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

NOT_KNOWN: Final = "not known"
KILO: Final = 1000

STATUSES: Final = {
    "unreviewed": "Unreviewed",
    "in_review": "In review",
    "approved": "Approved",
    "approved_with_conditions": "Approved with conditions",
    "tolerated": "Tolerated",
    "not_approved": "Not approved",
}
LEVELS: Final = ("Low", "Guarded", "Elevated", "High", "Severe")
#: Those at which company data is at high risk.
RISKY: Final = ("High", "Severe")
GAPS: Final = {
    "no_tool": "Nothing provided",
    "tool_unused": "Provided, hardly used",
    "tool_beside": "Provided, others used beside it",
    "covered": "Covered",
}
ACTIONS: Final = {
    "restrict": "Close",
    "guide": "Say what is allowed",
    "accept": "Accept",
    "promote": "Owned: show it",
    "train": "Owned: train",
    "extend": "Add what is missing",
    "replace": "Replace",
    "upgrade": "Larger plan",
    "license": "Business plan",
    "adopt": "Choose a tool",
}
CHANGES: Final = {
    "new": "New",
    "moved": "Moved to another tool",
    "grown": "Grown",
    "shrunk": "Shrunk",
    "gone": "Gone",
    "riskier": "Riskier",
    "calmer": "Less risky",
}
ACTIVITIES: Final = {"active": "Active", "background": "Background", "visit": "Visit", "embedded": "Embedded"}
ROLES: Final = {"use": "use", "sync": "sync client", "embed": "embedded in other pages", "visit": "website", "infra": "shared infrastructure"}
#: What a host of a service is for, as one would ask a person.
HOST_KINDS: Final = {
    "use": "People work with it: app, sign-in, upload",
    "sync": "A program keeps in touch by itself",
    "visit": "A website that people read",
    "embed": "A part of other sites' pages",
    "infra": "Delivers files only",
}
SIGHTINGS: Final = {
    "sign-in": "Sign-in",
    "consent": "Consent",
    "installed": "Installed",
    "expensed": "Payment",
    "declared": "Declared",
}
ACCOUNTS: Final = {
    "company": "company account",
    "other_tenant": "another firm's account",
    "personal": "personal account",
    "cannot_be_told": "account cannot be told",
}
#: What a decision stands for.
SCOPES: Final = {
    "any": "every account",
    "company": "company accounts",
    "personal": "personal accounts",
    "other_tenant": "other firms' accounts",
}


def count(number: int | None) -> str:
    """12345 → "12,345"."""
    return NOT_KNOWN if number is None else f"{number:,}"


def plural(number: int | None, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 day", "3 days", "days not known"."""
    many = many or f"{one}s"
    if number is None:
        return f"{many} {NOT_KNOWN}"
    return f"{number:,} {one if number == 1 else many}"


def verb(number: int | None, one: str, many: str) -> str:
    """The form of a verb that fits a number: "1 person works", "2 people work"."""
    return one if number == 1 else many


def people(number: int | None, of: int | None = None) -> str:
    """A count of people: "12 of 41 people", "1 person", or that it is not known how many."""
    if number is None:
        return f"people {NOT_KNOWN}"
    return f"{number:,} of {of:,} people" if of is not None and of >= number else plural(number, "person", "people")


def size(number: int | None) -> str:
    """Bytes as said aloud: "about 3.1 GB", "under 1 kB", "nothing"."""
    if number is None:
        return NOT_KNOWN
    if number == 0:
        return "nothing"
    if number < KILO:
        return "under 1 kB"
    amount = float(number)
    for unit in ("bytes", "kB", "MB", "GB", "TB", "PB"):
        if amount < KILO or unit == "PB":
            break
        amount /= KILO
    return f"about {amount:.1f} {unit}" if amount < 9.95 else f"about {amount:,.0f} {unit}"  # noqa: PLR2004 (two digits are enough)


def short_size(number: int | None) -> str:
    """The same where many stand below each other: "3.1 GB", "0"."""
    return "0" if number == 0 else size(number).removeprefix("about ")


def uploaded(number: int | None) -> str:
    """What was sent, in a sentence: "about 3.1 GB uploaded", "uploads not known"."""
    return f"uploads {NOT_KNOWN}" if number is None else f"{size(number)} uploaded"


def exact(number: int | None) -> str:
    """For whoever wants to know: "3,104,221 bytes"."""
    return NOT_KNOWN if number is None else f"{number:,} bytes"


def day(value: date | None) -> str:
    """A day: "12 November 2026"."""
    return NOT_KNOWN if value is None else f"{value.day} {value:%B %Y}"


def short_day(value: date | None) -> str:
    """A day where room is scarce: "12 Nov 2026"."""
    return NOT_KNOWN if value is None else f"{value.day} {value:%b %Y}"


def moment(value: datetime | None, zone: str) -> str:
    """A time on the client's clock: "12 Nov 2026, 14:03"."""
    if value is None:
        return NOT_KNOWN
    local = value.astimezone(ZoneInfo(zone))
    return f"{short_day(local.date())}, {local:%H:%M}"


def moments(first: datetime, last: datetime, zone: str) -> str:
    """From one time to another: "12 Nov 2026, 08:50 to 11:20"."""
    if first.astimezone(ZoneInfo(zone)).date() == last.astimezone(ZoneInfo(zone)).date():
        return f"{moment(first, zone)} to {last.astimezone(ZoneInfo(zone)):%H:%M}"
    return f"{moment(first, zone)} to {moment(last, zone)}"


def local_day(value: datetime | None, zone: str) -> str:
    """The day of a time on the client's clock: "12 November 2026"."""
    return NOT_KNOWN if value is None else day(value.astimezone(ZoneInfo(zone)).date())


def utc(value: datetime | None) -> str:
    """The same time in UTC, for the tooltip."""
    return "" if value is None else f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def quarter(name: str) -> str:
    """A quarter of the roadmap: "2027-Q1" is "Q1 2027"; "Later" where none is named."""
    year, _, which = name.partition("-")
    return f"{which} {year}" if which else "Later"


def since(value: date, today: date) -> str:
    """How long ago something began, seen from `today`: "since Tuesday", "since 3 November"."""
    days = (today - value).days
    if days <= 0:
        return "since today"
    if days == 1:
        return "since yesterday"
    if days < 7:  # noqa: PLR2004 (within a week its name says which day)
        return f"since {value:%A}"
    return f"since {value.day} {value:%B}" + ("" if value.year == today.year else f" {value.year}")


def span(first: date | None, last: date | None) -> str:
    """From the first to the last day: "14 October to 12 November 2026"."""
    if first is None or last is None:
        return NOT_KNOWN
    if first == last:
        return day(first)
    if first.year == last.year:
        return f"{first.day} {first:%B} to {day(last)}"
    return f"{day(first)} to {day(last)}"


def listed(words: Sequence[str], last: str = "and", most: int | None = None) -> str:
    """Names in a row: "a, b and c"; with more than `most` of them "a, b and 4 more"."""
    if most is not None and len(words) > most:
        words = [*words[:most], f"{len(words) - most} more"]
    if len(words) < 2:  # noqa: PLR2004
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def stopped(text: str) -> str:
    """What somebody wrote, with the full stop that a sentence after it needs."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def duration(seconds: float | None) -> str:
    """A time still to wait or gone by: "about 2 min"."""
    if seconds is None:
        return NOT_KNOWN
    if seconds < 1:
        return "under a second"
    if seconds < 90:  # noqa: PLR2004
        return f"about {seconds:.0f} s"
    return f"about {seconds / 60:.0f} min" if seconds < 5400 else f"about {seconds / 3600:.1f}".removesuffix(".0") + " h"  # noqa: PLR2004


def percent(part: float | None, whole: float | None) -> str:
    """A share: "29%"; "under 1%" rather than a wrong 0."""
    if part is None or not whole:
        return NOT_KNOWN
    value = 100 * part / whole
    return "under 1%" if 0 < value < 1 else f"{value:.0f}%"


def monogram(name: str) -> str:
    """Two letters in place of a logo: initials of the first two words, else the first two characters."""
    words = [word for word in "".join(c if c.isalnum() else " " for c in name).split() if word]
    letters = "".join(word[0] for word in words[:2]) if len(words) > 1 else "".join(words)[:2]
    return (letters or "?").upper() if len(words) > 1 else (letters or "?").capitalize()


def tile(name: str) -> int:
    """Which of the six tile colours a name has; the same everywhere."""
    return sum(name.encode("utf-8", "replace")) % 6


def points(number: float) -> str:
    """Points of a score with their sign: "+12.3", "−4"; "±0"."""
    return tenths(number).removesuffix(".0")


def tenths(number: float) -> str:
    """The same where many stand below each other: "+12.3", "−4.0"."""
    return f"{number:+.1f}".replace("-", "\N{MINUS SIGN}") if round(number, 1) else "±0.0"


def lower_first(text: str) -> str:
    """A title within a sentence: "Sending large files" → "sending large files", but "PDF conversion" stays."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]
