"""Findings as tables in the terminal and as CSV."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from discovery.progress import Progress
from rules import export
from rules.findings import Assessment, Finding
from webui.commands.reading import told
from webui.csvs import lines
from webui.words import GAPS, plural, size, verb

if TYPE_CHECKING:
    import pandas as pd

Bar = Callable[[Progress], None]

_MOST = 40
_NUMBERS = frozenset({"Score", "People", "Days", "Uploaded", "Services", "Risk removed"})


def as_csv(assessment: Assessment, by: str) -> None:
    """Every row, safe against formulas."""
    sys.stdout.write(csv_of(_frame(assessment, by)))


def csv_of(frame: "pd.DataFrame") -> str:
    """A table as CSV; what is not known is an empty cell."""
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)
    return "".join(lines([str(name) for name in frame.columns], rows))


def _frame(assessment: Assessment, by: str) -> "pd.DataFrame":
    frames = {"person": export.people_frame, "gap": export.gaps_frame}
    return frames.get(by, export.findings_frame)(assessment)


def show(assessment: Assessment, by: str = "risk", most: int = _MOST) -> None:
    """A table for people."""
    makers = {"risk": _by_risk, "service": _by_service, "person": _by_person, "gap": _by_gap}
    told.print(makers[by](assessment, most))
    if by == "gap" and assessment.roadmap:
        told.print(_roadmap(assessment))
    for blind in assessment.coverage.cannot_see:
        told.print(f"[dim]{blind}[/dim]")


def _columns(table: Table, *names: str) -> Table:
    for name in names:
        table.add_column(name, justify="right" if name in _NUMBERS else "left", overflow="fold")
    return table


def _people(number: int | None) -> str:
    return "not known" if number is None else str(number)


def _by_risk(assessment: Assessment, most: int) -> Table | str:
    used = [finding for finding in assessment.findings if finding.activity == "active"]
    met = len(assessment.findings) - len(used)
    others = f"{plural(met, 'service')} {verb(met, 'was', 'were')} only met, by programs or on a page; --by service lists {verb(met, 'it', 'them')}"
    if not used:
        return "No service is in active use, as far as these logs tell." + (f" {others}." if met else "")
    table = _services(used, f"{plural(len(used), 'service')} in active use, highest risk first", most)
    table.caption = "\n".join(filter(None, (str(table.caption or ""), others if met else "")))
    return table


def _by_service(assessment: Assessment, most: int) -> Table:
    return _services(sorted(assessment.findings, key=lambda finding: finding.name.lower()), "Services by name", most)


def _services(findings: Sequence[Finding], title: str, most: int) -> Table:
    table = _columns(Table(title=title), "Score", "Level", "Service", "For", "Use", "People", "Days", "Uploaded")
    for finding in findings[:most]:
        risk = finding.risk
        people = _people(finding.active_people if finding.activity == "active" else finding.people)
        uploaded = "not known" if finding.uploaded_bytes is None else size(finding.uploaded_bytes)
        table.add_row(str(risk.score), risk.level, finding.name, finding.category, finding.activity, people, str(finding.days), uploaded)
    if len(findings) > most:
        table.caption = f"{len(findings) - most} more; --output csv lists all {len(findings)}"
    return table


def _by_person(assessment: Assessment, most: int) -> Table:
    table = _columns(Table(title="People and devices, and the services they actively use"), "Who", "Known by", "Team", "Services", "Which")
    active: dict[tuple[str, str, str], list[str]] = {}
    for finding in assessment.findings:
        for use in finding.by_person:
            if use.activity == "active":
                active.setdefault((use.person or "not known", use.basis or "", use.team or ""), []).append(finding.name)
    for (person, basis, team), services in sorted(active.items())[:most]:
        table.add_row(person, basis, team, str(len(services)), ", ".join(services))
    return table


def _by_gap(assessment: Assessment, most: int) -> Table:
    table = _columns(Table(title="What people need, and what is missing"), "Need", "Gap", "People", "Why", "Ask")
    for gap in assessment.gaps[:most]:
        table.add_row(gap.title, GAPS[gap.gap].lower(), _people(gap.people), gap.evidence, gap.question)
    table.caption = "--output csv adds what is used, what is provided, and what speaks against reading too much into it"
    return table


def _roadmap(assessment: Assessment) -> Table:
    table = _columns(Table(title="What to do about it"), "Quarter", "What", "Days", "Cost", "People", "Risk removed", "Because")
    for step in assessment.roadmap:
        removed = str(step.removed) if step.parts else ""
        table.add_row(step.quarter, step.title, f"{step.effort:g}", step.cost, _people(step.people), removed, step.because)
    return table
