"""Who comes with whom: within seconds, under one name, or with one unusual label; and who does not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from discovery.observations import OBSERVED
from rules import hints
from rules.companions import Company, company

Make = Callable[..., Any]
ALONE: dict[str, list[str]] = {"one.io": ["one.io"], "two.org": ["two.org"]}


@pytest.fixture
def met(sight: Make) -> Callable[..., Company]:
    """The company of one.io and two.org, from (name, day, seconds, person) of what was seen; a name with a dot is an unknown domain."""

    def made(*seen: tuple[Any, ...], hosts: dict[str, list[str]] | None = None, **changes: Any) -> Company:
        rows = []
        for name, day, seconds, *person in seen:
            strange = {"domain": name, "registrable": name, "match": "unknown", "service": None, "role": None}
            first = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(days=day, seconds=seconds)
            about = strange if "." in name else {"service": name, "domain": f"{name}.com"}
            rows.append(sight(day, **{"first": first, "person": person[0] if person else "ann", **about, **changes}))
        return company(pl.DataFrame(rows, schema=OBSERVED), ALONE if hosts is None else hosts)

    return made


def days(number: int, apart: int = 3) -> list[tuple[Any, ...]]:
    """Both domains on so many days, so many seconds apart."""
    return [one for day in range(number) for one in (("one.io", day, 0), ("two.org", day, apart))]


def test_domains_that_begin_the_day_within_seconds_belong_together(met: Callable[..., Company]) -> None:
    assert met(*days(3)) == Company(
        groups={"one.io": ("one.io", "two.org"), "two.org": ("one.io", "two.org")},
        why={"one.io": "come within seconds of each other", "two.org": "come within seconds of each other"},
        services={},
    )


@pytest.mark.parametrize(("number", "apart", "together"), [(3, 10, True), (3, 11, False), (2, 0, False), (4, 0, True)])
def test_it_takes_three_days_and_ten_seconds(met: Callable[..., Company], number: int, apart: int, together: bool) -> None:
    assert (len(met(*days(number, apart)).groups["one.io"]) == 2) == together


@pytest.mark.parametrize(("alone", "together"), [(2, True), (3, False)])
def test_the_rarer_of_two_domains_comes_mostly_with_the_other(met: Callable[..., Company], alone: int, together: bool) -> None:
    """Three days together; so many more of the one alone, and more still of the other."""
    more = [("one.io", day, 0) for day in range(3, 3 + alone)] + [("two.org", day, 900) for day in range(3, 10)]
    assert (len(met(*days(3), *more).groups["one.io"]) == 2) == together


def test_two_people_at_the_same_second_have_nothing_to_do_with_each_other(met: Callable[..., Company]) -> None:
    rows = [(name, day, 0, person) for day in range(4) for name, person in (("one.io", "ann"), ("two.org", "bob"))]
    assert met(*rows).why == {}


def test_the_last_of_one_person_is_no_company_to_the_first_of_the_next(met: Callable[..., Company]) -> None:
    rows: list[tuple[Any, ...]] = []
    for number in range(5):
        rows += [("slack", 0, 0, f"{number}a"), ("one.io", 0, 5, f"{number}a"), ("two.org", 0, 0, f"{number}b"), ("slack", 0, 2, f"{number}b")]
    found = met(*rows)
    assert (found.why, found.services) == ({}, {"one.io": ("slack",), "two.org": ("slack",)})


def test_the_three_that_come_next_are_looked_at(met: Callable[..., Company]) -> None:
    between = ["slack", "zoom", "trello"]
    for count, together in ((2, True), (3, False)):
        rows = [*days(3, 9), *((name, day, n + 1) for day in range(3) for n, name in enumerate(between[:count]))]
        assert (len(met(*rows).groups["one.io"]) == 2) == together


def test_services_that_a_domain_mostly_comes_with_stand_by_how_often(met: Callable[..., Company]) -> None:
    rows = [("one.io", day, 0) for day in range(5)] + [("slack", day, 1) for day in range(3)] + [("zoom", day, 2) for day in range(5)]
    rows += [("trello", day, 2) for day in range(2)]
    found = met(*rows)
    assert found.services == {"one.io": ("zoom", "slack")}
    assert (found.groups["one.io"], found.why) == (("one.io",), {})


def test_a_service_used_all_day_is_company_to_a_domain_that_is_not(met: Callable[..., Company]) -> None:
    rows = [("one.io", day, 0) for day in range(3)] + [("slack", day, 1) for day in range(10)]
    assert met(*rows).services == {"one.io": ("slack",)}


def test_what_names_nobody_or_is_no_service_keeps_no_company(met: Callable[..., Company]) -> None:
    assert met(*days(4), match="background").why == met(*days(4), person=None).why == {}
    assert met(hosts={}) == Company({}, {}, {})


@pytest.mark.parametrize(
    ("domains", "together"),
    [
        (("acme.io", "acme.org"), True),
        (("getacme.io", "acme-cdn.net"), True),
        (("acmeapp.io", "myacme.io"), True),
        (("abc.io", "abc.org"), False),
        (("getabc.io", "abccdn.net"), False),
        (("acme.io", "acmes.io"), False),
        (("usercontent.io", "content.io"), False),
        (("abccdn.net", "abccdn.org"), True),
        (("getabc.io", "getabc.org"), True),
        (("getabcapp.io", "getabcapp.org"), True),
    ],
)
def test_names_of_one_firm_belong_together(met: Callable[..., Company], domains: tuple[str, str], together: bool) -> None:
    found = met(hosts={domain: [domain] for domain in domains})
    assert found.groups[domains[0]] == (tuple(sorted(domains)) if together else (domains[0],))
    assert found.why == (dict.fromkeys(domains, "carry the same name") if together else {})


@pytest.mark.parametrize(
    ("label", "holders", "together"),
    [("fennickr", 2, True), ("fennickr", 3, True), ("fennickr", 4, False), ("fennick", 2, False), ("dashboard", 2, False)],
)
def test_an_unusual_label_that_few_share_joins_them(met: Callable[..., Company], label: str, holders: int, together: bool) -> None:
    hosts = {f"{name}.io": [f"{label}.{name}.io", f"www.{name}.io"] for name in ("alpha", "bravo", "delta", "gamma")[:holders]}
    found = met(hosts=hosts)
    assert (len(found.groups["alpha.io"]) == holders) == together
    assert found.why == (dict.fromkeys(hosts, f"share the label “{label}”") if together else {})


def test_what_is_joined_through_others_is_one_group(met: Callable[..., Company]) -> None:
    hosts = {"acme.io": ["acme.io"], "acme.org": ["fennickrowe.acme.org"], "other.net": ["fennickrowe.other.net"], "alone.net": ["alone.net"]}
    found = met(hosts=hosts)
    assert set(found.groups.values()) == {("acme.io", "acme.org", "other.net"), ("alone.net",)}
    assert found.why == {
        "acme.io": "carry the same name", "acme.org": "carry the same name", "other.net": "share the label “fennickrowe”",
    }  # fmt: skip


# Names


@pytest.mark.parametrize(
    ("label", "odd"),
    [
        ("x7f3k2p9q1zz8w4m", True),
        ("xn--x7f3k2p9q1zz8w4m", False),
        ("bcdfghjklmnpqr", True),
        ("bcdfghjklmnpq", False),
        ("internationalbank", False),
        ("bcd-fgh-jkl-mnp-qr", True),
        ("abcde12ijklmno", False),
        ("abcde123ijklmno", True),
        ("bcadeghjklmnpqr", True),
        ("bcadeghijklmnop", False),
    ],
)
def test_a_name_that_nobody_chose_is_odd(label: str, odd: bool) -> None:
    assert hints.odd(label) == odd


@pytest.mark.parametrize(
    ("domain", "kind", "named"),
    [
        ("fastcdn.net", "files", True),
        ("cdn-fast.net", "files", True),
        ("cdnfast.net", "files", False),
        ("site-metrics.net", "counts", True),
        ("site-metrics.net", "files", False),
        ("news.cdn", "files", False),
    ],
)
def test_a_registered_name_may_say_what_it_serves(domain: str, kind: str, named: bool) -> None:
    assert hints.named(domain, kind) == named


@pytest.mark.parametrize(
    ("domain", "hosts", "need"),
    [
        ("acme.io", ["meet.acme.io"], "video_meeting"),
        ("acme-ai.io", ["acme-ai.io"], "ai_assistant"),
        ("acmeai.io", ["acmeai.io"], None),
        ("easyinvoice.io", ["easyinvoice.io"], "finance"),
        ("acme.io", ["chat.acme.io", "drive.acme.io"], "cloud_storage"),
        ("teamdrive.io", ["chat.teamdrive.io"], "chat"),
        ("acme.io", ["acme.io"], None),
    ],
)
def test_the_first_need_that_its_words_speak_for(domain: str, hosts: list[str], need: str | None) -> None:
    assert hints.need(domain, hints.spoken(domain, hosts)) == need


def test_at_most_three_things_are_said_of_at_most_three_labels_each() -> None:
    labels = ("app", "board", "client", "cloud", "login", "api", "mail", "www")
    said = hints.spoken("acme.io", [f"{label}.acme.io" for label in labels])
    assert said.text == "people sign in (login.), an application (app., board., client.), programs talk to it (api.)"
    assert said.kinds == {"tool", "weak", "site"}
    assert said.words == set(labels)
    assert hints.spoken("acme.io", ["files7.eu-x9.acme.io"]).words == {"files"}


def test_the_registered_name_itself_is_no_label() -> None:
    assert hints.spoken("app.io", ["www.app.io", "app.io"]).text == "a website (www.)"
