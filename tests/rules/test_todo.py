"""What a consultant does now and what waits: the most urgent first, never more than the time allows, and nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.factors import toml
from rules.todo import Task, minutes, task, todo

KINDS = list(toml("todo.toml")["task"])


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(["", "slack", "zoom", "trello"])), max_size=12))
def test_the_most_urgent_that_fit_come_now_and_the_rest_later(wanted: list[tuple[str, str]]) -> None:
    made = [task(kind, name=subject, subject=subject) for kind, subject in wanted]
    found = todo(made)
    every = [*found.now, *found.later]
    assert [KINDS.index(one.kind) for one in every] == sorted(KINDS.index(one.kind) for one in every)
    assert found.minutes == sum(one.minutes for one in found.now) <= minutes()
    if found.later:
        assert found.minutes + found.later[0].minutes > minutes()
    about = [one.subject for one in every if one.subject]
    assert len(about) == len(set(about))
    assert sum(not one.subject for one in every) == sum(not subject for _, subject in wanted)
    for one in every:
        assert KINDS.index(one.kind) == min(KINDS.index(kind) for kind, subject in wanted if subject == one.subject) or not one.subject


@pytest.mark.parametrize("kind", KINDS)
def test_a_task_reads_as_its_kind_says(kind: str) -> None:
    entry = toml("todo.toml")["task"][kind]
    made = task(kind, name="Slack", text="why", subject="slack")
    assert made == Task(kind, entry["title"], entry["text"].format(name="Slack", text="why"), entry["minutes"], "Slack", "slack")
    assert task("no_logs") == Task("no_logs", "Bring in logs", "Nothing is known of this client yet: no log was taken in.", 5)


def test_in_short_what_to_do_and_about_what() -> None:
    found = todo([task("high", name="Slack", subject="slack"), task("high", name="Zoom", subject="zoom"), task("no_logs")])
    assert found.in_short == {"Bring in logs": [], "Settle a high risk": ["Slack", "Zoom"]}
    assert minutes() == 15
