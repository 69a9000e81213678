"""Block and allow lists, one file per target: what stands here is syntax. Which names a list holds is decided in `rules.blocking`.

A target is a module here that declares `TARGET`; it is found by itself.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from webui.exports.base import Target


@cache
def targets() -> Mapping[str, Target]:
    """Every target by id, by title."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__) if found.name != "base")
    found: list[Target] = [module.TARGET for module in modules]
    return {target.id: target for target in sorted(found, key=lambda target: target.meaning.title.casefold())}
