"""What devices ask for: sessions of people, pages with parts of others, agents that poll, machines that talk by themselves.

A request is what a program wants from a host. What a log sees of it (a name looked up, a connection, a tunnel) is decided in `network`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from tests.simulator.dice import dice
from tests.simulator.software import App, Widget, software
from tests.simulator.staff import Device, Person

STRONGEST = ("active", "background", "visit", "embedded")


@dataclass(frozen=True)
class Request:
    """One request; `hint` is a name looked up (or a connection opened) in advance, for a link nobody may follow."""

    at: float
    host: str
    up: int = 900
    down: int = 6000
    hint: bool = False


@dataclass
class Day:
    """One device on one day: its requests, and what really happened with each app."""

    person: Person
    device: Device
    date: date
    requests: list[Request] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)

    def happened(self, app: str, what: str) -> None:
        """Keep the strongest."""
        if app not in self.truth or STRONGEST.index(what) < STRONGEST.index(self.truth[app]):
            self.truth[app] = what

    def ask(self, at: float, host: str, up: int = 900, down: int = 6000, *, hint: bool = False) -> None:
        self.requests.append(Request(at, host, up, down, hint))


@dataclass(frozen=True)
class Site:
    """Somebody's web site, with parts of others in its pages and links to others."""

    hosts: tuple[str, ...]
    widgets: tuple[Widget, ...]
    links: tuple[str, ...]


def sites(seed: int, count: int = 90) -> list[Site]:
    """The sites that these people read."""
    chance = dice("sites", seed)
    apps = list(software().apps.values())
    found = []
    for number in range(count):
        name = f"{chance.choice(('news', 'shop', 'supplier', 'blog', 'town', 'forum', 'customer'))}{number}.example"
        hosts = (f"www.{name}", *(f"{label}.{name}" for label in ("cdn", "img", "api") if chance.random() < 0.5))
        parts = tuple(widget for widget in software().widgets if chance.random() < widget.rate)
        found.append(Site(hosts, parts, tuple(app.public[0] for app in chance.sample(apps, 3)) if chance.random() < 0.25 else ()))
    return found


def person_day(person: Person, day: date, number: int, web: list[Site], seed: int) -> list[Day]:
    """Everything of one person on one day, a `Day` per device that is in the office."""
    chance = dice(seed, person.name, day)
    begin, end = person.hours_of(day, chance)
    there = person.there(day)
    days = []
    if there or person.computer.always_on:
        computer = Day(person, person.computer, day)
        on, off = (begin, end) if not person.computer.always_on else (_midnight(begin), _midnight(begin) + 86400)
        _machine(computer, on, off, chance)
        _agents(computer, on, off, chance)
        _pinned(computer, on, off, opens=number == 0 or not person.computer.always_on, chance=chance)
        if there:
            _work(computer, begin, end, chance)
            _reading(computer, begin, end, web, chance)
            _looks(computer, begin, end, number, chance)
        days.append(computer)
    if there and person.phone:
        phone = Day(person, person.phone, day)
        _machine(phone, begin, end, chance)
        _phone(phone, begin, end, web, chance)
        days.append(phone)
    return days


def _midnight(at: float) -> float:
    return (at + 3600) // 86400 * 86400 - 3600


def _every(begin: float, end: float, period: float, chance: Random) -> Iterator[float]:
    at = begin + chance.uniform(0, min(period, 300))
    while at < end:
        yield at
        at += period * chance.uniform(0.95, 1.05)


def _machine(day: Day, on: float, off: float, chance: Random) -> None:
    for host, period in software().machine[day.device.kind].items():
        for at in _every(on, off, period, chance):
            day.ask(at, host, 1200, 4000)


def _agents(day: Day, on: float, off: float, chance: Random) -> None:
    for name in day.person.habits.agents:
        app = software().apps[name]
        day.happened(name, "background")
        for host, period in app.agent.items():
            for at in _every(on + chance.uniform(5, 90), off, period, chance):
                day.ask(at, host, int(chance.lognormvariate(6.8, 0.5)), int(chance.lognormvariate(7.5, 0.8)))


def _polling(day: Day, app: App, begin: float, end: float, chance: Random) -> None:
    for host, period in app.poll.items():
        for at in _every(begin, end, period, chance):
            day.ask(at, host, 700, 1500)


def _pinned(day: Day, on: float, off: float, *, opens: bool, chance: Random) -> None:
    """Tabs that open with the browser; nobody touches them. Where the computer stays on, they stay open."""
    for name in day.person.habits.pinned:
        app = software().apps[name]
        at = on + chance.uniform(60, 400)
        day.happened(name, "background")
        if opens:
            _load(day, app, at, chance)
        _polling(day, app, at, off, chance)


def _load(day: Day, app: App, at: float, chance: Random) -> None:
    """The app opens: its page, then what that pulls in, measuring and fonts of others among it."""
    day.ask(at, app.enter[0], 1500, 80_000)
    for host in [*app.load, *app.work[:2]]:
        for _ in range(chance.randint(1, 4)):
            day.ask(at + chance.uniform(0.2, 2.5), host, 1000, int(chance.lognormvariate(10.5, 1)))
    for host in chance.sample(("www.googletagmanager.com", "fonts.gstatic.com", "o33249.ingest.sentry.io", "js.stripe.com"), 2):
        day.ask(at + chance.uniform(0.5, 3), host)


