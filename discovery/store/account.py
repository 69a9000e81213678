"""The honest account of a log, as columns of its import and back."""

from datetime import datetime
from typing import Any

from discovery.observations import LogAccount, Sample
from discovery.pace import Jump, Silence
from discovery.store.tables import Import

_moment = datetime.fromisoformat


def account(job: Import) -> LogAccount:
    """Where the lines of an import went."""
    return LogAccount(
        path=job.name,
        format=job.format,
        family=job.family,
        bytes=job.bytes,
        lines=job.lines,
        events=job.events,
        skipped=job.skipped,
        rejected=job.rejected,
        samples={reason: tuple(Sample(line, shape) for line, shape in samples) for reason, samples in job.samples.items()},
        first=job.first,
        last=job.last,
        timezone=job.zone,
        timezone_basis=job.zone_basis,
        warnings=tuple(job.warnings),
        cannot_tell=tuple(job.cannot_tell),
        partial=job.partial,
        formats=job.formats,
        silences=tuple(Silence(_moment(since), _moment(until), hours, name) for since, until, hours, name in job.silences),
        clock_jumps=tuple(Jump(line, _moment(before), _moment(after)) for line, before, after in job.clock_jumps),
    )


def columns(told: LogAccount) -> dict[str, Any]:
    """The columns of an import that hold the account; its name stays the user's."""
    return {
        "source": f"{told.format}: {told.path}",
        "format": told.format,
        "family": told.family,
        "bytes": told.bytes,
        "lines": told.lines,
        "events": told.events,
        "skipped": dict(told.skipped),
        "rejected": dict(told.rejected),
        "samples": {reason: [[sample.line, sample.shape] for sample in samples] for reason, samples in told.samples.items()},
        "first": told.first,
        "last": told.last,
        "zone": told.timezone,
        "zone_basis": told.timezone_basis,
        "warnings": list(told.warnings),
        "cannot_tell": list(told.cannot_tell),
        "partial": told.partial,
        "formats": dict(told.formats),
        "silences": [[one.since.isoformat(), one.until.isoformat(), one.working_hours, one.format] for one in told.silences],
        "clock_jumps": [[one.line, one.before.isoformat(), one.after.isoformat()] for one in told.clock_jumps],
        "bytes_done": told.bytes,
        "lines_done": told.lines,
    }
