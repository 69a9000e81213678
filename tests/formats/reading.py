"""What a sample becomes: its events as `gnomon parse` gives them, and the account of its lines."""

import json
import runpy
import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from discovery.errors import UnreadableLog
from discovery.events import EVENT
from discovery.leases import LEASES
from discovery.pipeline import LogResult, read_log
from discovery.settled import Settled
from discovery.sightings import sighting_formats

#: Where the samples lie: a folder for each format, named by its id.
SAMPLES = Path(__file__).parent

#: Samples whose records are no lines, and those that are made when they are needed.
DOCUMENTS, MADE = (".har", ".records"), (".sql", ".py")

#: What of a sighting stands in the expected file.
_SIGHTING = (
    "user_name",
    "host_name",
    "destination_domain",
    "sighting",
    "account",
    "hits",
    "source_bytes",
    "destination_bytes",
    "first",
    "last",
    "first_line",
)

#: Dates without a year are read as if the log had been written then.
WRITTEN = datetime(2026, 11, 20, tzinfo=UTC)


def samples() -> list[Path]:
    """Every sample: lines as `.log`, a document as `.har` or `.records`, a binary file as the `.sql` or `.py` that makes it."""
    return sorted(path for path in SAMPLES.glob("*/*") if path.suffix in (".log", *DOCUMENTS, *MADE))


def expected_of(sample: Path) -> Path:
    return sample.with_suffix(".expected.json")


def read_events(path: Path, **how: Any) -> tuple[LogResult, pl.DataFrame]:
    """The result of a log, and its events in order of lines."""
    tables: list[pl.DataFrame] = []
    events = Settled(tables.append)
    result = read_log(path, sink=events, **{"reference": WRITTEN, **how})
    events.rest()
    return result, pl.concat(tables).select(*EVENT) if tables else pl.DataFrame(schema=EVENT)


def read_bytes(data: bytes, name: str = "made.log", **how: Any) -> tuple[LogResult, pl.DataFrame]:
    """The same for the content of a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        return read_events(path, **how)


def became(sample: Path, **how: Any) -> dict[str, Any]:
    """What stands in the expected file."""
    if sample.suffix in MADE:
        return _made(sample, **how)
    try:
        result, events = read_events(sample, **how)
    except UnreadableLog as error:
        return {"declined": str(error)}
    account = result.account
    rows = {"events": _rows(events)} if account.family != "identity" else {}
    if account.format in sighting_formats():
        rows["sightings"] = _rows(result.usage.whole().select(*_SIGHTING))
    elif account.family == "identity" or result.leases.height:
        rows["leases"] = _rows(result.leases.select(*LEASES))
    counts = {"format": account.format, "lines": account.lines, "skipped": dict(account.skipped), "rejected": dict(account.rejected)}
    return {"account": {**counts, "warnings": list(account.warnings)}, **rows}


def _made(sample: Path, **how: Any) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "made.bin")
        make(sample, path)
        return became(path, **how)


def make(sample: Path, path: Path) -> None:
    """Write the binary file that a sample stands for."""
    if sample.suffix == ".py":
        path.write_bytes(runpy.run_path(str(sample))["CONTENT"])
        return
    connection = sqlite3.connect(path)
    connection.executescript(sample.read_text(encoding="utf-8"))
    connection.close()


def _rows(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows without what is not known; times as RFC 3339."""
    told = [{name: value for name, value in row.items() if value is not None} for row in table.to_dicts()]
    return [{name: value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value for name, value in row.items()} for row in told]


def written(what: dict[str, Any]) -> str:
    """The text of an expected file: an event a line, so that a change shows as one line."""
    parts = []
    for key, value in what.items():
        if isinstance(value, list):
            inner = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in value)
            parts.append(f' "{key}": [\n{inner}\n ]' if value else f' "{key}": []')
        else:
            parts.append(f' "{key}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"
