"""Hostile and damaged files: each has an exact account or one exact sentence, and costs neither time nor memory."""

import os
import time
import tracemalloc
from pathlib import Path

import pytest

from discovery.errors import UnreadableLog
from discovery.logs import MOST_MEMBERS, find, logs_in
from discovery.pipeline import LogResult, read_log
from tests.formats.reading import WRITTEN, read_bytes
from tests.hostile import files
from tests.hostile.account import read, whole
from tests.hostile.files import GOOD, line
from tests.hostile.unreadable import UNREADABLE

BOMB = "This file unpacks to more than 500 times its size, as no log does. It was not read."
CUT = "The file ends in the middle; what came before is counted."
DAMAGED = "The file is damaged; what came before the damage is counted."


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_is_no_log_gets_one_sentence(what: str) -> None:
    data, sentence = UNREADABLE[what]
    with pytest.raises(UnreadableLog) as error:
        read(data)
    assert str(error.value) == sentence


@pytest.mark.parametrize("kind", ["gz", "zst", "bz2", "xz", "zip"])
def test_a_bomb_is_refused_early(kind: str) -> None:
    data = files.bomb(kind)
    began = time.process_time()
    with pytest.raises(UnreadableLog) as error:
        read(data)
    assert str(error.value) == BOMB
    assert time.process_time() - began < 10


@pytest.mark.parametrize("kind", files.PACKED)
def test_packed_logs_are_told_by_content(kind: str) -> None:
    plain, _ = read_bytes(GOOD)
    packed, _ = read_bytes(files.PACKED[kind](GOOD), name="access.log")
    assert whole(packed.account) == whole(plain.account) == (3, 3, {}, {})
    assert packed.fingerprint == plain.fingerprint


