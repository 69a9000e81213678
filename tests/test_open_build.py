"""Carrying services over in bulk: what is written by hand wins, doubt is marked, and silence stays unknown."""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from discovery import catalogue

DATA = Path(__file__).resolve().parent.parent / "data"
Row = dict[str, Any]


@pytest.fixture
def build(own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:  # noqa: ARG001
    monkeypatch.syspath_prepend(str(DATA / "open"))
    module = importlib.import_module("build")
    monkeypatch.setattr(module, "DATA", tmp_path / "data")
    for folder in ("catalogue", "open"):
        (tmp_path / "data" / folder).mkdir(parents=True)
    (tmp_path / "data" / "categories.toml").write_bytes((DATA / "categories.toml").read_bytes())
    (tmp_path / "data" / "open" / "judged.toml").write_text(JUDGED)
    (tmp_path / "data" / "catalogue" / "files.jsonl").write_text(json.dumps(BY_HAND) + "\n")
    for name in ("background", "private"):
        (tmp_path / "data" / f"{name}.jsonl").write_text(json.dumps({"domain": f"{name}.com", "class": "x", "source": "editor"}) + "\n")
    yield module
    for name in ("build", "carry"):
        sys.modules.pop(name, None)


JUDGED = """
[capability]
notes_wiki = "wrong.com"
[left_out]
"no service" = "left.com"
[only_visited]
domains = "pages.com"
[embedded]
domains = "widget.com"
[name]
"oddly.com" = "Oddly"
"""
BY_HAND: Row = {
    "id": "hand", "name": "Hand", "vendor": "Hand Ltd", "category": "files", "capability": "cloud_storage", "about": "Keeps files.",
    "domains": {"use": ["hand.com", "app.below.com"]}, "facts": {},
}  # fmt: skip


def row(domain: str, function: str | None = "chat", confidence: float = 1.0, weight: float = 2.0, **more: object) -> Row:
    made: Row = {"domain": domain, "name": domain.partition(".")[0].title(), "function": function, "function_conf": confidence}
    made |= {
        "function_votes": {function: weight},
        "function_sources": ["2fa", "kw:tott"],
        "names": [{"v": "X", "s": "jdm"}],
        "aliases": [],
        "hosts": [],
    }
    return made | {"facts": {}, "sources": ["2fa", "jdm"]} | more


def built(build: ModuleType, tmp_path: Path, *rows: Row, bare: tuple[Row, ...] = (), background: tuple[Row, ...] = ()) -> dict[str, Row]:
    facts = tmp_path / "facts"
    facts.mkdir(exist_ok=True)
    for name, lines in (("facts", rows), ("facts_listdomains", bare), ("background", background)):
        (facts / f"{name}.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
    sources = ("2fa", "jdm", "tott", "maltrail", "shadowwh-ads", "shadowwh-tracking")
    (facts / "sources.json").write_text(json.dumps({source: {"date": "2026-08-04"} for source in sources}))
    build.main(facts)
    assert catalogue.check(build.DATA) == []
    made = [json.loads(line) for path in sorted((build.DATA / "catalogue").glob("*.open.jsonl")) for line in path.read_text().splitlines()]
    return {one["id"]: one for one in made}


def test_by_hand_left_out_background_and_private_stay_out(build: ModuleType, tmp_path: Path) -> None:
    rows = [row(domain) for domain in ("hand.com", "sub.hand.com", "left.com", "background.com", "x.private.com", "co.uk", "github.io", "good.com")]
    assert list(built(build, tmp_path, *rows, row("other.com", name="Hand"), row("film.com", "media_streaming"), row("none.com", None))) == ["good"]


def test_our_judgement_wins_and_doubt_is_marked(build: ModuleType, tmp_path: Path) -> None:
    made = built(build, tmp_path, row("wrong.com", "chat", 0.3), row("sure.com"), row("unsure.com", confidence=0.4), row("weak.com", weight=0.7))
    assert (made["wrong"]["capability"], made["wrong"]["category"], made["wrong"]["sources"]) == (
        "notes_wiki",
        "documents",
        ["2fa", "editor", "jdm", "tott"],
    )
    assert {id_: one.get("capability_confidence") for id_, one in made.items()} == {"wrong": None, "sure": None, "unsure": 0.4, "weak": 0.5}


def test_roles_and_names(build: ModuleType, tmp_path: Path) -> None:
    made = built(
        build, tmp_path, row("pages.com"), row("widget.com"), row("stats.com", "web_analytics"), row("below.com"), row("oddly.com", name="Part of it")
    )
    assert {id_: list(one["domains"]) for id_, one in made.items()} == {
        "pages": ["visit"],
        "widget": ["embed"],
        "stats": ["embed"],
        "below": ["visit"],
        "oddly": ["use"],
    }
    assert made["below"]["vendor"] == "Hand Ltd"  # by hand, a host below it is theirs


def test_silence_stays_unknown(build: ModuleType, tmp_path: Path) -> None:
    facts = {"mfa": [{"v": "none listed", "s": "2fa"}], "free_tier": [{"v": "no", "s": "tott"}], "deletion": [{"v": "hard", "s": "jdm"}]}
    facts |= {"breach": [{"v": "2019-08-01 Good: 50945852 accounts; e-mail addresses", "s": "jdm"}]}
    assert built(build, tmp_path, row("good.com", facts=facts))["good"]["facts"] == {
        "account_deletion": {"value": "hard", "source": "jdm", "date": "2026-08-04", "confidence": 0.9},
        "breaches": {"value": [{"year": 2019, "what": "51 million accounts exposed"}], "source": "jdm", "date": "2026-08-04", "confidence": 0.95},
    }


def test_bare_domains_come_from_lists_of_one_purpose_only(build: ModuleType, tmp_path: Path) -> None:
    shared: Row = {"function_votes": {}, "facts": {}}
    proxy = {"domain": "hideme.com", "function": "vpn_proxy", "sources": ["maltrail"], **shared}
    others = [{**proxy, "domain": domain} for domain in ("li1.members.linode.com",)] + [{**proxy, "domain": "a.com", "sources": ["jdm"]}]
    made = built(build, tmp_path, bare=(proxy, *others))
    assert {id_: (one["capability"], one["capability_confidence"]) for id_, one in made.items()} == {"hideme": ("vpn_proxy", 0.5)}


def test_trackers_that_lists_agree_on_join_the_background_once(build: ModuleType, tmp_path: Path) -> None:
    listed = [
        {"domain": "ads.net", "class": "ads_tracking", "sources": ["shadowwh-ads", "shadowwh-tracking"]},
        {"domain": "rare.net", "class": "ads_tracking", "sources": ["shadowwh-ads"]},
        {"domain": "good.com", "class": "ads_tracking", "sources": ["shadowwh-ads", "shadowwh-tracking"]},
    ]
    for _ in range(2):
        built(build, tmp_path, row("good.com"), background=tuple(listed))
        assert [json.loads(line)["domain"] for line in (build.DATA / "background.jsonl").read_text().splitlines()] == ["ads.net", "background.com"]
