"""The simulated firm: people with jobs and habits, their devices, and when they are there."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from random import Random

from tests.simulator.dice import dice
from tests.simulator.software import App, software

BEGIN = date(2026, 3, 2)  # a Monday
CENTRAL = timezone(timedelta(hours=1))
JOBS = ("office", "office", "sales", "sales", "design", "dev")
OFTEN_A_WEEK = {"daily": 5.0, "often": 2.5, "task": 0.4}


@dataclass(frozen=True)
class Device:
    """`listed`: the people list knows it; `alias`: how it names itself to DHCP; a phone may change its MAC by the week."""

    name: str
    kind: str  # windows, mac, phone
    number: int
    listed: bool
    always_on: bool = False
    private_mac: bool = False
    hides_names: bool = False  # asks its names over HTTPS

    def mac(self, day: date) -> str:
        week = (day - BEGIN).days // 7 if self.private_mac else 0
        return f"{'02' if not self.private_mac else 'da'}:00:5e:{week:02x}:00:{self.number:02x}"

    def ip(self, day: date) -> str:
        """An address, another one every week: leases are short."""
        return f"10.20.{(day - BEGIN).days // 7 + 1}.{self.number + 9}"


@dataclass
class Habits:
    """What a person does with software: apps they work with, by times a week; agents that run on their devices; phone apps; pinned tabs."""

    works: dict[str, float] = field(default_factory=dict)
    agents: list[str] = field(default_factory=list)
    phone: list[str] = field(default_factory=list)
    pinned: list[str] = field(default_factory=list)  # tabs that the browser opens every morning
    looks: dict[str, int] = field(default_factory=dict)  # day number on which only the public pages are looked at


@dataclass(frozen=True)
class Person:
    """Somebody in the firm; `days` are the working days of the week, `starts` and `hours` their habit."""

    name: str
    job: str
    days: tuple[int, ...]
    starts: float
    hours: float
    home: int  # weekday at home, -1 never
    holiday: frozenset[date]
    computer: Device
    phone: Device | None
    habits: Habits

    def there(self, day: date) -> bool:
        """Whether they work in the office on that day."""
        return day.weekday() in self.days and day.weekday() != self.home and day not in self.holiday

    def hours_of(self, day: date, chance: Random) -> tuple[float, float]:
        """Begin and end of their day, in seconds since 1970."""
        start = datetime(day.year, day.month, day.day, tzinfo=CENTRAL).timestamp()
        begin = start + 3600 * (self.starts + chance.gauss(0, 0.3))
        return begin, begin + 3600 * max(2.5, self.hours + chance.gauss(0, 0.5))


def staff(seed: int, people: int, days: int) -> list[Person]:
    """So many people; the last two share the reception's computer, each on days of their own."""
    chance = dice("staff", seed)
    reception = Device("reception-pc", "windows", people + 80, listed=False)
    found = []
    for number in range(people):
        shared = number >= people - 2
        week = ((0, 1, 2), (3, 4))[number % 2] if shared else tuple(chance.sample(range(5), 3)) if chance.random() < 0.2 else (0, 1, 2, 3, 4)
        away = [BEGIN + timedelta(days=chance.randrange(days) + n) for n in range(3)] if chance.random() < 0.3 else []
        job = "office" if shared else JOBS[number % len(JOBS)]
        kind = "mac" if job == "design" else "windows"
        own = Device(f"pc-{number:02d}", kind, number, listed=True, always_on=chance.random() < 0.25, hides_names=number % 3 == 0)
        random_mac = chance.random() < 0.5
        phone = Device(f"phone-{number:02d}", "phone", number + 100, listed=not random_mac, private_mac=random_mac) if chance.random() < 0.7 else None
        found.append(
            Person(
                f"person{number:02d}", job, week, chance.uniform(7.2, 9.6), 5.0 if shared else chance.uniform(7.5, 9.0),
                -1 if shared or chance.random() < 0.5 else chance.choice(week), frozenset(away), reception if shared else own, phone,
                _habits(job, chance, days),
            )
        )  # fmt: skip
    return found


def _habits(job: str, chance: Random, days: int) -> Habits:
    apps = list(software().apps.values())
    mine = [app for app in apps if job in app.jobs.split()]
    habits = Habits()
    for app in chance.sample(mine, min(len(mine), 11)):
        habits.works[app.name] = OFTEN_A_WEEK[app.way] * chance.uniform(0.3, 1.2)
    for app in _some(chance, [app for app in apps if app.jobs and app.name not in habits.works], 4):  # what somebody else's job needs
        habits.works[app.name] = 0.4
    habits.agents = [app.name for app in apps if app.agent and chance.random() < (0.6 if app.name in habits.works else 0.22)]
    habits.phone = [app.name for app in apps if app.phone and chance.random() < 0.4]
    habits.pinned = [app.name for app in _some(chance, [app for app in apps if app.poll and app.name not in habits.works], 2)]
    idle = [app for app in apps if app.name not in habits.works]
    habits.looks = {app.name: chance.randrange(days) for app in _some(chance, idle, 10)}
    return habits


def _some(chance: Random, apps: list[App], count: int) -> list[App]:
    return chance.sample(apps, min(count, len(apps)))
