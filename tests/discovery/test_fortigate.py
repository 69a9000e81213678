"""Records of sessions that no record of the web filter opened: requests of their own, made when the session began."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from discovery.pipeline import read_log

ENDED = (
    'date=2026-03-02 time=09:50:10 tz="+0100" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.1.0.7 '
    'dstip=203.0.113.9 dstport=443 {}action="close" hostname="files.example" duration=1200 sentbyte=1500 rcvdbyte=9100{}\n'
)


@pytest.mark.parametrize("session", ["sessionid=17 ", ""])
def test_a_session_nobody_opened_was_asked_for_when_it_began(session: str, tmp_path: Path) -> None:
    log = tmp_path / "fortigate.log"
    log.write_text(ENDED.format(session, ""))
    told = read_log(log).usage.whole().select("destination_domain", "hits", "source_bytes", "first").rows()
    assert told == [("files.example", 1, 1500, datetime(2026, 3, 2, 8, 30, 10, tzinfo=UTC))]


def test_what_came_since_the_last_record_came_now(tmp_path: Path) -> None:
    log = tmp_path / "fortigate.log"
    log.write_text(ENDED.format("", " sentdelta=100 rcvddelta=200"))
    told = read_log(log).usage.whole().select("source_bytes", "first").rows()
    assert told == [(100, datetime(2026, 3, 2, 8, 50, 10, tzinfo=UTC))]
