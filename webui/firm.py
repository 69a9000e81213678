"""The firm's own settings as forms hold them: name, clock, number of people, and what it provides."""

import json
import tomllib
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from discovery.errors import GnomonError
from discovery.store.tables import Client
from rules.toolset import read_toolset, suites

#: Rows for tools of the firm's own on the form, beside those entered already.
BLANK_ROWS: Final = 3
NAME_LENGTH: Final = 100
#: What a firm is called until somebody says.
FOR_NOW: Final[Mapping[str, Any]] = MappingProxyType({"name": "My firm", "people_expected": None})
#: For how many days it is kept who used what, as the form offers it -> how that reads; the thirteen months hold the same month of last year.
KEPT_FOR: Final = {"": "until the log is removed", "90": "3 months", "180": "6 months", "400": "13 months"}


@dataclass(frozen=True, slots=True)
class Provided:
    """What the firm provides, as the form shows it: ids of suites, and its own tools as name and capability."""

    suites: tuple[str, ...]
    tools: tuple[tuple[str, str], ...]

    @property
    def names(self) -> list[str]:
        """Everything by name."""
        return [*(suites()[suite].name for suite in self.suites), *(name for name, _ in self.tools)]


@cache
def zones() -> list[str]:
    """Names of time zones, those of regions first."""
    return sorted(
        name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/", "US/"))
    )


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


def people_days_in(form: Mapping[str, str], before: int | None) -> int | None:
    """For how many days it is to be kept who used what; None: until the log is removed.

    Raises GnomonError for what is not offered, and for less than `before` where nobody said that it may go for good.
    """
    chosen = form.get("people_days", "")
    if chosen not in KEPT_FOR:
        raise GnomonError("Please choose how long it is kept.")
    days = int(chosen) if chosen else None
    if days is not None and (before is None or days < before) and form.get("sure") != "yes":
        raise GnomonError("Nothing was changed: please tick that what is older may go for good.")
    return days


def form_of(client: Client) -> dict[str, object]:
    """The same, as the form shows it."""
    return {"name": client.name, "zone": client.zone, "people_expected": client.people_expected or ""}


def provided(text: str) -> Provided:
    """What a client's toolset holds."""
    known = read_toolset(text)
    own = tomllib.loads(text).get("tool", [])
    return Provided(known.suites, tuple((tool["name"], tool["capabilities"][0]) for tool in own))


def toolset_in(form: MultiDict[str, str], before: str) -> str:
    """A toolset from the form, as TOML. What `before` says of an own tool beyond its name and capability is kept.

    Raises GnomonError for a suite or capability that there is not.
    """
    entered = tomllib.loads(before).get("tool", [])
    kept = {tool["name"]: tool for tool in entered}
    chosen = [suite for suite in suites() if suite in form.getlist("suite")]
    lines = [f"suites = {json.dumps(chosen)}"]
    for name, capability in zip(form.getlist("tool"), form.getlist("capability"), strict=False):
        cleaned = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())[:NAME_LENGTH]
        if cleaned and capability:
            lines += ["", "[[tool]]", *_toml({**kept.get(cleaned, {}), "name": cleaned, "capabilities": [capability]})]
    text = "\n".join(lines) + "\n"
    read_toolset(text, where="The list of tools")
    return text


def own_toolset(text: str, handed_on: str) -> str:
    """What a client says of its own: nothing where it is the same as what the practice hands to its clients."""
    return "" if read_toolset(text) == read_toolset(handed_on) else text


def _toml(table: Mapping[str, Any]) -> list[str]:
    """Texts and lists of texts as TOML: a JSON text without escapes for other scripts is a TOML text."""
    return [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in table.items()]
