"""Every format against its samples: what each line becomes, and that nobody else claims the file."""

import json
from pathlib import Path

import pytest

from discovery import formats, leases
from discovery.blocks import Blocks
from discovery.decompress import Stream
from discovery.identify import HEAD, candidates, identify
from discovery.times import Reading
from discovery.unfold import unfolded
from tests.formats.reading import MADE, SAMPLES, WRITTEN, became, expected_of, samples, written

TEXTS = [sample for sample in samples() if sample.suffix not in MADE]
LINES = [sample for sample in TEXTS if sample.parent.name not in leases.lease_formats()]
KNOWN = {*formats.all_formats(), *leases.lease_formats()}


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
    now = written(became(sample))
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
def test_no_other_vendor_understands_as_many_lines(sample: Path) -> None:
    found = candidates(head_of(sample), Reading(reference=WRITTEN))
    others = [other for other in found if other.format.id != sample.parent.name and not other.format.generic]
    assert found[0].format.id == sample.parent.name
    assert all(other.share < found[0].share for other in others), [(other.format.id, other.share) for other in others]


@pytest.mark.parametrize("sample", LINES, ids=named)
def test_told_which_format_the_result_is_the_same(sample: Path) -> None:
    if formats.get(sample.parent.name).declines:
        assert identify(head_of(sample), Reading(), format_id=sample.parent.name).share > 0.5
        return
    assert became(sample, format_id=sample.parent.name) == became(sample)


@pytest.mark.parametrize("sample", TEXTS, ids=named)
def test_only_a_lease_file_is_taken_for_one(sample: Path) -> None:
    found = leases.recognise(head_of(sample))
    assert (found.id if found else None) == (sample.parent.name if sample.parent.name in leases.lease_formats() else None)
