"""A shareable sample keeps the shape of a log and nothing of its people."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.errors import UnreadableLog
from discovery.logs import logs_in
from discovery.names import NOBODY
from discovery.redact import catalogued, redacted
from discovery.redact_invent import Inventor, is_address
from discovery.redact_line import LineRewriter
from tests.formats.reading import SAMPLES, became, expected_of
from tests.gate import GATE, examples

SECRET = b"a secret of the test, 32 bytes.."
WHO = ("user_name", "host_name", "source_ip", "source_mac")
#: Addresses that are nobody's.
EVERYBODYS = re.compile(r"(?:0|127|22[4-9]|2[345]\d)\.|::1?$|ff|00:00:00:00:00:00")
#: One sample of each format; all of them in the long run. Of some it is asked whether they are still the same log, by their content alone.
LOGS = sorted(SAMPLES.glob("*/*.log"))
if not GATE:
    LOGS = list({path.parent: path for path in LOGS[::-1]}.values())
ASKED = LOGS if GATE else LOGS[::3]


def sample_of(path: Path, **how: int) -> str:
    (log,) = logs_in(path)
    return "".join(redacted(log, secret=SECRET, **how))


def rewritten(*lines: str, users: tuple[str, ...] = (), hosts: tuple[str, ...] = ()) -> list[str]:
    rewriter = LineRewriter(Inventor(SECRET, catalogued), users, hosts, lines)
    return [rewriter.line(line) for line in lines]


def has(text: str, name: str) -> bool:
    """Whether a name stands in a text as a word of its own, in whatever notation."""
    spelled = re.escape(name).replace(r"\ ", r"(?: |%20|\+)")
    return re.search(rf"(?<![\w.-]){spelled}(?![\w-]|\.\w)", text, re.IGNORECASE) is not None


@pytest.mark.no_cover
@pytest.mark.parametrize("path", LOGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_nobody_survives_and_the_log_is_still_the_same(path: Path, tmp_path: Path) -> None:
    before = json.loads(expected_of(path).read_text(encoding="utf-8"))
    if "account" not in before:
        pytest.skip("a log that is declined has no events to compare")
    text = sample_of(path)
    for row in (*before.get("events", []), *before.get("leases", [])):
        for value in filter(None, (row.get(name) for name in WHO)):
            assert len(value) <= 2 or value in NOBODY or EVERYBODYS.match(value) or not has(text, value), value
        site = row.get("destination_domain")
        assert not site or catalogued(site) or site == "localhost" or not has(text, site), site
    if path in ASKED:
        sample = tmp_path / "sample.log"
        sample.write_bytes(text.encode())
        is_still_the_same(before, became(sample))


def is_still_the_same(before: dict[str, Any], after: dict[str, Any]) -> None:
    """As many events and leases of as many users, devices and addresses."""
    assert after["account"]["format"] == before["account"]["format"]
    for part in ("events", "leases"):
        rows, fresh = before.get(part, []), after.get(part, [])
        assert len(fresh) == len(rows)
        for name in WHO:
            assert sorted(bool(row.get(name)) for row in fresh) == sorted(bool(row.get(name)) for row in rows), name
            told = {row.get(name) for row in rows}
            if all(value is None or len(value) > 2 for value in told):
                assert len({row.get(name) for row in fresh}) == len(told), name


def test_whoever_any_line_of_a_mixed_log_names_is_gone() -> None:
    text = sample_of(SAMPLES / "kerio" / "syslog.log")
    assert "[User]" in text
    assert not has(text, "ann")
    assert not has(text, "bob")


def test_a_device_that_only_a_lease_among_requests_names_is_gone() -> None:
    text = sample_of(SAMPLES / "dnsmasq" / "with_dhcp.log")
    assert "DHCPACK(eth0)" in text
    assert not has(text, "desk-1")


def test_what_is_in_the_catalogue_stays_and_nothing_else() -> None:
    (line,) = rewritten(
        "1790000000.000 10 10.0.0.5 TCP_TUNNEL/200 500 CONNECT acme-secret.sharepoint.com:443 ann HIER_DIRECT/192.0.2.1 -", users=("ann",)
    )
    assert ".sharepoint.com:443 " in line
    assert not any(name in line for name in ("acme", "ann", "10.0.0.5", "192.0.2.1"))


PERSONAL = {
    "an account of a domain": (r"login by ACME\Ann.Lee", ("ACME", "Ann")),
    "a mail address": ("to=<ann.lee@acme.example>", ("ann", "acme")),
    "a URL with everything": (
        "GET https://ann:pw@files.acme.example:8443/home/ann/salary.xls?token=s3cret#x HTTP/1.1",
        ("ann", "pw@", "acme", "salary", "s3cret"),
    ),
    "a relative address": ('"GET /clients/Lee,Ann/contract.pdf?session=1 HTTP/1.1"', ("clients", "Lee", "contract", "session")),
    "a query of its own": ("10.0.0.5 GET www.acme.example ?q=ann+lee&page=2 200", ("ann", "lee", "acme")),
    "what a key says": ('devname="fw-acme" user="Ann Lee" group="Sales Berlin" ssid=acme-guest', ("acme", "Ann", "Lee", "Sales", "Berlin")),
    "JSON": (r'{"user":"ACME\\ann","device":{"host_name":"ANN-PC"},"mail":"ann@acme.example"}', ("ACME", "acme", "ann", "ANN")),
    "an LDAP name": (r"suser=LDAP://10.0.0.9 OU\=Sales,DC\=acme,DC\=example/Ann", ("10.0.0.9",)),
    "addresses": ("from [2001:db8::aa]:443 to fe80::1c2:3ff:fe04:506%eth0 mac aabb.ccdd.eeff 00-1B-44-11-3A-B7", ("::aa", "1c2:", "ccdd", "1B-44")),
    "a reverse look-up": ("query: 5.1.0.10.in-addr.arpa IN PTR", ("5.1.0.10",)),
    "a token": ("Authorization eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl id 4f2a9c0be1d3477c", ("eyJzdWI", "4f2a9c0b")),
}


@pytest.mark.parametrize("what", PERSONAL)
def test_what_is_personal_goes(what: str) -> None:
    line, gone = PERSONAL[what]
    (made,) = rewritten(line)
    for name in gone:
        assert name not in made, made


def test_an_unknown_log_with_columns_loses_its_names_too(tmp_path: Path) -> None:
    path = tmp_path / "door.csv"
    rows = "".join(f"2026-03-02 09:{n:02}:10;10.1.0.{n % 3 + 1};intra.acme.example;Lee Ann{n % 3};Büro {n % 2}\n" for n in range(30))
    path.write_text(f"Moment;Von;Wohin;Benutzer;Department\n{rows}Lee Ann1 called\n")
    text = sample_of(path)
    assert text.startswith("Moment;Von;Wohin;Benutzer;Department\n2026-03-02 09:00:10;")
    assert not any(name in text for name in ("Ann", "Lee", "acme", "10.1.0.", "Büro 1"))
    assert text.count("\n") == 32


def test_what_names_the_format_stays() -> None:
    lines = (
        'date=2026-11-19 time=10:00:00 type="utm" subtype="webfilter" action="passthrough" cat=52 catdesc="IT" ver=7',
        '{"ts":"2026-11-19T09:00:01.5Z","id.orig_p":5000,"proto":"udp","rejected":true,"user.name":null}',
        "Nov 19 09:00:00 dnsmasq[812]: read /etc/hosts - 7 names",
        "#Fields: date time c-ip cs-username cs-host",
    )
    assert tuple(rewritten(*lines)) == lines


def test_a_name_is_the_same_all_along_and_another_in_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    line = "17900000{:02}.000 10 10.0.0.{} TCP_TUNNEL/200 500 CONNECT intra.acme.example:443 user{} HIER_DIRECT/192.0.2.1 -\n"
    path.write_text("".join(line.format(n, n % 3, n % 3) for n in range(30)))
    text = sample_of(path)
    assert len({row.split()[7] for row in text.splitlines()}) == 3
    assert len({row.split()[2] for row in text.splitlines()}) == 3
    assert text == sample_of(path)
    (log,) = logs_in(path)
    assert text != "".join(redacted(log)), "two samples cannot be laid side by side"
    assert sample_of(path, limit=4).count("\n") == 4


@pytest.mark.parametrize("content", [b"", b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + bytes(40), b"SQLite format 3\0" + bytes(100)])
def test_what_is_no_text_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(content)
    with pytest.raises(UnreadableLog):
        sample_of(tmp_path / "log")


@given(st.ip_addresses())
def test_an_address_becomes_another_of_its_kind(address) -> None:
    inventor = Inventor(SECRET, lambda _: None)
    made = inventor.address(str(address))
    assert is_address(made)
    assert ":" in made or "." in str(address)
    if address.version == 4 and not address.is_multicast and not address.is_loopback and int(address) >> 24 not in (0, *range(224, 256)):
        again = Inventor(SECRET, lambda _: None).address(str(address))
        assert made == again != str(address)


@given(st.sets(st.ip_addresses(v=4, network="192.168.0.0/16"), min_size=2, max_size=60))
def test_two_addresses_stay_two(addresses) -> None:
    inventor = Inventor(SECRET, lambda _: None)
    assert len({inventor.address(str(address)) for address in addresses}) == len(addresses)


@examples(60)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\n"), max_size=300))
def test_any_line_stays_one_line(text: str) -> None:
    (made,) = rewritten(text + "\n")
    assert made.count("\n") == 1
    assert made.endswith("\n")


def test_escapes_of_json_stay_whole() -> None:
    lines = (
        r'{"original":"\"files.acme.example:443/\",\"https://files.acme.example/a?b=c\",\"10.0.0.5\"","url":"https:\/\/www.acme.example\/ann\/cv?x=1"}',
        r'{"a":"line\nnext","b":"tab\tuser","c":"/home/ann,lee/x\"y"}',
    )
    for line, made in zip(lines, rewritten(*lines), strict=True):
        assert json.loads(made).keys() == json.loads(line).keys()
        assert not any(name in made for name in ("acme", "ann", "10.0.0.5", "cv", "b=c"))
