"""Which items of NCSC's guidance, Cyber Essentials, CIS v8, ISO 27001 and NIST CSF a finding, an alert or a gap speaks to; see `controls.toml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from rules.factors import toml
from rules.findings import Finding, Gap

_CONDITIONS: Final = ("statuses", "capabilities", "answers", "alerts", "gaps")


@dataclass(frozen=True, slots=True)
class Control:
    """One item of a framework: "CIS Controls v8", "15.1", "Inventory of Service Providers"."""

    framework: str
    item: str
    title: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding with the items it speaks to, in the order of the frameworks; `when` says which findings it fits."""

    id: str
    title: str
    controls: tuple[Control, ...]
    when: Mapping[str, frozenset[str]]

    def by_framework(self) -> Mapping[str, list[Control]]:
        """Title of a framework -> its items."""
        found: dict[str, list[Control]] = {}
        for control in self.controls:
            found.setdefault(control.framework, []).append(control)
        return found


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of finding, by id."""
    table = toml("controls.toml")
    return {id_: _kind(id_, entry, table["framework"], table["item"]) for id_, entry in table["kind"].items()}


def of_finding(finding: Finding) -> list[Kind]:
    """What a service in active use is an example of; nothing where nobody works with it."""
    if finding.activity != "active":
        return []
    return _fitting({"statuses": {finding.status}, "capabilities": {finding.capability}, "answers": finding.answers})


def of_alert(kind: str) -> list[Kind]:
    """What an alert of that kind is an example of."""
    return _fitting({"alerts": {kind}})


def of_gap(gap: Gap) -> list[Kind]:
    """What a gap is an example of."""
    return _fitting({"gaps": {gap.gap, *(["fragmented"] if gap.fragmented else [])}})


def _fitting(known: Mapping[str, Iterable[str]]) -> list[Kind]:
    return [kind for kind in kinds().values() if any(kind.when[name] & frozenset(values) for name, values in known.items())]


def _kind(id_: str, entry: Mapping[str, Any], frameworks: Mapping[str, str], items: Mapping[str, Mapping[str, str]]) -> Kind:
    controls = tuple(Control(title, item, items[code][item]) for code, title in frameworks.items() for item in entry.get(code, ()))
    return Kind(id_, entry["title"], controls, {name: frozenset(entry.get(name, ())) for name in _CONDITIONS})
