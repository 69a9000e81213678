"""Blocks of whole lines, and a fingerprint that does not know how they were cut."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.blocks import Blocks, headed, numbered
from discovery.decompress import Stream
from discovery.errors import UnreadableLog
from discovery.formats.tinyproxy import FORMAT as TINYPROXY
from discovery.framing import LONGEST_LINE, frame
from discovery.kinds.base import UNDERSTOOD
from discovery.kinds.headed import Headed
from tests.gate import examples


def blocks_of(data: bytes, size: int) -> Blocks:
    return Blocks(Stream(io.BytesIO(data), size=None), size=size)


@examples(40, derandomize=True)
@given(text=st.text(alphabet="ab\r\n é", max_size=300), size=st.integers(1, 50))
def test_blocks_add_up_and_end_at_lines(text: str, size: int) -> None:
    data = text.encode()
    blocks, whole = blocks_of(data, size), blocks_of(data, 1 << 20)
    parts = list(blocks)
    assert b"".join(parts) == data
    assert all(part.endswith(b"\n") for part in parts[:-1])
    assert blocks.lines == len(data.removesuffix(b"\n").split(b"\n")) * bool(data)
    list(whole)
    assert blocks.fingerprint == whole.fingerprint


def test_the_fingerprint_is_of_the_content_not_its_form() -> None:
    text = "one\ntwo é\nthree\n" * 2_000
    forms = [
        text.encode(),
        text.replace("\n", "\r\n").encode(),
        text.encode("utf-8-sig"),
        text.encode("utf-16"),
        b"\xfe\xff" + text.encode("utf-16-be"),
    ]
    prints = set()
    for form in forms:
        blocks = blocks_of(form, 777)
        list(blocks)
        prints.add(blocks.fingerprint)
    assert len(prints) == 1


def test_of_an_endless_line_only_the_beginning_is_kept() -> None:
    data = b"a\n" + b"x" * (3 * LONGEST_LINE) + b"\nb\n"
    small, large = blocks_of(data, 100), blocks_of(data, 1 << 24)
    assert [len(part) for part in small] == [2, LONGEST_LINE + 3, 2]
    assert list(large) == [data]
    assert small.fingerprint == large.fingerprint
    assert small.lines == large.lines == 3


def test_the_head_looks_behind_a_first_line_that_is_too_long() -> None:
    assert blocks_of(b"x" * 5_000 + b"\nnext\n", 10_000).head(1_000) == b"next\n"
    assert blocks_of(b"x" * 5_000, 10_000).head(1_000) == b"x" * 1_000


def test_the_same_columns_again_make_no_new_block() -> None:
    data = b"#c\n#fields\ta\n1\n#fields\ta\n2\n#fields\tb\n3\n"
    found = [(block.first, block.data, block.header) for block in headed(Headed(b"#fields"), data)]
    assert found == [
        (1, b"#c\n", None),
        (2, b"#fields\ta\n1\n#fields\ta\n2\n", b"#fields\ta"),
        (6, b"#fields\tb\n3\n", b"#fields\tb"),
    ]


def test_a_header_that_is_damaged_names_no_columns() -> None:
    lines = frame(b"#fields\xef\xbf\xbda\n1\n")
    rows = Headed(b"#fields", must=("a",)).fields(lines, ("a",), b"#fields\xef\xbf\xbda")
    assert not rows[UNDERSTOOD].any()


def test_columns_that_change_over_and_over_are_no_log() -> None:
    changing = b"".join(b"#fields\t%d\n%d\n" % (number, number) for number in range(1_100))
    with pytest.raises(UnreadableLog, match="more than 1000 times"):
        list(numbered(blocks_of(changing, 1 << 20), Headed(b"#fields")))


def test_what_is_open_may_change_with_every_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discovery.blocks._MOST_HEADERS", 10)
    opening = b"".join(b"CONNECT   Nov 19 09:00:00.361 [1]: Connect (file descriptor 5): 10.7.0.%d\n" % (number % 250) for number in range(1_100))
    found = list(numbered(blocks_of(opening, 100), TINYPROXY.layouts[0].kind))
    assert len({block.header for block in found}) > 10
