"""Hostile values in sound lines: what cannot be is counted with its reason, what can is brought into one form, and no secret is kept."""

from pathlib import Path

import pytest

from discovery.pipeline import read_log
from tests.formats.reading import WRITTEN, read_bytes
from tests.hostile.account import read, whole
from tests.hostile.files import GOOD, line

NUMBER, TIME, NOWHERE = "byte count cannot be read", "time cannot be read", "names no site and no address"
VALUES: dict[str, tuple[bytes, str]] = {
    "bytes above 2⁶³": (line(size="9223372036854775808"), NUMBER),
    "bytes above a petabyte": (line(size="1000000000000001"), NUMBER),
    "negative bytes": (line(size="-1"), NUMBER),
    "1e999 bytes": (line(size="1e999"), NUMBER),
    "underscored bytes": (line(size="1_000"), NUMBER),
    "Arabic digits": (line(size="\u0661\u0662"), NUMBER),
    "bytes with a fraction": (line(size="10.5"), NUMBER),
    "time 10¹⁸ s and more": (line(time="9999999999999999999"), TIME),
    "negative time": (line(time="-5"), TIME),
    "least number as time": (line(time="-9223372036854775808"), TIME),
    "time NaN": (line(time="nan"), TIME),
    "time infinite": (line(time="inf"), TIME),
    "1970": (line(time="12.5"), TIME),
    "year 2255": (line(time="9000000000"), TIME),
    "label of 64": (line(url=f"http://{'a' * 64}.example/"), NOWHERE),
    "name of 300": (line(url=f"http://{'.'.join(['abcdefghi'] * 30)}/"), NOWHERE),
    "half an address": (line(url="http://10.0.0/"), NOWHERE),
    "address out of range": (line(url="http://256.1.1.1/"), NOWHERE),
    "escaped dot": (line(url="http://a\\.b.example/"), NOWHERE),
    "wildcard": (line(url="http://*.example.org/"), NOWHERE),
    "script for a name": (line(url="http://<script>.example/"), NOWHERE),
    "data URL": (line(url="data:text/html;base64,AAAA"), "local name without a dot"),
    "script URL": (line(url="javascript:alert(1)"), "local name without a dot"),
    "single label": (line(url="http://intranet/"), "local name without a dot"),
    "reverse look-up": (line(url="http://10.2.0.192.in-addr.arpa/"), "reverse look-up of an address"),
}


@pytest.mark.parametrize("what", VALUES)
def test_a_value_that_cannot_be_is_counted_with_its_reason(what: str) -> None:
    data, reason = VALUES[what]
    account = read(GOOD + data)
    assert whole(account)[:2] == (4, 3)
    assert {**account.skipped, **account.rejected} == {reason: 1}
    assert account.samples[reason][0].line == 4


TIMES = {
    "seconds": ("1795078800", "2026-11-19T09:00:00+00:00"),
    "fraction": ("1795078800.25", "2026-11-19T09:00:00.250000+00:00"),
    "milliseconds": ("1795078800250", "2026-11-19T09:00:00.250000+00:00"),
    "microseconds": ("1795078800250000", "2026-11-19T09:00:00.250000+00:00"),
    "nanoseconds": ("1795078800250000000", "2026-11-19T09:00:00.250000+00:00"),
}


@pytest.mark.parametrize("what", TIMES)
def test_epochs_are_told_apart_by_magnitude(what: str) -> None:
    written, meant = TIMES[what]
    _, events = read_bytes(line(time=written), format_id="squid")
    assert events["timestamp"][0].isoformat() == meant


ADDRESSES = {
    "010.000.000.001": "10.0.0.1",
    "::ffff:192.0.2.9": "192.0.2.9",
    "fe80::1%eth0": "fe80::1",
    "192.0.2.9:51234": "192.0.2.9",
    "[2001:DB8::9]:443": "2001:db8::9",
    "2001:0db8:0000::0009": "2001:db8::9",
    "2130706433": None,
    "\u0661.1.1.1": None,
    "999.1.1.1": None,
}


@pytest.mark.parametrize("written", ADDRESSES)
def test_addresses_have_one_form(written: str) -> None:
    _, events = read_bytes(line(client=written), format_id="squid")
    assert events["source_ip"].to_list() == [ADDRESSES[written]]


SITES = {
    "https://alice:s3cret@Files.Example/x": ("files.example", None),
    "http://files.example:8443?token=s3cret": ("files.example", None),
    "files.example:443": ("files.example", None),
    "http://b\u00fccher.example/": ("xn--bcher-kva.example", None),
    "http://xn--bcher-kva.example./": ("xn--bcher-kva.example", None),
    "http://_dmarc.files.example/": ("_dmarc.files.example", None),
    "[2001:db8::7]:443": (None, "2001:db8::7"),
    "http://u:s3cret@[2001:db8::7]:8080/a@b": (None, "2001:db8::7"),
    "http://203.0.113.7:8080/": (None, "203.0.113.7"),
    "http://files.example/" + "x" * 8_000: ("files.example", None),
}


@pytest.mark.parametrize("url", SITES)
def test_only_the_host_of_a_url_is_kept(url: str) -> None:
    result, events = read_bytes(line(url=url), format_id="squid")
    assert (events["destination_domain"][0], events["destination_ip"][0]) == SITES[url]
    assert "s3cret" not in repr(events.to_dicts()) + repr(result)


def test_words_that_look_like_numbers_stay_users() -> None:
    users = ["00123", "1e5", "TRUE", "nan", "NA"]
    _, events = read_bytes(b"".join(line(user=user) for user in users), format_id="squid")
    assert events["user_name"].to_list() == [user.lower() for user in users]


def test_samples_show_shapes_never_text(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_bytes(GOOD + b"secret-word 12345 \x1b[2J\n")
    sample = read_log(path, reference=WRITTEN).account.samples["not in this layout"][0]
    assert (sample.line, sample.shape) == (4, "aaaaaa-aaaa 99999 ·[9a")
