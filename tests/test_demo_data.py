"""The demo firm: made up, small, the same bytes every time, and its logs tell the story of `data/README.md`; which names every source, too."""

import csv
import gzip
import ipaddress
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from discovery import identity, pipeline
from tests.gate import GATE
from tests.program import gnomon

pytestmark = pytest.mark.xdist_group("demo data")

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
@pytest.mark.skipif(not GATE, reason="the long form, all thirteen weeks of the demo: set GNOMON_GATE=1 to run it")
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
    named = {source for source in used if source != "editor" and not source.startswith("https://")}  # a page is its own name
    assert [source for source in sorted(named) if f"| `{source}` |" not in readme] == []


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    environment = {"GNOMON_HOME": str(tmp_path_factory.mktemp("home")), "GNOMON_CACHE": os.environ["GNOMON_CACHE"]}
    inputs = ["--people", "people.csv", "--leases", "dhcpd.leases", "--toolset", "toolset.toml", "--timezone", "Europe/London"]
    done = gnomon("scan", *LOGS, *inputs, "--output", "json", environment=environment, folder=DEMO)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def finding(scan: dict[str, Any], service: str) -> dict[str, Any]:
    return next(found for found in scan["findings"] if found["service"]["id"] == service)


def users(scan: dict[str, Any], service: str, activity: str = "active") -> dict[str, dict[str, Any]]:
    return {use["person"]: use for use in finding(scan, service)["by_person"] if use["activity"] == activity and use["person_kind"] == "person"}


def test_every_line_of_the_logs_is_accounted_for(scan: dict[str, Any]) -> None:
    assert sorted(log["format"] for log in scan["logs"]) == ["dnsmasq", "fortigate", "squid"]
    for log in scan["logs"]:
        assert log["rejected"] == {}
        assert log["lines"] == log["events"] + sum(log["skipped"].values())


def test_chatgpt_ends_with_fifteen_people(scan: dict[str, Any]) -> None:
    assert len(users(scan, "chatgpt")) == 15
    assert len(users(scan, "deepseek")) == 2


def test_notion_ends_with_nine_people(scan: dict[str, Any]) -> None:
    assert len(users(scan, "notion")) == 9


def test_what_is_provided_is_used_by_nearly_everybody(scan: dict[str, Any]) -> None:
    for service in ("outlook-business", "microsoft-teams", "sharepoint-onedrive"):
        assert len(users(scan, service)) == 38, service  # the other three are known by address only


def test_transfernow_ends_after_week_eight_and_smash_takes_over(scan: dict[str, Any]) -> None:
    left, taken = finding(scan, "transfernow"), finding(scan, "smash")
    assert left["last_seen"] < "2026-10-12"
    assert set(users(scan, "transfernow")) <= set(users(scan, "smash"))
    assert taken["last_seen"] > "2026-11-01"


def test_large_uploads_are_told_by_the_studio(scan: dict[str, Any]) -> None:
    assert finding(scan, "wetransfer")["uploaded_bytes"] > 10e9
    assert finding(scan, "smash")["uploaded_bytes"] > 10e9
    assert finding(scan, "otter")["uploaded_bytes"] is None  # only the proxy saw it


def test_programs_that_talk_by_themselves_are_no_use(scan: dict[str, Any]) -> None:
    assert set(users(scan, "grammarly")) == {"Beatrix Olofsen"}
    assert len(users(scan, "grammarly", "background")) == 6
    assert set(users(scan, "dropbox", "background")) == {"Anneliese Okparo"}
    assert finding(scan, "backblaze")["activity"] == "background"


def test_widgets_in_other_peoples_pages_are_no_use(scan: dict[str, Any]) -> None:
    for service in ("intercom", "hotjar", "zendesk", "typeform", "stripe", "google-analytics"):
        assert finding(scan, service)["activity"] == "embedded", service
    assert set(users(scan, "hubspot")) == {"Callum Drayhurst", "Priyanka Thornby", "Gethin Swaledale"}


def test_the_vpn_was_tried_and_refused(scan: dict[str, Any]) -> None:
    nordvpn = finding(scan, "nordvpn")
    assert nordvpn["activity"] == "visit"
    assert nordvpn["blocked_hits"] == nordvpn["hits"] > 0
    assert set(users(scan, "nordvpn", "visit")) == {"Callum Drayhurst", "Dilan Yarrowby"}


def test_anydesk_is_on_the_accounts_server_alone(scan: dict[str, Any]) -> None:
    uses = [(use["person"], use["person_kind"], use["activity"]) for use in finding(scan, "anydesk")["by_person"]]
    assert uses == [("fr-srv-02", "device", "active")]


def test_banks_health_and_jobs_are_not_reported(scan: dict[str, Any]) -> None:
    said = json.dumps(scan)
    assert [site for site in ("barclays.co.uk", "natwest.com", "nhs.uk", "patient.info", "reed.co.uk") if site in said] == []


def test_small_tools_that_no_catalogue_knows_are_listed(scan: dict[str, Any]) -> None:
    assert {"snaggledash.app", "ceilgridcalc.co.uk"} <= {unknown["domain"] for unknown in scan["unknown"]}


def test_an_address_given_on_does_not_blame_the_next_holder() -> None:
    log = pipeline.read_log(DEMO / LOGS[0])
    who = identity.attribute(log.usage.whole(), pipeline.read_log(DEMO / "dhcpd.leases").leases, identity.read_people(DEMO / "people.csv"))
    unsigned = who.filter((pl.col("source_ip") == "10.20.10.31") & pl.col("user_name").is_null())
    given_on = datetime(2026, 10, 3, tzinfo=UTC)
    assert set(unsigned.filter(pl.col("last") < given_on)["person"]) == {"Kasper Brindlow"}
    assert set(unsigned.filter(pl.col("first") > given_on)["person"]) == {"Nuala Przyford"}


def test_a_gap_of_each_class(scan: dict[str, Any]) -> None:
    gaps = {gap["capability"]: gap["gap"] for gap in scan["gaps"]}
    wanted = {
        "file_transfer": "no_tool",
        "ai_assistant": "no_tool",
        "project_mgmt": "tool_unused",
        "notes_wiki": "tool_unused",  # OneNote is there; one person of many uses it
        "cloud_storage": "tool_beside",
        "file_conversion": "tool_beside",
        "chat": "tool_beside",
        "esign": "covered",
        "hr": "covered",
    }
    assert {capability: gaps[capability] for capability in wanted} == wanted
