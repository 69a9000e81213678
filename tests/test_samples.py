"""Real logs nobody here made, where they lie beside the checkout: as many of their requests as possible must come back.

What a request is, and what stands beside which sample, `../shared/tools/check_samples.py` knows.
"""

import csv
import runpy
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from discovery import formats, records
from discovery.blocks import Blocks
from discovery.decompress import Stream
from discovery.errors import GnomonError
from discovery.identify import HEAD, candidates, lease_file
from discovery.times import Reading
from discovery.unfold import unfolded
from tests.formats.reading import read_events
from tests.gate import GATE

SHARED = Path(__file__).parents[2] / "shared"
SAMPLES = SHARED / "samples"
CHECK = SHARED / "tools" / "check_samples.py"

Request = dict[str, Any]

_LOCAL = "the firewall's local time is taken for UTC, although `eventtime` says otherwise"
#: Files whose expected parse is mistaken or asks for something else, and why.
EXPLAINED = {
    "arista-ngfw-untangle/haetamoudi_integrations__test-http-response.log": "was made for a zone the log does not name (-06:00)",
    "cisco-asa/haetamoudi_integrations__test-non-canonical.log": "was made in the year 2024, and the log's dates have none",
    "coredns/haetamoudi_integrations__test-coredns.log": "the lines carry no time, so nobody can tell when a query was made",
    "forcepoint-web/haetamoudi_integrations__test-forcepoint-web.json": "takes “anonymous” for a person, and names no address",
    "fortigate/haetamoudi_integrations__test-fortinet-6-2.log": _LOCAL,
    "fortigate/haetamoudi_integrations__test-fortinet-7-4.log": _LOCAL,
    "fortigate/haetamoudi_integrations__test-fortinet.log": _LOCAL,
    "infoblox-nios/haetamoudi_integrations__test-dns.log": "takes zone transfers for queries; was made in 2024, and the log's dates have no year",
    "paloalto-panos/haetamoudi_integrations__test-panw-panos-decryption-sample.log": "a failed decryption repeats a session that other records count",
    "pfsense-opnsense/haetamoudi_integrations__test-pfsense-squid.log": "a proxy's lines, damaged where they were copied from a web page",
    "prisma-access/haetamoudi_integrations__test-event.json": "takes a machine's name for a site, and leaves the host out where it is in the URL",
    "sonicwall/haetamoudi_integrations__test-general.log": "takes “Unknown (SSO failed)” for a person",
    "suricata-eve/haetamoudi_integrations__test-eve-6-0.log": "takes the server whose answer raised an alert for the client",
    "watchguard/haetamoudi_integrations__test-traffic.log": "takes the relay's time for that of the device, and a greeting's name for a site",
    "windows-dns-analytical/haetamoudi_integrations__test-events.json": "takes the server's own recursion for a client's query",
}

