"""From observations to findings, and from findings to gaps."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.catalogue import Catalogue
from rules.assess import assess
from rules.findings import Assessment, Gap
from rules.register import Decision
from rules.toolset import Toolset, read_toolset

Make = Callable[..., Any]
Row = dict[str, Any]
MICROSOFT = read_toolset('suites = ["microsoft_365_business_basic"]')


@pytest.fixture
def judge(observe: Make, shipped: Catalogue) -> Callable[..., Assessment]:
    def made(
        *rows: Row, register: dict[str, Decision] | None = None, toolset: Toolset | None = None, today: date | None = None, **more: Any
    ) -> Assessment:
        return assess(observe(*rows, **more), shipped, register or {}, toolset or Toolset(), today=today)

    return made


def slack(sight: Make, **changes: Any) -> Row:
    return sight(**({"service": "slack", "domain": "app.slack.com"} | changes))


def files(sight: Make, **changes: Any) -> Row:
    return sight(**({"service": "sharepoint-onedrive", "domain": "firm.sharepoint.com"} | changes))


# Findings


def test_a_finding_says_what_who_and_where(judge: Make, sight: Make) -> None:
    rows = [
        sight(),
        sight(1, person="bob", team="sales", device="pc-2", uploaded_bytes=None, first_line=70),
        sight(2, person="cy", person_kind="device", slots=1, hits=1, uploaded_bytes=None),
        sight(0, domain="backgrounds.wetransfer.net", role="infra", hits=99, first_line=3),
    ]
    (found,) = judge(*rows).findings
    assert (found.service, found.name, found.vendor) == ("wetransfer", "WeTransfer", "WeTransfer")
    assert (found.category, found.capability, found.status, found.activity) == ("Files", "file_transfer", "unreviewed", "active")
    assert (found.people, found.active_people, found.devices, found.days, found.active_days) == (2, 2, 2, 3, 2)
    assert (found.hits, found.blocked_hits, found.uploaded_bytes, found.downloaded_bytes) == (180, 0, 2_000, 36_000)
    assert (found.first_seen, found.last_seen) == (datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 4, 9, 50, tzinfo=UTC))
    assert found.by_day == ((date(2026, 3, 2), 1), (date(2026, 3, 3), 1))
    assert [(one.domain, one.role, one.hits, one.log, one.first_line) for one in found.evidence] == [
        ("backgrounds.wetransfer.net", "infra", 99, "access.log", 3),
        ("wetransfer.com", "use", 81, "access.log", 1),
    ]
    ann, bob, cy = found.by_person
    assert (ann.person, ann.activity, ann.hits, ann.uploaded_bytes) == ("ann", "active", 139, 2_000)
    assert (bob.person, bob.team, bob.uploaded_bytes, bob.rule) == ("bob", "sales", None, "hosts people work with, in 5 ten-minute slots on 1 day")
    assert (cy.person, cy.person_kind, cy.activity) == ("cy", "device", "visit")


def test_the_strongest_activity_among_people_is_the_findings(judge: Make, sight: Make) -> None:
    embedded = sight(person="bob", role="embed")
    assert judge(embedded).findings[0].activity == "embedded"
    assert judge(embedded, sight(role="visit")).findings[0].activity == "visit"
    assert judge(embedded, sight(role="sync")).findings[0].activity == "background"
    found = judge(embedded, sight()).findings[0]
    assert (found.activity, found.people, found.active_people) == ("active", 2, 1)


def test_background_and_unknown_hosts_are_no_findings(judge: Make, sight: Make) -> None:
    background = sight(match="background", service=None, role=None, domain="updates.os")
    nobody_knows = sight(match="unknown", service=None, role=None, domain="app.new.io", registrable="new.io")
    assessment = judge(background, nobody_knows)
    assert assessment.findings == ()
    assert [domain.domain for domain in assessment.unknown] == ["new.io"]


def test_people_are_null_where_they_cannot_be_told_apart(judge: Make, sight: Make) -> None:
    nobody = judge(sight(person=None, person_kind=None), apart=False).findings[0]
    assert (nobody.people, nobody.active_people, nobody.by_day) == (None, None, ())
    assert nobody.by_person[0].person is None
    lone = judge(sight(person="10.0.0.1", person_kind="device"), apart=False).findings[0]
    assert (lone.people, lone.active_people, lone.devices) == (None, None, 1)
    shared = judge(sight(person="10.0.0.1", person_kind="shared"), sight(person="bob", service="slack", domain="slack.com")).finding("wetransfer")
    assert shared is not None
    assert shared.people is None


def test_devices_are_counted_where_nobody_is_known_by_name(judge: Make, sight: Make) -> None:
    phones = [sight(day, person=f"phone-{day}", person_kind="device") for day in range(3)]
    found = judge(*phones).findings[0]
    assert (found.people, found.active_people, found.devices, len(found.by_day)) == (3, 3, 3, 3)
    assert gap(judge(*phones), "file_transfer").people == 3
    found = judge(*phones, sight(role="embed")).findings[0]
    assert (found.people, found.active_people, found.activity) == (3, 3, "active")


def test_what_the_firm_provides_is_judged_on_its_business_plan(judge: Make, sight: Make) -> None:
    free, business = (judge(files(sight), toolset=toolset).findings[0].risk for toolset in (Toolset(), MICROSOFT))
    assert business.score < free.score


def test_findings_are_sorted_by_risk_then_people(judge: Make, sight: Make) -> None:
    rows = [sight(service=name, domain=f"{name}.com", person=person) for name in ("pastebin", "canva", "wetransfer") for person in ("ann", "bob")]
    found = judge(*rows).findings
    assert [finding.risk.score for finding in found] == sorted((finding.risk.score for finding in found), reverse=True)
    assert found[0].service == "pastebin"


def test_a_decision_changes_the_status_and_never_the_risk(judge: Make, sight: Make) -> None:
    before = judge(sight()).findings[0]
    approved = {"wetransfer": Decision("wetransfer", "approved", review_by=date(2026, 3, 31))}
    after = judge(sight(), register=approved).findings[0]
    assert (after.status, after.risk) == ("approved", before.risk)
    assert judge(sight(), register=approved, today=date(2026, 4, 1)).findings[0].status == "in_review"


def test_refused_requests_are_tried_not_used(judge: Make, sight: Make) -> None:
    found = judge(sight(blocked_hits=40)).findings[0]
    assert (found.activity, found.active_people, found.active_days, found.blocked_hits) == ("visit", 0, 0, 40)


def test_a_day_on_which_all_was_refused_is_no_day_of_use(judge: Make, sight: Make) -> None:
    found = judge(sight(), sight(1, blocked_hits=40), sight(2, role="visit")).findings[0]
    assert (found.activity, found.days, found.active_days) == ("active", 3, 1)


def test_more_use_means_more_risk(judge: Make, sight: Make) -> None:
    little = judge(sight()).findings[0].risk.score
    much = judge(*(sight(day, person=person, uploaded_bytes=10**9) for day in range(5) for person in ("ann", "bob", "cy"))).findings[0].risk.score
    assert much > little


def test_the_assessment_says_which_rules_judged(judge: Make, sight: Make) -> None:
    rules = judge(sight()).rules_in_force
    assert len(rules["version"]) == 12
    assert rules["levels"]["High"] == 60
    assert rules["activity"]["slots_of_use"] == 3


def test_a_service_can_be_asked_for(judge: Make, sight: Make) -> None:
    assessment = judge(sight(), slack(sight))
    assert assessment.finding("slack") in assessment.findings
    assert assessment.finding("zoom") is None


def test_nothing_seen_is_an_empty_assessment(judge: Make) -> None:
    empty = judge()
    assert (empty.findings, empty.unknown, empty.gaps) == ((), (), ())


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "person": st.sampled_from(["ann", "bob", None]),
            "service": st.sampled_from(["wetransfer", "slack", "zoom"]),
            "role": st.sampled_from(["use", "sync", "embed", "visit"]),
            "slots": st.integers(0, 9),
            "hits": st.integers(1, 50),
            "uploaded_bytes": st.one_of(st.none(), st.integers(0, 10**8)),
            "first_line": st.integers(1, 9),
        }
    ),
    max_size=10,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(judge: Make, sight: Make, rows: list[Row], chance: Any) -> None:
    made = [sight(number % 3, domain=f"{row['role']}.{row['service']}.com", **row) for number, row in enumerate(rows)]
    assert judge(*made, toolset=MICROSOFT) == judge(*chance.sample(made, len(made)), toolset=MICROSOFT)


# Gaps


def gap(assessment: Assessment, capability: str) -> Gap:
    (found,) = [one for one in assessment.gaps if one.capability == capability]
    return found


def test_nothing_is_provided(judge: Make, sight: Make) -> None:
    found = gap(judge(sight(), sight(3, person="bob")), "file_transfer")
    assert (found.gap, found.people, found.days, found.services, found.toolset) == ("no_tool", 2, 2, ("wetransfer",), ())
    assert found.evidence == "2 of 10 people used WeTransfer on 2 days; nothing is provided for it."
    assert found.need == "Send files too big for mail"
    assert found.question.endswith("?")
    assert "WeTransfer" in found.recommendation


def test_what_is_provided_is_not_used(judge: Make, sight: Make) -> None:
    found = gap(judge(sight(), toolset=MICROSOFT), "file_transfer")
    assert (found.gap, found.toolset, found.tool_people) == ("tool_unused", ("OneDrive and SharePoint",), 0)
    assert "nobody was seen using it" in found.evidence


def test_something_else_is_used_beside_it(judge: Make, sight: Make) -> None:
    found = gap(judge(sight(), files(sight, person="bob"), files(sight, person="cy"), toolset=MICROSOFT), "file_transfer")
    assert (found.gap, found.people, found.services, found.tool_people) == ("tool_beside", 1, ("wetransfer",), 2)
    assert found.evidence == (
        "1 of 10 people used WeTransfer on 1 day, beside OneDrive and SharePoint, which 2 of 10 people used. "
        "Nobody uses both: most keep to what they are used to."
    )
    assert found.lacking == "habit"
    assert "people outside have to prove who they are" in found.recommendation


def test_agents_that_synchronise_show_that_a_tool_is_used(judge: Make, sight: Make) -> None:
    assert gap(judge(sight(), files(sight, person="bob", role="sync"), toolset=MICROSOFT), "file_transfer").gap == "tool_beside"


def test_a_tool_that_leaves_no_trace_is_not_said_to_be_unused(judge: Make, sight: Make) -> None:
    own = read_toolset('[[tool]]\nname = "Courier box"\ncapabilities = ["file_transfer"]')
    found = gap(judge(sight(), toolset=own), "file_transfer")
    assert (found.gap, found.tool_people) == ("tool_beside", None)
    assert "cannot be seen in these logs" in found.evidence


def test_only_what_is_provided_is_used(judge: Make, sight: Make) -> None:
    found = gap(judge(files(sight), toolset=MICROSOFT), "cloud_storage")
    assert (found.gap, found.people, found.services, found.recommendation) == ("covered", 1, ("sharepoint-onedrive",), "Nothing to do.")


def test_an_approved_service_counts_as_provided(judge: Make, sight: Make) -> None:
    approved = {"wetransfer": Decision("wetransfer", "approved")}
    found = gap(judge(sight(), register=approved), "file_transfer")
    assert (found.gap, found.toolset) == ("covered", ("WeTransfer",))
    beside = gap(judge(sight(), sight(person="bob", service="smash", domain="fromsmash.com"), register=approved), "file_transfer")
    assert (beside.gap, beside.services) == ("tool_beside", ("smash",))


def test_visits_and_widgets_are_no_need(judge: Make, sight: Make) -> None:
    assert judge(sight(role="visit"), slack(sight, role="embed")).gaps == ()


def test_what_is_provided_and_needed_by_nobody_is_no_gap(judge: Make, sight: Make) -> None:
    assert {one.capability for one in judge(sight(), toolset=MICROSOFT).gaps} == {"file_transfer"}


def test_several_services_for_one_job_are_fragmented(judge: Make, sight: Make) -> None:
    names = {"wetransfer": "ann", "smash": "bob", "filemail": "cy"}
    rows = [sight(service=service, domain=f"{service}.com", person=person) for service, person in names.items()]
    found = gap(judge(*rows), "file_transfer")
    assert found.fragmented
    assert "3 services do one job" in found.recommendation
    assert not gap(judge(*rows[:2]), "file_transfer").fragmented


def test_people_who_use_two_services_are_counted_once(judge: Make, sight: Make) -> None:
    found = gap(judge(sight(), sight(1, service="smash", domain="fromsmash.com")), "file_transfer")
    assert (found.people, found.days) == (1, 2)


def test_people_of_a_gap_are_null_where_nobody_can_be_told(judge: Make, sight: Make) -> None:
    found = gap(judge(sight(person=None, person_kind=None), apart=False), "file_transfer")
    assert (found.people, found.days) == (None, 1)
    assert found.evidence.startswith("An unknown number of people used WeTransfer")


def test_some_needs_call_for_a_rule_not_for_a_tool(judge: Make, sight: Make) -> None:
    found = gap(judge(sight(service="nordvpn", domain="nordvpn.com")), "vpn_proxy")
    assert found.gap == "no_tool"
    assert found.recommendation.startswith("Find out what is out of reach")


def test_gaps_are_sorted_by_class_then_people(judge: Make, sight: Make) -> None:
    rows = [slack(sight), slack(sight, person="bob"), sight(), files(sight), sight(service="canva", domain="canva.com")]
    classes = [(one.gap, one.capability) for one in judge(*rows, toolset=MICROSOFT).gaps]
    assert classes == [("no_tool", "design"), ("tool_unused", "chat"), ("tool_beside", "file_transfer"), ("covered", "cloud_storage")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.sampled_from([Toolset(), MICROSOFT]), st.sampled_from(["unreviewed", "approved", "not_approved"]))
def test_a_need_falls_in_one_class_only(judge: Make, sight: Make, rows: list[Row], toolset: Toolset, status: str) -> None:
    register = {name: Decision(name, status) for name in ("slack", "zoom")}
    found = judge(*(sight(**row) for row in rows), toolset=toolset, register=register).gaps
    assert len({one.capability for one in found}) == len(found)
    for one in found:
        assert one.gap in {"no_tool", "tool_unused", "tool_beside", "covered"}
        assert (one.gap == "no_tool") == (not one.toolset)
        assert one.services
        assert one.evidence
        assert one.recommendation
