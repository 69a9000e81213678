"""Who: from user names, leases and a people list to persons and devices, each with its basis.

All joins are by equality, so the same function works on names (a scan) and on keyed hashes (the store). An address alone is a device,
never a person; a lease counts only for its own time, so an address that was given to somebody else never blames the next one.
"""

import csv
from pathlib import Path
from typing import Final

import polars as pl

from discovery import directory, leases, names, sightings
from discovery.blocks import Blocks
from discovery.decompress import Stream
from discovery.errors import GnomonError, UnreadableLog
from discovery.events import SUBJECT
from discovery.runs import distinct
from discovery.unfold import unfolded

#: The people list: a person, perhaps a team, and one handle to find them by in each row.
PEOPLE: Final[dict[str, pl.DataType]] = {
    "person": pl.String(),
    "team": pl.String(),
    "user_name": pl.String(),
    "host_name": pl.String(),
    "source_mac": pl.String(),
    "source_ip": pl.String(),
}

#: The columns that `attribute` adds.
WHO: Final = ("person", "person_kind", "basis", "team", "device")

#: The device by lease, and all that decides who it was.
_LEASED: Final = ("_lease_mac", "_lease_host")
_KNOWN_BY: Final = (*SUBJECT, *_LEASED)

_HANDLES: Final = {"user": "user_name", "host": "host_name", "mac": "source_mac", "ip": "source_ip"}

USER, LEASE_PERSON, LISTED, DEVICE, LEASE_DEVICE, ADDRESS = (
    "user name in the log",
    "people list, by DHCP lease",
    "people list",
    "device named in the log",
    "device by DHCP lease",
    "address only",
)


#: Bytes by which a file is told.
_HEAD: Final = 1 << 16

#: The largest people list that is read, in bytes: half a million people.
LARGEST: Final = 64 << 20


def read_people(path: Path) -> pl.DataFrame:
    """The people list of a CSV file: a header with `person` and any of `user`, `host`, `mac`, `ip`, optionally `team`; or a directory's users.

    Returns:
        columns of `PEOPLE`, in canonical names.

    Raises:
        GnomonError: no such file, one too large to be such a list, or a header without `person`.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise GnomonError(f"{path.name} is larger than {LARGEST >> 20} MB, so it is no people list of a firm.")
        with path.open("rb") as file:
            text = _decoded(b"".join(Blocks(Stream(file, size=None))))
    except OSError as error:
        raise GnomonError(f"The people list {path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    rows = directory.cells(text)
    try:
        header = [name.strip() for name in next(rows, [])]
        small = [name.lower() for name in header]
        if "person" in small and set(small) & set(_HANDLES):
            told = ("person", "team", *_HANDLES)
            found = [{name: cell.strip() or None for name, cell in zip(small, row, strict=False) if name in told} for row in rows]
        elif directory.accounts(header):
            found = [one for row in rows for one in directory.people(header, row)]
        else:
            raise GnomonError(f"The people list {path.name} needs a header with “person” and at least one of “user”, “host”, “mac”, “ip”.")
    except csv.Error as error:
        raise GnomonError(f"The people list {path.name} is no CSV that can be read: {error}.") from error
    table = pl.DataFrame(found, schema=dict.fromkeys(("person", "team", *_HANDLES), pl.String)).rename(_HANDLES)
    table = table.with_columns(
        names.users(table["user_name"]).alias("user_name"),
        names.hosts(table["host_name"]).alias("host_name"),
        names.macs(table["source_mac"]).alias("source_mac"),
        names.addresses(table["source_ip"]).alias("source_ip"),
    )
    return table.filter(pl.col("person").is_not_null()).select(*PEOPLE)


def is_people_list(path: Path) -> bool:
    """Whether a file begins as a people list does, or as a directory's users and not as a record of sign-ins, apps or devices that names them."""
    try:
        with path.open("rb") as file:
            head = unfolded(Blocks(Stream(file, size=None))).head(_HEAD)
        header = [name.strip() for name in next(directory.cells(_decoded(head)), [])]
    except (UnreadableLog, csv.Error):
        return False
    small = {name.lower() for name in header}
    if "person" in small and small & {"team", *_HANDLES}:
        return True
    return directory.surely_accounts(header) and sightings.recognise(head) is None and leases.recognise(head) is None


def _decoded(data: bytes) -> str:
    """The text of a list that a spreadsheet may have written in the encoding of Windows."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def attribute(usage: pl.DataFrame, leases: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Usage with who it was.

    Args:
        usage: columns of `USAGE` at least `events.SUBJECT`, `first` and `last`.
        leases: columns of `leases.LEASES`.
        people: columns of `PEOPLE`.

    Returns:
        the same rows in the same order, with `WHO` as categories: person (a person, a device or null), person_kind (person, device or
        null), basis in words, team, and the device.
    """
    rows = _leased(usage.select(*SUBJECT, "first", "last"), leases)
    each, which = distinct(rows, _KNOWN_BY)  # subjects are few, and each is asked for once
    asked = rows.select(*_KNOWN_BY)[each].cast(pl.String)
    for handle in _HANDLES.values():
        asked = asked.join(_by(people, handle), on=handle, how="left", maintain_order="left")
    for handle, leased in (("source_mac", "_lease_mac"), ("host_name", "_lease_host")):
        listed = _by(people, handle).rename(lambda name: f"_leased{name}")
        asked = asked.join(listed, left_on=leased, right_on=f"_leased{handle}", how="left", maintain_order="left")
    device = pl.coalesce("host_name", "_lease_host", "source_mac", "_lease_mac", "source_ip").alias("device")
    who = asked.select(*_who(), device).cast(pl.Categorical)
    return usage.with_columns(who[name].gather(which) for name in WHO)


