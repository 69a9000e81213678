"""Clients and their settings."""

import pytest

from discovery.errors import GnomonError
from discovery.store import UnknownClient, clients, create_client, data_version, database_url, delete_client, get_client, home, update_client
from discovery.store.clients import slugify


def test_a_client_is_found_by_its_slug(store):
    made = create_client(store, "Müller & Söhne GmbH", zone="Europe/Berlin", people_expected=40, show_names=True, toolset='suite = "none"')
    found = get_client(store, "muller-sohne-gmbh")
    assert found.id == made.id
    assert (found.name, found.zone, found.people_expected, found.show_names) == ("Müller & Söhne GmbH", "Europe/Berlin", 40, True)
    assert found.toolset == 'suite = "none"'
    with pytest.raises(UnknownClient, match="no client “nobody”"):
        get_client(store, "nobody")


def test_clients_are_listed_by_name(store):
    for name in ("Zeta", "Alpha", "Mid"):
        create_client(store, name)
    assert [client.name for client in clients(store)] == ["Alpha", "Mid", "Zeta"]


def test_names_are_hidden_unless_somebody_said_otherwise(store):
    assert create_client(store, "Quiet").show_names is False


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"name": " "}, "needs a name"),
        ({"zone": "Mars/Olympus"}, "is not a time zone"),
        ({"people_expected": -1}, "cannot be negative"),
        ({"toolset": "[broken"}, "not valid TOML"),
    ],
)
def test_what_cannot_be_is_refused_in_words(store, home, settings, sentence):
    with pytest.raises(GnomonError, match=sentence):
        create_client(store, **{"name": "Example", **settings})
    assert not list(home.glob("keys/*"))
    client = create_client(store, "Example")
    with pytest.raises(GnomonError, match=sentence):
        update_client(store, client, **settings)


def test_a_slug_is_taken_once_and_leaves_no_keys_behind(store, home):
    create_client(store, "Example")
    with pytest.raises(GnomonError, match="There is a client “example” already"):
        create_client(store, "EXAMPLE")
    assert len(list((home / "keys").iterdir())) == 2


def test_a_change_of_settings_changes_the_version(store):
    client = create_client(store, "Example")
    before = data_version(store, client)
    changed = update_client(store, client, people_expected=12, name="Example Ltd")
    assert (changed.people_expected, changed.name, changed.slug) == (12, "Example Ltd", "example")
    assert data_version(store, client) != before


def test_only_settings_can_be_updated(store):
    client = create_client(store, "Example")
    with pytest.raises(TypeError, match="vault"):
        update_client(store, client, vault="x")


def test_a_slug_used_again_is_another_client(store):
    first = create_client(store, "Example")
    version = data_version(store, first)
    delete_client(store, first)
    again = create_client(store, "Example")
    assert again.vault != first.vault
    assert data_version(store, again) != version


@pytest.mark.parametrize(("name", "slug"), [("Example & Co.", "example-co"), ("Ünïcode", "unicode"), ("日本", "client"), ("x" * 99, "x" * 64)])
def test_slugs_fit_a_url_and_a_command_line(name, slug):
    assert slugify(name) == slug


def test_the_home_is_private_and_holds_the_database(tmp_path, monkeypatch):
    monkeypatch.setenv("GNOMON_HOME", str(tmp_path / "a" / "b"))
    monkeypatch.delenv("GNOMON_DATABASE", raising=False)
    assert home() == tmp_path / "a" / "b"
    assert home().stat().st_mode & 0o777 == 0o700
    assert database_url() == f"sqlite:///{tmp_path}/a/b/gnomon.db"
    monkeypatch.setenv("GNOMON_DATABASE", "postgresql+psycopg://somewhere/gnomon")
    assert database_url() == "postgresql+psycopg://somewhere/gnomon"
