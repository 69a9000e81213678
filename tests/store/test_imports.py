"""A log is taken in exactly once, all of it or nothing, and can be taken out again."""

import gzip
import lzma
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from discovery import catalogue
from discovery.errors import GnomonError, UnreadableLog
from discovery.observations import Sample
from discovery.progress import Progress
from discovery.store import (
    UnknownImport,
    account,
    create_client,
    data_version,
    get_import,
    import_log,
    imports,
    last_event_day,
    observations,
    remove_import,
    run_import,
    start_import,
    usage_parts,
)
from discovery.store.base import Base
from webui.practice.queries import LastImport, last_imports

pytestmark = pytest.mark.sqlite_enough

CATALOGUE = catalogue.load()
SQUID = "\n".join(
    f"{1_700_000_000 + 500 * n}.250 45 10.0.0.{n % 3 + 1} TCP_MISS/200 {1000 + n} GET http://{host}/x user{n % 3} HIER_DIRECT/192.0.2.1 text/html"
    for n, host in enumerate(["www.dropbox.com", "wetransfer.com", "app.tiny-unknown.example.net", "www.notion.so"] * 50)
)


def rows_of(store):
    """How many rows each table holds, but for the list of imports itself."""
    with store.read() as session:
        return {table.name: session.execute(table.select()).all().__len__() for table in Base.metadata.sorted_tables if table.name != "imports"}


def seen(store, client):
    return observations(store, client, CATALOGUE).usage


def hits(store, client):
    return sum(int(part.usage.whole()["hits"].sum()) for part in usage_parts(store, client, None, None)[0])


def some(visit, n=30):
    return [
        visit(f"site{i % 5}.example.com", f"2026-03-{2 + i % 9:02d}T{8 + i % 10:02d}:{i % 60:02d}", user_name=f"user{i % 4}", up=i, down=10 * i)
        for i in range(n)
    ]


def test_a_log_is_published_with_its_account(made, visit):
    visits = some(visit)
    plain = made.result(visits)
    told = replace(
        plain.account, lines=32, skipped={"comment": 1}, rejected={"time cannot be read": 1}, samples={"comment": (Sample(7, "# aaaa 99"),)}
    )
    result = replace(plain, account=replace(told, warnings=("It is damaged.",), cannot_tell=("Uploads.",), partial=True, timezone_basis="as given"))
    done = import_log(made.store, made.client, Path("made.log"), reader=lambda _log, **_how: result, match=made.match)
    kept = get_import(made.store, made.client, done.import_id)
    assert (done.state, kept.state) == ("published", "published")
    assert done.message == kept.message == "30 requests of 32 lines were taken in."
    assert account(kept) == replace(result.account, path="made.log", timezone_basis="the client's own: the log does not say")
    assert kept.fingerprint == plain.fingerprint
    assert last_event_day(made.store, made.client) == plain.account.last.date()
    assert hits(made.store, made.client) == 30


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress])
def test_the_same_content_renamed_or_recompressed_adds_nothing(store, client, tmp_path, pack):
    first, again = tmp_path / "access.log", tmp_path / "renamed.log.x"
    first.write_text(SQUID)
    again.write_bytes(pack(SQUID.encode()))
    assert import_log(store, client, first).state == "published"
    before, version, usage = rows_of(store), data_version(store, client), seen(store, client)
    done = import_log(store, client, again)
    assert done.state == "already"
    assert done.message.startswith("The same content was taken in on ")
    assert done.message.endswith(" as “access.log”. Nothing was added.")
    assert rows_of(store) == before
    assert data_version(store, client) == version
    assert seen(store, client).equals(usage)


def test_another_client_may_take_in_the_same_log(made, visit):
    other = create_client(made.store, "Other")
    assert made.take_in(some(visit)).state == "published"
    assert made.take_in(some(visit), client=other).state == "published"


@pytest.mark.both
def test_an_unreadable_log_leaves_its_sentence_and_nothing_else(made):
    def reader(_log, **_how):
        raise UnreadableLog("picture.log is a picture, not a log.")

    before = rows_of(made.store)
    done = import_log(made.store, made.client, Path("picture.log"), reader=reader)
    kept = get_import(made.store, made.client, done.import_id)
    assert (done.state, kept.state) == ("failed", "failed")
    assert done.message == kept.message == "picture.log is a picture, not a log."
    assert rows_of(made.store) == before


