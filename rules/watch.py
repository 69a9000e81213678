"""Look a new import through for what is worth telling at once: pure functions over two assessments and the register, one for each kind of alert."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any, Final

import polars as pl

from discovery.catalogue import Fact
from rules import words
from rules.alerts import Alert, Seen, Uploads, groups, kinds
from rules.findings import Assessment, Finding, PersonUse, counted
from rules.register import ANY, UNDECIDED, Decision, status_of

_STATUS: Final = {"approved": "approved", "approved_with_conditions": "approved with conditions", "in_review": "in review"}
_SCOPE: Final = {"company": "company accounts", "personal": "personal accounts", "other_tenant": "other firms' accounts"}


def watch(seen: Seen) -> tuple[Alert, ...]:
    """Everything worth telling: by what to do, then the highest risk first."""
    found = [alert for raised in _KINDS.values() for alert in raised(seen)]
    order = list(groups())
    return tuple(sorted(found, key=lambda one: (order.index(one.group), -(one.finding.risk.score if one.finding else 0), one.name, one.kind)))


def uploads_by_week(usage: pl.DataFrame) -> Uploads:
    """Bytes uploaded to each service in each week that is there as a whole, by its Monday, from rows of `OBSERVED`."""
    rows = usage.filter(pl.col("service").is_not_null() & pl.col("uploaded_bytes").is_not_null())
    weeks = rows.group_by("service", pl.col("day").dt.truncate("1w").alias("week")).agg(pl.col("uploaded_bytes").sum())
    found: dict[str, dict[date, int]] = {}
    for service, week, sent in weeks.sort("service", "week").iter_rows():
        found.setdefault(service, {})[week] = sent
    return found


# Kinds


def _new_services(seen: Seen) -> Iterator[Alert]:
    if seen.before is None:
        return
    known = {finding.service for finding in _worked_with(seen.before)}
    for finding in _worked_with(seen.now):
        if finding.service in known | seen.provided or _status(seen, finding) not in UNDECIDED:
            continue
        day = min(seen.day(use.first_seen) for use in _active(finding))
        yield _alert(seen, "new_service", finding.service, "", day, people=words.people(finding.active_people), since=_words(seen.now.since))


def _another_team(seen: Seen) -> Iterator[Alert]:
    if seen.before is None:
        return
    for finding, decision, uses in _refused(seen):
        earlier = seen.before.finding(finding.service)
        known = {use.team for use in _active(earlier)} if earlier else set()
        new = {team: [use for use in uses if use.team == team] for team in {use.team for use in uses} - known if team}
        if new:
            day = min(seen.day(use.first_seen) for some in new.values() for use in some)
            said = {"teams": _teams(seen, new), "since": _words(seen.now.since), "by": _made(seen, decision)}
            yield _alert(seen, "another_team", finding.service, f"{len(known) + len(new)} teams", day, **said)


def _used_against(seen: Seen) -> Iterator[Alert]:
    grace = kinds()["used_against_decision"]["grace"]
    for finding, decision, uses in _refused(seen):
        allowed = seen.day(decision.decided_at) + timedelta(days=grace)
        late = [use for use in uses if seen.day(use.last_seen) > allowed]
        if late:
            first, last = min(seen.day(use.first_seen) for use in late), max(seen.day(use.last_seen) for use in late)
            said = {"people": _people(seen, late), "by": _made(seen, decision), "grace": grace, "last": _words(last)}
            since = max(first, allowed + timedelta(days=1))
            yield _alert(seen, "used_against_decision", finding.service, _mark(seen, decision), since, **said)


def _upload_spikes(seen: Seen) -> Iterator[Alert]:
    limits = kinds()["upload_spike"]
    if seen.now.since is None:
        return
    for finding in _worked_with(seen.now):
        weeks = seen.uploads.get(finding.service, {})
        week, sent = max(((week, sent) for week, sent in weeks.items() if week >= seen.now.since), key=lambda pair: pair[1], default=(date.max, 0))
        earlier = [bytes_ for other, bytes_ in weeks.items() if other < week]
        usual = median(earlier) if len(earlier) >= limits["weeks"] else None
        if usual is not None and sent >= max(limits["times"] * usual, usual + limits["least"]):
            said = {"sent": words.size(sent), "usual": words.size(int(usual)), "times": limits["times"], "least": words.size(limits["least"])}
            yield _alert(seen, "upload_spike", finding.service, week.isoformat(), week, **said)


def _breaches(seen: Seen) -> Iterator[Alert]:
    years = kinds()["new_breach"]["years"]
    for finding in _worked_with(seen.now):
        service = seen.catalogue.services.get(finding.service)
        fact = service.facts.get("breaches") if service else None
        latest = _latest(fact)
        if fact is None or latest is None or latest["year"] < seen.today.year - years:
            continue
        decided = max((seen.day(one.decided_at) for one in seen.register.about(finding.service) if one.status not in UNDECIDED), default=date.min)
        if fact.date[:10] > decided.isoformat()[: len(fact.date)]:
            said = {"year": latest["year"], "what": str(latest["what"]).rstrip("."), "source": fact.source}
            yield _alert(seen, "new_breach", finding.service, str(latest["year"]), _listed(fact.date), **said)


def _overdue(seen: Seen) -> Iterator[Alert]:
    for decision in seen.register.every():
        if decision.review_by is None or not decision.is_overdue(seen.today) or decision.status == "not_approved":
            continue
        ended = decision.status == "tolerated"
        said = {"by": _made(seen, decision), "status": _STATUS.get(decision.status, "to be reviewed") + _for_account(decision)}
        if ended:
            still = next((finding for finding in _worked_with(seen.now) if finding.service == decision.service), None)
            said["people"] = f"{words.people(still.active_people)} still worked with it." if still else "Nobody was seen using it since."
        yield _alert(seen, "tolerance_expired" if ended else "review_overdue", decision.service, _mark(seen, decision), decision.review_by, **said)


_KINDS: Final[Mapping[str, Callable[[Seen], Iterator[Alert]]]] = {
    "new_service": _new_services,
    "another_team": _another_team,
    "used_against_decision": _used_against,
    "upload_spike": _upload_spikes,
    "new_breach": _breaches,
    "overdue": _overdue,
}


# Parts


def _worked_with(assessment: Assessment) -> list[Finding]:
    return [finding for finding in assessment.findings if finding.activity == "active"]


def _active(finding: Finding) -> list[PersonUse]:
    return [use for use in finding.by_person if use.activity == "active"]


def _status(seen: Seen, finding: Finding) -> str:
    return status_of(seen.register, finding.service, seen.today, {use.account for use in _active(finding)})


def _refused(seen: Seen) -> Iterator[tuple[Finding, Decision, list[PersonUse]]]:
    """Services worked with against a decision: with the uses that it forbids."""
    for finding in _worked_with(seen.now):
        by_decision: dict[int, tuple[Decision, list[PersonUse]]] = {}
        for use in _active(finding):
            decision = seen.register.of(finding.service, use.account)
            if decision and decision.status == "not_approved":
                by_decision.setdefault(id(decision), (decision, []))[1].append(use)
        yield from ((finding, decision, uses) for decision, uses in by_decision.values())


def _people(seen: Seen, uses: Sequence[PersonUse]) -> str:
    """How many; and who, where people may be named."""
    said = words.people(counted(uses))
    named = sorted({use.person for use in uses if use.person and use.person_kind == "person"})
    return f"{said} ({words.listed(named)})" if seen.names and named else said


def _teams(seen: Seen, new: Mapping[str, Sequence[PersonUse]]) -> str:
    """Teams by name; the smallest only as a number where naming them would name somebody."""
    least = kinds()["another_team"]["smallest_team"]
    named = sorted(team for team, uses in new.items() if seen.names or (counted(uses) or 0) >= least)
    others = len(new) - len(named)
    return words.listed([*named, *([words.count(others, "small team")] if others else [])])


def _alert(seen: Seen, kind: str, service: str, mark: str, day: date, **said: object) -> Alert:
    table = kinds()[kind]
    known = seen.catalogue.services.get(service)
    values = {**said, "day": _words(day)}
    text, rule = (words.sentence(table[part].format(**values)) for part in ("text", "rule"))
    return Alert(kind, service, known.name if known else service, mark, day, text, rule, seen.now.finding(service))


def _made(seen: Seen, decision: Decision) -> str:
    """Who decided, and when."""
    return f"{decision.decided_by} on {_words(seen.day(decision.decided_at))}" + _for_account(decision)


def _for_account(decision: Decision) -> str:
    return "" if decision.account == ANY else f" for {_SCOPE[decision.account]}"


def _mark(seen: Seen, decision: Decision) -> str:
    return f"{seen.day(decision.decided_at)} {decision.account}"


def _latest(fact: Fact | None) -> Mapping[str, Any] | None:
    """The latest breach that a fact tells of."""
    told = fact.value if fact and isinstance(fact.value, Sequence) else ()
    return max((breach for breach in told if isinstance(breach, Mapping)), key=lambda breach: breach["year"], default=None)


def _listed(told: str) -> date:
    """The day of a fact; of a month or year its first."""
    return date.fromisoformat((told + "-01-01")[:10] if len(told) < len("2026-01-01") else told[:10])


def _words(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "the first day"
