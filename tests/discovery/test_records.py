"""Databases as logs: read from where they lie or unpacked, with what they say of devices, and never a table that is none."""

import gzip
import sqlite3
from pathlib import Path

import polars as pl
import pytest

from discovery.coding import spelled_out
from discovery.errors import UnreadableLog
from discovery.identity import LEASE_DEVICE, PEOPLE, attribute
from discovery.pipeline import read_log
from tests.formats.reading import SAMPLES, make, read_bytes


@pytest.fixture
def pihole(tmp_path: Path) -> Path:
    path = tmp_path / "pihole-FTL.db"
    make(SAMPLES / "pihole-ftl" / "new.sql", path)
    return path


def test_the_network_table_tells_who_asked(pihole: Path) -> None:
    result = read_log(pihole)
    who = attribute(result.usage.whole(), result.leases, pl.DataFrame(schema=PEOPLE)).sort("source_ip", "destination_domain")
    told = dict(who.select("source_ip", pl.struct("device", "basis")).rows())
    assert told["192.0.2.10"] == {"device": "desk-1.lan", "basis": LEASE_DEVICE}
    assert told["192.0.2.12"] == {"device": "02:00:00:00:00:12", "basis": LEASE_DEVICE}
    assert told["192.0.2.11"]["device"] == "192.0.2.11"


def test_a_packed_database_is_the_same(pihole: Path, tmp_path: Path) -> None:
    packed = tmp_path / "packed.db.gz"
    packed.write_bytes(gzip.compress(pihole.read_bytes()))
    plain, other = read_log(pihole), read_log(packed)
    assert other.fingerprint == plain.fingerprint
    assert spelled_out(other.usage.whole()).equals(spelled_out(plain.usage.whole()))
    assert other.leases.equals(plain.leases)


def test_a_database_of_somebody_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE queries (id INTEGER); CREATE TABLE network (id INTEGER);")
    connection.close()
    with pytest.raises(UnreadableLog, match="not of a program"):
        read_log(path)


@pytest.mark.parametrize("size", [16, 100, 4096, 9000])
def test_a_damaged_database_says_so(pihole: Path, size: int) -> None:
    content = bytearray(pihole.read_bytes())
    content[size : size + 3000] = b"\xa5" * len(content[size : size + 3000])
    try:
        result, _ = read_bytes(bytes(content), name="made.db")
    except UnreadableLog as error:
        assert str(error).endswith(".")  # noqa: PT017 (a sentence)
    else:
        account = result.account
        assert account.lines == account.events + sum(account.skipped.values()) + sum(account.rejected.values())


def test_times_of_a_network_table_that_are_none_are_no_leases(pihole: Path) -> None:
    connection = sqlite3.connect(pihole)
    connection.execute("UPDATE network_addresses SET lastSeen = 'soon' WHERE ip = '192.0.2.10'")
    connection.execute("UPDATE network SET firstSeen = x'ff' WHERE id = 3")
    connection.commit()
    connection.close()
    assert read_log(pihole).leases["source_ip"].to_list() == ["2001:db8::10"]
