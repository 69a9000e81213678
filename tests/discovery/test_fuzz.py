"""Damaged lines of every format: no exception but our own, every line accounted for, in bounded time."""

import random
import time
from pathlib import Path

import pytest

from discovery import leases, sightings
from discovery.blocks import Blocks
from discovery.decompress import Stream
from discovery.errors import GnomonError
from discovery.pipeline import read_log
from discovery.unfold import unfolded
from tests.discovery.test_laws import ONE_OF_EACH
from tests.formats.reading import SAMPLES, WRITTEN
from tests.gate import GATE
from tests.hostile.fuzz import CASES, block, differences
from tests.hostile.mutate import mutated

FORMATS = sorted(folder.name for folder in SAMPLES.iterdir() if any(folder.glob("*.log")))
#: In `make test` those that the laws of reading are not tried on: together they look at all.
SOME = FORMATS if GATE else [name for name in FORMATS if name not in {one.parent.name for one in (*ONE_OF_EACH[::3], *ONE_OF_EACH[1::3])}]


def unfolded_lines(path: Path) -> int:
    """The lines of a log, of a list in a line as many as it has records."""
    with path.open("rb") as file:
        blocks = unfolded(Blocks(Stream(file, size=None)))
        for _ in blocks:
            pass
    return blocks.lines


def fuzz(name: str, folder: Path, count: int, seed: int) -> None:
    """So many damaged lines of a format, made from all of its samples in the gate, else from one."""
    logs = sorted((SAMPLES / name).glob("*.log"))[: None if GATE else 1]
    for sample in logs:
        path = folder / "mutated.log"
        path.write_bytes(mutated(sample.read_bytes().splitlines(), count // len(logs) + 1, seed))
        began = time.process_time()
        try:
            account = read_log(path, format_id=name, reference=WRITTEN).account
        except GnomonError as error:
            assert str(error).endswith("."), error  # noqa: PT017 (a sentence)
            continue
        assert account.lines == unfolded_lines(path) >= path.read_bytes().count(b"\n")
        assert account.lines == account.events + sum(account.skipped.values()) + sum(account.rejected.values())
        assert time.process_time() - began < 4 + path.stat().st_size / 1e6


@pytest.mark.no_cover
@pytest.mark.parametrize("name", SOME)
def test_damaged_lines_are_counted(name: str, tmp_path: Path) -> None:
    fuzz(name, tmp_path, 200, seed=1)


@pytest.mark.slow
@pytest.mark.skipif(not GATE, reason="the long form, 100,000 lines a format: set GNOMON_GATE=1 to run it")
@pytest.mark.parametrize("name", [name for name in FORMATS if name not in (*leases.lease_formats(), *sightings.sighting_formats())])
def test_many_damaged_lines_are_counted(name: str, tmp_path: Path) -> None:
    for seed in range(10):
        fuzz(name, tmp_path, 10_000, seed)


@pytest.mark.parametrize("kind", CASES)
def test_every_field_is_what_a_slow_reader_finds(kind: str) -> None:
    """A short form of `make fuzz`."""
    assert not differences(CASES[kind], block(CASES[kind], random.Random(2)))  # noqa: S311 (a seeded test)