@pytest.mark.parametrize("kind", files.PACKED)
def test_a_truncated_file_keeps_its_whole_part_and_says_so(kind: str) -> None:
    data = files.long_log()
    packed = files.PACKED[kind](data)
    account = read(packed[: len(packed) // 2])
    assert account.partial
    assert account.warnings[0] == CUT
    lines, events, _, _ = whole(account)
    assert 0 < events <= lines < data.count(b"\n")
    assert events >= lines - 1  # only the line that was cut is not whole


@pytest.mark.parametrize("kind", files.PACKED)
def test_damage_keeps_what_came_before(kind: str) -> None:
    packed = bytearray(files.PACKED[kind](files.long_log()))
    packed[len(packed) * 3 // 4] ^= 0xFF
    account = read(bytes(packed))
    assert account.partial
    assert account.warnings[0] == DAMAGED
    assert 0 < account.events < 30_000


def test_a_wrong_checksum_loses_no_line() -> None:
    packed = bytearray(files.PACKED["gz"](GOOD))
    packed[-8] ^= 0xFF
    account = read(bytes(packed))
    assert whole(account) == (3, 3, {}, {})
    assert account.warnings == (DAMAGED,)


def test_junk_behind_a_packed_log_is_left_out() -> None:
    account = read(files.PACKED["gz"](GOOD) + b"junk" * 99)
    assert whole(account) == (3, 3, {}, {})
    assert account.warnings == ("Something that is not part of the log follows its end; it was left out.",)
    assert read(files.PACKED["gz"](GOOD) + bytes(999)).warnings == ()


@pytest.mark.parametrize("kind", files.PACKED)
def test_every_member_of_a_packed_log_is_read(kind: str) -> None:
    assert whole(read(files.PACKED[kind](GOOD) * 5)) == (15, 15, {}, {})


@pytest.mark.parametrize("behind", range(7))
def test_a_member_that_begins_at_the_edge_of_a_read_is_seen(behind: int) -> None:
    first = files.PACKED["gz"](GOOD)
    filler = files.PACKED["gz"](os.urandom(100) + b"\n")
    size = (1 << 18) - behind
    stored = b"".join([first, filler * ((size - 2 * len(first)) // len(filler) - 1)])
    padding = size - len(stored)
    assert padding > 40
    extra = b"\x1f\x8b\x08\x04\x00\x00\x00\x00\x00\x03" + (padding - 22).to_bytes(2, "little") + bytes(padding - 22)
    member = extra + b"\x03\x00" + bytes(8)  # an empty member with a long header field
    data = stored + member + first
    assert len(stored + member) == size
    account = read(data, format_id="squid")
    assert not account.partial
    assert account.events == 6


def test_an_archive_is_read_member_by_member(tmp_path: Path) -> None:
    path = tmp_path / "logs.zip"
    path.write_bytes(files.zipped({"a.log": GOOD, "deep/b.log.gz": files.PACKED["gz"](GOOD), "empty/": b""}))
    found = logs_in(path)
    assert [log.name for log in found] == ["logs.zip/a.log", "logs.zip/deep/b.log.gz"]
    assert [whole(read_log(log).account) for log in found] == [(3, 3, {}, {})] * 2
    with pytest.raises(UnreadableLog, match=r"^logs.zip holds 2 files; they are read one by one\.$"):
        read_log(path)


def test_links_devices_and_climbing_names_of_archives_do_nothing(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "nasty.tar.gz").write_bytes(files.nasty_tar())
    (inside / "linked.zip").write_bytes(files.linked_zip())
    found = logs_in(inside)
    assert [log.name for log in found] == ["linked.zip/../../outside.log", "nasty.tar.gz//absolute.log", "nasty.tar.gz/../climbing.log"]
    assert [whole(read_log(log).account) for log in found] == [(3, 3, {}, {})] * 3
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["inside", "linked.zip", "nasty.tar.gz"]


def test_a_damaged_member_is_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "broken.zip"
    path.write_bytes(files.broken_zip())
    account = read_log(path).account
    assert account.partial
    assert account.warnings[0] == DAMAGED
    assert whole(account)[0] > 0


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    path.write_bytes(files.zipped({f"{n}.log": b"" for n in range(MOST_MEMBERS + 1)}))
    with pytest.raises(UnreadableLog, match=rf"^many.zip holds {MOST_MEMBERS + 1} files; {MOST_MEMBERS} are the most that are read at once\.$"):
        logs_in(path)


def test_one_bad_file_of_a_folder_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(files.encrypted_zip())
    (tmp_path / "b.log").write_bytes(GOOD)
    (tmp_path / ".hidden").write_bytes(GOOD)
    bad, good = find([str(tmp_path)])
    assert read_log(good).account.events == 3
    with pytest.raises(UnreadableLog, match=r"^a.zip is protected by a password"):
        read_log(bad)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("nowhere.log", "nowhere.log does not exist."),
        ("*.nothing", "No file matches *.nothing."),
        ("x" * 5_000, "x" * 5_000 + " does not exist."),
        ("nosuch://host/a.log", "nosuch://host/a.log cannot be fetched: protocol not known: nosuch."),
        ("/dev/null", "/dev/null is no file."),
    ],
)
def test_a_place_without_logs_gets_one_sentence(place: str, sentence: str) -> None:
    with pytest.raises(UnreadableLog) as error:
        find([place])
    assert str(error.value) == sentence


def test_a_folder_without_logs(tmp_path: Path) -> None:
    with pytest.raises(UnreadableLog, match=r"holds no files\.$"):
        find([str(tmp_path)])


LINES: dict[str, tuple[bytes, tuple[int, int, dict[str, int], dict[str, int]]]] = {
    "CRLF": (GOOD.replace(b"\n", b"\r\n"), (3, 3, {}, {})),
    "mixed ends of line": (GOOD.replace(b"\n", b"\r\n", 1), (3, 3, {}, {})),
    "no final end of line": (GOOD.rstrip(b"\n"), (3, 3, {}, {})),
    "UTF-8 with mark": (b"\xef\xbb\xbf" + GOOD, (3, 3, {}, {})),
    "UTF-16 LE with mark": (b"\xff\xfe" + GOOD.decode().encode("utf-16-le"), (3, 3, {}, {})),
    "UTF-16 BE with mark": (b"\xfe\xff" + GOOD.decode().encode("utf-16-be"), (3, 3, {}, {})),
    "UTF-16 LE without mark": (GOOD.decode().encode("utf-16-le"), (3, 3, {}, {})),
    "UTF-16 BE without mark": (GOOD.decode().encode("utf-16-be"), (3, 3, {}, {})),
    "Latin-1 user": (GOOD + line(user="M\xfcller").decode().encode("latin-1"), (4, 4, {}, {})),
    "empty lines": (b"\n" * 1_000 + GOOD + b"\n" * 1_000, (2_003, 3, {"empty line": 2_000}, {})),
    "bad first, then good": (b"rubbish of a reboot\n" * 20 + GOOD * 9, (47, 27, {}, {"not in this layout": 20})),
    "2 MB line between": (GOOD + b"x" * 2_000_000 + b"\n" + GOOD, (7, 6, {}, {"longer than 1 MB": 1})),
    "2 MB line first": (b"x" * 2_000_000 + b"\n" + GOOD, (4, 3, {}, {"longer than 1 MB": 1})),
    "2 MB line last, cut": (GOOD + b"x" * 2_000_000, (4, 3, {}, {"longer than 1 MB": 1})),
    "2 MB behind a syslog header": (GOOD * 9 + b"<13>Nov 19 09:00:00 h t: " + b"x" * 999_990 + b"\n", (28, 27, {}, {"longer than 1 MB": 1})),
    "long but allowed": (GOOD + line(url="http://files.example/" + "x" * 900_000), (4, 4, {}, {})),
}


@pytest.mark.parametrize("what", LINES)
def test_line_structure(what: str) -> None:
    data, expected = LINES[what]
    assert whole(read(data)) == expected


def test_lone_carriage_returns_end_no_line() -> None:
    assert read(GOOD.replace(b"\n", b"\r") + b"\n" + GOOD).lines == 4


def test_unicode_line_separators_end_no_line() -> None:
    odd = "a\x0bb\x0cc\x1cd\x1de\x1ef\x85g\u2028h\u2029i"
    account, events = read_bytes(line(user=odd) + GOOD)
    assert whole(account.account) == (4, 4, {}, {})
    assert events["line"].to_list() == [1, 2, 3, 4]


@pytest.mark.parametrize("bracket", [b"[", b'{"a":'])
def test_a_hundred_thousand_brackets_are_one_damaged_line(bracket: bytes) -> None:
    sound = b'{"T":"2026-11-19T09:00:00Z","QH":"files.example","IP":"192.0.2.10","Result":{}}\n'
    result, events = read_bytes(sound * 2 + b'{"QH":' + bracket * 100_000 + b"}\n" + sound)
    assert whole(result.account) == (4, 3, {}, {"not in this layout": 1})
    assert events["line"].to_list() == [1, 2, 4]


def test_memory_stays_flat_over_one_endless_line(tmp_path: Path) -> None:
    path = tmp_path / "endless.log"
    with path.open("wb") as file:
        file.write(GOOD)
        for _ in range(96):
            file.write(b"x" * (1 << 20))
        file.write(b"\n" + GOOD)
    tracemalloc.start()
    account = read_log(path).account
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert whole(account) == (7, 6, {}, {"longer than 1 MB": 1})
    assert peak < 48 << 20


def test_reading_twice_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_bytes(files.long_log(5_000))
    results: list[LogResult] = [read_log(path, reference=WRITTEN) for _ in range(2)]
    assert results[0].account == results[1].account
    assert results[0].fingerprint == results[1].fingerprint
    assert sorted(results[0].usage.whole().rows(), key=repr) == sorted(results[1].usage.whole().rows(), key=repr)
