"""An assessment as other programs take it: the JSON object of `gnomon scan --output json`, and pandas tables that other exports start from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from discovery.catalogue import Catalogue
from discovery.observations import LogAccount
from rules.findings import Assessment, Finding, Gap, PersonUse, Risk, Step, UnknownDomain

if TYPE_CHECKING:
    import pandas as pd

_MEASURES: Final = ("days", "hits", "blocked_hits", "uploaded_bytes", "downloaded_bytes", "first_seen", "last_seen")
_COVERAGE: Final = (
    *("people_expected", "people_seen", "person_days_seen", "person_days_expected", "working_hours_seen", "working_hours_expected"),
    *("names_hidden_share", "sources", "cannot_see"),
)

#: Columns of the tables, so that an empty one has them too.
FINDINGS: Final = (
    *("service", "name", "vendor", "category", "capability", "status", "activity", "score", "low", "high", "level", "people", "active_people"),
    *("devices", "active_days", *_MEASURES, "domains"),
)
PEOPLE: Final = ("person", "team", "person_kind", "basis", "kind", "account", "service", "name", "status", "level", "activity", "rule", *_MEASURES)
GAPS: Final = (
    *("capability", "title", "gap", "people", "days", "teams", "uploaded_bytes", "services", "toolset", "tool_people", "tool_days", "fragmented"),
    *("lacking", "evidence", "doubt", "recommendation", "question"),
)
UNKNOWN: Final = ("domain", "people", "days", "hits", "uploaded_bytes", "downloaded_bytes", "guess")
_SORTED_OUT: Final = (*UNKNOWN, "person_days", "kind", "group", "set_aside")


def to_json(assessment: Assessment, *, version: str, catalogue: Catalogue) -> dict[str, Any]:
    """The object that the contract describes, of plain JSON types; times are RFC 3339 in UTC.

    Args:
        assessment: what to tell.
        version: of Gnomon.
        catalogue: the one it was judged with.
    """
    return {
        "gnomon": version,
        "catalogue": {"version": catalogue.version, "services": len(catalogue.services)},
        "period": {"since": _plain(assessment.since), "until": _plain(assessment.until)},
        "logs": [_log(log) for log in assessment.logs],
        "coverage": {name: _plain(getattr(assessment.coverage, name)) for name in _COVERAGE},
        "findings": [_finding(finding) for finding in assessment.findings],
        "unknown": [unknown_row(domain) for domain in assessment.unknown],
        "not_in_catalogue": [asdict(name) for name in assessment.unlisted],
        "gaps": [_gap(gap) for gap in assessment.gaps],
        "roadmap": [_step(step) for step in assessment.roadmap],
        "rules": _plain(assessment.rules_in_force),
    }


def unknown_row(domain: UnknownDomain) -> dict[str, Any]:
    """An unknown domain as plain JSON types: what the contract names, and how it was sorted out."""
    return {name: getattr(domain, name) for name in _SORTED_OUT} | {
        "group": list(domain.group),
        "looks_like": asdict(domain.looks_like) if domain.looks_like else None,
    }


def findings_frame(assessment: Assessment) -> "pd.DataFrame":
    """One row per finding, in their order. Counts that are not known are missing, never 0."""
    return _frame(map(_finding_row, assessment.findings), FINDINGS)


def people_frame(assessment: Assessment) -> "pd.DataFrame":
    """One row per person (or device) and service."""
    pairs = ((finding, use) for finding in assessment.findings for use in finding.by_person)
    return _frame((_person_row(finding, use) for finding, use in pairs), PEOPLE)


def gaps_frame(assessment: Assessment) -> "pd.DataFrame":
    """One row per capability that somebody needs."""
    rows = (
        {name: getattr(gap, name) for name in GAPS} | {name: "; ".join(getattr(gap, name)) for name in ("services", "toolset", "teams", "doubt")}
        for gap in assessment.gaps
    )
    return _frame(rows, GAPS)


def unknown_frame(assessment: Assessment) -> "pd.DataFrame":
    """One row per unknown registrable domain."""
    return _frame(({name: getattr(domain, name) for name in UNKNOWN} for domain in assessment.unknown), UNKNOWN)


# JSON


def _plain(value: Any) -> Any:  # noqa: ANN401
    """A value of plain JSON types."""
    match value:
        case None | str() | int() | float():
            return value
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(entry) for key, entry in value.items()}
        case list() | tuple():
            return [_plain(entry) for entry in value]
        case _:
            return value


def _chosen(thing: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(thing, name)) for name in names}


def _log(log: LogAccount) -> dict[str, Any]:
    names = ("path", "format", "formats", "family", "bytes", "lines", "events", "skipped", "rejected", "first", "last", "timezone", "warnings")
    silences = [_chosen(one, ("since", "until", "working_hours", "format")) for one in log.silences]
    jumps = [{"line": one.line, "from": _plain(one.before), "to": _plain(one.after)} for one in log.clock_jumps]
    return _chosen(log, (*names, "partial")) | {"silences": silences, "clock_jumps": jumps}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "service": {"id": finding.service} | _chosen(finding, ("name", "category", "capability", "vendor")),
        **_chosen(finding, ("status", "activity")),
        "risk": _risk(finding.risk),
        "inherent": _risk(finding.inherent) if finding.inherent else None,
        "plan": finding.plan,
        "on_business_plan": _chosen(finding.on_business, ("score", "low", "high", "level")) if finding.on_business else None,
        "questions": sorted(finding.answers),
        **_chosen(finding, ("people", "active_people", "sighted_people", "devices", "active_days", *_MEASURES)),
        "by_person": [_use(use) for use in finding.by_person],
        "evidence": [asdict(evidence) for evidence in finding.evidence],
    }


def _use(use: PersonUse) -> dict[str, Any]:
    told = ("kind", "account", "text", "times", "first_seen", "last_seen", "doubt", "source")
    own = _chosen(use, ("person", "basis", "kind", "person_kind", "team", "account", "activity", "rule", *_MEASURES))
    return own | {"sightings": [_chosen(sighting, told) for sighting in use.sightings]}


def _risk(risk: Risk) -> dict[str, Any]:
    reasons = [_chosen(reason, ("factor", "points", "text", "source", "part")) for reason in risk.reasons]
    return {**_chosen(risk, ("score", "low", "high", "level")), "reasons": reasons, "unknown": list(risk.unknown)}


def _gap(gap: Gap) -> dict[str, Any]:
    demand = ("capability", "gap", "people", "days", "teams", "uploaded_bytes", "services", "toolset", "tool_people", "tool_days", "fragmented")
    return _chosen(gap, (*demand, "lacking", "evidence", "doubt", "question", "recommendation"))


def _step(step: Step) -> dict[str, Any]:
    what = ("capability", "action", "title", "text", "because", "stage", "cost", "effort", "people", "quarter", "removed", "closes", "target")
    return _chosen(step, what) | {"waits_for": step.waits_for or None, "scores": [asdict(part) for part in step.parts]}


# Tables


def _frame(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> "pd.DataFrame":
    """A table with whole numbers as Int64, where missing is missing."""
    import pandas as pd  # noqa: PLC0415 (takes a third of a second to load, and only tables need it)

    return pd.DataFrame(list(rows), columns=list(columns)).convert_dtypes()


def _finding_row(finding: Finding) -> Mapping[str, Any]:
    risk = finding.risk
    own = {name: getattr(finding, name) for name in FINDINGS if hasattr(finding, name)}
    domains = "; ".join(evidence.domain for evidence in finding.evidence)
    return own | {"score": risk.score, "low": risk.low, "high": risk.high, "level": risk.level, "domains": domains}


def _person_row(finding: Finding, use: PersonUse) -> Mapping[str, Any]:
    own = {name: getattr(use, name) for name in PEOPLE if hasattr(use, name)}
    return own | {"service": finding.service, "name": finding.name, "status": finding.status, "level": finding.risk.level}
