"""The firm's own settings as forms hold them: name, clock, number of people, and what it provides."""

import tomllib
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from werkzeug.datastructures import MultiDict

from discovery.errors import GnomonError
from discovery.store.tables import Client
from rules import toolset


@dataclass(frozen=True, slots=True)
class Preset:
    """A suite that firms buy, as a tile shows it: `covers` are the needs it meets, as titles."""

    id: str
    title: str
    covers: tuple[str, ...]


@cache
def zones() -> list[str]:
    """Names of time zones, those of regions first."""
    return sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/", "US/")))


def local_zone() -> str:
    """The clock of this machine, as a first guess."""
    key = getattr(datetime.now().astimezone().tzinfo, "key", None)
    return key if key in zoneinfo.available_timezones() else "Europe/London"


def settings_in(form: Mapping[str, str]) -> dict[str, Any]:
    """Name, zone and number of people from a form. Raises GnomonError where the number is none."""
    people = form.get("people_expected", "").strip()
    if people and not (people.isascii() and people.isdigit() and len(people) < 8):  # noqa: PLR2004
        raise GnomonError("The number of people is a whole number, or left empty where it is not known.")
    return {"name": form.get("name", "").strip(), "zone": form.get("zone", "").strip(), "people_expected": int(people) or None if people else None}


def form_of(client: Client) -> dict[str, object]:
    """The same, as the form shows it."""
    return {"name": client.name, "zone": client.zone, "people_expected": client.people_expected or ""}
