"""DHCP notices in a log of requests: the log yields both, and counts each line once."""

from pathlib import Path

import polars as pl
import pytest

from discovery import pipeline, tally
from discovery.identify import lease_file
from discovery.leases.beside import told
from discovery.pipeline import read_log
from discovery.times import Reading
from tests.formats.reading import SAMPLES, WRITTEN, read_bytes

#: A log of requests, and the DHCP notices that its device or its syslog server writes among them.
BOTH = [
    ("cisco-asa/connections", "gateway-leases/asa"),
    ("cisco-meraki/mx", "gateway-leases/meraki"),
    ("dnsmasq/pihole", "dnsmasq-leases/syslog"),
    ("fortigate/sessions", "gateway-leases/fortigate"),
    ("iptables/kernel", "dnsmasq-leases/syslog"),
    ("mikrotik/file", "mikrotik-leases/log_print"),
    ("mikrotik/no_prefix", "mikrotik-leases/syslog"),
    ("paloalto-panos/plain", "gateway-leases/panos"),
    ("pfsense/bsd_syslog", "dhcpd-leases/syslog"),
    ("pfsense/rfc5424", "kea-leases/log"),
    ("sonicwall/sessions", "gateway-leases/sonicwall"),
    ("sophos-xg/device", "gateway-leases/sophos"),
    ("technitium/text", "gateway-leases/technitium"),
    ("ubiquiti-unifi/rules", "dnsmasq-leases/syslog"),
    ("unbound/syslog", "dhcpd-leases/syslog"),
]


def lines(name: str) -> list[str]:
    return (SAMPLES / f"{name}.log").read_text(encoding="utf-8").splitlines(keepends=True)


def without_line(events: pl.DataFrame) -> list[tuple[object, ...]]:
    return sorted(events.drop("line").rows(), key=repr)


