"""Names for addresses: DNS answers out of logs, joined with the connections of the device that asked."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from discovery import answers as answers_
from discovery import naming
from discovery.answers import ALIASES, ANSWERS
from discovery.catalogue import Catalogue, Entry
from discovery.logs import find
from discovery.observations import Observations
from discovery.pipeline import read_log
from discovery.scan import scan
from discovery.shelf import Shelf
from discovery.usage import USAGE
from tests.formats.reading import WRITTEN
from tests.gate import examples

CATALOGUE = Catalogue(
    "test",
    {},
    {},
    {
        "files.com": Entry("service", "files", "use", None, "t", 1),
        "cdn-files.com": Entry("service", "files", "infra", None, "t", 1),
        "notes.com": Entry("service", "notes", "use", None, "t", 1),
        "edge.net": Entry("background", "cdn", None, None, "t", 1),
    },
)
ANN, BOB = "10.0.0.10", "10.0.0.11"
NINE = datetime(2026, 11, 19, 9, tzinfo=UTC)


def dns(*answers: tuple[int, str, str, list[str]]) -> str:
    """Zeek's dns.log: seconds after nine, client, name, answer."""
    head = "#fields\tts\tid.orig_h\tquery\tqtype\tqtype_name\tanswers\n"
    rows = (f"{NINE.timestamp() + at}\t{client}\t{name}\t1\tA\t{','.join(said) or '-'}\n" for at, client, name, said in answers)
    return head + "".join(rows)


def flows(*connections: tuple[int, str, str]) -> str:
    """Zeek's conn.log: seconds after nine, client, address."""
    head = "#fields\tts\tid.orig_h\tid.resp_h\tconn_state\torig_bytes\tresp_bytes\n"
    return head + "".join(f"{NINE.timestamp() + at}\t{client}\t{address}\tSF\t10\t20\n" for at, client, address in connections)


def scanned(folder: Path, *logs: str, **more: Any) -> Observations:
    for number, text in enumerate(logs):
        (folder / f"{number}.log").write_text(text)
    return scan(find([str(folder / f"{number}.log") for number in range(len(logs))]), CATALOGUE, **more).observations


def connections(found: Observations) -> list[tuple[Any, ...]]:
    rows = found.usage.filter(pl.col("source").cat.starts_with("zeek-conn"))
    return sorted(rows.select("person", "domain", "service", "naming", "hits").rows(), key=repr)


def test_an_address_is_what_the_same_device_was_told_it_is(tmp_path: Path) -> None:
    found = scanned(tmp_path, flows((5, ANN, "203.0.113.9")), dns((1, ANN, "www.files.com", ["203.0.113.9"])))
    assert connections(found) == [(ANN, "www.files.com", "files", naming.OWN, 1)]
    assert found.coverage.names_hidden_share == 0
    assert "100% were named by DNS answers to the same device" in " ".join(found.coverage.sources)


def test_what_another_device_was_told_is_said_to_be_that(tmp_path: Path) -> None:
    found = scanned(tmp_path, flows((5, BOB, "203.0.113.9")), dns((1, ANN, "www.files.com", ["203.0.113.9"])))
    assert connections(found) == [(BOB, "www.files.com", "files", naming.OTHERS, 1)]


def test_the_devices_own_answer_goes_before_those_to_others(tmp_path: Path) -> None:
    told = dns((1, ANN, "www.files.com", ["203.0.113.9"]), (2, BOB, "notes.com", ["203.0.113.9"]))
    found = scanned(tmp_path, flows((5, ANN, "203.0.113.9"), (6, BOB, "203.0.113.9")), told)
    assert connections(found) == [(ANN, "www.files.com", "files", naming.OWN, 1), (BOB, "notes.com", "notes", naming.OWN, 1)]


def test_an_address_that_several_sites_share_is_one_of_them(tmp_path: Path) -> None:
    told = dns((1, ANN, "www.files.com", ["203.0.113.9"]), (2, ANN, "notes.com", ["203.0.113.9"]))
    found = scanned(tmp_path, flows((5, ANN, "203.0.113.9")), told)
    assert connections(found) == [(ANN, "one of notes.com, www.files.com", None, naming.ONE_OF, 1)]
    assert found.coverage.names_hidden_share == pytest.approx(1 / 3)


