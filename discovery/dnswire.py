"""DNS messages as they travel: the question of each, and which answers belong to a question that was seen."""

import struct
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import dns.exception
import dns.wire

_RESPONSE, _OPCODE, _RCODE = 0x8000, 0x7800, 0x000F
_MOST_OPEN: Final = 100_000


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
