"""Services by what they are called: the names of apps, vendors and merchants, as exports of accounts, devices and cards write them.

Such a name stands where a log has a domain, behind a mark that no domain can hold, so that it is matched again when the catalogue changes.
Matching is by equality of names in one plain form, never by likeness. A name is tried as it stands; then without version, brackets and legal form;
then only what stands before a dash or colon. The last counts for services described by hand only, whose names are known to be their own.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from discovery.catalogue import Catalogue, Service

#: Before the name of an app, an extension or a service; before the name of a merchant.
NAME: Final = "name:"
MERCHANT: Final = "paid to:"

#: Between a name and what it was granted access to.
GRANTS: Final = "\x1f"

_SEPARATOR: Final = re.compile(r"\s+[-–—|·]\s+|:\s|\s+by\s|\s+for\s+(?=windows|mac|chrome|edge|firefox|outlook|office|google|microsoft)")
_BRACKETS: Final = re.compile(r"[(\[][^)\]]*[)\]]")
_VERSION: Final = re.compile(r"\bv?\d+(?:\.\d+)+\b|\b(?:x64|x86|64[- ]?bit|32[- ]?bit|arm64)\b")
_LEGAL: Final = re.compile(
    r"[\s,]+(?:incorporated|inc|llc|ltd|limited|gmbh|corp|corporation|plc|pbc|ag|bv|b\.v\.|s\.a\.|sas|pty|oy|ab)\b\.?(?:\s.*)?$"
)
_CLIENT: Final = re.compile(r"\s+(?:desktop|app|client|installer|machine-wide installer|extension|add-?in|add-?on)$")
_EDITION: Final = re.compile(r"\s+(?:for\s+)?(?:business|enterprise|teams?|education|premium|professional|pro|sso|saml)$")

# Those who take the money for others stand before the star, and so does the merchant himself, with his reference behind it.
_TAKE_MONEY: Final = frozenset(
    {"paypal", "pp", "stripe", "sq", "paddle", "paddle net", "2co", "fs", "fastspring", "gumroad", "sumup", "zettle", "link"}
)
_REFERENCE: Final = re.compile(r"\s+\S*\d{3}.*$")
_BILLING: Final = re.compile(r"\s+(?:subscr\w*|subs|membership|monthly|annual|yearly|invoice|bill|billing|payment)$")

#: Names of private sites shorter than this are too many people's words.
_PRIVATE_LABEL: Final = 4

_CALLED: Final[tuple[Callable[[Service], Iterable[str]], ...]] = (lambda one: (one.id, one.name, *one.aliases), lambda one: (one.vendor,))


def plain(text: str) -> str:
    """A name in one form: small letters and digits, whatever stood between them a blank."""
    return " ".join(re.sub(r"[^\w+&]|_", " ", text.casefold()).split())


class Namer:
    """Finds the services of one catalogue by name; a vendor's name finds its only service."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._known: dict[str, Service] = {}
        for names in _CALLED:
            called: dict[str, list[Service]] = defaultdict(list)
            for service in catalogue.services.values():
                for key in {plain(name) for name in names(service)} - {""}:
                    called[key].append(service)
            self._known = {key: one for key, those in called.items() if (one := _one(those))} | self._known
        labels = (domain.partition(".")[0] for domain, entry in catalogue.domains.items() if entry.kind == "private")
        self._private = frozenset(label for label in labels if len(label) >= _PRIVATE_LABEL)

    def find(self, text: str, *, merchant: bool = False) -> str | None:
        """The id of the service of that name, None where there is none or it could be several."""
        for name, cut in _merchants(text) if merchant else _spellings(text):
            found = self._known.get(plain(name))
            if found and not (cut and found.sources):
                return found.id
        return None

    def private(self, text: str) -> bool:
        """Whether it is called as a private site is: such a name is never kept beside a person."""
        return plain(text).replace(" ", "") in self._private


def _one(those: list[Service]) -> Service | None:
    """The only service of a name; of several the only one that was described by hand."""
    by_hand = [service for service in those if not service.sources]
    return those[0] if len(those) == 1 else by_hand[0] if len(by_hand) == 1 else None


def _spellings(text: str) -> Iterator[tuple[str, bool]]:
    """A name as it stands, then with less and less beside it; whether it was cut so far that only names of their own count."""
    small = text.casefold().strip()
    yield small, False
    bare = _VERSION.sub(" ", _BRACKETS.sub(" ", small)).strip(" -,")
    yield bare, False
    yield _LEGAL.sub("", bare), False
    yield _CLIENT.sub("", bare), True
    yield _EDITION.sub("", _LEGAL.sub("", bare)), True
    yield _SEPARATOR.split(bare, maxsplit=1)[0], True


def _merchants(text: str) -> Iterator[tuple[str, bool]]:
    """What a line of a statement may call the merchant."""
    before, star, behind = (part.strip() for part in text.casefold().partition("*"))
    parts = [f"{before} {behind}", behind] if star and plain(before) in _TAKE_MONEY else [f"{before} {behind}", before, behind] if star else [before]
    for part in parts:
        yield part, False
        yield _LEGAL.sub("", part), False
        yield _BILLING.sub("", _LEGAL.sub("", _REFERENCE.sub("", part))), True
