"""An address that many people stand behind is known by its spread, and counts as nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from discovery import shared
from discovery.catalogue import Catalogue, Entry
from discovery.observations import LogAccount, Observations
from discovery.observe import observe
from discovery.parts import Part
from discovery.shelf import Shelf
from discovery.usage import USAGE
from rules.counting import count

MANY = 60
CATALOGUE = Catalogue("test", {}, {}, {f"tool{n}.com": Entry("service", f"tool{n}", "use", None, "t", n) for n in range(MANY)})
TEN = datetime(2026, 3, 2, 10, tzinfo=UTC)
NAT, PC = "192.0.2.1", "192.0.2.2"


def use(address: str, tool: int = 0, *, user: str | None = None, slot: int = 0, hour: int = 0) -> dict[str, Any]:
    at = TEN + timedelta(hours=hour)
    who = {"person": user or address, "person_kind": "person" if user else "device", "basis": "address only", "team": None, "device": address}
    minute = at + timedelta(minutes=10 * slot)
    asked = {"user_name": user, "source_ip": address, "destination_domain": f"tool{tool}.com", "hour": at, "first": minute, "last": minute}
    measures = {"channel": "bytes", "slots": 1 << slot, "hits": 1, "blocked_hits": 0, "first_line": 1}
    return dict.fromkeys(USAGE) | who | asked | measures


def seen(*rows: dict[str, Any]) -> Observations:
    schema = USAGE | dict.fromkeys(("person", "person_kind", "basis", "team", "device"), pl.String())
    account = LogAccount(path="a.log", format="made", family="proxy", bytes=1, lines=len(rows), events=len(rows))
    return observe([Part(Shelf([pl.DataFrame(rows, schema=schema)]), account, "made: a.log")], None, CATALOGUE, zone="UTC")


def kinds(found: Observations) -> dict[str, tuple[str, str | None]]:
    return {person: (kind, device) for person, kind, device in found.usage.select("person", "person_kind", "device").unique().rows()}


def test_several_users_at_once_share_an_address() -> None:
    found = seen(use(NAT), use(PC), *(use(NAT, user=user) for user in ("ann", "bob", "eve")))
    assert kinds(found)[NAT] == (shared.SHARED, None)
    assert kinds(found)["ann"] == ("person", None)
    assert kinds(found)[PC] == ("device", PC)
    assert found.usage.filter(pl.col("person") == NAT)["basis"].unique().to_list() == [shared.WHY]
    assert found.coverage.people_seen == 3


@pytest.mark.parametrize("apart", [{"slot": 1}, {"hour": 1}])
def test_colleagues_who_take_turns_share_a_machine_and_no_address(apart: dict[str, int]) -> None:
    found = seen(use(NAT), use(NAT, user="ann"), use(NAT, user="bob"), use(NAT, user="eve", **apart))
    assert kinds(found)[NAT] == ("device", NAT)


def test_more_services_at_once_than_one_person_uses() -> None:
    found = seen(use(PC), *(use(NAT, tool) for tool in range(MANY)))
    assert {person: kind for person, (kind, _) in kinds(found).items()} == {NAT: shared.SHARED, PC: "device"}


def test_many_services_in_a_day_are_a_busy_persons() -> None:
    found = seen(use(PC), *(use(NAT, tool, slot=tool % 6, hour=tool // 30) for tool in range(MANY)))
    assert kinds(found)[NAT] == ("device", NAT)


def test_a_shared_address_is_neither_a_person_nor_a_device() -> None:
    found = seen(*(use(NAT, tool) for tool in range(MANY)))
    assert found.coverage.people_seen is None
    assert not found.people_told_apart
    counted = count(found.usage)
    assert {service["devices"] for service in counted.services} == {0}
    assert not any(counted.days.values())
