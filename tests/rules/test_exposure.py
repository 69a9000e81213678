"""What risk is judged by: the use of a service as a whole, the plan, the day, and what the firm has for the job."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from discovery.catalogue import Catalogue, Fact
from discovery.observations import Observations
from rules import risk
from rules.assess import assess
from rules.factors import Exposure
from rules.findings import Assessment
from rules.questions import answers
from rules.register import Decision
from rules.toolset import Toolset, read_toolset
from rules.weights import Weight, in_force

Make = Callable[..., Any]
MICROSOFT = read_toolset('suites = ["microsoft_365_business_basic"]')


@pytest.fixture
def judge(observe: Make, shipped: Catalogue) -> Callable[..., Assessment]:
    def made(*rows: Any, register: dict[str, Decision] | None = None, toolset: Toolset | None = None, today: date | None = None, **more: Any) -> Any:
        return assess(observe(*rows, **more), shipped, register or {}, toolset or Toolset(), today=today)

    return made


def test_the_use_that_risk_is_judged_by(judge: Make, sight: Make) -> None:
    rows = [sight(day, person=person, uploaded_bytes=10**6, blocked_hits=2) for person in ("ann", "bob") for day in (0, 1, 7)]
    (found,) = judge(*rows, sight(8, role="visit", person="zed", slots=1)).findings
    assert found.exposure == Exposure(
        activity="active", active_people=2, people=10, active_days=3, working_days=10, uploaded_bytes=6_001_000, refused=12, late_days=3,
        late_working_days=10, provided=None,
    )  # fmt: skip


def test_only_the_last_two_weeks_are_late(shipped: Catalogue, observe: Make, sight: Make) -> None:
    seen = observe(*(sight(day) for day in (-30, -3, -2, 0, 11)))
    month = Observations(seen.usage, seen.logs, seen.coverage, seen.zone, date(2026, 1, 31), date(2026, 3, 13))
    (found,) = assess(month, shipped, {}, MICROSOFT).findings
    assert found.exposure
    assert (found.exposure.active_days, found.exposure.working_days) == (5, 30)
    assert (found.exposure.late_days, found.exposure.late_working_days) == (3, 10), "from 28 February on"


@pytest.mark.parametrize(("toolset", "provided"), [(Toolset(), None), (MICROSOFT, True), (read_toolset('suites = ["zoom"]'), False)])
def test_whether_the_firm_has_a_tool_for_it(judge: Make, sight: Make, toolset: Toolset, provided: bool | None) -> None:
    (found,) = judge(sight(), toolset=toolset).findings
    assert found.exposure
    assert found.exposure.provided == provided


def test_the_business_plan_is_judged_beside_the_free_one_where_something_is_known_of_it(judge: Make, sight: Make, shipped: Catalogue) -> None:
    (found,) = judge(sight()).findings
    entry = shipped.services["wetransfer"]
    assert found.exposure
    assert (found.plan, found.risk) == ("free", risk.here(entry, found.exposure, date(2026, 3, 13)))
    assert found.inherent == risk.inherent(entry, date(2026, 3, 13))
    assert found.on_business == risk.here(entry, found.exposure, date(2026, 3, 13), "business")
    (own,) = judge(sight(service="sharepoint-onedrive", domain="firm.sharepoint.com"), toolset=MICROSOFT).findings
    assert own.exposure
    assert (own.plan, own.on_business) == ("business", None)
    assert own.risk == risk.here(shipped.services["sharepoint-onedrive"], own.exposure, date(2026, 3, 13), "business")
    bare = next(id_ for id_, one in shipped.services.items() if not any(name.startswith("business.") for name in one.facts))
    assert judge(sight(service=bare)).findings[0].on_business is None


def test_facts_and_decisions_are_read_on_the_day_asked_for(judge: Make, sight: Make) -> None:
    register = {"wetransfer": Decision("wetransfer", "approved", review_by=date(2026, 3, 12))}
    assert judge(sight(), register=register).findings[0].status == "in_review"
    assert judge(sight(), register=register, today=date(2026, 3, 12)).findings[0].status == "approved"


def test_the_period_and_what_it_rests_on_are_handed_on(judge: Make, sight: Make) -> None:
    found = judge(sight())
    assert (found.since, found.until, found.coverage.people_expected) == (date(2026, 3, 2), date(2026, 3, 13), 10)
    assert [log.path for log in found.logs] == ["access.log"]
    assert list(found.rules_in_force["weights"]) == []


def test_people_the_firm_expects_go_before_people_seen(judge: Make, sight: Make) -> None:
    for expected, whole in ((10, 10), (None, 1)):
        exposure = judge(sight(), expected=expected).findings[0].exposure
        assert exposure
        assert exposure.people == whole


def test_findings_stand_by_risk_then_by_people_then_by_name(shipped: Catalogue, observe: Make, sight: Make) -> None:
    """Of services about which the same is known; who only looks at one is one of its people, and no risk."""
    alike = {id_: replace(shipped.services["wetransfer"], id=id_, name=name) for id_, name in (("a", "Zeta"), ("b", "Eta"), ("c", "Beta"))}
    catalogue = replace(shipped, services={**alike, "canva": shipped.services["canva"]})
    rows = [sight(service=id_) for id_ in alike] + [sight(service="canva", person="bob"), sight(service="canva", person="cy")]
    looks = sight(service="a", person="bob", role="visit", uploaded_bytes=0)
    found = assess(observe(*rows, looks), catalogue, {}, Toolset()).findings
    assert [(one.name, one.people) for one in found] == [("Zeta", 2), ("Beta", 1), ("Eta", 1), ("Canva", 2)]
    nameless = [sight(service=id_, person=None, person_kind=None) for id_ in ("a", "c")]
    assert [one.name for one in assess(observe(*nameless), catalogue, {}, Toolset()).findings] == ["Beta", "Zeta"]


def test_the_questions_are_answered_for_the_plan_that_the_firm_has(observe: Make, sight: Make, shipped: Catalogue) -> None:
    fact = {plan: Fact(plan == "business", "2fa", "2026-02-04", 1.0) for plan in ("free", "business")}
    entry = replace(shipped.services["slack"], facts={f"{plan}.dpa": one for plan, one in fact.items()})
    catalogue = replace(shipped, services={"slack": entry})
    own = read_toolset('[[tool]]\nname = "Slack"\ncapabilities = ["chat"]\nservices = ["slack"]')
    for toolset, plan in ((Toolset(), "free"), (own, "business")):
        (found,) = assess(observe(sight(service="slack")), catalogue, {}, toolset).findings
        assert (found.plan, found.answers, found.unanswered) == (plan, *answers(entry, date(2026, 3, 13), plan))
        assert ("no_agreement" in found.answers) == (plan == "free")


MOVED = Exposure("active", 2, 10, 5, 10, 15_000_000, refused=9, late_days=5, late_working_days=10, provided=True)
OWN = (Weight("service", "wetransfer", 7, "x"), Weight("service", "smash", 7, "x"), Weight("factor", "refused", 3, "x"))


@pytest.mark.parametrize("weights", [(), OWN])
@pytest.mark.parametrize("nameless", [False, True])
def test_what_people_are_given_is_scored_with_everything_they_bring(
    shipped: Catalogue, observe: Make, sight: Make, weights: tuple[Weight, ...], nameless: bool
) -> None:
    """On its business plan, by the rules in force, on the day asked for: people once, days once, bytes as far as they are known."""
    smash = {"service": "smash", "domain": "fromsmash.com", "uploaded_bytes": None}
    rows = [sight(day, uploaded_bytes=5_000_000, blocked_hits=2) for day in range(3)]
    rows += [sight(day, person="bob", blocked_hits=1, **smash) for day in (2, 3, 4)]
    if nameless:
        rows = [row | {"person": None, "person_kind": None} for row in rows]
    today = date(2027, 3, 13)
    found = assess(observe(*rows, apart=not nameless), shipped, {}, Toolset(), today=today, weights=weights)
    moved = replace(MOVED, active_people=None if nameless else 2)
    given = {step.target: part.after for step in found.options for part in step.parts if part.service == step.target}
    assert {"wetransfer", "smash"} & given.keys()
    assert given == {id_: risk.here(shipped.services[id_], moved, today, "business", in_force(weights)).score for id_ in given if id_}
    for one in found.findings:
        assert one.exposure
        entry = shipped.services[one.service]
        assert one.risk == risk.here(entry, one.exposure, today, "free", in_force(weights))
        assert one.inherent == risk.inherent(entry, today, "free", in_force(weights))
        assert one.on_business == risk.here(entry, one.exposure, today, "business", in_force(weights))