def test_several_names_of_one_service_are_that_service(tmp_path: Path) -> None:
    told = dns((1, ANN, "www.files.com", ["203.0.113.9"]), (2, ANN, "api.files.com", ["203.0.113.9"]))
    assert connections(scanned(tmp_path, flows((5, ANN, "203.0.113.9")), told)) == [(ANN, "api.files.com", "files", naming.OWN, 1)]


@pytest.mark.parametrize(("asked", "gone", "named"), [(600, 5, False), (60, 5, True), (0, 3_600 + 1_800, True), (0, 3 * 3_600, False)])
def test_an_answer_counts_for_its_hour_and_the_next_and_never_before_it(tmp_path: Path, asked: int, gone: int, *, named: bool) -> None:
    found = scanned(tmp_path, flows((gone, ANN, "203.0.113.9")), dns((asked, ANN, "www.files.com", ["203.0.113.9"])))
    assert bool(connections(found)) is named
    assert found.coverage.names_hidden_share == (0 if named else 0.5)


def test_the_answers_of_the_hour_go_before_those_of_the_hour_before(tmp_path: Path) -> None:
    told = dns((0, ANN, "www.files.com", ["203.0.113.9"]), (3_600, ANN, "notes.com", ["203.0.113.9"]))
    assert connections(scanned(tmp_path, flows((3_700, ANN, "203.0.113.9")), told)) == [(ANN, "notes.com", "notes", naming.OWN, 1)]


def test_both_addresses_of_a_device_meet_through_its_lease(tmp_path: Path) -> None:
    six = "2001:db8::10"
    hosts = tmp_path / "hosts"
    hosts.write_text(f"{ANN} pc-ann\n{six} pc-ann\n")
    found = scanned(tmp_path, flows((5, ANN, "203.0.113.9")), dns((1, six, "www.files.com", ["203.0.113.9"])), leases=find([str(hosts)]))
    assert connections(found) == [("pc-ann", "www.files.com", "files", naming.OWN, 1)]


def test_a_name_of_somebodys_own_is_the_service_behind_it(tmp_path: Path) -> None:
    found = scanned(tmp_path, dns((1, ANN, "share.acme.example", ["acme.files.com", "x.edge.net", "203.0.113.9"])))
    (row,) = found.usage.select("domain", "match", "service", "role", "naming", "registrable").rows()
    assert row == ("share.acme.example", "service", "files", "use", "another name for acme.files.com", None)


def test_shared_infrastructure_unmasks_nothing(tmp_path: Path) -> None:
    found = scanned(tmp_path, dns((1, ANN, "www.acme.example", ["x.cdn-files.com"]), (1, ANN, "b.acme.example", ["x.edge.net"])))
    assert found.usage.select("match", "service", "naming").unique().rows() == [("unknown", None, None)]


def test_a_name_of_somebodys_own_names_an_address_too(tmp_path: Path) -> None:
    told = dns((1, ANN, "share.acme.example", ["acme.files.com", "203.0.113.9"]), (2, ANN, "www.files.com", ["203.0.113.9"]))
    found = scanned(tmp_path, flows((5, ANN, "203.0.113.9"), (6, BOB, "203.0.113.9")), told)
    assert {row[2] for row in connections(found)} == {"files"}  # both names go to one service


def test_no_slice_of_time_or_rows_changes_the_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = dns(*((n * 60, ANN if n % 3 else BOB, f"www{n % 4}.files.com" if n % 2 else "notes.com", [f"203.0.113.{n % 5}"]) for n in range(200)))
    gone = flows(*((n * 47, ("192.0.2.12", BOB, ANN)[n % 3], f"203.0.113.{n % 6}") for n in range(250)))
    whole = connections(scanned(tmp_path, gone, told))
    monkeypatch.setattr("discovery.naming._AT_ONCE", 3)
    assert connections(scanned(tmp_path, gone, told)) == whole
    assert len({row[3] for row in whole}) > 2


# The answers themselves


