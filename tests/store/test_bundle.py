"""A bundle made at a client's site equals a direct import, names nobody, and is taken in once and only from a trusted site."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from discovery import catalogue
from discovery.errors import GnomonError
from discovery.store import (
    Client,
    Store,
    bundle,
    clients,
    create_client,
    import_log,
    import_people,
    imports,
    observations,
    open_store,
    take_bundle,
    update_client,
)
from discovery.store.blocks import subjects_of
from discovery.store.bundle_file import MAGIC, Content, fingerprint, read, signing_key, written
from discovery.store.home import private_folder
from rules.assess import assess
from rules.export import to_json
from rules.register import Register
from rules.toolset import Toolset
from webui.commands.import_ import command as import_command

pytestmark = pytest.mark.xdist_group("bundle")

CATALOGUE = catalogue.load()
PEOPLE = "person,team,user,ip\nAnn Example,Sales,ann,\nBob Example,Sales,,10.0.0.2\n"
HOSTS = ("www.dropbox.com", "wetransfer.com", "app.tiny-unknown.example.net", "chatgpt.com")
SHOWN = r"\b[UTD]-[A-Z2-7]{6}\b"
NAMES = ("ann", "bob", "ann example", "bob example", "sales", "10.0.0.1", "10.0.0.2")


def squid(days: int = 9, *, user: str = "ann") -> str:
    """A log over so many days, half of it with a user's name."""
    return "".join(
        f"{1_700_000_000 + 500 * n + 86_400 * (n % days)}.250 45 10.0.0.{n % 2 + 1} TCP_MISS/200 {1000 + n} GET http://{HOSTS[n % 4]}/x "
        f"{user if n % 2 == 0 else '-'} HIER_DIRECT/192.0.2.1 text/html\n"
        for n in range(200)
    )


def filled(store: Store, folder: Path, name: str = "Example & Co") -> Client:
    """A client with its people list and two logs."""
    folder.mkdir(exist_ok=True)
    client = create_client(store, name, zone="Europe/London", people_expected=5)
    (folder / "people.csv").write_text(PEOPLE)
    (folder / "access.log").write_text(squid())
    (folder / "later.log").write_text(squid(2, user="bob"))
    import_people(store, client, folder / "people.csv")
    for log in ("access.log", "later.log"):
        assert import_log(store, client, folder / log).state == "published"
    return client


def judged(store: Store, client: Client) -> dict:
    """Its findings as the JSON report has them."""
    found = assess(observations(store, client, CATALOGUE), CATALOGUE, Register(), Toolset())
    return to_json(found, version="1", catalogue=CATALOGUE)


def without_names(value: object) -> object:
    """The same with every pseudonym alike, and lists of people in an order that does not depend on them."""
    if isinstance(value, dict):
        return {name: without_names(one) for name, one in value.items()}
    if isinstance(value, list):
        return sorted((without_names(one) for one in value), key=repr)
    return re.sub(rf"{SHOWN}|\bSales\b", "somebody", value) if isinstance(value, str) else value


def pseudonyms(value: object) -> set[str]:
    """All that stand in it."""
    return set(re.findall(SHOWN, repr(value)))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_database: Path) -> Callable[[str], Store]:
    """Installations by name, each in a folder of its own."""

    def opened(name: str) -> Store:
        monkeypatch.setenv("GNOMON_HOME", str(tmp_path / name))
        monkeypatch.delenv("GNOMON_DATABASE", raising=False)
        shutil.copy(empty_database, private_folder(tmp_path / name) / "gnomon.db")
        return open_store()

    return opened


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Path:
    """The home and the logs of a site with its client, made once, to copy."""
    folder = tmp_path_factory.mktemp("first")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GNOMON_HOME", str(folder / "home"))
        patch.delenv("GNOMON_DATABASE", raising=False)
        shutil.copy(empty_database, private_folder(folder / "home") / "gnomon.db")
        store = open_store()
        filled(store, folder / "logs")
        store.close()
    return folder


@pytest.fixture
def ready(first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Store, Client]:
    """A site of its own with the client and two logs."""
    shutil.copytree(first / "home", tmp_path / "site")
    shutil.copytree(first / "logs", tmp_path / "logs")
    monkeypatch.setenv("GNOMON_HOME", str(tmp_path / "site"))
    monkeypatch.delenv("GNOMON_DATABASE", raising=False)
    store = open_store()
    return store, clients(store)[0]


def made(store: Store, client: Client, to: Path) -> str:
    """A bundle in a file, and the fingerprint of its key."""
    content, fingerprint, _ = bundle(store, client)
    to.write_bytes(content)
    return fingerprint


