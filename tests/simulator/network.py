"""What a network device can see of requests: names looked up past a cache, connections that are used again, tunnels with their bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from zlib import crc32

from tests.simulator.dice import dice
from tests.simulator.traffic import Day, Request

TTL = (20, 60, 60, 60, 300, 300, 300, 300, 3600)  # how long answers are kept
IDLE = (60, 60, 75, 75, 240, 300)  # how long a connection without requests stays open
OLDEST = (600, 1200, 1800, 3600)  # how long a connection is kept at most, by its server or by the network
HTTPS_RECORD = 0.8  # share of look-ups that also ask for the HTTPS record
RETRY, SUFFIX = 0.02, 0.03


@dataclass(frozen=True)
class Query:
    """A name asked for, as the firm's resolver sees it."""

    at: float
    day: Day
    host: str
    kind: str


@dataclass
class Connection:
    """A connection to a host, with the bytes of the requests that shared it."""

    day: Day
    host: str
    start: float
    end: float
    up: int
    down: int


def address(host: str) -> str:
    """An address for a host, always the same, from the networks set aside for documentation (RFC 5737)."""
    number = crc32(host.encode())
    return f"{('192.0.2', '198.51.100', '203.0.113')[number % 3]}.{number // 3 % 253 + 1}"


def connections(day: Day) -> list[Connection]:
    """The connections of one device on one day."""
    found: list[Connection] = []
    latest: dict[str, Connection] = {}
    for request in sorted(day.requests, key=_time):
        if request.hint and crc32(f"{request.at}".encode()) % 5:  # most hints are only looked up
            continue
        idle = IDLE[crc32(request.host.encode()) % len(IDLE)]
        oldest = OLDEST[crc32(request.host[::-1].encode()) % len(OLDEST)]
        open_one = latest.get(request.host)
        if open_one and request.at < open_one.end + idle and request.at < open_one.start + oldest:
            open_one.end, open_one.up, open_one.down = request.at, open_one.up + request.up, open_one.down + request.down
        else:
            latest[request.host] = new = Connection(day, request.host, request.at, request.at, 700 + request.up, 4500 + request.down)
            found.append(new)
    for connection in found:  # the host closes it when nothing comes any more
        connection.end += IDLE[crc32(connection.host.encode()) % len(IDLE)]
    return found


def queries(day: Day) -> Iterator[Query]:
    """The look-ups of one device on one day: those that its own cache could not answer."""
    chance = dice(day.device.name, day.date)
    known: dict[str, float] = {}
    wanted = [Request(connection.start, connection.host) for connection in connections(day)]
    wanted += [request for request in day.requests if request.hint]
    for request in sorted(wanted, key=_time):
        host = request.host
        if known.get(host, 0) > request.at:
            continue
        known[host] = request.at + TTL[crc32(host[::-1].encode()) % len(TTL)]
        yield from _asked(request.at, day, host, chance)


def _asked(at: float, day: Day, host: str, chance: Random) -> Iterator[Query]:
    kinds = ["A", "AAAA"] + (["HTTPS"] if chance.random() < HTTPS_RECORD else [])
    for index, kind in enumerate(kinds):
        yield Query(at + 0.002 * index, day, host, kind)
        if chance.random() < RETRY:
            yield Query(at + 1 + 0.002 * index, day, host, kind)
    if chance.random() < SUFFIX and day.device.kind == "windows":
        yield Query(at + 0.1, day, f"{host}.firm.local", "A")


def _time(request: Request) -> float:
    return request.at