def told_by(text: str, folder: Path, **how: Any) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    path = folder / "made.log"
    path.write_text(text)
    told = read_log(path, reference=WRITTEN, **how).told
    assert told.answers.columns == list(ANSWERS)
    assert told.aliases.columns == list(ALIASES)
    rows = told.answers.select("source_ip", "asked", "address", pl.col("since").dt.strftime("%H:%M:%S"))
    return sorted(rows.rows(), key=repr), sorted(told.aliases.rows(), key=repr)


PIHOLE = """\
Nov 19 09:00:00 dnsmasq[812]: query[A] Share.Acme.example from 10.0.0.10
Nov 19 09:00:00 dnsmasq[812]: query[A] notes.com from 10.0.0.11
Nov 19 09:00:01 dnsmasq[812]: reply share.acme.example is <CNAME>
Nov 19 09:00:01 dnsmasq[812]: reply acme.files.com is <CNAME>
Nov 19 09:00:01 dnsmasq[812]: reply x.edge.net is 203.0.113.9
Nov 19 09:00:01 dnsmasq[812]: reply x.edge.net is 203.0.113.10
Nov 19 09:00:02 dnsmasq[812]: cached notes.com is 203.0.113.20
Nov 19 09:00:02 dnsmasq[812]: reply error is SERVFAIL
Nov 19 09:00:03 dnsmasq[812]: reply never-asked.example is 203.0.113.30
Nov 19 09:30:00 dnsmasq[812]: query[A] notes.com from 10.0.0.10
Nov 19 09:30:00 dnsmasq[812]: cached-stale notes.com is 203.0.113.20
Nov 19 09:40:00 dnsmasq[812]: cached notes.com is 203.0.113.21
"""


@pytest.mark.parametrize("block", [None, 1, 90, 200])
def test_a_resolver_that_writes_record_by_record(tmp_path: Path, block: int | None) -> None:
    rows, aliases = told_by(PIHOLE, tmp_path, block=block)
    assert rows == sorted(
        [
            (ANN, "share.acme.example", "203.0.113.9", "09:00:01"),
            (ANN, "share.acme.example", "203.0.113.10", "09:00:01"),
            (BOB, "notes.com", "203.0.113.20", "09:00:02"),
            (ANN, "notes.com", "203.0.113.20", "09:30:00"),
            (None, "notes.com", "203.0.113.21", "09:40:00"),
            (None, "never-asked.example", "203.0.113.30", "09:00:03"),
        ],
        key=repr,
    )
    assert aliases == [("share.acme.example", "acme.files.com", 1), ("share.acme.example", "x.edge.net", 2)]


EVE = """\
{"timestamp":"2026-11-19T09:00:00.000000+0000","event_type":"dns","src_ip":"10.0.0.10","src_port":5000,"dest_ip":"10.0.0.53","dest_port":53,"dns":{"version":2,"type":"answer","rrname":"share.acme.example","rrtype":"A","answers":[{"rrname":"share.acme.example","rrtype":"CNAME","ttl":9,"rdata":"acme.files.com"},{"rrname":"acme.files.com","rrtype":"A","ttl":9,"rdata":"203.0.113.9"},{"rrname":"x","rrtype":"MX","rdata":"mail.example"}]}}
{"timestamp":"2026-11-19T09:00:00.000000+0000","event_type":"dns","src_ip":"10.0.0.53","src_port":53,"dest_ip":"10.0.0.11","dest_port":5000,"dns":{"type":"answer","rrname":"notes.com","rrtype":"A","ttl":9,"rdata":"203.0.113.20"}}
"""


def test_answers_of_a_sensor(tmp_path: Path) -> None:
    rows, aliases = told_by(EVE, tmp_path, format_id="suricata-eve")
    assert rows == [(ANN, "share.acme.example", "203.0.113.9", "09:00:00"), (BOB, "notes.com", "203.0.113.20", "09:00:00")]
    assert aliases == [("share.acme.example", "acme.files.com", 1)]


def test_more_answers_than_are_kept_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discovery.chains.MOST", 2)
    path = tmp_path / "dns.log"
    path.write_text(dns(*((n, ANN, f"www{n}.files.com", [f"203.0.113.{n}"]) for n in range(5))))
    result = read_log(path)
    assert result.told.answers.height == 2
    assert answers_.TOO_MANY in result.account.warnings


