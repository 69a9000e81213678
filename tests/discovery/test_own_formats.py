"""A log with columns that no format knows is read as its owner says, and the proposal is right where columns speak for themselves."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery import own_formats
from discovery.errors import GnomonError
from discovery.own_formats import ROLES, OwnFormat, checked
from discovery.own_formats_guess import guess, preview, propose, teachable
from discovery.own_formats_table import table
from discovery.pipeline import read_log
from discovery.times import Reading
from tests.gate import examples

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
#: role -> what somebody may call it (so that only the values tell), and how it looks on the n-th line
COLUMNS = {
    "time": ("Moment", lambda n: (BEGIN + timedelta(minutes=n)).strftime("%Y-%m-%d %H:%M:%S")),
    "client": ("Von", lambda n: f"10.1.0.{n % 5 + 1}"),
    "domain": ("Wohin", lambda n: f"files{n % 7}.example.com"),
    "user": ("Konto", lambda n: f"ACME\\user{n % 5}"),
    "mac": ("Karte", lambda n: f"02:00:00:00:00:{n % 5 + 16:02x}"),
    "action": ("Ergebnis", lambda n: "denied" if n % 4 == 0 else "allowed"),
}
LINES = 24


def written(kind: str, roles: list[str], separator: str = ";", *, header: bool = True) -> str:
    names = [COLUMNS[role][0] for role in roles]
    rows = [[COLUMNS[role][1](n) for role in roles] for n in range(LINES)]
    if kind == "json":
        lines = [json.dumps({"at": dict(zip(names, row, strict=True))}) for row in rows]
    elif kind == "keyvalue":
        lines = [separator.join(f'{name}="{cell}"' for name, cell in zip(names, row, strict=True)) for row in rows]
    else:
        lines = [separator.join(row) for row in ([names] if header else []) + rows]
    return "\n".join(lines) + "\n"


@examples(12)
@given(
    kind=st.sampled_from(["csv", "keyvalue", "json"]),
    roles=st.permutations(list(COLUMNS)),
    separator=st.sampled_from([";", ",", "\t", "|"]),
    header=st.booleans(),
)
def test_what_the_values_say_is_proposed_and_read(kind: str, roles: list[str], separator: str, *, header: bool) -> None:
    head = written(kind, roles, separator, header=header).encode()
    first = table(head)
    assert first is not None
    found = guess(first)
    assert set(found) == set(COLUMNS)
    name = {role: COLUMNS[role][0] for role in roles} if header or kind != "csv" else {role: str(at) for at, role in enumerate(roles, 1)}
    assert found == {role: ("at." if kind == "json" else "") + name[role] for role in roles}
    own = propose(first, "Door")
    assert own is not None
    best, events = preview(own, head, Reading("UTC"))
    assert best.share == 1
    assert events["timestamp"].to_list() == [BEGIN + timedelta(minutes=n) for n in range(LINES)]
    assert events["user_name"].to_list() == [f"user{n % 5}" for n in range(LINES)]
    assert events["source_ip"].to_list() == [COLUMNS["client"][1](n) for n in range(LINES)]
    assert events["source_mac"].to_list() == [COLUMNS["mac"][1](n) for n in range(LINES)]
    assert events["destination_domain"].to_list() == [COLUMNS["domain"][1](n) for n in range(LINES)]
    assert events["event_action"].to_list() == ["blocked" if n % 4 == 0 else "allowed" for n in range(LINES)]


@given(
    title=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=40).filter(
        lambda text: text.strip() and text.isprintable()
    ),
    kind=st.sampled_from(["csv", "keyvalue", "json"]),
    columns=st.dictionaries(
        st.sampled_from([role for role in ROLES if role not in ("time", "domain")]),
        st.text(st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="\"'`\\"), min_size=1, max_size=30),
    ),
)
def test_a_file_says_what_was_kept(title: str, kind: str, columns: dict[str, str]) -> None:
    own = OwnFormat(title=title, kind=kind, columns={"time": "when", "domain": "site", **columns}, separator=";")
    try:
        made = checked(title=title, kind=kind, columns=dict(own.columns), separator=";")
    except GnomonError:
        assert len(set(own.columns.values())) < len(own.columns) or not own.title.isprintable()
        return
    assert own_formats.read(made.as_toml()) == own_formats.read(own_formats.read(made.as_toml()).as_toml())
    assert own_formats.read(made.as_toml()).columns == own.columns


ODD_NAMES = [*"^$*.+?()[]{}|", "^.*$", "line", "_bytes", "a.b"]


@examples(12)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=400), st.sampled_from(ODD_NAMES))
def test_no_column_and_no_line_can_do_harm(lines: str, name: str) -> None:
    """A column's name is only ever looked for: it is no pattern, and no column of ours."""
    head = f"when;{name};who\n2026-03-02 09:00:00;www.dropbox.com;ann\n{lines}\n".encode()
    own = checked(title="Odd", kind="csv", columns={"time": "when", "domain": name, "user": "who"}, separator=";")
    found = preview(own, head, Reading())
    if name.strip("^$*.+?()[]{}|"):
        assert found is not None
        assert found[1]["destination_domain"][0] == "www.dropbox.com"


