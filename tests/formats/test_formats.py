"""Every format against its samples: what each line becomes, and that nobody else claims the file."""

import json
from pathlib import Path
from typing import Any

import pytest

from discovery import formats, leases, sightings
from discovery.blocks import Blocks
from discovery.decompress import Stream
from discovery.identify import HEAD, candidates, lease_file
from discovery.times import Reading
from discovery.unfold import unfolded
from tests.formats.reading import MADE, SAMPLES, WRITTEN, became, expected_of, samples, written
from tests.gate import GATE

TEXTS = [sample for sample in samples() if sample.suffix not in MADE]
IDENTITY = {**leases.lease_formats(), **sightings.sighting_formats()}
LINES = [sample for sample in TEXTS if sample.parent.name not in IDENTITY]
#: One sample of each format; the gate takes them all.
ONE_OF_EACH = list({sample.parent.name: sample for sample in LINES}.values())
#: Enough of all kinds to see that the whole way does what its parts do.
FEW = [*LINES[::15], *(sample for sample in samples() if sample.parent.name in IDENTITY or sample not in TEXTS)]
KNOWN = {*formats.all_formats(), *IDENTITY}


def named(sample: Path) -> str:
    return f"{sample.parent.name}/{sample.stem}"


def head_of(sample: Path) -> bytes:
    with sample.open("rb") as file:
        return unfolded(Blocks(Stream(file, size=None))).head(HEAD)


def test_every_format_has_a_sample_and_every_sample_a_format() -> None:
    assert {sample.parent.name for sample in samples()} == KNOWN
    assert sorted(SAMPLES.glob("*/*.expected.json")) == sorted(expected_of(sample) for sample in samples())


@pytest.mark.parametrize("sample", samples(), ids=named)
def test_sample_becomes_what_stands_beside_it(sample: Path) -> None:
    declined = sample in LINES and formats.get(sample.parent.name).declines  # said only where nobody insists on the format
    now = written(became(sample) if declined else became(sample, format_id=sample.parent.name))
    assert now == expected_of(sample).read_text(encoding="utf-8"), f"if this is right: python -m tests.formats.write {sample.parent.name}"


def test_expected_accounts_add_up() -> None:
    expected = {named(sample): json.loads(expected_of(sample).read_text(encoding="utf-8")) for sample in samples()}
    read = {name: one for name, one in expected.items() if "events" in one}
    assert len(read) > len(formats.all_formats())
    assert [name for name, one in read.items() if not adds_up(name, one["account"], one["events"])] == []


def adds_up(name: str, account: dict[str, Any], events: list[dict[str, Any]]) -> bool:
    """Of its format, each line counted once, and the events in the order of their lines."""
    lines = [event["line"] for event in events]
    accounted = len(events) + sum(account["skipped"].values()) + sum(account["rejected"].values())
    return (account["format"], account["lines"]) == (name.partition("/")[0], accounted) and lines == sorted(set(lines))


@pytest.mark.no_cover
@pytest.mark.parametrize("sample", LINES if GATE else ONE_OF_EACH, ids=named)
def test_it_is_identified_and_no_other_vendor_understands_as_many_lines(sample: Path) -> None:
    """Nothing else is decided by the head, so the result is the one of the test above, where the format is told."""
    found = candidates(head_of(sample), Reading(reference=WRITTEN))
    others = [other for other in found if other.format.id != sample.parent.name and not other.format.generic]
    told = candidates(head_of(sample), Reading(reference=WRITTEN), format_id=sample.parent.name)[0]
    assert (found[0].format.id, found[0].layout.name, found[0].reading) == (sample.parent.name, told.layout.name, told.reading)
    assert found[0].enough
    assert all(other.share < found[0].share for other in others), [(other.format.id, other.share) for other in others]


@pytest.mark.no_cover
@pytest.mark.parametrize("sample", FEW, ids=named)
def test_a_log_is_read_the_same_when_nobody_says_what_it_is(sample: Path) -> None:
    assert written(became(sample)) == expected_of(sample).read_text(encoding="utf-8")


def test_only_a_lease_file_is_taken_for_one() -> None:
    found = {named(sample): lease_file(head_of(sample)) for sample in TEXTS}
    taken = {name: lease.id for name, lease in found.items() if lease}
    assert taken == {name: name.partition("/")[0] for name in found if name.partition("/")[0] in leases.lease_formats()}


@pytest.mark.no_cover
def test_only_a_file_of_sightings_is_taken_for_one_and_by_one_format() -> None:
    known = sightings.sighting_formats()
    claimed = {named(sample): [one.id for one in known.values() if one.record(head_of(sample))] for sample in TEXTS}
    assert claimed == {name: [id_ for id_ in [name.partition("/")[0]] if id_ in known] for name in claimed}
