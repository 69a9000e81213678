"""What does the same job in the suites that small firms buy, whether or not this firm has them. The suites are in `suites.toml`."""

from dataclasses import dataclass

from discovery.catalogue import Service
from rules.toolset import suites


@dataclass(frozen=True, slots=True)
class Alternative:
    """A tool of one or more suites.

    Attributes:
        tool: its name.
        suites: names of the suites that have it, the smallest first.
        lacks: where it usually falls short; empty where nothing is known.
    """

    tool: str
    suites: tuple[str, ...]
    lacks: str


def in_suites(service: Service) -> list[Alternative]:
    """Tools of common suites for what a service is mostly used for, those in most suites first; never the service itself."""
    found: dict[str, Alternative] = {}
    for suite in suites().values():
        for tool in suite.tools:
            if service.capability in tool.capabilities and service.id not in tool.services:
                before = found.get(tool.name, Alternative(tool.name, (), tool.lacks))
                found[tool.name] = Alternative(tool.name, (*before.suites, suite.name), before.lacks or tool.lacks)
    return sorted(found.values(), key=lambda one: -len(one.suites))
