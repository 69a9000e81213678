"""The records of a capture: each packet, or each DNS message of a packet that carries several."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from discovery.capture.files import DAMAGED, MAGICS, Packet, packets
from discovery.capture.layers import LINKS, Segment, address, segment
from discovery.capture.names import Flows, is_hello, messages, requested, server_name
from discovery.capture.quic import Hellos
from discovery.capture.source import ByteSource
from discovery.dnswire import Questions, answered, message
from discovery.kinds.records import Content, Opened, Records, Row, batches

_DNS: Final = 53
_NAMES: Final = ("time", "what", "client", "server", "name", "rcode", "session", "said")
_NOTHING: Final = (None,) * 6


@dataclass(frozen=True, slots=True)
class Capture(Records):
    """Packets of a capture as fields.

    `what` is `question`, `answer` (to a question in the capture), `unasked` (an answer whose question is not there), `hello` (of a TLS or QUIC
    client), `request` (HTTP/1), `link` (a link layer that is not read) or `other`.
    """

    def begins(self, start: bytes) -> bool:
        """See `Records`."""
        return start.startswith(MAGICS)

    def open(self, content: Content) -> Opened:
        """See `Records`."""
        found = _Reader()
        rows = (row for packet in packets(ByteSource(content.chunks)) for row in found.rows(packet))
        return Opened(_NAMES, batches(rows))


@dataclass(slots=True)
class _Reader:
    """What has to be remembered from packet to packet."""

    flows: Flows = field(default_factory=Flows)
    hellos: Hellos = field(default_factory=Hellos)
    questions: Questions = field(default_factory=Questions)

    def rows(self, packet: Packet) -> Iterator[Row | None]:
        if packet is DAMAGED:
            yield None
            return
        time = None if packet.time is None else f"{packet.time // 10**6}.{packet.time % 10**6:06}"
        if packet.link not in LINKS:
            yield time, "link", *_NOTHING
            return
        carried = segment(packet.link, packet.data)
        said = self._said(carried) if carried is not None and carried.data else []
        for row in said or [("other", *_NOTHING)]:
            yield time, *row

    def _said(self, carried: Segment) -> list[tuple[str | None, ...]]:
        if _DNS in (carried.source_port, carried.destination_port):
            found = [carried.data]
            if carried.sequence is not None:
                found, rest = messages(self.flows.joined(carried))
                self.flows.wait(carried, rest)
            return [row for data in found if (row := self._message(carried, data))]
        if carried.sequence is None:
            return [self._named("hello", carried, name) for name in self.hellos.names(carried)]
        return self._connection(carried)

    def _message(self, carried: Segment, data: bytes) -> tuple[str | None, ...] | None:
        found = message(data)
        if found is None:
            return None
        source, port, destination, other_port = carried.flow
        client, server, number = (destination, source, other_port) if found.answer else (source, destination, port)
        known = self.questions.known((client, number), found)
        what = "question" if not found.answer else "answer" if known else "unasked"
        session = f"{address(client)} {number} {found.number} {found.name.lower()}"
        said = " ".join(answered(data)) or None if found.answer else None
        return what, address(client), address(server), found.name, str(found.rcode), session, said

    def _connection(self, carried: Segment) -> list[tuple[str | None, ...]]:
        name, what = requested(carried.data), "request"
        if name is None:
            if not is_hello(carried.data) and not self.flows.go_on(carried):
                return []
            data = self.flows.joined(carried)
            name, whole = server_name(data)
            if name is None and not whole:
                self.flows.wait(carried, data)
                return []
            what = "hello"
        return [self._named(what, carried, name)]

    def _named(self, what: str, carried: Segment, name: str | None) -> tuple[str | None, ...]:
        return what, address(carried.source), address(carried.destination), name, None, None, None
