"""Builds what binary samples are made of: DNS messages, TLS hellos, packets, captures and dnstap frames."""

import ipaddress
import struct
from collections.abc import Iterable

import dns.message
import dns.rcode
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from discovery.capture.quic import Keys, client_keys

NINE = 1_795_078_800  # 2026-11-19 09:00 UTC
ETHERNET, RAW, LOOPBACK, COOKED, COOKED_2 = 1, 101, 0, 113, 276


def query(name: str, number: int = 7, kind: str = "A", *, edns: bool = True) -> bytes:
    return dns.message.make_query(name, kind, use_edns=edns, id=number).to_wire()


def answer(asked: bytes, rcode: dns.rcode.Rcode = dns.rcode.NOERROR) -> bytes:
    response = dns.message.make_response(dns.message.from_wire(asked))
    response.set_rcode(rcode)
    return response.to_wire()


def prefixed(message: bytes) -> bytes:
    return len(message).to_bytes(2) + message


def hello(name: str | None, padding: int = 0) -> bytes:
    """A TLS client's hello; the name stands behind an extension of so many bytes."""
    extensions = struct.pack(">HH", 21, padding) + bytes(padding)
    if name is not None:
        listed = b"\0" + prefixed(name.encode())
        extensions += struct.pack(">HH", 0, len(listed) + 2) + prefixed(listed)
    body = b"\x03\x03" + bytes(32) + b"\0" + prefixed(b"\x13\x01") + b"\x01\0" + prefixed(extensions)
    return b"\x16\x03\x01" + prefixed(b"\x01" + len(body).to_bytes(3) + body)


V1, V2 = 1, 0x6B3343CF


def crypto(hello: bytes, *cuts: int) -> list[bytes]:
    """A hello (without the header of its record) in frames of QUIC, cut at these places."""
    ends = (*cuts, len(hello))
    return [b"\x06" + wide(start) + wide(end - start) + hello[start:end] for start, end in zip((0, *cuts), ends, strict=True)]


def wide(value: int) -> bytes:
    return (0x4000 | value).to_bytes(2)


def initial(frames: bytes, number: int = 0, *, version: int = V1, chosen: bytes = b"chosen by the client", keys: Keys | None = None) -> bytes:
    """An Initial packet of a QUIC client, padded to 1,200 bytes; `keys` are those of the connection's first packet, where it goes on."""
    keys = keys or client_keys(version, chosen)
    frames = frames.ljust(1_150, b"\0")
    first = 0xC0 | (0x10 if version == V2 else 0) | 1  # a number of two bytes
    header = bytes([first]) + version.to_bytes(4) + bytes([len(chosen)]) + chosen + b"\x02me" + b"\x05token" + wide(2 + len(frames) + 16)
    nonce = (int.from_bytes(keys.iv) ^ number).to_bytes(12)
    sealed = AESGCM(keys.key).encrypt(nonce, frames, header + number.to_bytes(2))
    mask = Cipher(algorithms.AES(keys.header), modes.ECB()).encryptor().update(sealed[2:18])  # noqa: S305 (as the standard has it)
    hidden = (number ^ int.from_bytes(mask[1:3])).to_bytes(2)
    return bytes([first ^ mask[0] & 0x0F]) + header[1:] + hidden + sealed


def udp(source: str, port: int, destination: str, other_port: int, data: bytes) -> bytes:
    return ip(source, destination, 17, struct.pack(">HHHH", port, other_port, 8 + len(data), 0) + data)


def tcp(source: str, port: int, destination: str, other_port: int, data: bytes, sequence: int = 1, flags: int = 24) -> bytes:
    return ip(source, destination, 6, struct.pack(">HHIIBBHHH", port, other_port, sequence, 1, 5 << 4, flags, 1024, 0, 0) + data)


def ip(source: str, destination: str, protocol: int, data: bytes) -> bytes:
    one, other = ipaddress.ip_address(source).packed, ipaddress.ip_address(destination).packed
    if len(one) == 4:
        return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(data), 0, 0, 64, protocol, 0) + one + other + data
    return struct.pack(">IHBB", 6 << 28, len(data), protocol, 64) + one + other + data


def ethernet(packet: bytes, *tags: int) -> bytes:
    kind = b"\x08\x00" if packet[0] >> 4 == 4 else b"\x86\xdd"
    return bytes.fromhex("020000000001 020000000010") + b"".join(struct.pack(">HH", 0x8100, tag) for tag in tags) + kind + packet


def cooked(packet: bytes) -> bytes:
    return bytes(14) + b"\x08\x00" + packet


def cooked_2(packet: bytes) -> bytes:
    return b"\x08\x00" + bytes(18) + packet


def pcap(packets: Iterable[bytes], link: int = ETHERNET, order: str = "<", *, nanos: bool = False) -> bytes:
    """A classic capture, a packet a second."""
    magic = 0xA1B23C4D if nanos else 0xA1B2C3D4
    records = (struct.pack(f"{order}IIII", NINE + n, 250_000 * (1000 if nanos else 1), len(one), len(one)) + one for n, one in enumerate(packets))
    return struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 65535, link) + b"".join(records)


def pcapng(packets: Iterable[bytes], link: int = ETHERNET, order: str = "<", resolution: int = 9) -> bytes:
    """A capture of the newer kind, with a block of statistics and one that nobody knows."""
    section = block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order)
    options = struct.pack(f"{order}HHBxxxHH", 9, 1, resolution, 0, 0)
    content = section + block(1, struct.pack(f"{order}HHI", link, 0, 0) + options, order) + block(0xBAD, b"what", order)
    for n, one in enumerate(packets):
        ticks = (NINE + n) * 10**resolution
        content += block(6, struct.pack(f"{order}IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, len(one), len(one)) + one + bytes(-len(one) % 4), order)
    return content + block(5, struct.pack(f"{order}III", 0, 0, 0), order)


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    size = struct.pack(f"{order}I", len(body) + 12)
    return struct.pack(f"{order}I", kind) + size + body + size


def varint(value: int) -> bytes:
    return bytes([value & 0x7F | 0x80]) + varint(value >> 7) if value > 0x7F else bytes([value])


def number(place: int, value: int) -> bytes:
    return varint(place << 3) + varint(value)


def octets(place: int, value: bytes) -> bytes:
    return varint(place << 3 | 2) + varint(len(value)) + value


def tapped(kind: int, client: str, message: bytes, *, second: int = 0) -> bytes:
    """A dnstap frame of a message type; even types are responses."""
    response = kind % 2 == 0
    inner = number(1, kind) + number(2, 1) + number(3, 1) + octets(4, ipaddress.ip_address(client).packed) + number(6, 40_000)
    inner += number(12 if response else 8, NINE + second) + varint((13 if response else 9) << 3 | 5) + struct.pack("<I", 250_000_000)
    return octets(1, b"resolver") + octets(14, inner + octets(14 if response else 10, message)) + number(15, 1)


def dnstap(frames: Iterable[bytes]) -> bytes:
    kind = b"protobuf:dnstap.Dnstap"
    start = struct.pack(">III", 2, 1, len(kind)) + kind
    whole = bytes(4) + len(start).to_bytes(4) + start + b"".join(len(frame).to_bytes(4) + frame for frame in frames)
    return whole + bytes(4) + struct.pack(">II", 4, 3)
