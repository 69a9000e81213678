"""From a row of the open lists to the catalogue's own form: its name, its id, its facts, its further domains; and which background hosts to keep."""

# ruff: noqa: INP001 (run by hand, beside its data)
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from publicsuffixlist import PublicSuffixList

Row = dict[str, Any]

#: Hosts that carry many firms' files or machines: no service's own, see discovery/catalogue_check.py.
SHARED: Final = frozenset({
    "akamai.net", "akamaiedge.net", "akamaihd.net", "akamaized.net", "amazonaws.com", "appspot.com", "azure.com", "azureedge.net", "azurefd.net",
    "azurewebsites.net", "b-cdn.net", "cdn77.org", "cloudflare.net", "cloudfront.net", "cloudfunctions.net", "digitaloceanspaces.com",
    "edgecastcdn.net", "edgekey.net", "edgesuite.net", "fastly.net", "fastlylb.net", "firebaseapp.com", "firebaseio.com", "github.io",
    "googleapis.com", "googleusercontent.com", "gstatic.com", "herokuapp.com", "jsdelivr.net", "linode.com", "netlify.app", "stackpathcdn.com",
    "trafficmanager.net", "unpkg.com", "vercel.app", "web.app", "windows.net",
})  # fmt: skip
#: Lists whose further domains belong to the service itself; others name whole groups of companies.
CAREFUL: Final = frozenset({"2fa", "jdm", "lolrmm", "jischell", "aiguard", "nextdns-svc"})
#: Ranking only: its terms were not read, and no fact rests on it.
NOT_A_SOURCE: Final = frozenset({"tranco50k"})


@dataclass
class Judged:
    """`judged.toml`: what we know better than the lists."""

    capability: Mapping[str, str]
    left_out: set[str]
    only_visited: set[str]
    embedded: set[str]
    names: Mapping[str, str]


def name(row: Row, judged: Judged) -> str:
    """The service's name; of a bare domain its first label with a capital."""
    if row["domain"] in judged.names:
        return judged.names[row["domain"]]
    given = re.sub(r"\s*[\[(].*?[\])]|[`|<>*]", "", str(row.get("name", ""))).strip()
    if given and len(given) <= 48:  # noqa: PLR2004 (longer ones are sentences)
        return given
    label = row["domain"].removeprefix("www.").partition(".")[0]
    return str(label[:1].upper() + label[1:])


def identity(called: str, domain: str, taken: Collection[str]) -> str:
    """An id made from the name, or from the domain where that one is taken or holds no letters."""
    slugs = [re.sub(r"[^a-z0-9]+", "-", text).strip("-") for text in (called.lower(), domain, f"{domain}-open")]
    return next(slug for slug in slugs if slug and slug not in taken)


def vendor(row: Row, called: str) -> str:
    """The firm behind it where a list names one, else the service's own name."""
    stated = row["facts"].get("vendor") or row["facts"].get("controller")
    return str(stated[0]["v"]).strip() if stated else called


def role(row: Row, capability: str, judged: Judged) -> str:
    """What the domain as a whole is for; hosts below it may say otherwise by their label (discovery/labels.toml)."""
    domain = row["domain"]
    if domain in judged.only_visited or (capability == "short_link" and "name" not in row):
        return "visit"
    return "embed" if domain in judged.embedded or capability == "web_analytics" else "use"


def sources(row: Row, known: Collection[str], *, own: bool) -> list[str]:
    """Where the name and the function are from: lists that are known (a vote may also rest on a word in the name)."""
    told = {source.removeprefix("kw:") for source in row.get("function_sources") or row["sources"]} | {one["s"] for one in row.get("names", ())[:1]}
    return sorted((told & set(known) - NOT_A_SOURCE) | ({"editor"} if own else set()))


def further(row: Row) -> Iterator[str]:
    """Registrable domains that the lists give as the same service's, and hosts of remote tools."""
    label = max(row["domain"].split(".")[:-1], key=len)
    for alias in row.get("aliases", ()):
        domain = str(alias["v"]).lower()
        same = len(label) > 3 and label in domain  # noqa: PLR2004 (shorter ones are in many names)
        if alias["s"] in CAREFUL or same:
            yield domain
    for host in row.get("hosts", ()):
        below = str(host["v"]).endswith("." + row["domain"])
        if host["s"] in {"lolrmm", "jischell"} and not below:
            yield str(host["v"]).lower()


def facts(row: Row, dates: Mapping[str, str]) -> Row:
    """The facts in our own vocabulary. A list that says nothing, or "none listed", leaves the fact unknown."""
    found: Row = {}
    for key, value, source, confidence in _facts(row):
        kept = {"value": value, "source": source, "date": dates[source], "confidence": confidence}
        if key not in found or confidence > found[key]["confidence"]:
            found[key] = kept
    return {key: found[key] for key in sorted(found)}


def _facts(row: Row) -> Iterator[tuple[str, object, str, float]]:
    stated: Mapping[str, list[Row]] = row["facts"]
    for key, (ours, value, confidence) in _CARRIED.items():
        for fact in stated.get(key, ()):
            kept = value(str(fact["v"]))
            if kept is not None:
                yield ours, kept, fact["s"], min(confidence, _DATED.get(fact["s"], 1.0))
    yield from _certifications(stated)
    yield from _breaches(stated)


def _yes(_: str) -> object:
    return True