def test_a_scan_reads_with_the_file(tmp_path: Path) -> None:
    log = tmp_path / "door.log"
    log.write_text(written("csv", list(COLUMNS)) + "no line of it\n")
    own = propose(table(log.read_bytes()), "Door")
    (tmp_path / "door.toml").write_text(own.as_toml())
    account = read_log(log, format_id=str(tmp_path / "door.toml")).account
    assert account.format == "own-door"
    assert account.lines == LINES + 2 == account.events + sum(account.skipped.values()) + sum(account.rejected.values())
    assert account.events == LINES


@pytest.mark.parametrize(
    "text",
    [
        "Dear all,\n\nplease find, attached, the minutes.\nBye\n",
        "one column\nonly\n",
        "\x00\x01\x02",
        "",
    ],
)
def test_what_has_no_columns_is_not_taught(text: str) -> None:
    assert not teachable(text.encode())


def test_what_a_format_understands_is_not_taught() -> None:
    squid = "1790000000.000 10 10.0.0.5 TCP_TUNNEL/200 500 CONNECT www.dropbox.com:443 ann HIER_DIRECT/192.0.2.1 -\n" * 9
    assert not teachable(squid.encode())
    assert teachable(written("csv", list(COLUMNS)).encode())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title = ", "no valid TOML"),
        ('title = "x"\nkind = "python"\n[columns]\ntime = "a"\nurl = "b"', "kind is one of"),
        ('title = "x"\nkind = "csv"\n[columns]\nurl = "b"', "must be the time"),
        ('title = "x"\nkind = "csv"\n[columns]\ntime = "b"', "must be the site"),
        ('title = "x"\nkind = "csv"\n[columns]\ntime = "a"\nurl = "a"', "only be one thing"),
        ('title = "x"\nkind = "csv"\nrun = "rm"\n[columns]\ntime = "a"\nurl = "b"', "Nobody knows the key run"),
        ('title = "x"\nkind = "csv"\nheader = false\n[columns]\ntime = "0"\nurl = "2"', "numbered from 1"),
        ('title = "x"\nkind = "csv"\nheader = false\n[columns]\ntime = 1\nurl = 999', "numbered from 1"),
        ('title = "x"\nkind = "json"\n[columns]\ntime = "a\'b"\nurl = "b"', "quote or a control character"),
        ('title = "x"\nkind = "csv"\n[columns]\ntime = "a"\nurl = "b"\n[words]\nblocked = "(?=x)"', "pattern"),
        ('title = "x"\nkind = "csv"\n[columns]\ntime = "a"\nurl = "b"\n[words]\nblocked = "(((((a{99}){99}){99}){99}){99})"', "pattern"),
    ],
)
def test_a_wrong_file_gets_one_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(GnomonError, match=sentence):
        own_formats.load(tmp_path / "own.toml")
