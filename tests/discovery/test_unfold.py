"""JSON that is not one object a line: its records become the lines that the ordinary formats read, whatever the document looks like."""

import io
import json
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery import jsonsplit
from discovery.blocks import Blocks
from discovery.decompress import Stream
from discovery.jsonsplit import Splitter
from discovery.unfold import unfolded
from tests.formats.reading import read_bytes
from tests.gate import examples

RECORDS = [
    {"ts": 1_795_078_800 + n, "id.orig_h": f"192.0.2.{n + 10}", "query": f"n{n}.example", "qtype_name": "A", "note": note}
    for n, note in enumerate(['"}{[\\', "é\n\t", "", {"deep": [[{"a": "]"}], {}]}])
]


def lines_of(data: bytes) -> list[bytes]:
    blocks = unfolded(Blocks(Stream(io.BytesIO(data), size=None)))
    return b"".join(blocks).splitlines()


WRAPPED = {
    "array": lambda records: records,
    "records": lambda records: {"records": records},
    "Records": lambda records: {"Records": records, "other": {"anything": [{"x": 1}]}},
    "value": lambda records: {"@odata.context": "https://graph.example/$metadata", "value": records, "@odata.nextLink": "https://more.example"},
    "data": lambda records: {"data": records, "meta": {"pagination": {"cursor": "x"}}},
    "events": lambda records: {"events": records},
    "result": lambda records: {"success": True, "errors": [], "messages": [], "result": records, "result_info": {"page": 1}},
    "items": lambda records: {"kind": "reports", "etag": "x", "items": records},
    "results": lambda records: {"preview": False, "init_offset": 0, "messages": [], "fields": [{"name": "_raw"}], "results": records},
    "messages": lambda records: {"fields": [{"name": "_raw", "keyField": False}], "messages": records},
    "hits": lambda records: {"took": 1, "_shards": {"total": 1}, "hits": {"total": {"value": 4}, "hits": records}},
    "log": lambda records: {"log": {"version": "1.2", "pages": [{"id": "p"}], "entries": records}},
}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("wrap", WRAPPED)
def test_the_records_of_a_document_are_its_lines(wrap: str, indent: int | None) -> None:
    document = json.dumps(WRAPPED[wrap](RECORDS), indent=indent)
    for text in (document, f"\n {document}\n", f"{document}\n{document}\n"):
        found = [json.loads(line) for line in lines_of(text.encode())]
        assert found == RECORDS * (2 if text.startswith(document + "\n") else 1)


@pytest.mark.parametrize("between", ["", "\n", "\r\n\r\n", " ", ","])
def test_objects_that_follow_each_other_are_lines(between: str) -> None:
    indented = between.join(json.dumps(record, indent=1) for record in RECORDS)
    assert [json.loads(line) for line in lines_of(indented.encode())] == RECORDS
    if "\n" not in between:
        assert [json.loads(line) for line in lines_of(between.join(map(json.dumps, RECORDS)).encode())] == RECORDS


@pytest.mark.parametrize(
    "text",
    [
        b'{"a": 1}\n{"a": 2}\n',
        b'{"time": 1, "events": [{"name": "x"}], "actor": {"email": "a"}}\n{"time": 2}\n',  # records that hold a list of their own
        b'{"data": [1, 2], "events": []}\n',
        b"[1795078800] unbound[1:0] info: 192.0.2.10 a.example. A IN\n",
        b'[INFO] 192.0.2.10:42114 - 64820 "A IN host.example. udp 57"\n',
        b"{ not json }\n{\n",
        b'{"cut": "of',
        b"",
    ],
)
def test_what_has_its_lines_keeps_them(text: bytes) -> None:
    assert lines_of(text) == text.splitlines()


def test_a_document_is_read_by_the_ordinary_formats() -> None:
    plain, events = read_bytes("".join(json.dumps(record) + "\n" for record in RECORDS).encode())
    assert plain.account.format == "zeek-dns"
    marked = b"\xef\xbb\xbf" + json.dumps({"value": RECORDS}).encode()
    for data in (json.dumps(RECORDS, indent=4).encode(), marked, json.dumps(RECORDS).encode("utf-16")):
        result, found = read_bytes(data)
        assert found.equals(events)
        assert result.account.lines == len(RECORDS)


def test_the_source_of_a_search_answer_is_the_record() -> None:
    hits = [{"_index": "dns", "_id": str(n), "_source": record} for n, record in enumerate(RECORDS)]
    _, plain = read_bytes("".join(json.dumps(record) + "\n" for record in RECORDS).encode())
    for data in (json.dumps({"took": 1, "hits": {"hits": hits}}), "".join(json.dumps(hit) + "\n" for hit in hits)):
        assert read_bytes(data.encode())[1].equals(plain)


