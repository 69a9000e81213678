"""Likeness among a few names made up for it: which domains stand for a service, how long a name must be, and who else may hold it."""

from itertools import product

from discovery.catalogue import Catalogue, Entry, Service
from rules import lookalikes
from rules.findings import LooksLike
from rules.lookalikes import look_alikes

HAND = "files.jsonl"


def service(id_: str, vendor: str = "") -> Service:
    return Service(id_, id_.title(), vendor or f"{id_.title()} Ltd", "files", "Files", "file_transfer", (), (), "", {}, {})


def known(*domains: str, role: str = "use", file: str = HAND, **others: Entry) -> Catalogue:
    """Services of these domains, each called as its first label; before them others, a dot as two underscores."""
    entries = {name.replace("__", ".").replace("_", "-"): entry for name, entry in others.items()}
    entries |= {domain: Entry("service", domain.partition(".")[0], role, None, file, 1) for domain in domains}
    services = {entry.id: service(entry.id) for entry in entries.values() if entry.kind == "service"}
    return Catalogue(repr(entries), services, {}, entries)


def why(catalogue: Catalogue, domain: str, *hosts: str) -> str | None:
    found = look_alikes({domain: hosts or (domain,)}, catalogue).get(domain)
    return found.why if found else None


def test_the_shorter_a_name_the_less_is_read_into_another() -> None:
    names = ("fenn", "fenno", "fennor", "fenmore", "fennmore", "fennimore")
    catalogue = known(*(f"{name}.com" for name in names))
    signs, part = "spelt with other signs that read the same", "holds “{0}”, as in {0}.com"
    for name in names:
        long = len(name)
        assert why(catalogue, f"{name.replace('e', '3')}.net") == (signs if long >= 5 else None), name
        assert why(catalogue, f"evil-{name}.net") == (part.format(name) if long >= 6 else None), name
        assert why(catalogue, f"{name}.net") == (f"the same name as {name}.com below another ending" if long >= 6 else None), name
        assert why(catalogue, f"my{name}.net") == why(catalogue, f"{name}my.net") == (part.format(name) if long >= 7 else None), name
        assert why(catalogue, f"{name[:-2]}{name[-1]}{name[-2]}.net") == (f"one letter off {name}.com" if long >= 9 else None), name
        assert why(catalogue, f"my{name}my.net") is None, name


def test_an_ordinary_word_is_only_seen_where_it_is_spelt_otherwise() -> None:
    catalogue = known("express.com", "instantly.com")
    assert [why(catalogue, name) for name in ("myexpress.com", "my-express.com", "express.net", "ex-press.com", "instantyl.com")] == [None] * 5
    assert why(catalogue, "expre5s.net") == "spelt with other signs that read the same"


def test_the_longest_name_that_is_held_is_told() -> None:
    catalogue = known("fenmore.com", "fenmorebox.com", "mybox-more.com")
    assert why(catalogue, "fenmoreboxes.net") == "holds “fenmorebox”, as in fenmorebox.com"
    assert why(catalogue, "my-fenmore-fenmorebox.net") == "holds “fenmorebox”, as in fenmorebox.com"


def test_a_name_is_a_services_own_where_no_other_vendor_holds_it() -> None:
    """At the beginning, at the end or between hyphens of any of its domains, the first of the catalogue among them."""
    for held in ("fenmore_shop__com", "fenmores__com", "old_fenmore_shop__net", "myfenmore__net"):
        for entry in (Entry("service", "other", "infra", None, HAND, 1), Entry("background", "cdn", None, None, HAND, 1)):
            catalogue = known("fenmore.com", "third.com", **{held: entry})
            assert why(catalogue, "evil-fenmore.net") is None, held
            assert why(catalogue, "fen-more.net") is None
            assert why(catalogue, "fenmore.net") is None
    own = known("fenmore.com", fenmores__com=Entry("service", "fenmore", "infra", None, HAND, 1))
    beside = known("fenmore.com", xfenmorex__com=Entry("service", "other", "use", None, HAND, 1))
    for catalogue in (own, beside):
        assert why(catalogue, "evil-fenmore.net") == "holds “fenmore”, as in fenmore.com"
        assert why(catalogue, "fen-more.net") == "the same letters, with hyphens set differently"


def test_a_name_that_a_service_has_is_no_other_one_misspelt() -> None:
    """Whoever else is called like Fennimore is not called like Fennimora; nor is fenmor a way to write fenrnor."""
    taken = {"third_fennimore__net": Entry("service", "third", "use", None, HAND, 1)}
    assert why(known("fennimora.com"), "fennimore.org") == "one letter off fennimora.com"
    assert why(known("fennimora.com", "fennimore.com", **taken), "fennimore.org") is None
    assert why(known("fenmor.com"), "fenrnor.org") == "spelt with other signs that read the same"
    assert why(known("fenmor.com", "fenrnor.com"), "fenrnor.org") == "the same name as fenrnor.com below another ending"


