"""Reviews prepared in one run: each fits into a quarter of an hour, one that fails stops no other, and no page names a person."""

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from made_up import Say, made_up

from discovery import store as kept
from discovery.catalogue import load
from discovery.errors import GnomonError
from rules import todo
from rules.todo import task
from webui.commands.review_ import command
from webui.practice import queries, review
from webui.practice.summary import Summary


def test_the_most_urgent_tasks_that_fit_are_for_now() -> None:
    many = [task("gap", name=f"Need {n}", subject=f"need-{n}") for n in range(9)] + [task("severe", name="DeepSeek", text="Close it.", subject="d")]
    listed = todo.todo([*many, task("alert", name="DeepSeek", text="New.", subject="d")])
    assert listed.minutes <= todo.minutes() == 15
    assert [one.kind for one in listed.now] == ["severe"] + ["gap"] * 6
    assert len(listed.now) + len(listed.later) == 10  # of DeepSeek only the more urgent task is left
    assert listed.now[0].text == "DeepSeek is in use and nobody has decided on it. Proposed: Close it."


@pytest.fixture
def three(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[kept.Client]:
    """A client with findings, one whose keys are gone, and one without logs."""
    store = app.extensions["gnomon"].store
    stand_in = made_up()

    class Judged:
        def __init__(self, _store: kept.Store, catalogue: object) -> None:
            self.catalogue = catalogue

        def picture(self, client: kept.Client, chosen: object) -> object:
            if client.slug == "broken":
                raise GnomonError("The keys of this client are gone.")
            return stand_in.picture(client, chosen)  # type: ignore[arg-type]

        before = picture

        def catalogue_of(self, _client: kept.Client) -> object:
            return self.catalogue

    class Quiet:
        def __init__(self, *_: object) -> None: ...
        def heard(self, _client: kept.Client) -> object:
            return type("Heard", (), {"open": []})

    monkeypatch.setattr(review, "Assessments", Judged)
    monkeypatch.setattr(review, "Lookout", Quiet)
    stands = Summary(until=stand_in.shown.last_day, step=2, covered=20, working=21, levels={"Severe": 2}, services=("a", "b"), open=2)
    monkeypatch.setattr(review.summary, "work_out", lambda _store, client, judged, _lookout: judged.picture(client, None) and stands)
    kept.create_client(store, "Broken & Co", slug="broken")
    return kept.clients(store)


def test_one_failure_stops_no_other_and_nobody_is_named(app: Flask, three: list[kept.Client], tmp_path: Path) -> None:
    store, said = app.extensions["gnomon"].store, []
    made = review.prepare_all(store, load(), three, tmp_path / "out", say=said.append)
    assert [(one.client.slug, bool(one.failed)) for one in made] == [("broken", True), ("example", False)]
    assert said[0] == "1 of 2  Broken & Co: The keys of this client are gone."
    index, page, pack = ((tmp_path / "out" / name).read_text() for name in ("index.html", "example/review.html", "example/pack.html"))
    assert "Not prepared: The keys of this client are gone." in index
    assert 'href="example/review.html"' in index
    assert "DeepSeek is in use and nobody has decided on it" in page
    assert "U-0" not in index + page + pack
    assert made[1].todo
    assert made[1].todo.minutes <= 15
    assert queries.last_reviews(store) == {made[1].client.id: made[1].summary.until}  # type: ignore[union-attr]


def test_the_command_says_what_it_prepares(app: Flask, three: list[kept.Client], tmp_path: Path) -> None:  # noqa: ARG001
    runner = CliRunner()
    done = runner.invoke(command, ["--all", "-o", str(tmp_path / "out")])
    assert done.exit_code == 0
    assert done.stdout.strip() == str(tmp_path / "out" / "index.html")
    assert "2 of 2  Example & Co" in done.stderr
    failed = runner.invoke(command, ["broken", "-o", str(tmp_path / "out")])
    assert isinstance(failed.exception, GnomonError)
    assert runner.invoke(command, []).exit_code == 2


@pytest.mark.usefixtures("app")
def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(sys, "argv", ["gnomon", "review", "--all", "-o", str(tmp_path / "file" / "out")])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("webui", run_name="__main__")
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (2, "")
    assert told.err == f"gnomon: {tmp_path / 'file' / 'out'}: cannot be opened or written (Not a directory).\n"


def test_the_next_review_is_compared_with_the_last(app: Flask, judged: Callable[[Say], Flask]) -> None:  # noqa: ARG001
    store = app.extensions["gnomon"].store
    client = kept.get_client(store, "example")
    day = made_up().shown.last_day
    assert day
    queries.note_review(store, client, day)
    assert queries.reviewed_before(store, client, day) is None  # the same data again are compared with the review before
    assert queries.reviewed_before(store, client, day.replace(day=day.day + 1)) == day
