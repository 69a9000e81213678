"""JSON lines are read as a slow, obvious reader reads them, whatever they hold: the compiled walk checks no bounds and leans on no parser."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.framing import Lines, frame
from discovery.kinds.base import UNDERSTOOD
from discovery.kinds.jsonlines import JsonLines
from tests.gate import examples

PATHS = ("a", "ab", "eight888", "nine99999", "é", "d.n", "d.m.o", "d.m.é", "w", "w.x", "nine99998.eight888")
KEYS = (*PATHS, "d", "m", "n", "o", "x", "nine99998", "eight889", "", "d.m", "A", "very long, and nobody asks for it", 'q"\\/\n')


class Number(NamedTuple):
    text: str


class Members(NamedTuple):
    pairs: list[tuple[str, object]]

    def first(self, key: str) -> object:
        return next((value for name, value in self.pairs if name == key), None)


def slowly(line: str) -> dict[str, object] | None:
    """The value of each path, None: the line is refused."""
    try:
        whole = json.loads(line.replace("\0", ""), object_pairs_hook=Members, parse_int=Number, parse_float=Number, parse_constant=_refuse)
        if not isinstance(whole, Members) or not all(map(_sound, _parts(whole))):
            return None
        nested = {path: _walk(whole, path.split(".")) for path in PATHS}
    except (ValueError, RecursionError):
        return None
    return {path: nested[path] if whole.first(path) is None else whole.first(path) for path in PATHS}


def _refuse(word: str) -> None:
    raise ValueError(word)


def _parts(value: object) -> Iterator[object]:
    """All strings and numbers within a value."""
    match value:
        case Members(pairs):
            yield from (key for key, _ in pairs)
            for _, inner in pairs:
                yield from _parts(inner)
        case list():
            for inner in value:
                yield from _parts(inner)
        case _:
            yield value


def _sound(value: object) -> bool:
    if isinstance(value, Number):
        return abs(Decimal(value.text)) < Decimal("1e308")
    return not isinstance(value, str) or not any("\ud800" <= letter < "\ue000" for letter in value)


def _walk(value: object, way: Sequence[str], before: str = "") -> object:
    """What stands at the end of a way; a value on the way that is no object is an error, unless it is asked for itself."""
    if not way:
        return value
    if isinstance(value, Members):
        here = before + way[0]
        return _walk(value.first(way[0]), way[1:], here + ".")
    if value is not None and before.removesuffix(".") not in PATHS:
        raise ValueError(before)
    return None


def _same(found: str | None, value: object) -> bool:
    match value:
        case None:
            return found is None
        case str() | bool():
            return found == (value if isinstance(value, str) else str(value).lower())
        case Number(text):
            return found == _plain(text)
        case _:
            return found is not None and _plainly(json.loads(found, object_pairs_hook=Members)) == _plainly(value)


def _plain(number: str) -> str:
    """Without an exponent, zeros that say nothing and what a double cannot hold."""
    if number.removeprefix("-").isdigit():
        return str(int(number))
    text = f"{Decimal(repr(float(number))):f}"
    return text.rstrip("0").removesuffix(".") if "." in text else text


def _plainly(value: object) -> object:
    match value:
        case Members(pairs):
            return {key: _plainly(inner) for key, inner in pairs}
        case Number(text):
            return float(text)
        case list():
            return [_plainly(inner) for inner in value]
        case int() | float():
            return float(value) if not isinstance(value, bool) else value
    return value


def differences(lines: Lines) -> list[str]:
    found = JsonLines().fields(lines, PATHS, None)
    assert found.height == len(lines)
    wrong = []
    for line, row in zip(lines.text(), found.iter_rows(named=True), strict=True):
        expected = slowly(line)
        if row[UNDERSTOOD] != (expected is not None) or not all(_same(row[path], None if expected is None else expected[path]) for path in PATHS):
            wrong.append(f"{line!r}: {row} is not {expected}")
    return wrong


letters = st.text(st.sampled_from('ab"\\/\b\n\té漢😀\x7f ') | st.characters(codec="utf-8"), max_size=20)
blank = st.sampled_from(["", "", "", "", " ", "  ", "\t", " \r"])
strings = st.tuples(letters, st.booleans()).map(lambda one: json.dumps(one[0], ensure_ascii=one[1]))
keys = st.sampled_from(KEYS).flatmap(lambda key: st.sampled_from([json.dumps(key, ensure_ascii=False), json.dumps(key), _all_escaped(key)]))
numbers = st.one_of(
    st.integers().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.decimals(-(10**12), 10**12, places=6).map(str),
    st.sampled_from(
        ["-0", "-0.0", "0.10", "1.000", "9e307", "1e308", "-1e400", "0.001e310", "0e999", "1E+2", "5e-7", "1e-999", "9" * 40, "0.1" + "0" * 20]
    ),
)
odd = st.sampled_from(
    ["01", "1.", ".5", "-", "+1", "1e", "NaN", "nul", "truefalse", '"', '"\\', '"\\u12', '"\\ud800"', '"\\udc00\\ud800"', "\0", "'a'", ""]
)


def _all_escaped(key: str) -> str:
    return '"' + "".join(f"\\u{ord(letter):04X}" for letter in key) + '"'


def _listed(parts: tuple[list[str], str, str]) -> str:
    inner, before, behind = parts
    return f"[{before}{f'{behind},{before}'.join(inner)}{behind}]"


def _membered(parts: tuple[list[tuple[str, str]], str, str]) -> str:
    pairs, before, behind = parts
    return "{" + before + f"{behind},{before}".join(f"{key}{behind}:{before}{value}" for key, value in pairs) + behind + "}"


def _objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(st.lists(st.tuples(keys, values), max_size=6), blank, blank).map(_membered)


plain = st.one_of(strings, numbers, st.sampled_from(["true", "false", "null"]))
values = st.recursive(plain, lambda inner: st.tuples(st.lists(inner, max_size=3), blank, blank).map(_listed) | _objects(inner), max_leaves=8)
objects = st.tuples(blank, _objects(values | _objects(values)), blank).map("".join)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """An object of which a piece is lost, doubled, or became something else."""
    line = draw(objects)
    start, end = sorted((draw(st.integers(0, len(line))), draw(st.integers(0, len(line)))))
    return line[:start] + draw(st.sampled_from(["", line[start:end] * 2, *'"\\{}[]:,0\0', "\x01", "1e400"]) | odd) + line[end:]


logs = st.lists(st.one_of(objects, objects, damaged(), odd), max_size=6).map(lambda lines: [line.replace("\n", " ") for line in lines])


@examples(100, derandomize=True)
@given(lines=logs, end=st.sampled_from(["\n", "\r\n"]), last=st.booleans())
def test_lines_are_read_as_by_the_slow_reader(lines: list[str], end: str, last: bool) -> None:
    assert not differences(frame((end.join(lines) + end * last).encode()))


@examples(50, derandomize=True)
@given(lines=logs, cuts=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=6, max_size=6))
def test_what_stands_around_a_line_is_no_part_of_it(lines: list[str], cuts: list[tuple[int, int]]) -> None:
    whole = frame("\n".join(lines).encode("ascii", "replace"))
    fronts, backs = np.array(cuts, np.int64).T[:, : len(whole)]
    starts = np.minimum(whole.starts + fronts, whole.ends)
    assert not differences(replace(whole, starts=starts, ends=np.maximum(whole.ends - backs, starts)))


@pytest.mark.parametrize("bracket", ["[]", '{"d":}'])
def test_brackets_stand_as_deep_as_any_log_needs(bracket: str) -> None:
    opening, closing = bracket[:-1], bracket[-1]
    line = '{{"w":{}{}{},"a":1}}'.format
    inner = "1" * (bracket != "[]")
    deep, deeper = (line(opening * depth, inner, closing * depth) for depth in (1023, 1024))
    found = JsonLines().fields(frame(f"{deep}\n{deeper}\n".encode()), ["a", "w"], None)
    assert found.rows() == [("1", deep[5:-7], True, None), (None, None, False, None)]


def test_of_a_key_given_twice_the_first_counts_and_flat_goes_before_nested() -> None:
    lines = b'{"a":1,"a":2,"d":{"n":7}}\n{"d":{"n":1},"d":{"n":2}}\n{"d":{"n":1},"d.n":2}\n{"d":{"n":1},"d.n":null}\n{"d":"text","a":1}\n'
    found = JsonLines().fields(frame(lines), ["a", "d.n"], None)
    assert found.select("a", "d.n").rows() == [("1", "7"), (None, "1"), (None, "2"), (None, "1"), (None, None)]
    assert found[UNDERSTOOD].to_list() == [True, True, True, True, False]


def test_text_of_arrays_and_numbers() -> None:
    lines = b'{"a": [1,"x", {"b": 2}], "ab": 1760000000.120}\n{"a": [ "\\u00e9" ,1], "ab": 1.5e3}\n'
    assert JsonLines().fields(frame(lines), ["a", "ab"], None).select("a", "ab").rows() == [
        ('[1,"x", {"b": 2}]', "1760000000.12"),
        ('["é", 1]', "1500"),
    ]
