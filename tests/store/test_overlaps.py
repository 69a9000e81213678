"""Imports that overlap are counted once, and all of each comes back when the other is removed."""

from pathlib import Path

import polars as pl
import pytest

from discovery.matching import MATCHES
from discovery.store import counted_before, get_import, import_log, remove_import, usage_parts
from discovery.store.blocks import load
from discovery.store.tables import Mark

pytestmark = pytest.mark.sqlite_enough

START = 1_763_539_200


def lines(first: int, last: int, who: str = "192.0.2.10") -> bytes:
    text = (
        f"{START + 7 * n}.500    215 {who} TCP_MISS/200 100 GET http://files.example/ - HIER_DIRECT/198.51.100.7 text/html\n"
        for n in range(first, last)
    )
    return "".join(text).encode()


@pytest.fixture
def take_in(made, tmp_path: Path):
    def match(names: pl.Series) -> pl.DataFrame:
        return pl.DataFrame({**dict.fromkeys(MATCHES), "domain": names, "match": "service", "service": "files", "role": "use"}, schema=MATCHES)

    def one(name: str, content: bytes):
        path = tmp_path / name
        path.write_bytes(content)
        done = import_log(made.store, made.client, path, format_id="squid", match=match)
        assert done.state == "published", done.message
        return done

    return one


def hits(made) -> int:
    with made.store.read() as session:
        return sum(rows["hits"].sum() for rows in load(session, made.client.id).values())


def test_an_overlap_is_counted_once_and_comes_back(made, take_in):
    first = take_in("a.log", lines(0, 300))
    second = take_in("b.log", lines(200, 500))
    assert hits(made) == 500
    assert counted_before(made.store, made.client) == {second.import_id: 100}
    assert "100 had been counted" in get_import(made.store, made.client, second.import_id).message
    remove_import(made.store, made.client, first.import_id)
    assert (hits(made), counted_before(made.store, made.client)) == (300, {})
    again = take_in("a.log", lines(0, 300))
    assert (hits(made), counted_before(made.store, made.client)) == (500, {again.import_id: 100})


def test_a_log_by_itself_shows_all_of_it(made, take_in):
    first, second = take_in("a.log", lines(0, 300)), take_in("b.log", lines(200, 500))

    def alone(only: int | None) -> list[int]:
        return [part.usage.whole()["hits"].sum() for part in usage_parts(made.store, made.client, None, None, only=only)[0]]

    assert alone(None) == [300, 200]
    assert (alone(first.import_id), alone(second.import_id)) == ([300], [300])


def test_of_three_that_overlap_one_counts_whichever_is_removed(made, take_in):
    done = [take_in(f"{n}.log", lines(n, 100 + n) + lines(1000 + n, 1001 + n)) for n in range(3)]
    assert hits(made) == 102 + 3
    remove_import(made.store, made.client, done[0].import_id)
    assert hits(made) == 101 + 2
    remove_import(made.store, made.client, done[1].import_id)
    assert hits(made) == 100 + 1


def test_logs_that_share_nothing_add_up(made, take_in):
    take_in("a.log", lines(0, 50))
    take_in("b.log", lines(0, 50, who="192.0.2.11"))
    assert (hits(made), counted_before(made.store, made.client)) == (100, {})


@pytest.mark.both
def test_what_is_compacted_to_days_stays_told_apart(made, take_in):
    take_in("a.log", lines(0, 300))
    second = take_in("b.log", lines(200, 500))
    later = 7 * 24 * 3600 * 2 // 7
    take_in("c.log", lines(later, later + 10))
    with made.store.read() as session:
        rows = load(session, made.client.id, of=second.import_id)[second.import_id]
        assert set(rows["grain"]) == {"day"}
        kept = session.get(Mark, second.import_id)
        assert pl.read_parquet(kept.lines).is_empty()
        assert pl.read_parquet(kept.minutes)["lines"].sum() == 300
    assert hits(made) == 510
    remove_import(made.store, made.client, second.import_id)
    assert hits(made) == 310


def test_nothing_of_a_line_is_kept(made, take_in, files_with):
    take_in("a.log", lines(0, 50))
    take_in("b.log", lines(25, 75))
    assert files_with(made.store.folder, ["192.0.2.10", "TCP_MISS"]) == []
