"""The arithmetic of the score on three factors made up for it, each number worked out by hand from what `risk.toml` explains."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from discovery.catalogue import Fact, Service
from rules import risk
from rules.factors import Exposure, Factor, Override, RiskRules, rules
from rules.findings import Reason, Risk

ON = date(2026, 11, 21)
A = Factor(
    "a",
    "stake",
    "first",
    values={"yes": {"points": 10, "text": "A."}, "no": {"points": 0, "text": "No A."}},
    unknown={"points": 4, "text": "whether a"},
)
B = Factor(
    "b",
    "guard",
    "second",
    values={"yes": {"points": -6, "text": "B."}, "no": {"points": 8, "text": "No B."}},
    unknown={"points": 2, "text": "whether b"},
)
SENT = Factor(
    "c",
    "use",
    "third",
    reads="megabytes",
    curve=((0, 0), (10, 10)),
    text="{value} went.",
    none="Nothing went.",
    unknown={"points": 5, "text": "how much"},
)
TABLE = replace(rules(), factors=(A, B, SENT))


def tool(source: str = "2fa", confidence: float = 1.0, **facts: Any) -> Service:
    known = {name: Fact(value, source, "2026-08-04", confidence) for name, value in facts.items()}
    return Service("tool", "Tool", "Tool Ltd", "files", "Files", "file_transfer", (), (), "A tool.", {"use": ("tool.com",)}, known)


def inherent(service: Service, table: RiskRules = TABLE) -> Risk:
    return risk.inherent(service, ON, table=table)


def here(service: Service, activity: str = "active", sent: int | None = 10_000_000, table: RiskRules = TABLE) -> Risk:
    return risk.here(service, Exposure(activity, 3, 40, 5, 20, sent), ON, table=table)


def points(found: Risk) -> dict[str, float]:
    return {reason.factor: reason.points for reason in found.reasons}


def test_what_is_known_is_the_sum_of_its_points() -> None:
    source = "2fa, 2026-08-04"
    assert inherent(tool(a=True, b=False)) == Risk(
        18, 18, 18, "Low", (Reason("first", 10, "A.", source, "what is at stake"), Reason("second", 8, "No B.", source, "how well it is guarded"))
    )


def test_one_unknown_opens_the_interval_to_its_least_and_most() -> None:
    found = inherent(tool(a=True))
    assert (found.score, found.low, found.high) == (12, 4, 18)
    assert found.unknown == ("Not known: whether b (would change the score by −8 to +6)",)
    assert found.reasons[1] == Reason("second", 2, "Not known: whether b.", "not known", "how well it is guarded")


def test_unknowns_are_joined_by_the_root_of_the_sum_of_squares_and_the_widest_is_told_first() -> None:
    found = inherent(tool())
    assert (found.score, found.low, found.high) == (6, 0, round(6 + (6**2 + 6**2) ** 0.5))
    assert found.unknown == (
        "Not known: whether b (would change the score by −8 to +6)",
        "Not known: whether a (would change the score by −4 to +6)",
    )


@pytest.mark.parametrize(("source", "confidence", "first"), [("2fa", 1.0, 10), ("2fa", 0.5, 7), ("editor", 1.0, 7.6), ("editor", 0.5, 5.8)])
def test_a_fact_counts_as_far_as_it_is_believed_and_the_rest_as_not_known(source: str, confidence: float, first: float) -> None:
    found = inherent(replace(tool(b=False), facts={**tool(b=False).facts, **tool(source, confidence, a=True).facts}))
    assert found.score == round(first + 8)
    assert (found.low, found.high) == (found.score, found.score), "it is known"


@pytest.mark.parametrize(
    ("activity", "sent", "score", "reasons"),
    [
        ("active", 10_000_000, 28, {"first": 10, "third": 10, "second": 8}),
        ("active", 0, 18, {"first": 10, "second": 8, "third": 0}),
        ("active", None, 23, {"first": 10, "second": 8, "third": 5}),
        ("background", 8_000_000, 22, {"first": 10.1, "second": 8.1, "third": 8.2, "activity": -4.4}),
        ("visit", 10_000_000, 6, {"first": 9.9, "second": 7.9, "activity": -11.8}),
        ("embedded", 10_000_000, 2, {"first": 10.1, "second": 8.1, "activity": -16.2}),
    ],
)
def test_use_adds_and_less_than_work_keeps_a_share(activity: str, sent: int | None, score: int, reasons: dict[str, float]) -> None:
    found = here(tool(a=True, b=False), activity, sent)
    assert found.score == score
    assert points(found) == pytest.approx(reasons, abs=0.11)
    assert sum(points(found).values()) == pytest.approx(score)
    assert [one.points for one in found.reasons] == sorted((one.points for one in found.reasons), reverse=True)


def test_what_is_not_worked_with_says_so_and_its_doubts_shrink_with_it() -> None:
    found = here(tool(a=True), "visit")
    less = next(reason for reason in found.reasons if reason.factor == "activity")
    assert (less.text, less.source, less.part) == (TABLE.activity["visit"]["text"], "these logs", "use here")
    assert (found.score, found.low, found.high) == (round(12 * 0.35), round(4 * 0.35), round(18 * 0.35))
    assert found.unknown == ("Not known: whether b (would change the score by −3 to +2)",)


def test_use_that_is_not_known_is_a_doubt_at_its_full_weight() -> None:
    found = here(tool(a=True, b=False), "background", None)
    assert (found.score, found.low, found.high) == (round(18 * 0.75 + 5), round(18 * 0.75), round(18 * 0.75 + 10))


def test_no_score_is_below_nothing() -> None:
    found = inherent(tool(a=False, b=True))
    assert (found.score, points(found)) == (0, {"first": 0, "second": -6, "lowest score": 6})
    floor = next(reason for reason in found.reasons if reason.factor == "lowest score")
    assert (floor.text, floor.source, floor.part) == (
        "What speaks for it outweighs what speaks against it; no score is below 0.", "rules/risk.toml", "",
    )  # fmt: skip
    assert here(tool(a=False, b=True)).score == 10, "what speaks for it does not pay for its use"


def test_no_score_is_above_a_hundred() -> None:
    dear = replace(TABLE, factors=(replace(A, values={**A.values, "yes": {"points": 120, "text": "A."}}), B, SENT))
    found = inherent(tool(a=True, b=False), dear)
    assert (found.score, found.high, points(found)) == (100, 100, {"first": 120, "second": 8, "highest score": -28})
    assert next(reason for reason in found.reasons if reason.points < 0).text == "No score is above 100."


def test_the_firms_own_judgement_is_a_reason() -> None:
    own = replace(TABLE, overrides={"tool": Override(-5, "our own contract", "the firm"), "other": Override(50, "x", "the firm")})
    found = inherent(tool(a=True, b=False), own)
    assert found.score == 13
    assert found.reasons[-1] == Reason("own judgement", -5, "The firm's own judgement: our own contract.", "the firm", "judgement of the firm")
    assert here(tool(a=True, b=False), table=own).score == 23, "once, not for every part"
    nothing = replace(TABLE, overrides={"tool": Override(0, "x", "the firm")})
    assert inherent(tool(a=True, b=False), nothing) == inherent(tool(a=True, b=False))


def test_a_factor_without_weight_is_left_out_and_a_double_one_counts_twice() -> None:
    twice, off = (replace(TABLE, factors=(replace(A, weight=weight), B, SENT)) for weight in (2.0, 0.0))
    assert points(inherent(tool(a=True, b=False), twice)) == {"first": 20, "second": 8}
    assert points(inherent(tool(a=True, b=False), off)) == {"second": 8}
    doubt = inherent(tool(b=False), twice)
    assert (doubt.score, doubt.low, doubt.high) == (16, 8, 28)
    assert inherent(replace(tool(b=False), facts={**tool(b=False).facts, **tool("2fa", 0.5, a=True).facts}), twice).score == 2 * 5 + 4 + 8


def test_a_doubt_of_less_than_half_a_point_is_not_told() -> None:
    small = replace(
        B, values={"yes": {"points": 0, "text": "B."}, "no": {"points": 0.4, "text": "No B."}}, unknown={"points": 0, "text": "whether b"}
    )
    assert inherent(tool(a=True), replace(TABLE, factors=(A, small, SENT))).unknown == ()
    half = replace(small, values={**small.values, "no": {"points": 0.5, "text": "No B."}})
    assert len(inherent(tool(a=True), replace(TABLE, factors=(A, half, SENT))).unknown) == 1


@pytest.mark.parametrize(
    ("b", "editor", "score", "level", "kept"),
    [
        (8, 14, 18, "Low", False),  # 8 known, 0.6 × 14 + 0.4 × 4 = 10 believed of general knowledge: 18 without a step
        (8, 30, 19, "Low", True),  # 27.6 would be Guarded by this one fact alone
        (18, 30, 38, "Guarded", False),  # Guarded without it as well: 18 + 4
    ],
)
def test_one_fact_from_general_knowledge_decides_no_level(b: int, editor: int, score: int, level: str, kept: bool) -> None:
    table = replace(
        TABLE,
        factors=(
            replace(A, values={**A.values, "yes": {"points": editor, "text": "A."}}),
            replace(B, values={**B.values, "no": {"points": b, "text": "No B."}}),
        ),
    )
    found = inherent(replace(tool(b=False), facts={**tool(b=False).facts, **tool("editor", a=True).facts}), table)
    assert (found.score, found.level) == (score, level)
    held = [reason for reason in found.reasons if reason.factor == "unverified fact"]
    assert bool(held) == kept
    if held:
        assert held[0].text == "Kept in Low: the step to Guarded would rest on one fact from general knowledge."
        assert (held[0].source, held[0].part) == ("rules/risk.toml", "")


def test_a_factor_without_a_usual_guess_counts_nothing_where_it_is_not_known() -> None:
    bare = replace(TABLE, factors=(A, replace(B, unknown=None), SENT))
    found = inherent(tool(a=True), bare)
    assert (found.score, found.low, found.high) == (10, 4, 18)
    assert found.unknown == ("Not known: second (would change the score by −6 to +8)",)


@pytest.mark.parametrize(
    ("exact", "score", "tenths"),
    [
        ((0.04, 0.46, 0.5), 1, (0.0, 0.5, 0.5)),
        ((0.46, 0.04, 0.5), 1, (0.5, 0.0, 0.5)),
        ((0.35, 0.35, 0.3), 1, (0.4, 0.3, 0.3)),
        ((-0.04, 0.54, 0.5), 1, (0.0, 0.5, 0.5)),
        ((2.0, 2.0), 5, (2.5, 2.5)),
        ((3.0, -1.0), 4, (4.5, -0.5)),
        ((0.0,), 0, (0.0,)),
    ],
)
def test_tenths_go_where_most_was_cut_off_and_what_rounding_left_to_each_by_its_size(
    exact: tuple[float, ...], score: int, tenths: tuple[float, ...]
) -> None:
    made = risk._adding_up([Reason(str(at), points, "", "") for at, points in enumerate(exact)], score)  # noqa: SLF001
    assert [points for _, points in sorted((one.factor, one.points) for one in made)] == pytest.approx(list(tenths))
