"""Names in the first packets of QUIC clients: whatever their version, in whatever pieces, and never twice."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.capture.layers import Segment, segment
from discovery.capture.quic import Hellos, Keys, client_keys
from tests.formats import packets as made
from tests.formats.reading import read_bytes
from tests.gate import examples

DESK, SERVER = "192.0.2.10", "198.51.100.1"
HELLO: Final = made.hello("late.example", padding=1_000)[5:]


def sent(*datagrams: bytes, port: int = 40_000) -> list[Segment]:
    found = [segment(made.RAW, made.udp(DESK, port, SERVER, 443, data)) for data in datagrams]
    return [one for one in found if one is not None]


def told(*datagrams: bytes) -> list[str | None]:
    hellos = Hellos()
    return [name for one in sent(*datagrams) for name in hellos.names(one)]


@pytest.mark.parametrize(
    ("version", "keys"),
    [
        (made.V1, Keys(*map(bytes.fromhex, ("1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c", "9f50449e04a0e810283a1e9933adedd2")))),
        (made.V2, Keys(*map(bytes.fromhex, ("8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f", "45b95e15235d6f45a6b19cbcb0294ba9")))),
    ],
)
def test_keys_are_those_of_the_standards(version: int, keys: Keys) -> None:
    """RFC 9001, appendix A.1; RFC 9369, appendix A.1."""
    assert client_keys(version, bytes.fromhex("8394c8f03e515708")) == keys


@pytest.mark.parametrize("version", [made.V1, made.V2, 0xFF00001D, 0xFF000022])
def test_a_name_is_read_in_every_version(version: int) -> None:
    assert told(made.initial(b"".join(made.crypto(HELLO)), version=version)) == ["late.example"]


Q050: Final = int.from_bytes(b"Q050")


def own(name: bytes) -> bytes:
    """A hello of Google's: what fills it up, the name, and the version."""
    values = {b"PAD\0": b"-" * 1_000, b"SNI\0": name, b"VER\0": b"Q043"}
    table, end = b"", 0
    for tag, value in values.items():
        end += len(value)
        table += tag + end.to_bytes(4, "little")
    return b"CHLO" + len(values).to_bytes(2, "little") + b"\0\0" + table + b"".join(values.values())


@pytest.mark.parametrize("header", [b"\x0d12345678Q043\x01", b"\x09Q039\x01", b"\xc3Q046\x5012345678\0\0\0\x01"])
def test_a_hello_of_before_the_standard_is_read_once(header: bytes) -> None:
    packet = header + b"sum of 12 by" + b"\xa0\x01\x04\x00" + own(b"early.example")
    assert told(packet, packet) == ["early.example"]
    assert told(packet[:60], packet) == ["early.example"]
    assert told(header + b"CHLO") == []
    assert told(packet.replace(b"SNI\0", b"UAID")) == [None]


def test_a_hello_of_before_the_standard_is_read_where_it_is_sealed() -> None:
    frame = b"\x08" + made.wide(0) + made.wide(len(own(b"early.example"))) + own(b"early.example")
    assert told(made.initial(frame, version=Q050)) == ["early.example"]


def test_a_version_nobody_knows_tells_nothing() -> None:
    known = made.initial(b"".join(made.crypto(HELLO)))
    assert told(known[:1] + b"\x0a\x0a\x0a\x0a" + known[5:], b"\xc0\0\0\0\0" + known[5:]) == []


@given(st.lists(st.integers(1, len(HELLO) - 1), unique=True, max_size=12).map(sorted), st.randoms(use_true_random=False))
@examples(30)
def test_a_hello_is_read_in_any_pieces_and_order(cuts: list[int], chance: object) -> None:
    pieces = made.crypto(HELLO, *cuts)
    chance.shuffle(pieces)  # type: ignore[attr-defined]
    assert told(*(made.initial(b"\x01" + piece, number) for number, piece in enumerate(pieces))) == ["late.example"]
    acknowledged = b"\x02\x05\x00\x01\x00\x00\x01" + b"\x03\x05\x00\x00\x00\x01\x01\x01"
    assert told(made.initial(acknowledged + b"".join(pieces))) == ["late.example"]


def test_a_connection_is_told_once_however_often_it_is_sent() -> None:
    whole = made.initial(b"".join(made.crypto(HELLO)))
    assert told(whole, whole) == ["late.example"]
    assert told(whole + whole) == ["late.example"]
    assert told(whole, made.initial(b"".join(made.crypto(HELLO)), chosen=b"another day")) == ["late.example"] * 2
    hellos = Hellos()
    both = [*sent(whole), *sent(whole, port=40_001)]
    assert [name for one in both for name in hellos.names(one)] == ["late.example"] * 2


def test_a_hello_without_a_name_is_a_visit_to_an_address() -> None:
    assert told(made.initial(b"".join(made.crypto(made.hello(None)[5:])))) == [None]


def test_keys_last_when_the_server_names_the_connection_and_end_when_it_asks_to_begin_anew() -> None:
    first, second = made.crypto(HELLO, 400)
    keys = client_keys(made.V1, b"chosen by the client")
    assert told(made.initial(first), made.initial(second, 1, chosen=b"by the server", keys=keys)) == ["late.example"]
    assert told(made.initial(first), made.initial(first + second, 1, chosen=b"after a retry")) == ["late.example"]
    assert told(made.initial(first), made.initial(second, 1, chosen=b"after a retry")) == []


def test_packets_beside_it_in_a_datagram_are_passed_over() -> None:
    whole = made.initial(b"".join(made.crypto(HELLO)))
    early = bytes([0xD0]) + whole[1 : whole.index(b"\x05token")] + made.wide(20) + bytes(20)
    assert told(early + whole) == told(whole + early) == ["late.example"]


def test_what_was_changed_on_the_way_tells_nothing() -> None:
    whole = made.initial(b"".join(made.crypto(HELLO)))
    for at in range(0, len(whole), 7):
        changed = bytes([*whole[:at], whole[at] ^ 0x10, *whole[at + 1 :]])
        assert told(changed) == [], at
    assert all(told(whole[:size]) == [] for size in range(0, len(whole), 13))


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes_tell_nothing_and_raise_nothing(start: bytes, frames: bytes) -> None:
    assert told(start, b"\xc0\0\0\0\x01" + start, b"\xc0\0\0\0\x01\0\0\0\x40\x30" + start) == []
    assert told(made.initial(b"\x06" + frames)) in ([], [None])


def test_a_capture_tells_it_beside_other_names() -> None:
    quic = made.udp(DESK, 40_001, SERVER, 443, made.initial(b"".join(made.crypto(HELLO))))
    events = read_bytes(made.pcap([quic, quic], made.RAW), name="made.pcap")[1]
    assert events.select("source_ip", "destination_ip", "destination_domain").rows() == [(DESK, SERVER, "late.example")]
