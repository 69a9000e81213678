"""What the firm already provides: suites it pays for, and tools of its own. Entered once, as TOML.

suites = ["microsoft_365_business_standard", "zoom"]      # ids in suites.toml

[[tool]]
name = "File server"
capabilities = ["cloud_storage"]                          # codes of data/categories.toml
services = []                                             # ids of the catalogue by which its use shows; none: it leaves no trace
lacks = "not reachable from home"                         # optional
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final

from discovery import shipped
from discovery.errors import GnomonError
from rules.factors import toml

_TOOL_KEYS: Final[Mapping[str, type]] = {"name": str, "capabilities": list, "services": list, "lacks": str}


@dataclass(frozen=True, slots=True)
class Tool:
    """Something the firm provides: the capabilities it covers, the services by which its use shows, and where it falls short."""

    name: str
    capabilities: tuple[str, ...]
    services: tuple[str, ...] = ()
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """A preset: what one buys under one name; `includes` are the smaller plans that come with it."""

    id: str
    name: str
    tools: tuple[Tool, ...]
    includes: tuple[str, ...] = ()

    @property
    def capabilities(self) -> tuple[str, ...]:
        """The capabilities it covers, each once."""
        return tuple(dict.fromkeys(code for tool in self.tools for code in tool.capabilities))


@dataclass(frozen=True, slots=True)
class Toolset:
    """Everything the firm provides. Empty: nothing was entered, or nothing is provided."""

    tools: tuple[Tool, ...] = ()
    suites: tuple[str, ...] = ()

    def providing(self, capability: str) -> tuple[Tool, ...]:
        """The tools that cover a capability."""
        return tuple(tool for tool in self.tools if capability in tool.capabilities)

    @property
    def services(self) -> frozenset[str]:
        """Services of the catalogue that belong to it."""
        return frozenset(service for tool in self.tools for service in tool.services)


@cache
def suites() -> Mapping[str, Suite]:
    """The presets of `suites.toml` by id; tools of an included suite come first."""
    table = toml("suites.toml")
    return {id_: Suite(id_, entry["name"], tuple(_tools_of(table, id_)), tuple(_included(table, id_))) for id_, entry in table.items()}


def read_toolset(text: str, *, where: str = "toolset", services: Mapping[str, Any] | None = None) -> Toolset:
    """A toolset from its TOML.

    Args:
        text: as the module's docstring shows; blank is an empty toolset.
        where: what mistakes are said to be in, e.g. the file's name.
        services: those of the catalogue, to check the ids of services with; None: they are not checked.

    Raises:
        GnomonError: it is not TOML, or names something that is not there; the sentence names place and key.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GnomonError(f"{where}: this is not TOML ({error}).") from None
    _only(table, ("suites", "tool"), where, "")
    chosen = _texts(table.get("suites", []), where, "suites")
    for number, id_ in enumerate(chosen):
        _known(id_, suites(), where, f"suites[{number}]", "suite")
    entries = table.get("tool", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise GnomonError(f"{where}: each tool is a table of its own, headed [[tool]].")
    own = [_own_tool(entry, where, f"tool[{number}]", services) for number, entry in enumerate(entries)]
    return Toolset((*(tool for id_ in chosen for tool in suites()[id_].tools), *own), tuple(chosen))


def load_toolset(path: Path, *, services: Mapping[str, Any] | None = None) -> Toolset:
    """A toolset from a file.

    Raises:
        GnomonError: it cannot be read, or holds a mistake; the sentence names file and key.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GnomonError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8 text'}).") from None
    return read_toolset(text, where=path.name, services=services)


def _tools_of(table: Mapping[str, Any], id_: str) -> Iterator[Tool]:
    entry = table[id_]
    if "includes" in entry:
        yield from _tools_of(table, entry["includes"])
    for tool in entry["tools"]:
        yield Tool(tool["name"], tuple(tool["capabilities"]), tuple(tool["services"]), tool.get("lacks", ""))


def _included(table: Mapping[str, Any], id_: str) -> Iterator[str]:
    if smaller := table[id_].get("includes"):
        yield smaller
        yield from _included(table, smaller)


def _own_tool(entry: Mapping[str, Any], where: str, key: str, known: Mapping[str, Any] | None) -> Tool:
    _only(entry, _TOOL_KEYS, where, f"{key}.")
    for name, kind in _TOOL_KEYS.items():
        if name in entry and not isinstance(entry[name], kind):
            raise GnomonError(f"{where}: {key}.{name} must be a {'list' if kind is list else 'text'}.")
    if not entry.get("name", "").strip() or not entry.get("capabilities"):
        raise GnomonError(f"{where}: {key} needs a name and at least one capability.")
    capabilities = _texts(entry["capabilities"], where, f"{key}.capabilities")
    for number, code in enumerate(capabilities):
        _known(code, _capabilities(), where, f"{key}.capabilities[{number}]", "capability")
    services = _texts(entry.get("services", []), where, f"{key}.services")
    for number, id_ in enumerate(services if known is not None else []):
        _known(id_, known or {}, where, f"{key}.services[{number}]", "service")
    return Tool(entry["name"].strip(), tuple(capabilities), tuple(services), entry.get("lacks", ""))


def _texts(value: object, where: str, key: str) -> Sequence[str]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise GnomonError(f"{where}: {key} must be a list of texts.")
    return value


def _only(table: Mapping[str, Any], keys: Sequence[str] | Mapping[str, Any], where: str, prefix: str) -> None:
    for key in table:
        if key not in keys:
            raise GnomonError(f"{where}: {prefix}{key} is no key here{_meant(key, keys)}")


def _known(name: str, among: Mapping[str, Any], where: str, key: str, noun: str) -> None:
    if name not in among:
        raise GnomonError(f"{where}: {key}: there is no {noun} {name!r}{_meant(name, among)}")


def _meant(name: str, among: Sequence[str] | Mapping[str, Any]) -> str:
    close = get_close_matches(name, list(among), n=1)
    return f"; did you mean {close[0]!r}?" if close else "."


@cache
def _capabilities() -> Mapping[str, str]:
    table = tomllib.loads(shipped.path("categories.toml").read_text(encoding="utf-8"))
    return {code: title for category in table.values() for code, title in category["capabilities"].items()}
