"""What the names of an unknown domain say about it: the labels of its hosts, and its registered name (`guesses.toml`)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from rules.factors import toml

#: Runs of letters: a label is compared whole, then by what stands before a hyphen or a number.
_LETTERS: Final = re.compile(r"[a-z]+")

#: Words shorter than this are looked for whole only, never at the end of a name.
_ENDING: Final = 4


@dataclass(frozen=True, slots=True)
class Said:
    """What the labels of a domain's hosts suggest.

    Attributes:
        kinds: what they speak for: tool, weak, site, files, counts.
        words: the runs of letters in the labels that suggest something.
        text: that as a part of a sentence.
    """

    kinds: frozenset[str]
    words: frozenset[str]
    text: str


def spoken(registrable: str, hosts: Iterable[str]) -> Said:
    """What the labels before a registrable domain suggest."""
    return _said(frozenset(label for host in hosts for label in host.removesuffix(registrable).split(".") if label))


@lru_cache(maxsize=10_000)
def _said(labels: frozenset[str]) -> Said:
    """Most domains have the same few labels, such as www."""
    found: dict[str, list[str]] = {}
    for label in sorted(labels):
        stem = _LETTERS.match(label)
        suggests = _words().get(label) or (_words().get(stem.group()) if stem else None)
        if suggests:
            found.setdefault(suggests, []).append(label)
    told = [f"{suggests} ({', '.join(f'{label}.' for label in found[suggests][:3])})" for suggests in _kinds() if suggests in found]
    return Said(
        kinds=frozenset(_kinds()[suggests] for suggests in found),
        words=frozenset(word for those in found.values() for label in those for word in _LETTERS.findall(label)),
        text=", ".join(told[:3]) or str(guesses()["says"]["nothing"]),
    )


def need(domain: str, said: Said) -> str | None:
    """The capability that its name or labels suggest, if any."""
    name = domain.partition(".")[0]
    whole, ends = _needs()
    exact = [whole[word] for word in (*said.words, *_LETTERS.findall(name)) if word in whole]
    if exact or not name.endswith(ends):
        return min(exact, default=(0, None))[1]
    return min(whole[end] for end in ends if name.endswith(end))[1]


def named(domain: str, kind: str) -> bool:
    """Whether its registered name says what it serves."""
    name, words = domain.partition(".")[0], _names()[kind]
    return name.endswith(words) or not set(words).isdisjoint(_LETTERS.findall(name))


def odd(label: str) -> bool:
    """Whether nobody chose this name: long, and letters and digits mixed throughout or hardly a vowel."""
    bare, limits = label.replace("-", ""), guesses()["limits"]
    if len(bare) < limits["odd_letters"] or label.startswith("xn--"):
        return False
    digits, vowels = (sum(sign in signs for sign in bare) for signs in ("0123456789", "aeiouy"))
    return bool(digits >= limits["odd_digits"] * len(bare) or vowels <= limits["odd_vowels"] * len(bare))


@cache
def _words() -> Mapping[str, str]:
    """Label -> what it suggests."""
    return {label: group["words"] for group in guesses()["labels"] for label in group["labels"]}


@cache
def _kinds() -> Mapping[str, str]:
    """What a label suggests -> what that speaks for."""
    return {group["words"]: group["kind"] for group in guesses()["labels"]}


@cache
def _needs() -> tuple[Mapping[str, tuple[int, str]], tuple[str, ...]]:
    """Word -> the first need it speaks for, with its place; and those that speak for it at the end of a name as well."""
    said = [(word, (place, need)) for place, (need, words) in enumerate(guesses()["needs"].items()) for word in words]
    whole = dict(reversed(said))
    return whole, tuple(word for word in whole if len(word) >= _ENDING)


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    """What a registered name may say -> the words that say so."""
    return {kind: tuple(words) for kind, words in guesses()["names"].items()}


@cache
def guesses() -> dict[str, Any]:
    """`guesses.toml`."""
    return toml("guesses.toml")
