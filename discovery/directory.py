"""A directory's own list of its users as a people list: what Active Directory, Entra, Google Workspace, Okta and others export, as CSV or JSON."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from discovery.kinds.named import plain, spelt

#: What they call somebody's name, its parts, the team, and the names with which somebody signs in, as `plain` spells them.
_SAID: Final = spelt(
    {
        "whole": "displayname display_name name_fullname full_name fullname anzeigename nom_d_affichage nome_visualizzato name cn",
        "first": "givenname given_name first_name firstname first_name_required name_givenname vorname prénom nombre",
        "last": "surname sn last_name lastname last_name_required family_name name_familyname nachname nom_de_famille apellidos",
        "team": "department team abteilung service departamento reparto afdeling",
        "handles": (
            "samaccountname sam_account_name userprincipalname user_principal_name upn benutzerprinzipalname nom_d_utilisateur_principal mail "
            "email email_address email_address_required primaryemail primary_email login username user_name logon_name benutzername "
            "anmeldename mailnickname"
        ),
        "own": (  # of these, those that only a directory has
            "samaccountname sam_account_name userprincipalname user_principal_name upn benutzerprinzipalname nom_d_utilisateur_principal "
            "email_address_required primaryemail primary_email mailnickname"
        ),
    }
)
_NOTES: Final = re.compile(r"\A\ufeff?(?:(?:#TYPE |sep=)[^\n]*\n)*")


def cells(text: str) -> Iterator[list[str]]:
    """The rows of a list, the names of its columns first; of JSON those of its objects.

    Raises:
        csv.Error: it is no CSV.
    """
    text = _NOTES.sub("", text)
    if (objects := _objects(text)) is not None:
        names = list(dict.fromkeys(chain.from_iterable(objects)))
        yield names
        yield from ([one.get(name, "") for name in names] for one in objects)
        return
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=text.split("\n", 1)[0].count))


def accounts(header: Sequence[str]) -> bool:
    """Whether these columns are those of a directory: who somebody is, and how they sign in."""
    names = {plain(name) for name in header}
    return bool(names & set(_SAID["handles"])) and bool(names & {*_SAID["whole"], *_SAID["first"], *_SAID["last"]})


def surely_accounts(header: Sequence[str]) -> bool:
    """Whether they are that beyond doubt: many a log has a user and some name, but not what a directory calls one, nor first and last names."""
    names = {plain(name) for name in header}
    whole = names & {*_SAID["whole"]} - {"name", "cn"}
    both = names & {*_SAID["first"]} and names & {*_SAID["last"]}
    return accounts(header) and bool(both or (names & {*_SAID["own"]} and whole) or "samaccountname" in names)


def people(header: Sequence[str], row: Sequence[str]) -> Iterator[dict[str, str | None]]:
    """Person, team and user: a row for each name with which somebody signs in."""
    said = {plain(name): cell.strip() for name, cell in zip(header, row, strict=False) if cell.strip()}
    person = _first(said, "whole") or " ".join(filter(None, (_first(said, "first"), _first(said, "last"))))
    handles = {said[name].partition("@")[0].lower(): said[name] for name in _SAID["handles"] if name in said}
    yield from ({"person": person or None, "team": _first(said, "team"), "user": handle} for handle in handles.values())


def _first(said: Mapping[str, str], what: str) -> str | None:
    return next((said[name] for name in _SAID[what] if name in said), None)


def _objects(text: str) -> list[dict[str, str]] | None:
    """The objects of an array, of an object around one, or of lines; None where it is no JSON. Members within a member are named after both."""
    if not text.lstrip().startswith(("[", "{")):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return [_flat(one) for line in text.splitlines() if (one := _parsed(line))]
    if isinstance(found, dict):
        found = next((value for value in found.values() if isinstance(value, list)), [found])
    return [_flat(one) for one in found if isinstance(one, dict)]


def _parsed(line: str) -> dict[str, object] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _flat(one: Mapping[str, object]) -> dict[str, str]:
    inner = {f"{name}_{key}": value for name, child in one.items() if isinstance(child, dict) for key, value in child.items()}
    profile = one["profile"] if isinstance(one.get("profile"), dict) else {}
    return {name: str(value) for name, value in {**inner, **profile, **one}.items() if value is not None and not isinstance(value, dict | list)}  # type: ignore[dict-item]