def test_the_fields_of_a_search_answer_are_the_record() -> None:
    fields = {"@timestamp": ["2026-11-19T09:00:00Z"], "event.original": ['<30>Nov 19 09:00:00 gw "a, b"'], "tags": ["x", "y"]}
    hits = [{"_index": "fw", "_id": "1", "_score": 1, "fields": fields}]
    plain = {"@timestamp": "2026-11-19T09:00:00Z", "event.original": '<30>Nov 19 09:00:00 gw "a, b"', "tags": ["x", "y"]}
    for data in (json.dumps({"took": 1, "hits": {"hits": hits}}), json.dumps(hits[0])):
        assert [json.loads(line) for line in lines_of(data.encode())] == [plain]


def test_records_of_lists_within_lists_are_lines() -> None:
    logs = [{"timeUnixNano": "1795078800000000000", "body": {"stringValue": f"line {n}"}} for n in range(2)]
    document = {"resourceLogs": [{"resource": {"attributes": []}, "scopeLogs": [{"scope": {}, "logRecords": logs}]}]}
    assert [json.loads(line) for line in lines_of(json.dumps(document).encode() + b"\n")] == logs
    values = [["1795078800000000000", "line 0"], ["1795078801000000000", "line 1", {}]]
    streams = {"resultType": "streams", "result": [{"stream": {"job": "fw"}, "values": values}], "stats": {}}
    found = [json.loads(line) for line in lines_of(json.dumps({"status": "success", "data": streams}).encode())]
    assert found == [{"timestamp": time, "line": line} for time, line, *_ in values]


def test_what_stands_between_records_is_rejected_and_never_lost() -> None:
    good = json.dumps(RECORDS[0])
    result, events = read_bytes(f'[{good}, 17, "x, y"\n, {good}] tail'.encode())
    assert events.height == 2
    assert result.account.lines == 4
    assert sum(result.account.rejected.values()) == 2


def test_a_document_that_is_cut_short_keeps_its_whole_records() -> None:
    text = json.dumps(RECORDS, indent=1)
    result, events = read_bytes(text[: text.rfind("query")].encode())
    assert events.height == len(RECORDS) - 1
    assert sum(result.account.rejected.values()) == 1


def test_long_texts_are_left_out_of_a_record() -> None:
    body = '\\"é' * 2_000_000
    result, events = read_bytes(json.dumps([{**RECORDS[0], "body": body}, {**RECORDS[1], "body": body[:10]}], indent=1).encode())
    assert (result.account.lines, events.height) == (2, 2)


VALUES = st.recursive(st.text(max_size=6) | st.integers() | st.none(), st.lists, max_leaves=5)


@examples(20, derandomize=True)
@given(
    records=st.lists(st.dictionaries(st.text(max_size=4), VALUES, max_size=3)),
    size=st.integers(1, 40),
    indent=st.sampled_from([None, 0, 3]),
    longest=st.sampled_from([1 << 16, 64]),
)
def test_no_size_of_chunks_changes_the_lines(records: list[object], size: int, indent: int | None, longest: int) -> None:
    before, jsonsplit.LONGEST_TEXT = jsonsplit.LONGEST_TEXT, longest
    try:
        document = json.dumps({"records": records}, indent=indent).encode()
        splitter = Splitter(2, b"records")
        found = b"".join(splitter.feed(document[at : at + size]) for at in range(0, len(document), size)) + splitter.feed(b"", last=True)
    finally:
        jsonsplit.LONGEST_TEXT = before
    assert [json.loads(line) for line in found.splitlines()] == records


HOSTILE = [
    *(b"[" * 3_000_000, b'{"a":' * 600_000, b'[{"a": "' + b"\\" * 3_000_001, b'[{"' + b'"' * 3_000_000),
    *(b'[{"a":1}' + b"]}" * 1_500_000, b'[{""' + b"[" * 9, b'{"records":[{"flowTuples":' + b"[" * 900_000),
]


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_documents_cost_little(data: bytes) -> None:
    began = time.process_time()
    lines_of(b'[{"a": 1}, ' + data)
    lines_of(data)
    assert time.process_time() - began < 10


def test_memory_stays_flat_however_large_the_document() -> None:
    record = json.dumps(RECORDS[0]).encode() + b",\n"
    splitter = Splitter(1)
    splitter.feed(b"[")
    tracemalloc.start()
    for _ in range(30):
        splitter.feed(record * (1_000_000 // len(record)) + record[:17])
        splitter.feed(record[17:])
    assert tracemalloc.get_traced_memory()[0] < 1_000_000
    tracemalloc.stop()
