"""The store forgets the time within hours, not what it told of somebody's day with a service."""

from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from discovery import activity, catalogue
from discovery.logs import logs_in
from discovery.observations import Observations
from discovery.scan import scan
from discovery.store import import_log, observations

pytestmark = pytest.mark.sqlite_enough

LOG = Path(__file__).parents[2] / "data" / "demo" / "squid-access.log.gz"


def verdicts(seen: Observations) -> Counter[tuple[str, str]]:
    judged = activity.judge(seen.usage.filter(pl.col("match") == "service"))
    return Counter(judged.select("service", "activity").iter_rows())


@pytest.fixture(scope="module")
def scanned():
    return verdicts(scan(logs_in(LOG), catalogue.load(), zone="Europe/London").observations)


def test_the_store_judges_activity_as_a_scan_does(made, scanned):
    shipped = catalogue.load()
    import_log(made.store, made.client, LOG)
    kept = verdicts(observations(made.store, made.client, shipped))
    assert kept.total() == scanned.total()
    assert (kept & scanned).total() >= 0.99 * scanned.total()
