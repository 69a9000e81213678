"""What the names of an unknown domain say about it: the labels of its hosts, and its registered name (`guesses.toml`)."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from rules.factors import toml

#: Runs of letters: a label is compared whole, then by what stands before a hyphen or a number.
_LETTERS: Final = re.compile(r"[a-z]+")

#: Words shorter than this are looked for whole only, never at the end of a name.
_ENDING: Final = 4


def kinds(said: Mapping[str, list[str]]) -> set[str]:
    """What the labels speak for: tool, weak, site, files, counts."""
    return {_kinds()[words] for words in said}


def spoken(registrable: str, hosts: Iterable[str]) -> dict[str, list[str]]:
    """What the labels suggest -> the labels that do, in the order of `guesses.toml`."""
    labels = {label for host in hosts for label in host.removesuffix(registrable).rstrip(".").split(".") if label}
    found: dict[str, list[str]] = {}
    for label in sorted(labels):
        stem = _LETTERS.match(label)
        words = _words().get(label) or (_words().get(stem.group()) if stem else None)
        if words:
            found.setdefault(words, []).append(label)
    return {words: found[words] for words in _kinds() if words in found}


def in_words(said: Mapping[str, list[str]]) -> str:
    """What `spoken` found, as a part of a sentence."""
    parts = [f"{words} ({', '.join(f'{label}.' for label in labels[:3])})" for words, labels in said.items()]
    return ", ".join(parts[:3]) or str(guesses()["says"]["nothing"])


def need(domain: str, spoken: Mapping[str, list[str]]) -> str | None:
    """The capability that its name or labels suggest, if any."""
    labels = {part for labels in spoken.values() for label in labels for part in _LETTERS.findall(label)}
    name = domain.partition(".")[0]
    words, ends = _needs()
    exact = [words[part] for part in labels.union(_LETTERS.findall(name)) if part in words]
    last = [ends[end] for at in range(len(name)) if (end := name[at:]) in ends]
    return (min(exact, default=None) or min(last, default=(0, None)))[1]


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
def _needs() -> tuple[Mapping[str, tuple[int, str]], Mapping[str, tuple[int, str]]]:
    """Word -> the first need it speaks for, with its place: by the whole word, and by the end of a name."""
    said = [(word, (place, need)) for place, (need, words) in enumerate(guesses()["needs"].items()) for word in words]
    whole = dict(reversed(said))
    return whole, {word: need for word, need in whole.items() if len(word) >= _ENDING}


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    """What a registered name may say -> the words that say so."""
    return {kind: tuple(words) for kind, words in guesses()["names"].items()}


@cache
def guesses() -> dict[str, Any]:
    """`guesses.toml`."""
    return toml("guesses.toml")
