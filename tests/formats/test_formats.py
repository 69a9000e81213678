"""Every format against its samples: what each line becomes, and that nobody else claims the file."""

import json
from pathlib import Path

import pytest

from discovery import formats, leases, sightings
from discovery.blocks import Blocks
from discovery.decompress import Stream
from discovery.identify import HEAD, candidates
from discovery.times import Reading
from discovery.unfold import unfolded
from tests.formats.reading import MADE, SAMPLES, WRITTEN, became, expected_of, samples, written

TEXTS = [sample for sample in samples() if sample.suffix not in MADE]
IDENTITY = {**leases.lease_formats(), **sightings.sighting_formats()}
LINES = [sample for sample in TEXTS if sample.parent.name not in IDENTITY]
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


@pytest.mark.parametrize("sample", samples(), ids=named)
def test_expected_account_adds_up(sample: Path) -> None:
    expected = json.loads(expected_of(sample).read_text(encoding="utf-8"))
    if "events" in expected:
        account = expected["account"]
        assert account["format"] == sample.parent.name
        assert account["lines"] == len(expected["events"]) + sum(account["skipped"].values()) + sum(account["rejected"].values())
        assert [event["line"] for event in expected["events"]] == sorted({event["line"] for event in expected["events"]})


@pytest.mark.parametrize("sample", LINES, ids=named)
def test_it_is_identified_and_no_other_vendor_understands_as_many_lines(sample: Path) -> None:
    """Nothing else is decided by the head, so the result is the one of the test above, where the format is told."""
    found = candidates(head_of(sample), Reading(reference=WRITTEN))
    others = [other for other in found if other.format.id != sample.parent.name and not other.format.generic]
    told = candidates(head_of(sample), Reading(reference=WRITTEN), format_id=sample.parent.name)[0]
    assert (found[0].format.id, found[0].layout.name, found[0].reading) == (sample.parent.name, told.layout.name, told.reading)
    assert found[0].enough
    assert all(other.share < found[0].share for other in others), [(other.format.id, other.share) for other in others]


@pytest.mark.parametrize("sample", FEW, ids=named)
def test_a_log_is_read_the_same_when_nobody_says_what_it_is(sample: Path) -> None:
    assert written(became(sample)) == expected_of(sample).read_text(encoding="utf-8")


@pytest.mark.parametrize("sample", TEXTS, ids=named)
def test_only_a_lease_file_is_taken_for_one(sample: Path) -> None:
    found = leases.recognise(head_of(sample))
    assert (found.id if found else None) == (sample.parent.name if sample.parent.name in leases.lease_formats() else None)


@pytest.mark.parametrize("sample", TEXTS, ids=named)
def test_only_a_file_of_sightings_is_taken_for_one_and_by_one_format(sample: Path) -> None:
    head = head_of(sample)
    claimed = [known.id for known in sightings.sighting_formats().values() if known.record(head)]
    assert claimed == [name for name in [sample.parent.name] if name in sightings.sighting_formats()]
