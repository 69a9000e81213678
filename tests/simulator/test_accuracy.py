"""One small simulated firm through the whole pipeline: the verdicts stay as good as they are. `make accuracy` measures in full."""

import pytest

from tests.simulator.accuracy import Measured, cases, measured
from tests.simulator.simulate import firm, truth

pytestmark = pytest.mark.xdist_group("accuracy")
SEED, PEOPLE, DAYS = 7, 6, 7


@pytest.fixture(scope="module", params=[("squid", 0.9, 0.8), ("zeek-ssl", 0.9, 0.8), ("dnsmasq", 0.88, 0.7)], ids=lambda param: param[0])
def found(request: pytest.FixtureRequest) -> tuple[Measured, float, float]:
    family, precision, recall = request.param
    return measured(cases(SEED, family, "usual", PEOPLE, DAYS)), precision, recall


def test_who_is_said_to_use_a_service_does(found: tuple[Measured, float, float]) -> None:
    counts, precision, _ = found
    assert counts.precision >= precision


def test_who_uses_a_service_is_found(found: tuple[Measured, float, float]) -> None:
    counts, _, recall = found
    assert counts.recall >= recall


def test_programs_are_hardly_ever_taken_for_people(found: tuple[Measured, float, float]) -> None:
    counts, _, _ = found
    programs = sum(count for (happened, _), count in counts.matrix.items() if happened == "background")
    assert counts.matrix["background", "active"] <= 0.05 * programs


def test_every_activity_happens_in_the_simulated_firm() -> None:
    happened = {one.activity for one in truth(firm(SEED, PEOPLE, DAYS).days, "squid", "usual")}
    assert happened == {"active", "background", "visit", "embedded"}
