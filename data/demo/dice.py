"""Chance that falls the same way on every machine.

Only `Random.random()` is used: Python promises that its sequence for a given seed never changes, which holds for no other draw
(https://docs.python.org/3/library/random.html#notes-on-reproducibility). Every person and day has dice of their own, so a short period
of the demo is, to the byte, the end of the long one.
"""

import math
import random
from collections.abc import Sequence
from typing import TypeVar

SEED = "gnomon-demo-1"
Thing = TypeVar("Thing")


class Dice:
    """Seeded draws, named by what they are for."""

    def __init__(self, *purpose: object) -> None:
        self._draw = random.Random("/".join((SEED, *map(str, purpose)))).random

    def chance(self, probability: float) -> bool:
        """True in `probability` of all cases."""
        return self._draw() < probability

    def between(self, low: float, high: float) -> float:
        """A number from `low` up to `high`, all equally likely."""
        return low + (high - low) * self._draw()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int((high - low + 1) * self._draw())

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of the things."""
        return things[int(len(things) * self._draw())]

    def some(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """Up to `count` different things, in the order they stand."""
        keyed = sorted((self._draw(), place) for place in range(len(things)))
        return [things[place] for place in sorted(place for _, place in keyed[:count])]

    def near(self, middle: float, spread: float) -> float:
        """A number around `middle`, bell-shaped."""
        radius = math.sqrt(-2 * math.log(1 - self._draw()))
        return middle + spread * radius * math.cos(2 * math.pi * self._draw())

    def size(self, typical: float) -> int:
        """A number of bytes around `typical`: mostly near it, now and then several times as much."""
        return round(typical * math.exp(self.near(0, 0.6)))

    def wait(self, mean: float) -> float:
        """Seconds until the next of many independent events, `mean` on average."""
        return -mean * math.log(1 - self._draw())

    def count(self, mean: float) -> int:
        """How many of many independent events fell into one period, `mean` on average."""
        passed, events = self.wait(1), 0
        while passed < mean:
            events += 1
            passed += self.wait(1)
        return events
