"""A backup and its passphrase make an empty installation equal to the original, on either database; nothing else opens or changes it."""

import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

import rules.tables  # noqa: F401 (a backup holds the tables of every wing)
from discovery import catalogue
from discovery.errors import GnomonError
from discovery.store import Client, Store, back_up, backup, clients, create_client, import_log, import_people, observations, open_store, restore
from discovery.store.backup import DATABASE, MANIFEST, SEALED
from discovery.store.base import Base
from discovery.store.copying import empty
from discovery.store.home import private_folder
from webui.commands.backup_ import command as backup_command
from webui.commands.restore_ import command as restore_command
from webui.users import queries

CATALOGUE = catalogue.load()
PASSPHRASE = "three words and one"
HOSTS = ("www.dropbox.com", "wetransfer.com", "app.tiny-unknown.example.net", "chatgpt.com")

Opened = Callable[[Path, str], Store]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, empty_database: Path) -> Opened:
    """Opens the store of an installation in a folder, on SQLite or PostgreSQL."""

    def open_(folder: Path, kind: str) -> Store:
        monkeypatch.setenv("GNOMON_HOME", str(folder))
        if kind == "sqlite":
            shutil.copy(empty_database, private_folder(folder) / "gnomon.db")
        store = open_store(request.getfixturevalue("postgres_url") if kind == "postgres" else None)
        request.addfinalizer(store.close)
        return store

    return open_


def filled(store: Store, folder: Path) -> Client:
    """A client with people, a log, and two users."""
    client = create_client(store, "Example & Co", zone="Europe/London", people_expected=5, show_names=True)
    (folder / "people.csv").write_text("person,team,user,ip\nZoltan Canary,Sales,zoltan,\nBob Example,Sales,,10.0.0.2\n")
    lines = (
        f"{1_700_000_000 + 500 * n}.250 45 10.0.0.{n % 2 + 1} TCP_MISS/200 {1000 + n} GET http://{HOSTS[n % 4]}/x "
        f"{'zoltan' if n % 2 == 0 else '-'} HIER_DIRECT/192.0.2.1 text/html\n"
        for n in range(40)
    )
    (folder / "access.log").write_text("".join(lines))
    import_people(store, client, folder / "people.csv")
    assert import_log(store, client, folder / "access.log").state == "published"
    queries.add(store, "Ada Example", "correct horse battery", "administrator", None)
    queries.add(store, "Ben Example", "another horse battery", "viewer", [client.id])
    return client


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All that the database holds."""
    with store.read() as session:
        return {table.name: sorted(map(tuple, session.execute(select(table))), key=repr) for table in Base.metadata.sorted_tables}


def files(folder: Path) -> dict[str, bytes]:
    """What lies beside the database."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted((folder / "keys").rglob("*")) if path.is_file()}


@pytest.mark.both
@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("sqlite", "sqlite"),
        pytest.param("sqlite", "postgres", marks=pytest.mark.postgres),
        pytest.param("postgres", "sqlite", marks=pytest.mark.postgres),
    ],
)
def test_what_is_restored_equals_the_original(tmp_path: Path, opened: Opened, source: str, target: str) -> None:
    original = opened(tmp_path / "one", source)
    client = filled(original, tmp_path)
    said = back_up(original, tmp_path / "backup.zip", PASSPHRASE)
    before, seen = rows(original), observations(original, client, CATALOGUE, names=True).usage
    again = opened(tmp_path / "two", target)
    assert restore(again, tmp_path / "backup.zip", PASSPHRASE) == said
    assert rows(again) == before
    assert len(before["accounts"]) == 2
    assert files(tmp_path / "two") == files(tmp_path / "one") != {}
    (found,) = clients(again)
    assert observations(again, found, CATALOGUE, names=True).usage.equals(seen)
    assert {"Zoltan Canary"} <= set(seen["person"])
    assert create_client(again, "Another", zone="UTC").id > client.id  # the next row gets a number of its own


def test_people_cannot_be_read_from_a_backup_without_its_passphrase(tmp_path: Path, opened: Opened) -> None:
    store = opened(tmp_path / "one", "sqlite")
    filled(store, tmp_path)
    back_up(store, tmp_path / "backup.zip", PASSPHRASE)
    assert (tmp_path / "backup.zip").stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"dropbox" in whole
    assert [word for word in (b"zoltan", b"Zoltan", b"Canary", b"10.0.0.2") if word in whole] == []
    assert [name for name, key in files(tmp_path / "one").items() if key in whole] == []


