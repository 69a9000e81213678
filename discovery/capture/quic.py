"""The name a QUIC client asks for: its first packets hold a TLS hello, sealed with keys that whoever sees them can derive (RFC 9001, section 5.2).

Before the standard, Google's versions had a hello of their own, `CHLO`, at first in the clear (“QUIC Crypto”, Langley and Chang; Chromium's sources).
"""

import hmac
import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from discovery.capture.layers import Segment
from discovery.capture.names import LONGEST_HELLO, MOST_FLOWS, hello_name


class _Version(NamedTuple):
    """How a version derives the first keys, and what type its Initial packets and its hello's frames have; that of a Retry is the packets' before."""

    salt: bytes
    label: str
    initial: int = 0
    crypto: int = 6


_V1: Final = _Version(bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"), "quic")
_DRAFT: Final = _Version(bytes.fromhex("afbfec289993d24c9e9786f19c6111e04390a899"), "quic")
#: RFC 9001, section 5.2; RFC 9369, section 3; the last drafts (29 to 34), which some devices still speak.
_VERSIONS: Final = {
    0x00000001: _V1,
    0x6B3343CF: _Version(bytes.fromhex("0dede3def700a6db819381be6e269dcbf9bd2ed9"), "quicv2", 1),
    0x51303530: _Version(bytes.fromhex("504574efd066fe2f9d945cfcdbd3a7f0d3b56b45"), "quic", crypto=8),  # Q050
    **{0xFF000000 + draft: _DRAFT if draft <= 32 else _V1 for draft in range(29, 35)},  # noqa: PLR2004 (draft 33 has the salt of the RFC)
}

_LONG: Final = 0x80
_PADDING, _PING, _ACK, _ACK_ECN = 0, 1, 2, 3

# Google's hello: where it stands in the clear, behind the version and a sum of the packet; its tag, the number of its values, and for each a tag and
# where the value ends.
_CLEAR: Final = re.compile(rb"[\x00-\xff](?:[\x00-\xff]{8})?Q0[234]\d[\x00-\xff]{0,64}?(?=CHLO)")
_OWN, _SITE = b"CHLO", b"SNI\0"
_TABLE, _ENTRY = 8, 8
_NO_KEYS: Final = (b"", b"", b"")
#: Pieces of one hello; clients that shuffle theirs send some dozens.
_MOST_PIECES: Final = 1_000


class Keys(NamedTuple):
    """What a client's Initial packets are sealed with (RFC 9001, section 5.1)."""

    key: bytes
    iv: bytes
    header: bytes


class _Packet(NamedTuple):
    """An Initial packet in a datagram: where it begins, where its number stands, and where it ends."""

    keys: Keys
    start: int
    number: int
    end: int
    crypto: int


@dataclass(slots=True)
class _Begun:
    """What came so far of a connection's hello, by offset; `done` once its name was told."""

    keys: Keys
    pieces: dict[int, bytes] = field(default_factory=dict)
    done: bool = False

    def add(self, offset: int, data: bytes) -> None:
        if offset + len(data) <= LONGEST_HELLO and (offset in self.pieces or len(self.pieces) < _MOST_PIECES):
            self.pieces[offset] = max(data, self.pieces.get(offset, b""), key=len)

    def together(self) -> bytes:
        """The hello up to its first missing byte."""
        whole = b""
        for offset, data in sorted(self.pieces.items()):
            if offset > len(whole):
                break
            whole += data[len(whole) - offset :]
        return whole


@dataclass(slots=True)
class Hellos:
    """The hellos of QUIC clients, over as many packets as they need and in any order; the oldest is forgotten when there are too many."""

    _begun: OrderedDict[tuple[object, ...], _Begun] = field(default_factory=OrderedDict)

    def names(self, segment: Segment) -> list[str | None]:
        """The name asked for, once for each connection, when this datagram makes its hello whole; None where the hello has none."""
        clear = _CLEAR.match(segment.data)
        if clear is not None:
            return self._in_the_clear(segment, segment.data[clear.end() :])
        try:
            packets = list(_initials(segment.data))
            for packet in packets:
                self._take(segment, packet)
        except IndexError:  # shorter than its own lengths say
            return []
        begun = self._begun.get(segment.flow) if packets else None
        if begun is None or begun.done:
            return []
        hello = begun.together()
        name, whole = (_own_name if hello.startswith(_OWN) else hello_name)(hello)
        if name is None and not whole:
            return []
        begun.done, begun.pieces = True, {}
        return [name]

    def _in_the_clear(self, segment: Segment, hello: bytes) -> list[str | None]:
        """The name in a hello that is not sealed; the client says it again once it knows the server's keys."""
        name, whole = _own_name(hello)
        if segment.flow in self._begun or not whole:
            return []
        self._begin(segment, Keys(*_NO_KEYS)).done = True
        return [name]

    def _take(self, segment: Segment, packet: _Packet) -> None:
        """Add what a packet holds of its connection's hello.

        The keys stay those of the first packet, though the client then takes the name that the server chose; but a server may ask to begin anew.
        """
        begun = self._begun.get(segment.flow)
        if begun is not None and begun.done and packet.keys == begun.keys:
            return  # sent again
        for keys in dict.fromkeys([packet.keys] if begun is None or begun.done else [begun.keys, packet.keys]):
            opened = _opened(segment.data, packet, keys)
            if opened is not None:
                if begun is None or keys != begun.keys:
                    begun = self._begin(segment, keys)
                for offset, data in _crypto(opened, packet.crypto):
                    begun.add(offset, data)
                return

    def _begin(self, segment: Segment, keys: Keys) -> _Begun:
        self._begun[segment.flow] = begun = _Begun(keys)
        if len(self._begun) > MOST_FLOWS:
            self._begun.popitem(last=False)
        return begun


@lru_cache(maxsize=1_000)
def client_keys(version: int, connection: bytes) -> Keys:
    """The keys of a client's Initial packets, from the version and the connection's name as the client chose it."""
    salt, label, *_ = _VERSIONS[version]
    secret = _expanded(hmac.digest(salt, connection, "sha256"), "client in", 32)
    return Keys(_expanded(secret, f"{label} key", 16), _expanded(secret, f"{label} iv", 12), _expanded(secret, f"{label} hp", 16))


def _expanded(secret: bytes, label: str, size: int) -> bytes:
    """HKDF-Expand-Label (RFC 8446, section 7.1) with SHA-256, for no more than one hash."""
    named = f"tls13 {label}".encode()
    return hmac.digest(secret, size.to_bytes(2) + bytes([len(named)]) + named + b"\0\x01", "sha256")[:size]


def _initials(data: bytes) -> Iterator[_Packet]:
    """The Initial packets of a datagram, which may carry others beside them (RFC 9000, sections 12.2 and 17.2)."""
    at = 0
    while at + 7 <= len(data) and data[at] & _LONG:
        start, number = at, int.from_bytes(data[at + 1 : at + 5])
        version, kind = _VERSIONS.get(number), data[at] >> 4 & 3
        if version is None or kind == (version.initial - 1) % 4:
            return
        connection, at = _short(data, at + 5)
        _, at = _short(data, at)
        if kind == version.initial:
            token, at = _integer(data, at)
            at += token
        length, at = _integer(data, at)
        if kind == version.initial and at + length <= len(data):
            yield _Packet(client_keys(number, connection), start, at, at + length, version.crypto)
        at += length


def _opened(data: bytes, packet: _Packet, keys: Keys) -> bytes | None:
    """The frames of a packet, None where it was not sealed with these keys (RFC 9001, sections 5.3 and 5.4)."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 (slow to load, and few logs are captures)
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    sample = data[packet.number + 4 : packet.number + 20]
    if packet.number + 20 > packet.end:
        return None
    mask = Cipher(algorithms.AES(keys.header), modes.ECB()).encryptor().update(sample)  # noqa: S305 (as the standard has it)
    first = data[packet.start] ^ mask[0] & 0x0F
    body = packet.number + (first & 3) + 1
    number = int.from_bytes(data[packet.number : body]) ^ int.from_bytes(mask[1 : 1 + body - packet.number])
    header = bytes([first]) + data[packet.start + 1 : packet.number] + number.to_bytes(body - packet.number)
    nonce = (int.from_bytes(keys.iv) ^ number).to_bytes(len(keys.iv))
    try:
        return AESGCM(keys.key).decrypt(nonce, data[body : packet.end], header)
    except InvalidTag:
        return None


def _crypto(frames: bytes, crypto: int) -> Iterator[tuple[int, bytes]]:
    """Offset and bytes of each piece of the hello (RFC 9000, section 19), which is in frames of this type."""
    at = 0
    while at < len(frames):
        kind, at = frames[at], at + 1
        if kind == _PADDING:
            at = len(frames) - len(frames[at:].lstrip(b"\0"))
        elif kind in (_ACK, _ACK_ECN):
            _, at = _integer(frames, at)
            _, at = _integer(frames, at)
            ranges, at = _integer(frames, at)
            for _ in range(1 + 2 * ranges + 3 * (kind == _ACK_ECN)):
                _, at = _integer(frames, at)
        elif kind == crypto:
            offset, at = _integer(frames, at)
            length, at = _integer(frames, at)
            yield offset, frames[at : at + length]
            at += length
        elif kind != _PING:
            return


def _own_name(hello: bytes) -> tuple[str | None, bool]:
    """The name in a hello of Google's, and whether it is there to the end of its name."""
    count = int.from_bytes(hello[4:6], "little")
    values, begin = _TABLE + _ENTRY * count, 0
    for at in range(_TABLE, values, _ENTRY):
        end = int.from_bytes(hello[at + 4 : at + _ENTRY], "little")
        if hello[at : at + 4] == _SITE:
            return hello[values + begin : values + end].decode("ascii", errors="replace") or None, values + end <= len(hello)
        begin = end
    return None, values + begin <= len(hello)


def _short(data: bytes, at: int) -> tuple[bytes, int]:
    """Bytes with their number before them, and where they end."""
    end = at + 1 + data[at]
    return data[at + 1 : end], end


def _integer(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to eight bytes, and where it ends (RFC 9000, section 16)."""
    size = 1 << (data[at] >> 6)
    if at + size > len(data):
        raise IndexError
    return int.from_bytes(data[at : at + size]) & (1 << 8 * size - 2) - 1, at + size
