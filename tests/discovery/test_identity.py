"""Who it was: the strongest answer counts, a lease counts for its own time, and nobody is blamed for another's requests."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from discovery.errors import GnomonError
from discovery.events import SUBJECT
from discovery.identity import ADDRESS, DEVICE, LEASE_DEVICE, LEASE_PERSON, LISTED, PEOPLE, USER, attribute, is_people_list, read_people
from discovery.leases import LEASES, none
from tests.formats.reading import SAMPLES

ADDRESS_10, MAC_1, MAC_2 = "192.0.2.10", "02:00:00:00:00:01", "02:00:00:00:00:02"
NOBODY = pl.DataFrame(schema=PEOPLE)


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-19T{clock}:00").replace(tzinfo=UTC)


def seen(first: str, last: str | None = None, **who: str) -> pl.DataFrame:
    row = {**dict.fromkeys(SUBJECT), "source_ip": ADDRESS_10, **who, "first": at(first), "last": at(last or first)}
    return pl.DataFrame([row], schema={**dict.fromkeys(SUBJECT, pl.String()), "first": LEASES["since"], "last": LEASES["since"]})


def lease(mac: str | None, since: str, until: str | None, host: str | None = None, ip: str = ADDRESS_10) -> dict[str, object]:
    return {"source_ip": ip, "source_mac": mac, "host_name": host, "since": at(since), "until": at(until) if until else None}


def leases_of(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=LEASES)


def people_of(*rows: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame([{**dict.fromkeys(PEOPLE), **row} for row in rows], schema=PEOPLE)


def who(usage: pl.DataFrame, leases: pl.DataFrame | None = None, people: pl.DataFrame | None = None) -> tuple[str | None, str | None]:
    found = attribute(usage, none() if leases is None else leases, NOBODY if people is None else people)
    assert found.height == usage.height
    return found["person"][0], found["basis"][0]


ANN_BY_MAC = people_of({"person": "Ann Archer", "team": "Sales", "source_mac": MAC_1})


def test_a_user_name_beats_a_lease() -> None:
    assert who(seen("09:00", user_name="bob"), leases_of(lease(MAC_1, "08:00", "20:00")), ANN_BY_MAC) == ("bob", USER)


def test_a_listed_user_name_becomes_the_person() -> None:
    people = people_of({"person": "Bob Baker", "team": "Sales", "user_name": "bob"})
    found = attribute(seen("09:00", user_name="bob"), none(), people)
    assert found.select("person", "person_kind", "basis", "team", "device").row(0) == ("Bob Baker", "person", USER, "Sales", ADDRESS_10)


def test_a_lease_finds_the_person_of_the_device() -> None:
    found = attribute(seen("09:00"), leases_of(lease(MAC_1, "08:00", "20:00", "desk-1")), ANN_BY_MAC)
    assert found.select("person", "person_kind", "basis", "team", "device").row(0) == ("Ann Archer", "person", LEASE_PERSON, "Sales", "desk-1")


def test_an_address_alone_is_a_device() -> None:
    assert who(seen("09:00")) == (ADDRESS_10, ADDRESS)
    assert attribute(seen("09:00"), none(), NOBODY)["person_kind"].to_list() == ["device"]
    assert who(seen("09:00", host_name="desk-1")) == ("desk-1", DEVICE)
    assert who(seen("09:00"), leases_of(lease(MAC_1, "08:00", "20:00"))) == (MAC_1, LEASE_DEVICE)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("07:59", "07:59", (ADDRESS_10, ADDRESS)),  # before anybody had it
        ("08:00", "08:59", ("Ann Archer", LEASE_PERSON)),
        ("10:00", "10:29", (ADDRESS_10, ADDRESS)),  # released
        ("11:00", "11:59", ("Cid Cole", LEASE_PERSON)),
        ("13:00", "13:00", (ADDRESS_10, ADDRESS)),
    ],
)
def test_an_address_given_again_never_blames_the_next(first: str, last: str, expected: tuple[str, str]) -> None:
    people = people_of({"person": "Ann Archer", "source_mac": MAC_1}, {"person": "Cid Cole", "source_mac": MAC_2})
    assert who(seen(first, last), leases_of(lease(MAC_1, "08:00", "10:00"), lease(MAC_2, "10:30", "13:00")), people) == expected


def test_hours_that_two_devices_share_belong_to_neither() -> None:
    unreleased = leases_of(lease(MAC_1, "08:00", "20:00"), lease(MAC_2, "10:30", "20:00"))
    assert who(seen("10:10", "10:20"), unreleased, ANN_BY_MAC) == ("Ann Archer", LEASE_PERSON)
    assert who(seen("10:10", "10:50"), unreleased, ANN_BY_MAC) == (ADDRESS_10, ADDRESS)


def test_renewals_of_one_device_are_one_lease() -> None:
    renewed = leases_of(*(lease(MAC_1, f"09:{minute:02}", f"09:{minute + 10:02}") for minute in range(0, 50, 5)))
    assert who(seen("09:01", "09:48"), renewed, ANN_BY_MAC) == ("Ann Archer", LEASE_PERSON)


def test_a_lease_without_end_lasts() -> None:
    assert who(seen("23:00"), leases_of(lease(MAC_1, "08:00", None)), ANN_BY_MAC) == ("Ann Archer", LEASE_PERSON)


def test_a_listed_address_does_not_hold_while_a_lease_gave_it_to_another_device() -> None:
    people = people_of({"person": "Dee Dunn", "source_ip": ADDRESS_10})
    assert who(seen("09:00"), None, people) == ("Dee Dunn", LISTED)
    assert who(seen("09:00"), leases_of(lease(None, "08:00", "20:00", "guest-7")), people) == ("guest-7", LEASE_DEVICE)


def test_a_handle_of_two_people_finds_neither() -> None:
    people = people_of({"person": "Ann Archer", "source_mac": MAC_1}, {"person": "Bob Baker", "source_mac": MAC_1})
    assert who(seen("09:00", source_mac=MAC_1), None, people) == (MAC_1, DEVICE)


def test_a_person_listed_twice_is_one_and_keeps_the_team() -> None:
    people = people_of({"person": "Ann Archer", "source_mac": MAC_1}, {"person": "Ann Archer", "team": "Sales", "source_mac": MAC_1})
    found = attribute(seen("09:00", source_mac=MAC_1), none(), people)
    assert found.select("person", "team").rows() == [("Ann Archer", "Sales")]


def test_rows_keep_their_order() -> None:
    usage = pl.concat([seen("09:00", user_name=name) for name in ("zoe", "ann", "moe")])
    assert attribute(usage, leases_of(lease(MAC_1, "08:00", None)), ANN_BY_MAC)["person"].to_list() == ["zoe", "ann", "moe"]


PEOPLE_TEXT = 'Person;Team;User;MAC;IP\nMüller, "Ann";Sales;ACME\\Ann;02-00-00-00-00-01;\nBob;;bob@acme.example;;192.0.2.7\n;;nobody;;\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_people_list_of_a_spreadsheet(encoding: str, separator: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(PEOPLE_TEXT.replace(";", separator).replace("\n", "\r\n").encode(encoding))
    assert read_people(path).rows() == [
        ('Müller, "Ann"', "Sales", "ann", None, MAC_1, None),
        ("Bob", None, "bob", None, None, "192.0.2.7"),
    ]


def test_quoted_cells_may_hold_ends_of_line_and_separators(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text('person,host\n"Archer,\nAnn",Desk-1\n', encoding="utf-8")
    assert read_people(path).select("person", "host_name").rows() == [("Archer,\nAnn", "desk-1")]


DIRECTORIES = {
    "Active Directory": '#TYPE User\n"SamAccountName";"Name";"UserPrincipalName";"Department"\n"ann";"Ann Archer";"a.archer@acme.example";"Sales"\n',
    "Google Workspace": "First Name [Required],Last Name [Required],Email Address [Required],Department\nAnn,Archer,ann@acme.example,Sales\n",
    "Graph": '{"value": [{"displayName": "Ann Archer", "mail": null, "userPrincipalName": "ann@acme.example", "department": "Sales"}]}',
    "Okta": '[{"status": "ACTIVE", "profile": {"firstName": "Ann", "lastName": "Archer", "login": "ann@acme.example", "department": "Sales"}}]',
}


@pytest.mark.parametrize("text", DIRECTORIES.values(), ids=DIRECTORIES)
def test_a_directorys_list_of_users_is_a_people_list(text: str, tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text(text, encoding="utf-8")
    found = read_people(path)
    assert found.select("person", "team", "user_name").row(0) == ("Ann Archer", "Sales", "ann")
    assert found["user_name"].to_list() == (["ann", "a.archer"] if "Sam" in text else ["ann"])
    assert is_people_list(path)


def test_a_people_list_is_told_from_every_log_and_record() -> None:
    others = sorted(path for path in SAMPLES.rglob("*") if path.suffix not in {".py", ".json", ".toml"} and path.is_file())
    assert len(others) > 500
    assert not [path for path in others if is_people_list(path)]


@pytest.mark.parametrize(
    "text", ["", "time,user_name,name,client\n1,ann,files.example,192.0.2.1\n", '{"user": "ann", "name": "files.example"}\n', "\0\1"]
)
def test_a_user_and_a_name_make_no_people_list(text: str, tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_text(text, encoding="utf-8")
    assert not is_people_list(path)


@pytest.mark.parametrize("text", ["", "name,ip\nAnn,192.0.2.1\n", "person\nAnn\n"])
def test_a_people_list_without_the_columns_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GnomonError, match="needs a header with “person” and at least one of"):
        read_people(path)


def test_a_file_too_large_for_a_people_list_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    with path.open("w") as file:
        file.write("person,user\n")
        file.truncate((64 << 20) + 1)
    with pytest.raises(GnomonError, match="larger than 64 MB"):
        read_people(path)


def test_a_people_list_that_is_no_csv_or_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("person,ip\n" + "x" * 200_000 + ",192.0.2.1\n", encoding="utf-8")
    with pytest.raises(GnomonError, match="is no CSV that can be read"):
        read_people(path)
    with pytest.raises(GnomonError, match="cannot be read: no such file or directory"):
        read_people(tmp_path / "nowhere.csv")


def test_both_addresses_and_the_mac_of_a_device_are_one_device() -> None:
    six = "2001:db8::10"
    both = leases_of(lease(MAC_1, "08:00", "20:00", "desk-1"), lease(MAC_1, "08:00", "20:00", ip=six))
    assert {who(row, both) for row in (seen("09:00"), seen("09:00", source_ip=six), seen("09:00", source_ip="192.0.2.99", source_mac=MAC_1))} == {
        ("desk-1", LEASE_DEVICE)
    }


def test_a_mac_that_goes_by_two_names_is_named_by_neither() -> None:
    two = leases_of(lease(MAC_1, "08:00", "20:00", "desk-1"), lease(MAC_1, "08:00", "20:00", "desk-2", ip="192.0.2.11"))
    assert who(seen("09:00", source_ip="192.0.2.99", source_mac=MAC_1), two) == (MAC_1, DEVICE)
