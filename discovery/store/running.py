"""One import at work: read, staged, published, or given up with its reason."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol, TypedDict, Unpack
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from discovery import catalogue, sightings
from discovery.behind import Match
from discovery.errors import GnomonError, of_the_disk
from discovery.logs import LogFile
from discovery.matching import matcher
from discovery.observations import LogAccount
from discovery.overlap import Segmented, Segments
from discovery.pipeline import LogResult, Sink, read_log
from discovery.progress import Cancelled, Progress
from discovery.shelf import Shelf
from discovery.store import overlaps
from discovery.store.account import columns
from discovery.store.clients import changed
from discovery.store.ingest import compact_older, prepare
from discovery.store.networks import for_this_firm, network_ranges
from discovery.store.own import catalogue_of
from discovery.store.retention import forget_older
from discovery.store.staging import STOPPED, drop_rows, give_up, hold, stage
from discovery.store.store import Store
from discovery.store.tables import Client, Import
from discovery.store.taught import taught_format_of

#: Seconds between two notes of how far an import is.
PROGRESS_EVERY: Final = 0.5

UNEXPECTED: Final = "Something went wrong that should not have. Nothing of this log was kept; the program's own messages say more."


class Reader(Protocol):
    """What reads a log: `discovery.pipeline.read_log`."""

    def __call__(  # noqa: D102 (see the class)
        self,
        log: LogFile | Path,
        *,
        name: str | None,
        format_id: str | None,
        zone: str | None,
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool] | None,
        sink: Sink | None,
        key: str | None,
    ) -> LogResult: ...


class How(TypedDict, total=False):
    """How a log is taken in.

    Attributes:
        format_id: the format, if the caller knows.
        zone: of times that carry none; else the client's.
        progress: called as the log is read.
        cancelled: asked now and then; true stops the import and leaves nothing of it. So does `remove_import`.
        reader: what reads the log, instead of `read_log`.
        match: what tells private and unknown domains, instead of the catalogue.
    """

    format_id: str | None
    zone: str | None
    progress: Callable[[Progress], None] | None
    cancelled: Callable[[], bool] | None
    reader: Reader
    match: Match


@dataclass(frozen=True, slots=True)
class Imported:
    """How an import ended.

    Attributes:
        import_id: its number.
        state: published, already (the same content is in, nothing was added) or failed.
        message: the sentence for the user.
        account: where its lines went; None where nothing could be read.
    """

    import_id: int
    state: str
    message: str
    account: LogAccount | None = None


def run(store: Store, client: Client, job: Import, path: LogFile | Path, **how: Unpack[How]) -> Imported:
    """Take in the log of an import that this process holds. Never raises for a log that cannot be read: result and import say why."""
    try:
        work = _Run(store, client, job, path, how)
        return work.keep(work.read())
    except BaseException as error:
        said = _said(error)
        give_up(store, job.id, said or (STOPPED if isinstance(error, KeyboardInterrupt) else UNEXPECTED))
        if said is None:
            raise
        return Imported(job.id, "failed", said)


def _said(error: BaseException) -> str | None:
    """What the user reads of an error; None where it is a mistake of the program."""
    told = of_the_disk(error) or error
    return str(told) if isinstance(told, GnomonError) else None


class _Meanwhile(Exception):
    """Another log was published after this one was compared with those before it."""


@dataclass(frozen=True, slots=True)
class _Compared:
    """What others told before of a log: those that it was compared with, and the requests in each segment."""

    others: tuple[int, ...] = ()
    told: Segments | None = None
    events: Mapping[int, int] = field(default_factory=dict)


class _Run:
    def __init__(self, store: Store, client: Client, job: Import, path: LogFile | Path, how: How) -> None:
        self._store, self._client, self._job, self._path, self._how = store, client, job, path, how
        self._vault = store.vault(client)
        self._noted = 0.0
        self._removed = False

    def read(self, sink: Sink | None = None) -> LogResult:
        """The log, its times in the client's zone where they carry none. Read for its events alone, its lines are not compared."""
        reader, zone = self._how.get("reader", read_log), self._how.get("zone")
        result = reader(
            self._path,
            name=self._job.name,
            format_id=self._how.get("format_id") or self._taught(self._path),
            zone=zone or self._client.zone,
            progress=self._note,
            cancelled=self._stopped,
            sink=sink,
            key=None if sink else self._vault.line_key,
        )
        if zone is None and result.account.timezone_basis == "as given":
            return replace(result, account=replace(result.account, timezone_basis="the client's own: the log does not say"))
        return result

    def _taught(self, path: LogFile | Path) -> str | None:
        """The client's own format of the log, if it has one."""
        return taught_format_of(self._store, self._client, path if isinstance(path, LogFile) else LogFile(path, self._job.name))

    def keep(self, result: LogResult) -> Imported:
        """Stage and publish what was read, unless it is in already."""
        match = self._how.get("match") or self._match()
        if result.account.family == "identity":
            usage, account = sightings.listed_only(result.usage.whole(), result.account, match)
            result = replace(result, usage=Shelf([usage]), account=account)
        done = self._take_in(result, match) if self._twin(result.fingerprint) is None else None
        return done or self._already(result)

    def _take_in(self, result: LogResult, match: Match) -> Imported | None:
        """Stage and publish; None where another worker published the same content a moment ago."""
        result, compared = self._compared(result)
        result = for_this_firm(result, network_ranges(self._store, self._client), count_guests=self._client.count_guests)
        stage(self._store, self._job, self._vault, prepare(self._store, self._client, self._vault, result, match), self._stopped)
        try:
            return self._publish(result, compared)
        except IntegrityError:
            return None
        except _Meanwhile:
            with self._store.write() as session:
                hold(session, self._client.id)
                drop_rows(session, self._job)
        return self._take_in(result, match)

    def _compared(self, result: LogResult) -> tuple[LogResult, _Compared]:
        """The log with its usage by what others told before; where they told anything it is read once more."""
        with self._store.read() as session:
            others, told = overlaps.marking(session, self._client.id), overlaps.found(session, self._client.id, result.marked)
        if told is None:
            return result, _Compared(others)
        parts = Segmented(told)
        self.read(parts)
        usage = parts.usage() if result.account.formats else parts.usage().each(lambda rows: rows.drop("format"))
        return replace(result, usage=usage), _Compared(others, told, parts.events)

    def _match(self) -> Match:
        """By the catalogue with the client's own services, as its domains are matched when they are read."""
        return matcher(catalogue_of(self._store, self._client, catalogue.load())).match_all

    def _publish(self, result: LogResult, compared: _Compared) -> Imported:
        message = _sentence(result, sum(compared.events.values()))
        with self._store.write() as session:
            hold(session, self._client.id)
            if result.marked.minutes.height and set(overlaps.marking(session, self._client.id)) - set(compared.others):
                raise _Meanwhile
            overlaps.keep(session, self._job, result.marked, compared.told, compared.events)
            if not self._end(session, "published", message, result):
                raise Cancelled(STOPPED)
            changed(session, self._client.id, data=True)
            rewritten = compact_older(session, self._client)
        if rewritten:
            self._store.truncate_journal()
        forget_older(self._store, self._client)
        return Imported(self._job.id, "published", message, result.account)

    def _already(self, result: LogResult) -> Imported:
        twin = self._twin(result.fingerprint)
        if twin is None or twin.finished is None:
            raise GnomonError("The same log was removed while it was read again. Please take it in once more.")
        when = twin.finished.astimezone(ZoneInfo(self._client.zone))
        message = f"The same content was taken in on {when.day} {when:%B %Y at %H:%M} as “{twin.name}”. Nothing was added."
        with self._store.write() as session:
            hold(session, self._client.id)
            drop_rows(session, self._job)
            self._end(session, "already", message, result)
        return Imported(self._job.id, "already", message, result.account)

    def _twin(self, fingerprint: str) -> Import | None:
        same = select(Import).where(Import.client_id == self._client.id, Import.fingerprint == fingerprint, Import.state == "published")
        with self._store.read() as session:
            return session.scalar(same)

    def _end(self, session: Session, state: str, message: str, result: LogResult) -> bool:
        """Flip the state; false where the import was removed meanwhile."""
        mine = update(Import).where(Import.id == self._job.id, Import.state == "staging").returning(Import.id)
        told = {**columns(result.account), "fingerprint": result.fingerprint}
        if "sighting" in result.usage.columns and result.usage.height:
            (told["sighting"],) = result.usage.distinct("sighting")["sighting"]  # a file holds one kind
        return session.scalar(mine.values(state=state, message=message, finished=datetime.now(UTC), **told)) is not None

    def _note(self, progress: Progress) -> None:
        """Write down how far the reading is, so that the pages can show it; learn whether the import was removed meanwhile."""
        if (tell := self._how.get("progress")) is not None:
            tell(progress)
        if time.monotonic() - self._noted < PROGRESS_EVERY:
            return
        self._noted = time.monotonic()
        so_far = {"bytes_done": progress.bytes_done, "bytes_total": progress.bytes_total, "lines_done": progress.lines, "seconds": progress.seconds}
        mine = update(Import).where(Import.id == self._job.id, Import.state == "staging").returning(Import.id)
        with self._store.write() as session:
            self._removed = session.scalar(mine.values(**so_far, seen=datetime.now(UTC))) is None

    def _stopped(self) -> bool:
        """Whether somebody asked to stop."""
        asked = self._how.get("cancelled")
        return self._removed or (asked is not None and asked())


def _sentence(result: LogResult, before: int) -> str:
    told = result.account
    lines = _many(told.lines, "line", "lines")
    if told.format in sightings.sighting_formats():
        return f"{_many(told.events, 'entry', 'entries')} of {lines} {_were(told.events)} taken in; they tell of services, not of traffic."
    if told.family == "identity":
        return f"{_many(result.leases.height, 'lease', 'leases')} {_were(result.leases.height)} taken in."
    leases = _many(result.leases.height, "lease", "leases") if result.leases.height else ""
    if not told.events:
        only = f"only {leases} {_were(result.leases.height)} taken in" if leases else "there is nothing to count"
        return f"None of its {told.lines:,} lines is a request; {only}."
    beside = f", and {leases} beside {'it' if told.events == 1 else 'them'}" if leases else ""
    taken = f"{_many(told.events, 'request', 'requests')} of {lines} {_were(told.events)} taken in{beside}."
    return f"{taken} Of these requests, {before:,} had been counted with another log already." if before else taken


def _many(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
