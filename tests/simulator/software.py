"""The software of the simulator: what `software.toml` says, typed."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class App:
    """A service that a person may work with. Hosts by what they are for; `software.toml` says what each list means."""

    name: str
    jobs: str
    way: str
    enter: list[str]
    load: list[str]
    work: list[str]
    send: list[str]
    sends: float
    public: list[str]
    poll: dict[str, int] = field(default_factory=dict)
    agent: dict[str, int] = field(default_factory=dict)
    phone: list[str] = field(default_factory=list)

    @property
    def hosts(self) -> set[str]:
        """Every host it asks."""
        return {*self.enter, *self.load, *self.work, *self.send, *self.public, *self.poll, *self.agent, *self.phone}


@dataclass(frozen=True)
class Widget:
    """A part of other people's pages; `of` names the app it belongs to, if any."""

    of: str
    rate: float
    hosts: list[str]
    linger: int


@dataclass(frozen=True)
class Software:
    """All of it."""

    apps: dict[str, App]
    widgets: list[Widget]
    machine: dict[str, dict[str, int]]


@cache
def software() -> Software:
    """What stands in `software.toml`."""
    table = tomllib.loads(Path(__file__).with_name("software.toml").read_text(encoding="utf-8"))
    apps = [App(**app) for app in table["app"]]
    return Software({app.name: app for app in apps}, [Widget(**widget) for widget in table["widget"]], table["machine"])
