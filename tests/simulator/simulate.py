"""A simulated firm's logs with the truth beside them: what each person really did with each service.

python -m tests.simulator.simulate FOLDER [--seed N] [--family NAME]
"""

import argparse
import csv
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from tests.simulator import logs
from tests.simulator.staff import BEGIN, Person, staff
from tests.simulator.traffic import STRONGEST, Day, person_day, sites

#: Families whose log names the user; the others know devices only, by the names in their leases.
NAMES_USERS = frozenset({"squid"})
NAT = "one address for all"
HIDDEN = "names hidden"
CONDITIONS = ("usual", NAT, HIDDEN)


@dataclass(frozen=True)
class Truth:
    """What a subject (a person or device as the log can tell them) really did with an app; `days` on which it did that."""

    subject: str
    app: str
    activity: str
    days: int


@dataclass(frozen=True)
class Firm:
    """Everything that happened."""

    people: list[Person]
    days: list[Day]


@cache
def firm(seed: int, people: int, days: int) -> Firm:
    """A firm of so many people over so many calendar days."""
    found, web = staff(seed, people, days), sites(seed)
    dates = [(number, BEGIN + timedelta(days=number)) for number in range(days)]
    return Firm(found, [day for person in found for number, date in dates for day in person_day(person, date, number, web, seed)])


def write(folder: Path, firm_: Firm, family: str, condition: str) -> list[Truth]:
    """The log of one family as `<family>.log`, with dhcpd.leases and people.csv; the truth of those the log can tell apart."""
    logs.write(folder / f"{family}.log", logs.FAMILIES[family](_seen(firm_.days, family, condition), nat=condition == NAT))
    logs.write_leases(folder / "dhcpd.leases", firm_.days)
    logs.write_people(folder / "people.csv", firm_.people)
    return truth(firm_.days, family, condition)


def _seen(days: list[Day], family: str, condition: str) -> list[Day]:
    """What is left to see where names are hidden: a third of the computers ask a resolver over HTTPS; a fifth of the hosts encrypt their hello."""
    if condition != HIDDEN:
        return days
    if family in {"dnsmasq", "bind9"}:
        return [day for day in days if not day.device.hides_names]
    return [Day(day.person, day.device, day.date, [r for r in day.requests if sum(r.host.encode()) % 5], day.truth) for day in days]


def truth(days: list[Day], family: str, condition: str) -> list[Truth]:
    """The strongest that each subject did with each app."""
    done: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for day in days:
        for app, what in day.truth.items():
            if app:
                done.setdefault((_subject(day, family, condition), app), []).append((what, str(day.date)))
    found = []
    for (subject, app), what in sorted(done.items()):
        strongest = min((one for one, _ in what), key=STRONGEST.index)
        found.append(Truth(subject, app, strongest, len({date for one, date in what if one == strongest})))
    return found


def _subject(day: Day, family: str, condition: str) -> str:
    if condition == NAT:
        return logs.NAT
    if family in NAMES_USERS or day.device.listed:
        return day.person.name
    return day.device.name


def main() -> None:
    """Write one firm to a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--family", choices=logs.FAMILIES, default="squid")
    parser.add_argument("--condition", choices=CONDITIONS, default="usual")
    parser.add_argument("--people", type=int, default=16)
    parser.add_argument("--days", type=int, default=14)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    found = write(given.folder, firm(given.seed, given.people, given.days), given.family, given.condition)
    with (given.folder / "truth.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("subject", "app", "activity", "days"))
        rows.writerows((one.subject, one.app, one.activity, one.days) for one in found)


if __name__ == "__main__":
    main()
