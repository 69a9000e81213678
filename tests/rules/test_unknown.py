"""Domains no catalogue knows: counted, and guessed at."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from discovery.catalogue import Catalogue
from rules import hints, unknown

Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("hosts", "guess"),
    [
        (["new.io"], "nothing in its name says what it is"),
        (["login.new.io", "upload.new.io"], "people sign in (login.), files are moved (upload.)"),
        (["app.new.io", "api.new.io", "www.new.io"], "an application (app.), programs talk to it (api.), a website (www.)"),
        (["app-eu1.new.io"], "an application (app-eu1.)"),
        (["files7.eu.new.io"], "files are moved (files7.)"),
        (["pixel.new.io", "collect.new.io"], "it counts visits (collect., pixel.)"),
        (["apple.new.io"], "nothing in its name says what it is"),
        (["login.login.new.io"], "people sign in (login.)"),
    ],
)
def test_labels_suggest_what_a_domain_is(hosts: list[str], guess: str) -> None:
    assert hints.spoken("new.io", hosts).text == guess


def strange(sight: Make, host: str = "app.new.io", registrable: str | None = "new.io", **changes: Any) -> dict[str, Any]:
    return sight(**({"domain": host, "registrable": registrable, "match": "unknown", "service": None, "role": None} | changes))


@pytest.fixture
def sorted_out(shipped: Catalogue, observe: Make) -> Make:
    """The unknown domains of these rows."""
    return lambda *rows, **how: unknown.domains(observe(*rows, **how), shipped)


def test_domains_are_counted_once_for_all_their_hosts(sight: Make, sorted_out: Make) -> None:
    rows = [
        strange(sight),
        strange(sight, "login.new.io", person="bob", day=1),
        strange(sight, "rare.org", "rare.org", uploaded_bytes=None),
        strange(sight, "192.0.2.1", None),
        sight(),
    ]
    first, second = sorted_out(*rows)
    assert (first.domain, first.people, first.days, first.hits, first.uploaded_bytes, first.person_days) == ("new.io", 2, 2, 80, 2_000, 2)
    assert first.guess == "people sign in (login.), an application (app.)"
    assert first.hosts == ("app.new.io", "login.new.io")
    assert (second.domain, second.people, second.uploaded_bytes) == ("rare.org", 1, None)


def test_people_whose_names_are_withheld_are_still_counted(sight: Make, sorted_out: Make) -> None:
    rows = [strange(sight, day=day, person=None, person_kind=None, people=4 - day) for day in range(2)]
    (found,) = sorted_out(*rows)
    assert (found.people, found.person_days) == (4, 7)


def test_people_are_not_known_where_nobody_can_be_told_apart(sight: Make, sorted_out: Make) -> None:
    (found,) = sorted_out(strange(sight, person="10.0.0.1", person_kind="device"), apart=False)
    assert (found.people, found.person_days) == (None, None)
    (found,) = sorted_out(strange(sight, person=None, person_kind=None))
    assert (found.people, found.person_days) == (None, None)


def site(sight: Make, host: str, domain: str, **changes: Any) -> dict[str, Any]:
    """A page that was read: little sent, much received."""
    return strange(sight, host, domain, **({"uploaded_bytes": 10_000, "downloaded_bytes": 1_000_000} | changes))


def test_tools_come_before_websites_and_both_by_people_and_regularity(sight: Make, sorted_out: Make) -> None:
    rows = [site(sight, "www.news.org", "news.org", person=person, day=day) for person in ("ann", "bob") for day in range(5)]
    rows += [strange(sight, day=day) for day in range(2)]
    rows += [strange(sight, "app.daily.io", "daily.io", day=day) for day in range(4)]
    assert [(one.domain, one.kind, one.person_days) for one in sorted_out(*rows)] == [
        ("daily.io", "tool", 4),
        ("new.io", "tool", 2),
        ("news.org", "website", 10),
    ]


def test_what_is_sent_makes_a_tool_of_a_name_that_says_nothing(sight: Make, sorted_out: Make) -> None:
    rows = [strange(sight, "boxy.io", "boxy.io", day=day, uploaded_bytes=9_000_000, downloaded_bytes=1_000_000) for day in range(2)]
    (found,) = sorted_out(*rows)
    assert found.kind == "tool"
    assert found.guess.endswith("more is sent there than comes back")


@pytest.mark.parametrize(
    ("host", "domain", "need"),
    [
        ("meet.acme.io", "acme.io", "video_meeting"),
        ("app.quickpdf.io", "quickpdf.io", None),
        ("app.quick-pdf.io", "quick-pdf.io", "file_conversion"),
        ("app.easyinvoice.io", "easyinvoice.io", "finance"),
        ("app.acme.io", "acme.io", None),
    ],
)
def test_a_need_is_read_out_of_whole_words_only(sight: Make, sorted_out: Make, host: str, domain: str, need: str | None) -> None:
    (found,) = sorted_out(strange(sight, host, domain))
    assert found.need == need


@pytest.mark.parametrize(
    ("hosts", "domain", "reason"),
    [
        (["cdn.acme.net", "img2.acme.net"], "acme.net", "Delivers files for other sites"),
        (["d1.fastcdn.net"], "fastcdn.net", "Delivers files for other sites"),
        (["pixel.acme.net"], "acme.net", "Counts visits or serves adverts on other sites"),
        (["a.site-metrics.net"], "site-metrics.net", "Counts visits or serves adverts on other sites"),
        (["x7f3k2p9q1zz8w4m.net"], "x7f3k2p9q1zz8w4m.net", "A name made by a machine"),
        (
            ["dropbox.com.acme.example", "www.zoom.us.acme.example"],
            "acme.example",
            "Names of other sites with a search suffix of the network behind them",
        ),
    ],
)
def test_noise_is_set_aside_with_its_reason(sight: Make, sorted_out: Make, hosts: list[str], domain: str, reason: str) -> None:
    rows = [strange(sight, host, domain, day=day) for host in hosts for day in range(3)]
    (found,) = sorted_out(*rows)
    assert found.set_aside == reason


def test_what_was_seen_once_is_set_aside_unless_much_was_sent(sight: Make, sorted_out: Make) -> None:
    rows = [
        strange(sight, "once.org", "once.org"),
        strange(sight, "big.org", "big.org", uploaded_bytes=5_000_000),
        strange(sight),
        strange(sight, day=1),
    ]
    assert {one.domain: one.set_aside for one in sorted_out(*rows)} == {"new.io": "", "big.org": "", "once.org": "Seen once"}


def test_a_look_alike_comes_first_and_is_never_set_aside(sight: Make, sorted_out: Make) -> None:
    rows = [strange(sight, "cdn.evil-dropbox.com", "evil-dropbox.com"), strange(sight), strange(sight, day=1)]
    first, _ = sorted_out(*rows)
    assert (first.domain, first.set_aside) == ("evil-dropbox.com", "")
    assert first.looks_like is not None
    assert first.looks_like.service == "dropbox"


def at(day: int, seconds: int) -> datetime:
    return datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(days=day, seconds=seconds)


def test_domains_that_come_within_seconds_belong_together(sight: Make, sorted_out: Make) -> None:
    rows = []
    for day in range(4):
        rows += [
            site(sight, "www.news.org", "news.org", day=day, first=at(day, 0)),
            site(sight, "static.newsfiles.net", "newsfiles.net", day=day, first=at(day, 3)),
            strange(sight, "app.other.io", "other.io", day=day, first=at(day, 500)),
        ]
    found = {one.domain: one for one in sorted_out(*rows)}
    assert found["newsfiles.net"].group == found["news.org"].group == ("news.org", "newsfiles.net")
    assert found["news.org"].together == "come within seconds of each other"
    assert found["other.io"].group == ("other.io",)


def test_one_name_or_one_unusual_label_belongs_together(sight: Make, sorted_out: Make) -> None:
    hosts = {
        "acmesoft.io": "app.acmesoft.io",
        "acmesoftcdn.net": "a.acmesoftcdn.net",
        "tenant.net": "fennick-rowe.tenant.net",
        "files.org": "fennick-rowe.files.org",
    }
    rows = [
        strange(sight, host, domain, day=day, first=at(day, 1000 * number)) for number, (domain, host) in enumerate(hosts.items()) for day in range(2)
    ]
    found = {one.domain: set(one.group) for one in sorted_out(*rows)}
    assert found["acmesoft.io"] == {"acmesoft.io", "acmesoftcdn.net"}
    assert found["tenant.net"] == {"tenant.net", "files.org"}


def test_the_services_it_comes_along_with_are_named(sight: Make, sorted_out: Make) -> None:
    rows = [row for day in range(4) for row in (strange(sight, day=day, first=at(day, 2)), sight(day=day, first=at(day, 0)))]
    (found,) = sorted_out(*rows)
    assert found.guess == "an application (app.); comes along with WeTransfer"


def test_nobody_in_the_logs_is_no_error(sorted_out: Make) -> None:
    assert sorted_out() == ()
