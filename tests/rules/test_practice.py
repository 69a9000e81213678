"""What a practice hands to its clients: inherited until a client says something of its own, and never in place of it."""

from dataclasses import replace
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


KINDS = st.sampled_from(("factor", "level"))
WEIGHTS = st.builds(Weight, KINDS, st.sampled_from("ab"), st.none() | st.floats(0, 3), st.just(""))
DECISIONS = st.builds(handed, st.sampled_from("abc"), st.sampled_from(STATUSES), st.sampled_from(("any", "company")))


@given(st.lists(DECISIONS), st.sampled_from("abc"))
def test_the_last_decision_on_a_service_and_account_stands(made: list[Decision], taken_out: str) -> None:
    template = Template(toolset="x")
    for one in made:
        template = template.deciding(one)
    last = {(one.service, one.account): one for one in made}
    assert template.decisions == tuple(last[key] for key in sorted(last))
    rest = template.without(taken_out)
    assert rest.decisions == tuple(last[key] for key in sorted(last) if key[0] != taken_out)
    assert rest.toolset == template.toolset == "x"


@given(st.lists(WEIGHTS))
def test_the_last_weight_stands_and_one_without_a_value_is_taken_out(made: list[Weight]) -> None:
    template = Template()
    for one in made:
        template = template.weighing(one)
    last = {(one.kind, one.key): one for one in made}
    assert template.weights == tuple(last[key] for key in sorted(last) if last[key].value is not None)


def test_a_clause_is_said_anew_or_taken_out() -> None:
    template = Template(clauses={"A": "a", "B": "b"})
    assert template.saying("A", "anew").clauses == {"A": "anew", "B": "b"}
    assert template.saying("C", "c").clauses == {"A": "a", "B": "b", "C": "c"}
    assert template.saying("A", "").clauses == {"B": "b"}


def test_a_clients_own_tools_and_clauses_go_before_the_practices() -> None:
    template = Template("suites = []\n", clauses={"A": "a", "B": "b"})
    assert practice.toolset(" \n", template) == "suites = []\n"
    assert practice.toolset("x", template) == "x"
    assert practice.clauses({"B": "own", "C": "c"}, template) == {"A": "a", "B": "own", "C": "c"}


def test_own_weights_go_before_the_practices_one_by_one() -> None:
    template = Template(weights=(Weight("factor", "x", 2.0, "", inherited=True), Weight("factor", "y", 1.5, "", inherited=True)))
    own = (Weight("factor", "y", 0.0, "Ours."),)
    assert [(one.key, one.value, one.inherited) for one in practice.weights(own, template)] == [("x", 2.0, True), ("y", 0.0, False)]


def test_an_effect_on_weights_says_what_is_kept() -> None:
    before = Template(weights=(Weight("level", "High", 60.0, ""), Weight("factor", "x", 2.0, ""), Weight("factor", "same", 1.0, "")))
    after = Template(weights=(Weight("level", "High", 65.5, ""), Weight("factor", "same", 1.0, "")))
    own = Own(weights=(Weight("level", "Elevated", 45.0, ""), Weight("factor", "x", 0.0, "")))
    assert practice.effect(own, before, after) == [
        Effect("weight", "factor x", "2", None, "0"),
        Effect("weight", "level High", "60", "65.5", "its own levels"),
    ]
    assert practice.effect(Own(), before, after)[1].own is None
    other = Own(weights=(Weight("factor", "y", 0.0, ""),))
    assert practice.effect(other, before, after)[1].own is None


def test_an_effect_on_decisions_is_by_service_and_goes_by_what_a_client_would_notice() -> None:
    noticed = {"status": "tolerated", "owner": "x", "reason": "x", "conditions": "x", "review_by": date(2028, 1, 1), "data_held": "x"}
    one = handed("dropbox", "approved")
    for name, value in noticed.items():
        (told,) = practice.effect(Own(), Template(decisions=(one,)), Template(decisions=(replace(one, **{name: value}),)))
        assert (told.part, told.key, told.before, told.own) == ("decision", "dropbox", "approved", None)
    later = replace(one, decided_at=MAY, decided_by="Ada")
    assert practice.effect(Own(), Template(decisions=(one,)), Template(decisions=(later,))) == []
    both = Template(decisions=(handed("zoom", "approved"), one))
    assert [(told.key, told.before, told.after) for told in practice.effect(Own(), Template(), both)] == [
        ("dropbox", None, "approved"),
        ("zoom", None, "approved"),
    ]


def test_an_effect_on_tools_says_what_was_and_what_the_client_keeps() -> None:
    before, after = Template("a"), Template("")
    assert practice.effect(Own(" "), before, after) == [Effect("toolset", "", "a", None, None)]
    assert practice.effect(Own("own"), after, before) == [Effect("toolset", "", None, "a", "own")]


def test_a_template_is_plain_json_and_an_empty_one_too() -> None:
    made = Template("t", (handed("dropbox", "approved"),), (Weight("level", "High", 65.0, "Careful.", "Ada", MAY, inherited=True),), {"A": "a"})
    assert made.plain() == {
        "toolset": "t",
        "decisions": [
            {"service": "dropbox", "status": "approved", "owner": "Head of IT", "reason": "For all", "conditions": "", "review_by": "2027-01-01",
             "decided_at": "2026-06-04T00:00:00+00:00", "decided_by": "", "account": "any", "data_held": ""},
        ],
        "weights": [
            {"kind": "level", "key": "High", "value": 65.0, "note": "Careful.", "changed_by": "Ada", "changed_at": "2026-05-04T00:00:00+00:00"},
        ],
        "clauses": {"A": "a"},
    }  # fmt: skip
    assert Template.of({}) == Template.of(Template().plain()) == Template()
