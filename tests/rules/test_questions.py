"""The classic questions: yes, no, or not known."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from discovery.catalogue import Catalogue, Fact, Service
from rules.assess import assess
from rules.factors import rules
from rules.questions import Question, answers, questions
from rules.toolset import Toolset

ON = date(2026, 11, 13)


def service(capability: str = "file_transfer", category: str = "files", **facts: Any) -> Service:
    known = {name.replace("__", "."): Fact(value, "2fa", "2026-08-04") for name, value in facts.items()}
    return Service("tool", "Tool", "Tool Ltd", category, category, capability, (), (), "A tool.", {"use": ("tool.com",)}, known)


@pytest.mark.parametrize(
    ("question", "yes", "no"),
    [
        ("weak_sign_in", {"mfa": True, "sso": False}, {"mfa": True, "sso": True}),
        ("owns_data", {"owns_content": True}, {"owns_content": False}),
        ("anonymous_upload", {"exfil_channel": True, "account_required": False}, {"exfil_channel": True, "account_required": True}),
        ("no_agreement", {"free__dpa": False, "business__dpa": True}, {"free__dpa": True}),
        ("data_abroad", {"data_region": ["EU", "US"]}, {"data_region": ["EU", "UK"]}),
        ("ai_training", {"generative_ai": True, "trains_on_input": "opt_out"}, {"generative_ai": True, "trains_on_input": "no"}),
    ],
)
def test_a_fact_answers_and_a_missing_one_leaves_it_open(question: str, yes: dict[str, Any], no: dict[str, Any]) -> None:
    for facts, expected in ((yes, True), (no, False), ({}, None)):
        assert questions()[question].answer(service(**facts), ON) is expected, facts


def test_one_no_is_enough_where_all_must_hold() -> None:
    assert questions()["anonymous_upload"].answer(service(account_required=True), ON) is False
    assert questions()["anonymous_upload"].answer(service(account_required=False), ON) is None


def test_what_a_service_is_for_needs_no_fact() -> None:
    assert questions()["remote_access"].answer(service("remote_access"), ON)
    assert questions()["bypass"].answer(service("vpn_proxy"), ON)
    assert questions()["bypass"].answer(service("chat"), ON) is False
    assert questions()["ai_training"].answer(service("ai_assistant", "ai", trains_on_input="yes"), ON)


def test_the_plan_decides() -> None:
    both = service(free__dpa=False, business__dpa=True)
    assert "no_agreement" in answers(both, ON)[0]
    assert "no_agreement" not in answers(both, ON, "business")[0]


@pytest.mark.no_cover
def test_every_question_can_be_asked_of_the_whole_catalogue(shipped: Catalogue) -> None:
    found = [answers(one, ON) for one in shipped.services.values()]
    for id_ in questions():
        assert any(id_ in yes for yes, _ in found), id_
        assert any(id_ not in yes | unsure for yes, unsure in found), id_


def test_conditions_name_what_there_is(shipped: Catalogue) -> None:
    factors = {factor.id: factor for factor in rules().factors}
    for question in questions().values():
        assert question.question.endswith("?")
        for entry in question.when:
            for key, fits in entry.items():
                known = set(factors[key].values) if key in factors else {"yes", "no"} if key == "generative_ai" else None
                known = known or {"capability": set(shipped.capabilities), "category": set(shipped.categories)}[key]
                assert set(fits) <= known, (question.id, key)


def test_findings_carry_the_answers(observe: Callable[..., Any], sight: Callable[..., Any], shipped: Catalogue) -> None:
    (found,) = assess(observe(sight(service="pastebin", domain="pastebin.com")), shipped, {}, Toolset()).findings
    assert "anonymous_upload" in found.answers
    assert not found.answers & found.unanswered
    assert replace(found, answers=frozenset()) != found


def test_a_fact_that_ages_is_read_on_the_day() -> None:
    asked = Question("breached", "Breached", "Who lost data lately?", ({"breaches": ["recent"]},))
    known = service(breaches=[{"year": 2024, "what": "keys"}])
    assert [asked.answer(known, date(year, 11, 13)) for year in (2024, 2040)] == [True, False]
