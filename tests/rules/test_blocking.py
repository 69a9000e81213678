"""Which names a list may hold: those of services that were decided against, and never one that something else stands on."""

from datetime import UTC, date, datetime

import pytest

from discovery.catalogue import Catalogue
from discovery.matching import Matcher, registrable
from rules.blocking import lists, meanings
from rules.factors import toml
from rules.register import Decision, Register

DAY = date(2026, 11, 13)
WHEN = datetime(2026, 11, 12, 9, tzinfo=UTC)


def decided(**statuses: str) -> Register:
    return Register(Decision(service.replace("_", "-"), status, decided_at=WHEN) for service, status in statuses.items())


def test_what_was_decided_against_is_listed(shipped: Catalogue) -> None:
    found = lists(decided(wetransfer="not_approved", smash="tolerated", chatgpt="in_review"), shipped, (), "suffix", DAY)
    assert {entry.service for entry in found.blocked} == {"wetransfer"}
    assert {"wetransfer.com", "we.tl", "upload.wetransfer.net"} <= {entry.domain for entry in found.blocked}
    assert all(shipped.domains[entry.domain].role != "infra" for entry in found.blocked)


@pytest.mark.parametrize("matches", ["suffix", "host"])
def test_no_name_stops_anything_else(shipped: Catalogue, matches: str) -> None:
    """Every tenth service decided against, every eleventh approved: the lists, applied to all names of the catalogue."""
    services = list(shipped.services)
    register = Register(
        [
            *(Decision(service, "not_approved") for service in services[::10]),
            *(Decision(service, "approved") for service in services[1::11] if service not in set(services[::10])),
        ]
    )
    found = lists(register, shipped, (), matches, DAY)
    blocked = {entry.domain for entry in found.blocked}
    unwanted = set(services[::10])
    for name, entry in shipped.domains.items():
        endings = [name] if matches == "host" else [".".join(name.split(".")[at:]) for at in range(name.count(".") + 1)]
        if blocked.intersection(endings):
            assert entry.kind == "service", name
            assert entry.id in unwanted, name
    assert all(registrable(name) for name in blocked)
    assert found.left_out


def test_what_the_firm_approved_or_provides_is_never_listed(shipped: Catalogue) -> None:
    register = Register([Decision("chatgpt", "not_approved"), Decision("chatgpt", "approved", account="company"), Decision("slack", "not_approved")])
    found = lists(register, shipped, ["slack"], "suffix", DAY)
    assert not found.blocked
    assert {entry.service for entry in found.allowed} == {"chatgpt", "slack"}


def test_a_decision_about_private_accounts_blocks_no_host(shipped: Catalogue) -> None:
    assert not lists(Register([Decision("dropbox", "not_approved", account="personal")]), shipped, (), "suffix", DAY).blocked


def test_a_permission_that_ran_out_allows_nothing(shipped: Catalogue) -> None:
    register = Register([Decision("slack", "approved", review_by=date(2026, 11, 12))])
    assert not lists(register, shipped, (), "suffix", DAY).allowed


def test_a_shared_name_stays_off_and_hosts_seen_below_it_are_stopped(shipped: Catalogue) -> None:
    found = lists(decided(dropbox="not_approved"), shipped, (), "suffix", DAY, {"dropbox": ["www.dropbox.com", "bad_name.dropbox.com"]})
    names = {entry.domain for entry in found.blocked}
    assert "dropbox.com" not in names
    assert "www.dropbox.com" in names
    whys = {one.domain: one.why for one in found.left_out}
    assert "stands on it too" in whys["dropbox.com"]
    assert whys["bad_name.dropbox.com"] == "It is no plain host name."


def test_names_that_another_covers_are_left_away_where_endings_count(shipped: Catalogue) -> None:
    register = decided(wetransfer="not_approved")
    ending, exact = (
        {entry.domain for entry in lists(register, shipped, (), matches, DAY, {"wetransfer": ["eu.wetransfer.com"]}).blocked}
        for matches in ("suffix", "host")
    )
    assert ending < exact
    assert {"eu.wetransfer.com", "help.wetransfer.com"} <= exact - ending


def test_every_name_listed_belongs_to_its_service(shipped: Catalogue) -> None:
    matcher = Matcher(shipped)
    for entry in lists(decided(wetransfer="not_approved", whatsapp="not_approved"), shipped, (), "host", DAY).blocked:
        assert matcher.match(entry.domain).service == entry.service


