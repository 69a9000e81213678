"""Unknown domains as a whole: every number and word that the triage shows, and its order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from discovery.catalogue import Catalogue
from rules import unknown
from rules.findings import UnknownDomain

Make = Callable[..., Any]


@pytest.fixture
def sorted_out(shipped: Catalogue, observe: Make) -> Callable[..., dict[str, UnknownDomain]]:
    """The unknown domains of these rows, in their order."""
    return lambda *rows, **how: {one.domain: one for one in unknown.domains(observe(*rows, **how), shipped)}


def strange(sight: Make, host: str, registrable: str, **changes: Any) -> dict[str, Any]:
    return sight(**({"domain": host, "registrable": registrable, "match": "unknown", "service": None, "role": None} | changes))


def at(day: int, seconds: int) -> datetime:
    return datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(days=day, seconds=seconds)


def test_all_that_is_said_of_a_domain(sight: Make, sorted_out: Make) -> None:
    rows = [
        strange(sight, "app.acmeboard.io", "acmeboard.io", person=person, day=day, first=at(day, 0), uploaded_bytes=4_000_000)
        for person, day in (("ann", 0), ("ann", 1), ("bob", 1))
    ]
    rows += [strange(sight, "a.acmeboardcdn.net", "acmeboardcdn.net", day=day, first=at(day, 900)) for day in (0, 1)]
    found = sorted_out(*rows)
    assert found["acmeboard.io"] == UnknownDomain(
        domain="acmeboard.io", people=2, days=2, hits=120, uploaded_bytes=12_000_000, downloaded_bytes=27_000,
        guess="an application (app.); more is sent there than comes back", person_days=3, hosts=("app.acmeboard.io",), kind="tool",
        need="whiteboard", group=("acmeboard.io", "acmeboardcdn.net"), together="carry the same name",
    )  # fmt: skip
    beside = found["acmeboardcdn.net"]
    assert (beside.group, beside.together, beside.set_aside) == (found["acmeboard.io"].group, "carry the same name", "Delivers files for other sites")


def test_who_is_alone_has_nothing_that_joins_it(sight: Make, sorted_out: Make) -> None:
    found = sorted_out(strange(sight, "app.new.io", "new.io"))["new.io"]
    assert (found.group, found.together, found.looks_like, found.need) == (("new.io",), "", None, None)


@pytest.mark.parametrize(
    ("sent", "back", "says"),
    [
        (3_000_000, 2_000_000, "; more is sent there than comes back"),
        (3_000_000, 3_000_000, "; much is sent there"),
        (3_000_000, 90_000_000, ""),
        (1_000_000, 4_000_000, "; much is sent there"),
        (1_000_000, 4_000_001, ""),
        (999_999, 1, ""),
        (100, 10, ""),
        (3_000_000, None, ""),
        (None, None, ""),
    ],
)
def test_bytes_are_put_into_words(sight: Make, sorted_out: Make, sent: int | None, back: int | None, says: str) -> None:
    row = strange(sight, "new.io", "new.io", uploaded_bytes=sent, downloaded_bytes=back)
    assert sorted_out(row)["new.io"].guess == "nothing in its name says what it is" + says


@pytest.mark.parametrize(
    ("host", "sent", "back", "kind"),
    [
        ("app.new.io", 10, 1_000_000, "tool"),
        ("api.new.io", None, None, "tool"),
        ("api.new.io", 900, 1_000, "unclear"),
        ("api.new.io", 10, 1_000_000, "website"),
        ("www.new.io", None, None, "website"),
        ("new.io", 10, 1_000_000, "website"),
        ("new.io", 100_000, 1_000_000, "website"),
        ("new.io", 100_001, 1_000_000, "unclear"),
        ("app.new.io", None, 5, "tool"),
        ("api.new.io", None, 5, "tool"),
        ("api.new.io", 5, None, "unclear"),
        ("new.io", None, None, "unclear"),
        ("new.io", 900, 1_000, "unclear"),
        ("www.new.io", 5_000_000, 5_000_000, "tool"),
    ],
)
def test_names_and_bytes_together_say_what_it_may_be(sight: Make, sorted_out: Make, host: str, sent: int | None, back: int | None, kind: str) -> None:
    assert sorted_out(strange(sight, host, "new.io", uploaded_bytes=sent, downloaded_bytes=back))["new.io"].kind == kind


def test_the_order_is_look_alikes_then_worth_a_look_then_kind_people_days_and_name(sight: Make, sorted_out: Make) -> None:
    def seen(domain: str, people: str, days: int, host: str = "app", **more: Any) -> list[dict[str, Any]]:
        return [strange(sight, f"{host}.{domain}", domain, person=person, day=day, **more) for person in people for day in range(days)]

    rows = [
        *seen("zzz.io", "a", 4), *seen("aaaa.io", "ab", 2), *seen("bbb.io", "ab", 2), *seen("abb.io", "ab", 2), *seen("most.io", "abc", 2),
        *seen("news.org", "abcdef", 6, "www", uploaded_bytes=10, downloaded_bytes=10**6), *seen("maybe.org", "a", 3, "x", uploaded_bytes=None),
        *seen("evil-dropbox.com", "a", 1), *seen("fastcdn.net", "abcdef", 6, "d1"), *seen("once.org", "a", 1, "x"),
    ]  # fmt: skip
    assert list(sorted_out(*rows)) == [
        "evil-dropbox.com",
        "most.io", "zzz.io", "abb.io", "bbb.io", "aaaa.io",  # tools: person-days, then days, then the shorter name, then the alphabet
        "maybe.org", "news.org",
        "fastcdn.net", "once.org",
    ]  # fmt: skip


def test_the_one_most_worth_a_look_speaks_for_its_group(sight: Make, sorted_out: Make) -> None:
    hosts = {"acmesoft.net": "www.acmesoft.net", "acmesoft.org": "app.acmesoft.org", "myacmesoft.com": "www.myacmesoft.com"}
    rows = [strange(sight, host, domain, day=day, first=at(day, 900)) for domain, host in hosts.items() for day in (0, 1)]
    assert {one.group for one in sorted_out(*rows).values()} == {("acmesoft.org", "acmesoft.net", "myacmesoft.com")}


def test_hosts_are_shown_up_to_twelve(sight: Make, sorted_out: Make) -> None:
    rows = [strange(sight, f"h{number:02}.new.io", "new.io") for number in range(14)]
    assert sorted_out(*rows)["new.io"].hosts == tuple(f"h{number:02}.new.io" for number in range(12))


@pytest.mark.parametrize(
    ("changes", "aside"),
    [
        ({}, "Seen once"),
        ({"person": None, "person_kind": None}, "Seen once"),
        ({"uploaded_bytes": None}, "Seen once"),
        ({"uploaded_bytes": 2_000_000}, ""),
        ({"uploaded_bytes": 999_999}, "Seen once"),
        ({"uploaded_bytes": 1_000_000}, ""),
        ({"people": 2, "person": None, "person_kind": None}, ""),
    ],
)
def test_one_person_on_one_day_who_sent_little_tells_nothing(sight: Make, sorted_out: Make, changes: dict[str, Any], aside: str) -> None:
    assert sorted_out(strange(sight, "x.once.org", "once.org", **changes))["once.org"].set_aside == aside


def test_devices_count_only_where_nobody_is_known_by_name(sight: Make, sorted_out: Make) -> None:
    device = {"person_kind": "device"}
    mixed = [strange(sight, "app.new.io", "new.io", person="10.0.0.1", **device), strange(sight, "app.new.io", "new.io", person="10.0.0.2", **device)]
    found = sorted_out(*mixed)["new.io"]
    assert (found.people, found.person_days) == (2, 2)
    found = sorted_out(*mixed, strange(sight, "app.new.io", "new.io", day=1))["new.io"]
    assert (found.people, found.person_days) == (1, 1)


def test_services_it_comes_along_with_are_at_most_two(sight: Make, sorted_out: Make) -> None:
    rows = []
    for day in range(4):
        rows += [
            strange(sight, "app.new.io", "new.io", day=day, first=at(day, 2)), sight(day=day, first=at(day, 0)),
            sight(day=day, first=at(day, 3), service="slack", domain="slack.com"), sight(day=day, first=at(day, 4), service="zoom", domain="zoom.us"),
        ]  # fmt: skip
    assert sorted_out(*rows)["new.io"].guess == "an application (app.); comes along with Slack and WeTransfer"


FILES, COUNTS = "Delivers files for other sites", "Counts visits or serves adverts on other sites"


@pytest.mark.parametrize(
    ("hosts", "domain", "aside"),
    [
        (("d1.fastcdn.net",), "fastcdn.net", FILES),
        (("www.fastcdn.net",), "fastcdn.net", ""),
        (("app.fastcdn.net",), "fastcdn.net", ""),
        (("cdn.acme.net", "www.acme.net"), "acme.net", ""),
        (("cdn.acme.net", "pixel.acme.net"), "acme.net", ""),
        (("cdn.acme.net", "app.acme.net"), "acme.net", ""),
        (("a.tracking-cdn.net",), "tracking-cdn.net", COUNTS),
        (("d1.x7f3k2p9q1zz8w4m.net",), "x7f3k2p9q1zz8w4m.net", "A name made by a machine"),
        (("app.x7f3k2p9q1zz8w4m.net",), "x7f3k2p9q1zz8w4m.net", ""),
        (("d1.bcdfghjklmnpq.co.uk",), "bcdfghjklmnpq.co.uk", ""),
        (("d1.firm-x7f3k2p9q1zz8w4m.x7.net",), "x7.net", ""),
        (("dropbox.com.acme.example", "help.dropbox.com.acme.example"), "acme.example", ""),
    ],
)
def test_what_only_serves_others_is_set_aside_and_what_people_open_is_not(
    sight: Make, sorted_out: Make, hosts: tuple[str, ...], domain: str, aside: str
) -> None:
    rows = [strange(sight, host, domain, day=day, uploaded_bytes=None) for host in hosts for day in range(3)]
    assert sorted_out(*rows)[domain].set_aside == aside


@pytest.mark.parametrize(("days", "hits", "aside"), [(7, 99, "Seen once"), (6, 99, ""), (6, 3, "Seen once"), (6, 4, "")])
def test_once_in_a_few_days_tells_nothing_yet_unless_it_was_hardly_anything(
    shipped: Catalogue, observe: Make, sight: Make, days: int, hits: int, aside: str
) -> None:
    seen = observe(strange(sight, "x.once.org", "once.org", hits=hits))
    period = replace(seen, until=seen.since + timedelta(days=days - 1))
    assert [one.set_aside for one in unknown.domains(period, shipped)] == [aside]
    assert unknown.domains(replace(seen, since=None, until=None), shipped)[0].set_aside == ("Seen once" if hits == 3 else "")
