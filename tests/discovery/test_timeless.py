"""Lines whose time a collector took off with their header: the log is recognised, and its account says what is missing."""

import json
from pathlib import Path

import pytest

from discovery.pipeline import read_log

SESSION = (
    'RT_FLOW_SESSION_CLOSE [junos@2636.1.1.1.2.142 reason="TCP FIN" source-address="10.0.0.10" source-port="5000" '
    'destination-address="198.51.100.9" destination-port="443" username="N/A" bytes-from-client="100" bytes-from-server="900"]'
)
PAIRS = (
    "reason=Allowed\taction=Allowed\tresponsesize=900\trequestsize=100\tserverip=198.51.100.9\tClientIP=10.0.0.10\tuser=ann@acme.example"
    "\turl=files.example/a\tvendor=Zscaler"
)
CUT = "0|SonicWall|TZ 370|7.0.1|537|Connection Closed|4|src=10.0.0.10 spt=5000 dst=198.51.100.9 dpt=443 out=100 in=900"
KNOWN = {"juniper-srx": SESSION, "zscaler-zia-web": PAIRS, "sonicwall": CUT}


@pytest.mark.parametrize("format_id", KNOWN)
def test_it_is_recognised_and_every_line_is_accounted_for(format_id: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(f"{KNOWN[format_id]}\n" * 3, encoding="utf-8")
    account = read_log(log).account
    assert (account.format, account.events, account.rejected) == (format_id, 0, {"time cannot be read": 3})
    assert any("hold no time" in warning for warning in account.warnings)


@pytest.mark.parametrize("format_id", KNOWN)
def test_the_time_that_the_collector_noted_beside_the_line_is_taken(format_id: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(json.dumps({"@timestamp": "2026-11-19T10:00:00Z", "message": KNOWN[format_id]}) + "\n", encoding="utf-8")
    account = read_log(log).account
    assert (account.format, account.events) == (format_id, 1)
    assert account.first is not None
    assert account.first.isoformat() == "2026-11-19T10:00:00+00:00"
