"""The made-up firm: who works there, at which desk, with which devices and addresses.

Fennick & Rowe Interiors Ltd fits out offices and shops: a head office behind a Squid proxy (wired desks) and a Pi-hole (Wi-Fi), and a design
studio behind a FortiGate. Every name is invented. Network cards carry numbers set aside for documentation (RFC 7042, 00-00-5E-00-53-xx) or, on
phones, random ones.
"""

from dataclasses import dataclass
from datetime import date, timedelta

END = date(2026, 11, 13)  # a Friday
WEEKS = 13
START = END - timedelta(days=7 * WEEKS - 3)  # a Monday
BANK_HOLIDAYS = (date(2026, 8, 31),)
PIHOLE_OUTAGE = (date(2026, 9, 21), date(2026, 9, 27))  # first and last silent day
DOMAIN = "fennickrowe.example"
REALM = "FENNICKROWE.EXAMPLE"

DESK, WIFI, STUDIO = "desk", "wifi", "studio"


@dataclass(frozen=True)
class Device:
    """A thing with an address, from its first to its last day."""

    host: str
    mac: str
    network: str  # DESK, WIFI or STUDIO
    ip: str
    since: date = START
    until: date = END
    user: str = ""  # who is signed in at the proxy or the firewall; empty where nobody is told


@dataclass(frozen=True)
class Person:
    """Somebody of the firm; `days` are the weekdays at work (0 = Monday), `home` those usually worked from home."""

    name: str
    team: str
    days: tuple[int, ...]
    home: tuple[int, ...]
    joined: date
    desks: tuple[Device, ...]  # one after the other
    laptop: Device | None  # the same laptop on the Wi-Fi
    phone: Device | None
    always_on: bool  # leaves the computer running overnight
    listed: bool  # the people list says which address is theirs

    @property
    def first(self) -> str:
        """First name, unique in this firm."""
        return self.name.split()[0]

    @property
    def user(self) -> str:
        """Login name."""
        return self.name.lower().replace(" ", ".")

    def desk(self, day: date) -> Device:
        """The computer they sit at on a day."""
        return next(device for device in self.desks if day <= device.until)


# Name, team, weekdays, home weekdays, and marks: L laptop also on the Wi-Fi, P phone on the Wi-Fi, N computer on at night,
# S in the studio, U the firewall there knows the user, A the people list knows the address.
STAFF = """
Hester Quillam         | Management | 01234 | 4  | LP
Idris Penhallow        | Management | 01234 |    | LPN
Oluwaseun Bradwell     | Management | 01234 | 0  | LP
Tamsin Vargo           | Management | 012   |    | LP
Callum Drayhurst       | Sales      | 01234 | 4  | LP
Priyanka Thornby       | Sales      | 01234 |    | LP
Beatrix Olofsen        | Sales      | 01234 | 1  | L
Mateusz Larkfield      | Sales      | 01234 |    | P
Leonie Abarrow         | Sales      | 01234 | 04 | LP
Sunniva Castell        | Sales      | 0123  |    | P
Jorge Pellwright       | Sales      | 01234 | 2  | LP
Gethin Swaledale       | Sales      | 01234 |    | SU
Nadia Osei-Marsh       | Projects   | 01234 |    | PN
Rhodri Fenwater        | Projects   | 01234 | 4  |
Xiulan Hathersage      | Projects   | 01234 |    | P
Tobias Wrenfield       | Projects   | 01234 | 3  | L
Anneliese Okparo       | Projects   | 123   |    | P
Kasper Brindlow        | Projects   | 01234 |    | N
Zainab Harcastle       | Projects   | 01234 |    | SU
Piotr Elmsleigh        | Projects   | 01234 | 4  | SU
Morag Sintowe          | Projects   | 0123  |    | SU
Dilan Yarrowby         | Projects   | 01234 |    | SA
Efua Lindqvale         | Projects   | 01234 | 0  | SA
Owain Treharrick       | Projects   | 01234 |    | SA
Saoirse Mbekwood       | Projects   | 01234 |    | S
Luca Stannerby         | Projects   | 234   |    | S
Mirela Copthorne       | Finance    | 01234 |    | P
Desmond Achurill       | Finance    | 01234 | 3  |
Yasmin Folletroe       | Finance    | 013   |    |
Agnes Wintergill       | Finance    | 01234 |    | N
Kwabena Stroudley      | Operations | 01234 |    | P
Ffion Marchettow       | Operations | 01234 | 4  | L
Goran Appleyarde       | Operations | 01234 |    | P
Shanice Dovewick       | Operations | 01234 |    | P
Barnaby Ilesanmore     | Operations | 0134  |    |
Nuala Przyford         | Operations | 01234 |    | P
Vikram Selsdale        | Operations | 01234 | 2  | L
Ingrid Baxterleigh     | Operations | 01234 |    | S
Femi Colegraves        | Operations | 01234 |    | SU
Aurelio Denbystoke     | IT         | 01234 | 4  | LPN
Wren Kasprowe          | IT         | 01234 |    | L
"""

