"""Past use replayed against a block list: who is stopped, what breaks with it, what gets through."""

from collections.abc import Callable
from typing import Any

import pytest

from discovery.catalogue import Catalogue
from rules.assess import assess
from rules.factors import toml
from rules.register import Decision
from rules.toolset import read_toolset
from rules.whatif import USUAL, WhatIf, replay, targets

Make = Callable[..., Any]
GOOGLE = 'suites = ["google_workspace_starter"]'


@pytest.fixture
def block(observe: Make, shipped: Catalogue) -> Callable[..., WhatIf]:
    def made(service: str, *rows: Any, target: str = USUAL, toolset: str = "", register: dict[str, Decision] | None = None, **more: Any) -> WhatIf:
        seen, provided = observe(*rows, **more), read_toolset(toolset)
        judged = assess(seen, shipped, register or {}, provided)
        finding = judged.finding(service)
        assert finding
        return replay(finding, targets()[target], seen, judged, shipped, provided.services)

    return made


def test_who_is_stopped_and_how_often(block: Make, sight: Make) -> None:
    found = block("wetransfer", sight(), sight(1), sight(person="bob", hits=7), sight(person="cy", role="visit", hits=3))
    assert (found.people, found.days, found.requests, found.missed) == (2, 2, 90, 0)
    assert "wetransfer.com" in found.names


def test_a_name_below_a_blocked_one_is_stopped_by_its_end_only(block: Make, sight: Make) -> None:
    rows = [sight(domain="new.wetransfer.com"), sight(domain="notwetransfer.com", service="smash")]
    assert block("wetransfer", *rows).requests == 40
    assert block("wetransfer", *rows).broken == ()


def test_exact_names_are_those_listed_or_seen(block: Make, sight: Make) -> None:
    rows = [sight(), sight(domain="new.wetransfer.com")]
    suffix, host = (block("wetransfer", *rows, target=target) for target in (USUAL, "pihole"))
    assert set(host.names) - set(suffix.names) == {"new.wetransfer.com"}
    assert host.requests == suffix.requests == 80


def test_what_is_shared_with_others_stays_off_the_list(block: Make, sight: Make) -> None:
    found = block("wetransfer", sight(), sight(domain="shared.cloudfront.net", role="infra", hits=9))
    assert (found.requests, found.missed) == (40, 9)


def test_a_suffix_can_take_another_service_with_it(block: Make, sight: Make) -> None:
    rows = [sight(), sight(person="bob", service="smash", domain="odd.wetransfer.com", hits=5)]
    (broken,) = block("wetransfer", *rows).broken
    assert (broken.service, broken.wanted, broken.requests, broken.people, broken.domains) == ("smash", False, 5, 1, ("odd.wetransfer.com",))


def test_a_category_stops_what_the_firm_wants_too(block: Make, sight: Make) -> None:
    rows = [sight(service="dropbox", domain="www.dropbox.com"), sight(person="bob", service="google-drive", domain="drive.google.com", hits=8)]
    found = block("dropbox", *rows, target="category", toolset=GOOGLE)
    assert [(one.service, one.wanted, one.requests) for one in found.broken] == [("google-drive", True, 8)]
    assert "Google Drive" in found.rollout[0]
    approved = block("dropbox", *rows, target="category", register={"google-drive": Decision("google-drive", "approved")})
    assert approved.broken[0].wanted
    assert not block("dropbox", *rows, target="category").broken[0].wanted
    assert block("dropbox", *rows, toolset=GOOGLE).broken == ()


def test_small_teams_are_not_named(block: Make, sight: Make) -> None:
    rows = [sight(person=f"s{n}", team="sales") for n in range(4)] + [sight(person=f"p{n}", team="projects") for n in range(3)]
    rows += [sight(person="h", team="hr"), sight(person="i", team="it")]
    found = block("wetransfer", *rows)
    assert found.teams == (("projects", 3), ("sales", 4), (None, 2))
    assert any("projects (3 of 9 people)" in step for step in found.rollout)


def test_the_order_begins_with_somewhere_to_go(block: Make, sight: Make) -> None:
    nothing = block("wetransfer", sight()).rollout
    assert nothing[0].startswith("Provide something")
    assert block("wetransfer", sight(), toolset=GOOGLE).rollout[0] == "Show Google Drive first: people need somewhere to go."
    assert nothing[-1] == "Then for everybody."


def test_nobody_hit_can_be_blocked_at_once(block: Make, sight: Make) -> None:
    found = block("wetransfer", sight(role="visit"))
    assert (found.people, found.days, len(found.rollout)) == (0, 0, 1)
    refused = block("wetransfer", sight(blocked_hits=40))
    assert refused.people == 0


def test_people_who_cannot_be_told_apart_are_not_counted(block: Make, sight: Make) -> None:
    assert block("wetransfer", sight(person=None, person_kind=None), apart=False).people is None
    assert block("wetransfer", sight(person="10.0.0.9", person_kind="device")).people == 1


def test_every_target_has_a_meaning() -> None:
    assert {target.semantics for target in targets().values()} == {"suffix", "host", "category"}
    assert USUAL in targets()


