"""Leases: each holds for its time, and a hostile file costs neither time nor an exception."""

import io
import time
from datetime import UTC, datetime

import polars as pl
import pytest

from discovery.blocks import Blocks
from discovery.decompress import Stream
from discovery.errors import UnreadableLog
from discovery.leases import LEASES, base, lease_formats, recognise
from discovery.times import Reading

ENTRY = "lease 192.0.2.10 {\n  starts 4 2026/11/19 08:00:00;\n  ends 4 2026/11/19 20:00:00;\n  hardware ethernet 02:00:00:00:00:01;\n}\n"
WRITTEN = Reading(reference=datetime(2026, 11, 20, tzinfo=UTC))
KEA = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n"


def read(name: str, data: str | bytes, reading: Reading = WRITTEN, size: int = 1 << 20) -> pl.DataFrame:
    content = data.encode() if isinstance(data, str) else data
    blocks = Blocks(Stream(io.BytesIO(content), size=None), size=size)
    return lease_formats()[name].read(content[: 1 << 16], blocks, reading).leases


def held(table: pl.DataFrame) -> list[tuple[str, str, str]]:
    """Last byte of address and MAC, begin and end as hours and minutes."""
    ends = table.select(pl.col("since", "until").dt.to_string("%H:%M")).rows()
    return [(ip[-2:] + " " + (mac or host)[-2:], *end) for (ip, mac, host), end in zip(table.select(*list(LEASES)[:3]).rows(), ends, strict=True)]


def test_an_early_release_ends_the_lease() -> None:
    assert held(read("dhcpd-leases", ENTRY + ENTRY.replace("20:00:00", "09:30:00"))) == [("10 01", "08:00", "09:30")]


@pytest.mark.parametrize("bad", ["starts 4 9999/99/99 99:99:99;", "starts epoch 99999999999999999999;", "starts;", "starts 4 \u0661/1/1 1:1:1;", ""])
def test_a_lease_without_a_time_is_left_out(bad: str) -> None:
    assert read("dhcpd-leases", ENTRY.replace("starts 4 2026/11/19 08:00:00;", bad)).height == 0


def test_a_lease_with_an_unreadable_end_is_left_out() -> None:
    assert read("dhcpd-leases", ENTRY.replace("ends 4 2026/11/19 20:00:00;", "ends tomorrow;")).height == 0
    assert read("dhcpd-leases", ENTRY.replace("ends 4 2026/11/19 20:00:00;", "ends never;"))["until"].to_list() == [None]


def test_entries_that_never_close_are_read_in_one_pass() -> None:
    began = time.process_time()
    assert read("dhcpd-leases", "lease 192.0.2.10 {\n" * 60_000 + ENTRY).height == 1
    assert time.process_time() - began < 5


def ack(clock: str, ip: int, mac: int, rest: str = "") -> str:
    return f"Nov 19 {clock}:00 gate dhcpd[1]: DHCPACK on 192.0.2.{ip} to 02:00:00:00:00:{mac:02} via eth0{rest}\n"


def test_an_address_given_to_the_next_ends_the_lease_of_the_one_before() -> None:
    log = ack("08:00", 10, 1) + ack("09:00", 10, 2) + ack("09:30", 10, 1)
    assert held(read("dhcpd-leases", log)) == [("10 01", "08:00", "09:00"), ("10 02", "09:00", "09:30"), ("10 01", "09:30", "09:30")]
    assert read("dhcpd-leases", log)["until"][-1] == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def test_a_renewal_extends_and_a_gap_does_not() -> None:
    hour = " lease-duration 3600"
    log = ack("08:00", 10, 1, hour) + ack("08:30", 10, 1, hour) + ack("12:00", 10, 1, hour)
    assert held(read("dhcpd-leases", log)) == [("10 01", "08:00", "09:30"), ("10 01", "12:00", "13:00")]


def test_a_release_by_somebody_else_ends_nothing() -> None:
    late = "Nov 19 09:30:00 gate dhcpd[1]: DHCPRELEASE of 192.0.2.10 from 02:00:00:00:00:01 via eth0 (not found)\n"
    log = ack("08:00", 10, 1) + ack("09:00", 10, 2, " lease-duration 7200") + late
    assert held(read("dhcpd-leases", log)) == [("10 01", "08:00", "09:00"), ("10 02", "09:00", "11:00")]
    own = late.replace("00:01 via", "00:02 via")
    assert held(read("dhcpd-leases", log + own)) == [("10 01", "08:00", "09:00"), ("10 02", "09:00", "09:30")]