def _by(people: pl.DataFrame, handle: str) -> pl.DataFrame:
    """Person and team by one handle; a handle given to two people finds neither."""
    listed = people.select(handle, "person", "team").drop_nulls([handle, "person"])
    single = listed.filter(pl.col("person").n_unique().over(handle) == 1)
    named = single.group_by(handle, maintain_order=True).agg(pl.col("person").first(), pl.col("team").drop_nulls().first())
    return named.rename({"person": f"_{handle}_person", "team": f"_{handle}_team"})


def _leased(rows: pl.DataFrame, leases: pl.DataFrame) -> pl.DataFrame:
    """Each row with the device that held its address from its first to its last request; a device known by its MAC is named by its leases."""
    names_ = _named_by_leases(leases)
    known = _held(leases.join(names_, on="source_mac", how="left").with_columns(pl.coalesce("host_name", "_name").alias("host_name")))
    if not known.height:
        return rows.with_columns(pl.lit(None, pl.String).alias(name) for name in _LEASED)
    ordered = rows.with_row_index("_row").with_columns(pl.col("source_ip").cast(pl.String)).sort("first")
    joined = ordered.join_asof(known, left_on="first", right_on="since", by="source_ip", strategy="backward", check_sortedness=False)
    valid = pl.col("since").is_not_null() & (pl.col("until").is_null() | (pl.col("last") < pl.col("until")))
    found = joined.sort("_row").with_columns(pl.when(valid).then(name).alias(name) for name in _LEASED)
    by_mac = rows.select(pl.col("source_mac").cast(pl.String)).join(names_, on="source_mac", how="left", maintain_order="left")["_name"]
    return found.with_columns(pl.coalesce("_lease_host", by_mac).alias("_lease_host"))


def _named_by_leases(leases: pl.DataFrame) -> pl.DataFrame:
    """MACs with the one host name (`_name`) that their leases give them: so the IPv4 and the IPv6 address of a device are one device's."""
    named = leases.select("source_mac", pl.col("host_name").alias("_name")).drop_nulls().unique()
    return named.filter(pl.len().over("source_mac") == 1)


def _held(leases: pl.DataFrame) -> pl.DataFrame:
    """Who held each address from when to when: renewals by the same device are one lease, and a lease ends where another device's begins."""
    known = leases.select("source_ip", pl.col("source_mac").alias("_lease_mac"), pl.col("host_name").alias("_lease_host"), "since", "until")
    known = known.drop_nulls("source_ip").unique().sort("source_ip", "since", "until", "_lease_mac", "_lease_host")
    before = pl.col("_lease_mac", "_lease_host", "until").shift().over("source_ip").name.prefix("_before")
    same = pl.col("_lease_mac").eq_missing(pl.col("_before_lease_mac")) & pl.col("_lease_host").eq_missing(pl.col("_before_lease_host"))
    renewed = same & (pl.col("_beforeuntil").is_null() | (pl.col("since") <= pl.col("_beforeuntil")))
    first = pl.int_range(pl.len()).over("source_ip") == 0
    runs = known.with_columns(before).with_columns((first | ~renewed).cum_sum().alias("_run"))
    ends = pl.when(pl.col("until").null_count() == 0).then(pl.col("until").max()).alias("until")
    held = runs.group_by("source_ip", "_lease_mac", "_lease_host", "_run").agg(pl.col("since").min(), ends).sort("since", "_run")
    return held.with_columns(pl.min_horizontal("until", pl.col("since").shift(-1).over("source_ip")).alias("until")).drop("_run")


def _who() -> list[pl.Expr]:
    """The strongest answer: a user name, a listed device, a listed device by lease, a listed address; else a device; else an address."""
    answers: list[tuple[str, str, tuple[str, ...] | None, str, str]] = [
        ("_user_name_person", "_user_name_team", None, "person", USER),
        ("user_name", "_user_name_team", None, "person", USER),
        ("_source_mac_person", "_source_mac_team", None, "person", LISTED),
        ("_host_name_person", "_host_name_team", None, "person", LISTED),
        ("_leased_source_mac_person", "_leased_source_mac_team", None, "person", LEASE_PERSON),
        ("_leased_host_name_person", "_leased_host_name_team", None, "person", LEASE_PERSON),
        ("_source_ip_person", "_source_ip_team", _LEASED, "person", LISTED),
        ("host_name", "", None, "device", DEVICE),
        ("_lease_host", "", None, "device", LEASE_DEVICE),
        ("source_mac", "", None, "device", DEVICE),
        ("_lease_mac", "", None, "device", LEASE_DEVICE),
        ("source_ip", "", None, "device", ADDRESS),
    ]

    def first(value: int) -> pl.Expr:
        cases = []
        for answer in answers:
            holds = pl.col(answer[0]).is_not_null()
            if answer[2]:  # a lease says that the address was another device's at that time
                holds &= pl.all_horizontal(pl.col(answer[2]).is_null())
            told = answer[value]
            text = pl.col(told) if value < 2 and told else pl.lit(told or None, pl.String)  # noqa: PLR2004 (0 and 1 are columns)
            cases.append(pl.when(holds).then(pl.struct(text.alias("v"))))
        return pl.coalesce(cases).struct.field("v")

    return [first(0).alias("person"), first(3).alias("person_kind"), first(4).alias("basis"), first(1).alias("team")]
