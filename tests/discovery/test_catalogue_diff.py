"""What an update of the catalogue changes."""

import json
from pathlib import Path
from typing import Any

import pytest

from discovery import catalogue, catalogue_diff
from discovery.errors import CatalogueError

CATEGORIES = '[files]\ntitle = "Files"\ncapabilities = { cloud_storage = "Cloud storage", backup = "Backup" }\n'


def fact(value: object, date: str = "2026-11") -> dict[str, object]:
    return {"value": value, "source": "editor", "date": date, "confidence": 0.9}


def service(name: str, **changes: object) -> dict[str, Any]:
    record = {"id": name.lower(), "name": name, "vendor": name, "category": "files", "capability": "cloud_storage", "about": "Keeps files."}
    return record | {"domains": {"use": [f"{name.lower()}.com"]}, "facts": {"mfa": fact(value=True)}} | changes


def folder(root: Path, *services: dict[str, Any], background: tuple[str, ...] = ()) -> Path:
    (root / "catalogue").mkdir(parents=True)
    (root / "categories.toml").write_text(CATEGORIES)
    (root / "catalogue" / "files.jsonl").write_text("".join(json.dumps(one) + "\n" for one in services))
    (root / "background.jsonl").write_text("".join(json.dumps({"domain": host, "class": "cdn", "source": "editor"}) + "\n" for host in background))
    return root


pytestmark = pytest.mark.usefixtures("own_cache")


def lines(old: Path, new: Path) -> list[str]:
    return [str(change) for change in catalogue_diff.diff(old, new)]


def test_nothing_changes_between_equals(tmp_path: Path) -> None:
    assert lines(folder(tmp_path / "old", service("Boxy")), folder(tmp_path / "new", service("Boxy"))) == []


def test_services_come_and_go_and_change(tmp_path: Path) -> None:
    old = folder(tmp_path / "old", service("Boxy"), service("Crate"), service("Zip"))
    new = folder(tmp_path / "new", service("Boxy", capability="backup", vendor="Big"), service("Barrel", aliases=["Crate"]), service("Vault"))
    assert lines(old, new) == [
        "renamed: crate: Crate: crate → barrel",
        "service removed: zip: Zip",
        "service added: vault: Vault",
        "changed: boxy: vendor: Boxy → Big",
        "changed: boxy: capability: cloud_storage → backup",
        "host removed: crate: crate.com (use)",
        "host removed: zip: zip.com (use)",
        "host added: barrel: barrel.com (use)",
        "host added: vault: vault.com (use)",
    ]


def test_hosts_move_between_roles_services_and_the_background(tmp_path: Path) -> None:
    old = folder(tmp_path / "old", service("Boxy", domains={"use": ["boxy.com", "cdn.boxy.com"]}), background=("ads.com",))
    new = folder(tmp_path / "new", service("Boxy", domains={"use": ["boxy.com"], "infra": ["cdn.boxy.com"], "embed": ["ads.com"]}))
    assert lines(old, new) == ["host moved: boxy: ads.com: background cdn → boxy, embed", "host moved: boxy: cdn.boxy.com: boxy, use → boxy, infra"]


def test_facts_are_told_with_their_source(tmp_path: Path) -> None:
    old = folder(tmp_path / "old", service("Boxy", facts={"mfa": fact(value=False), "founded": fact(2001)}))
    new = folder(tmp_path / "new", service("Boxy", facts={"mfa": fact(value=True, date="2027-01"), "hq_country": fact("DE")}))
    assert lines(old, new) == [
        "fact removed: boxy: founded (2001 (editor, 2026-11, 0.9))",
        "fact added: boxy: hq_country (DE (editor, 2026-11, 0.9))",
        "fact changed: boxy: mfa: no (editor, 2026-11, 0.9) → yes (editor, 2027-01, 0.9)",
    ]
    assert catalogue_diff.summary(catalogue_diff.diff(old, new)) == {"fact removed": 1, "fact added": 1, "fact changed": 1}


def test_a_compiled_file_stands_for_its_folder(tmp_path: Path) -> None:
    old, new = folder(tmp_path / "old", service("Boxy")), folder(tmp_path / "new", service("Boxy"), service("Crate"))
    catalogue.load(old)
    (cached,) = (tmp_path / "home" / "cache").iterdir()
    compiled = cached.rename(tmp_path / "old.jsonl")
    assert lines(compiled, new) == lines(old, new) == ["service added: crate: Crate", "host added: crate: crate.com (use)"]


@pytest.mark.parametrize("text", ["", "[]", "{}", "\x00"])
def test_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "file.json").write_text(text)
    with pytest.raises(CatalogueError, match="neither a folder with a catalogue nor a compiled one"):
        catalogue_diff.diff(tmp_path / "file.json", folder(tmp_path / "new", service("Boxy")))
