"""The honest account of a log, as columns of its import and back."""

from typing import Any

from discovery.observations import LogAccount, Sample
from discovery.store.tables import Import


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
        "bytes_done": told.bytes,
        "lines_done": told.lines,
    }
