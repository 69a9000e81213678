"""Signed updates of the catalogue: taken in, refused, given up."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from discovery import catalogue, catalogue_edition, catalogue_update, shipped
from discovery.errors import CatalogueError
from tests.gate import examples
from webui.commands.catalogue_ import command

CATEGORIES = '[files]\ntitle = "Files"\ncapabilities = { cloud_storage = "Cloud storage" }\n'

Build = Callable[..., Path]


def service(**changes: object) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": "boxy",
        "name": "Boxy",
        "vendor": "Boxy Ltd",
        "category": "files",
        "capability": "cloud_storage",
        "about": "Keeps folders in step.",
        "domains": {"use": ["boxy.com"]},
        "facts": {"mfa": {"value": True, "source": "editor", "date": "2026-11", "confidence": 0.9}},
    }
    return record | changes


@pytest.fixture
def data(tmp_path: Path) -> Build:
    """Writes a data folder made on a day."""

    def build(name: str, *services: dict[str, Any], made: str | None = "2026-11-22") -> Path:
        root = tmp_path / name
        (root / "catalogue").mkdir(parents=True)
        (root / "categories.toml").write_text(CATEGORIES)
        (root / "catalogue" / "files.jsonl").write_text("".join(json.dumps(one) + "\n" for one in services))
        if made:
            (root / "edition.toml").write_text(f"made = {made}\n")
        return root

    return build


@pytest.fixture(autouse=True)
def installation(data: Build, own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """An installation with a small catalogue and one key that came with the program."""
    root, whole = data("shipped", service()), shipped.path
    monkeypatch.setattr(shipped, "path", lambda *parts: root.joinpath(*parts) if not parts or parts[0] == "keys" else whole(*parts))
    (root / "keys").mkdir()
    catalogue_update.new_key(tmp_path / "key")
    (tmp_path / "key.pub").rename(root / "keys" / "gnomon.pub")


@pytest.fixture
def update(data: Build, tmp_path: Path) -> Path:
    """A newer catalogue, signed with the key that came with the program."""
    newer = data("newer", service(name="Boxier"), service(id="crate", name="Crate", domains={"use": ["crate.com"]}), made="2027-01-15")
    return written(tmp_path / "new.update", catalogue_update.sign(newer, tmp_path / "key"))


def written(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file


def refused(file: Path, sentence: str, trust: Path | None = None) -> None:
    before, stamp = catalogue.load().version, catalogue_edition.stamp()
    with pytest.raises(CatalogueError, match=sentence):
        catalogue_update.take_in(file, trust)
    assert (catalogue.load().version, catalogue_edition.stamp()) == (before, stamp)
    assert not list(catalogue_edition.kept().parent.glob("*.new"))
    assert not list(catalogue_edition.kept().parent.glob("keys/*"))


def test_an_update_is_used_from_then_on_and_can_be_given_up(update: Path) -> None:
    changes = catalogue_update.take_in(update)
    assert {(change.kind, change.service) for change in changes} >= {("service added", "crate"), ("renamed", "boxy")}
    update.unlink()  # the installation has its own copy
    read = catalogue.load()
    assert (read.version[:10], read.services["boxy"].name, "crate.com" in read.domains) == ("2027-01-15", "Boxier", True)
    assert catalogue_edition.origin().startswith("update signed with key ")
    assert catalogue.check() == []
    assert catalogue_update.give_up()
    assert (catalogue.load().services["boxy"].name, catalogue_edition.origin()) == ("Boxy", "came with Gnomon")
    assert not catalogue_update.give_up()


def test_the_same_update_twice_changes_nothing(update: Path) -> None:
    catalogue_update.take_in(update)
    assert catalogue_update.take_in(update) == []


@examples(20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_an_update_with_any_byte_changed_is_refused(update: Path, tmp_path: Path, where: float, flip: int) -> None:
    content = bytearray(update.read_bytes())
    content[int(where * len(content))] ^= flip
    with pytest.raises(CatalogueError):
        catalogue_update.take_in(written(tmp_path / "changed.update", bytes(content)))
    assert not catalogue_edition.kept().exists()


def test_an_update_that_was_changed_or_cut_says_so(update: Path, tmp_path: Path) -> None:
    whole = update.read_bytes()
    refused(written(tmp_path / "cut.update", whole[:-20]), "changed after it was signed, or is damaged; nothing has changed")
    refused(written(tmp_path / "longer.update", whole + b"x"), "changed after it was signed")


def test_what_is_not_signed_is_refused(update: Path, tmp_path: Path) -> None:
    archive = catalogue_edition.unfold(update.read_bytes(), update).archive
    refused(written(tmp_path / "bare.zip", archive), "no catalogue update")
    refused(written(tmp_path / "empty.update", b""), "no catalogue update")
    refused(written(tmp_path / "unsigned.update", catalogue_edition.MARK + b"\n" + archive), "no catalogue update")
    refused(tmp_path / "missing.update", "cannot be read")


def test_a_key_is_trusted_only_when_somebody_says_so(data: Build, tmp_path: Path) -> None:
    other, newer = tmp_path / "other", data("newer", service(), made="2027-01-15")
    name = catalogue_update.new_key(other)
    update = written(tmp_path / "other.update", catalogue_update.sign(newer, other))
    refused(update, f"a key that is not trusted here \\({name}\\)")
    changed = written(tmp_path / "changed.update", update.read_bytes() + b"x")
    refused(changed, "changed after it was signed", trust=tmp_path / "other.pub")  # and the key is not kept
    catalogue_update.take_in(update, tmp_path / "other.pub")
    catalogue_update.give_up()
    catalogue_update.take_in(update)  # it stays trusted
    assert catalogue_edition.origin() == f"update signed with key {name}"


def test_only_a_public_key_of_the_right_kind_is_trusted(update: Path, tmp_path: Path) -> None:
    curve = generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for content in (b"", b"not a key", curve, (tmp_path / "key").read_bytes()):
        refused(update, "not a public key", trust=written(tmp_path / "wrong.pub", content))


def test_an_older_update_is_refused_and_gives_way(data: Build, update: Path, tmp_path: Path) -> None:
    older = written(tmp_path / "older.update", catalogue_update.sign(data("older", service(), made="2026-11-21"), tmp_path / "key"))
    refused(older, r"made on 2026-11-21, before the catalogue in use \(2026-11-22\); nothing has changed")
    catalogue_update.take_in(update)
    between = written(tmp_path / "between.update", catalogue_update.sign(data("between", service(), made="2026-12-24"), tmp_path / "key"))
    refused(between, "before the catalogue in use")
    (shipped.path() / "edition.toml").write_text("made = 2027-02-01\n")  # the program was brought up to date meanwhile
    assert catalogue.load().services["boxy"].name == "Boxy"


def test_an_update_with_a_mistake_is_refused(update: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_update, "check", lambda _: ["catalogue/files.jsonl:1: fact 'x': no such fact."])
    refused(update, "does not fit this version of Gnomon .*no such fact")


def test_nothing_but_a_catalogue_can_be_in_an_update(tmp_path: Path) -> None:
    for name in ("../escape.jsonl", "/etc/passwd", "catalogue/../x.jsonl", "catalogue/x.py"):
        archive = catalogue_edition.pack({name: b"{}"})
        with pytest.raises(CatalogueError, match="more than a catalogue"):
            catalogue_edition.unpack(archive, tmp_path)


def test_a_catalogue_with_a_mistake_or_without_a_day_is_not_signed(data: Build, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="there are mistakes"):
        catalogue_update.sign(data("wrong", service(capability="flying")), tmp_path / "key")
    with pytest.raises(CatalogueError, match=r"edition\.toml is missing"):
        catalogue_update.sign(data("undated", service(), made=None), tmp_path / "key")
    with pytest.raises(CatalogueError, match="not a private key"):
        catalogue_update.sign(data("good", service()), written(tmp_path / "nonsense", b"nonsense"))


def test_a_key_is_for_its_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    catalogue_update.new_key(tmp_path / "mine")
    assert (tmp_path / "mine").stat().st_mode & 0o077 == 0
    with pytest.raises(CatalogueError, match="never overwritten"):
        catalogue_update.new_key(tmp_path / "mine")


def test_a_fact_from_after_the_day_is_a_mistake(data: Build) -> None:
    (problem,) = catalogue.check(data("early", service(), made="2026-10-31"))
    assert "a fact is of 2026-11, after the day in edition.toml (2026-10-31)" in problem
    (wrong,) = catalogue.check(data("wrong", service(), made='"soon"'))
    assert "not a day" in wrong


def test_a_damaged_update_says_how_to_go_back(update: Path) -> None:
    catalogue_update.take_in(update)
    kept = catalogue_edition.kept()
    kept.write_bytes(kept.read_bytes()[:400])
    with pytest.raises(CatalogueError, match="--revert"):
        catalogue.load()
    catalogue_update.give_up()
    assert catalogue.load().services["boxy"].name == "Boxy"


def test_the_age_is_counted_from_the_day_it_was_made(data: Build) -> None:
    assert catalogue.load().age(date(2026, 12, 2)) == 10
    assert catalogue.load(data("undated", service(), made=None)).age(date(2026, 12, 2)) is None


def test_the_commands_sign_take_in_show_and_revert(data: Build, tmp_path: Path) -> None:
    newer, out, key = data("newer", service(name="Boxier"), made="2027-01-15"), tmp_path / "out.update", tmp_path / "mine"
    run = CliRunner().invoke
    signed = run(command, ["sign", str(out), "--key", str(key), "--data", str(newer)])
    assert (signed.exit_code, "hand out" in signed.stderr) == (0, True)
    taken = run(command, ["update", str(out), "--trust", f"{key}.pub"])
    assert (taken.exit_code, "The catalogue of 2027-01-15 is in use." in taken.stderr) == (0, True)
    shown = json.loads(run(command, ["stats", "--output", "json"]).stdout)
    assert (shown["version"][:10], shown["origin"][:6], shown["facts_written_by_hand"]) == ("2027-01-15", "update", {"mfa": 1.0})
    assert "is in use again" in run(command, ["update", "--revert"]).stderr
    assert run(command, ["update"]).exit_code == 2
    assert run(command, ["update", str(out), "--revert"]).exit_code == 2
