"""Law 10: nothing that is kept names anybody, and what is sensitive carries nobody at all."""

from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import select, text

from discovery.errors import GnomonError
from discovery.store import create_client, delete_client, get_client, import_people, remove_import, update_client, usage_parts
from discovery.store.tables import Identity, Lease, Subject
from discovery.store.vault import Vault, pseudonym

pytestmark = pytest.mark.sqlite_enough

CANARIES = ["jane.canary", "canary-laptop", "10.77.66.55", "02:ca:4a:01:02:03", "Jane Q. Canary", "Canary Wharf Team"]


def who(made, client=None, *, names=False):
    """Domain -> people as they are shown (None: nobody)."""
    parts, _ = usage_parts(made.store, client or made.client, None, None, names=names)
    found = {}
    for part in parts:
        for domain, person in part.usage.whole().select("destination_domain", "person").iter_rows():
            found.setdefault(domain, set()).add(person)
    return found


def rows(made, client=None):
    parts, _ = usage_parts(made.store, client or made.client, None, None)
    return pl.concat([part.usage.whole() for part in parts])


def canary_visits(visit):
    return [
        visit(
            "www.dropbox.com",
            f"2026-03-{day:02d}T09:{10 + day}",
            user_name=CANARIES[0],
            host_name=CANARIES[1],
            source_ip=CANARIES[2],
            source_mac=CANARIES[3],
        )
        for day in range(1, 20)
    ]


@pytest.mark.both
def test_no_file_holds_a_name(made, visit, home, tmp_path, files_with):
    made.classes = {"www.dropbox.com": "service"}
    made.take_in(canary_visits(visit))
    made.take_in([], leases=[(CANARIES[2], CANARIES[3], CANARIES[1], "2026-03-01T00:00", None)], name="leases")
    people = tmp_path / "people.csv"
    people.write_text(f"person,team,user,ip\n{CANARIES[4]},{CANARIES[5]},{CANARIES[0]},{CANARIES[2]}\n")
    assert import_people(made.store, made.client, people) == 1
    update_client(made.store, made.client, show_names=True)
    assert who(made, get_client(made.store, made.client.slug), names=True)["www.dropbox.com"] == {CANARIES[4]}  # the names are there, sealed
    assert files_with(home, CANARIES) == []
    if made.store.engine.dialect.name == "postgresql":
        assert canaries_in_tables(made.store) == []


