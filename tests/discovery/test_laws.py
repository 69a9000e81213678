"""The laws of reading, as properties of every line format: nothing lost, no line touches its neighbour, no cut changes the result."""

import random
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery import leases, sightings
from discovery.coding import spelled_out
from discovery.events import EVENT
from discovery.usage import USAGE, merge, summarise
from tests.formats.reading import read_bytes, samples
from tests.gate import GATE, examples
from tests.hostile.lines import HOSTILE

DECLINED = "httpd-combined"
OTHERS = {*leases.lease_formats(), *sightings.sighting_formats(), DECLINED}
SAMPLES = [one for one in samples() if one.suffix == ".log" and one.parent.name not in OTHERS]
ONCE = settings(max_examples=1, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def named(sample: Path) -> str:
    return f"{sample.parent.name}/{sample.stem}"


def told(events: pl.DataFrame) -> list[tuple[object, ...]]:
    return sorted(events.select(*EVENT).rows(), key=repr)


#: A law is of the kinds of lines, which many formats share: it is tried on one sample of every third format, by `make gate` on all samples.
ONE_OF_EACH = list({one.parent.name: one for one in SAMPLES}.values())


def third(number: int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("sample", SAMPLES if GATE else ONE_OF_EACH[number::3], ids=named)


@third(0)
@ONCE
@given(places=st.randoms(use_true_random=False), share=st.floats(0.1, 1))
def test_hostile_lines_change_their_own_rows_only_however_they_are_cut(sample: Path, places: random.Random, share: float) -> None:
    lines = sample.read_bytes().splitlines(keepends=True) * 4  # enough to be told from the hostile ones
    mixed = [(number, line) for number, line in enumerate(lines, 1)]
    above = 2 if lines[0].startswith((b"sep=", b"#TYPE ")) else 1  # never first: the header of all others stands there, perhaps below a note
    for hostile in HOSTILE.values():
        mixed.insert(places.randint(above, len(mixed)), (0, hostile + b"\n"))
    _, before = read_bytes(b"".join(lines), format_id=sample.parent.name)
    content = b"".join(line for _, line in mixed)
    result, after = read_bytes(content, format_id=sample.parent.name, block=int(share * sample.stat().st_size))
    was = pl.Series([number for number, _ in mixed])
    back = after.with_columns(was.gather(after["line"] - 1).alias("line"))
    assert told(back.filter(pl.col("line") > 0)) == told(before)
    account = result.account
    assert account.lines == len(mixed) == account.events + sum(account.skipped.values()) + sum(account.rejected.values())
    assert account.rejected["longer than 1 MB"] == 1


@third(1)
@examples(1, derandomize=True, suppress_health_check=list(HealthCheck))
@given(size=st.one_of(st.integers(1, 300), st.integers(300, 4_000)))
def test_every_line_is_accounted_for_and_no_cut_changes_the_result(sample: Path, size: int) -> None:
    """The sample, some damage, and the sample again, in blocks of a line or of some, and at once."""
    content = sample.read_bytes() + HOSTILE["invalid UTF-8"] + b"\n" + sample.read_bytes().rstrip(b"\n")
    whole, events = read_bytes(content, format_id=sample.parent.name)
    cut, pieces = read_bytes(content, format_id=sample.parent.name, block=size)
    assert whole.account.lines == content.count(b"\n") + 1
    assert whole.account.lines == whole.account.events + sum(whole.account.skipped.values()) + sum(whole.account.rejected.values())
    assert told(pieces) == told(events)
    assert told_usage(cut.usage.whole()) == told_usage(whole.usage.whole())
    assert cut.fingerprint == whole.fingerprint
    kept = ("lines", "events", "skipped", "rejected", "samples", "first", "last", "warnings")
    assert [getattr(cut.account, name) for name in kept] == [getattr(whole.account, name) for name in kept]


def told_usage(usage: pl.DataFrame) -> list[tuple[object, ...]]:
    rows = spelled_out(usage)
    assert rows.drop("format", strict=False).schema == USAGE  # which a log of several formats has besides
    return sorted(rows.rows(), key=repr)


def made_events(seed: int, n: int) -> pl.DataFrame:
    """Events of few people and few domains in few hours, so that many meet."""
    choose = random.Random(seed)  # noqa: S311 (a seeded test)
    rows = [
        {
            "line": line,
            "timestamp": 1_795_078_800_000_000 + choose.randrange(3) * 3_600_000_000 + choose.randrange(3_600_000_000),
            "user_name": choose.choice([None, "ann", "bob"]),
            "source_ip": choose.choice(["192.0.2.10", "192.0.2.11"]),
            "source_mac": None,
            "host_name": None,
            "destination_domain": choose.choice([None, "files.example", "chat.example"]),
            "destination_ip": None,
            "source_bytes": choose.choice([None, 0, 7, 10**15]),
            "destination_bytes": None,
            "event_action": choose.choice([None, "allowed", "blocked"]),
            "channel": choose.choice(["dns", "bytes"]),
            "requests": choose.choice([0, 1, 1]),
            "session": choose.choice([None, 7]),
            "lasted": choose.choice([None, 0, 250]),
        }
        for line in range(1, n + 1)
    ]
    table = pl.DataFrame(rows, schema_overrides={name: pl.Int64 for name, kind in EVENT.items() if kind in (pl.Int64(), pl.Datetime("us", "UTC"))})
    return table.with_columns(pl.col("timestamp").cast(EVENT["timestamp"]), pl.col("source_mac", "host_name", "destination_ip").cast(pl.String))


@examples(10, derandomize=True)
@given(seed=st.integers(0, 10**6), cuts=st.lists(st.integers(0, 60), max_size=6), order=st.randoms(use_true_random=False))
def test_usage_merges_in_any_order_and_any_grouping(seed: int, cuts: list[int], order: random.Random) -> None:
    events = made_events(seed, 60)
    edges = [0, *sorted(cuts), 60]
    parts = [summarise(events[a:b]) for a, b in pairwise(edges)]
    whole = told_usage(summarise(events))
    order.shuffle(parts)
    middle = order.randrange(len(parts) + 1)
    assert told_usage(merge(parts)) == whole
    assert told_usage(merge([merge(parts[:middle]), merge(parts[middle:])])) == whole


def test_bytes_that_no_record_told_stay_unknown() -> None:
    usage = summarise(made_events(1, 60).with_columns(pl.lit(None, pl.Int64).alias("source_bytes")))
    assert usage["source_bytes"].null_count() == usage.height
    assert merge([usage, usage])["source_bytes"].null_count() == usage.height
