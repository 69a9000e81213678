"""Lease files: a lease holds for its time, and a hostile file costs neither time nor an exception."""

import time

import pytest

from discovery.leases import LEASES, lease_formats, recognise
from discovery.times import Reading

DHCPD, DNSMASQ = (lease_formats()[name] for name in ("dhcpd-leases", "dnsmasq-leases"))
ENTRY = "lease 192.0.2.10 {\n  starts 4 2026/11/19 08:00:00;\n  ends 4 2026/11/19 20:00:00;\n  hardware ethernet 02:00:00:00:00:01;\n}\n"


def test_an_early_release_ends_the_lease() -> None:
    released = ENTRY.replace("20:00:00", "09:30:00")
    table = DHCPD.read((ENTRY + released).encode(), Reading())
    assert table.select("source_mac", "until").rows() == [("02:00:00:00:00:01", table["until"][0])]
    assert table["until"][0].isoformat() == "2026-11-19T09:30:00+00:00"


@pytest.mark.parametrize("bad", ["starts 4 9999/99/99 99:99:99;", "starts epoch 99999999999999999999;", "starts;", "starts 4 \u0661/1/1 1:1:1;", ""])
def test_a_lease_without_a_time_is_left_out(bad: str) -> None:
    assert DHCPD.read(ENTRY.replace("starts 4 2026/11/19 08:00:00;", bad).encode(), Reading()).height == 0


def test_a_lease_with_an_unreadable_end_is_left_out() -> None:
    assert DHCPD.read(ENTRY.replace("ends 4 2026/11/19 20:00:00;", "ends tomorrow;").encode(), Reading()).height == 0
    assert DHCPD.read(ENTRY.replace("ends 4 2026/11/19 20:00:00;", "ends never;").encode(), Reading())["until"].to_list() == [None]


def test_entries_that_never_close_are_read_in_one_pass() -> None:
    began = time.monotonic()
    assert DHCPD.read(b"lease 192.0.2.10 {\n" * 60_000 + ENTRY.encode(), Reading()).height == 1
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"lease {", b"}\n}\n", b"9999999999999999 a b c d\n", b"\xd9\xa1 02:00:00:00:00:01 192.0.2.1 h *\n"]
)
def test_rubbish_yields_a_table(data: bytes) -> None:
    for known in (DHCPD, DNSMASQ):
        assert known.read(data, Reading()).schema == LEASES


def test_log_lines_are_no_leases() -> None:
    assert recognise(b"Nov 19 09:00:00 dhcpd: lease 192.0.2.10 renewed\n") is None
    assert recognise(b"1795078800.123 215 192.0.2.10 TCP_MISS/200 482 GET http://a.example/ - HIER_NONE/- -\n") is None
