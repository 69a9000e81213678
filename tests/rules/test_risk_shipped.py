"""The score over what is shipped: every service can be judged, and those that differ are told apart."""

import os
from collections.abc import Sequence
from datetime import date

import pytest

from discovery.catalogue import Catalogue, Service
from rules import risk
from rules.factors import Exposure, along

ON = date(2026, 11, 21)


def test_services_that_differ_are_told_apart(shipped: Catalogue) -> None:
    scores = {id_: risk.inherent(shipped.services[id_], ON).score for id_ in ("pastebin", "deepseek", "canva", "linkedin", "zoom", "ngrok")}
    assert min(scores["pastebin"], scores["deepseek"], scores["ngrok"]) > max(scores["canva"], scores["linkedin"], scores["zoom"]) + 15


def some(catalogue: Catalogue) -> Sequence[Service]:
    """Every fifth; the gate judges them all."""
    return list(catalogue.services.values())[:: 1 if "GNOMON_GATE" in os.environ else 5]


@pytest.mark.no_cover
def test_every_shipped_service_can_be_judged(shipped: Catalogue) -> None:
    found = [risk.here(one, Exposure("active", 3, 40, 5, 20, 10_000_000), ON) for one in some(shipped)]
    assert all(round(10 * sum(reason.points for reason in one.reasons)) == 10 * one.score for one in found)
    assert len({one.level for one in found}) >= 3
    assert max(one.score for one in found) - min(one.score for one in found) >= 40


@pytest.mark.parametrize(("x", "y"), [(-1, 0), (0, 0), (1, 5), (2, 10), (3, 10)])
def test_a_curve_is_straight_between_its_points_and_level_beyond(x: float, y: float) -> None:
    assert along([(0, 0), (2, 10)], x) == y
