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
    ("domain", "name", "why"),
    [
        ("zoom-meeting.us", "Zoom", "holds “zoom”, as in zoom.us"),
        ("deepl-translate.com", "DeepL", "holds “deepl”, as in deepl.com"),
        ("slack.help", "Slack", "the same name as slack.com below another ending"),
        ("wetransfer.co", "WeTransfer", "the same name as wetransfer.com below another ending"),
        ("chatqpt.com", "ChatGPT", "one letter off chatgpt.com"),
        ("docusgin.com", "Docusign", "one letter off docusign.net"),
    ],
)
def test_a_name_coined_for_one_service_is_seen_however_short(shipped: Catalogue, domain: str, name: str, why: str) -> None:
    assert like(shipped, domain) == (name, why)


@pytest.mark.parametrize(
    "domain",
    [
        "monday-market.com",
        "monday.example",
        "canvas-prints.com",
        "zoomed.de",
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
    assert len(wrong) < 0.003 * len(owners)


@pytest.mark.slow
def test_ten_thousand_unknown_domains_are_looked_through_at_once(shipped: Catalogue) -> None:
    names = {f"{label}-{number}.example": (f"www.{label}-{number}.example",) for number in range(1_000) for label in "abcdefghij"}
    look_alikes(names, shipped)  # the index is made once for a catalogue

    def took() -> float:
        start = time.thread_time()  # a server that another test left is not to count
        look_alikes(names, shipped)
        return time.thread_time() - start

    assert any(took() < 1.5 for _ in range(3))  # a tenth on an idle machine, half a second among other tests


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


LETTERS = "abcdefghijkmnopqrstuvwxyz"


@given(st.data())
def test_one_letter_off_is_seen_and_two_are_not(shipped: Catalogue, data: st.DataObject) -> None:
    """Added, left out, changed, or changed places with its neighbour (Damerau 1964)."""
    brand = "wetransfer"
    place = data.draw(st.integers(1, len(brand) - 2))
    letter = data.draw(st.sampled_from(LETTERS).filter(lambda letter: letter not in brand))
    swapped = brand[:place] + brand[place + 1] + brand[place] + brand[place + 2 :]
    off = [brand[:place] + letter + brand[place:], brand[:place] + brand[place + 1 :], brand[:place] + letter + brand[place + 1 :], swapped]
    for spelt in off:
        assert like(shipped, f"{spelt}.com") == ("WeTransfer", "one letter off wetransfer.com"), spelt
    assert like(shipped, f"q{brand[1:place]}{letter}{brand[place + 1 :]}qq.com") is None
    assert like(shipped, f"{brand[:4]}{letter}{brand[4:]}{letter}{letter}.com") is None


def test_a_letter_that_moved_further_is_no_typing_error(shipped: Catalogue) -> None:
    """Without that letter both are the same, and still they are not one letter apart."""
    assert like(shipped, "wtranesfer.com") is None


def test_a_short_name_one_letter_off_is_an_accident_unless_it_was_coined(shipped: Catalogue) -> None:
    assert like(shipped, "todoizt.com") is None
    assert like(shipped, "dropbix.com") == ("Dropbox", "one letter off dropbox.com")


@pytest.mark.parametrize(
    ("domain", "hosts", "name"),
    [
        ("evil.example", ("wetransfer.com.evil.example",), "WeTransfer"),
        ("evil.example", ("app.trello.com.evil.example", "trello.com.evil.example"), "Trello"),
        ("evil.example", ("evil.example", "www.evil.example"), None),
        ("evil.example", ("trellocom.evil.example",), None),
        ("evil.example", ("trello.evil.example",), None),
    ],
)
def test_a_whole_address_in_front_is_seen(shipped: Catalogue, domain: str, hosts: tuple[str, ...], name: str | None) -> None:
    found = like(shipped, domain, *hosts)
    assert (found[0] if found else None) == name


def test_an_answer_says_which_service_by_which_of_its_domains(shipped: Catalogue) -> None:
    found = look_alikes({"evil-dropbox.com": ["evil-dropbox.com"], "plain.example": ["plain.example"]}, shipped)
    assert list(found) == ["evil-dropbox.com"]
    one = found["evil-dropbox.com"]
    assert (one.service, one.name, one.domain) == ("dropbox", "Dropbox", "dropbox.com")
    assert look_alikes({}, shipped) == {}


def test_hosts_that_begin_with_addresses_of_one_vendor_are_one_likeness(shipped: Catalogue) -> None:
    assert like(shipped, "evil.example", "dropbox.com.evil.example", "www.dropbox.com.evil.example") == (
        "Dropbox", "begins with the whole address dropbox.com, but belongs to evil.example",
    )  # fmt: skip
