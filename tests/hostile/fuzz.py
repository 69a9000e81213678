"""Fuzzing of the kinds of lines against slow, obvious readers of one line at a time: `make fuzz`, or `python -m tests.hostile.fuzz --lines N`.

Lines are strung together from the pieces that a kind cares about. Every field of every line must be what the slow reader finds, nothing may raise,
and no block may take more than a second or 256 MB for each megabyte (with as much again for tiny ones).
"""

import argparse
import random
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from discovery.framing import frame
from discovery.kinds.base import UNDERSTOOD, Kind
from discovery.kinds.cef import Cef
from discovery.kinds.delimited import Delimited
from discovery.kinds.extended import Extended
from discovery.kinds.headed import Headed
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.keyvalue import KeyValue
from discovery.kinds.labelled import Labelled
from discovery.kinds.leef import Leef
from discovery.kinds.pattern import Pattern
from discovery.kinds.tabbed import Tabbed
from tests.hostile import slow
from tests.hostile.slow import COLUMNS, EXPRESSION, KEYS, LEAD, Read

BLOCK = 5_000  # lines


@dataclass(frozen=True, slots=True)
class Case:
    """A kind, the fields asked of it, what its lines are made of, how one line is read slowly, and the header in force."""

    kind: Kind
    wanted: tuple[str, ...]
    pieces: tuple[str, ...]
    slowly: Callable[[str], Read]
    header: bytes | None = None


CASES = {
    "delimited in quotes": Case(
        Delimited(",", COLUMNS, quotes=True, least=2), COLUMNS, (*'",,,""x é\\', "\r", "\0", "abc", '"a,b"', '""'), slow.cells
    ),
    "delimited": Case(Delimited("\t", COLUMNS, least=2), COLUMNS, ("\t", "\t", '"', "\r", "\0", "é", "x", "-"), slow.tabbed),
    "key=value": Case(KeyValue(must=("a",)), KEYS, (*KEYS, *'=="" \\ é', "a=", " user=", ' sessionid="b c"', "\0", "="), slow.pairs),
    "pattern": Case(Pattern(EXPRESSION), COLUMNS[:3], ("abc", " [", "]", 'd [x y]: "é"', "e []", ': "', '"', "é", "\0"), slow.matched),
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
        slow.members,
    ),
    "CEF": Case(
        Cef(),
        slow.CEF_WANTED,
        (
            "CEF:0|",
            "CEF:",
            *"||| =\\é{>",
            "\\|",
            "\\=",
            "1|Vendor|",
            "A|b|c|d|e|6|",
            " a=",
            " user=b c",
            "a=x",
            " cs1Label=The user",
            " cs1=",
            "\r",
            "\0",
        ),
        slow.cef,
    ),
    "LEEF": Case(
        Leef(),
        slow.LEEF_WANTED,
        (
            *("LEEF:1.0|", "LEEF:2.0|", "2.0|", "a|b|c|d|", "^|", "x5E|", "0x7c|", "xD800|", "¦|", "#011", *"||\t =\\^é£¦{", "\\t|"),
            *("a=1", "user=b c", "^a=", "\ta=", "|user=x", " user=", "¦a=", "\\^", "\r", "\0"),
        ),
        slow.leef,
    ),
    "labels in quotes": Case(
        Labelled('="', " ", ("=",), ("a",), until='"', opening="[", before=LEAD),
        ("lead", *KEYS),
        ("dev: ", "dev ", ' a="', '[a="', ' user="', '"', '\\"', "\\", " ", "=", "é", "x", 'sessionid="', "]", "\r", "\0"),
        slow.quoted_pairs,
    ),
    "labels": Case(
        Labelled(": ", ", ", (": ",), ("a",), opening="- ", before=LEAD),
        ("lead", *KEYS),
        ("dev: ", "dev - ", "- a: ", ", a: ", ", user: ", ",", " ", ":", "\\=", "\\", "é", "x", "sessionid: ", "\r", "\0"),
        slow.labelled_pairs,
    ),
    "pairs between tabs": Case(
        Tabbed("lead", ("a",)),
        ("lead", *KEYS),
        ("9:00", "\ta=", "\tuser=", "\t", "=", " ", '"', "é", "x y", "\tsessionid=1", "\r", "\0"),
        slow.leading,
    ),
    "headed": Case(
        Headed(b"#fields", ("first",)),
        COLUMNS,
        ("\t", "\t", '"', "#", "é", "x", "-", "\r", "\0"),
        slow.tabbed,
        b"#fields\tfirst\tsecond\tthird\tfourth",
    ),
    "W3C extended": Case(
        Extended((("first",),)), COLUMNS, (" ", " ", '"', '" "', "-", "é", "x", '""', "\0"), slow.extended, b"#Fields: first second third fourth"
    ),
}


def block(case: Case, choose: random.Random) -> list[str]:
    return ["".join(choose.choices(case.pieces, k=choose.choice((0, 1, 1, 2, 3, 5, 8, 12)))) for _ in range(BLOCK)]


def differences(case: Case, lines: list[str]) -> list[str]:
    """What the kind reads otherwise than the slow reader."""
    found = case.kind.fields(frame(("\n".join(lines) + "\n").encode()), case.wanted, case.header)
    wrong = []
    for line, row in zip(lines, found.iter_rows(named=True), strict=True):
        slow = case.slowly(line.removesuffix("\r").lstrip("\0"))
        fast = {name: row[name] for name in case.wanted} if row[UNDERSTOOD] else None
        if slow != fast:
            wrong.append(f"{line!r}: {fast} is not {slow}")
    return wrong


def fuzz(name: str, lines: int, seed: int) -> None:
    """So many lines of a kind."""
    case, choose = CASES[name], random.Random(seed)  # noqa: S311 (a seeded test)
    differences(case, block(case, random.Random(0)))  # noqa: S311 (so that loops are compiled before anything is timed)
    for number in range(max(lines // BLOCK, 1)):
        made = block(case, choose)
        megabytes = sum(map(len, made)) / 1e6
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        case.kind.fields(frame("\n".join(made).encode()), case.wanted, case.header)
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
