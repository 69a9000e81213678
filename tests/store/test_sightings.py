"""Sightings in the store: kept and shown under pseudonyms, held on where they hold on, and gone with their import."""

from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from discovery import catalogue
from discovery.store import import_log, import_people, last_event_day, observations, remove_import
from discovery.store.tables import Import

pytestmark = pytest.mark.sqlite_enough

SIGN_INS = (
    "Date (UTC),Request ID,Username,User type,Application,Resource tenant ID,Home tenant ID,IP address,Status,Sign-in error code\n"
    "2026-11-19T08:00:00Z,r1,jane.canary@acme.example,Member,Dropbox,t1,t1,203.0.113.77,Success,0\n"
    "2026-11-19T09:00:00Z,r2,jane.canary@acme.example,Member,Canary Ledger,t1,t1,203.0.113.77,Success,0\n"
    "2026-11-19T09:30:00Z,r3,jane.canary@acme.example,Member,Tinder,t1,t1,203.0.113.77,Success,0\n"
)
CARD = "Date,Merchant,Amount,Cardholder\n2026-11-14,CANARY CLINIC,40,Jane Q. Canary\n2026-11-15,DROPBOX*CANARYREF,9,Jane Q. Canary\n"
DECLARED = "service,declared by,declared on\nTrello,jane.canary,2026-05-05\n"
SQUID = "1772442000.000 90 10.77.66.55 TCP_TUNNEL/200 9000 CONNECT www.dropbox.com:443 jane.canary HIER_DIRECT/192.0.2.1 -\n"
CANARIES = ["jane.canary", "Jane Q. Canary", "10.77.66.55", "203.0.113.77", "CANARY CLINIC", "CANARYREF"]


@pytest.fixture(scope="module")
def shipped():
    return catalogue.load()


@pytest.fixture
def take(made, tmp_path):
    def one(**logs: str):
        done = []
        for name, text in logs.items():
            path = Path(tmp_path, f"{name}.csv")
            path.write_text(text, encoding="utf-8")
            done.append(import_log(made.store, made.client, path))
            assert done[-1].state == "published", done[-1].message
        return done

    return one


def test_they_are_kept_under_pseudonyms_and_no_file_holds_a_name(made, take, home, files_with, shipped, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("person,team,user\nJane Q. Canary,Ops,jane.canary\nJane Q. Canary,Ops,Jane Q. Canary\n")
    import_people(made.store, made.client, people)
    people.unlink()
    done = take(sign_ins=SIGN_INS, card=CARD, squid=SQUID)
    assert done[0].message == "3 entries of 4 lines were taken in; they tell of services, not of traffic."
    for path in tmp_path.glob("*.csv"):
        path.unlink()
    seen = observations(made.store, made.client, shipped)
    (person,) = seen.usage["person"].unique()
    assert person.startswith("U-")
    told = set(seen.sightings.select("person", "kind", "account", "name", "service").rows())
    assert told == {
        (person, "sign-in", "company", "Dropbox", "dropbox"),
        (None, "sign-in", "company", "Canary Ledger", None),  # known to no catalogue, and of one person: nobody is named
        (person, "expensed", "cannot_be_told", "dropbox", "dropbox"),
    }
    assert files_with(home, CANARIES) == []


def test_traffic_stays_as_it_is_and_an_import_is_removable(made, take, shipped):
    take(squid=SQUID)
    alone, day = observations(made.store, made.client, shipped), last_event_day(made.store, made.client)
    done = take(sign_ins=SIGN_INS, declared=DECLARED)
    beside = observations(made.store, made.client, shipped)
    assert_frame_equal(beside.usage, alone.usage)
    assert (beside.since, beside.until, last_event_day(made.store, made.client)) == (alone.since, alone.until, day)
    assert set(beside.sightings["service"].drop_nulls()) == {"dropbox", "trello"}
    for one in done:
        remove_import(made.store, made.client, one.import_id)
    after = observations(made.store, made.client, shipped)
    assert after.sightings.is_empty()
    assert_frame_equal(after.usage, alone.usage)


@pytest.mark.both
def test_what_was_declared_holds_on_and_a_sign_in_was_then(made, take, shipped):
    take(sign_ins=SIGN_INS, declared=DECLARED)
    day = last_event_day(made.store, made.client)
    later = observations(made.store, made.client, shipped, since=day.replace(month=12), until=day.replace(month=12))
    assert later.sightings["service"].to_list() == ["trello"]
    before = observations(made.store, made.client, shipped, until=day.replace(month=4))
    assert before.sightings.is_empty()


def test_an_import_says_what_kind_it_was(made, take):
    (done,) = take(sign_ins=SIGN_INS)
    with made.store.read() as session:
        job = session.get_one(Import, done.import_id)
    assert (job.family, job.format, job.sighting, job.events, job.lines) == ("identity", "entra-signins", "sign-in", 3, 4)
