"""One file with lines of several devices: each line goes to the format that understands it, and nothing is lost or counted twice."""

import json
import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from discovery.catalogue import load
from discovery.coding import spelled_out
from discovery.errors import UnreadableLog
from discovery.identify import identify
from discovery.logs import logs_in
from discovery.pipeline import read_log
from discovery.scan import scan
from discovery.times import Reading
from discovery.usage import USAGE
from tests.formats.reading import SAMPLES, WRITTEN, read_bytes
from tests.gate import examples

FIREWALL = [
    f'<189>date=2026-11-19 time=09:{n:02}:00 devname="fw1" devid="FGT0" logid="0317013312" type="utm" subtype="webfilter" '
    f'eventtime={1795078800 + 60 * n} sessionid={n} srcip=192.0.2.10 dstip=198.51.100.9 hostname="files.example" action="passthrough"\n'
    for n in range(40)
]
RESOLVER = [f"<30>Nov 19 09:{n:02}:00 dnsmasq[812]: query[A] chat.example from 192.0.2.11\n" for n in range(40)]
PROXY = [
    f"<134>Nov 19 09:{n:02}:00 proxy squid[14]: {1795078800 + 60 * n}.123    215 192.0.2.12 TCP_TUNNEL/200 48213 CONNECT notes.example:443 - "
    "HIER_DIRECT/198.51.100.7 -\n"
    for n in range(40)
]
NOISE = ["<13>Nov 19 09:00:00 switch kernel: port 7 up\n", "\n", "no line of anything\n"]


def mixed(seed: int = 1, *, noise: int = 1) -> bytes:
    lines = [*FIREWALL, *RESOLVER, *PROXY, *NOISE * noise]
    random.Random(seed).shuffle(lines)  # noqa: S311 (a seeded test)
    return "".join(lines).encode()


def ids(content: bytes) -> dict[str, float]:
    best = identify(content, Reading(reference=WRITTEN))
    return {one.format.id: round(one.share, 2) for one in (best, *best.beside)}


def rows(usage: pl.DataFrame) -> list[tuple[object, ...]]:
    return sorted(spelled_out(usage).select(*USAGE, "format").rows(), key=repr)


def test_each_line_goes_to_the_format_that_understands_it() -> None:
    content = mixed()
    result, events = read_bytes(content)
    account = result.account
    assert account.formats == {"fortigate": 40, "dnsmasq": 40, "squid": 40}
    assert account.lines == content.count(b"\n") == account.events + sum(account.skipped.values()) + sum(account.rejected.values())
    assert (account.events, dict(account.skipped), dict(account.rejected)) == (120, {"empty line": 1}, {"not in this layout": 2})
    of = {"192.0.2.10": "files.example", "192.0.2.11": "chat.example", "192.0.2.12": "notes.example"}
    assert events.group_by("source_ip", "destination_domain").len().sort("source_ip").rows() == [(who, asked, 40) for who, asked in of.items()]
    assert events["line"].is_sorted()
    lines = content.decode().splitlines()
    assert all(asked in lines[line - 1] for line, asked in events.select("line", "destination_domain").iter_rows())


@examples(2, derandomize=True, suppress_health_check=list(HealthCheck))
@given(size=st.integers(1, 20_000), seed=st.integers(0, 99))
def test_no_cut_changes_the_result(size: int, seed: int, tmp_path: Path) -> None:
    path = tmp_path / "relay.log"
    path.write_bytes(mixed(seed, noise=3))
    whole, cut = (read_log(path, reference=WRITTEN, block=block) for block in (None, size))
    assert cut.account == whole.account
    assert rows(cut.usage.whole()) == rows(whole.usage.whole())
    assert whole.usage.whole()["hits"].sum() == 120


