"""What a page shows, kept in its URL: parsed once into a typed object that gives the URL back, says itself in English, and selects.

The period decides what is assessed; a team is assessed on its own usage with the firm's risk; everything else only selects (decision 19).
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Final, Self, TypeVar

from rules.findings import Assessment, Finding
from rules.questions import questions
from webui import words

#: Period -> how it reads in the sentence.
PERIODS: Final = {"7": "last 7 days", "30": "last 30 days", "90": "last 90 days", "all": "everything kept"}
ACTIVITIES: Final = {
    "active": "active use",
    "any": "any use",
    "background": "background only",
    "visit": "visits only",
    "embedded": "embedded only",
}
STATUSES: Final = {"undecided": "not decided", **{key: text.lower() for key, text in words.STATUSES.items()}}
Default = TypeVar("Default", str, None)
UNDECIDED: Final = frozenset({"unreviewed", "in_review"})
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice per part; None means "all". `period` is a key of `PERIODS`, or "custom" with `since` and `until`."""

    period: str = "30"
    since: date | None = None
    until: date | None = None
    team: str | None = None
    capability: str | None = None
    category: str | None = None
    level: str | None = None
    status: str | None = None
    activity: str = "active"
    search: str | None = None
    question: str | None = None

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> Self:
        """Read the arguments of a URL. What is not understood is left at its default: an old link still opens."""
        since, until = _date(args.get("since")), _date(args.get("until"))
        custom = since is not None and until is not None and since <= until
        return cls(
            period="custom" if custom else _one_of(args.get("period"), PERIODS, "30"),
            since=since if custom else None,
            until=until if custom else None,
            team=_text(args.get("team")),
            capability=_text(args.get("capability")),
            category=_text(args.get("category")),
            level=_one_of(args.get("level"), words.LEVELS, None),
            status=_one_of(args.get("status"), STATUSES, None),
            activity=_one_of(args.get("activity"), ACTIVITIES, "active"),
            search=_text(args.get("search")),
            question=_one_of(args.get("question"), questions(), None),
        )

    def args(self) -> dict[str, str]:
        """The arguments that make this filter again; defaults are left out."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        kept = {name: str(value) for name, value in found.items() if value != _DEFAULTS[name]}
        if self.period == "custom":
            del kept["period"]
        return kept

    def but(self, **changes: object) -> dict[str, str]:
        """The arguments of this filter with some parts changed; a change of period drops custom dates."""
        if "period" in changes:
            changes = {"since": None, "until": None, **changes}
        return replace(self, **changes).args()  # type: ignore[arg-type]

    def days(self, last: date | None) -> tuple[date | None, date | None]:
        """First and last day, both included. "Last 30 days" ends on the day of the last event (decision 20); None is unbounded."""
        if self.period == "custom":
            return self.since, self.until
        if self.period == "all" or last is None:
            return None, None
        return last - timedelta(days=int(self.period) - 1), last

    def before(self, last: date | None) -> tuple[date, date] | None:
        """The period of the same length just before this one; None where this one has no beginning."""
        since, until = self.days(last)
        if since is None or until is None:
            return None
        length = until - since + timedelta(days=1)
        return since - length, since - timedelta(days=1)

    def period_in_words(self) -> str:
        """The period as it reads in a sentence."""
        return f"{words.span(self.since, self.until)}" if self.period == "custom" else PERIODS[self.period]

    def sentence(self, titles: Mapping[str, str] | None = None) -> str:
        """The whole filter in English, as it stands on exports."""
        titles = titles or {}
        parts = [
            self.period_in_words(),
            self.team or "all teams",
            ACTIVITIES[self.activity],
            f"{self.level.lower()} risk" if self.level else "any risk",
        ]
        if self.status:
            parts.append(STATUSES[self.status])
        if self.category:
            parts.append(f"category {self.category}")
        if self.capability:
            parts.append(f"used for {titles.get(self.capability, self.capability)}")
        if self.question:
            parts.append(words.lower_first(questions()[self.question].title))
        if self.search:
            parts.append(f"matching “{self.search}”")
        return _capital(", ".join(parts))

    def takes(self, finding: Finding, provided: AbstractSet[str] = frozenset()) -> bool:
        """Whether a finding is selected. Services that the firm provides need no decision (`provided`: their ids)."""
        return (
            self.activity in {"any", finding.activity}
            and self.level in {None, finding.risk.level}
            and self.category in {None, finding.category}
            and self.capability in {None, finding.capability}
            and (self.question is None or self.question in finding.answers)
            and self._takes_status(finding, provided)
            and self._takes_text(finding)
        )

    def select(self, assessment: Assessment, provided: AbstractSet[str] = frozenset()) -> tuple[Finding, ...]:
        """The selected findings, in their order."""
        return tuple(finding for finding in assessment.findings if self.takes(finding, provided))

    def _takes_status(self, finding: Finding, provided: AbstractSet[str]) -> bool:
        waits = is_undecided(finding, provided)
        return self.status is None or (waits if self.status == "undecided" else self.status == finding.status)

    def _takes_text(self, finding: Finding) -> bool:
        if self.search is None:
            return True
        text = " ".join((finding.name, finding.vendor, finding.category, *(evidence.domain for evidence in finding.evidence))).casefold()
        return self.search.casefold() in text


def is_undecided(finding: Finding, provided: AbstractSet[str]) -> bool:
    """Whether a service waits for somebody's word: not one that the firm provides itself, and none or no final decision yet."""
    return finding.status in UNDECIDED and finding.service not in provided


_DEFAULTS: Final = {field.name: field.default for field in fields(Filter)}


#: Years of days that can be asked for; the period before any of them is a period, too.
_YEARS: Final = range(1970, 2200)


def _date(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and day.year in _YEARS else None


def _text(text: str | None) -> str | None:
    cleaned = " ".join((text or "").replace("\0", "").split())[:LONGEST].strip()
    return cleaned or None


def _one_of(text: str | None, choices: Iterable[str], default: Default) -> str | Default:
    return text if text is not None and text in choices else default


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
