"""What a consultant does for a client in the time of a review: the most urgent tasks that fit, each with why; the others wait for the meeting.

Kinds of task, their order and their minutes are in `todo.toml`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from rules.factors import toml


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. `name` and `subject` are the name and id of the service or need it is about; empty: none."""

    kind: str
    title: str
    text: str
    minutes: int
    name: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Todo:
    """The tasks that fit into a review, and those that wait for the meeting."""

    now: tuple[Task, ...]
    later: tuple[Task, ...]

    @property
    def minutes(self) -> int:
        """What those of now take together."""
        return sum(task.minutes for task in self.now)

    @property
    def in_short(self) -> dict[str, list[str]]:
        """Title of what is to be done now -> names it is about."""
        found: dict[str, list[str]] = {}
        for one in self.now:
            found.setdefault(one.title, []).extend([one.name] if one.name else [])
        return found


def task(kind: str, *, name: str = "", text: str = "", subject: str = "") -> Task:
    """A task of a kind of `todo.toml`."""
    entry = _table()["task"][kind]
    return Task(kind, entry["title"], entry["text"].format(name=name, text=text), entry["minutes"], name, subject)


def todo(tasks: Iterable[Task]) -> Todo:
    """The tasks by urgency, as many as fit into the time of a review; of one subject only the most urgent."""
    ordered = sorted(tasks, key=lambda one: _order().index(one.kind))
    seen: set[str] = set()
    chosen = [one for one in ordered if not one.subject or not (one.subject in seen or seen.add(one.subject))]  # type: ignore[func-returns-value]
    left, now = minutes(), []
    for one in chosen:
        if one.minutes > left:
            break
        now.append(one)
        left -= one.minutes
    return Todo(tuple(now), tuple(chosen[len(now) :]))


def minutes() -> int:
    """What a review may take of a consultant's time."""
    return int(_table()["minutes"])


def _order() -> Sequence[str]:
    return list(_table()["task"])


@cache
def _table() -> Mapping[str, Any]:
    return toml("todo.toml")