def test_sessions_of_one_device_never_complete_those_of_another() -> None:
    """Both number their requests from 1."""
    firewall = (SAMPLES / "fortigate" / "sessions.log").read_text().splitlines()
    resolver = (SAMPLES / "dnsmasq" / "extra.log").read_text().splitlines()
    alone = [read_bytes("\n".join(part).encode())[1] for part in (firewall, resolver)]
    mixture = [line for pair in zip(firewall, resolver, strict=False) for line in pair] + firewall[len(resolver) :] + resolver[len(firewall) :]
    _, events = read_bytes("\n".join(mixture).encode())
    told = pl.concat(alone).drop("line").rows()
    assert sorted(events.drop("line").rows(), key=repr) == sorted(told, key=repr)


def test_a_file_of_one_format_has_one() -> None:
    result, _ = read_bytes("".join(FIREWALL + NOISE).encode())
    assert result.account.formats == {}
    assert "format" not in result.usage.columns


def test_a_generic_format_takes_what_no_vendor_understands() -> None:
    parts = [(SAMPLES / name / "cef.log").read_text() for name in ("checkpoint", "zyxel")]
    unknown = "CEF:0|Nobody|Gate|1|1|web|3|rt=1795078800000 src=192.0.2.10 request=https://files.example/ act=allowed\n" * 5
    found = ids("".join([*parts, unknown]).encode())
    assert list(found) == ["zyxel", "checkpoint", "cef"]


def test_half_of_a_devices_lines_are_no_device() -> None:
    """A name server of another make writes some lines as BIND does."""
    assert list(ids((SAMPLES / "efficientip-solidserver" / "syslog.log").read_bytes())) == ["efficientip-solidserver"]


def test_lines_below_a_header_are_of_one_format() -> None:
    csv = (SAMPLES / "csv").glob("*.log")
    head = next(iter(sorted(csv))).read_bytes()
    assert list(ids(head + "".join(RESOLVER[:2]).encode())) == ["csv"]


def test_a_format_that_the_caller_names_stays_alone() -> None:
    result, _ = read_bytes(mixed(), format_id="squid")
    assert (result.account.formats, result.account.events) == ({}, 40)


def test_what_is_declined_takes_no_part() -> None:
    web = '192.0.2.1 - - [19/Nov/2026:09:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "x"\n'
    with pytest.raises(UnreadableLog):
        identify((web * 10).encode(), Reading())
    assert ids((web * 30 + "".join(RESOLVER)).encode())["dnsmasq"] > 0.5


def test_the_formats_of_a_file_are_sources_of_their_own(tmp_path: Path) -> None:
    """Proxy and resolver see the same visits: the stronger counts, not the sum (decision 6)."""
    asked = [line.replace("chat.example", "notion.so").replace("192.0.2.11", "192.0.2.12") for line in RESOLVER]
    proxied = [line.replace("notes.example", "notion.so") for line in PROXY]
    path = tmp_path / "relay.log"
    path.write_text("".join(line for pair in zip(asked, proxied, strict=True) for line in pair))
    seen = scan(logs_in(path), load()).observations
    assert seen.usage.filter(pl.col("service") == "notion")["hits"].sum() == 40
    assert [log.formats for log in seen.logs] == [{"dnsmasq": 40, "squid": 40}]
    assert seen.usage["source"].unique().to_list() == ["squid: relay.log"]
    assert len(seen.coverage.sources) == 1


def test_identify_and_parse_name_the_formats(tmp_path: Path) -> None:
    from click.testing import CliRunner  # noqa: PLC0415 (only here)

    from webui.commands.identify_ import command as identify_  # noqa: PLC0415
    from webui.commands.parse_ import command as parse_  # noqa: PLC0415

    path = tmp_path / "relay.log"
    path.write_bytes(mixed())
    said = json.loads(CliRunner().invoke(identify_, [str(path), "--output", "json"]).stdout)
    assert {one["format"] for one in said["formats"]} == {"fortigate", "dnsmasq", "squid"}
    assert said["sure"] == "sure"
    assert "each line goes to the format that understands it" in CliRunner().invoke(identify_, [str(path)]).output
    events = [json.loads(line) for line in CliRunner().invoke(parse_, [str(path)]).stdout.splitlines()]
    assert {one["format"]: one["destination_domain"] for one in events} == {
        "fortigate": "files.example",
        "dnsmasq": "chat.example",
        "squid": "notes.example",
    }
