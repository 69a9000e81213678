"""The client's own word is laid over the catalogue, wins, and says where it contradicts it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery import catalogue
from discovery.catalogue import Catalogue
from discovery.errors import GnomonError
from discovery.matching import Match, Matcher
from discovery.own_services import Own, OwnHost, OwnService, checked_domain, contradictions, merged

AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="session")
def shipped() -> Catalogue:
    return catalogue.load()


def own(*said: OwnService | OwnHost) -> Own:
    services = {one.id: one for one in said if isinstance(one, OwnService)}
    return Own(services, {one.domain: one for one in said if isinstance(one, OwnHost)})


def service(id_: str = "own-boxy", name: str | None = "Boxy", capability: str | None = "file_transfer") -> OwnService:
    return OwnService(id_, name, capability, AT, "Ada")


def host(domain: str, means: str = "service", of: str | None = "own-boxy", role: str | None = "use") -> OwnHost:
    return OwnHost(domain, means, of if means == "service" else None, role if means == "service" else None, AT, "Ada")


def test_nothing_said_leaves_the_catalogue_as_it_is(shipped: Catalogue) -> None:
    assert merged(shipped, own()) is shipped


def test_a_service_of_ones_own_is_matched_as_any_other(shipped: Catalogue) -> None:
    found = merged(shipped, own(service(), host("boxy.example"), host("sync.boxy.example", role="sync")))
    matcher = Matcher(found)
    assert matcher.match("app.boxy.example") == Match("service", "own-boxy", "use", "boxy.example")
    assert matcher.match("cdn.boxy.example") == Match("service", "own-boxy", "infra", "boxy.example")
    assert matcher.match("sync.boxy.example").role == "sync"
    assert matcher.match("notboxy.example").kind == "unknown"
    made = found.services["own-boxy"]
    assert (made.name, made.capability, made.category_title) == ("Boxy", "file_transfer", "Files")
    assert dict(made.domains) == {"use": ("boxy.example",), "sync": ("sync.boxy.example",)}
    assert not made.facts
    assert made in found.search("boxy")
    assert len(found.services) == len(shipped.services) + 1 == len(list(found.services))


def test_a_renamed_service_keeps_its_hosts_and_its_old_name(shipped: Catalogue) -> None:
    found = merged(shipped, own(service("dropbox", "The Box", "backup")))
    changed, before = found.services["dropbox"], shipped.services["dropbox"]
    assert (changed.name, changed.capability, changed.category) == ("The Box", "backup", "files")
    assert before.name in changed.aliases
    assert (changed.domains, changed.facts) == (before.domains, before.facts)
    assert Matcher(found).match("www.dropbox.com").service == "dropbox"


@pytest.mark.parametrize("means", ["background", "own_site"])
def test_a_host_that_is_background_or_ones_own_counts_for_no_service(shipped: Catalogue, means: str) -> None:
    matcher = Matcher(merged(shipped, own(host("acme.sharepoint.com", means))))
    assert matcher.match("acme.sharepoint.com") == Match("background", entry="acme.sharepoint.com", cls=means)
    assert matcher.match("files.acme.sharepoint.com").cls == means
    assert matcher.match("other.sharepoint.com") == Matcher(shipped).match("other.sharepoint.com")


def test_ones_own_host_speaks_for_the_catalogues_hosts_below_it(shipped: Catalogue) -> None:
    below = [name for name, entry in shipped.domains.items() if name.endswith(".dropbox.com") and entry.kind == "service"]
    matcher = Matcher(merged(shipped, own(host("dropbox.com", "background"))))
    assert below
    assert {matcher.match(name).cls for name in below} == {"background"}


def test_private_hosts_below_ones_own_stay_private(shipped: Catalogue) -> None:
    private = next(name for name, entry in shipped.domains.items() if entry.kind == "private" and name.count(".") == 2)
    parent = private.partition(".")[2]
    assert Matcher(merged(shipped, own(host(parent, "background")))).match(private).kind == "private"


def test_what_rests_on_nothing_is_left_out_and_said(shipped: Catalogue) -> None:
    said = own(service("gone-service", "Gone"), service("own-odd", "Odd", "no_such_need"), host("lost.example", of="own-odd"))
    found = merged(shipped, said)
    assert set(found.services) == set(shipped.services)
    assert Matcher(found).match("lost.example").kind == "unknown"
    texts = {one.about: one.text for one in contradictions(shipped, said)}
    assert texts["gone-service"] == "The catalogue no longer has this service, so there is nothing to change."
    assert texts["own-odd"] == "The catalogue no longer has this need; please choose another."


def test_contradictions_are_said(shipped: Catalogue) -> None:
    background = next(name for name, entry in shipped.domains.items() if entry.kind == "background" and entry.id == "cdn")
    said = own(service("dropbox", "The Box", None), service(), host("dropbox.com"), host(background), host("boxy.example"))
    texts = {one.about: one.text for one in contradictions(shipped, said)}
    assert texts == {
        "dropbox": "The catalogue calls it Dropbox, for Cloud storage and sync. Yours counts.",
        "dropbox.com": "The catalogue takes it for Dropbox. Yours counts.",
        background: "The catalogue takes it for background (cdn). Yours counts.",
    }


def test_the_version_tells_what_was_said_and_not_when(shipped: Catalogue) -> None:
    one, same = own(service(), host("boxy.example")), own(service(), host("boxy.example"))
    assert merged(shipped, one).version == merged(shipped, same).version != shipped.version
    assert merged(shipped, one).version != merged(shipped, own(service(), host("boxy.example", role="sync"))).version


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://App.Boxy.example:8443/login?x=1", "app.boxy.example"),
        (" boxy.example. ", "boxy.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("https://ann@boxy.example/", "boxy.example"),
        ("printer.acme.local", "printer.acme.local"),
    ],
)
def test_a_host_may_be_pasted(shipped: Catalogue, typed: str, kept: str) -> None:
    assert checked_domain(typed, shipped) == kept


@pytest.mark.parametrize(
    "typed", ["", "boxy", "10.0.0.1", "http://[::1]/", "two words.example", "co.uk", "com", "-a.example", "a..example", "x" * 300 + ".example"]
)
def test_what_is_no_host_is_refused(shipped: Catalogue, typed: str) -> None:
    with pytest.raises(GnomonError):
        checked_domain(typed, shipped)


def test_a_private_site_can_never_become_a_service(shipped: Catalogue) -> None:
    private = next(name for name, entry in shipped.domains.items() if entry.kind == "private")
    with pytest.raises(GnomonError, match="private matter"):
        checked_domain(f"www.{private}", shipped)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_matchable_host_or_refused(shipped: Catalogue, typed: str) -> None:
    try:
        name = checked_domain(typed, shipped)
    except GnomonError:
        return
    assert Matcher(merged(shipped, own(host(name, "own_site")))).match(name).cls == "own_site"
