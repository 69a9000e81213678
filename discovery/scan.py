"""Logs in, observations out, nothing kept: the nine steps without the store."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from discovery import leases as lease_files
from discovery.catalogue import Catalogue
from discovery.errors import GnomonError, UnreadableLog
from discovery.identity import PEOPLE, attribute, read_people
from discovery.logs import LogFile
from discovery.observations import Observations
from discovery.observe import Part, observe
from discovery.pipeline import LogResult, Progress, read_log


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan gave.

    Attributes:
        observations: of all logs that could be read.
        failures: log -> why it could not.
    """

    observations: Observations
    failures: dict[str, str]


def scan(
    logs: Sequence[LogFile],
    catalogue: Catalogue,
    *,
    format_id: str | None = None,
    zone: str | None = None,
    people: Path | None = None,
    leases: Sequence[LogFile] = (),
    watch: Callable[[LogFile], Callable[[Progress], None] | None] = lambda _log: None,
) -> Scanned:
    """What logs show of a firm. The same content twice counts once.

    Args:
        logs: what to read; lease files among them are used as such.
        catalogue: the catalogue to match with.
        format_id: format of the logs, if known.
        zone: IANA name, for times without a zone and for days.
        people: the people list.
        leases: more lease files.
        watch: gives, for each log, what is told its progress.

    Raises:
        UnreadableLog: not one log could be read.
        GnomonError: the people list or a lease file is wrong.
    """
    results, failures = _read(logs, format_id, zone, watch)
    more = [_lease_file(log, zone) for log in leases]
    known_leases = pl.concat([lease_files.none(), *(result.leases for result in (*results, *more))])
    listed = pl.DataFrame(schema=PEOPLE) if people is None else read_people(people)
    traffic = [result for result in results if result.account.family != "identity"]
    if not traffic:
        raise UnreadableLog(_nothing(failures))
    who = partial(attribute, leases=known_leases, people=listed)
    parts = [Part(result.usage, result.account, f"{result.account.format}: {result.account.path}", who) for result in traffic]
    return Scanned(observe(parts, listed if people else None, catalogue, zone=zone or "UTC"), failures)


def _read(
    logs: Iterable[LogFile], format_id: str | None, zone: str | None, watch: Callable[[LogFile], Callable[[Progress], None] | None]
) -> tuple[list[LogResult], dict[str, str]]:
    results: dict[str, LogResult] = {}
    failures: dict[str, str] = {}
    for log in logs:
        try:
            result = read_log(log, format_id=format_id, zone=zone, progress=watch(log))
        except UnreadableLog as error:
            failures[log.name] = str(error)
            continue
        if result.fingerprint in results:
            failures[log.name] = f"The same content as {results[result.fingerprint].account.path}; it was counted once."
        else:
            results[result.fingerprint] = result
    return list(results.values()), failures


def _lease_file(log: LogFile, zone: str | None) -> LogResult:
    result = read_log(log, zone=zone)
    if result.account.family != "identity":
        raise GnomonError(f"{log.name} is no lease file but a log ({result.account.format}).")
    return result


def _nothing(failures: dict[str, str]) -> str:
    if len(failures) == 1:
        ((name, why),) = failures.items()
        return f"{name}: {why}"
    if failures:
        return "None of the logs could be read. " + " ".join(f"{name}: {why}" for name, why in failures.items())
    return "There was no log to read."
