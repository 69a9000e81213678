"""Plain stories that anybody would tell of a log, as a simple generator would write them: what happened must be what is said.

They know nothing of how browsers and programs behave, as the simulator does; so they show whether verdicts hold for traffic of another shape.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import polars as pl
import pytest

from discovery import activity, catalogue
from discovery.logs import logs_in
from discovery.scan import scan
from tests.simulator.dice import dice

BEGIN = datetime(2026, 3, 2, tzinfo=UTC).timestamp()  # a Monday
HOUR, DAY = 3600, 86_400
OFFICE = [(day, hour) for day in range(5) for hour in range(8, 17)]
TRANSFER = ("wetransfer.com", "auth.wetransfer.com", "api.wetransfer.com")
Asked = tuple[float, str]  # seconds since `BEGIN`, host


@dataclass(frozen=True)
class Story:
    """Requests to one service, and what they are.

    Attributes:
        alone: nothing else is in the log.
        names: names alone can tell it; one looked up once a day may be a link's, looked up in advance.
    """

    name: str
    service: str
    activity: str
    tell: Callable[[Random], Iterator[Asked]]
    alone: bool = False
    names: bool = True


def _now_and_then(chance: Random) -> Iterator[Asked]:
    """Two requests an hour while the office is open, to whatever the service has."""
    for day, hour in OFFICE:
        for _ in range(2):
            yield day * DAY + hour * HOUR + chance.uniform(0, HOUR), chance.choice(TRANSFER)


def _poll(host: str, every: int, jitter: float) -> Callable[[Random], Iterator[Asked]]:
    def tell(chance: Random) -> Iterator[Asked]:
        for at in range(0, 7 * DAY, every):
            yield at + chance.uniform(0, jitter), host

    return tell


def _any_minute(chance: Random) -> Iterator[Asked]:
    """Four requests in each hour of the day and the night."""
    for hour in range(7 * 24):
        for _ in range(4):
            yield hour * HOUR + chance.uniform(0, HOUR), "api.todoist.com"


def _session(chance: Random) -> Iterator[Asked]:
    """Twenty minutes, once."""
    for _ in range(40):
        yield DAY + 10 * HOUR + chance.uniform(0, 1200), chance.choice(("chatgpt.com", "cdn.oaistatic.com"))


def _minute(_: Random) -> Iterator[Asked]:
    yield from ((DAY + 10 * HOUR + at, host) for at, host in ((0, TRANSFER[0]), (1, "cdn.wetransfer.com"), (20, TRANSFER[2]), (50, TRANSFER[2])))


def _once_a_day(chance: Random) -> Iterator[Asked]:
    for day in range(5):
        at = day * DAY + chance.uniform(9, 16) * HOUR
        yield from ((at + 20 * turn, "app.asana.com") for turn in range(3))


def _two_pages(_: Random) -> Iterator[Asked]:
    yield from ((DAY + 10 * HOUR + at, host) for at, host in ((0, "www.canva.com"), (1, "static.canva.com"), (30, "www.canva.com")))


def _widget(chance: Random) -> Iterator[Asked]:
    for day in range(5):
        for _ in range(6):
            at = day * DAY + chance.uniform(8, 17) * HOUR
            yield from ((at, "www.spiegel.de"), (at + 1, "calendly.com"), (at + 1.2, "assets.calendly.com"))


def _few_lines(_: Random) -> Iterator[Asked]:
    yield from ((10 * HOUR + 45 * turn, ("chatgpt.com", "cdn.oaistatic.com", "www.bbc.co.uk")[turn % 3]) for turn in range(30))


STORIES = [
    Story("now and then in office hours", "wetransfer", "active", _now_and_then),
    Story("a session", "chatgpt", "active", _session),
    Story("a minute", "wetransfer", "active", _minute),
    Story("once a day", "asana", "active", _once_a_day, names=False),
    Story("thirty lines", "chatgpt", "active", _few_lines, alone=True),
    Story("an agent every quarter of an hour", "todoist", "background", _poll("api.todoist.com", 900, 5)),
    Story("an agent every five minutes", "dropbox", "background", _poll("www.dropbox.com", 300, 60)),
    Story("an agent at any minute", "todoist", "background", _any_minute),
    Story("two page views", "canva", "visit", _two_pages),
    Story("a widget", "calendly", "embedded", _widget),
]


def _others(chance: Random) -> Iterator[Asked]:
    """What else the same person reads."""
    for day in range(5):
        for _ in range(60):
            yield day * DAY + chance.uniform(8, 17) * HOUR, chance.choice(("www.bbc.co.uk", "www.heise.de", "www.microsoft.com"))


def _squid(at: float, host: str) -> str:
    return f"{BEGIN + at:.3f}    300 10.0.0.7 TCP_TUNNEL/200 8000 CONNECT {host}:443 ann HIER_DIRECT/192.0.2.1 -\n"


def _dnsmasq(at: float, host: str) -> str:
    return f"{datetime.fromtimestamp(BEGIN + at, UTC):%b %e %H:%M:%S} dnsmasq[812]: query[A] {host} from 10.0.0.7\n"


@pytest.fixture(scope="module")
def known() -> catalogue.Catalogue:
    return catalogue.load()


TOLD = [(story, write) for story in STORIES for write in (_squid, _dnsmasq) if story.names or write is _squid]


@pytest.mark.parametrize(("story", "write"), TOLD, ids=[f"{story.name}, {write.__name__[1:]}" for story, write in TOLD])
def test_a_plain_story_is_understood(story: Story, write: Callable[[float, str], str], known: catalogue.Catalogue, tmp_path: Path) -> None:
    chance = dice(story.name)
    asked = [*story.tell(chance), *([] if story.alone else _others(chance))]
    log = tmp_path / "told.log"
    log.write_text("".join(write(at, host) for at, host in sorted(asked)), encoding="utf-8")
    seen = scan(logs_in(log), known, zone="UTC").observations.usage
    judged = activity.judge(seen.filter(pl.col("service") == story.service))
    assert judged["activity"].to_list() == [story.activity], judged["rule"].to_list()
