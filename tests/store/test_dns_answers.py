"""DNS answers in the store: they name addresses whichever log comes first, go with their import, and tell no more of a person than usage does."""

import io
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from sqlalchemy import select

from discovery import naming
from discovery.catalogue import Catalogue
from discovery.matching import Matcher
from discovery.store import import_log, observations, remove_import
from discovery.store.tables import DnsAnswers, Domain
from tests.discovery.test_naming import ANN, BOB, CATALOGUE, NINE, dns, flows
from tests.store.conftest import Made

pytestmark = pytest.mark.sqlite_enough

GONE = flows((5, ANN, "203.0.113.9"), (6, BOB, "203.0.113.9"), (7, BOB, "203.0.113.10"))
DAY = 86_400
ASKED = dns((1, ANN, "www.files.com", ["203.0.113.9"]), (2, ANN, "mine.acme.example", ["acme.files.com", "203.0.113.11"]))


def take_in(made: Made, folder: Path, text: str, name: str) -> int:
    path = folder / name
    path.write_text(text)
    return import_log(made.store, made.client, path, match=Matcher(CATALOGUE).match_all).import_id


def seen(made: Made, catalogue: Catalogue = CATALOGUE) -> list[tuple[Any, ...]]:
    usage = observations(made.store, made.client, catalogue).usage.filter(pl.col("source").cat.starts_with("zeek-conn"))
    return sorted(usage.select("domain", "service", "naming", "hits").rows(), key=repr)


NAMED = [("www.files.com", "files", naming.OWN, 1), ("www.files.com", "files", naming.OTHERS, 1)]


@pytest.mark.parametrize("first", [GONE, ASKED], ids=["connections first", "answers first"])
def test_answers_name_addresses_whichever_comes_first(made: Made, tmp_path: Path, first: str) -> None:
    for number, text in enumerate((first, ASKED if first is GONE else GONE)):
        take_in(made, tmp_path, text, f"{number}.log")
    assert seen(made) == sorted(NAMED, key=repr)


@pytest.mark.both
def test_names_go_with_the_answers(made: Made, tmp_path: Path) -> None:
    take_in(made, tmp_path, GONE, "conn.log")
    assert seen(made) == []
    answers = take_in(made, tmp_path, ASKED, "dns.log")
    assert seen(made) == sorted(NAMED, key=repr)
    remove_import(made.store, made.client, answers)
    assert seen(made) == []


@pytest.mark.both
def test_what_is_a_week_old_meets_by_the_day(made: Made, tmp_path: Path) -> None:
    old = -20 * DAY
    take_in(made, tmp_path, flows((old + 5, ANN, "203.0.113.9"), (old + 6, BOB, "203.0.113.9")), "conn.log")
    take_in(made, tmp_path, dns((old + 1, ANN, "www.files.com", ["203.0.113.9"])), "dns.log")
    assert seen(made) == sorted(NAMED, key=repr)
    take_in(made, tmp_path, flows((0, BOB, "203.0.113.99")), "later.log")
    assert seen(made) == sorted(NAMED, key=repr)
    with made.store.read() as session:
        kept = pl.read_parquet(io.BytesIO(session.scalars(select(DnsAnswers.packed)).one()))
    midnight = datetime.combine((NINE - timedelta(days=20)).date(), time(), ZoneInfo(made.client.zone))
    assert kept.select("grain", "since").unique().rows() == [("day", midnight.astimezone(UTC))]


def test_a_name_of_somebodys_own_is_the_service_behind_it(made: Made, tmp_path: Path) -> None:
    take_in(made, tmp_path, ASKED, "dns.log")
    usage = observations(made.store, made.client, CATALOGUE).usage.filter(pl.col("domain") == "mine.acme.example")
    assert usage.select("service", "naming").rows() == [("files", "another name for acme.files.com")]


@pytest.mark.both
def test_no_address_is_kept_in_clear_and_nobody_beside_a_name_that_must_not_carry_a_person(made: Made, tmp_path: Path) -> None:
    take_in(made, tmp_path, GONE, "conn.log")
    take_in(made, tmp_path, ASKED, "dns.log")
    with made.store.read() as session:
        names = list(session.scalars(select(Domain.name)))
        kept = pl.read_parquet(io.BytesIO(session.scalars(select(DnsAnswers.packed)).one()))
    assert not [name for name in names if "203.0.113" in name]
    assert not kept.select(pl.col(pl.String).exclude("asked").str.contains(r"\.").any()).row(0).count(True)
    assert dict(kept.select("asked", pl.col("source_ip").is_not_null()).rows()) == {"www.files.com": True, "mine.acme.example": False}
