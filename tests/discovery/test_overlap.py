"""Lines that two logs of one source share are counted once, whatever the order of lines, and as often as each occurs."""

import random
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from discovery.catalogue import load
from discovery.logs import LogFile
from discovery.overlap import Marked, Segmented, segments
from discovery.pipeline import read_log
from discovery.scan import scan
from tests.gate import examples

KEY = "0123456789abcdef"
START = 1_795_075_200


def line(second: int, who: int = 10, site: str = "files.example") -> str:
    return f"{START + second}.500    215 192.0.2.{who} TCP_MISS/200 48213 GET http://{site}/ - HIER_DIRECT/198.51.100.7 text/html\n"


def log(folder: Path, name: str, lines: list[str], end: str = "\n") -> Path:
    path = folder / name
    path.write_bytes("".join(lines).replace("\n", end).encode())
    return path


def marked(path: Path, **how: int) -> Marked:
    return read_log(path, key=KEY, format_id="squid", **how).marked


def told_before(path: Path, *others: Path) -> tuple[int, int]:
    """How many requests of a log others told before, and how many are new."""
    found = segments(marked(path), [(number, marked(other)) for number, other in enumerate(others)])
    if found is None:
        return 0, read_log(path, format_id="squid").account.events
    parts = Segmented(found)
    read_log(path, sink=parts, format_id="squid")
    usage = parts.usage().whole()
    new = usage.filter(usage["segment"].is_null())["hits"].sum()
    assert new + sum(parts.events.values()) == usage["hits"].sum()
    return sum(parts.events.values()), new


def seconds(seed: int, n: int) -> list[int]:
    dice = random.Random(seed)  # noqa: S311 (a seeded test)
    return sorted(dice.randrange(900) for _ in range(n))


@examples(4, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), cuts=st.tuples(st.integers(0, 59), st.integers(1, 60)), shuffled=st.booleans())
def test_two_exports_of_one_log_share_what_both_hold(seed: int, cuts: tuple[int, int], shuffled: bool, tmp_path: Path) -> None:
    """Cut anywhere: within a minute, between lines that are alike, or with lines that neither holds."""
    begin, end = cuts
    lines = [line(second, 10 + second % 3) for second in seconds(seed, 60)]
    first, second = lines[:end], lines[begin:]
    shared = (Counter(first) & Counter(second)).total()
    if shuffled:
        random.Random(seed).shuffle(second)  # noqa: S311 (a seeded test)
    assert told_before(log(tmp_path, "b.log", second), log(tmp_path, "a.log", first)) == (shared, len(second) - shared)


def test_lines_that_are_alike_are_requests_of_their_own(tmp_path: Path) -> None:
    first, second = log(tmp_path, "a.log", [line(5)] * 3 + [line(70)]), log(tmp_path, "b.log", [line(5)] * 5)
    assert told_before(second, first) == (3, 2)
    assert told_before(first, first) == (4, 0)


def test_line_ends_are_no_part_of_a_line(tmp_path: Path) -> None:
    lines = [line(second) for second in seconds(3, 50)]
    assert told_before(log(tmp_path, "b.log", lines, "\r\n"), log(tmp_path, "a.log", lines)) == (50, 0)


def test_two_devices_of_one_make_share_nothing(tmp_path: Path) -> None:
    first, second = ([line(second, who) for second in seconds(3, 50)] for who in (10, 11))
    assert told_before(log(tmp_path, "b.log", second), log(tmp_path, "a.log", first)) == (0, 50)


def test_a_rotated_log_goes_on_where_the_other_ends(tmp_path: Path) -> None:
    lines = [line(second) for second in range(0, 300, 7)]
    assert told_before(log(tmp_path, "b.log", lines[20:]), log(tmp_path, "a.log", lines[:20])) == (0, len(lines) - 20)


def test_what_several_told_is_told_by_each(tmp_path: Path) -> None:
    lines = [line(second) for second in range(0, 600, 7)]
    a, b, c = (log(tmp_path, f"{name}.log", part) for name, part in (("a", lines[:50]), ("b", lines[20:]), ("c", lines)))
    found = segments(marked(c), [(1, marked(a)), (2, marked(b))])
    assert found is not None
    assert set(found.told_by) == {frozenset({1}), frozenset({2}), frozenset({1, 2})}


@examples(4, derandomize=True, suppress_health_check=list(HealthCheck))
@given(size=st.integers(1, 6_000))
def test_no_cut_changes_the_marks(size: int, tmp_path: Path) -> None:
    path = log(tmp_path, "a.log", [line(second) for second in seconds(1, 50)])
    whole, cut = marked(path), marked(path, block=size)
    assert cut.minutes.sort("minute").equals(whole.minutes.sort("minute"))
    assert cut.lines.equals(whole.lines)


def test_a_digest_says_nothing_without_the_key(tmp_path: Path) -> None:
    path = log(tmp_path, "a.log", [line(1)])
    other = read_log(path, key=KEY[::-1], format_id="squid").marked
    assert other.minutes["digest"].to_list() != marked(path).minutes["digest"].to_list()
    assert read_log(path, format_id="squid").marked.minutes.is_empty()


def test_a_scan_counts_lines_of_two_logs_once_and_says_so(tmp_path: Path) -> None:
    lines = [line(second) for second in range(0, 600, 7)]
    paths = [log(tmp_path, "a.log", lines[:60]), log(tmp_path, "b.log", lines[30:])]
    seen = scan([LogFile(path, path.name) for path in paths], load(), format_id="squid").observations
    assert seen.usage["hits"].sum() == len(lines)
    said = "30 of its requests stand in another of these logs as well; they were counted once."
    assert [said in log.warnings for log in seen.logs] == [False, True]
