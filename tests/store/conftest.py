"""A store on SQLite and on PostgreSQL, and logs made for a test."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import polars as pl
import psycopg
import pytest
from sqlalchemy import make_url

from discovery.events import EVENT, TRANSIENT
from discovery.leases import LEASES
from discovery.matching import MATCHES
from discovery.observations import LogAccount
from discovery.pipeline import LogResult
from discovery.shelf import Shelf
from discovery.store import Client, Imported, Store, create_client, import_log, open_store
from discovery.store.base import Base, engine
from discovery.store.home import private_folder
from discovery.store.migrate import upgrade
from discovery.usage import USAGE, summarise
from tests.gate import GATE

NOT_HERE = "needs the programs of PostgreSQL: on Debian `apt-get install postgresql`, then run the tests again"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Outside the gate PostgreSQL is asked only by tests that together send it every statement; the others are on SQLite alone."""
    spared = [] if GATE else [item for item in items if _spared({mark.name for mark in item.iter_markers()})]
    if spared:
        config.hook.pytest_deselected(items=spared)
        items[:] = [item for item in items if item not in set(spared)]


def _spared(marks: set[str]) -> bool:
    return {"postgres", "sqlite_enough"} <= marks and "both" not in marks


@dataclass(frozen=True)
class Visit:
    """One request."""

    domain: str
    at: str  # ISO, UTC
    user_name: str | None = None
    source_ip: str | None = None
    source_mac: str | None = None
    host_name: str | None = None
    up: int | None = None
    down: int | None = None
    action: str | None = None
    channel: str = "name"


@dataclass
class Made:
    """Logs made for a test, and a client to take them in."""

    store: Store
    client: Client
    classes: dict[str, str] = field(default_factory=dict)  # domain -> match; others are unknown

    def result(
        self, visits: list[Visit], *, name: str = "made.log", leases: list[tuple[str, str | None, str | None, str, str | None]] = ()
    ) -> LogResult:
        """What reading such a log would give."""
        rows = [
            {
                **dict.fromkeys(EVENT),
                "line": number,
                "timestamp": _moment(visit.at),
                "user_name": visit.user_name,
                "source_ip": visit.source_ip,
                "source_mac": visit.source_mac,
                "host_name": visit.host_name,
                "destination_domain": visit.domain,
                "source_bytes": visit.up,
                "destination_bytes": visit.down,
                "event_action": visit.action,
                "channel": visit.channel,
                "requests": 1,
                "session": None,
            }
            for number, visit in enumerate(visits, 1)
        ]
        usage = summarise(pl.DataFrame(rows, schema={**EVENT, **TRANSIENT})) if rows else pl.DataFrame(schema=USAGE)
        held = [(ip, mac, host, _moment(since), until and _moment(until)) for ip, mac, host, since, until in leases]
        account = LogAccount(
            path=name,
            format="dhcpd-leases" if leases else "made",
            family="identity" if leases else "proxy",
            bytes=100 * len(rows),
            lines=len(rows) + len(held),
            events=len(rows),
            skipped={"lease or comment": len(held)} if held else {},
            first=usage["first"].min(),
            last=usage["last"].max(),
        )
        fingerprint = sha256(repr((visits, leases)).encode()).hexdigest()
        return LogResult(account, Shelf([usage]), pl.DataFrame(held, schema=LEASES, orient="row"), fingerprint)

    def match(self, names: pl.Series) -> pl.DataFrame:
        """What the catalogue of this test says."""
        classes = [self.classes.get(name, "unknown") for name in names]
        services = [name if class_ == "service" else None for name, class_ in zip(names, classes, strict=True)]
        roles = ["use" if service else None for service in services]
        return pl.DataFrame({**dict.fromkeys(MATCHES), "domain": names, "match": classes, "service": services, "role": roles}, schema=MATCHES)

    def take_in(self, visits: list[Visit], *, name: str = "made.log", client: Client | None = None, **leases: list) -> Imported:
        """Import a log of these visits."""
        made = self.result(visits, name=name, **leases)
        return import_log(self.store, client or self.client, Path(name), reader=lambda _log, **_how: made, match=self.match)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GNOMON_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GNOMON_DATABASE", raising=False)
    return tmp_path / "home"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, home: Path) -> str:
    if request.param == "postgres":
        return _emptied(request.getfixturevalue("server"))
    private_folder(home)
    shutil.copy(request.getfixturevalue("empty_database"), home / "gnomon.db")
    return f"sqlite:///{home / 'gnomon.db'}"


@pytest.fixture
def postgres_url(server: str) -> str:
    return _emptied(server)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database that went through every step of the schema, made once."""
    path: Path = tmp_path_factory.mktemp("empty") / "gnomon.db"
    path.touch(mode=0o600)
    made = engine(make_url(f"sqlite:///{path}"))
    upgrade(made)
    made.dispose()
    return path


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def client(store: Store) -> Client:
    return create_client(store, "Example & Co", zone="Europe/London")


@pytest.fixture
def made(store: Store, client: Client) -> Made:
    return Made(store, client)


@pytest.fixture
def visit() -> type[Visit]:
    return Visit


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server of our own: the folder of its socket. It has the user `gnomon` and a database of that name, with the schema."""
    programs = _postgres_programs()
    if programs is None:
        pytest.skip(NOT_HERE)
    with tempfile.TemporaryDirectory(prefix="gnomon-pg-", ignore_cleanup_errors=True) as folder:
        user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        if user:
            shutil.chown(folder, "postgres", "postgres")
        data = f"{folder}/data"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **user}
        subprocess.run([programs / "initdb", "-D", data, "-A", "trust", "-U", "gnomon", "-E", "UTF8", "--locale=C", "-N"], check=True, **quiet)
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        subprocess.run([programs / "pg_ctl", "-D", data, "-w", "-o", options, "start"], check=True, **quiet)
        try:
            with psycopg.connect(host=folder, user="gnomon", dbname="postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE gnomon")
            made = engine(make_url(_address(folder)))
            upgrade(made)
            made.dispose()
            yield folder
        finally:
            subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True, **quiet)


def _address(server: str) -> str:
    return f"postgresql+psycopg://gnomon@/gnomon?host={server}"


def _emptied(server: str) -> str:
    """The address of the server's database, without a row in any table."""
    with psycopg.connect(host=server, user="gnomon", dbname="gnomon", autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS later")
        connection.execute(f"TRUNCATE {', '.join(table.name for table in Base.metadata.sorted_tables)} RESTART IDENTITY CASCADE")
    return _address(server)


def _postgres_programs() -> Path | None:
    """Where PostgreSQL's programs are; on Debian as root they are installed if they are not there."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "postgresql"], check=False, stdout=subprocess.DEVNULL)
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


def files_with(folder: Path, needles: list[str]) -> list[tuple[Path, str]]:
    """Which file under a folder holds which of the texts."""
    contents = {path: path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()}
    return [(path, needle) for path, content in contents.items() for needle in needles if needle.lower().encode() in content]


@pytest.fixture(name="files_with")
def _files_with() -> Callable[[Path, list[str]], list[tuple[Path, str]]]:
    return files_with