def test_no_size_of_blocks_changes_the_leases() -> None:
    log = "".join(ack(f"{8 + n // 60:02}:{n % 60:02}", 10 + n % 3, n % 5) for n in range(300))
    assert read("dhcpd-leases", log).equals(read("dhcpd-leases", log, size=300))


def test_the_order_of_day_and_month_is_that_of_the_whole_log() -> None:
    line = "10,{},08:00:00,Assign,192.0.2.10,desk,0200000000{}\n"
    log = line.format("03/04/26", 10) + line.format("15/04/26", 11)
    assert read("ms-dhcp", log)["since"].dt.to_string("%m-%d").to_list() == ["04-03", "04-15"]
    assert read("ms-dhcp", line.format("03/04/26", 10))["since"].dt.to_string("%m-%d").to_list() == ["03-04"]


def test_times_of_a_server_are_in_its_zone() -> None:
    found = read("ms-dhcp", "10,11/19/26,08:00:00,Assign,192.0.2.10,desk,020000000010\n", Reading(zone="Europe/Berlin"))
    assert held(found) == [("10 10", "07:00", "07:00")]


def test_a_lease_that_kea_takes_away_ends_the_one_before() -> None:
    line = "192.0.2.10,02:00:00:00:00:{},,{},{},1,0,0,,{},,0\n"
    nine = 1_795_078_800
    log = KEA + line.format("01", 7200, nine + 7200, 0) + line.format("01", 0, nine + 1800, 2)
    assert held(read("kea-leases", log)) == [("10 01", "09:00", "09:30")]
    assert held(read("kea-leases", log + line.format("02", 3600, nine + 7200, 0))) == [("10 01", "09:00", "09:30"), ("10 02", "10:00", "11:00")]


def test_a_lease_that_kea_reclaimed_ran_its_time() -> None:
    line = "192.0.2.10,02:00:00:00:00:01,,{},{},1,0,0,{},{},,0\n"
    nine = 1_795_078_800
    log = KEA + line.format(3600, nine + 3600, "desk", 0) + line.format(3600, nine + 3600, "", 2) + line.format(0, nine, "", 2)
    assert held(read("kea-leases", log)) == [("10 01", "09:00", "10:00")]
    assert read("kea-leases", log)["host_name"].to_list() == ["desk"]


@pytest.mark.parametrize("name", lease_formats())
@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\n", b"\xff\xfe\x00", b"lease {", b"}\n}\n", b"9999999999999999 a b c d\n", b"\xd9\xa1 02:00:00:00:00:01 192.0.2.1 h *\n"),
        *(b"address,hwaddr,client_id,valid_lifetime,expire,\n1,2,3,99999999999999999999,4\n", KEA.encode() + b'"\n"', b"::1%x y\n1.2.3.4\n"),
        *(b"#fields\tmac\tlease_time\n\t\n", b"{}\n", b" 0 D mac-address=\n", b"10,,,,,,\n", b"11002,99/99/99,99:99:99,,,,,,\n"),
        b"Nov 19 08:00:00 gate dhcpd: DHCPACK on 1.2.3.4 to 02:00:00:00:00:01 via x lease-duration 99999999999999999999999\n",
        b"Nov 19 08:00:00 gate dhcpd: r-l-e:1.2.3.4,Issued,h,02:00:00:00:00:03,1795075200,9999999999999999999999,,\n",
        b"Nov 19 08:00:00 gate dhcpd: DHCPACK on 1.2.3.4.5 to 02:00:00:00:00:01 via x lease-duration 99999999999999999999999\n",
    ],
)
def test_rubbish_yields_a_table(name: str, data: bytes) -> None:
    assert read(name, data).schema == LEASES


@pytest.mark.parametrize(
    "line",
    [
        b"Nov 19 09:00:00 dhcpd: lease 192.0.2.10 renewed\n" + b"Nov 19 09:00:00 gate kernel: up\n" * 9,
        b"1795078800.123 215 192.0.2.10 TCP_MISS/200 482 GET http://a.example/ - HIER_NONE/- -\n",
        b'192.0.2.10 - - [19/Nov/2026:09:00:00 +0000] "GET / HTTP/1.1" 200 1\n',
        b"0.0.0.0 ads.example\n127.0.0.1 localhost\n",
        b"192.0.2.10\n192.0.2.11\n",
        b"10,20,30,40,50\n",
    ],
)
def test_other_files_are_no_leases(line: bytes) -> None:
    assert recognise(line) is None


def test_a_file_that_no_server_writes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "_LARGEST", 1_000)
    with pytest.raises(UnreadableLog, match="larger than"):
        read("hosts", "192.0.2.10 desk\n" * 100)
