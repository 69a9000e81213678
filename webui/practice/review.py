"""The review of each client, prepared in one run: what changed since the last one, the policy pack, and a to-do list of a quarter of an hour.

Nothing here names a person: what leaves the store carries no name, whatever the pages show.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from discovery.catalogue import Catalogue
from discovery.errors import GnomonError, of_the_disk
from discovery.store import Store
from discovery.store.tables import Client
from rules import todo
from rules.alerts import Alert
from rules.todo import Task, Todo, task
from rules.urgency import urgency
from webui import words
from webui.assessments import Assessments
from webui.filters import Filter
from webui.lookout import Lookout
from webui.practice import queries, summary
from webui.practice.queries import LastImport
from webui.practice.summary import Summary
from webui.reports import files, render
from webui.reports.documents import PACK, context
from webui.reports.pack import Pack
from webui.reports.source import pack_of

log = logging.getLogger(__name__)

INDEX: Final = "index.html"
UNEXPECTED: Final = "Something went wrong that should not have; the program's own messages say more."

#: Kinds of change, as the review tells them.
KINDS: Final = {
    "new": "New",
    "moved": "Moved",
    "riskier": "Riskier",
    "grown": "More people",
    "shrunk": "Fewer people",
    "calmer": "Calmer",
    "gone": "Gone",
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """One client's review. `failed` says why there is none; then the rest is empty.

    Attributes:
        summary: how it stands.
        pack: what changed since the last review; None where it has no logs.
        todo: what to do.
        files: names of what lies in its folder.
    """

    client: Client
    summary: Summary | None = None
    pack: Pack | None = None
    todo: Todo | None = None
    files: tuple[str, ...] = ()
    failed: str = ""


class _Bench:
    """What all reviews of a run share."""

    def __init__(self, store: Store, catalogue: Catalogue, today: date) -> None:
        self.store, self.catalogue, self.today = store, catalogue, today
        self.assessments = Assessments(store, catalogue)
        self.lookout = Lookout(store, catalogue, self.assessments)
        self.last = queries.last_imports(store)


def prepare_all(
    store: Store, catalogue: Catalogue, chosen: Sequence[Client], folder: Path, *, pdf: bool = False, say: Callable[[str], None] = lambda _text: None
) -> list[Prepared]:
    """Prepare the reviews of clients, one after the other, and the page over all of them.

    Args:
        store, catalogue: what they are prepared from.
        chosen: the clients; one that fails does not stop the others.
        folder: gets `index.html` and a folder for each client.
        pdf: write each pack as PDF, too.
        say: told of each step.

    Returns:
        the reviews, in the order of the clients.
    """
    bench = _Bench(store, catalogue, datetime.now(UTC).date())
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for at, client in enumerate(chosen, 1):
        one = _guarded(bench, client, folder / client.slug, pdf=pdf)
        made.append(one)
        said = one.failed or (f"{words.plural(len(one.todo.now), 'thing')} to do, {one.todo.minutes} minutes" if one.todo else "")
        say(f"{at} of {len(chosen)}  {client.name}: {said}")
    (folder / INDEX).write_text(render.page("practice/reviews.html", rows=_by_urgency(made), minutes=todo.minutes(), kinds=KINDS), encoding="utf-8")
    return made


def _guarded(bench: _Bench, client: Client, folder: Path, *, pdf: bool) -> Prepared:
    try:
        return _prepare(bench, client, folder, pdf=pdf)
    except (GnomonError, OSError) as error:
        return Prepared(client, failed=str(of_the_disk(error) or error))
    except Exception:
        log.exception("The review of %s could not be prepared", client.slug)
        return Prepared(client, failed=UNEXPECTED)


def _prepare(bench: _Bench, client: Client, folder: Path, *, pdf: bool) -> Prepared:
    client.show_names = False
    store, assessments = bench.store, bench.assessments
    rests_on = summary.basis(store, client, bench.catalogue.version)
    stands = summary.work_out(store, client, assessments, bench.lookout)
    queries.keep_summary(store, client, rests_on, stands)
    last = bench.last.get(client.id, LastImport())
    if stands.until is None:
        return Prepared(client, stands, None, todo.todo(_of_logs(stands, last, bench.today)))
    catalogue = assessments.catalogue_of(client)
    pack = pack_of(store, assessments, catalogue, client, Filter(), reviewed=queries.reviewed_before(store, client, stands.until))
    tasks = [*_of_logs(stands, last, bench.today), *_of_findings(pack), *_of_alerts(bench.lookout.heard(client).open)]
    listed = todo.todo(tasks)
    given = pack_of(store, assessments, catalogue, client, Filter())
    folder.mkdir(parents=True, exist_ok=True)
    values = context(pack, logo=pack.look.logo_data, proof=lambda _service: None)
    (folder / "review.html").write_text(render.page("practice/review.html", **values, todo=listed, kinds=KINDS), encoding="utf-8")
    kinds = ("html", "pdf") if pdf else ("html",)
    for kind in kinds:
        (folder / f"pack.{kind}").write_bytes(files.document(given, kind, PACK))
    queries.note_review(store, client, stands.until)
    return Prepared(client, stands, pack, listed, ("review.html", *(f"pack.{kind}" for kind in kinds)))


def _of_logs(stands: Summary, last: LastImport, today: date) -> Iterator[Task]:
    if last.failed:
        yield task("failed_import", name=last.failed, text=last.message)
    if stands.until is None:
        yield task("no_logs")
    elif urgency().is_old(stands.until, today):
        yield task("old_logs", text=words.day(stands.until))
    if urgency().is_thin(stands.share):
        yield task("thin_logs", text=f"{stands.covered} of {words.plural(stands.working, 'working day')}")


def _of_findings(pack: Pack) -> Iterator[Task]:
    for point in pack.points:
        kind = point.finding.risk.level.lower()
        if kind in {"severe", "high"}:
            yield task(kind, name=point.finding.name, text=point.proposal.text, subject=point.finding.service)
    for ruling in pack.rulings:
        if ruling.decision.status != "not_approved" and ruling.decision.is_overdue(pack.picture.last_day):
            yield task("overdue", name=ruling.name, text=words.day(ruling.decision.review_by), subject=ruling.decision.service)
    for gap in pack.gaps:
        if gap.gap != "tool_beside":
            yield task("gap", name=gap.title, text=gap.recommendation, subject=gap.capability)


def _of_alerts(heard: Iterable[Alert]) -> Iterator[Task]:
    for alert in heard:
        yield task("alert", name=alert.name, text=alert.text, subject=alert.service)


def _by_urgency(made: Iterable[Prepared]) -> list[Prepared]:
    """What failed first, then who has the most to do."""
    return sorted(made, key=lambda one: (not one.failed, -(one.todo.minutes if one.todo else 0), one.client.name.casefold()))
