"""A log that cannot answer the question says so, and what to switch on."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.pipeline import read_log
from discovery.preflight import FEW_SITES, NO_REQUESTS, NO_SITES, ONE_CLIENT
from discovery.recipes import recipes
from tests.gate import examples

FORTIGATE = (
    'date=2026-03-02 time=09:{:02}:10 tz="+0100" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.1.0.{} '
    'srcport=50111 dstip=203.0.113.{} dstport=443 sessionid={} action="close" service="HTTPS" sentbyte=1500 rcvdbyte=9100{}'
)
ASA = (
    "<166>Mar 02 2026 09:{:02}:10: %ASA-6-302014: Teardown TCP connection {} for outside:203.0.113.9/443 to inside:10.1.0.{}/50111 "
    "duration 0:00:30 bytes 5000 TCP FINs"
)
IPTABLES = (
    "2026-03-02T09:{:02}:10+01:00 gw kernel: FWD accept IN=eth1 OUT=eth0 SRC=10.1.0.{} DST=203.0.113.9 LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID={} DF "
    "PROTO=TCP SPT=50111 DPT=443 WINDOW=64240 RES=0x00 SYN URGP=0"
)
FLOW = "2 123456789012 eni-0a1b2c3d 10.1.0.{} 203.0.113.9 50111 443 6 10 {} 17724422{:02} 17724423{:02} ACCEPT OK"
SQUID = "17724420{:02}.000    120 10.1.0.{} TCP_TUNNEL/200 5000 CONNECT www.dropbox.com:443 {} HIER_DIRECT/203.0.113.9 -"


def told(folder: Path, *lines: str, format_id: str | None = None) -> tuple[str, ...]:
    path = folder / "made.log"
    path.write_text("\n".join(lines) + "\n")
    return read_log(path, zone="Europe/Berlin", format_id=format_id).account.warnings


NAMELESS = {
    "fortigate": [FORTIGATE.format(n, n % 7 + 1, n + 1, n, "") for n in range(40)],
    "cisco-asa": [ASA.format(n, n, n % 7 + 1) for n in range(40)],
    "iptables": [IPTABLES.format(n, n % 7 + 1, n) for n in range(40)],
    "aws-vpcflow": [FLOW.format(n % 7 + 1, n + 100, n, n) for n in range(40)],
}


@pytest.mark.parametrize("format_id", NAMELESS)
def test_a_log_without_names_says_what_to_switch_on(format_id: str, tmp_path: Path) -> None:
    (said,) = told(tmp_path, *NAMELESS[format_id])
    assert said == f"{NO_SITES} To change that: {recipes()[format_id].names}"


def test_hardly_any_name_is_told_as_well(tmp_path: Path) -> None:
    lines = [*(FORTIGATE.format(n % 60, n % 7 + 1, n + 1, n, "") for n in range(120)), FORTIGATE.format(50, 3, 9, 9, ' hostname="www.dropbox.com"')]
    assert told(tmp_path, *lines)[0].startswith(FEW_SITES)


def test_a_log_with_names_has_nothing_to_say(tmp_path: Path) -> None:
    named = [FORTIGATE.format(n, n % 7 + 1, n + 1, n, ' hostname="www.dropbox.com"') for n in range(40)]
    assert told(tmp_path, *named) == ()
    assert told(tmp_path, *(SQUID.format(n, n % 7 + 1, "-") for n in range(40))) == ()


def test_one_client_is_no_person(tmp_path: Path) -> None:
    (said,) = told(tmp_path, *(SQUID.format(n, 1, "-") for n in range(40)))
    assert said.startswith(ONE_CLIENT)
    assert "10.1.0.1" not in said, "accounts are kept in the open"
    assert told(tmp_path, *(SQUID.format(n, 1, f"user{n % 3}") for n in range(40))) == (), "names tell people apart behind one address"
    assert told(tmp_path, *(SQUID.format(n, 1, "-") for n in range(5))) == (), "a few requests may be one person's"


def test_a_log_without_visits_says_where_to_find_them(tmp_path: Path) -> None:
    event = (
        'date=2026-03-02 time=09:00:10 tz="+0100" logid="0100032001" type="event" subtype="system" level="information" msg="Administrator signed in"'
    )
    assert told(tmp_path, *[event] * 5)[0].startswith(NO_REQUESTS)


@examples(8)
@given(clients=st.lists(st.integers(1, 250), min_size=30, max_size=60))
def test_told_exactly_where_there_is_one_client(clients: list[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    said = told(tmp_path_factory.mktemp("log"), *(SQUID.format(n, client, "-") for n, client in enumerate(clients)), format_id="squid")
    assert bool(said) == (len(set(clients)) == 1)
