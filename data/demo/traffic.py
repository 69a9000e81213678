"""From the story to requests: what every device of the demo firm asks for on one day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from dice import Dice
from firm import ACCOUNTS_SERVER, BANK_HOLIDAYS, END, PEOPLE, PRINTER, ROOMS, START, WIFI, Device, Person, week_of
from pages import (
    ANYDESK,
    ANYDESK_RELAY,
    BACKUP,
    COMPUTER_AGENTS,
    DROPBOX,
    GLANCES,
    GRAMMARLY,
    PHONE_AGENTS,
    PRINTER_AGENTS,
    PRIVATE_PAGES,
    ROOM_AGENTS,
    VPN_HOSTS,
    WORK_PAGES,
    Agent,
    Page,
)
from services import SERVICES
from story import BACKUP_AGENT, DROPBOX_AGENT, GRAMMARLY_EXTENSION, HABITS, TRIED_A_VPN, Habit

ZONE = ZoneInfo("Europe/London")
HOUR = 3600.0
WORKING_WEEK = range(5)
THURSDAY = 3
CLOCKS_BACK = datetime(2026, 10, 25, 1, tzinfo=UTC).timestamp()  # the only change of the clocks in the period


@dataclass(frozen=True, slots=True)
class Request:
    """One request of one device; `at` in seconds since 1970 (UTC), sizes in bytes, `seconds` how long it was open."""

    at: float
    device: Device
    host: str
    down: int
    up: int
    seconds: float
    blocked: bool = False
    plain: bool = False  # over HTTP, not HTTPS
    nobody: bool = False  # a program's request, let through without signing in


@dataclass(frozen=True)
class Hours:
    """A person's day in the office, in seconds since 1970."""

    start: float
    lunch: float
    back: float
    end: float

    def working(self, dice: Dice) -> float:
        """A moment of work."""
        before, after = self.lunch - self.start, self.end - self.back
        moment = dice.between(0, before + after)
        return self.start + moment if moment < before else self.back + moment - before

    def resting(self, dice: Dice) -> float:
        """A moment around lunch."""
        return dice.between(self.lunch, self.back)


def midnight(day: date) -> float:
    """When a day begins in the firm, in seconds since 1970."""
    return datetime.combine(day, time(), ZONE).timestamp()


def local(at: float) -> float:
    """What the clock on the wall says, counted like a time in UTC."""
    return at + HOUR if at < CLOCKS_BACK else at


def is_workday(day: date) -> bool:
    """Monday to Friday, no bank holiday."""
    return day.weekday() in WORKING_WEEK and day not in BANK_HOLIDAYS


def hours(person: Person, day: date) -> Hours | None:
    """When somebody is in the office on a day; None if they are not."""
    if not is_workday(day) or day.weekday() not in person.days or day < person.joined or _on_holiday(person, day):
        return None
    dice = Dice("hours", person.user, day)
    if dice.chance(0.85 if day.weekday() in person.home else 0.06):
        return None
    noon = midnight(day) + 12 * HOUR
    start, lunch, end = noon + dice.near(-3.2, 0.3) * HOUR, noon + dice.near(0.6, 0.25) * HOUR, noon + dice.near(5.3, 0.4) * HOUR
    return Hours(start, lunch, lunch + dice.between(0.4, 0.9) * HOUR, max(end, lunch + 2 * HOUR))


def _on_holiday(person: Person, day: date) -> bool:
    dice = Dice("holiday", person.user)
    first = START.toordinal() + dice.whole(0, (END - START).days - 7)
    return dice.chance(0.75) and first <= day.toordinal() < first + dice.whole(5, 12)


def day_of_requests(day: date) -> list[Request]:
    """Everything that is asked for on a day, in no order."""
    requests: list[Request] = []
    for person in PEOPLE:
        requests.extend(_of_person(person, day))
    for room in ROOMS:
        requests.extend(_of_room(room, day))
    requests.extend(_round(PRINTER, PRINTER_AGENTS, midnight(day), midnight(day) + 24 * HOUR, Dice("printer", day)))
    requests.extend(_of_accounts_server(day))
    for visitor in visitors(day):
        requests.extend(_of_visitor(visitor, day))
    return requests