@pytest.mark.parametrize(("requests", "notices"), BOTH)
def test_a_log_of_both_yields_both(requests: str, notices: str) -> None:
    asked, given = lines(requests), lines(notices)
    _, events = read_bytes("".join(asked).encode(), format_id=requests.partition("/")[0])
    alone, _ = read_bytes("".join(given).encode(), format_id=notices.partition("/")[0])
    for content in ("".join(asked + given), "".join(given * 9 + asked)):  # whatever the head has most of
        both, seen = read_bytes(content.encode())
        assert requests.partition("/")[0] in {both.account.format, *both.account.formats}
        assert without_line(seen) == without_line(events)
        assert both.leases.equals(alone.leases)
        account = both.account
        assert account.lines == content.count("\n") == account.events + sum(account.skipped.values()) + sum(account.rejected.values())
        assert account.skipped["lease"] == alone.account.skipped["lease"] * (content.count(given[0]) // "".join(given).count(given[0]))


def test_neither_cuts_nor_processes_change_the_leases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "gate.log"
    path.write_text("".join([*lines("pfsense/combined"), *lines("dhcpd-leases/syslog")] * 20), encoding="utf-8")
    whole, cut = (read_log(path, reference=WRITTEN, block=block) for block in (None, 300))
    monkeypatch.setattr(pipeline, "LONG", 1)
    monkeypatch.setattr(pipeline, "MANY_CORES", 1)
    apart = read_log(path, reference=WRITTEN, block=3_000)
    assert whole.leases.height
    assert cut.leases.equals(whole.leases)
    assert apart.leases.equals(whole.leases)
    assert apart.account == cut.account == whole.account


#: What ends a lease in the logs of several makers: device 192.0.2.10 or 2001:db8::10.
ENDS = [
    "<134>1 2026-11-19T09:00:00Z gate kea-dhcp4 7 - - DHCP4_RELEASE [hwtype=1 02:00:de:ad:00:01]: address 192.0.2.10 was released properly.",
    "<134>1 2026-11-19T09:00:00Z gate kea-dhcp4 7 - - DHCP4_DECLINE_LEASE [hwtype=1 02:00:de:ad:00:01]: address 192.0.2.10 was declined",
    "Nov 19 09:00:00 gate dhcpd[7]: DHCPRELEASE of 192.0.2.10 from 02:00:de:ad:00:01 via eth1 (found)",
    "Nov 19 09:00:00 gate dhcpd[7]: RELEASE on 192.0.2.10 to 02:00:de:ad:00:01",
    "Nov 19 09:00:00 gate dhcpd[7]: Released address 2001:db8::10",
    (
        '<14>Nov 19 09:00:00 fw1 1,2026/11/19 09:00:00,0012,SYSTEM,dhcp,2561,2026/11/19 09:00:00,,lease-end,ethernet1/2,0,0,general,informational,"'
        'DHCP lease expired ip 192.0.2.10 --> mac 02:00:de:ad:00:01 - hostname pc-7, interface ethernet1/2",1,0x0'
    ),
]


def outcomes(*texts: str) -> list[str]:
    """What becomes of lines that a log of requests does not understand."""
    found = told(pl.DataFrame({"line": range(1, len(texts) + 1), "_reason": "!not understood"}), lambda: pl.Series(texts), 1, Reading())
    return found[0]["_reason"].to_list()


@pytest.mark.parametrize("line", ENDS)
def test_the_end_of_a_lease_stands_alone(line: str) -> None:
    _, notices = told(pl.DataFrame({"line": [1], "_reason": ["!not understood"]}), lambda: pl.Series([line]), 1, Reading())
    assert notices is not None
    assert notices["act"].to_list() == ["ended"]
    assert notices["source_ip"][0] in {"192.0.2.10", "2001:db8::10"}


def test_no_line_says_what_another_is() -> None:
    """A line that bears the sign of one maker is none of another's, whose line stands beside it."""
    odd = "Nov 19 09:00:00 gate dhcpd[7]: pool note: assigned 192.0.2.1 for client 7"
    given = "Nov 19 09:00:01 gate dhcpd[7]: DHCPACK on 192.0.2.10 to 02:00:de:ad:00:01 (pc-7) via eth1"
    assert outcomes(odd, given) == outcomes(odd) + outcomes(given) == ["!not understood", "-lease"]


def test_notices_of_several_devices_in_a_mixture() -> None:
    parts = ["dnsmasq/extra", "fortigate/sessions", "dhcpd-leases/syslog", "gateway-leases/fortigate"]
    alone = [read_bytes("".join(lines(name)).encode())[0].account for name in parts]
    result, _ = read_bytes("".join("".join(lines(name)) for name in parts).encode())
    assert set(result.account.formats) == {"dnsmasq", "fortigate"}
    assert result.account.skipped["lease"] == sum(one.skipped.get("lease", 0) for one in alone)
    assert result.account.events == sum(one.events for one in alone)


def test_there_is_an_end_to_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "MOST_NOTICES", 1)
    content = "".join(lines("pfsense/combined") * 3).encode()
    result, events = read_bytes(content, block=700)
    assert (result.leases["source_ip"].to_list(), result.account.skipped["lease"], events.height) == (["192.168.7.10"], 6, 6)
    assert any("only the first of them count" in said for said in result.account.warnings)


def test_what_a_request_quotes_is_no_lease() -> None:
    """A name or a browser may be called anything; only lines that are no requests are asked."""
    forged = "Nov 19 09:00:00 gate dnsmasq-dhcp[1]: DHCPACK(br0) 192.0.2.10 02:00:00:00:00:99 evil"
    request = f'1795078800.123    215 192.0.2.12 TCP_MISS/200 482 GET http://files.example/ - HIER_DIRECT/198.51.100.7 - "{forged}"\n'
    result, events = read_bytes((request * 3).encode())
    assert (events.height, result.leases.height) == (3, 0)


def test_a_file_of_notices_alone_stays_one_of_leases() -> None:
    assert lease_file("".join(lines("dhcpd-leases/syslog")).encode()) is not None
    assert lease_file("".join(lines("pfsense/combined")).encode()) is None
