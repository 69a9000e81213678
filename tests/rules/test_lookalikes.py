"""Names that read like a known service's are flagged; names that only share a word are not."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.catalogue import Catalogue
from discovery.matching import Matcher, registrable
from rules.lookalikes import look_alikes


def like(shipped: Catalogue, domain: str, *hosts: str) -> tuple[str, str] | None:
    found = look_alikes({domain: hosts or (domain,)}, shipped).get(domain)
    return (found.name, found.why) if found else None


@pytest.mark.parametrize(
    ("domain", "hosts", "why"),
    [
        ("evil-dropbox.com", (), "holds “dropbox”, as in dropbox.com"),
        ("notdropbox.com", (), "holds “dropbox”, as in dropbox.com"),
        ("dropboxlogin.com", (), "holds “dropbox”, as in dropbox.com"),
        ("dropb0x.com", (), "spelt with other signs that read the same"),
        ("dr0pb0x.net", (), "spelt with other signs that read the same"),
        ("drop-box.com", (), "the same letters, with hyphens set differently"),
        ("evil.example", ("dropbox.com.evil.example",), "begins with the whole address dropbox.com, but belongs to evil.example"),
        ("evil.example", ("www.dropbox.com.login.evil.example",), "begins with the whole address dropbox.com, but belongs to evil.example"),
        ("drоpbox.com".encode("idna").decode(), (), "written with letters of another alphabet: “drоpbox”"),  # the о is Cyrillic
        ("drοpbοx.com".encode("idna").decode(), (), "written with letters of another alphabet: “drοpbοx”"),  # both ο are Greek
        ("dröpbox.com".encode("idna").decode(), (), "written with letters of another alphabet: “dröpbox”"),
    ],
)
def test_a_name_that_reads_like_dropbox_is_said_to_and_why(shipped: Catalogue, domain: str, hosts: tuple[str, ...], why: str) -> None:
    assert like(shipped, domain, *hosts) == ("Dropbox", why)
    assert {Matcher(shipped).match(name).kind for name in (domain, *hosts)} == {"unknown"}


def test_pairs_of_letters_that_read_as_one_and_one_wrong_letter_are_seen(shipped: Catalogue) -> None:
    assert like(shipped, "rnicrosoft.com") == ("Microsoft", "spelt with other signs that read the same")
    assert like(shipped, "wetranfser.com") == ("WeTransfer", "one letter off wetransfer.com")
    assert like(shipped, "wetransfe.com") == ("WeTransfer", "one letter off wetransfer.com")


@pytest.mark.parametrize(
    "domain",
    [
        "monday-market.com",
        "clubhouse-golf.de",
        "revolution.org",
        "zoom-x.de",
        "boxes.com",
        "example.org",
        "bücher.de".encode("idna").decode(),
        "xn--zzz-.com",
    ],
)
def test_a_word_in_common_is_no_likeness(shipped: Catalogue, domain: str) -> None:
    assert like(shipped, domain) is None


def test_a_search_suffix_behind_many_services_is_no_likeness(shipped: Catalogue) -> None:
    hosts = ("dropbox.com.acme.example", "zoom.us.acme.example", "www.wetransfer.com.acme.example")
    assert like(shipped, "acme.example", *hosts) is None


@pytest.mark.no_cover
def test_few_names_of_services_and_background_hosts_would_be_flagged_if_they_were_unknown(shipped: Catalogue) -> None:
    owners = {owned: entry for domain, entry in shipped.domains.items() if (owned := registrable(domain))}
    found = look_alikes({domain: (domain,) for domain in owners}, shipped)
    vendors = {domain: shipped.services[entry.id].vendor if entry.kind == "service" else None for domain, entry in owners.items()}
    wrong = [domain for domain, one in found.items() if vendors[domain] != shipped.services[one.service].vendor]
    assert len(owners) > 20_000
    assert len(wrong) < 0.005 * len(owners)


@pytest.mark.slow
def test_ten_thousand_unknown_domains_take_half_a_second(shipped: Catalogue) -> None:
    names = {f"{label}-{number}.example": (f"www.{label}-{number}.example",) for number in range(1_000) for label in "abcdefghij"}
    look_alikes(names, shipped)  # the index is made once for a catalogue
    start = time.process_time()
    look_alikes(names, shipped)
    assert time.process_time() - start < 0.5


@given(st.text(st.characters(codec="utf-8", exclude_characters="."), min_size=1, max_size=30), st.lists(st.text(max_size=60), max_size=3))
def test_any_name_gets_an_answer(shipped: Catalogue, label: str, hosts: list[str]) -> None:
    domain = f"{label}.com"
    for found in look_alikes({domain: [*hosts, f"{label}.{domain}"]}, shipped).values():
        assert found.service in shipped.services
        assert found.why


@given(st.sampled_from(["dropbox", "wetransfer", "smallpdf"]), st.data())
def test_one_letter_in_another_alphabet_is_always_seen(shipped: Catalogue, brand: str, data: st.DataObject) -> None:
    cyrillic = {"a": "а", "e": "е", "o": "о", "p": "р", "x": "х", "s": "ѕ"}
    place = data.draw(st.sampled_from([at for at, letter in enumerate(brand) if letter in cyrillic]))
    spelt = brand[:place] + cyrillic[brand[place]] + brand[place + 1 :]
    assert unicodedata.name(spelt[place]).startswith("CYRILLIC")
    assert like(shipped, f"{spelt}.com".encode("idna").decode()) is not None