def test_a_bundle_equals_a_direct_import_and_is_taken_in_once(ready: tuple[Store, Client], site: Callable[[str], Store], tmp_path: Path) -> None:
    here, there = ready
    file = tmp_path / "example.bundle"
    fingerprint = made(here, there, file)
    office = site("office")
    direct = filled(office, tmp_path / "logs", "Direct")
    client = create_client(office, "Example & Co", zone="Europe/London", people_expected=5)
    with pytest.raises(GnomonError, match="not trusted for Example & Co"):
        take_bundle(office, client, file)
    taken = take_bundle(office, client, file, trust=fingerprint.upper())
    assert taken.new == ("access.log", "later.log")
    expected = without_names(judged(here, there))
    assert without_names(judged(office, client)) == expected == without_names(judged(office, direct))
    assert pseudonyms(judged(office, client)) >= pseudonyms(judged(here, there))  # those of the site, and of its teams in place of their names
    assert judged(office, client)["findings"][0]["by_person"]
    assert take_bundle(office, client, file).already == taken.new
    assert [job.state for job in imports(office, client)] == ["published", "published"]
    assert without_names(judged(office, client)) == expected


@pytest.mark.no_cover
def test_a_bundle_names_nobody_and_holds_no_line(ready: tuple[Store, Client], tmp_path: Path) -> None:
    file = tmp_path / "example.bundle"
    made(*ready, file)
    content = read(file, file.name).content()
    cells = {str(cell).lower() for table in content.tables.values() for column in table for cell in column.drop_nulls()}
    assert cells & {"www.dropbox.com", "wetransfer.com"}
    assert not cells & set(NAMES)
    said = [*cells, str(content.manifest).lower()]
    assert not [text for text in said if re.search(r"\b(ann|bob|sales|tcp_miss)\b|10\.0\.0\.", text)]