def test_names_of_one_house_do_not_hide_each_other() -> None:
    catalogue = known("fenmore.com", fenmores__com=Entry("service", "other", "infra", None, HAND, 1))
    same = Catalogue("same house", {**catalogue.services, "other": service("other", "Fenmore Ltd")}, {}, catalogue.domains)
    assert why(same, "evil-fenmore.net") == "holds “fenmore”, as in fenmore.com"


def test_only_what_people_know_a_service_by_can_be_imitated() -> None:
    for role, told in (("use", True), ("visit", True), ("infra", False), ("sync", False), ("embed", False)):
        assert (why(known("fenmore.com", role=role), "evil-fenmore.net") is not None) == told, role
    assert why(known("fenmore.com", file="files.open.jsonl"), "evil-fenmore.net") is None
    assert why(known("fenmore.com.au"), "evil-fenmore.net") == "holds “fenmore”, as in fenmore.com.au"
    assert why(known("fenmore.github.io"), "evil-fenmore.net") is None, "below a platform names are those of customers"


def test_a_domain_that_houses_several_services_stands_for_its_vendor() -> None:
    catalogue = known(app__fenmore__com=Entry("service", "app", "use", None, HAND, 1))
    found = look_alikes({"evil-fenmore.net": ["evil-fenmore.net"]}, catalogue)["evil-fenmore.net"]
    assert found == LooksLike("app", "App Ltd", "fenmore.com", "holds “fenmore”, as in fenmore.com")
    assert why(catalogue, "fenmore.net") is None
    both = known("fenmore.com", app__fenmore__com=Entry("service", "app", "use", None, HAND, 1))
    found = look_alikes({"fenmore.net": ["fenmore.net"]}, both)["fenmore.net"]
    assert found == LooksLike("fenmore", "Fenmore", "fenmore.com", "the same name as fenmore.com below another ending")


def test_a_whole_address_in_front_is_told_and_several_are_those_of_a_gateway() -> None:
    catalogue = known("fenn.com", "fenmore.co.uk", "third.com")
    begins = "begins with the whole address {}, but belongs to evil.example"
    assert why(catalogue, "evil.example", "fenn.com.evil.example") == begins.format("fenn.com")
    assert why(catalogue, "evil.example", "login.fenmore.co.uk.evil.example") == begins.format("fenmore.co.uk")
    assert why(catalogue, "evil.example", "third.com.x.evil.example", "www.evil.example") == begins.format("third.com")
    assert why(catalogue, "evil.example", "fenn.com.evil.example", "third.com.evil.example") is None
    assert why(catalogue, "evil.example", "co.uk.evil.example", "com.evil.example", "xfenn.com.evil.example") is None


def test_a_hyphen_more_or_less_is_seen_both_ways() -> None:
    catalogue = known("fen-more.com", "fennor.com", "fenno.com")
    assert why(catalogue, "fenmore.net") == "the same letters, with hyphens set differently"
    assert why(catalogue, "fen-nor.net") == "the same letters, with hyphens set differently"
    assert why(catalogue, "fen-no.net") is None, "too short to mean it"
    assert why(catalogue, "f3n-more.net") == "spelt with other signs that read the same"


def test_another_alphabet_says_how_it_reads() -> None:
    catalogue = known("fenmore.com", "fenn.com")
    spelt = "fenmоre"  # the о is Cyrillic
    assert why(catalogue, f"{spelt}.net".encode("idna").decode()) == f"written with letters of another alphabet: “{spelt}”"
    assert why(catalogue, "fеnn.net".encode("idna").decode()) is None


def neighbours(word: str, letters: str) -> set[str]:
    """Everything one letter away: left out, added, changed, or changed places with the next."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    left_out = {head + tail[1:] for head, tail in cuts if tail}
    added = {head + letter + tail for head, tail in cuts for letter in letters}
    changed = {head + letter + tail[1:] for head, tail in cuts if tail for letter in letters}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    return (left_out | added | changed | swapped) - {word}


def test_one_letter_off_is_what_it_says_for_all_short_words() -> None:
    words = ["".join(letters) for size in range(1, 5) for letters in product("abc", repeat=size)]
    for one in words:
        near = neighbours(one, "abc")
        assert [other for other in words if lookalikes._one_off(one, other) != (other in near)] == [], one  # noqa: SLF001