def _session(day: Day, app: App, begin: float, seconds: float, chance: Random) -> None:
    """Somebody works: clicks and pauses, now and then something handed over."""
    day.happened(app.name, "active")
    _load(day, app, begin, chance)
    at, sent = begin + chance.uniform(4, 15), False
    while at < begin + seconds:
        for host in app.work[: chance.randint(1, len(app.work))]:
            day.ask(at + chance.uniform(0, 0.8), host, int(chance.lognormvariate(7.2, 0.7)), int(chance.lognormvariate(9.3, 1.2)))
        if app.send and chance.random() < (0.01 if app.way != "task" or sent else 0.35):
            sent = True
            day.ask(at + 1, chance.choice(app.send), int(app.sends * 1e6 * chance.lognormvariate(0, 0.8)) + 2000, 3000)
        at += chance.expovariate(1 / 14) + (chance.uniform(60, 420) if chance.random() < 0.06 else 0)
    if chance.random() < 0.6:
        _polling(day, app, begin, begin + seconds + chance.uniform(0, 1800), chance)


_MINUTES = {"daily": (4, 35), "often": (4, 40), "task": (2, 14)}


def _work(day: Day, begin: float, end: float, chance: Random) -> None:
    lunch = begin + (end - begin) * 0.5
    for name, times in day.person.habits.works.items():
        app = software().apps[name]
        if chance.random() >= min(1.0, times / len(day.person.days)):
            continue
        if app.way == "daily" and chance.random() < 0.7:  # its window stays open all day
            _polling(day, app, begin + 300, end, chance)
        for _ in range(chance.randint(2, 6) if app.way == "daily" else chance.choice((1, 1, 1, 2))):
            start = chance.uniform(begin + 200, end - 1500)
            if not lunch < start < lunch + 1800:
                _session(day, app, start, 60 * chance.triangular(*_MINUTES[app.way], _MINUTES[app.way][0] * 2), chance)


def _page(day: Day, site: Site, at: float, seconds: float, chance: Random) -> None:
    """A page of somebody's site is read: its own hosts, then the parts of others, which go on while it is open."""
    for host in site.hosts:
        day.ask(at + (0 if host == site.hosts[0] else chance.uniform(0.1, 0.8)), host, 900, 40_000)
    for widget in site.widgets:
        if chance.random() < 0.25:  # not on every page of the site
            continue
        day.happened(widget.of, "embedded")
        start = at + chance.uniform(0.3, 2.5)
        for index, host in enumerate(widget.hosts):
            day.ask(start + 0.3 * index + chance.uniform(0, 0.2), host, 700, int(chance.lognormvariate(9, 1.2)))
        if widget.linger:
            for again in _every(start + widget.linger, at + seconds, widget.linger, chance):
                day.ask(again, widget.hosts[-1], 500, 900)
    for host in site.links:
        day.ask(at + chance.uniform(0.5, 2), host, hint=True)


def _reading(day: Day, begin: float, end: float, web: list[Site], chance: Random) -> None:
    """Other people's pages, in bouts: a search, then a few pages; some stay open for long."""
    own = dice(day.person.name).choices(web, k=30)
    for _ in range(chance.randint(6, 14)):
        at = chance.uniform(begin, end - 900)
        day.ask(at, "www.google.com", 1200, 90_000)
        for _ in range(chance.randint(0, 2)):  # a result's name is looked up before anybody follows it
            day.ask(at + 1, chance.choice(list(software().apps.values())).public[0], hint=True)
        for _ in range(chance.randint(1, 6)):
            at += chance.uniform(4, 60)
            site = chance.choice(own) if chance.random() < 0.7 else chance.choice(web)
            stays = chance.uniform(900, 5400) if chance.random() < 0.06 else chance.expovariate(1 / 45)
            _page(day, site, at, stays, chance)
            at += min(stays, 300)


def _looks(day: Day, begin: float, end: float, number: int, chance: Random) -> None:
    """Only the public pages of a service: read and left."""
    for name, when in day.person.habits.looks.items():
        if when == number:
            _visit(day, software().apps[name], chance.uniform(begin, end - 600), chance)


def _visit(day: Day, app: App, at: float, chance: Random) -> None:
    day.happened(app.name, "visit")
    for _ in range(chance.choice((1, 1, 2, 2, 3))):
        for host in app.public:
            for _ in range(chance.randint(1, 3)):
                day.ask(at + chance.uniform(0, 1.5), host, 900, 50_000)
        day.ask(at + 1, "www.googletagmanager.com")
        at += chance.uniform(8, 45)


def _phone(day: Day, begin: float, end: float, web: list[Site], chance: Random) -> None:
    """A phone refreshes its apps by itself, and is looked at now and then."""
    for name in day.person.habits.phone:
        app = software().apps[name]
        day.happened(name, "background")
        for at in _every(begin, end, 5400, chance):
            for host in app.phone:
                day.ask(at + chance.uniform(0, 2), host, 900, 5000)
    for _ in range(chance.randint(0, 4)):
        _page(day, chance.choice(web), chance.uniform(begin, end), chance.expovariate(1 / 40), chance)
