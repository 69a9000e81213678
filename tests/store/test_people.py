"""Leases and people lists may come first or last; attribution follows what is known."""

import polars as pl
import pytest

from discovery.errors import GnomonError
from discovery.store import data_version, get_import, import_people, remove_import, update_client, usage_parts

pytestmark = pytest.mark.sqlite_enough

LEASES = [
    ("10.0.0.1", "02:00:00:00:00:0a", "ann-laptop", "2026-03-05T08:00", "2026-03-05T12:00"),
    ("10.0.0.1", "02:00:00:00:00:0b", "bob-laptop", "2026-03-05T12:00", "2026-03-05T18:00"),
]


@pytest.fixture
def shown(made):
    made.client = update_client(made.store, made.client, show_names=True)
    made.classes = {"a.example.com": "service"}

    def table(*columns):
        parts, _ = usage_parts(made.store, made.client, None, None, names=True)
        return sorted(pl.concat([part.usage.whole() for part in parts]).select(columns).rows())

    return table


def write(tmp_path, text):
    path = tmp_path / "people.csv"
    path.write_text(text)
    return path


def test_leases_that_come_last_join_what_is_there(made, visit, shown):
    made.take_in([visit("a.example.com", f"2026-03-05T{hour}:30", source_ip="10.0.0.1") for hour in ("09", "15")])
    assert {basis for (basis,) in shown("basis")} == {"address only"}
    done = made.take_in([], leases=LEASES, name="leases")
    assert get_import(made.store, made.client, done.import_id).message == "2 leases were taken in."
    devices = {hour.hour: device for hour, device in shown("start", "device")}
    assert devices[9] != devices[15]
    assert {basis for (basis,) in shown("basis")} != {"address only"}
    remove_import(made.store, made.client, done.import_id)
    assert {basis for (basis,) in shown("basis")} == {"address only"}


def test_leases_that_come_first_serve_later_logs(made, visit, shown):
    made.take_in([], leases=LEASES, name="leases")
    made.take_in([visit("a.example.com", f"2026-03-05T{hour}:30", source_ip="10.0.0.1") for hour in ("09", "15")])
    assert len({device for (device,) in shown("device")}) == 2


@pytest.mark.both
def test_a_people_list_names_people_and_replaces_the_one_before(made, visit, shown, tmp_path):
    made.take_in([visit("a.example.com", "2026-03-05T09:30", user_name="ann"), visit("a.example.com", "2026-03-05T09:30", source_ip="10.0.0.7")])
    version = data_version(made.store, made.client)
    count = import_people(made.store, made.client, write(tmp_path, "person,team,user,ip\nAnn Other,Sales,ann,\nBen Other,IT,,10.0.0.7\n"))
    assert count == 2
    assert data_version(made.store, made.client) != version
    assert shown("person", "team") == [("Ann Other", "Sales"), ("Ben Other", "IT")]
    import_people(made.store, made.client, write(tmp_path, "person,team,user\nAnn Newname,Board,ann\n"))
    assert ("Ann Newname", "Board") in shown("person", "team")
    assert not {"Ann Other", "Ben Other"} & {person for (person,) in shown("person")}


@pytest.mark.usefixtures("shown")
def test_teams_are_shown_by_name_and_people_are_not(made, visit, tmp_path):
    made.take_in([visit("a.example.com", "2026-03-05T09:30", user_name="ann")])
    import_people(made.store, made.client, write(tmp_path, "person,team,user\nAnn Other,Sales,ann\n"))
    (part,), people = usage_parts(made.store, made.client, None, None)
    usage = part.usage.whole()
    assert usage["team"].to_list() == people["team"].to_list() == ["Sales"]
    assert usage["person"].to_list() == people["person"].to_list()
    assert usage["person"][0].startswith("U-")


def test_a_list_that_is_none_leaves_the_one_before(made, visit, shown, tmp_path):
    made.take_in([visit("a.example.com", "2026-03-05T09:30", user_name="ann")])
    import_people(made.store, made.client, write(tmp_path, "person,user\nAnn Other,ann\n"))
    with pytest.raises(GnomonError):
        import_people(made.store, made.client, write(tmp_path, "colour,size\nred,5\n"))
    assert shown("person") == [("Ann Other",)]
