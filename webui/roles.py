"""Who may do what: three roles, named on the views themselves. The gate refuses and the templates leave out by the same mark.

Deny by default: a view that changes something and is not marked is the administrators'. A view that only shows is everybody's who signed in,
unless it is marked otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from flask import current_app, g
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from discovery import store as kept
from discovery.store import Store
from discovery.store.tables import Client

VIEWER, ANALYST, ADMINISTRATOR = "viewer", "analyst", "administrator"
#: Roles, each with all that those before it may -> what it is, as the forms say it.
ROLES: Final = {
    VIEWER: "Reads pages and reports and downloads tables. Changes nothing, opens no page of a single person, and never sees a name.",
    ANALYST: "Also decides, imports logs, holds meetings and prepares reports. Names are seen only where the client's settings show them.",
    ADMINISTRATOR: "Everything: users, privacy, how long things are kept, and tokens as well.",
}
_ORDER: Final = tuple(ROLES)
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Mark:
    """What a view asks of an account.

    Attributes:
        role: this role or a higher one.
        everywhere: the account must not be limited to some clients, since what it does reaches all of them.
    """

    role: str
    everywhere: bool = False


class Refused(Forbidden):
    """The account may not do this; the description is the sentence that the user reads."""


def allow(role: str, *, everywhere: bool = False) -> Callable[[View], View]:
    """Mark a view with the least role that may have it. Stands below the line that gives the view its address."""

    def mark(view: View) -> View:
        view.__dict__["asks"] = Mark(role, everywhere)
        return view

    return mark


def asked_by(endpoint: str) -> Mark:
    """What the view of an endpoint asks for."""
    found = current_app.view_functions[endpoint].__dict__.get("asks")
    if isinstance(found, Mark):
        return found
    changes = any((rule.methods or set()) - SAFE for rule in current_app.url_map.iter_rules(endpoint))
    return Mark(ADMINISTRATOR if changes else VIEWER)


def may(endpoint: str) -> bool:
    """Whether whoever is signed in may have the view of an endpoint."""
    asked = asked_by(endpoint)
    return has_role(asked.role) and not (asked.everywhere and current_user.clients is not None)


def has_role(role: str) -> bool:
    """Whether whoever is signed in has this role or a higher one."""
    return _ORDER.index(current_user.role) >= _ORDER.index(role)


def check(endpoint: str) -> None:
    """Refuse what the account may not do."""
    if may(endpoint):
        return
    asked = asked_by(endpoint)
    if has_role(asked.role):
        raise Refused("This reaches every client, and your account is limited to some. Nothing was changed.")
    needed = "an administrator" if asked.role == ADMINISTRATOR else "an analyst or an administrator"
    raise Refused(f"This needs the account of {needed}; yours is that of {_article(current_user.role)}. Nothing was changed.")


def visible_clients(store: Store) -> list[Client]:
    """The clients of whoever is signed in, by name; asked once per request."""
    if "visible" not in g:
        g.visible = [client for client in kept.clients(store) if current_user.sees(client.id)]
    found: list[Client] = g.visible
    return found


def _article(role: str) -> str:
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"
