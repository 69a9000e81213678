"""All clients on one page: how each stands, and which of them need somebody first, and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from discovery.store.tables import Client
from rules.urgency import urgency
from webui import words
from webui.desk import Desk
from webui.listing import Column
from webui.practice import queries
from webui.practice.queries import LastImport
from webui.practice.summary import Summary, basis


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a client needs somebody: in words, the page to go to, and how much it weighs."""

    text: str
    endpoint: str
    weight: int


@dataclass(frozen=True, slots=True)
class Row:
    """One client. `summary` is None where it was never worked out; `stale`: it is being worked out anew."""

    client: Client
    summary: Summary | None
    stale: bool
    last: LastImport
    reviewed: date | None
    reasons: tuple[Reason, ...]

    @property
    def weight(self) -> int:
        """How much it needs somebody."""
        return sum(reason.weight for reason in self.reasons)


#: Columns of the table. What is not known sorts last.
COLUMNS: Final[Mapping[str, Column[Row]]] = {
    "attention": Column("Needs", lambda row: row.weight, largest_first=True),
    "name": Column("Client", lambda row: row.client.name.casefold(), fixed=True),
    "risk": Column("Risk", lambda row: _risk(row.summary), largest_first=True),
    "open": Column("Open findings", lambda row: row.summary.open if row.summary and row.summary.until else None, largest_first=True),
    "maturity": Column("Maturity", lambda row: row.summary.step if row.summary and row.summary.until else None),
    "coverage": Column("Coverage", lambda row: row.summary.share if row.summary else None),
    "import": Column("Last import", lambda row: row.last.taken),
}


def rows(desk: Desk, clients: Iterable[Client], today: date) -> list[Row]:
    """The clients in their order; those whose summary is old are put in line to be worked out."""
    known, last, reviewed = queries.summaries(desk.store), queries.last_imports(desk.store), queries.last_reviews(desk.store)
    made = []
    for client in clients:
        rests_on, summary = known.get(client.id, ("", None))
        stale = rests_on != basis(desk.store, client, desk.shipped.version)
        if stale:
            desk.jobs.judge_later(client)
        came = last.get(client.id, LastImport())
        made.append(Row(client, summary, stale, came, reviewed.get(client.id), tuple(reasons(summary, came, today))))
    return made


def reasons(summary: Summary | None, last: LastImport, today: date) -> Iterator[Reason]:
    """Why a client needs somebody, the weightiest first."""
    found = [*_of_imports(summary, last, today), *(_of_findings(summary) if summary and summary.until else ())]
    yield from sorted(found, key=lambda reason: -reason.weight)


def _of_imports(summary: Summary | None, last: LastImport, today: date) -> Iterator[Reason]:
    if last.failed:
        yield _reason("failed_import", f"{last.failed} could not be read", "imports.index")
    if last.taken is None and not last.running:
        yield _reason("no_logs", "No logs yet", "imports.index")
    if summary is None or summary.until is None:
        return
    if urgency().is_old(summary.until, today):
        yield _reason("old_logs", f"No logs {words.since(summary.until, today)}", "imports.index")
    if urgency().is_thin(summary.share):
        yield _reason("thin_logs", f"Logs of {summary.covered} of {summary.working} working days only", "imports.index")


def _of_findings(summary: Summary) -> Iterator[Reason]:
    if summary.severe:
        yield _reason("severe", f"{words.plural(summary.severe, 'severe service')} undecided", "register.index", summary.severe)
    if summary.high:
        yield _reason("high", f"{words.plural(summary.high, 'high-risk service')} undecided", "register.index", summary.high)
    if summary.overdue:
        yield _reason("overdue", f"{words.plural(summary.overdue, 'review')} overdue", "register.index", summary.overdue)
    if summary.alerts:
        yield _reason("alert", f"{words.plural(summary.alerts, 'alert')} to look at", "alerts.index", summary.alerts)


def _reason(kind: str, text: str, endpoint: str, cases: int = 0) -> Reason:
    return Reason(text, endpoint, urgency().weight(kind, cases))


def in_one_sentence(found: Sequence[Row], first: Sequence[Row]) -> str:
    """The page in one sentence."""
    total, calm = words.plural(len(found), "client"), len(found) - len(first)
    if not first:
        return f"{total}, and nothing that cannot wait."
    if len(first) == 1:
        return f"{first[0].client.name} needs somebody now{', the other ' + (f'{calm:,} can' if calm > 1 else 'one can') + ' wait' if calm else ''}."
    who = f"{len(first):,} of {total}" if calm else f"All {total}"
    return f"{who} need somebody now{f', the other {calm:,} can wait' if calm > 1 else ''}."


def urgent(found: Sequence[Row]) -> list[Row]:
    """Clients that cannot wait, the most urgent first."""
    return sorted((row for row in found if row.weight >= urgency().urgent), key=lambda row: -row.weight)


def _risk(summary: Summary | None) -> tuple[int, ...] | None:
    """Order by level: more services of the highest level come first."""
    if summary is None or summary.until is None:
        return None
    return tuple((summary.levels or {}).get(level, 0) for level in reversed(words.LEVELS))
