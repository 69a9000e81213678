"""Captures and dnstap: every carrier of a packet, every place a name can stand, and files that were made to do harm."""

import gzip
import random
import struct
import time
import tracemalloc

import pytest

from discovery import dnswire
from discovery.capture.files import packets
from discovery.capture.names import requested, server_name
from discovery.capture.source import ByteSource
from discovery.errors import GnomonError
from tests.formats import packets as made
from tests.formats.reading import read_bytes
from tests.gate import GATE

DESK, SERVER = "192.0.2.10", "198.51.100.1"
ASKED = made.udp(DESK, 40_000, SERVER, 53, made.query("files.example"))
SIX = made.udp("2001:db8::10", 40_000, "2001:db8::1", 53, made.query("files.example"))


def domains(data: bytes) -> list[str | None]:
    result, events = read_bytes(data, name="made.bin")
    account = result.account
    assert account.lines == account.events + sum(account.skipped.values()) + sum(account.rejected.values())
    return events["destination_domain"].to_list()


@pytest.mark.parametrize(
    ("link", "packet"),
    [
        (made.ETHERNET, made.ethernet(ASKED)),
        (made.ETHERNET, made.ethernet(ASKED, 7, 8)),
        (made.ETHERNET, made.ethernet(SIX)),
        (made.ETHERNET, made.ethernet(ASKED)[:12] + b"\x88\x64" + b"\x11\x00\x00\x01\x00\x00\x00\x21" + ASKED),
        (made.COOKED, made.cooked(ASKED)),
        (made.COOKED_2, made.cooked_2(ASKED)),
        (made.RAW, ASKED),
        (made.RAW, SIX),
        (228, ASKED),
        (229, SIX),
        (made.LOOPBACK, b"\x02\0\0\0" + ASKED),
        (108, b"\0\0\0\x18" + SIX),
    ],
)
def test_every_link_layer_is_taken_off(link: int, packet: bytes) -> None:
    for order in "<>":
        assert domains(made.pcap([packet], link, order)) == ["files.example"]
        assert domains(made.pcapng([packet], link, order)) == ["files.example"]


def test_times_are_exact_in_every_resolution() -> None:
    for data in (made.pcap([ASKED], made.RAW), made.pcap([ASKED], made.RAW, nanos=True), made.pcap([ASKED], made.RAW, ">", nanos=True)):
        assert read_bytes(data)[1]["timestamp"].dt.epoch("us").to_list() == [made.NINE * 10**6 + 250_000]
    for resolution in (0, 3, 6, 9):
        data = made.pcapng([ASKED], made.RAW, resolution=resolution)
        assert read_bytes(data)[1]["timestamp"].dt.epoch("us").to_list() == [made.NINE * 10**6]


def test_a_capture_may_be_packed() -> None:
    assert domains(gzip.compress(made.pcap([ASKED, ASKED], made.RAW))) == ["files.example"] * 2


def test_extension_headers_and_fragments() -> None:
    behind_option = made.ip("2001:db8::10", "2001:db8::1", 0, b"\x11\0" + bytes(6) + SIX[40:])
    first = made.ip("2001:db8::10", "2001:db8::1", 44, b"\x11\0\0\x01" + bytes(4) + SIX[40:])
    later = made.ip("2001:db8::10", "2001:db8::1", 44, b"\x11\0\0\x09" + bytes(4) + SIX[40:])
    later_four = ASKED[:6] + b"\0\x05" + ASKED[8:]
    assert domains(made.pcap([behind_option, first, later, later_four], made.RAW)) == ["files.example"] * 2


def test_a_link_layer_that_nobody_reads_is_said() -> None:
    account = read_bytes(made.pcap([ASKED], 105))[0].account
    assert account.skipped == {"link layer that is not read": 1}


@pytest.mark.parametrize("cut", range(1, 400, 13))
def test_a_name_is_found_wherever_its_hello_is_cut(cut: int) -> None:
    whole = made.hello("late.example", padding=300)
    parts = [made.tcp(DESK, 5, SERVER, 443, whole[:cut], 100), made.tcp(DESK, 5, SERVER, 443, whole[cut:], 100 + cut)]
    if cut > 5:  # before that nobody can tell what it is
        assert domains(made.pcap(parts, made.RAW)) == ["late.example"]


def test_a_lost_segment_joins_nothing() -> None:
    whole = made.hello("late.example", padding=300)
    parts = [made.tcp(DESK, 5, SERVER, 443, whole[:200], 100), made.tcp(DESK, 5, SERVER, 443, whole[210:], 310)]
    assert domains(made.pcap(parts, made.RAW)) == []


