"""Whose address was it: the head office's ISC dhcpd.leases, and the people list that the firm hands over."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from dice import Dice
from firm import ACCOUNTS_SERVER, END, PEOPLE, PRINTER, ROOMS, START, STUDIO, Device
from traffic import visitors

LEASE = timedelta(days=45)


def leases() -> str:
    """Text of dhcpd.leases: every lease of the period in the order given out, times in UTC; a visitor keeps an address for a day."""
    found = [lease for device in _staff_devices() for lease in _renewals(device)]
    found += [_lease(visitor, _morning(visitor, visitor.since, 7.5), timedelta(hours=12)) for visitor in _all_visitors()]
    return "# The format of this file is documented in the dhcpd.leases(5) manual page.\n\nauthoring-byte-order little-endian;\n\n" + "".join(
        text for _, text in sorted(found)
    )


def _staff_devices() -> list[Device]:
    own = [device for person in PEOPLE for device in (*person.desks, person.laptop, person.phone) if device]
    return [device for device in (*own, ACCOUNTS_SERVER, *ROOMS, PRINTER) if device.network != STUDIO]


def _all_visitors() -> Iterator[Device]:
    for number in range((END - START).days + 1):
        yield from visitors(START + timedelta(days=number))


def _morning(device: Device, day: date, hour: float) -> datetime:
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)
    return at + timedelta(seconds=Dice("lease", device.mac, day).whole(0, 1500))


def _renewals(device: Device) -> Iterator[tuple[datetime, str]]:
    at = _morning(device, device.since - timedelta(days=3 if device.since == START else 1), 5)
    last = _morning(device, device.until + timedelta(days=1), 2)
    while at < last:
        yield _lease(device, at, min(LEASE, last - at) if device.until < END else LEASE)
        at += LEASE


def _lease(device: Device, at: datetime, time: timedelta) -> tuple[datetime, str]:
    def stamp(moment: datetime) -> str:
        return f"{moment.isoweekday() % 7} {moment:%Y/%m/%d %H:%M:%S}"

    return at, (
        f"lease {device.ip} {{\n  starts {stamp(at)};\n  ends {stamp(at + time)};\n  cltt {stamp(at)};\n"
        "  binding state active;\n  next binding state free;\n"
        f'  hardware ethernet {device.mac};\n  client-hostname "{device.host}";\n}}\n'
    )


def people() -> str:
    """Text of people.csv: what the firm knows of its people and their devices; some phones and some addresses of the studio are not on it."""
    rows = ["person,user,host,mac,ip,team"]
    for number, person in enumerate(PEOPLE, 1):
        rows += [f"{person.name},{person.user},{desk.host},,{desk.ip if person.listed else ''},{person.team}" for desk in person.desks]
        if person.phone and number % 3:
            rows.append(f"{person.name},,,{person.phone.mac},,{person.team}")
    return "\n".join(rows) + "\n"
