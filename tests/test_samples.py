"""Real logs nobody here made, where they lie beside the checkout: as many of their requests as possible must come back.

What a request is, and what stands beside which sample, `../shared/tools/check_samples.py` knows.
"""

import csv
import runpy
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from discovery import formats
from discovery.errors import GnomonError
from tests.formats.reading import read_events

SHARED = Path(__file__).parents[2] / "shared"
SAMPLES = SHARED / "samples"
CHECK = SHARED / "tools" / "check_samples.py"

Request = dict[str, Any]

#: Files whose expected parse is wrong or asks for something else, and why.
EXPLAINED: dict[str, str] = {}


@cache
def tool() -> dict[str, Any]:
    """What the check script defines."""
    return runpy.run_path(str(CHECK))


def logs() -> Iterator[tuple[str, str | None, Path]]:
    """Folder, format (None: to be identified) and file of each sample of user traffic."""
    with (SAMPLES / "INDEX.tsv").open(encoding="utf-8") as index:
        for row in csv.DictReader(index, delimiter="\t"):
            slug, log = row["slug"], SAMPLES / row["slug"] / row["local_file"]
            format_id = tool()["FORMAT_OF_SLUG"].get(slug, slug)
            listed = format_id is None or format_id in formats.all_formats()
            if listed and slug not in tool()["NOT_TRAFFIC"] and "generated" not in log.name and log.exists():
                yield slug, format_id, log


def wanted(log: Path) -> list[Request]:
    return [request for request in map(tool()["request_of"], tool()["expected_of"](log)) if request]


def events(log: Path, format_id: str | None) -> list[dict[str, Any]]:
    """The events of a log; none where it cannot be read."""
    path = tool()["payload"](log)
    try:
        return read_events(path, format_id=format_id, reference=datetime.fromtimestamp(path.stat().st_mtime, UTC))[1].to_dicts()
    except GnomonError:
        return []


def asked_by(event: dict[str, Any]) -> Iterator[tuple[str | None, str]]:
    """Under which names a request may be looked for: its domain with the address, and with the user."""
    for client in {event["source_ip"], (event["user_name"] or "").lower() or None} - {None}:
        yield tool()["clean_domain"](event["destination_domain"]), client


def when(event: dict[str, Any]) -> str:
    return event["timestamp"].strftime("%Y-%m-%dT%H:%M:%S")


def pairs(requests: list[Request], found: list[dict[str, Any]]) -> Iterator[tuple[Request, dict[str, Any] | None]]:
    """Each request with the event of the same domain and client, if possible of the same time; no event comes twice."""
    have: dict[tuple[str | None, str], dict[int, dict[str, Any]]] = defaultdict(dict)
    for number, event in enumerate(found):
        for key in asked_by(event):
            have[key][number] = event
    for request in requests:
        pool = have.get((request["domain"], request["client"])) or have.get((request["domain"], request["user"])) or {}
        time = tool()["second"](request["time"]) if request["time"] else None
        number = next((n for n, event in pool.items() if when(event) == time), next(iter(pool), None))
        event = None if number is None else pool[number]
        for key in asked_by(event) if event else ():
            have[key].pop(number, None)
        yield request, event


def differences(request: Request, event: dict[str, Any]) -> Iterator[tuple[str, bool, Any]]:
    """What the request asks for besides, whether the event says the same, and what it says."""
    if request["time"] is not None:
        yield "time", when(event) == tool()["second"](request["time"]), when(event)
    if request["user"] is not None:
        user = (event["user_name"] or "").lower()  # a domain before it, or a realm behind it, may be written or not
        yield "user", bool(user) and (user in request["user"] or request["user"] in user), user
    for key, column in (("up", "source_bytes"), ("down", "destination_bytes")):
        if request[key] is not None:
            yield key, event[column] == request[key], event[column]


def counted(log: Path, format_id: str | None) -> Counter[str]:
    """How many requests of a log come back, and with what."""
    count: Counter[str] = Counter()
    for request, event in pairs(wanted(log), events(log, format_id)):
        count["wanted"] += 1
        if event is not None:
            count["found"] += 1
            for key, same, _ in differences(request, event):
                count[f"{key} wanted"] += 1
                count[key] += same
    return count


def share(count: Counter[str], what: str, of: str) -> float:
    return count[what] / count[of] if count[of] else 1.0


def row(name: str, count: Counter[str]) -> str:
    told = [f"{share(count, key, f'{key} wanted'):8.1%}" if count[f"{key} wanted"] else f"{'-':>8}" for key in ("time", "user", "up", "down")]
    return f"{name:28}{count['wanted']:8}{count['found']:8}{share(count, 'found', 'wanted'):8.1%}{''.join(told)}\n"


@pytest.mark.slow
@pytest.mark.skipif(not CHECK.exists(), reason="needs the real samples in ../shared, which are not part of the project: put them there to run this")
def test_requests_of_real_logs_come_back(capsys: pytest.CaptureFixture[str]) -> None:
    folders: dict[str, Counter[str]] = defaultdict(Counter)
    for slug, format_id, log in logs():
        if (count := counted(log, format_id))["wanted"]:
            folders[f"{slug}/{log.name}" if log.name in EXPLAINED else slug].update(count)
    whole = sum((count for name, count in folders.items() if "/" not in name), Counter[str]())
    with capsys.disabled():
        sys.stdout.write(f"\n{'sample folder':28}{'wanted':>8}{'found':>8}{'':8}{'time':>8}{'user':>8}{'up':>8}{'down':>8}\n")
        sys.stdout.writelines(row(name, count) for name, count in sorted(folders.items()) if "/" not in name)
        sys.stdout.write(row("together", whole))
        for name, count in sorted(folders.items()):
            if "/" in name:
                sys.stdout.write(f"Left out: {name}: {EXPLAINED[name.split('/')[1]]}\n{row('', count)}")
    assert whole["wanted"] > 0
    assert share(whole, "found", "wanted") >= 0.99
    assert share(whole, "time", "time wanted") >= 0.98
    assert share(whole, "user", "user wanted") >= 0.98