def _of_person(person: Person, day: date) -> Iterator[Request]:
    present, dice = hours(person, day), Dice("person", person.user, day)
    desk = person.desk(day)
    if day >= person.joined and (present or person.always_on):
        yield from _of_computer(person, desk, day, present, dice)
    if present is None:
        return
    for habit in HABITS.get(person.first, ()):
        yield from _habit(habit, person, day, present, dice)
    yield from _reading(person, desk, present, dice)
    if person.phone and dice.chance(0.8):
        yield from _of_phone(person.phone, present, dice)
    if week_of(day) in TRIED_A_VPN.get(person.first, ()) and dice.chance(0.4):
        yield from _vpn(desk, present, dice)


def _of_computer(person: Person, desk: Device, day: date, present: Hours | None, dice: Dice) -> Iterator[Request]:
    since, until = (midnight(day), midnight(day) + 24 * HOUR - 60) if person.always_on or present is None else (present.start, present.end)
    yield from _round(desk, COMPUTER_AGENTS, since, until, dice)
    if person.first in DROPBOX_AGENT:
        yield from _round(desk, (DROPBOX,), since, until, dice)
    if person.first in BACKUP_AGENT:
        yield from _round(desk, (BACKUP,), since, until, dice)
    if present and person.first in GRAMMARLY_EXTENSION:
        yield from _round(desk, (GRAMMARLY,), present.start, present.end, dice)


def _round(device: Device, agents: tuple[Agent, ...], since: float, until: float, dice: Dice) -> Iterator[Request]:
    """Programs that ask again and again, nearly on the clock."""
    for agent in agents:
        at = since + dice.between(0, agent.every)
        while at < until:
            for host in agent.hosts:
                down, up, seconds = dice.size(agent.down), dice.size(agent.up), dice.between(0.1, 3)
                yield Request(at, device, host, down, up, seconds, plain=agent.plain, nobody=agent.system)
                at += dice.between(0.2, 2)
            at += agent.every * dice.between(0.97, 1.03)


def _habit(habit: Habit, person: Person, day: date, present: Hours, dice: Dice) -> Iterator[Request]:
    if not habit.since <= week_of(day) <= habit.until:
        return
    for _ in range(dice.count(habit.weekly / 5 * (1.1 if day.weekday() in {1, 2, 3} else 0.85))):
        device = person.desk(day)
        if habit.at == "phone":
            if person.phone is None:
                return
            device = person.phone
        elif person.laptop and dice.chance(0.18):
            device = person.laptop
        at = present.working(dice) if habit.at == "work" else present.resting(dice)
        yield from _session(habit, device, at, present.end + 0.3 * HOUR, dice)


def _session(habit: Habit, device: Device, at: float, until: float, dice: Dice) -> Iterator[Request]:
    service = SERVICES[habit.service]
    for host in service.enter:
        yield Request(at, device, host, dice.size(service.down * 1500), dice.size(2500), dice.between(0.5, 40))
        at += dice.between(0.2, 2)
    until = min(until, at + service.minutes * 60 * dice.between(0.5, 1.7))
    pushed = not (habit.push and dice.chance(0.75))
    while at < until:
        at += dice.wait(service.pace)
        host, up, seconds = dice.pick(service.work), dice.size(service.up * 1000), dice.between(1, 60)
        if habit.push and not pushed:
            pushed, host, up = True, service.work[-1], round(dice.between(*habit.push) * 1e6)
            seconds = up / dice.between(2.5e6, 5e6) + 2
            at += 30
        yield Request(at, device, host, dice.size(service.down * 1000), up, seconds)


