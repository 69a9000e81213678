"""Names out of what packets carry: a TLS client's hello, the head of an HTTP request, DNS over TCP, over as many segments as they need."""

import re
import struct
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from discovery.capture.layers import Segment

_HANDSHAKE, _CLIENT_HELLO, _SERVER_NAME = 22, 1, 0
#: Bytes of a hello, and connections whose beginnings are kept.
LONGEST_HELLO: Final = 1 << 16
MOST_FLOWS: Final = 4_096
_REQUEST: Final = re.compile(rb"(?:GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH|CONNECT) (\S+) HTTP/1\.[01]\r\n")
_HOST: Final = re.compile(rb"\r\nhost:[ \t]*([^\r\n]{1,300})", re.IGNORECASE)


@dataclass(slots=True)
class Flows:
    """The beginnings of connections that need more than one segment; the oldest is forgotten when there are too many.

    A segment that is not the next one in order ends what was kept of its connection: what is lost stays lost.
    """

    _waiting: OrderedDict[tuple[object, ...], tuple[int, bytes]] = field(default_factory=OrderedDict)

    def go_on(self, segment: Segment) -> bool:
        """Whether something of the connection waits."""
        return segment.flow in self._waiting

    def joined(self, segment: Segment) -> bytes:
        """What waits of the connection and this segment."""
        expected, before = self._waiting.pop(segment.flow, (segment.sequence, b""))
        return before + segment.data if expected == segment.sequence else segment.data

    def wait(self, segment: Segment, data: bytes) -> None:
        """Keep what has come so far until the next segment."""
        if data and segment.sequence is not None and len(data) <= LONGEST_HELLO:
            self._waiting[segment.flow] = ((segment.sequence + len(segment.data)) % 2**32, data)
            if len(self._waiting) > MOST_FLOWS:
                self._waiting.popitem(last=False)


def messages(data: bytes) -> tuple[list[bytes], bytes]:
    """Whole DNS messages with their lengths before them (RFC 1035, section 4.2.2), and what is left of the last."""
    found, at = [], 0
    while at + 2 <= len(data) and (end := at + 2 + int.from_bytes(data[at : at + 2])) <= len(data):
        found.append(data[at + 2 : end])
        at = end
    return found, data[at:]


def is_hello(data: bytes) -> bool:
    """Whether a TLS client begins to speak."""
    return len(data) > 5 and data[0] == _HANDSHAKE and data[1] == 3 and data[5] == _CLIENT_HELLO  # noqa: PLR2004 (record and message header)


def server_name(data: bytes) -> tuple[str | None, bool]:
    """The name a TLS client asks for in its first records, and whether its hello is all there."""
    return hello_name(_handshake(data))


def hello_name(hello: bytes) -> tuple[str | None, bool]:
    """The name in a hello (RFC 8446, section 4.1.2; RFC 6066, section 3), and whether it is all there."""
    try:
        size = 4 + int.from_bytes(hello[1:4])
        at = 38 + 1 + hello[38]  # message header, version, random; session
        at += 2 + int(struct.unpack_from(">H", hello, at)[0])  # cipher suites
        at += 1 + hello[at]  # compression
        end = at + 2 + int(struct.unpack_from(">H", hello, at)[0])
        at += 2
        while at + 4 <= min(end, size):
            kind, length = struct.unpack_from(">HH", hello, at)
            if kind == _SERVER_NAME and at + 4 + length <= len(hello):
                return _listed(hello[at + 4 : at + 4 + length]), True
            at += 4 + length
    except (struct.error, IndexError):
        return None, False
    return None, len(hello) >= min(size, end)


def _listed(names: bytes) -> str | None:
    """The host name in a list of names."""
    if len(names) < 5 or names[2] != 0:  # noqa: PLR2004 (list length, type, name length)
        return None
    return names[5 : 5 + int.from_bytes(names[3:5])].decode("ascii", errors="replace") or None


def _handshake(data: bytes) -> bytes:
    """The handshake bytes of TLS records."""
    parts, at = [], 0
    while at + 5 <= len(data) and data[at] == _HANDSHAKE:
        length = int.from_bytes(data[at + 3 : at + 5])
        parts.append(data[at + 5 : at + 5 + length])
        at += 5 + length
    return b"".join(parts)


def requested(data: bytes) -> str | None:
    """The host that an HTTP/1 request is for, None where these bytes begin no such request."""
    found = _REQUEST.match(data[:8192])
    if found is None:
        return None
    host = _HOST.search(data[:8192])
    if found[0].startswith(b"CONNECT") or (b"://" in found[1] and host is None):
        return found[1].decode("latin-1")
    return host[1].strip().decode("latin-1") if host else None
