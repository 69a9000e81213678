"""What a practice hands to its clients: inherited until a client says something of its own, and never in place of it."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from rules import practice
from rules.practice import Effect, Own, Template
from rules.register import STATUSES, Decision, Register, in_force, register_on, status_of
from rules.weights import Weight
from rules.weights import in_force as weighed

MAY = datetime(2026, 5, 4, tzinfo=UTC)
JUNE = datetime(2026, 6, 4, tzinfo=UTC)


def handed(service: str, status: str, account: str = "any", at: datetime = JUNE) -> Decision:
    return Decision(service, status, "Head of IT", "For all", review_by=date(2027, 1, 1), decided_at=at, account=account, inherited=True)


def test_a_template_is_kept_whole() -> None:
    levels = Weight("level", "High", 65.0, "We are careful.", "Ada", MAY, inherited=True)
    made = Template("suites = []\n", (handed("dropbox", "approved"),), (levels,), {"Telling us": "Write to {firm}."})
    assert Template.of(made.plain()) == made


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(STATUSES), st.sampled_from(("any", "company")))))
def test_a_clients_own_word_always_holds(own: list[tuple[str, str, str]]) -> None:
    """However old it is, and whatever the template says of the same service."""
    mine = [Decision(service, status, account=account, decided_at=MAY) for service, status, account in own]
    template = [handed(service, "not_approved") for service in "abc"]
    register, alone = in_force([*template, *mine]), in_force(mine)
    for service in "abc":
        said = {one.service for one in mine}
        assert register.about(service) == (alone.about(service) if service in said else [handed(service, "not_approved")])


def test_what_is_taken_back_is_inherited_again_and_the_past_stays() -> None:
    own = Decision("dropbox", "approved", decided_at=MAY, undone_by="Ann", undone_at=JUNE)
    history = [handed("dropbox", "not_approved", at=MAY), own]
    assert in_force(history)["dropbox"].status == "not_approved"
    assert register_on(history, datetime(2026, 5, 20, tzinfo=UTC))["dropbox"].status == "approved"
    assert status_of(in_force(history), "dropbox", None) == "not_approved"


def test_levels_belong_together() -> None:
    template = Template(weights=(Weight("level", "High", 30.0, "", inherited=True), Weight("factor", "x", 2.0, "", inherited=True)))
    assert {one.kind for one in practice.weights((), template)} == {"level", "factor"}
    own = (Weight("level", "Elevated", 45.0, "Ours."),)
    assert [one.key for one in practice.weights(own, template)] == ["x", "Elevated"]
    weighed(practice.weights(own, template))


def test_an_effect_says_what_changes_and_what_stays() -> None:
    before = Template(decisions=(handed("dropbox", "approved"), handed("trello", "tolerated")), clauses={"Telling us": "A"})
    after = Template("suites = []\n", (handed("dropbox", "not_approved"), handed("trello", "tolerated")), (Weight("factor", "x", 2.0, ""),), {})
    follows = Own()
    keeps = Own('suites = ["zoom"]', Register([Decision("dropbox", "approved_with_conditions")]), clauses={"Telling us": "Ours"})
    assert practice.effect(follows, before, after) == [
        Effect("toolset", "", None, "suites = []\n"),
        Effect("decision", "dropbox", "approved", "not_approved"),
        Effect("weight", "factor x", None, "2"),
        Effect("clause", "Telling us", "A", None),
    ]
    assert [one.own for one in practice.effect(keeps, before, after)] == ['suites = ["zoom"]', "approved_with_conditions", None, "Ours"]
    assert practice.effect(follows, after, after) == []
