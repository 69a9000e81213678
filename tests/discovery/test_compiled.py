"""Compiled loops, which check no bounds themselves, held against plain Python on what lies at the edges of their arrays."""

import operator
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import reduce
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.compiled import compiled, is_new
from discovery.events import EVENT, SUBJECT, TRANSIENT
from discovery.framing import frame
from discovery.hosts import host_column
from discovery.inside import inside_column
from discovery.kinds.delimited import Delimited
from discovery.kinds.keyvalue import KeyValue
from discovery.kinds.reach import own
from discovery.names import host_of
from discovery.runs import Runs
from discovery.search import begun_column, ended_column, held_column
from discovery.usage import NEVER, OPENED, UNTIL, summarise

some = settings(deadline=None, derandomize=True)
numbers = st.one_of(st.integers(-3, 3), st.sampled_from([-(2**60), 2**60]), st.none())
HOW: dict[np.ufunc, Callable[[int, int], int]] = {np.add: operator.add, np.minimum: min, np.maximum: max, np.bitwise_or: operator.or_}


def test_loops_run_where_no_machine_code_can_be_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = pytest.importorskip("numba", reason="the compiler has no package for this machine").config
    (tmp_path / "file").touch()
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path / "file"))  # in place of both folders, and no folder at all
    monkeypatch.setattr(config, "CACHE_LOCATOR_CLASSES", "UserProvidedCacheLocator")

    def twice(number: int) -> int:
        return 2 * number

    assert compiled(twice)(21) == 42


def test_that_loops_must_be_compiled_is_known_beforehand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = pytest.importorskip("numba", reason="the compiler has no package for this machine").config
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path))

    def thrice(number: int) -> int:
        return 3 * number

    assert is_new(compiled(thrice), 7)
    assert not is_new(compiled(thrice), 7)  # as another run would find it
    assert not is_new(thrice, 7)  # without a compiler there is nothing to wait for


@some
@given(rows=st.lists(st.tuples(numbers, numbers, st.sampled_from(["", "a", "é", None]), st.integers(-9, 9)), max_size=40))
def test_rows_of_one_key_meet_whatever_the_numbers(rows: list[tuple[int | None, int | None, str | None, int]]) -> None:
    table = pl.DataFrame(rows, schema={"a": pl.Int64, "b": pl.Int64, "c": pl.String, "value": pl.Int64}, orient="row")
    runs = Runs(table, ("a", "b", "c"))
    groups: dict[tuple[object, ...], list[int]] = {}
    for at, (*key, _) in enumerate(rows):
        groups.setdefault(tuple(key), []).append(at)
    assert list(runs.rows) == [group[0] for group in groups.values()]  # as they come
    assert [runs.rows[which] for which in runs.which] == [groups[tuple(key)][0] for *key, _ in rows]
    for how, plain in HOW.items():
        found = runs.reduced(table["value"], how).to_list()
        assert found == [reduce(plain, (rows[at][3] for at in groups[rows[first][:3]])) for first in runs.rows]