def test_the_table_says_what_each_target_means() -> None:
    known = toml("whatif.toml")["semantics"]
    for meaning in meanings().values():
        assert meaning.matches in known
        assert meaning.note.endswith(".")


def test_an_entry_says_which_decision_put_it_there_and_they_stand_by_service_then_name(shipped: Catalogue) -> None:
    register = decided(wetransfer="not_approved", smash="not_approved", slack="approved")
    found = lists(register, shipped, ["trello"], "suffix", DAY)
    assert [(one.name.casefold(), one.domain) for one in found.blocked] == sorted((one.name.casefold(), one.domain) for one in found.blocked)
    assert [(one.name.casefold(), one.domain) for one in found.allowed] == sorted((one.name.casefold(), one.domain) for one in found.allowed)
    assert {(one.service, one.name, one.decision) for one in found.blocked} == {
        ("smash", "Smash", register["smash"]),
        ("wetransfer", "WeTransfer", register["wetransfer"]),
    }
    assert {(one.service, one.name, one.decision) for one in found.allowed} == {("slack", "Slack", register["slack"]), ("trello", "Trello", None)}


def test_services_that_no_catalogue_knows_are_passed_over(shipped: Catalogue) -> None:
    found = lists(decided(unheard_of="not_approved", not_there="approved"), shipped, ["nor_this"], "suffix", DAY)
    assert (found.blocked, found.allowed, found.left_out) == ((), (), ())


def test_every_name_of_what_is_allowed_is_listed_unless_another_covers_it(shipped: Catalogue) -> None:
    names = {host for hosts in shipped.services["wetransfer"].domains.values() for host in hosts}
    exact, ending = (
        {one.domain for one in lists(decided(wetransfer="approved"), shipped, (), matches, DAY).allowed} for matches in ("host", "suffix")
    )
    assert exact == names
    assert ending == {name for name in names if not any(name.endswith("." + other) for other in names)} < names


@pytest.mark.parametrize(
    ("seen", "matches", "why"),
    [
        ("bad_name.wetransfer.com", "host", "It is no plain host name."),
        ("co.uk", "suffix", "It is an ending under which many have their names."),
        ("trello.com", "host", "Trello stands on it too (trello.com)."),
        ("wetransfer.com", "host", ""),
        ("new.wetransfer.com", "suffix", ""),
    ],
)
def test_a_name_that_stays_off_says_why(shipped: Catalogue, seen: str, matches: str, why: str) -> None:
    found = lists(decided(wetransfer="not_approved"), shipped, (), matches, DAY, {"wetransfer": [seen]})
    whys = {one.domain: (one.service, one.why) for one in found.left_out}
    assert whys.get(seen) == (("wetransfer", why) if why else None)


@pytest.mark.parametrize(
    ("kind", "why"), [("background", "Programs need it in the background ({name})."), ("private", "Sites for private matters stand on it too.")]
)
def test_what_programs_and_private_matters_need_stays_off(shipped: Catalogue, kind: str, why: str) -> None:
    name = next(name for name, entry in shipped.domains.items() if entry.kind == kind and registrable(name) and "_" not in name)
    (found,) = [
        one for one in lists(decided(wetransfer="not_approved"), shipped, (), "host", DAY, {"wetransfer": [name]}).left_out if one.domain == name
    ]
    assert found.why == why.format(name=name)


def test_two_services_decided_against_may_share_a_name(shipped: Catalogue) -> None:
    both = decided(wetransfer="not_approved", trello="not_approved")
    assert not [one for one in lists(both, shipped, (), "host", DAY, {"wetransfer": ["trello.com"]}).left_out if one.domain == "trello.com"]


def test_what_stands_below_a_name_is_stopped_only_where_endings_count(shipped: Catalogue) -> None:
    """dropbox.com itself is Dropbox's own; below it stands another of its vendor's services."""
    below = next(name for name, entry in shipped.domains.items() if name.endswith(".dropbox.com") and entry.id != "dropbox")
    exact, ending = (lists(decided(dropbox="not_approved"), shipped, (), matches, DAY) for matches in ("host", "suffix"))
    assert "dropbox.com" in {one.domain for one in exact.blocked}
    other = shipped.services[shipped.domains[below].id].name
    assert {one.domain: one.why for one in ending.left_out}["dropbox.com"] == f"{other} stands on it too ({below})."