def _reading(person: Person, desk: Device, present: Hours, dice: Dice) -> Iterator[Request]:
    for _ in range(dice.count(1.9)):
        yield from _page(dice.pick(WORK_PAGES), desk, present.working(dice), dice)
    for _ in range(dice.count(0.7)):
        yield from _page(dice.pick(PRIVATE_PAGES), person.phone or desk, present.resting(dice), dice)
    if dice.chance(0.04):
        yield Request(present.working(dice), desk, dice.pick(GLANCES), dice.size(60_000), dice.size(2500), dice.between(0.5, 20))


def _page(page: Page, device: Device, at: float, dice: Dice) -> Iterator[Request]:
    for host in (page.host, *page.own, *dice.some(page.embeds, 3)):
        yield Request(at, device, host, dice.size(70_000), dice.size(2500), dice.between(0.3, 30))
        at += dice.between(0.1, 1.2)


def _of_phone(phone: Device, present: Hours, dice: Dice) -> Iterator[Request]:
    yield from _round(phone, PHONE_AGENTS, present.start, present.end, dice)


def _vpn(device: Device, present: Hours, dice: Dice) -> Iterator[Request]:
    at = present.working(dice)
    for host in VPN_HOSTS * 2:
        yield Request(at, device, host, 4000, 600, 0.1, blocked=True)
        at += dice.between(2, 40)


def _of_room(room: Device, day: date) -> Iterator[Request]:
    dice = Dice("room", room.host, day)
    yield from _round(room, ROOM_AGENTS, midnight(day), midnight(day) + 24 * HOUR, dice)
    if not is_workday(day):
        return
    for _ in range(dice.count(2.2)):
        habit = Habit(dice.pick(("teams", "teams", "teams", "zoom")), 1, 1, 13, "work", None)
        yield from _session(habit, room, midnight(day) + dice.between(9, 16.5) * HOUR, midnight(day) + 18 * HOUR, dice)


def _of_accounts_server(day: date) -> Iterator[Request]:
    """The supplier of the accounts program looks after it through AnyDesk, mostly on Thursday afternoons."""
    dice = Dice("server", day)
    yield from _round(ACCOUNTS_SERVER, (ANYDESK, *COMPUTER_AGENTS[1:4]), midnight(day), midnight(day) + 24 * HOUR, dice)
    if is_workday(day) and dice.chance(0.75 if day.weekday() == THURSDAY else 0.06):
        at, end = midnight(day) + dice.between(14, 15.5) * HOUR, midnight(day) + dice.between(16, 17) * HOUR
        while at < end:
            yield Request(at, ACCOUNTS_SERVER, ANYDESK_RELAY, dice.size(2_500_000), dice.size(6_000_000), dice.between(120, 600), nobody=True)
            at += dice.wait(500)


def visitors(day: date) -> tuple[Device, ...]:
    """Devices of visitors on the Wi-Fi, new ones every day."""
    if not is_workday(day):
        return ()
    dice, found = Dice("visitors", day), []
    for place in range(dice.count(1.3)):
        mac = ":".join(f"{byte:02x}" for byte in (dice.pick((0x1A, 0x76, 0xB2, 0xDE)), *(dice.whole(0, 255) for _ in range(5))))
        host = dice.pick(("iPhone", "Galaxy-S23", "MacBook-Pro", f"LAPTOP-{dice.whole(0x10000, 0xFFFFF):X}", "Pixel-9", "iPad"))
        found.append(Device(host, mac, WIFI, f"10.20.30.{150 + day.toordinal() % 12 * 4 + place % 4}", day, day))
    return tuple(found)


def _of_visitor(visitor: Device, day: date) -> Iterator[Request]:
    dice = Dice("visitor", visitor.mac, day)
    at = midnight(day) + dice.between(9.2, 15) * HOUR
    until = at + dice.between(0.7, 3) * HOUR
    yield from _round(visitor, PHONE_AGENTS[:3], at, until, dice)
    service = dice.pick(("gmail", "outlook-personal", "google-drive", "zoom", "linkedin", "whatsapp"))
    yield from _session(Habit(service, 1, 1, 13, "work", None), visitor, at, until, dice)
    yield from _page(dice.pick(PRIVATE_PAGES[:7]), visitor, at, dice)