NUALA_JOINED = START + timedelta(weeks=7)  # her laptop is given the address that Kasper's old computer had
KASPERS_OLD_PC = "10.20.10.31"


def _card(number: int) -> str:
    return f"00:00:5e:00:53:{number:02x}"


def _phone_card(number: int) -> str:
    return ":".join(f"{byte:02x}" for byte in (0x9A, number * 37 % 256, number * 91 % 256, number * 53 % 256, number * 17 % 256, number))


def _desks(name: str, number: int, marks: str, user: str) -> tuple[Device, ...]:
    if "S" in marks:
        return (Device(f"fr-st-{number:03}", _card(number), STUDIO, f"10.40.5.{20 + number}", user=user if "U" in marks else ""),)
    host = f"fr-{'lt' if 'L' in marks else 'pc'}-{number:03}"
    if name.startswith("Kasper"):
        swapped = NUALA_JOINED - timedelta(days=4)
        old = Device(host, _card(number), DESK, KASPERS_OLD_PC, until=swapped - timedelta(days=1), user=user)
        return (old, Device("fr-lt-062", _card(62), DESK, "10.20.10.71", since=swapped, user=user))
    if name.startswith("Nuala"):
        return (Device(host, _card(number), DESK, KASPERS_OLD_PC, since=NUALA_JOINED, user=user),)
    return (Device(host, _card(number), DESK, f"10.20.10.{100 + number}", user=user),)


def _phone(name: str, number: int) -> Device:
    model = ("iPhone", "Galaxy-A54", "Pixel-8", f"{name.partition(' ')[0]}s-iPhone")[number % 4]
    return Device(model, _phone_card(number), WIFI, f"10.20.30.{100 + number}", since=NUALA_JOINED if name.startswith("Nuala") else START)


def _person(number: int, row: str) -> Person:
    name, team, days, home, marks = (part.strip() for part in row.split("|"))
    user = name.lower().replace(" ", ".")
    desks = _desks(name, number, marks, user)
    return Person(
        name=name,
        team=team,
        days=tuple(map(int, days)),
        home=tuple(map(int, home)),
        joined=NUALA_JOINED if name.startswith("Nuala") else START,
        desks=desks,
        laptop=Device(desks[0].host, _card(100 + number), WIFI, f"10.20.30.{20 + number}") if "L" in marks else None,
        phone=_phone(name, number) if "P" in marks else None,
        always_on="N" in marks,
        listed="A" in marks,
    )


PEOPLE = tuple(_person(number, row) for number, row in enumerate(STAFF.strip().splitlines(), 1))
BY_FIRST = {person.first: person for person in PEOPLE}

ACCOUNTS_SERVER = Device("fr-srv-02", _card(90), DESK, "10.20.10.9")
ROOMS = tuple(Device(f"fr-room-{n}", _card(80 + n), WIFI, f"10.20.30.{10 + n}") for n in (1, 2))
PRINTER = Device("fr-printer-1", _card(88), WIFI, "10.20.30.15")


def week_of(day: date) -> int:
    """Which of the weeks a day falls in, from 1."""
    return (day - START).days // 7 + 1