def rewritten(file: Path, member: str, change: Callable[[bytes], bytes]) -> None:
    """A backup with one member changed."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, change(content) if name == member else content)


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def claiming(**words: str | int) -> Callable[[bytes], bytes]:
    return lambda content: json.dumps(json.loads(content) | words).encode()


#: What happens to a backup, and what is said then.
SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "its database": (lambda file: rewritten(file, DATABASE, flipped), "was changed since it was made, or is damaged"),
    "a longer database": (lambda file: rewritten(file, DATABASE, lambda content: content + b"x"), "was changed since it was made, or is damaged"),
    "its keys": (lambda file: rewritten(file, SEALED, flipped), "cannot be opened with this passphrase, or was changed"),
    "what it says": (lambda file: rewritten(file, MANIFEST, claiming(size=10**12)), "cannot be opened with this passphrase, or was changed"),
    "of a later version": (lambda file: rewritten(file, MANIFEST, claiming(step="step9999_later")), "was made by a newer version of Gnomon"),
    "says nothing": (lambda file: rewritten(file, MANIFEST, lambda _: b"[]"), "is no backup of Gnomon"),
    "cut off": (lambda file: file.write_bytes(file.read_bytes()[:-200]), "is no backup of Gnomon, or is not whole"),
    "a log": (lambda file: file.write_text("1700000000.250 45 10.0.0.1 TCP_MISS/200"), "is no backup of Gnomon"),
}


def test_what_is_no_backup_any_more_is_refused_and_nothing_changed(tmp_path: Path, opened: Opened) -> None:
    file = tmp_path / "backup.zip"
    store = opened(tmp_path / "one", "sqlite")
    create_client(store, "Example & Co", zone="UTC")
    back_up(store, file, PASSPHRASE)
    sound, said = file.read_bytes(), {}
    again = opened(tmp_path / "two", "sqlite")
    for name, (spoil, _) in SPOILT.items():
        file.write_bytes(sound)
        spoil(file)
        said[name] = refused(again, file, PASSPHRASE)
    file.write_bytes(sound)
    said["another passphrase"] = refused(again, file, PASSPHRASE.title())
    wanted = {name: why for name, (_, why) in SPOILT.items()} | {"another passphrase": "cannot be opened with this passphrase"}
    assert {name: text for name, text in said.items() if wanted[name] not in text} == {}
    assert empty(again.engine)
    assert sorted(path.name for path in (tmp_path / "two").iterdir() if not path.name.startswith("gnomon.db")) == []


def refused(store: Store, file: Path, passphrase: str) -> str:
    """Why a backup is not restored."""
    with pytest.raises(GnomonError) as error:
        restore(store, file, passphrase)
    return str(error.value)


def test_an_installation_in_use_is_not_overwritten(tmp_path: Path, opened: Opened) -> None:
    store = opened(tmp_path / "one", "sqlite")
    client = create_client(store, "Example & Co", zone="UTC")
    back_up(store, tmp_path / "backup.zip", PASSPHRASE)
    with pytest.raises(GnomonError, match="There is something in this installation already"):
        restore(store, tmp_path / "backup.zip", PASSPHRASE)
    assert [one.id for one in clients(store)] == [client.id]


def test_a_backup_that_cannot_be_written_leaves_the_one_before(tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    store, file = opened(tmp_path / "one", "sqlite"), tmp_path / "backup.zip"
    back_up(store, file, PASSPHRASE)
    before = file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", full)
    with pytest.raises(GnomonError, match=r"the backup cannot be written \(No space left on device\)"):
        back_up(store, file, PASSPHRASE)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".gnomon-")] == []


def test_the_commands_ask_for_the_passphrase_and_say_what_was_done(tmp_path: Path, opened: Opened) -> None:
    store = opened(tmp_path / "one", "sqlite")
    create_client(store, "Example & Co", zone="UTC")
    file, run = str(tmp_path / "backup.zip"), CliRunner()
    short = run.invoke(backup_command, [file], input="short\n")
    assert isinstance(short.exception, GnomonError)
    assert not Path(file).exists()
    made = run.invoke(backup_command, [file], input=f"{PASSPHRASE}\n")
    assert made.exit_code == 0
    assert "written" in made.output
    opened(tmp_path / "two", "sqlite").close()
    restored = run.invoke(restore_command, [file], input=f"{PASSPHRASE}\n")
    assert f"restored as it was on {datetime.now(UTC):%d %B %Y}" in restored.output
    assert [client.name for client in clients(open_store())] == ["Example & Co"]


@pytest.mark.parametrize("name", ["../outside", "keys/../../outside", "/outside", "gnomon.db", "keys\\..\\..\\outside", "C:/outside"])
def test_a_backup_puts_nothing_elsewhere(tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whoever hands over a backup with its passphrase may have made it to write where they cannot."""
    source = opened(tmp_path / "a", "sqlite")
    with monkeypatch.context() as patch:
        patch.setattr(backup, "_files", lambda _: [("keys/a.hash", b"key"), (name, b"planted")])
        back_up(source, tmp_path / "bad.zip", PASSPHRASE)
    target = opened(tmp_path / "deep" / "b", "sqlite")
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(GnomonError, match="is no backup"):
        restore(target, tmp_path / "bad.zip", PASSPHRASE)
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_record_that_grows_meanwhile_is_not_missed_afterwards(tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    source, moved = opened(tmp_path / "a", "sqlite"), backup._moved  # noqa: SLF001
    (source.keys / "a.reveals").parent.mkdir(exist_ok=True)
    (source.keys / "a.reveals").write_text("1 old")

    def meanwhile(*args: Any, **how: Any) -> None:
        moved(*args, **how)
        (source.keys / "a.reveals").write_text("2 new")
        (source.keys / "b.reveals").write_text("1 new")
        (source.keys / "b.hash").write_bytes(b"a client that came meanwhile")

    with monkeypatch.context() as patch:
        patch.setattr(backup, "_moved", meanwhile)
        back_up(source, tmp_path / "backup.zip", PASSPHRASE)
    target = opened(tmp_path / "b", "sqlite")
    restore(target, tmp_path / "backup.zip", PASSPHRASE)
    assert {path.name: path.read_bytes() for path in target.keys.iterdir()} == {"a.reveals": b"1 old", "b.hash": b"a client that came meanwhile"}
