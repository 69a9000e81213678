"""From the files people edit to the compact form programs load.

The compact form is one file of JSON lines in the user's cache folder, named by the hash of the sources: it can only be the right one, holds nothing
that could be run, and is made again whenever it is missing or damaged. Its first line is the head (version, categories, domains, ids of the
services), the others are the services as they were written, to be unfolded when somebody asks for one.
"""

import hashlib
import json
import os
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import platformdirs

from discovery import catalogue_edition
from discovery.errors import CatalogueError

ROLES: Final = ("use", "sync", "embed", "visit", "infra")

#: Goes into the hash, so that a new form never reads an old file.
_FORM: Final = b"gnomon catalogue 5"

_NEEDED: Final[Mapping[str, type]] = {
    "id": str, "name": str, "vendor": str, "category": str, "capability": str, "domains": dict, "facts": dict,
}  # fmt: skip


class Record(NamedTuple):
    """One line of a catalogue file. `file` is its path below the data folder."""

    file: str
    line: int
    text: str
    fields: dict[str, Any]

    @property
    def place(self) -> str:
        """Where it stands: "catalogue/files.jsonl:12"."""
        return f"{self.file}:{self.line}"


def compiled(place: Path) -> dict[str, Any]:
    """The compact form of the catalogue in a folder or an update, from the cache where it is there.

    Keys: version, categories, services (id -> line of JSON), domains (domain -> the fields of an `Entry`).

    Raises:
        CatalogueError: a line is not what it should be.
    """
    sources = catalogue_edition.sources(place)
    key = _hash(sources)
    cached = _cache_folder() / f"catalogue-{key}.jsonl"
    with suppress(OSError, ValueError, KeyError, TypeError):
        return _unfold(cached.read_bytes())
    form = _compile(sources, key)
    with suppress(OSError):  # a read-only home costs time, nothing else
        _publish(cached, form)
    return form


def read_compiled(file: Path) -> dict[str, Any]:
    """The compact form from a file of its own.

    Raises:
        CatalogueError: it cannot be read, or is something else.
    """
    try:
        return _unfold(file.read_bytes())
    except OSError as error:
        raise CatalogueError(f"{file}: cannot be read ({error.strerror}).") from None
    except (ValueError, KeyError, TypeError):
        raise CatalogueError(f"{file}: neither a folder with a catalogue nor a compiled one.") from None


def _unfold(content: bytes) -> dict[str, Any]:
    head, _, lines = content.decode().partition("\n")
    form = json.loads(head)
    services = dict(zip(form["ids"], lines.split("\n") if lines else (), strict=True))
    names, *columns = form["domains"]
    domains = dict(zip(names, zip(*columns, strict=True), strict=True))
    return {"version": form["version"], "categories": form["categories"], "services": services, "domains": domains}


def _fold(form: Mapping[str, Any]) -> str:
    columns = [list(form["domains"]), *zip(*form["domains"].values(), strict=True)]
    head = {"version": form["version"], "categories": form["categories"], "ids": list(form["services"]), "domains": columns}
    return "\n".join([json.dumps(head, ensure_ascii=False, separators=(",", ":")), *form["services"].values()])


def read_lines(file: str, content: bytes) -> Iterator[Record]:
    """Every line of a JSON-lines file.

    Raises:
        CatalogueError: a line is not UTF-8 or not a JSON object.
    """
    for number, raw in enumerate(content.splitlines(), start=1):
        try:
            text = raw.decode()
            fields = json.loads(text)
        except ValueError as error:
            raise CatalogueError(f"{file}:{number}: this is not a line of JSON ({error}).") from None
        if not isinstance(fields, dict):
            raise CatalogueError(f"{file}:{number}: a line must be one JSON object.")
        yield Record(file, number, text, fields)


def read_categories(content: bytes) -> dict[str, Any]:
    """`categories.toml`: category -> title, capabilities.

    Raises:
        CatalogueError: it is not valid TOML.
    """
    try:
        return tomllib.loads(content.decode())
    except ValueError as error:
        raise CatalogueError(f"categories.toml: {error}.") from None


def require(record: Record, needed: Mapping[str, type]) -> None:
    """Refuse a record that lacks a key or has another kind of value there.

    Raises:
        CatalogueError: with file, line and key.
    """
    for key, kind in needed.items():
        if not isinstance(record.fields.get(key), kind):
            raise CatalogueError(f"{record.place}: {key!r} is missing or not what it should be ({kind.__name__}).")


def _compile(sources: Mapping[str, bytes], key: str) -> dict[str, Any]:
    categories = read_categories(sources["categories.toml"])
    services: dict[str, str] = {}
    domains: dict[str, tuple[str, str, str | None, str | None, str, int]] = {}
    newest = ""
    for file, content in sources.items():
        for record in read_lines(file, content) if file.endswith(".jsonl") else ():
            if file.startswith("catalogue/"):
                _add_service(record, categories, services, domains)
                newest = max(newest, *(str(fact.get("date", "")) for fact in record.fields["facts"].values()), "")
            else:
                require(record, {"domain": str, "class": str})
                kind, fields = file.removesuffix(".jsonl"), record.fields
                domains.setdefault(fields["domain"], (kind, fields["class"], None, fields.get("title"), file, record.line))
    made = catalogue_edition.made(sources.get(catalogue_edition.EDITION))
    return {"version": f"{made or newest}+{key[:8]}", "categories": categories, "services": services, "domains": domains}


def _add_service(record: Record, categories: Mapping[str, Any], services: dict[str, str], domains: dict[str, Any]) -> None:
    require(record, _NEEDED)
    fields = record.fields
    if fields["category"] not in categories:
        raise CatalogueError(f"{record.place}: there is no category {fields['category']!r} in categories.toml.")
    services.setdefault(fields["id"], record.text)
    for role, hosts in fields["domains"].items():
        for host in hosts:
            domains.setdefault(host, ("service", fields["id"], role, None, record.file, record.line))


def _hash(sources: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(_FORM)
    for file, content in sources.items():
        digest.update(f"\n{file} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:32]


def _cache_folder() -> Path:
    """`GNOMON_CACHE`, which several installations may share; else beside what this installation keeps."""
    cache, home = os.environ.get("GNOMON_CACHE"), os.environ.get("GNOMON_HOME")
    if cache:
        return Path(cache)
    return Path(home) / "cache" if home else platformdirs.user_cache_path("gnomon", appauthor=False)


def _publish(target: Path, form: Mapping[str, Any]) -> None:
    """Write beside the target, then rename: a reader sees the whole file or none."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=target.parent, suffix=".tmp", delete=False, encoding="utf-8", newline="") as file:
        file.write(_fold(form))
    Path(file.name).replace(target)
    for old in target.parent.glob("catalogue-*.json*"):
        if old != target:
            old.unlink(missing_ok=True)