def test_leases_among_the_lines_of_a_log_are_told_and_hold_for_its_requests(store, client, tmp_path):
    log = (Path(__file__).parents[1] / "formats" / "fortigate" / "with_dhcp.log").read_text().replace("files.example", "www.dropbox.com")
    (tmp_path / "gateway.log").write_text(log)
    assert import_log(store, client, tmp_path / "gateway.log").message == "1 request of 3 lines was taken in, and 1 lease beside it."
    assert seen(store, client)["basis"].unique().to_list() == ["device by DHCP lease"]
    (tmp_path / "notices.log").write_text("".join(line for line in log.splitlines(keepends=True) if "dhcp" in line))
    only = import_log(store, client, tmp_path / "notices.log", format_id="fortigate")
    assert only.message == "None of its 2 lines is a request; only 1 lease was taken in."


def test_a_log_that_is_not_there_is_a_failed_import(store, client, tmp_path):
    done = import_log(store, client, tmp_path / "missing.log")
    assert done.state == "failed"
    assert "missing.log" in done.message


def test_a_failure_after_rows_were_staged_leaves_nothing(made, visit, monkeypatch):
    monkeypatch.setattr("discovery.store.blocks.BLOCK_ROWS", 5)
    before = rows_of(made.store)
    reads = iter([False] * 3 + [True] * 1000)
    result = made.result(some(visit))
    done = import_log(made.store, made.client, Path("x"), reader=lambda _log, **_how: result, match=made.match, cancelled=lambda: next(reads))
    assert (done.state, done.message) == ("failed", "Stopped; nothing was kept.")
    assert rows_of(made.store) == before


@pytest.mark.both
def test_an_unforeseen_failure_is_raised_and_leaves_nothing(made, visit):
    before = rows_of(made.store)
    secret = "Jane Doe"

    def broken(_names):
        raise ZeroDivisionError(secret)

    result = made.result(some(visit))
    with pytest.raises(ZeroDivisionError):
        import_log(made.store, made.client, Path("x"), reader=lambda _log, **_how: result, match=broken)
    (kept,) = imports(made.store, made.client)
    assert kept.state == "failed"
    assert "Nothing of this log was kept" in kept.message
    assert secret not in kept.message
    assert rows_of(made.store) == before


def test_nobody_sees_an_import_before_it_is_whole(made, visit, monkeypatch):
    monkeypatch.setattr("discovery.store.blocks.BLOCK_ROWS", 5)
    seen_meanwhile = []

    def look():
        seen_meanwhile.append((hits(made.store, made.client), imports(made.store, made.client)[0].state, rows_of(made.store)["usage"]))
        return False

    result = made.result(some(visit))
    import_log(made.store, made.client, Path("x"), reader=lambda _log, **_how: result, match=made.match, cancelled=look)
    assert {(count, state) for count, state, _ in seen_meanwhile} == {(0, "staging")}
    assert max(blocks for _, _, blocks in seen_meanwhile) > 1
    assert hits(made.store, made.client) == 30


@pytest.mark.both
def test_the_web_makes_the_import_first_and_a_worker_runs_it(made, visit):
    result, states = made.result(some(visit)), []

    def reader(_log, *, progress, name, **_how):
        progress(Progress(50, 100, 7, 0.5))
        kept = get_import(made.store, made.client, job.id)
        states.append((kept.state, kept.bytes_done, kept.bytes_total, kept.lines_done, kept.seconds, name))
        progress(Progress(60, 100, 8, 0.6))  # too soon to be written down
        states.append(get_import(made.store, made.client, job.id).bytes_done)
        return result

    job = start_import(made.store, made.client, name="access.log")
    assert (job.state, job.worker) == ("staging", None)
    told = []
    done = run_import(made.store, job.id, Path("spool"), reader=reader, match=made.match, progress=told.append)
    assert states == [("staging", 50, 100, 7, 0.5, "access.log"), 50]
    assert [progress.lines for progress in told] == [7, 8]
    assert done.state == get_import(made.store, made.client, job.id).state == "published"
    with pytest.raises(UnknownImport):
        run_import(made.store, job.id, Path("spool"), reader=reader, match=made.match)


