"""Numbers as a person would say them, for the sentences of judgement."""

from collections.abc import Sequence
from typing import Final

_KILO: Final = 1000
_UNITS: Final = ("bytes", "kB", "MB", "GB", "TB")


def count(number: int, noun: str, many: str | None = None) -> str:
    """With its noun: "1 day", "3 days"."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def people(number: int | None, whole: int | None = None) -> str:
    """How many: "9 of 41 people", "1 person"; "an unknown number of people" where they cannot be told apart."""
    if number is None:
        return "an unknown number of people"
    if whole is None or whole < number:
        return count(number, "person", "people")
    return f"{number:,} of {whole:,} people"


def size(number: int) -> str:
    """Bytes: "about 3.1 GB", in powers of a thousand."""
    value, unit = float(number), 0
    while value >= _KILO and unit < len(_UNITS) - 1:
        value, unit = value / _KILO, unit + 1
    return count(number, "byte") if unit == 0 else f"about {value:,.3g} {_UNITS[unit]}"


def signed(points: float) -> str:
    """Points up or down, rounded: "+6", "−3", "0"."""
    return f"{round(points):+d}".replace("-", "\N{MINUS SIGN}") if round(points) else "0"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names: "A, B and C", or "A, B, C and 4 more"."""
    if not names:
        return "nothing"
    shown = [*names[:most], f"{len(names) - most} more"] if len(names) > most + 1 else list(names)
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