def test_names_in_hellos_and_requests() -> None:
    assert server_name(made.hello("a.example")) == ("a.example", True)
    assert server_name(made.hello(None)) == (None, True)
    assert server_name(made.hello("a.example")[:60]) == (None, False)
    assert requested(b"GET http://a.example/x HTTP/1.1\r\nHost: b.example\r\n\r\n") == "b.example"
    assert requested(b"GET http://a.example/x HTTP/1.0\r\n\r\n") == "http://a.example/x"
    assert requested(b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n") == "a.example:443"
    assert requested(b"GET / HTTP/1.1\r\nX: y\r\n\r\n") is None
    assert requested(b"\x16\x03\x01") is None


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\0" * 11, b"\0\1\x28\0\0\1" + bytes(7), b"\0\1\1\0\0\0" + bytes(6)),
        *(b"\0\1\1\0\0\1" + bytes(6) + b"\xc0\x0c", b"\0\1\1\0\0\1" + bytes(6) + b"\x3fabc", b"\0\1\1\0\0\1" + bytes(6) + b"\xc0\xff"),
    ],
)
def test_what_is_no_question_is_none(data: bytes) -> None:
    assert dnswire.message(data) is None


def test_an_answer_counts_only_without_its_question() -> None:
    asked = made.query("files.example", 9)
    back = made.udp(SERVER, 53, DESK, 40_000, made.answer(asked))
    assert domains(made.pcap([made.udp(DESK, 40_000, SERVER, 53, asked), back, back], made.RAW)) == ["files.example"]
    assert domains(made.pcap([back], made.RAW)) == ["files.example"]


#: Pieces of a hello that never becomes whole.
SPRINKLED = b"".join(b"\x06" + made.wide(place) + b"\x01!" for place in range(1, 460, 2))
CAPTURES = {
    "pcap": made.pcap([made.ethernet(ASKED), made.ethernet(made.tcp(DESK, 5, SERVER, 443, made.hello("a.example"))), made.ethernet(SIX)]),
    "pcapng": made.pcapng([made.ethernet(ASKED), made.ethernet(made.tcp(DESK, 5, SERVER, 53, made.prefixed(made.query("b.example"))))]),
    "dnstap": made.dnstap([made.tapped(5, DESK, made.query("a.example")), made.tapped(6, DESK, made.answer(made.query("b.example")))]),
}


@pytest.mark.no_cover
@pytest.mark.parametrize("kind", CAPTURES)
def test_a_file_cut_anywhere_never_raises_but_a_sentence(kind: str) -> None:
    whole = CAPTURES[kind]
    for size in range(1, len(whole), 1 if GATE else 13):
        try:
            domains(whole[:size])
        except GnomonError as error:
            assert str(error).endswith((".", "read."))  # noqa: PT017 (a sentence)


@pytest.mark.no_cover
@pytest.mark.parametrize("kind", CAPTURES)
def test_damage_anywhere_never_raises_but_a_sentence(kind: str) -> None:
    choose = random.Random(7)  # noqa: S311 (a seeded test)
    for _ in range(400 if GATE else 40):
        damaged = bytearray(CAPTURES[kind])
        for _ in range(choose.randint(1, 6)):
            damaged[choose.randrange(4, len(damaged))] = choose.randrange(256)
        try:
            domains(bytes(damaged))
        except GnomonError as error:
            assert str(error).endswith(".")  # noqa: PT017


@pytest.mark.parametrize(
    "data",
    [
        made.pcap([]) + struct.pack("<IIII", 1, 1, 2**32 - 1, 1) + bytes(100),
        made.pcapng([])[:28] + struct.pack("<II", 6, 2**32 - 1),
        made.pcapng([]) + struct.pack("<II", 6, 0) * 10_000,
        made.pcapng([], made.RAW, resolution=255),
        made.pcapng([]) + made.block(1, b"\1\0\0\0\0\0\0\0") * 50_000,
        made.dnstap([])[:-12] + b"\x7f\xff\xff\xff",
        made.dnstap([b"\xff" * 100_000, b"\x08" * 99, b"\x72\x05\x08"]),
        made.pcap([ASKED[:20] + b"\0" * 8] * 1000, made.RAW),
        made.pcap([made.udp(DESK, 1, SERVER, 443, made.initial(SPRINKLED, n)) for n in range(500)], made.RAW),
    ],
    ids=range(9),
)
def test_made_to_do_harm(data: bytes) -> None:
    began = time.process_time()
    assert domains(data) == []
    assert time.process_time() - began < 5


@pytest.mark.no_cover
def test_many_open_connections_are_forgotten_and_packets_cost_no_memory() -> None:
    half = made.hello("late.example", padding=900)[:600]
    header = made.pcap([], made.RAW)

    def chunks() -> object:
        yield header
        for n in range(20_000):
            packet = made.tcp(DESK, n, SERVER, 443, half, 5)
            yield struct.pack("<IIII", made.NINE, 0, len(packet), len(packet)) + packet

    from discovery.capture.kind import _Reader  # noqa: PLC0415 (what it keeps is the point)

    reader = _Reader()
    tracemalloc.start()
    for packet in packets(ByteSource(chunks())):  # type: ignore[arg-type]
        list(reader.rows(packet))
    assert tracemalloc.get_traced_memory()[0] < 8 << 20
    tracemalloc.stop()
