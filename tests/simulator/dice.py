"""The simulator's chance: the same for the same words, so that a seed always tells the same story."""

from random import Random


def dice(*of: object) -> Random:
    """Chance of its own for what these words name."""
    return Random(" ".join(map(str, of)))  # noqa: S311 (chance for a story, not for a secret)
