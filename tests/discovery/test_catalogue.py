"""The catalogue: read, compiled, checked, searched."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from discovery import catalogue, catalogue_build, shipped
from discovery.errors import CatalogueError

CATEGORIES = """
[files]
title = "Files"
capabilities = { cloud_storage = "Cloud storage", file_transfer = "Sending large files" }

[documents]
title = "Documents"
capabilities = { notes_wiki = "Notes" }
"""

Record = dict[str, Any]
Build = Callable[..., Path]


def fact(value: object, source: str = "editor", date: str = "2026-11", confidence: float = 0.9) -> Record:
    return {"value": value, "source": source, "date": date, "confidence": confidence}


def box(**changes: object) -> Record:
    record: Record = {
        "id": "boxy",
        "name": "Boxy",
        "vendor": "Boxy Ltd",
        "category": "files",
        "capability": "cloud_storage",
        "also": ["file_transfer"],
        "aliases": ["Crate"],
        "about": "Keeps folders in step.",
        "domains": {"use": ["boxy.com"], "sync": ["sync.boxy.com"], "infra": ["boxycdn.net"]},
        "facts": {"mfa": fact(value=True, source="2fa", date="2026-08-04"), "free.sso": fact(value=False), "business.sso": fact(value=True)},
    }
    return {key: value for key, value in (record | changes).items() if value is not None}


@pytest.fixture
def build(own_cache: Path, tmp_path: Path) -> Build:  # noqa: ARG001 (sets the environment)
    def make(*services: Record, background: tuple[Record, ...] = (), private: tuple[Record, ...] = (), **files: str) -> Path:
        root = tmp_path / "data"
        (root / "catalogue").mkdir(parents=True, exist_ok=True)
        (root / "categories.toml").write_text(CATEGORIES)
        for name in ("files", "documents"):
            (root / "catalogue" / f"{name}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in services if one["category"] == name))
        for name, records in (("background", background), ("private", private)):
            (root / f"{name}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))
        for name, text in files.items():
            (root / "catalogue" / f"{name}.jsonl").write_text(text)
        return root

    return make


@pytest.mark.no_cover
def test_the_shipped_catalogue_has_no_mistakes() -> None:
    assert catalogue.check() == []


def test_every_source_of_the_shipped_catalogue_is_named_with_its_licence() -> None:
    told = shipped.path("README.md").read_text(encoding="utf-8")
    lines = [json.loads(line) for path in shipped.path().rglob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    sources = {fact["source"] for line in lines for fact in line.get("facts", {"": line}).values()} | {
        one for line in lines for one in line.get("sources", ())
    }
    assert "editor" in sources
    pages = {source for source in sources if source.startswith("https://")}  # an address says itself where it is from
    assert [source for source in sources - pages if f"`{source}`" not in told] == []


@pytest.mark.no_cover
def test_the_shipped_catalogue_covers_every_capability() -> None:
    counts = catalogue.load().stats()["by_capability"]
    assert len(counts) >= 34
    assert [code for code, count in counts.items() if not count] == []
    assert sum(counts.values()) >= 8_500


def test_the_popular_services_are_written_by_hand() -> None:
    stats = catalogue.load().stats()
    assert stats["written_by_hand"] >= 1_500
    assert stats["probably"] < stats["services"] / 2


def test_a_service_is_what_its_line_says(build: Build) -> None:
    read = catalogue.load(build(box()))
    service = read.services["boxy"]
    assert (service.name, service.category_title, service.also, service.domains["sync"]) == ("Boxy", "Files", ("file_transfer",), ("sync.boxy.com",))
    assert read.domains["boxycdn.net"] == ("service", "boxy", "infra", None, "catalogue/files.jsonl", 1)
    assert read.capabilities["notes_wiki"] == "Notes"


def test_a_fact_of_the_free_plan_wins_and_a_missing_one_is_unknown(build: Build) -> None:
    service = catalogue.load(build(box())).services["boxy"]
    sso, mfa = service.fact("sso"), service.fact("mfa")
    assert sso is not None
    assert mfa is not None
    assert (sso.value, sso.verified) == (False, False)
    assert (mfa.value, mfa.verified) == (True, True)
    assert service.fact("sso", "business") == service.facts["business.sso"]
    assert service.fact("dpa") is None


def test_a_service_carried_over_says_how_sure_it_is_and_from_where(build: Build) -> None:
    bulk = box(
        id="other", about=None, also=None, aliases=None, capability_confidence=0.45, sources=["station"], domains={"use": ["other.com"]}, facts={}
    )
    bulk = {key: bulk[key] for key in ("id", "name", "vendor", "category", "capability", "capability_confidence", "sources", "domains", "facts")}
    root = build(box(), **{"files.open": json.dumps(bulk) + "\n"})
    assert catalogue.check(root) == []
    read = catalogue.load(root)
    other, boxy = read.services["other"], read.services["boxy"]
    assert (other.probably, other.sources) == (True, ("station",))
    assert other.about == "Probably for: Cloud storage. The lists that name it do not settle it."
    assert (boxy.probably, boxy.sources, boxy.capability_confidence) == (False, (), 1.0)
    assert [service.id for service in read.search("boxy")] == ["boxy", "other"]
    assert (read.stats()["written_by_hand"], read.stats()["probably"]) == (1, 1)


def test_background_and_private_hosts_carry_their_class(build: Build) -> None:
    adverts = {"domain": "ads.example.net", "class": "advertising", "title": "Adverts", "source": "editor"}
    read = catalogue.load(build(box(), background=(adverts,), private=({"domain": "clinic.example", "class": "health", "source": "editor"},)))
    assert read.domains["ads.example.net"][:4] == ("background", "advertising", None, "Adverts")
    assert read.domains["clinic.example"][:3] == ("private", "health", None)


def test_the_compiled_form_is_used_again_and_follows_every_change(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = build(box())
    first = catalogue.load(root)
    (cached,) = (tmp_path / "home" / "cache").iterdir()
    with monkeypatch.context() as unchanged:
        unchanged.setattr(catalogue_build, "_compile", lambda *_: pytest.fail("compiled although nothing changed"))
        assert catalogue.load(root).version == first.version
    cached.write_text("{ damaged")
    assert catalogue.load(root).services["boxy"] == first.services["boxy"]
    changed = catalogue.load(build(box(name="Boxier")))
    assert changed.version != first.version
    assert changed.services["boxy"].name == "Boxier"
    assert len(list((tmp_path / "home" / "cache").iterdir())) == 1


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("GNOMON_HOME", str(tmp_path / "file"))
    assert "boxy" in catalogue.load(build(box())).services


def test_the_shipped_catalogue_loads_quickly_once_compiled() -> None:
    catalogue.load()
    took = []
    for _ in range(5):
        start = time.thread_time()
        catalogue.load()
        took.append(time.thread_time() - start)
    assert min(took) < 1  # less than a tenth on an idle machine


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{]\n", "files.jsonl:1: this is not a line of JSON"),
        ('{"id": "a"}\n', "files.jsonl:1: 'name' is missing"),
        ("[]\n", "files.jsonl:1: a line must be one JSON object"),
        (json.dumps(box()) + "\n" + json.dumps(box(id="c", category="toys")) + "\n", "files.jsonl:2: there is no category 'toys'"),
        ("\xff\n", "files.jsonl:1"),
    ],
)
def test_what_cannot_be_read_is_said_with_file_and_line(build: Build, text: str, sentence: str) -> None:
    with pytest.raises(CatalogueError, match=sentence):
        catalogue.load(build(box(), files=text))


def test_a_folder_without_a_catalogue_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no catalogue here"):
        catalogue.load(tmp_path)


def domains(**roles: list[str]) -> Record:
    return {"domains": roles}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"id": "Box y"}, "the id 'Box y' should be lower-case"),
        ({"capability": "notes_wiki", "also": None}, "has no capability 'notes_wiki'"),
        ({"also": ["flying"]}, "unknown capability 'flying'"),
        ({"also": ["cloud_storage"]}, "repeats the capability"),
        ({"about": " "}, "must say something"),
        ({"about": None}, "only a service with 'sources' may go without"),
        ({"capability_confidence": 1.5}, "capability_confidence lies above 0"),
        ({"vendor": None}, "'vendor' is missing"),
        ({"colour": "red"}, "unknown key 'colour'"),
        (domains(app=["boxy.com"]), "unknown role 'app'"),
        (domains(use=[]), "needs at least one domain"),
        (domains(use=["https://boxy.com"]), "is not a host name"),
        (domains(use=["boxy.com/app"]), "is not a host name"),
        (domains(use=["boxy.com:443"]), "is not a host name"),
        (domains(use=["*.boxy.com"]), "is not a host name"),
        (domains(use=["Boxy.com"]), "is not a host name"),
        (domains(use=["bücher.de"]), "is not a host name"),
        (domains(use=["10.0.0.1"]), "is not a host name"),
        (domains(use=["co.uk"]), "'co.uk' is a public suffix"),
        (domains(use=["cloudfront.net"]), "'cloudfront.net' is shared by many firms"),
        (domains(use=["s3.amazonaws.com"]), "'s3.amazonaws.com' is shared by many firms"),
        (domains(use=["boxy.com"], visit=["boxy.com"]), "'boxy.com' is already claimed by 'boxy'"),
        ({"facts": {"colour": fact("red")}}, "fact 'colour': no such fact"),
        ({"facts": {"gold.mfa": fact(value=True)}}, "fact 'gold.mfa': no such fact"),
        ({"facts": {"mfa": fact("yes")}}, "'yes' is not a value it can have"),
        ({"facts": {"trains_on_input": fact("maybe")}}, "'maybe' is not a value it can have"),
        ({"facts": {"hq_country": fact("Germany")}}, "'Germany' is not a value it can have"),
        ({"facts": {"data_region": fact(["EU", "MARS"])}}, "is not a value it can have"),
        ({"facts": {"breaches": fact([{"what": "all of it"}])}}, "is not a value it can have"),
        ({"facts": {"founded": fact(26)}}, "26 is not a value it can have"),
        ({"facts": {"mfa": fact(value=True, source=" ")}}, "neither the id of a list"),
        ({"facts": {"mfa": fact(value=True, date="2026-13")}}, "'2026-13' is not a date"),
        ({"facts": {"mfa": fact(value=True, date="yesterday")}}, "'yesterday' is not a date"),
        ({"facts": {"mfa": fact(value=True, confidence=95)}}, "confidence lies above 0"),
        ({"facts": {"mfa": {"value": True}}}, "value, source, date and confidence"),
    ],
)
def test_a_mistake_in_a_service_is_found_where_it_stands(build: Build, changes: Record, sentence: str) -> None:
    problems = catalogue.check(build(box(**changes)))
    assert any(problem.startswith("catalogue/files.jsonl:1: ") and sentence in problem for problem in problems), problems


def test_a_good_catalogue_has_no_problems(build: Build) -> None:
    adverts = {"domain": "ads.net", "class": "advertising", "title": "Adverts", "source": "editor"}
    assert catalogue.check(build(box(), background=(adverts,))) == []


def test_a_domain_that_is_background_and_use_is_found(build: Build) -> None:
    problems = catalogue.check(build(box(), background=({"domain": "boxycdn.net", "class": "cdn", "source": "editor"},)))
    assert problems == ["background.jsonl:1: 'boxycdn.net' is already claimed by 'boxy' (catalogue/files.jsonl:1)."]


def test_background_without_a_source_is_found(build: Build) -> None:
    assert catalogue.check(build(box(), background=({"domain": "a.net", "class": "cdn"},))) == ["background.jsonl:1: 'source' is missing."]


def test_two_services_with_one_id_or_out_of_order_are_found(build: Build) -> None:
    other = box(id="aged", domains={"use": ["aged.com"]})
    assert catalogue.check(build(box(), other)) == ["catalogue/files.jsonl:2: 'aged' should stand before 'boxy' (lines are sorted by id)."]
    twice = catalogue.check(build(box(), box(domains={"use": ["boxy.net"]})))
    assert twice == ["catalogue/files.jsonl:2: the id 'boxy' is already taken (catalogue/files.jsonl:1)."]


def test_a_host_below_another_vendors_domain_is_found_but_not_below_a_tenants_suffix(build: Build) -> None:
    below = box(id="other", vendor="Other", domains={"use": ["other.boxy.com"]})
    assert "which is another vendor's" in catalogue.check(build(box(), below))[0]
    host = box(id="hosting", domains={"use": ["github.io"]})
    assert catalogue.check(build(host, box(id="tenant", vendor="Tenant", domains={"use": ["tenant.github.io"]}))) == []


def test_search_puts_the_closest_first(build: Build) -> None:
    read = catalogue.load(build(box(), box(id="inbox", name="Inboxy", aliases=None, domains={"use": ["inbox.com"]})))
    assert [service.id for service in read.search("boxy")] == ["boxy", "inbox"]
    assert [service.id for service in read.search("CRATE")] == ["boxy"]
    assert [service.id for service in read.search("sync.boxy.com")] == ["boxy"]
    assert read.search("nothing like it") == []
    assert read.search("  ") == []


def test_stats_count(build: Build) -> None:
    stats = catalogue.load(build(box(), background=({"domain": "a.net", "class": "cdn", "source": "editor"},))).stats()
    assert stats["services"] == 1
    assert stats["by_capability"] == {"cloud_storage": 1, "file_transfer": 0, "notes_wiki": 0}
    assert stats["domains"] == {"service": 3, "background": 1}
    assert stats["facts"] == {"mfa": 1.0, "sso": 1.0}
    assert (stats["verified_facts"], stats["all_facts"]) == (1, 3)
