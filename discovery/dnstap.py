"""dnstap files: Frame Streams (https://farsightsec.github.io/fstrm/) of protocol buffers (https://dnstap.info, dnstap.proto).

Fields are read by number; what is not known is passed over. Lengths are checked before anything is taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from discovery.capture.layers import address
from discovery.capture.source import ByteSource
from discovery.dnswire import Questions, answered, message
from discovery.kinds.records import Content, Opened, Records, Row, batches

_ESCAPE: Final = bytes(4)
_START, _STOP, _READY = 2, 3, 4
_CONTENT: Final = b"protobuf:dnstap.Dnstap"
_LARGEST_CONTROL: Final = 1 << 12
_LARGEST_FRAME: Final = 1 << 20
_MESSAGE: Final = 14  # of Dnstap
_TYPE, _QUERY_ADDRESS, _RESPONSE_ADDRESS, _QUERY_PORT = 1, 4, 5, 6  # of Message
_QUERY_SECONDS, _QUERY_NANOS, _QUERY, _RESPONSE_SECONDS, _RESPONSE_NANOS, _RESPONSE = 8, 9, 10, 12, 13, 14
_CLIENT_QUERY, _CLIENT_RESPONSE = 5, 6
_SIZES: Final = {1: 8, 5: 4}  # wire types of fixed length
_VARINT, _BYTES = 0, 2
_LONGEST_VARINT: Final = 10
_ADDRESSES: Final = (4, 16)
_NAMES: Final = ("time", "what", "client", "name", "rcode", "session", "said")

Fields = dict[int, int | bytes]


@dataclass(frozen=True, slots=True)
class Dnstap(Records):
    """Messages as fields.

    `what` is `question`, `answer` (to a question in the file), `unasked` (an answer whose question is not there) or `server` (not a client's).
    """

    def begins(self, start: bytes) -> bool:
        """See `Records`."""
        kind = int.from_bytes(start[8:12])
        return start.startswith(_ESCAPE) and kind in (_START, _READY) and _CONTENT in start[:_LARGEST_CONTROL]

    def open(self, content: Content) -> Opened:
        """See `Records`."""
        questions = Questions()
        return Opened(_NAMES, batches(_row(frame, questions) for frame in _frames(ByteSource(content.chunks))))


def _frames(source: ByteSource) -> Iterator[bytes | None]:
    """Data frames; None for one that is not whole."""
    while head := source.take(4):
        control = head == _ESCAPE
        length = int.from_bytes(source.take(4) if control else head)
        body = source.take(length) if length <= (_LARGEST_CONTROL if control else _LARGEST_FRAME) else b""
        if len(body) < length or len(head) < len(_ESCAPE):
            yield None
            return
        if not control:
            yield body
        elif int.from_bytes(body[:4]) == _STOP:
            return


def _row(frame: bytes | None, questions: Questions) -> Row | None:
    outer = None if frame is None else _fields(frame)
    inner = outer.get(_MESSAGE) if outer else None
    said = _fields(inner) if isinstance(inner, bytes) else None
    if said is None:
        return None
    kind = said.get(_TYPE)
    if kind not in (_CLIENT_QUERY, _CLIENT_RESPONSE):
        return None, "server", None, None, None, None, None
    answer = kind == _CLIENT_RESPONSE
    found = message(_octets(said, _RESPONSE if answer else _QUERY))
    client, port = _octets(said, _QUERY_ADDRESS), _number(said, _QUERY_PORT) or 0
    if found is None or len(client) not in _ADDRESSES:
        return None
    known = questions.known((client, port), found)
    what = "question" if not answer else "answer" if known else "unasked"
    session = f"{address(client)} {port} {found.number} {found.name.lower()}"
    addresses = " ".join(answered(_octets(said, _RESPONSE))) or None if answer else None
    return _time(said, answer=answer), what, address(client), found.name, str(found.rcode), session, addresses


def _octets(said: Fields, number: int) -> bytes:
    value = said.get(number)
    return value if isinstance(value, bytes) else b""


def _number(said: Fields, number: int) -> int | None:
    value = said.get(number)
    return value if isinstance(value, int) else None


def _time(said: Fields, *, answer: bool) -> str | None:
    for seconds, nanos in ((_RESPONSE_SECONDS, _RESPONSE_NANOS), (_QUERY_SECONDS, _QUERY_NANOS)) if answer else ((_QUERY_SECONDS, _QUERY_NANOS),):
        if (whole := _number(said, seconds)) is not None:
            return f"{whole}.{int.from_bytes(_octets(said, nanos), 'little') // 1000:06}"
    return None


def _fields(data: bytes) -> Fields | None:
    """Number -> value of the fields of a protocol buffer (the last of each counts), None where it is damaged."""
    found: Fields = {}
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        wire = key & 7
        if wire == _VARINT:
            found[key >> 3], at = _varint(data, at)
            continue
        size, at = _varint(data, at) if wire == _BYTES else (_SIZES.get(wire, -1), at)
        if size < 0 or at + size > len(data):
            return None
        found[key >> 3], at = data[at : at + size], at + size
    return found if at == len(data) else None


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number in base 128, and where it ends; past the end where it is cut short."""
    value = 0
    for shift, byte in enumerate(data[at : at + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << 7 * shift
        if byte < 0x80:  # noqa: PLR2004 (the last of the number)
            return value, at + shift + 1
    return value, len(data) + 1
