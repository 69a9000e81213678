"""The service page's arithmetic: what is told of a score adds up to it."""

from dataclasses import replace
from datetime import date

import pytest
from made_up import made_up

from discovery import catalogue
from rules import risk
from rules.factors import Exposure
from webui.dossier import of

USE = Exposure("active", 12, 40, 20, 22, 900_000_000, 3, 6, 10, provided=False)
ON = date(2026, 11, 13)


@pytest.mark.parametrize("service", ["chatgpt", "dropbox", "wetransfer", "smallpdf", "canva", "trello"])
def test_what_the_business_plan_changes_adds_up_to_the_difference(service: str) -> None:
    shown, known = made_up().shown, catalogue.load()
    scores = [risk.here(known.services[service], USE, ON, plan) for plan in ("free", "business")]
    finding = replace(shown.firm.findings[0], service=service, risk=scores[0], on_business=scores[1])
    told = of(finding, shown, known).lifted
    assert bool(told) == (scores[1].score < scores[0].score)
    if told:
        assert sum(change.points for change in told) == pytest.approx(scores[1].score - scores[0].score)
        assert [change.points for change in told[:-1]] == sorted(change.points for change in told[:-1])
