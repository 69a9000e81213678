"""Logs in, observations out, nothing kept: the nine steps without the store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import polars as pl

from discovery import leases as lease_files
from discovery import naming, sightings, unmask
from discovery.catalogue import Catalogue
from discovery.errors import GnomonError, UnreadableLog
from discovery.identity import PEOPLE, attribute, read_people
from discovery.logs import LogFile
from discovery.matching import matcher
from discovery.observations import LogAccount, Observations
from discovery.observe import observe
from discovery.overlap import Marked, Segmented, Segments, segments
from discovery.parts import Part, handed_over
from discovery.pipeline import LogResult, read_log
from discovery.progress import Progress
from discovery.shelf import Shelf

if TYPE_CHECKING:
    from discovery.resolve import Reverse

#: Around the moment of a rotation lines may come out of order.
_TOUCH = timedelta(minutes=1)

Who = Callable[[pl.DataFrame], pl.DataFrame]


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
    reverse: "Reverse | None" = None,
) -> Scanned:
    """What logs show of a firm. The same content twice counts once, and so do lines of one time that two logs of one format share.

    Args:
        logs: what to read; lease files and files of sightings among them are used as such.
        catalogue: the catalogue to match with.
        format_id: format of the logs, if known.
        zone: IANA name, for times without a zone and for days.
        people: the people list.
        leases: more lease files.
        watch: gives, for each log, what is told its progress.
        reverse: looks up names of addresses that no log names; None: nobody is asked.

    Raises:
        UnreadableLog: not one log could be read.
        GnomonError: the people list or a lease file is wrong.
    """
    results, failures = _read(logs, format_id, zone, watch)
    more = [_lease_file(log, zone) for log in leases]
    known_leases = pl.concat([lease_files.none(), *(result.leases for result in (*results, *more))])
    listed = pl.DataFrame(schema=PEOPLE) if people is None else read_people(people)
    traffic = [result for result in results if result.account.family != "identity"]
    others = [_listed(result, catalogue) for result in (*results, *more) if result.account.family == "identity" and result.usage.height]
    if not traffic and not others:
        raise UnreadableLog(_nothing(failures))
    who = partial(attribute, leases=known_leases, people=listed)
    aliases = unmask.together([result.told.aliases for result in traffic])
    named = _named(traffic, who, catalogue, aliases) if traffic else []
    named = named if reverse is None or not named else naming.reversed_(named, reverse.names)
    read = zip((*named, *(result.usage for result in others)), (*traffic, *others), strict=True)
    parts = [Part(rows, result.account, f"{result.account.format}: {result.account.path}", who) for rows, result in read]
    parts = [one for part in parts for one in part.by_format()]
    del results, traffic, others, named, read  # usage is held by the parts alone
    return Scanned(observe(handed_over(parts), listed if people else None, catalogue, zone=zone or "UTC", aliases=aliases), failures)


def _named(traffic: Sequence[LogResult], who: Who, catalogue: Catalogue, aliases: pl.DataFrame) -> list[Shelf]:
    """The usage of each log, its addresses named as far as DNS answers do."""
    said = [one.told.answers for one in traffic]
    targets = partial(unmask.targets, matcher(catalogue), aliases)
    return naming.named([one.usage for one in traffic], said, partial(naming.handles, who), targets)


def _read(
    logs: Sequence[LogFile], format_id: str | None, zone: str | None, watch: Callable[[LogFile], Callable[[Progress], None] | None]
) -> tuple[list[LogResult], dict[str, str]]:
    results: dict[str, LogResult] = {}
    read: dict[str, Callable[..., LogResult]] = {}
    failures: dict[str, str] = {}
    for log in logs:
        try:
            result = read_log(log, format_id=format_id, zone=zone, progress=watch(log), digest=len(logs) > 1)
        except UnreadableLog as error:
            failures[log.name] = str(error)
            continue
        if result.fingerprint in results:
            failures[log.name] = f"The same content as {results[result.fingerprint].account.path}; it was counted once."
        else:
            results[result.fingerprint] = result
            read[result.fingerprint] = partial(read_log, log, format_id=format_id, zone=zone)
    return _counted_once(results, read), failures


def _counted_once(results: Mapping[str, LogResult], read: Mapping[str, Callable[..., LogResult]]) -> list[LogResult]:
    """The results, without what another log of the same source told as well. Only logs of one time and format are read again to find out.

    The log that begins first keeps what several hold, whatever order they come in.
    """
    marked: dict[str, Marked] = {}
    counted: dict[str, LogResult] = {}
    key = token_hex(8)
    for name, result in sorted(results.items(), key=lambda item: (str(item[1].account.first or ""), item[0])):
        near = [other for other in counted if _may_overlap(results[other].account, result.account)]
        marked |= {one: read[one](key=key).marked for one in (name, *near) if near and one not in marked}
        told = segments(marked[name], [(number, marked[other]) for number, other in enumerate(near)]) if near else None
        counted[name] = result if told is None else _without(result, told, read[name])
    return list(counted.values())


def _may_overlap(one: LogAccount, other: LogAccount) -> bool:
    """Whether two logs hold lines of one format and time; files that were rotated only touch."""
    if "identity" in (one.family, other.family) or one.first is None or one.last is None or other.first is None or other.last is None:
        return False
    same = {one.format, *one.formats} & {other.format, *other.formats}
    return bool(same) and min(one.last, other.last) - max(one.first, other.first) > _TOUCH


def _without(result: LogResult, told: Segments, read: Callable[..., LogResult]) -> LogResult:
    """A log without what others told before, which its account says."""
    parts = Segmented(told)
    read(sink=parts)
    usage, before = parts.usage(), sum(parts.events.values())
    said = f"{before:,} of its requests stand in another of these logs as well; they were counted once."
    account = replace(result.account, warnings=(*result.account.warnings, said))
    dropped = ("segment",) if account.formats else ("segment", "format")
    usage = usage.each(lambda rows: rows.filter(pl.col("segment").is_null()).drop(dropped))
    return replace(result, usage=usage, account=account)


def _listed(result: LogResult, catalogue: Catalogue) -> LogResult:
    """A file of sightings; of one that names merchants only what the catalogue knows."""
    usage, account = sightings.listed_only(result.usage.whole(), result.account, matcher(catalogue).match_all)
    return replace(result, usage=Shelf([usage]), account=account)


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