def test_an_import_is_run_by_one_worker_only(made, visit):
    result, job = made.result(some(visit)), start_import(made.store, made.client, name="x")

    def reader(_log, **_how):
        with pytest.raises(GnomonError, match="is being run already"):
            run_import(made.store, job.id, Path("x"), reader=reader, match=made.match)
        return result

    assert run_import(made.store, job.id, Path("x"), reader=reader, match=made.match).state == "published"


@pytest.mark.both
def test_the_same_content_by_two_workers_at_once_is_counted_once(made, visit):
    both, done = threading.Barrier(2), []
    result = made.result(some(visit))

    def reader(_log, **_how):
        both.wait(timeout=30)
        return result

    def work():
        done.append(import_log(made.store, made.client, Path("x"), reader=reader, match=made.match).state)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(done) == ["already", "published"]
    assert hits(made.store, made.client) == 30
    with made.store.read() as session:
        owners = {table.name: set(session.scalars(pl_ids(table))) for table in Base.metadata.sorted_tables if "import_id" in table.columns}
    assert all(len(ids) <= 1 for ids in owners.values())


def pl_ids(table):
    return table.select().with_only_columns(table.c.import_id).distinct()


def test_removing_an_import_takes_its_numbers_and_names_away(made, visit):
    before = rows_of(made.store)
    mine = made.take_in(some(visit), name="one")
    one = rows_of(made.store)
    others = [visit("site1.example.com", "2026-03-05T09:00", user_name="user1", source_ip="10.0.0.9")] * 7
    other = made.take_in(others, name="two")
    version = data_version(made.store, made.client)
    remove_import(made.store, made.client, other.import_id)
    assert data_version(made.store, made.client) != version
    assert rows_of(made.store) == one
    assert hits(made.store, made.client) == 30
    kept = get_import(made.store, made.client, other.import_id)
    assert (kept.state, kept.samples) == ("removed", {})
    remove_import(made.store, made.client, mine.import_id)
    assert rows_of(made.store) == before
    assert made.take_in(others, name="again").state == "published"
    assert hits(made.store, made.client) == 7


def test_removing_a_running_import_stops_it(made, visit):
    result, before = made.result(some(visit)), rows_of(made.store)

    def reader(_log, *, progress, cancelled, **_how):
        (running,) = imports(made.store, made.client)
        remove_import(made.store, made.client, running.id)
        progress(Progress(1, 2, 3, 4.0))
        assert cancelled()
        return result

    done = import_log(made.store, made.client, Path("x"), reader=reader, match=made.match)
    assert (done.state, imports(made.store, made.client)[0].state) == ("failed", "removed")
    assert rows_of(made.store) == before


def test_an_import_that_is_interrupted_at_the_keyboard_was_stopped(made):
    def reader(*_args, **_how):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_log(made.store, made.client, Path("x"), reader=reader, match=made.match)
    (stopped,) = imports(made.store, made.client)
    assert (stopped.state, stopped.message) == ("failed", "Stopped; nothing was kept.")
    assert last_imports(made.store).get(made.client.id, LastImport()) == LastImport(), "nobody has to look after it"


def test_imports_of_another_client_are_out_of_reach(made, visit):
    other, mine = create_client(made.store, "Other"), made.take_in(some(visit))
    for reach in (get_import, remove_import):
        with pytest.raises(UnknownImport):
            reach(made.store, other, mine.import_id)
    assert hits(made.store, made.client) == 30


def test_a_log_without_requests_says_so(made):
    done = made.take_in([])
    assert (done.state, done.message) == ("published", "None of its 0 lines is a request; there is nothing to count.")
    assert last_event_day(made.store, made.client) is None
    assert seen(made.store, made.client).is_empty()


@pytest.mark.both
def test_observations_of_nothing_are_empty(store, client):
    assert seen(store, client).is_empty()


def test_times_without_a_zone_are_the_clients(made):
    zones = []

    def reader(_log, *, zone, **_how):
        zones.append(zone)
        raise UnreadableLog("No log.")

    import_log(made.store, made.client, Path("x"), reader=reader)
    import_log(made.store, made.client, Path("x"), reader=reader, zone="Asia/Tokyo")
    assert zones == ["Europe/London", "Asia/Tokyo"]
