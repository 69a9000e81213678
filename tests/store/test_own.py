"""A client's own services and overrides are kept, are in force at once for all that is kept, can be undone, and outlive updates of the catalogue."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import text

from discovery import catalogue
from discovery.catalogue import Catalogue
from discovery.errors import GnomonError
from discovery.matching import Matcher
from discovery.store import catalogue_of, create_client, data_version, delete_client, import_log, observations, own_services
from discovery.store.own import add_service, change_service, forget_host, forget_service, place_host

pytestmark = pytest.mark.sqlite_enough


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return catalogue.load()


def seen(store, client, shipped):
    mine = catalogue_of(store, client, shipped)
    usage = observations(store, client, mine).usage
    return dict(usage.select("domain", pl.coalesce("service", "match")).unique().rows())


@pytest.mark.both
def test_what_was_said_is_in_force_for_all_that_is_kept_and_can_be_undone(store, client, made, visit, shipped):
    made.take_in([visit(name, "2026-03-02T09:00:00", "ann") for name in ("app.boxy.example", "www.dropbox.com", "intranet.acme.example")])
    before = data_version(store, client)
    assert seen(store, client, shipped) == {"app.boxy.example": "unknown", "www.dropbox.com": "dropbox", "intranet.acme.example": "unknown"}
    boxy = add_service(store, client, shipped, "Boxy", "file_transfer", {"boxy.example": "use"}, by="Ada")
    place_host(store, client, shipped, "acme.example", "own_site", by="Ada")
    place_host(store, client, shipped, "dropbox.com", "background", by="Ada")
    assert data_version(store, client) != before
    assert seen(store, client, shipped) == {"app.boxy.example": boxy.id, "www.dropbox.com": "background", "intranet.acme.example": "background"}
    assert forget_service(store, client, boxy.id)
    assert forget_host(store, client, "acme.example")
    assert forget_host(store, client, "dropbox.com")
    assert not forget_host(store, client, "dropbox.com")
    assert seen(store, client, shipped) == {"app.boxy.example": "unknown", "www.dropbox.com": "dropbox", "intranet.acme.example": "unknown"}
    assert own_services(store, client).hosts == {}


def test_logs_that_come_later_are_read_with_ones_own_services(store, client, made, visit, shipped, monkeypatch):
    monkeypatch.setattr("discovery.store.running.catalogue.load", lambda: shipped)
    add_service(store, client, shipped, "Boxy", "file_transfer", {"boxy.example": "use"}, by="Ada")
    log = made.result([visit(name, "2026-03-02T09:00:00", "ann") for name in ("www.boxy.example", "www.other.example")])
    import_log(store, client, Path("made.log"), reader=lambda _log, **_how: log)
    people = dict(observations(store, client, catalogue_of(store, client, shipped)).usage.select("domain", "person").rows())
    assert people["www.boxy.example"] is not None
    assert people["www.other.example"] is None  # of an unknown domain it is not kept who went there


def test_ones_own_word_outlives_an_update_of_the_catalogue(store, client, shipped):
    boxy = add_service(store, client, shipped, "Boxy", "file_transfer", {"boxy.example": "use"}, by="Ada")
    change_service(store, client, shipped, "dropbox", name="The Box", capability=None, by="Ada")
    entry = shipped.domains["dropbox.com"]
    updated = replace(shipped, version="later", domains={**shipped.domains, "boxy.example": entry, "app.boxy.example": entry})
    mine = catalogue_of(store, client, updated)
    assert Matcher(mine).match("app.boxy.example").service == boxy.id
    assert mine.services["dropbox"].name == "The Box"


def test_a_service_is_added_with_all_its_hosts_or_not_at_all(store, client, shipped):
    with pytest.raises(GnomonError, match="not the name of a site"):
        add_service(store, client, shipped, "Boxy", "file_transfer", {"boxy.example": "use", "no host": "use"}, by="Ada")
    assert own_services(store, client).services == {}


@pytest.mark.parametrize(
    ("name", "capability", "hosts"),
    [
        (" \x00 ", "file_transfer", {"boxy.example": "use"}),
        ("Boxy", "magic", {"boxy.example": "use"}),
        ("Boxy", "file_transfer", {}),
        ("Boxy", "file_transfer", {"boxy.example": "all"}),
    ],
)
def test_what_cannot_be_a_service_is_refused(store, client, shipped, name, capability, hosts):
    with pytest.raises(GnomonError):
        add_service(store, client, shipped, name, capability, hosts, by="Ada")


def test_two_services_of_one_name_are_two(store, client, shipped):
    ids = [add_service(store, client, shipped, "Boxy", "file_transfer", {f"boxy{n}.example": "use"}, by="Ada").id for n in range(3)]
    assert ids == ["own-boxy", "own-boxy-2", "own-boxy-3"]


@pytest.mark.both
def test_a_change_is_changed_and_taken_back(store, client, shipped):
    change_service(store, client, shipped, "dropbox", name="The Box", capability=None, by="Ada")
    change_service(store, client, shipped, "dropbox", name="A box", capability="backup", by="Bob")
    (one,) = own_services(store, client).services.values()
    assert (one.name, one.capability, one.added_by) == ("A box", "backup", "Ada")
    change_service(store, client, shipped, "dropbox", name=None, capability=None, by="Bob")
    assert own_services(store, client).services == {}
    with pytest.raises(GnomonError, match="no such service"):
        change_service(store, client, shipped, "no-such", name="x", capability=None, by="Ada")
    boxy = add_service(store, client, shipped, "Boxy", "file_transfer", {"boxy.example": "use"}, by="Ada")
    with pytest.raises(GnomonError, match="needs a name"):
        change_service(store, client, shipped, boxy.id, name=None, capability="backup", by="Ada")


def test_a_host_is_given_to_services_that_there_are(store, client, shipped):
    place_host(store, client, shipped, "box.acme.example", "service", service="dropbox", role="use", by="Ada")
    assert Matcher(catalogue_of(store, client, shipped)).match("box.acme.example").service == "dropbox"
    for means, service in (("service", "no-such"), ("service", None), ("odd", None)):
        with pytest.raises(GnomonError):
            place_host(store, client, shipped, "x.example", means, service=service, by="Ada")


@pytest.mark.both
def test_clients_do_not_hear_each_other_and_take_their_word_along(store, client, shipped):
    other = create_client(store, "Other")
    add_service(store, other, shipped, "Boxy", "file_transfer", {"boxy.example": "use"}, by="Ada")
    assert own_services(store, client).services == {}
    assert catalogue_of(store, client, shipped) is shipped
    delete_client(store, other)
    with store.read() as session:
        assert session.scalar(text("SELECT count(*) FROM own_hosts")) == 0