#: Files in a format's folder that hold something else, or nothing of a user's, and what.
ELSEWHERE = {
    "adguardhome/crowdsecurity_hub__adguardhome-logs.log": "administrators' sign-ins",
    "aws-vpcflow/andrewkroh_beats__custom-transit-gateway.log": "a selection of fields without any time",
    "aws-vpcflow/panther-labs_panther-analysis__aws_vpc_flow_rules.ndjson": "cases for rules, of many formats",
    "barracuda-cloudgen/splunk_splunk-connect-for-syslog__test_barracuda.log": "a web application firewall",
    "bind9/fail2ban_fail2ban__named-refused": "mostly comments",
    "cef/haetamoudi_integrations__test-arcsight.json": "CEF that another program has taken apart",
    "cef/haetamoudi_integrations__test-cef.json": "CEF that another program has taken apart",
    "cef/haetamoudi_integrations__test-checkpoint.json": "CEF that another program has taken apart",
    "cef/haetamoudi_integrations__test-fp-ngfw-smc.json": "CEF that another program has taken apart",
    "cisco-asa/logstash-plugins_logstash-patterns-core__firewalls_spec.log": "single lines of several products",
    "cisco-ftd/haetamoudi_integrations__test-asa-fix.log": "messages of an ASA",
    "cisco-ftd/haetamoudi_integrations__test-firepower-management.log": "pages that administrators opened",
    "cisco-umbrella/haetamoudi_integrations__test-umbrella-auditlogs.log": "what administrators changed",
    "cisco-umbrella/haetamoudi_integrations__test-umbrella-dlplogs.log": "alerts on documents",
    "cisco-wsa/splunk_splunk-connect-for-syslog__test_cisco_wsa.log": "a template whose times were never filled in",
    "cloudflare-gateway-http/wazuh_wazuh__ruleset_cloudflare-waf.log": "a web application firewall",
    "haproxy/opensearch-project_opensearch-catalog__sample.json": "documents of another schema",
    "huawei-usg/chronicle_content-hub__default_events.json": "documents of another schema",
    "infoblox-nios/haetamoudi_integrations__test-dhcp.log": "leases",
    "mitmproxy-har/mitmproxy_mitmproxy__brokenfile.har": "broken on purpose",
    "opnsense-unbound/opnsense_core__unbound_duckdb.schema.sql": "a schema",
    "pfsense-opnsense/haetamoudi_integrations__test-pfsense-haproxy.log": "HAProxy",
    "pfsense-opnsense/haetamoudi_integrations__test-pfsense-ipsec.log": "a VPN",
    "pfsense-opnsense/haetamoudi_integrations__test-pfsense-phpfpm.log": "administrators' sign-ins",
    "pfsense-opnsense/haetamoudi_integrations__test-pfsense-squid.log": "a proxy, damaged",
    "pfsense-opnsense/splunk_splunk-connect-for-syslog__test_pfsense.log": "a template with cut lines",
    "pihole-ftl-db/pi-hole_FTL__pihole-FTL.db.sql": "a schema",
    "sonicwall/splunk_splunk-connect-for-syslog__test_dell_sonic.log": "a switch",
    "sophos-utm/legoguy1000_integrations__test-packet-filter.json": "a document of another program",
    "squid-native/elastic_integrations__test-access-extensive.log": "a layout of somebody's own",
    "suricata-eve/log2timeline_plaso__suricata_alert_fast.log": "alerts as text",
    "zeek-conn/zeek_zeek__conn1.log": "times were made unreadable",
    "zeek-conn/zeek_zeek__conn3.log": "times were made unreadable",
    "zeek-dns/zeek_zeek__dns.log": "times were made unreadable",
    "zeek-http/zeek_zeek__scripts.policy.protocols.http.header-names_http.log": "times were made unreadable",
}
_BESIDE = ("-expected.json", ".tests.ndjson", ".parser.assert", ".expected.ini", ".ndpi.out", ".mitm", ".yaml")


@cache
def tool() -> dict[str, Any]:
    """What the check script defines."""
    return runpy.run_path(str(CHECK))


def logs() -> Iterator[tuple[str, str | None, Path]]:
    """Folder, format (None: to be identified) and file of each sample of user traffic."""
    with (SAMPLES / "INDEX.tsv").open(encoding="utf-8") as index:
        for row in csv.DictReader(index, delimiter="\t"):
            slug, log = row["slug"], SAMPLES / row["slug"] / row["local_file"]
            format_id = tool()["FORMAT_OF_SLUG"].get(slug, slug)
            listed = format_id is None or format_id in formats.all_formats()
            if listed and slug not in tool()["NOT_TRAFFIC"] and "generated" not in log.name and log.exists():
                yield slug, format_id, log


def wanted(log: Path) -> list[Request]:
    """The requests that the file beside a log asks for; `-` is nobody's name."""
    asked = (request for request in map(tool()["request_of"], tool()["expected_of"](log)) if request)
    return [request | {"user": None} if request["user"] == "-" else request for request in asked]


def events(log: Path, format_id: str | None) -> list[dict[str, Any]]:
    """The events of a log; none where it cannot be read."""
    path = tool()["payload"](log)
    try:
        return read_events(path, format_id=format_id, reference=datetime.fromtimestamp(path.stat().st_mtime, UTC))[1].to_dicts()
    except GnomonError:
        return []


def asked_by(event: dict[str, Any]) -> Iterator[tuple[str | None, str]]:
    """Under which names a request may be looked for: its domain with the address, and with the user."""
    for client in {event["source_ip"], (event["user_name"] or "").lower() or None} - {None}:
        yield tool()["clean_domain"](event["destination_domain"]), client


def when(event: dict[str, Any]) -> str:
    return event["timestamp"].strftime("%Y-%m-%dT%H:%M:%S")


def pairs(requests: list[Request], found: list[dict[str, Any]]) -> Iterator[tuple[Request, dict[str, Any] | None]]:
    """Each request with the event of the same domain and client, if possible of the same time; no event comes twice."""
    have: dict[tuple[str | None, str], dict[int, dict[str, Any]]] = defaultdict(dict)
    for number, event in enumerate(found):
        for key in asked_by(event):
            have[key][number] = event
    for request in requests:
        pool = have.get((request["domain"], request["client"])) or have.get((request["domain"], request["user"])) or {}
        time = tool()["second"](request["time"]) if request["time"] else None
        number = next((n for n, event in pool.items() if when(event) == time), next(iter(pool), None))
        event = None if number is None else pool[number]
        for key in asked_by(event) if event else ():
            have[key].pop(number, None)
        yield request, event