# Properties


ASKED = st.lists(
    st.tuples(
        st.integers(0, 4 * 3_600),
        st.sampled_from([ANN, BOB]),
        st.sampled_from(["www.files.com", "api.files.com", "notes.com", "odd.example"]),
        st.lists(st.sampled_from(["203.0.113.1", "203.0.113.2", "203.0.113.3"]), max_size=2, unique=True),
    ),
    max_size=12,
)
GONE = st.lists(
    st.tuples(st.integers(0, 4 * 3_600), st.sampled_from([ANN, BOB]), st.sampled_from(["203.0.113.1", "203.0.113.2"])), min_size=1, max_size=12
)
FEW = examples(4, suppress_health_check=list(HealthCheck))


def usage_of(text: str, folder: Path) -> tuple[Shelf, pl.DataFrame]:
    (folder / "one.log").write_text(text)
    result = read_log(folder / "one.log")
    return result.usage, result.told.answers


def by_address(rows: pl.DataFrame) -> list[pl.Series]:
    return [rows["source_ip"].cast(pl.String)]


def targets(names: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"asked": names, "target": names.str.split(".").list.slice(-2).list.join(".")})


@FEW
@given(asked=ASKED, gone=GONE)
def test_naming_changes_no_row_and_no_number(tmp_path: Path, asked: list[Any], gone: list[Any]) -> None:
    usage, _ = usage_of(flows(*gone), tmp_path)
    _, answers = usage_of(dns(*asked), tmp_path)
    (named,) = naming.named([usage], [answers], by_address, targets)
    same = [name for name in USAGE if name != "destination_domain"]
    assert named.whole().select(same).equals(usage.whole().select(same))
    if "naming" in named.columns:
        assert named.whole()["naming"].is_null().equals(named.whole()["destination_domain"].is_null())


@FEW
@given(asked=ASKED, gone=GONE)
def test_a_name_is_of_the_device_that_asked_or_says_that_it_is_not(tmp_path: Path, asked: list[Any], gone: list[Any]) -> None:
    usage, _ = usage_of(flows(*gone), tmp_path)
    _, answers = usage_of(dns(*asked), tmp_path)
    (named,) = naming.named([usage], [answers], by_address, targets)
    if "naming" not in named.columns:
        return
    for row in named.whole().drop_nulls("naming").iter_rows(named=True):
        own = {name for _, client, name, said in asked if client == row["source_ip"] and row["destination_ip"] in said}
        every = {name for _, _, name, said in asked if row["destination_ip"] in said}
        names = set(re.sub(r"^one of | and \d+ more$", "", row["destination_domain"]).split(", "))
        assert names <= (own if row["naming"] in (naming.OWN, naming.ONE_OF) else every)


@FEW
@given(asked=ASKED, gone=GONE, order=st.permutations(range(3)))
def test_the_order_of_logs_does_not_matter(tmp_path: Path, asked: list[Any], gone: list[Any], order: list[int]) -> None:
    half = len(gone) // 2
    logs = [flows(*gone[:half], gone[-1]), flows(*gone[half:]), dns(*asked, (0, ANN, "first.example", []))]
    before = scanned(tmp_path, *logs)
    after = scanned(tmp_path, *(logs[number] for number in order))
    assert connections(after) == connections(before)
    assert after.coverage.names_hidden_share == before.coverage.names_hidden_share


@FEW
@given(gone=GONE)
def test_without_a_dns_log_nothing_changes(tmp_path: Path, gone: list[Any]) -> None:
    usage, none = usage_of(flows(*gone), tmp_path)
    (same,) = naming.named([usage], [none], by_address, targets)
    assert same is usage


def test_the_answers_of_one_hour_are_one_row(tmp_path: Path) -> None:
    path = tmp_path / "dns.log"
    path.write_text(dns(*((n * 60, ANN, "www.files.com", ["203.0.113.9"]) for n in range(120))))
    since = read_log(path).told.answers["since"].to_list()
    assert sorted(since) == [NINE, NINE + timedelta(hours=1)]