def canaries_in_tables(store):
    with store.read() as session:
        tables = session.scalars(text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")).all()
        dumped = {name: str(session.execute(text(f"SELECT t::text FROM {name} t")).all()).lower() for name in tables}  # noqa: S608 (names of our own tables)
    return [(name, canary) for name, dump in dumped.items() for canary in CANARIES if canary.lower() in dump or canary.lower().encode().hex() in dump]


@pytest.mark.both
def test_removing_an_import_leaves_no_copy_of_its_hashes_in_any_file(made, visit, home, files_with):
    made.classes = {"www.dropbox.com": "service"}
    done = made.take_in(canary_visits(visit))
    vault = made.store.vault(made.client)
    hashes = [vault.key("user_name", CANARIES[0]), vault.key("source_mac", CANARIES[3])]
    with made.store.read() as session:
        pseudonyms = list(session.scalars(select(Identity.pseudonym)))
        assert set(hashes) <= set(session.scalars(select(Identity.key)))
    remove_import(made.store, made.client, done.import_id)
    assert files_with(home, [*hashes, *pseudonyms]) == []
    with made.store.read() as session:
        assert session.scalars(select(Identity.key)).all() == []


def test_people_are_pseudonyms_unless_the_setting_and_the_reader_allow_names(made, visit):
    made.classes = {"a.example.com": "service"}
    made.take_in([visit("a.example.com", "2026-03-05T09:00", user_name="ann")])
    (alias,) = who(made)["a.example.com"]
    assert alias.startswith("U-")
    assert len(alias) == 8
    assert who(made, names=True)["a.example.com"] == {alias}  # the client's setting says no
    open_client = update_client(made.store, made.client, show_names=True)
    assert who(made, open_client)["a.example.com"] == {alias}  # this reader may not
    assert who(made, open_client, names=True)["a.example.com"] == {"ann"}


def test_a_person_is_one_pseudonym_over_imports_and_another_at_another_client(made, visit):
    made.classes = {"a.example.com": "service", "b.example.com": "service"}
    other = create_client(made.store, "Other")
    made.take_in([visit("a.example.com", "2026-03-05T09:00", user_name="ann")])
    made.take_in([visit("b.example.com", "2026-03-06T09:00", user_name="ann")])
    made.take_in([visit("a.example.com", "2026-03-05T09:00", user_name="ann")], client=other)
    mine = who(made)
    assert mine["a.example.com"] == mine["b.example.com"]
    assert mine["a.example.com"].isdisjoint(who(made, other)["a.example.com"])


@pytest.mark.both
def test_two_clients_with_the_same_private_addresses_never_meet(made, visit):
    made.classes = {"a.example.com": "service"}
    other = create_client(made.store, "Other")
    made.take_in([visit("a.example.com", "2026-03-05T09:00", source_ip="192.168.1.10")])
    made.take_in([visit("a.example.com", "2026-03-05T10:00", source_ip="192.168.1.10")] * 3, client=other)
    made.take_in([], leases=[("192.168.1.10", None, "their-laptop", "2026-03-01T00:00", None)], client=other, name="leases")
    with made.store.read() as session:
        by_client = {
            number: set(session.scalars(select(Subject.source_ip).where(Subject.client_id == number))) for number in (made.client.id, other.id)
        }
        assert set(session.scalars(select(Lease.client_id))) == {other.id}
    assert by_client[made.client.id].isdisjoint(by_client[other.id])
    assert (rows(made)["hits"].sum(), rows(made, other)["hits"].sum()) == (1, 3)
    assert "DHCP lease" not in set(rows(made)["basis"])


def test_a_private_domain_carries_neither_subject_nor_number_nor_time_nor_line(made, visit):
    made.classes = {"faith.example.org": "private", "a.example.com": "service"}
    made.take_in(
        [visit("faith.example.org", f"2026-03-05T{9 + i:02d}:31:07", user_name=f"user{i % 4}", down=5) for i in range(8)]
        + [visit("a.example.com", "2026-03-05T12:00", user_name="user1")]
    )
    row = rows(made).filter(pl.col("destination_domain") == "faith.example.org").to_dicts()
    assert len(row) == 1
    assert {name: row[0][name] for name in ("person", "device", "people", "first_line", "grain", "hits", "destination_bytes")} == {
        "person": None, "device": None, "people": None, "first_line": None, "grain": "day", "hits": 8, "destination_bytes": 40,
    }  # fmt: skip
    assert {f"{row[0][name]:%Y-%m-%dT%H:%M:%S}" for name in ("start", "hour", "first", "last")} == {"2026-03-05T00:00:00"}


@pytest.mark.both
def test_nobody_is_remembered_who_only_went_to_private_domains(made, visit):
    made.classes = {"faith.example.org": "private"}
    made.take_in([visit("faith.example.org", "2026-03-05T09:00", user_name="ann", source_ip="10.0.0.1")])
    with made.store.read() as session:
        assert session.scalars(select(Identity.key)).all() == session.scalars(select(Subject.key)).all() == []


@pytest.mark.parametrize(("people", "told"), [(1, False), (2, False), (3, True), (4, True)])
def test_an_unknown_domain_carries_people_from_three_on(made, visit, people, told):
    made.take_in([visit("new.example.com", "2026-03-05T09:00", user_name=f"user{i % people}") for i in range(8)])
    found = rows(made)
    assert found["hits"].sum() == 8
    if told:
        assert found["person"].n_unique() == people
        assert found["people"].null_count() == found.height
    else:
        assert found["person"].to_list() == [None]
        assert found["people"].to_list() == [people]


def test_a_log_that_names_nobody_counts_nobody(made, visit):
    made.take_in([visit("new.example.com", "2026-03-05T09:00")] * 3)
    assert rows(made).select("person", "people", "hits").rows() == [(None, None, 3)]


def test_one_person_with_three_addresses_is_one_person(made, visit):
    made.take_in([visit("new.example.com", "2026-03-05T09:00", user_name="ann", source_ip=f"10.0.0.{i}") for i in range(1, 5)])
    assert rows(made).select("person", "people").rows() == [(None, 1)]


@pytest.mark.parametrize("domain", ["app.new.example.com", "login.new.example.com", "api-eu.new.example.com", "upload2.new.example.com"])
def test_an_unknown_domain_that_looks_like_a_service_carries_its_person(made, visit, domain):
    made.take_in([visit(domain, "2026-03-05T09:00", user_name="ann")])
    assert rows(made)["person"].null_count() == 0


@pytest.mark.parametrize("domain", ["appetite.example.com", "www.new.example.com", "apinews.example.com", "ann.app.example.com", "app.example"])
def test_an_unknown_domain_that_does_not_carries_nobody(made, visit, domain):
    made.take_in([visit(domain, "2026-03-05T09:00", user_name="ann")])
    assert rows(made)["person"].to_list() == [None]


def test_a_domain_that_three_people_used_before_carries_people_from_then_on(made, visit):
    made.take_in([visit("new.example.com", "2026-03-04T09:00", user_name="ann")], name="one")
    opening = made.take_in([visit("new.example.com", "2026-03-05T09:00", user_name=f"user{i}") for i in range(3)], name="two")
    made.take_in([visit("new.example.com", "2026-03-06T09:00", user_name="ann")], name="three")
    by_day = {f"{start:%d}": set(group["person"]) for (start,), group in rows(made).group_by("start")}
    assert by_day["04"] == {None}
    assert len(by_day["06"]) == 1
    assert None not in by_day["06"]
    remove_import(made.store, made.client, opening.import_id)
    made.take_in([visit("new.example.com", "2026-03-07T09:00", user_name="ann")], name="four")
    assert {f"{start:%d}": person for start, person in rows(made).select("start", "person").iter_rows()}["07"] is None


def test_what_the_catalogue_knows_carries_people(made, visit):
    made.classes = {"a.example.com": "service", "cdn.example.com": "background"}
    made.take_in([visit(domain, "2026-03-05T09:00", user_name="ann") for domain in made.classes])
    assert rows(made)["person"].null_count() == 0


@pytest.mark.both
def test_deleting_a_client_takes_its_rows_and_its_keys(made, visit, home, tmp_path):
    other = create_client(made.store, "Other")
    made.take_in([visit("app.example.com", "2026-03-05T09:00", user_name="ann")])
    made.take_in([visit("app.example.com", "2026-03-05T09:00", user_name="ann")], client=other)
    people = tmp_path / "people.csv"
    people.write_text("person,user\nAnn,ann\n")
    import_people(made.store, made.client, people)
    assert len(list((home / "keys").iterdir())) == 4
    delete_client(made.store, made.client)
    assert {path.stem for path in (home / "keys").iterdir()} == {other.vault}
    with made.store.read() as session:
        for table in ("imports", "usage", "domains", "subjects", "identities", "people", "leases", "import_domains", "import_subjects"):
            assert set(session.scalars(text(f"SELECT client_id FROM {table}"))) <= {other.id}, table  # noqa: S608 (names of our own tables)
    assert rows(made, other)["hits"].sum() == 1
    with pytest.raises(GnomonError, match="keys of this client"):
        made.store.vault(made.client)


def test_a_vault_opens_only_what_it_sealed(tmp_path: Path):
    mine, theirs = (Vault.unlock(tmp_path, Vault.create(tmp_path)) for _ in range(2))
    sealed = mine.seal("Jané \udcff 😀")
    assert mine.unseal(sealed) == "Jané \udcff 😀"
    assert mine.seal("Jané \udcff 😀") != sealed
    for vault, damaged in ((theirs, sealed), (mine, sealed[:-1] + bytes([sealed[-1] ^ 1])), (mine, b"")):
        with pytest.raises(GnomonError):
            vault.unseal(damaged)


def test_keyed_hashes_depend_on_kind_and_client(tmp_path: Path):
    mine, theirs = (Vault.unlock(tmp_path, Vault.create(tmp_path)) for _ in range(2))
    assert mine.key("user_name", "ann") == mine.key("user_name", "ann")
    assert len({mine.key("user_name", "ann"), mine.key("host_name", "ann"), theirs.key("user_name", "ann"), mine.key("user_name", "anna")}) == 4


def test_alike_pseudonyms_are_told_apart_by_their_length(made, visit, monkeypatch):
    made.classes = {"a.example.com": "service"}
    monkeypatch.setattr("discovery.store.identities.pseudonym", lambda kind, key, length: pseudonym(kind, "00" * 3 + key[6:], length))
    made.take_in([visit("a.example.com", "2026-03-05T09:00", user_name=f"user{i}") for i in range(20)])
    aliases = who(made)["a.example.com"]
    assert len(aliases) == 20
    assert len({alias[:6] for alias in aliases}) == 1
