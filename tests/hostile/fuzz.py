"""Fuzzing of the kinds of lines against slow, obvious readers of one line at a time: `make fuzz`, or `python -m tests.hostile.fuzz --lines N`.

Lines are strung together from the pieces that a kind cares about. Every field of every line must be what the slow reader finds, nothing may raise,
and no block may take more than a second or 256 MB for each megabyte (with as much again for tiny ones).
"""

import argparse
import json
import random
import re
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from discovery.framing import frame
from discovery.kinds.base import UNDERSTOOD, Kind
from discovery.kinds.delimited import Delimited
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.keyvalue import KeyValue
from discovery.kinds.pattern import Pattern

BLOCK = 5_000  # lines
COLUMNS = ("first", "second", "third", "fourth")
KEYS = ("a", "user", "sessionid", "averyverylongname")
EXPRESSION = r"(?P<first>[a-z]+) \[(?P<second>[^\]]*)\](?: \"(?P<third>[^\"]*)\")?"

Read = dict[str, str | None] | None  # the fields of a line, None: not understood


@dataclass(frozen=True, slots=True)
class Case:
    """A kind, the fields asked of it, what its lines are made of, and how one line is read slowly."""

    kind: Kind
    wanted: tuple[str, ...]
    pieces: tuple[str, ...]
    slowly: Callable[[str], Read]


def tokens(line: str, marks: str, *, escapes: bool = False) -> list[str]:
    """The parts of a line between marks outside of double quotes."""
    parts, quoted = [""], False
    for at, sign in enumerate(line):
        if sign == '"' and not (escapes and at and line[at - 1] == "\\"):
            quoted = not quoted
        if sign in marks and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def cells(line: str) -> Read:
    """Comma-separated values in double quotes."""
    whole = [part[1:-1] if len(part) > 1 and part[0] == part[-1] == '"' else part for part in tokens(line, ",")]
    found = dict(zip(COLUMNS, (part.replace('""', '"') for part in whole), strict=False))
    return {name: found.get(name) for name in COLUMNS} if len(whole) > 1 else None


def tabbed(line: str) -> Read:
    """Values between tabs."""
    whole = line.split("\t")
    return {name: whole[at] if at < len(whole) else None for at, name in enumerate(COLUMNS)} if len(whole) > 1 else None


def pairs(line: str) -> Read:
    """Keys and values between blanks."""
    found: dict[str, str] = {}
    for token in tokens(line, " ", escapes=True):
        key, equals, value = _parted(token)
        if equals and key not in found:
            quoted = value.startswith('"')
            found[key] = value[1:-1] if quoted and len(value) > 1 and value.endswith('"') else value[quoted:]
    return {key: found.get(key) for key in KEYS} if "a" in found else None


def _parted(token: str) -> tuple[str, str, str]:
    """Key and value, at the first equals sign outside of quotes."""
    key = tokens(token, "=", escapes=True)[0]
    return key, token[len(key) : len(key) + 1], token[len(key) + 1 :]


def matched(line: str) -> Read:
    """The named groups of an expression."""
    found = re.match(EXPRESSION, line)
    return found.groupdict() if found else None


def members(line: str) -> Read:
    """Texts in a JSON object; what is no text is left to the tests of the kind."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return {name: value.get(name) for name in COLUMNS} if isinstance(value, dict) and value.get("first") is not None else None


CASES = {
    "delimited in quotes": Case(Delimited(",", COLUMNS, quotes=True, least=2), COLUMNS, (*'",,,""x é\\', "\r", "\0", "abc", '"a,b"', '""'), cells),
    "delimited": Case(Delimited("\t", COLUMNS, least=2), COLUMNS, ("\t", "\t", '"', "\r", "\0", "é", "x", "-"), tabbed),
    "key=value": Case(KeyValue(must=("a",)), KEYS, (*KEYS, *'=="" \\ é', "a=", " user=", ' sessionid="b c"', "\0", "="), pairs),
    "pattern": Case(Pattern(EXPRESSION), COLUMNS[:3], ("abc", " [", "]", 'd [x y]: "é"', "e []", ': "', '"', "é", "\0"), matched),
    "JSON": Case(
        JsonLines(must=("first",)),
        COLUMNS,
        (
            '{"first":"a"',
            ',"second":"b"',
            ',"third":"é\\n"',
            "}",
            "{",
            ',"fourth":"',
            '"}',
            '"',
            ",",
            "\\",
            " ",
            "[",
            '{"first": "x"}',
            '{"first":"y","fourth":"\\u00e9"}',
        ),
        members,
    ),
}


def block(case: Case, choose: random.Random) -> list[str]:
    return ["".join(choose.choices(case.pieces, k=choose.choice((0, 1, 1, 2, 3, 5, 8, 12)))) for _ in range(BLOCK)]


def differences(case: Case, lines: list[str]) -> list[str]:
    """What the kind reads otherwise than the slow reader."""
    found = case.kind.fields(frame(("\n".join(lines) + "\n").encode()), case.wanted, None)
    wrong = []
    for line, row in zip(lines, found.iter_rows(named=True), strict=True):
        slow = case.slowly(line.removesuffix("\r"))
        fast = {name: row[name] for name in case.wanted} if row[UNDERSTOOD] else None
        if slow != fast:
            wrong.append(f"{line!r}: {fast} is not {slow}")
    return wrong


def fuzz(name: str, lines: int, seed: int) -> None:
    """So many lines of a kind."""
    case, choose = CASES[name], random.Random(seed)  # noqa: S311 (a seeded test)
    for number in range(max(lines // BLOCK, 1)):
        made = block(case, choose)
        megabytes = sum(map(len, made)) / 1e6
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        case.kind.fields(frame("\n".join(made).encode()), case.wanted, None)
        taken, grown = time.process_time() - began, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        wrong = differences(case, made)
        if wrong or taken > 1 + megabytes or grown > 256 * (1 + megabytes):
            sys.exit(f"{name}, seed {seed}, block {number}: {taken:.2f} s, {grown:.0f} MB\n" + "\n".join(wrong[:5]))


def main() -> None:
    """Fuzz the kinds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000, help="lines of each kind; 10,000,000 is the long form")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="*", choices=[*CASES], default=[*CASES])
    given = parser.parse_args()
    for name in given.kinds:
        began = time.monotonic()
        fuzz(name, given.lines, given.seed)
        print(f"{name}: {given.lines:,} lines, {time.monotonic() - began:.0f} s", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
