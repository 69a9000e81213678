"""The pages. A page is one module here with one blueprint, and its templates; naming a `MENU` entry puts it in the rail. Nothing else is edited."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final

from flask import Blueprint, Flask, url_for
from werkzeug.routing import IntegerConverter, Map

from webui.desk import client
from webui.helpers import chosen
from webui.roles import may

#: Headings of the lower part of the rail.
LOOK: Final = "Look closer"
SET_UP: Final = "Set up and help"
#: The largest number that a row of every database can have.
LARGEST: Final = 2**31 - 1


class Number(IntegerConverter):
    """The number of a row in an address; there is no page at one that no row can have."""

    def __init__(self, rules: Map) -> None:
        super().__init__(rules, max=LARGEST)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page's place in the rail.

    Attributes:
        endpoint: where it begins.
        title: as in the rail and in its heading.
        icon: symbol in icons.svg.
        order: from the top.
        group: heading that it stands under in the lower part of the rail; empty: in the upper part.
        filtered: whether it takes the filter with it.
        count: how many things wait there; None where that is not known without work.
    """

    endpoint: str
    title: str
    icon: str
    order: int
    group: str = ""
    filtered: bool = True
    count: Callable[[], int | None] = lambda: None

    @property
    def name(self) -> str:
        """Name of the blueprint."""
        return self.endpoint.partition(".")[0]


def init_app(app: Flask) -> None:
    """Register every page's blueprint, and hand the rail to the templates."""
    app.url_map.converters["int"] = Number
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    for module in modules:
        blueprint: Blueprint = module.blueprint
        app.register_blueprint(blueprint)
    menu = sorted((module.MENU for module in modules if hasattr(module, "MENU")), key=lambda entry: entry.order)
    groups = {group: [entry for entry in menu if entry.group == group] for group in ("", LOOK, SET_UP)}
    app.context_processor(lambda: {"menu": groups, "page_url": page_url})
    app.jinja_env.tests["open_to_me"] = lambda entry: may(entry.endpoint)


def page_url(entry: Entry) -> str:
    """Address of a page of this client, with this page's filter where it takes one."""
    args: Mapping[str, Any] = {name: value for name, value in chosen().args().items() if name not in {"search", "question"}} if entry.filtered else {}
    return url_for(entry.endpoint, slug=client().slug, **args)
