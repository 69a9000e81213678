"""The commands as other programs rely on them: JSON on standard output and nothing else, sentences on standard error, exit status 0, 2 or 1."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GNOMON = Path(sys.executable).with_name("gnomon")
SQUID = ROOT / "data" / "demo" / "squid-access.log.gz"
PEOPLE = ROOT / "data" / "demo" / "people.csv"


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]):
    """The same as a process of its own, where that is what is asked."""

    def command(*words: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([GNOMON, *map(str, words)], input=stdin, capture_output=True, check=False, env=environment, cwd=tmp_path, timeout=120)

    return command


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A small Squid log: Ann sits at Dropbox for some minutes, Bob is refused a VPN."""
    visit = "{}.000    {} 10.0.0.5 TCP_TUNNEL/200 {} CONNECT www.dropbox.com:443 ann HIER_DIRECT/192.0.2.1 -"
    lines = [visit.format(1_790_000_000 + second, n, 5_000 + n) for n, second in enumerate((0, 40, 130, 200, 420, 540))]
    lines.append("1790000100.000      0 10.0.0.6 TCP_DENIED/403 4000 CONNECT nordvpn.com:443 ACME\\Bob HIER_NONE/- text/html")
    lines.append("this is no line of a proxy")
    path = tmp_path / "access.log"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_scan_gives_one_object_with_every_promised_key(run, log: Path) -> None:
    done = run("scan", log, "--output", "json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert {"gnomon", "catalogue", "logs", "coverage", "findings", "unknown", "gaps"} <= set(answer)
    (account,) = answer["logs"]
    assert account["format"] == "squid"
    assert account["lines"] == 8 == account["events"] + sum(account["skipped"].values()) + sum(account["rejected"].values())
    dropbox = next(finding for finding in answer["findings"] if finding["service"]["id"] == "dropbox")
    assert dropbox["activity"] == "active"
    assert dropbox["status"] == "unreviewed"
    assert dropbox["active_people"] == 1
    assert [(use["person"], use["person_kind"], use["kind"], use["account"]) for use in dropbox["by_person"]] == [
        ("ann", "person", "traffic", "cannot_be_told")
    ]
    assert dropbox["evidence"][0] == {"domain": "www.dropbox.com", "role": "use", "hits": 6, "log": "access.log", "first_line": 1, "naming": None}
    assert {"score", "low", "high", "level", "reasons"} <= set(dropbox["risk"])
    assert abs(sum(reason["points"] for reason in dropbox["risk"]["reasons"]) - dropbox["risk"]["score"]) < 0.6
    blocked = next(finding for finding in answer["findings"] if finding["service"]["id"] == "nordvpn")
    assert blocked["hits"] == blocked["blocked_hits"] == 1


def test_scan_says_in_words_what_was_worked_with_and_what_was_only_met(run, log: Path, tmp_path: Path) -> None:
    told = run("scan", log).stdout.decode()
    assert "1 service in active use, highest risk first" in told
    assert "1 service was only met, by programs or on a page; --by service lists it" in " ".join(told.split())
    once = tmp_path / "once.log"
    once.write_text(log.read_text().splitlines()[0].replace("www.dropbox.com", "help.dropbox.com") + "\n")
    told = " ".join(run("scan", once).stdout.decode().split())
    assert "No service is in active use, as far as these logs tell. 1 service was only met" in told


@pytest.mark.parametrize("words", [("parse", SQUID), ("formats",), ("catalogue", "search", "a"), ("scan", SQUID)])
def test_a_reader_that_has_seen_enough_is_no_failure(words: tuple[str | Path, ...], environment: dict[str, str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    program = [sys.executable, "-m", "webui", *map(str, words)]
    done = subprocess.run(program, stdout=writing, stderr=subprocess.PIPE, check=False, env=environment, cwd=ROOT, timeout=120)
    os.close(writing)
    assert done.returncode == 0, done.stderr
    assert b"Broken" not in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_import_of_nothing_says_what_is_missing(run) -> None:
    done = run("import", "anybody")
    assert done.returncode == 2
    assert b"Name one or more logs, or a list of --people." in done.stderr


def test_the_same_content_twice_counts_once(run, log: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.log"
    copy.write_bytes(log.read_bytes().replace(b"\n", b"\r\n"))
    twice = run("scan", log, copy, "--output", "json")
    once = run("scan", log, "--output", "json")
    assert json.loads(twice.stdout)["findings"] == json.loads(once.stdout)["findings"]
    assert b"counted once" in twice.stderr


def test_a_process_reads_standard_input_and_says_one_object(start, log: Path) -> None:
    done = start("scan", "-", "--output", "json", stdin=log.read_bytes())
    assert done.returncode == 0
    assert json.loads(done.stdout)["logs"][0]["events"] == 7


def test_parse_gives_events_and_the_account(run, log: Path) -> None:
    done = run("parse", log)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(events) == 7
    assert events[0] == {
        "line": 1,
        "timestamp": "2026-09-21T14:13:20Z",
        "user_name": "ann",
        "source_ip": "10.0.0.5",
        "source_mac": None,
        "host_name": None,
        "destination_domain": "www.dropbox.com",
        "destination_ip": None,
        "source_bytes": None,
        "destination_bytes": 5000,
        "event_action": "allowed",
        "format": "squid",
    }
    assert events[6]["user_name"] == "bob"
    assert events[6]["event_action"] == "blocked"
    assert b"8 lines = 7 events + 1 not understood" in done.stderr
    assert len(run("parse", log, "--limit", "2").stdout.splitlines()) == 2


def test_identify_says_how_sure(run, log: Path) -> None:
    answer = json.loads(run("identify", log, "--output", "json").stdout)
    assert answer["format"] == "squid"
    assert answer["share"] == pytest.approx(7 / 8, abs=0.001)


def test_formats_lists_ids_families_and_fields(run) -> None:
    known = {row["id"]: row for row in json.loads(run("formats", "--output", "json").stdout)}
    assert {"squid", "dnsmasq", "fortigate", "zeek-ssl", "csv", "dhcpd-leases"} <= set(known)
    assert known["squid"]["family"] == "proxy"
    assert "destination_domain" in known["squid"]["fields"]


def test_formats_of_an_id_gives_the_recipe(run) -> None:
    known = json.loads(run("formats", "fortigate", "--output", "json").stdout)
    assert known["id"] == "fortigate"
    assert {"switch_on", "export", "keeps", "leaves_out", "names", "more"} == set(known["recipe"])
    said = run("formats", "fortigate").stdout.decode()
    assert known["recipe"]["names"] in said
    assert run("formats", "no-such").returncode == 2


def test_identify_says_what_a_log_cannot_name(run, tmp_path: Path) -> None:
    packet = "2026-03-02T09:00:{:02}+01:00 gw kernel: FWD accept IN=eth1 OUT=eth0 SRC=10.1.0.{} DST=203.0.113.9 LEN=60 PROTO=TCP SPT=50111 DPT=443\n"
    (tmp_path / "kern.log").write_text("".join(packet.format(n, n % 3 + 1) for n in range(30)))
    answer = json.loads(run("identify", "kern.log", "--output", "json").stdout)
    assert answer["format"] == "iptables"
    assert answer["notes"][0].startswith("This log names no sites, only addresses. To change that:")
    assert answer["notes"][0] in run("identify", "kern.log").stdout.decode()
    assert answer["notes"][0] in run("scan", "kern.log").stderr.decode()


def test_redact_writes_a_sample_that_is_the_same_log(run, log: Path, tmp_path: Path) -> None:
    done = run("redact", log)
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode()
    assert text.count("\n") == 8
    assert not any(name in text for name in ("ann", "Bob", "ACME", "10.0.0.5", "192.0.2.1"))
    assert ".dropbox.com:443" in text
    (tmp_path / "sample.log").write_bytes(done.stdout)
    assert json.loads(run("identify", "sample.log", "--output", "json").stdout)["format"] == "squid"
    assert run("redact", log, "--limit", "2", "-o", "two.log").returncode == 0
    assert (tmp_path / "two.log").read_text().count("\n") == 2
    assert run("redact", log, "-o", log).returncode == 2
    assert "ann" in log.read_text()


def test_redact_says_what_stays_of_a_text_that_it_does_not_understand(run, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("Dear Anna, 10.1.2.3 asked for plan.acme.example\n")
    done = run("redact", "note.txt")
    assert done.stdout.startswith(b"Dear Anna")
    assert b"10.1.2.3" not in done.stdout
    assert b"acme" not in done.stdout
    assert "names of people and devices in running text have stayed" in done.stderr.decode()


def test_an_unknown_log_with_columns_is_proposed_saved_and_read(run, tmp_path: Path) -> None:
    rows = "".join(f"2026-03-02 09:{n:02}:10;10.1.0.{n % 3 + 1};www.dropbox.com;u{n % 3}\n" for n in range(30))
    (tmp_path / "door.log").write_text(f"Moment;Von;Wohin;Who\n{rows}")
    answer = run("identify", "door.log", "--output", "json")
    assert answer.returncode == 2
    told = json.loads(answer.stdout)
    assert told["format"] is None
    assert {column["column"]: column["role"] for column in told["columns"]} == {"Moment": "time", "Von": "client", "Wohin": "domain", "Who": "user"}
    assert b"Client address" in run("identify", "door.log").stdout
    assert run("identify", "door.log", "--save", "door.toml").returncode == 0
    events = [json.loads(line) for line in run("parse", "door.log", "--format", "door.toml").stdout.splitlines()]
    assert len(events) == 30
    assert (events[0]["user_name"], events[0]["destination_domain"], events[0]["format"]) == ("u0", "www.dropbox.com", "own-door")
    scanned = json.loads(run("scan", "door.log", "--format", "door.toml", "--output", "json").stdout)
    assert any(finding["service"]["id"] == "dropbox" for finding in scanned["findings"])
    (tmp_path / "door.toml").write_text("title = 1")
    assert run("scan", "door.log", "--format", "door.toml").returncode == 2
    assert run("scan", "door.log", "--format", "none.toml").returncode == 2


def test_keep_report_and_remove(run, log: Path) -> None:
    slug = run("client", "add", "Example & Co", "--timezone", "Europe/London", "--people", "3").stdout.decode().strip()
    assert run("import", slug, log).returncode == 0
    again = run("import", slug, log)
    assert again.returncode == 0
    assert b"Nothing was added" in again.stderr
    report = json.loads(run("report", slug).stdout)
    assert next(finding for finding in report["findings"] if finding["service"]["id"] == "dropbox")["hits"] == 6
    assert b'"ann"' not in run("report", slug).stdout
    table = run("report", slug, "--format", "csv").stdout.decode("utf-8-sig")
    assert table.splitlines()[0].startswith("service,name")
    assert run("client", "remove", slug, "--yes").returncode == 0
    assert run("report", slug).returncode == 2


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.log", b"", "empty"),
        ("photo.log", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(2000), "JPEG picture"),
        ("random.log", bytes(range(256)) * 50, "not a log in text form"),
        ("web.log", b'192.0.2.9 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 2326\n' * 20, "who visited a site of yours"),
        ("prose.txt", b"Dear all,\n\nplease find attached the minutes.\n", "No format understands"),
    ],
)
def test_what_is_no_log_gets_one_sentence_and_status_2(run, tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for command in ("scan", "parse"):
        done = run(command, path)
        assert done.returncode == 2
        assert done.stdout == b""
        (line,) = done.stderr.decode().splitlines()
        assert sentence in line


def test_a_process_ends_with_the_status_of_a_mistake(start) -> None:
    done = start("scan", "missing.log")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"missing.log" in done.stderr


def test_mistakes_of_the_caller_have_status_2(run, tmp_path: Path, log: Path) -> None:
    (tmp_path / "nothing").mkdir()
    mistakes = ([tmp_path / "nothing"], ["missing.log"], [log, "--timezone", "Mars/Base"], [log, "--format", "no-such"], ["--nonsense"])
    for words in mistakes:
        done = run("scan", *words)
        assert done.returncode == 2
        assert done.stdout == b""
        assert done.stderr


def test_one_unreadable_log_among_several_is_named(run, log: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.log").write_bytes(b"")
    done = run("scan", log, tmp_path / "empty.log", "--output", "json")
    assert done.returncode == 0
    assert b"empty.log: The file is empty." in done.stderr


def test_people_and_devices_get_their_names(run) -> None:
    done = run("scan", SQUID, "--people", PEOPLE, "--output", "json")
    answer = json.loads(done.stdout)
    persons = {use["person"] for finding in answer["findings"] for use in finding["by_person"] if use["person_kind"] == "person"}
    assert len(persons) > 20
    assert answer["coverage"]["people_expected"] == 41
