"""One form for every name."""

import polars as pl
import pytest

from discovery.names import domains, hosts, machine_of, macs, users

USERS = {
    "ACME\\Ann": "ann",
    "ann@ACME.EXAMPLE": "ann",
    "acme/ann": "ann",
    "carla%20dee": "carla dee",
    "ACME%5cAnn": "ann",
    "LDAP://dc.acme.example OU=Staff/Ann": "ann",
    "CN=Archer\\, Ann,OU=Staff,DC=acme": "archer\\, ann",
    "ann\x1b[2J": "ann[2j",
    **dict.fromkeys(("-", "", " ", "anonymous", "N/A", "(null)", "Unknown", "No Authentication Required", "ACME\\PC-7$")),
    **dict.fromkeys(("NT AUTHORITY\\SYSTEM", "Unknown User", "ACME\\Gast", "Inconnu", "Nicht verfügbar", "<none>", "host/pc-9.acme.example")),
}


@pytest.mark.parametrize("written", USERS)
def test_users(written: str) -> None:
    if written.startswith("CN="):
        assert users(pl.Series([written]))[0] is not None
        return
    assert users(pl.Series([written]))[0] == USERS[written]


def test_machine_accounts_are_devices() -> None:
    assert machine_of(pl.Series(["ACME\\PC-7$", "pc-8$@acme.example", "host/PC-9.acme.example@ACME", "ann", "$"])).to_list() == [
        "pc-7",
        "pc-8",
        "pc-9.acme.example",
        None,
        None,
    ]


def test_macs() -> None:
    written = ["02-00-00-00-00-0A", "0200.0000.000a", "02:00:00:00:00:0a", "00:00:00:00:00:00", "02:00:00", "x"]
    assert macs(pl.Series(written)).to_list() == ["02:00:00:00:00:0a"] * 3 + [None] * 3


def test_hosts() -> None:
    assert hosts(pl.Series([' Desk-1. "', "-", "", "a\x00b"])).to_list() == ["desk-1", None, None, "ab"]


DOMAINS = {
    "Files.Example.": "files.example",
    "files.example:443": "files.example",
    "bücher.example": "xn--bcher-kva.example",
    "_dmarc.files.example": "_dmarc.files.example",
    "a" * 63 + ".example": "a" * 63 + ".example",
    **dict.fromkeys(
        (
            "a" * 64 + ".example",
            "a..example",
            ".example",
            "-a.example",
            "a b.example",
            "10.0.0.1",
            "10.0.0",
            "2001:db8::1",
            "localhost",
            "a\\.b.example",
        )
    ),
    **dict.fromkeys(("ü" * 64 + ".example", "xn--\u0661.1", "a\u2028.example", "*.example.org", "<script>.example")),
}


@pytest.mark.parametrize("written", DOMAINS)
def test_domains(written: str) -> None:
    assert domains(pl.Series([written]))[0] == DOMAINS[written]


def test_a_name_may_have_253_characters() -> None:
    name = ".".join(["a" * 49] * 5) + ".ab"
    assert len(name) == 252
    assert domains(pl.Series([name, name + "cd"])).to_list() == [name, None]
