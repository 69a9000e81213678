"""The demo firm: made up, small, the same bytes every time; and `data/README.md` names every source."""

import csv
import gzip
import ipaddress
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "data" / "demo"
LOGS = ("squid-access.log.gz", "pihole.log.gz", "fortigate.log.gz")
IP = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")
MAC = re.compile(r"\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b")
LEASE = re.compile(r"lease (\S+) \{\n  starts \d (.+?);\n  ends \d (.+?);.*?hardware ethernet (\S+);\n  client-hostname \"(\S+)\";\n\}", re.DOTALL)
NOBODYS = ("10.0.0.0/8", "127.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "9.9.9.9/32", "0.0.0.0/32")
INVENTED = [ipaddress.ip_network(net) for net in NOBODYS]


def lines_of(path: Path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode("ascii").splitlines()


def people() -> list[dict[str, str]]:
    with (DEMO / "people.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def leases() -> list[tuple[str, datetime, datetime, str, str]]:
    def moment(text: str) -> datetime:
        return datetime.strptime(text, "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC)

    found = LEASE.findall((DEMO / "dhcpd.leases").read_text(encoding="ascii"))
    return [(ip, moment(starts), moment(ends), mac, host) for ip, starts, ends, mac, host in found]


def generate(folder: Path, weeks: int) -> None:
    subprocess.run([sys.executable, DEMO / "generate.py", "--folder", folder, "--weeks", str(weeks)], check=True, capture_output=True)


def test_the_last_two_weeks_come_out_as_they_are_kept(tmp_path: Path) -> None:
    generate(tmp_path, weeks=2)
    for name in LOGS:
        made, kept = lines_of(tmp_path / name), lines_of(DEMO / name)
        assert len(made) > 1000
        assert made == kept[-len(made) :], name
    for name in ("dhcpd.leases", "people.csv"):
        assert (tmp_path / name).read_bytes() == (DEMO / name).read_bytes(), name


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    generate(tmp_path, weeks=1)
    generate(tmp_path / "again", weeks=1)
    for name in (*LOGS, "dhcpd.leases", "people.csv"):
        assert (tmp_path / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


@pytest.mark.slow
def test_all_weeks_come_out_as_they_are_kept(tmp_path: Path) -> None:
    generate(tmp_path, weeks=13)
    for name in LOGS:
        assert lines_of(tmp_path / name) == lines_of(DEMO / name), name


def test_the_demo_is_compact() -> None:
    assert sum(path.stat().st_size for path in DEMO.iterdir() if path.is_file()) < 5_000_000
    assert 150_000 < sum(len(lines_of(DEMO / name)) for name in LOGS) < 250_000


def test_forty_one_people_are_on_the_list() -> None:
    assert len({row["person"] for row in people()}) == 41
    assert {row["team"] for row in people()} == {"Management", "Sales", "Projects", "Finance", "Operations", "IT"}


def test_the_logs_name_nobody_but_the_invented_people() -> None:
    known = {row["user"] for row in people()}
    squid = {re.sub(r"@FENNICKROWE\.EXAMPLE$|^FENNICKROWE\\", "", line.split()[7]) for line in lines_of(DEMO / LOGS[0])}
    fortigate = {user for line in lines_of(DEMO / LOGS[2]) for user in re.findall(r' user="([^"]*)"', line)}
    assert squid - {"-"} <= known
    assert fortigate <= known
    assert len(squid) == 31  # thirty at the head office, and nobody
    assert len(fortigate) == 5


def test_no_address_or_network_card_is_anybodys() -> None:
    texts = ["\n".join(lines_of(DEMO / name)) for name in LOGS] + [(DEMO / name).read_text() for name in ("dhcpd.leases", "people.csv")]
    addresses = {ipaddress.ip_address(ip) for text in texts for ip in set(IP.findall(text))}
    assert [ip for ip in addresses if not any(ip in net for net in INVENTED)] == []
    cards = {mac for text in texts for mac in set(MAC.findall(text))}
    assert cards
    assert [mac for mac in cards if not mac.startswith("00:00:5e:00:53:") and not int(mac[:2], 16) & 2] == []


def test_the_invented_people_exist_nowhere_else_in_the_project() -> None:
    surnames = {row["person"].split()[-1] for row in people()}
    own = {Path(__file__), ROOT / "data" / "README.md"}
    folders = [ROOT / name for name in ("discovery", "rules", "webui", "data", "tests")]
    elsewhere = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".toml", ".jsonl", ".md", ".html", ".csv"}]
    for path in elsewhere:
        if DEMO not in path.parents and path not in own:
            text = path.read_text(encoding="utf-8", errors="replace")
            assert [name for name in surnames if name in text] == [], path


def test_an_address_passes_from_one_device_to_another() -> None:
    holders: dict[str, list[tuple[datetime, datetime, str, str]]] = {}
    for ip, starts, ends, mac, host in leases():
        holders.setdefault(ip, []).append((starts, ends, mac, host))
    reused = holders["10.20.10.31"]
    assert [host for *_, host in sorted(reused)] == ["fr-pc-018", "fr-pc-018", "fr-pc-036"]
    for times in holders.values():  # nobody holds it while another does
        ordered = sorted(times)
        assert all(ends <= later for (_, ends, *_), (later, *_) in pairwise(ordered))


def test_the_pihole_is_silent_for_a_week() -> None:
    days = {line[:6] for line in lines_of(DEMO / LOGS[1])}
    assert not days & {f"Sep {day}" for day in range(21, 28)}
    assert {"Sep 20", "Sep 28"} <= days


def test_the_readme_names_every_source() -> None:
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    used: set[str] = set()
    for path in (ROOT / "data").rglob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            used |= {entry["source"]} if "source" in entry else set()
            used |= {fact["source"] for fact in entry.get("facts", {}).values()}
    assert len(used) > 10
    assert [source for source in sorted(used - {"editor"}) if f"| `{source}` |" not in readme] == []