def test_the_replay_is_told_whole(block: Make, sight: Make) -> None:
    rows = [sight(day, person=f"s{n}", team="sales") for n in range(4) for day in range(2)] + [
        sight(person=f"p{n}", team="projects") for n in range(3)
    ]
    rows += [sight(person="h", team="hr"), sight(service="google-drive", domain="drive.wetransfer.com", person="zed", hits=8)]
    rows += [
        sight(service="google-drive", domain="a.wetransfer.com", person="zed", hits=9),
        sight(service="smash", domain="b.wetransfer.com", hits=70),
    ]
    rows += [sight(match="background", service=None, domain="cdn.wetransfer.com", hits=500)]
    found = block("wetransfer", *rows, toolset=GOOGLE)
    assert (found.target, found.people, found.days, found.requests, found.missed) == (targets()[USUAL], 8, 2, 12 * 40, 0)
    assert found.teams == (("projects", 3), ("sales", 4), (None, 1))
    assert [(one.service, one.name, one.wanted, one.requests, one.people, one.domains) for one in found.broken] == [
        ("google-drive", "Google Drive", True, 17, 1, ("a.wetransfer.com", "drive.wetransfer.com")),
        ("smash", "Smash", False, 70, 1, ("b.wetransfer.com",)),
    ]
    assert found.rollout == (
        "Before anything else, let Google Drive through by an exception: the same list would stop what the firm wants.",
        "Show Google Drive first: people need somewhere to go.",
        "Tell those who use it, and give them two weeks to fetch what they keep there.",
        "Then block it for projects (3 of 8 people) and listen for two weeks.",
        "Then for everybody.",
    )
    assert found.doubt == toml("whatif.toml")["semantics"]["suffix"]["doubt"]


def test_one_team_alone_is_not_asked_first(block: Make, sight: Make) -> None:
    rows = [sight(person=f"s{n}", team="sales") for n in range(3)]
    assert block("wetransfer", *rows).rollout == (
        "Provide something for this need first: nothing is there yet.",
        "Tell those who use it, and give them two weeks to fetch what they keep there.",
        "Then for everybody.",
    )
    small = block("wetransfer", sight(person="a", team="hr"), sight(person="b", team="it"))
    assert (small.teams, len(small.rollout)) == (((None, 2),), 3)


def test_where_nobody_was_stopped_it_can_be_blocked_at_once(block: Make, sight: Make) -> None:
    (only,) = block("wetransfer", sight(role="visit")).rollout
    assert only == "Nobody was seen working with it in this period: it can be blocked at once."
    assert block("wetransfer", sight(role="visit"), apart=False).people is None


def test_a_named_person_counts_and_their_devices_do_not(block: Make, sight: Make) -> None:
    found = block("wetransfer", sight(), *(sight(person=f"10.0.0.{n}", person_kind="device", team="sales") for n in range(4)))
    assert (found.people, found.teams) == (1, ())


def test_what_keeps_in_touch_by_itself_is_stopped_too(block: Make, sight: Make) -> None:
    assert block("wetransfer", sight(role="sync")).people == 1
    assert (block("wetransfer", sight(role="embed")).people, block("wetransfer", sight(hits=40, blocked_hits=39)).people) == (0, 1)


def test_a_target_says_what_it_matches() -> None:
    whatif, lists = toml("whatif.toml")["target"], toml("blocking.toml")
    assert {id_: (one.id, one.title, one.semantics) for id_, one in targets().items()} == {
        **{id_: (id_, entry["title"], entry["semantics"]) for id_, entry in whatif.items()},
        **{id_: (id_, entry["title"], entry["matches"]) for id_, entry in lists.items()},
    }


def test_what_breaks_and_who_is_asked_stand_in_a_fixed_order(block: Make, sight: Make) -> None:
    rows = [sight(person=f"{team}{n}", team=team) for team in ("sales", "it", "hr") for n in range(3)]
    rows += [sight(service=service, domain=f"{service}.wetransfer.com", hits=5) for service in ("trello", "slack", "zoom")]
    rows += [sight(service="zoom", domain=f"{name}.wetransfer.com", hits=5) for name in ("b", "a")]
    found = block("wetransfer", *rows)
    assert found.teams == (("hr", 3), ("it", 3), ("sales", 3))
    assert [(one.service, one.requests) for one in found.broken] == [("zoom", 15), ("slack", 5), ("trello", 5)]
    assert found.broken[0].domains == ("a.wetransfer.com", "b.wetransfer.com", "zoom.wetransfer.com")


def test_a_list_that_stops_nothing_counts_nothing(block: Make, sight: Make) -> None:
    found = block("wetransfer", sight(domain="shared.cloudfront.net", role="infra"))
    assert (found.requests, found.missed, found.people, found.days, found.broken) == (0, 40, 0, 0, ())


def test_of_two_teams_the_smaller_goes_first(block: Make, sight: Make) -> None:
    rows = [sight(person=f"{team}{n}", team=team) for team, size in (("it", 4), ("sales", 3)) for n in range(size)]
    assert block("wetransfer", *rows).teams == (("sales", 3), ("it", 4))
    assert "Then block it for sales (3 of 7 people) and listen for two weeks." in block("wetransfer", *rows).rollout
    beside_small_ones = [*rows[:4], sight(person="h", team="hr")]
    assert "Then block it for it (4 of 5 people) and listen for two weeks." in block("wetransfer", *beside_small_ones).rollout