@some
@given(times=st.lists(st.tuples(st.integers(-5 * 3600, 5 * 3600), st.integers(0, 999_999), st.booleans()), min_size=1, max_size=30))
def test_moments_of_an_hour_before_and_after_1970(times: list[tuple[int, int, bool]]) -> None:
    moments = [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second, microseconds=micro) for second, micro, _ in times]
    rows = [
        {"line": line, "timestamp": moment, "destination_domain": "example.com", "channel": "web", "requests": int(asked), "session": 7}
        for line, (moment, (*_, asked)) in enumerate(zip(moments, times, strict=True))
    ]
    usage = summarise(pl.DataFrame(rows, schema={**EVENT, **TRANSIENT}))
    expected = {}
    for hour in {moment.replace(minute=0, second=0, microsecond=0) for moment in moments}:
        inside = [(moment - hour, asked) for moment, (*_, asked) in zip(moments, times, strict=True) if hour <= moment < hour + timedelta(hours=1)]
        opened = [[since % timedelta(minutes=10) for since, asked in inside if asked and since // timedelta(minutes=10) == slot] for slot in range(6)]
        expected[hour] = [
            sum({1 << since // timedelta(minutes=10) for since, _ in inside}),
            *(min(slot) // timedelta(milliseconds=10) if slot else NEVER for slot in opened),
            max((since // timedelta(milliseconds=100) for since, asked in inside if asked), default=0),
        ]
    assert {hour: list(rest) for hour, *rest in usage.select("hour", "slots", *OPENED, UNTIL).iter_rows()} == expected
    assert not usage.select(SUBJECT).drop_nulls().height


cells = st.text(alphabet="htps:/?#@[]a.é1", max_size=14) | st.sampled_from(
    ["http://", "https://", "https:/", "a:", "a:1", "a:1@b", "[::1]:80", ":", "@"]
)


@some
@given(texts=st.lists(cells, max_size=12), end=st.sampled_from(["\n", ""]))
def test_hosts_are_those_of_the_slow_way(texts: list[str], end: str) -> None:
    lines = frame(("\n".join(texts) + end).encode())
    starts = lines.starts.copy()
    starts[1::5] = -1
    expected = pl.DataFrame({"_url": lines.column(starts, lines.ends)}, schema={"_url": pl.String}).select(host_of(pl.col("_url"))).to_series()
    assert [host or None for host in host_column(lines, starts, lines.ends)] == expected.to_list()


parts = st.sampled_from([0, 15, 16, 31, 32, 63, 64, 127, 128, 168, 254])
addresses = st.one_of(
    st.builds(
        "{}{}.{}.1.2".format, st.sampled_from(["", "::ffff:", "HIER_DIRECT/"]), st.sampled_from([10, 100, 127, 169, 172, 192, "010", 8]), parts
    ),
    st.builds("{}{}:{}".format, st.sampled_from(["fc", "FD", "fe", "fE", "2a"]), st.sampled_from(["00", "80", "B1", "c0", "z1", "8"]), parts),
    st.sampled_from(["", "-", "::1", "::", "::ffff:", "::ffff:::1", "10.", "10", "1", "f", "fe80", "HIER_NONE/-", "pc.example"]),
)


@some
@given(texts=st.lists(addresses, max_size=12))
def test_addresses_inside(texts: list[str]) -> None:
    lines = frame("".join(f"{text}\n" for text in texts).encode())
    expected = lines.text().str.replace("^HIER_[A-Z]+/", "").alias("address").to_frame().select(own(pl.col("address"))).to_series()
    assert inside_column(lines, lines.starts, lines.ends).to_list() == expected.to_list()


@some
@given(texts=st.lists(st.text(alphabet="ab/\0é", max_size=8), max_size=12), sought=st.text(alphabet="ab/é", min_size=1, max_size=3))
def test_what_a_cell_holds(texts: list[str], sought: str) -> None:
    lines = frame("".join(f"{text}\n" for text in texts).encode())
    starts = lines.starts.copy()
    starts[1::5] = -1
    cells = lines.column(starts, lines.ends)
    assert held_column(lines, starts, lines.ends, sought).to_list() == cells.str.contains(sought, literal=True).to_list()
    assert begun_column(lines, starts, lines.ends, sought).to_list() == cells.str.starts_with(sought).to_list()
    assert ended_column(lines, starts, lines.ends, sought).to_list() == cells.str.ends_with(sought).to_list()


@some
@given(text=st.text(alphabet='ab=" \\|\té\n', max_size=60), separator=st.sampled_from(" |\t"), escapes=st.booleans())
def test_pairs_at_the_edges_of_lines_and_block(text: str, separator: str, escapes: bool) -> None:
    lines = frame(text.encode())
    wanted = ("a", "bb", "", "é", "a" * 40)
    found = KeyValue(separator=separator, escapes=escapes).fields(lines, wanted, None)
    for line, row in zip(lines.text(), found.select(wanted).rows(), strict=True):
        pairs: dict[str, str] = {}
        for pair in _pairs(line, separator, escapes=escapes):
            key, equals, value = pair.partition("=")
            if equals and '"' not in key:
                pairs.setdefault(key, value[1 : -1 if len(value) > 1 and value.endswith('"') else None] if value.startswith('"') else value)
        assert row == tuple(pairs.get(name) for name in wanted)


def _pairs(line: str, separator: str, *, escapes: bool) -> list[str]:
    """The line, cut at blanks and separators outside of quotes."""
    parts, quoted = [""], False
    for at, sign in enumerate(line):
        quoted ^= sign == '"' and not (escapes and line[at - 1 : at] == "\\")
        if sign in (" ", separator) and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


@some
@given(
    text=st.text(alphabet='ab," \n\r', max_size=40),
    places=st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True),
    collapse=st.booleans(),
    quotes=st.booleans(),
    lead=st.booleans(),
)
def test_cells_at_the_edges_of_lines_and_block(text: str, places: list[int], collapse: bool, quotes: bool, lead: bool) -> None:
    lines = frame(text.encode())
    kind = Delimited(",", tuple("uvwxyz"), collapse=collapse, quotes=quotes, lead=lead)
    wanted = ["uvwxyz"[place] for place in places] + ["nowhere"]
    found = kind.fields(lines, wanted, None)
    assert found.height == len(lines)
    assert found["nowhere"].null_count() == len(lines)
    if not quotes:
        for line, row in zip(lines.text(), found.select(wanted[:-1]).rows(), strict=True):
            parts = [cell for cell in line.split(",") if cell or not collapse]
            assert list(row) == [parts[place] if place < len(parts) else None for place in places]
