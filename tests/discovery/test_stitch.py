"""Halves of requests, joined the same way wherever the log is cut."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from discovery.events import EVENT, TRANSIENT
from discovery.stitch import Stitcher
from tests.gate import examples

SCHEMA = {**EVENT, **TRANSIENT}
BEGIN = datetime(2026, 11, 19, 9, tzinfo=UTC)
VERDICTS = {"line": pl.Int64, "session": pl.UInt64, "event_action": pl.String}

#: What a line is: an opening with a name, a completing record with bytes, or a verdict; of which session; minutes from the first.
halves = st.lists(st.tuples(st.sampled_from(["opens", "completes", "judges", "alone"]), st.sampled_from("st"), st.integers(0, 3_000)), max_size=25)


def event(line: int, what: str, session: str, minutes: int) -> dict[str, object]:
    known = {"line": line, "timestamp": BEGIN + timedelta(minutes=minutes), "source_ip": "192.0.2.10", "channel": "bytes", "requests": 1}
    if what == "alone":
        return {**dict.fromkeys(SCHEMA), **known, "destination_domain": "alone.example"}
    if what == "opens":
        return {
            **dict.fromkeys(SCHEMA),
            **known,
            "session": ord(session),
            "destination_domain": f"{session}{line}.example",
            "user_name": "ann",
            "source_bytes": 5,
        }
    return {**dict.fromkeys(SCHEMA), **known, "session": ord(session), "requests": 0, "source_bytes": 105}


def joined(lines: list[tuple[str, str, int]], cuts: list[int]) -> list[dict[str, object]]:
    stitcher, tables = Stitcher(), []
    edges = sorted({0, len(lines), *(cut for cut in cuts if cut < len(lines))})
    for start, stop in pairwise(edges):
        block = [(number, *lines[number - 1]) for number in range(start + 1, stop + 1)]
        events = pl.DataFrame([event(*one) for one in block if one[1] != "judges"], schema=SCHEMA)
        verdicts = pl.DataFrame(
            [(number, ord(session), "blocked") for number, what, session, _ in block if what == "judges"], schema=VERDICTS, orient="row"
        )
        tables.append(stitcher.join(events, verdicts))
    return sorted(pl.concat(tables).to_dicts(), key=repr) if tables else []


@examples(20, derandomize=True)
@given(lines=halves, cuts=st.lists(st.integers(0, 25), max_size=8))
def test_cuts_change_nothing(lines: list[tuple[str, str, int]], cuts: list[int]) -> None:
    assert joined(lines, cuts) == joined(lines, []) == joined(lines, list(range(25)))


def test_bytes_of_the_opening_are_taken_off_once() -> None:
    lines = [("opens", "s", 0), ("completes", "s", 5), ("completes", "s", 9), ("completes", "s", 12)]
    for cuts in ([], [1, 2, 3]):
        assert [row["source_bytes"] for row in sorted(joined(lines, cuts), key=lambda row: row["line"])] == [5, 100, 105, 105]


def test_the_end_of_a_session_brings_its_bytes_to_the_request() -> None:
    opening, end = joined([("opens", "s", 0), ("completes", "s", 5)], [])
    assert (opening["requests"], end["requests"]) == (1, 0)
    assert (end["destination_domain"], end["user_name"], end["source_bytes"]) == ("s1.example", "ann", 100)


def test_an_end_without_beginning_is_a_request_of_its_own() -> None:
    for lines in ([("completes", "s", 5)], [("opens", "t", 0), ("completes", "s", 5)], [("opens", "s", 0), ("completes", "s", 2_000)]):
        assert [row["requests"] for row in joined(lines, []) if row["source_bytes"] == 105] == [1]


def test_a_verdict_counts_once_and_never_falls_back_to_an_earlier_question() -> None:
    rows = joined([("opens", "s", 0), ("opens", "s", 1), ("judges", "s", 2), ("judges", "s", 2)], [])
    assert [(row["line"], row["event_action"]) for row in rows if row["requests"] == 0] == [(2, "blocked")]
