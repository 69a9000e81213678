"""Tables in which collectors export devices' lines: what a log tells does not depend on how it was exported."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery import exported
from discovery.blocks import Blocks
from discovery.decompress import Stream
from discovery.unfold import unfolded
from tests.formats.reading import SAMPLES, read_bytes


def table(header: Sequence[str], rows: Sequence[Sequence[str]], **how: Any) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, **{"lineterminator": "\n", **how})
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def splunk(lines: Sequence[str]) -> bytes:
    rows = [("2026-11-19T09:00:00.000+0000", "relay1", "/var/log/all.log", line, "1") for line in lines]
    return table(("_time", "host", "source", "_raw", "linecount"), rows, quoting=csv.QUOTE_ALL)


def sentinel(lines: Sequence[str]) -> bytes:
    rows = [("t", "11/19/2026, 9:00:00.130 AM", "fw1", "11/19/2026, 8:00:00.000 AM", "local1", "fw1", line, "squid", "Syslog") for line in lines]
    header = ("TenantId", "TimeGenerated [UTC]", "Computer", "EventTime [UTC]", "Facility", "HostName", "SyslogMessage", "ProcessName", "Type")
    return b"\xef\xbb\xbf" + table(header, rows, lineterminator="\r\n")


def kibana(lines: Sequence[str]) -> bytes:
    return table(("@timestamp", "agent.name", "event.original"), [("Nov 19, 2026 @ 09:00:00.000", "relay1", line) for line in lines])


def graylog(lines: Sequence[str]) -> bytes:
    return table(("timestamp", "source", "message"), [("2026-11-19T09:00:00.000Z", "fw1", line) for line in lines], quoting=csv.QUOTE_ALL)


@pytest.mark.parametrize(
    ("sample", "export"),
    [("dnsmasq/pihole.log", splunk), ("squid/native.log", sentinel), ("sophos-xg/device.log", kibana), ("fortigate/sessions.log", graylog)],
)
def test_an_export_tells_what_the_log_told(sample: str, export: Callable[[Sequence[str]], bytes]) -> None:
    lines = (SAMPLES / sample).read_text(encoding="utf-8").splitlines()
    told, plain = read_bytes("\n".join(lines).encode())
    account, found = read_bytes(export(lines))
    assert account.account.format == told.account.format
    assert account.account.lines == len(lines) + 1
    assert found.drop("line").equals(plain.drop("line"))
    assert found["line"].to_list() == [line + 1 for line in plain["line"]]


def test_a_line_without_time_has_that_of_its_row() -> None:
    line = 'msg_id="3000-0148" Allow Trusted External 52 tcp 20 127 10.7.0.10 198.51.100.7 50001 443 offset 8 S 1 win 2 geo_dst="NLD" (HTTPS-00)'
    _, events = read_bytes(sentinel([line]))
    assert [(event["source_ip"], event["timestamp"].isoformat()) for event in events.to_dicts()] == [("10.7.0.10", "2026-11-19T08:00:00+00:00")]


ROWS = [
    {
        "TimeGenerated": "11/19/2026, 08:00:20.276 PM",
        "DeviceVendor": "Zscaler",
        "DeviceProduct": "NSSWeblog",
        "DeviceVersion": "5.7",
        "Activity": "Allowed | ok",
        "DeviceAction": "Allowed",
        "SourceIP": "10.7.0.10",
        "DestinationIP": "198.51.100.7",
        "SourceUserName": "ann@acme.example",
        "SentBytes": "307",
        "ReceivedBytes": "550",
        "RequestURL": "https://files.example/?a=1&b=2",
        "AdditionalExtensions": "reason=Allowed;cat=Storage;urlclass=Business Use",
    },
    {
        "TimeGenerated": "2026-11-19T20:00:21.5Z",
        "DeviceVendor": "Zscaler",
        "DeviceProduct": "NSSWeblog",
        "DeviceVersion": "5.7",
        "Activity": "",
        "DeviceAction": "Blocked",
        "SourceIP": "10.7.0.11",
        "DestinationIP": "198.51.100.8",
        "SourceUserName": "",
        "SentBytes": "",
        "ReceivedBytes": "null",
        "RequestURL": r"http://bets.example/?a\=1",
        "AdditionalExtensions": "",
    },
]
TOLD = [
    ("2026-11-19T20:00:20", "ann", "10.7.0.10", "files.example", 307, 550, "allowed"),
    ("2026-11-19T20:00:21", None, "10.7.0.11", "bets.example", None, None, "blocked"),
]
WRITTEN = {
    "CSV": table(list(ROWS[0]), [list(row.values()) for row in ROWS]),
    "array": json.dumps(ROWS, indent=1).encode(),
    "lines": "".join(json.dumps(row) + "\n" for row in ROWS).encode(),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_taken_apart_cef_is_read_as_its_vendor_wrote_it(written: str) -> None:
    result, events = read_bytes(WRITTEN[written])
    columns = ("user_name", "source_ip", "destination_domain", "source_bytes", "destination_bytes", "event_action")
    found = [(event["timestamp"].isoformat()[:19], *(event[name] for name in columns)) for event in events.to_dicts()]
    assert found == TOLD
    assert result.account.format == "zscaler-zia-web"
    assert not result.account.rejected


@pytest.mark.parametrize(
    ("exported_as", "line"),
    [
        (
            '[0] fw.log: [[1795078800.250000000, {}], {"pri"=>"189", "message"=>"a=\\"b\\" c"}]',
            '{"time":1795078800.250000000,"tag":"fw.log","pri":"189", "message":"a=\\"b\\" c"}',
        ),
        ('[0] fw.log: [1795078800.250000000, {"message"=>"a b"}]', '{"time":1795078800.250000000,"tag":"fw.log","message":"a b"}'),
        ('2026-11-19T09:00:00Z {host="gw", job="}"} a b', "2026-11-19T09:00:00Z a b"),
    ],
)
def test_lines_printed_by_shippers_are_respelled(exported_as: str, line: str) -> None:
    blocks = unfolded(Blocks(Stream(io.BytesIO(exported_as.encode() + b"\n"), size=None)))
    assert b"".join(blocks) == line.encode() + b"\n"


@pytest.mark.parametrize("header", ["time,client,message", "message", "time;message", ""])
def test_a_table_that_only_notes_something_stays_as_it_is(header: str) -> None:
    text = f"{header}\n2026-11-19 09:00:00 and more words here,10.7.0.10,ok then\n".encode()
    assert b"".join(unfolded(Blocks(Stream(io.BytesIO(text), size=None)))) == text


@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=12), max_size=6))
def test_every_line_of_a_table_stays_a_line_of_its_own(rows: list[str]) -> None:
    header, sound = b"_time,_raw", b'2026-11-19T09:00:00Z,"a ""b"" c"'
    change = exported.table(header + b"\n")
    assert change is not None
    lines = [header, sound, *(row.encode() for row in rows), sound]
    changed = change(b"\n".join(lines) + b"\n").split(b"\n")
    assert len(changed) == len(lines) + 1
    assert json.loads(changed[1])["_raw"] == json.loads(changed[-2])["_raw"] == 'a "b" c'