@pytest.mark.no_cover
def test_a_changed_bundle_is_refused(ready: tuple[Store, Client], tmp_path: Path) -> None:
    here, there = ready
    file = tmp_path / "example.bundle"
    fingerprint = made(here, there, file)
    client = create_client(here, "Taker", zone="Europe/London")
    content = bytearray(file.read_bytes())
    for at in (20, 60, len(content) // 2, len(content) - 1):
        content[at] ^= 1
        (tmp_path / "changed.bundle").write_bytes(content)
        content[at] ^= 1
        with pytest.raises(GnomonError, match="changed after it was signed"):
            take_bundle(here, client, tmp_path / "changed.bundle", trust=fingerprint)
    assert imports(here, client) == []


@pytest.mark.no_cover
def test_days_on_another_clock_and_an_older_bundle_are_refused(ready: tuple[Store, Client], tmp_path: Path) -> None:
    here, there = ready
    older, newer = tmp_path / "older.bundle", tmp_path / "newer.bundle"
    fingerprint = made(here, there, older)
    (tmp_path / "last.log").write_text(squid(3, user="cid"))
    import_log(here, there, tmp_path / "last.log")
    made(here, there, newer)
    client = create_client(here, "Taker", zone="UTC")
    with pytest.raises(GnomonError, match="on the clock of Europe/London, and Taker on that of UTC"):
        take_bundle(here, client, newer, trust=fingerprint)
    client = update_client(here, client, zone="Europe/London")
    assert len(take_bundle(here, client, newer, trust=fingerprint).new) == 3
    with pytest.raises(GnomonError, match="A newer bundle of Taker"):
        take_bundle(here, client, older)


@pytest.mark.no_cover
def test_a_later_bundle_brings_what_is_new(ready: tuple[Store, Client], tmp_path: Path) -> None:
    here, there = ready
    file = tmp_path / "example.bundle"
    fingerprint = made(here, there, file)
    client = create_client(here, "Taker", zone="Europe/London", people_expected=5)
    take_bundle(here, client, file, trust=fingerprint)
    (tmp_path / "last.log").write_text(squid(3, user="cid"))
    import_log(here, there, tmp_path / "last.log")
    made(here, there, file)
    taken = take_bundle(here, client, file)
    assert (taken.new, len(taken.already)) == (("last.log",), 2)
    assert without_names(judged(here, client)) == without_names(judged(here, there))


@pytest.mark.no_cover
def test_the_same_private_addresses_of_two_clients_never_meet(ready: tuple[Store, Client], tmp_path: Path) -> None:
    """Both firms have 10.0.0.2 and a user “ann”; in one of them the address is Bob's, in the other Zoe's."""
    store, first = ready
    second = create_client(store, "Second", zone="Europe/London", people_expected=5, show_names=True)
    (tmp_path / "zoe.csv").write_text("person,ip\nZoe Other,10.0.0.2\n")
    import_people(store, second, tmp_path / "zoe.csv")
    assert import_log(store, second, tmp_path / "logs" / "access.log").state == "published"  # the same content, and still its own import
    first = update_client(store, first, show_names=True)
    people = {client.name: set(observations(store, client, CATALOGUE, names=True).usage["person"].drop_nulls()) for client in (first, second)}
    assert {"Ann Example", "Bob Example"} <= people["Example & Co"]
    assert "Zoe Other" in people["Second"]
    assert not {"Zoe Other"} & people["Example & Co"]
    assert not {"Ann Example", "Bob Example"} & people["Second"]
    hidden = [set(read_keys(store, client)) for client in (first, second)]
    assert hidden[0]
    assert hidden[0].isdisjoint(hidden[1])


def test_a_bundle_is_not_opened_before_its_key_is_trusted(site: Callable[[str], Store], tmp_path: Path) -> None:
    store = site("office")
    client = create_client(store, "Taker", zone="Europe/London")
    key = signing_key(store.keys)
    public, archive = key.public_key(), b"anything that would be opened"
    start = MAGIC + public.public_bytes_raw()
    (tmp_path / "a; b.bundle").write_bytes(start + key.sign(start + archive) + archive)
    with pytest.raises(GnomonError, match=r"not trusted for Taker.*gnomon import taker 'a; b\.bundle' --trust"):
        take_bundle(store, client, tmp_path / "a; b.bundle")
    with pytest.raises(GnomonError, match="does not understand"):
        take_bundle(store, client, tmp_path / "a; b.bundle", trust=fingerprint(public))


@pytest.mark.no_cover
def test_a_bundle_that_is_refused_stops_no_log_beside_it(ready: tuple[Store, Client], site: Callable[[str], Store], tmp_path: Path) -> None:
    made(*ready, tmp_path / "example.bundle")
    office = site("office")
    client = create_client(office, "Taker", zone="Europe/London")
    bundle_file, log = str(tmp_path / "example.bundle"), str(tmp_path / "logs" / "access.log")
    done = CliRunner().invoke(import_command, ["taker", bundle_file, log])
    assert (done.exit_code, done.stdout) == (0, "")
    assert "not trusted for Taker" in done.stderr
    assert [job.name for job in imports(office, client)] == ["access.log"]
    alone = CliRunner().invoke(import_command, ["taker", bundle_file])
    assert isinstance(alone.exception, GnomonError)


def test_a_trusted_site_can_neither_say_whose_its_logs_are_nor_send_lines(ready: tuple[Store, Client], tmp_path: Path) -> None:
    store, there = ready
    client = create_client(store, "Taker", zone="Europe/London")
    file, key = tmp_path / "example.bundle", signing_key(store.keys)
    trusted = made(store, there, file)
    content = read(file, file.name).content()
    more = {"client_id": there.id, "samples": {"why": [[1, "a line"]]}, "nothing": 1}
    told = [{**one, **more} for one in content.manifest["imports"]]
    file.write_bytes(written(Content({**content.manifest, "imports": told}, content.tables), key))
    assert len(take_bundle(store, client, file, trust=trusted).new) == 2
    assert [(job.client_id, job.samples) for job in imports(store, client)] == [(client.id, {})] * 2
    assert len(imports(store, there)) == 2


def test_a_bundle_with_another_content_than_expected_is_refused(ready: tuple[Store, Client], tmp_path: Path) -> None:
    store, there = ready
    client = create_client(store, "Taker", zone="Europe/London")
    file = tmp_path / "example.bundle"
    trusted = made(store, there, file)
    content = read(file, file.name).content()
    for said in ({"imports": 3}, {"made": "today"}, {"made": None}, {"imports": [{}]}, {"zone": None}):
        file.write_bytes(written(Content({**content.manifest, **said}, content.tables), signing_key(store.keys)))
        with pytest.raises(GnomonError, match="nothing was taken in"):
            take_bundle(store, client, file, trust=trusted)
    assert imports(store, client) == []


def read_keys(store: Store, client: Client) -> list[str]:
    """The keyed hashes of users and addresses as they lie in the database."""
    with store.read() as session:
        subjects = subjects_of(session, client.id)
    return [key for kind in ("user_name", "source_ip") for key in subjects[kind].drop_nulls()]
