"""What is known about a service, in words and side by side: free plan against business plan, each fact with its source and date."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from discovery import shipped
from discovery.catalogue import Fact, Service
from webui import words

COUNTRIES: Final = {
    "AU": "Australia", "AT": "Austria", "BE": "Belgium", "BR": "Brazil", "CA": "Canada", "CH": "Switzerland", "CN": "China", "CZ": "Czechia",
    "DE": "Germany", "DK": "Denmark", "EE": "Estonia", "ES": "Spain", "FI": "Finland", "FR": "France", "GB": "United Kingdom", "HK": "Hong Kong",
    "IE": "Ireland", "IL": "Israel", "IN": "India", "IT": "Italy", "JP": "Japan", "KR": "South Korea", "LT": "Lithuania", "LU": "Luxembourg",
    "NL": "Netherlands", "NO": "Norway", "NZ": "New Zealand", "PL": "Poland", "PT": "Portugal", "RO": "Romania", "RU": "Russia", "SE": "Sweden",
    "SG": "Singapore", "TW": "Taiwan", "UA": "Ukraine", "US": "United States", "VN": "Vietnam", "ZA": "South Africa",
}  # fmt: skip
#: Id of a source in the catalogue -> its name; data/README.md says more of each.
SOURCES: Final = {
    "2fa": "2FA Directory",
    "aicoding": "Awesome AI coding tools",
    "aicoll": "AI Collection",
    "aiguard": "Shadow AI Guard",
    "aiinfinity": "AI Infinity",
    "aitools": "Awesome AI tools (mahseema)",
    "aliammari": "Awesome AI tools (aliammari1)",
    "codeai": "Awesome code AI",
    "dalisoft": "Awesome hosting",
    "designtools": "Awesome design tools",
    "dsgnres": "Design resources for developers",
    "entra": "Microsoft Entra documentation",
    "eudkai": "Awesome AI tools (eudk)",
    "eutech": "Awesome European Tech",
    "gdprtracker": "GDPR Tracker",
    "genai": "Awesome generative AI",
    "getstream": "Awesome SaaS services",
    "hades": "Awesome AI (hades217)",
    "hibp": "Have I Been Pwned",
    "hibp-new": "Have I Been Pwned",
    "isapricing": "ISA Group, University of Seville",
    "jdm": "JustDeleteMe",
    "jischell": "Remote management tools (J Schell)",
    "lolrmm": "LOLRMM",
    "nocode": "Awesome no-code and low-code",
    "nologin": "Awesome no-login web apps",
    "shadowwh-ai": "ShadowWhisperer's block lists",
    "ssotax": "The SSO Wall of Shame",
    "stackbudget": "Stack on a budget",
    "sublime-free_file_host": "Sublime Security's list of free file hosts",
    "svgl": "svgl",
    "tott": "Tools of the Trade",
    "yousefai": "1000 AI tools",
}


@dataclass(frozen=True, slots=True)
class Known:
    """One value in words with where it comes from; `value` "not known" has neither."""

    value: str
    source: str = ""
    date: str = ""
    verified: bool = False

    @property
    def origin(self) -> str:
        """Source and date in words; empty where nothing is known."""
        if not self.source:
            return ""
        return f"{SOURCES.get(self.source, self.source)}, {self.date}" if self.verified else f"unverified, {self.date}"


@dataclass(frozen=True, slots=True)
class Row:
    """A fact of a service: as a whole, or by plan."""

    title: str
    whole: Known | None
    free: Known | None
    business: Known | None


UNKNOWN: Final = Known(words.NOT_KNOWN)


@cache
def vocabulary() -> Mapping[str, Mapping[str, Any]]:
    """Name of a fact -> its title and the kind of its value."""
    return tomllib.loads(shipped.beside("discovery", "facts.toml").read_text(encoding="utf-8"))


def by_plan(service: Service) -> list[Row]:
    """Facts that are known for a plan of their own, both plans side by side."""
    names = [name for name in vocabulary() if f"free.{name}" in service.facts or f"business.{name}" in service.facts]
    return [Row(_title(name), None, *(_known(name, service.fact(name, plan)) for plan in ("free", "business"))) for name in names]


def of_whole(service: Service) -> list[Row]:
    """Facts that hold for the service as a whole, and the important ones that are not known."""
    planned = {name.partition(".")[2] for name in service.facts if "." in name}
    names = [name for name in vocabulary() if name not in planned and (name in service.facts or name in _IMPORTANT)]
    return [Row(_title(name), _known(name, service.facts.get(name)), None, None) for name in names]


#: Shown even where nobody knows them: they would change what one thinks of a service.
_IMPORTANT: Final = frozenset({"account_required", "mfa", "dpa", "data_region", "hq_country", "encryption_at_rest"})


def in_words(name: str, value: object) -> str:
    """The value of a fact as it is read aloud."""
    kind = vocabulary().get(name, {}).get("kind", "text")
    if kind == "breaches" and isinstance(value, Sequence):
        return "; ".join(f"{breach.get('year', '')}: {breach.get('what', '')}" for breach in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "country":
        return COUNTRIES.get(str(value), str(value))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(part) for part in value)
    return {"opt_out": "yes, unless switched off"}.get(str(value), str(value))


def _title(name: str) -> str:
    return str(vocabulary()[name]["title"])


def _known(name: str, fact: Fact | None) -> Known:
    return UNKNOWN if fact is None else Known(in_words(name, fact.value), fact.source, fact.date, fact.verified)
