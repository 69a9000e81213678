"""DNS messages as they travel: the question of each, what was answered, and which answers belong to a question that was seen."""

import base64
import binascii
import socket
import struct
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import dns.exception
import dns.wire
import polars as pl

_RESPONSE, _OPCODE, _RCODE = 0x8000, 0x7800, 0x000F
_MOST_OPEN: Final = 100_000
_A, _AAAA, _CNAME = 1, 28, 5  # types of records (RFC 1035, 3596)
_MOST_RECORDS: Final = 100
_POINTER: Final = 0xC0  # a name that goes on elsewhere (RFC 1035, section 4.1.4)


@dataclass(frozen=True, slots=True)
class Message:
    """What is needed of a message.

    Attributes:
        name: the name in its question, without the dot at the end.
        answer: whether it answers that question.
        rcode: of an answer (https://www.iana.org/assignments/dns-parameters, RCODEs).
    """

    number: int
    name: str
    answer: bool
    rcode: int


def message(data: bytes) -> Message | None:
    """A message with a question, None where there is none: another operation, cut short, or no DNS at all."""
    try:
        number, flags, questions = struct.unpack_from(">HHH", data)
        if flags & _OPCODE or not questions:
            return None
        name = dns.wire.Parser(data, 12).get_name().to_text(omit_final_dot=True)
    except (struct.error, dns.exception.DNSException):
        return None
    return Message(number, name, bool(flags & _RESPONSE), flags & _RCODE)


def answered(data: bytes) -> list[str]:
    """Addresses and other names in the answer of a message, in their order; as far as it is whole, and empty where it is none."""
    said: list[str] = []
    try:
        flags, questions, records = struct.unpack_from(">HHH", data, 2)
        at = 12
        for _ in range(min(questions, _MOST_RECORDS)):
            at = _behind_name(data, at) + 4
        for _ in range(min(records, _MOST_RECORDS) if flags & _RESPONSE else 0):
            at = _behind_name(data, at)
            kind, length = struct.unpack_from(">H6xH", data, at)
            at += 10 + length
            if at > len(data):
                break
            if (kind, length) in ((_A, 4), (_AAAA, 16)):
                said.append(socket.inet_ntop(socket.AF_INET if kind == _A else socket.AF_INET6, data[at - length : at]))
            elif kind == _CNAME:
                said.append(dns.wire.Parser(data, at - length).get_name().to_text(omit_final_dot=True))
    except (struct.error, IndexError, dns.exception.DNSException):
        pass
    return said


def _behind_name(data: bytes, at: int) -> int:
    """Where what follows a name begins."""
    while (length := data[at]) and length < _POINTER:
        at += length + 1
    return at + (2 if length else 1)


def answered_in(messages: pl.Expr) -> pl.Expr:
    """What messages in base64 answer, as lists."""
    return messages.map_batches(
        lambda column: pl.Series([_decoded(text) for text in column], dtype=pl.List(pl.String)), return_dtype=pl.List(pl.String)
    )


def _decoded(text: str | None) -> list[str]:
    try:
        return answered(base64.b64decode(text or "", validate=True))
    except (binascii.Error, ValueError):
        return []


class Questions:
    """Remembers the last questions, so that an answer counts only where its question was not seen."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[object, ...], None] = OrderedDict()

    def known(self, client: object, found: Message) -> bool:
        """Whether a message answers a question seen before; a question is remembered."""
        key = (client, found.number, found.name.lower())
        if found.answer:
            return key in self._open
        self._open[key] = None
        if len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)
        return False