def differences(request: Request, event: dict[str, Any]) -> Iterator[tuple[str, bool, Any]]:
    """What the request asks for besides, whether the event says the same, and what it says."""
    if request["time"] is not None:
        yield "time", when(event) == tool()["second"](request["time"]), when(event)
    if request["user"] is not None:
        user = (event["user_name"] or "").lower()  # a domain before it, or a realm behind it, may be written or not
        yield "user", bool(user) and (user in request["user"] or request["user"] in user), user
    for key, column in (("up", "source_bytes"), ("down", "destination_bytes")):
        if request[key] is not None:
            yield key, event[column] == request[key], event[column]


def counted(requests: list[Request], found: list[dict[str, Any]]) -> Counter[str]:
    """How many requests come back, and with what."""
    count: Counter[str] = Counter()
    for request, event in pairs(requests, found):
        count["wanted"] += 1
        if event is not None:
            count["found"] += 1
            for key, same, _ in differences(request, event):
                count[f"{key} wanted"] += 1
                count[key] += same
    return count


def share(count: Counter[str], what: str, of: str) -> float:
    return count[what] / count[of] if count[of] else 1.0


def row(name: str, count: Counter[str]) -> str:
    told = [f"{share(count, key, f'{key} wanted'):8.1%}" if count[f"{key} wanted"] else f"{'-':>8}" for key in ("time", "user", "up", "down")]
    return f"{name:28}{count['wanted']:8}{count['found']:8}{share(count, 'found', 'wanted'):8.1%}{''.join(told)}\n"


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHECK.exists(), reason="needs real samples in ../shared, which are not part of the project: put them there to run this"),
]


def test_requests_of_real_logs_come_back(capsys: pytest.CaptureFixture[str]) -> None:
    folders: dict[str, Counter[str]] = defaultdict(Counter)
    for slug, format_id, log in logs():
        if (asked := wanted(log)) and (count := counted(asked, events(log, format_id))):
            name = f"{slug}/{log.name}"
            folders[name if name in EXPLAINED else slug].update(count)
    whole = sum((count for name, count in folders.items() if "/" not in name), Counter[str]())
    with capsys.disabled():
        sys.stdout.write(f"\n{'sample folder':28}{'wanted':>8}{'found':>8}{'':8}{'time':>8}{'user':>8}{'up':>8}{'down':>8}\n")
        sys.stdout.writelines(row(name, count) for name, count in sorted(folders.items()) if "/" not in name)
        sys.stdout.write(row("together", whole))
        for name, count in sorted(folders.items()):
            if "/" in name:
                sys.stdout.write(f"Left out: {name}: {EXPLAINED[name]}\n{row('', count)}")
    assert whole["wanted"] > 0
    assert share(whole, "found", "wanted") >= 0.99
    assert share(whole, "time", "time wanted") >= 0.98
    assert share(whole, "user", "user wanted") >= 0.98


def folders() -> dict[str, str]:
    """Folder -> format, of the listed formats of user traffic."""
    slugs = {path.name for path in SAMPLES.iterdir()} - tool()["NOT_TRAFFIC"]
    named = {slug: tool()["FORMAT_OF_SLUG"].get(slug, slug) for slug in slugs}
    return {slug: known for slug, known in named.items() if known in formats.all_formats()}


def test_every_sample_is_identified_as_its_own_format() -> None:
    """One of each folder; the gate takes them all."""
    wrong = {}
    for slug, known in sorted(folders().items()):
        logs = [log for log in sorted((SAMPLES / slug).iterdir()) if log.is_file() and not log.name.endswith(_BESIDE)]
        for log in [log for log in logs if f"{slug}/{log.name}" not in ELSEWHERE][: None if GATE else 1]:
            if (found := identified(log)) != [known]:
                wrong[f"{slug}/{log.name}"] = found
    assert not wrong


def identified(log: Path) -> list[str]:
    """The formats that understand most of the head of a log; more than one where they cannot be told apart."""
    with tool()["payload"](log).open("rb") as file:
        head = unfolded(Blocks(Stream(file, size=None))).head(HEAD)
    if those := records.candidates(head, None):
        return [format_.id for format_, *_ in those]
    if lease := lease_file(head):
        return [lease.id]
    found = [one for one in candidates(head, Reading()) if one.enough]
    best = [one for one in found if one.share == found[0].share and one.format.generic == found[0].format.generic]
    return list(dict.fromkeys(one.format.id for one in best))
