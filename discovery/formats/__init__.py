"""Every log format Gnomon reads, one module each. A module here with a `FORMAT` is a format; nothing else needs an edit."""

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from discovery import own_formats
from discovery.errors import GnomonError
from discovery.format import LogFormat


@cache
def all_formats() -> dict[str, LogFormat]:
    """Every format by its id."""
    modules = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    formats = [module.FORMAT for module in modules]
    return {found.id: found for found in sorted(formats, key=lambda known: known.id)}


def get(format_id: str) -> LogFormat:
    """A format by its id, or by the file of a format of one's own (see `discovery.own_formats`)."""
    if format_id.endswith(".toml"):
        return own_formats.load(Path(format_id)).as_format()
    try:
        return all_formats()[format_id]
    except KeyError:
        raise GnomonError(f"There is no log format “{format_id}”. `gnomon formats` lists them all.") from None
