"""A small mutator: sound lines in, damaged ones out, always the same for the same seed."""

import random
from collections.abc import Callable

from tests.hostile.lines import HOSTILE

_ODD = (b'"', b"\\", b"\x00", b"\r", b"=", b",", b"\t", b"\xff", b"\xe2\x80\xa8", b"{", b"}", b"[", b"-1", b"9" * 25, b"%", b"#fields\t", b"\x1b[2J")


def _cut(choose: random.Random, line: bytes) -> bytes:
    return line[: choose.randrange(len(line) + 1)]


def _swap(choose: random.Random, line: bytes) -> bytes:
    at = choose.randrange(len(line) + 1)
    return line[at:] + line[:at]


def _insert(choose: random.Random, line: bytes) -> bytes:
    at = choose.randrange(len(line) + 1)
    return line[:at] + choose.choice(_ODD) * choose.choice((1, 1, 1, 50)) + line[at:]


def _drop(choose: random.Random, line: bytes) -> bytes:
    at = choose.randrange(len(line) + 1)
    return line[:at] + line[at + choose.randrange(1, 9) :]


def _flip(choose: random.Random, line: bytes) -> bytes:
    if not line:
        return line
    at = choose.randrange(len(line))
    return line[:at] + bytes([choose.randrange(256)]) + line[at + 1 :]


def _replace(choose: random.Random, _line: bytes) -> bytes:
    return choose.choice([line for line in HOSTILE.values() if len(line) < 10_000])


_WAYS: tuple[Callable[[random.Random, bytes], bytes], ...] = (_cut, _swap, _insert, _drop, _flip, _flip, _insert, _replace)


def mutated(lines: list[bytes], count: int, seed: int) -> bytes:
    """So many lines, about half of them damaged, under the sound header of the log; a header in the middle is as rare as in real logs."""
    choose = random.Random(seed)  # noqa: S311 (a seeded test)
    made = [lines[0], *(line for line in lines[1:10] if line.startswith(b"#"))]
    records = [line for line in lines if not line.startswith(b"#")]
    while len(made) < count:
        line = choose.choice(records if choose.random() < 0.999 else lines)
        for _ in range(choose.choice((0, 0, 1, 1, 2, 3))):
            line = choose.choice(_WAYS)(choose, line).replace(b"\n", b"")
        made.append(line)
    return b"\n".join(made) + b"\n"
