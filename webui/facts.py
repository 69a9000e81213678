"""What is known about a service, in words and side by side: free plan against business plan, each fact with its source and date."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from discovery import shipped
from discovery.catalogue import Fact, Service
from webui import words

COUNTRIES: Final = {
    "AE": "United Arab Emirates", "AL": "Albania", "AM": "Armenia", "AR": "Argentina", "AT": "Austria", "AU": "Australia",
    "BA": "Bosnia and Herzegovina", "BB": "Barbados", "BD": "Bangladesh", "BE": "Belgium", "BG": "Bulgaria", "BR": "Brazil", "BY": "Belarus",
    "CA": "Canada", "CH": "Switzerland", "CL": "Chile", "CN": "China", "CO": "Colombia", "CU": "Cuba", "CY": "Cyprus", "CZ": "Czechia",
    "DE": "Germany", "DK": "Denmark", "EE": "Estonia", "EG": "Egypt", "ES": "Spain", "FI": "Finland", "FR": "France", "GB": "United Kingdom",
    "GE": "Georgia", "GI": "Gibraltar", "GR": "Greece", "HK": "Hong Kong", "HR": "Croatia", "HU": "Hungary", "ID": "Indonesia", "IE": "Ireland",
    "IL": "Israel", "IN": "India", "IR": "Iran", "IS": "Iceland", "IT": "Italy", "JP": "Japan", "KE": "Kenya", "KR": "South Korea",
    "KY": "Cayman Islands", "KZ": "Kazakhstan", "LB": "Lebanon", "LI": "Liechtenstein", "LK": "Sri Lanka", "LT": "Lithuania", "LU": "Luxembourg",
    "LV": "Latvia", "MD": "Moldova", "ME": "Montenegro", "MK": "North Macedonia", "MT": "Malta", "MX": "Mexico", "MY": "Malaysia", "NG": "Nigeria",
    "NL": "Netherlands", "NO": "Norway", "NP": "Nepal", "NZ": "New Zealand", "PA": "Panama", "PE": "Peru", "PH": "Philippines", "PK": "Pakistan",
    "PL": "Poland", "PR": "Puerto Rico", "PT": "Portugal", "RO": "Romania", "RS": "Serbia", "RU": "Russia", "SA": "Saudi Arabia", "SC": "Seychelles",
    "SE": "Sweden", "SG": "Singapore", "SI": "Slovenia", "SK": "Slovakia", "TH": "Thailand", "TR": "Turkey", "TW": "Taiwan", "UA": "Ukraine",
    "US": "United States", "UY": "Uruguay", "VG": "British Virgin Islands", "VN": "Vietnam", "ZA": "South Africa",
}  # fmt: skip
#: Id of a list in the catalogue -> its name; data/README.md says more of each.
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


#: A day, or a month, as facts carry them.
_DATE: Final = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])(?:-(\d{2}))?\b")
#: From this confidence on, the words for it.
_SURE: Final = ((0.9, "very sure"), (0.7, "fairly sure"), (0.0, "not very sure"))


@dataclass(frozen=True, slots=True)
class Known:
    """One value in words with where it comes from; `value` "not known" has neither."""

    value: str
    source: str = ""
    date: str = ""
    verified: bool = False
    confidence: float = 0.0

    @property
    def sure(self) -> str:
        """How sure it is, in words; empty where nothing is known."""
        return "" if not self.source else next(word for least, word in _SURE if self.confidence >= least)

    @property
    def origin(self) -> str:
        """Source and date in words; empty where nothing is known."""
        if not self.source:
            return ""
        return f"{self.place}, {self.dated}" if self.verified else f"unverified, {self.dated}"

    @property
    def dated(self) -> str:
        """Its date as pages write dates."""
        return dates_in_words(self.date)

    @property
    def page(self) -> str:
        """Address of the page it is from; empty where it is from a list, or general knowledge."""
        return self.source if self.source.startswith("https://") else ""

    @property
    def place(self) -> str:
        """Name of the list, or host of the page."""
        return self.page.split("/")[2].removeprefix("www.") if self.page else SOURCES.get(self.source, self.source)


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
    return [Row(title(name), None, *(_known(name, service.fact(name, plan)) for plan in ("free", "business"))) for name in names]


def of_whole(service: Service, without: Sequence[str] = ()) -> list[Row]:
    """Facts that hold for the service as a whole, and the important ones that are not known; some may be left out."""
    planned = {name.partition(".")[2] for name in service.facts if "." in name} | set(without)
    names = [name for name in vocabulary() if name not in planned and (name in service.facts or name in _IMPORTANT)]
    return [Row(title(name), _known(name, service.facts.get(name)), None, None) for name in names]


def some(service: Service, names: Sequence[str]) -> list[Row]:
    """The facts that are asked for, on the plan people probably use, known or not."""
    return [Row(title(name), _known(name, service.fact(name)), None, None) for name in names]


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


def source_in_words(text: str) -> str:
    """Where a reason comes from, for readers: "2fa, 2026-08-04" is told by the name of that source, a file of rules as what it is."""
    source, comma, rest = text.partition(",")
    return "Gnomon's own rules" if source.startswith("rules/") else f"{SOURCES.get(source, source)}{comma}{dates_in_words(rest)}"


def cited(sentence: str) -> str:
    """A sentence that ends in its source, such as "(jdm, 2026-08-21)", with the name of the source and the date in words."""
    return dates_in_words(re.sub(r"(?<=\()[\w-]+(?=, \d)", lambda source: SOURCES.get(source[0], source[0]), sentence))


def dates_in_words(text: str) -> str:
    """Dates of facts as pages write them: "2026-08-21" is "21 Aug 2026", "2026-11" is "Nov 2026"."""
    return _DATE.sub(lambda found: f"{int(found[3])} {_month(found)}" if found[3] else _month(found), text)


def _month(found: re.Match[str]) -> str:
    return f"{date(int(found[1]), int(found[2]), 1):%b %Y}"


def fixes(service: Service) -> list[str]:
    """What the business plan mends that the free plan lacks, in words."""
    return [str(vocabulary()[name]["mended"]) for name in service.upgrade_fixes]


def title(name: str) -> str:
    """What a fact is called on a page."""
    return str(vocabulary()[name]["title"])


def _known(name: str, fact: Fact | None) -> Known:
    return UNKNOWN if fact is None else Known(in_words(name, fact.value), fact.source, fact.date, fact.verified, fact.confidence)
