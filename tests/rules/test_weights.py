"""What a firm changes in the rules: checked, in force at once, printed with the assessment, and never against a law of the score."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from discovery.catalogue import Catalogue
from discovery.errors import GnomonError
from rules import risk
from rules.assess import assess
from rules.factors import rules
from rules.toolset import Toolset
from rules.weights import Weight, check, in_force

ON = date(2026, 11, 13)
CAREFUL = (Weight("level", "Elevated", 21, "we are careful"),)
AT = datetime(2026, 11, 13, 9, tzinfo=UTC)


def test_nothing_changed_is_what_is_shipped() -> None:
    assert in_force(()) == rules()


def test_a_factor_can_count_more_or_not_at_all(shipped: Catalogue) -> None:
    pastebin = shipped.services["pastebin"]
    as_shipped, double, off = (risk.inherent(pastebin, ON, table=in_force((Weight("factor", "dpa", value, "why"),))) for value in (1, 2, 0))
    points = [{reason.factor: reason.points for reason in one.reasons} for one in (as_shipped, double, off)]
    assert points[1]["data-processing agreement"] > points[0]["data-processing agreement"] > 0
    assert "data-processing agreement" not in points[2]
    assert double.score > as_shipped.score > off.score


def test_a_level_can_begin_elsewhere(shipped: Catalogue) -> None:
    found, strict = (risk.inherent(shipped.services["canva"], ON, table=in_force(changed)) for changed in ((), CAREFUL))
    assert 20 < found.score < 40
    assert (found.level, strict.level) == ("Guarded", "Elevated")
    assert strict.score == found.score


def test_a_service_can_be_judged_otherwise_and_the_note_is_a_reason(shipped: Catalogue) -> None:
    own = Weight("service", "dropbox", -12, "contract with our own terms", "Ann", AT)
    before, after = (risk.inherent(shipped.services["dropbox"], ON, table=in_force(changed)) for changed in ((), (own,)))
    assert before.score - after.score == 12
    (reason,) = [reason for reason in after.reasons if reason.factor == "own judgement"]
    assert reason.text == "The firm's own judgement: contract with our own terms."
    assert (reason.part, reason.source) == ("judgement of the firm", "the firm, 2026-11-13")
    assert not [reason for reason in risk.inherent(shipped.services["zoom"], ON, table=in_force((own,))).reasons if reason.factor == "own judgement"]


def test_a_change_taken_back_is_no_change() -> None:
    assert in_force((Weight("factor", "mfa", None, "as it was"), Weight("level", "High", None, "x"))) == rules()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Weight("factor", "mfaa", 2, "x"), "There is no factor “mfaa”"),
        (Weight("level", "Low", 2, "x"), "There is no level “Low”"),
        (Weight("factor", "mfa", 3.1, "x"), "between 0 and 3"),
        (Weight("factor", "mfa", -1, "x"), "between 0 and 3"),
        (Weight("service", "zoom", 51, "x"), "between -50 and 50"),
        (Weight("factor", "mfa", 2, "  "), "Please say why"),
        (Weight("level", "High", 80, "x"), "above the one below"),
        (Weight("level", "Severe", 60, "x"), "above the one below"),
        (Weight("colour", "red", 1, "x"), "“colour” cannot be weighed"),
    ],
)
def test_what_makes_no_sense_is_refused(change: Weight, sentence: str) -> None:
    with pytest.raises(GnomonError, match=sentence):
        check(change)


def test_a_change_is_checked_beside_those_before_it() -> None:
    moved = (Weight("level", "Severe", 90, "x"),)
    assert check(Weight("level", "High", 85, "x"), moved)
    with pytest.raises(GnomonError):
        check(Weight("level", "Severe", 55, "x"), moved)


def test_every_assessment_says_which_were_in_force(observe: Callable[..., Any], sight: Callable[..., Any], shipped: Catalogue) -> None:
    own = (Weight("service", "wetransfer", 20, "large files of clients", "Ann", AT),)
    before, after = (assess(observe(sight()), shipped, {}, Toolset(), weights=changed) for changed in ((), own))
    assert before.rules_in_force["weights"] == []
    assert after.rules_in_force["weights"] == [
        {"kind": "service", "key": "wetransfer", "value": 20, "note": "large files of clients", "by": "Ann", "at": "2026-11-13T09:00:00+00:00"}
    ]
    assert after.findings[0].risk.score == before.findings[0].risk.score + 20
    assert after.findings[0].inherent.score == before.findings[0].inherent.score + 20