#: Fact of the lists -> our fact, our value (None: says nothing), confidence.
_CARRIED: Final[Mapping[str, tuple[str, Callable[[str], object], float]]] = {
    "mfa": ("mfa", lambda said: None if said == "none listed" else True, 0.95),
    "free_tier": ("free_tier", lambda said: True if said.startswith("yes") else None, 0.8),
    "no_login": ("account_required", lambda _: False, 0.8),
    "deletion": ("account_deletion", lambda said: said if said in {"easy", "medium", "hard", "impossible"} else None, 0.9),
    "sso": ("business.sso", _yes, 0.85),
    "hq_country": ("hq_country", lambda said: {"UK": "GB"}.get(said, said) if re.fullmatch("[A-Z]{2}", said) else None, 0.85),
    "dpa_url": ("business.dpa", _yes, 0.7),
    "abuse_rmm": ("abused_remote_tool", _yes, 0.9),
    "file_host": ("exfil_channel", _yes, 0.8),
    "file_transfer_capable": ("exfil_channel", _yes, 0.8),
    "ai": ("generative_ai", _yes, 0.7),
}
#: Lists that have not been looked after for years, or say it in passing.
_DATED: Final = {"designtools": 0.6, "dsgnres": 0.6, "tott": 0.6, "nologin": 0.7, "eudkai": 0.6, "gdprtracker": 0.7}


def _certifications(stated: Mapping[str, list[Row]]) -> Iterator[tuple[str, object, str, float]]:
    for fact in stated.get("certifications", ()):
        held = [words for words in ("ISO 27001", "SOC 2") if words in fact["v"]]
        if held:
            yield "certifications", held, fact["s"], 0.6


def _breaches(stated: Mapping[str, list[Row]]) -> Iterator[tuple[str, object, str, float]]:
    told = [(fact["s"], re.match(r"(\d{4})-\d\d-\d\d [^:]+: (\d+) accounts", fact["v"])) for fact in stated.get("breach", ())]
    known = [{"year": int(match[1]), "what": f"{_rounded(int(match[2]))} accounts exposed"} for _, match in told if match]
    if known:
        yield "breaches", known, next(source for source, match in told if match), 0.95


def _rounded(count: int) -> str:
    if count >= 1_000_000:  # noqa: PLR2004
        return f"{count / 1e6:.0f} million"
    return f"{round(count, -3):,}" if count >= 1000 else str(count)  # noqa: PLR2004


# Background hosts

#: Class in the lists -> class, title, and the lists whose hosts of that class are taken; the others mix in what people work with.
_CLASSES: Final[Mapping[str, tuple[str, str, Collection[str]]]] = {
    "ads_tracking": ("advertising", "Advertising and measuring", ("shadowwh-ads", "shadowwh-tracking", "v2fly")),
    "os_background": ("os", "Operating system", ("winspy", "misp-microsoft-win10-connection-endpoints", "shadowwh-apple")),
    "infrastructure": ("certificates", "Certificate checks", ("misp-crl-hostname",)),
    "web_widget": ("web_widgets", "Fonts on web pages", ("shadowwh-fonts",)),
}
_OFTEN: Final = 12  # that many hosts of one registrable domain on the lists: it is at work everywhere


def background(known: list[Row], listed: Path, services: Collection[str]) -> list[Row]:
    """The known lines and those of the lists that are worth having: of trackers those that several lists name or that have many hosts."""
    kept = [entry for entry in known if entry["source"] == "editor" or entry["domain"] not in services]
    have, above = {entry["domain"] for entry in kept}, {parent for host in services for parent in _parents(host)}
    hosts = [json.loads(line) for line in listed.read_text(encoding="utf-8").splitlines()]
    trusted = [row for row in hosts if _trusted(row)]
    wanted = dict(_trackers(trusted)) | {row["domain"]: row for row in trusted if row["class"] != "ads_tracking"}
    added = [_host(row) for domain, row in wanted.items() if domain not in above and not _spoken_for(domain, have, services)]
    return sorted([*kept, *added], key=lambda entry: str(entry["domain"]))


def _trusted(row: Row) -> bool:
    lists = _CLASSES[row["class"]][2] if row["class"] in _CLASSES else ()
    return not row.get("also_service") and not set(lists).isdisjoint(row["sources"])


def _host(row: Row) -> Row:
    kind, title, lists = _CLASSES[row["class"]]
    return {"domain": row["domain"], "class": kind, "title": title, "source": next(source for source in lists if source in row["sources"])}


def _trackers(hosts: list[Row]) -> Iterator[tuple[str, Row]]:
    suffixes = PublicSuffixList()
    below: dict[str, list[Row]] = defaultdict(list)
    for row in hosts:
        owner = suffixes.privatesuffix(row["domain"]) if row["class"] == "ads_tracking" else None
        if owner:
            below[owner].append(row)
    for owner, rows in below.items():
        whole = next((row for row in rows if row["domain"] == owner), None)
        lists = Counter(source for row in rows for source in row["sources"])
        if whole and (len(lists) > 1 or len(rows) >= _OFTEN):
            yield owner, whole


def _spoken_for(domain: str, have: Collection[str], services: Collection[str]) -> bool:
    """Covered by an entry, a service or a shared host: itself or one above it."""
    return any(suffix in have or suffix in services or suffix in SHARED for suffix in (domain, *_parents(domain)))


def _parents(domain: str) -> Iterator[str]:
    while domain := domain.partition(".")[2]:
        yield domain
