"""Which controls what was found speaks to, turned round: one row per control, with the kinds of finding and how many examples there are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rules import controls
from rules.findings import Finding, Gap
from webui import words


@dataclass(frozen=True, slots=True)
class ControlRow:
    """One control with what was found for it, in words."""

    framework: str
    item: str
    title: str
    found: str


def rows_of(findings: Iterable[Finding], gaps: Iterable[Gap]) -> tuple[ControlRow, ...]:
    """The rows by framework, in the order of `controls.toml`."""
    examples = Counter(kind.id for finding in findings for kind in controls.of_finding(finding))
    examples.update(kind.id for gap in gaps for kind in controls.of_gap(gap))
    met: dict[controls.Control, list[str]] = {}
    for kind in controls.kinds().values():
        for control in kind.controls if examples[kind.id] else ():
            met.setdefault(control, []).append(f"{words.lower_first(kind.title)} ({examples[kind.id]})")
    order = list(dict.fromkeys(control.framework for control in met))
    ordered = sorted(met.items(), key=lambda pair: order.index(pair[0].framework))
    return tuple(ControlRow(control.framework, control.item, control.title, words.listed(found)) for control, found in ordered)
